/* SPDX-License-Identifier: Apache-2.0
 *
 * Summaries to one table of facts.  The joins are those of merging, so that two summaries read here one after the other are
 * the same as the merged one, in whatever order they come.
 */
#include "activity/read.h"

#include "base/str.h"
#include "usage/pairs.h"
#include "usage/summary.h"

#include <stdio.h>

vd_code vd_activity_reader_new(vd_activity_reader **out, const vd_engine *engine, const vd_activity_opts *opts, vd_error *err)
{
    vd_activity_reader *r = vd_alloc0(&engine->alloc, sizeof *r);
    vd_activity_opts    own = { 0 };
    vd_code             code;

    *out = NULL;
    if (!r)
        return vd_fail_nomem(err);
    if (opts)
        memcpy(&own, opts, opts->size < sizeof own ? opts->size : sizeof own);
    r->engine = engine;
    r->opts = own;
    r->catalog = own.catalog ? own.catalog : vd_catalog_builtin();
    r->kept = vd_arena_on(&engine->alloc, 0);
    vd_facts_init(&r->facts, &engine->alloc, engine->hash_seed);
    code = own.from && own.to && own.from >= own.to ? vd_fail(err, VD_EINVAL, "the window ends before it begins") : VD_OK;
    if (code == VD_OK)
        code = vd_act_rows(&r->rows, &r->kept, r->catalog, own.rows_name, own.rows, err);
    if (code != VD_OK) {
        vd_activity_reader_free(r);
        return code;
    }
    *out = r;
    return VD_OK;
}

void vd_activity_reader_free(vd_activity_reader *r)
{
    if (!r)
        return;
    vd_facts_done(&r->facts);
    vd_arena_done(&r->kept);
    vd_free(&r->engine->alloc, r, sizeof *r);
}

/* ------------------------------------------------------------------ one summary */

/* The guards of a summary of another version are other bits: such facts have a key of their own, with the version behind it. */
static bool key_of(vd_arena *scratch, const vd_summary *s, vd_str *key)
{
    enum { VERSION_BYTES = 16 };
    char *own;

    *key = s->fact.key;
    if (vd_is_evidence(&s->fact) || (vd_is_pair(&s->fact) && !vd_is_held(&s->fact)) || s->guards == VD_GUARDS_VERSION)
        return true;
    own = vd_arena_alloc(scratch, key->n + VERSION_BYTES, 1);
    if (!own)
        return false;
    memcpy(own, key->p, key->n);
    *key = (vd_str){ own, key->n + (size_t)snprintf(own + key->n, VERSION_BYTES, "%c%u", VD_FACT_SEPARATOR, s->guards) };
    return true;
}

static bool keep(vd_activity_reader *r, vd_summary *s)
{
    vd_fact *into;
    vd_str   key;

    if (!key_of(&s->arena, s, &key))
        return false;
    into = vd_facts_get(&r->facts, key);
    r->overlaps += into && into->count > 0 && vd_is_unit(&s->fact);
    return into && (vd_is_evidence(&s->fact) ? vd_evidence_fold : vd_fact_fold)(&r->facts.arena, into, &s->fact);
}

static void take_end(vd_activity_reader *r, const vd_summary *s)
{
    r->lost += s->counters[VD_C_REJECTED] + s->counters[VD_C_FILES_FAILED] + s->counters[VD_C_FILES_PARTIAL];
    r->partial |= s->partial;
}

vd_code vd_activity_read(vd_activity_reader *r, vd_str name, const vd_usage_source *source, bool salvage, vd_error *err)
{
    vd_summary s;
    vd_code    code = VD_OK;
    bool       go_on = vd_summary_open(&s, &r->engine->alloc, source, false);

    if (!go_on)
        code = vd_fail_nomem(err);
    while (go_on) {
        vd_line_kind kind = vd_summary_next(&s);

        go_on = kind != VD_LINE_EOF && kind != VD_LINE_DAMAGED;
        if (s.code == VD_ENOMEM || (kind == VD_LINE_FACT && !keep(r, &s))) {
            code = vd_fail_nomem(err);
            go_on = false;
        } else if (kind == VD_LINE_LAST) {
            take_end(r, &s);
        } else if (kind == VD_LINE_DAMAGED && salvage) {
            r->partial = true;
        } else if (kind == VD_LINE_DAMAGED) {
            code = vd_fail_at(err, VD_EFORMAT, (vd_pos){ .file = name }, "not a whole summary: line %llu: %s",
                              (unsigned long long)s.line, s.why);
        }
    }
    vd_summary_close(&s);
    return code;
}

/* ------------------------------------------------------------------ a fact in parts */

vd_str vd_act_partition(vd_str account, vd_str *number)
{
    vd_str rest = account, head;

    if (!vd_str_cut(&rest, ':', &head)) {
        *number = account;
        return VD_S("aws");
    }
    *number = rest;
    return head;
}

static uint64_t number_of(vd_str digits)
{
    uint64_t v = 0;

    for (size_t i = 0; i < digits.n; i++)
        v = v * 10 + (uint64_t)(digits.p[i] - '0');
    return v;
}

/* Bits that the version of the summary did not know. */
static uint64_t unknown_bits(vd_str key)
{
    for (size_t i = 0; i < VD_FACT_PARTS; i++) {
        vd_str part;

        if (!vd_str_cut(&key, VD_FACT_SEPARATOR, &part))
            return 0;
    }
    return UINT64_MAX;
}

void vd_act_fact_of(vd_act_fact *out, const vd_fact *fact)
{
    vd_str account, number;

    *out = (vd_act_fact){ .fact = fact };
    vd_fact_split(fact->key, out->parts);
    account = vd_str_first(out->parts[VD_F_PRINCIPAL], vd_str_find(out->parts[VD_F_PRINCIPAL], '|'));
    out->partition = vd_act_partition(account, &number);
    out->log = out->parts[VD_F_ACCOUNT].n ? out->parts[VD_F_ACCOUNT] : number;
    out->second = (out->parts[VD_F_ACCOUNT].n && number.n) || vd_str_eq(out->parts[VD_F_KIND], VD_S("vpce")) ||
                  vd_act_is_pair(out->parts[VD_F_KIND]);
    out->unknown = vd_str_eq(out->parts[VD_F_GUARDS], VD_S("?")) ? UINT64_MAX : unknown_bits(fact->key);
    out->guards = out->unknown == UINT64_MAX ? 0 : number_of(out->parts[VD_F_GUARDS]);
}

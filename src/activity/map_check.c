/* SPDX-License-Identifier: Apache-2.0
 *
 * What AWS said when it refused a call, held against what the tables make of the record (usage 2.7).  The records are read
 * by the collector, one fact at a time: what is compared here is what summaries are made of.
 */
#include "activity/read.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/glob.h"
#include "request/message.h"
#include "usage/usage_int.h"

#include <stdlib.h>

enum { MOST_DISAGREEMENTS = 10000, MOST_MESSAGE = 4096, MOST_ACTION = 256 };

struct vd_map_check {
    vd_usage  *usage;
    vd_arena   arena; /* what is kept */
    vd_mapper  mapper;
    vd_map_sum sum;
    vd_map     map;   /* of disagreements, by their keys; until they are sorted */
    VD_VEC(vd_disagreement) list;
};

/* ------------------------------------------------------------------ disagreements */

static bool same(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_disagreement *a = &((const vd_map_check *)ctx)->list.at[value], *b = wanted;

    return a->kind == b->kind && vd_str_eq(a->source, b->source) && vd_str_eq(a->name, b->name) &&
           vd_str_ieq(a->said, b->said) && vd_str_eq(a->mapped, b->mapped);
}

static bool keep_texts(vd_map_check *c, vd_disagreement *d)
{
    d->message.n = d->message.n < MOST_MESSAGE ? d->message.n : MOST_MESSAGE;
    return vd_arena_dup(&c->arena, &d->source, d->source) && vd_arena_dup(&c->arena, &d->name, d->name) &&
           vd_arena_dup(&c->arena, &d->said, d->said) && vd_arena_dup(&c->arena, &d->mapped, d->mapped) &&
           vd_arena_dup(&c->arena, &d->message, d->message) && vd_arena_dup(&c->arena, &d->unit, d->unit);
}

/* Borrowed texts; those of the first of equal ones are kept. */
static bool disagree(vd_map_check *c, vd_disagreement d)
{
    const vd_allocator *alloc = &c->usage->engine->alloc;
    uint64_t            hash = vd_hash(vd_hash(vd_ihash(c->usage->seed, d.said), d.name), d.source) + (uint64_t)d.kind;
    uint32_t            at;

    c->sum.disagreed++;
    at = vd_map_find(&c->map, hash, same, c, &d);
    if (at != VD_NONE) {
        c->list.at[at].count++;
        return true;
    }
    if (c->list.count >= MOST_DISAGREEMENTS) {
        c->sum.more++;
        return true;
    }
    d.size = sizeof d;
    d.count = 1;
    d.unit = c->usage->unit.id;
    d.record = c->usage->record;
    return keep_texts(c, &d) && VD_PUSH(alloc, &c->list, d) && vd_map_add(&c->map, alloc, hash, c->list.count - 1);
}

/* ------------------------------------------------------------------ actions */

static bool depends(const vd_catalog *c, uint32_t action, vd_str said)
{
    vd_ids list = action == VD_NONE ? (vd_ids){ 0 } : vd_catalog_action(c, action).depends;
    char   text[256];

    for (uint32_t i = 0; i < list.count; i++)
        if (vd_str_ieq((vd_str){ text, vd_catalog_action_text(c, list.at[i], text, sizeof text) }, said))
            return true;
    return false;
}

/* "s3:GetObject, s3:ListBucket (possible)", in the order of the tables. */
static bool list_actions(vd_arena *scratch, const vd_meanings *found, vd_str *out)
{
    vd_str text = { 0 };

    for (uint32_t i = 0; i < found->count; i++)
        if (!found->at[i].implied &&
            !vd_arena_printf(scratch, &text, VD_F "%s" VD_F "%s", VD_A(text), text.n ? ", " : "", VD_A(found->at[i].name),
                             found->at[i].kind == VD_USE_POSSIBLE ? " (possible)" : ""))
            return false;
    *out = text;
    return true;
}

typedef enum verdict { OTHER, SURE, POSSIBLE, DEPENDENT } verdict;

/* Services encrypt and decrypt for their callers with keys that only they know. */
static bool is_encryption(const vd_meanings *found, vd_str said)
{
    return vd_str_istarts(said, VD_S("kms:")) && found->count && !vd_str_istarts(found->at[0].name, VD_S("kms:"));
}

static verdict verdict_of(const vd_map_check *c, const vd_meanings *found, vd_str said)
{
    verdict best = is_encryption(found, said) ? DEPENDENT : OTHER;

    for (uint32_t i = 0; i < found->count; i++) {
        const vd_meaning *m = &found->at[i];

        if (vd_str_ieq(m->name, said) && !m->unmapped)
            return m->kind == VD_USE_POSSIBLE ? POSSIBLE : SURE;
        if (depends(c->mapper.catalog, m->action, said))
            best = DEPENDENT;
    }
    return best;
}

/* ------------------------------------------------------------------ resources */

/* No name of AWS is longer than a part of a fact. */
static bool matches(vd_str pattern, vd_str text)
{
    char code[VD_FACT_PART_BYTES];

    return pattern.n <= sizeof code && vd_glob_match((vd_str){ code, vd_glob_code(code, pattern) }, text);
}

/* "...:secret:db-AbCdEf" is more than "...:secret:db" tells. */
static bool goes_on(vd_str text, vd_str said)
{
    return said.n > text.n && vd_str_starts(said, text) && strchr("-:/", said.p[text.n]);
}

/* The record tells it: the same, or a pattern that it fits, or the other way round. */
static bool knows(const vd_bottom *set, vd_str action, vd_str said)
{
    for (uint32_t i = 0; i < set->count; i++) {
        vd_str text = set->at[i].text, head = text, rest = text;

        if (!vd_str_starts(text, VD_S("arn:")) && vd_str_cut(&rest, ' ', &head)) {
            if (!vd_str_ieq(head, action))
                continue;
            text = rest;
        }
        if (vd_str_eq(text, said) || goes_on(text, said) || matches(text, said) || matches(said, text))
            return true;
    }
    return set->overflow;
}

/* The message names the role; the record perhaps its name alone, or the instance profile that it is in. */
static bool passes(const vd_bottom *roles, vd_str said)
{
    vd_str name = vd_str_from(said, vd_str_rfind(said, '/') + 1);
    vd_arn arn;

    if (!vd_arn_split(&arn, said) || !vd_str_starts(arn.resource, VD_S("role/")))
        return false;
    for (uint32_t i = 0; i < roles->count; i++) {
        vd_str text = roles->at[i].text;

        if (vd_str_contains(text, VD_S("instance-profile/")) ||
            (vd_str_starts(text, VD_S("role/")) && vd_str_ieq(vd_str_from(text, sizeof "role/" - 1), name)))
            return true;
    }
    return false;
}

/* A message tells the ARN, "*", or something in words. */
static vd_str arn_of(const vd_message *m)
{
    vd_arn arn;

    return !m->vague && vd_arn_split(&arn, m->resource) ? m->resource : VD_S("");
}

/* ------------------------------------------------------------------ one record */

static bool compare(vd_map_check *c, const vd_fact *f, const vd_asked *asked, const vd_message *m, vd_str text)
{
    const vd_meanings *found = vd_mapper_ask(&c->mapper, asked);
    vd_disagreement    d = { .source = asked->source, .name = asked->name, .said = m->action, .message = text };
    vd_arena          *scratch = &c->usage->scratch;
    vd_str             arn = arn_of(m);
    verdict            v;

    if (!found || !list_actions(scratch, found, &d.mapped))
        return false;
    v = verdict_of(c, found, m->action);
    if (v == OTHER) {
        d.kind = found->free                              ? VD_DISAGREE_FREE
                 : found->unmapped || found->unmapped_source ? VD_DISAGREE_UNMAPPED
                                                             : VD_DISAGREE_ACTION;
        if (d.kind != VD_DISAGREE_ACTION)
            d.mapped = VD_S("");
        return disagree(c, d);
    }
    c->sum.agreed += v == SURE;
    c->sum.possible += v == POSSIBLE;
    c->sum.dependents += v == DEPENDENT;
    if (!arn.n || v == DEPENDENT)
        return true;
    c->sum.resources++;
    if (f->sets[VD_SET_RESOURCES].count == 0 && f->sets[VD_SET_ROLES].count == 0) {
        c->sum.unresolved++;
        return true;
    }
    if (knows(&f->sets[VD_SET_RESOURCES], m->action, arn) || knows(&f->sets[VD_SET_ROLES], m->action, arn) ||
        passes(&f->sets[VD_SET_ROLES], arn))
        return true;
    d.kind = VD_DISAGREE_RESOURCE;
    d.mapped = f->sets[f->sets[VD_SET_RESOURCES].count ? VD_SET_RESOURCES : VD_SET_ROLES].at[0].text;
    return disagree(c, d);
}

/* The one fact is what the record says. */
static bool look(void *ctx, const vd_record *r, const vd_fact *f)
{
    vd_map_check *c = ctx;
    vd_str        text = r->at[VD_M_ERROR_MESSAGE];
    vd_act_fact   fact;
    vd_asked      asked;
    vd_message    m;

    c->sum.messages++;
    if (!vd_message_find(&m, text) || !m.action.n || m.action.n > MOST_ACTION) {
        c->sum.encoded += m.told.encoded.n > 0;
        return true;
    }
    vd_act_fact_of(&fact, f);
    if (!vd_act_asked(&asked, &fact))
        return true;
    c->sum.named++;
    return compare(c, f, &asked, &m, text);
}

/* ------------------------------------------------------------------ the whole */

/* Rows of tables are facts, which nobody wants here. */
static bool forget(void *ctx, vd_usage *usage)
{
    VD_UNUSED(ctx);
    vd_facts_clear(&usage->facts);
    return true;
}

vd_code vd_map_check_new(vd_map_check **out, const vd_engine *engine, const vd_activity_opts *opts, const vd_usage_opts *reading,
                         vd_error *err)
{
    vd_map_check    *c = vd_alloc0(&engine->alloc, sizeof *c);
    vd_activity_opts own = { 0 };
    vd_code          code;

    *out = NULL;
    if (!c)
        return vd_fail_nomem(err);
    if (opts)
        memcpy(&own, opts, opts->size < sizeof own ? opts->size : sizeof own);
    c->arena = vd_arena_on(&engine->alloc, 0);
    c->mapper = (vd_mapper){ .catalog = own.catalog ? own.catalog : vd_catalog_builtin(), .alloc = &engine->alloc,
                             .arena = &c->arena, .seed = engine->hash_seed };
    code = vd_act_rows(&c->mapper.rows, &c->arena, c->mapper.catalog, own.rows_name, own.rows, err);
    if (code == VD_OK)
        code = vd_usage_new(&c->usage, engine, reading, NULL, err);
    if (code != VD_OK) {
        vd_mapper_done(&c->mapper);
        vd_arena_done(&c->arena);
        vd_free(&engine->alloc, c, sizeof *c);
        return code;
    }
    c->usage->opts.spill = forget;
    c->usage->look = look;
    c->usage->look_ctx = c;
    c->sum.size = sizeof c->sum;
    *out = c;
    return VD_OK;
}

void vd_map_check_free(vd_map_check *c)
{
    vd_allocator alloc;

    if (!c)
        return;
    alloc = c->usage->engine->alloc;
    vd_map_done(&c->map, &alloc);
    VD_VEC_DONE(&alloc, &c->list);
    vd_mapper_done(&c->mapper);
    vd_arena_done(&c->arena);
    vd_usage_free(c->usage);
    vd_free(&alloc, c, sizeof *c);
}

vd_code vd_map_check_add(vd_map_check *c, vd_str unit, const vd_usage_source *source, vd_error *err)
{
    vd_code code = vd_usage_add(c->usage, VD_USAGE_ANY, unit, source, err);

    vd_facts_clear(&c->usage->facts); /* of reports and tables */
    return code;
}

vd_code vd_map_check_add_failed(vd_map_check *c, vd_str unit, vd_str why, vd_error *err)
{
    return vd_usage_add_failed(c->usage, unit, why, err);
}

const vd_usage *vd_map_check_usage(const vd_map_check *c)
{
    return c->usage;
}

void vd_map_check_sum(const vd_map_check *c, vd_map_sum *out)
{
    size_t size = out->size && out->size < sizeof *out ? out->size : sizeof *out;

    memcpy(out, &c->sum, size);
    out->size = size;
}

/* The most frequent first; then as they are called. */
static int by_count(const void *x, const void *y)
{
    const vd_disagreement *a = x, *b = y;
    int                    order = vd_str_cmp(a->source, b->source);

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    order = order ? order : vd_str_cmp(a->name, b->name);
    order = order ? order : vd_str_icmp(a->said, b->said);
    order = order ? order : vd_str_cmp(a->mapped, b->mapped);
    return order ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

void vd_map_check_each(vd_map_check *c, vd_disagreement_fn *tell, void *user)
{
    bool go_on = true;

    if (c->list.count)
        qsort(c->list.at, c->list.count, sizeof *c->list.at, by_count);
    for (uint32_t i = 0; go_on && i < c->list.count; i++)
        go_on = tell(user, &c->list.at[i]);
}

const char *vd_disagreement_name(int32_t kind)
{
    static const char *const names[] = { [VD_DISAGREE_ACTION] = "action", [VD_DISAGREE_UNMAPPED] = "unmapped",
                                         [VD_DISAGREE_FREE] = "no-permission", [VD_DISAGREE_RESOURCE] = "resource" };

    return kind >= 0 && kind < (int32_t)VD_COUNT(names) ? names[kind] : "unknown";
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Fingerprints.  Lines, white space, formatting and the order of statements do not enter; a statement is known by its
 * Sid, or by what it says.
 */
#include "lint/fingerprint.h"

#include "base/map.h"
#include "base/sha256.h"
#include "base/str.h"

#include <stdlib.h>

enum { DIGITS = 32 };

static void add(vd_buf *b, vd_str s)
{
    vd_buf_add(b, s);
    vd_buf_byte(b, 0);
}

static void add_lowered(vd_buf *b, vd_str s)
{
    char *p = vd_buf_room(b, s.n);

    if (p)
        vd_lower_copy(p, s.p, s.n);
    vd_buf_byte(b, 0);
}

static int by_bytes(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

/* The texts of a list in an order of their own. */
static void add_sorted(vd_buf *b, vd_arena *arena, const vd_text *texts, uint32_t count, bool fold)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, count ? count : 1);

    if (!at) {
        b->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        at[i] = texts[i].text;
    if (count > 1)
        qsort(at, count, sizeof *at, by_bytes);
    for (uint32_t i = 0; i < count; i++) {
        if (fold)
            add_lowered(b, at[i]);
        else
            add(b, at[i]);
    }
}

static void add_statement(vd_buf *b, vd_arena *arena, const vd_statement *st)
{
    if (st->has_sid && st->sid.text.n) {
        add(b, VD_S("sid"));
        add(b, st->sid.text);
        return;
    }
    add(b, st->effect == VD_EFFECT_ALLOW ? VD_S("Allow") : VD_S("Deny"));
    add(b, st->principal.negated ? VD_S("NotPrincipal") : VD_S("Principal"));
    for (uint32_t i = 0; i < st->principal.count; i++)
        add(b, st->principal.at[i].text.text);
    add(b, st->action.negated ? VD_S("NotAction") : VD_S("Action"));
    add_sorted(b, arena, st->action.texts.at, st->action.texts.count, true);
    add(b, st->resource.negated ? VD_S("NotResource") : VD_S("Resource"));
    add_sorted(b, arena, st->resource.texts.at, st->resource.texts.count, false);
}

static vd_str container_of(const vd_file_run *run, const vd_lint_finding *f)
{
    if (f->policy != VD_NONE && run->report->policies[f->policy].container.n == 0)
        return run->report->policies[f->policy].pointer;
    return f->container;
}

static bool digest(vd_file_run *run, vd_str *out, vd_buf *b)
{
    char hex[DIGITS + 1] = "";
    bool ok = !b->failed;

    if (ok)
        vd_sha256_hex(hex, DIGITS, vd_buf_str(b));
    vd_buf_done(b);
    return ok && vd_arena_printf(&run->report->arena, out, "v1:%s", hex);
}

bool vd_fingerprint(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    vd_buf b = vd_buf_on(&run->report->arena.alloc, 0);

    add(&b, vd_str_of(f->rule->id));
    add(&b, run->report->path);
    add(&b, container_of(run, f));
    if (look && f->statement != VD_NONE && look->lint.statements)
        add_statement(&b, look->lint.arena, look->lint.statements[f->statement].model);
    else
        add(&b, VD_S("document"));
    add(&b, f->token);
    return digest(run, &f->id, &b);
}

/* The findings that share an id, in order: the second is made different by its number. */
bool vd_fingerprint_ordinals(vd_file_run *run)
{
    vd_report     *r = run->report;
    const vd_allocator *a = &r->arena.alloc;
    vd_intern           seen = { 0 };
    uint32_t           *times = vd_arena_new_array(&run->worker->scratch, uint32_t, r->finding_count + 1);
    bool                ok = times != NULL;

    for (uint32_t i = 0; ok && i < r->finding_count; i++) {
        vd_lint_finding *f = &r->findings[i];
        uint32_t         id = vd_intern_find(&seen, f->id);

        if (id == VD_NONE) {
            ok = vd_intern_add(&seen, a, f->id, &id);
        } else {
            vd_buf b = vd_buf_on(a, 0);

            add(&b, f->id);
            vd_buf_printf(&b, "%u", (unsigned)++times[id]);
            ok = digest(run, &f->id, &b);
        }
    }
    vd_intern_done(&seen, a);
    return ok;
}

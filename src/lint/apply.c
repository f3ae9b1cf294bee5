/* SPDX-License-Identifier: Apache-2.0
 *
 * Making fixes, in rounds: those that are in each other's way wait for the next one, when everything was looked at anew.
 * Either all rounds go well or the text stays as it was.
 */
#include "base/error.h"
#include "base/str.h"
#include "lint/linter.h"
#include "text/edit.h"

#include <stdlib.h>

enum { ROUNDS = 10, MOST_EDITS = 4096 /* of one round */ };

typedef struct fixing {
    const vd_linter *linter;
    bool             unsafe;
    bool            *only; /* by rule number; NULL: all */
    vd_str           name, path;
    vd_arena         arena; /* of texts and edits */
    vd_splice       *at;
    uint32_t         count, cap;
    uint32_t        *before; /* errors of each rule in the text as it was */
    uint32_t         fixed;
    uint64_t        *units_left;
    vd_error        *err;
} fixing;

static void count_errors(const vd_linter *l, const vd_report *r, uint32_t *out)
{
    memset(out, 0, l->names.count * sizeof *out);
    for (uint32_t i = 0; i < r->finding_count; i++)
        if (r->findings[i].severity == VD_ERROR)
            out[r->findings[i].rule - l->infos]++;
}

/* ------------------------------------------------------------------ one round */

static bool clashes(const fixing *x, const vd_lint_fix *fix)
{
    for (uint32_t i = 0; i < fix->edit_count; i++) {
        vd_splice s = { fix->edits[i].start, fix->edits[i].end, fix->edits[i].text };

        for (uint32_t k = 0; k < x->count; k++)
            if (vd_splices_clash(&s, &x->at[k]))
                return true;
    }
    return false;
}

static vd_code take_fix(fixing *x, const vd_lint_fix *fix)
{
    for (uint32_t k = 0; k < fix->edit_count; k++) {
        vd_splice s = { fix->edits[k].start, fix->edits[k].end, fix->edits[k].text };

        if (!VD_ARENA_PUSH(&x->arena, x->at, x->count, x->cap, s))
            return vd_fail_nomem(x->err);
    }
    return VD_OK;
}

/* What a fix would put there is there already: each round would make it again. */
static bool is_made(const vd_lint_fix *fix, vd_str text)
{
    for (uint32_t i = 0; i < fix->edit_count; i++) {
        const vd_lint_edit *e = &fix->edits[i];

        if (!vd_str_eq(vd_str_first(vd_str_from(text, e->start), e->end - e->start), e->text))
            return false;
    }
    return true;
}

/* Safe ones before others.  Of several fixes of one token the first is made; a finding of several tokens has some for
 * each. */
static vd_code take_fixes(fixing *x, const vd_lint_finding *f, vd_str text)
{
    bool taken = false;

    for (uint8_t kind = VD_LINT_SAFE; kind <= (x->unsafe ? VD_LINT_UNSAFE : VD_LINT_SAFE); kind++)
        for (uint32_t i = 0; i < f->fix_count && !(taken && f->more == 0); i++) {
            if (f->fixes[i].kind != kind || is_made(&f->fixes[i], text) || clashes(x, &f->fixes[i]))
                continue;
            VD_TRY(take_fix(x, &f->fixes[i]));
            taken = true;
        }
    x->fixed += taken;
    return VD_OK;
}

static vd_code choose(fixing *x, const vd_report *r)
{
    x->count = 0;
    for (uint32_t i = 0; i < r->finding_count && x->count < MOST_EDITS; i++) {
        const vd_lint_finding *f = &r->findings[i];

        if (f->state == VD_STATE_NEW && (!x->only || x->only[f->rule - x->linter->infos]))
            VD_TRY(take_fixes(x, f, r->source.text));
    }
    return VD_OK;
}

static int by_start(const void *a, const void *b)
{
    const vd_splice *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static vd_code rewrite(fixing *x, vd_str text, vd_str *out)
{
    vd_buf  b = vd_buf_on(&x->arena.alloc, 0);
    vd_code code = VD_OK;

    qsort(x->at, x->count, sizeof *x->at, by_start);
    if (!vd_splice_all(&b, text, x->at, x->count))
        code = vd_fail(x->err, VD_EINTERNAL, "two fixes are in each other's way");
    else if (b.failed || !vd_arena_dup(&x->arena, out, vd_buf_str(&b)))
        code = vd_fail_nomem(x->err);
    vd_buf_done(&b);
    return code;
}

/* Words for what is worse than before; NULL: nothing. */
static const char *worse(const fixing *x, const vd_report *was, const vd_report *now, uint32_t *errors)
{
    if (now->failed)
        return "with all fixes the file could not be read any more";
    if (now->policy_count != was->policy_count)
        return "with all fixes the file would hold other policies";
    count_errors(x->linter, now, errors);
    for (uint32_t i = 0; i < x->linter->names.count; i++)
        if (errors[i] > x->before[i])
            return "some fixes would bring errors that are not there yet";
    return NULL;
}

/* ------------------------------------------------------------------ all rounds */

static vd_code lint(fixing *x, vd_report **out, vd_str text)
{
    return vd_lint_file_within(out, x->linter, x->name, x->path, text, x->units_left, x->err);
}

/* *now: the report of the text with all fixes made.  was stays the caller's. */
static vd_code go_round(fixing *x, const vd_report *was, vd_report **now, const char **refused)
{
    uint32_t        *errors = vd_arena_new_array(&x->arena, uint32_t, x->linter->names.count + 1);
    const vd_report *r = was;

    *now = NULL;
    *refused = NULL;
    x->before = vd_arena_new_array(&x->arena, uint32_t, x->linter->names.count + 1);
    if (!errors || !x->before)
        return vd_fail_nomem(x->err);
    count_errors(x->linter, was, x->before);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        vd_report *next;
        vd_str     text;

        VD_TRY(choose(x, r));
        if (x->count == 0)
            break;
        VD_TRY(rewrite(x, r->source.text, &text));
        VD_TRY(lint(x, &next, text));
        vd_report_free(*now);
        *now = next;
        r = next;
        *refused = worse(x, was, next, errors);
        if (*refused)
            break;
    }
    return VD_OK;
}

static void choose_rule(void *user, uint32_t rule)
{
    ((bool *)user)[rule] = true;
}

static vd_code take_only(fixing *x, const vd_fix_opts *o)
{
    if (o->only_count == 0)
        return VD_OK;
    x->only = vd_arena_new_array(&x->arena, bool, x->linter->names.count + 1);
    if (!x->only)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < o->only_count; i++) {
        vd_str rest = o->only[i], name;
        bool   more;

        do {
            more = vd_str_cut(&rest, ',', &name);
            if (!more)
                name = rest;
            if (vd_rules_named(&x->linter->names, vd_str_trim(name), choose_rule, x->only) == 0)
                return vd_fail(x->err, VD_EINVAL, "there is no rule \"" VD_F "\"", VD_A(vd_str_first(name, 80)));
        } while (more);
    }
    return VD_OK;
}

/* All together would do harm: a rule at a time, and those that do any are left out. */
static vd_code go_by_rule(fixing *x, const vd_report *was, vd_report **now, const char **refused)
{
    bool    *wanted = x->only, *tried = vd_arena_new_array(&x->arena, bool, x->linter->names.count + 1);
    uint32_t fixed = 0;

    *now = NULL;
    if (!tried)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < was->finding_count; i++) {
        uint32_t    rule = (uint32_t)(was->findings[i].rule - x->linter->infos);
        const char *why;
        vd_report  *next = NULL;
        vd_code     code;

        if (tried[rule] || was->findings[i].fix_count == 0 || (wanted && !wanted[rule]))
            continue;
        tried[rule] = true;
        x->only = vd_arena_new_array(&x->arena, bool, x->linter->names.count + 1);
        if (!x->only)
            return vd_fail_nomem(x->err);
        x->only[rule] = true;
        x->fixed = 0;
        code = go_round(x, *now ? *now : was, &next, &why);
        if (code != VD_OK) {
            vd_report_free(next);
            return code;
        }
        if (why) {
            *refused = why;
            vd_report_free(next);
        } else if (next) {
            vd_report_free(*now);
            *now = next;
            fixed += x->fixed;
        }
    }
    x->fixed = fixed;
    return VD_OK;
}

/* What did harm may be harmless when the rest is fixed: until nothing is left to do, so that whoever fixes again finds
 * nothing. */
static vd_code go_on(fixing *x, const vd_report *was, vd_report **now, const char **refused)
{
    bool    *wanted = x->only;
    uint32_t fixed = 0;

    for (uint32_t i = 0; i < ROUNDS; i++) {
        const vd_report *base = *now ? *now : was;
        vd_report       *next;
        vd_code          code;

        x->only = wanted;
        x->fixed = 0;
        code = go_round(x, base, &next, refused);
        if (code == VD_OK && *refused) {
            vd_report_free(next);
            x->only = wanted;
            code = go_by_rule(x, base, &next, refused);
        }
        if (code != VD_OK) {
            vd_report_free(next);
            return code;
        }
        if (!next)
            break;
        vd_report_free(*now);
        *now = next;
        fixed += x->fixed;
        if (!*refused)
            break;
    }
    x->fixed = fixed;
    return VD_OK;
}

static vd_code fix(fixing *x, const vd_fix_opts *o, vd_report **was, vd_report **now)
{
    const char *refused = NULL;

    VD_TRY(take_only(x, o));
    VD_TRY(go_on(x, *was, now, &refused));
    if (*now) {
        vd_str text;

        if (!vd_arena_dup(&(*now)->arena, &text, (*now)->source.text))
            return vd_fail_nomem(x->err);
        (*now)->source.text = text; /* ours goes away */
        (*now)->fixed = x->fixed;
    }
    (*now ? *now : *was)->left_alone = vd_str_of(refused ? refused : "");
    return VD_OK;
}

vd_code vd_lint_fix_file(vd_report **out, const vd_linter *linter, const vd_fix_opts *opts, vd_str name, vd_str path,
                         vd_str text, vd_error *err)
{
    fixing      x = { .linter = linter, .name = name, .path = path, .err = err };
    vd_fix_opts o = { .size = sizeof o };
    vd_report  *was = NULL, *now = NULL;
    vd_code     code;

    *out = NULL;
    if (opts)
        memcpy(&o, opts, opts->size < sizeof o ? opts->size : sizeof o);
    x.unsafe = o.unsafe;
    x.units_left = o.units_left;
    x.arena = vd_arena_on(&linter->engine->alloc, 0);
    code = lint(&x, &was, text);
    if (code == VD_OK && !was->failed)
        code = fix(&x, &o, &was, &now);
    vd_arena_done(&x.arena);
    if (code == VD_OK) {
        *out = now ? now : was;
        if (now)
            vd_report_free(was);
        return VD_OK;
    }
    vd_report_free(now);
    vd_report_free(was);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Suppressions: which rules they name, and which findings they are about.  suppress_find.c collects those of a file,
 * suppress_unused.c tells those that were of no use.
 */
#include "lint/suppress_int.h"

#include "base/error.h"
#include "base/str.h"
#include "lint/fix.h"
#include "lint/source.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ rules by name */

typedef struct naming {
    bool            *rules;
    const vd_linter *l;
    bool             enabled;
} naming;

static void name_rule(void *user, uint32_t rule)
{
    naming *n = user;

    n->rules[rule] = true;
    n->enabled |= n->l->infos ? n->l->infos[rule].enabled : true;
}

bool vd_suppress_name_all(const vd_linter *l, vd_arena *arena, vd_str names, bool **out, bool *enabled, vd_str *unknown)
{
    naming n = { .l = l };
    vd_str rest = names;

    *unknown = VD_S("");
    n.rules = vd_arena_new_array(arena, bool, l->names.count + 1);
    if (!n.rules)
        return false;
    while ((rest = vd_str_trim(rest)).n) {
        size_t i = 0;
        vd_str name;

        while (i < rest.n && rest.p[i] != ' ' && rest.p[i] != ',' && rest.p[i] != '\t')
            i++;
        name = vd_str_first(rest, i);
        rest = vd_str_from(rest, i + 1);
        if (name.n == 0)
            continue;
        if (vd_str_eq(name, VD_S("*"))) {
            *out = NULL;
            *enabled = true;
            return true;
        }
        if (vd_rules_named(&l->names, name, name_rule, &n) == 0)
            *unknown = name;
    }
    *out = n.rules;
    *enabled = n.enabled;
    return true;
}

vd_code vd_suppress_settle(vd_linter *l, vd_error *err)
{
    uint32_t count = l->config.ignored_count;

    l->ignored_rules = vd_arena_new_array(&l->arena, bool *, count + 1);
    l->ignored_used = vd_arena_new_array(&l->arena, atomic_bool, count + 1);
    l->ignored_seen = vd_arena_new_array(&l->arena, atomic_bool, count + 1);
    if (!l->ignored_rules || !l->ignored_used || !l->ignored_seen)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        const vd_ignored_entry *e = &l->config.ignored[i];
        bool                    enabled;
        vd_str                  unknown, near;

        if (!vd_suppress_name_all(l, &l->arena, e->rule, &l->ignored_rules[i], &enabled, &unknown))
            return vd_fail_nomem(err);
        if (unknown.n == 0)
            continue;
        near = vd_rules_near(&l->names, unknown);
        vd_fail_at(err, VD_ESYNTAX, e->at, "there is no rule \"" VD_F "\"", VD_A(vd_str_first(unknown, 80)));
        if (near.n)
            vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(near));
        return VD_ESYNTAX;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ matching */

static bool any_matches(const vd_strs *globs, vd_str s)
{
    for (uint32_t i = 0; i < globs->count; i++)
        if (vd_view_action_matches(globs->at[i], s))
            return true;
    return false;
}

static bool any_text(const vd_strs *globs, const vd_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (any_matches(globs, texts->at[i].text))
            return true;
    return false;
}

static bool any_principal(const vd_strs *globs, const vd_principals *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (any_matches(globs, p->at[i].text.text))
            return true;
    return false;
}

static bool statement_matches(const vd_ignored_entry *e, const vd_statement *st, const vd_lint_finding *f)
{
    if (e->sids.count && !any_matches(&e->sids, f->sid))
        return false;
    if (e->actions.count && !any_matches(&e->actions, f->token) &&
        !(st && any_text(&e->actions, &st->action.texts)))
        return false;
    if (e->resources.count && !any_matches(&e->resources, f->token) &&
        !(st && any_text(&e->resources, &st->resource.texts)))
        return false;
    return e->principals.count == 0 || any_matches(&e->principals, f->token) ||
           (st && any_principal(&e->principals, &st->principal));
}

static bool policy_matches(const vd_ignored_entry *e, const vd_lint_policy *p, const vd_lint_finding *f)
{
    if (e->containers.count && !any_matches(&e->containers, f->container) &&
        !(p && (any_matches(&e->containers, p->type) || any_matches(&e->containers, p->label))))
        return false;
    if (e->names.count && !(p && any_matches(&e->names, p->name)))
        return false;
    return e->types.count == 0 || (p && (any_matches(&e->types, p->kind_text) ||
                                         any_matches(&e->types, vd_policy_type_names[p->kind])));
}

static bool entry_matches(vd_file_run *run, const vd_look_at *look, const vd_ignored_entry *e,
                          const vd_lint_finding *f)
{
    const vd_lint_policy *p = f->policy != VD_NONE ? &run->report->policies[f->policy] : NULL;
    const vd_statement   *st = look && f->statement != VD_NONE && look->lint.statements
                                   ? look->lint.statements[f->statement].model
                                   : NULL;

    if (e->paths.count && !vd_path_globs_match(&e->paths, run->report->path))
        return false;
    return policy_matches(e, p, f) && statement_matches(e, st, f);
}

static uint32_t rule_of(const vd_file_run *run, const vd_lint_finding *f)
{
    return (uint32_t)(f->rule - run->linter->infos);
}

static void hide(vd_lint_finding *f, vd_str reason, bool in_source)
{
    f->state = VD_STATE_SUPPRESSED;
    f->justification = reason;
    f->in_source = in_source;
}

static void try_config(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    const vd_linter *l = run->linter;

    for (uint32_t i = 0; i < l->config.ignored_count; i++) {
        const vd_ignored_entry *e = &l->config.ignored[i];

        if ((l->ignored_rules[i] && !l->ignored_rules[i][rule_of(run, f)]) ||
            !entry_matches(run, look, e, f) || e->until_time <= l->config.now ||
            (l->config.require_reason && e->reason.n == 0))
            continue;
        atomic_store_explicit(&l->ignored_used[i], true, memory_order_relaxed);
        hide(f, e->reason, false);
        return;
    }
}

/* Among its lines, or said nowhere else in its block, though not once: then the finding points to the block. */
static bool covers_lines(const vd_file_run *run, const vd_suppression *s, const vd_lint_finding *f)
{
    const vd_hcl         *h = &run->linter->sources;
    const vd_hcl_comment *c = s->written;

    if (!vd_str_eq(s->at.file, f->range.at.file))
        return false;
    if (f->range.at.line >= s->from && f->range.at.line <= s->to)
        return true;
    return c && c->block != VD_NONE && f->token.n &&
           f->range.at.offset == h->blocks[c->block].header.offset &&
           vd_hcl_says_within(h, c->block, f->token, c->about);
}

static bool covers(const vd_file_run *run, const vd_look_at *look, const vd_suppression *s,
                   const vd_lint_finding *f)
{
    if (s->surplus || (s->rules && !s->rules[rule_of(run, f)]))
        return false;
    if (s->until <= run->linter->config.now || (run->linter->config.require_reason && s->reason.n == 0))
        return false;
    if (s->from || s->to)
        return covers_lines(run, s, f);
    if (s->sid.n && !vd_str_eq(s->sid, f->sid))
        return false;
    return look ? look->extracted->policy == s->policy
                : s->container.n && vd_str_eq(s->container, f->container);
}

static void try_file(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    for (uint32_t i = 0; i < run->suppression_count; i++) {
        vd_suppression *s = run->suppressions[i];

        if (!covers(run, look, s, f))
            continue;
        s->used = true;
        hide(f, s->reason, true);
    }
}

/* "resource-star" and "ResourceStar". */
static bool same_word(vd_str camel, vd_str id)
{
    size_t i = 0;

    for (size_t k = 0; k < id.n; k++) {
        if (id.p[k] == '-')
            continue;
        if (i == camel.n || vd_lower(camel.p[i]) != id.p[k])
            return false;
        i++;
    }
    return i == camel.n;
}

static size_t find_text(vd_str s, vd_str part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return i;
    return s.n;
}

/* ...VerdictIgnoreResourceStarAndServiceWildcard */
static bool sid_names(vd_str sid, vd_str id)
{
    static const vd_str mark = VD_L("VerdictIgnore"), between = VD_L("And");
    size_t              at = find_text(sid, mark);
    vd_str              rest = vd_str_from(sid, at + mark.n);

    if (at == sid.n)
        return false;
    for (size_t from = 0; from < rest.n;) {
        vd_str tail = vd_str_from(rest, from);
        size_t end = find_text(tail, between);

        if (same_word(vd_str_first(tail, end), id) || same_word(tail, id))
            return true;
        from += end + between.n;
    }
    return false;
}

static void try_sid(const vd_file_run *run, vd_lint_finding *f)
{
    if (run->linter->config.sid_suppression && f->severity < VD_ERROR && f->sid.n > 13 &&
        sid_names(f->sid, vd_str_of(f->rule->id)))
        hide(f, VD_S("its Sid says so"), true);
}

void vd_suppress(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    if (f->state == VD_STATE_HIDDEN || (run->linter->names.at[rule_of(run, f)]->flags & VD_LINT_KEPT) ||
        vd_str_starts(vd_str_of(f->rule->id), VD_S("json-")))
        return;
    if (run->linter->config.ignored_count)
        try_config(run, look, f);
    if (run->suppression_count)
        try_file(run, look, f);
    if (f->sid.n)
        try_sid(run, f);
}

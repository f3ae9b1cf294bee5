/* SPDX-License-Identifier: Apache-2.0
 *
 * Subjects of web identities, by the grammar of the provider: "repo:{organization}/{repository}:{ref}".  The
 * first part in braces is the tenant, the second what belongs to it, the others say when.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "lint/strength.h"
#include "text/hole.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

enum { SCORE_TENANT = 80, SCORE_PROJECT = 60, SCORE_REF = 50, LITERALS = 6, PARTS = 8 };

/* ------------------------------------------------------------------ a value along the grammar */

typedef struct part {
    vd_str name;  /* of the grammar: "repository" */
    vd_str value; /* what the pattern has there */
} part;

typedef struct split {
    part     at[PARTS];
    uint32_t count;
    uint32_t open; /* the first with a wildcard; count: none */
    bool     fits; /* up to there the pattern follows the grammar */
} split;

static size_t wildcard_in(vd_str s)
{
    size_t star = vd_str_find(s, '*'), mark = vd_str_find(s, '?');

    return star < mark ? star : mark;
}

/* Literal text of the grammar up to the next brace. */
static vd_str literal_of(vd_str *grammar)
{
    vd_str s = vd_str_first(*grammar, vd_str_find(*grammar, '{'));

    *grammar = vd_str_from(*grammar, s.n);
    return s;
}

/* How far the value of a part goes: up to the literal that follows it; a wildcard before ends the matter. */
static size_t part_end(vd_str value, vd_str next)
{
    for (size_t i = 0; i < value.n && next.n; i++)
        if (value.p[i] == next.p[0] && vd_str_starts(vd_str_from(value, i), vd_str_first(next, value.n - i)))
            return i;
    return value.n;
}

static void split_value(split *out, vd_str grammar, vd_str value)
{
    vd_str literal = literal_of(&grammar);

    *out = (split){ .fits = false };
    if (wildcard_in(vd_str_first(value, literal.n)) < literal.n && wildcard_in(value) < value.n) {
        out->fits = true; /* "*", "re*": no part of it is fixed */
        return;
    }
    if (!vd_str_starts(value, literal))
        return;
    value = vd_str_from(value, literal.n);
    while (grammar.n && out->count < PARTS) {
        part  *p = &out->at[out->count];
        size_t end;

        grammar = vd_str_from(grammar, 1);
        if (!vd_str_cut(&grammar, '}', &p->name))
            return;
        literal = literal_of(&grammar);
        end = part_end(value, literal);
        p->value = vd_str_first(value, end);
        out->count++;
        if (wildcard_in(p->value) < p->value.n) {
            out->open = out->count - 1;
            out->fits = true;
            return;
        }
        if (end == value.n)
            break;
        value = vd_str_from(value, end + literal.n);
    }
    out->open = out->count;
    out->fits = true;
}

/* ------------------------------------------------------------------ other claims beside it */

static bool fixed_any(const vd_trust_web *w, const char *const *claims, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (vd_trust_claim_fixed(w, claims[i]))
            return true;
    return false;
}

static bool tenant_fixed(const vd_trust_web *w)
{
    static const char *const claims[] = {
        "repository_owner_id", "repository_owner", "repository_id", "repository",
        "enterprise_id",       "namespace_id",     "project_id",    "organization_id",
        "organization_slug",   "pipeline_id",      "cluster_id",    "oidc.circleci.com/project-id"
    };

    return fixed_any(w, claims, VD_COUNT(claims));
}

static bool project_fixed(const vd_trust_web *w)
{
    static const char *const claims[] = { "repository_id",
                                          "repository",
                                          "project_id",
                                          "pipeline_id",
                                          "job_workflow_ref",
                                          "pipeline_slug",
                                          "oidc.circleci.com/project-id" };

    return fixed_any(w, claims, VD_COUNT(claims));
}

static bool ref_fixed(const vd_trust_web *w)
{
    static const char *const claims[] = { "ref",      "environment",  "job_workflow_ref",
                                          "workflow", "build_branch", "ref_protected" };

    return fixed_any(w, claims, VD_COUNT(claims));
}

/* ------------------------------------------------------------------ how wide */

/* "acme@*": the name is fixed; what follows "@" is an id. */
static bool name_fixed(vd_str s)
{
    size_t at = vd_str_find(s, '@');

    return at < s.n && at > 0 && wildcard_in(s) > at;
}

/* Nothing, or no more than the kind of reference, stands before the wildcard. */
static bool is_any_ref(vd_str s)
{
    static const vd_str starts[] = { VD_L(""),
                                     VD_L("ref:"),
                                     VD_L("ref:refs/"),
                                     VD_L("ref:refs/heads/"),
                                     VD_L("environment:"),
                                     VD_L("branch:ref:"),
                                     VD_L("refs/"),
                                     VD_L("refs/heads/") };
    vd_str              head = vd_str_first(s, wildcard_in(s));

    for (size_t i = 0; i < VD_COUNT(starts); i++)
        if (vd_str_eq(starts[i], head))
            return true;
    return false;
}

static bool is_github(const vd_trust_web *w)
{
    return vd_str_starts(w->idp.subject, VD_S("repo:"));
}

static void say_wide(vd_lint *l, const vd_trust_web *w, const vd_text *v, unsigned score, const char *code,
                     const char *text)
{
    vd_finding *f = vd_lint_report(l, ROW(OIDC_WIDE_SUB), w->st, v->span, "\"%s\" matches %s",
                                   vd_lint_show(l, v->text), text);

    vd_finding_score(f, score);
    vd_finding_code(f, code);
}

static void look_at_parts(vd_lint *l, const vd_trust_web *w, const vd_text *v, const split *s)
{
    const char *code = is_github(w) ? "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED" : "";
    const part *open = &s->at[s->open];

    if (s->open == 0) {
        if (tenant_fixed(w) || name_fixed(open->value))
            return;
        if (w->idp.shared)
            say_wide(l, w, v, SCORE_TENANT,
                     wildcard_in(v->text) < LITERALS ? "WILDCARD_USAGE_TOO_PERMISSIVE" : code,
                     "tokens of other tenants");
        else if (s->count)
            say_wide(l, w, v, SCORE_PROJECT, "", vd_lint_printf(l, "any " VD_F, VD_A(open->name)));
        return;
    }
    if (s->open == 1) {
        if (!project_fixed(w) && !name_fixed(open->value))
            say_wide(
                l, w, v, SCORE_PROJECT, code,
                vd_lint_printf(l, "any " VD_F " of %s", VD_A(open->name), vd_lint_show(l, s->at[0].value)));
        return;
    }
    if (ref_fixed(w) || !is_any_ref(open->value) ||
        !(vd_str_eq(open->name, VD_S("ref")) || vd_str_eq(open->name, VD_S("environment")) ||
          vd_str_eq(open->name, VD_S("workspace")) || vd_str_eq(open->name, VD_S("stack"))))
        return;
    say_wide(l, w, v, SCORE_REF, code,
             is_github(w) && wildcard_in(open->value) == 0
                 ? "any branch, tag and pull request"
                 : vd_lint_printf(l, "any %s",
                                  vd_str_contains(open->value, VD_S("heads/")) ? "branch"
                                  : vd_str_starts(open->value, VD_S("environment:"))
                                      ? "environment"
                                      : vd_lint_printf(l, VD_F, VD_A(open->name))));
}

/* ------------------------------------------------------------------ EKS */

static void look_at_eks(vd_lint *l, const vd_trust_web *w, const vd_text *v)
{
    vd_str rest = v->text, space;
    vd_str start = VD_S("system:serviceaccount:");

    if (wildcard_in(v->text) < start.n) {
        vd_lint_report(l, ROW(EKS), w->st, v->span, "any pod in the cluster matches \"%s\"",
                       vd_lint_show(l, v->text));
        return;
    }
    if (!vd_str_starts(v->text, start))
        return;
    rest = vd_str_from(rest, start.n);
    if (!vd_str_cut(&rest, ':', &space))
        space = rest;
    if (wildcard_in(space) < space.n)
        vd_lint_report(l, ROW(EKS), w->st, v->span, "any pod in %s",
                       space.n == 1 ? "the cluster"
                                    : vd_lint_printf(l, "namespaces like %s", vd_lint_show(l, space)));
    else if (wildcard_in(rest) == 0 && rest.n)
        vd_finding_severity(vd_lint_report(l, ROW(EKS), w->st, v->span, "any pod in the namespace %s",
                                           vd_lint_show(l, space)),
                            VD_SUGGESTION);
}

/* ------------------------------------------------------------------ GitHub */

/* What GitHub would have sent; NULL: nobody knows what is meant. */
static const char *meant(vd_lint *l, vd_str s)
{
    vd_str rest = s, head, repository;
    size_t colon;

    if (vd_str_istarts(s, VD_S("https://github.com/")))
        rest = vd_str_from(s, 19);
    else if (vd_str_istarts(s, VD_S("github.com/")))
        rest = vd_str_from(s, 11);
    else if (vd_str_istarts(s, VD_S("repository:")))
        rest = vd_str_from(s, 11);
    else if (vd_str_istarts(s, VD_S("repo:")))
        rest = vd_str_from(s, 5);
    colon = vd_str_find(rest, ':');
    repository = vd_str_first(rest, colon);
    rest = vd_str_from(rest, colon + 1);
    if (vd_str_find(repository, '/') == repository.n)
        return NULL;
    head = rest;
    if (vd_str_starts(head, VD_S("ref:")) || vd_str_starts(head, VD_S("branch:")))
        vd_str_cut(&rest, ':', &head);
    if (rest.n == 0)
        return vd_lint_printf(l, "repo:" VD_F ":ref:refs/heads/main", VD_A(repository));
    if (vd_str_starts(rest, VD_S("environment:")) || vd_str_starts(rest, VD_S("job_workflow_ref:")) ||
        vd_str_eq(rest, VD_S("pull_request")))
        return vd_lint_printf(l, "repo:" VD_F ":" VD_F, VD_A(repository), VD_A(rest));
    if (vd_str_starts(rest, VD_S("refs/")))
        return vd_lint_printf(l, "repo:" VD_F ":ref:" VD_F, VD_A(repository), VD_A(rest));
    if (vd_str_starts(rest, VD_S("heads/")))
        rest = vd_str_from(rest, 6);
    return vd_lint_printf(l, "repo:" VD_F ":ref:refs/heads/" VD_F, VD_A(repository), VD_A(rest));
}

/* A subject by a template of the organization's own: "claim:value:claim:value". */
static bool is_custom(vd_str s)
{
    static const vd_str starts[] = { VD_L("job_workflow_ref:"),
                                     VD_L("repository_owner:"),
                                     VD_L("repository_owner_id:"),
                                     VD_L("repository_id:"),
                                     VD_L("repository_visibility:"),
                                     VD_L("enterprise:"),
                                     VD_L("environment:"),
                                     VD_L("actor:"),
                                     VD_L("workflow:"),
                                     VD_L("runner_environment:"),
                                     VD_L("business:") };

    for (size_t i = 0; i < VD_COUNT(starts); i++)
        if (vd_str_starts(s, starts[i]))
            return true;
    return false;
}

/* Could be the start of what follows the repository, as far as it is literal. */
static bool is_context(vd_str s, bool whole)
{
    static const vd_str starts[] = { VD_L("ref:refs/heads/"), VD_L("ref:refs/tags/"), VD_L("ref:refs/pull/"),
                                     VD_L("environment:"), VD_L("job_workflow_ref:") };

    for (size_t i = 0; i < VD_COUNT(starts); i++)
        if (vd_str_starts(s, starts[i]) ? s.n > starts[i].n || !whole : !whole && vd_str_starts(starts[i], s))
            return true;
    return whole ? vd_str_eq(s, VD_S("pull_request")) : vd_str_starts(VD_S("pull_request"), s);
}

/* Whether GitHub may send something that the value matches; globs: its wildcards are some. */
static bool may_be_sent(vd_str s, bool globs)
{
    size_t wild = globs ? wildcard_in(s) : s.n;
    vd_str literal = vd_str_first(s, wild), rest, repository;
    bool   whole = wild == s.n;

    if (!globs && wildcard_in(s) < s.n)
        return false;
    if (!vd_str_starts(literal, VD_S("repo:")))
        return !whole && vd_str_starts(VD_S("repo:"), literal);
    rest = vd_str_from(literal, 5);
    if (!vd_str_cut(&rest, ':', &repository))
        return !whole;
    if (vd_str_find(repository, '/') == repository.n)
        return false;
    return is_context(rest, whole);
}

static void look_at_format(vd_lint *l, const vd_trust_web *w, const vd_text *v, bool globs)
{
    const char *right;
    vd_finding *f;

    if ((l->config->trusted.github_template.n &&
         !vd_str_eq(l->config->trusted.github_template, VD_S("default"))) ||
        is_custom(v->text) || may_be_sent(v->text, globs))
        return;
    if (!globs && wildcard_in(v->text) < v->text.n && may_be_sent(v->text, true)) {
        vd_lint_report(l, ROW(SUB_FORMAT), w->st, v->span,
                       "StringEquals takes \"%s\" as it is, and GitHub sends no wildcards; use StringLike",
                       vd_lint_show(l, v->text));
        return;
    }
    right = meant(l, v->text);
    f = vd_lint_report(l, ROW(SUB_FORMAT), w->st, v->span, "GitHub sends \"%s\"",
                       right ? right : "repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH");
    if (!right || vd_str_contains(v->text, VD_S("\"")) || vd_str_contains(v->text, VD_S("\\")))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "replace with %s", right);
    vd_finding_edit(l, f, VD_EDIT_STRING, v->span, "%s", right);
}

static void look_at_github(vd_lint *l, const vd_trust_web *w, const vd_text *v, bool globs)
{
    static const char *const ids[] = { "repository_id", "repository_owner_id", "enterprise_id" };
    vd_str                   s = v->text;

    look_at_format(l, w, v, globs);
    if (vd_str_starts(s, VD_S("repo:")) && vd_str_ends(s, VD_S(":pull_request")) && !ref_fixed(w))
        vd_lint_report(l, ROW(PULL_REQUEST), w->st, v->span,
                       "runs of pull requests, written by contributors, match");
    if (vd_str_starts(s, VD_S("repo:")) && may_be_sent(s, globs) && vd_str_find(s, '@') == s.n &&
        wildcard_in(vd_str_from(s, 5)) > vd_str_find(vd_str_from(s, 5), '/') &&
        !fixed_any(w, ids, VD_COUNT(ids)))
        vd_lint_report(
            l, ROW(MUTABLE_NAME), w->st, v->span,
            "names can be re-registered; pin repository_id and repository_owner_id, or accept both forms");
}

/* ------------------------------------------------------------------ all values */

static bool allowed_by_config(const vd_lint *l, const vd_trust_web *w, vd_str s)
{
    const vd_trusted *t = &l->config->trusted;

    for (uint32_t i = 0; i < t->oidc_count; i++) {
        if (!vd_str_ieq(t->oidc[i].host, w->host) || t->oidc[i].allow_subjects.count == 0)
            continue;
        for (uint32_t k = 0; k < t->oidc[i].allow_subjects.count; k++)
            if (vd_view_action_matches(t->oidc[i].allow_subjects.at[k], s))
                return true;
        return false;
    }
    return true;
}

static void look_at_value(vd_lint *l, const vd_trust_web *w, const vd_text *v, bool globs)
{
    split s;

    if (vd_str_istarts(w->host, VD_S("oidc.eks."))) {
        if (globs)
            look_at_eks(l, w, v);
        return;
    }
    if (is_github(w))
        look_at_github(l, w, v, globs);
    if (!allowed_by_config(l, w, v->text))
        say_wide(l, w, v, SCORE_TENANT, "", "subjects that the configuration does not allow");
    else if (globs && w->idp.subject.n) {
        split_value(&s, w->idp.subject, v->text);
        if (s.fits && wildcard_in(v->text) < v->text.n)
            look_at_parts(l, w, v, &s);
    } else if (globs && wildcard_in(v->text) < LITERALS && wildcard_in(v->text) < v->text.n &&
               !tenant_fixed(w)) {
        say_wide(l, w, v, w->idp.shared ? SCORE_TENANT : SCORE_PROJECT, "WILDCARD_USAGE_TOO_PERMISSIVE",
                 w->idp.shared ? "tokens of other tenants" : "almost any identity of the provider");
    }
}

void vd_trust_subjects(vd_lint *l, const vd_trust_web *w)
{
    for (uint32_t i = 0; i < w->st->condition_count; i++) {
        const vd_view_condition *c = &w->st->conditions[i];
        const vd_operator       *op = c->entry->op.op;

        if (!vd_str_ieq(c->prefix, w->host) || !vd_str_ieq(c->name, VD_S("sub")) ||
            vd_entry_may_be_absent(w->st, c) || !op || op->test == VD_TEST_NULL)
            continue;
        for (uint32_t k = 0; k < c->entry->values.count; k++)
            if (!vd_has_hole(c->entry->values.at[k].text) &&
                !vd_str_contains(c->entry->values.at[k].text, VD_S("${")))
                look_at_value(l, w, &c->entry->values.at[k], op->globs);
    }
}

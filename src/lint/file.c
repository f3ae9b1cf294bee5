/* SPDX-License-Identifier: Apache-2.0
 *
 * One file: what policies are in it, what they are, what rules say of them.
 */
#include "lint/file.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "extract/parts.h"
#include "lint/detect.h"
#include "lint/merge.h"
#include "lint/source.h"
#include "lint/suppress.h"

/* ------------------------------------------------------------------ policies */

static vd_str stem_of(vd_str name)
{
    size_t slash = vd_str_rfind(name, '/');

    if (slash < name.n)
        name = vd_str_from(name, slash + 1);
    return vd_str_first(name, vd_str_find(name, '.'));
}

static bool kind_text(vd_arena *arena, vd_str *out, const vd_detected *d)
{
    vd_str name = vd_policy_type_names[d->kind];

    if (d->kind == VD_KIND_MANAGED)
        name = vd_policy_type_names[VD_KIND_IDENTITY];
    if (d->kind == VD_KIND_RESOURCE && d->resource_kind.n)
        return vd_arena_printf(arena, out, VD_F ":" VD_F, VD_A(name), VD_A(d->resource_kind));
    *out = name;
    return true;
}

static bool add_policy(vd_file_run *run, const vd_extracted *e, const vd_detected *d)
{
    vd_report     *r = run->report;
    vd_lint_policy p = { .size = sizeof p, .kind = d->kind, .guessed = d->guessed };

    if (!vd_arena_dup(&r->arena, &p.name,
                      e->name.n        ? e->name
                      : e->container.n ? VD_S("")
                                       : stem_of(r->source.name)) ||
        !vd_arena_dup(&r->arena, &p.container, e->container) || !vd_arena_dup(&r->arena, &p.type, e->type) ||
        !vd_arena_dup(&r->arena, &p.label, e->label) || !vd_arena_dup(&r->arena, &p.pointer, e->pointer) ||
        !kind_text(&r->arena, &p.kind_text, d))
        return false;
    if (e->variant == VD_VARIANT_WHEN && !vd_arena_dup(&r->arena, &p.when, e->when))
        return false;
    if (e->node != VD_NONE) {
        p.range = vd_report_range(r, vd_source_pos(e->doc->source, vd_doc_span(e->doc, e->node)));
        p.range.at.file = r->source.name;
    }
    return VD_ARENA_PUSH(&r->arena, r->policies, r->policy_count, r->policy_cap, p);
}

/* ------------------------------------------------------------------ looking */

static vd_look_at *add_look(vd_file_run *run, const vd_extracted *e, const vd_detected *d, vd_kind kind)
{
    vd_arena   *arena = &run->worker->scratch;
    vd_look_at *look = vd_arena_new(arena, vd_look_at);

    if (!look || !VD_ARENA_PUSH(arena, run->looks, run->look_count, run->look_cap, look))
        return NULL;
    look->extracted = e;
    look->variant = e->variant;
    look->as = VD_S("");
    look->policy = run->report->policy_count - 1;
    look->lint = (vd_lint){
        .config = &run->linter->config,
        .catalog = run->linter->catalog,
        .engine = run->linter->engine,
        .extracted = e,
        .doc = e->doc,
        .kind = kind,
        .kind_guessed = d->guessed,
        .resource_kind = d->resource_kind,
        .file = run->report->source.name,
        .expansions = run->worker->expansions,
        .arena = &run->worker->party,
        .units_left = run->units_left,
    };
    return look;
}

static vd_code guess_told(vd_file_run *run, const vd_extracted *e, const char *message)
{
    vd_pos at = vd_source_pos(e->doc->source, (vd_span){ e->doc->nodes[e->node].offset, 1 });

    return vd_report_take_file(run, vd_lint_rule_find(VD_S("policy-type-guess")),
                               run->report->policy_count - 1, at, vd_str_of(message));
}

static vd_code look_at(vd_file_run *run, const vd_extracted *e, bool first_variant)
{
    const vd_linter *l = run->linter;
    vd_detected d = vd_lint_detect(e, &l->config, l->typed ? &l->said : NULL, run->report->path, l->catalog);
    vd_look_at *one, *other;

    if (first_variant && !add_policy(run, e, &d))
        return vd_fail_nomem(run->err);
    if (d.maybe_rcp && first_variant)
        VD_TRY(guess_told(
            run, e,
            "read as a resource policy; say --policy-type rcp or add a types: entry if it is a resource "
            "control policy"));
    one = add_look(run, e, &d, d.kind);
    if (!one)
        return vd_fail_nomem(run->err);
    if (!d.maybe_scp || e->variant != VD_VARIANT_PLAIN)
        return VD_OK;
    VD_TRY(guess_told(
        run, e,
        "read as an identity policy; say --policy-type scp or add a types: entry if it is a service "
        "control policy"));
    other = add_look(run, e, &d, VD_KIND_SCP);
    if (!other)
        return vd_fail_nomem(run->err);
    one->as = VD_S("an identity policy");
    other->as = VD_S("a service control policy");
    return VD_OK;
}

/* ------------------------------------------------------------------ running */

/* The policies of one identity, or one that stands alone: what they need in memory goes when they are done. */
typedef struct party {
    vd_look_at **looks;
    uint32_t     count;
} party;

static bool is_first_variant(const party *p, uint32_t index)
{
    return index == 0 || p->looks[index - 1]->policy != p->looks[index]->policy;
}

/* Policies of one identity are judged together, each in its first variant; the further variants alone. */
static vd_code run_identity(vd_file_run *run, const party *p)
{
    vd_lint **group = vd_arena_new_array(&run->worker->party, vd_lint *, p->count);
    uint32_t  count = 0;

    if (!group)
        return vd_fail_nomem(run->err);
    for (uint32_t i = 0; i < p->count; i++) {
        vd_lint *l = &p->looks[i]->lint;

        if (l->extracted->node == VD_NONE)
            continue;
        if (is_first_variant(p, i))
            group[count++] = l;
        else
            vd_lint_run_identity(&l, 1);
    }
    if (count)
        vd_lint_run_identity(group, count);
    return VD_OK;
}

/* A policy with proofs that came to no end is one thing that was not judged. */
static vd_code note_undecided(vd_file_run *run, const vd_look_at *look, const vd_lint_undecided *u, bool budget)
{
    vd_report         *r = run->report;
    vd_lint_unresolved out = { .undecided = budget ? u->count : 0 };

    if (u->count == 0)
        return VD_OK;
    out.range = vd_report_range(r, vd_policy_pos(look->lint.policy, u->span));
    out.range.at.file = r->source.name;
    vd_lint_move_by_address(run, look->extracted->container, VD_S(""), &out.range);
    if (!vd_arena_dup(&r->arena, &out.container, look->extracted->container) ||
        !vd_arena_printf(&r->arena, &out.reason, "what " VD_F " could do without is undecided: %s", VD_A(u->statements),
                         budget ? "the budget is spent" : "it holds something that cannot be decided") ||
        !VD_ARENA_PUSH(&r->arena, r->unresolved, r->unresolved_count, r->unresolved_cap, out))
        return vd_fail_nomem(run->err);
    return VD_OK;
}

/* Of the variants of a policy the one with the most. */
static vd_code take_undecided(vd_file_run *run, const party *p, uint32_t first, uint32_t count)
{
    uint32_t cut = first, beyond = first;

    for (uint32_t i = first; i < first + count; i++) {
        cut = p->looks[i]->lint.cut.count > p->looks[cut]->lint.cut.count ? i : cut;
        beyond = p->looks[i]->lint.beyond.count > p->looks[beyond]->lint.beyond.count ? i : beyond;
    }
    VD_TRY(note_undecided(run, p->looks[cut], &p->looks[cut]->lint.cut, true));
    return note_undecided(run, p->looks[beyond], &p->looks[beyond]->lint.beyond, false);
}

static vd_code merge_all(vd_file_run *run, const party *p)
{
    for (uint32_t i = 0; i < p->count;) {
        uint32_t n = 1;

        while (i + n < p->count && !is_first_variant(p, i + n))
            n++;
        VD_TRY(vd_lint_merge(run, p->looks + i, n));
        VD_TRY(take_undecided(run, p, i, n));
        i += n;
    }
    return VD_OK;
}

static void note_failure(vd_file_run *run, const vd_error *err)
{
    run->report->failed = true;
    run->report->error = *err;
    run->report->error.at.file = run->report->source.name; /* which lives as long */
}

static vd_code run_rules(vd_file_run *run, const party *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        vd_look_at *look = p->looks[i];
        vd_error    err = { .size = sizeof err };
        vd_code     code = vd_lint_run(&look->lint, &err);

        if (code == VD_ENOMEM)
            return vd_fail_nomem(run->err);
        if (code != VD_OK)
            note_failure(run, &err);
        run->report->policies[look->policy].statements = look->lint.statement_count;
    }
    VD_TRY(run_identity(run, p));
    for (uint32_t i = 0; i < p->count; i++) {
        vd_lint_finish(&p->looks[i]->lint);
        if (p->looks[i]->lint.no_memory)
            return vd_fail_nomem(run->err);
    }
    return merge_all(run, p);
}

/* Findings are the report's by now. */
static void end_party(vd_file_run *run, const party *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        vd_policy_release((vd_policy *)(uintptr_t)p->looks[i]->lint.policy);
    vd_arena_reset(&run->worker->party);
}

/* Looks by the number of their identity, each party in the order of its looks, the parties in that of their first. */
static bool make_parties(vd_file_run *run, party **out, uint32_t *count)
{
    vd_arena    *arena = &run->worker->scratch;
    uint32_t     n = run->look_count, entities = run->found.count + run->found.attached_count, next = 0;
    uint32_t    *of_entity = vd_arena_new_array(arena, uint32_t, entities + 1); /* party + 1; 0: none yet */
    uint32_t    *of_look = vd_arena_new_array(arena, uint32_t, n + 1);
    vd_look_at **looks = vd_arena_new_array(arena, vd_look_at *, n + 1);
    party       *parties = vd_arena_new_array(arena, party, n + 1);

    if (!of_entity || !of_look || !looks || !parties)
        return false;
    *count = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t entity = run->looks[i]->extracted->entity;
        bool     alone = entity >= entities;

        if (i && run->looks[i]->policy == run->looks[i - 1]->policy)
            of_look[i] = of_look[i - 1];
        else
            of_look[i] = !alone && of_entity[entity] ? of_entity[entity] - 1 : (*count)++;
        if (!alone)
            of_entity[entity] = of_look[i] + 1;
        parties[of_look[i]].count++;
    }
    for (uint32_t i = 0; i < *count; i++) {
        parties[i].looks = looks + next;
        next += parties[i].count;
        parties[i].count = 0;
    }
    for (uint32_t i = 0; i < n; i++)
        parties[of_look[i]].looks[parties[of_look[i]].count++] = run->looks[i];
    *out = parties;
    return true;
}

static vd_code run_all(vd_file_run *run)
{
    vd_code  code = VD_OK;
    party   *parties;
    uint32_t count;

    if (!make_parties(run, &parties, &count))
        return vd_fail_nomem(run->err);
    for (uint32_t i = 0; i < count && code == VD_OK; i++) {
        code = run_rules(run, &parties[i]);
        end_party(run, &parties[i]);
    }
    return code;
}

static vd_code take_unresolved(vd_file_run *run)
{
    vd_report *r = run->report;

    for (uint32_t i = 0; i < run->found.unresolved_count; i++) {
        const vd_unresolved *u = &run->found.unresolved[i];
        vd_lint_unresolved   out = { .range = vd_report_range(r, u->at) };

        out.range.at.file = r->source.name;
        vd_lint_move_by_address(run, u->container, VD_S(""), &out.range);
        if (!vd_arena_dup(&r->arena, &out.container, u->container) ||
            !vd_arena_dup(&r->arena, &out.reason, u->reason) ||
            !VD_ARENA_PUSH(&r->arena, r->unresolved, r->unresolved_count, r->unresolved_cap, out))
            return vd_fail_nomem(run->err);
    }
    return VD_OK;
}

static vd_code lint_policies(vd_file_run *run)
{
    run->report->format = run->found.format;
    VD_TRY(vd_suppress_prepare(run));
    for (uint32_t i = 0; i < run->found.count; i++) {
        const vd_extracted *e = &run->found.at[i];

        VD_TRY(look_at(run, e, i == 0 || run->found.at[i - 1].policy != e->policy));
    }
    VD_TRY(run_all(run));
    for (uint32_t i = 0; i < run->found.remark_count; i++)
        VD_TRY(vd_report_take_remark(run, &run->found.remarks[i]));
    VD_TRY(vd_suppress_tell_unused(run));
    return take_unresolved(run);
}

/* What cannot be read is a finding of some rule, of its own when no other says more. */
static vd_code tell_failure(vd_file_run *run)
{
    const vd_report *r = run->report;
    vd_str           text = vd_str_of(r->error.text);
    vd_pos           at = { .line = 1, .column = 1 };

    for (uint32_t i = 0; i < r->finding_count; i++)
        if (r->findings[i].severity == VD_ERROR && r->findings[i].policy == VD_NONE)
            return VD_OK;
    if (r->error.at.line)
        at = r->error.at;
    return vd_report_take_file(run, vd_lint_rule_find(VD_S("file-unreadable")), VD_NONE, at, text);
}

/* ------------------------------------------------------------------ the call */

static bool parameter(void *user, vd_str name, vd_str *value)
{
    const vd_linter *l = user;

    for (uint32_t i = 0; i < l->parameters.count; i++)
        if (vd_str_eq(l->parameters.at[i].name, name)) {
            *value = l->parameters.at[i].value;
            return true;
        }
    return false;
}

/* What is shown of the file, around a finding or as its token: in UTF-8, with stars instead of what nobody is to see. */
static vd_code take_shown_text(vd_file_run *run)
{
    vd_source *s = &run->report->source;
    char      *copy;

    if (!run->found.secret_count && !run->found.text.n)
        return VD_OK;
    copy = vd_arena_alloc(&run->report->arena, s->text.n, 1);
    if (!copy)
        return vd_fail_nomem(run->err);
    memcpy(copy, s->text.p, s->text.n);
    for (uint32_t i = 0; i < run->found.secret_count; i++) {
        vd_span span = run->found.secrets[i];

        for (uint32_t k = span.offset; k < span.offset + span.length; k++)
            if (copy[k] != '"' && copy[k] != '\n')
                copy[k] = '*';
    }
    s->text.p = copy;
    return VD_OK;
}

/* Places of what is wrong with a text in UTF-16 are places in the decoded one. */
static vd_code take_decoded_text(vd_file_run *run)
{
    vd_source *s = &run->report->source;
    vd_str     decoded;
    vd_code    code;

    if (!vd_is_utf16(s->text))
        return VD_OK;
    code = vd_utf16_decode(&decoded, &run->report->arena, s, NULL);
    if (code == VD_OK)
        s->text = decoded;
    return code == VD_ENOMEM ? vd_fail_nomem(run->err) : VD_OK;
}

static vd_code read_and_lint(vd_file_run *run, vd_diags *notes)
{
    const vd_linter *l = run->linter;
    vd_extract_opts  opts = {
         .account = l->config.account,
         .partition = l->config.partition,
         .parameter = parameter,
         .user = (void *)(uintptr_t)l,
         .all_versions = l->all_versions,
         .all_resources = l->all_resources,
         .defaults = l->config.template_defaults == VD_DEFAULTS_HINT,
         .catalog = l->catalog,
    };
    vd_error err = { .size = sizeof err };
    vd_code  code = vd_extract(&run->found, l->engine, &run->report->source, &opts, notes, &err);

    if (code == VD_ENOMEM)
        return vd_fail_nomem(run->err);
    if (code != VD_OK) {
        note_failure(run, &err);
        VD_TRY(take_decoded_text(run));
    } else {
        if (run->found.text.n)
            run->report->source.text = run->found.text;
        code = lint_policies(run);
        if (code == VD_OK)
            code = take_shown_text(run);
        vd_extraction_done(&run->found);
        if (code != VD_OK)
            return code;
    }
    for (size_t i = 0; i < vd_diags_count(notes); i++)
        VD_TRY(vd_report_take_diag(run, vd_diags_at(notes, i)));
    if (run->report->failed)
        VD_TRY(tell_failure(run));
    return vd_report_finish(run);
}

static vd_code run_one(vd_file_run *run, const vd_error *why)
{
    vd_diags *notes = NULL;
    vd_code   code;

    if (why) {
        note_failure(run, why);
        VD_TRY(tell_failure(run));
        return vd_report_finish(run);
    }
    if (vd_diags_new(&notes, run->linter->engine, NULL) != VD_OK)
        return vd_fail_nomem(run->err);
    code = read_and_lint(run, notes);
    vd_diags_free(notes);
    return code;
}

static vd_code run_file(vd_report **out, const vd_linter *linter, vd_str name, vd_str path, vd_str text,
                        const vd_error *why, uint64_t *units_left, vd_error *err)
{
    vd_file_run run = { .linter = linter, .units_left = units_left, .err = err };
    vd_code     code;

    *out = NULL;
    run.report = vd_report_new(linter, name, path, text);
    run.worker = run.report ? vd_lint_worker_take(linter) : NULL;
    code = run.worker ? run_one(&run, why) : vd_fail_nomem(err);
    if (run.worker)
        vd_lint_worker_give(linter, run.worker);
    if (code == VD_OK)
        *out = run.report;
    else
        vd_report_free(run.report);
    return code;
}

vd_code vd_lint_file(vd_report **out, const vd_linter *linter, vd_str name, vd_str path, vd_str text,
                     vd_error *err)
{
    return run_file(out, linter, name, path, text, NULL, NULL, err);
}

vd_code vd_lint_file_within(vd_report **out, const vd_linter *linter, vd_str name, vd_str path, vd_str text,
                            uint64_t *units_left, vd_error *err)
{
    return run_file(out, linter, name, path, text, NULL, units_left, err);
}

vd_code vd_lint_unreadable(vd_report **out, const vd_linter *linter, vd_str name, vd_str path,
                           const vd_error *why, vd_error *err)
{
    return run_file(out, linter, name, path, VD_S(""), why, NULL, err);
}

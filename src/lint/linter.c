/* SPDX-License-Identifier: Apache-2.0
 *
 * Making a linter: configurations, presets and the words of the command line come down to one choice for each rule.
 */
#include "lint/linter.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "lint/source.h"
#include "lint/supersede.h"
#include "lint/suppress.h"
#include "pattern/value.h"

enum { DAY = 86400 };

/* ------------------------------------------------------------------ workers */

static void worker_free(const vd_linter *l, vd_lint_worker *w)
{
    if (!w)
        return;
    vd_expansions_free(w->expansions);
    vd_arena_done(&w->scratch);
    vd_arena_done(&w->party);
    vd_free(&l->engine->alloc, w, sizeof *w);
}

vd_lint_worker *vd_lint_worker_take(const vd_linter *linter)
{
    vd_linter      *l = (vd_linter *)(uintptr_t)linter; /* the waiting workers are the one thing that changes */
    vd_lint_worker *w;

    for (size_t i = 0; i < VD_LINT_WORKERS; i++) {
        w = atomic_exchange_explicit(&l->idle[i], NULL, memory_order_acquire);
        if (w)
            return w;
    }
    w = vd_alloc0(&l->engine->alloc, sizeof *w);
    if (!w)
        return NULL;
    w->scratch = vd_arena_on(&l->engine->alloc, 0);
    w->party = vd_arena_on(&l->engine->alloc, 0);
    w->expansions = vd_expansions_new(l->catalog, &l->engine->alloc);
    if (w->expansions)
        return w;
    worker_free(l, w);
    return NULL;
}

void vd_lint_worker_give(const vd_linter *linter, vd_lint_worker *w)
{
    vd_linter *l = (vd_linter *)(uintptr_t)linter;

    vd_arena_reset(&w->scratch);
    for (size_t i = 0; i < VD_LINT_WORKERS; i++) {
        vd_lint_worker *none = NULL;

        if (atomic_compare_exchange_strong_explicit(&l->idle[i], &none, w, memory_order_release, memory_order_relaxed))
            return;
    }
    worker_free(l, w);
}

/* ------------------------------------------------------------------ choices */

typedef struct choosing {
    vd_linter *l;
    bool       off, chosen;
    int8_t     severity; /* VD_NOTE: as it is */
    bool       reset;    /* back to the rule's own */
} choosing;

static void choose(void *user, uint32_t rule)
{
    const choosing *how = user;
    vd_rule_choice *c = &how->l->config.rules[rule];

    c->off = how->off;
    c->chosen |= how->chosen;
    if (how->severity || how->reset)
        c->severity = how->severity;
}

static vd_code unknown_rule(const vd_linter *l, vd_str name, const vd_pos *at, vd_error *err)
{
    vd_str near = vd_rules_near(&l->names, name);

    if (at)
        vd_fail_at(err, VD_ESYNTAX, *at, "there is no rule \"" VD_F "\"", VD_A(vd_str_first(name, 80)));
    else
        vd_fail(err, VD_EINVAL, "there is no rule \"" VD_F "\"", VD_A(vd_str_first(name, 80)));
    if (near.n)
        vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(near));
    return at ? VD_ESYNTAX : VD_EINVAL;
}

/* "a,b" or several words: each names rules. */
static vd_code choose_list(vd_linter *l, const vd_str *list, uint32_t count, choosing how, vd_error *err)
{
    how.l = l;
    for (uint32_t i = 0; i < count; i++) {
        vd_str rest = list[i], name;

        do {
            bool more = vd_str_cut(&rest, ',', &name);

            if (!more)
                name = rest;
            name = vd_str_trim(name);
            if (vd_rules_named(&l->names, name, choose, &how) == 0)
                return unknown_rule(l, name, NULL, err);
            if (!more)
                break;
        } while (true);
    }
    return VD_OK;
}

/* RULE=SEVERITY */
static vd_code choose_severity(vd_linter *l, vd_str text, vd_error *err)
{
    static const vd_str words[] = { VD_L("off"),     VD_L("default"),  VD_L("suggestion"),
                                    VD_L("warning"), VD_L("security"), VD_L("error") };
    vd_str              name = vd_str_first(text, vd_str_find(text, '=')), word = vd_str_from(text, name.n + 1);
    choosing            how = { .l = l };
    size_t              which = 0;

    while (which < VD_COUNT(words) && !vd_str_eq(word, words[which]))
        which++;
    if (which == VD_COUNT(words))
        return vd_fail(err, VD_EINVAL, "\"" VD_F "\" is not RULE=SEVERITY: off, default, suggestion, warning, security or error",
                       VD_A(vd_str_first(text, 80)));
    how.off = which == 0;
    how.chosen = which > 1;
    how.reset = which == 1;
    how.severity = which > 1 ? (int8_t)(which - 1) : VD_NOTE;
    if (vd_rules_named(&l->names, name, choose, &how) == 0)
        return unknown_rule(l, name, NULL, err);
    return VD_OK;
}

static vd_code choose_settings(vd_linter *l, vd_error *err)
{
    for (uint32_t i = 0; i < l->config.setting_count; i++) {
        const vd_rule_setting *s = &l->config.settings[i];
        choosing               how = { .l = l, .off = s->off, .chosen = s->severity != VD_NOTE, .severity = s->severity,
                                       .reset = s->severity == VD_NOTE };

        if (vd_rules_named(&l->names, s->rule, choose, &how) == 0)
            return unknown_rule(l, s->rule, &s->at, err);
    }
    return VD_OK;
}

static void apply_preset(vd_linter *l)
{
    vd_preset preset = VD_PRESET_RECOMMENDED;

    for (size_t i = 0; i < VD_PRESET_COUNT; i++)
        if (vd_str_eq(l->config.preset, vd_lint_presets[i]))
            preset = (vd_preset)i;
    l->config.access_analyzer = preset == VD_PRESET_ACCESS_ANALYZER;
    for (uint32_t i = 0; i < l->names.count; i++) {
        const vd_lint_rule *r = l->names.at[i];
        vd_rule_choice     *c = &l->config.rules[i];

        if (preset == VD_PRESET_STRICT)
            c->chosen = true;
        else if (preset == VD_PRESET_MINIMAL)
            c->off = r->severity != VD_ERROR;
        else if (preset == VD_PRESET_ACCESS_ANALYZER)
            c->off = !r->codes || !*r->codes;
    }
    if (preset == VD_PRESET_STRICT)
        l->confidence = VD_CONFIDENCE_LOW;
}

/* --select leaves nothing but what it names. */
static vd_code choose_all(vd_linter *l, const vd_linter_opts *o, vd_error *err)
{
    apply_preset(l);
    VD_TRY(choose_settings(l, err));
    if (o->select_count) {
        for (uint32_t i = 0; i < l->names.count; i++)
            l->config.rules[i].off = true;
        VD_TRY(choose_list(l, o->select, o->select_count, (choosing){ .chosen = true }, err));
    }
    VD_TRY(choose_list(l, o->ignore, o->ignore_count, (choosing){ .off = true }, err));
    for (uint32_t i = 0; i < o->severity_count; i++)
        VD_TRY(choose_severity(l, o->severities[i], err));
    return VD_OK;
}

/* ------------------------------------------------------------------ rules */

static bool name_rules(vd_linter *l)
{
    uint32_t             count = vd_lint_rule_count();
    const vd_lint_rule **at = vd_arena_new_array(&l->arena, const vd_lint_rule *, count + l->customs.count + 1);
    uint32_t             n = 0;

    if (!at)
        return false;
    for (uint32_t g = 0; g < vd_lint_group_count; g++)
        for (uint32_t i = 0; i < vd_lint_groups[g]->count; i++)
            at[n++] = &vd_lint_groups[g]->rules[i];
    for (uint32_t i = 0; i < l->customs.count; i++)
        at[count + i] = &l->customs.rules[i];
    l->names = (vd_rule_names){ at, n + l->customs.count, n };
    l->config.rules = vd_arena_new_array(&l->arena, vd_rule_choice, l->names.count + 1);
    return l->config.rules && vd_supersede_prepare(&l->config, &l->arena, l->names.count);
}

/* "CWE-269 CWE-250", from the table. */
static const char *weaknesses(vd_linter *l, vd_sheet cwe, const char *id)
{
    vd_run rows = vd_sheet_find(cwe, vd_str_of(id));
    vd_str text;

    if (rows.count == 0)
        return "";
    return vd_arena_dup(&l->arena, &text, vd_sheet_cell(cwe, rows.first, 1)) ? text.p : NULL;
}

static bool describe_rules(vd_linter *l)
{
    vd_sheet cwe = vd_catalog_sheet(l->catalog, VD_S("cwe"));

    l->infos = vd_arena_new_array(&l->arena, vd_rule_info, l->names.count ? l->names.count : 1);
    if (!l->infos)
        return false;
    for (uint32_t i = 0; i < l->names.count; i++) {
        const vd_lint_rule   *r = l->names.at[i];
        const vd_rule_choice *c = &l->config.rules[i];
        const vd_lint_group  *group = NULL;

        if (i < l->names.builtin)
            vd_lint_rule_at(i, &group);
        l->infos[i] = (vd_rule_info){
            .size = sizeof(vd_rule_info),
            .id = r->id,
            .group = group ? group->name : "custom",
            .severity = c->severity ? c->severity : r->severity,
            .usual = r->severity,
            .score = r->severity == VD_SECURITY || c->severity == VD_SECURITY ? r->score : 0,
            .confidence = r->confidence,
            .fix = r->fix,
            .enabled = !c->off && (c->chosen || !(r->flags & VD_LINT_OFF)),
            .off = (r->flags & VD_LINT_OFF) != 0,
            .dated = (r->flags & VD_LINT_DATED) != 0,
            .document = (r->flags & VD_LINT_DOCUMENT) != 0,
            .kinds = r->on,
            .codes = r->codes ? r->codes : "",
            .cwe = weaknesses(l, cwe, r->id),
            .title = r->title ? r->title : "",
            .why = r->why ? r->why : "",
            .remedy = r->remedy ? r->remedy : "",
            .bad = r->bad ? r->bad : "",
            .good = r->good ? r->good : "",
            .informs = (r->flags & VD_LINT_INFORMS) != 0,
        };
    }
    return !l->arena.failed;
}

/* ------------------------------------------------------------------ making one */

static bool keep_text(vd_linter *l, vd_str name, vd_str text)
{
    vd_lint_text t = { .text = text };

    return vd_arena_dup(&l->arena, &t.name, name) && VD_ARENA_PUSH(&l->arena, l->texts, l->text_count, l->text_cap, t);
}

static vd_code read_configs(vd_linter *l, const vd_linter_opts *o, vd_error *err)
{
    for (uint32_t i = 0; i < o->config_count; i++) {
        const vd_lint_text *t = &o->configs[i];
        vd_str              text;

        if (!vd_arena_dup(&l->arena, &text, t->text))
            return vd_fail_nomem(err);
        if (!keep_text(l, t->name, text))
            return vd_fail_nomem(err);
        VD_TRY(vd_lint_config_read(&l->config, &l->arena, l->engine, t->name, t->base.p ? t->base : VD_S(""), text, err));
    }
    return VD_OK;
}

static vd_code read_type(vd_linter *l, vd_str text, vd_error *err)
{
    vd_str copy;

    if (text.n == 0)
        return VD_OK;
    if (!vd_arena_dup(&l->arena, &copy, text))
        return vd_fail_nomem(err);
    l->typed = vd_policy_type_read(&l->said, copy);
    if (l->typed)
        return VD_OK;
    return vd_fail(err, VD_EINVAL,
                   "\"" VD_F "\" is not a type of policies: identity, managed, boundary, session, resource[:kind], trust, scp, "
                   "rcp or endpoint", VD_A(vd_str_first(text, 80)));
}

static void look_at_dates(vd_linter *l, int64_t now)
{
    vd_date d;
    bool    dated = vd_date_parse(&d, vd_catalog_date(l->catalog));

    l->config.now = now ? now : dated ? d.seconds : 0;
    l->stale = dated && l->config.now - d.seconds > (int64_t)l->config.max_age_days * DAY;
}

static vd_code read_changes(vd_linter *l, const vd_lint_text *text, vd_error *err)
{
    vd_source s = { 0 };

    l->only_changed = true;
    if (!vd_arena_dup(&l->arena, &s.name, text->name) || !vd_arena_dup(&l->arena, &s.text, text->text))
        return vd_fail_nomem(err);
    return vd_diff_read(&l->changes, &l->arena, &s, err);
}

static vd_code read_known(vd_linter *l, const vd_linter_opts *o, vd_error *err)
{
    l->changed_scope = o->changed_scope;
    for (uint32_t i = 0; i < o->parameter_count; i++)
        VD_TRY(vd_parameters_read(l, &o->parameters[i], err));
    if (o->baseline)
        VD_TRY(vd_baseline_read(l, o->baseline, err));
    return o->changes ? read_changes(l, o->changes, err) : VD_OK;
}

static vd_code set_up(vd_linter *l, const vd_linter_opts *o, vd_error *err)
{
    if (!vd_lint_config_init(&l->config, &l->arena))
        return vd_fail_nomem(err);
    VD_TRY(read_configs(l, o, err));
    VD_TRY(vd_customs_read(&l->customs, &l->arena, l->engine, &l->config, err));
    l->config.customs = l->customs.count ? &l->customs : NULL;
    if (!name_rules(l))
        return vd_fail_nomem(err);
    if (o->preset.n && !vd_arena_dup(&l->arena, &l->config.preset, o->preset))
        return vd_fail_nomem(err);
    if (o->account.n && !vd_arena_dup(&l->arena, &l->config.account, o->account))
        return vd_fail_nomem(err);
    VD_TRY(read_type(l, o->policy_type, err));
    l->confidence = l->config.confidence;
    if (o->strict)
        l->confidence = VD_CONFIDENCE_LOW;
    l->config.strict = l->confidence == VD_CONFIDENCE_LOW;
    VD_TRY(choose_all(l, o, err));
    VD_TRY(vd_suppress_settle(l, err));
    VD_TRY(read_known(l, o, err));
    look_at_dates(l, o->now);
    l->min_severity = o->min_severity ? o->min_severity : l->config.min_severity ? l->config.min_severity : VD_SUGGESTION;
    l->fail_on = o->fail_on ? o->fail_on : l->config.fail_on ? l->config.fail_on : VD_SECURITY;
    l->all_versions = o->all_versions;
    l->all_resources = o->all_resources;
    l->config.semantic = o->semantic;
    l->config.budget = o->budget;
    l->config.budget_total = o->budget_total;
    if (o->source_count)
        VD_TRY(vd_lint_sources_read(l, o->sources, o->source_count, err));
    return describe_rules(l) ? VD_OK : vd_fail_nomem(err);
}

static bool is_named(vd_error *err, const vd_lint_text *texts, uint32_t count)
{
    for (uint32_t i = 0; texts && i < count; i++)
        if (vd_str_eq(texts[i].name, err->at.file)) {
            err->at.file = texts[i].name;
            return true;
        }
    return false;
}

/* The error outlives the linter that was not made: it names the caller's text by the caller's string. */
static void keep_place(vd_error *err, const vd_linter_opts *o)
{
    if (err && !is_named(err, o->configs, o->config_count) && !is_named(err, o->parameters, o->parameter_count) &&
        !is_named(err, o->sources, o->source_count) && !is_named(err, o->baseline, 1) && !is_named(err, o->changes, 1))
        err->at.file = VD_S("");
}

vd_code vd_linter_new(vd_linter **out, const vd_engine *engine, const vd_linter_opts *opts, vd_error *err)
{
    vd_linter_opts o = { .size = sizeof o };
    vd_linter     *l = vd_alloc0(&engine->alloc, sizeof *l);
    vd_code        code;

    *out = NULL;
    if (!l)
        return vd_fail_nomem(err);
    if (opts)
        memcpy(&o, opts, opts->size < sizeof o ? opts->size : sizeof o);
    l->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    l->arena = vd_arena_on(&engine->alloc, 0);
    l->catalog = o.catalog ? o.catalog : vd_catalog_builtin();
    code = set_up(l, &o, err);
    if (code != VD_OK) {
        keep_place(err, &o);
        vd_linter_free(l);
        return code;
    }
    *out = l;
    return VD_OK;
}

void vd_linter_free(vd_linter *linter)
{
    vd_engine *engine;

    if (!linter)
        return;
    for (size_t i = 0; i < VD_LINT_WORKERS; i++)
        worker_free(linter, atomic_load_explicit(&linter->idle[i], memory_order_acquire));
    engine = linter->engine;
    vd_customs_done(&linter->customs);
    vd_intern_done(&linter->known_ids, &engine->alloc);
    vd_hcl_done(&linter->sources);
    vd_arena_done(&linter->arena);
    vd_free(&engine->alloc, linter, sizeof *linter);
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ questions */

uint32_t vd_linter_rules(const vd_linter *linter)
{
    return linter->names.count;
}

const vd_rule_info *vd_linter_rule(const vd_linter *linter, uint32_t index)
{
    return index < linter->names.count ? &linter->infos[index] : NULL;
}

const vd_rule_info *vd_linter_find(const vd_linter *linter, vd_str id)
{
    for (uint32_t i = 0; i < linter->names.count; i++)
        if (vd_str_eq(id, vd_str_of(linter->infos[i].id)))
            return &linter->infos[i];
    return NULL;
}

int32_t vd_linter_min_severity(const vd_linter *linter)
{
    return linter->min_severity;
}

int32_t vd_linter_fail_on(const vd_linter *linter)
{
    return linter->fail_on;
}

vd_str vd_linter_catalog_date(const vd_linter *linter)
{
    return vd_catalog_date(linter->catalog);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * SARIF 2.1.0 as GitHub code scanning takes it: one run, every enabled rule with its page, results by how bad they are so
 * that whoever cuts the list drops the least.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "render/lint.h"
#include "render/parts.h"
#include "render/rule.h"
#include "render/sarif.h"

enum {
    MOST_TAGS = 20,
    HIGH = 70 /* tenths: from here on GitHub calls it high, and SARIF an error */
};

/* ------------------------------------------------------------------ rules */

static const char *level_of(int32_t severity, unsigned score)
{
    static const char *const levels[] = { "note", "note", "warning", "warning", "error" };

    return severity == VD_SECURITY && score >= HIGH ? "error" : levels[severity];
}

static const char *problem_of(const vd_rule_info *r)
{
    static const char *const problems[] = { "recommendation", "recommendation", "warning", "warning",
                                            "error" };

    return r->severity == VD_SECURITY && r->score >= HIGH ? "error" : problems[r->severity];
}

static vd_json *sentence(const char *text)
{
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    vd_rule_sentence(&b, text);
    v = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

static vd_json *pascal(const char *id)
{
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    vd_rule_pascal(&b, vd_str_of(id));
    v = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

static void push_cwe(vd_json *tags, const vd_rule_info *r, uint32_t room)
{
    vd_str rest = vd_str_of(r->cwe), word;

    for (; room && vd_word_next(&rest, &word); room--) {
        vd_buf b = vd_buf_on(vd_allocator_default(), 0);

        vd_buf_add(&b, VD_S("external/cwe/"));
        for (size_t i = 0; i < word.n; i++)
            vd_buf_byte(&b, vd_lower(word.p[i]));
        vd_json_push(tags, b.failed ? NULL : vd_json_string(vd_buf_str(&b)));
        vd_buf_done(&b);
    }
}

static vd_json *properties_of(const vd_rule_info *r)
{
    static const char *const precisions[] = { "high", "medium", "low" };
    bool                     security = r->severity == VD_SECURITY;
    vd_json                 *o = vd_json_object(), *tags = vd_json_array();
    vd_buf                   score = vd_buf_on(vd_allocator_default(), 0);

    if (security)
        vd_json_push(tags, vd_part_words("security"));
    vd_json_push(tags, vd_part_words("iam"));
    vd_json_push(tags, vd_part_words(r->group));
    push_cwe(tags, r, MOST_TAGS - 3);
    vd_json_set(o, "tags", tags);
    vd_json_set(o, "precision",
                vd_part_words(r->severity == VD_ERROR && r->confidence == VD_LINT_HIGH ? "very-high"
                                                                               : precisions[r->confidence]));
    vd_json_set(o, "problem.severity", vd_part_words(problem_of(r)));
    if (security) {
        vd_rule_score(&score, r->score ? r->score : 1);
        vd_json_set(o, "security-severity", score.failed ? NULL : vd_json_string(vd_buf_str(&score)));
    }
    vd_buf_done(&score);
    return o;
}

/* The page without its head, which the metadata says already. */
static vd_json *help_of(const vd_rule_info *r)
{
    const vd_look look = { .colour = false, .width = 100 };
    vd_buf   text = vd_buf_on(vd_allocator_default(), 0), markdown = vd_buf_on(vd_allocator_default(), 0);
    vd_json *o = vd_json_object();

    vd_render_rule_text(&text, &look, r);
    vd_render_rule_markdown(&markdown, r);
    vd_json_set(o, "text", text.failed ? NULL : vd_json_string(vd_buf_str(&text)));
    vd_json_set(o, "markdown", markdown.failed ? NULL : vd_json_string(vd_buf_str(&markdown)));
    vd_buf_done(&text);
    vd_buf_done(&markdown);
    return o;
}

static vd_json *rule_of(const vd_rule_info *r)
{
    vd_json *o = vd_json_object(), *configuration = vd_json_object();
    vd_buf   uri = vd_buf_on(vd_allocator_default(), 0);

    vd_json_set(o, "id", vd_part_words(r->id));
    vd_json_set(o, "name", pascal(r->id));
    vd_json_set(o, "shortDescription", vd_sarif_text(sentence(r->title)));
    vd_json_set(o, "fullDescription", vd_sarif_text(sentence(*r->why ? r->why : r->title)));
    vd_json_set(o, "help", help_of(r));
    if (strncmp(r->id, "x-", 2) != 0 && vd_rule_uri(&uri, r->id))
        vd_json_set(o, "helpUri", uri.failed ? NULL : vd_json_string(vd_buf_str(&uri)));
    vd_buf_done(&uri);
    vd_json_set(configuration, "level", vd_part_words(level_of(r->severity, r->score)));
    vd_json_set(o, "defaultConfiguration", configuration);
    vd_json_set(o, "properties", properties_of(r));
    return o;
}

/* Which rules are listed: those that are on, in the order of the catalogue, then what else found something.  Files may
 * have linters of their own, so a rule is known by its id. */
typedef struct listing {
    VD_VEC(const vd_rule_info *) rules;
} listing;

static uint32_t place_of(const listing *l, const vd_rule_info *rule)
{
    for (uint32_t i = 0; i < l->rules.count; i++)
        if (l->rules.at[i] == rule || strcmp(l->rules.at[i]->id, rule->id) == 0)
            return i;
    return VD_NONE;
}

static bool list_rules(listing *l, const vd_lint_job *job, const vd_lint_ranking *ranking)
{
    const vd_allocator *heap = vd_allocator_default();
    bool                ok = true;

    for (uint32_t i = 0; ok && i < vd_linter_rules(job->linter); i++)
        if (vd_linter_rule(job->linter, i)->enabled)
            ok = VD_PUSH(heap, &l->rules, vd_linter_rule(job->linter, i));
    for (uint32_t i = 0; ok && i < ranking->count; i++)
        if (place_of(l, ranking->at[i].finding->rule) == VD_NONE)
            ok = VD_PUSH(heap, &l->rules, ranking->at[i].finding->rule);
    return ok;
}

static vd_json *rules_of(const listing *l)
{
    vd_json *rules = vd_json_array();

    for (uint32_t i = 0; i < l->rules.count; i++)
        vd_json_push(rules, rule_of(l->rules.at[i]));
    return rules;
}

/* ------------------------------------------------------------------ places */

static vd_json *physical(const vd_report *report, const vd_range *r, vd_str text)
{
    vd_json *o = vd_json_object();
    bool     here = vd_str_eq(r->at.file, vd_report_file(report));

    vd_json_set(o, "artifactLocation", vd_sarif_artifact(vd_lint_path(report, &r->at)));
    if (r->at.line)
        vd_json_set(o, "region", vd_sarif_region(r, here ? text : (vd_str){ NULL, 0 }));
    return o;
}

static vd_json *logical(const vd_lint_finding *f)
{
    vd_json *list = vd_json_array(), *o = vd_json_object();
    vd_buf   name = vd_buf_on(vd_allocator_default(), 0);

    vd_look_safe(&name, f->container);
    if (name.n && f->pointer.n)
        vd_buf_byte(&name, ' ');
    vd_look_safe(&name, f->pointer);
    vd_json_set(o, "fullyQualifiedName", name.failed ? NULL : vd_json_string(vd_buf_str(&name)));
    vd_json_push(list, o);
    vd_buf_done(&name);
    return list;
}

static vd_json *locations_of(const vd_report *report, const vd_lint_finding *f, vd_str text)
{
    vd_json *list = vd_json_array(), *o = vd_json_object();

    vd_json_set(o, "physicalLocation", physical(report, &f->range, text));
    if (f->container.n || f->pointer.n)
        vd_json_set(o, "logicalLocations", logical(f));
    vd_json_push(list, o);
    return list;
}

static vd_json *related_of(const vd_report *report, const vd_lint_finding *f, vd_str text)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < f->related_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "id", vd_json_int(i + 1));
        vd_json_set(o, "physicalLocation", physical(report, &f->related[i].range, text));
        vd_json_set(o, "message", vd_sarif_text(vd_sarif_safe(f->related[i].label, VD_SARIF_MESSAGE)));
        vd_json_push(list, o);
    }
    return list;
}

/* ------------------------------------------------------------------ results */

static vd_json *fingerprints(const vd_lint_finding *f)
{
    vd_json *o = vd_json_object();
    vd_str   hex = vd_str_from(f->id, vd_str_find(f->id, ':') + 1);
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&b, vd_str_first(hex.n ? hex : f->id, 16));
    vd_buf_add(&b, VD_S(":1"));
    vd_json_set(o, "primaryLocationLineHash", b.failed ? NULL : vd_json_string(vd_buf_str(&b)));
    vd_json_set(o, "verdict/v1", vd_json_string(f->id));
    vd_buf_done(&b);
    return o;
}

static vd_json *fixes_of(const vd_report *report, const vd_lint_finding *f)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < f->fix_count; i++) {
        const vd_lint_fix *fix = &f->fixes[i];

        if (fix->edit_count)
            vd_json_push(list, vd_sarif_fix(fix->title, vd_report_path(report), vd_report_text(report), fix->edits, fix->edit_count));
    }
    return list;
}

static bool has_edits(const vd_lint_finding *f)
{
    for (uint32_t i = 0; i < f->fix_count; i++)
        if (f->fixes[i].edit_count)
            return true;
    return false;
}

static vd_json *suppressions_of(const vd_lint_finding *f)
{
    vd_json *list = vd_json_array(), *o = vd_json_object();

    vd_json_set(o, "kind", vd_part_words(f->in_source ? "inSource" : "external"));
    if (f->justification.n)
        vd_json_set(o, "justification", vd_sarif_safe(f->justification, VD_SARIF_MESSAGE));
    vd_json_push(list, o);
    return list;
}

static vd_json *message_of(const vd_lint_finding *f)
{
    vd_buf   text = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    vd_lint_put_line(&text, f);
    v = text.failed ? NULL : vd_sarif_safe(vd_buf_str(&text), VD_SARIF_MESSAGE);
    vd_buf_done(&text);
    return v;
}

static vd_json *result_of(const vd_lint_job *job, const listing *l, const vd_lint_ranked *ranked, vd_str text)
{
    const vd_lint_finding *f = ranked->finding;
    vd_json               *o = vd_json_object();

    vd_json_set(o, "ruleId", vd_part_words(f->rule->id));
    vd_json_set(o, "ruleIndex", vd_json_int(place_of(l, f->rule)));
    vd_json_set(o, "level", vd_part_words(level_of(f->severity, f->score)));
    vd_json_set(o, "message", vd_sarif_text(message_of(f)));
    vd_json_set(o, "locations", locations_of(ranked->report, f, text));
    if (f->related_count)
        vd_json_set(o, "relatedLocations", related_of(ranked->report, f, text));
    vd_json_set(o, "partialFingerprints", fingerprints(f));
    if (has_edits(f))
        vd_json_set(o, "fixes", fixes_of(ranked->report, f));
    if (f->state == VD_STATE_SUPPRESSED)
        vd_json_set(o, "suppressions", suppressions_of(f));
    if (job->has_baseline)
        vd_json_set(o, "baselineState", vd_part_words(f->state == VD_STATE_BASELINED ? "unchanged" : "new"));
    return o;
}

/* Snippets of one report after the other: the starred-out copy is made once for neighbours. */
static vd_json *results_of(const vd_lint_job *job, const listing *l, const vd_lint_ranking *ranking)
{
    vd_json         *list = vd_json_array();
    vd_buf           keep = vd_buf_on(vd_allocator_default(), 0);
    const vd_report *last = NULL;
    vd_str           text = { NULL, 0 };
    uint32_t         most = job->sarif_max ? job->sarif_max : UINT32_MAX;

    for (uint32_t i = 0; i < ranking->count && i < most; i++) {
        if (ranking->at[i].report != last)
            text = vd_lint_text_for_show(&keep, last = ranking->at[i].report);
        vd_json_push(list, result_of(job, l, &ranking->at[i], text));
    }
    vd_buf_done(&keep);
    return list;
}

/* ------------------------------------------------------------------ the run */

static vd_json *notification(const vd_report *report, const char *level, vd_str text, const vd_range *range)
{
    vd_json *o = vd_json_object(), *list = vd_json_array(), *location = vd_json_object();

    vd_json_set(o, "level", vd_part_words(level));
    vd_json_set(o, "message", vd_sarif_text(vd_sarif_safe(text, VD_SARIF_MESSAGE)));
    vd_json_set(location, "physicalLocation", physical(report, range, (vd_str){ NULL, 0 }));
    vd_json_push(list, location);
    vd_json_set(o, "locations", list);
    return o;
}

/* What could not be read, and what there is no answer about. */
static vd_json *notifications_of(const vd_lint_job *job)
{
    vd_json *notes = vd_json_array();

    for (uint32_t i = 0; i < job->count; i++) {
        const vd_report *r = job->reports[i];
        const vd_error  *err = vd_report_error(r);

        if (err) {
            vd_range range = { err->at, err->at.line, err->at.column + (err->at.length ? err->at.length : 1) };

            vd_json_push(notes, notification(r, "error", vd_str_of(err->text), &range));
        }
        for (uint32_t k = 0; k < vd_report_unresolved_count(r); k++)
            if (vd_report_unresolved(r, k)->undecided)
                vd_json_push(notes, notification(r, "warning", vd_report_unresolved(r, k)->reason, &vd_report_unresolved(r, k)->range));
    }
    return notes;
}

vd_code vd_render_lint_sarif(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_lint_ranking ranking;
    listing         l = { 0 };
    vd_sarif_run    run = { .category = job->category, .exit_code = job->summary->exit_code };
    vd_code         code;

    VD_UNUSED(look);
    if (!vd_lint_rank(&ranking, job, true))
        return VD_ENOMEM;
    if (!list_rules(&l, job, &ranking)) {
        VD_VEC_DONE(vd_allocator_default(), &l.rules);
        vd_lint_ranking_done(&ranking);
        return VD_ENOMEM;
    }
    run.rules = rules_of(&l);
    run.notifications = notifications_of(job);
    run.results = results_of(job, &l, &ranking);
    code = vd_sarif_write(out, &run);
    VD_VEC_DONE(vd_allocator_default(), &l.rules);
    vd_lint_ranking_done(&ranking);
    return code;
}

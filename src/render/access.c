/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of access: what annotations and code scanning have in common.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/parts.h"
#include "render/proof.h"
#include "render/rule.h"
#include "render/sarif.h"

enum { MOST_EACH = 10, LEVELS = 3 };

void vd_access_rows_init(vd_access_rows *rows)
{
    *rows = (vd_access_rows){ .arena = vd_arena_on(vd_allocator_default(), 0) };
}

void vd_access_rows_done(vd_access_rows *rows)
{
    vd_arena_done(&rows->arena);
    *rows = (vd_access_rows){ 0 };
}

void vd_access_add(vd_access_rows *rows, const vd_access_row *row, vd_buf *text)
{
    vd_access_row copy = *row;

    rows->failed |= text->failed || !vd_arena_dup(&rows->arena, &copy.text, vd_buf_str(text)) ||
                    !vd_arena_dup(&rows->arena, &copy.id, row->id) ||
                    !VD_ARENA_PUSH(&rows->arena, rows->at, rows->count, rows->cap, copy);
    vd_buf_done(text);
}

/* ------------------------------------------------------------------ GitHub */

/* 0 error, 1 warning, 2 notice: as SARIF has it. */
static int level_of(int32_t severity)
{
    return severity >= VD_ACCESS_HIGH ? 0 : severity >= VD_ACCESS_LOW ? 1 : 2;
}

static vd_str tidy_file(vd_str file)
{
    while (vd_str_starts(file, VD_S("./")))
        file = vd_str_from(file, 2);
    return file;
}

static void put_row(vd_buf *out, const vd_access_row *r)
{
    static const char *const names[LEVELS] = { "error", "warning", "notice" };

    vd_buf_printf(out, "::%s ", names[level_of(r->severity)]);
    if (r->at.file.n) {
        vd_buf_add(out, VD_S("file="));
        vd_put_command(out, tidy_file(r->at.file), true);
        if (r->at.line)
            vd_buf_printf(out, ",line=%u,col=%u", r->at.line, r->at.column);
        vd_buf_byte(out, ',');
    }
    vd_buf_add(out, VD_S("title=verdict%3A "));
    vd_put_command(out, vd_str_of(r->rule->id), true);
    vd_buf_add(out, VD_S("::"));
    vd_put_command(out, r->text, false);
    vd_buf_byte(out, '\n');
}

static void put_error(vd_buf *out, const vd_error *err)
{
    vd_buf_add(out, VD_S("::error "));
    if (err->at.file.n) {
        vd_buf_add(out, VD_S("file="));
        vd_put_command(out, tidy_file(err->at.file), true);
        if (err->at.line)
            vd_buf_printf(out, ",line=%u,col=%u", err->at.line, err->at.column);
        vd_buf_byte(out, ',');
    }
    vd_buf_add(out, VD_S("title=verdict::"));
    vd_put_command(out, vd_str_of(err->text), false);
    vd_buf_byte(out, '\n');
}

/* GitHub shows ten of each level a step and drops the rest without a word: the worst come first, the last one counts. */
vd_code vd_render_access_github(vd_buf *out, const vd_proof *proof, vd_access_rows *rows)
{
    uint32_t shown[LEVELS] = { 0 }, left = 0;

    for (uint32_t i = 0; i < proof->error_count; i++, shown[0]++)
        if (shown[0] < MOST_EACH)
            put_error(out, &proof->errors[i]);
    for (int32_t severity = VD_ACCESS_HIGH; severity >= 0; severity--)
        for (uint32_t i = 0; i < rows->count; i++) {
            const vd_access_row *r = &rows->at[i];
            int                  level = level_of(r->severity);

            if (r->severity != severity || r->known)
                continue;
            if (shown[level]++ < MOST_EACH - (level == LEVELS - 1))
                put_row(out, r);
            else
                left++;
        }
    if (left)
        vd_buf_printf(out, "::notice title=verdict::%u more not shown here\n", left);
    return out->failed || rows->failed ? VD_ENOMEM : VD_OK;
}

/* ------------------------------------------------------------------ SARIF */

static const char *const levels[] = { "note", "note", "warning", "warning", "error" };
static const char *const scores[] = { NULL, NULL, "3.0", "5.5", "8.0" };

static int32_t bounded(int32_t severity)
{
    return severity < VD_ACCESS_NOTE ? VD_ACCESS_NOTE : severity > VD_ACCESS_HIGH ? VD_ACCESS_HIGH : severity;
}

/* GitHub takes the score from the rule: the worst that was found of it. */
static int32_t worst_of(const vd_access_rows *rows, const vd_access_rule *rule)
{
    int32_t worst = VD_ACCESS_NOTE;

    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->at[i].rule == rule && bounded(rows->at[i].severity) > worst)
            worst = bounded(rows->at[i].severity);
    return worst;
}

static vd_json *help_of(const vd_access_rule *r)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "text", vd_part_words(r->why));
    vd_json_set(o, "markdown", vd_part_words(r->why));
    return o;
}

static vd_json *rule_of(const vd_access_rows *rows, const vd_access_rule *r)
{
    vd_json *o = vd_json_object(), *configuration = vd_json_object(), *properties = vd_json_object(),
            *tags = vd_json_array();
    int32_t worst = worst_of(rows, r);
    vd_buf  name = vd_buf_on(vd_allocator_default(), 0);

    vd_rule_pascal(&name, vd_str_of(r->id));
    vd_json_set(o, "id", vd_part_words(r->id));
    vd_json_set(o, "name", name.failed ? NULL : vd_json_string(vd_buf_str(&name)));
    vd_buf_done(&name);
    vd_json_set(o, "shortDescription", vd_sarif_text(vd_part_words(r->title)));
    vd_json_set(o, "fullDescription", vd_sarif_text(vd_part_words(r->why)));
    vd_json_set(o, "help", help_of(r));
    vd_json_set(configuration, "level", vd_part_words(levels[worst]));
    vd_json_set(o, "defaultConfiguration", configuration);
    if (scores[worst])
        vd_json_push(tags, vd_part_words("security"));
    vd_json_push(tags, vd_part_words("iam"));
    vd_json_set(properties, "tags", tags);
    vd_json_set(properties, "precision", vd_part_words("very-high"));
    vd_json_set(properties, "problem.severity", vd_part_words(worst >= VD_ACCESS_HIGH  ? "error"
                                                              : worst >= VD_ACCESS_LOW ? "warning"
                                                                                       : "recommendation"));
    if (scores[worst])
        vd_json_set(properties, "security-severity", vd_part_words(scores[worst]));
    vd_json_set(o, "properties", properties);
    return o;
}

static vd_json *physical(vd_pos at)
{
    vd_json *o = vd_json_object();
    vd_range r = { at, at.line, at.column + (at.length ? 1 : 0) };

    vd_json_set(o, "artifactLocation", vd_sarif_artifact(tidy_file(at.file)));
    if (at.line)
        vd_json_set(o, "region", vd_sarif_region(&r, (vd_str){ NULL, 0 }));
    return o;
}

static vd_json *location(vd_pos at)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "physicalLocation", physical(at));
    return o;
}

static vd_json *related_of(const vd_access_row *r)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < r->related_count; i++) {
        vd_json *o;
        vd_buf   words = vd_buf_on(vd_allocator_default(), 0);

        if (r->related[i].at.file.n == 0)
            continue;
        o = location(r->related[i].at);
        vd_put_place(&words, &r->related[i]);
        vd_json_set(o, "message", vd_sarif_text(words.failed ? NULL : vd_sarif_safe(vd_buf_str(&words), VD_SARIF_MESSAGE)));
        vd_buf_done(&words);
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *fingerprints_of(const vd_access_row *r)
{
    vd_json *o = vd_json_object();
    vd_buf   hash = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&hash, vd_str_find(r->id, '-') < r->id.n ? vd_str_from(r->id, vd_str_find(r->id, '-') + 1) : r->id);
    vd_buf_add(&hash, VD_S(":1"));
    vd_json_set(o, "primaryLocationLineHash", hash.failed ? NULL : vd_json_string(vd_buf_str(&hash)));
    vd_json_set(o, "verdict/v1", vd_json_string(r->id));
    vd_buf_done(&hash);
    return o;
}

/* By its ARN: there is no file, or the file does not say it. */
static vd_json *logical(vd_str arn)
{
    vd_json *o = vd_json_object(), *list = vd_json_array(), *one = vd_json_object();

    vd_json_set(one, "fullyQualifiedName", vd_sarif_safe(arn, VD_SARIF_MESSAGE));
    vd_json_push(list, one);
    vd_json_set(o, "logicalLocations", list);
    return o;
}

static vd_json *result_of(const vd_access_row *r, uint32_t rule, bool has_baseline)
{
    vd_json *o = vd_json_object(), *locations = vd_json_array(), *properties;

    vd_json_set(o, "ruleId", vd_part_words(r->rule->id));
    vd_json_set(o, "ruleIndex", vd_json_int(rule));
    vd_json_set(o, "level", vd_part_words(r->silent ? "none" : levels[bounded(r->severity)]));
    vd_json_set(o, "message", vd_sarif_text(vd_sarif_safe(r->text, VD_SARIF_MESSAGE)));
    if (r->at.file.n)
        vd_json_push(locations, location(r->at));
    else if (r->subject.n)
        vd_json_push(locations, logical(r->subject));
    vd_json_set(o, "locations", locations);
    if (r->related_count)
        vd_json_set(o, "relatedLocations", related_of(r));
    vd_json_set(o, "partialFingerprints", fingerprints_of(r));
    if (r->edit_count) {
        vd_json *fixes = vd_json_array();

        vd_json_push(fixes, vd_sarif_fix(r->fix, tidy_file(r->at.file), r->file_text, r->edits, r->edit_count));
        vd_json_set(o, "fixes", fixes);
    }
    if (has_baseline)
        vd_json_set(o, "baselineState", vd_part_words(r->known ? "unchanged" : r->updated ? "updated" : "new"));
    if (r->witness) {
        properties = vd_json_object();
        vd_json_set(properties, "witness", vd_part_request(r->witness));
        vd_json_set(o, "properties", properties);
    }
    return o;
}

/* Rules in the order in which they first found something. */
static vd_json *rules_of(const vd_access_rows *rows, const vd_access_rule **listed, uint32_t *count, uint32_t most)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < rows->count; i++) {
        uint32_t k = 0;

        while (k < *count && listed[k] != rows->at[i].rule)
            k++;
        if (k < *count || *count == most)
            continue;
        listed[(*count)++] = rows->at[i].rule;
        vd_json_push(list, rule_of(rows, rows->at[i].rule));
    }
    return list;
}

static vd_json *notification(const vd_error *err)
{
    vd_json *o = vd_json_object(), *list = vd_json_array();

    vd_json_set(o, "level", vd_part_words("error"));
    vd_json_set(o, "message", vd_sarif_text(vd_sarif_safe(vd_str_of(err->text), VD_SARIF_MESSAGE)));
    if (err->at.file.n)
        vd_json_push(list, location(err->at));
    vd_json_set(o, "locations", list);
    return o;
}

vd_code vd_render_access_sarif(vd_buf *out, const vd_proof *proof, vd_access_rows *rows, bool has_baseline)
{
    enum { MOST_RULES = 32 };
    const vd_access_rule *listed[MOST_RULES];
    uint32_t              count = 0;
    vd_sarif_run          run = { .category = proof->category, .exit_code = proof->exit_code, .properties = rows->properties };

    if (rows->failed) {
        vd_json_drop(rows->properties);
        return VD_ENOMEM;
    }
    run.rules = rules_of(rows, listed, &count, MOST_RULES);
    run.results = vd_json_array();
    run.notifications = vd_json_array();
    for (uint32_t i = 0; i < proof->error_count; i++)
        vd_json_push(run.notifications, notification(&proof->errors[i]));
    for (uint32_t i = 0; i < rows->count; i++)
        for (uint32_t k = 0; k < count; k++)
            if (listed[k] == rows->at[i].rule)
                vd_json_push(run.results, result_of(&rows->at[i], k, has_baseline));
    return vd_sarif_write(out, &run);
}

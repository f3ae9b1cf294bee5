/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of any format through every rule, with the built-in catalogue.  Every finding has a place in the file and words;
 * every format shows it, the JSON ones as JSON; linting twice finds the same; fixes end, and what is fixed stays fixed.
 * Behind a line "#config" stands a configuration.
 */
#include "fuzz.h"

#include "base/str.h"
#include "catalog/catalog.h"
#include "render/lint.h"
#include "text/doc.h"

#include <verdict/lint.h>

enum { MOST_INPUT = 16384, MOST_MEMORY = 256 << 20 };

typedef struct counted {
    size_t now;
} counted;

static void *count_realloc(void *user, void *p, size_t old, size_t size)
{
    counted *c = user;

    c->now = c->now - old + size;
    fuzz_check(c->now <= MOST_MEMORY, "%zu bytes of memory", c->now);
    return realloc(p, size);
}

static void count_free(void *user, void *p, size_t size)
{
    ((counted *)user)->now -= size;
    free(p);
}

/* ------------------------------------------------------------------ what must be true of a report */

static void check_range(const vd_range *r, vd_str text, const char *what)
{
    fuzz_check(r->at.offset <= text.n && r->at.length <= text.n - r->at.offset, "%s at %u+%u of %zu", what, r->at.offset,
               r->at.length, text.n);
    fuzz_check(r->at.line && r->at.column, "%s without a line", what);
    fuzz_check(r->end_line > r->at.line || (r->end_line == r->at.line && r->end_column >= r->at.column),
               "%s ends before it starts", what);
}

static void check_fix(const vd_lint_fix *x, vd_str text)
{
    uint32_t end = 0;

    fuzz_check((x->edit_count == 0) == (x->refused.n != 0), "a fix without edits, or one that is refused with them");
    for (uint32_t i = 0; i < x->edit_count; i++) {
        fuzz_check(x->edits[i].start >= end && x->edits[i].end >= x->edits[i].start, "edits overlap");
        end = x->edits[i].end;
        fuzz_check(end <= text.n, "an edit behind the end");
    }
}

static void check_finding(const vd_report *r, const vd_lint_finding *f)
{
    const char *id = f->rule->id;

    check_range(&f->range, vd_report_text(r), id);
    fuzz_check(f->message.n && vd_str_find(f->message, '\n') == f->message.n, "%s: no message of one line", id);
    fuzz_check(f->id.n == 35 && vd_str_starts(f->id, VD_S("v1:")), "%s: id", id);
    fuzz_check(f->policy == UINT32_MAX || f->policy < vd_report_policies(r), "%s: policy %u", id, f->policy);
    for (uint32_t i = 0; i < f->related_count; i++)
        check_range(&f->related[i].range, vd_report_text(r), id);
    for (uint32_t i = 0; i < f->fix_count; i++)
        check_fix(&f->fixes[i], vd_report_text(r));
}

static void check_report(const vd_report *r)
{
    for (uint32_t i = 0; i < vd_report_findings(r); i++)
        check_finding(r, vd_report_finding(r, i));
    for (uint32_t i = 0; i < vd_report_unresolved_count(r); i++)
        check_range(&vd_report_unresolved(r, i)->range, vd_report_text(r), "what is unresolved");
    fuzz_check(!vd_report_error(r) || vd_report_findings(r), "a file that cannot be read, and no finding says so");
}

static void check_same(const vd_report *a, const vd_report *b)
{
    fuzz_check(vd_report_findings(a) == vd_report_findings(b), "%u findings, then %u", vd_report_findings(a),
               vd_report_findings(b));
    for (uint32_t i = 0; i < vd_report_findings(a); i++)
        fuzz_check(vd_str_eq(vd_report_finding(a, i)->id, vd_report_finding(b, i)->id), "finding %u is another", i);
}

/* ------------------------------------------------------------------ shown */

static void check_json(const vd_engine *engine, const char *format, vd_str text)
{
    vd_source source = { .name = VD_S("out"), .text = text };
    vd_doc    doc;
    vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
    vd_limits limits = { 0 };
    vd_error  err = { .size = sizeof err };

    vd_engine_limits(engine, &limits);
    limits.string_bytes = 1 << 26;
    fuzz_check(vd_json_read(&doc, &arena, &source, &limits, NULL, NULL, &err) == VD_OK, "%s: %s", format, err.text);
    vd_arena_done(&arena);
}

static void render(const vd_engine *engine, const vd_linter *linter, const vd_report *r)
{
    vd_lint_summary sum = { .size = sizeof sum };
    vd_lint_job     job = { .linter = linter, .reports = &r, .count = 1, .summary = &sum, .verbose = true,
                            .show_suppressed = true, .all = true };

    vd_lint_summarise(&sum, &r, 1);
    for (size_t i = 0; i < vd_lint_format_count; i++) {
        const char *name = vd_lint_formats[i].name;
        vd_buf      out = vd_buf_on(vd_allocator_default(), 0);
        vd_look     look = { .colour = false, .width = 60 };

        if (strcmp(name, "sarif") == 0 && vd_report_text(r).n % 16)
            continue; /* it tells all rules: more work than all else together */
        fuzz_check(vd_lint_formats[i].render(&out, &look, &job) == VD_OK && !out.failed, "%s", name);
        if (strcmp(name, "json") == 0 || strcmp(name, "sarif") == 0)
            check_json(engine, name, vd_buf_str(&out));
        vd_buf_done(&out);
    }
}

/* ------------------------------------------------------------------ fixed */

static void fix(const vd_linter *linter, vd_str text, bool unsafe)
{
    vd_fix_opts opts = { .size = sizeof opts, .unsafe = unsafe };
    vd_report  *once, *twice;

    fuzz_check(vd_lint_fix_file(&once, linter, &opts, VD_S("fuzz"), VD_S(""), text, NULL) == VD_OK, "no memory");
    check_report(once);
    fuzz_check(vd_report_fixed(once) || vd_str_eq(vd_report_text(once), text) || vd_report_error(once) ||
                   text.n != vd_report_text(once).n, "another text, and nothing fixed");
    fuzz_check(vd_lint_fix_file(&twice, linter, &opts, VD_S("fuzz"), VD_S(""), vd_report_text(once), NULL) == VD_OK,
               "no memory");
    check_report(twice);
    fuzz_check(vd_report_fixed(twice) == 0, "fixing goes on");
    vd_report_free(twice);
    vd_report_free(once);
}

/* ------------------------------------------------------------------ one input */

static vd_str cut_config(vd_str *text)
{
    static const vd_str mark = VD_L("\n#config\n");

    for (size_t i = 0; i + mark.n <= text->n; i++) {
        if (memcmp(text->p + i, mark.p, mark.n) == 0) {
            vd_str config = { text->p + i + mark.n, text->n - i - mark.n };

            text->n = i;
            return config;
        }
    }
    return VD_S("");
}

static void look_at(const vd_engine *engine, const vd_linter *linter, vd_str text)
{
    vd_report *once, *twice;

    fuzz_check(vd_lint_file(&once, linter, VD_S("fuzz"), VD_S("a/fuzz"), text, NULL) == VD_OK, "no memory");
    fuzz_check(vd_lint_file(&twice, linter, VD_S("fuzz"), VD_S("a/fuzz"), text, NULL) == VD_OK, "no memory");
    check_report(once);
    check_same(once, twice);
    render(engine, linter, once);
    vd_report_free(twice);
    vd_report_free(once);
    fix(linter, text, false);
    fix(linter, text, true);
}

static vd_linter *new_linter(const vd_engine *engine, vd_str config)
{
    vd_lint_text   file = { .name = VD_S(".verdict.yaml"), .text = config };
    vd_linter_opts opts = { .size = sizeof opts, .configs = &file, .config_count = config.n != 0, .strict = true,
                            .all_versions = true, .all_resources = true, .now = 1795262400 };
    vd_error       err = { .size = sizeof err };
    vd_linter     *linter = NULL;
    vd_code        code = vd_linter_new(&linter, engine, &opts, &err);

    fuzz_check(code == VD_OK || (config.n && err.text[0]), "no linter: %s", err.text);
    return linter;
}

/* The memory of one engine; what it keeps for the next file is no leak. */
static counted    memory;
static vd_engine *engine;
static vd_linter *usual; /* without a configuration: it takes longer to make than to use */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    vd_allocator   alloc = { count_realloc, count_free, &memory };
    vd_limits      limits = { .size = sizeof limits, .nodes = 20000 };
    vd_engine_opts opts = { .size = sizeof opts, .limits = &limits, .allocator = &alloc };

    (void)argc;
    (void)argv;
    fuzz_check(vd_engine_new(&engine, &opts, NULL) == VD_OK, "no engine");
    usual = new_linter(engine, VD_S(""));
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_str     text = { (const char *)data, size }, config;
    size_t     before = memory.now;
    vd_linter *own;

    if (size > MOST_INPUT)
        return 0;
    config = cut_config(&text);
    if (config.n == 0) {
        look_at(engine, usual, text);
        return 0;
    }
    own = new_linter(engine, config);
    if (own) {
        look_at(engine, own, text);
        vd_linter_free(own);
    }
    fuzz_check(memory.now == before, "%zu bytes are left", memory.now - before);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests out of files: every file of corpus/requests/<reader>/ is read and what came of it compared,
 * line by line, with the .expect beside it.  Files named bad-* must be refused, all others taken.
 * VD_UPDATE=1 writes the .expect files anew; read the diff.  Every file is read again with each of its
 * allocations failing.
 */
#include "unit.h"

#include "failing_alloc.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "request/facts.h"
#include "request/request.h"
#include "text/doc.h"

#include <verdict/set.h>

#include <dirent.h>
#include <errno.h>

/* ------------------------------------------------------------------ what came of it, as text */

static const char *const fields[VD_FIELD_COUNT] = {
    [VD_PRINCIPAL] = "principal",
    [VD_ACTION] = "action",
    [VD_RESOURCE] = "resource",
    [VD_RESOURCE_ACCOUNT] = "resource account",
    [VD_PRINCIPAL_KIND] = "kind",
    [VD_PRINCIPAL_ROLE] = "role",
    [VD_PRINCIPAL_PARENT] = "parent",
    [VD_PRINCIPAL_ID] = "id",
    [VD_PRINCIPAL_ACCOUNT] = "account",
    [VD_PRINCIPAL_CANONICAL] = "canonical",
    [VD_PRINCIPAL_ORG] = "org",
    [VD_PRINCIPAL_ORG_PATH] = "org path",
    [VD_RESOURCE_ORG] = "resource org",
    [VD_RESOURCE_ORG_PATH] = "resource org path",
    [VD_NOW] = "now",
    [VD_ENDPOINT_TYPE] = "endpoint",
    [VD_CREDENTIAL] = "credential",
};

static const char *const flags[VD_FLAG_COUNT] = {
    [VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] = "principal in the management account",
    [VD_RESOURCE_IN_MANAGEMENT_ACCOUNT] = "resource in the management account",
    [VD_SERVICE_LINKED] = "service-linked",
    [VD_NOT_SERVICE_LINKED] = "not service-linked",
    [VD_WANT_MISSING_KEYS] = "want missing keys",
    [VD_AWS_MANAGED_KEY] = "aws managed key",
};

static void show_context(vd_buf *out, const vd_request *r, uint32_t check)
{
    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        if (c->check != check)
            continue;
        vd_buf_printf(out, "%scontext " VD_F ":", check == VD_SHARED_CHECK ? "" : "    ", VD_A(c->key));
        if (c->absent)
            vd_buf_printf(out, " absent");
        for (uint32_t j = 0; j < c->count; j++)
            vd_buf_printf(out, "%s \"" VD_F "\"", j ? "," : "", VD_A(r->values.at[c->first + j]));
        vd_buf_byte(out, '\n');
    }
}

static void show_acl(vd_buf *out, const char *name, const vd_acl *acl)
{
    static const char *const grantees[] = { "canonical", "account", "all-users", "authenticated", "other" };

    if (!acl->given)
        return;
    vd_buf_printf(out, "state %s of \"" VD_F "\"\n", name, VD_A(acl->owner));
    for (uint32_t i = 0; i < acl->count; i++)
        vd_buf_printf(out, "    %s \"" VD_F "\" %u\n", grantees[acl->grants[i].grantee],
                      VD_A(acl->grants[i].id), acl->grants[i].permissions);
}

static void show_pairs(vd_buf *out, const char *name, bool has, const vd_pair *pairs, uint32_t count)
{
    if (!has)
        return;
    vd_buf_printf(out, "    %s", name);
    for (uint32_t i = 0; i < count; i++)
        vd_buf_printf(out, " \"" VD_F "\"=\"" VD_F "\"", VD_A(pairs[i].key), VD_A(pairs[i].value));
    vd_buf_byte(out, '\n');
}

static void show_state(vd_buf *out, const vd_resource_state *s)
{
    for (uint32_t i = 0; i < s->grant_count; i++) {
        const vd_kms_grant *g = &s->grants[i];

        vd_buf_printf(out, "state grant to \"" VD_F "\":", VD_A(g->grantee));
        for (uint32_t j = 0; j < g->operation_count; j++)
            vd_buf_printf(out, " " VD_F, VD_A(g->operations[j]));
        vd_buf_byte(out, '\n');
        show_pairs(out, "equals", g->has_equals, g->equals, g->equals_count);
        show_pairs(out, "subset", g->has_subset, g->subset, g->subset_count);
    }
    show_acl(out, "acl", &s->acl);
    show_acl(out, "object acl", &s->object_acl);
    if (s->object_owner.n)
        vd_buf_printf(out, "state object owner \"" VD_F "\"\n", VD_A(s->object_owner));
    vd_buf_printf(out, "state%s%s%s%s%s%s\n", s->acls_enabled ? " acls-enabled" : "",
                  s->block_public_acls ? " block-acls" : "", s->ignore_public_acls ? " ignore-acls" : "",
                  s->block_public_policy ? " block-policy" : "",
                  s->restrict_public_buckets ? " restrict" : "", s->management_account ? " management" : "");
}

static void show_request(vd_buf *out, const vd_request *r)
{
    for (size_t i = 0; i < VD_FIELD_COUNT; i++)
        if (r->field[i].n)
            vd_buf_printf(out, "%s: " VD_F "\n", fields[i], VD_A(r->field[i]));
    for (size_t i = 0; i < VD_FLAG_COUNT; i++)
        if (r->flag[i])
            vd_buf_printf(out, "flag: %s\n", flags[i]);
    show_context(out, r, VD_SHARED_CHECK);
    for (uint32_t i = 0; i < r->checks.count; i++) {
        const vd_check *c = &r->checks.at[i];

        vd_buf_printf(out, "check " VD_F " on " VD_F, VD_A(c->action.n ? c->action : VD_S("(same)")),
                      VD_A(c->resource));
        vd_buf_printf(out, c->account.n ? " of " VD_F "\n" : "\n", VD_A(c->account));
        show_context(out, r, i);
    }
    if (r->state)
        show_state(out, r->state);
}

/* What the evaluators will make of it; a request that lacks something is told so here, not before. */
static void show_facts(vd_buf *out, const vd_request *r)
{
    vd_facts f;
    vd_error err = { 0 };

    if (vd_facts_make(&f, r, 0, &err) != VD_OK)
        vd_buf_printf(out, "facts: %s\n", err.text);
    else
        vd_buf_printf(out, "facts: " VD_F " of \"" VD_F "\" at \"" VD_F "\"\n",
                      VD_A(vd_principal_kind_names[f.kind]), VD_A(f.account), VD_A(f.resource_account));
}

static void show_notes(vd_buf *out, const vd_diags *notes)
{
    for (size_t i = 0; i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        assert_int_equal(d->severity, VD_NOTE);
        vd_buf_printf(out, "note " VD_F " %u:%u: " VD_F "\n", VD_A(d->rule), d->at.line, d->at.column,
                      VD_A(d->text));
    }
}

static void show_told(vd_buf *out, const vd_told *told)
{
    vd_buf_printf(out, "told: %s %s%s\n", told->explicit_deny ? "explicit" : "implicit",
                  told->layer == VD_LAYER_NONE ? "-" : vd_layer_name(told->layer),
                  told->trust ? " trust" : "");
    if (told->policy.n)
        vd_buf_printf(out, "told policy: " VD_F "\n", VD_A(told->policy));
    if (told->encoded.n)
        vd_buf_printf(out, "told encoded: " VD_F "\n", VD_A(told->encoded));
}

static void show_error(vd_buf *out, const vd_error *err)
{
    vd_buf_printf(out, "error %s %u:%u+%u: %s\n", vd_code_name(err->code), err->at.line, err->at.column,
                  err->at.length, err->text);
    if (err->hint[0])
        vd_buf_printf(out, "hint: %s\n", err->hint);
}

/* ------------------------------------------------------------------ readers */

typedef struct job {
    vd_request *request;
    vd_arena    arena;
    vd_source   source;
    vd_doc      doc;
    vd_diags   *notes;
    vd_told     told;
    bool        has_told;
    bool        reading; /* the text was fine: it is ours now */
    vd_error    err;
} job;

static vd_code read_doc(job *j)
{
    VD_TRY(vd_doc_read(&j->doc, &j->arena, &j->source, &j->request->engine->limits, NULL, NULL, &j->err));
    j->reading = true;
    return VD_OK;
}

static vd_code read_event(job *j)
{
    VD_TRY(read_doc(j));
    return vd_request_from_event(j->request, &j->doc, 0, j->notes, &j->err);
}

static vd_code read_decoded(job *j)
{
    VD_TRY(read_doc(j));
    return vd_request_from_decoded(j->request, &j->doc, 0, j->notes, &j->err);
}

static vd_code read_error(job *j)
{
    j->has_told = j->reading = true;
    return vd_request_from_error(j->request, &j->told, &j->source, j->notes, &j->err);
}

/* {"defaults", "request", "resourceState"}: the parts of a scenario that are ours. */
static vd_code read_scenario(job *j)
{
    static const vd_str parts[] = { VD_L("defaults"), VD_L("request"), VD_L("resourceState") };

    VD_TRY(read_doc(j));
    for (size_t i = 0; i < VD_COUNT(parts); i++) {
        uint32_t node = vd_doc_member(&j->doc, 0, parts[i]);

        if (node != VD_NONE)
            VD_TRY((i < 2 ? vd_request_read : vd_request_read_state)(j->request, &j->doc, node, &j->err));
    }
    return VD_OK;
}

static const struct reader {
    const char *folder;
    vd_code (*read)(job *j);
    size_t good, bad; /* at least so many files */
} readers[] = {
    { "events", read_event, 25, 6 },
    { "errors", read_error, 30, 6 },
    { "decoded", read_decoded, 6, 5 },
    { "scenario", read_scenario, 12, 25 },
};

static vd_code run(const struct reader *how, const vd_engine *engine, vd_str name, vd_str text, vd_buf *out)
{
    job     j = { .arena = vd_arena_on(&engine->alloc, 0), .source = { .name = name, .text = text } };
    vd_code code = vd_request_new(&j.request, engine, &j.err);

    if (code == VD_OK)
        code = vd_diags_new(&j.notes, engine, &j.err);
    if (code == VD_OK)
        code = how->read(&j);
    if (code == VD_OK && out) {
        show_request(out, j.request);
        show_facts(out, j.request);
        if (j.has_told)
            show_told(out, &j.told);
        show_notes(out, j.notes);
    }
    if (code != VD_OK) {
        assert_int_equal(j.err.code, code);
        assert_true(j.err.text[0] != 0);
        if (j.reading)
            assert_true(j.request->failed); /* nobody may decide it */
        if (out)
            show_error(out, &j.err);
    } else {
        assert_false(j.request->failed);
    }
    vd_request_free(j.request);
    vd_diags_free(j.notes);
    vd_arena_done(&j.arena);
    return code;
}

/* ------------------------------------------------------------------ files */

enum { MOST_FILES = 256, NAME = 1024 };

typedef struct folder {
    char   path[NAME];
    char  *names[MOST_FILES];
    size_t count;
} folder;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void open_folder(folder *f, const char *name)
{
    const char    *root = getenv("VD_SOURCE_ROOT");
    struct dirent *entry;
    DIR           *dir;

    f->count = 0;
    snprintf(f->path, sizeof f->path, "%s/corpus/requests/%s", root ? root : ".", name);
    dir = opendir(f->path);
    if (!dir)
        fail_msg("%s: %s", f->path, strerror(errno));
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.' && !vd_str_ends(vd_str_of(entry->d_name), VD_S(".expect"))) {
            assert_true(f->count < MOST_FILES);
            f->names[f->count++] = strdup(entry->d_name);
        }
    closedir(dir);
    qsort(f->names, f->count, sizeof *f->names, by_name);
}

static void close_folder(folder *f)
{
    while (f->count)
        free(f->names[--f->count]);
}

static vd_str slurp(const folder *f, const char *name, const char *suffix)
{
    char     path[NAME * 2];
    vd_str   text = { 0 };
    vd_error err = { 0 };

    snprintf(path, sizeof path, "%s/%s%s", f->path, name, suffix);
    if (vd_file_read(&text, vd_allocator_default(), path, 1 << 20, &err) != VD_OK)
        fail_msg("%s: %s", path, err.text);
    return text;
}

static void compare(const folder *f, const char *name, vd_str got)
{
    vd_error err = { 0 };
    char     path[NAME * 2];
    vd_str   wanted;

    if (getenv("VD_UPDATE")) {
        snprintf(path, sizeof path, "%s/%s.expect", f->path, name);
        assert_int_equal(vd_file_write(path, got, &err), VD_OK);
        return;
    }
    wanted = slurp(f, name, ".expect");
    if (!vd_str_eq(got, wanted))
        fail_msg("%s/%s\ngot:\n" VD_F "\nwanted:\n" VD_F, f->path, name, VD_A(got), VD_A(wanted));
    vd_file_free(vd_allocator_default(), wanted);
}

static void test_files(void **state)
{
    vd_engine *engine;

    VD_UNUSED(state);
    assert_int_equal(vd_engine_new(&engine, NULL, NULL), VD_OK);
    for (size_t i = 0; i < VD_COUNT(readers); i++) {
        size_t count[2] = { 0 };
        folder f;

        open_folder(&f, readers[i].folder);
        for (size_t k = 0; k < f.count; k++) {
            bool    bad = vd_str_starts(vd_str_of(f.names[k]), VD_S("bad-"));
            vd_str  text = slurp(&f, f.names[k], "");
            vd_buf  out = vd_buf_on(vd_allocator_default(), 0);
            vd_code code = run(&readers[i], engine, vd_str_of(f.names[k]), text, &out);

            count[bad]++;
            if ((code != VD_OK) != bad)
                fail_msg("%s/%s: " VD_F, f.path, f.names[k], VD_A(vd_buf_str(&out)));
            compare(&f, f.names[k], vd_buf_str(&out));
            vd_buf_done(&out);
            vd_file_free(vd_allocator_default(), text);
        }
        assert_true(count[0] >= readers[i].good);
        assert_true(count[1] >= readers[i].bad);
        close_folder(&f);
    }
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ no memory */

static bool once_failing(const struct reader *how, vd_str name, vd_str text, size_t n)
{
    failing_alloc  f = { .fail_at = n };
    vd_allocator   a = failing_allocator(&f);
    vd_engine     *engine;
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
    vd_code        code = vd_engine_new(&engine, &opts, NULL);

    if (code == VD_OK) {
        code = run(how, engine, name, text, NULL);
        vd_engine_release(engine);
    }
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);
    if (f.failed)
        assert_int_equal(code, VD_ENOMEM);
    return f.failed;
}

static void test_no_memory(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(readers); i++) {
        folder f;

        open_folder(&f, readers[i].folder);
        for (size_t k = 0; k < f.count; k++) {
            vd_str text = slurp(&f, f.names[k], "");
            size_t n = 1;

            while (once_failing(&readers[i], vd_str_of(f.names[k]), text, n))
                n++;
            assert_true(n > 1);
            vd_file_free(vd_allocator_default(), text);
        }
        close_folder(&f);
    }
}

/* ------------------------------------------------------------------ another resource in place of those of
 * a file */

static void test_drop_checks(void **state)
{
    static const char text[] =
        "{\"request\": {\"context\": {\"k\": \"shared\", \"s\": \"1\"}, \"resource\": ["
        "{\"arn\": \"a\", \"context\": {\"k\": \"own\", \"l\": [\"1\", \"2\"]}}, {\"arn\": \"b\", "
        "\"context\": {\"m\": \"3\"}}],"
        "\"also\": [{\"action\": \"s:A\", \"resource\": \"c\", \"context\": {\"k\": \"also\", \"n\": "
        "\"4\"}}]}}";
    vd_buf     out = vd_buf_on(vd_allocator_default(), 0);
    vd_engine *engine;
    job        j = { .source = { .name = VD_S("t"), .text = { text, sizeof text - 1 } } };

    VD_UNUSED(state);
    assert_int_equal(vd_engine_new(&engine, NULL, NULL), VD_OK);
    j.arena = vd_arena_on(&engine->alloc, 0);
    assert_int_equal(vd_request_new(&j.request, engine, NULL), VD_OK);
    assert_int_equal(read_scenario(&j), VD_OK);
    assert_int_equal(j.request->checks.count, 3);
    vd_request_drop_checks(j.request);
    vd_request_drop_checks(j.request); /* nothing left to drop */
    assert_int_equal(vd_request_set(j.request, VD_RESOURCE, VD_S("d")), VD_OK);
    show_request(&out, j.request);
    check_cstr(vd_buf_str(&out), "context s: \"1\"\ncontext k: \"own\"\ncontext l: \"1\", \"2\"\n"
                                 "check (same) on d\n");
    assert_int_equal(j.request->values.count, 4);
    vd_buf_done(&out);
    vd_request_free(j.request);
    vd_arena_done(&j.arena);
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ limits */

static void check_limit(const vd_limits *limits, const char *text, const char *wanted)
{
    vd_engine     *engine;
    vd_engine_opts opts = { .size = sizeof opts, .limits = limits };
    vd_buf         out = vd_buf_on(vd_allocator_default(), 0);

    assert_int_equal(vd_engine_new(&engine, &opts, NULL), VD_OK);
    assert_int_equal(run(&readers[3], engine, VD_S("limit.json"), vd_str_of(text), &out), VD_ELIMIT);
    check_cstr(vd_buf_str(&out), wanted);
    vd_buf_done(&out);
    vd_engine_release(engine);
}

static void test_limits(void **state)
{
    VD_UNUSED(state);
    check_limit(&(vd_limits){ .size = sizeof(vd_limits), .request_values = 2 },
                "{\"request\": {\"context\": {\"k\": [\"1\", \"2\", \"3\"]}}}",
                "error limit 1:31+15: \"k\" has 3 values, the limit is 2\n");
    check_limit(&(vd_limits){ .size = sizeof(vd_limits), .request_keys = 1 },
                "{\"request\": {\"context\": {\"k\": 1, \"l\": 2}}}",
                "error limit 1:39+1: a request has at most 1 context keys\n");
    check_limit(&(vd_limits){ .size = sizeof(vd_limits), .request_value_bytes = 8 },
                "{\"request\": {\"action\": \"s3:GetObject\"}}",
                "error limit 1:24+14: a value of 12 bytes is longer than the limit of 8\n");
    check_limit(&(vd_limits){ .size = sizeof(vd_limits), .request_checks = 2 },
                "{\"request\": {\"resource\": [\"*\", \"*\", \"*\"]}}",
                "error limit 1:37+3: a request has at most 2 resources and further checks\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_drop_checks),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions: from the options of a command line, the cases of a scenario file, or the lines of a stream.
 */
#include "base/str.h"
#include "cli/inputs.h"
#include "pattern/value.h"
#include "request/request.h"

#include <time.h>

/* ------------------------------------------------------------------ small readers */

static bool fail_request(vd_inputs *in)
{
    vd_cli_error(in->cli, VD_EXIT_USAGE, vd_request_error(in->request));
    return false;
}

/* A text as a document; equal members are an error here. */
static vd_code read_with(vd_inputs *in, vd_doc *doc, vd_str name, vd_str text, bool line, vd_error *err)
{
    vd_source *source = vd_arena_new(&in->texts, vd_source);
    vd_limits  limits;
    uint32_t   duplicates = 0;

    if (!source)
        return vd_fail_nomem(err);
    *source = (vd_source){ .name = name, .text = text };
    if (line) {
        source->line = in->lines.line;
        source->column = 1;
        source->offset = in->lines.offset < UINT32_MAX - VD_LINE_BYTES ? (uint32_t)in->lines.offset : 0;
    }
    vd_engine_limits(in->cli->engine, &limits);
    VD_TRY((line ? vd_json_read : vd_doc_read)(doc, &in->texts, source, &limits, NULL, &duplicates, err));
    return duplicates ? VD_ESYNTAX : VD_OK;
}

static vd_code read_doc(vd_inputs *in, vd_doc *doc, vd_str name, vd_str text, vd_error *err)
{
    return read_with(in, doc, name, text, false, err);
}

static vd_code read_line(vd_inputs *in, vd_doc *doc, vd_str name, vd_str text, vd_error *err)
{
    return read_with(in, doc, name, text, true, err);
}

/* Reads a file of a request with one of the readers below; says what goes wrong. */
typedef vd_code read_request(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes, vd_error *err);

static vd_code read_context(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes, vd_error *err)
{
    VD_UNUSED(notes);
    return vd_request_read_context(r, doc, node, err);
}

static bool read_part(vd_inputs *in, const char *path, read_request *reader)
{
    vd_cli   *cli = in->cli;
    vd_error  err = { .size = sizeof err };
    vd_diags *notes = NULL;
    vd_doc    doc;
    vd_str    text;
    vd_code   code;

    if (!vd_read_text(cli, &in->texts, &text, path))
        return false;
    code = vd_diags_new(&notes, cli->engine, &err);
    if (code == VD_OK)
        code = read_doc(in, &doc, vd_str_of(path), text, &err);
    if (code == VD_OK)
        code = reader(in->request, &doc, 0, notes, &err);
    if (notes)
        vd_cli_diags(cli, notes, false);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    vd_diags_free(notes);
    return code == VD_OK;
}

static bool read_message(vd_inputs *in, const char *given)
{
    vd_cli   *cli = in->cli;
    vd_error  err = { .size = sizeof err };
    vd_source source = { .name = VD_S("--error"), .text = vd_str_of(given) };
    vd_diags *notes = NULL;
    vd_code   code = vd_diags_new(&notes, cli->engine, &err);

    if (strcmp(given, "-") == 0) {
        source.name = VD_S("-");
        if (!vd_read_text(cli, &in->texts, &source.text, "-"))
            code = VD_EIO;
    } else {
        vd_cli_remember(cli, source.name, source.text);
    }
    if (code == VD_OK) {
        code = vd_request_from_error(in->request, &in->told, &source, notes, &err);
        in->refused = code == VD_OK;
        if (code != VD_OK)
            vd_cli_error(cli, vd_cli_exit_of(code), &err);
    }
    if (notes)
        vd_cli_diags(cli, notes, false);
    vd_diags_free(notes);
    return code == VD_OK;
}

/* ------------------------------------------------------------------ the question of the options */

/* --context key=value; the same key again adds a value. */
static bool add_context(vd_inputs *in)
{
    const vd_args *args = &in->cli->args;
    uint32_t       count = vd_args_count(args, "context");
    vd_str        *values = vd_arena_new_array(&in->texts, vd_str, count + 1);

    if (!values) {
        vd_cli_errorf(in->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        vd_str   rest = vd_str_of(vd_args_at(args, "context", i)), key, other;
        uint32_t n = 0;
        bool     later = false;

        if (!vd_str_cut(&rest, '=', &key) || key.n == 0) {
            vd_cli_usage(in->cli, "--context wants KEY=VALUE, found \"%s\"", vd_args_at(args, "context", i));
            return false;
        }
        for (uint32_t j = 0; j < count; j++) {
            vd_str value = vd_str_of(vd_args_at(args, "context", j));

            if (!vd_str_cut(&value, '=', &other) || !vd_str_ieq(key, other))
                continue;
            later |= j < i; /* told with the first of them */
            values[n++] = value;
        }
        if (!later && vd_request_context(in->request, key, values, n) != VD_OK)
            return fail_request(in);
    }
    return true;
}

static const struct {
    const char *option;
    vd_field    field;
} fields[] = {
    { "principal", VD_PRINCIPAL },
    { "action", VD_ACTION },
    { "resource", VD_RESOURCE },
    { "resource-account", VD_RESOURCE_ACCOUNT },
};

/* What the options say, on top of what a file said. */
static bool add_options(vd_inputs *in)
{
    const vd_args *args = &in->cli->args;

    for (size_t f = 0; f < VD_COUNT(fields); f++) {
        uint32_t count = vd_args_count(args, fields[f].option);
        uint32_t first = fields[f].field == VD_RESOURCE || count == 0 ? 0 : count - 1;

        if (fields[f].field == VD_RESOURCE && count)
            vd_request_drop_checks(in->request); /* instead of those of the file */
        for (uint32_t i = first; i < count; i++)
            if (vd_request_set(in->request, fields[f].field, vd_str_of(vd_args_at(args, fields[f].option, i))) != VD_OK)
                return fail_request(in);
    }
    for (uint32_t i = 0; i < vd_args_count(args, "context-file"); i++)
        if (!read_part(in, vd_args_at(args, "context-file", i), read_context))
            return false;
    if (!add_context(in))
        return false;
    return vd_request_tag_keys(in->request) == VD_OK ? true : fail_request(in);
}

/* Local time zones do not exist here. */
static void read_clock(char out[48])
{
    struct timespec t;
    vd_date         d = { 0 };

    if (clock_gettime(CLOCK_REALTIME, &t) == 0)
        d.seconds = t.tv_sec; /* whole seconds are enough for a policy, and can be typed again */
    out[vd_date_format(out, d)] = 0;
}

static bool has_context(const vd_request *r, vd_str key)
{
    for (uint32_t i = 0; i < r->context.count; i++)
        if (vd_str_ieq(r->context.at[i].key, key))
            return true;
    return false;
}

/* E008: the library never reads the clock. */
static bool add_time(vd_inputs *in)
{
    const char *now = vd_args_text(&in->cli->args, "now");

    in->now[0] = 0;
    if (now)
        return vd_request_set(in->request, VD_NOW, vd_str_of(now)) == VD_OK ? true : fail_request(in);
    if (in->request->field[VD_NOW].n || has_context(in->request, VD_S("aws:CurrentTime")) ||
        has_context(in->request, VD_S("aws:EpochTime")))
        return true;
    read_clock(in->now);
    return vd_request_set(in->request, VD_NOW, vd_str_of(in->now)) == VD_OK ? true : fail_request(in);
}

static bool ask_options(vd_inputs *in)
{
    const vd_args *args = &in->cli->args;
    const char    *path;
    bool           ok = true;

    vd_request_reset(in->request);
    if ((path = vd_args_text(args, "event")) != NULL)
        ok &= read_part(in, path, vd_request_from_event);
    if ((path = vd_args_text(args, "decoded")) != NULL)
        ok &= read_part(in, path, vd_request_from_decoded);
    if ((path = vd_args_text(args, "error")) != NULL)
        ok &= read_message(in, path);
    if (!ok || !add_options(in))
        return false;
    if (in->request->field[VD_ACTION].n == 0) {
        vd_cli_usage(in->cli, "what is asked? give --action (and --principal, --resource), or --event, --error, "
                              "--decoded, --requests or --scenario");
        return false;
    }
    return add_time(in);
}

/* ------------------------------------------------------------------ opening */

static const char *const one_question[] = { "event", "error", "decoded", "requests", "scenario" };
static const char *const wholes[] = { "scenario", "bundle", "snapshot" };
static const char *const policy_options[] = { "identity", "boundary", "session", "resource-policy",
                                              "scp",      "rcp",      "endpoint" };

/* Which options may stand together. */
static bool check_options(vd_cli *cli)
{
    const vd_args *args = &cli->args;
    const char    *first = NULL, *whole = NULL;

    for (size_t i = 0; i < VD_COUNT(one_question); i++) {
        if (!vd_args_has(args, one_question[i]))
            continue;
        if (first) {
            vd_cli_usage(cli, "--%s and --%s both say what is asked", first, one_question[i]);
            return false;
        }
        first = one_question[i];
    }
    for (size_t i = 0; i < VD_COUNT(wholes); i++) {
        if (!vd_args_has(args, wholes[i]))
            continue;
        if (whole) {
            vd_cli_usage(cli, "--%s and --%s both bring the policies", whole, wholes[i]);
            return false;
        }
        whole = wholes[i];
    }
    if (vd_args_has(args, "managed-policies") && !vd_args_has(args, "snapshot")) {
        vd_cli_usage(cli, "--managed-policies completes a snapshot, and there is no --snapshot");
        return false;
    }
    if (vd_args_has(args, "snapshot"))
        whole = NULL; /* others may be added to what is found in it */
    for (size_t i = 0; whole && i < VD_COUNT(policy_options); i++)
        if (vd_args_has(args, policy_options[i])) {
            vd_cli_usage(cli, "--%s brings all policies, --%s cannot be added to it", whole, policy_options[i]);
            return false;
        }
    if (vd_args_has(args, "requests") && (vd_args_has(args, "action") || vd_args_has(args, "resource"))) {
        vd_cli_usage(cli, "--requests brings actions and resources, --%s cannot be added to it",
                     vd_args_has(args, "action") ? "action" : "resource");
        return false;
    }
    return true;
}

/* ------------------------------------------------------------------ a snapshot */

static vd_str asking(const vd_request *r)
{
    return r->field[VD_PRINCIPAL_ROLE].n ? r->field[VD_PRINCIPAL_ROLE] : r->field[VD_PRINCIPAL];
}

/* What of the snapshot bears on one question; all of it for many, each document where it belongs. */
static vd_code attach(vd_inputs *in, vd_builder *builder, vd_error *err)
{
    const vd_request *r = in->request;
    vd_str            none = { "", 0 };

    if (in->batch || r->checks.count != 1)
        return vd_snapshot_attach(in->snapshot, builder, none, none, err);
    if (!vd_snapshot_knows(in->snapshot, asking(r), err))
        return VD_EREQUEST;
    return vd_snapshot_attach(in->snapshot, builder, asking(r), r->checks.at[0].resource, err);
}

/* A bundle of a snapshot knows what it knew, but for what was missing in it. */
static vd_code join_bundle(vd_inputs *in, vd_error *err)
{
    if (!in->own_set || !vd_args_has(&in->cli->args, "bundle"))
        return VD_OK;
    if (!vd_set_knows(in->own_set, asking(in->request)))
        return vd_fail(err, VD_EREQUEST, "\"" VD_F "\" is not in the snapshot that the bundle was made of, which has its account", VD_A(asking(in->request)));
    return vd_set_fill(in->own_set, in->request, err);
}

/* The rest of a request, and what could change its answer. */
static vd_code join_snapshot(vd_inputs *in, vd_error *err)
{
    vd_request *r = in->request;

    in->notes = (vd_told_notes){ 0 };
    if (!in->snapshot)
        return join_bundle(in, err);
    if (!vd_snapshot_knows(in->snapshot, asking(r), err))
        return VD_EREQUEST;
    for (uint32_t i = 1; i < r->checks.count; i++)
        if (!vd_snapshot_same_owner(in->snapshot, r->checks.at[0].resource, r->checks.at[i].resource))
            return vd_fail(err, VD_EREQUEST, "the snapshot knows different owners or settings of \"" VD_F "\" and \"" VD_F "\": ask one at a time",
                           VD_A(r->checks.at[0].resource), VD_A(r->checks.at[i].resource));
    VD_TRY(vd_snapshot_fill(in->snapshot, r, err));
    if (!vd_snapshot_notes(&in->notes, &in->texts, in->snapshot, asking(r), r->checks.count ? r->checks.at[0].resource : (vd_str){ "", 0 }))
        return vd_fail_nomem(err);
    return VD_OK;
}

static bool read_snapshot(vd_inputs *in)
{
    const char *path = vd_args_text(&in->cli->args, "snapshot");

    if (!path)
        return true;
    in->snapshot = vd_snapshot_read_all(in->cli, path);
    if (in->snapshot)
        vd_snapshot_tell_count(in->cli, in->snapshot, path);
    return in->snapshot != NULL;
}

/* The set of the policy options, or an opened bundle. */
static bool make_set(vd_inputs *in)
{
    vd_cli     *cli = in->cli;
    vd_error    err = { .size = sizeof err };
    vd_builder *builder = NULL;
    const char *bundle = vd_args_text(&cli->args, "bundle");
    uint32_t    count = 0;
    vd_code     code;
    bool        ok;

    if (bundle) {
        code = vd_set_open(&in->own_set, cli->engine, bundle, &err);
        if (code != VD_OK) {
            if (err.at.file.n == 0)
                err.at.file = vd_str_of(bundle);
            vd_cli_error(cli, vd_cli_exit_of(code), &err);
        }
        in->set = in->own_set;
        return code == VD_OK;
    }
    code = vd_builder_new(&builder, cli->engine, &err);
    if (code != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return false;
    }
    ok = vd_add_policies(cli, builder, &count) && read_snapshot(in);
    if (ok && in->snapshot && (code = attach(in, builder, &err)) != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        ok = false;
    }
    if (ok && count == 0 && !in->snapshot && cli->worst == VD_EXIT_YES)
        vd_cli_warnf(cli, "no policy was given: without one everything is denied");
    if (ok) {
        code = vd_builder_compile(&in->own_set, builder, NULL, &err);
        if (code != VD_OK)
            vd_cli_error(cli, vd_cli_exit_of(code), &err);
        ok = code == VD_OK;
    }
    vd_builder_free(builder);
    in->set = in->own_set;
    return ok;
}

static bool load_suite(vd_inputs *in, const char *path)
{
    vd_cli       *cli = in->cli;
    vd_error      err = { .size = sizeof err };
    vd_suite_opts opts = { .size = sizeof opts, .no_expect = true };
    vd_diags     *notes = NULL;
    vd_code       code = vd_diags_new(&notes, cli->engine, &err);

    if (code == VD_OK)
        code = vd_suite_load(&in->suite, cli->engine, path, &opts, notes, &err);
    vd_cli_outcome(cli, notes, code, &err);
    vd_diags_free(notes);
    return code == VD_OK;
}

bool vd_inputs_open(vd_inputs *in, vd_cli *cli)
{
    vd_error    err = { .size = sizeof err };
    const char *scenario = vd_args_text(&cli->args, "scenario"), *requests = vd_args_text(&cli->args, "requests");
    vd_code     code;
    bool        asked;

    *in = (vd_inputs){ .cli = cli, .lines = { .fd = -1 }, .texts = vd_arena_on(vd_allocator_default(), 0) };
    if (cli->args.word_count) {
        vd_cli_usage(cli, "%s takes options only, found \"%s\"", cli->command->name, cli->args.words[0]);
        return false;
    }
    if (!check_options(cli))
        return false;
    code = vd_request_new(&in->request, cli->engine, &err);
    if (code != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return false;
    }
    if (scenario) {
        if (!load_suite(in, scenario))
            return false;
        in->many = vd_suite_count(in->suite) > 1;
        return true;
    }
    if (requests) {
        if (strcmp(requests, "-") == 0 && cli->stdin_taken) {
            vd_cli_errorf(cli, VD_EXIT_USAGE, "standard input can be read once only, \"-\" was given twice");
            return false;
        }
        cli->stdin_taken |= strcmp(requests, "-") == 0;
        in->batch = in->many = true;
        if (!vd_lines_open(&in->lines, requests, &err)) {
            vd_cli_error(cli, VD_EXIT_USAGE, &err);
            return false;
        }
        return make_set(in);
    }
    /* The documents are read even for a bad question, so that one run tells all that is wrong. */
    asked = ask_options(in);
    if (!make_set(in) || !asked)
        return false;
    code = join_snapshot(in, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

void vd_inputs_close(vd_inputs *in)
{
    if (!in->cli)
        return;
    vd_lines_close(&in->lines);
    vd_suite_free(in->suite);
    vd_set_release(in->own_set);
    vd_snapshot_release(in->snapshot);
    vd_request_free(in->request);
    vd_arena_done(&in->texts);
    vd_free(vd_allocator_default(), in->scratch, in->scratch_size);
    *in = (vd_inputs){ 0 };
}

/* ------------------------------------------------------------------ one after the other */

static vd_next bad(vd_inputs *in, const vd_error *err)
{
    if (err != &in->error)
        in->error = *err;
    return VD_NEXT_BAD;
}

static vd_next next_case(vd_inputs *in)
{
    uint32_t index = in->next++;
    vd_set  *set = NULL;

    if (index >= vd_suite_count(in->suite))
        return VD_NEXT_END;
    in->name = vd_suite_case(in->suite, index)->name;
    in->error = (vd_error){ .size = sizeof in->error };
    if (vd_suite_set(&set, in->suite, index, &in->error) != VD_OK)
        return VD_NEXT_BAD;
    in->set = set;
    if (vd_suite_request(in->request, in->suite, index, &in->error) != VD_OK)
        return VD_NEXT_BAD;
    if (!add_options(in) || !add_time(in))
        return bad(in, vd_request_error(in->request));
    return VD_NEXT_QUESTION;
}

void vd_inputs_place(vd_inputs *in)
{
    if (in->batch && in->error.at.file.n == 0)
        in->error.at = (vd_pos){ .file = vd_str_of(vd_args_text(&in->cli->args, "requests")),
                                 .line = in->lines.line,
                                 .column = 1,
                                 .offset = (uint32_t)in->lines.offset,
                                 .length = 1 };
}

static vd_next bad_line(vd_inputs *in)
{
    vd_inputs_place(in);
    return VD_NEXT_BAD;
}

static vd_next ask_line(vd_inputs *in, vd_str line)
{
    const char *path = vd_args_text(&in->cli->args, "requests");
    vd_doc      doc;

    vd_arena_reset(&in->texts);
    vd_request_reset(in->request);
    in->error = (vd_error){ .size = sizeof in->error };
    if (read_line(in, &doc, vd_str_of(path), line, &in->error) != VD_OK ||
        vd_request_read(in->request, &doc, 0, &in->error) != VD_OK)
        return bad_line(in);
    if (!add_options(in) || !add_time(in)) {
        in->error = *vd_request_error(in->request);
        return bad_line(in);
    }
    if (in->request->field[VD_ACTION].n == 0) {
        vd_fail(&in->error, VD_EREQUEST, "the request has no \"action\"");
        return bad_line(in);
    }
    if (join_snapshot(in, &in->error) != VD_OK)
        return bad_line(in);
    return VD_NEXT_QUESTION;
}

static vd_next next_line(vd_inputs *in)
{
    vd_str line;

    for (;;) {
        switch (vd_lines_next(&in->lines, &line)) {
        case VD_LINE_ONE:
            if (vd_str_trim(line).n == 0)
                continue; /* a blank line asks nothing */
            return ask_line(in, line);
        case VD_LINE_TOO_LONG:
            vd_fail(&in->error, VD_ELIMIT, "the line is longer than %d bytes", VD_LINE_BYTES);
            return bad_line(in);
        case VD_LINE_END:
            return VD_NEXT_END;
        case VD_LINE_WAIT:
            /* Before waiting for more, hand out what is there: a program at the other end may wait for it. */
            if (!vd_cli_flush(in->cli))
                return VD_NEXT_END;
            if (!vd_lines_fill(&in->lines, &in->error)) {
                in->error.at.file = vd_str_of(vd_args_text(&in->cli->args, "requests"));
                vd_cli_error(in->cli, VD_EXIT_USAGE, &in->error);
                return VD_NEXT_END;
            }
        }
    }
}

vd_next vd_inputs_next(vd_inputs *in)
{
    if (in->suite)
        return next_case(in);
    if (in->batch)
        return next_line(in);
    return in->next++ == 0 ? VD_NEXT_QUESTION : VD_NEXT_END;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict compile: policies to one file that is mapped and evaluated in place; or the tree for people.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/snapshot.h"

#include <unistd.h>

static bool collect(void *user, vd_str text)
{
    vd_cli *cli = user;

    vd_buf_add(&cli->out, text);
    return vd_cli_flush(cli);
}

static vd_kind kind_of(const char *text)
{
    vd_str s = vd_str_of(text);

    s = vd_str_first(s, vd_str_find(s, ':')); /* resource:s3 is a resource policy */
    return vd_kind_find(s);
}

static bool write_set(vd_cli *cli, const vd_set *set, const char *path)
{
    vd_error err = { .size = sizeof err };
    vd_str   bytes = vd_set_bytes(set);
    vd_code  code;

    if (strcmp(path, "-") == 0) {
        if (isatty(STDOUT_FILENO)) {
            vd_cli_errorf(cli, VD_EXIT_USAGE, "a bundle is no text: not written to a terminal");
            return false;
        }
        vd_buf_add(&cli->out, bytes);
        return true;
    }
    code = vd_set_save(set, path, &err);
    if (code != VD_OK) {
        if (err.at.file.n == 0)
            err.at.file = vd_str_of(path);
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return false;
    }
    vd_cli_notef(cli, "%s: %u %s, %u %s, %zu bytes", path, (unsigned)vd_set_policies(set),
                 vd_set_policies(set) == 1 ? "document" : "documents", (unsigned)vd_set_statements(set),
                 vd_set_statements(set) == 1 ? "statement" : "statements", bytes.n);
    return true;
}

/* Everything in it, each document where it belongs. */
static bool add_snapshot(vd_cli *cli, vd_builder *builder)
{
    const char  *path = vd_args_text(&cli->args, "snapshot");
    vd_error     err = { .size = sizeof err };
    vd_str       none = { "", 0 };
    vd_snapshot *snapshot;
    vd_code      code;

    if (!path)
        return true;
    snapshot = vd_snapshot_read_all(cli, path);
    if (!snapshot)
        return false;
    vd_snapshot_tell(cli, snapshot, path);
    code = vd_snapshot_attach(snapshot, builder, none, none, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    vd_snapshot_release(snapshot);
    return code == VD_OK;
}

static vd_set *make_set(vd_cli *cli)
{
    const char     *type = vd_args_text(&cli->args, "policy-type");
    vd_compile_opts opts = { .size = sizeof opts, .strip_sources = vd_args_has(&cli->args, "strip") };
    vd_error        err = { .size = sizeof err };
    vd_builder     *builder = NULL;
    vd_set         *set = NULL;
    uint32_t        count = 0;
    vd_code         code = vd_builder_new(&builder, cli->engine, &err);

    if (code == VD_OK) {
        bool ok = vd_add_paths(cli, builder, kind_of(type ? type : "identity"), &count);

        ok &= vd_add_policies(cli, builder, &count);
        ok &= add_snapshot(cli, builder);
        if (!ok) {
            vd_builder_free(builder);
            return NULL;
        }
        code = vd_builder_compile(&set, builder, &opts, &err);
    }
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    vd_builder_free(builder);
    return set;
}

/* A Deny that nobody understands is found now, not by the first request that meets it. */
static bool is_sound(vd_cli *cli, const vd_set *set)
{
    vd_error err = { .size = sizeof err };
    bool     sound = true;

    for (uint32_t p = 0; p < vd_set_policies(set); p++) {
        vd_statement_info info = { .size = sizeof info };

        for (uint32_t i = 0; vd_set_statement(set, p, i, &info) == VD_OK; i++) {
            if (!info.deny || !info.malformed)
                continue;
            vd_fail(&err, VD_EMALFORMED, "Statement[%u] of " VD_F " is a Deny that cannot be evaluated",
                    (unsigned)info.index, VD_A(info.policy));
            err.at = info.at;
            vd_cli_error(cli, VD_EXIT_USAGE, &err);
            sound = false;
        }
    }
    return sound;
}

static bool check_options(vd_cli *cli)
{
    const char *type = vd_args_text(&cli->args, "policy-type");

    if (type && kind_of(type) < 0) {
        vd_cli_usage(cli, "there is no policy type \"%s\"", type);
        return false;
    }
    if (!vd_args_has(&cli->args, "output") && !vd_args_has(&cli->args, "dump")) {
        vd_cli_usage(cli, "where to? give -o FILE.vdb, or --dump");
        return false;
    }
    if (vd_args_has(&cli->args, "dump") && vd_args_text(&cli->args, "output") &&
        strcmp(vd_args_text(&cli->args, "output"), "-") == 0) {
        vd_cli_usage(cli, "--dump and -o - both want standard output");
        return false;
    }
    for (size_t i = 0; i < vd_opts_documents.count; i++)
        if (vd_args_has(&cli->args, vd_opts_documents.at[i].name))
            return true;
    if (vd_args_has(&cli->args, "snapshot"))
        return true;
    if (vd_args_has(&cli->args, "managed-policies")) {
        vd_cli_usage(cli, "--managed-policies completes a snapshot, and there is no --snapshot");
        return false;
    }
    if (cli->args.word_count == 0)
        vd_cli_usage(cli, "compile needs at least one document, or a --snapshot");
    return cli->args.word_count > 0;
}

static vd_exit run(vd_cli *cli)
{
    const char *output = vd_args_text(&cli->args, "output"), *dump = vd_args_text(&cli->args, "dump");
    vd_error    err = { .size = sizeof err };
    vd_set     *set = check_options(cli) ? make_set(cli) : NULL;
    vd_code     code = VD_OK;

    if (!set)
        return cli->worst == VD_EXIT_YES ? VD_EXIT_USAGE : cli->worst;
    if (output && is_sound(cli, set))
        write_set(cli, set, output);
    if (dump)
        code = vd_set_dump(set, strcmp(dump, "dot") == 0 ? VD_DUMP_DOT : VD_DUMP_TEXT, collect, cli, &err);
    if (code != VD_OK && !cli->closed)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    vd_set_release(set);
    return cli->worst;
}

static const vd_opt own[] = {
    { "output", 'o', VD_OPT_FILE, false, "FILE.vdb", "the bundle to write; - is standard output", NULL },
    { "dump", 0, VD_OPT_CHOICE, false, "text|dot", "print the decision tree, for people or for Graphviz", NULL },
    { "policy-type", 0, VD_OPT_TEXT, false, "TYPE",
      "what PATHs are: identity, managed, boundary, session, resource, trust, scp, rcp, endpoint", NULL },
    { "strip", 0, VD_OPT_FLAG, false, NULL, "leave the policy texts out: smaller, and no explain", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_documents, &vd_opts_snapshot, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "compile once, ask often",
      "verdict compile policies/examples/team-data/dev.json -o /tmp/dev.vdb && "
      "verdict eval --bundle /tmp/dev.vdb --requests policies/examples/team-data/requests.jsonl",
      1 },
    { "see the tree", "verdict compile --dump text policies/examples/team-data/dev.json", 0 },
};

const vd_command vd_command_compile = {
    .name = "compile",
    .summary = "compile policies once, load them by mmap",
    .words = "[PATH...]",
    .about = "Makes one file of all documents given. PATHs are documents, or directories of them, of --policy-type "
             "(identity unless said); other kinds have options of their own. A snapshot goes in whole, each document bound to the principal, "
             "resource or account that it belongs to, with the tags, organizations and settings that it knows. The same input always gives the same "
             "bytes.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 written",
    .run = run,
};

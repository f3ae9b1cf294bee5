/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict catalog: what is known of AWS, looked up; a newer catalogue made; two compared.
 */
#include "base/str.h"
#include "cli/catalog_find.h"
#include "cli/catalog_update.h"
#include "cli/commands.h"
#include "cli/guess.h"
#include "cli/outputs.h"
#include "text/json_write.h"

/* ------------------------------------------------------------------ find */

static void unknown(vd_cli *cli, vd_str query)
{
    vd_buf why = vd_buf_on(vd_allocator_default(), 4096);
    vd_str rest = query, prefix;
    bool   colon = vd_str_cut(&rest, ':', &prefix);

    if (vd_str_istarts(query, VD_S("arn:")))
        vd_buf_printf(&why, "no resource type has ARNs like \"" VD_F "\"", VD_A(query));
    else if (colon && vd_catalog_find_service(cli->catalog, prefix) == VD_NONE && vd_str_ieq(prefix, VD_S("aws")))
        vd_guess_key(&why, cli->catalog, query);
    else if (colon)
        vd_guess_action(&why, cli->catalog, query);
    else
        vd_guess_word(&why, cli->catalog, query);
    vd_cli_errorf(cli, VD_EXIT_USAGE, VD_F, VD_A(vd_buf_str(&why)));
    vd_buf_done(&why);
}

/* With filters a service stands for its actions, and only actions are left. */
static void apply(vd_hits *h, const vd_filter *f)
{
    for (uint32_t i = 0; i < vd_catalog_services(h->c); i++) {
        vd_run run = vd_catalog_service(h->c, i).actions;

        for (uint32_t a = run.first; vd_hit(h->services, i) && a < run.first + run.count; a++)
            h->actions[a / 64] |= UINT64_C(1) << a % 64;
    }
    for (uint32_t a = 0; a < vd_catalog_actions(h->c); a++)
        if (vd_hit(h->actions, a) && !vd_filter_takes(f, h->c, a))
            h->actions[a / 64] &= ~(UINT64_C(1) << a % 64);
    memset(h->services, 0, (vd_catalog_services(h->c) / 64 + 1) * sizeof *h->services);
    memset(h->types, 0, (vd_catalog_types(h->c) / 64 + 1) * sizeof *h->types);
    memset(h->keys, 0, (vd_catalog_keys(h->c) / 64 + 1) * sizeof *h->keys);
}

static void print(vd_cli *cli, const vd_hits *h, bool alone)
{
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return;
    for (size_t i = 0; i < outputs.count; i++)
        if (vd_output_is(&outputs, i, "json"))
            vd_hits_json(cli, vd_output_buf(&outputs, i), h);
        else
            vd_hits_text(cli, vd_output_buf(&outputs, i), h, alone);
    vd_outputs_close(&outputs);
}

static vd_exit find(vd_cli *cli, uint32_t from)
{
    vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
    vd_filter filter;
    vd_hits   hits;
    uint32_t  words = cli->args.word_count - from;

    if (!vd_hits_init(&hits, cli->catalog, &arena)) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    } else if (vd_filter_read(&filter, cli, &arena)) {
        bool narrow = vd_filter_is_set(&filter);

        for (uint32_t i = from; i < cli->args.word_count; i++)
            if (!vd_hits_add(&hits, vd_str_of(cli->args.words[i])))
                unknown(cli, vd_str_of(cli->args.words[i]));
        if (words == 0 && (!narrow || (filter.any_key && !filter.levels && !filter.types && !filter.no_type)))
            vd_cli_usage(cli, narrow ? "every action may carry that key: name a service or a pattern"
                                     : "what to look for? a service, an action, a resource type, a condition key, an ARN");
        else if (words == 0)
            vd_hits_add(&hits, VD_S("*"));
        if (narrow)
            apply(&hits, &filter);
        if (cli->worst == VD_EXIT_YES || words > 1)
            print(cli, &hits, !narrow && words == 1);
    }
    vd_arena_done(&arena);
    return cli->worst;
}

/* ------------------------------------------------------------------ status */

static void status_text(vd_cli *cli, vd_buf *out, const char *path)
{
    const vd_catalog *c = cli->catalog;

    vd_buf_printf(out, "catalogue   %s\n", path ? path : "built in");
    vd_buf_printf(out, "date        " VD_F "\n", VD_A(vd_catalog_date(c)));
    vd_buf_printf(out, "source      " VD_F "\n", VD_A(vd_catalog_source(c)));
    vd_buf_printf(out, "digest      sha256:" VD_F "\n", VD_A(vd_catalog_digest(c)));
    vd_buf_printf(out, "size        %zu bytes\n", vd_catalog_bytes(c).n);
    vd_buf_printf(out, "contents    %u services, %u actions, %u resource types, %u condition keys, %u tables\n",
                  (unsigned)vd_catalog_services(c), (unsigned)vd_catalog_actions(c), (unsigned)vd_catalog_types(c),
                  (unsigned)vd_catalog_keys(c), (unsigned)vd_catalog_sheets(c));
}

static void status_json(vd_cli *cli, vd_buf *out, const char *path)
{
    const vd_catalog *c = cli->catalog;
    vd_json          *root = vd_json_object(), *head = vd_json_object();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(root, "file", path ? vd_json_string(vd_str_of(path)) : vd_json_null());
    vd_json_set(root, "date", vd_json_string(vd_catalog_date(c)));
    vd_json_set(root, "source", vd_json_string(vd_catalog_source(c)));
    vd_json_set(root, "digest", vd_json_string(vd_catalog_digest(c)));
    vd_json_set(root, "bytes", vd_json_int((int64_t)vd_catalog_bytes(c).n));
    vd_json_set(root, "services", vd_json_int(vd_catalog_services(c)));
    vd_json_set(root, "actions", vd_json_int(vd_catalog_actions(c)));
    vd_json_set(root, "resourceTypes", vd_json_int(vd_catalog_types(c)));
    vd_json_set(root, "keys", vd_json_int(vd_catalog_keys(c)));
    vd_json_set(root, "tables", vd_json_int(vd_catalog_sheets(c)));
    if (vd_json_dump(out, root, 2) != VD_OK)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(out, '\n');
}

static vd_exit status(vd_cli *cli)
{
    const char *path = vd_args_text(&cli->args, "catalog");
    vd_outputs  outputs;

    if (cli->args.word_count > 1) {
        vd_cli_usage(cli, "catalog status takes no argument, found \"%s\"", cli->args.words[1]);
        return VD_EXIT_USAGE;
    }
    if (!vd_catalog_digest_ok(cli->catalog)) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%s: the digest does not match the content", path ? path : "built in");
        return VD_EXIT_USAGE;
    }
    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    for (size_t i = 0; i < outputs.count; i++)
        (vd_output_is(&outputs, i, "json") ? status_json : status_text)(cli, vd_output_buf(&outputs, i), path);
    vd_outputs_close(&outputs);
    return cli->worst;
}

/* ------------------------------------------------------------------ the command */

static vd_exit run(vd_cli *cli)
{
    const char *word = cli->args.word_count ? cli->args.words[0] : "";

    if (strcmp(word, "diff") == 0)
        return vd_catalog_diff_command(cli);
    if (strcmp(word, "update") == 0)
        return vd_catalog_update_command(cli);
    if (!vd_cli_open_catalog(cli))
        return cli->worst;
    if (vd_args_has(&cli->args, "from") || vd_args_has(&cli->args, "output") || vd_args_has(&cli->args, "date")) {
        vd_cli_usage(cli, "--from, -o and --date are for catalog update");
        return VD_EXIT_USAGE;
    }
    if (strcmp(word, "status") == 0)
        return status(cli);
    return find(cli, strcmp(word, "find") == 0);
}

static const vd_opt own[] = {
    { "level", 0, VD_OPT_TEXT, true, "LEVEL", "only actions of this access level: list, read, write, tagging, permissions-management, or L R W T P",
      NULL },
    { "resource", 0, VD_OPT_TEXT, true, "ARN|TYPE|*", "only actions that accept such a resource; *: that accept none", NULL },
    { "key", 0, VD_OPT_TEXT, false, "KEY", "only actions that may carry this condition key", NULL },
    { "format", 'f', VD_OPT_FORMAT, true, "text|json", "how to print, =FILE to write it there", NULL },
    { "from", 0, VD_OPT_FILE, false, "DIR", "update: the folder with newer facts", NULL },
    { "output", 'o', VD_OPT_FILE, false, "FILE.vdc", "update: the catalogue to write; - is standard output", NULL },
    { "date", 0, VD_OPT_TEXT, false, "YYYY-MM-DD", "update: the date of facts that carry none; default today", NULL },
};
static VD_OPTS(own_options, "catalogue", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "actions, with their levels and resource types", "verdict catalog 's3:Get*Acl'", 0 },
    { "what can be done to an object, and manages permissions", "verdict catalog --resource 'arn:aws:s3:::b/*' --level P", 0 },
};

const vd_command vd_command_catalog = {
    .name = "catalog",
    .summary = "services, actions, resource types, condition keys",
    .words = "[find] QUERY...|status|update --from DIR -o FILE.vdc|diff A B",
    .about = "Looks things up: a service (sqs), an action or a pattern of them (s3:Get*), a resource type (s3:bucket), a "
             "condition key (aws:SourceVpce), an ARN, or a word that any name holds.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 found; a name that there is not is 2, with what may have been meant",
    .no_catalog = true, /* opened by run */
    .run = run,
};

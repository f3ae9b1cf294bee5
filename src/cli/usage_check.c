/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage map-check: what refusals in logs say about the tables of events.
 */
#include "cli/activity.h"
#include "cli/outputs.h"
#include "cli/usage.h"

#include "base/file.h"
#include "base/str.h"
#include "text/json_write.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

typedef struct checking {
    vd_cli       *cli;
    vd_map_check *check;
    vd_str        rows; /* of --map-extra */
    vd_told_unit  telling;
    vd_buf       *out;  /* the output that is being written */
    vd_json      *list; /* NULL: as text */
    uint32_t      shown;
} checking;

/* ------------------------------------------------------------------ text */

static const char *const tables_say[] = {
    [VD_DISAGREE_ACTION] = "the tables say    ",
    [VD_DISAGREE_UNMAPPED] = "the tables do not know the event",
    [VD_DISAGREE_FREE] = "the tables say that nobody needs a permission for it",
    [VD_DISAGREE_RESOURCE] = "other resources of the record: ",
};

static bool text_one(void *user, const vd_disagreement *d)
{
    checking *c = user;
    vd_buf   *b = c->out;

    if (c->shown++)
        vd_buf_byte(b, '\n');
    vd_look_safe(b, d->source);
    vd_buf_byte(b, ' ');
    vd_look_safe(b, d->name);
    vd_buf_printf(b, "  %llu time%s\n    the message says  ", (unsigned long long)d->count, d->count == 1 ? "" : "s");
    vd_look_safe(b, d->said);
    vd_buf_printf(b, "\n    %s", tables_say[d->kind]);
    vd_look_safe(b, d->mapped);
    vd_buf_add(b, VD_S("\n    \""));
    vd_look_safe(b, d->message);
    vd_buf_add(b, VD_S("\"\n    "));
    vd_look_safe(b, d->unit);
    vd_buf_printf(b, " record %llu\n", (unsigned long long)d->record);
    return true;
}

static void text_sum(checking *c, const vd_map_sum *s)
{
    vd_buf *b = c->out;

    vd_buf_printf(b, "%s%llu disagreement%s in %llu message%s that name%s an action", c->shown ? "\n" : "",
                  (unsigned long long)s->disagreed, s->disagreed == 1 ? "" : "s", (unsigned long long)s->named,
                  s->named == 1 ? "" : "s", s->named == 1 ? "s" : "");
    if (s->possible)
        vd_buf_printf(b, ", %llu name%s one of several", (unsigned long long)s->possible, s->possible == 1 ? "s" : "");
    if (s->dependents)
        vd_buf_printf(b, ", %llu one that such a call may need", (unsigned long long)s->dependents);
    if (s->more)
        vd_buf_printf(b, "; %llu of them are not listed", (unsigned long long)s->more);
    vd_buf_byte(b, '\n');
    if (s->named < s->messages)
        vd_buf_printf(b, "%llu error message%s no action%s\n", (unsigned long long)(s->messages - s->named),
                      s->messages - s->named == 1 ? " names" : "s name", s->encoded ? ", some are encoded" : "");
    if (s->unresolved)
        vd_buf_printf(b, "%llu of %llu ARNs could not be held against the record, which tells none\n",
                      (unsigned long long)s->unresolved, (unsigned long long)s->resources);
}

/* ------------------------------------------------------------------ JSON */

static bool json_one(void *user, const vd_disagreement *d)
{
    checking *c = user;
    vd_json  *o = vd_json_object();

    vd_json_set(o, "kind", vd_json_string(vd_str_of(vd_disagreement_name(d->kind))));
    vd_json_set(o, "source", vd_json_string(d->source));
    vd_json_set(o, "name", vd_json_string(d->name));
    vd_json_set(o, "said", vd_json_string(d->said));
    if (d->mapped.n)
        vd_json_set(o, "mapped", vd_json_string(d->mapped));
    vd_json_set(o, "count", vd_json_int((int64_t)d->count));
    vd_json_set(o, "message", vd_json_string(d->message));
    vd_json_set(o, "unit", vd_json_string(d->unit));
    vd_json_set(o, "record", vd_json_int((int64_t)d->record));
    vd_json_push(c->list, o);
    return true;
}

static void json_all(checking *c, const vd_map_sum *s)
{
    const struct {
        const char *name;
        uint64_t    value;
    } sums[] = { { "messages", s->messages },     { "encoded", s->encoded },       { "named", s->named },
                 { "agreed", s->agreed },         { "possible", s->possible },     { "dependents", s->dependents },
                 { "resources", s->resources },   { "unresolved", s->unresolved }, { "disagreed", s->disagreed },
                 { "more", s->more } };
    vd_json *root = vd_json_object(), *head = vd_json_object(), *sum = vd_json_object();

    c->list = vd_json_array();
    vd_map_check_each(c->check, json_one, c);
    for (size_t i = 0; i < VD_COUNT(sums); i++)
        vd_json_set(sum, sums[i].name, vd_json_int((int64_t)sums[i].value));
    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(root, "disagreements", c->list);
    vd_json_set(root, "sums", sum);
    if (vd_json_dump(c->out, root, 2) != VD_OK)
        vd_cli_errorf(c->cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(c->out, '\n');
}

/* ------------------------------------------------------------------ reading */

static void note(void *ctx, const vd_usage_note *n)
{
    vd_told_add(ctx, n);
}

static bool read_one(checking *c, const char *path, const char *why)
{
    vd_error        err = { .size = sizeof err };
    vd_str          name = vd_str_of(path);
    vd_usage_source source;
    vd_bytes        bytes;
    char            text[128];
    vd_code         code;

    vd_told_init(&c->telling, c->cli->verbose);
    if (*why) {
        code = vd_map_check_add_failed(c->check, name, vd_str_of(why), &err);
    } else if (!vd_bytes_open(&bytes, path)) {
        vd_errno_text(text, sizeof text, errno);
        code = vd_map_check_add_failed(c->check, name, vd_str_of(text), &err);
    } else {
        source = vd_bytes_source(&bytes);
        code = vd_map_check_add(c->check, name, &source, &err);
        vd_bytes_close(&bytes);
    }
    vd_told_end(&c->telling, name);
    if (!c->cli->quiet)
        vd_buf_add(&c->cli->err, vd_buf_str(&c->telling.text));
    vd_told_done(&c->telling);
    if (code != VD_OK)
        vd_cli_error(c->cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

static bool read_all(checking *c)
{
    const vd_args *args = &c->cli->args;
    vd_tree       *tree = vd_tree_new(c->cli, (const char *const *)args->words + 1, args->word_count - 1, NULL,
                                      vd_args_has(args, "follow"));
    char           path[4096], why[128];
    bool           good = tree != NULL;

    while (good && vd_tree_next(tree, path, why))
        good = read_one(c, path, why);
    vd_tree_free(tree);
    return good;
}

static bool open_check(checking *c)
{
    vd_activity_opts opts = { .size = sizeof opts };
    vd_usage_opts    reading = { .size = sizeof reading, .note = note, .ctx = &c->telling };
    vd_error         err = { .size = sizeof err };
    vd_code          code = VD_EINVAL;

    if (!vd_cli_open_catalog(c->cli))
        return false;
    opts.catalog = c->cli->catalog;
    reading.any_version = vd_args_has(&c->cli->args, "accept-major");
    if (!vd_cli_time(c->cli, "from", 0, &reading.from) || !vd_cli_time(c->cli, "to", 0, &reading.to) ||
        !vd_cli_time(c->cli, "now", (int64_t)time(NULL), &reading.now) ||
        !vd_usage_size(c->cli, "dedup-mem", 32u << 20, &reading.dedup_memory) || !vd_cli_map_rows(c->cli, &opts))
        return false;
    c->rows = opts.rows;
    code = vd_map_check_new(&c->check, c->cli->engine, &opts, &reading, &err);
    if (code != VD_OK)
        vd_cli_error(c->cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

static void print(checking *c, vd_outputs *outputs, const vd_map_sum *sum)
{
    for (size_t i = 0; i < outputs->count; i++) {
        c->out = vd_output_buf(outputs, i);
        c->shown = 0;
        if (vd_output_is(outputs, i, "json")) {
            json_all(c, sum);
        } else {
            vd_map_check_each(c->check, text_one, c);
            text_sum(c, sum);
        }
    }
}

vd_exit vd_usage_check_command(vd_cli *cli)
{
    checking   c = { .cli = cli };
    vd_map_sum sum = { .size = sizeof sum };
    vd_outputs outputs;

    if (!vd_usage_takes(cli, VD_FORM_CHECK))
        return cli->worst;
    if (cli->args.word_count < 2) {
        vd_cli_usage(cli, "usage map-check takes log files and directories of them, or - for standard input");
        return cli->worst;
    }
    if (!vd_outputs_open(&outputs, cli, "text"))
        return cli->worst;
    for (size_t i = 0; i < outputs.count; i++)
        if (vd_output_is(&outputs, i, "csv"))
            vd_cli_usage(cli, "usage map-check prints text or json");
    if (cli->worst == VD_EXIT_YES && open_check(&c) && read_all(&c)) {
        vd_map_check_sum(c.check, &sum);
        print(&c, &outputs, &sum);
        if (sum.disagreed && cli->worst < VD_EXIT_NO)
            cli->worst = VD_EXIT_NO;
        vd_told_verdict(cli, vd_map_check_usage(c.check), false);
    }
    vd_map_check_free(c.check);
    vd_file_free(vd_allocator_default(), c.rows);
    vd_outputs_close(&outputs);
    return cli->worst;
}

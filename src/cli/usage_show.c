/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage show: what a summary holds, for people and for programs.
 */
#include "cli/usage.h"

#include "base/str.h"
#include "cli/outputs.h"
#include "pattern/value.h"
#include "text/json_write.h"

#include <errno.h>

enum { FLUSH_BYTES = 1 << 16 };

typedef struct showing {
    vd_cli     *cli;
    vd_outputs  outputs;
    size_t      at; /* the output that is being written */
    vd_buf     *out;
    vd_json    *facts, *evidence, *units, *counters;
    vd_str      last_principal;
    char        last[2048];
    uint64_t    facts_seen, units_seen, evidence_seen;
} showing;

/* ------------------------------------------------------------------ pieces */

static void add_date(vd_buf *b, int64_t seconds)
{
    char text[48];

    vd_buf_add(b, (vd_str){ text, vd_date_format(text, (vd_date){ .seconds = seconds }) });
}

/* Only on standard output: what goes to a file is written as a whole. */
static void flush(showing *s)
{
    if (s->out == &s->cli->out && s->out->n >= FLUSH_BYTES)
        vd_cli_flush(s->cli);
}

static vd_str partition(vd_str account, vd_str *number)
{
    vd_str rest = account, head = VD_S("aws");

    if (!vd_str_cut(&rest, ':', &head)) {
        rest = account;
        head = VD_S("aws");
    }
    *number = rest;
    return head;
}

/* As an ARN where it is a principal of IAM whose name is known; else the name. */
static void add_principal(vd_buf *b, const vd_usage_fact *f)
{
    vd_str account, part = partition(f->principal_account, &account), name = f->principal_name;
    bool   iam = vd_str_eq(f->principal_kind, VD_S("role")) || vd_str_eq(f->principal_kind, VD_S("user"));

    if (vd_str_starts(name, VD_S("?/")))
        name = vd_str_from(name, 2);
    if (iam && name.n)
        vd_buf_printf(b, "arn:" VD_F ":iam::" VD_F ":" VD_F "/" VD_F, VD_A(part), VD_A(account), VD_A(f->principal_kind),
                      VD_A(name));
    else if (vd_str_eq(f->principal_kind, VD_S("root")))
        vd_buf_printf(b, "arn:" VD_F ":iam::" VD_F ":root", VD_A(part), VD_A(account));
    else if (name.n || f->principal_id.n)
        vd_buf_printf(b, VD_F, VD_A(name.n ? name : f->principal_id));
    else
        vd_buf_printf(b, VD_F "%s" VD_F, VD_A(f->principal_kind), account.n ? " " : "", VD_A(account));
}

/* ------------------------------------------------------------------ text */

static void text_fact(void *ctx, const vd_usage_fact *f)
{
    showing *s = ctx;
    vd_buf  *b = s->out;

    s->facts_seen++;
    if (!vd_str_eq(f->principal, s->last_principal) && f->principal.n <= sizeof s->last) {
        memcpy(s->last, f->principal.p, f->principal.n);
        s->last_principal = (vd_str){ s->last, f->principal.n };
        if (s->facts_seen > 1)
            vd_buf_byte(b, '\n');
        add_principal(b, f);
        if (f->principal_id.n)
            vd_buf_printf(b, "  (" VD_F ")", VD_A(f->principal_id));
        vd_buf_byte(b, '\n');
    }
    vd_buf_printf(b, "  %8llu  " VD_F ":" VD_F "  " VD_F, (unsigned long long)f->count, VD_A(f->source), VD_A(f->name),
                  VD_A(f->region));
    if (!vd_str_eq(f->outcome, VD_S("ok")))
        vd_buf_printf(b, "  " VD_F, VD_A(f->outcome));
    if (f->via.n)
        vd_buf_printf(b, "  via " VD_F, VD_A(f->via));
    if (f->kind.n)
        vd_buf_printf(b, "  (" VD_F ")", VD_A(f->kind));
    if (f->account.n)
        vd_buf_printf(b, "  in the log of " VD_F, VD_A(f->account));
    vd_buf_add(b, VD_S("  "));
    add_date(b, f->first);
    if (f->last != f->first) {
        vd_buf_add(b, VD_S(" to "));
        add_date(b, f->last);
    }
    vd_buf_byte(b, '\n');
    for (size_t i = 0; i < f->resources.count && (s->cli->verbose || i < 3); i++)
        vd_buf_printf(b, "            " VD_F "\n", VD_A(f->resources.at[i]));
    if (f->resources.more || (!s->cli->verbose && f->resources.count > 3))
        vd_buf_printf(b, "            and %s%s\n", f->resources.more ? "more than were kept" : "others",
                      s->cli->verbose ? "" : " (-v)");
    if (f->resources_about)
        vd_buf_printf(b, "            about %llu in all%s\n", (unsigned long long)f->resources_about,
                      f->resource_patterns.count ? ", within" : "");
    for (size_t i = 0; i < f->resource_patterns.count && (s->cli->verbose || i < 3); i++)
        vd_buf_printf(b, "            " VD_F "\n", VD_A(f->resource_patterns.at[i]));
    if (!s->cli->verbose && f->resource_patterns.count > 3)
        vd_buf_printf(b, "            and others (-v)\n");
    flush(s);
}

static void text_evidence(void *ctx, const vd_usage_evidence *e)
{
    showing *s = ctx;

    if (s->evidence_seen++ == 0)
        vd_buf_add(s->out, VD_S("\nfrom reports\n"));
    vd_buf_printf(s->out, "  " VD_F "  " VD_F "  " VD_F "  " VD_F "\n", VD_A(e->kind), VD_A(e->subject), VD_A(e->item),
                  VD_A(e->values));
    flush(s);
}

static void text_unit(void *ctx, const vd_usage_unit *u)
{
    showing *s = ctx;

    s->units_seen++;
    if (!s->cli->verbose)
        return;
    if (s->units_seen == 1)
        vd_buf_add(s->out, VD_S("\nread\n"));
    vd_buf_printf(s->out, "  " VD_F "  %llu bytes, %llu events\n", VD_A(u->id), (unsigned long long)u->bytes,
                  (unsigned long long)u->events);
    flush(s);
}

static void text_counter(void *ctx, vd_str name, uint64_t value)
{
    showing *s = ctx;

    if (vd_str_eq(name, VD_S("filesTotal")))
        vd_buf_add(s->out, VD_S("\ncounters\n"));
    if (value)
        vd_buf_printf(s->out, "  " VD_F " %llu\n", VD_A(name), (unsigned long long)value);
}

/* ------------------------------------------------------------------ CSV: the columns of the SQL contract */

void vd_csv_text(vd_buf *b, vd_str s, const char *separator)
{
    bool quoted = vd_str_find(s, ',') < s.n || vd_str_find(s, '"') < s.n || vd_str_find(s, '\n') < s.n;
    bool formula = s.n && (s.p[0] == '=' || s.p[0] == '+' || s.p[0] == '-' || s.p[0] == '@');

    vd_buf_printf(b, "%s%s%s", separator, quoted ? "\"" : "", formula ? "'" : "");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            vd_buf_byte(b, '"');
        vd_buf_byte(b, s.p[i]);
    }
    if (quoted)
        vd_buf_byte(b, '"');
}

/* Separated by spaces; a space within a name as %20. */
void vd_csv_list(vd_buf *b, const vd_str *at, size_t count, bool more)
{
    vd_buf text = vd_buf_on(vd_allocator_default(), 0);

    for (size_t i = 0; i < count; i++) {
        if (i)
            vd_buf_byte(&text, ' ');
        for (size_t k = 0; k < at[i].n; k++)
            if (at[i].p[k] == ' ')
                vd_buf_add(&text, VD_S("%20"));
            else
                vd_buf_byte(&text, at[i].p[k]);
    }
    if (more)
        vd_buf_add(&text, VD_S(" ..."));
    vd_csv_text(b, vd_buf_str(&text), ",");
    vd_buf_done(&text);
}

static void csv_fact(void *ctx, const vd_usage_fact *f)
{
    showing *s = ctx;
    vd_buf   name = vd_buf_on(vd_allocator_default(), 0);
    vd_str   account;

    partition(f->principal_account, &account);
    add_principal(&name, f);
    vd_csv_text(s->out, vd_buf_str(&name), "");
    vd_buf_done(&name);
    vd_csv_text(s->out, f->principal_id, ",");
    vd_csv_text(s->out, f->account.n ? f->account : account, ",");
    vd_csv_text(s->out, f->region, ",");
    vd_csv_text(s->out, f->source, ",");
    vd_csv_text(s->out, f->name, ",");
    vd_csv_text(s->out, f->api_version, ",");
    vd_csv_text(s->out, f->via, ",");
    vd_csv_text(s->out, f->outcome, ",");
    if (f->guards_known)
        vd_buf_printf(s->out, ",%llu", (unsigned long long)f->guards);
    else
        vd_buf_byte(s->out, ',');
    vd_csv_list(s->out, f->resources.at, f->resources.count, f->resources.more);
    vd_buf_printf(s->out, ",%llu,", (unsigned long long)f->count);
    add_date(s->out, f->first);
    vd_buf_byte(s->out, ',');
    add_date(s->out, f->last);
    vd_buf_add(s->out, VD_S("\r\n"));
    flush(s);
}

/* ------------------------------------------------------------------ JSON */

static vd_json *json_date(int64_t seconds)
{
    char text[48];

    return vd_json_string((vd_str){ text, vd_date_format(text, (vd_date){ .seconds = seconds }) });
}

static void json_optional(vd_json *o, const char *name, vd_str value)
{
    if (value.n)
        vd_json_set(o, name, vd_json_string(value));
}

static void json_list(vd_json *o, const char *name, const vd_usage_strings *list)
{
    vd_json *array;

    if (!list->count && !list->more)
        return;
    array = vd_json_array();
    for (size_t i = 0; i < list->count; i++)
        vd_json_push(array, vd_json_string(list->at[i]));
    vd_json_set(o, name, array);
}

static vd_json *json_principal(const vd_usage_fact *f)
{
    vd_json *o = vd_json_object();
    vd_buf   name = vd_buf_on(vd_allocator_default(), 0);

    add_principal(&name, f);
    vd_json_set(o, "name", vd_json_string(vd_buf_str(&name)));
    vd_buf_done(&name);
    vd_json_set(o, "kind", vd_json_string(f->principal_kind));
    json_optional(o, "account", f->principal_account);
    json_optional(o, "id", f->principal_id);
    if (vd_str_starts(f->principal_name, VD_S("?/")))
        vd_json_set(o, "pathUnknown", vd_json_bool(true));
    return o;
}

static void json_fact(void *ctx, const vd_usage_fact *f)
{
    showing *s = ctx;
    vd_json *o = vd_json_object(), *mfa = vd_json_array(), *more = vd_json_array();
    const struct {
        const char             *name;
        const vd_usage_strings *list;
    } lists[] = {
        { "resources", &f->resources },         { "roles", &f->roles },       { "vpcEndpoints", &f->endpoints },
        { "networks", &f->networks },           { "holders", &f->holders },   { "samples", &f->samples },
        { "sourceIdentities", &f->source_identities }, { "made", &f->made },
        { "asked", &f->asked },
        { "resourcePatterns", &f->resource_patterns },
    };

    vd_json_set(o, "principal", json_principal(f));
    json_optional(o, "account", f->account);
    vd_json_set(o, "region", vd_json_string(f->region));
    vd_json_set(o, "source", vd_json_string(f->source));
    vd_json_set(o, "name", vd_json_string(f->name));
    json_optional(o, "apiVersion", f->api_version);
    vd_json_set(o, "guards", f->guards_known ? vd_json_int((int64_t)f->guards) : vd_json_null());
    json_optional(o, "via", f->via);
    vd_json_set(o, "outcome", vd_json_string(f->outcome));
    json_optional(o, "kind", f->kind);
    vd_json_set(o, "count", vd_json_int((int64_t)f->count));
    vd_json_set(o, "first", json_date(f->first));
    vd_json_set(o, "last", json_date(f->last));
    vd_json_set(o, "days", vd_json_int(f->days));
    for (size_t i = 0; i < VD_COUNT(lists); i++) {
        json_list(o, lists[i].name, lists[i].list);
        if (lists[i].list->more)
            vd_json_push(more, vd_json_string(vd_str_of(lists[i].name)));
    }
    if (f->resources_about)
        vd_json_set(o, "resourcesAbout", vd_json_int((int64_t)f->resources_about));
    vd_json_set(o, "more", more);
    if (f->mfa_true)
        vd_json_push(mfa, vd_json_string(VD_S("true")));
    if (f->mfa_false)
        vd_json_push(mfa, vd_json_string(VD_S("false")));
    if (f->mfa_none)
        vd_json_push(mfa, vd_json_string(VD_S("none")));
    vd_json_set(o, "mfa", mfa);
    vd_json_push(s->facts, o);
}

static void json_evidence(void *ctx, const vd_usage_evidence *e)
{
    showing *s = ctx;
    vd_json *o = vd_json_object(), *values = vd_json_raw(e->values);

    vd_json_set(o, "kind", vd_json_string(e->kind));
    vd_json_set(o, "subject", vd_json_string(e->subject));
    vd_json_set(o, "item", vd_json_string(e->item));
    vd_json_set(o, "asOf", json_date(e->as_of));
    vd_json_set(o, "values", values ? values : vd_json_object());
    vd_json_push(s->evidence, o);
}

static void json_unit(void *ctx, const vd_usage_unit *u)
{
    showing *s = ctx;
    vd_json *o = vd_json_object();

    vd_json_set(o, "id", vd_json_string(u->id));
    vd_json_set(o, "hash", vd_json_string(u->hash));
    vd_json_set(o, "bytes", vd_json_int((int64_t)u->bytes));
    vd_json_set(o, "events", vd_json_int((int64_t)u->events));
    if (u->events) {
        vd_json_set(o, "first", json_date(u->first));
        vd_json_set(o, "last", json_date(u->last));
    }
    vd_json_push(s->units, o);
}

static void json_counter(void *ctx, vd_str name, uint64_t value)
{
    showing *s = ctx;
    char     text[64];

    memcpy(text, name.p, name.n < sizeof text ? name.n : sizeof text - 1);
    text[name.n < sizeof text ? name.n : sizeof text - 1] = 0;
    vd_json_set(s->counters, text, vd_json_int((int64_t)value));
}

static void json_end(showing *s)
{
    vd_json *root = vd_json_object(), *head = vd_json_object();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(root, "facts", s->facts);
    vd_json_set(root, "evidence", s->evidence);
    vd_json_set(root, "units", s->units);
    vd_json_set(root, "counters", s->counters);
    if (vd_json_dump(s->out, root, 2) != VD_OK)
        vd_cli_errorf(s->cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(s->out, '\n');
}

/* ------------------------------------------------------------------ the command */

static vd_usage_reader reader_of(showing *s)
{
    if (vd_output_is(&s->outputs, s->at, "json")) {
        s->facts = vd_json_array();
        s->evidence = vd_json_array();
        s->units = vd_json_array();
        s->counters = vd_json_object();
        return (vd_usage_reader){ sizeof(vd_usage_reader), json_fact, json_evidence, json_unit, json_counter, s };
    }
    if (vd_output_is(&s->outputs, s->at, "csv")) {
        vd_buf_add(s->out, VD_S("principal_arn,principal_id,account,region,event_source,event_name,api_version,via,outcome,"
                                "guard_bits,resource,n,first_time,last_time\r\n"));
        return (vd_usage_reader){ sizeof(vd_usage_reader), csv_fact, NULL, NULL, NULL, s };
    }
    return (vd_usage_reader){ sizeof(vd_usage_reader), text_fact, text_evidence, text_unit, text_counter, s };
}

static void show(showing *s, const char *path)
{
    vd_cli         *cli = s->cli;
    vd_usage_reader reader = reader_of(s);
    vd_error        err = { .size = sizeof err };
    vd_usage_source source;
    vd_bytes        bytes;
    vd_code         code;

    if (!vd_bytes_open(&bytes, path)) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%s: cannot open: %s", path, strerror(errno));
        if (s->facts)
            json_end(s);
        return;
    }
    source = vd_bytes_source(&bytes);
    code = vd_usage_read(cli->engine, vd_str_of(path), &source, vd_args_has(&cli->args, "salvage"), &reader, &err);
    vd_bytes_close(&bytes);
    if (s->facts)
        json_end(s);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
}

vd_exit vd_usage_show_command(vd_cli *cli)
{
    showing s = { .cli = cli };
    bool    actions = vd_args_has(&cli->args, "actions"), coverage = vd_args_has(&cli->args, "coverage");

    if (actions && coverage) {
        vd_cli_usage(cli, "usage show takes --actions or --coverage, not both");
        return cli->worst;
    }
    if (!vd_usage_takes(cli, actions ? VD_FORM_ACTIONS : coverage ? VD_FORM_COVERAGE : VD_FORM_SHOW))
        return cli->worst;
    if (actions)
        return vd_usage_actions_command(cli);
    if (coverage)
        return vd_usage_coverage_command(cli);
    if (cli->args.word_count != 2) {
        vd_cli_usage(cli, "usage show takes one summary, or - for standard input");
        return cli->worst;
    }
    if (!vd_outputs_open(&s.outputs, cli, "text"))
        return cli->worst;
    if (s.outputs.count > 1 && strcmp(cli->args.words[1], "-") == 0) {
        vd_cli_usage(cli, "standard input can be shown in one format only");
    } else {
        for (s.at = 0; s.at < s.outputs.count; s.at++) {
            s.out = vd_output_buf(&s.outputs, s.at);
            s.facts = NULL;
            s.facts_seen = s.units_seen = s.evidence_seen = 0;
            s.last_principal = (vd_str){ 0 };
            show(&s, cli->args.words[1]);
        }
    }
    vd_outputs_close(&s.outputs);
    return cli->worst;
}

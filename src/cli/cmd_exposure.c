/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict exposure: who outside the zone of trust can reach what.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/exposing.h"
#include "cli/outputs.h"
#include "cli/save.h"
#include "request/request.h"
#include "request/state.h"

typedef struct exposing {
    vd_cli           *cli;
    vd_proving        p;
    vd_zone          *zone;
    vd_snapshot      *snapshot, *older_snapshot;
    vd_exposure_opts  opts;
    vd_exposing_run   run, older;
    vd_arena          arena;
    vd_exposed_row   *rows;
    uint32_t          count, cap;
    vd_exposing_task **of; /* of each row, as far as it is of this run */
    uint32_t          of_count, of_cap;
    vd_known_ids      known;
    vd_archive       *archive;
    bool              has_older;
} exposing;

static bool nomem(exposing *e)
{
    vd_cli_errorf(e->cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

/* ------------------------------------------------------------------ the question */

static bool take_bits(exposing *e)
{
    const char *text = vd_args_text(&e->cli->args, "public-ip-bits");
    vd_str      v6 = vd_str_of(text ? text : ""), v4;
    unsigned    bits[2] = { 0, 0 };

    if (!text)
        return true;
    if (!vd_str_cut(&v6, ',', &v4) || !vd_str_all_digits(v4) || !vd_str_all_digits(v6) || v4.n > 2 || v6.n > 3) {
        vd_cli_usage(e->cli, "--public-ip-bits must be two numbers, of IPv4 and of IPv6, as in 24,96; not \"%s\"", text);
        return false;
    }
    for (size_t i = 0; i < v4.n; i++)
        bits[0] = bits[0] * 10 + (unsigned)(v4.p[i] - '0');
    for (size_t i = 0; i < v6.n; i++)
        bits[1] = bits[1] * 10 + (unsigned)(v6.p[i] - '0');
    if (bits[0] > 32 || bits[1] > 128) {
        vd_cli_usage(e->cli, "--public-ip-bits \"%s\": an address has 32 bits, or 128", text);
        return false;
    }
    e->opts.public_ip4_bits = (uint8_t)bits[0];
    e->opts.public_ip6_bits = (uint8_t)bits[1];
    e->opts.any_address_limits_not = bits[0] == 0 && bits[1] == 0;
    return true;
}

/* Rules as little documented, of which another reading changes no answer here, or is not known. */
static const struct {
    const char *rule, *why;
} settled[] = {
    { "E116", "AWS refuses a policy with an operator in other letters, so none is in force" },
    { "E420", "the root user of an account can make a session of any name, whoever else has to be listed" },
    { "E421", "nobody knows the permissions boundaries of outsiders: they are asked about without" },
    { "E504", "requests are asked about that spell each key in one way" },
    { "E610", "nobody has said what these keys would hold for a service" },
};

static const char *settled_why(vd_str rule)
{
    for (size_t i = 0; i < VD_COUNT(settled); i++)
        if (vd_str_ieq(rule, vd_str_of(settled[i].rule)))
            return settled[i].why;
    return NULL;
}

static bool take_reading(exposing *e, vd_str rule)
{
    const char *why = settled_why(rule);
    vd_buf list = vd_buf_on(vd_allocator_default(), 0);
    bool   found = false;

    for (uint32_t i = 0; i < VD_READING_COUNT_BITS; i++) {
        uint32_t bit = (uint32_t)1 << i;
        vd_str   name = vd_str_of(vd_reading_name(bit));

        vd_buf_printf(&list, "%s" VD_F, list.n ? ", " : "", VD_A(name));
        if (vd_str_ieq(rule, name) || vd_str_ieq(rule, VD_S("all"))) {
            e->opts.readings |= bit;
            found = true;
        }
    }
    if (!found && why)
        vd_cli_usage(e->cli, "--alternative \"" VD_F "\": that rule cannot be chosen: %s", VD_A(rule), why);
    else if (!found)
        vd_cli_usage(e->cli, "--alternative \"" VD_F "\": no rule with another reading; there are " VD_F ", or all of them: all", VD_A(rule),
                     VD_A(vd_buf_str(&list)));
    vd_buf_done(&list);
    return found;
}

static bool take_readings(exposing *e)
{
    for (uint32_t i = 0; i < vd_args_count(&e->cli->args, "alternative"); i++) {
        vd_str rest = vd_str_of(vd_args_at(&e->cli->args, "alternative", i)), one;
        bool   more = true;

        while (more) {
            more = vd_str_cut(&rest, ',', &one);
            if (!take_reading(e, vd_str_trim(more ? one : rest)))
                return false;
        }
    }
    return true;
}

static vd_str word_of(const exposing *e, const char *name)
{
    const char *text = vd_args_text(&e->cli->args, name);

    return vd_str_of(text ? text : "");
}

static bool take_question(exposing *e)
{
    const vd_args *args = &e->cli->args;
    vd_str         services = word_of(e, "services");

    /* What verdict lint has to say about policies that are left out is for those who ask for it. */
    e->p.hushed = e->cli->verbose ? 0 : ~(1u << VD_KIND_RESOURCE | 1u << VD_KIND_TRUST);
    e->opts = (vd_exposure_opts){ .size = sizeof e->opts,
                                  .resource = word_of(e, "resource"),
                                  .resource_type = word_of(e, "resource-type"),
                                  .trust_networks = vd_args_has(args, "trust-networks"),
                                  .all_cells = vd_args_has(args, "all-cells"),
                                  .count = vd_args_has(args, "count") };
    e->opts.services = vd_str_eq(services, VD_S("none"))  ? VD_SERVICES_NONE
                       : vd_str_eq(services, VD_S("all")) ? VD_SERVICES_ALL
                                                          : VD_SERVICES_DEPUTY;
    if (e->opts.resource.n && !vd_str_starts(e->opts.resource, VD_S("arn:"))) {
        vd_cli_usage(e->cli, "--resource \"" VD_F "\" is no ARN", VD_A(e->opts.resource));
        return false;
    }
    if (!take_readings(e))
        return false;
    if (vd_args_has(args, "archive")) {
        e->archive = vd_archive_read(e->cli, vd_args_text(args, "archive"));
        if (!e->archive)
            return false;
    }
    if (vd_args_has(args, "baseline") && !vd_known_ids_read(&e->known, e->cli, vd_args_text(args, "baseline")))
        return false;
    if (vd_args_has(args, "snapshot")) {
        e->snapshot = vd_snapshot_read_all(e->cli, vd_args_text(args, "snapshot"));
        if (!e->snapshot)
            return false;
        vd_snapshot_tell(e->cli, e->snapshot, vd_args_text(args, "snapshot"));
    }
    e->zone = vd_exposure_zone(&e->p, e->snapshot);
    return e->zone && take_bits(e);
}

/* ------------------------------------------------------------------ findings */

static bool take_rows(exposing *e)
{
    for (uint32_t i = 0; i < e->run.count; i++)
        for (uint32_t k = 0; k < e->run.tasks[i].count; k++) {
            vd_exposed_row row = { .finding = e->run.tasks[i].at[k], .file = e->run.tasks[i].name };

            if (!VD_ARENA_PUSH(&e->arena, e->rows, e->count, e->cap, row) ||
                !VD_ARENA_PUSH(&e->arena, e->of, e->of_count, e->of_cap, &e->run.tasks[i]))
                return nomem(e);
        }
    if (e->has_older && !vd_exposures_against(&e->arena, &e->rows, &e->count, &e->cap, &e->older))
        return nomem(e);
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->archive && vd_archive_has(e->archive, e->rows[i].finding))
            e->rows[i].state = VD_EXPOSED_ARCHIVED;
        else
            vd_exposure_known(&e->known, &e->rows[i]);
    }
    return true;
}

/* What is written is known from now on: it does not fail this run. */
static bool write_baseline(exposing *e)
{
    const char *path = vd_args_text(&e->cli->args, "write-baseline");

    if (!path)
        return true;
    if (!vd_known_ids_write(e->cli, path, e->rows, e->count))
        return false;
    for (uint32_t i = 0; i < e->count; i++)
        if (e->rows[i].state == VD_EXPOSED_SHOWN)
            e->rows[i].state = VD_EXPOSED_KNOWN;
    return true;
}

static uint32_t undecided(const exposing *e)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < e->run.count; i++)
        n += e->run.tasks[i].code == VD_EBUDGET || e->run.tasks[i].summary.undecided > 0;
    return n;
}

static vd_exit exit_of(const exposing *e, int32_t fail_on)
{
    for (uint32_t i = 0; i < e->count; i++) {
        const vd_exposed *x = e->rows[i].finding;

        if (vd_exposed_is_shown(&e->rows[i]) && fail_on && x->severity >= fail_on && x->change != VD_CHANGE_UNCHANGED &&
            x->change != VD_CHANGE_RESOLVED)
            return VD_EXIT_NO;
    }
    return undecided(e) ? VD_EXIT_NO_ANSWER : VD_EXIT_YES;
}

/* ------------------------------------------------------------------ the answer */

static void save_all(exposing *e)
{
    for (uint32_t i = 0; i < e->of_count; i++) {
        const vd_exposing_task *t = e->of[i];
        const vd_exposed       *x = e->rows[i].finding;
        vd_save_case            one = { .name = vd_exposed_name(x->exposed), .part = t->found ? &t->part : NULL,
                                        .whole = t->whole, .expect = "allow", .no_endpoint = !x->over_endpoint };
        vd_set                 *set = NULL;
        vd_error                err = { .size = sizeof err };
        vd_buf                  title = vd_buf_on(vd_allocator_default(), 0);

        if (!vd_exposed_is_shown(&e->rows[i]) || x->only_otherwise) { /* whose witness nothing else would allow */
            vd_buf_done(&title);
            continue;
        }
        if (t->arn.n && vd_args_has(&e->cli->args, "save-witness") && vd_exposing_set(&set, &e->run, t, &err) == VD_OK) {
            one.set = set;
            if (!t->whole)
                one.state = vd_exposing_state(&e->run, t->arn);
            one.whole = NULL;
        }
        vd_put_exposed(&title, x);
        if (one.part || one.whole || one.set)
            vd_save_witness(&e->p, x->id, vd_buf_str(&title), x->witness, &one, 1);
        vd_set_release(set);
        vd_buf_done(&title);
    }
}

static bool take_s3(exposing *e, vd_exposure_job *job)
{
    const char **status;
    vd_str      *names;

    if (!vd_args_has(&e->cli->args, "s3-policy-status"))
        return true;
    status = vd_arena_new_array(&e->arena, const char *, e->run.count ? e->run.count : 1);
    names = vd_arena_new_array(&e->arena, vd_str, e->run.count ? e->run.count : 1);
    if (!status || !names)
        return nomem(e);
    for (uint32_t i = 0; i < e->run.count; i++) {
        status[i] = e->run.tasks[i].summary.s3_policy_status;
        names[i] = e->run.tasks[i].name;
    }
    job->s3_status = status;
    job->s3_names = names;
    job->s3_count = e->run.count;
    return true;
}

static void print(exposing *e, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    const vd_args       *args = &e->cli->args;
    const char          *kinds[VD_KIND_COUNT];
    vd_exposure_job      job = {
        .proof = { .quiet = e->cli->quiet, .verbose = e->cli->verbose, .errors = e->p.errors, .error_count = e->p.error_count,
                   .category = word_of(e, "category"), .comment_tag = word_of(e, "comment-tag") },
        .at = e->rows,
        .count = e->count,
        .resources = e->run.count,
        .undecided = undecided(e),
        .left_out = e->run.others,
        .left_out_of = e->run.others_of,
        .kind_names = kinds,
        .against = e->has_older,
        .has_baseline = vd_args_has(args, "baseline") || vd_args_has(args, "write-baseline"),
        .with_counts = e->opts.count,
        .fail_on = vd_proving_threshold(&e->p, VD_ACCESS_LOW),
    };

    for (vd_kind k = 0; k < VD_KIND_COUNT; k++)
        kinds[k] = vd_found_kind_name(k);
    if (!take_s3(e, &job))
        return;
    vd_cli_worse(e->cli, exit_of(e, job.fail_on));
    job.proof.exit_code = (int32_t)e->cli->worst;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_exposure_format_count; f++)
            if (vd_output_is(outputs, i, vd_exposure_formats[f].name) &&
                vd_exposure_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &e->cli->look, &job) != VD_OK)
                nomem(e);
}

static bool look(exposing *e)
{
    static const char *const here[] = { "." };
    const vd_args           *args = &e->cli->args;
    const char              *older = vd_args_text(args, "against");

    if (older) {
        e->has_older = true;
        if (e->snapshot && !(e->older_snapshot = vd_snapshot_read_all(e->cli, older)))
            return false;
        if (!vd_exposing_do(&e->older, &e->p, e->zone, &e->opts, e->older_snapshot, &older, e->snapshot ? 0 : 1))
            return false;
    }
    if (!vd_exposing_do(&e->run, &e->p, e->zone, &e->opts, e->snapshot, args->word_count ? args->words : here,
                        args->word_count ? args->word_count : e->snapshot ? 0 : 1))
        return false;
    if (e->run.count == 0 && e->run.others && e->cli->worst == VD_EXIT_YES && !e->run.folder)
        vd_cli_errorf(e->cli, VD_EXIT_USAGE, "no policy of a resource was found; %u of others, which expose nothing", e->run.others);
    return take_rows(e);
}

/* Some finding would be another, or none, if the account that it names were the owner's. */
static bool hangs_on_owner(const vd_exposing_task *t)
{
    for (uint32_t i = 0; t->summary.owner_unknown && i < t->count; i++)
        if (t->at[i]->exposed == VD_EXPOSED_CROSS_ACCOUNT || t->at[i]->exposed == VD_EXPOSED_SERVICE)
            return true;
    return false;
}

/* Against an older state: would S3 take the newer policy at all?  What is stored already stays as it is (analysis 4.6). */
static void tell_rejected(const exposing *e)
{
    for (uint32_t i = 0; e->has_older && i < e->run.count; i++) {
        const vd_exposing_task *t = &e->run.tasks[i];
        const char             *status = t->summary.s3_policy_status;

        if (status && strcmp(status, "public") == 0 && t->whole && t->whole->state && t->whole->state->state &&
            t->whole->state->state->block_public_policy)
            vd_cli_warnf(e->cli, VD_F ": put would be rejected: Block Public Policy is on, and S3 calls this policy public",
                         VD_A(t->name));
    }
}

/* What nobody has said, and what was made of that. */
static void tell_unknowns(const exposing *e)
{
    uint32_t owners = 0, endpoints = 0;

    for (uint32_t i = 0; i < e->run.count; i++) {
        owners += hangs_on_owner(&e->run.tasks[i]);
        endpoints += e->run.tasks[i].summary.endpoint_unknown;
    }
    if (owners)
        vd_cli_warnf(e->cli, "nobody says whose %s: the owner's own account counts as outside; --resource-account tells",
                     owners == 1 && e->run.count == 1 ? "the resource is" : "some of the resources are");
    if (endpoints)
        vd_cli_warnf(e->cli, "the endpoint policy takes nothing away, for nobody says which endpoint it is of; --assume "
                             "aws:SourceVpce=ID says that all requests come over it");
}

static vd_exit run(vd_cli *cli)
{
    exposing   e = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (vd_proving_open(&e.p, cli) && take_question(&e) && look(&e) && write_baseline(&e)) {
        if (e.run.count || e.has_older || (e.run.others && e.run.folder))
            print(&e, &outputs);
        tell_unknowns(&e);
        tell_rejected(&e);
        save_all(&e);
    }
    if (e.run.p)
        vd_exposing_done(&e.run);
    if (e.older.p)
        vd_exposing_done(&e.older);
    if (e.p.cli)
        vd_proving_close(&e.p);
    vd_known_ids_done(&e.known);
    vd_archive_free(e.archive);
    vd_zone_free(e.zone);
    vd_snapshot_release(e.snapshot);
    vd_snapshot_release(e.older_snapshot);
    vd_outputs_close(&outputs);
    vd_arena_done(&e.arena);
    return cli->worst;
}

static const vd_opt own[] = {
    { "zone", 0, VD_OPT_TEXT, false, "ZONE", "who is trusted: account:ID,..., org:ID, ou:PATH, a file, or org for that of the snapshot; default what .verdict.yaml trusts, else the owner's account", NULL },
    { "resource", 0, VD_OPT_TEXT, false, "ARN", "what the policy is attached to; else it is inferred", NULL },
    { "resource-type", 0, VD_OPT_TEXT, false, "TYPE", "of what type that is: AWS::S3::Bucket", NULL },
    { "services", 0, VD_OPT_CHOICE, false, "none|deputy|all", "AWS services: never, when strangers drive them (default), always", NULL },
    { "trust-networks", 0, VD_OPT_FLAG, false, NULL, "who comes over a network of the zone is in it", NULL },
    { "public-ip-bits", 0, VD_OPT_TEXT, false, "V4,V6", "from how many addresses on a network is everybody; default 24,96", NULL },
    { "all-cells", 0, VD_OPT_FLAG, false, NULL, "what a more general finding covers, too", NULL },
    { "count", 0, VD_OPT_FLAG, false, NULL, "how many actions, accounts, addresses", NULL },
    { "alternative", 0, VD_OPT_TEXT, true, "RULE,...", "ask again with another reading of what AWS does not document: E309, E412, E506, E508, E533, E534, E538, E539, E554, all", NULL },
    { "s3-policy-status", 0, VD_OPT_FLAG, false, NULL, "what S3 would call the policy: public or not", NULL },
};
static VD_OPTS(own_options, "who and what", own);

static const vd_opt known_rows[] = {
    { "against", 0, VD_OPT_FILE, false, "OLD", "only what is new or changed counts: a file, a folder, REV:PATH; with --snapshot an older one", NULL },
    { "baseline", 0, VD_OPT_FILE, false, "FILE", "hide the findings that are in it", NULL },
    { "write-baseline", 0, VD_OPT_FILE, false, "FILE", "write the findings that there are", NULL },
    { "archive", 0, VD_OPT_FILE, false, "FILE", "rules that say which findings are meant to be", NULL },
    { "fail-on", 0, VD_OPT_CHOICE, false, "note|low|medium|high|none", "what makes exit code 1; default low", NULL },
};
static VD_OPTS(known_options, "which findings", known_rows);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|jsonl|sarif|github|markdown|access-analyzer",
      "how to print it, =FILE to write it there", NULL },
    { "category", 0, VD_OPT_TEXT, false, "NAME", "of the SARIF run, when several are uploaded", NULL },
    { "comment-tag", 0, VD_OPT_TEXT, false, "TAG", "of the marker in Markdown, by which a bot finds its comment", NULL },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &own_options, &vd_opts_snapshot, &known_options, &vd_opts_prove_read, &vd_opts_prove_layers,
                                         &vd_opts_prove, &output_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "who can reach a bucket?", "verdict exposure policies/web-app/site-bucket.json --resource-account 111122223333", 0 },
    { "the role of a vendor, when the vendor is trusted",
      "verdict exposure policies/vendor/scanner-role-trust.json --zone account:111122223333,444455556666", 0 },
};

const vd_command vd_command_exposure = {
    .name = "exposure",
    .summary = "who outside the zone of trust can reach what, with a witness",
    .words = "[PATH...]",
    .about = "Looks at policies of resources and at trust policies, and proves for each that nobody outside the zone of trust gets "
             "in, or says who does: a finding for each such party, with the statement, what all their requests have in common, "
             "and a request that goes through.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 nothing at or over --fail-on, 1 at least one such finding",
    .run = run,
};

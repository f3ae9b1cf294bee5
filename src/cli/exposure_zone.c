/* SPDX-License-Identifier: Apache-2.0
 *
 * The zone of trust of a run: --zone, else what the configurations for the first PATH trust, else the owner's account.
 */
#include "cli/exposing.h"

#include "base/str.h"
#include "cli/walk.h"
#include "lint/linter.h"

#include <sys/stat.h>

static bool names_zone(vd_str text)
{
    static const vd_str forms[] = { VD_L("account:"), VD_L("org:"), VD_L("ou:") };

    for (size_t i = 0; i < VD_COUNT(forms); i++)
        if (vd_str_starts(text, forms[i]))
            return true;
    return false;
}

/* Several zones would contradict each other or be one list: the option counts once. */
static vd_code of_option(vd_zone **out, vd_proving *p, const char *text, vd_error *err)
{
    struct stat st;
    vd_str      file;

    if (names_zone(vd_str_of(text)))
        return vd_zone_parse(out, p->cli->engine, vd_str_of(text), err);
    if (strcmp(text, "-") != 0 && stat(text, &st) != 0)
        return vd_fail(err, VD_EINVAL, "--zone \"%s\" is neither account:ID, org:ID, ou:PATH nor a file; org alone is that of a --snapshot", text);
    if (!vd_read_text(p->cli, &p->arena, &file, text))
        return VD_EIO;
    return vd_zone_read(out, p->cli->engine, vd_str_of(text), file, err);
}

static bool says_zone(const vd_trusted *t)
{
    return t->account_count || t->member_count || t->organizations.count || t->org_paths.count || t->principals.count ||
           t->services.count || t->federated.count || t->vpcs.count || t->vpc_endpoints.count || t->cidrs.count;
}

static vd_code of_config(vd_zone **out, vd_proving *p, const vd_trusted *t, vd_error *err)
{
    vd_zone_opts o = { .size = sizeof o,
                       .organizations = t->organizations.at, .organization_count = t->organizations.count,
                       .org_paths = t->org_paths.at,         .org_path_count = t->org_paths.count,
                       .principals = t->principals.at,       .principal_count = t->principals.count,
                       .services = t->services.at,           .service_count = t->services.count,
                       .federated = t->federated.at,         .federated_count = t->federated.count,
                       .vpcs = t->vpcs.at,                   .vpc_count = t->vpcs.count,
                       .vpc_endpoints = t->vpc_endpoints.at, .vpc_endpoint_count = t->vpc_endpoints.count,
                       .cidrs = t->cidrs.at,                 .cidr_count = t->cidrs.count };
    vd_str         *accounts = vd_arena_new_array(&p->arena, vd_str, (size_t)t->account_count + 1);
    vd_zone_member *members = vd_arena_new_array(&p->arena, vd_zone_member, (size_t)t->member_count + 1);
    vd_code         code;

    if (!accounts || !members)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < t->account_count; i++)
        accounts[o.account_count++] = t->accounts[i].id;
    for (uint32_t i = 0; i < t->member_count; i++)
        members[o.member_count++] = (vd_zone_member){ t->members[i].id, t->members[i].name };
    o.accounts = accounts;
    o.members = members;
    code = vd_zone_new(out, p->cli->engine, &o, err);
    if (code == VD_EINVAL)
        vd_error_hint(err, "it is what \"trusted\" of .verdict.yaml says; --zone says something else, --no-config leaves it out");
    return code;
}

static const vd_trusted *trusted_of(vd_proving *p)
{
    const vd_args        *args = &p->cli->args;
    const char           *word = args->word_count ? args->words[0] : ".";
    const vd_lint_folder *f;
    vd_str                path = VD_S("-"), seen;

    if (strcmp(word, "-") != 0 && !vd_arena_printf(&p->arena, &path, "%s%s", word, vd_is_directory(word) ? "/x" : ""))
        return NULL;
    f = vd_proving_folder(p, path.p, &seen);
    return f && says_zone(&f->linter->config.trusted) ? &f->linter->config.trusted : NULL;
}

vd_zone *vd_exposure_zone(vd_proving *p, const vd_snapshot *snapshot)
{
    const char       *text = vd_args_text(&p->cli->args, "zone");
    const vd_trusted *trusted = text ? NULL : trusted_of(p);
    vd_zone          *zone = NULL;
    vd_error          err = { .size = sizeof err };
    vd_code           code;

    if (snapshot && !trusted && (!text || strcmp(text, "org") == 0))
        code = vd_exposing_zone(&zone, p, snapshot, text != NULL, &err);
    else if (text)
        code = of_option(&zone, p, text, &err);
    else if (trusted)
        code = of_config(&zone, p, trusted, &err);
    else
        code = vd_zone_new(&zone, p->cli->engine, &(vd_zone_opts){ .size = sizeof(vd_zone_opts), .owner = true }, &err);
    if (code != VD_OK && err.code != VD_OK)
        vd_cli_error(p->cli, vd_cli_exit_of(code), &err);
    if (code == VD_OK && trusted)
        vd_cli_notef(p->cli, "the zone of trust is what .verdict.yaml says");
    return zone;
}

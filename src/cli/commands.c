/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of commands, in the order of the help, and the options that mean the same everywhere.
 */
#include "cli/commands.h"

#include "base/str.h"

const vd_command *const vd_commands[] = {
    &vd_command_eval,
    &vd_command_explain,
    &vd_command_test,
    &vd_command_simulate,
    &vd_command_compile,
    &vd_command_lint,
    &vd_command_exposure,
    &vd_command_diff,
    &vd_command_grants,
    &vd_command_equivalent,
    &vd_command_redundant,
    &vd_command_paths,
    &vd_command_usage,
    &vd_command_unused,
    &vd_command_rightsize,
    &vd_command_who_can,
    &vd_command_what_can,
    &vd_command_catalog,
    &vd_command_expand,
    &vd_command_shrink,
    &vd_command_help,
    &vd_command_version,
    &vd_command_completion,
};
const size_t vd_command_count = VD_COUNT(vd_commands);

const vd_command *vd_command_find(vd_str name)
{
    for (size_t i = 0; i < vd_command_count; i++)
        if (vd_str_eq(name, vd_str_of(vd_commands[i]->name)))
            return vd_commands[i];
    return NULL;
}

static const vd_opt documents[] = {
    { "identity", 0, VD_OPT_FILE, true, "FILE", "identity policy of the principal", NULL },
    { "boundary", 0, VD_OPT_FILE, false, "FILE", "permissions boundary", NULL },
    { "session", 0, VD_OPT_FILE, true, "FILE", "session policy", NULL },
    { "resource-policy", 0, VD_OPT_FILE, false, "FILE", "policy of the resource, a trust or key policy too", NULL },
    { "scp", 0, VD_OPT_FILE, true, "FILE|DIR", "service control policies; repeat per level, root first", NULL },
    { "rcp", 0, VD_OPT_FILE, true, "FILE|DIR", "resource control policies, likewise", NULL },
    { "endpoint", 0, VD_OPT_FILE, false, "FILE", "VPC endpoint policy", NULL },
};
VD_OPTS(vd_opts_documents, "policies", documents);

static const vd_opt wholes[] = {
    { "bundle", 0, VD_OPT_FILE, false, "FILE.vdb", "compiled before, in place of the others", NULL },
    { "scenario", 0, VD_OPT_FILE, false, "FILE", "all of it, and the request, in one document", NULL },
};
VD_OPTS(vd_opts_wholes, "or all policies at once", wholes);

static const vd_opt request[] = {
    { "principal", 0, VD_OPT_TEXT, false, "ARN", "who asks: an ARN, a service, or anonymous", NULL },
    { "action", 0, VD_OPT_TEXT, false, "SERVICE:NAME", "what for, s3:GetObject", NULL },
    { "resource", 0, VD_OPT_TEXT, true, "ARN", "on what; several for an action that touches several", NULL },
    { "resource-account", 0, VD_OPT_TEXT, false, "ID", "its owner, where the ARN has no account (S3)", NULL },
    { "context", 0, VD_OPT_TEXT, true, "KEY=VALUE", "a condition key; the same key again adds a value", NULL },
    { "context-file", 0, VD_OPT_FILE, true, "FILE", "an object of condition keys, as in a scenario", NULL },
    { "event", 0, VD_OPT_FILE, false, "FILE", "the request of a CloudTrail record", NULL },
    { "error", 0, VD_OPT_TEXT, false, "TEXT|-", "the request of an AccessDenied message", NULL },
    { "decoded", 0, VD_OPT_FILE, false, "FILE", "the request of a decoded authorization message", NULL },
    { "requests", 0, VD_OPT_FILE, false, "FILE", "many requests, one JSON object a line", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "aws:CurrentTime, RFC 3339; default the clock", NULL },
};
VD_OPTS(vd_opts_request, "request", request);

static const vd_opt everywhere[] = {
    { "catalog", 0, VD_OPT_FILE, false, "FILE.vdc", "facts about AWS in place of the built-in ones (builtin)", "VERDICT_CATALOG" },
    { "color", 0, VD_OPT_CHOICE, false, "auto|always|never", "colour; auto: on a terminal", NULL },
    { "quiet", 'q', VD_OPT_FLAG, false, NULL, "say less, never answer otherwise", NULL },
    { "verbose", 'v', VD_OPT_FLAG, false, NULL, "say more, never answer otherwise", NULL },
    { "help", 'h', VD_OPT_FLAG, false, NULL, "this page", NULL },
};
VD_OPTS(vd_opts_everywhere, "everywhere", everywhere);

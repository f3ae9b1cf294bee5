/* SPDX-License-Identifier: Apache-2.0
 *
 * From words to the options of a linter.
 */
#include "cli/lint_inputs.h"

#include "base/str.h"
#include "cli/inputs.h"
#include "pattern/value.h"

#include <time.h>

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

/* All values of an option that may be repeated. */
static bool take_list(vd_lint_words *w, const char *name, const vd_str **at, uint32_t *count)
{
    uint32_t n = vd_args_count(&w->cli->args, name);
    vd_str  *list = vd_arena_new_array(&w->arena, vd_str, n ? n : 1);

    if (!list)
        return nomem(w->cli);
    for (uint32_t i = 0; i < n; i++)
        list[i] = vd_str_of(vd_args_at(&w->cli->args, name, i));
    *at = list;
    *count = n;
    return true;
}

static int32_t severity_of(const char *word)
{
    static const vd_str words[] = { VD_L("note"),     VD_L("suggestion"), VD_L("warning"),
                                    VD_L("security"), VD_L("error"),      VD_L("none") };

    for (size_t i = 1; word && i < VD_COUNT(words); i++)
        if (vd_str_eq(vd_str_of(word), words[i]))
            return (int32_t)i;
    return 0;
}

static bool take_now(vd_lint_words *w)
{
    const char     *text = vd_args_text(&w->cli->args, "now");
    struct timespec t;
    vd_date         d;

    if (!text) {
        w->opts.now = clock_gettime(CLOCK_REALTIME, &t) == 0 ? (int64_t)t.tv_sec : 0;
        return true;
    }
    if (!vd_date_parse(&d, vd_str_of(text))) {
        vd_cli_usage(w->cli, "--now \"%s\" is not a time of RFC 3339", text);
        return false;
    }
    w->opts.now = d.seconds;
    return true;
}

static vd_str optional(const vd_args *args, const char *name)
{
    const char *text = vd_args_text(args, name);

    return vd_str_of(text ? text : "");
}

static bool add_config(vd_lint_words *w, const char *path)
{
    vd_lint_text t = { .name = vd_str_of(path), .base = VD_S("") };

    if (!vd_read_text(w->cli, &w->arena, &t.text, path))
        return false;
    return VD_ARENA_PUSH(&w->arena, w->configs, w->config_count, w->config_cap, t) ? true : nomem(w->cli);
}

static bool take_words(vd_lint_words *w)
{
    const vd_args *args = &w->cli->args;
    const char    *config = vd_args_text(args, "config");

    w->opts.preset = optional(args, "preset");
    w->opts.policy_type = optional(args, "policy-type");
    w->opts.account = optional(args, "account");
    w->opts.min_severity = severity_of(vd_args_text(args, "min-severity"));
    w->opts.fail_on = severity_of(vd_args_text(args, "fail-on"));
    w->opts.strict = vd_args_has(args, "strict");
    if (!take_list(w, "select", &w->opts.select, &w->opts.select_count) ||
        !take_list(w, "ignore", &w->opts.ignore, &w->opts.ignore_count) ||
        !take_list(w, "rule", &w->opts.severities, &w->opts.severity_count) || !take_now(w))
        return false;
    return !config || vd_args_has(args, "no-config") || add_config(w, config);
}

vd_linter *vd_lint_words_linter(vd_lint_words *words, vd_cli *cli)
{
    vd_error   err = { .size = sizeof err };
    vd_linter *linter = NULL;
    vd_code    code;

    *words = (vd_lint_words){ .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0),
                              .opts = { .size = sizeof(vd_linter_opts) } };
    if (!take_words(words))
        return NULL;
    words->opts.configs = words->configs;
    words->opts.config_count = words->config_count;
    code = vd_linter_new(&linter, cli->engine, &words->opts, &err);
    if (code == VD_OK)
        return linter;
    vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return NULL;
}

void vd_lint_words_done(vd_lint_words *words)
{
    vd_arena_done(&words->arena);
}

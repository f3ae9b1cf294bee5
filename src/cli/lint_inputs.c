/* SPDX-License-Identifier: Apache-2.0
 *
 * From words to the options of a linter, and the rows of these words.
 */
#include "cli/lint_inputs.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/inputs.h"
#include "cli/walk.h"
#include "pattern/value.h"

#include <sys/stat.h>
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

static bool read_text(vd_lint_words *w, const char *path, vd_lint_text *out)
{
    out->name = vd_str_of(path);
    out->base = VD_S("");
    return vd_read_text(w->cli, &w->arena, &out->text, path);
}

bool vd_lint_words_add_parameters(vd_lint_words *w, const char *path)
{
    vd_lint_text t;
    vd_str       name;

    if (!vd_arena_dup(&w->arena, &name, vd_str_of(path)) || !read_text(w, name.p, &t))
        return false;
    if (!VD_ARENA_PUSH(&w->arena, w->parameters, w->parameter_count, w->parameter_cap, t))
        return nomem(w->cli);
    w->opts.parameters = w->parameters;
    w->opts.parameter_count = w->parameter_count;
    return true;
}

static bool take_parameters(vd_lint_words *w)
{
    for (uint32_t i = 0; i < vd_args_count(&w->cli->args, "parameters"); i++)
        if (!vd_lint_words_add_parameters(w, vd_args_at(&w->cli->args, "parameters", i)))
            return false;
    return true;
}

static bool take_known(vd_lint_words *w)
{
    static const vd_str scopes[] = { VD_L(""), VD_L("line"), VD_L("statement"), VD_L("policy"), VD_L("file") };
    const vd_args      *args = &w->cli->args;
    const char         *baseline = vd_args_text(args, "baseline"), *changes = vd_args_text(args, "changed-from");
    vd_str              scope = optional(args, "changed-scope");

    for (size_t i = 0; i < VD_COUNT(scopes); i++)
        if (vd_str_eq(scope, scopes[i]))
            w->opts.changed_scope = (int32_t)i;
    if (baseline && !read_text(w, baseline, &w->baseline))
        return false;
    if (changes && !read_text(w, changes, &w->changes))
        return false;
    w->opts.baseline = baseline ? &w->baseline : NULL;
    w->opts.changes = changes ? &w->changes : NULL;
    return true;
}

/* `terraform show -json` begins with this, and only a file can be looked at twice. */
static bool is_shown_plan(const char *path)
{
    struct stat st;
    vd_str      text;
    bool        is;

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0 ||
        vd_file_map(&text, path, NULL) != VD_OK)
        return false;
    is = vd_str_contains(vd_str_first(text, 64), VD_S("\"format_version\""));
    vd_file_unmap(text);
    return is;
}

/* The one where the plans that were named lie, when it has the configuration, too.  False: no memory. */
static bool own_folder(vd_lint_words *w, const char **out)
{
    const vd_args *args = &w->cli->args;
    vd_str         one = { 0 };

    for (uint32_t i = 0; i < args->word_count; i++) {
        vd_str path = vd_str_of(args->words[i]), folder = VD_S(".");
        size_t slash = vd_str_rfind(path, '/');

        if (!is_shown_plan(args->words[i]))
            continue;
        if (slash < path.n)
            folder = vd_str_first(path, slash ? slash : 1);
        if (one.n && !vd_str_eq(one, folder))
            return true; /* which of them? */
        if (!one.n && !vd_arena_dup(&w->arena, &one, folder))
            return false;
    }
    if (one.n && vd_has_terraform(one.p))
        *out = one.p;
    return true;
}

/* Every *.tf below the folder; names begin with it, modules are looked for from there. */
static bool take_sources(vd_lint_words *w)
{
    const char *folder = vd_args_text(&w->cli->args, "source");
    vd_str      base = VD_S("");
    vd_paths    paths;
    bool        ok;

    if (!folder && !own_folder(w, &folder))
        return nomem(w->cli);
    if (!folder)
        return true;
    if (strcmp(folder, ".") != 0 &&
        !vd_arena_printf(&w->arena, &base, "%s%s", folder, vd_str_ends(vd_str_of(folder), VD_S("/")) ? "" : "/"))
        return nomem(w->cli);
    vd_paths_init(&paths);
    paths.ending = ".tf";
    ok = vd_walk(w->cli, &paths, folder, true);
    for (uint32_t i = 0; ok && i < paths.count; i++) {
        vd_lint_text t = { .base = base };

        ok = vd_arena_dup(&w->arena, &t.name, vd_str_of(paths.at[i])) &&
             vd_read_text(w->cli, &w->arena, &t.text, t.name.p) &&
             VD_ARENA_PUSH(&w->arena, w->sources, w->source_count, w->source_cap, t);
    }
    vd_paths_done(&paths);
    w->opts.sources = w->sources;
    w->opts.source_count = w->source_count;
    return ok;
}

bool vd_lint_words_read(vd_lint_words *w, vd_cli *cli)
{
    const vd_args *args = &cli->args;
    const char    *config = vd_args_text(args, "config");

    *w = (vd_lint_words){ .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0),
                          .opts = { .size = sizeof(vd_linter_opts) } };
    w->opts.catalog = cli->catalog;
    w->opts.preset = optional(args, "preset");
    w->opts.policy_type = optional(args, "policy-type");
    w->opts.account = optional(args, "account");
    w->opts.min_severity = severity_of(vd_args_text(args, "min-severity"));
    w->opts.fail_on = severity_of(vd_args_text(args, "fail-on"));
    w->opts.strict = vd_args_has(args, "strict");
    w->opts.semantic = vd_args_has(args, "semantic");
    if (!vd_cli_units(cli, "budget", &w->opts.budget) || !vd_cli_units(cli, "budget-total", &w->opts.budget_total))
        return false;
    w->opts.all_versions = vd_args_has(args, "all-versions");
    w->opts.all_resources = vd_args_has(args, "all-resources");
    w->fixed = config || vd_args_has(args, "no-config");
    if (config && !vd_args_has(args, "no-config") && !read_text(w, config, &w->config))
        return false;
    return take_list(w, "select", &w->opts.select, &w->opts.select_count) &&
           take_list(w, "ignore", &w->opts.ignore, &w->opts.ignore_count) &&
           take_list(w, "rule", &w->opts.severities, &w->opts.severity_count) && take_now(w) && take_parameters(w) &&
           take_known(w) && take_sources(w);
}

void vd_lint_words_done(vd_lint_words *words)
{
    vd_arena_done(&words->arena);
}

vd_linter *vd_lint_words_linter(const vd_lint_words *words, const vd_lint_text *configs, uint32_t count)
{
    vd_linter_opts opts = words->opts;
    vd_error       err = { .size = sizeof err };
    vd_linter     *linter = NULL;
    vd_code        code;

    opts.configs = configs;
    opts.config_count = count;
    code = vd_linter_new(&linter, words->cli->engine, &opts, &err);
    if (code == VD_OK)
        return linter;
    vd_cli_error(words->cli, vd_cli_exit_of(code), &err);
    return NULL;
}

/* ------------------------------------------------------------------ options */

static const vd_opt read_rows[] = {
    { "policy-type", 0, VD_OPT_TEXT, false, "TYPE",
      "what PATHs are: identity, boundary, session, resource[:kind], trust, scp, rcp, endpoint", NULL },
    { "config", 0, VD_OPT_FILE, false, "FILE", "in place of the .verdict.yaml that are found", "VERDICT_CONFIG" },
    { "no-config", 0, VD_OPT_FLAG, false, NULL, "no .verdict.yaml at all", NULL },
    { "print-config", 0, VD_OPT_FLAG, false, NULL, "what counts for PATH, and who says so", NULL },
    { "check-config", 0, VD_OPT_FLAG, false, NULL, "whether the configuration is right, with the examples of its rules", NULL },
    { "account", 0, VD_OPT_TEXT, false, "ID", "the account that the policies are deployed to", NULL },
    { "parameters", 0, VD_OPT_FILE, true, "FILE", "values of template parameters", NULL },
    { "all-versions", 0, VD_OPT_FLAG, false, NULL, "every version of managed policies, not the default ones alone", NULL },
    { "all-resources", 0, VD_OPT_FLAG, false, NULL, "of a plan: what it does not change, too", NULL },
    { "source", 0, VD_OPT_FILE, false, "DIR", "the configuration of a plan: findings point to its *.tf files", NULL },
    { "stdin-name", 0, VD_OPT_TEXT, false, "NAME", "what - is called, and by that which kind of file it is", NULL },
    { "allow-empty", 0, VD_OPT_FLAG, false, NULL, "a PATH without any policy is fine", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "for rules about dates, RFC 3339; default the clock", NULL },
    { "jobs", 'j', VD_OPT_NUMBER, false, "N", "threads; 0, the default, is one for each core", "VERDICT_JOBS" },
};
VD_OPTS(vd_opts_lint_read, "what is read", read_rows);

static const vd_opt which_rows[] = {
    { "select", 0, VD_OPT_TEXT, true, "RULE,...", "only these: ids, group:NAME, codes of Access Analyzer", NULL },
    { "ignore", 0, VD_OPT_TEXT, true, "RULE,...", "all but these", NULL },
    { "rule", 0, VD_OPT_TEXT, true, "RULE=SEVERITY", "off, default, suggestion, warning, security, error", NULL },
    { "preset", 0, VD_OPT_CHOICE, false, "minimal|recommended|strict|access-analyzer", "which rules count", NULL },
    { "min-severity", 0, VD_OPT_CHOICE, false, "suggestion|warning|security|error", "what is shown", NULL },
    { "fail-on", 0, VD_OPT_CHOICE, false, "suggestion|warning|security|error|none",
      "what makes exit code 1; default security", NULL },
    { "strict", 0, VD_OPT_FLAG, false, NULL, "show findings of low confidence too", NULL },
    { "semantic", 0, VD_OPT_FLAG, false, NULL, "prove what is redundant: more findings, and slower", NULL },
    { "budget", 0, VD_OPT_TEXT, false, "N", "work units of one question of a proof; spent: exit 3; default 20000000", NULL },
    { "budget-total", 0, VD_OPT_TEXT, false, "N", "of all questions, which are then asked one by one; default 200000000 about each policy", NULL },
};
VD_OPTS(vd_opts_lint_which, "which findings", which_rows);

static const vd_opt known_rows[] = {
    { "baseline", 0, VD_OPT_FILE, false, "FILE", "hide the findings that are in it", NULL },
    { "write-baseline", 0, VD_OPT_FILE, false, "FILE", "write the findings that there are", NULL },
    { "prune-baseline", 0, VD_OPT_FLAG, false, NULL, "take out of --baseline what no longer occurs", NULL },
    { "changed-from", 0, VD_OPT_FILE, false, "FILE|-", "only what a unified diff touches", NULL },
    { "changed-scope", 0, VD_OPT_CHOICE, false, "line|statement|policy|file",
      "what a changed line touches; default the statement for security, else the line", NULL },
};
VD_OPTS(vd_opts_lint_known, "known findings", known_rows);

static const vd_opt fix_rows[] = {
    { "fix", 0, VD_OPT_FLAG, false, NULL, "make the safe fixes, in place", NULL },
    { "unsafe-fixes", 0, VD_OPT_FLAG, false, NULL, "make those that change the meaning, too", NULL },
    { "fix-only", 0, VD_OPT_TEXT, true, "RULE,...", "fix these and nothing else", NULL },
    { "dry-run", 0, VD_OPT_FLAG, false, NULL, "print what would be changed as a unified diff", NULL },
};
VD_OPTS(vd_opts_lint_fix, "fixes", fix_rows);

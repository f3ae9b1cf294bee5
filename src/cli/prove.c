/* SPDX-License-Identifier: Apache-2.0
 *
 * From words to the options of a proof.
 */
#include "cli/prove.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/crew.h"
#include "cli/guess.h"
#include "pattern/value.h"
#include "text/json_write.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

static const char *word_of(const vd_cli *cli, const char *name)
{
    return vd_args_knows(&cli->args, name) ? vd_args_text(&cli->args, name) : NULL;
}

/* ------------------------------------------------------------------ options */

static bool take_now(vd_proving *p)
{
    const char     *text = word_of(p->cli, "now");
    struct timespec t;
    vd_date         d;

    if (!text) {
        p->opts.now = clock_gettime(CLOCK_REALTIME, &t) == 0 ? (int64_t)t.tv_sec : 0;
        return true;
    }
    if (!vd_date_parse(&d, vd_str_of(text))) {
        vd_cli_usage(p->cli, "--now \"%s\" is not a time of RFC 3339", text);
        return false;
    }
    p->opts.now = d.seconds;
    return true;
}

static bool take_account(vd_proving *p)
{
    const char *text = word_of(p->cli, "resource-account");

    if (!text)
        return true;
    p->opts.resource_account = vd_str_of(text);
    if (vd_str_all_digits(p->opts.resource_account) && p->opts.resource_account.n == 12)
        return true;
    vd_cli_usage(p->cli, "--resource-account \"%s\" is no account: twelve digits", text);
    return false;
}

/* ------------------------------------------------------------------ --assume */

static bool split_values(vd_proving *p, vd_assumption *a, vd_str values)
{
    vd_str  *at;
    uint32_t n = 1;

    for (size_t i = 0; i < values.n; i++)
        n += values.p[i] == ',';
    at = vd_arena_new_array(&p->arena, vd_str, n);
    if (!at)
        return nomem(p->cli);
    a->values = at;
    while (vd_str_cut(&values, ',', &at[a->count]))
        a->count++;
    at[a->count++] = values;
    return true;
}

static bool take_assumption(vd_proving *p, vd_assumption *a, const char *text)
{
    vd_str whole = vd_str_of(text), key;
    vd_buf guess = vd_buf_on(vd_allocator_default(), 0);

    if (vd_str_cut(&whole, '=', &key)) {
        if (!split_values(p, a, whole))
            return false;
    } else if (whole.n && (text[whole.n - 1] == '!' || text[whole.n - 1] == '-')) {
        a->absent = text[whole.n - 1] == '-';
        key = vd_str_first(whole, whole.n - 1);
    } else {
        vd_cli_usage(p->cli, "--assume \"%s\": KEY=VALUE, KEY! when it is there, KEY- when it is not", text);
        return false;
    }
    a->key = key;
    if (vd_str_find(key, ':') == key.n || key.n == 0) {
        vd_cli_usage(p->cli, "--assume \"%s\": \"" VD_F "\" is no condition key", text, VD_A(key));
        return false;
    }
    if (vd_str_find(key, '/') == key.n && vd_catalog_find_key(p->cli->catalog, key) == VD_NONE) {
        vd_guess_key(&guess, p->cli->catalog, key);
        vd_cli_warnf(p->cli, "--assume: " VD_F, VD_A(vd_buf_str(&guess)));
    }
    vd_buf_done(&guess);
    return true;
}

static bool contradicts(const vd_assumption *a, const vd_assumption *b)
{
    return vd_str_ieq(a->key, b->key);
}

static bool take_assumptions(vd_proving *p)
{
    uint32_t       n = vd_args_knows(&p->cli->args, "assume") ? vd_args_count(&p->cli->args, "assume") : 0;
    vd_assumption *at = vd_arena_new_array(&p->arena, vd_assumption, n ? n : 1);

    if (!at)
        return nomem(p->cli);
    for (uint32_t i = 0; i < n; i++) {
        if (!take_assumption(p, &at[i], vd_args_at(&p->cli->args, "assume", i)))
            return false;
        for (uint32_t k = 0; k < i; k++)
            if (contradicts(&at[k], &at[i])) {
                vd_cli_usage(p->cli, "--assume says \"" VD_F "\" twice; its values are one list, with commas",
                             VD_A(at[i].key));
                return false;
            }
    }
    p->opts.assume = at;
    p->opts.assume_count = n;
    return true;
}

/* ------------------------------------------------------------------ whose kinds count */

/* Those of a linter, of which only what finds policies counts here. */
static bool take_words(vd_proving *p)
{
    const vd_args *args = &p->cli->args;
    const char    *type = word_of(p->cli, "policy-type"), *config = word_of(p->cli, "config");
    bool           none = vd_args_knows(args, "no-config") && vd_args_has(args, "no-config");
    vd_str         here;

    p->words.opts.catalog = p->cli->catalog;
    p->words.opts.policy_type = vd_str_of(type ? type : "");
    p->words.opts.account = p->opts.resource_account;
    p->words.fixed = config || none;
    if (config && !none) {
        p->words.config = (vd_lint_text){ .name = vd_str_of(config), .base = VD_S("") };
        if (!vd_read_text(p->cli, &p->words.arena, &p->words.config.text, config))
            return false;
    }
    for (uint32_t i = 0; vd_args_knows(args, "parameters") && i < vd_args_count(args, "parameters"); i++)
        if (!vd_lint_words_add_parameters(&p->words, vd_args_at(args, "parameters", i)))
            return false;
    return vd_proving_folder(p, "-", &here) != NULL;
}

/* --certify: lines of all threads, where questions are not asked one by one. */
static void certify(void *user, vd_str line)
{
    vd_proving *p = user;

    pthread_mutex_lock(&p->certificate_lock);
    fwrite(line.p, 1, line.n, p->certificate);
    fputc('\n', p->certificate);
    pthread_mutex_unlock(&p->certificate_lock);
}

static bool take_certificate(vd_proving *p)
{
    const char *path = word_of(p->cli, "certify");

    if (!path)
        return true;
    p->certificate = fopen(path, "w");
    if (!p->certificate) {
        vd_cli_errorf(p->cli, VD_EXIT_USAGE, "cannot write %s: %s", path, strerror(errno));
        return false;
    }
    pthread_mutex_init(&p->certificate_lock, NULL);
    p->opts.certify = certify;
    p->opts.certify_user = p;
    return true;
}

static void close_certificate(vd_proving *p)
{
    bool failed;

    if (!p->certificate)
        return;
    failed = ferror(p->certificate) != 0;
    failed |= fclose(p->certificate) != 0;
    if (failed)
        vd_cli_errorf(p->cli, VD_EXIT_NO_ANSWER, "cannot write %s", word_of(p->cli, "certify"));
    pthread_mutex_destroy(&p->certificate_lock);
}

bool vd_proving_open(vd_proving *p, vd_cli *cli)
{
    const char *principal;

    *p = (vd_proving){ .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    p->words = (vd_lint_words){ .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0), .opts = { .size = sizeof p->words.opts } };
    vd_lint_configs_init(&p->configs, &p->words);
    p->opts = (vd_prove_opts){ .size = sizeof p->opts, .catalog = cli->catalog };
    p->opts.future_actions = vd_args_knows(&cli->args, "future-actions") && vd_args_has(&cli->args, "future-actions");
    principal = word_of(cli, "principal");
    p->opts.principal = vd_str_of(principal ? principal : "");
    if (!take_now(p) || !vd_cli_units(cli, "budget", &p->opts.budget) ||
        !vd_cli_units(cli, "budget-total", &p->opts.budget_total) || !take_account(p) || !take_assumptions(p))
        return false;
    return take_words(p) && take_certificate(p) && vd_layers_read(&p->layers, cli);
}

void vd_proving_close(vd_proving *p)
{
    close_certificate(p);
    vd_layers_done(&p->layers);
    vd_lint_configs_done(&p->configs);
    vd_lint_words_done(&p->words);
    vd_arena_done(&p->arena);
    *p = (vd_proving){ 0 };
}

const vd_lint_folder *vd_proving_folder(vd_proving *p, const char *path, vd_str *seen)
{
    const vd_lint_folder *f = vd_lint_configs_of(&p->configs, path);

    if (!f || !f->linter)
        return NULL;
    *seen = vd_lint_configs_path(&p->configs, f, path);
    return f;
}

/* ------------------------------------------------------------------ all questions */

typedef struct asking_all {
    vd_proving          *p;
    vd_proving_question *ask;
    void                *user;
} asking_all;

static void ask_piece(void *user, uint32_t index)
{
    asking_all *a = user;

    a->ask(a->user, index, &a->p->opts);
}

void vd_proving_ask_all(vd_proving *p, const char *things, uint32_t count, vd_proving_question *ask, void *user)
{
    asking_all    a = { p, ask, user };
    vd_prove_opts left = p->opts;

    if (!left.budget_total && p->certificate) {
        for (uint32_t i = 0; i < count; i++)
            ask_piece(&a, i);
        return;
    }
    if (!left.budget_total) {
        vd_crew_work(p->cli, things, count, ask_piece, &a);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t spent = ask(user, i, left.budget_total ? &left : NULL);

        left.budget_total -= spent < left.budget_total ? spent : left.budget_total;
    }
}

int32_t vd_proving_threshold(const vd_proving *p, int32_t otherwise)
{
    const char *text = word_of(p->cli, "fail-on");

    if (!text)
        return otherwise;
    for (int32_t i = VD_ACCESS_NOTE; i <= VD_ACCESS_HIGH; i++)
        if (strcmp(text, vd_access_name(i)) == 0)
            return i;
    return 0;
}

/* ------------------------------------------------------------------ errors */

static void keep(vd_proving *p, const vd_error *err)
{
    vd_error kept = *err;

    if (!vd_arena_dup(&p->arena, &kept.at.file, err->at.file) ||
        !VD_ARENA_PUSH(&p->arena, p->errors, p->error_count, p->error_cap, kept))
        nomem(p->cli);
}

void vd_proving_fail(vd_proving *p, vd_code code, const vd_error *err)
{
    vd_error told = *err;

    if (told.code == VD_OK)
        vd_fail(&told, code, "%s", code == VD_ENOMEM ? "out of memory" : vd_code_name(code));
    vd_cli_error(p->cli, vd_cli_exit_of(code), &told);
    keep(p, &told);
}

void vd_proving_failf(vd_proving *p, vd_exit exit, const char *format, ...)
{
    vd_error err = { .size = sizeof err, .code = VD_EINVAL };
    va_list  args;

    va_start(args, format);
    vsnprintf(err.text, sizeof err.text, format, args);
    va_end(args);
    vd_cli_error(p->cli, exit, &err);
    keep(p, &err);
}

static vd_json *policies_of(const vd_set *set)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < vd_set_policies(set); i++) {
        vd_json          *o = vd_json_object();
        vd_statement_info s = { .size = sizeof s };

        vd_json_set(o, "name", vd_json_string(vd_set_policy_name(set, i)));
        if (vd_set_statement(set, i, 0, &s) == VD_OK)
            vd_json_set(o, "layer", vd_json_string(vd_str_of(vd_layer_name(s.layer))));
        vd_json_set(o, "document", vd_json_string(vd_set_policy_text(set, i)));
        vd_json_push(list, o);
    }
    return list;
}

void vd_proving_dump(vd_proving *p, const vd_set *const *sets, size_t count, const vd_error *err)
{
    const char *path = word_of(p->cli, "dump-query");
    vd_json    *o, *list;
    vd_buf      out = vd_buf_on(vd_allocator_default(), 0);

    if (!path || p->dumped || err->code != VD_EINTERNAL)
        return;
    o = vd_json_object();
    list = vd_json_array();
    vd_json_set(o, "command", vd_json_string(vd_str_of(p->cli->command->name)));
    vd_json_set(o, "version", vd_json_string(vd_str_of(vd_version())));
    vd_json_set(o, "error", vd_json_string(vd_str_of(err->text)));
    vd_json_set(o, "now", vd_json_int(p->opts.now));
    for (size_t i = 0; i < count; i++)
        vd_json_push(list, policies_of(sets[i]));
    vd_json_set(o, "sets", list);
    if (vd_json_dump(&out, o, 2) == VD_OK)
        p->dumped = vd_cli_write(p->cli, path, vd_buf_str(&out));
    vd_buf_done(&out);
}

/* ------------------------------------------------------------------ rows */

static const vd_opt read_rows[] = {
    { "policy-type", 0, VD_OPT_TEXT, false, "TYPE",
      "what the documents are: identity, boundary, session, resource[:kind], trust, scp, rcp, endpoint", NULL },
    { "config", 0, VD_OPT_FILE, false, "FILE", "in place of the .verdict.yaml that are found", "VERDICT_CONFIG" },
    { "no-config", 0, VD_OPT_FLAG, false, NULL, "no .verdict.yaml at all", NULL },
    { "parameters", 0, VD_OPT_FILE, true, "FILE", "values of template parameters", NULL },
    { "resource-account", 0, VD_OPT_TEXT, false, "ID", "the account that owns the resources, where nothing else says it", NULL },
};
VD_OPTS(vd_opts_prove_read, "what is read", read_rows);

static const vd_opt layer_rows[] = {
    { "boundary", 0, VD_OPT_FILE, false, "FILE", "permissions boundary", NULL },
    { "session", 0, VD_OPT_FILE, true, "FILE", "session policy", NULL },
    { "scp", 0, VD_OPT_FILE, true, "FILE|DIR", "service control policies; repeat per level, root first", NULL },
    { "rcp", 0, VD_OPT_FILE, true, "FILE|DIR", "resource control policies, likewise", NULL },
    { "endpoint", 0, VD_OPT_FILE, false, "FILE", "VPC endpoint policy", NULL },
};
VD_OPTS(vd_opts_prove_layers, "what applies besides", layer_rows);

static const vd_opt prove_rows[] = {
    { "assume", 0, VD_OPT_TEXT, true, "KEY=VALUE|KEY!|KEY-", "only requests with this key so: a list of values, there, not there", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "requests are not earlier, RFC 3339; default the clock", NULL },
    { "future-actions", 0, VD_OPT_FLAG, false, NULL, "names that no service has today count", NULL },
    { "budget", 0, VD_OPT_TEXT, false, "N", "work units of one question; spent: exit 3; default 20000000", NULL },
    { "budget-total", 0, VD_OPT_TEXT, false, "N", "work units of all questions, which are then asked one by one", NULL },
    { "jobs", 'j', VD_OPT_NUMBER, false, "N", "threads; 0, the default, is one for each core", "VERDICT_JOBS" },
    { "save-witness", 0, VD_OPT_FILE, false, "DIR", "each witness as a scenario file for verdict test", NULL },
    { "certify", 0, VD_OPT_FILE, false, "FILE", "where to write what each no rests on, for another program to check", NULL },
    { "dump-query", 0, VD_OPT_FILE, false, "FILE", "where a failed self-check leaves what it was about", NULL },
};
VD_OPTS(vd_opts_prove, "the question", prove_rows);

/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose policies verdict rightsize is asked about: a principal or a managed policy of a snapshot, or files and who holds them.
 */
#include "cli/rightsize.h"

#include "base/str.h"
#include "cli/inputs.h"
#include "cli/snapshot.h"

static bool is_arn(const char *word)
{
    return strncmp(word, "arn:", 4) == 0;
}

static bool from_snapshot(vd_rightsize_target *t, vd_cli *cli, vd_rightsize_opts *opts)
{
    const char       *path = vd_args_text(&cli->args, "snapshot");
    vd_principal_info info = { .size = sizeof info };
    vd_error          err = { .size = sizeof err };
    vd_str            pattern = t->name;
    bool              policy = vd_str_contains(t->name, VD_S(":policy/")), many = vd_str_find(t->name, '*') < t->name.n;
    vd_code           code;

    t->snapshot = vd_snapshot_read_all(cli, path);
    if (!t->snapshot)
        return false;
    vd_snapshot_tell_count(cli, t->snapshot, path);
    if (!policy && !many && !vd_snapshot_knows(t->snapshot, t->name, &err)) {
        vd_cli_error(cli, VD_EXIT_USAGE, &err);
        return false;
    }
    if (!policy && !many && vd_snapshot_principal(t->snapshot, vd_snapshot_find(t->snapshot, t->name), &info)) {
        if (info.kind == VD_WHO_IS_ROOT) {
            vd_cli_errorf(cli, VD_EXIT_USAGE, "a root user holds no policy that could be made smaller");
            return false;
        }
        pattern = info.arn;
    }
    if (policy)
        opts->policy = t->name;
    code = vd_holders_of_snapshot(&t->holders, cli->engine, t->snapshot, policy ? VD_S("") : pattern, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    else if (!vd_holders_count(t->holders))
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no user and no role of the snapshot is \"" VD_F "\"", VD_A(pattern));
    return code == VD_OK && vd_holders_count(t->holders);
}

typedef struct list {
    vd_policy **at;
    uint32_t    count, cap;
} list;

/* Identity policies of a file, whatever it is; others are nobody's to hold. */
static bool take_finds(list *l, vd_cli *cli, vd_arena *arena, const vd_side *side)
{
    uint32_t before = l->count;

    for (uint32_t i = 0; i < side->finds.count; i++) {
        const vd_found *f = &side->finds.at[i];

        if (!vd_found_same_kind(f->kind, VD_KIND_IDENTITY))
            continue;
        if (!VD_ARENA_PUSH(arena, l->at, l->count, l->cap, f->policy))
            return false;
    }
    if (l->count == before)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%s: no identity policy is in it", side->word);
    return true;
}

static bool read_file(vd_rightsize_target *t, vd_cli *cli, vd_arena *arena, vd_side *side, const char *path, list *l)
{
    bool ok = true;

    if (!vd_side_read(side, &t->proving, path)) {
        ok = false;
    } else if (side->set) {
        vd_cli_usage(cli, "\"%s\" is a bundle or a scenario, and no file of policies", side->word);
        ok = false;
    } else if (!take_finds(l, cli, arena, side)) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        ok = false;
    }
    return ok;
}

static bool read_files(vd_rightsize_target *t, vd_cli *cli, vd_arena *arena)
{
    list l = { 0 };
    bool ok = true;

    t->sides = vd_arena_new_array(arena, vd_side, cli->args.word_count);
    if (!t->sides)
        return false;
    for (uint32_t i = 0; i < cli->args.word_count; i++)
        ok &= read_file(t, cli, arena, &t->sides[t->side_count++], cli->args.words[i], &l);
    t->policies = l.at;
    t->policy_count = l.count;
    return ok && l.count > 0;
}

/* What was made the last time. */
static bool read_previous(vd_rightsize_target *t, vd_cli *cli, vd_arena *arena, vd_rightsize_opts *opts)
{
    uint32_t n = vd_args_count(&cli->args, "previous");
    list     l = { 0 };
    bool     ok = true;

    t->before = vd_arena_new_array(arena, vd_side, (size_t)n + 1);
    if (!t->before)
        return false;
    for (uint32_t i = 0; i < n; i++)
        ok &= read_file(t, cli, arena, &t->before[t->before_count++], vd_args_at(&cli->args, "previous", i), &l) && l.count > 0;
    opts->previous = l.at;
    opts->previous_count = l.count;
    return ok;
}

static bool from_files(vd_rightsize_target *t, vd_cli *cli, vd_arena *arena)
{
    uint32_t who_count = vd_args_count(&cli->args, "principal");
    vd_str  *who = vd_arena_new_array(arena, vd_str, (size_t)who_count + 1);
    vd_error err = { .size = sizeof err };
    vd_code  code;

    if (!who) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    if (!who_count) {
        vd_cli_usage(cli, "who holds \"%s\"? --principal names a user or a role; --snapshot knows it by itself", cli->args.words[0]);
        return false;
    }
    for (uint32_t i = 0; i < who_count; i++)
        who[i] = vd_str_of(vd_args_at(&cli->args, "principal", i));
    if (!read_files(t, cli, arena))
        return false;
    code = vd_holders_of_policies(&t->holders, cli->engine, t->policies, t->policy_count, who, who_count, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

bool vd_rightsize_target_open(vd_rightsize_target *t, vd_cli *cli, vd_arena *arena, vd_rightsize_opts *opts)
{
    *t = (vd_rightsize_target){ 0 };
    if (!cli->args.word_count) {
        vd_cli_usage(cli, "whose policies? the ARN of a user, a role or a managed policy, or a file");
        return false;
    }
    t->name = vd_str_of(cli->args.words[0]);
    if (!vd_proving_open(&t->proving, cli) || !read_previous(t, cli, arena, opts))
        return false;
    if (!is_arn(cli->args.words[0])) {
        vd_str path = vd_str_of(vd_args_text(&cli->args, "snapshot") ? vd_args_text(&cli->args, "snapshot") : "");

        if (path.n) {
            vd_cli_usage(cli, "--snapshot goes with an ARN, not with the file \"%s\"", cli->args.words[0]);
            return false;
        }
        return from_files(t, cli, arena);
    }
    if (cli->args.word_count > 1) {
        vd_cli_usage(cli, "one principal or policy at a time");
        return false;
    }
    if (!vd_args_text(&cli->args, "snapshot")) {
        vd_cli_usage(cli, "what does \"%s\" hold? --snapshot names a folder or a file", cli->args.words[0]);
        return false;
    }
    if (vd_args_count(&cli->args, "principal")) {
        vd_cli_usage(cli, "--principal goes with a file; the snapshot knows who holds what");
        return false;
    }
    return from_snapshot(t, cli, opts);
}

void vd_rightsize_target_close(vd_rightsize_target *t)
{
    vd_holders_free(t->holders);
    for (uint32_t i = 0; i < t->side_count; i++)
        vd_side_done(&t->sides[i]);
    for (uint32_t i = 0; i < t->before_count; i++)
        vd_side_done(&t->before[i]);
    if (t->proving.cli)
        vd_proving_close(&t->proving);
    vd_snapshot_release(t->snapshot);
}

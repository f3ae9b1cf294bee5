/* SPDX-License-Identifier: Apache-2.0
 *
 * All files of a folder are handed to the reader in sorted order; what one of them is, the reader knows by its name below
 * the folder.
 */
#include "cli/snapshot.h"

#include "base/file.h"
#include "base/str.h"
#include "base/suggest.h"
#include "cli/progress.h"
#include "cli/walk.h"
#include "model/snapshot.h"
#include "pattern/arn.h"

#include <stdio.h>

enum { MOST_TOLD = 10 };

static const vd_opt rows[] = {
    { "snapshot", 0, VD_OPT_FILE, false, "PATH", "what the AWS command line says of an account or an organization", NULL },
    { "managed-policies", 0, VD_OPT_FILE, false, "DIR", "policies of AWS's own that the snapshot leaves out, NAME.json", NULL },
};
VD_OPTS(vd_opts_snapshot, "or all of it from a snapshot", rows);

/* ------------------------------------------------------------------ reading */

static bool failed(vd_cli *cli, vd_code code, const vd_error *err)
{
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), err);
    return code == VD_OK;
}

/* A file that cannot be used is a note of the snapshot; one that cannot be read at all is an error of ours.  False: stop. */
static bool hand_over(vd_cli *cli, vd_snapshot_reader *reader, const char *path, vd_str below, vd_str managed)
{
    vd_error  err = { .size = sizeof err };
    vd_limits limits;
    vd_str    text;
    vd_code   code;

    vd_engine_limits(cli->engine, &limits);
    code = vd_file_read(&text, vd_allocator_default(), path, limits.document_bytes, &err);
    if (code != VD_OK) {
        failed(cli, code, &err);
        return code != VD_ENOMEM;
    }
    if (strcmp(path, "-") == 0)
        vd_cli_remember(cli, VD_S("-"), text);
    code = managed.n ? vd_snapshot_managed(reader, managed, vd_str_of(path), text, &err)
                     : vd_snapshot_read(reader, below, vd_str_of(path), text, &err);
    vd_file_free(vd_allocator_default(), text);
    if (code == VD_ENOMEM)
        failed(cli, code, &err);
    return code != VD_ENOMEM;
}

static vd_str last_part(vd_str path)
{
    size_t slash = vd_str_rfind(path, '/');

    return slash < path.n ? vd_str_from(path, slash + 1) : path;
}

static bool read_files(vd_cli *cli, vd_snapshot_reader *reader, const char *path, bool managed)
{
    size_t      root = strlen(path);
    vd_paths    paths;
    vd_progress progress;
    bool        ok, folder = strcmp(path, "-") != 0 && vd_is_directory(path);

    vd_paths_init(&paths);
    paths.all = true;
    ok = vd_walk(cli, &paths, path, !managed);
    vd_progress_init(&progress, cli, "files");
    for (uint32_t i = 0; ok && i < paths.count; i++) {
        vd_str file = vd_str_of(paths.at[i]), below = folder ? vd_str_from(file, root) : last_part(file), name = { "", 0 };

        while (vd_str_starts(below, VD_S("/")))
            below = vd_str_from(below, 1);
        if (managed) {
            name = last_part(file);
            if (!vd_str_ends(name, VD_S(".json")))
                continue;
            name = vd_str_first(name, name.n - 5);
        }
        ok = hand_over(cli, reader, paths.at[i], below, name);
        if (i % 256 == 0)
            vd_progress_show(&progress, i, paths.count);
    }
    vd_progress_clear(&progress);
    vd_paths_done(&paths);
    return ok;
}

static void tell_size(vd_cli *cli, const vd_snapshot *snapshot, const char *path)
{
    vd_snapshot_counts n = { .size = sizeof n };

    vd_snapshot_count(snapshot, &n);
    vd_cli_notef(cli, "%s: %u files, %u accounts, %u users, %u groups, %u roles, %u managed policies, %u resources, %u documents, "
                      "%u units of the organization, %u notes", path, n.files, n.accounts, n.users, n.groups, n.roles, n.managed,
                 n.resources, n.documents, n.units, n.notes);
    if (n.accounts == 0 && n.documents == 0)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%s: nothing of a snapshot was found in it (see docs/snapshot.md)", path);
}

vd_snapshot *vd_snapshot_read_all(vd_cli *cli, const char *path)
{
    vd_snapshot_opts    opts = { .size = sizeof opts };
    vd_error            err = { .size = sizeof err };
    vd_snapshot_reader *reader = NULL;
    vd_snapshot        *out = NULL;
    const char         *managed = vd_args_knows(&cli->args, "managed-policies") ? vd_args_text(&cli->args, "managed-policies") : NULL;
    vd_snapshot_counts  n = { .size = sizeof n };
    bool                ok;

    if (strcmp(path, "-") == 0 && cli->stdin_taken) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "standard input can be read once only, \"-\" was given twice");
        return NULL;
    }
    cli->stdin_taken |= strcmp(path, "-") == 0;
    if (!failed(cli, vd_snapshot_reader_new(&reader, cli->engine, &opts, &err), &err))
        return NULL;
    ok = (!managed || read_files(cli, reader, managed, true)) && read_files(cli, reader, path, false) &&
         failed(cli, vd_snapshot_finish(&out, reader, &err), &err);
    vd_snapshot_reader_free(reader);
    if (!ok)
        return NULL;
    tell_size(cli, out, path);
    vd_snapshot_count(out, &n);
    if (n.accounts || n.documents)
        return out;
    vd_snapshot_tell(cli, out, path); /* why there is nothing */
    vd_snapshot_release(out);
    return NULL;
}

/* ------------------------------------------------------------------ notes */

static void tell_note(vd_cli *cli, const vd_snapshot_note *note)
{
    bool        error = note->severity >= VD_ERROR;
    const char *severity = error ? "error" : note->severity >= VD_WARNING ? "warning" : "note";

    if (error)
        vd_cli_worse(cli, VD_EXIT_USAGE);
    if (error || !cli->quiet)
        vd_cli_tell(cli, severity, vd_str_of(vd_snapshot_note_name(note->what)), note->at, note->text);
}

void vd_snapshot_tell(vd_cli *cli, const vd_snapshot *snapshot, const char *path)
{
    vd_snapshot_note note = { .size = sizeof note };
    uint32_t         told = 0, left = 0;

    for (uint32_t i = 0; vd_snapshot_note_at(snapshot, i, &note); i++) {
        if (note.severity < VD_WARNING && !cli->verbose)
            continue;
        if (told < MOST_TOLD || cli->verbose) {
            tell_note(cli, &note);
            told++;
        } else {
            left++;
            if (note.severity >= VD_ERROR)
                vd_cli_worse(cli, VD_EXIT_USAGE);
        }
    }
    if (left)
        vd_cli_warnf(cli, "%s: %u more of these; --verbose tells all", path, left);
}

void vd_snapshot_tell_count(vd_cli *cli, const vd_snapshot *snapshot, const char *path)
{
    vd_snapshot_note note = { .size = sizeof note };
    uint32_t         n = 0;

    if (cli->verbose) {
        vd_exit worst = cli->worst;

        vd_snapshot_tell(cli, snapshot, path);
        cli->worst = worst; /* what bears on the answer counts with the answer */
        return;
    }
    for (uint32_t i = 0; vd_snapshot_note_at(snapshot, i, &note); i++)
        n += note.severity >= VD_WARNING && note.what != VD_GAP_UNKNOWN_FILE;
    if (n)
        vd_cli_warnf(cli, "%s: %u %s not whole; what could change the answer is told with it, --verbose tells all", path, n,
                     n == 1 ? "thing is" : "things are");
}

/* ------------------------------------------------------------------ who and what is in it */

bool vd_snapshot_has_account(const vd_snapshot *snapshot, vd_str account)
{
    return account.n && vd_snap_account_find(snapshot, account) != VD_NONE;
}

static bool is_account(vd_str s)
{
    return s.n == 12 && vd_str_all_digits(s);
}

/* The account of a principal that would be in a snapshot of it: users, roles and their sessions, root users. */
static vd_str account_of(vd_str principal)
{
    vd_arn a;

    if (!vd_arn_split(&a, principal) || !is_account(a.account))
        return (vd_str){ "", 0 };
    if (vd_str_eq(a.service, VD_S("sts")))
        return vd_str_starts(a.resource, VD_S("assumed-role/")) ? a.account : (vd_str){ "", 0 };
    if (!vd_str_eq(a.service, VD_S("iam")))
        return (vd_str){ "", 0 };
    return vd_str_starts(a.resource, VD_S("user/")) || vd_str_starts(a.resource, VD_S("role/")) || vd_str_eq(a.resource, VD_S("root"))
               ? a.account
               : (vd_str){ "", 0 };
}

/* Of a session the role that it would be of, for what may have been meant. */
static vd_str bare(vd_str principal, char *room, size_t size)
{
    vd_arn a;
    vd_str name, rest;

    if (!vd_arn_split(&a, principal) || !vd_str_eq(a.service, VD_S("sts")))
        return principal;
    rest = vd_str_from(a.resource, 13); /* "assumed-role/" */
    if (!vd_str_cut(&rest, '/', &name))
        name = rest;
    snprintf(room, size, "arn:" VD_F ":iam::" VD_F ":role/" VD_F, VD_A(a.partition), VD_A(a.account), VD_A(name));
    return vd_str_of(room);
}

bool vd_snapshot_knows(const vd_snapshot *snapshot, vd_str principal, vd_error *err)
{
    vd_str   account = account_of(principal), *names;
    char     room[512];
    uint32_t count = 0, all = vd_snapshot_principals(snapshot);
    size_t   best;

    if (!vd_snapshot_has_account(snapshot, account) || vd_snapshot_find(snapshot, principal) != VD_NO_INDEX)
        return true;
    vd_fail(err, VD_EREQUEST, "\"" VD_F "\" is not in the snapshot, which has the account " VD_F, VD_A(principal), VD_A(account));
    names = vd_alloc(vd_allocator_default(), all * sizeof *names);
    if (!names)
        return false;
    for (uint32_t i = 0; i < all; i++) {
        vd_principal_info p = { .size = sizeof p };

        if (vd_snapshot_principal(snapshot, i, &p) && vd_str_eq(p.account, account))
            names[count++] = p.arn;
    }
    best = vd_suggest(bare(principal, room, sizeof room), names, count);
    if (best < count)
        snprintf(err->hint, sizeof err->hint, "did you mean \"" VD_F "\"?", VD_A(names[best]));
    vd_free(vd_allocator_default(), names, all * sizeof *names);
    return false;
}

typedef struct known {
    vd_str account, state;
} known;

static known known_of(const vd_snapshot *s, vd_str resource)
{
    uint32_t thing = vd_snap_resource_find(s, resource);
    known    k = { { "", 0 }, { "", 0 } };
    vd_arn   a;

    if (thing != VD_NONE) {
        k.state = s->resources[thing].state;
        if (s->resources[thing].account != VD_NONE)
            k.account = s->accounts[s->resources[thing].account].id;
    } else if (vd_arn_split(&a, resource)) {
        k.account = a.account;
    }
    return k;
}

bool vd_snapshot_same_owner(const vd_snapshot *s, vd_str a, vd_str b)
{
    known x = known_of(s, a), y = known_of(s, b);

    return vd_str_eq(x.account, y.account) && vd_str_eq(x.state, y.state);
}

/* ------------------------------------------------------------------ what could change an answer */

static bool push(vd_told_notes *out, vd_arena *arena, vd_told_note note)
{
    return VD_ARENA_PUSH(arena, out->at, out->count, out->cap, note);
}

static bool bears(const vd_snapshot_note *note, const vd_str who[4])
{
    if (note->severity < VD_WARNING || note->what == VD_GAP_UNKNOWN_FILE)
        return false;
    if (note->arn.n == 0 && note->account.n == 0)
        return true;
    if (note->arn.n)
        return vd_str_eq(note->arn, who[0]) || vd_str_eq(note->arn, who[1]);
    return vd_str_eq(note->account, who[2]) || vd_str_eq(note->account, who[3]);
}

/* Whom the snapshot does not know: their own policies are not part of the answer. */
static bool add_unknown(vd_told_notes *out, vd_arena *arena, const vd_snapshot *s, vd_str principal, vd_str resource)
{
    vd_str       account = account_of(principal);
    vd_told_note note = { 0 };

    if (account.n && !vd_snapshot_has_account(s, account)) {
        note.what = VD_S("unknown-account");
        if (!vd_arena_printf(arena, &note.text, "the account " VD_F " is not in the snapshot: of its own policies only those given count",
                             VD_A(account)) || !push(out, arena, note))
            return false;
    }
    if (resource.n == 0 || vd_str_eq(resource, VD_S("*")) || !vd_str_starts(resource, VD_S("arn:aws")) ||
        !vd_str_starts(vd_str_from(resource, vd_str_find(vd_str_from(resource, 4), ':') + 5), VD_S("s3:::")) ||
        vd_snap_resource_find(s, resource) != VD_NONE)
        return true;
    note.what = VD_S("unknown-resource");
    return vd_arena_printf(arena, &note.text, "\"" VD_F "\" is of no bucket of the snapshot: nothing is known of its policy",
                           VD_A(resource)) && push(out, arena, note);
}

bool vd_snapshot_notes(vd_told_notes *out, vd_arena *arena, const vd_snapshot *s, vd_str principal, vd_str resource)
{
    vd_snapshot_note  note = { .size = sizeof note };
    vd_principal_info p = { .size = sizeof p };
    uint32_t          thing = resource.n ? vd_snap_resource_find(s, resource) : VD_NONE;
    vd_str            who[4] = { principal, resource, account_of(principal), { "", 0 } };

    *out = (vd_told_notes){ 0 };
    if (principal.n && vd_snapshot_principal(s, vd_snapshot_find(s, principal), &p))
        who[0] = p.arn; /* of a session its role */
    if (thing != VD_NONE) {
        who[1] = s->resources[thing].arn;
        if (s->resources[thing].account != VD_NONE)
            who[3] = s->accounts[s->resources[thing].account].id;
    }
    for (uint32_t i = 0; vd_snapshot_note_at(s, i, &note); i++) {
        if (!bears(&note, who))
            continue;
        out->error |= note.severity >= VD_ERROR;
        if (!push(out, arena, (vd_told_note){ vd_str_of(vd_snapshot_note_name(note.what)), note.text, note.at }))
            return false;
    }
    return add_unknown(out, arena, s, principal, resource);
}

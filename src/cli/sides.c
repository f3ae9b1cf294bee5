/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a side, whatever it is.
 */
#include "cli/sides.h"

#include "base/engine.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/git.h"
#include "cli/walk.h"

static bool nomem(vd_side *s)
{
    vd_cli_errorf(s->p->cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

static bool add_broken(vd_side *s, vd_str path)
{
    return (vd_arena_dup(&s->finds.arena, &path, path) &&
            VD_ARENA_PUSH(&s->finds.arena, s->broken, s->broken_count, s->broken_cap, path)) ||
           nomem(s);
}

/* ------------------------------------------------------------------ one text */

static bool tell_errors(vd_side *s, const vd_named_text *in, uint32_t before, vd_diags *notes)
{
    bool ok = true;

    for (uint32_t i = before; i < s->finds.error_count; i++)
        vd_proving_fail(s->p, s->finds.errors[i].code, &s->finds.errors[i]);
    if (s->finds.error_count > before)
        ok = add_broken(s, in->path);
    vd_cli_diags(s->p->cli, notes, false);
    return ok;
}

static bool is_scenario(const vd_side *s)
{
    return s->finds.format && strcmp(s->finds.format, "scenario") == 0;
}

static void drop_since(vd_side *s, uint32_t count)
{
    while (s->finds.count > count)
        vd_policy_release(s->finds.at[--s->finds.count].policy);
}

/* Adds the policies of a text; what is wrong with it is told and remembered.  by NULL: its configuration is. */
static bool take_text(vd_side *s, const vd_named_text *in, const vd_lint_folder *by)
{
    vd_cli  *cli = s->p->cli;
    vd_error err = { .size = sizeof err };
    vd_diags *notes = NULL;
    uint32_t  errors = s->finds.error_count, found = s->finds.count;
    vd_code   code;
    bool      ok = true;

    if (!by)
        return add_broken(s, in->path);
    code = vd_diags_new(&notes, cli->engine, &err);
    vd_cli_remember(cli, in->name, in->text);
    s->finds.hushed = s->p->hushed;
    if (code == VD_OK)
        code = vd_find_policies(&s->finds, by->linter, in, notes, &err);
    if (code == VD_OK && s->folder && is_scenario(s)) {
        drop_since(s, found); /* tests of policies are no policies */
        vd_diags_free(notes);
        return true;
    }
    if (code != VD_OK) {
        vd_proving_fail(s->p, code, &err);
        ok = add_broken(s, in->path);
    } else {
        ok = tell_errors(s, in, errors, notes);
    }
    vd_diags_free(notes);
    return ok;
}

static bool take_file(vd_side *s, const char *path, vd_str below)
{
    vd_named_text         in = { .name = vd_str_of(path), .path = below };
    const vd_lint_folder *by = vd_proving_folder(s->p, path, &in.seen);

    if (by && s->folder && (vd_lint_is_config(in.name) || !vd_lint_folder_wants(by, in.seen)))
        return true;
    if (by && !vd_read_text(s->p->cli, &s->finds.arena, &in.text, path))
        by = NULL;
    return take_text(s, &in, by);
}

/* ------------------------------------------------------------------ folders, revisions */

static bool take_folder(vd_side *s)
{
    size_t   root = strcmp(s->word, ".") == 0 ? 0 : strlen(s->word); /* "." is not repeated in front of what is found in it */
    vd_paths paths;
    bool     ok;

    s->folder = true;
    vd_paths_init(&paths);
    paths.templates = true;
    ok = vd_walk(s->p->cli, &paths, s->word, true);
    for (uint32_t i = 0; ok && i < paths.count; i++) {
        vd_str below = vd_str_from(vd_str_of(paths.at[i]), root), kept;

        while (vd_str_starts(below, VD_S("/")))
            below = vd_str_from(below, 1);
        ok = vd_arena_dup(&s->finds.arena, &kept, vd_str_of(paths.at[i])) ? take_file(s, kept.p, below) : nomem(s);
    }
    vd_paths_done(&paths);
    return ok;
}

/* A file of a revision counts as one of the working tree: what this says now about the place is true of both sides. */
static const vd_lint_folder *folder_of(vd_side *s, const vd_git_file *f, vd_str *seen)
{
    const vd_lint_folder *here = vd_lint_configs_of(&s->p->configs, "-");
    vd_str                path = vd_str_from(f->name, vd_str_find(f->name, ':') + 1), real;
    const vd_lint_folder *by;
    bool                  from_here = vd_str_starts(path, VD_S("."));

    if (!here || !vd_arena_printf(&s->finds.arena, &real, VD_F VD_F, VD_A(from_here ? VD_S("") : here->root), VD_A(path)))
        return NULL;
    by = vd_proving_folder(s->p, real.p, seen);
    if (!from_here)
        *seen = path;
    return by;
}

static bool take_git_file(vd_side *s, const vd_git_file *f)
{
    vd_named_text         in = { .name = f->name, .path = f->path, .text = f->text };
    const vd_lint_folder *by = folder_of(s, f, &in.seen);

    if (by && s->folder && !vd_lint_folder_wants(by, in.seen))
        return true;
    return take_text(s, &in, by);
}

static bool take_revision(vd_side *s)
{
    vd_git_files files;
    vd_error     err = { .size = sizeof err };
    vd_limits    limits;
    vd_code      code;
    bool         ok = true;

    vd_engine_limits(s->p->cli->engine, &limits);
    code = vd_git_read(&files, s->word, limits.document_bytes, &err);
    s->folder = files.tree;
    if (code != VD_OK)
        vd_proving_fail(s->p, code, &err);
    for (uint32_t i = 0; ok && code == VD_OK && i < files.count; i++)
        ok = take_git_file(s, &files.at[i]);
    vd_git_done(&files);
    return ok && code == VD_OK;
}

/* ------------------------------------------------------------------ whole sets */

static bool take_bundle(vd_side *s)
{
    vd_error err = { .size = sizeof err };
    vd_code  code = vd_set_open(&s->set, s->p->cli->engine, s->word, &err);

    if (code != VD_OK)
        vd_proving_fail(s->p, code, &err);
    return code == VD_OK;
}

/* All cases of a suite must have the same policies: which would be meant? */
static vd_code take_set(vd_side *s, vd_error *err)
{
    vd_set *one = NULL;

    VD_TRY(vd_request_new(&s->state, s->p->cli->engine, err));
    for (size_t i = 0; i < vd_suite_count(s->suite); i++) {
        vd_set *next = NULL;

        VD_TRY(vd_suite_set(&next, s->suite, i, err));
        if (one && one != next)
            return vd_fail(err, VD_EINVAL, "%s: its cases have different policies; which are meant?", s->word);
        one = next;
    }
    if (!one)
        return vd_fail(err, VD_EINVAL, "%s: there is no case in it", s->word);
    s->set = vd_set_retain(one);
    return vd_suite_request(s->state, s->suite, 0, err);
}

static bool take_scenario(vd_side *s)
{
    vd_cli       *cli = s->p->cli;
    vd_suite_opts opts = { .size = sizeof opts, .no_expect = true };
    vd_error      err = { .size = sizeof err };
    vd_diags     *notes = NULL;
    vd_code       code = vd_diags_new(&notes, cli->engine, &err);

    if (code == VD_OK)
        code = vd_suite_load(&s->suite, cli->engine, s->word, &opts, notes, &err);
    if (code == VD_OK)
        code = take_set(s, &err);
    vd_cli_diags(cli, notes, code != VD_OK);
    vd_diags_free(notes);
    if (code != VD_OK)
        vd_proving_fail(s->p, code, &err);
    return code == VD_OK;
}

static void drop_finds(vd_side *s)
{
    vd_finds_done(&s->finds);
    vd_finds_init(&s->finds);
    s->broken = NULL;
    s->broken_count = s->broken_cap = 0;
}

/* ------------------------------------------------------------------ the side */

static bool read_it(vd_side *s)
{
    if (strcmp(s->word, "-") != 0 && vd_is_directory(s->word))
        return take_folder(s);
    if (vd_git_means_revision(s->word))
        return take_revision(s);
    if (vd_str_ends(vd_str_of(s->word), VD_S(".vdb")))
        return take_bundle(s);
    if (!take_file(s, s->word, VD_S("")))
        return false;
    if (!is_scenario(s))
        return true;
    drop_finds(s);
    return take_scenario(s);
}

bool vd_side_read(vd_side *s, vd_proving *p, const char *word)
{
    *s = (vd_side){ .p = p, .word = word };
    vd_finds_init(&s->finds);
    if (!read_it(s))
        return false;
    if (s->finds.unresolved)
        vd_cli_warnf(p->cli, "%s: %u policies are known in part only and left out", word, s->finds.unresolved);
    if (s->set || s->finds.count)
        return true;
    if (!s->broken_count && !s->finds.unresolved)
        vd_proving_failf(p, VD_EXIT_USAGE, "%s: there is no policy in it%s", word, vd_terraform_hint(word));
    return false;
}

static bool copy_found(vd_side *s, const vd_found *from)
{
    vd_arena *a = &s->finds.arena;
    vd_found  f = *from;

    if (!vd_arena_dup(a, &f.resource_kind, f.resource_kind) || !vd_arena_dup(a, &f.file, f.file) ||
        !vd_arena_dup(a, &f.path, f.file) /* files that were named are all at "" below themselves */ || !vd_arena_dup(a, &f.key, f.key) || !vd_arena_dup(a, &f.label, f.label) ||
        !vd_arena_dup(a, &f.resource, f.resource) || !VD_ARENA_PUSH(a, s->finds.at, s->finds.count, s->finds.cap, f))
        return false;
    vd_policy_retain(f.policy);
    return true;
}

bool vd_side_join(vd_side *s, const vd_side *other)
{
    for (uint32_t i = 0; i < other->finds.count; i++)
        if (!copy_found(s, &other->finds.at[i]))
            return false;
    return true;
}

void vd_side_done(vd_side *s)
{
    vd_finds_done(&s->finds);
    vd_set_release(s->set);
    vd_request_free(s->state);
    vd_suite_free(s->suite);
    *s = (vd_side){ 0 };
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * For each finding of a file the edit that takes away what nobody uses, proved before it is told.  Each by itself: whoever
 * applies one of them does not want the others, too.
 */
#include "cli/unused_fixes.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/crew.h"

enum { MOST_FIXES = 2000 /* each of them is proved */ };

typedef struct fix_of_file {
    vd_str name;
    vd_str text; /* from vd_file_read; without bytes: it cannot be read */
} fix_of_file;

typedef struct fix_of_row {
    vd_unused_row *row;
    uint32_t       file;
    vd_unused_fix  made;
    vd_code        code;
    vd_error       error;
} fix_of_row;

typedef struct fixing {
    vd_unused_fixes      *out;
    const vd_activity    *activity;
    const vd_holders     *holders;
    const vd_unused_opts *opts;
} fixing;

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

static bool can_be_fixed(const vd_unused_row *row)
{
    const vd_unused_finding *f = row->finding;

    return !row->known && f->statement.size && f->statement.at.line &&
           (f->rule == VD_UNUSED_STATEMENT || f->rule == VD_UNUSED_SERVICE || f->rule == VD_UNUSED_ACTION);
}

/* VD_NONE: no memory. */
static uint32_t file_of(vd_unused_fixes *x, vd_cli *cli, vd_str name)
{
    fix_of_file f = { .name = name };
    vd_limits   limits = { .size = sizeof limits };
    vd_error    err = { .size = sizeof err };
    char       *path;
    vd_code     code;

    for (uint32_t i = 0; i < x->file_count; i++)
        if (vd_str_eq(x->files[i].name, name))
            return i;
    path = vd_arena_alloc(&x->arena, name.n + 1, 1);
    if (!path)
        return VD_NONE;
    memcpy(path, name.p, name.n);
    path[name.n] = '\0';
    vd_engine_limits(cli->engine, &limits);
    code = strcmp(path, "-") == 0 ? VD_EIO : vd_file_read(&f.text, vd_allocator_default(), path, limits.file_bytes, &err);
    if (code != VD_OK) /* of another revision, of standard input */
        f.text = (vd_str){ 0 };
    if (code == VD_ENOMEM || !VD_ARENA_PUSH(&x->arena, x->files, x->file_count, x->file_cap, f)) {
        vd_file_free(vd_allocator_default(), f.text);
        return VD_NONE;
    }
    return x->file_count - 1;
}

static void make_one(void *user, uint32_t index)
{
    fixing     *x = user;
    fix_of_row *f = &x->out->at[index];
    fix_of_file *in = &x->out->files[f->file];

    f->made = (vd_unused_fix){ .size = sizeof f->made, .why_not = "its file cannot be read again" };
    f->error.size = sizeof f->error;
    if (in->text.p)
        f->code = vd_unused_fix_make(&f->made, x->activity, x->holders, f->row->finding, x->opts, in->name, in->text, &f->error);
}

/* What it does, and what of the finding it leaves. */
static bool title_of(vd_arena *arena, vd_str *out, const vd_unused_finding *f, uint32_t actions)
{
    size_t all = f->actions.count;

    if (actions < all)
        return vd_arena_printf(arena, out, "remove %u of %zu actions that nobody uses; the rest is not surely unused by all that hold it", (unsigned)actions, all);
    if (f->rule == VD_UNUSED_STATEMENT)
        return vd_arena_printf(arena, out, "remove the statement that nobody uses");
    return all == 1 ? vd_arena_printf(arena, out, "remove " VD_F ", which nobody uses", VD_A(f->actions.at[0]))
                    : vd_arena_printf(arena, out, "remove %zu actions that nobody uses", all);
}

static bool show(vd_unused_fixes *x, fix_of_row *f)
{
    vd_change_result r = { .size = sizeof r };

    vd_change_result_of(f->made.change, &r);
    f->row->file_text = x->files[f->file].text;
    f->row->edits = r.documents[0].edits;
    f->row->edit_count = r.documents[0].edit_count;
    return title_of(&x->arena, &f->row->fix, f->row->finding, f->made.actions);
}

/* A valve that is shut is so for all of them: it is told once. */
static bool tell(vd_unused_fixes *x, vd_cli *cli, vd_unused_job *job)
{
    const vd_error *shut = NULL;

    for (uint32_t i = 0; i < x->count; i++) {
        fix_of_row *f = &x->at[i];

        if (f->code == VD_ENOMEM)
            return nomem(cli);
        if (f->made.change) {
            job->fixed++;
            if (!show(x, f))
                return nomem(cli);
            continue;
        }
        job->not_fixed++;
        if (f->code == VD_EINVAL && !shut)
            shut = &f->error;
        else if (f->code != VD_OK && f->code != VD_EINVAL)
            vd_cli_warnf(cli, "no fix for %s: %s", vd_unused_name(f->row->finding->rule), f->error.text);
        else if (f->code == VD_OK && cli->verbose)
            vd_cli_warnf(cli, VD_F ":%u:%u: no fix for %s: %s", VD_A(f->row->finding->statement.at.file), f->row->finding->statement.at.line,
                         f->row->finding->statement.at.column, vd_unused_name(f->row->finding->rule), f->made.why_not);
    }
    if (shut)
        vd_cli_warnf(cli, "no fixes: %s", shut->text);
    return true;
}

bool vd_unused_fixes_make(vd_unused_fixes *out, vd_cli *cli, const vd_activity *activity, const vd_holders *holders,
                          const vd_unused_opts *opts, vd_unused_row *rows, uint32_t count, vd_unused_job *job)
{
    fixing x = { .out = out, .activity = activity, .holders = holders, .opts = opts };

    *out = (vd_unused_fixes){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    for (uint32_t i = 0; i < count; i++) {
        fix_of_row f = { .row = &rows[i] };

        if (!can_be_fixed(&rows[i]))
            continue;
        if (out->count == MOST_FIXES) {
            job->not_fixed++;
            continue;
        }
        f.file = file_of(out, cli, rows[i].finding->statement.at.file);
        if (f.file == VD_NONE || !VD_ARENA_PUSH(&out->arena, out->at, out->count, out->cap, f))
            return nomem(cli);
    }
    vd_crew_work(cli, "fixes", out->count, make_one, &x);
    return tell(out, cli, job);
}

void vd_unused_fixes_done(vd_unused_fixes *fixes)
{
    for (uint32_t i = 0; i < fixes->count; i++)
        vd_change_free(fixes->at[i].made.change);
    for (uint32_t i = 0; i < fixes->file_count; i++)
        vd_file_free(vd_allocator_default(), fixes->files[i].text);
    vd_arena_done(&fixes->arena);
    *fixes = (vd_unused_fixes){ 0 };
}

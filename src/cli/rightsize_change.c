/* SPDX-License-Identifier: Apache-2.0
 *
 * From smaller policies to changes of the files they are kept in.
 */
#include "cli/rightsize_change.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/lint_configs.h"

#include <limits.h>
#include <stdlib.h>

typedef struct making {
    vd_changed_files          *out;
    vd_cli                    *cli;
    const vd_rightsize_result *result;
    vd_change_wish            *wishes;
    vd_str                    *names;
    bool                      *found; /* by wish */
    uint32_t                   count;
} making;

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

static bool make_wishes(making *m)
{
    vd_arena *arena = &m->out->arena;
    size_t    most = m->result->document_count + 1;

    m->wishes = vd_arena_new_array(arena, vd_change_wish, most);
    m->names = vd_arena_new_array(arena, vd_str, most);
    m->found = vd_arena_new_array(arena, bool, most);
    if (!m->wishes || !m->names || !m->found)
        return nomem(m->cli);
    for (size_t i = 0; i < m->result->document_count; i++) {
        const vd_rightsize_document *d = &m->result->documents[i];
        vd_change_wish              *w = &m->wishes[m->count];

        if (d->unchanged || !d->old)
            continue;
        m->names[m->count++] = d->name;
        *w = (vd_change_wish){ .old = d->old, .document = d->part_count == 1 ? d->parts[0] : VD_S(""),
                               .review = VD_S("nothing of it is used: detach or delete it") };
        if (d->part_count > 1 && !vd_arena_printf(arena, &w->review, "it has to be split into %zu policies", d->part_count))
            return nomem(m->cli);
    }
    return true;
}

/* Below the root of the repository, as git wants it. */
static bool path_below_root(vd_arena *arena, vd_str *out, const char *path)
{
    char   real[PATH_MAX];
    vd_str whole, root;

    if (!realpath(path, real))
        return vd_arena_dup(arena, out, vd_str_of(path));
    whole = vd_str_of(real);
    root = vd_repository_root(arena, vd_str_first(whole, vd_str_rfind(whole, '/') + 1));
    return vd_arena_dup(arena, out, vd_str_starts(whole, root) ? vd_str_from(whole, root.n) : vd_str_of(path));
}

/* Nobody is to lose one without being told. */
static void tell_comments(const making *m, const char *path, const vd_change_document *d)
{
    for (uint32_t i = 0; i < d->comment_count; i++)
        vd_cli_warnf(m->cli, "%s:%u: a comment goes with what it was about: " VD_F, path, (unsigned)d->comments[i].at.line,
                     VD_A(d->comments[i].text));
}

static void tell_reviews(const making *m, const char *path, const vd_change_result *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (!c->documents[i].absent && c->documents[i].review.n)
            vd_cli_warnf(m->cli, "%s: policy \"" VD_F "\" needs review: " VD_F, path, VD_A(m->names[i]), VD_A(c->documents[i].review));
    for (uint32_t i = 0; i < c->count; i++)
        tell_comments(m, path, &c->documents[i]);
}

static bool change_file(making *m, const char *path)
{
    vd_changed_files *out = m->out;
    vd_changed_file  *f = &out->at[out->count];
    vd_limits         limits = { .size = sizeof limits };
    vd_error          err = { .size = sizeof err };
    vd_code           code;

    vd_engine_limits(m->cli->engine, &limits);
    code = vd_file_read(&out->texts[out->count], vd_allocator_default(), path, limits.file_bytes, &err);
    if (code != VD_OK) {
        vd_cli_error(m->cli, vd_cli_exit_of(code), &err);
        return false;
    }
    *f = (vd_changed_file){ .text = out->texts[out->count], .change = { .size = sizeof f->change }, .names = m->names };
    out->count++;
    if (!path_below_root(&out->arena, &f->path, path))
        return nomem(m->cli);
    code = vd_change_make(&out->changes[out->count - 1], m->cli->engine, f->path, f->text, m->wishes, m->count, &err);
    if (code != VD_OK) {
        vd_cli_error(m->cli, vd_cli_exit_of(code), &err);
        return false;
    }
    vd_change_result_of(out->changes[out->count - 1], &f->change);
    for (uint32_t i = 0; i < m->count; i++)
        m->found[i] |= !f->change.documents[i].absent;
    tell_reviews(m, path, &f->change);
    return true;
}

bool vd_changed_files_make(vd_changed_files *out, vd_cli *cli, const vd_rightsize_result *result, const char *const *paths,
                           size_t count)
{
    making m = { .out = out, .cli = cli, .result = result };

    *out = (vd_changed_files){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    out->at = vd_arena_new_array(&out->arena, vd_changed_file, count + 1);
    out->changes = vd_arena_new_array(&out->arena, vd_change *, count + 1);
    out->texts = vd_arena_new_array(&out->arena, vd_str, count + 1);
    if (!out->at || !out->changes || !out->texts)
        return nomem(cli);
    if (!make_wishes(&m))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!change_file(&m, paths[i]))
            return false;
    for (uint32_t i = 0; i < m.count; i++)
        if (!m.found[i])
            vd_cli_errorf(cli, VD_EXIT_USAGE, "policy \"" VD_F "\" is in none of the files", VD_A(m.names[i]));
    return true;
}

void vd_changed_files_done(vd_changed_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        vd_change_free(files->changes[i]);
        vd_file_free(vd_allocator_default(), files->texts[i]);
    }
    vd_arena_done(&files->arena);
    *files = (vd_changed_files){ 0 };
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A tree of any size: of each directory on the way down only its own names are held.
 */
#include "cli/usage.h"

#include "base/file.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum { DEEPEST = 64, PATH_BYTES = 4096, SHOWN_BYTES = 200 };

typedef struct level {
    vd_arena arena;
    vd_str  *names;
    uint32_t count, next;
    size_t   path; /* length of the path of the directory, with its '/' */
} level;

struct vd_tree {
    vd_cli            *cli;
    const char *const *paths;
    uint32_t           count, next;
    vd_lines          *list; /* further paths, one a line; NULL: none */
    bool               follow;
    const volatile sig_atomic_t *stop;
    level              levels[DEEPEST];
    uint32_t           depth;
    char               path[PATH_BYTES];
};

vd_tree *vd_tree_new(vd_cli *cli, const char *const *paths, uint32_t count, vd_lines *list, bool follow)
{
    vd_tree *t = vd_alloc0(vd_allocator_default(), sizeof *t);

    if (!t) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        return NULL;
    }
    t->cli = cli;
    t->paths = paths;
    t->count = count;
    t->list = list;
    t->follow = follow;
    return t;
}

void vd_tree_free(vd_tree *t)
{
    if (!t)
        return;
    while (t->depth)
        vd_arena_done(&t->levels[--t->depth].arena);
    vd_free(vd_allocator_default(), t, sizeof *t);
}

void vd_tree_stops(vd_tree *t, const volatile sig_atomic_t *stop)
{
    if (t)
        t->stop = stop;
}

static void cannot(char *why, const char *text)
{
    snprintf(why, 128, "%.120s", text);
}

/* The directory in t->path, n bytes long. */
static bool enter(vd_tree *t, size_t n, char *why)
{
    level   *l = &t->levels[t->depth];
    vd_error err = { .size = sizeof err };

    if (t->depth == DEEPEST || n + 2 > PATH_BYTES) {
        cannot(why, "directories nested too deeply");
        return false;
    }
    *l = (level){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    if (vd_file_list(&l->names, &l->count, &l->arena, t->path, &err) != VD_OK) {
        vd_arena_done(&l->arena);
        cannot(why, err.text);
        return false;
    }
    if (n && t->path[n - 1] != '/')
        t->path[n++] = '/';
    l->path = n;
    t->depth++;
    return true;
}

/* The next name of the innermost directory to t->path; its length, 0: none. */
static size_t next_name(vd_tree *t)
{
    while (t->depth) {
        level *l = &t->levels[t->depth - 1];
        vd_str name;

        if (l->next == l->count) {
            vd_arena_done(&l->arena);
            t->depth--;
            continue;
        }
        name = l->names[l->next++];
        name.n -= name.n && name.p[name.n - 1] == '/';
        if (!name.n || name.p[0] == '.' || l->path + name.n + 1 > PATH_BYTES)
            continue;
        memcpy(t->path + l->path, name.p, name.n);
        t->path[l->path + name.n] = 0;
        return l->path + name.n;
    }
    return 0;
}

/* It is one input that cannot be read, whatever else the list has: by its beginning, or by its place where it has none. */
static size_t no_path(vd_tree *t, char *why, vd_str line, const char *text)
{
    size_t n = vd_str_find(line, 0);

    n = n < SHOWN_BYTES ? n : SHOWN_BYTES;
    if (n == 0)
        n = (size_t)snprintf(t->path, sizeof t->path, "line %llu", t->list ? (unsigned long long)t->list->line : 0);
    else
        memcpy(t->path, line.p, n);
    t->path[n] = 0;
    cannot(why, text);
    return n;
}

/* A path of the command line, or of the list; *why: it is none. */
static size_t next_path(vd_tree *t, char *why)
{
    vd_str   line;
    vd_error err = { .size = sizeof err };

    while (t->next < t->count || t->list) {
        if (t->next < t->count) {
            line = vd_str_of(t->paths[t->next++]);
        } else {
            vd_line got = vd_lines_next(t->list, &line);

            if (got == VD_LINE_WAIT && !vd_wait_readable(t->list->fd, t->stop))
                return 0;
            if (got == VD_LINE_WAIT && !vd_lines_fill(t->list, &err))
                vd_cli_error(t->cli, VD_EXIT_USAGE, &err);
            if (got == VD_LINE_END)
                return 0;
            if (got == VD_LINE_TOO_LONG)
                return no_path(t, why, (vd_str){ 0 }, "a line longer than any path");
            if (got != VD_LINE_ONE || !line.n)
                continue;
        }
        if (line.n >= PATH_BYTES)
            return no_path(t, why, line, "longer than any path");
        if (memchr(line.p, 0, line.n))
            return no_path(t, why, line, "a path with a NUL byte");
        memcpy(t->path, line.p, line.n);
        t->path[line.n] = 0;
        return line.n;
    }
    return 0;
}

bool vd_tree_next(vd_tree *t, char *path, char *why)
{
    *why = 0;
    for (;;) {
        size_t      n = next_name(t);
        bool        named = n == 0;
        struct stat st;

        if (named)
            n = next_path(t, why);
        if (n == 0)
            return false;
        memcpy(path, t->path, n + 1);
        if (*why)
            return true;
        if (named && strcmp(path, "-") == 0)
            return true;
        if ((named || t->follow ? stat : lstat)(t->path, &st) != 0) {
            vd_errno_text(why, 128, errno);
            return true;
        }
        if (S_ISDIR(st.st_mode)) {
            if (!enter(t, n, why))
                return true;
        } else if (S_ISREG(st.st_mode) || named) {
            return true;
        } /* links within the tree, sockets and the like are nobody's logs */
    }
}

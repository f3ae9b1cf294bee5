/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk keeps a stack of names to visit, pushed in reverse order, so that files come out as `find | sort` would
 * give them.  Links to directories are not followed.
 */
#include "cli/walk.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "cli/ignore.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_PATH = 4096, LONGEST_IGNORE = 1 << 20 };

typedef struct visit {
    const char      *path; /* NUL-terminated, in the arena */
    const vd_ignore *rules;
} visit;

typedef struct walk {
    vd_cli   *cli;
    vd_paths *out;
    bool      deep, failed;
    VD_VEC(visit) stack;
} walk;

void vd_paths_init(vd_paths *paths)
{
    *paths = (vd_paths){ .arena = vd_arena_on(vd_allocator_default(), 0) };
}

void vd_paths_done(vd_paths *paths)
{
    vd_arena_done(&paths->arena);
    *paths = (vd_paths){ 0 };
}

bool vd_is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_document(vd_str name)
{
    return vd_str_ends(name, VD_S(".json")) || vd_str_ends(name, VD_S(".yaml")) || vd_str_ends(name, VD_S(".yml"));
}

/* What package managers and the CDK keep beside the sources. */
static bool is_foreign(vd_str path)
{
    static const vd_str names[] = { VD_L("node_modules"), VD_L(".terraform") };
    size_t              slash = vd_str_rfind(path, '/');
    vd_str              name = slash < path.n ? vd_str_from(path, slash + 1) : path;

    for (size_t i = 0; i < VD_COUNT(names); i++)
        if (vd_str_eq(name, names[i]))
            return true;
    if (slash == path.n || !vd_str_starts(name, VD_S("asset.")))
        return false;
    path = vd_str_first(path, slash);
    return vd_str_eq(path, VD_S("cdk.out")) || vd_str_ends(path, VD_S("/cdk.out"));
}

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

static bool add_path(vd_cli *cli, vd_paths *out, const char *path)
{
    return VD_ARENA_PUSH(&out->arena, out->at, out->count, out->cap, path) ? true : nomem(cli);
}

/* The rules of a directory; path ends in a slash, or is empty for the current one. */
static const vd_ignore *rules_of(walk *w, vd_str directory, const vd_ignore *outer)
{
    vd_arena  *arena = &w->out->arena;
    vd_ignore *rules = vd_arena_new(arena, vd_ignore);
    vd_str     name, text = { 0 };

    if (!rules || !vd_arena_printf(arena, &name, "%.*s.gitignore", (int)directory.n, directory.p))
        return outer;
    *rules = (vd_ignore){ .outer = outer, .depth = directory.n };
    if (vd_file_read(&text, vd_allocator_default(), name.p, LONGEST_IGNORE, NULL) != VD_OK)
        return outer;
    if (!vd_arena_dup(arena, &rules->text, text))
        rules->text = (vd_str){ 0 };
    vd_file_free(vd_allocator_default(), text);
    return rules;
}

/* The rules of the directories above the walk, up to the one that holds .git.  Outside of a repository: none. */
static const vd_ignore *rules_above(walk *w, const char *path, size_t depth)
{
    vd_arena        *arena = &w->out->arena;
    char             here[PATH_MAX];
    const vd_ignore *rules = NULL;
    vd_str           whole, name;
    size_t           top;

    if (!realpath(path, here) || !vd_arena_dup(arena, &whole, vd_str_of(here)))
        return NULL;
    for (top = whole.n; top > 0; top = vd_str_rfind(vd_str_first(whole, top), '/')) {
        if (!vd_arena_printf(arena, &name, "%.*s/.git", (int)top, whole.p))
            return NULL;
        if (access(name.p, F_OK) == 0)
            break;
    }
    if (top == 0 || top == whole.n)
        return NULL; /* no repository, or the walk itself begins at its root */
    while (top < whole.n) {
        vd_str     rest = vd_str_from(whole, top + 1);
        vd_ignore *above;

        rules = rules_of(w, vd_str_first(whole, top + 1), rules);
        above = (vd_ignore *)(uintptr_t)rules; /* made just now */
        if (above && above->depth == top + 1) {
            above->depth = depth;
            if (!vd_arena_printf(arena, &above->above, "%.*s/", (int)rest.n, rest.p))
                return NULL;
        }
        top = top + 1 + vd_str_find(rest, '/');
    }
    return rules;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a directory that are not hidden, sorted. */
static bool list(walk *w, const char *path, const char ***names, uint32_t *count)
{
    DIR           *d = opendir(path);
    struct dirent *e;
    const char   **at = NULL;
    uint32_t       n = 0, cap = 0;
    bool           ok = true;

    *count = 0;
    if (!d) {
        char text[128];

        vd_errno_text(text, sizeof text, errno);
        vd_cli_errorf(w->cli, VD_EXIT_USAGE, "cannot read the directory %s: %s", path, text);
        return false;
    }
    while (ok && (e = readdir(d)) != NULL) {
        vd_str copy;

        if (e->d_name[0] == '.')
            continue;
        ok = vd_arena_dup(&w->out->arena, &copy, vd_str_of(e->d_name)) &&
             VD_ARENA_PUSH(&w->out->arena, at, n, cap, copy.p);
    }
    closedir(d);
    if (!ok)
        return nomem(w->cli);
    if (n)
        qsort(at, n, sizeof *at, by_name);
    *names = at;
    *count = n;
    return true;
}

static bool is_wanted(const walk *w, vd_str path)
{
    if (w->out->all)
        return true;
    if (w->out->ending)
        return vd_str_ends(path, vd_str_of(w->out->ending));
    return is_document(path) || (w->out->templates && vd_str_ends(path, VD_S(".template")));
}

static bool visit_directory(walk *w, const visit *v)
{
    size_t           n = strlen(v->path);
    bool             slash = n && v->path[n - 1] == '/';
    vd_str           prefix;
    const vd_ignore *rules;
    const char     **names;
    uint32_t         count;

    if (strcmp(v->path, ".") == 0)
        prefix = (vd_str){ "", 0 };
    else if (!vd_arena_printf(&w->out->arena, &prefix, "%s%s", v->path, slash ? "" : "/"))
        return nomem(w->cli);
    if (!list(w, v->path, &names, &count))
        return false;
    rules = w->out->all ? NULL : rules_of(w, prefix, v->rules);
    for (uint32_t i = count; i-- > 0;) {
        visit       below = { NULL, rules };
        vd_str      path;
        struct stat st;
        bool        directory;

        if (prefix.n + strlen(names[i]) >= LONGEST_PATH)
            continue;
        if (!vd_arena_printf(&w->out->arena, &path, "%.*s%s", (int)prefix.n, prefix.p, names[i]))
            return nomem(w->cli);
        if (lstat(path.p, &st) != 0)
            continue; /* gone meanwhile */
        directory = S_ISDIR(st.st_mode);
        if (rules && vd_ignored(rules, path, directory))
            continue;
        if (S_ISLNK(st.st_mode) && stat(path.p, &st) != 0)
            continue;
        if (directory ? !w->deep : !S_ISREG(st.st_mode) || !is_wanted(w, path))
            continue;
        if (w->out->templates && is_foreign(path))
            continue;
        below.path = path.p;
        if (!VD_PUSH(vd_allocator_default(), &w->stack, below))
            return nomem(w->cli);
    }
    return true;
}

bool vd_walk(vd_cli *cli, vd_paths *out, const char *path, bool deep)
{
    walk   w = { .cli = cli, .out = out, .deep = deep };
    bool   ok = true;
    size_t depth;
    vd_str copy;

    if (strcmp(path, "-") == 0 || !vd_is_directory(path))
        return add_path(cli, out, path); /* a file that is not there is told when it is read */
    if (!vd_arena_dup(&out->arena, &copy, vd_str_of(path)))
        return nomem(cli);
    /* "." is not repeated in front of what is found in it */
    depth = strcmp(path, ".") == 0 ? 0 : copy.n + (copy.p[copy.n - 1] != '/');
    ok = visit_directory(&w, &(visit){ copy.p, out->all ? NULL : rules_above(&w, path, depth) });
    while (w.stack.count) {
        visit v = w.stack.at[--w.stack.count];

        ok &= vd_is_directory(v.path) ? visit_directory(&w, &v) : add_path(cli, out, v.path);
    }
    VD_VEC_DONE(vd_allocator_default(), &w.stack);
    return ok;
}

bool vd_has_terraform(const char *folder)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_str  *names;
    uint32_t count;
    bool     any = false;

    if (vd_file_list(&names, &count, &arena, folder, NULL) == VD_OK)
        for (uint32_t i = 0; i < count; i++)
            any |= vd_str_ends(names[i], VD_S(".tf"));
    vd_arena_done(&arena);
    return any;
}

const char *vd_terraform_hint(const char *path)
{
    return vd_str_ends(vd_str_of(path), VD_S(".tf")) || vd_has_terraform(path)
               ? "; Terraform's policies are read out of its plan: terraform show -json"
               : "";
}

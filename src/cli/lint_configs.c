/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding configurations.  What is read here was written by whoever wrote the policies: it is data, and --config or
 * --no-config keep it out.
 */
#include "cli/lint_configs.h"

#include "base/engine.h"
#include "base/file.h"
#include "base/str.h"
#include "lint/linter.h"

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum { LONGEST = 1 << 20, MOST_CONFIGS = 64 };

void vd_lint_configs_init(vd_lint_configs *c, vd_lint_words *words)
{
    *c = (vd_lint_configs){ .words = words, .arena = vd_arena_on(vd_allocator_default(), 0) };
}

void vd_lint_configs_done(vd_lint_configs *c)
{
    for (uint32_t i = 0; i < c->shared_count; i++)
        vd_linter_free(c->shared[i].linter);
    vd_arena_done(&c->arena);
}

/* ------------------------------------------------------------------ places */

static bool exists(vd_arena *arena, vd_str folder, const char *name)
{
    vd_str path;

    return vd_arena_printf(arena, &path, "%.*s%s", (int)folder.n, folder.p, name) && access(path.p, F_OK) == 0;
}

/* "/a/b/" to "/a/"; false at the top. */
static bool go_up(vd_str *folder)
{
    if (folder->n <= 1)
        return false;
    folder->n = vd_str_rfind(vd_str_first(*folder, folder->n - 1), '/') + 1;
    return true;
}

static vd_str with_slash(vd_arena *arena, const char *path)
{
    vd_str s = VD_S("/");

    if (strcmp(path, "/") != 0 && !vd_arena_printf(arena, &s, "%s/", path))
        s = VD_S("/");
    return s;
}

static vd_str here(vd_arena *arena)
{
    char path[PATH_MAX];

    return getcwd(path, sizeof path) ? with_slash(arena, path) : VD_S("/");
}

/* The nearest folder with .git; outside of one the current directory, when the file is below it. */
vd_str vd_repository_root(vd_arena *arena, vd_str real)
{
    vd_str at = real, cwd = here(arena);

    do {
        if (exists(arena, at, ".git"))
            return at;
    } while (go_up(&at));
    return vd_str_starts(real, cwd) ? cwd : real;
}

/* A folder as the user would write it. */
static vd_str shown(vd_arena *arena, vd_str real)
{
    vd_str cwd = here(arena);

    return vd_str_starts(real, cwd) ? vd_str_from(real, cwd.n) : real;
}

/* ------------------------------------------------------------------ configurations */

typedef struct found {
    vd_lint_text at[MOST_CONFIGS]; /* the nearest first */
    uint32_t     count;
} found;

static bool add_file(vd_lint_configs *c, found *f, vd_str folder, vd_str root, const char *name)
{
    vd_cli      *cli = c->words->cli;
    vd_error     err = { .size = sizeof err };
    vd_lint_text t = { .base = vd_str_starts(folder, root) ? vd_str_from(folder, root.n) : VD_S("") };
    vd_str       path, text, prefix = shown(&c->arena, folder);
    vd_code      code;

    if (!vd_arena_printf(&c->arena, &path, "%.*s%s", (int)folder.n, folder.p, name) ||
        !vd_arena_printf(&c->arena, &t.name, "%.*s%s", (int)prefix.n, prefix.p, name))
        return false;
    code = vd_file_read(&text, vd_allocator_default(), path.p, LONGEST, &err);
    if (code != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return true;
    }
    if (!vd_arena_dup(&c->arena, &t.text, text))
        return false;
    vd_file_free(vd_allocator_default(), text);
    f->at[f->count++] = t;
    return true;
}

/* Up to the root of the repository, or to one that says `root: true`. */
static bool find_configs(vd_lint_configs *c, found *f, vd_str folder, vd_str root)
{
    static const char *const names[] = { ".verdict.yaml", ".verdict.yml", ".verdict.json" };
    vd_str                   at = folder;
    bool                     in_repository = exists(&c->arena, root, ".git");

    do {
        uint32_t before = f->count;

        for (size_t i = 0; i < VD_COUNT(names) && f->count == before; i++)
            if (exists(&c->arena, at, names[i]) && !add_file(c, f, at, root, names[i]))
                return false;
        if (f->count > before && vd_lint_config_is_root(c->words->cli->engine, f->at[before].name, f->at[before].text))
            break;
        if (in_repository && at.n <= root.n)
            break;
    } while (f->count < MOST_CONFIGS && go_up(&at));
    return true;
}

/* The one of --config. */
static bool take_named(vd_lint_configs *c, found *f, vd_str root)
{
    vd_lint_text t = c->words->config;
    char         real[PATH_MAX];
    vd_str       s;

    if (!t.text.p)
        return true;
    if (realpath(t.name.p, real)) {
        s = vd_str_of(real);
        s.n = vd_str_rfind(s, '/') + 1;
        if (vd_str_starts(s, root) && !vd_arena_dup(&c->arena, &t.base, vd_str_from(s, root.n)))
            return false;
    }
    f->at[f->count++] = t;
    return true;
}

/* `templates.parameters` names files: with them, the linter is made once more. */
static vd_linter *with_parameters(vd_lint_configs *c, const vd_lint_text *configs, uint32_t count, vd_str root,
                                  vd_linter *linter)
{
    vd_lint_words words = *c->words;

    for (uint32_t i = 0; linter && i < linter->config.parameters.count; i++) {
        const vd_path_glob *g = &linter->config.parameters.at[i];
        vd_str              pattern;
        glob_t              files;

        if (!vd_arena_printf(&c->arena, &pattern, VD_F VD_F VD_F, VD_A(root), VD_A(g->base), VD_A(g->glob)))
            return linter;
        if (glob(pattern.p, 0, NULL, &files) != 0)
            continue;
        for (size_t k = 0; k < files.gl_pathc; k++)
            vd_lint_words_add_parameters(&words, files.gl_pathv[k]);
        globfree(&files);
    }
    if (!linter || words.parameter_count == c->words->parameter_count)
        return linter;
    vd_linter_free(linter);
    c->words->arena = words.arena; /* which holds them now */
    linter = vd_lint_words_linter(&words, configs, count);
    return linter;
}

static vd_linter *linter_of(vd_lint_configs *c, const found *f, vd_str root)
{
    vd_lint_text   rising[MOST_CONFIGS];
    vd_lint_shared s = { .key = VD_S("") };

    for (uint32_t i = 0; i < f->count; i++) {
        rising[i] = f->at[f->count - 1 - i];
        if (!vd_arena_printf(&c->arena, &s.key, "%.*s%.*s|", (int)s.key.n, s.key.p, (int)rising[i].name.n, rising[i].name.p))
            return NULL;
    }
    for (uint32_t i = 0; i < c->shared_count; i++)
        if (vd_str_eq(c->shared[i].key, s.key))
            return c->shared[i].linter;
    s.linter = with_parameters(c, rising, f->count, root, vd_lint_words_linter(c->words, rising, f->count));
    if (VD_ARENA_PUSH(&c->arena, c->shared, c->shared_count, c->shared_cap, s))
        return s.linter;
    vd_linter_free(s.linter);
    return NULL;
}

/* A folder of a revision may be gone by now: the nearest above it that is there. */
static const char *nearest(vd_arena *arena, vd_str path)
{
    vd_str at = path;

    while (access(at.p, F_OK) != 0 && vd_str_rfind(at, '/') < at.n && vd_str_rfind(at, '/') > 0)
        if (!vd_arena_dup(arena, &at, vd_str_first(at, vd_str_rfind(at, '/'))))
            return path.p;
    return at.p;
}

static bool make_folder(vd_lint_configs *c, vd_lint_folder *out, vd_str path)
{
    char   real[PATH_MAX];
    found *f = vd_arena_new(&c->arena, found);
    vd_str name;

    if (!f || !vd_arena_dup(&c->arena, &out->path, path) || !vd_arena_dup(&c->arena, &name, path.n ? path : VD_S(".")))
        return false;
    out->real = realpath(nearest(&c->arena, name), real) ? with_slash(&c->arena, real) : here(&c->arena);
    out->root = vd_repository_root(&c->arena, out->real);
    if (!(c->words->fixed ? take_named(c, f, out->root) : find_configs(c, f, out->real, out->root)))
        return false;
    out->linter = linter_of(c, f, out->root);
    return true;
}

const vd_lint_folder *vd_lint_configs_of(vd_lint_configs *c, const char *path)
{
    vd_str         s = vd_str_of(path);
    size_t         slash = vd_str_rfind(s, '/');
    vd_lint_folder f = { 0 };

    s = slash < s.n ? vd_str_first(s, slash ? slash : 1) : VD_S("");
    for (uint32_t i = c->folder_count; i-- > 0;)
        if (vd_str_eq(c->folders[i].path, s))
            return &c->folders[i];
    if (!make_folder(c, &f, s) || !VD_ARENA_PUSH(&c->arena, c->folders, c->folder_count, c->folder_cap, f)) {
        vd_cli_errorf(c->words->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return NULL;
    }
    return &c->folders[c->folder_count - 1];
}

vd_str vd_lint_configs_path(vd_lint_configs *c, const vd_lint_folder *f, const char *path)
{
    vd_str s = vd_str_of(path), out = s;
    size_t slash = vd_str_rfind(s, '/');
    vd_str name = slash < s.n ? vd_str_from(s, slash + 1) : s;
    vd_str below = vd_str_starts(f->real, f->root) ? vd_str_from(f->real, f->root.n) : VD_S("");

    if (!vd_arena_printf(&c->arena, &out, "%.*s%.*s", (int)below.n, below.p, (int)name.n, name.p))
        return s;
    return out;
}

bool vd_lint_folder_wants(const vd_lint_folder *f, vd_str seen)
{
    const vd_lint_config *c = &f->linter->config;

    return (!c->include.count || vd_path_globs_match(&c->include, seen)) && !vd_path_globs_match(&c->exclude, seen);
}

bool vd_lint_is_config(vd_str path)
{
    return vd_str_ends(path, VD_S(".verdict.yaml")) || vd_str_ends(path, VD_S(".verdict.yml")) ||
           vd_str_ends(path, VD_S(".verdict.json"));
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy documents of the command line: read, parsed, told about, put into a builder.
 */
#include "cli/inputs.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/walk.h"
#include "policy/policy.h"


/* What an option names; the order is that of a set. */
static const struct source {
    const char *option;
    vd_kind     kind;
    vd_layer    layer;
    bool        levels; /* each one is a level, and may be a directory of documents */
} sources[] = {
    { "identity", VD_KIND_IDENTITY, VD_LAYER_IDENTITY, false },
    { "boundary", VD_KIND_BOUNDARY, VD_LAYER_BOUNDARY, false },
    { "session", VD_KIND_SESSION, VD_LAYER_SESSION, false },
    { "resource-policy", VD_KIND_RESOURCE, VD_LAYER_RESOURCE, false },
    { "scp", VD_KIND_SCP, VD_LAYER_SCP, true },
    { "rcp", VD_KIND_RCP, VD_LAYER_RCP, true },
    { "endpoint", VD_KIND_ENDPOINT, VD_LAYER_ENDPOINT, false },
};

static vd_str texts_find(void *user, vd_pos at)
{
    return vd_cli_source(user, at);
}

vd_texts_of vd_cli_texts(vd_cli *cli)
{
    return (vd_texts_of){ .find = texts_find, .user = cli };
}

static bool claim_stdin(vd_cli *cli, const char *path)
{
    if (strcmp(path, "-") != 0)
        return true;
    if (cli->stdin_taken) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "standard input can be read once only, \"-\" was given twice");
        return false;
    }
    cli->stdin_taken = true;
    return true;
}

static bool read_file(vd_cli *cli, vd_str *out, const char *path)
{
    vd_error  err = { .size = sizeof err };
    vd_limits limits;
    vd_code   code;

    if (!claim_stdin(cli, path))
        return false;
    vd_engine_limits(cli->engine, &limits);
    code = vd_file_read(out, vd_allocator_default(), path, limits.document_bytes, &err);
    if (code != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return false;
    }
    if (strcmp(path, "-") == 0)
        vd_cli_remember(cli, VD_S("-"), *out); /* it cannot be read again for an excerpt */
    return true;
}

bool vd_read_text(vd_cli *cli, vd_arena *arena, vd_str *out, const char *path)
{
    vd_str text;
    bool   ok;

    if (!read_file(cli, &text, path))
        return false;
    ok = vd_arena_dup(arena, out, text);
    vd_file_free(vd_allocator_default(), text);
    if (!ok)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return ok;
}

static vd_policy *parse(vd_cli *cli, vd_kind kind, vd_str name, vd_str text)
{
    vd_policy *p = NULL;
    vd_diags  *notes = NULL;
    vd_error   err = { .size = sizeof err };
    vd_code    code = vd_diags_new(&notes, cli->engine, &err);

    if (code == VD_OK)
        code = vd_policy_parse(&p, cli->engine, kind, name, text, notes, &err);
    /* A role's trust policy comes as a resource policy (interface.md), and has no Resource: read it as what it is. */
    if (code == VD_OK && kind == VD_KIND_RESOURCE && vd_policy_looks_like_trust(p)) {
        vd_policy_release(p);
        vd_diags_free(notes);
        notes = NULL;
        return parse(cli, VD_KIND_TRUST, name, text);
    }
    vd_cli_outcome(cli, notes, code, &err);
    vd_diags_free(notes);
    return code == VD_OK ? p : NULL;
}

vd_policy *vd_read_policy(vd_cli *cli, vd_kind kind, const char *path)
{
    vd_str     text;
    vd_policy *p;

    if (!read_file(cli, &text, path))
        return NULL;
    p = parse(cli, kind, vd_str_of(path), text);
    vd_file_free(vd_allocator_default(), text);
    return p;
}

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

/* ------------------------------------------------------------------ documents of options */

static bool read_document(vd_layers *l, vd_cli *cli, vd_kind kind, const char *path, const vd_attach *where)
{
    vd_policy *p = vd_read_policy(cli, kind, path);

    if (!p)
        return false;
    if (VD_ARENA_PUSH(&l->arena, l->at, l->count, l->cap, (vd_layer_policy){ p, *where }))
        return true;
    vd_policy_release(p);
    return nomem(cli);
}

/* One level: a document, or a directory of documents. */
static bool read_level(vd_layers *l, vd_cli *cli, vd_kind kind, const char *path, const vd_attach *where)
{
    vd_paths paths;
    bool     ok = VD_ARENA_PUSH(&l->arena, l->at, l->count, l->cap, (vd_layer_policy){ NULL, *where }) || nomem(cli);

    vd_paths_init(&paths);
    ok &= vd_walk(cli, &paths, path, false);
    for (uint32_t i = 0; i < paths.count; i++) {
        vd_str kept; /* the policy is called so */

        ok &= vd_arena_dup(&l->arena, &kept, vd_str_of(paths.at[i])) ? read_document(l, cli, kind, kept.p, where) : nomem(cli);
    }
    vd_paths_done(&paths);
    return ok;
}

bool vd_layers_read(vd_layers *l, vd_cli *cli)
{
    bool ok = true;

    *l = (vd_layers){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    for (size_t s = 0; s < VD_COUNT(sources); s++) {
        uint32_t given = vd_args_knows(&cli->args, sources[s].option) ? vd_args_count(&cli->args, sources[s].option) : 0;

        for (uint32_t i = 0; i < given; i++) {
            const char *path = vd_args_at(&cli->args, sources[s].option, i);
            vd_attach   where = { .size = sizeof where, .layer = sources[s].layer };

            if (sources[s].levels) {
                where.level = i;
                if (vd_is_directory(path)) /* a folder is named after what it stands for, a file after what it says */
                    where.target = vd_str_of(path);
                ok &= read_level(l, cli, sources[s].kind, path, &where);
            } else {
                ok &= read_document(l, cli, sources[s].kind, path, &where);
            }
        }
    }
    return ok;
}

void vd_layers_done(vd_layers *l)
{
    for (uint32_t i = 0; i < l->count; i++)
        vd_policy_release(l->at[i].policy);
    vd_arena_done(&l->arena);
    *l = (vd_layers){ 0 };
}

vd_code vd_layers_add(const vd_layers *l, vd_builder *builder, vd_error *err)
{
    for (uint32_t i = 0; i < l->count; i++)
        VD_TRY(l->at[i].policy ? vd_builder_add(builder, l->at[i].policy, &l->at[i].where, err)
                               : vd_builder_level(builder, &l->at[i].where, err));
    return VD_OK;
}

bool vd_add_policies(vd_cli *cli, vd_builder *builder, uint32_t *count)
{
    vd_error  err = { .size = sizeof err };
    vd_layers l;
    bool      ok = vd_layers_read(&l, cli);
    vd_code   code = vd_layers_add(&l, builder, &err);

    for (uint32_t i = 0; i < l.count; i++)
        *count += l.at[i].policy != NULL;
    vd_layers_done(&l);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return ok && code == VD_OK;
}

/* ------------------------------------------------------------------ documents of words */

static bool add_document(vd_cli *cli, vd_builder *builder, vd_kind kind, const char *path, const vd_attach *where,
                         uint32_t *count)
{
    vd_error   err = { .size = sizeof err };
    vd_policy *p = vd_read_policy(cli, kind, path);
    vd_code    code;

    if (!p)
        return false;
    code = vd_builder_add(builder, p, where, &err);
    vd_policy_release(p);
    ++*count;
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

static vd_layer layer_of(vd_kind kind)
{
    if (kind == VD_KIND_TRUST)
        return VD_LAYER_RESOURCE;
    if (kind == VD_KIND_MANAGED)
        return VD_LAYER_IDENTITY;
    for (size_t s = 0; s < VD_COUNT(sources); s++)
        if (sources[s].kind == kind)
            return sources[s].layer;
    return VD_LAYER_IDENTITY;
}

bool vd_add_paths(vd_cli *cli, vd_builder *builder, vd_kind kind, uint32_t *count)
{
    vd_attach where = { .size = sizeof where, .layer = layer_of(kind) };
    vd_paths  paths;
    bool      ok = true;

    vd_paths_init(&paths);
    for (uint32_t i = 0; i < cli->args.word_count; i++) {
        uint32_t before = paths.count;

        ok &= vd_walk(cli, &paths, cli->args.words[i], true);
        if (ok && paths.count == before) {
            vd_cli_errorf(cli, VD_EXIT_USAGE, "no document (*.json, *.yaml, *.yml) in %s", cli->args.words[i]);
            ok = false;
        }
    }
    for (uint32_t i = 0; i < paths.count; i++)
        ok &= add_document(cli, builder, kind, paths.at[i], &where, count);
    vd_paths_done(&paths);
    return ok;
}

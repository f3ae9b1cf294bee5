/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of known findings: an object with "findings", each with its "id".  An id says who can do what; "grounds" tells whether the
 * rest is as it was, too.
 */
#include "cli/known.h"

#include "base/str.h"
#include "cli/inputs.h"
#include "render/parts.h"
#include "text/doc.h"

static vd_code read_one(vd_known_ids *ids, const vd_doc *doc, uint32_t node, vd_error *err)
{
    bool        object = doc->nodes[node].kind == VD_NODE_OBJECT;
    uint32_t    id = object ? vd_doc_member(doc, node, VD_S("id")) : VD_NONE;
    uint32_t    grounds = object ? vd_doc_member(doc, node, VD_S("grounds")) : VD_NONE;
    vd_known_id known = { 0 };

    if (id == VD_NONE || doc->nodes[id].kind != VD_NODE_STRING)
        return vd_fail_span(err, VD_ESYNTAX, doc->source, vd_doc_span(doc, node), "a finding of a baseline has an \"id\"");
    if (grounds != VD_NONE && doc->nodes[grounds].kind != VD_NODE_STRING)
        return vd_fail_span(err, VD_ESYNTAX, doc->source, vd_doc_span(doc, grounds), "the \"grounds\" of a finding are a text");
    if (!vd_arena_dup(&ids->arena, &known.id, vd_doc_text(doc, id)) ||
        (grounds != VD_NONE && !vd_arena_dup(&ids->arena, &known.grounds, vd_doc_text(doc, grounds))) ||
        !VD_ARENA_PUSH(&ids->arena, ids->at, ids->count, ids->cap, known))
        return vd_fail_nomem(err);
    return VD_OK;
}

static vd_code read_ids(vd_known_ids *ids, const vd_doc *doc, vd_error *err)
{
    uint32_t list = vd_doc_member(doc, 0, VD_S("findings"));

    if (doc->nodes[0].kind != VD_NODE_OBJECT || list == VD_NONE || doc->nodes[list].kind != VD_NODE_ARRAY)
        return vd_fail_span(err, VD_ESYNTAX, doc->source, vd_doc_span(doc, 0),
                            "a baseline is an object with \"findings\", as --write-baseline writes it");
    for (uint32_t c = vd_doc_first(doc, list); c != VD_NONE; c = vd_doc_next(doc, list, c))
        VD_TRY(read_one(ids, doc, c, err));
    return VD_OK;
}

bool vd_known_ids_read(vd_known_ids *ids, vd_cli *cli, const char *path)
{
    vd_arena  scratch = vd_arena_on(vd_allocator_default(), 0);
    vd_source source = { .name = vd_str_of(path) };
    vd_error  err = { .size = sizeof err };
    vd_limits limits;
    vd_doc    doc;
    vd_code   code = VD_OK;
    bool      read;

    *ids = (vd_known_ids){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_engine_limits(cli->engine, &limits);
    read = vd_read_text(cli, &scratch, &source.text, path);
    if (read)
        code = vd_doc_read(&doc, &scratch, &source, &limits, NULL, NULL, &err);
    if (read && code == VD_OK)
        code = read_ids(ids, &doc, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    vd_arena_done(&scratch);
    return read && code == VD_OK;
}

bool vd_known_ids_have(const vd_known_ids *ids, vd_str id)
{
    for (uint32_t i = 0; i < ids->count; i++)
        if (vd_str_eq(ids->at[i].id, id))
            return true;
    return false;
}

bool vd_known_ids_have_as(const vd_known_ids *ids, vd_str id, vd_str grounds)
{
    for (uint32_t i = 0; i < ids->count; i++)
        if (vd_str_eq(ids->at[i].id, id) && (ids->at[i].grounds.n == 0 || vd_str_eq(ids->at[i].grounds, grounds)))
            return true;
    return false;
}

void vd_known_ids_done(vd_known_ids *ids)
{
    vd_arena_done(&ids->arena);
    *ids = (vd_known_ids){ 0 };
}

bool vd_known_ids_save(vd_cli *cli, const char *path, vd_json *findings)
{
    vd_json *o = vd_json_object();
    vd_buf   out = vd_buf_on(vd_allocator_default(), 0);
    bool     ok;

    vd_part_set_version(o);
    vd_json_set(o, "findings", findings);
    ok = vd_part_finish(&out, o, true) == VD_OK;
    if (ok)
        ok = vd_cli_write(cli, path, vd_buf_str(&out));
    else
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_done(&out);
    return ok;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A change for programs: a JSON Patch (RFC 6902) of the policy document, each of its edits behind a test, and a policy that
 * grants again what was taken away.  Whoever attaches the latter has what there was, no more.
 */
#include "tighten/change_int.h"

#include "base/engine.h"
#include "base/str.h"
#include "policy/write.h"
#include "text/json_write.h"

bool vd_change_statement(vd_buf *out, vd_arena *scratch, const vd_policy *p, uint32_t index)
{
    vd_source source = { .name = p->name, .text = p->json };
    vd_doc    doc = { 0 };
    uint32_t  node;

    if (vd_json_read(&doc, scratch, &source, &p->engine->limits, NULL, NULL, NULL) != VD_OK)
        return false;
    node = vd_doc_member(&doc, 0, VD_S("Statement"));
    if (node != VD_NONE && doc.nodes[node].kind == VD_NODE_ARRAY)
        for (node = vd_doc_first(&doc, node); index && node != VD_NONE; index--)
            node = vd_doc_next(&doc, vd_doc_member(&doc, 0, VD_S("Statement")), node);
    if (node == VD_NONE)
        return false;
    vd_json_of_nodes(out, &doc, node);
    return !out->failed;
}

void vd_change_texts(vd_buf *out, const vd_texts *texts)
{
    if (texts->count != 1)
        vd_buf_byte(out, '[');
    for (uint32_t i = 0; i < texts->count; i++) {
        if (i)
            vd_buf_byte(out, ',');
        vd_json_of_string(out, texts->at[i].text);
    }
    if (texts->count != 1)
        vd_buf_byte(out, ']');
}

/* ------------------------------------------------------------------ the patch */

typedef struct patching {
    vd_arena              *arena;
    const vd_change_pairs *p;
    bool                   single; /* Statement is no list */
    vd_json               *ops;
} patching;

static void put_op(patching *x, const char *op, const char *path, vd_json *value)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "op", vd_json_string(vd_str_of(op)));
    vd_json_set(o, "path", vd_json_string(vd_str_of(path)));
    if (strcmp(op, "remove") != 0)
        vd_json_set(o, "value", value);
    vd_json_push(x->ops, o);
}

static vd_json *statement_value(patching *x, const vd_policy *p, uint32_t index)
{
    vd_buf   b = vd_buf_on(&x->arena->alloc, 0);
    vd_json *v = vd_change_statement(&b, x->arena, p, index) ? vd_json_raw(vd_buf_str(&b)) : NULL;

    vd_buf_done(&b);
    return v;
}

/* A member of the old statement as it stands there; NULL: it has none. */
static vd_json *member_value(patching *x, uint32_t index, vd_str name)
{
    vd_buf    b = vd_buf_on(&x->arena->alloc, 0), value = vd_buf_on(&x->arena->alloc, 0);
    vd_source source = { .name = x->p->old->name };
    vd_doc    doc = { 0 };
    vd_json  *v = NULL;
    uint32_t  node = VD_NONE;

    if (vd_change_statement(&b, x->arena, x->p->old, index)) {
        source.text = vd_buf_str(&b);
        if (vd_json_read(&doc, x->arena, &source, &x->p->old->engine->limits, NULL, NULL, NULL) == VD_OK)
            node = vd_doc_member(&doc, 0, name);
    }
    if (node != VD_NONE) {
        vd_json_of_nodes(&value, &doc, node);
        v = value.failed ? NULL : vd_json_raw(vd_buf_str(&value));
    }
    vd_buf_done(&value);
    vd_buf_done(&b);
    return v;
}

static vd_json *list_value(patching *x, const vd_texts *texts)
{
    vd_buf   b = vd_buf_on(&x->arena->alloc, 0);
    vd_json *v;

    vd_change_texts(&b, texts);
    v = b.failed ? NULL : vd_json_raw(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

static const char *path_of(patching *x, uint32_t statement, const char *member)
{
    vd_str path;
    bool   ok = x->single ? vd_arena_printf(x->arena, &path, "/Statement%s", member)
                          : vd_arena_printf(x->arena, &path, "/Statement/%u%s", (unsigned)statement, member);

    return ok ? path.p : "";
}

/* What stands there has to be what it was, else the patch is for something else and nothing of it may be applied. */
static void put_test(patching *x, uint32_t statement, const char *member)
{
    put_op(x, "test", path_of(x, statement, member),
           *member ? member_value(x, statement, vd_str_of(member + 1)) : statement_value(x, x->p->old, statement));
}

static bool same_list(vd_arena *arena, const vd_statement *a, const vd_statement *b, unsigned part, bool *same)
{
    vd_str one, other;

    if (!vd_change_key(arena, &one, a, part) || !vd_change_key(arena, &other, b, part))
        return false;
    *same = vd_str_eq(one, other);
    return true;
}

static bool patch_list(patching *x, uint32_t statement, const vd_list *old, const vd_list *now, const char *name,
                       const char *not_name, bool same)
{
    if (same)
        return true;
    put_test(x, statement, old->negated ? not_name : name);
    if (old->negated != now->negated) {
        put_op(x, "remove", path_of(x, statement, old->negated ? not_name : name), NULL);
        put_op(x, "add", path_of(x, statement, now->negated ? not_name : name), list_value(x, &now->texts));
    } else {
        put_op(x, "replace", path_of(x, statement, now->negated ? not_name : name), list_value(x, &now->texts));
    }
    return true;
}

static bool patch_statement(patching *x, uint32_t i)
{
    const vd_statement *old = &x->p->old->statements[i], *now = &x->p->now->statements[x->p->now_of[i]];
    bool                action, resource, sid;

    if (!same_list(x->arena, old, now, VD_KEY_ACTION, &action) || !same_list(x->arena, old, now, VD_KEY_RESOURCE, &resource) ||
        !same_list(x->arena, old, now, VD_KEY_SID, &sid))
        return false;
    if (x->p->whole[i] || old->action.present != now->action.present || old->resource.present != now->resource.present) {
        put_test(x, i, "");
        put_op(x, "replace", path_of(x, i, ""), statement_value(x, x->p->now, x->p->now_of[i]));
        return true;
    }
    if (!sid && old->has_sid)
        put_test(x, i, "/Sid");
    if (!sid && now->has_sid)
        put_op(x, old->has_sid ? "replace" : "add", path_of(x, i, "/Sid"), vd_json_string(now->sid.text));
    else if (!sid)
        put_op(x, "remove", path_of(x, i, "/Sid"), NULL);
    return patch_list(x, i, &old->action, &now->action, "/Action", "/NotAction", action) &&
           patch_list(x, i, &old->resource, &now->resource, "/Resource", "/NotResource", resource);
}

static void patch_version(patching *x)
{
    const vd_policy *old = x->p->old, *now = x->p->now;

    if (old->language == now->language || now->language == VD_LANGUAGE_NONE)
        return;
    if (old->language != VD_LANGUAGE_NONE)
        put_op(x, "test", "/Version", vd_json_string(old->language == VD_LANGUAGE_2012 ? VD_S("2012-10-17") : VD_S("2008-10-17")));
    put_op(x, old->language == VD_LANGUAGE_NONE ? "add" : "replace", "/Version",
           vd_json_string(now->language == VD_LANGUAGE_2012 ? VD_S("2012-10-17") : VD_S("2008-10-17")));
}

static bool patch_all(patching *x)
{
    const vd_change_pairs *p = x->p;
    vd_json               *all;

    patch_version(x);
    if (x->single && p->now->statement_count != 1) {
        all = vd_json_array();
        for (uint32_t i = 0; i < p->now->statement_count; i++)
            vd_json_push(all, statement_value(x, p->now, i));
        put_test(x, 0, "");
        put_op(x, "replace", "/Statement", all);
        return true;
    }
    for (uint32_t i = 0; i < p->old->statement_count; i++)
        if (p->now_of[i] != VD_NONE && !patch_statement(x, i))
            return false;
    for (uint32_t i = p->old->statement_count; i-- > 0;) /* numbers of those before stay */
        if (p->now_of[i] == VD_NONE) {
            put_test(x, i, "");
            put_op(x, "remove", path_of(x, i, ""), NULL);
        }
    for (uint32_t i = 0; i < p->now->statement_count; i++)
        if (p->old_of[i] == VD_NONE)
            put_op(x, "add", "/Statement/-", statement_value(x, p->now, i));
    return true;
}

static bool dump(vd_arena *arena, vd_str *out, vd_json *v)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);
    bool   ok = vd_json_dump(&b, v, 2) == VD_OK && !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));

    vd_buf_done(&b);
    return ok;
}

bool vd_change_patch(vd_arena *arena, vd_str *out, const vd_change_pairs *pairs, bool single)
{
    patching x = { .arena = arena, .p = pairs, .single = single, .ops = vd_json_array() };

    if (patch_all(&x))
        return dump(arena, out, x.ops);
    vd_json_drop(x.ops);
    return false;
}

/* ------------------------------------------------------------------ what was taken away */

static bool has_text(const vd_texts *texts, vd_str text)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (vd_str_eq(texts->at[i].text, text))
            return true;
    return false;
}

/* Elements of the old list that the new one does not have.  False: the new one is not a part of the old one. */
static bool taken_away(vd_arena *arena, const vd_list *old, const vd_list *now, vd_texts *out)
{
    *out = (vd_texts){ 0 };
    if (old->negated || now->negated || !old->present || !now->present)
        return false;
    for (uint32_t i = 0; i < now->texts.count; i++)
        if (!has_text(&old->texts, now->texts.at[i].text))
            return false;
    for (uint32_t i = 0; i < old->texts.count; i++)
        if (!has_text(&now->texts, old->texts.at[i].text) &&
            !VD_ARENA_PUSH(arena, out->at, out->count, out->cap, old->texts.at[i]))
            return false;
    return out->count > 0;
}

/* All of the statement, when not just one of its lists became shorter. */
static bool restore_statement(patching *x, vd_json *all, uint32_t i)
{
    const vd_statement *old = &x->p->old->statements[i], *now;
    vd_json            *v = statement_value(x, x->p->old, i);
    vd_texts            gone;
    bool                action, resource;

    if (x->p->now_of[i] != VD_NONE && !x->p->whole[i]) {
        now = &x->p->now->statements[x->p->now_of[i]];
        if (!same_list(x->arena, old, now, VD_KEY_ACTION, &action) || !same_list(x->arena, old, now, VD_KEY_RESOURCE, &resource)) {
            vd_json_drop(v);
            return false;
        }
        if (action && resource) {
            vd_json_drop(v);
            return true;
        }
        if (resource && taken_away(x->arena, &old->action, &now->action, &gone))
            vd_json_set(v, "Action", list_value(x, &gone));
        else if (action && taken_away(x->arena, &old->resource, &now->resource, &gone))
            vd_json_set(v, "Resource", list_value(x, &gone));
    }
    vd_json_push(all, v);
    x->ops = all; /* something was */
    return true;
}

bool vd_change_restore(vd_arena *arena, vd_str *out, const vd_change_pairs *pairs)
{
    patching x = { .arena = arena, .p = pairs };
    vd_json *document = vd_json_object(), *all = vd_json_array();
    bool     ok = true;

    *out = VD_S("");
    for (uint32_t i = 0; ok && i < pairs->old->statement_count; i++)
        if (pairs->old->statements[i].effect == VD_EFFECT_ALLOW)
            ok = restore_statement(&x, all, i);
    if (pairs->old->language != VD_LANGUAGE_NONE)
        vd_json_set(document, "Version",
                    vd_json_string(pairs->old->language == VD_LANGUAGE_2012 ? VD_S("2012-10-17") : VD_S("2008-10-17")));
    vd_json_set(document, "Statement", all);
    if (ok && x.ops)
        return dump(arena, out, document);
    vd_json_drop(document);
    return ok;
}

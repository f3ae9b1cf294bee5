/* SPDX-License-Identifier: Apache-2.0
 *
 * The policies of a scenario: a path, a bare document, or {"name", "document"}; for SCPs and RCPs in levels.  Each is
 * parsed once for a suite and each combination of them compiled once, since a suite asks many questions of the same
 * policies.  A document that no evaluation can use is kept as its error: it concerns the cases that need it, not the
 * file.
 */
#include "scenario/suite.h"

#include "base/str.h"
#include "policy/policy.h"

const vd_str vd_slot_names[VD_SLOT_COUNT] = {
    [VD_SLOT_IDENTITY] = VD_L("identity"), [VD_SLOT_BOUNDARY] = VD_L("boundary"),
    [VD_SLOT_SESSION] = VD_L("session"),   [VD_SLOT_RESOURCE] = VD_L("resource"),
    [VD_SLOT_ACCESS_POINT] = VD_L("accessPoint"), [VD_SLOT_SCP] = VD_L("scp"),
    [VD_SLOT_RCP] = VD_L("rcp"),           [VD_SLOT_ENDPOINT] = VD_L("endpoint"),
};

static const struct slot_row {
    vd_kind  kind;
    vd_layer layer;
    bool     levels;
} slot_rows[VD_SLOT_COUNT] = {
    [VD_SLOT_IDENTITY] = { VD_KIND_IDENTITY, VD_LAYER_IDENTITY, false },
    [VD_SLOT_BOUNDARY] = { VD_KIND_BOUNDARY, VD_LAYER_BOUNDARY, false },
    [VD_SLOT_SESSION] = { VD_KIND_SESSION, VD_LAYER_SESSION, false },
    [VD_SLOT_RESOURCE] = { VD_KIND_RESOURCE, VD_LAYER_RESOURCE, false },
    [VD_SLOT_ACCESS_POINT] = { VD_KIND_RESOURCE, VD_LAYER_ACCESS_POINT, false },
    [VD_SLOT_SCP] = { VD_KIND_SCP, VD_LAYER_SCP, true },
    [VD_SLOT_RCP] = { VD_KIND_RCP, VD_LAYER_RCP, true },
    [VD_SLOT_ENDPOINT] = { VD_KIND_ENDPOINT, VD_LAYER_ENDPOINT, false },
};

/* ------------------------------------------------------------------ one document */

/* Where the text of a policy comes from while it is parsed. */
typedef struct origin {
    vd_str        name;
    vd_str        text; /* of a file */
    const vd_doc *doc;  /* or a node */
    uint32_t      node;
} origin;

static vd_code parse_as(vd_policy **out, vd_suite *s, vd_kind kind, const origin *from, vd_diags *notes,
                        vd_error *err)
{
    if (from->doc)
        return vd_policy_read(out, s->engine, kind, from->name, from->doc, from->node, notes, err);
    return vd_policy_parse(out, s->engine, kind, from->name, from->text, notes, err);
}

static vd_code parse(vd_policy **out, vd_suite *s, vd_kind kind, const origin *from, vd_error *err)
{
    vd_policy *p;

    if (kind != VD_KIND_RESOURCE)
        return parse_as(out, s, kind, from, s->notes, err);
    VD_TRY(parse_as(&p, s, kind, from, NULL, err));
    if (!s->notes && !vd_policy_looks_like_trust(p)) {
        *out = p;
        return VD_OK;
    }
    kind = vd_policy_looks_like_trust(p) ? VD_KIND_TRUST : kind;
    vd_policy_release(p);
    return parse_as(out, s, kind, from, s->notes, err);
}

/* Takes in what parsing gave.  Only faults of the document itself are kept as its error. */
static vd_code keep(vd_suite *s, uint32_t id, uint32_t node, vd_code code, vd_policy *policy, const vd_error *why,
                    vd_error *err)
{
    vd_loaded *l = &s->loaded.at[id];

    if (code == VD_OK) {
        l->policy = policy;
        return VD_OK;
    }
    if (code != VD_ESYNTAX && code != VD_EMALFORMED && code != VD_EINVAL) {
        vd_suite_fail(s, node, err, "%s", why->text);
        if (err)
            err->code = code;
        return code;
    }
    l->error = vd_arena_new(&s->arena, vd_error);
    if (!l->error || !vd_arena_dup(&s->arena, &l->error->at.file, why->at.file))
        return vd_fail_nomem(err);
    *l->error = (vd_error){ .size = sizeof *why, .code = VD_EMALFORMED, .at = { .file = l->error->at.file } };
    l->error->at.offset = why->at.offset;
    l->error->at.length = why->at.length;
    l->error->at.line = why->at.line;
    l->error->at.column = why->at.column;
    memcpy(l->error->text, why->text, sizeof why->text);
    memcpy(l->error->hint, why->hint, sizeof why->hint);
    return VD_OK;
}

static vd_code load_node(vd_suite *s, uint32_t id, uint32_t at, vd_kind kind, vd_str name, const vd_doc *doc,
                         uint32_t node, vd_error *err)
{
    origin     from = { .name = name, .doc = doc, .node = node };
    vd_policy *policy = NULL;
    vd_error   why = { .size = sizeof why };
    vd_code    code = parse(&policy, s, kind, &from, &why);

    return keep(s, id, at, code, policy, &why, err);
}

/* A document inside a string: its own JSON text, whose positions lead back to this file. */
static vd_code load_string(vd_suite *s, uint32_t id, vd_kind kind, vd_str name, uint32_t node, vd_error *err)
{
    vd_source *inner;
    vd_doc    *doc = vd_arena_new(&s->arena, vd_doc);
    uint32_t   duplicates = 0;
    vd_error   why = { .size = sizeof why };
    vd_code    code;

    if (!doc)
        return vd_fail_nomem(err);
    VD_TRY(vd_doc_inner(&inner, &s->arena, &s->doc, node, err));
    code = vd_json_read(doc, &s->arena, inner, &s->engine->limits, s->notes, &duplicates, &why);
    if (code == VD_OK && duplicates > 0)
        code = VD_ESYNTAX;
    if (code != VD_OK)
        return keep(s, id, node, code, NULL, &why, err);
    return load_node(s, id, node, kind, name, doc, 0, err);
}

/* Paths are relative to the scenario file. */
static vd_code join(vd_suite *s, vd_str *out, vd_str path, vd_error *err)
{
    vd_str folder = vd_str_first(s->source.name, 0);
    size_t slash = vd_str_rfind(s->source.name, '/');

    if (slash < s->source.name.n && !vd_str_starts(path, VD_S("/")))
        folder = vd_str_first(s->source.name, slash + 1);
    while (vd_str_starts(path, VD_S("./")))
        path = vd_str_from(path, 2);
    return vd_arena_printf(&s->arena, out, "%.*s%.*s", (int)folder.n, folder.p ? folder.p : "", (int)path.n, path.p)
               ? VD_OK
               : vd_fail_nomem(err);
}

/* a/./b/../c is called a/c, wherever it was referred to from.  Only the name: symbolic links may mean another file. */
static vd_code tidy(vd_suite *s, vd_str *out, vd_str path, vd_error *err)
{
    size_t n = vd_str_starts(path, VD_S("/")) ? 1 : 0, root = n;
    vd_str rest = vd_str_from(path, n), part;
    char  *p;

    if (!vd_arena_dup(&s->arena, out, path))
        return vd_fail_nomem(err);
    p = (char *)(uintptr_t)out->p; /* just made */
    while (rest.n) {
        if (!vd_str_cut(&rest, '/', &part)) {
            part = rest;
            rest.n = 0;
        }
        if (part.n == 0 || vd_str_eq(part, VD_S(".")) || (root && n == root && vd_str_eq(part, VD_S(".."))))
            continue;
        if (vd_str_eq(part, VD_S("..")) && n > root) {
            size_t last = n - 1;

            while (last > root && p[last - 1] != '/')
                last--;
            if (!vd_str_eq((vd_str){ p + last, n - 1 - last }, VD_S(".."))) {
                n = last;
                continue;
            }
        }
        memcpy(p + n, part.p, part.n);
        n += part.n;
        p[n++] = '/';
    }
    out->n = n > root ? n - 1 : n;
    return VD_OK;
}

static vd_code load_file(vd_suite *s, uint32_t id, vd_kind kind, vd_str path, uint32_t node, vd_error *err)
{
    origin     from = { .name = path };
    vd_policy *policy = NULL;
    vd_error   why = { .size = sizeof why };
    vd_code    code;

    if (!s->opts->read)
        return vd_suite_fail(s, node, err, "a policy cannot be named by a path here");
    VD_TRY(tidy(s, &from.name, path, err));
    code = s->opts->read(s->opts->user, path.p, &from.text, &why);
    if (code != VD_OK) {
        vd_suite_fail(s, node, err, "policy \"" VD_F "\": %s", VD_A(vd_doc_text(&s->doc, node)),
                      why.text[0] ? why.text : "cannot be read");
        if (err)
            err->code = code;
        return code;
    }
    why = (vd_error){ .size = sizeof why };
    code = parse(&policy, s, kind, &from, &why);
    if (s->opts->done)
        s->opts->done(s->opts->user, from.text);
    return keep(s, id, node, code, policy, &why, err);
}

/* ------------------------------------------------------------------ references */

enum { LONGEST_PATH = 4096 };

/* One reference: which of the loaded policies it is.  place is what a document without a name is called. */
static vd_code refer(vd_suite *s, vd_kind kind, uint32_t node, vd_str place, uint32_t *id, vd_error *err)
{
    static const vd_str names[] = { VD_L("name"), VD_L("document") };
    const vd_node      *n = &s->doc.nodes[node];
    vd_str              path = { 0 }, key, name = place;
    uint32_t            at[VD_COUNT(names)], document = node;
    vd_loaded           none = { 0 };

    if (n->kind == VD_NODE_STRING) {
        path = vd_doc_text(&s->doc, node);
        if (path.n == 0 || path.n > LONGEST_PATH || memchr(path.p, 0, path.n))
            return vd_suite_fail(s, node, err, "a policy must be a path or a document");
        VD_TRY(join(s, &path, path, err));
    } else if (n->kind != VD_NODE_OBJECT) {
        return vd_suite_fail(s, node, err, "a policy must be a path or a document, found %s",
                             vd_doc_kind_name(&s->doc, node));
    } else if (vd_doc_member(&s->doc, node, VD_S("document")) != VD_NONE ||
               (vd_doc_member(&s->doc, node, VD_S("name")) != VD_NONE &&
                vd_doc_member(&s->doc, node, VD_S("Statement")) == VD_NONE)) {
        VD_TRY(vd_doc_members(&s->doc, node, VD_S("a policy"), names, VD_COUNT(names), at, err));
        document = at[1];
        if (document == VD_NONE)
            return vd_suite_fail(s, node, err, "a policy needs a \"document\"");
        if (at[0] != VD_NONE) {
            if (s->doc.nodes[at[0]].kind != VD_NODE_STRING)
                return vd_suite_fail(s, at[0], err, "\"name\" must be a string, found %s",
                                     vd_doc_kind_name(&s->doc, at[0]));
            name = vd_doc_text(&s->doc, at[0]);
        }
    }
    if (!(path.n ? vd_arena_printf(&s->arena, &key, "%d/%.*s", (int)kind, (int)path.n, path.p)
                 : vd_arena_printf(&s->arena, &key, "%d#%u", (int)kind, (unsigned)document)))
        return vd_fail_nomem(err);
    *id = vd_intern_find(&s->references, key);
    if (*id != VD_NONE)
        return VD_OK;
    if (!VD_PUSH(&s->engine->alloc, &s->loaded, none) ||
        !vd_intern_add(&s->references, &s->engine->alloc, key, id))
        return vd_fail_nomem(err);
    if (path.n)
        return load_file(s, *id, kind, path, node, err);
    if (s->doc.nodes[document].kind == VD_NODE_STRING)
        return load_string(s, *id, kind, name, document, err);
    return load_node(s, *id, document, kind, name, &s->doc, document, err);
}

/* ------------------------------------------------------------------ sets */

typedef struct making {
    vd_suite       *s;
    vd_builder     *builder;
    const vd_error *unusable; /* the first policy that cannot be used */
} making;

static vd_code attach(making *m, vd_slot slot, uint32_t node, const vd_attach *where, vd_str place, vd_error *err)
{
    uint32_t         id;
    const vd_loaded *l;

    VD_TRY(refer(m->s, slot_rows[slot].kind, node, place, &id, err));
    l = &m->s->loaded.at[id];
    if (!l->policy) {
        m->unusable = m->unusable ? m->unusable : l->error;
        return VD_OK;
    }
    return vd_builder_add(m->builder, l->policy, where, err);
}

/* One reference or an array of them.  prefix names the place: "identity", "scp[0]". */
static vd_code attach_all(making *m, vd_slot slot, uint32_t node, const vd_attach *where, vd_str prefix, vd_error *err)
{
    const vd_doc *d = &m->s->doc;
    uint32_t      i = 0;
    vd_str        place;

    if (d->nodes[node].kind != VD_NODE_ARRAY)
        return attach(m, slot, node, where, prefix, err);
    for (uint32_t c = vd_doc_first(d, node); c != VD_NONE; c = vd_doc_next(d, node, c), i++) {
        if (!vd_arena_printf(&m->s->arena, &place, "%.*s[%u]", (int)prefix.n, prefix.p, (unsigned)i))
            return vd_fail_nomem(err);
        VD_TRY(attach(m, slot, c, where, place, err));
    }
    return VD_OK;
}

static vd_code attach_level(making *m, vd_slot slot, uint32_t node, uint32_t level, vd_error *err)
{
    static const vd_str names[] = { VD_L("target"), VD_L("policies") };
    vd_suite           *s = m->s;
    vd_attach           where = { .size = sizeof where, .layer = slot_rows[slot].layer, .level = level };
    uint32_t            at[VD_COUNT(names)];
    vd_str              place;

    if (s->doc.nodes[node].kind != VD_NODE_OBJECT)
        return vd_suite_fail(s, node, err, "a level must be an object with \"target\" and \"policies\", found %s",
                             vd_doc_kind_name(&s->doc, node));
    VD_TRY(vd_doc_members(&s->doc, node, VD_S("a level"), names, VD_COUNT(names), at, err));
    if (at[1] == VD_NONE)
        return vd_suite_fail(s, node, err, "a level needs \"policies\"");
    if (at[0] != VD_NONE) {
        if (s->doc.nodes[at[0]].kind != VD_NODE_STRING)
            return vd_suite_fail(s, at[0], err, "\"target\" must be a string, found %s",
                                 vd_doc_kind_name(&s->doc, at[0]));
        where.target = vd_doc_text(&s->doc, at[0]);
    }
    if (!vd_arena_printf(&s->arena, &place, "%.*s[%u]", (int)vd_slot_names[slot].n, vd_slot_names[slot].p,
                         (unsigned)level))
        return vd_fail_nomem(err);
    VD_TRY(vd_builder_level(m->builder, &where, err)); /* E706: it exists, with documents or without */
    return attach_all(m, slot, at[1], &where, place, err);
}

static vd_code attach_slot(making *m, vd_slot slot, uint32_t node, vd_error *err)
{
    const vd_doc *d = &m->s->doc;
    vd_attach     where = { .size = sizeof where, .layer = slot_rows[slot].layer };
    uint32_t      level = 0;

    if (!slot_rows[slot].levels)
        return attach_all(m, slot, node, &where, vd_slot_names[slot], err);
    if (d->nodes[node].kind != VD_NODE_ARRAY)
        return vd_suite_fail(m->s, node, err, "\"" VD_F "\" must be an array of levels, found %s",
                             VD_A(vd_slot_names[slot]), vd_doc_kind_name(d, node));
    for (uint32_t c = vd_doc_first(d, node); c != VD_NONE; c = vd_doc_next(d, node, c))
        VD_TRY(attach_level(m, slot, c, level++, err));
    return VD_OK;
}

static vd_code make(vd_suite *s, vd_case_set *c, vd_error *err)
{
    making  m = { .s = s };
    vd_code code;

    VD_TRY(vd_builder_new(&m.builder, s->engine, err));
    code = VD_OK;
    for (int slot = 0; code == VD_OK && slot < VD_SLOT_COUNT; slot++)
        if (c->slots[slot] != VD_NONE)
            code = attach_slot(&m, (vd_slot)slot, c->slots[slot], err);
    c->error = m.unusable;
    if (code == VD_OK && !m.unusable)
        code = vd_builder_compile(&c->set, m.builder, &(vd_compile_opts){ .size = sizeof(vd_compile_opts) }, err);
    vd_builder_free(m.builder);
    return code;
}

static bool same_slots(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_suite *s = ctx;

    return memcmp(s->sets.at[value].slots, wanted, sizeof s->sets.at[value].slots) == 0;
}

vd_code vd_suite_compile(vd_suite *s, const uint32_t slots[VD_SLOT_COUNT], uint32_t *set, vd_error *err)
{
    vd_case_set c = { .set = NULL };
    uint64_t    hash = vd_hash(s->engine->hash_seed, (vd_str){ (const char *)slots, sizeof c.slots });

    *set = vd_map_find(&s->set_map, hash, same_slots, s, slots);
    if (*set != VD_NONE)
        return VD_OK;
    memcpy(c.slots, slots, sizeof c.slots);
    if (!VD_PUSH(&s->engine->alloc, &s->sets, c))
        return vd_fail_nomem(err);
    *set = s->sets.count - 1;
    if (!vd_map_add(&s->set_map, &s->engine->alloc, hash, *set))
        return vd_fail_nomem(err);
    return make(s, &s->sets.at[*set], err);
}

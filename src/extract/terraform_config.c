/* SPDX-License-Identifier: Apache-2.0
 *
 * What the configuration in a plan says about values that are not known yet: not their expressions, only what these refer
 * to.  A reference is followed through variables and outputs of modules as long as there is no other one beside it.
 */
#include "base/buf.h"
#include "base/str.h"
#include "extract/terraform.h"

enum { MOST_STEPS = 16, MOST_REFERENCES = 64, MOST_WORDS = 5 };

/* ------------------------------------------------------------------ the tree, by address */

static bool begins(vd_str s, const char *word)
{
    return vd_str_starts(s, vd_str_of(word));
}

/* Without the indexes of modules and instances: "module.a.aws_iam_role.b". */
static bool plain_address(vd_arena *arena, vd_str address, vd_str *out)
{
    char  *p = vd_arena_alloc(arena, address.n + 1, 1);
    size_t n = 0;
    bool   quoted = false;

    if (!p)
        return false;
    for (size_t i = 0, depth = 0; i < address.n; i++) {
        char c = address.p[i];

        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '[')
            depth++;
        else if (!quoted && c == ']' && depth)
            depth--;
        else if (!depth && !quoted)
            p[n++] = c;
    }
    *out = (vd_str){ p, n };
    return true;
}

static vd_code add_node(vd_tf *tf, vd_str address, uint32_t node)
{
    const vd_allocator *a = &tf->arena->alloc;
    uint32_t            id, before = tf->config.strings.count;

    if (!vd_intern_add(&tf->config, a, address, &id) || (id == before && !VD_PUSH(a, &tf->config_nodes, node)))
        return vd_fail_nomem(tf->in->err);
    return VD_OK;
}

static uint32_t find_node(const vd_tf *tf, vd_str address)
{
    uint32_t id = vd_intern_find(&tf->config, address);

    return id == VD_NONE ? VD_NONE : tf->config_nodes.at[id];
}

typedef struct module {
    uint32_t node; /* with "resources" and "module_calls" */
    vd_str   prefix, folder;
    bool     local; /* the folder is known */
} module;

/* folder with a path behind it, "a/b" and "../c": "a/c". */
static bool join_folder(vd_arena *arena, vd_str folder, vd_str path, vd_str *out)
{
    char  *p = vd_arena_alloc(arena, folder.n + path.n + 2, 1);
    size_t n = folder.n;
    bool   more = true;

    if (!p)
        return false;
    if (n)
        memcpy(p, folder.p, n);
    while (more) {
        vd_str step, kept = { p, n };
        size_t slash = vd_str_rfind(kept, '/'), last = slash < n ? slash + 1 : 0;

        more = vd_str_cut(&path, '/', &step);
        if (!more)
            step = path;
        if (!step.n || vd_str_eq(step, VD_S(".")))
            continue;
        if (vd_str_eq(step, VD_S("..")) && n && !vd_str_eq(vd_str_from(kept, last), VD_S(".."))) {
            n = last ? last - 1 : 0;
            continue;
        }
        if (n)
            p[n++] = '/';
        memcpy(p + n, step.p, step.n);
        n += step.n;
    }
    *out = (vd_str){ p, n };
    return true;
}

/* Modules of a registry lie elsewhere. */
static bool set_folder(vd_tf *tf, const module *around, uint32_t call, module *m)
{
    vd_extraction   *x = tf->in->x;
    vd_str           source = vd_extract_member(tf->doc, call, "source");
    vd_module_folder f = { .address = m->prefix };

    m->local = around->local && (begins(source, "./") || begins(source, "../")) && source.n < 1024;
    if (!m->local)
        return true;
    if (!join_folder(tf->arena, around->folder, source, &m->folder))
        return false;
    f.folder = m->folder;
    return VD_ARENA_PUSH(&x->arena, x->modules, x->module_count, x->module_cap, f);
}

static vd_code add_resources(vd_tf *tf, const module *m)
{
    const vd_doc *d = tf->doc;
    uint32_t      list = vd_extract_nearby(d, m->node, VD_S("resources"));

    if (!vd_extract_is(d, list, VD_NODE_ARRAY))
        return VD_OK;
    for (uint32_t c = vd_doc_first(d, list); c != VD_NONE; c = vd_doc_next(d, list, c)) {
        vd_str address = vd_extract_member(d, c, "address"), whole;

        if (!address.n)
            continue;
        if (!vd_arena_printf(tf->arena, &whole, VD_F VD_F, VD_A(m->prefix), VD_A(address)))
            return vd_fail_nomem(tf->in->err);
        VD_TRY(add_node(tf, whole, c));
    }
    return VD_OK;
}

/* The calls of a module are known by "module.a", what they call is read like the root. */
vd_code vd_tf_read_config(vd_tf *tf)
{
    const vd_doc       *d = tf->doc;
    const vd_allocator *a = &tf->arena->alloc;
    uint32_t            root = vd_extract_at(d, 0, "configuration.root_module");
    VD_VEC(module) modules = { 0 };
    vd_code code = VD_OK;

    if (vd_extract_is(d, root, VD_NODE_OBJECT) && !VD_PUSH(a, &modules, (module){ root, VD_S(""), VD_S(""), true }))
        code = vd_fail_nomem(tf->in->err);
    for (uint32_t i = 0; code == VD_OK && i < modules.count; i++) {
        const module m = modules.at[i];
        uint32_t     calls = vd_extract_nearby(d, m.node, VD_S("module_calls"));

        code = add_resources(tf, &m);
        if (!vd_extract_is(d, calls, VD_NODE_OBJECT))
            continue;
        for (uint32_t c = vd_doc_first(d, calls); code == VD_OK && c != VD_NONE; c = vd_doc_next(d, calls, c)) {
            module inner = { .node = vd_extract_nearby(d, c + 1, VD_S("module")), .folder = VD_S("") };

            if (!vd_extract_is(d, inner.node, VD_NODE_OBJECT))
                continue;
            if (!vd_arena_printf(tf->arena, &inner.prefix, VD_F "module." VD_F ".", VD_A(m.prefix),
                                 VD_A(vd_doc_text(d, c))) ||
                !set_folder(tf, &m, c + 1, &inner) || !VD_PUSH(a, &modules, inner))
                code = vd_fail_nomem(tf->in->err);
            else
                code = add_node(tf, inner.prefix, c + 1);
        }
    }
    VD_VEC_DONE(a, &modules);
    return code;
}

/* ------------------------------------------------------------------ references */

uint32_t vd_tf_references_at(const vd_doc *d, uint32_t expressions, vd_str attribute)
{
    uint32_t node = vd_extract_nearby(d, expressions, attribute);

    node = vd_extract_nearby(d, node, VD_S("references"));
    return vd_extract_is(d, node, VD_NODE_ARRAY) ? node : VD_NONE;
}

uint32_t vd_tf_expressions(vd_tf *tf, const vd_tf_instance *i)
{
    vd_str   address;
    uint32_t node = plain_address(tf->arena, i->address, &address) ? find_node(tf, address) : VD_NONE;

    return vd_extract_nearby(tf->doc, node, VD_S("expressions"));
}

uint32_t vd_tf_references(vd_tf *tf, const vd_tf_instance *i, vd_str attribute, uint32_t index, vd_str inner)
{
    uint32_t expressions = vd_tf_expressions(tf, i);

    if (!inner.n)
        return vd_tf_references_at(tf->doc, expressions, attribute);
    expressions = vd_extract_nth(tf->doc, vd_extract_nearby(tf->doc, expressions, attribute), index);
    return vd_tf_references_at(tf->doc, expressions, inner);
}

/* What tells instances of one resource apart is no other source of a value. */
static bool is_loop(vd_str s)
{
    return begins(s, "each.key") || begins(s, "count.index") || begins(s, "path.") || begins(s, "terraform.");
}

/* "a.b" of "a.b.c" and "a.b[0]". */
static bool is_beginning(vd_str part, vd_str whole)
{
    return part.n < whole.n && vd_str_starts(whole, part) && (whole.p[part.n] == '.' || whole.p[part.n] == '[');
}

/* Terraform lists a.b.arn as "a.b.arn", "a.b"; only the first says what is meant. */
static bool is_whole(const vd_doc *d, uint32_t list, uint32_t node)
{
    vd_str   s = vd_extract_string(d, node);
    uint32_t seen = 0;

    if (!s.n || is_loop(s))
        return false;
    for (uint32_t c = vd_doc_first(d, list); c != VD_NONE && seen < MOST_REFERENCES; c = vd_doc_next(d, list, c), seen++)
        if (c != node && (is_beginning(s, vd_extract_string(d, c)) || (c < node && vd_str_eq(s, vd_extract_string(d, c)))))
            return false;
    return true;
}

vd_str vd_tf_reference(const vd_tf *tf, uint32_t references, uint32_t n, uint32_t *count)
{
    const vd_doc *d = tf->doc;
    vd_str        found = VD_S("");
    uint32_t      seen = 0;

    *count = 0;
    if (references == VD_NONE)
        return found;
    for (uint32_t c = vd_doc_first(d, references); c != VD_NONE && seen < MOST_REFERENCES; seen++) {
        if (is_whole(d, references, c) && (*count)++ == n)
            found = vd_extract_string(d, c);
        c = vd_doc_next(d, references, c);
    }
    return found;
}

bool vd_tf_words(vd_tf *tf, uint32_t references, vd_str *out)
{
    uint32_t count = 1;

    *out = VD_S("");
    for (uint32_t n = 0; n < count && n < MOST_WORDS; n++) {
        vd_str s = vd_tf_reference(tf, references, n, &count);

        if (s.n && !vd_arena_printf(tf->arena, out, VD_F "%s" VD_F, VD_A(*out), out->n ? ", " : "",
                                    VD_A(vd_str_first(s, 200))))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ ARNs */

/* "a.b.c.d" cut behind the n-th name; an index belongs to the name before it. */
static vd_str names(vd_str s, uint32_t n)
{
    bool quoted = false, inside = false;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            quoted = !quoted;
        else if (!quoted && (s.p[i] == '[' || s.p[i] == ']'))
            inside = s.p[i] == '[';
        else if (!quoted && !inside && s.p[i] == '.' && --n == 0)
            return vd_str_first(s, i);
    }
    return s;
}

/* Of what form the attribute is that a reference names; empty: nobody knows. */
static vd_str arn_pattern(const vd_tf *tf, vd_str reference)
{
    vd_str type = names(reference, 1), attribute = reference;
    vd_run rows;

    while (vd_str_find(attribute, '.') < attribute.n)
        attribute = vd_str_from(attribute, vd_str_find(attribute, '.') + 1);
    rows = vd_sheet_find(tf->arns, type);
    for (uint32_t r = rows.first; r < rows.first + rows.count; r++)
        if (vd_str_eq(vd_sheet_cell(tf->arns, r, 1), attribute))
            return vd_sheet_cell(tf->arns, r, 2);
    return VD_S("");
}

bool vd_tf_hole(vd_tf *tf, uint32_t references, vd_hole *out)
{
    uint32_t count;
    vd_str   only = vd_tf_reference(tf, references, 0, &count);

    *out = (vd_hole){ .kind = VD_HOLE_ANY, .pattern = VD_S(""), .value = VD_S("") };
    if (count == 1)
        out->pattern = arn_pattern(tf, only);
    if (out->pattern.n)
        out->kind = VD_HOLE_ARN;
    return vd_tf_words(tf, references, &out->name);
}

/* ------------------------------------------------------------------ following them */

typedef struct place {
    vd_str   scope; /* "module.a[0]." */
    vd_str   key;   /* of the instance that asks: "[0]" */
    uint32_t references;
} place;

/* The one reference; empty: there are several, or none. */
static vd_str only_reference(const vd_tf *tf, uint32_t references)
{
    uint32_t count;
    vd_str   s = vd_tf_reference(tf, references, 0, &count);

    return count == 1 ? s : VD_S("");
}

static bool has_loop(const vd_doc *d, uint32_t references)
{
    for (uint32_t c = vd_doc_first(d, references); c != VD_NONE; c = vd_doc_next(d, references, c)) {
        vd_str s = vd_extract_string(d, c);

        if (begins(s, "each.key") || begins(s, "count.index"))
            return true;
    }
    return false;
}

/* An instance by scope and name: with the index that is written, else that of the asking one, when it may be meant. */
static uint32_t find_instance(vd_tf *tf, const place *at, vd_str name)
{
    bool     loop = has_loop(tf->doc, at->references);
    uint32_t found = VD_NONE;
    vd_str   address;

    if (loop && vd_arena_printf(tf->arena, &address, VD_F VD_F VD_F, VD_A(at->scope), VD_A(name), VD_A(at->key)))
        found = vd_tf_find(tf, address);
    if (found == VD_NONE && vd_arena_printf(tf->arena, &address, VD_F VD_F, VD_A(at->scope), VD_A(name)))
        found = vd_tf_find(tf, address);
    return found;
}

/* To the value that an output of a module has, seen from outside: "module.docs[0].json". */
static bool into_module(vd_tf *tf, place *at, vd_str reference)
{
    vd_str   call = names(reference, 2), output = vd_str_from(names(reference, 3), call.n + 1), plain;
    uint32_t node;

    if (!vd_arena_printf(tf->arena, &at->scope, VD_F VD_F ".", VD_A(at->scope), VD_A(call)) ||
        !plain_address(tf->arena, at->scope, &plain))
        return false;
    node = find_node(tf, plain);
    if (node == VD_NONE)
        return false;
    node = vd_extract_nearby(tf->doc, vd_extract_nearby(tf->doc, node, VD_S("module")), VD_S("outputs"));
    node = node == VD_NONE ? VD_NONE : vd_doc_member(tf->doc, node, output);
    at->references = node == VD_NONE ? VD_NONE : vd_tf_references_at(tf->doc, node, VD_S("expression"));
    at->key = VD_S("");
    return at->references != VD_NONE;
}

/* The scope around: "module.a[0]." of "module.a[0].module.b.". */
static vd_str outer_scope(vd_str scope)
{
    size_t last = 0, at = 0;
    vd_str rest = scope;

    while (begins(rest, "module.")) {
        vd_str one = names(rest, 2);

        last = at;
        at += one.n + 1;
        rest = vd_str_from(scope, at);
    }
    return vd_str_first(scope, last);
}

/* To what a variable is given by the call of its module. */
static bool out_of_module(vd_tf *tf, place *at, vd_str reference)
{
    vd_str   variable = vd_str_from(names(reference, 2), strlen("var.")), plain;
    uint32_t node;

    if (!at->scope.n || !plain_address(tf->arena, at->scope, &plain))
        return false;
    node = find_node(tf, plain);
    if (node == VD_NONE)
        return false;
    at->references = vd_tf_references_at(tf->doc, vd_extract_nearby(tf->doc, node, VD_S("expressions")), variable);
    at->scope = outer_scope(at->scope);
    at->key = VD_S("");
    return at->references != VD_NONE;
}

uint32_t vd_tf_resolve(vd_tf *tf, const vd_tf_instance *i, uint32_t references, vd_str type)
{
    place at = { .scope = i->scope, .key = i->key, .references = references };

    for (uint32_t step = 0; step < MOST_STEPS && at.references != VD_NONE; step++) {
        vd_str   reference = only_reference(tf, at.references);
        bool     data = begins(reference, "data.");
        uint32_t found;

        if (begins(reference, "module.") ? into_module(tf, &at, reference)
                                         : begins(reference, "var.") && out_of_module(tf, &at, reference))
            continue;
        found = find_instance(tf, &at, names(reference, data ? 3 : 2));
        return found != VD_NONE && vd_str_eq(tf->instances.at[found].type, type) ? found : VD_NONE;
    }
    return VD_NONE;
}

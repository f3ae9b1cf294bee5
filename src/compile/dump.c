/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree for people: what is filed under which action, what is left to test, as an indented text or for Graphviz.
 * Printed from the block, not from the models, so that it shows what decides.
 */
#include "base/buf.h"
#include "base/str.h"
#include "eval/set_int.h"
#include "operator/operator.h"
#include "pattern/glob.h"
#include "pattern/value.h"

typedef struct dump {
    const vd_set   *set;
    const vd_image *m;
    vd_buf          line;
    vd_write       *write;
    void           *user;
    bool            dot, stopped;
    uint32_t        next; /* numbers of Graphviz nodes */
} dump;

static vd_str text(const dump *d, uint32_t off, uint32_t len)
{
    return vd_image_text(d->m, (vd_itext){ off, len });
}

/* Coded wildcards as people write them; quotes and backslashes as Graphviz wants them. */
static void add(dump *d, vd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == VD_STAR || c == VD_STAR_IN)
            c = '*';
        else if (c == VD_ANY || c == VD_ANY_IN)
            c = '?';
        else if ((unsigned char)c < 0x20 || (unsigned char)c == 0xfb)
            c = '!';
        if (d->dot && (c == '"' || c == '\\'))
            vd_buf_byte(&d->line, '\\');
        vd_buf_byte(&d->line, c);
    }
}

static void flush(dump *d)
{
    vd_buf_byte(&d->line, '\n');
    if (!d->line.failed && !d->stopped && !d->write(d->user, vd_buf_str(&d->line)))
        d->stopped = true;
    d->line.n = 0;
}

/* Begins a line for a node below parent; what is added until end_node is its label. */
static uint32_t begin_node(dump *d, uint32_t parent, uint32_t depth)
{
    uint32_t id = d->next++;

    if (!d->dot) {
        for (uint32_t i = 0; i < depth; i++)
            vd_buf_add(&d->line, VD_S("  "));
        return id;
    }
    if (id)
        vd_buf_printf(&d->line, "  n%u -> n%u;\n", parent, id);
    vd_buf_printf(&d->line, "  n%u [label=\"", id);
    return id;
}

static void end_node(dump *d)
{
    if (d->dot)
        vd_buf_add(&d->line, VD_S("\"];"));
    flush(d);
}

/* ------------------------------------------------------------------ pieces */

static void add_parts(dump *d, uint32_t first, uint32_t count)
{
    const vd_ipart *p = (const vd_ipart *)vd_image_at(d->m, VD_SEC_PARTS) + first;

    for (uint32_t i = 0; i < count; i++) {
        if (p[i].key == VD_NONE) {
            add(d, text(d, p[i].off, p[i].len));
            continue;
        }
        vd_buf_add(&d->line, VD_S("${"));
        add(d, vd_image_text(d->m, p[i].spelling));
        if (p[i].fallback) {
            vd_buf_add(&d->line, VD_S(", '"));
            add(d, text(d, p[i].off, p[i].len));
            vd_buf_byte(&d->line, '\'');
        }
        vd_buf_byte(&d->line, '}');
    }
}

static void add_pattern(dump *d, uint32_t id)
{
    const vd_ipattern *p = (const vd_ipattern *)vd_image_at(d->m, VD_SEC_PATTERNS) + id;

    if (p->parts)
        add_parts(d, p->first, p->parts);
    else
        add(d, text(d, p->off, p->len));
}

static void add_typed(dump *d, const vd_iatom *a, const vd_ivalue *v)
{
    const void *at = (const char *)vd_image_at(d->m, VD_SEC_BYTES) + v->off;
    char        date[64];

    if (a->test == VD_TEST_IP) {
        const vd_cidr *c = at;

        for (uint32_t i = 0; i < (c->family == 4 ? 4u : 16u); i++)
            vd_buf_printf(&d->line, c->family == 4 ? "%s%u" : "%s%02x",
                          i == 0 ? "" : c->family == 4 ? "." : i % 2 ? "" : ":", c->bytes[i]);
        vd_buf_printf(&d->line, "/%u", c->bits);
    } else if (a->test == VD_TEST_BINARY) {
        vd_buf_printf(&d->line, "%u bytes", v->len);
    } else if (a->test <= VD_TEST_NUMBER_GE) {
        const vd_number *n = at;

        vd_buf_add(&d->line, n->sign < 0 ? VD_S("-0.") : VD_S("0."));
        for (uint32_t i = 0; i < n->pairs; i++)
            vd_buf_printf(&d->line, "%02u", n->digits[i]);
        vd_buf_printf(&d->line, "e%d", n->exponent);
    } else {
        size_t n = vd_date_format(date, *(const vd_date *)at);

        vd_buf_add(&d->line, (vd_str){ date, n });
    }
}

static void add_value(dump *d, const vd_iatom *a, const vd_ivalue *v)
{
    if (v->parts)
        add_parts(d, v->first, v->parts);
    else if (a->test == VD_TEST_BOOL)
        vd_buf_add(&d->line, v->shape ? VD_S("true") : VD_S("false"));
    else if (a->test <= VD_TEST_LIKE || a->test == VD_TEST_ARN)
        add(d, text(d, v->off, v->len));
    else
        add_typed(d, a, v);
}

static vd_str operator_name(const vd_iatom *a)
{
    bool negated = (a->flags & VD_ATOM_NEGATED) != 0;

    for (size_t i = 0; i < vd_operator_count; i++)
        if (vd_operators[i].test == a->test && vd_operators[i].negated == negated)
            return vd_operators[i].name;
    return VD_S("?");
}

static void add_atom(dump *d, uint32_t id)
{
    const vd_iatom  *a = (const vd_iatom *)vd_image_at(d->m, VD_SEC_ATOMS) + id;
    const vd_ivalue *v = (const vd_ivalue *)vd_image_at(d->m, VD_SEC_VALUES) + a->first;

    if (a->quantifier != VD_FOR_ONE)
        vd_buf_add(&d->line, a->quantifier == VD_FOR_ALL ? VD_S("ForAllValues:") : VD_S("ForAnyValue:"));
    add(d, operator_name(a));
    if (a->flags & VD_ATOM_IF_EXISTS)
        vd_buf_add(&d->line, VD_S("IfExists"));
    vd_buf_byte(&d->line, ' ');
    add(d, vd_image_text(d->m, a->spelling));
    vd_buf_add(&d->line, VD_S(" ["));
    if (a->test == VD_TEST_NULL) {
        vd_buf_add(&d->line, a->flags & VD_ATOM_NULL_TRUE ? VD_S("true") : VD_S(""));
        vd_buf_add(&d->line, a->flags & VD_ATOM_NULL_FALSE ? VD_S(" false") : VD_S(""));
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (i)
            vd_buf_add(&d->line, VD_S(", "));
        add_value(d, a, &v[i]);
    }
    vd_buf_byte(&d->line, ']');
}

static void add_refs(dump *d, uint32_t ref, void (*one)(dump *, uint32_t))
{
    const uint32_t *list = (const uint32_t *)vd_image_at(d->m, VD_SEC_POOL) + (ref & ~VD_REF_LIST);

    if (!(ref & VD_REF_LIST)) {
        one(d, ref);
        return;
    }
    if (list[0] & VD_REF_NOT)
        vd_buf_add(&d->line, VD_S("not "));
    for (uint32_t i = 1; i <= (list[0] & ~VD_REF_NOT); i++) {
        if (i > 1)
            vd_buf_add(&d->line, VD_S(", "));
        one(d, list[i]);
    }
}

static void add_action(dump *d, uint32_t id)
{
    const vd_iaction *a = (const vd_iaction *)vd_image_at(d->m, VD_SEC_ACTIONS) + id;

    add(d, text(d, a->off, a->len));
}

static void add_entry(dump *d, const vd_ientry *e)
{
    const vd_iinfo   *info = (const vd_iinfo *)vd_image_at(d->m, VD_SEC_INFOS) + e->stmt;
    const vd_ipolicy *p = (const vd_ipolicy *)vd_image_at(d->m, VD_SEC_POLICIES) + info->policy;

    vd_buf_printf(&d->line, "#%u ", e->stmt);
    add(d, vd_image_text(d->m, p->name));
    vd_buf_printf(&d->line, "[%u]", info->index);
    if (info->sid.len) {
        vd_buf_byte(&d->line, ' ');
        add(d, vd_image_text(d->m, info->sid));
    }
    if (e->act) {
        vd_buf_add(&d->line, VD_S(" | action "));
        add_refs(d, VD_REF_LIST | e->act, add_action);
    }
    if (e->res != VD_NONE) {
        vd_buf_add(&d->line, VD_S(" | resource "));
        add_refs(d, e->res, add_pattern);
    }
    if (e->cond != VD_NONE) {
        vd_buf_add(&d->line, VD_S(" | if "));
        add_refs(d, e->cond, add_atom);
    }
}

/* ------------------------------------------------------------------ lists and tries */

static void dump_entries(dump *d, uint32_t list, const char *effect, uint32_t parent, uint32_t depth)
{
    const vd_ientry *e = (const vd_ientry *)vd_image_at(d->m, VD_SEC_ENTRIES) + list;

    for (uint32_t i = 1; i <= e->stmt && !d->stopped; i++) {
        begin_node(d, parent, depth);
        vd_buf_printf(&d->line, "%s ", effect);
        add_entry(d, e + i);
        end_node(d);
    }
}

typedef void terminal(dump *d, const vd_inode *n, vd_str prefix, uint32_t parent, uint32_t depth, void *ctx);

/* Children of a node follow it in the array, so a walk over the subtree needs only a stack of nodes still to see: a
 * path is never deeper than the longest prefix. */
typedef struct frame {
    uint32_t node, child, prefix;
} frame;

enum { DEEPEST = 4096 };

static vd_code walk_trie(dump *d, uint32_t root, terminal *t, uint32_t parent, uint32_t depth, void *ctx)
{
    const vd_allocator *a = &vd_set_engine(d->set)->alloc;
    const vd_inode     *nodes = vd_image_at(d->m, VD_SEC_NODES);
    frame              *stack = vd_alloc(a, DEEPEST * sizeof *stack);
    vd_buf              prefix = vd_buf_on(a, 0);
    uint32_t            top = 0;
    bool                failed;

    if (!stack)
        return VD_ENOMEM;
    stack[top++] = (frame){ root, VD_NONE, 0 };
    while (top && !d->stopped && !prefix.failed) {
        frame          *f = &stack[top - 1];
        const vd_inode *n = &nodes[f->node];

        if (f->child == VD_NONE) {
            f->prefix = (uint32_t)prefix.n;
            vd_buf_add(&prefix, text(d, n->label, n->label_len));
            t(d, n, vd_buf_str(&prefix), parent, depth, ctx);
            f->child = 0;
        }
        if (f->child < n->child_count && top < DEEPEST) {
            uint32_t next = n->child + f->child++;

            stack[top++] = (frame){ next, VD_NONE, 0 };
            continue;
        }
        prefix.n = f->prefix;
        top--;
    }
    failed = prefix.failed;
    vd_buf_done(&prefix);
    vd_free(a, stack, DEEPEST * sizeof *stack);
    return failed ? VD_ENOMEM : VD_OK;
}

static const char *const effects[2] = { "allow", "deny" };

static void resource_terminal(dump *d, const vd_inode *n, vd_str prefix, uint32_t parent, uint32_t depth, void *ctx)
{
    uint32_t effect = *(const uint32_t *)ctx, id;

    if (!n->list[effect])
        return;
    id = begin_node(d, parent, depth);
    vd_buf_add(&d->line, VD_S("resource ...:"));
    add(d, prefix);
    vd_buf_add(&d->line, VD_S("..."));
    end_node(d);
    dump_entries(d, n->list[effect], effects[effect], id, depth + 1);
}

static void dump_lists(dump *d, const uint32_t list[2], uint32_t parent, uint32_t depth)
{
    for (uint32_t effect = 2; effect-- > 0;) {
        const vd_ientry *e = (const vd_ientry *)vd_image_at(d->m, VD_SEC_ENTRIES) + list[effect];

        dump_entries(d, list[effect], effects[effect], parent, depth);
        if (e->act != VD_NONE && walk_trie(d, e->act, resource_terminal, parent, depth, &effect) != VD_OK)
            d->line.failed = true;
    }
}

static void prefix_terminal(dump *d, const vd_inode *n, vd_str prefix, uint32_t parent, uint32_t depth, void *ctx)
{
    const vd_str *service = ctx;
    uint32_t      id;

    if (!n->list[0] && !n->list[1])
        return;
    id = begin_node(d, parent, depth);
    add(d, *service);
    vd_buf_byte(&d->line, ':');
    add(d, prefix);
    vd_buf_byte(&d->line, '*');
    end_node(d);
    dump_lists(d, n->list, id, depth + 1);
}

/* ------------------------------------------------------------------ trees, in the order of names */

static void dump_names(dump *d, const vd_iservice *s, vd_str service, uint32_t parent, uint32_t depth)
{
    const vd_iname *names = (const vd_iname *)vd_image_at(d->m, VD_SEC_NAMES) + s->names;
    const char     *bytes = vd_image_at(d->m, VD_SEC_BYTES);
    vd_str          last = { 0 };

    if (s->name_mask == VD_NONE)
        return;
    for (;;) { /* the next greater name, again and again: slots are in the order of hashes */
        const vd_iname *best = NULL;
        vd_str          best_name = { 0 };
        uint32_t        id;

        for (uint32_t i = 0; i <= s->name_mask; i++) {
            uint16_t len;
            vd_str   name;

            if (!names[i].off)
                continue;
            memcpy(&len, bytes + names[i].off, 2);
            name = (vd_str){ bytes + names[i].off + 2, len };
            if ((!last.p || vd_str_cmp(name, last) > 0) && (!best || vd_str_cmp(name, best_name) < 0)) {
                best = &names[i];
                best_name = name;
            }
        }
        if (!best || d->stopped)
            return;
        last = best_name;
        id = begin_node(d, parent, depth);
        add(d, service);
        vd_buf_byte(&d->line, ':');
        add(d, best_name);
        end_node(d);
        dump_lists(d, best->list, id, depth + 1);
    }
}

static void dump_service(dump *d, const vd_iservice *s, uint32_t parent, uint32_t depth)
{
    vd_str service = vd_image_text(d->m, s->name);

    if (s->all[0] || s->all[1]) {
        uint32_t id = begin_node(d, parent, depth);

        add(d, service);
        vd_buf_add(&d->line, VD_S(":*"));
        end_node(d);
        dump_lists(d, s->all, id, depth + 1);
    }
    if (s->trie != VD_NONE && walk_trie(d, s->trie, prefix_terminal, parent, depth, &service) != VD_OK)
        d->line.failed = true;
    dump_names(d, s, service, parent, depth);
}

static void dump_services(dump *d, const vd_itree *t, uint32_t parent, uint32_t depth)
{
    const vd_iservice *s = (const vd_iservice *)vd_image_at(d->m, VD_SEC_SERVICES) + t->services;
    vd_str             last = { 0 };

    if (t->service_mask == VD_NONE)
        return;
    for (;;) {
        const vd_iservice *best = NULL;

        for (uint32_t i = 0; i <= t->service_mask; i++) {
            vd_str name = vd_image_text(d->m, s[i].name);

            if (s[i].used && (!last.p || vd_str_cmp(name, last) > 0) &&
                (!best || vd_str_cmp(name, vd_image_text(d->m, best->name)) < 0))
                best = &s[i];
        }
        if (!best || d->stopped)
            return;
        last = vd_image_text(d->m, best->name);
        dump_service(d, best, parent, depth);
    }
}

static void dump_tree(dump *d, uint32_t tree, uint32_t parent, uint32_t depth)
{
    const vd_itree   *t = (const vd_itree *)vd_image_at(d->m, VD_SEC_TREES) + tree;
    const uint32_t   *docs = (const uint32_t *)vd_image_at(d->m, VD_SEC_POOL) + t->docs;
    const vd_ipolicy *p = vd_image_at(d->m, VD_SEC_POLICIES);
    uint32_t          id = begin_node(d, parent, depth);

    vd_buf_printf(&d->line, "tree %u:", tree);
    for (uint32_t i = 0; i < t->doc_count; i++) {
        vd_buf_byte(&d->line, ' ');
        add(d, vd_image_text(d->m, p[docs[i]].name));
    }
    if (t->allow_all != VD_NONE)
        vd_buf_printf(&d->line, "; allows everything by #%u", t->allow_all);
    if (t->malformed != VD_NONE)
        vd_buf_printf(&d->line, "; malformed deny #%u", t->malformed);
    end_node(d);
    if (t->any[0] || t->any[1]) {
        uint32_t any = begin_node(d, id, depth + 1);

        vd_buf_add(&d->line, VD_S("any action"));
        end_node(d);
        dump_lists(d, t->any, any, depth + 2);
    }
    dump_services(d, t, id, depth + 1);
}

static void dump_bindings(dump *d, uint32_t parent)
{
    static const vd_str names[VD_BIND_COUNT] = { VD_L("identity"), VD_L("boundary"),     VD_L("session"),
                                                 VD_L("resource"), VD_L("access-point"), VD_L("endpoint") };
    const vd_ibinding  *b = vd_image_at(d->m, VD_SEC_BINDINGS);
    const vd_ichain    *chains = vd_image_at(d->m, VD_SEC_CHAINS);
    const vd_ilevel    *levels = vd_image_at(d->m, VD_SEC_LEVELS);

    for (uint32_t i = 0; i < d->m->sections[VD_SEC_BINDINGS].count && !d->stopped; i++) {
        begin_node(d, parent, 1);
        vd_buf_add(&d->line, i ? VD_S("bound to ") : VD_S("for every request"));
        add(d, vd_image_text(d->m, b[i].name));
        for (uint32_t t = 0; t < VD_BIND_COUNT; t++)
            if (b[i].tree[t] != VD_NONE)
                vd_buf_printf(&d->line, "; " VD_F " tree %u", VD_A(names[t]), b[i].tree[t]);
        for (uint32_t k = 0; k < 2; k++) {
            uint32_t chain = k ? b[i].rcp : b[i].scp;

            if (chain == VD_NONE)
                continue;
            vd_buf_add(&d->line, k ? VD_S("; rcp levels") : VD_S("; scp levels"));
            for (uint32_t l = 0; l < chains[chain].count; l++) {
                uint32_t tree = levels[chains[chain].first + l].tree;

                if (tree == VD_NONE)
                    vd_buf_add(&d->line, VD_S(" (empty)"));
                else
                    vd_buf_printf(&d->line, " tree %u", tree);
            }
        }
        end_node(d);
    }
}

vd_code vd_set_dump(const vd_set *set, int32_t form, vd_write *write, void *user, vd_error *err)
{
    dump     d = { .set = set, .m = set->image, .write = write, .user = user, .dot = form == VD_DUMP_DOT };
    uint32_t root;
    bool     failed;

    if (form != VD_DUMP_TEXT && form != VD_DUMP_DOT)
        return vd_fail(err, VD_EINVAL, "there is no dump form %d", (int)form);
    if (!vd_set_prove_all(set, err))
        return VD_EFORMAT;
    d.line = vd_buf_on(&set->engine->alloc, 0);
    if (d.dot) {
        vd_buf_add(&d.line, VD_S("digraph verdict {\n  node [shape=box, fontname=\"monospace\"];\n  rankdir=LR;"));
        flush(&d);
    }
    root = begin_node(&d, 0, 0);
    vd_buf_printf(&d.line, "set: %u policies, %u statements, %u trees, %u conditions", vd_set_policies(set),
                  vd_set_statements(set), set->image->sections[VD_SEC_TREES].count,
                  set->image->sections[VD_SEC_ATOMS].count);
    end_node(&d);
    dump_bindings(&d, root);
    for (uint32_t i = 0; i < set->image->sections[VD_SEC_TREES].count && !d.stopped; i++)
        dump_tree(&d, i, root, 1);
    if (d.dot) {
        vd_buf_byte(&d.line, '}');
        flush(&d);
    }
    failed = d.line.failed;
    vd_buf_done(&d.line);
    return failed ? vd_fail_nomem(err) : VD_OK;
}

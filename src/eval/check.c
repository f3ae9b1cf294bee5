/* SPDX-License-Identifier: Apache-2.0
 *
 * Proof that a block is what the evaluator takes it for.  A set is input too: every offset, index, length and enum is
 * looked at once, every loop of the evaluator is shown to end (slots have a free one, children stand behind their
 * parents, lists behind a trie have none of their own), and only then is it trusted.
 */
#include "eval/image.h"

#include "base/error.h"
#include "catalog/facts.h"
#include "operator/operator.h"
#include "pattern/glob.h"
#include "pattern/value.h"
#include "policy/policy.h"
#include "request/facts.h"

typedef struct checker {
    const vd_image *m;
    vd_str          name;
    vd_error       *err;
} checker;

static vd_code bad(const checker *k, const char *what, uint32_t index)
{
    return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name }, "damaged bundle: %s %u", what, index);
}

static uint32_t count(const checker *k, vd_section s)
{
    return k->m->sections[s].count;
}

static bool in_range(uint32_t first, uint32_t n, uint32_t total)
{
    return first <= total && n <= total - first;
}

static bool text_ok(const checker *k, vd_itext t)
{
    return in_range(t.off, t.len, count(k, VD_SEC_BYTES));
}

/* A typed value the evaluator reads in place. */
static bool typed_ok(const checker *k, uint32_t off, size_t size)
{
    return off % 8 == 0 && in_range(off, (uint32_t)size, count(k, VD_SEC_BYTES));
}

static bool pool_list_ok(const checker *k, uint32_t index, uint32_t elements, bool may_negate)
{
    const uint32_t *pool = vd_image_at(k->m, VD_SEC_POOL);
    uint32_t        total = count(k, VD_SEC_POOL), n;

    if (index >= total)
        return false;
    n = may_negate ? pool[index] & ~VD_REF_NOT : pool[index];
    if (!in_range(index + 1, n, total))
        return false;
    for (uint32_t i = 1; i <= n; i++)
        if (pool[index + i] >= elements)
            return false;
    return true;
}

static bool ref_ok(const checker *k, uint32_t ref, uint32_t elements, bool may_negate)
{
    if (ref == VD_NONE)
        return true;
    return ref & VD_REF_LIST ? pool_list_ok(k, ref & ~VD_REF_LIST, elements, may_negate) : ref < elements;
}

static vd_code check_header(const checker *k, size_t size)
{
    const vd_image *m = k->m;
    uint64_t        end = sizeof *m;

    if (size < sizeof *m || memcmp(m->magic, VD_IMAGE_MAGIC, sizeof m->magic) != 0)
        return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name }, "this is not a compiled bundle");
    if (m->order != 0x01020304)
        return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name },
                          "the bundle was made on a machine of another byte order");
    if (m->format != VD_IMAGE_FORMAT)
        return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name },
                          "the bundle has format %u, this program reads %d: compile it again", m->format,
                          VD_IMAGE_FORMAT);
    if (m->size != size)
        return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name },
                          "the bundle is %s: %llu bytes, the header says %llu", m->size > size ? "truncated" : "too long",
                          (unsigned long long)size, (unsigned long long)m->size);
    for (uint32_t s = 0; s < VD_SEC_COUNT; s++) {
        uint64_t bytes = (uint64_t)m->sections[s].count * vd_section_sizes[s];

        if (m->sections[s].offset % VD_IMAGE_ALIGN || m->sections[s].offset < end ||
            m->sections[s].offset + bytes > size)
            return bad(k, "section", s);
        end = m->sections[s].offset + bytes;
    }
    if (m->max_text > m->sections[VD_SEC_BYTES].count)
        return bad(k, "longest text", m->max_text);
    if (vd_image_checksum(m) != m->checksum)
        return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name },
                          "damaged bundle: the checksum does not match");
    return VD_OK;
}

/* Open addressing ends when one slot is free. */
static vd_code check_slots(const checker *k, vd_section s, uint32_t elements, bool may_be_empty)
{
    const uint32_t *slots = vd_image_at(k->m, s);
    uint32_t        n = count(k, s);
    bool            free_one = false;

    if (n == 0 && may_be_empty)
        return VD_OK;
    if (n == 0 || (n & (n - 1)))
        return bad(k, "slot table", s);
    for (uint32_t i = 0; i < n; i++) {
        if (slots[i] > elements)
            return bad(k, "slot", i);
        free_one = free_one || slots[i] == 0;
    }
    return free_one ? VD_OK : bad(k, "slot table", s);
}

static vd_code check_keys(const checker *k)
{
    const vd_ikey *keys = vd_image_at(k->m, VD_SEC_KEYS);
    uint32_t       n = count(k, VD_SEC_KEYS);

    if (n > UINT16_MAX)
        return bad(k, "number of keys", n);
    for (uint32_t i = 0; i < n; i++)
        if (!text_ok(k, keys[i].name) || keys[i].arity > VD_ARITY_MANY || keys[i].derive >= VD_DERIVE_COUNT ||
            (keys[i].source != VD_NONE && (keys[i].source >= n || keys[keys[i].source].source != VD_NONE)))
            return bad(k, "key", i);
    return check_slots(k, VD_SEC_KEY_SLOTS, n, false);
}

static vd_code check_parts(const checker *k)
{
    const vd_ipart *p = vd_image_at(k->m, VD_SEC_PARTS);

    for (uint32_t i = 0; i < count(k, VD_SEC_PARTS); i++)
        if ((p[i].key != VD_NONE && p[i].key >= count(k, VD_SEC_KEYS)) || !text_ok(k, (vd_itext){ p[i].off, p[i].len }) ||
            !text_ok(k, p[i].spelling))
            return bad(k, "template part", i);
    return VD_OK;
}

/* A shape promises a star where the evaluator skips one.  Whether there are more of them is nothing that could lead out of
 * the block, and not looked for. */
static bool shape_ok(const checker *k, uint32_t shape, uint32_t off, uint32_t len)
{
    const char *s = (const char *)vd_image_at(k->m, VD_SEC_BYTES) + off;

    switch (shape) {
    case VD_GLOB_LITERAL:
    case VD_GLOB_OTHER:
        return true;
    case VD_GLOB_ALL:
        return len == 1 && s[0] == VD_STAR;
    case VD_GLOB_PREFIX:
        return len > 1 && s[len - 1] == VD_STAR;
    case VD_GLOB_SUFFIX:
        return len > 1 && s[0] == VD_STAR;
    default:
        return false;
    }
}

static bool coded_ok(const checker *k, uint32_t off, uint32_t len, uint32_t shape, uint32_t parts, uint32_t first)
{
    if (parts)
        return in_range(first, parts, count(k, VD_SEC_PARTS));
    return text_ok(k, (vd_itext){ off, len }) && shape_ok(k, shape, off, len);
}

static bool value_ok(const checker *k, const vd_iatom *a, const vd_ivalue *v)
{
    switch (a->test) {
    case VD_TEST_STRING:
    case VD_TEST_STRING_FOLDED:
        return v->parts ? in_range(v->first, v->parts, count(k, VD_SEC_PARTS)) : text_ok(k, (vd_itext){ v->off, v->len });
    case VD_TEST_LIKE:
    case VD_TEST_ARN:
        return coded_ok(k, v->off, v->len, v->shape, v->parts, v->first);
    case VD_TEST_BOOL:
        return v->parts == 0 || in_range(v->first, v->parts, count(k, VD_SEC_PARTS));
    case VD_TEST_IP:
        return v->parts == 0 && typed_ok(k, v->off, sizeof(vd_cidr));
    case VD_TEST_BINARY:
        return v->parts == 0 && typed_ok(k, v->off, v->len);
    case VD_TEST_NULL:
        return false;
    default:
        return v->parts == 0 && typed_ok(k, v->off, a->test <= VD_TEST_NUMBER_GE ? sizeof(vd_number) : sizeof(vd_date));
    }
}

/* Lengths inside typed values that their comparison trusts. */
static bool typed_content_ok(const checker *k, const vd_iatom *a, const vd_ivalue *v)
{
    const char *bytes = vd_image_at(k->m, VD_SEC_BYTES);

    if (a->test == VD_TEST_IP) {
        const vd_cidr *c = (const void *)(bytes + v->off);

        return (c->family == 4 && c->bits <= 32) || (c->family == 6 && c->bits <= 128);
    }
    if (a->test >= VD_TEST_NUMBER_EQ && a->test <= VD_TEST_NUMBER_GE) {
        const vd_number *n = (const void *)(bytes + v->off);

        return n->pairs <= sizeof n->digits;
    }
    return true;
}

static vd_code check_atoms(const checker *k)
{
    const vd_iatom  *a = vd_image_at(k->m, VD_SEC_ATOMS);
    const vd_ivalue *v = vd_image_at(k->m, VD_SEC_VALUES);

    if (count(k, VD_SEC_ATOMS) >= 1u << 30)
        return bad(k, "number of conditions", count(k, VD_SEC_ATOMS));
    for (uint32_t i = 0; i < count(k, VD_SEC_ATOMS); i++) {
        bool ok = a[i].key < count(k, VD_SEC_KEYS) && a[i].test <= VD_TEST_NULL && a[i].quantifier <= VD_FOR_ANY &&
                  text_ok(k, a[i].spelling) && in_range(a[i].first, a[i].count, count(k, VD_SEC_VALUES)) &&
                  (!(a[i].flags & VD_ATOM_SORTED) || a[i].test == VD_TEST_STRING) &&
                  (!(a[i].flags & VD_ATOM_UNREAD) || ((a[i].flags & VD_ATOM_TYPED) && (a[i].flags & VD_ATOM_NEGATED))) &&
                  ((a[i].flags & VD_ATOM_TYPED) != 0) == ((a[i].test >= VD_TEST_NUMBER_EQ && a[i].test <= VD_TEST_DATE_GE) ||
                                                          (a[i].test >= VD_TEST_BINARY && a[i].test <= VD_TEST_ARN));

        for (uint32_t j = 0; ok && j < a[i].count; j++)
            ok = value_ok(k, &a[i], &v[a[i].first + j]) && typed_content_ok(k, &a[i], &v[a[i].first + j]);
        if (!ok)
            return bad(k, "condition", i);
    }
    return VD_OK;
}

static vd_code check_patterns(const checker *k)
{
    const vd_ipattern *p = vd_image_at(k->m, VD_SEC_PATTERNS);
    const vd_iaction  *a = vd_image_at(k->m, VD_SEC_ACTIONS);

    for (uint32_t i = 0; i < count(k, VD_SEC_PATTERNS); i++)
        if (!coded_ok(k, p[i].off, p[i].len, p[i].shape, p[i].parts, p[i].first))
            return bad(k, "resource pattern", i);
    for (uint32_t i = 0; i < count(k, VD_SEC_ACTIONS); i++)
        if (!text_ok(k, (vd_itext){ a[i].off, a[i].len }))
            return bad(k, "action pattern", i);
    return VD_OK;
}

static vd_code check_statements(const checker *k)
{
    const vd_iprincipal *p = vd_image_at(k->m, VD_SEC_PRINCIPALS);
    const vd_istatement *s = vd_image_at(k->m, VD_SEC_STATEMENTS);
    const vd_iinfo      *f = vd_image_at(k->m, VD_SEC_INFOS);
    const vd_ipolicy    *d = vd_image_at(k->m, VD_SEC_POLICIES);

    for (uint32_t i = 0; i < count(k, VD_SEC_PRINCIPALS); i++)
        if (p[i].type >= VD_IP_COUNT || !text_ok(k, p[i].text) || !text_ok(k, p[i].partition) ||
            !text_ok(k, p[i].name) || !text_ok(k, p[i].account) ||
            (p[i].type == VD_IP_UNIQUE_ID && p[i].text.len < 2))
            return bad(k, "principal", i);
    if (count(k, VD_SEC_INFOS) != count(k, VD_SEC_STATEMENTS) || count(k, VD_SEC_STATEMENTS) == VD_NONE)
        return bad(k, "number of statements", count(k, VD_SEC_STATEMENTS));
    for (uint32_t i = 0; i < count(k, VD_SEC_STATEMENTS); i++) {
        if (!ref_ok(k, s[i].res, count(k, VD_SEC_PATTERNS), true) || !ref_ok(k, s[i].cond, count(k, VD_SEC_ATOMS), false) ||
            !in_range(s[i].principal, s[i].principal_count, count(k, VD_SEC_PRINCIPALS)))
            return bad(k, "statement", i);
        if (f[i].policy >= count(k, VD_SEC_POLICIES) || !text_ok(k, f[i].sid))
            return bad(k, "statement", i);
    }
    for (uint32_t i = 0; i < count(k, VD_SEC_POLICIES); i++)
        if (!text_ok(k, d[i].name) || !in_range(d[i].text.off, d[i].text.len, count(k, VD_SEC_TEXTS)) || !text_ok(k, d[i].file) || d[i].kind >= VD_KIND_COUNT ||
            d[i].layer >= VD_LAYER_COUNT || !in_range(d[i].first, d[i].count, count(k, VD_SEC_STATEMENTS)))
            return bad(k, "policy", i);
    return VD_OK;
}

/* ------------------------------------------------------------------ lists and tries */

/* An entry repeats what its statement says, or names one of its patterns. */
static bool entry_ok(const checker *k, const vd_ientry *e)
{
    const vd_istatement *s = vd_image_at(k->m, VD_SEC_STATEMENTS);

    if (e->stmt >= count(k, VD_SEC_STATEMENTS) || e->res == VD_HEADER)
        return false;
    s += e->stmt;
    return (e->act == 0 || pool_list_ok(k, e->act, count(k, VD_SEC_ACTIONS), true)) &&
           (e->res == s->res || e->res < count(k, VD_SEC_PATTERNS)) && e->cond == s->cond;
}

/* The section is nothing but headers, each with its entries behind it. */
static vd_code check_entries(const checker *k)
{
    const vd_ientry *e = vd_image_at(k->m, VD_SEC_ENTRIES);
    uint32_t         n = count(k, VD_SEC_ENTRIES);

    if (n == 0)
        return bad(k, "number of lists", 0);
    for (uint32_t i = 0; i < n; i += e[i].stmt + 1) {
        if (e[i].res != VD_HEADER || !in_range(i + 1, e[i].stmt, n) ||
            (e[i].act != VD_NONE && e[i].act >= count(k, VD_SEC_NODES)))
            return bad(k, "list", i);
        for (uint32_t j = 1; j <= e[i].stmt; j++)
            if (!entry_ok(k, &e[i + j]))
                return bad(k, "entry", i + j);
    }
    return VD_OK;
}

static bool list_ok(const checker *k, uint32_t list)
{
    const vd_ientry *e = vd_image_at(k->m, VD_SEC_ENTRIES);

    return list < count(k, VD_SEC_ENTRIES) && e[list].res == VD_HEADER;
}

static bool lists_ok(const checker *k, const uint32_t list[2])
{
    return list_ok(k, list[0]) && list_ok(k, list[1]);
}

/* Every node: label and children within bounds, children behind their parent, so a walk ends.  The walk over resources
 * never follows the trie of a list it finds there. */
static vd_code check_nodes(const checker *k)
{
    const vd_inode *n = vd_image_at(k->m, VD_SEC_NODES);
    uint32_t        total = count(k, VD_SEC_NODES);

    for (uint32_t i = 0; i < total; i++) {
        if (!text_ok(k, (vd_itext){ n[i].label, n[i].label_len }) ||
            !text_ok(k, (vd_itext){ n[i].child_bytes, n[i].child_count }))
            return bad(k, "node", i);
        if (n[i].child_count && (n[i].child <= i || !in_range(n[i].child, n[i].child_count, total)))
            return bad(k, "node", i);
        if (!lists_ok(k, n[i].list))
            return bad(k, "node", i);
    }
    return VD_OK;
}

static vd_code check_names(const checker *k, const vd_itree *t, const vd_iservice *s, uint32_t index)
{
    const vd_iname *n = (const vd_iname *)vd_image_at(k->m, VD_SEC_NAMES) + s->names;
    const char     *bytes = vd_image_at(k->m, VD_SEC_BYTES);
    bool            free_one = false;

    if (s->name_mask == VD_NONE)
        return VD_OK;
    if ((s->name_mask & (s->name_mask + 1)) || s->names < t->names ||
        !in_range(s->names - t->names, s->name_mask + 1, t->name_count))
        return bad(k, "service", index);
    for (uint32_t i = 0; i <= s->name_mask; i++) {
        uint16_t len;

        if (n[i].off == 0) {
            free_one = true;
            continue;
        }
        if (!text_ok(k, (vd_itext){ n[i].off, 2 }))
            return bad(k, "action name", i);
        memcpy(&len, bytes + n[i].off, 2);
        if (!text_ok(k, (vd_itext){ n[i].off, 2u + len }))
            return bad(k, "action name", i);
        if (!lists_ok(k, n[i].list))
            return bad(k, "action name", i);
    }
    return free_one ? VD_OK : bad(k, "service", index);
}

/* The slots of a tree: services, and their names. */
static vd_code check_services(const checker *k, const vd_itree *t, uint32_t index)
{
    const vd_iservice *s = (const vd_iservice *)vd_image_at(k->m, VD_SEC_SERVICES) + t->services;
    const vd_iname    *names = (const vd_iname *)vd_image_at(k->m, VD_SEC_NAMES) + t->names;
    bool               free_one = false;

    if (t->service_mask == VD_NONE)
        return VD_OK;
    if (vd_image_tree_sum(s, (size_t)t->service_mask + 1, names, t->name_count) != t->sum)
        return vd_fail_at(k->err, VD_EFORMAT, (vd_pos){ .file = k->name }, "damaged bundle: the checksum of tree %u does not match", index);
    for (uint32_t i = 0; i <= t->service_mask; i++) {
        if (!s[i].used) {
            free_one = true;
            continue;
        }
        if (!text_ok(k, s[i].name) || (s[i].trie != VD_NONE && s[i].trie >= count(k, VD_SEC_NODES)))
            return bad(k, "service", t->services + i);
        if (!lists_ok(k, s[i].all))
            return bad(k, "service", t->services + i);
        VD_TRY(check_names(k, t, &s[i], t->services + i));
    }
    return free_one ? VD_OK : bad(k, "tree", index);
}

static vd_code check_trees(const checker *k, bool slots)
{
    const vd_itree *t = vd_image_at(k->m, VD_SEC_TREES);
    const uint32_t *pool = vd_image_at(k->m, VD_SEC_POOL);
    uint32_t        statements = count(k, VD_SEC_STATEMENTS);

    for (uint32_t i = 0; i < count(k, VD_SEC_TREES); i++) {
        if (!in_range(t[i].docs, t[i].doc_count, count(k, VD_SEC_POOL)) ||
            (t[i].allow_all != VD_NONE && t[i].allow_all >= statements) ||
            (t[i].malformed != VD_NONE && t[i].malformed >= statements))
            return bad(k, "tree", i);
        for (uint32_t d = 0; d < t[i].doc_count; d++)
            if (pool[t[i].docs + d] >= count(k, VD_SEC_POLICIES))
                return bad(k, "tree", i);
        if (!lists_ok(k, t[i].any))
            return bad(k, "tree", i);
        if (t[i].service_mask != VD_NONE && ((t[i].service_mask & (t[i].service_mask + 1)) ||
                                             !in_range(t[i].services, t[i].service_mask + 1, count(k, VD_SEC_SERVICES)) ||
                                             !in_range(t[i].names, t[i].name_count, count(k, VD_SEC_NAMES))))
            return bad(k, "tree", i);
        if (slots)
            VD_TRY(check_services(k, &t[i], i));
    }
    return VD_OK;
}

vd_code vd_image_check_tree(const vd_image *m, uint32_t tree, vd_str name, vd_error *err)
{
    checker k = { m, name, err };

    return check_services(&k, (const vd_itree *)vd_image_at(m, VD_SEC_TREES) + tree, tree);
}

/* ------------------------------------------------------------------ bindings */

static vd_code check_bindings(const checker *k)
{
    const vd_ilevel   *l = vd_image_at(k->m, VD_SEC_LEVELS);
    const vd_ichain   *c = vd_image_at(k->m, VD_SEC_CHAINS);
    const vd_ibinding *b = vd_image_at(k->m, VD_SEC_BINDINGS);
    const vd_itext    *r = vd_image_at(k->m, VD_SEC_RCP_SERVICES);
    uint32_t           trees = count(k, VD_SEC_TREES), chains = count(k, VD_SEC_CHAINS), n = count(k, VD_SEC_BINDINGS);

    for (uint32_t i = 0; i < count(k, VD_SEC_LEVELS); i++)
        if ((l[i].tree != VD_NONE && l[i].tree >= trees) || !text_ok(k, l[i].target))
            return bad(k, "level", i);
    for (uint32_t i = 0; i < chains; i++)
        if (!in_range(c[i].first, c[i].count, count(k, VD_SEC_LEVELS)))
            return bad(k, "chain", i);
    if (n == 0)
        return bad(k, "number of bindings", 0);
    for (uint32_t i = 0; i < n; i++) {
        if (!text_ok(k, b[i].name) || (b[i].scp != VD_NONE && b[i].scp >= chains) ||
            (b[i].rcp != VD_NONE && b[i].rcp >= chains))
            return bad(k, "binding", i);
        for (uint32_t t = 0; t < VD_BIND_COUNT; t++)
            if (b[i].tree[t] != VD_NONE && b[i].tree[t] >= trees)
                return bad(k, "binding", i);
    }
    for (uint32_t i = 0; i < count(k, VD_SEC_RCP_SERVICES); i++)
        if (!text_ok(k, r[i]))
            return bad(k, "service of RCPs", i);
    VD_TRY(check_slots(k, VD_SEC_PRINCIPAL_SLOTS, n, true));
    VD_TRY(check_slots(k, VD_SEC_RESOURCE_SLOTS, n, true));
    return check_slots(k, VD_SEC_ACCOUNT_SLOTS, n, true);
}

vd_code vd_image_check(const vd_image *m, size_t size, bool trees, vd_str name, vd_error *err)
{
    checker k = { m, name, err };

    VD_TRY(check_header(&k, size));
    VD_TRY(check_keys(&k));
    VD_TRY(check_parts(&k));
    VD_TRY(check_atoms(&k));
    VD_TRY(check_patterns(&k));
    VD_TRY(check_statements(&k));
    VD_TRY(check_entries(&k));
    VD_TRY(check_nodes(&k));
    VD_TRY(check_trees(&k, trees));
    return check_bindings(&k);
}

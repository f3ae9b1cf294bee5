/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies in whatever somebody put them in: an array, an object of policies by name, records with a member that is usually
 * called so (lint.md 5.1).  Looks two levels down and takes nothing that does not look like a policy.
 */
#include "base/str.h"
#include "extract/formats.h"

static const struct {
    vd_str  name;
    bool    kind_known;
    vd_kind kind;
} members[] = {
    { VD_L("policy"), false, 0 },
    { VD_L("policies"), false, 0 },
    { VD_L("document"), false, 0 },
    { VD_L("PolicyDocument"), false, 0 },
    { VD_L("AssumeRolePolicyDocument"), true, VD_KIND_TRUST },
    { VD_L("InlinePolicy"), true, VD_KIND_IDENTITY },
    { VD_L("Content"), false, 0 },
};

enum { LEVELS = 4, MEMBER_NONE = VD_COUNT(members) };

static size_t known_member(vd_str name)
{
    size_t i = 0;

    while (i < VD_COUNT(members) && !vd_str_ieq(members[i].name, name))
        i++;
    return i;
}

/* One open container of the walk. */
typedef struct level {
    uint32_t node, child, index;
    size_t   member; /* under which of the members it stands; MEMBER_NONE: another name */
    vd_str   pointer;
} level;

typedef struct walk {
    const vd_input *in;
    level           levels[LEVELS];
    uint32_t        depth;
} walk;

/* A policy is taken as it stands; text only below a name that says so. */
static bool is_policy_at(const vd_doc *d, uint32_t node, size_t member)
{
    return member < MEMBER_NONE ? vd_extract_maybe_policy(d, node) : vd_extract_is_policy(d, node);
}

static bool next_child(level *l, const vd_doc *d)
{
    l->index = l->child == VD_NONE ? 0 : l->index + 1;
    l->child = l->child == VD_NONE ? vd_doc_first(d, l->node) : vd_doc_next(d, l->node, l->child);
    return l->child != VD_NONE;
}

/* The next policy; *member and *pointer: where it stands.  An array counts for no level of its own under a known name. */
static vd_code next_policy(walk *w, uint32_t *found, size_t *member, level *parent)
{
    const vd_doc *d = w->in->doc;

    *found = VD_NONE;
    while (w->depth > 0) {
        level   *l = &w->levels[w->depth - 1];
        bool     object = d->nodes[l->node].kind == VD_NODE_OBJECT;
        uint32_t value;

        if (!next_child(l, d)) {
            w->depth--;
            continue;
        }
        value = object ? l->child + 1 : l->child;
        *member = object ? known_member(vd_doc_text(d, l->child)) : l->member;
        if (*member == MEMBER_NONE && l->member < MEMBER_NONE && vd_str_eq(members[l->member].name, VD_S("policies")))
            *member = l->member; /* {"policies": {"deploy": "{...}"}} */
        if (is_policy_at(d, value, *member)) {
            *found = value;
            *parent = *l;
            return VD_OK;
        }
        if (w->depth == LEVELS || (d->nodes[value].kind != VD_NODE_ARRAY && d->nodes[value].kind != VD_NODE_OBJECT))
            continue;
        w->levels[w->depth] = (level){ .node = value, .child = VD_NONE, .member = *member };
        if (object ? !vd_pointer_member(&w->in->x->arena, &w->levels[w->depth].pointer, l->pointer,
                                        vd_doc_text(d, l->child))
                   : !vd_pointer_index(&w->in->x->arena, &w->levels[w->depth].pointer, l->pointer, l->index))
            return vd_fail_nomem(w->in->err);
        w->depth++;
    }
    return VD_OK;
}

static walk begin(const vd_input *in)
{
    walk    w = { .in = in };
    uint8_t kind = in->doc->nodes[0].kind;

    if (kind == VD_NODE_ARRAY || kind == VD_NODE_OBJECT) {
        w.levels[0] = (level){ .child = VD_NONE, .member = MEMBER_NONE, .pointer = VD_S("") };
        w.depth = 1;
    }
    return w;
}

/* "PolicyName" or "name" beside it; else the name it stands under. */
static vd_str name_of(const vd_doc *d, const level *parent, size_t member)
{
    static const char *const names[] = { "PolicyName", "name", "Name" };

    if (d->nodes[parent->node].kind != VD_NODE_OBJECT)
        return VD_S("");
    for (size_t i = 0; i < VD_COUNT(names) && member < MEMBER_NONE; i++) {
        vd_str name = vd_extract_member(d, parent->node, names[i]);

        if (name.n)
            return name;
    }
    return member < MEMBER_NONE ? VD_S("") : vd_doc_text(d, parent->child);
}

static vd_code take(const vd_input *in, uint32_t node, size_t member, const level *parent)
{
    vd_arena     *arena = &in->x->arena;
    vd_extracted  row = { .entity = VD_NONE, .fixable = true }, *added;
    bool          object = in->doc->nodes[parent->node].kind == VD_NODE_OBJECT;

    if (object ? !vd_pointer_member(arena, &row.pointer, parent->pointer, vd_doc_text(in->doc, parent->child))
               : !vd_pointer_index(arena, &row.pointer, parent->pointer, parent->index))
        return vd_fail_nomem(in->err);
    if (member < MEMBER_NONE && members[member].kind_known) {
        row.kind_known = true;
        row.kind = members[member].kind;
    }
    row.container = row.pointer;
    row.name = name_of(in->doc, parent, member);
    return vd_extract_policy(in, &row, in->doc, node, VD_TAKES_EITHER, &added);
}

/* Documents of AWS IoT look like policies and are none. */
static bool is_other_language(const vd_input *in)
{
    return vd_str_starts(vd_extract_member(in->doc, 0, "policyArn"), VD_S("arn:aws:iot:"));
}

bool vd_is_wrapper(const vd_input *in)
{
    walk     w = begin(in);
    level    parent;
    uint32_t node;
    size_t   member;

    return !is_other_language(in) && next_policy(&w, &node, &member, &parent) == VD_OK && node != VD_NONE;
}

vd_code vd_extract_wrapper(const vd_input *in)
{
    walk     w = begin(in);
    level    parent;
    uint32_t node;
    size_t   member;

    for (;;) {
        VD_TRY(next_policy(&w, &node, &member, &parent));
        if (node == VD_NONE)
            return VD_OK;
        VD_TRY(take(in, node, member, &parent));
    }
}

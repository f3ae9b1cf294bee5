/* SPDX-License-Identifier: Apache-2.0
 *
 * Walking a path with lists: down while there are members, back to the innermost list that has another element.
 */
#include "extract/each.h"

#include "base/str.h"
#include "extract/formats.h"

vd_each vd_each_of(const vd_doc *doc, uint32_t object, vd_str path)
{
    vd_each e = { .doc = doc };
    bool    more = true;

    for (uint32_t i = 0; more && i < VD_EACH_STEPS; i++) {
        vd_str step;

        more = vd_str_cut(&path, '.', &step);
        if (!more)
            step = path;
        e.steps[i].list = vd_str_ends(step, VD_S("[]"));
        e.steps[i].name = e.steps[i].list ? vd_str_first(step, step.n - 2) : step;
        e.steps[i].holder = object;
        e.count = i + 1;
    }
    return e;
}

/* Down from the object before the step; false: something is missing at *step. */
static bool descend(vd_each *e, uint32_t *step, uint32_t *node)
{
    const vd_doc *d = e->doc;

    for (; *step < e->count; ++*step) {
        e->steps[*step].holder = *node;
        *node = vd_doc_member(d, *node, e->steps[*step].name);
        if (*node == VD_NONE)
            return false;
        if (!e->steps[*step].list)
            continue;
        e->steps[*step].end = d->nodes[*node].next;
        *node = d->nodes[*node].kind == VD_NODE_ARRAY ? vd_doc_first(d, *node) : VD_NONE;
        e->steps[*step].child = *node;
        e->steps[*step].index = 0;
        if (*node == VD_NONE)
            return false;
    }
    return true;
}

/* The next element of the innermost list before the step; false: all are done. */
static bool turn(vd_each *e, uint32_t *step, uint32_t *node)
{
    const vd_doc *d = e->doc;

    while (*step > 0) {
        uint32_t i = --*step;

        if (!e->steps[i].list)
            continue;
        *node = d->nodes[e->steps[i].child].next;
        if (*node >= e->steps[i].end)
            continue;
        e->steps[i].child = *node;
        e->steps[i].index++;
        ++*step;
        return true;
    }
    return false;
}

bool vd_each_next(vd_each *e, uint32_t *node)
{
    uint32_t step = 0;

    if (e->started) {
        step = e->count;
        if (!turn(e, &step, node))
            return false;
    } else {
        *node = e->steps[0].holder;
        e->started = true;
    }
    while (!descend(e, &step, node))
        if (!turn(e, &step, node))
            return false;
    return true;
}

static uint32_t at_nearby(const vd_doc *d, uint32_t node, vd_str path)
{
    vd_str name;

    while (node != VD_NONE && vd_str_cut(&path, '.', &name))
        node = vd_extract_nearby(d, node, name);
    return node == VD_NONE ? VD_NONE : vd_extract_nearby(d, node, path);
}

uint32_t vd_each_find(const vd_each *e, const char *path, uint32_t *holder)
{
    for (uint32_t i = e->count; i-- > 0;) {
        uint32_t node = at_nearby(e->doc, e->steps[i].holder, vd_str_of(path));

        if (node == VD_NONE)
            continue;
        if (holder)
            *holder = e->steps[i].holder;
        return node;
    }
    return VD_NONE;
}

bool vd_each_pointer(const vd_each *e, vd_arena *arena, vd_str base, vd_str *out)
{
    *out = base;
    for (uint32_t i = 0; i < e->count; i++) {
        if (!vd_pointer_member(arena, out, *out, e->steps[i].name))
            return false;
        if (e->steps[i].list && !vd_pointer_index(arena, out, *out, e->steps[i].index))
            return false;
    }
    return true;
}

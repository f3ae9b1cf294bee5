/* SPDX-License-Identifier: Apache-2.0
 *
 * Which values of a plan nobody is to see: a plan has them as they are, with trees of marks beside them.  Whatever stands
 * beside such a tree is gone through, policy or not, because what is shown of a file shows its neighbours too.
 */
#include "base/str.h"
#include "extract/terraform.h"

static const struct {
    vd_str value, marks;
} pairs[] = {
    { VD_L("after"), VD_L("after_sensitive") },
    { VD_L("before"), VD_L("before_sensitive") },
    { VD_L("values"), VD_L("sensitive_values") },
    { VD_L("value"), VD_L("sensitive") },
    { VD_L("default"), VD_L("sensitive") },
};

typedef struct marked {
    uint32_t value, marks;
} marked;

typedef struct secrets {
    vd_tf *tf;
    VD_VEC(marked) open;
} secrets;

static bool push(secrets *s, uint32_t value, uint32_t marks)
{
    return value == VD_NONE || marks == VD_NONE || VD_PUSH(&s->tf->arena->alloc, &s->open, (marked){ value, marks });
}

static bool add_secret(const vd_tf *tf, uint32_t value)
{
    vd_extraction *x = tf->in->x;
    vd_span        span = vd_doc_span(tf->doc, value);

    span.offset += tf->doc->source->offset;
    return VD_ARENA_PUSH(&x->arena, x->secrets, x->secret_count, x->secret_cap, span);
}

/* A tree of marks is as deep as they are, and holds nothing else. */
static bool go_through(secrets *s)
{
    const vd_doc *d = s->tf->doc;

    while (s->open.count) {
        marked   m = s->open.at[--s->open.count];
        uint32_t kind = d->nodes[m.marks].kind;

        if (kind == VD_NODE_TRUE && !add_secret(s->tf, m.value))
            return false;
        if (kind == VD_NODE_ARRAY && d->nodes[m.value].kind == VD_NODE_ARRAY) {
            uint32_t value = vd_doc_first(d, m.value), mark = vd_doc_first(d, m.marks);

            while (value != VD_NONE && mark != VD_NONE) {
                if (!push(s, value, mark))
                    return false;
                value = vd_doc_next(d, m.value, value);
                mark = vd_doc_next(d, m.marks, mark);
            }
        }
        for (uint32_t c = kind == VD_NODE_OBJECT ? vd_doc_first(d, m.marks) : VD_NONE; c != VD_NONE;
             c = vd_doc_next(d, m.marks, c))
            if (!push(s, vd_extract_nearby(d, m.value, vd_doc_text(d, c)), c + 1))
                return false;
    }
    return true;
}

static bool take_object(secrets *s, uint32_t object)
{
    for (size_t i = 0; i < VD_COUNT(pairs); i++) {
        uint32_t marks = vd_extract_nearby(s->tf->doc, object, pairs[i].marks);

        if (marks != VD_NONE &&
            (!push(s, vd_extract_nearby(s->tf->doc, object, pairs[i].value), marks) || !go_through(s)))
            return false;
    }
    return true;
}

/* The values of variables stand apart from where they are declared. */
static bool take_variables(secrets *s)
{
    const vd_doc *d = s->tf->doc;
    uint32_t      values = vd_extract_at(d, 0, "variables");
    uint32_t      declared = vd_extract_at(d, 0, "configuration.root_module.variables");

    if (!vd_extract_is(d, values, VD_NODE_OBJECT))
        return true;
    for (uint32_t c = vd_doc_first(d, values); c != VD_NONE; c = vd_doc_next(d, values, c)) {
        uint32_t variable = vd_extract_nearby(d, declared, vd_doc_text(d, c));

        if (!push(s, vd_extract_nearby(d, c + 1, VD_S("value")), vd_extract_nearby(d, variable, VD_S("sensitive"))) ||
            !go_through(s))
            return false;
    }
    return true;
}

bool vd_tf_find_secrets(vd_tf *tf)
{
    secrets s = { .tf = tf };
    bool    ok = take_variables(&s);

    for (uint32_t n = 0; ok && n < tf->doc->count; n++)
        if (tf->doc->nodes[n].kind == VD_NODE_OBJECT)
            ok = take_object(&s, n);
    VD_VEC_DONE(&tf->arena->alloc, &s.open);
    return ok;
}

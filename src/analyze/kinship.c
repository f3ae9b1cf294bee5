/* SPDX-License-Identifier: Apache-2.0
 *
 * Classes of actions with the same answer.  Actions are told apart by all resources they take; of those only the ones that the
 * resource at hand may be count.  Where statements, these resources, and the keys that statements test are the same, so is
 * everything else, and the first class answers for the others.
 */
#include "analyze/exposing.h"

#include "base/buf.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"

static bool may_be(const vd_exposing *x, vd_str format)
{
    for (uint32_t i = 0; i < x->on.pattern_count; i++) {
        char   coded[600];
        size_t used = 0;

        if (x->on.patterns[i].n + 12 > sizeof coded)
            return true;
        if (vd_glob_overlaps((vd_str){ coded, vd_resource_code(coded, x->on.patterns[i], false, &used) }, format))
            return true;
    }
    return x->on.pattern_count == 0;
}

static void write_formats(vd_exposing *x, vd_buf *b, vd_action_fact fact)
{
    for (uint32_t i = 0; i < fact.types.count; i++)
        for (uint32_t k = 0; k < vd_catalog_type(x->catalog, fact.types.at[i]).formats; k++)
            if (may_be(x, vd_catalog_format_coded(x->catalog, fact.types.at[i], k)))
                vd_buf_printf(b, "%u.%u,", (unsigned)fact.types.at[i], (unsigned)k);
}

static void write_keys(vd_exposing *x, vd_buf *b, const vd_says *says, uint32_t action)
{
    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++) {
            uint32_t key = vd_catalog_find_key(x->catalog, st->entries[k].key.text);

            vd_buf_byte(b, key != VD_NONE && vd_catalog_action_has_key(x->catalog, action, key) ? '+' : '-');
        }
    }
}

/* What the evaluator knows of single actions besides: whose their resources are is not told, or they are about all of them. */
static void write_owner(vd_buf *b, vd_str action)
{
    vd_str name = action, service;

    if (!vd_str_cut(&name, ':', &service))
        return;
    if (vd_action_hides_owner(service, name))
        vd_buf_byte(b, 'h');
    if (vd_star_resource(service, name, VD_S("aws")).n)
        vd_buf_byte(b, 's');
    vd_buf_byte(b, ':');
}

/* Rows of powerful actions and calls that assume a role are judged by name, at the end: they do not matter here. */
static void write_name(vd_exposing *x, vd_buf *b, uint32_t class_at)
{
    const vd_action_class *c = &x->classes.at[class_at];
    uint32_t               id = vd_catalog_find(x->catalog, c->representative);
    size_t                 words = (vd_all_statements(x) + 63) / 64;
    vd_action_fact         fact;

    if (id == VD_NONE || c->unknown || c->future || vd_str_istarts(c->representative, VD_S("sts:")) ||
        vd_str_istarts(c->representative, VD_S("lambda:")))
        return; /* on their own */
    fact = vd_catalog_action(x->catalog, id);
    vd_buf_printf(b, "%u:", (unsigned)fact.service);
    write_owner(b, c->representative);
    vd_buf_add(b, (vd_str){ (const char *)c->reaches, words * sizeof *c->reaches });
    vd_buf_byte(b, fact.types.count ? 'r' : '*');
    write_formats(x, b, fact);
    for (uint32_t k = 0; k < VD_SAYS; k++)
        write_keys(x, b, &x->says[k], id);
    if (vd_str_ieq(c->representative, VD_S("kms:RetireGrant")))
        vd_buf_byte(b, 'g');
}

typedef void name_fn(vd_exposing *x, vd_buf *b, uint32_t class_at);

/* The first class of the same name; itself. */
static uint32_t first_named(vd_exposing *x, vd_str **names, name_fn *write, uint32_t class_at)
{
    vd_buf   b = vd_buf_on(&x->engine->alloc, 0);
    uint32_t found = class_at;

    if (!*names) {
        *names = vd_arena_new_array(&x->arena, vd_str, x->classes.count ? x->classes.count : 1);
        x->nomem |= !*names;
    }
    if (!x->nomem)
        write(x, &b, class_at);
    if (!x->nomem && (b.failed || !vd_arena_dup(&x->arena, &(*names)[class_at], vd_buf_str(&b))))
        x->nomem = true;
    for (uint32_t i = 0; i < class_at && found == class_at && !x->nomem && b.n; i++)
        if (vd_str_eq((*names)[i], vd_buf_str(&b)))
            found = i;
    vd_buf_done(&b);
    return found;
}

/* The class whose answer is that of this one; itself: the first of its kind. */
uint32_t vd_kin_of(vd_exposing *x, uint32_t class_at)
{
    return first_named(x, &x->kin, write_name, class_at);
}

/* Forms of resources and keys of actions do not matter then, but what has been told does. */
static void write_told(vd_exposing *x, vd_buf *b, uint32_t class_at)
{
    const vd_action_class *c = &x->classes.at[class_at];
    size_t                 words = (vd_all_statements(x) + 63) / 64;

    if (vd_str_istarts(c->representative, VD_S("sts:")) || vd_str_istarts(c->representative, VD_S("lambda:")) ||
        vd_str_ieq(c->representative, VD_S("kms:RetireGrant")))
        return; /* on their own */
    vd_buf_add(b, vd_str_first(c->representative, vd_str_find(c->representative, ':') + 1));
    write_owner(b, c->representative);
    vd_buf_add(b, (vd_str){ (const char *)c->reaches, words * sizeof *c->reaches });
    for (uint32_t i = 0; i < x->told; i++)
        if (vd_found_has(&x->founds.at[i], class_at))
            vd_buf_printf(b, ",%u", i);
}

uint32_t vd_kin_told(vd_exposing *x, uint32_t class_at)
{
    return first_named(x, &x->kin_told, write_told, class_at);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What the statements say that a finding rests on, and those that could take something away from it, and what comes of them, as a
 * digest: the cell of a finding stays the same when a statement begins to reach more of the resource, or asks for less.  Sids, white
 * space and the order of things do not count.
 */
#include "analyze/exposing.h"

#include "base/sha256.h"
#include "base/str.h"
#include "pattern/arn.h"

#include <stdlib.h>

enum { DIGITS = 32 };

typedef struct lines {
    vd_exposing *x;
    vd_str      *at;
    uint32_t     count, cap;
} lines;

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static void add(lines *l, vd_str line)
{
    if (!VD_ARENA_PUSH(&l->x->arena, l->at, l->count, l->cap, line))
        l->x->nomem = true;
}

/* One value of one element. */
static void add_value(lines *l, vd_str element, vd_str more, vd_str key, vd_str value)
{
    static const char    between[] = "\0";
    const vd_str         gap = { between, 1 };
    const vd_str         parts[] = { element, gap, more, gap, key, gap, value };
    vd_str               line;

    if (vd_arena_join(&l->x->arena, &line, parts, VD_COUNT(parts)))
        add(l, line);
    else
        l->x->nomem = true;
}

/* Of all lines, whatever their order. */
static vd_str digest(lines *l)
{
    vd_sha256_sum sum;
    char          hex[65];
    vd_str        out = VD_S("");

    if (l->count > 1)
        qsort(l->at, l->count, sizeof *l->at, by_text);
    vd_sha256_begin(&sum);
    for (uint32_t i = 0; i < l->count; i++) {
        vd_sha256_add(&sum, l->at[i]);
        vd_sha256_add(&sum, VD_S("\n"));
    }
    vd_sha256_end(&sum, hex);
    if (!vd_arena_dup(&l->x->arena, &out, (vd_str){ hex, DIGITS }))
        l->x->nomem = true;
    return out;
}

static void add_list(lines *l, vd_str element, const vd_list *list)
{
    if (list->present)
        add_value(l, element, list->negated ? VD_S("not") : VD_S(""), VD_S(""), VD_S(""));
    for (uint32_t i = 0; list->present && i < list->texts.count; i++)
        add_value(l, element, VD_S(""), VD_S(""), list->texts.at[i].text);
}

static void add_principals(lines *l, const vd_principals *p)
{
    static const char *const types[] = { "AWS", "Service", "Federated", "CanonicalUser", "*" };

    if (p->present)
        add_value(l, VD_S("Principal"), p->negated ? VD_S("not") : VD_S(""), VD_S(""), VD_S(""));
    for (uint32_t i = 0; p->present && i < p->count; i++)
        add_value(l, VD_S("Principal"), vd_str_of(types[p->at[i].type]), VD_S(""), p->at[i].text.text);
}

static void add_statement(lines *all, const vd_say *say)
{
    const vd_statement *s = &say->policy->statements[say->index];
    lines               l = { .x = all->x };

    add_value(&l, VD_S("Effect"), vd_str_of(say->source), say->source_text, s->effect == VD_EFFECT_DENY ? VD_S("Deny") : VD_S("Allow"));
    if (say->policy->language != VD_LANGUAGE_2012)
        add_value(&l, VD_S("Version"), VD_S(""), VD_S(""), VD_S(""));
    add_principals(&l, &s->principal);
    add_list(&l, VD_S("Action"), &s->action);
    add_list(&l, VD_S("Resource"), &s->resource);
    for (uint32_t i = 0; i < s->entry_count; i++) {
        const vd_entry *e = &s->entries[i];

        add_value(&l, VD_S("Condition"), e->operator_name.text, e->key.text, VD_S(""));
        for (uint32_t k = 0; k < e->values.count; k++)
            add_value(&l, VD_S("Condition"), e->operator_name.text, e->key.text, e->values.at[k].text);
    }
    add(all, digest(&l));
}

static bool reaches(vd_exposing *x, const vd_found *f, const vd_say *say)
{
    for (uint32_t i = 0; i < f->class_count; i++) {
        x->at_class = f->classes[i];
        if (vd_exposing_reaches(x, say) && vd_exposing_bound(x, say))
            return true;
    }
    return false;
}

/* It names accounts of the zone, and principals of them, and nobody else. */
static bool stays_home(const vd_exposing *x, const vd_say *say)
{
    const vd_principals *p = &say->policy->statements[say->index].principal;
    vd_arn               arn;
    bool                 home = true;

    for (uint32_t i = 0; home && i < p->count; i++) {
        vd_str text = p->at[i].text.text, account = vd_arn_split(&arn, text) ? arn.account : text;

        home = p->at[i].type == VD_PRINCIPAL_AWS && vd_is_account(account) && vd_seen_find(&x->home.seen, account) != VD_NONE;
    }
    return home && p->present && !p->negated && p->count > 0;
}

/* What a finding about many says counts for some of them as well: a statement for those gets no finding of its own. */
static bool is_about_many(const vd_exposed *e)
{
    return e->is_public || (e->exposed != VD_EXPOSED_CROSS_ACCOUNT && e->exposed != VD_EXPOSED_CANONICAL_USER);
}

/* What follows from them and from all that is known besides: settings, other layers. */
static void add_outcome(lines *l, const vd_exposed *e)
{
    vd_str flags;

    if (!vd_arena_printf(&l->x->arena, &flags, "%u", (unsigned)e->flags)) {
        l->x->nomem = true;
        return;
    }
    add_value(l, VD_S("Outcome"), vd_str_of(vd_access_name(e->severity)), e->is_public ? VD_S("public") : VD_S(""), flags);
    for (size_t i = 0; i < e->resources.count; i++)
        add_value(l, VD_S("Reached"), VD_S(""), VD_S(""), e->resources.at[i]);
    for (size_t i = 0; i < e->require_count; i++) {
        const vd_required *r = &e->requirements[i];

        add_value(l, VD_S("Requires"), r->operator_name, r->key, r->must);
        for (size_t k = 0; k < r->count; k++)
            add_value(l, VD_S("Requires"), r->operator_name, r->key, r->values[k]);
    }
}

vd_str vd_found_grounds(vd_exposing *x, const vd_found *f, const vd_exposed *e)
{
    const vd_says *others[] = { &x->denies, &x->access_allows, &x->access_denies, &x->endpoint_allows, &x->endpoint_denies };
    lines          l = { .x = x };

    for (uint32_t i = 0; i < x->allows.count; i++) {
        const vd_say *say = &x->allows.at[i];

        if (vd_found_rests_on(f, i) || (is_about_many(e) && reaches(x, f, say) && !stays_home(x, say)))
            add_statement(&l, say);
    }
    for (size_t k = 0; k < VD_COUNT(others); k++)
        for (uint32_t i = 0; i < others[k]->count; i++)
            if (reaches(x, f, &others[k]->at[i]))
                add_statement(&l, &others[k]->at[i]);
    x->at_class = f->classes[0];
    add_outcome(&l, e);
    return digest(&l);
}

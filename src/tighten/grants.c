/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements in terms of the catalogue.  Whatever is not clear leaves an action granted: that it is not used is then said
 * of more, and of nothing that is used.
 */
#include "tighten/grants.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"

enum { MOST_PATTERN = 2048 };

uint32_t vd_grant_words(const vd_catalog *c)
{
    return vd_catalog_actions(c) / 64 + 1;
}

static void trim(const vd_catalog *c, uint64_t *bits)
{
    uint32_t last = vd_catalog_actions(c);

    bits[last / 64] &= (UINT64_C(1) << last % 64) - 1;
}

void vd_grant_actions(const vd_catalog *c, const vd_list *action, uint64_t *bits)
{
    uint32_t words = vd_grant_words(c);

    memset(bits, 0, words * sizeof *bits);
    for (uint32_t i = 0; i < action->texts.count; i++)
        vd_catalog_expand_bits(c, action->texts.at[i].text, bits);
    for (uint32_t i = 0; action->negated && i < words; i++)
        bits[i] = ~bits[i];
    trim(c, bits);
}

/* ------------------------------------------------------------------ what is taken away */

static bool is_everything(const vd_list *resource)
{
    for (uint32_t i = 0; resource->present && !resource->negated && i < resource->texts.count; i++)
        if (vd_resource_classify(resource->texts.at[i].text, false) == VD_RESOURCE_STARS)
            return true;
    return false;
}

static bool takes_wholly(const vd_statement *st)
{
    return st->effect == VD_EFFECT_DENY && !st->malformed && !st->has_condition && !st->principal.present && st->action.present &&
           is_everything(&st->resource);
}

static void subtract_denies(const vd_catalog *c, const vd_policy *p, uint64_t *bits, uint64_t *some)
{
    for (uint32_t i = 0; i < p->statement_count; i++) {
        if (!takes_wholly(&p->statements[i]))
            continue;
        vd_grant_actions(c, &p->statements[i].action, some);
        for (uint32_t w = 0; w < vd_grant_words(c); w++)
            bits[w] &= ~some[w];
    }
}

static void keep_bounded(const vd_catalog *c, const vd_policy *p, uint64_t *bits, uint64_t *some, uint64_t *within)
{
    memset(within, 0, vd_grant_words(c) * sizeof *within);
    for (uint32_t i = 0; i < p->statement_count; i++) {
        const vd_statement *st = &p->statements[i];

        if (st->effect != VD_EFFECT_ALLOW || st->malformed || !st->action.present)
            continue;
        vd_grant_actions(c, &st->action, some);
        for (uint32_t w = 0; w < vd_grant_words(c); w++)
            within[w] |= some[w];
    }
    for (uint32_t w = 0; w < vd_grant_words(c); w++)
        bits[w] &= within[w];
    subtract_denies(c, p, bits, some);
}

bool vd_grant_mask(const vd_catalog *c, const vd_holder *h, uint64_t *bits, vd_arena *scratch)
{
    uint64_t *some = vd_arena_new_array(scratch, uint64_t, vd_grant_words(c));
    uint64_t *within = vd_arena_new_array(scratch, uint64_t, vd_grant_words(c));

    if (!some || !within)
        return false;
    for (size_t i = 0; i < h->policy_count; i++)
        subtract_denies(c, h->policies[i].policy, bits, some);
    if (h->boundary)
        keep_bounded(c, h->boundary->policy, bits, some, within);
    return true;
}

/* ------------------------------------------------------------------ how broad */

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static size_t first_wildcard(vd_str s)
{
    size_t star = vd_str_find(s, '*'), any = vd_str_find(s, '?');

    return star < any ? star : any;
}

/* "role/", "function:": nothing but the type. */
static bool is_type_only(vd_str prefix)
{
    size_t slash = vd_str_find(prefix, '/'), colon = vd_str_find(prefix, ':'), end = slash < colon ? slash : colon;

    return prefix.n == 0 || end + 1 == prefix.n;
}

uint32_t vd_pattern_breadth(vd_str pattern)
{
    vd_arn a;
    vd_str prefix, rest;

    if (vd_resource_classify(pattern, true) == VD_RESOURCE_STARS || !vd_arn_split(&a, pattern) || has_wildcard(a.service))
        return 4;
    if (!has_wildcard(pattern) && !vd_str_contains(pattern, VD_S("${")))
        return 1;
    if (!has_wildcard(a.resource))
        return 2; /* of any region, of any account, with a variable */
    prefix = vd_str_first(a.resource, first_wildcard(a.resource));
    rest = vd_str_from(a.resource, prefix.n);
    while (rest.n && (rest.p[0] == '*' || rest.p[0] == '?'))
        rest = vd_str_from(rest, 1);
    if (vd_str_eq(a.service, VD_S("s3")) ? prefix.n > 0 : !is_type_only(prefix))
        return 2;
    if (rest.n && !(rest.p[0] == '/' || rest.p[0] == ':'))
        return 2; /* an end */
    return has_wildcard(a.account) ? 4 : 3;
}

uint32_t vd_grant_breadth(const vd_str *patterns, uint32_t count)
{
    uint32_t most = 1;

    for (uint32_t i = 0; i < count; i++)
        if (vd_pattern_breadth(patterns[i]) > most)
            most = vd_pattern_breadth(patterns[i]);
    return most;
}

uint32_t vd_statement_breadth(const vd_statement *st)
{
    uint32_t most = 1;

    if (!st->resource.present || st->resource.negated)
        return 4;
    for (uint32_t i = 0; i < st->resource.texts.count; i++) {
        uint32_t b = vd_pattern_breadth(st->resource.texts.at[i].text);

        most = b > most ? b : most;
    }
    return most;
}

bool vd_statement_is_fenced(const vd_statement *st)
{
    static const vd_str keys[] = { VD_L("aws:SourceIp"),         VD_L("aws:VpcSourceIp"),    VD_L("aws:SourceVpc"),
                                   VD_L("aws:SourceVpce"),       VD_L("aws:PrincipalOrgID"), VD_L("aws:PrincipalOrgPaths"),
                                   VD_L("aws:PrincipalAccount"), VD_L("aws:ResourceOrgID"),  VD_L("aws:ResourceOrgPaths") };

    for (uint32_t i = 0; i < st->entry_count; i++)
        for (size_t k = 0; k < VD_COUNT(keys); k++)
            if (st->entries[i].op.op && !st->entries[i].op.op->negated && vd_str_ieq(st->entries[i].key.text, keys[k]))
                return true;
    return false;
}

uint32_t vd_level_weight(uint8_t level)
{
    static const uint8_t weights[] = { [VD_LEVEL_LIST] = 1, [VD_LEVEL_READ] = 2, [VD_LEVEL_TAGGING] = 3, [VD_LEVEL_WRITE] = 6,
                                       [VD_LEVEL_PERMISSIONS] = 25 };

    return level < VD_COUNT(weights) ? weights[level] : weights[VD_LEVEL_PERMISSIONS];
}

/* ------------------------------------------------------------------ is it about this resource? */

bool vd_pattern_covers(vd_str pattern, bool variables, vd_str arn, bool sure)
{
    char   coded[MOST_PATTERN + 16];
    size_t n, used = 0;

    if (vd_resource_classify(pattern, variables) == VD_RESOURCE_STARS)
        return true;
    if (sure && has_wildcard(arn))
        return false; /* a pattern itself: who knows what is in it */
    if (pattern.n > MOST_PATTERN)
        return !sure;
    if (variables && vd_str_contains(pattern, VD_S("${"))) {
        if (sure)
            return false;
        pattern = vd_str_first(pattern, vd_str_find(pattern, '$'));
        memcpy(coded, pattern.p, pattern.n);
        coded[pattern.n] = '*';
        if (has_wildcard(arn))
            return vd_action_overlaps((vd_str){ coded, pattern.n + 1 }, arn);
        n = vd_glob_code(coded, pattern);
        coded[n++] = VD_STAR;
        return vd_glob_match((vd_str){ coded, n }, arn);
    }
    if (has_wildcard(arn)) /* what it stands for may be among what the other means */
        return vd_action_overlaps(pattern, arn);
    n = vd_resource_code(coded, pattern, false, &used);
    return vd_glob_match((vd_str){ coded, n }, arn);
}

bool vd_statement_covers(const vd_policy *p, const vd_statement *st, vd_str arn, bool sure)
{
    if (!st->resource.present || st->resource.negated)
        return !sure;
    for (uint32_t i = 0; i < st->resource.texts.count; i++)
        if (vd_pattern_covers(st->resource.texts.at[i].text, p->language == VD_LANGUAGE_2012, arn, sure))
            return true;
    return false;
}

/* ------------------------------------------------------------------ as texts */

typedef struct listing {
    vd_arena *arena;
    vd_str   *at;
    uint32_t  count, cap;
    bool      failed;
} listing;

static void list_text(void *user, vd_str text)
{
    listing *l = user;
    vd_str   kept = { "", 0 };

    l->failed = l->failed || !vd_arena_dup(l->arena, &kept, text) || !VD_ARENA_PUSH(l->arena, l->at, l->count, l->cap, kept);
}

bool vd_grant_texts(const vd_catalog *c, const uint64_t *bits, vd_texts_list *all, vd_texts_list *patterns, vd_arena *arena)
{
    listing every = { .arena = arena }, few = { .arena = arena };
    char    name[256];

    for (uint32_t w = 0; w < vd_grant_words(c); w++)
        for (uint64_t rest = bits[w]; rest; rest &= rest - 1)
            list_text(&every, (vd_str){ name, vd_catalog_action_text(c, w * 64 + (uint32_t)__builtin_ctzll(rest), name, sizeof name) });
    if (every.count > 1)
        vd_catalog_shrink(c, bits, list_text, &few);
    else if (every.count)
        list_text(&few, every.at[0]);
    *all = (vd_texts_list){ every.at, every.count };
    *patterns = (vd_texts_list){ few.at, few.count };
    return !every.failed && !few.failed;
}

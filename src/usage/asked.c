/* SPDX-License-Identifier: Apache-2.0
 *
 * What a call asks under, as far as conditions can test it and its parameters say it: the tags that it gives, and KMS's
 * encryption context (usage 6.6).  Of each call all of it together is one text, an object of condition keys in their order:
 * {"aws:RequestTag/env":"prod"}.  Of calls of KMS it is told whether each of them had a context.
 */
#include "usage/resources.h"

#include "base/buf.h"
#include "base/str.h"
#include "usage/summary.h"
#include "usage/usage_int.h"

#include <stdlib.h>

enum { MOST_PAIRS = 64 };

/* Bits of event-guards: the parameters have tags. */
#define TAG_BITS (UINT64_C(7) << 32)

typedef struct pair {
    vd_str key, value; /* value: without bytes to point to when nobody says it */
} pair;

typedef struct asked {
    vd_usage *u;
    vd_fact  *f;
    pair      pairs[MOST_PAIRS];
    uint32_t  count;
    bool      more; /* pairs than have room, or something that cannot be read */
    uint32_t  contexts; /* of encryption, that have something in them */
} asked;

static int by_key(const void *a, const void *b)
{
    const pair *p = a, *q = b;
    int         c = vd_str_cmp(p->key, q->key);

    return c ? c : vd_str_cmp(p->value, q->value);
}

/* What was found is one thing that the call asks under. */
static bool put_all(asked *a, vd_str prefix)
{
    vd_buf b = vd_buf_on(&a->u->engine->alloc, 0);
    bool   good = true;
    vd_str key;

    qsort(a->pairs, a->count, sizeof *a->pairs, by_key);
    vd_buf_byte(&b, '{');
    for (uint32_t i = 0; i < a->count && !a->more && !b.failed; i++) {
        b.failed |= !vd_arena_printf(&a->u->scratch, &key, VD_F VD_F, VD_A(prefix), VD_A(a->pairs[i].key));
        if (b.failed)
            break;
        vd_buf_add(&b, i ? VD_S(",") : VD_S(""));
        vd_writer_string(&b, key);
        vd_buf_byte(&b, ':');
        if (a->pairs[i].value.p)
            vd_writer_string(&b, a->pairs[i].value);
        else
            vd_buf_add(&b, VD_S("null"));
    }
    vd_buf_byte(&b, '}');
    if (a->more)
        a->f->sets[VD_SET_ASKED].overflow = true;
    else if (a->count)
        good = b.failed ? vd_usage_nomem(a->u) : vd_usage_put(a->u, a->f, VD_SET_ASKED, vd_buf_str(&b));
    vd_buf_done(&b);
    a->count = 0;
    a->more = false;
    return good;
}

/* False: no memory. */
static bool add_pair(asked *a, vd_str key, vd_str value, bool has_value)
{
    pair *p = &a->pairs[a->count];

    if (a->count == MOST_PAIRS) {
        a->more = true;
        return true;
    }
    if (!vd_scan_text(key, &a->u->scratch, &p->key))
        return vd_usage_nomem(a->u);
    p->value = (vd_str){ 0 };
    if (has_value && !value.n)
        p->value = VD_S("");
    else if (has_value && !vd_scan_text(value, &a->u->scratch, &p->value))
        return vd_usage_nomem(a->u);
    if (has_value && !p->value.p)
        p->value = VD_S("");
    if (p->key.n)
        a->count++;
    else
        a->more = true;
    return true;
}

/* ------------------------------------------------------------------ tags */

static vd_str member_of(vd_str object, const vd_str *names, size_t count)
{
    vd_str value = { 0 };

    for (size_t i = 0; !value.n && i < count; i++)
        value = vd_scan_find(object, names[i]);
    return value;
}

/* [{"key": ..., "value": ...}], in the spellings of the services. */
static bool tag_list(asked *a, vd_str list)
{
    static const vd_str keys[] = { VD_L("key"), VD_L("Key"), VD_L("tagKey"), VD_L("TagKey") };
    static const vd_str values[] = { VD_L("value"), VD_L("Value"), VD_L("tagValue"), VD_L("TagValue") };
    vd_str              element;

    while (vd_scan_element(&list, &element))
        if (!add_pair(a, member_of(element, keys, VD_COUNT(keys)), member_of(element, values, VD_COUNT(values)), true))
            return false;
    return true;
}

/* {"env": "prod"} */
static bool pair_map(asked *a, vd_str object)
{
    const char *p = object.p + 1, *end = object.p + object.n;
    vd_str      key, value;

    while ((p = vd_walk_next(p, end, &key, &value)) != NULL) {
        a->more |= value.p[0] != '"';
        if (!add_pair(a, (vd_str){ key.p - 1, key.n + 2 }, value, true))
            return false;
    }
    return true;
}

static vd_str items_of(vd_str object)
{
    static const vd_str names[] = { VD_L("items"), VD_L("Items") };

    return member_of(object, names, VD_COUNT(names));
}

static bool tags_of(asked *a, vd_str value)
{
    vd_str items = value.n && value.p[0] == '{' ? items_of(value) : value;

    if (items.n && items.p[0] == '[')
        return tag_list(a, items);
    if (value.n && value.p[0] == '{')
        return pair_map(a, value);
    a->more = true;
    return true;
}

/* Of each kind of thing that is made its own tags. */
static bool specifications(asked *a, vd_str value)
{
    vd_str list = value.p[0] == '{' ? items_of(value) : value, element;

    if (!list.n || list.p[0] != '[')
        a->more = true;
    while (!a->more && vd_scan_element(&list, &element))
        if (!tags_of(a, vd_scan_find(element, VD_S("tags"))) || !put_all(a, VD_S("aws:RequestTag/")))
            return false;
    return put_all(a, VD_S("aws:RequestTag/"));
}

/* Keys alone, of tags that are taken away. */
static bool tag_keys(asked *a, vd_str list)
{
    vd_str element;

    if (list.p[0] != '[')
        a->more = true;
    while (!a->more && vd_scan_element(&list, &element))
        if (!add_pair(a, element, VD_S(""), false))
            return false;
    return put_all(a, VD_S("aws:RequestTag/"));
}

/* ------------------------------------------------------------------ the parameters */

static bool context(asked *a)
{
    a->contexts += a->count > 0 && !a->more;
    return put_all(a, VD_S("kms:EncryptionContext:"));
}

static bool one_member(asked *a, vd_str key, vd_str value, bool kms)
{
    if (vd_str_ieq(key, VD_S("tags")) || vd_str_ieq(key, VD_S("tagSet")))
        return tags_of(a, value) && put_all(a, VD_S("aws:RequestTag/"));
    if (vd_str_ieq(key, VD_S("tagSpecificationSet")))
        return specifications(a, value);
    if (vd_str_ieq(key, VD_S("tagKeys")))
        return tag_keys(a, value);
    if (kms && (vd_str_ieq(key, VD_S("encryptionContext")) || vd_str_ieq(key, VD_S("sourceEncryptionContext")) ||
                vd_str_ieq(key, VD_S("destinationEncryptionContext"))))
        return value.p[0] != '{' || (pair_map(a, value) && context(a));
    return true;
}

/* To encrypt anew is two things, each under its own. */
static bool has_contexts(const asked *a, vd_str name)
{
    return a->contexts >= (vd_str_eq(name, VD_S("ReEncrypt")) ? 2 : 1);
}

bool vd_usage_asked(vd_usage *u, vd_fact *f, vd_str label, vd_str name, uint64_t guards)
{
    vd_walk *w = &u->walk;
    bool     kms = vd_str_eq(label, VD_S("kms"));
    asked    a;

    if (!kms && !(guards & TAG_BITS) && !vd_str_starts(name, VD_S("Untag")))
        return true;
    a.u = u;
    a.f = f;
    a.count = 0;
    a.more = false;
    a.contexts = 0;
    vd_walk_members(w);
    for (uint32_t i = 0; i < w->count; i++)
        if (!one_member(&a, w->keys[i], w->values[i], kms))
            return false;
    if (w->behind)
        f->sets[VD_SET_ASKED].overflow = true;
    if (kms)
        f->mfa |= has_contexts(&a, name) ? VD_WITH_CONTEXT : VD_WITHOUT_CONTEXT;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Under which circumstances an action was used, as far as the logs say it (usage 6.6): regions, tags, KMS's encryption context,
 * to whom a role was passed, whether MFA was shown.  Which of them came together is not kept, so each is asked with each;
 * addresses are kept as networks only, and are left out.
 */
#include "tighten/rightsize.h"

#include "base/str.h"
#include "text/json_lex.h"

enum { MOST_KEYS = 64, MOST_ASKED = 256 }; /* keys: as many as summaries keep of a call, usage/asked.c */

static const vd_str tag_prefix = VD_L("aws:RequestTag/"), context_prefix = VD_L("kms:EncryptionContext:");

/* One of many: "none" is one, too. */
static uint32_t ways(const vd_use_texts *t)
{
    return t->count ? (uint32_t)(t->count < MOST_ASKED ? t->count : MOST_ASKED) : 1;
}

static bool passes(const vd_rs_seen *s)
{
    return vd_str_ieq(s->name, VD_S("iam:PassRole"));
}

static bool text_of(vd_arena *arena, vd_str all, const vd_json_token *t, vd_str *out)
{
    char *room = vd_arena_alloc(arena, t->length, 1);

    if (!room)
        return false;
    *out = (vd_str){ room, vd_json_unescape(room, (vd_str){ all.p + t->offset + 1, t->length - 2 }) };
    return true;
}

/* {"key":"value","key":null}; what does not read so was not written by us, and tells nothing.  more: it has keys for which there
 * is no room.  False: no memory. */
static bool read_contexts(vd_rs_contexts *out, vd_arena *arena, vd_str text, bool *more)
{
    vd_json_token t = vd_json_next(text, 0);
    vd_rs_context room[MOST_KEYS];

    *out = (vd_rs_contexts){ 0 };
    if (t.kind != VD_JSON_OPEN_OBJECT)
        return true;
    for (t = vd_json_next(text, t.offset + t.length); t.kind == VD_JSON_STRING && out->count < MOST_KEYS;) {
        vd_rs_context *c = &room[out->count++];

        if (!text_of(arena, text, &t, &c->key))
            return false;
        t = vd_json_next(text, t.offset + t.length);
        t = vd_json_next(text, t.offset + t.length); /* behind the colon */
        c->known = t.kind == VD_JSON_STRING;
        if (c->known && !text_of(arena, text, &t, &c->value))
            return false;
        t = vd_json_next(text, t.offset + t.length);
        if (t.kind == VD_JSON_COMMA)
            t = vd_json_next(text, t.offset + t.length);
    }
    *more |= t.kind == VD_JSON_STRING;
    out->at = vd_arena_new_array(arena, vd_rs_context, out->count + 1);
    if (out->at && out->count)
        memcpy(out->at, room, out->count * sizeof *room);
    return out->at != NULL;
}

bool vd_rs_asked_of(vd_rs_asked *out, const vd_rs_seen *s, vd_arena *arena)
{
    const vd_rs_how *how = &s->how;
    uint32_t         n = ways(&how->asked);
    uint64_t         all = (uint64_t)ways(&how->regions) * (passes(s) ? ways(&how->services) : 1) * n;

    *out = (vd_rs_asked){ .seen = s, .context_count = n, .count = all > MOST_ASKED ? MOST_ASKED : (uint32_t)all };
    out->open = all > MOST_ASKED || how->regions.more || how->asked.more || how->services.more;
    out->contexts = vd_arena_new_array(arena, vd_rs_contexts, (size_t)n + 1);
    for (uint32_t i = 0; out->contexts && i < n; i++)
        if (!read_contexts(&out->contexts[i], arena, how->asked.count ? how->asked.at[i] : VD_S(""), &out->open))
            return false;
    return out->contexts != NULL;
}

/* ------------------------------------------------------------------ into a request */

static bool put(vd_rs_asked *a, vd_request *q, vd_str key, const vd_str *values, size_t count)
{
    vd_code code = vd_request_context(q, key, values, count);

    if (code == VD_OK && a->told_count < VD_RS_TOLD_KEYS)
        a->told[a->told_count++] = key;
    return code != VD_ENOMEM;
}

/* The keys of all of one sort, as a condition key of their own has them. */
static bool put_keys(vd_rs_asked *a, vd_request *q, const vd_rs_contexts *all, vd_str prefix, vd_str into)
{
    vd_str   names[MOST_KEYS];
    uint32_t n = 0;

    for (uint32_t i = 0; i < all->count; i++)
        if (vd_str_starts(all->at[i].key, prefix))
            names[n++] = vd_str_from(all->at[i].key, prefix.n);
    return n == 0 || put(a, q, into, names, n);
}

static bool put_context(vd_rs_asked *a, vd_request *q, const vd_rs_contexts *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        if (all->at[i].known && !put(a, q, all->at[i].key, &all->at[i].value, 1))
            return false;
    return put_keys(a, q, all, tag_prefix, VD_S("aws:TagKeys")) &&
           put_keys(a, q, all, context_prefix, VD_S("kms:EncryptionContextKeys"));
}

bool vd_rs_asked_put(vd_rs_asked *a, vd_request *q, uint32_t i)
{
    const vd_rs_how *how = &a->seen->how;
    uint32_t         regions = ways(&how->regions), services = passes(a->seen) ? ways(&how->services) : 1;
    vd_str           yes = VD_S("true");

    a->told_count = 0;
    if (how->regions.count && !put(a, q, VD_S("aws:RequestedRegion"), &how->regions.at[i % regions], 1))
        return false;
    i /= regions;
    if (passes(a->seen) && how->services.count && !put(a, q, VD_S("iam:PassedToService"), &how->services.at[i % services], 1))
        return false;
    i /= services;
    if (how->mfa_true && !how->mfa_false && !how->mfa_none && !put(a, q, VD_S("aws:MultiFactorAuthPresent"), &yes, 1))
        return false;
    if (!how->off_endpoint && how->endpoints.count == 1 && !how->endpoints.more &&
        !put(a, q, VD_S("aws:SourceVpce"), how->endpoints.at, 1))
        return false;
    return i >= a->context_count || put_context(a, q, &a->contexts[i]);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of accounts, principals and resources as one run of bytes, the inside of VD_SEC_KNOWN (eval/known.c reads
 * it): sorted, every text once.
 */
#include "compile/compile.h"

#include "base/str.h"
#include "eval/set_int.h"

#include <stdlib.h>

typedef struct writer {
    const vd_allocator *a;
    const vd_know_list *list;
    vd_intern           texts;
    VD_VEC(uint32_t)    off; /* by id of a text */
    VD_VEC(vd_iaccount) accounts;
    VD_VEC(vd_ithing)   things;
    VD_VEC(uint32_t)    roles;
    VD_VEC(vd_itag)     tags;
    uint32_t            text_bytes;
    bool                failed;
} writer;

static vd_itext put_text(writer *w, vd_str s)
{
    uint32_t id = VD_NONE;

    if (s.n == 0 || w->failed)
        return (vd_itext){ 0, 0 };
    id = vd_intern_find(&w->texts, s);
    if (id != VD_NONE)
        return (vd_itext){ w->off.at[id], (uint32_t)s.n };
    if (s.n > UINT32_MAX / 2 || s.n > UINT32_MAX - w->text_bytes || !vd_intern_add(&w->texts, w->a, s, &id) ||
        !VD_PUSH(w->a, &w->off, w->text_bytes)) {
        w->failed = true;
        return (vd_itext){ 0, 0 };
    }
    w->text_bytes += (uint32_t)s.n;
    return (vd_itext){ w->text_bytes - (uint32_t)s.n, (uint32_t)s.n };
}

/* ------------------------------------------------------------------ accounts and things */

static void put_account(writer *w, const vd_known_account *from)
{
    vd_iaccount to = { .management = from->management, .root = VD_NONE };

    to.id = put_text(w, from->id);
    to.org = put_text(w, from->org);
    to.org_path = put_text(w, from->org_path);
    w->failed |= !VD_PUSH(w->a, &w->accounts, to);
}

static vd_str account_id(const void *of, uint32_t i)
{
    return ((const vd_known_account *)of)[i].id;
}

static void put_tags(writer *w, const vd_known_thing *from, vd_ithing *to)
{
    to->first_tag = w->tags.count;
    for (uint32_t i = 0; i < from->tag_count && !w->failed; i++) {
        vd_str  key, value;
        vd_itag tag;

        w->list->tag(w->list->of, from->first_tag + i, &key, &value);
        tag.key = put_text(w, key);
        tag.value = put_text(w, value);
        w->failed |= !VD_PUSH(w->a, &w->tags, tag);
    }
    to->tag_count = w->tags.count - to->first_tag;
}

static void put_thing(writer *w, const vd_known_thing *from, uint32_t at)
{
    vd_ithing to = { .kind = (uint32_t)from->kind,
                     .flags = (from->linked ? (uint32_t)VD_ITHING_LINKED : 0u) | (from->bucket ? (uint32_t)VD_ITHING_BUCKET : 0u) };
    uint32_t  account = vd_str_search(w->list->accounts, w->list->account_count, account_id, from->account);

    to.arn = put_text(w, from->arn);
    to.id = put_text(w, from->id);
    to.account = put_text(w, from->account);
    to.state = put_text(w, from->state);
    put_tags(w, from, &to);
    w->failed |= !VD_PUSH(w->a, &w->things, to) || (from->kind == VD_KNOWN_ROLE && !VD_PUSH(w->a, &w->roles, at));
    if (from->kind == VD_KNOWN_ROOT && account != VD_NONE && !w->failed)
        w->accounts.at[account].root = at;
}

/* By ARN, principals before resources. */
static int by_arn(const void *a, const void *b)
{
    const vd_known_thing *x = a, *y = b;
    int                   c = vd_str_cmp(x->arn, y->arn);

    return c ? c : (x->kind > y->kind) - (x->kind < y->kind);
}

static int by_role(const void *a, const void *b, void *user)
{
    const vd_known_thing *things = user, *x = &things[*(const uint32_t *)a], *y = &things[*(const uint32_t *)b];
    int                   c = vd_str_cmp(x->account, y->account);

    if (c == 0)
        c = vd_str_cmp(vd_known_role_name(x->arn), vd_known_role_name(y->arn));
    return c ? c : vd_str_cmp(x->arn, y->arn);
}

static void put_all(writer *w)
{
    const vd_know_list *l = w->list;

    w->failed = !VD_RESERVE(w->a, &w->things, l->thing_count) || !VD_RESERVE(w->a, &w->accounts, l->account_count);
    if (l->thing_count > 1)
        qsort(l->things, l->thing_count, sizeof *l->things, by_arn);
    for (uint32_t i = 0; i < l->account_count && !w->failed; i++)
        put_account(w, &l->accounts[i]);
    for (uint32_t i = 0; i < l->thing_count && !w->failed; i++)
        put_thing(w, &l->things[i], i);
    if (w->roles.count > 1)
        qsort_r(w->roles.at, w->roles.count, sizeof *w->roles.at, by_role, l->things);
}

/* ------------------------------------------------------------------ bytes */

static void put_bytes(char **at, const void *bytes, size_t n)
{
    if (n)
        memcpy(*at, bytes, n);
    *at += n;
}

static vd_code write_all(vd_str *out, const writer *w, vd_error *err)
{
    vd_iknown n = { .accounts = w->accounts.count, .things = w->things.count, .roles = w->roles.count, .tags = w->tags.count,
                    .texts = w->text_bytes };
    size_t    size = sizeof n + n.accounts * sizeof(vd_iaccount) + n.things * sizeof(vd_ithing) + n.roles * sizeof(uint32_t) +
                  n.tags * sizeof(vd_itag) + n.texts;
    char     *block = vd_alloc(w->a, size), *at = block;

    if (!block)
        return vd_fail_nomem(err);
    put_bytes(&at, &n, sizeof n);
    put_bytes(&at, w->accounts.at, n.accounts * sizeof(vd_iaccount));
    put_bytes(&at, w->things.at, n.things * sizeof(vd_ithing));
    put_bytes(&at, w->roles.at, n.roles * sizeof(uint32_t));
    put_bytes(&at, w->tags.at, n.tags * sizeof(vd_itag));
    for (uint32_t i = 0; i < w->texts.strings.count; i++)
        put_bytes(&at, w->texts.strings.at[i].p, w->texts.strings.at[i].n);
    *out = (vd_str){ block, size };
    return VD_OK;
}

vd_code vd_builder_know(vd_builder *b, const vd_know_list *list, vd_error *err)
{
    writer  w = { .a = &b->engine->alloc, .list = list };
    vd_code code = VD_ENOMEM;

    if (b->known.n)
        return vd_fail(err, VD_EINVAL, "a set knows one snapshot");
    w.texts.seed = b->engine->hash_seed;
    put_all(&w);
    if (!w.failed)
        code = write_all(&b->known, &w, err);
    vd_intern_done(&w.texts, w.a);
    VD_VEC_DONE(w.a, &w.off);
    VD_VEC_DONE(w.a, &w.accounts);
    VD_VEC_DONE(w.a, &w.things);
    VD_VEC_DONE(w.a, &w.roles);
    VD_VEC_DONE(w.a, &w.tags);
    return code == VD_OK ? VD_OK : vd_fail_nomem(err);
}

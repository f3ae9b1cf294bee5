/* SPDX-License-Identifier: Apache-2.0
 *
 * What a bundle knows besides policies: its inside is proved once, when it is first wanted, then searched by halves.
 */
#include "eval/set_int.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "request/fill.h"

#include <verdict/eval.h>

/* The parts of the section, side by side. */
typedef struct known {
    const vd_iaccount *accounts;
    const vd_ithing   *things;
    const uint32_t    *roles;
    const vd_itag     *tags;
    const char        *texts;
    vd_iknown          n;
} known;

/* False: they do not fill the section. */
static bool parts_of(known *out, const vd_image *m)
{
    const char *at = vd_image_at(m, VD_SEC_KNOWN);
    uint64_t    size = m->sections[VD_SEC_KNOWN].count, all;

    *out = (known){ 0 };
    if (size < sizeof out->n)
        return false;
    memcpy(&out->n, at, sizeof out->n);
    all = sizeof out->n + (uint64_t)out->n.accounts * sizeof *out->accounts + (uint64_t)out->n.things * sizeof *out->things +
          (uint64_t)out->n.roles * sizeof *out->roles + (uint64_t)out->n.tags * sizeof *out->tags + out->n.texts;
    if (all != size)
        return false;
    out->accounts = (const void *)(at + sizeof out->n);
    out->things = (const void *)(out->accounts + out->n.accounts);
    out->roles = (const void *)(out->things + out->n.things);
    out->tags = (const void *)(out->roles + out->n.roles);
    out->texts = (const void *)(out->tags + out->n.tags);
    return true;
}

static vd_str text(const known *k, vd_itext t)
{
    return (vd_str){ k->texts + t.off, t.len };
}

/* ------------------------------------------------------------------ proof */

static bool text_ok(const known *k, vd_itext t)
{
    return t.off <= k->n.texts && t.len <= k->n.texts - t.off;
}

static bool accounts_ok(const known *k)
{
    for (uint32_t i = 0; i < k->n.accounts; i++)
        if (!text_ok(k, k->accounts[i].id) || !text_ok(k, k->accounts[i].org) || !text_ok(k, k->accounts[i].org_path) ||
            k->accounts[i].management > 1 ||
            (k->accounts[i].root != VD_NONE &&
             (k->accounts[i].root >= k->n.things || k->things[k->accounts[i].root].kind != VD_KNOWN_ROOT)))
            return false;
    return true;
}

static bool things_ok(const known *k)
{
    for (uint32_t i = 0; i < k->n.things; i++) {
        const vd_ithing *t = &k->things[i];

        if (!text_ok(k, t->arn) || !text_ok(k, t->id) || !text_ok(k, t->account) || !text_ok(k, t->state) ||
            t->kind >= VD_KNOWN_KINDS || t->flags > (VD_ITHING_LINKED | VD_ITHING_BUCKET) || t->first_tag > k->n.tags ||
            t->tag_count > k->n.tags - t->first_tag)
            return false;
    }
    return true;
}

static bool rest_ok(const known *k)
{
    for (uint32_t i = 0; i < k->n.roles; i++)
        if (k->roles[i] >= k->n.things || k->things[k->roles[i]].kind != VD_KNOWN_ROLE)
            return false;
    for (uint32_t i = 0; i < k->n.tags; i++)
        if (!text_ok(k, k->tags[i].key) || !text_ok(k, k->tags[i].value))
            return false;
    return true;
}

bool vd_image_check_known(const vd_image *m)
{
    known k;

    if (vd_image_known(m) != m->known)
        return false;
    return m->sections[VD_SEC_KNOWN].count == 0 || (parts_of(&k, m) && accounts_ok(&k) && things_ok(&k) && rest_ok(&k));
}

static bool is_good(const vd_set *set)
{
    vd_set       *s = (vd_set *)(uintptr_t)set;
    unsigned char seen = atomic_load_explicit(&s->known, memory_order_relaxed);

    if (seen == VD_TEXTS_UNSEEN) {
        seen = vd_image_check_known(set->image) ? VD_TEXTS_GOOD : VD_TEXTS_DAMAGED;
        atomic_store_explicit(&s->known, seen, memory_order_relaxed);
    }
    return seen == VD_TEXTS_GOOD;
}

/* ------------------------------------------------------------------ finding */

static vd_str account_id(const void *of, uint32_t i)
{
    const known *k = of;

    return text(k, k->accounts[i].id);
}

static uint32_t find_account(const known *k, vd_str id)
{
    return vd_str_search(k, k->n.accounts, account_id, id);
}

static vd_str thing_arn(const void *of, uint32_t i)
{
    const known *k = of;

    return text(k, k->things[i].arn);
}

/* Principals and resources do not share ARNs; should they, the principal stands first. */
static uint32_t find_thing(const known *k, vd_str arn, bool resource)
{
    for (uint32_t i = vd_str_bound(k, k->n.things, thing_arn, arn); i < k->n.things && vd_str_eq(thing_arn(k, i), arn); i++)
        if ((k->things[i].kind == VD_KNOWN_RESOURCE) == resource)
            return i;
    return VD_NONE;
}

static uint32_t find_resource(const void *of, vd_str arn)
{
    return find_thing(of, arn, true);
}

vd_str vd_known_role_name(vd_str arn)
{
    size_t slash = vd_str_rfind(arn, '/');

    return slash < arn.n ? vd_str_from(arn, slash + 1) : arn;
}

/* By account, then by name: the first that is not before. */
static uint32_t find_role(const known *k, vd_str account, vd_str name)
{
    uint32_t lo = 0, hi = k->n.roles;

    while (lo < hi) {
        uint32_t         mid = lo + (hi - lo) / 2;
        const vd_ithing *t = &k->things[k->roles[mid]];
        int              c = vd_str_cmp(text(k, t->account), account);

        if (c == 0)
            c = vd_str_cmp(vd_known_role_name(text(k, t->arn)), name);
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < k->n.roles && vd_str_eq(text(k, k->things[k->roles[lo]].account), account) &&
        vd_str_eq(vd_known_role_name(text(k, k->things[k->roles[lo]].arn)), name))
        return k->roles[lo];
    return VD_NONE;
}

/* ------------------------------------------------------------------ answers */

static bool know_account(const void *of, vd_str id, vd_known_account *out)
{
    const known *k = of;
    uint32_t     at = find_account(k, id);

    if (at != VD_NONE)
        *out = (vd_known_account){ text(k, k->accounts[at].id), text(k, k->accounts[at].org), text(k, k->accounts[at].org_path),
                                   k->accounts[at].management == 1 };
    return at != VD_NONE;
}

static bool tell(const known *k, uint32_t at, vd_known_thing *out)
{
    const vd_ithing *t = at == VD_NONE ? NULL : &k->things[at];

    if (t)
        *out = (vd_known_thing){ .kind = (vd_known_kind)t->kind, .arn = text(k, t->arn), .id = text(k, t->id), .account = text(k, t->account),
                                 .state = text(k, t->state), .linked = (t->flags & VD_ITHING_LINKED) != 0,
                                 .bucket = (t->flags & VD_ITHING_BUCKET) != 0, .first_tag = t->first_tag, .tag_count = t->tag_count };
    return t != NULL;
}

static bool know_principal(const void *of, vd_str arn, vd_known_thing *out)
{
    const known *k = of;
    vd_str       rest;
    vd_arn       a;

    uint32_t     account;

    if (vd_is_account(arn)) {
        account = find_account(k, arn);
        return account != VD_NONE && tell(k, k->accounts[account].root, out);
    }
    if (!vd_arn_split(&a, arn) || find_account(k, a.account) == VD_NONE)
        return false;
    if (!vd_str_eq(a.service, VD_S("sts")) || !vd_str_starts(a.resource, VD_S("assumed-role/")))
        return tell(k, find_thing(k, arn, false), out);
    rest = vd_str_from(a.resource, sizeof "assumed-role/" - 1);
    return tell(k, find_role(k, a.account, vd_str_first(rest, vd_str_find(rest, '/'))), out);
}

static bool know_resource(const void *of, vd_str arn, vd_known_thing *out)
{
    return tell(of, vd_holder_find(of, find_resource, arn), out);
}

static void know_tag(const void *of, uint32_t tag, vd_str *key, vd_str *value)
{
    const known *k = of;

    *key = text(k, k->tags[tag].key);
    *value = text(k, k->tags[tag].value);
}

vd_code vd_set_fill(const vd_set *set, vd_request *r, vd_error *err)
{
    vd_known asked = { .account = know_account, .principal = know_principal, .resource = know_resource, .tag = know_tag };
    known    k;

    if (!set || !r)
        return vd_fail(err, VD_EINVAL, "a set and a request are needed");
    if (!is_good(set))
        return vd_fail(err, VD_EFORMAT, "damaged bundle: what is known besides policies does not hold");
    if (set->image->sections[VD_SEC_KNOWN].count == 0 || !parts_of(&k, set->image))
        return VD_OK;
    asked.of = &k;
    asked.limits = &set->engine->limits;
    return vd_request_fill(r, &asked, err);
}

/* Users, roles, their sessions, root users. */
static bool is_person(vd_str principal, vd_str *account)
{
    static const vd_str forms[] = { VD_L("user/"), VD_L("role/"), VD_L("root"), VD_L("assumed-role/") };
    vd_arn              a;

    *account = principal;
    if (vd_is_account(principal))
        return true;
    if (!vd_arn_split(&a, principal))
        return false;
    *account = a.account;
    for (size_t i = 0; i < VD_COUNT(forms); i++)
        if (vd_str_starts(a.resource, forms[i]))
            return true;
    return false;
}

bool vd_set_knows(const vd_set *set, vd_str principal)
{
    vd_known_thing found;
    vd_str         account;
    known          k;

    if (!is_good(set) || set->image->sections[VD_SEC_KNOWN].count == 0 || !parts_of(&k, set->image) || !is_person(principal, &account))
        return true;
    return find_account(&k, account) == VD_NONE || know_principal(&k, principal, &found);
}

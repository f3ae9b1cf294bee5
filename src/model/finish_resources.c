/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources: what several files say about each, joined.
 */
#include "base/buf.h"
#include "base/str.h"
#include "model/draft.h"
#include "pattern/arn.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct keyed {
    const vd_snapshot_reader *from;
    uint32_t                  index;
} keyed;

static const vd_draft_facet *facet_at(const keyed *k)
{
    return &k->from->facets.at[k->index];
}

static int order(const void *a, const void *b)
{
    const vd_draft_facet *f = facet_at(a), *g = facet_at(b);
    int                   c = vd_str_cmp(f->arn, g->arn);

    if (!c)
        c = (f->kind > g->kind) - (f->kind < g->kind);
    if (!c && f->arn.n == 0)
        c = vd_str_cmp(f->account, g->account);
    if (!c)
        c = vd_str_cmp(f->name, g->name);
    return c ? c : vd_place_order(((const keyed *)a)->from, f->at, g->at);
}

/* ------------------------------------------------------------------ what is said twice */

static vd_code contradiction(vd_finish *f, const vd_draft_facet *d, const char *what)
{
    return vd_draft_note_at(f->from, VD_GAP_DUPLICATE, VD_ERROR, d->at, d->account, d->arn, f->err,
                            "the %s of \"" VD_F "\" is there twice and differs; the first counts", what, VD_A(d->arn));
}

static vd_code take_text(vd_finish *f, const vd_draft_facet *d, vd_str said, vd_str *out, const char *what)
{
    if (!said.n || vd_str_eq(said, *out))
        return VD_OK;
    if (out->n)
        return contradiction(f, d, what);
    *out = said;
    return VD_OK;
}

/* ------------------------------------------------------------------ the state */

/* The first facet of a kind that is about all of an account: they stand before the others. */
static uint32_t first_general(const keyed *list, uint32_t n, uint8_t kind, vd_str account)
{
    uint32_t low = 0, end = n;

    while (low < end) {
        uint32_t              mid = low + (end - low) / 2;
        const vd_draft_facet *d = facet_at(&list[mid]);

        if (d->arn.n == 0 && (d->kind < kind || (d->kind == kind && vd_str_cmp(d->account, account) < 0)))
            low = mid + 1;
        else
            end = mid;
    }
    return low;
}

static const vd_draft_facet *general_at(const keyed *list, uint32_t n, uint32_t i, uint8_t kind, vd_str account)
{
    const vd_draft_facet *d = i < n ? facet_at(&list[i]) : NULL;

    return d && d->arn.n == 0 && d->kind == kind && vd_str_eq(d->account, account) ? d : NULL;
}

/* Block Public Access of the account counts for each of its buckets. */
static void write_account_block(vd_buf *b, const keyed *list, uint32_t n, vd_str account)
{
    const vd_draft_facet *d;

    for (uint32_t i = first_general(list, n, VD_FACET_STATE, account); (d = general_at(list, n, i, VD_FACET_STATE, account)); i++) {
        vd_buf_byte(b, ',');
        vd_buf_add(b, d->text);
    }
}

/* Who is in no list of managed instances is none: that is known, too. */
static void take_general(const keyed *list, uint32_t n, vd_str account, vd_snap_resource *r)
{
    const vd_draft_facet *d;

    for (uint32_t i = first_general(list, n, VD_FACET_FACTS, account); (d = general_at(list, n, i, VD_FACET_FACTS, account)); i++)
        if (vd_str_eq(d->type, r->type) && vd_str_eq(d->region, r->region))
            r->facts_known |= d->known;
}

static bool is_bucket(vd_str type)
{
    return vd_str_eq(type, VD_S("AWS::S3::Bucket"));
}

/* {"acl":...,"blockPublicAccess":[...]}: each member once. */
static vd_code write_state(vd_finish *f, const keyed *all, uint32_t total, const keyed *list, uint32_t n, vd_str account, vd_snap_resource *r)
{
    static const vd_str block = VD_L("blockPublicAccess");
    vd_buf              b = vd_buf_on(f->a, 0), blocks = vd_buf_on(f->a, 0);
    vd_str              last = VD_S("");
    vd_code             code = VD_OK;

    for (uint32_t i = 0; i < n; i++) {
        const vd_draft_facet *d = facet_at(&list[i]);

        if (d->kind != VD_FACET_STATE || vd_str_eq(d->name, last))
            continue;
        last = d->name;
        if (vd_str_eq(d->name, block)) {
            vd_buf_byte(&blocks, ',');
            vd_buf_add(&blocks, d->text);
            continue;
        }
        vd_buf_printf(&b, "%s\"" VD_F "\":", b.n ? "," : "", VD_A(d->name));
        vd_buf_add(&b, d->text);
    }
    if (is_bucket(r->type))
        write_account_block(&blocks, all, total, account);
    if (blocks.n) {
        vd_buf_printf(&b, "%s\"" VD_F "\":[", b.n ? "," : "", VD_A(block));
        vd_buf_add(&b, vd_str_from(vd_buf_str(&blocks), 1));
        vd_buf_byte(&b, ']');
    }
    r->state = VD_S("");
    if (b.failed || blocks.failed)
        code = vd_fail_nomem(f->err);
    else if (b.n) {
        char *p = vd_arena_alloc(&f->from->arena, b.n + 3, 1);

        if (p) {
            p[0] = '{';
            memcpy(p + 1, b.p, b.n);
            p[b.n + 1] = '}';
            r->state = (vd_str){ p, b.n + 2 };
        } else {
            code = vd_fail_nomem(f->err);
        }
    }
    vd_buf_done(&b);
    vd_buf_done(&blocks);
    return code;
}

/* ------------------------------------------------------------------ one resource */

static vd_code take_policy(vd_finish *f, const vd_draft_facet *d, const vd_draft_facet **first, vd_snap_resource *r)
{
    if (*first)
        return (*first)->doc == d->doc ? VD_OK : contradiction(f, d, "policy");
    *first = d;
    r->complete = true;
    VD_TRY(vd_finish_doc(f, d->doc, d->account, d->arn, &r->doc));
    r->complete = d->doc == VD_NONE || r->doc != VD_NONE;
    return VD_OK;
}

static vd_code take_share(vd_finish *f, const vd_draft_facet *d, vd_snap_resource *r)
{
    uint32_t doc;

    VD_TRY(vd_finish_doc(f, d->doc, d->account, d->arn, &doc));
    if (doc == VD_NONE)
        return VD_OK;
    r->shared.count++;
    return VD_PUSH(f->a, &f->shared, doc) ? VD_OK : vd_fail_nomem(f->err);
}

/* The role by its ARN, by its instance profile, or by its name where nobody said its path. */
static uint32_t find_role(const vd_finish *f, vd_str arn)
{
    uint32_t profile = vd_intern_find(&f->profiles, arn), node;
    vd_arn   a;
    char     session[256];
    int      n;

    if (profile != VD_NONE)
        arn = f->from->profiles.at[profile].role;
    node = vd_snap_node_find(f->s, arn);
    if (node != VD_NONE || !vd_arn_split(&a, arn) || !vd_str_starts(a.resource, VD_S("role/")) || vd_str_rfind(a.resource, '/') != 4)
        return node;
    n = snprintf(session, sizeof session, "arn:aws:sts::" VD_F ":assumed-role/" VD_F, VD_A(a.account), VD_A(vd_str_from(a.resource, 5)));
    return n > 0 && (size_t)n < sizeof session ? vd_snap_node_find(f->s, (vd_str){ session, (size_t)n }) : VD_NONE;
}

static vd_code take_facets(vd_finish *f, const keyed *list, uint32_t n, vd_snap_resource *r, vd_str *account)
{
    const vd_draft_facet *policy = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const vd_draft_facet *d = facet_at(&list[i]);

        VD_TRY(take_text(f, d, d->type, &r->type, "type"));
        VD_TRY(take_text(f, d, d->account, account, "account"));
        VD_TRY(take_text(f, d, d->region, &r->region, "region"));
        if (d->kind == VD_FACET_POLICY)
            VD_TRY(take_policy(f, d, &policy, r));
        if (d->kind == VD_FACET_RUNS_AS)
            VD_TRY(take_text(f, d, d->text, &r->runs_as_arn, "role"));
        if (d->kind == VD_FACET_ENDPOINT && r->endpoint == VD_NONE)
            VD_TRY(vd_finish_doc(f, d->doc, d->account, d->arn, &r->endpoint));
        if (d->kind == VD_FACET_SHARED)
            VD_TRY(take_share(f, d, r));
        if (d->kind == VD_FACET_TAGS && !r->tags.count)
            VD_TRY(vd_finish_tags(f, d->tags, &r->tags));
        r->facts_known |= d->known;
        r->facts |= d->set;
    }
    return VD_OK;
}

static vd_code add(vd_finish *f, const keyed *all, uint32_t total, const keyed *list, uint32_t n)
{
    vd_snap_resource *r = &f->s->resources[f->s->resource_count++];
    vd_str            account = VD_S("");
    vd_arn            a;

    *r = (vd_snap_resource){ .arn = facet_at(list)->arn, .type = VD_S(""), .region = VD_S(""), .doc = VD_NONE, .endpoint = VD_NONE, .runs_as = VD_NONE,
                             .runs_as_arn = VD_S(""), .behind = VD_NONE, .tags = { f->tags.count, 0 },
                             .shared = { f->shared.count, 0 }, .state = VD_S("") };
    VD_TRY(take_facets(f, list, n, r, &account));
    r->account = vd_snap_account_find(f->s, account);
    if (!r->complete && r->doc == VD_NONE && vd_arn_split(&a, r->arn))
        r->complete = vd_draft_is_complete(f->from, a.service);
    if (r->runs_as_arn.n)
        r->runs_as = find_role(f, r->runs_as_arn);
    take_general(all, total, account, r);
    return write_state(f, all, total, list, n, account, r);
}

/* ------------------------------------------------------------------ all of them */

static vd_code add_all(vd_finish *f, const keyed *list, uint32_t n)
{
    uint32_t first = 0, end;

    while (first < n && facet_at(&list[first])->arn.n == 0)
        first++;
    for (; first < n; first = end) {
        for (end = first + 1; end < n && vd_str_eq(facet_at(&list[end])->arn, facet_at(&list[first])->arn);)
            end++;
        VD_TRY(add(f, list, n, list + first, end - first));
    }
    return VD_OK;
}

/* Which access points lead to which bucket: each knows its bucket. */
static vd_code link_access_points(vd_finish *f, const keyed *list, uint32_t n)
{
    vd_snapshot *s = f->s;

    for (uint32_t b = 0; b < s->resource_count; b++)
        s->resources[b].access_points.first = 0;
    for (uint32_t pass = 0; pass < 2; pass++) {
        uint32_t at = 0;

        for (uint32_t i = 0; i < n; i++) {
            uint32_t bucket = facet_at(&list[i])->kind == VD_FACET_BEHIND ? vd_snap_resource_find(s, facet_at(&list[i])->text) : VD_NONE;
            vd_snap_range *r = bucket == VD_NONE ? NULL : &s->resources[bucket].access_points;

            if (r && pass) {
                uint32_t point = vd_snap_resource_find(s, facet_at(&list[i])->arn);

                s->resources[point].behind = bucket;
                f->access_points.at[r->first + r->count++] = point;
            }
            else if (r)
                r->count++;
        }
        for (uint32_t b = 0; !pass && b < s->resource_count; b++) {
            s->resources[b].access_points.first = at;
            at += s->resources[b].access_points.count;
            s->resources[b].access_points.count = 0;
        }
        if (!pass && !VD_RESERVE(f->a, &f->access_points, at + 1))
            return vd_fail_nomem(f->err);
        if (!pass)
            f->access_points.count = at;
    }
    return VD_OK;
}

static int profile_order(const void *a, const void *b)
{
    const vd_draft_profile *p = a, *q = b;
    int                     c = vd_str_cmp(p->arn, q->arn);

    return c ? c : vd_str_cmp(p->role, q->role);
}

/* Instance profiles by their ARN, in the order of reader.profiles: each once. */
static vd_code sort_profiles(vd_finish *f)
{
    vd_snapshot_reader *r = f->from;
    uint32_t            n = 0, id;

    if (r->profiles.count)
        qsort(r->profiles.at, r->profiles.count, sizeof *r->profiles.at, profile_order);
    for (uint32_t i = 0; i < r->profiles.count; i++)
        if (n == 0 || !vd_str_eq(r->profiles.at[n - 1].arn, r->profiles.at[i].arn))
            r->profiles.at[n++] = r->profiles.at[i];
    r->profiles.count = n;
    for (uint32_t i = 0; i < n; i++)
        if (!vd_intern_add(&f->profiles, f->a, r->profiles.at[i].arn, &id))
            return vd_fail_nomem(f->err);
    return VD_OK;
}

static int kept_profile_order(const void *a, const void *b)
{
    const vd_snap_profile *p = a, *q = b;

    return p->account != q->account ? (p->account < q->account ? -1 : 1) : vd_str_icmp(p->name, q->name);
}

/* For whoever reads logs, where calls name profiles and not roles. */
static vd_code keep_profiles(vd_finish *f)
{
    const vd_snapshot_reader *r = f->from;
    vd_snapshot              *s = f->s;

    s->profiles = vd_arena_new_array(&f->from->arena, vd_snap_profile, (size_t)r->profiles.count + 1);
    if (!s->profiles)
        return vd_fail_nomem(f->err);
    for (uint32_t i = 0; i < r->profiles.count; i++) {
        vd_str   arn = r->profiles.at[i].arn;
        uint32_t role = vd_snap_node_find(s, r->profiles.at[i].role);

        if (role != VD_NONE)
            s->profiles[s->profile_count++] =
                (vd_snap_profile){ .name = vd_str_from(arn, vd_str_rfind(arn, '/') + 1), .account = s->nodes[role].account, .role = role };
    }
    if (s->profile_count)
        qsort(s->profiles, s->profile_count, sizeof *s->profiles, kept_profile_order);
    return VD_OK;
}

vd_code vd_finish_resources(vd_finish *f)
{
    uint32_t n = f->from->facets.count;
    size_t   bytes = ((size_t)n + 1) * sizeof(keyed);
    keyed   *list = vd_alloc(f->a, bytes);
    vd_code  code;

    f->s->resources = vd_arena_new_array(&f->from->arena, vd_snap_resource, (size_t)n + 1);
    if (!list || !f->s->resources) {
        vd_free(f->a, list, bytes);
        return vd_fail_nomem(f->err);
    }
    for (uint32_t i = 0; i < n; i++)
        list[i] = (keyed){ f->from, i };
    qsort(list, n, sizeof *list, order);
    code = sort_profiles(f);
    if (code == VD_OK)
        code = keep_profiles(f);
    if (code == VD_OK)
        code = add_all(f, list, n);
    if (code == VD_OK)
        code = link_access_points(f, list, n);
    vd_free(f->a, list, bytes);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups, users and roles with what they hold: own policies, those of their groups, the boundary.  What they refer to and is
 * not there is a note about whom it concerns.
 */
#include "base/str.h"
#include "model/draft.h"

#include <stdlib.h>

typedef struct keyed {
    const vd_snapshot_reader *from;
    uint32_t                  index;
} keyed;

/* ------------------------------------------------------------------ policies */

/* An attached one by its ARN. */
static vd_code attached(vd_finish *f, const vd_draft_held *d, vd_str account, vd_str arn, vd_held *h)
{
    h->managed = vd_intern_find(&f->managed_arns, d->arn);
    h->doc = h->managed == VD_NONE ? VD_NONE : f->s->managed[h->managed].doc;
    if (h->doc != VD_NONE)
        return VD_OK;
    return vd_draft_note_at(f->from, VD_GAP_MISSING_POLICY, VD_WARNING, d->at, account, arn, f->err,
                            h->managed == VD_NONE ? "the text of the attached policy \"" VD_F "\" is nowhere"
                                                  : "the text of the attached policy \"" VD_F "\" cannot be used",
                            VD_A(d->arn));
}

static vd_code hold(vd_finish *f, vd_snap_range drafts, uint32_t group, vd_str account, vd_str arn)
{
    for (uint32_t i = 0; i < drafts.count; i++) {
        const vd_draft_held *d = &f->from->held.at[drafts.first + i];
        vd_held              h = { .name = d->name, .group = group, .managed = VD_NONE };
        bool                 grouped = group != VD_NONE;

        h.via = (uint8_t)(d->arn.n ? (grouped ? VD_VIA_GROUP_MANAGED : VD_VIA_MANAGED) : (grouped ? VD_VIA_GROUP_INLINE : VD_VIA_INLINE));
        if (d->arn.n)
            VD_TRY(attached(f, d, account, arn, &h));
        else
            VD_TRY(vd_finish_doc(f, d->doc, account, arn, &h.doc));
        if (!VD_PUSH(f->a, &f->held, h))
            return vd_fail_nomem(f->err);
    }
    return VD_OK;
}

static vd_code duplicate(vd_finish *f, vd_place at, vd_str account, vd_str arn)
{
    return vd_draft_note_at(f->from, VD_GAP_DUPLICATE, VD_ERROR, at, account, arn, f->err,
                            "\"" VD_F "\" is there twice and differs; the first counts", VD_A(arn));
}

/* ------------------------------------------------------------------ groups */

static int group_order(const void *a, const void *b)
{
    const keyed          *x = a, *y = b;
    const vd_draft_group *g = &x->from->groups.at[x->index], *h = &y->from->groups.at[y->index];
    int                   c = vd_str_cmp(g->account, h->account);

    if (!c)
        c = vd_str_cmp(g->name, h->name); /* users refer to groups by name */
    return c ? c : vd_place_order(x->from, g->at, h->at);
}

/* "111122223333/devs": names are of their account. */
static vd_code group_key(vd_finish *f, vd_str account, vd_str name, vd_str *out)
{
    return vd_arena_printf(&f->from->arena, out, VD_F "/" VD_F, VD_A(account), VD_A(name)) ? VD_OK : vd_fail_nomem(f->err);
}

static vd_code add_group(vd_finish *f, const vd_draft_group *d)
{
    vd_snap_group *g = &f->s->groups[f->s->group_count++];
    uint32_t       id, first = f->held.count;
    vd_str         key;

    *g = (vd_snap_group){ .arn = d->arn, .name = d->name, .account = vd_snap_account_find(f->s, d->account) };
    VD_TRY(group_key(f, d->account, d->name, &key));
    if (!vd_intern_add(&f->group_names, f->a, key, &id))
        return vd_fail_nomem(f->err);
    VD_TRY(hold(f, d->held, f->s->group_count - 1, d->account, d->arn));
    g->held = (vd_snap_range){ first, f->held.count - first };
    return VD_OK;
}

static vd_code add_groups(vd_finish *f, const keyed *list, uint32_t n)
{
    const vd_draft_group *kept = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const vd_draft_group *d = &f->from->groups.at[list[i].index];

        if (kept && vd_str_eq(kept->account, d->account) && vd_str_eq(kept->name, d->name)) {
            if (kept->shape != d->shape)
                VD_TRY(duplicate(f, d->at, d->account, d->arn));
            continue;
        }
        kept = d;
        VD_TRY(add_group(f, d));
    }
    return VD_OK;
}

vd_code vd_finish_groups(vd_finish *f)
{
    uint32_t n = f->from->groups.count;
    size_t   bytes = ((size_t)n + 1) * sizeof(keyed);
    keyed   *list = vd_alloc(f->a, bytes);
    vd_code  code;

    f->s->groups = vd_arena_new_array(&f->from->arena, vd_snap_group, (size_t)n + 1);
    if (!list || !f->s->groups) {
        vd_free(f->a, list, bytes);
        return vd_fail_nomem(f->err);
    }
    for (uint32_t i = 0; i < n; i++)
        list[i] = (keyed){ f->from, i };
    qsort(list, n, sizeof *list, group_order);
    code = add_groups(f, list, n);
    vd_free(f->a, list, bytes);
    return code;
}

/* ------------------------------------------------------------------ users and roles */

static int node_order(const void *a, const void *b)
{
    const keyed         *x = a, *y = b;
    const vd_draft_node *m = &x->from->nodes.at[x->index], *n = &y->from->nodes.at[y->index];
    int                  c = vd_str_cmp(m->account, n->account);

    if (!c)
        c = vd_str_cmp(m->arn, n->arn);
    return c ? c : vd_place_order(x->from, m->at, n->at);
}

static bool is_member(const vd_finish *f, const vd_snap_node *n, uint32_t group)
{
    for (uint32_t i = n->groups.first; i < f->memberships.count; i++)
        if (f->memberships.at[i] == group)
            return true;
    return false;
}

static vd_code join_groups(vd_finish *f, const vd_draft_node *d, vd_snap_node *n)
{
    n->groups.first = f->memberships.count;
    for (uint32_t i = 0; i < d->groups.count; i++) {
        const vd_draft_name *name = &f->from->names.at[d->groups.first + i];
        uint32_t             group;
        vd_str               key;

        VD_TRY(group_key(f, d->account, name->text, &key));
        group = vd_intern_find(&f->group_names, key);
        if (group == VD_NONE)
            VD_TRY(vd_draft_note_at(f->from, VD_GAP_MISSING_GROUP, VD_ERROR, name->at, d->account, d->arn, f->err,
                                    "the group \"" VD_F "\" is not there", VD_A(name->text)));
        else if (!is_member(f, n, group) && !VD_PUSH(f->a, &f->memberships, group))
            return vd_fail_nomem(f->err);
    }
    n->groups.count = f->memberships.count - n->groups.first;
    return VD_OK;
}

/* What it holds by its groups, as the groups hold it; what is missing there is missing for it, too. */
static vd_code hold_of_groups(vd_finish *f, const vd_draft_node *d, const vd_snap_node *n)
{
    for (uint32_t i = 0; i < n->groups.count; i++) {
        const vd_snap_group *g = &f->s->groups[f->memberships.at[n->groups.first + i]];

        for (uint32_t k = 0; k < g->held.count; k++) {
            vd_held h = f->held.at[g->held.first + k];

            if (!VD_PUSH(f->a, &f->held, h))
                return vd_fail_nomem(f->err);
            if (h.doc == VD_NONE)
                VD_TRY(vd_draft_note_at(f->from, VD_GAP_MISSING_POLICY, VD_WARNING, d->at, d->account, d->arn, f->err,
                                        "the text of the policy \"" VD_F "\" of its group \"" VD_F "\" cannot be had", VD_A(h.name), VD_A(g->name)));
        }
    }
    return VD_OK;
}

static vd_code bound(vd_finish *f, const vd_draft_node *d, vd_snap_node *n)
{
    uint32_t managed;

    n->boundary = VD_NONE;
    n->boundary_arn = d->boundary;
    n->bounded = d->boundary.n > 0;
    if (!n->bounded)
        return VD_OK;
    managed = vd_intern_find(&f->managed_arns, d->boundary);
    if (managed != VD_NONE)
        n->boundary = f->s->managed[managed].doc;
    if (n->boundary != VD_NONE)
        return VD_OK;
    return vd_draft_note_at(f->from, VD_GAP_MISSING_BOUNDARY, VD_ERROR, d->boundary_at, d->account, d->arn, f->err,
                            managed == VD_NONE ? "the text of the permissions boundary \"" VD_F "\" is nowhere"
                                               : "the text of the permissions boundary \"" VD_F "\" cannot be used",
                            VD_A(d->boundary));
}

static bool is_service_linked(vd_str arn)
{
    return vd_str_contains(arn, VD_S(":role/aws-service-role/"));
}

static vd_code add_node(vd_finish *f, const vd_draft_node *d)
{
    vd_snap_node *n = &f->s->nodes[f->s->node_count++];

    *n = (vd_snap_node){ .arn = d->arn, .name = d->name, .path = d->path, .id = d->id, .created = d->created, .kind = d->kind,
                         .last_used = d->last_used, .last_used_known = d->last_used_known,
                         .account = vd_snap_account_find(f->s, d->account), .profile = d->profile, .keys = -1, .permission_set = VD_NONE };
    n->service_linked = d->kind == VD_WHO_IS_ROLE && is_service_linked(d->arn);
    if (d->kind == VD_WHO_IS_ROLE) {
        n->password = n->mfa = VD_CERTAIN_NO;
        n->keys = 0;
    }
    VD_TRY(join_groups(f, d, n));
    n->held.first = f->held.count;
    VD_TRY(hold(f, d->held, VD_NONE, d->account, d->arn));
    VD_TRY(hold_of_groups(f, d, n));
    n->held.count = f->held.count - n->held.first;
    VD_TRY(bound(f, d, n));
    VD_TRY(vd_finish_doc(f, d->trust, d->account, d->arn, &n->trust));
    return vd_finish_tags(f, d->tags, &n->tags);
}

/* The root user holds nothing and may everything that nobody takes away. */
static void add_root(vd_finish *f, uint32_t account, vd_str arn)
{
    f->s->nodes[f->s->node_count] =
        (vd_snap_node){ .arn = arn, .name = VD_S("root"), .path = VD_S("/"), .id = f->s->accounts[account].id, .created = VD_S(""),
                        .kind = VD_WHO_IS_ROOT, .account = account, .boundary = VD_NONE, .boundary_arn = VD_S(""), .trust = VD_NONE, .keys = -1, .permission_set = VD_NONE,
                        .held = { f->held.count, 0 }, .groups = { f->memberships.count, 0 }, .tags = { f->tags.count, 0 } };
    f->s->accounts[account].root = f->s->node_count++;
}

static vd_str partition_of(vd_str arn)
{
    vd_str rest = arn, head = VD_S("aws");

    vd_str_cut(&rest, ':', &head);
    return vd_str_cut(&rest, ':', &head) ? head : VD_S("aws");
}

/* The drafts of one account, from *i on, and its root where it belongs among them. */
static vd_code add_account(vd_finish *f, const keyed *list, uint32_t n, uint32_t *i, uint32_t account)
{
    vd_snap_account     *a = &f->s->accounts[account];
    const vd_draft_node *kept = NULL;
    vd_str               partition = VD_S("aws"), root;
    bool                 rooted = false;

    if (*i < n && vd_str_eq(f->from->nodes.at[list[*i].index].account, a->id))
        partition = partition_of(f->from->nodes.at[list[*i].index].arn);
    if (!vd_arena_printf(&f->from->arena, &root, "arn:" VD_F ":iam::" VD_F ":root", VD_A(partition), VD_A(a->id)))
        return vd_fail_nomem(f->err);
    a->nodes.first = f->s->node_count;
    for (; *i < n && vd_str_eq(f->from->nodes.at[list[*i].index].account, a->id); ++*i) {
        const vd_draft_node *d = &f->from->nodes.at[list[*i].index];

        if (kept && vd_str_eq(kept->arn, d->arn)) {
            if (kept->shape != d->shape)
                VD_TRY(duplicate(f, d->at, d->account, d->arn));
            continue;
        }
        kept = d;
        if (!rooted && vd_str_cmp(root, d->arn) < 0) {
            add_root(f, account, root);
            rooted = true;
        }
        VD_TRY(add_node(f, d));
    }
    if (!rooted)
        add_root(f, account, root);
    a->nodes.count = f->s->node_count - a->nodes.first;
    return VD_OK;
}

/* Who is in each group, in the order of nodes. */
static vd_code fill_members(vd_finish *f)
{
    vd_snapshot *s = f->s;
    uint32_t     at = 0;

    s->members = vd_arena_new_array(&f->from->arena, uint32_t, (size_t)f->memberships.count + 1);
    if (!s->members)
        return vd_fail_nomem(f->err);
    for (uint32_t i = 0; i < f->memberships.count; i++)
        s->groups[f->memberships.at[i]].members.count++;
    for (uint32_t g = 0; g < s->group_count; g++) {
        s->groups[g].members.first = at;
        at += s->groups[g].members.count;
        s->groups[g].members.count = 0;
    }
    for (uint32_t n = 0; n < s->node_count; n++)
        for (uint32_t i = 0; i < s->nodes[n].groups.count; i++) {
            vd_snap_range *m = &s->groups[f->memberships.at[s->nodes[n].groups.first + i]].members;

            s->members[m->first + m->count++] = n;
        }
    s->member_count = at;
    return VD_OK;
}

/* ------------------------------------------------------------------ the credential report */

static vd_code add_report(vd_finish *f, const vd_draft_report *d)
{
    uint32_t      at = vd_snap_node_find(f->s, d->arn);
    vd_snap_node *n = at == VD_NONE ? NULL : &f->s->nodes[at];

    if (!n || n->kind == VD_WHO_IS_ROLE)
        return vd_draft_note_at(f->from, VD_GAP_NOT_COLLECTED, VD_WARNING, d->at, VD_S(""), d->arn, f->err,
                                "\"" VD_F "\" of the credential report is not among the identities", VD_A(d->arn));
    n->password = n->kind == VD_WHO_IS_ROOT && d->password == VD_CERTAIN_NOBODY_SAID ? VD_CERTAIN_YES : d->password;
    n->mfa = d->mfa;
    n->keys = d->keys;
    if (!n->created.n)
        n->created = d->created;
    return VD_OK;
}

static int report_order(const void *a, const void *b)
{
    const keyed           *x = a, *y = b;
    const vd_draft_report *r = &x->from->reports.at[x->index], *q = &y->from->reports.at[y->index];

    return -vd_place_order(x->from, r->at, q->at); /* of several the first counts: it comes last */
}

static vd_code add_reports(vd_finish *f)
{
    uint32_t n = f->from->reports.count;
    size_t   bytes = ((size_t)n + 1) * sizeof(keyed);
    keyed   *list = vd_alloc(f->a, bytes);
    vd_code  code = list ? VD_OK : vd_fail_nomem(f->err);

    for (uint32_t i = 0; list && i < n; i++)
        list[i] = (keyed){ f->from, i };
    if (list)
        qsort(list, n, sizeof *list, report_order);
    for (uint32_t i = 0; code == VD_OK && i < n; i++)
        code = add_report(f, &f->from->reports.at[list[i].index]);
    vd_free(f->a, list, bytes);
    return code;
}

static vd_code add_nodes(vd_finish *f, const keyed *list, uint32_t n)
{
    uint32_t i = 0;

    for (uint32_t a = 0; a < f->s->account_count; a++)
        VD_TRY(add_account(f, list, n, &i, a));
    VD_TRY(add_reports(f));
    return fill_members(f);
}

vd_code vd_finish_nodes(vd_finish *f)
{
    uint32_t n = f->from->nodes.count;
    size_t   bytes = ((size_t)n + 1) * sizeof(keyed);
    keyed   *list = vd_alloc(f->a, bytes);
    vd_code  code;

    f->s->nodes = vd_arena_new_array(&f->from->arena, vd_snap_node, (size_t)n + f->s->account_count + 1);
    if (!list || !f->s->nodes) {
        vd_free(f->a, list, bytes);
        return vd_fail_nomem(f->err);
    }
    for (uint32_t i = 0; i < n; i++)
        list[i] = (keyed){ f->from, i };
    qsort(list, n, sizeof *list, node_order);
    code = add_nodes(f, list, n);
    vd_free(f->a, list, bytes);
    return code;
}

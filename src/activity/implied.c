/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions that no event of their own shows (usage 2.5), and events for which nobody needs a permission (2.6).
 */
#include "activity/read.h"

#include "base/str.h"

/* Bits of event-guards: something is made with tags. */
#define TAG_BITS (UINT64_C(7) << 32)

/* ------------------------------------------------------------------ what needs nothing */

static bool is_whose(const vd_asked *q, vd_str who)
{
    if (vd_str_eq(who, VD_S("service")))
        return q->service;
    if (vd_str_eq(who, VD_S("anonymous")))
        return q->anonymous;
    return true;
}

bool vd_act_free(const vd_asked *q)
{
    vd_rows own = vd_rows_of(vd_rows_no_permission, q->source), all = vd_rows_of(vd_rows_no_permission, VD_S("*"));

    if (vd_str_eq(q->kind, VD_S("sign-in")))
        return true;
    if (vd_str_eq(q->kind, VD_S("action")))
        return false;
    for (uint32_t i = 0; i < own.count + all.count; i++) {
        const vd_row *row = i < own.count ? &own.at[i] : &all.at[i - own.count];

        if (vd_event_fits(row->column[VD_FREE_EVENT], q->name) && is_whose(q, row->column[VD_FREE_WHO]))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ what is implied */

static bool fits(const vd_row *row, const vd_asked *q, vd_str plain, vd_str when)
{
    vd_str event = row->column[VD_IMPLIED_EVENT];

    return vd_str_eq(row->column[VD_IMPLIED_WHEN], when) && (vd_event_fits(event, q->name) || vd_event_fits(event, plain));
}

/* The prefix's own rows before those of all. */
static const vd_row *row_for(const vd_asked *q, vd_str prefix, vd_str when)
{
    const vd_rows tables[] = { vd_rows_of(vd_rows_implied, prefix), vd_rows_of(vd_rows_implied, VD_S("*")) };
    vd_str        plain = vd_event_name(q->source, q->name);

    for (size_t t = 0; t < VD_COUNT(tables); t++)
        for (uint32_t i = 0; i < tables[t].count; i++)
            if (fits(&tables[t].at[i], q, plain, when))
                return &tables[t].at[i];
    return NULL;
}

/* "=:Name" is of the event's own prefix. */
static uint32_t action_of(const vd_mapper *m, vd_str prefix, vd_str written)
{
    vd_str rest = written, head;

    if (!vd_str_cut(&rest, ':', &head))
        return VD_NONE;
    return vd_act_action(m->catalog, vd_str_eq(head, VD_S("=")) ? prefix : head, rest);
}

/* To one of these services; "=" is that of the prefix. */
static bool services_of(vd_mapper *m, vd_str prefix, vd_str with, vd_str *out)
{
    *out = with;
    return !vd_str_eq(with, VD_S("=")) || vd_arena_printf(m->arena, out, VD_F ".amazonaws.com", VD_A(prefix));
}

static bool add(vd_mapper *m, const vd_row *row, vd_str prefix, vd_meanings *out, bool sure, bool on_role)
{
    vd_meaning what = { .confidence = 'M', .implied = true, .on_role = on_role };

    if (!row || vd_str_eq(row->column[VD_IMPLIED_KIND], VD_S("none")))
        return true;
    what.action = action_of(m, prefix, row->column[VD_IMPLIED_ACTION]);
    what.kind = sure && vd_str_eq(row->column[VD_IMPLIED_KIND], VD_S("implied")) ? VD_USE_IMPLIED : VD_USE_POSSIBLE;
    return what.action == VD_NONE ||
           (services_of(m, prefix, row->column[VD_IMPLIED_WITH], &what.with) && vd_meaning_add(m, out, what));
}

/* Where nobody knows whether there were tags, only what is made can have got some. */
static bool add_tags(vd_mapper *m, const vd_asked *q, vd_str prefix, vd_meanings *out)
{
    const vd_row *row = (q->guards | q->unknown) & TAG_BITS ? row_for(q, prefix, VD_S("tags")) : NULL;
    bool          sure = (q->guards & TAG_BITS) != 0;

    return !row || (!sure && !vd_str_eq(row->column[VD_IMPLIED_KIND], VD_S("implied"))) ||
           add(m, row, prefix, out, sure, false);
}

static bool only_reads(const vd_mapper *m, const vd_meanings *base)
{
    for (uint32_t i = 0; i < base->count; i++)
        if (base->at[i].action == VD_NONE || vd_catalog_level_of(m->catalog, base->at[i].action) > VD_LEVEL_READ)
            return false;
    return true;
}

static bool has_action(const vd_mapper *m, const vd_meanings *all, const vd_row *row, vd_str prefix)
{
    uint32_t action = row ? action_of(m, prefix, row->column[VD_IMPLIED_ACTION]) : VD_NONE;

    for (uint32_t i = 0; i < all->count; i++)
        if (all->at[i].action == action)
            return true;
    return false;
}

/* ------------------------------------------------------------------ tags of anything */

/* What takes away what the other one gives: the longer beginnings first. */
static const struct {
    vd_str gives, takes;
} tag_verbs[] = {
    { VD_L("AddTagsTo"), VD_L("RemoveTagsFrom") }, { VD_L("AddTags"), VD_L("RemoveTags") }, { VD_L("CreateTags"), VD_L("DeleteTags") },
    { VD_L("CreateOrUpdateTags"), VD_L("DeleteTags") }, { VD_L("Tag"), VD_L("Untag") },
};

/* "rds:AddTagsToResource" to "rds:RemoveTagsFromResource"; what is neither does both ("route53:ChangeTagsForResource"). */
static bool taken_by(vd_mapper *m, vd_str *action)
{
    size_t colon = vd_str_find(*action, ':') + 1;
    vd_str name = vd_str_from(*action, colon), given = *action;

    for (size_t i = 0; i < VD_COUNT(tag_verbs); i++)
        if (vd_str_starts(name, tag_verbs[i].gives))
            return vd_arena_printf(m->arena, action, VD_F VD_F VD_F, VD_A(vd_str_first(given, colon)), VD_A(tag_verbs[i].takes),
                                   VD_A(vd_str_from(name, tag_verbs[i].gives.n)));
    return true;
}

/* The event that makes such a thing, whose tags the rows are about: IAM has an action for each kind. */
static vd_str maker(const vd_arn *arn)
{
    static const struct {
        vd_str type, event;
    } kinds[] = { { VD_L("role/"), VD_L("CreateRole") },
                  { VD_L("user/"), VD_L("CreateUser") },
                  { VD_L("policy/"), VD_L("CreatePolicy") },
                  { VD_L("instance-profile/"), VD_L("CreateInstanceProfile") },
                  { VD_L("saml-provider/"), VD_L("CreateSAMLProvider") },
                  { VD_L("oidc-provider/"), VD_L("CreateOpenIDConnectProvider") },
                  { VD_L("server-certificate/"), VD_L("UploadServerCertificate") },
                  { VD_L("mfa/"), VD_L("CreateVirtualMFADevice") } };

    for (size_t i = 0; i < VD_COUNT(kinds) && vd_str_eq(arn->service, VD_S("iam")); i++)
        if (vd_str_starts(arn->resource, kinds[i].type))
            return kinds[i].event;
    return VD_S("CreateResource");
}

bool vd_act_tagged(vd_mapper *m, const vd_arn *arn, bool away, vd_meanings *out)
{
    vd_asked      q = { .source = arn->service, .name = maker(arn) };
    const vd_row *row = row_for(&q, arn->service, VD_S("tags"));
    vd_meaning    what = { .confidence = 'M', .implied = true, .kind = VD_USE_IMPLIED };
    vd_str        action;

    if (!row || vd_str_eq(row->column[VD_IMPLIED_KIND], VD_S("none")))
        return true;
    if (vd_str_eq(arn->service, VD_S("s3"))) /* of a bucket nobody says which of two was asked for */
        what.kind = VD_USE_POSSIBLE;
    action = row->column[VD_IMPLIED_ACTION];
    if (away && !taken_by(m, &action))
        return false;
    what.action = action_of(m, arn->service, action);
    if (what.action != VD_NONE && !vd_meaning_add(m, out, what))
        return false;
    if (!vd_str_eq(arn->service, VD_S("s3")))
        return true;
    what.action = vd_act_action(m->catalog, arn->service, VD_S("PutBucketTagging"));
    return what.action == VD_NONE || vd_meaning_add(m, out, what);
}

/* ------------------------------------------------------------------ all of it */

bool vd_act_implied(vd_mapper *m, const vd_asked *q, vd_meanings *out)
{
    vd_str        prefix;
    const vd_row *call;
    bool          reads = only_reads(m, out);

    if (!out->count || vd_str_eq(q->kind, VD_S("action")))
        return true;
    prefix = vd_str_first(out->at[0].name, vd_str_find(out->at[0].name, ':'));
    if (q->roles && !reads && !add(m, row_for(q, prefix, VD_S("role")), prefix, out, true, true))
        return false;
    if (!reads && !add_tags(m, q, prefix, out))
        return false;
    call = row_for(q, prefix, VD_S("call"));
    return has_action(m, out, call, prefix) || add(m, call, prefix, out, true, false);
}

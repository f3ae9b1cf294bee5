/* SPDX-License-Identifier: Apache-2.0
 *
 * The roles that a call passes (usage 2.5, 3.2): what its parameters say is the ARN of a role or of an instance profile, or a
 * name alone.  The snapshot knows which role is in a profile and which path a name has.
 */
#include "activity/read.h"

#include "base/str.h"
#include "model/snapshot.h"

/* One of them. */
typedef struct passed {
    vd_str  account, name; /* name: the last part */
    bool    profile, whole; /* whole: the text is an ARN */
    bool    foreign;        /* of another account: that cannot be passed */
    uint32_t node;          /* of the role; VD_NONE: nobody knows */
} passed;

static vd_str account_of(const vd_act_fact *f)
{
    vd_str account = vd_str_first(f->parts[VD_F_PRINCIPAL], vd_str_find(f->parts[VD_F_PRINCIPAL], '|')), number;

    vd_act_partition(account, &number);
    return number.n ? number : f->log;
}

static passed passed_of(const vd_gather *g, const vd_act_fact *f, vd_str text)
{
    vd_arn arn;
    bool   whole = vd_arn_split(&arn, text);
    vd_str resource = whole ? arn.resource : text, own = account_of(f);
    passed p = { .account = whole ? arn.account : own, .whole = whole, .profile = vd_str_starts(resource, VD_S("instance-profile/")),
                 .foreign = whole && own.n && !vd_str_eq(arn.account, own), .node = VD_NONE };

    p.name = vd_str_from(resource, vd_str_rfind(resource, '/') + 1);
    if (p.profile && g->a->snapshot)
        p.node = vd_snap_profile_find(g->a->snapshot, p.account, p.name);
    else if (!p.profile && !whole)
        p.node = vd_people_node(g->people, p.account, VD_WHO_IS_ROLE, p.name);
    return p;
}

/* A name may be something else than a role's. */
static bool is_doubtful(const vd_gather *g, const passed *p)
{
    return !p->whole && !p->profile && p->node == VD_NONE && g->a->snapshot &&
           vd_snap_account_find(g->a->snapshot, p->account) != VD_NONE;
}

vd_passing vd_act_passing(const vd_gather *g, const vd_act_fact *f)
{
    const vd_bottom *roles = &f->fact->sets[VD_SET_ROLES];
    vd_passing       most = roles->overflow ? VD_PASSES : VD_PASSES_NONE;

    for (uint32_t i = 0; i < roles->count && most != VD_PASSES; i++) {
        passed p = passed_of(g, f, roles->at[i].text);

        if (!p.foreign)
            most = is_doubtful(g, &p) ? VD_PASSES_PERHAPS : VD_PASSES;
    }
    return most;
}

/* Without its path and with any. */
static bool put_name(vd_gather *g, vd_act_set *set, const vd_act_fact *f, const passed *p)
{
    vd_str plain, any;

    set->more = true;
    return vd_arena_printf(&g->a->arena, &plain, "arn:" VD_F ":iam::" VD_F ":role/" VD_F, VD_A(f->partition), VD_A(p->account), VD_A(p->name)) &&
           vd_arena_printf(&g->a->arena, &any, "arn:" VD_F ":iam::" VD_F ":role/*/" VD_F, VD_A(f->partition), VD_A(p->account), VD_A(p->name)) &&
           vd_act_set_add(&g->texts, set, plain) && vd_act_set_add(&g->texts, set, any);
}

static bool put_role(vd_gather *g, vd_act_set *set, const vd_act_fact *f, vd_str text)
{
    passed p = passed_of(g, f, text);

    if (p.foreign)
        return true;
    if (p.node != VD_NONE)
        return vd_act_set_add(&g->texts, set, g->a->snapshot->nodes[p.node].arn);
    if (!p.profile)
        return p.whole ? vd_act_set_add(&g->texts, set, text) : put_name(g, set, f, &p);
    set->more = true; /* some role: nobody said which is in it */
    return true;
}

bool vd_act_add_roles(vd_gather *g, vd_act_set *set, const vd_act_fact *f)
{
    const vd_bottom *roles = &f->fact->sets[VD_SET_ROLES];

    for (uint32_t i = 0; i < roles->count; i++)
        if (!put_role(g, set, f, roles->at[i].text))
            return false;
    set->more |= roles->overflow;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A witness of who-can and what-can as a scenario file: with the documents of the snapshot that bear on this principal and
 * this resource, level by level, so that the file goes on saying it when the snapshot is gone.
 */
#include "cli/save.h"

#include "base/sha256.h"
#include "base/str.h"
#include "pattern/overlap.h"

typedef struct finding {
    const vd_snapshot *s;
    vd_arena           arena;
    vd_bearings        all;
    vd_str             state;
} finding;

static bool add_principal(finding *f, vd_str arn)
{
    uint32_t node = vd_snap_node_find(f->s, arn);

    if (node == VD_NONE)
        return true; /* from outside */
    if (!vd_snap_identity(&f->all, f->s, node, &f->arena))
        return false;
    return vd_snap_exempt(f->s, node) || vd_snap_guards(&f->all, f->s, f->s->nodes[node].account, VD_LAYER_SCP, &f->arena);
}

/* The trust policy of a role is asked by sts alone (E719). */
static bool add_trust(finding *f, uint32_t node, vd_str action)
{
    vd_bearing trust = { .layer = VD_LAYER_RESOURCE };

    if (f->s->nodes[node].trust == VD_NONE || !vd_action_overlaps(action, VD_S("sts:*")))
        return true;
    trust.policy = f->s->docs[f->s->nodes[node].trust].policy;
    return !trust.policy || VD_ARENA_PUSH(&f->arena, f->all.at, f->all.count, f->all.cap, trust);
}

static bool add_resource(finding *f, const vd_witness *w)
{
    uint32_t thing = vd_snap_resource_find(f->s, w->resource), node = vd_snap_node_find(f->s, w->resource), account = VD_NONE;

    if (thing != VD_NONE) {
        account = f->s->resources[thing].account;
        f->state = f->s->resources[thing].state;
        if (!vd_snap_resource_side(&f->all, f->s, thing, &f->arena))
            return false;
    } else if (node != VD_NONE) {
        account = f->s->nodes[node].account;
        if (!add_trust(f, node, w->action))
            return false;
    }
    return account == VD_NONE || f->s->accounts[account].management == VD_CERTAIN_YES ||
           vd_snap_guards(&f->all, f->s, account, VD_LAYER_RCP, &f->arena);
}

void vd_save_reached(vd_proving *p, const vd_snapshot *s, vd_str principal, bool resources, vd_str id, vd_str title, const vd_witness *w)
{
    finding f = { .s = s, .arena = vd_arena_on(vd_allocator_default(), 0), .state = VD_S("") };
    char    digits[17];

    if (!vd_args_has(&p->cli->args, "save-witness") || !w || p->unsaved)
        return;
    vd_sha256_hex(digits, sizeof digits - 1, id);
    if (!add_principal(&f, principal) || (resources && !add_resource(&f, w))) {
        vd_cli_errorf(p->cli, VD_EXIT_NO_ANSWER, "out of memory");
    } else {
        vd_save_case one = { .name = "it is allowed", .bearings = &f.all, .state = f.state, .expect = "allow" };

        vd_save_witness(p, vd_str_of(digits), title, w, &one, 1);
    }
    vd_arena_done(&f.arena);
}

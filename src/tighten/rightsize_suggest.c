/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions that every use of a statement's actions met (usage 3.5): said to people, never added.  A condition is only
 * thought of when everything that stays in the statement was seen, and the evidence cannot have missed a use that breaks it.
 */
#include "tighten/rightsize.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/facts.h"

enum { MOST_REGIONS = 3, MOST_NETWORKS = 5 };

/* What is true of all uses of one statement. */
typedef struct common {
    vd_rs_texts regions, via, networks, services;
    bool        more;   /* than are kept, of any of these */
    bool        global; /* one of the services has no regions, or lies in one of its own */
    bool        direct, endpoints, mfa, no_mfa, kms, other, passes;
    uint32_t    uses;
} common;

typedef struct suggesting {
    vd_rs      *r;
    vd_rs_texts out;
} suggesting;

static bool add_all(vd_rs *r, vd_rs_texts *to, const vd_use_texts *from, bool *more)
{
    *more |= from->more;
    for (size_t i = 0; i < from->count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < to->count && !there; j++)
            there = vd_str_eq(to->at[j], from->at[i]);
        if (!there && !VD_ARENA_PUSH(&r->scratch, to->at, to->count, to->cap, from->at[i]))
            return false;
    }
    return true;
}

static bool add_use(vd_rs *r, common *c, const vd_rs_seen *s)
{
    char   prefix[64];
    size_t n = vd_str_find(s->name, ':');
    bool   services_more = false;

    if (n >= sizeof prefix)
        return true;
    vd_lower_copy(prefix, s->name.p, n);
    c->uses++;
    c->global |= vd_service_is_global((vd_str){ prefix, n });
    c->kms |= vd_str_eq((vd_str){ prefix, n }, VD_S("kms"));
    c->other |= !vd_str_eq((vd_str){ prefix, n }, VD_S("kms"));
    c->direct |= s->how.direct;
    c->endpoints |= s->how.endpoints.count > 0;
    c->mfa |= s->how.mfa_true;
    c->no_mfa |= s->how.mfa_false || s->how.mfa_none || !s->how.mfa_true;
    if (vd_str_ieq(s->name, VD_S("iam:PassRole"))) {
        c->passes = !s->how.services.more;
        return add_all(r, &c->services, &s->how.services, &services_more);
    }
    return add_all(r, &c->regions, &s->how.regions, &c->more) && add_all(r, &c->via, &s->how.via, &c->more) &&
           add_all(r, &c->networks, &s->how.networks, &c->more);
}

/* False: something of it was not seen to be used, so nothing is true of all its uses; or there is no memory. */
static bool gather(vd_rs *r, common *c, const vd_rs_statement *s, bool *nomem)
{
    for (uint32_t a = 0; a < vd_catalog_actions(r->t->catalog); a++) {
        const vd_rs_seen *seen;

        if (!vd_rs_bit(s->stays, a))
            continue;
        seen = r->seen_of[a] == VD_NONE ? NULL : &r->t->seen[r->seen_of[a]];
        if (!seen || seen->state != VD_STATE_USED || !seen->sure || (seen->hides & ~r->opts->drop_blind))
            return false;
        if (!add_use(r, c, seen)) {
            *nomem = true;
            return false;
        }
    }
    return c->uses > 0;
}

static void put_list(vd_buf *b, const vd_rs_texts *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        vd_buf_printf(b, "%s" VD_F, i ? ", " : "", VD_A(list->at[i]));
}

static bool say(suggesting *g, const vd_rs_statement *s, const char *condition, const vd_rs_texts *values)
{
    vd_buf b = vd_buf_on(&g->r->t->engine->alloc, 0);
    vd_str text;
    bool   ok;

    vd_buf_printf(&b, "\"" VD_F "\", statement %u", VD_A(g->r->t->documents[s->document].name), (unsigned)s->index + 1);
    if (s->model->has_sid)
        vd_buf_printf(&b, " (" VD_F ")", VD_A(s->model->sid.text));
    vd_buf_printf(&b, ": all uses meet %s ", condition);
    put_list(&b, values);
    ok = !b.failed && vd_arena_dup(g->r->arena, &text, vd_buf_str(&b)) &&
         VD_ARENA_PUSH(g->r->arena, g->out.at, g->out.count, g->out.cap, text);
    vd_buf_done(&b);
    return ok;
}

/* kms:ViaService has the region in its name. */
static bool say_via(suggesting *g, const vd_rs_statement *s, const common *c)
{
    vd_str      service = c->via.at[0], one;
    vd_rs_texts values = { .at = &one, .count = 1 };

    if (c->other || c->regions.count != 1)
        return say(g, s, "StringEquals aws:CalledViaLast", &c->via);
    if (vd_str_ends(service, VD_S(".amazonaws.com")))
        service.n -= sizeof ".amazonaws.com" - 1;
    return vd_arena_printf(&g->r->scratch, &one, VD_F "." VD_F ".amazonaws.com", VD_A(service), VD_A(c->regions.at[0])) &&
           say(g, s, "StringEquals kms:ViaService", &values);
}

static bool suggest(suggesting *g, const vd_rs_statement *s, const common *c)
{
    static const vd_str yes[] = { VD_L("true") };
    vd_rs_texts         truth = { .at = (vd_str *)(uintptr_t)yes, .count = 1 };
    bool                ok = true;

    if (c->regions.count && c->regions.count <= MOST_REGIONS && !c->global && !c->more)
        ok = say(g, s, "StringEquals aws:RequestedRegion", &c->regions);
    if (ok && c->via.count == 1 && !c->direct && !c->more)
        ok = say_via(g, s, c);
    if (ok && c->networks.count && c->networks.count <= MOST_NETWORKS && !c->via.count && !c->endpoints && !c->more)
        ok = say(g, s, "IpAddress aws:SourceIp", &c->networks);
    if (ok && c->mfa && !c->no_mfa && g->r->t->user)
        ok = say(g, s, "Bool aws:MultiFactorAuthPresent", &truth);
    if (ok && c->passes && c->services.count == 1 && c->uses == 1)
        ok = say(g, s, "StringEquals iam:PassedToService", &c->services);
    return ok;
}

vd_code vd_rs_suggest(vd_rs *r)
{
    suggesting g = { .r = r };
    bool       nomem = false;

    for (uint32_t i = 0; i < r->statement_count && !nomem; i++) {
        const vd_rs_statement *s = &r->statements[i];
        common                 c = { 0 };

        if (s->open && s->part_count && !s->model->entry_count && gather(r, &c, s, &nomem))
            nomem = !suggest(&g, s, &c);
    }
    r->result->suggestions = (vd_texts_list){ g.out.at, g.out.count };
    return nomem ? vd_fail_nomem(r->err) : VD_OK;
}

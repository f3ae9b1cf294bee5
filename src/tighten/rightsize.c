/* SPDX-License-Identifier: Apache-2.0
 *
 * Right-sizing from its two ends: who holds which documents, of which some may be changed, and what was seen of these
 * principals.  The safety valves of usage 6.5 are here.
 */
#include "tighten/rightsize.h"

#include "activity/activity.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "tighten/shape.h"

enum { DAY = 86400, LEAST_COVERAGE = 950, LEAST_WINDOW = 30, MOST_REPLAYED = 50 };

typedef struct sizing {
    const vd_activity       *activity;
    const vd_rightsize_opts *opts;
    vd_error                *err;
    vd_arena                 arena;
    vd_holder               *holders;
    uint32_t                 holder_count;
    const vd_engine         *engine;
    vd_rs_document          *documents;
    uint32_t                 document_count;
    vd_str                   overrides[8];
    uint32_t                 override_count;
    vd_usage_coverage              coverage;
    vd_rs_recommended        recommended;
} sizing;

/* ------------------------------------------------------------------ who, and which documents */

static const vd_granting *find_granting(const vd_holder *h, const vd_granting *like)
{
    for (size_t i = 0; i < h->policy_count; i++) {
        const vd_granting *g = &h->policies[i];

        if (like->arn.n ? vd_str_eq(g->arn, like->arn)
                        : vd_str_eq(g->name, like->name) && vd_str_eq(vd_policy_text(g->policy), vd_policy_text(like->policy)))
            return g;
    }
    return NULL;
}

/* Managed policies that are attached where this one is: to the holder itself, or to the same group. */
static uint32_t attached_with(const vd_holder *h, const vd_granting *g)
{
    uint32_t n = 0;

    for (size_t i = 0; i < h->policy_count && g->arn.n; i++)
        n += h->policies[i].arn.n && vd_str_eq(h->policies[i].group, g->group);
    return n;
}

static bool holds_policy(const vd_holder *h, vd_str arn)
{
    for (size_t i = 0; i < h->policy_count; i++)
        if (vd_str_eq(h->policies[i].arn, arn))
            return true;
    return false;
}

static vd_code take_holders(sizing *z, const vd_holders *holders)
{
    uint32_t all = vd_holders_count(holders);

    z->holders = vd_arena_new_array(&z->arena, vd_holder, (size_t)all + 1);
    if (!z->holders)
        return vd_fail_nomem(z->err);
    for (uint32_t i = 0; i < all; i++) {
        vd_holder h = { .size = sizeof h };

        if (!vd_holders_at(holders, i, &h) || (z->opts->policy.n && !holds_policy(&h, z->opts->policy)))
            continue;
        if (h.service_linked)
            return vd_fail(z->err, VD_EINVAL, VD_F " is a service-linked role: what it holds is the service's to change", VD_A(h.arn));
        z->holders[z->holder_count++] = h;
    }
    if (z->holder_count)
        return VD_OK;
    if (z->opts->policy.n)
        return vd_fail(z->err, VD_EINVAL, "nobody in the snapshot holds \"" VD_F "\"", VD_A(z->opts->policy));
    return vd_fail(z->err, VD_EINVAL, "there is nobody whose policies could be made smaller");
}

/* Why it stays as it is; empty: it need not. */
static bool fixed_because(sizing *z, const vd_granting *g, vd_str *out)
{
    *out = VD_S("");
    if (g->aws)
        return vd_arena_printf(&z->arena, out, "AWS manages it; a copy of your own could be made smaller");
    if (z->opts->policy.n || (g->shared && !g->arn.n && !g->group.n))
        return true; /* all that hold it are here */
    if (g->shared && g->group.n)
        return vd_arena_printf(&z->arena, out, "others hold it through " VD_F, VD_A(g->group));
    if (g->shared)
        return vd_arena_printf(&z->arena, out, "others hold it, too: ask about " VD_F, VD_A(g->arn));
    return true;
}

static vd_code take_document(sizing *z, const vd_granting *g)
{
    vd_rs_document d = { .policy = g->policy, .name = g->name, .arn = g->arn, .group = g->group };

    for (uint32_t i = 0; i < z->holder_count; i++) {
        const vd_granting *own = find_granting(&z->holders[i], g);

        if (!own)
            return VD_OK; /* not of all of them */
        d.young |= own->since > z->coverage.from;
        d.attached = attached_with(&z->holders[i], own) > d.attached ? attached_with(&z->holders[i], own) : d.attached;
    }
    if (!fixed_because(z, g, &d.fixed))
        return vd_fail_nomem(z->err);
    z->documents[z->document_count++] = d;
    return VD_OK;
}

static vd_code take_documents(sizing *z)
{
    const vd_holder *first = &z->holders[0];

    z->documents = vd_arena_new_array(&z->arena, vd_rs_document, first->policy_count + 1);
    if (!z->documents)
        return vd_fail_nomem(z->err);
    for (size_t i = 0; i < first->policy_count; i++)
        if (!z->opts->policy.n || vd_str_eq(first->policies[i].arn, z->opts->policy))
            VD_TRY(take_document(z, &first->policies[i]));
    if (z->document_count == 0)
        return vd_fail(z->err, VD_EINVAL, VD_F " holds no policy that could be made smaller", VD_A(first->arn));
    return VD_OK;
}

/* ------------------------------------------------------------------ quotas that count for them */

static bool is_document(const sizing *z, const vd_granting *g)
{
    for (uint32_t i = 0; i < z->document_count; i++)
        if (z->documents[i].policy == g->policy || (vd_str_eq(z->documents[i].name, g->name) &&
                                                    vd_str_eq(vd_policy_text(z->documents[i].policy), vd_policy_text(g->policy))))
            return true;
    return false;
}

/* Of inline policies that are not looked at, as the holder has them that has most. */
static size_t inline_beside(const sizing *z)
{
    size_t most = 0;

    for (uint32_t i = 0; i < z->holder_count; i++) {
        const vd_holder *h = &z->holders[i];
        size_t           n = 0;

        for (size_t k = 0; k < h->policy_count; k++)
            if (!h->policies[k].arn.n && !h->policies[k].group.n && h->policies[k].policy->kind != VD_KIND_MANAGED && !is_document(z, &h->policies[k]))
                n += vd_shape_size(h->policies[k].policy->json);
        most = n > most ? n : most;
    }
    return most;
}

/* Where one of them is a user, the documents must fit a user. */
static vd_str holder_kind(const sizing *z)
{
    vd_str kind = z->holders[0].permission_set.n ? VD_S("permission-set") : VD_S("role");

    for (uint32_t i = 0; i < z->holder_count; i++)
        if (vd_str_eq(z->holders[i].kind, VD_S("user")))
            kind = VD_S("user");
    return kind;
}

/* ------------------------------------------------------------------ safety valves */

static vd_code override(sizing *z, const char *what, uint32_t least)
{
    vd_str *out = &z->overrides[z->override_count++];

    if (!(least ? vd_arena_printf(&z->arena, out, "%s: %u", what, (unsigned)least) : vd_arena_printf(&z->arena, out, "%s", what)))
        return vd_fail_nomem(z->err);
    return VD_OK;
}

static vd_code check_coverage(sizing *z)
{
    uint32_t least = z->opts->min_coverage ? z->opts->min_coverage : LEAST_COVERAGE;

    if (z->opts->any_coverage)
        return override(z, "any coverage", 0);
    if (least < LEAST_COVERAGE)
        VD_TRY(override(z, "min-coverage, of a thousand", least));
    for (uint32_t i = 0; i < z->holder_count; i++) {
        uint32_t covered = vd_activity_covered(z->activity, z->holders[i].account);

        if (covered >= least)
            continue;
        vd_fail(z->err, VD_EINVAL, "of the logs of account " VD_F " %u.%u%% of the days are there, and %u.%u%% are asked for",
                VD_A(z->holders[i].account), (unsigned)covered / 10, (unsigned)covered % 10, (unsigned)least / 10, (unsigned)least % 10);
        vd_error_hint(z->err, "more logs, or --min-coverage %u", (unsigned)covered / 10);
        return VD_EINVAL;
    }
    return VD_OK;
}

static vd_code check_window(sizing *z)
{
    uint32_t least = z->opts->min_window ? z->opts->min_window : LEAST_WINDOW;
    int64_t  days = (z->coverage.to - z->coverage.from) / DAY;

    if (z->opts->any_window)
        return override(z, "any window", 0);
    if (least < LEAST_WINDOW)
        VD_TRY(override(z, "min-window, days", least));
    if (days >= (int64_t)least)
        return VD_OK;
    vd_fail(z->err, VD_EINVAL, "the logs tell of %lld day%s, and %u are asked for", (long long)days, days == 1 ? "" : "s", (unsigned)least);
    vd_error_hint(z->err, "more logs, or --min-window %lld", (long long)(days > 0 ? days : 0));
    return VD_EINVAL;
}

/* Services with events that no table knows are not reduced, unless somebody says that these do not matter. */
static vd_code check_unmapped(sizing *z)
{
    uint32_t bits = VD_BLIND_UNMAPPED_NAME | VD_BLIND_UNMAPPED_SOURCE;

    if (z->opts->any_unmapped)
        return override(z, "accept-unmapped", 0);
    if (z->opts->drop_blind & bits) {
        vd_fail(z->err, VD_EINVAL, "events that no table knows may be uses of what is to be dropped");
        vd_error_hint(z->err, "--map-extra FILE says what they are, --accept-unmapped that they do not matter");
        return VD_EINVAL;
    }
    return VD_OK;
}

static vd_code say_dropped(sizing *z)
{
    vd_buf  b = vd_buf_on(&z->engine->alloc, 0);
    vd_code code = VD_OK;

    vd_buf_add(&b, VD_S("drop-unseen:"));
    for (uint32_t i = 0; i < VD_BLIND_COUNT_BITS; i++)
        if (z->opts->drop_blind >> i & 1)
            vd_buf_printf(&b, " %s", vd_blind_name((uint32_t)1 << i));
    if (z->opts->drop_blind && (b.failed || !vd_arena_dup(&z->arena, &z->overrides[z->override_count++], vd_buf_str(&b))))
        code = vd_fail_nomem(z->err);
    vd_buf_done(&b);
    return code;
}

static vd_code check_valves(sizing *z)
{
    VD_TRY(check_coverage(z));
    VD_TRY(check_window(z));
    VD_TRY(check_unmapped(z));
    VD_TRY(say_dropped(z));
    return z->opts->accept_assumed ? override(z, "accept-assumed", 0) : VD_OK;
}

/* ------------------------------------------------------------------ all of it */

/* Actions that any of the documents allows. */
static bool add_granted(const vd_catalog *c, uint64_t *bits, uint64_t *one, size_t words, const vd_policy *p)
{
    uint32_t all = vd_catalog_actions(c);

    for (uint32_t i = 0; i < p->statement_count; i++) {
        const vd_statement *s = &p->statements[i];

        if (s->effect != VD_EFFECT_ALLOW)
            continue;
        memset(one, 0, words * sizeof *one);
        for (uint32_t j = 0; j < s->action.texts.count; j++)
            vd_catalog_expand_bits(c, s->action.texts.at[j].text, one);
        for (size_t j = 0; j < words; j++)
            bits[j] |= s->action.negated ? ~one[j] : one[j];
    }
    for (size_t i = all; i < words * 64; i++)
        bits[i / 64] &= ~((uint64_t)1 << (i % 64));
    return true;
}

static vd_code look(sizing *z, vd_rs_looking *l, const vd_catalog *catalog)
{
    size_t    words = (size_t)vd_catalog_actions(catalog) / 64 + 1;
    uint64_t *granted = vd_arena_new_array(&z->arena, uint64_t, words), *one = vd_arena_new_array(&z->arena, uint64_t, words);
    uint32_t *actors = vd_arena_new_array(&z->arena, uint32_t, z->holder_count);

    if (!granted || !one || !actors)
        return vd_fail_nomem(z->err);
    for (uint32_t i = 0; i < z->document_count; i++)
        add_granted(catalog, granted, one, words, z->documents[i].policy);
    for (uint32_t i = 0; i < z->holder_count; i++)
        actors[i] = vd_activity_find(z->activity, z->holders[i].arn);
    *l = (vd_rs_looking){ .engine = z->engine, .catalog = catalog, .activity = z->activity, .holders = z->holders, .actors = actors,
                          .holder_count = z->holder_count, .arena = &z->arena };
    return vd_rs_look(l, granted, z->err);
}

static vd_code size_it(sizing *z, vd_rightsized **out)
{
    const vd_catalog *catalog = z->opts->catalog ? z->opts->catalog : vd_catalog_builtin();
    vd_rs_looking     l;
    vd_rs_target      t = { .engine = z->engine, .catalog = catalog };
    vd_str           *who = vd_arena_new_array(&z->arena, vd_str, MOST_REPLAYED);

    if (!who)
        return vd_fail_nomem(z->err);
    VD_TRY(take_documents(z));
    VD_TRY(check_valves(z));
    VD_TRY(look(z, &l, catalog));
    /* what is proved is so for every principal; requests are replayed for some */
    for (uint32_t i = 0; i < z->holder_count && i < MOST_REPLAYED; i++)
        who[t.principal_count++] = z->holders[i].arn;
    t.documents = z->documents;
    t.document_count = z->document_count;
    t.seen = l.seen;
    t.seen_count = l.seen_count;
    t.principals = who;
    t.account = z->holders[0].account;
    for (uint32_t i = 1; i < z->holder_count; i++)
        if (!vd_str_eq(z->holders[i].account, t.account))
            t.account = VD_S("");
    t.user = vd_str_eq(z->holders[0].kind, VD_S("user"));
    t.holds = holder_kind(z);
    t.inline_beside = inline_beside(z);
    /* of one principal alone: what AWS says is about each by itself */
    if (z->holder_count == 1)
        VD_TRY(vd_rs_read_recommended(&z->recommended, &z->arena, z->activity, z->holders[0].arn, z->documents, z->document_count, z->err));
    t.recommended = z->recommended.told ? &z->recommended : NULL;
    t.overrides = z->overrides;
    t.override_count = z->override_count;
    return vd_rs_run(out, &t, z->opts, z->err);
}

vd_code vd_rightsize(vd_rightsized **out, const vd_activity *activity, const vd_holders *holders, const vd_rightsize_opts *opts,
                     vd_error *err)
{
    vd_rightsize_opts own = { .size = sizeof own };
    sizing            z = { .activity = activity, .opts = &own, .err = err, .engine = activity->engine, .coverage = { .size = sizeof z.coverage } };
    vd_code           code;

    *out = NULL;
    if (opts)
        memcpy(&own, opts, opts->size && opts->size < sizeof own ? opts->size : sizeof own);
    vd_activity_coverage(activity, &z.coverage);
    z.arena = vd_arena_on(&z.engine->alloc, 0);
    code = take_holders(&z, holders);
    if (code == VD_OK)
        code = size_it(&z, out);
    vd_rs_recommended_done(&z.recommended);
    vd_arena_done(&z.arena);
    return code;
}

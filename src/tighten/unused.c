/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses: one subject after the other, its findings in the order of their rules; then what belongs to nobody.
 */
#include "tighten/unused_int.h"

#include "analyze/action_sets.h"
#include "base/calendar.h"
#include "base/sha256.h"
#include "base/str.h"
#include "pattern/value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_BITS = 24 }; /* of the number of findings of one subject */

static const char *const rule_names[VD_UNUSED_COUNT] = {
    [VD_UNUSED_ROLE] = "unused-role",
    [VD_UNUSED_USER] = "unused-user",
    [VD_UNUSED_PASSWORD] = "unused-password",
    [VD_UNUSED_KEY] = "unused-key",
    [VD_UNUSED_NEVER] = "never-used-credential",
    [VD_UNUSED_ROOT_USED] = "root-used",
    [VD_UNUSED_ROOT_KEY] = "root-key",
    [VD_UNUSED_NO_MFA] = "no-mfa",
    [VD_UNUSED_TWO_KEYS] = "two-active-keys",
    [VD_UNUSED_IDLE_KEY] = "key-without-permissions",
    [VD_UNUSED_TRUST] = "unused-trust",
    [VD_UNUSED_STATEMENT] = "unused-statement",
    [VD_UNUSED_SERVICE] = "unused-service",
    [VD_UNUSED_ACTION] = "unused-action",
    [VD_UNUSED_RESOURCE] = "resource-broader-than-use",
    [VD_UNUSED_BLIND] = "cannot-be-seen",
    [VD_UNUSED_UNMAPPED] = "unmapped-event",
    [VD_UNUSED_GRANTED_ELSEWHERE] = "granted-elsewhere",
};

const char *vd_unused_name(int32_t rule)
{
    return rule >= 0 && rule < VD_UNUSED_COUNT ? rule_names[rule] : "?";
}

/* ------------------------------------------------------------------ pieces of findings */

vd_str vd_idle_printf(vd_idle *r, const char *format, ...)
{
    va_list args, again;
    vd_str  out = { "", 0 };
    char   *text;
    int     n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = n < 0 ? NULL : vd_arena_alloc(&r->scratch, (size_t)n + 1, 1);
    if (text) {
        vsnprintf(text, (size_t)n + 1, format, again);
        out = (vd_str){ text, (size_t)n };
    }
    va_end(again);
    r->nomem |= !text;
    return out;
}

vd_str vd_idle_day(vd_idle *r, int64_t seconds)
{
    char   text[VD_TIME_ROOM];
    size_t n = vd_time_format(text, seconds);

    return vd_idle_printf(r, "%.*s", (int)vd_str_find((vd_str){ text, n }, 'T'), text);
}

int64_t vd_idle_time(vd_str text)
{
    vd_date d;

    return text.n && vd_date_parse(&d, text) && d.seconds > 0 ? d.seconds : 0;
}

bool vd_idle_covered(const vd_idle *r, vd_str account)
{
    return vd_activity_covered(r->activity, account) >= 1000;
}

vd_unused_finding vd_idle_finding(const vd_idle *r, int32_t rule)
{
    (void)r;
    return (vd_unused_finding){ .size = sizeof(vd_unused_finding), .rule = rule, .principal = VD_S(""), .account = VD_S(""),
                                .permission_set = VD_S(""), .policy = VD_S(""), .policy_arn = VD_S(""), .group = VD_S(""),
                                .item = VD_S(""), .state = VD_STATE_NOT_SEEN, .confidence = 'H', .level = VD_LEVEL_UNKNOWN,
                                .says = VD_S(""), .aws = VD_S("") };
}

void vd_idle_evidence(vd_unused_finding *f, const char *what)
{
    for (size_t i = 0; i < VD_COUNT(f->evidence); i++) {
        if (f->evidence[i] && strcmp(f->evidence[i], what) == 0)
            return;
        if (!f->evidence[i]) {
            f->evidence[i] = what;
            return;
        }
    }
}

static void put_id(vd_idle *r, vd_unused_finding *f, vd_str key)
{
    vd_str who = f->permission_set.n ? f->permission_set : f->group.n ? f->group : f->principal, text;
    char  *id = vd_arena_alloc(&r->scratch, 17, 1);

    text = vd_idle_printf(r, "%s\n" VD_F "\n" VD_F "\n" VD_F "\n" VD_F, vd_unused_name(f->rule), VD_A(who),
                          VD_A(f->policy_arn.n ? f->policy_arn : f->policy), VD_A(f->item), VD_A(key));
    r->nomem |= !id;
    if (r->nomem)
        return;
    vd_sha256_hex(id, 16, text);
    f->id = (vd_str){ id, 16 };
}

void vd_idle_add(vd_idle *r, vd_unused_finding *f, uint32_t policy, uint32_t statement, vd_str key)
{
    uint32_t n = r->found_count;
    uint64_t order = (uint64_t)(f->rule & 0xff) << 56 | (uint64_t)(policy & 0x3fff) << 42 | (uint64_t)(statement & 0x3ffff) << MOST_BITS;

    f->days_since = f->last ? (int32_t)((r->now - f->last) / VD_DAY) : -1;
    if (f->days_since < -1)
        f->days_since = 0;
    if (n == 1u << MOST_BITS)
        return;
    order |= n;
    vd_idle_aws(r, f);
    put_id(r, f, key);
    r->nomem = r->nomem || !VD_ARENA_PUSH(&r->scratch, r->found, r->found_count, r->found_cap, *f) ||
               !VD_ARENA_PUSH(&r->scratch, r->order, n, r->order_cap, order);
}

/* ------------------------------------------------------------------ telling */

static void count(vd_idle *r, const vd_unused_finding *f)
{
    r->sum.findings++;
    r->sum.by_rule[f->rule]++;
    r->sum.credentials += f->rule >= VD_UNUSED_PASSWORD && f->rule <= VD_UNUSED_IDLE_KEY;
}

static int by_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void tell_all(vd_idle *r)
{
    if (r->found_count && !r->nomem)
        qsort(r->order, r->found_count, sizeof *r->order, by_order);
    for (uint32_t n = 0; n < r->found_count && !r->stop && !r->nomem; n++) {
        const vd_unused_finding *f = &r->found[r->order[n] & ((1u << MOST_BITS) - 1)];

        count(r, f);
        r->stop = r->tell && !r->tell(r->user, f);
    }
}

static void forget(vd_idle *r)
{
    vd_arena_reset(&r->scratch);
    r->found = NULL;
    r->order = NULL;
    r->found_count = r->found_cap = r->order_cap = 0;
}

/* ------------------------------------------------------------------ subjects */

/* All roles of the permission set, wherever they are; others stand for themselves. */
static bool gather(vd_idle *r, vd_idle_subject *s, uint32_t index)
{
    const vd_holder *h = &r->holders->all[index];

    *s = (vd_idle_subject){ .first = h, .members = vd_arena_new_array(&r->scratch, uint32_t, (size_t)r->holders->all_count + 1) };
    if (!s->members)
        return false;
    s->members[s->member_count++] = index;
    for (uint32_t i = 0; h->permission_set.n && i < r->holders->all_count; i++)
        if (i != index && vd_str_eq(r->holders->all[i].permission_set, h->permission_set))
            s->members[s->member_count++] = i;
    return true;
}

/* The first of a permission set that is asked about tells of all. */
static bool is_told_by_another(const vd_idle *r, uint32_t listed)
{
    const vd_holder *h = &r->holders->all[r->holders->listed[listed]];

    for (uint32_t i = 0; h->permission_set.n && i < listed; i++)
        if (vd_str_eq(r->holders->all[r->holders->listed[i]].permission_set, h->permission_set))
            return true;
    return false;
}

static void tell_principal(vd_idle *r, const vd_unused_principal *p)
{
    r->sum.principals++;
    r->sum.granted += p->granted;
    r->sum.used += p->used;
    r->sum.possible += p->possible;
    r->sum.not_seen += p->not_seen;
    r->sum.cannot_see += p->cannot_see;
    if (r->opts.principal && !r->stop && !r->nomem)
        r->stop = !r->opts.principal(r->user, p);
}

static void look_at(vd_idle *r, uint32_t listed)
{
    vd_idle_subject     s;
    vd_unused_principal p = { .size = sizeof p };
    bool                idle = false;

    if (is_told_by_another(r, listed))
        return;
    if (!gather(r, &s, r->holders->listed[listed])) {
        r->nomem = true;
        return;
    }
    r->nomem = r->nomem || !vd_idle_statements(r, &s);
    if (r->nomem)
        return;
    if (!r->opts.permissions_only) {
        idle = vd_idle_identity(r, &s);
        for (uint32_t i = 0; i < s.member_count; i++)
            vd_idle_credentials_of(r, r->holders->all[s.members[i]].arn, &s);
        if (!idle)
            vd_idle_trust(r, &s);
    }
    if (!r->opts.identities_only) {
        uint32_t before = r->found_count;

        vd_idle_grants(r, &s, &p);
        vd_idle_resources(r, &s);
        vd_idle_elsewhere(r, &s);
        if (idle || s.first->service_linked)
            r->found_count = before; /* it goes as a whole; or it is AWS's */
        tell_principal(r, &p);
        vd_idle_disagree(r, &s);
    }
    tell_all(r);
}

/* ------------------------------------------------------------------ of nobody */

static void unmapped(vd_idle *r)
{
    for (size_t i = 0; i < r->coverage.unmapped_count; i++) {
        const vd_unmapped *u = &r->coverage.unmapped[i];
        vd_unused_finding  f = vd_idle_finding(r, VD_UNUSED_UNMAPPED);

        f.state = VD_STATE_CANNOT_SEE;
        f.reasons = u->name.n ? VD_BLIND_UNMAPPED_NAME : VD_BLIND_UNMAPPED_SOURCE;
        f.item = u->name.n ? vd_idle_printf(r, VD_F " " VD_F, VD_A(u->source), VD_A(u->name)) : u->source;
        f.count = u->count;
        vd_idle_evidence(&f, "cloudtrail");
        f.says = vd_idle_printf(r, u->name.n ? "nobody knows which action \"" VD_F "\" of \"" VD_F "\" needs: %llu event%s of %u principal%s; a row of "
                                               "--map-extra tells"
                                             : "nobody knows whose event \"" VD_F "\" of \"" VD_F "\" is: %llu event%s of %u principal%s; a row of "
                                               "--map-extra tells",
                                VD_A(u->name.n ? u->name : VD_S("*")), VD_A(u->source), (unsigned long long)u->count, u->count == 1 ? "" : "s",
                                u->actors, u->actors == 1 ? "" : "s");
        vd_idle_add(r, &f, 0, (uint32_t)i, VD_S(""));
    }
}

static void look_at_rest(vd_idle *r)
{
    bool all = r->holders->count == r->holders->all_count;

    if (all && !r->opts.permissions_only)
        vd_idle_credentials_rest(r);
    if (all && !r->opts.identities_only)
        unmapped(r);
    tell_all(r);
}

/* ------------------------------------------------------------------ the run */

static vd_code prepare(vd_idle *r)
{
    r->coverage.size = sizeof r->coverage;
    vd_activity_coverage(r->activity, &r->coverage);
    r->from = r->coverage.from;
    r->to = r->coverage.to;
    r->now = r->opts.now ? r->opts.now : r->to;
    r->words = vd_grant_words(r->catalog);
    r->own = vd_arena_new_array(&r->arena, vd_unit, (size_t)vd_catalog_actions(r->catalog) + 1);
    if (!r->own)
        return vd_fail_nomem(r->err);
    VD_TRY(vd_action_set_bits(&r->escalation, r->catalog, VD_S("@escalation"), &r->arena, r->err));
    return vd_idle_credentials_read(r) ? VD_OK : vd_fail_nomem(r->err);
}

static uint32_t in_a_thousand(uint64_t part, uint64_t whole)
{
    return whole ? (uint32_t)(part * 1000 / whole) : 0;
}

vd_code vd_unused(const vd_activity *activity, const vd_holders *holders, const vd_unused_opts *opts, vd_unused_fn *tell, void *user,
                  vd_unused_summary *summary, vd_error *err)
{
    vd_idle  r = { .activity = activity, .holders = holders, .tell = tell, .user = user, .err = err };
    size_t   size = opts->size < sizeof r.opts ? opts->size : sizeof r.opts;
    uint32_t end;
    vd_code  code;

    memcpy(&r.opts, opts, size);
    r.opts.age_days = r.opts.age_days ? r.opts.age_days : 90;
    r.opts.grace_days = r.opts.grace_days ? r.opts.grace_days : 7;
    r.catalog = r.opts.catalog ? r.opts.catalog : vd_catalog_builtin();
    r.arena = vd_arena_on(&holders->engine->alloc, 0);
    r.scratch = vd_arena_on(&holders->engine->alloc, 0);
    code = prepare(&r);
    end = r.opts.count && r.opts.count < holders->count - (r.opts.first < holders->count ? r.opts.first : holders->count)
              ? r.opts.first + r.opts.count
              : holders->count;
    for (uint32_t i = r.opts.first; code == VD_OK && i < end && !r.stop && !r.nomem; i++) {
        look_at(&r, i);
        forget(&r);
    }
    if (code == VD_OK && !r.opts.count && !r.stop && !r.nomem)
        look_at_rest(&r);
    r.sum.size = sizeof r.sum;
    r.sum.weight_used = r.used_weight;
    r.sum.weight_idle = r.idle_weight;
    r.sum.weight_blind = r.blind_weight;
    r.sum.score = in_a_thousand(r.idle_weight, r.idle_weight + r.used_weight);
    r.sum.blind = in_a_thousand(r.blind_weight, r.idle_weight + r.used_weight + r.blind_weight);
    if (summary)
        memcpy(summary, &r.sum, summary->size && summary->size < sizeof r.sum ? summary->size : sizeof r.sum);
    vd_arena_done(&r.scratch);
    vd_arena_done(&r.arena);
    return code == VD_OK && r.nomem ? vd_fail_nomem(err) : code;
}

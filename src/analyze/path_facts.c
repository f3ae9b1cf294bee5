/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts of a snapshot that a way hangs on.  There are three answers: what nobody collected is neither true nor false, and
 * makes a way potential.
 */
#include "analyze/pathing.h"

#include "base/str.h"
#include "pattern/glob.h"

static const vd_snap_node *node_at(const vd_pathing *x, uint32_t node)
{
    return &x->snapshot->nodes[node];
}

static vd_certain yes_or_no(bool yes)
{
    return yes ? VD_CERTAIN_YES : VD_CERTAIN_NO;
}

static vd_certain not_of(vd_certain c)
{
    return c == VD_CERTAIN_NOBODY_SAID ? c : yes_or_no(c == VD_CERTAIN_NO);
}

uint32_t vd_bound_node(const vd_pathing *x, const vd_binding *b, const vd_fact_arg *arg, uint32_t self)
{
    const vd_way *w = &x->ways.at[b->way];
    uint32_t      first = VD_NONE;

    if (arg->target == VD_ON_SELF)
        return self;
    if (arg->target != VD_ON_BOUND)
        return VD_NONE;
    for (uint32_t i = 0; i < w->bound_count; i++) { /* the first principal's name is node, the second other */
        uint8_t kind = w->bounds[i].kind;

        if (kind != VD_BOUND_ROLE && kind != VD_BOUND_ANY_ROLE && kind != VD_BOUND_USER && kind != VD_BOUND_PRINCIPAL)
            continue;
        if (i == arg->bound)
            return first == VD_NONE ? b->node : b->other;
        first = i;
    }
    return VD_NONE;
}

/* ------------------------------------------------------------------ documents */

static vd_certain attached(const vd_pathing *x, const vd_binding *b, uint32_t node)
{
    const vd_snap_node *n = node_at(x, node);

    for (uint32_t i = 0; i < n->held.count; i++)
        if (x->snapshot->held[n->held.first + i].managed == b->managed)
            return VD_CERTAIN_YES;
    return VD_CERTAIN_NO;
}

static vd_certain member_of(const vd_pathing *x, uint32_t node, uint32_t group)
{
    const vd_snap_node *n = node_at(x, node);

    for (uint32_t i = 0; i < n->groups.count; i++)
        if (x->snapshot->memberships[n->groups.first + i] == group)
            return VD_CERTAIN_YES;
    return VD_CERTAIN_NO;
}

static vd_certain is_version(const vd_pathing *x, const vd_binding *b)
{
    const vd_snap_version *v = &x->snapshot->versions[b->version];

    return v->doc == VD_NONE ? VD_CERTAIN_NOBODY_SAID : yes_or_no(!v->is_default);
}

static vd_certain denies(const vd_pathing *x, const vd_binding *b)
{
    const vd_held *h = &x->snapshot->held[b->held];
    vd_policy     *p = h->doc == VD_NONE ? NULL : x->snapshot->docs[h->doc].policy;

    if (!p)
        return VD_CERTAIN_NOBODY_SAID;
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (p->statements[i].effect == VD_EFFECT_DENY)
            return VD_CERTAIN_YES;
    return VD_CERTAIN_NO;
}

static bool mentions_tags(const vd_pathing *x, uint32_t doc)
{
    const vd_policy *p = doc == VD_NONE ? NULL : x->snapshot->docs[doc].policy;

    for (uint32_t i = 0; p && i < p->statement_count; i++)
        for (uint32_t k = 0; k < p->statements[i].entry_count; k++)
            if (vd_str_istarts(p->statements[i].entries[k].key.text, VD_S("aws:PrincipalTag/")))
                return true;
    return false;
}

/* Of roles and resources, whoever asks them. */
static bool others_read_tags(vd_pathing *x)
{
    const vd_snapshot *s = x->snapshot;
    bool               any = false;

    for (uint32_t i = 0; i < s->node_count && !any && !x->tags_read; i++)
        any = mentions_tags(x, s->nodes[i].trust);
    for (uint32_t i = 0; i < s->resource_count && !any && !x->tags_read; i++)
        any = mentions_tags(x, s->resources[i].doc);
    if (!x->tags_read)
        x->tags_read = (uint8_t)(any ? VD_CERTAIN_YES + 1 : VD_CERTAIN_NO + 1);
    return x->tags_read == VD_CERTAIN_YES + 1;
}

static vd_certain reads_tags(vd_pathing *x, uint32_t node)
{
    const vd_snap_node *n = node_at(x, node);

    for (uint32_t i = 0; i < n->held.count; i++) {
        uint32_t doc = x->snapshot->held[n->held.first + i].doc;

        if (doc != VD_NONE && x->snapshot->docs[doc].reads_principal)
            return VD_CERTAIN_YES;
    }
    return yes_or_no(others_read_tags(x));
}

/* ------------------------------------------------------------------ people */

static vd_certain keys(const vd_pathing *x, uint32_t node, const vd_fact_arg *number, bool below)
{
    int32_t have = node_at(x, node)->keys, wanted = 0;

    for (size_t i = 0; i < number->text.n && i < 4 && vd_is_digit(number->text.p[i]); i++)
        wanted = wanted * 10 + (number->text.p[i] - '0');
    if (have < 0)
        return VD_CERTAIN_NOBODY_SAID;
    return yes_or_no(below ? have < wanted : have == wanted);
}

/* One of "a|b", each may have wildcards. */
static bool matches(vd_str patterns, vd_str text)
{
    char   coded[512];
    vd_str one;
    bool   more = true;

    while (more) {
        more = vd_str_cut(&patterns, '|', &one);
        if (!more)
            one = patterns;
        if (one.n <= sizeof coded && vd_glob_match((vd_str){ coded, vd_glob_code(coded, one) }, text))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ things */

static vd_certain known_bit(const vd_pathing *x, const vd_binding *b, uint32_t bit)
{
    const vd_snap_resource *r = b->thing == VD_NONE ? NULL : &x->snapshot->resources[b->thing];

    return r && r->facts_known & bit ? yes_or_no(r->facts & bit) : VD_CERTAIN_NOBODY_SAID;
}

bool vd_type_collected(const vd_pathing *x, vd_str type, uint32_t account)
{
    uint32_t count;

    vd_things_of(x, account, type, &count);
    return count > 0;
}

static vd_certain exists(const vd_pathing *x, vd_str type, uint32_t account)
{
    return vd_type_collected(x, type, account) ? VD_CERTAIN_YES : VD_CERTAIN_NOBODY_SAID;
}

static vd_certain runs_as(const vd_pathing *x, const vd_binding *b, uint32_t role)
{
    if (b->thing == VD_NONE)
        return VD_CERTAIN_NOBODY_SAID;
    return yes_or_no(x->snapshot->resources[b->thing].runs_as == role);
}

/* ------------------------------------------------------------------ trust */

static vd_certain role_trusts(vd_pathing *x, const vd_binding *b, const vd_way_fact *f, uint32_t role, uint32_t self)
{
    const vd_fact_arg *who = &f->args[1];
    vd_str             arn;
    uint32_t           other;
    vd_can             can;
    vd_identity        id;

    if (who->target == VD_ON_SELF) /* the call asks its trust policy */
        return VD_CERTAIN_YES;
    if (who->target == VD_ON_ARN && vd_str_starts(who->text, VD_S("service:")))
        return vd_trusts_service(x, role, vd_str_from(who->text, 8));
    if (who->target == VD_ON_ARN && vd_str_starts(who->text, VD_S("federated:")))
        return vd_trusts_federated(x, role, vd_str_from(who->text, 10));
    if (b->provider != VD_NONE)
        return VD_CERTAIN_YES; /* it was taken from there */
    other = vd_bound_node(x, b, who, self);
    if (other == VD_NONE)
        return VD_CERTAIN_NOBODY_SAID;
    arn = node_at(x, role)->arn;
    id = (vd_identity){ .node = other, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE };
    if (x->failed == VD_OK)
        x->failed = vd_effective_can(&can, x->effective, &id,
                                     &(vd_asked_call){ .action = VD_S("sts:AssumeRole"), .resources = &arn, .resource_count = 1,
                                                       .resource = VD_NONE },
                                     false, x->err);
    if (x->failed != VD_OK)
        return VD_CERTAIN_NO;
    return can.answer == VD_UNKNOWN ? VD_CERTAIN_NOBODY_SAID : yes_or_no(can.answer == VD_SAT);
}

/* A role that trusts a provider of its account which is not there: whoever makes one of this name is let in.  Which
 * providers there are is not collected. */
static vd_certain trusts_missing(const vd_pathing *x, uint32_t role)
{
    vd_str provider;

    return vd_trusts_provider(x, role, 0, &provider) ? VD_CERTAIN_NOBODY_SAID : VD_CERTAIN_NO;
}

static vd_certain exposed(vd_pathing *x, uint32_t role)
{
    for (uint32_t i = 0; i < x->outside_count; i++)
        if (x->outsides[i].node == role)
            return VD_CERTAIN_YES;
    return VD_CERTAIN_NO;
}

/* ------------------------------------------------------------------ all of them */

static vd_certain of_account(const vd_pathing *x, uint8_t fact, uint32_t account)
{
    uint8_t management = account == VD_NONE ? VD_CERTAIN_NOBODY_SAID : x->snapshot->accounts[account].management;

    if (fact == VD_FACT_IS_MANAGEMENT || management == VD_CERTAIN_YES)
        return management;
    if (account != VD_NONE && x->snapshot->accounts[account].in_org == VD_CERTAIN_NO)
        return VD_CERTAIN_NO;
    return VD_CERTAIN_NOBODY_SAID; /* what is delegated to whom is not collected */
}

static vd_certain of_node(vd_pathing *x, const vd_way_fact *f, const vd_binding *b, uint32_t node, uint32_t self)
{
    const vd_snap_node *n = node_at(x, node);

    switch (f->fact) {
    case VD_FACT_TRUSTS: return role_trusts(x, b, f, node, self);
    case VD_FACT_TRUSTS_MISSING: return trusts_missing(x, node);
    case VD_FACT_TRUSTS_WEB: return vd_trusts_federated(x, node, (vd_str){ "", 0 });
    case VD_FACT_BOUNDED: return yes_or_no(n->bounded);
    case VD_FACT_READS_TAGS: return reads_tags(x, node);
    case VD_FACT_MEMBER_OF: return member_of(x, node, b->group);
    case VD_FACT_NOT_MEMBER_OF: return not_of(member_of(x, node, b->group));
    case VD_FACT_KEY_COUNT: return keys(x, node, &f->args[1], false);
    case VD_FACT_KEY_COUNT_BELOW: return keys(x, node, &f->args[1], true);
    case VD_FACT_HAS_PASSWORD: return n->password;
    case VD_FACT_NO_PASSWORD: return not_of(n->password);
    case VD_FACT_NOT_SERVICE_LINKED: return yes_or_no(!n->service_linked);
    case VD_FACT_NAMED: return yes_or_no(matches(f->args[1].text, n->name));
    case VD_FACT_PATHED: return yes_or_no(matches(f->args[1].text, n->path));
    case VD_FACT_EXPOSED: return exposed(x, node);
    default: return VD_CERTAIN_NOBODY_SAID;
    }
}

vd_certain vd_fact_holds(vd_pathing *x, const vd_way_fact *f, const vd_binding *b, uint32_t self)
{
    uint32_t first = vd_bound_node(x, b, &f->args[0], self), second = f->arg_count > 1 ? vd_bound_node(x, b, &f->args[1], self) : VD_NONE;

    switch (f->fact) {
    case VD_FACT_ATTACHED: return attached(x, b, second);
    case VD_FACT_NOT_ATTACHED: return not_of(attached(x, b, second));
    case VD_FACT_CUSTOMER_MANAGED: return yes_or_no(x->snapshot->managed[b->managed].account != VD_NONE);
    case VD_FACT_VERSION: return is_version(x, b);
    case VD_FACT_BOUNDARY: return yes_or_no(vd_str_eq(node_at(x, second)->boundary_arn, x->snapshot->managed[b->managed].arn));
    case VD_FACT_DENIES: return denies(x, b);
    case VD_FACT_RUNS_AS: return runs_as(x, b, second);
    case VD_FACT_SSM_MANAGED: return known_bit(x, b, VD_THING_SSM_MANAGED);
    case VD_FACT_EXEC_ENABLED: return known_bit(x, b, VD_THING_EXEC_ENABLED);
    case VD_FACT_CREDENTIAL: return yes_or_no(b->thing != VD_NONE); /* only what is marked is bound */
    case VD_FACT_EXISTS: return exists(x, f->args[0].text, b->account);
    case VD_FACT_IS_MANAGEMENT:
    case VD_FACT_DELEGATED_ADMIN:
    case VD_FACT_SSO_OWNER: return of_account(x, f->fact, b->account);
    default: return first == VD_NONE ? VD_CERTAIN_NOBODY_SAID : of_node(x, f, b, first, self);
    }
}

/* ------------------------------------------------------------------ in words */

static vd_str short_arn(vd_str arn)
{
    size_t at = 0, colons = 0;

    while (at < arn.n && colons < 5)
        colons += arn.p[at++] == ':';
    return colons == 5 && at < arn.n ? vd_str_from(arn, at) : arn;
}

static vd_str arg_text(const vd_pathing *x, const vd_fact_arg *arg, const vd_binding *b, uint32_t self)
{
    const vd_snapshot *s = x->snapshot;
    uint32_t           node = vd_bound_node(x, b, arg, self);

    if (node != VD_NONE)
        return short_arn(s->nodes[node].arn);
    if (arg->target == VD_ON_ACCOUNT)
        return b->account == VD_NONE ? arg->text : s->accounts[b->account].id;
    if (arg->target != VD_ON_BOUND)
        return arg->text;
    switch (x->ways.at[b->way].bounds[arg->bound].kind) {
    case VD_BOUND_GROUP: return short_arn(s->groups[b->group].arn);
    case VD_BOUND_POLICY:
    case VD_BOUND_ATTACHABLE: return short_arn(s->managed[b->managed].arn);
    case VD_BOUND_VERSION: return s->versions[b->version].id;
    case VD_BOUND_DOCUMENT: return s->held[b->held].name;
    case VD_BOUND_PROVIDER: return b->provider == VD_NONE ? arg->text : x->texts.strings.at[b->provider];
    case VD_BOUND_RESOURCE:
    case VD_BOUND_THING:
        return b->thing == VD_NONE ? x->ways.at[b->way].bounds[arg->bound].type : short_arn(s->resources[b->thing].arn);
    default: return arg->text;
    }
}

bool vd_fact_say(vd_pathing *x, vd_str *out, const vd_way_fact *f, const vd_binding *b, uint32_t self, vd_arena *arena)
{
    vd_str first = arg_text(x, &f->args[0], b, self);

    if (f->arg_count == 1)
        return vd_arena_printf(arena, out, "%s " VD_F, vd_fact_name(f->fact), VD_A(first));
    return vd_arena_printf(arena, out, VD_F " %s " VD_F, VD_A(first), vd_fact_name(f->fact), VD_A(arg_text(x, &f->args[1], b, self)));
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What the log lists comes first, then ARNs among the parameters, then what templates make of the parameters.  Each kind of
 * resource is told by the first of them that knows it: an alias is not put beside the key it stood for.
 */
#include "usage/resources.h"

#include "base/str.h"
#include "catalog/events.h"
#include "pattern/arn.h"
#include "usage/plan.h"
#include "usage/usage_int.h"
#include "usage/walk.h"

/* Plans are made for the names that come, and forgotten for others that fall on the same places: so many, however many names
 * there are. */
enum { PLANS = 1024, SOURCES = 64, TRIES = 8, KINDS = 16, APART = 16, ELEMENTS = 4096, KEPT_TEXT = 1 << 14 };

struct vd_plans {
    vd_plan *at[PLANS];
    vd_buf   text; /* the ARN that is being made */
    vd_guard_tests guards[SOURCES];
};

typedef struct derive {
    vd_usage           *u;
    vd_fact            *f;
    const vd_record    *r;
    vd_plan            *plan;
    const vd_plan_case *c;
    vd_event_call       call;
    vd_walk            *walk;
    vd_buf             *text;
    vd_str              name; /* of the event, without its version */
    vd_kind             kinds[KINDS]; /* that were told */
    uint32_t            kind_count, told; /* told: by what came before */
    uint32_t            named_from, named_to; /* of them those that ARNs among the parameters told */
    vd_str              apart[APART]; /* ARNs that only a further action is about */
    uint32_t            apart_count;
    bool                any, shaped;
} derive;

void vd_plans_free(vd_plans *plans, const vd_allocator *alloc)
{
    if (!plans)
        return;
    for (uint32_t i = 0; i < PLANS; i++)
        vd_free(alloc, plans->at[i], sizeof **plans->at);
    vd_buf_done(&plans->text);
    vd_free(alloc, plans, sizeof *plans);
}

static bool plans_made(vd_usage *u)
{
    if (!u->plans) {
        u->plans = vd_alloc0(&u->engine->alloc, sizeof *u->plans);
        if (!u->plans)
            return vd_usage_nomem(u);
        u->plans->text = vd_buf_on(&u->engine->alloc, 0);
    }
    return true;
}

const vd_guard_tests *vd_usage_guards(vd_usage *u, vd_str label)
{
    uint64_t        hash = vd_hash(u->seed, label);
    vd_guard_tests *tests = NULL;

    if (!plans_made(u))
        return NULL;
    for (uint32_t i = 0; i < TRIES; i++) {
        tests = &u->plans->guards[(hash + i) % SOURCES];
        if (!tests->label_bytes)
            break;
        if (vd_str_eq((vd_str){ tests->label, tests->label_bytes }, label))
            return tests;
    }
    vd_guard_tests_make(tests, label);
    return tests;
}

/* NULL: no memory. */
static vd_plan *plan_of(vd_usage *u, vd_str label, vd_str name)
{
    const vd_allocator *alloc = &u->engine->alloc;
    uint64_t            hash = vd_hash(u->seed, name) ^ vd_hash(u->seed, label) * 3;
    vd_plan           **slot = NULL;

    if (!plans_made(u))
        return NULL;
    for (uint32_t i = 0; i < TRIES; i++) {
        slot = &u->plans->at[(hash + i) % PLANS];
        if (!*slot)
            break;
        if (vd_plan_is_for(*slot, label, name))
            return *slot;
    }
    if (!*slot)
        *slot = vd_alloc0(alloc, sizeof **slot);
    if (*slot)
        vd_plan_make(*slot, u->opts.catalog, label, name);
    return *slot;
}

/* ------------------------------------------------------------------ what was told */

static bool put(derive *d, vd_str text)
{
    d->any = true;
    return vd_usage_put(d->u, d->f, VD_SET_RESOURCES, text);
}

/* by_name: an ARN beside it does not mean that a name tells nothing, for one parameter cannot be both. */
static bool is_told(const derive *d, vd_kind kind, bool by_name)
{
    for (uint32_t i = 0; i < d->told; i++)
        if (vd_kind_same(d->kinds[i], kind) && !(by_name && i >= d->named_from && i < d->named_to))
            return true;
    return false;
}

/* kind must live as long as the record. */
static void tell(derive *d, vd_kind kind)
{
    for (uint32_t i = d->named_to; i < d->kind_count; i++)
        if (vd_kind_same(d->kinds[i], kind))
            return;
    if (d->kind_count < KINDS)
        d->kinds[d->kind_count++] = kind;
}

static bool is_apart(const derive *d, vd_str arn)
{
    for (uint32_t i = 0; i < d->apart_count; i++)
        if (vd_str_eq(d->apart[i], arn))
            return true;
    return false;
}

/* ------------------------------------------------------------------ resources[] */

static const vd_str arn_names[] = { VD_L("ARN"), VD_L("arn"), VD_L("Arn") };

static bool listed_one(derive *d, vd_str element)
{
    vd_str  value = { 0 }, text, pattern;
    vd_kind kind;

    for (size_t i = 0; !value.n && i < VD_COUNT(arn_names); i++)
        value = vd_scan_find(element, arn_names[i]);
    if (value.n) {
        if (!vd_scan_text(value, &d->u->scratch, &text))
            return vd_usage_nomem(d->u);
        if (!text.n || is_apart(d, text))
            return true;
        if (vd_kind_of(&kind, text)) {
            vd_plan_knows(d->plan, d->c, &kind);
            tell(d, kind);
        }
        return put(d, text);
    }
    /* How the ARNs begin that a list was asked of. */
    value = vd_scan_find(element, VD_S("ARNPrefix"));
    if (!value.n)
        return true;
    if (!vd_scan_text(value, &d->u->scratch, &text) || !vd_arena_printf(&d->u->scratch, &pattern, VD_F "*", VD_A(text)))
        return vd_usage_nomem(d->u);
    if (text.n && vd_kind_of(&kind, pattern)) {
        vd_plan_knows(d->plan, d->c, &kind);
        tell(d, kind);
    }
    return !text.n || put(d, pattern);
}

static bool listed(derive *d)
{
    vd_str list = d->r->at[VD_M_RESOURCES], element;

    while (vd_scan_element(&list, &element))
        if (!listed_one(d, element))
            return false;
    d->told = d->kind_count;
    return true;
}

/* ------------------------------------------------------------------ ARNs among the parameters */

static bool named_one(derive *d, vd_str text, bool listed)
{
    vd_arn  arn;
    vd_kind kind;

    if (!vd_arn_split(&arn, text))
        return true;
    if (vd_str_eq(arn.service, VD_S("iam")) &&
        (vd_str_starts(arn.resource, VD_S("role/")) || vd_str_starts(arn.resource, VD_S("instance-profile/"))) &&
        !vd_usage_put(d->u, d->f, VD_SET_ROLES, text))
        return false;
    if (!vd_kind_of(&kind, text) || d->c->nothing || is_apart(d, text) || !vd_plan_knows(d->plan, d->c, &kind) ||
        is_told(d, kind, false) || (d->c->any_kind && listed))
        return true;
    tell(d, kind);
    return put(d, text);
}

/* ------------------------------------------------------------------ templates */

static vd_fill fill(derive *d, const vd_place *p, uint32_t element)
{
    d->text->n = 0;
    if (p->form == VD_PLACE_ROW)
        return vd_event_fill(&d->call, p->text, element, d->text);
    if (p->form == VD_PLACE_OPEN) {
        vd_event_call call = d->call;

        call.account = VD_S("*");
        return vd_format_fill(&call, p->text, p->type, d->name, true, element, d->text);
    }
    return vd_format_fill(&d->call, p->text, p->type, d->name, p->form == VD_PLACE_MADE, element, d->text);
}

/* The template is done with this element: of a kind that nobody told before. */
static bool put_filled(derive *d, const vd_place *p)
{
    vd_str  text = vd_buf_str(d->text);
    vd_kind kind = p->kind;

    if (p->given && !p->kind_known)
        return put(d, text);
    if (!p->kind_known && (!vd_kind_of(&kind, text) || !vd_plan_knows(d->plan, d->c, &kind) || is_told(d, kind, true)))
        return true;
    if (!p->kind_known) { /* the text is made anew for the next one */
        vd_str kept;

        if (!vd_arena_dup(&d->u->scratch, &kept, text))
            return vd_usage_nomem(d->u);
        vd_kind_of(&kind, kept);
        vd_plan_knows(d->plan, d->c, &kind);
    }
    tell(d, kind);
    return put(d, text);
}

/* For the further action alone. */
static bool put_apart(derive *d, const vd_place *p)
{
    vd_str text = vd_buf_str(d->text);
    char  *both;

    if (d->apart_count == APART) {
        d->f->sets[VD_SET_RESOURCES].overflow = true; /* what is not held apart may be taken for more */
        return true;
    }
    both = vd_arena_alloc(&d->u->scratch, p->action.n + 1 + text.n, 1);
    if (!both)
        return vd_usage_nomem(d->u);
    memcpy(both, p->action.p, p->action.n);
    both[p->action.n] = ' ';
    memcpy(both + p->action.n + 1, text.p, text.n);
    d->apart[d->apart_count++] = (vd_str){ both + p->action.n + 1, text.n };
    return put(d, (vd_str){ both, p->action.n + 1 + text.n });
}

/* Most records of an event name the same parameters: what those cannot fill is not tried again. */
static bool is_fillable(derive *d, const vd_place *p)
{
    vd_plan *plan = d->plan;

    if (!d->shaped) {
        uint64_t shape = vd_walk_shape(d->walk, d->u->seed);

        d->shaped = true;
        if (shape != plan->shape) {
            plan->shape = shape;
            plan->fillable = 0;
            for (uint16_t i = 0; i < plan->place_count; i++) {
                const vd_place *q = &plan->places[i];
                bool            may = (q->form != VD_PLACE_ROW && q->form != VD_PLACE_FORMAT) ||
                           (q->form == VD_PLACE_ROW ? vd_template_fillable(d->walk, q->text)
                                                    : vd_format_fillable(d->walk, q->text, q->type, d->name));

                plan->fillable |= (uint64_t)may << i;
            }
        }
    }
    return plan->fillable >> (p - plan->places) & 1;
}

static bool elements(derive *d, const vd_place *p, bool (*take)(derive *, const vd_place *))
{
    if (!is_fillable(d, p))
        return true;
    for (uint32_t i = 0;; i++) {
        vd_fill got = fill(d, p, i);

        if (d->text->failed || d->walk->failed)
            return vd_usage_nomem(d->u);
        if (got == VD_FILL_FITS && !take(d, p))
            return false;
        if (got == VD_FILL_END || (p->form == VD_PLACE_ROW && !p->list))
            return true;
        if (i == ELEMENTS) {
            d->f->sets[VD_SET_RESOURCES].overflow = true;
            return true;
        }
    }
}

/* ------------------------------------------------------------------ ARNs among the parameters, all of them */

/* Templates that begin with a parameter make an ARN of an ARN. */
static bool from_arns(derive *d)
{
    for (uint16_t i = d->c->first; i < d->c->first + d->c->count; i++) {
        const vd_place *p = &d->plan->places[i];

        if (p->form != VD_PLACE_ROW || p->text.p[0] != '{' || p->given)
            continue;
        if (!elements(d, p, put_filled))
            return false;
        d->told = d->kind_count;
    }
    return true;
}

static const vd_str arn_mark = VD_L("\"arn:");

/* Strings in [p, end) that are ARNs as a whole. */
static bool named_within(derive *d, const char *p, const char *end, bool listed)
{
    while (p < end && (p = vd_scan_bytes(p, end, arn_mark)) != NULL) {
        bool        escaped = false;
        const char *close = vd_scan_string(p + 1, end, &escaped);

        if (!close)
            break;
        if (!escaped && !named_one(d, (vd_str){ p + 1, (size_t)(close - p - 1) }, listed))
            return false;
        p = close + 1;
    }
    return true;
}

/* Could there be one in this value of a parameter?  A string is one or it is not. */
static bool may_name(vd_str value)
{
    if (value.p[0] != '"')
        return value.p[0] == '{' || value.p[0] == '[';
    return value.n > arn_mark.n + 1 && memcmp(value.p, arn_mark.p, arn_mark.n) == 0;
}

static bool named(derive *d)
{
    vd_walk *w = d->walk;
    bool     listed = d->any, begun = false;

    vd_walk_members(w);
    for (uint32_t i = 0; i < w->count; i++) {
        vd_str value = w->values[i];

        if (!may_name(value) || !vd_scan_bytes(value.p, value.p + value.n, arn_mark))
            continue;
        if (!begun && !from_arns(d))
            return false;
        d->named_from = begun ? d->named_from : d->kind_count;
        begun = true;
        if (!named_within(d, value.p, value.p + value.n, listed))
            return false;
    }
    if (w->behind && !named_within(d, w->behind, w->parameters.p + w->parameters.n, listed))
        return false;
    if (begun || w->behind)
        d->told = d->named_to = d->kind_count;
    return true;
}

/* The call was about nothing in particular, though the action may be. */
static bool put_star(derive *d, vd_str service, vd_str action)
{
    vd_buf *text = d->text;

    text->n = 0;
    vd_buf_add(text, service);
    vd_buf_add(text, service.n ? VD_S(":") : VD_S(""));
    vd_buf_add(text, action);
    vd_buf_add(text, VD_S(" *"));
    return text->failed ? vd_usage_nomem(d->u) : put(d, vd_buf_str(text));
}

static bool apart(derive *d, uint64_t guards)
{
    for (uint16_t i = d->plan->further; i < d->plan->place_count; i++) {
        const vd_place *p = &d->plan->places[i];

        if (!p->action.n || !vd_plan_holds(p->when, guards) || vd_plan_is_told(d->plan, d->c, p->text))
            continue;
        if (!(p->form == VD_PLACE_STAR ? put_star(d, VD_S(""), p->action) : elements(d, p, put_apart)))
            return false;
    }
    d->any = false;
    return true;
}

static bool by_templates(derive *d, uint64_t guards)
{
    uint16_t from = d->c->first, to = (uint16_t)(from + d->c->count);

    for (uint16_t i = from; i < to; i++) {
        const vd_place *p = &d->plan->places[i];

        if (p->form == VD_PLACE_STAR) {
            if (!d->any && !d->c->nothing && !put_star(d, d->c->service, d->c->action))
                return false;
            continue;
        }
        if (p->form == VD_PLACE_OPEN || (p->form == VD_PLACE_ROW && p->text.p[0] == '{' && !p->given) ||
            (p->kind_known && is_told(d, p->kind, p->form != VD_PLACE_MADE)))
            continue;
        if (!elements(d, p, put_filled))
            return false;
        if (p->form == VD_PLACE_ROW) /* formats of one kind may be about things that lie in one another */
            d->told = d->kind_count;
    }
    for (uint16_t i = d->plan->further; i < d->plan->place_count; i++) {
        const vd_place *p = &d->plan->places[i];

        if (!p->action.n && p->form != VD_PLACE_STAR && vd_plan_holds(p->when, guards) && !elements(d, p, put_filled))
            return false;
    }
    d->told = d->kind_count;
    for (uint16_t i = from; d->any && i < to; i++) {
        const vd_place *p = &d->plan->places[i];

        if (p->form == VD_PLACE_OPEN && !is_told(d, p->kind, false) && !elements(d, p, put_filled))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ the whole */

bool vd_usage_resources(vd_usage *u, vd_fact *f, const vd_record *r, const vd_str parts[VD_FACT_PARTS], uint64_t guards,
                        vd_str account, vd_str partition)
{
    derive d;

    d.plan = plan_of(u, parts[VD_F_SOURCE], parts[VD_F_NAME]);
    if (!d.plan)
        return vd_usage_nomem(u);
    d.u = u;
    d.f = f;
    d.r = r;
    d.c = vd_plan_choose(d.plan, guards);
    d.text = &u->plans->text;
    d.name = vd_plan_plain(d.plan, parts[VD_F_SOURCE], parts[VD_F_NAME]);
    d.kind_count = d.told = d.apart_count = d.named_from = d.named_to = 0;
    d.any = d.shaped = false;
    d.walk = &u->walk;
    vd_walk_unwrap(d.walk);
    d.call = (vd_event_call){ partition, r->at[VD_M_REGION], account, &vd_walk_bytes, d.walk,
                              { .bytes = d.walk->parameters } };
    if (!apart(&d, guards) || !listed(&d) || !named(&d) || !by_templates(&d, guards) ||
        !vd_usage_named(u, f, r, parts[VD_F_SOURCE], parts[VD_F_NAME], d.walk->parameters))
        return false;
    if (r->at[VD_M_RESPONSE].n && !r->at[VD_M_ERROR_CODE].n &&
        !vd_usage_made(u, f, d.plan, &d.call, d.name, r->at[VD_M_RESPONSE], d.text))
        return false;
    if (d.text->cap > KEPT_TEXT) {
        vd_buf_done(d.text);
        *d.text = vd_buf_on(&u->engine->alloc, 0);
    }
    if (d.plan->more)
        f->sets[VD_SET_RESOURCES].overflow = true;
    if (!d.any && !d.c->nothing)
        vd_usage_count(u, VD_C_RESOURCE_UNRESOLVED);
    return true;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the tables for one event, cut down to the kinds of resources that its action knows.
 */
#include "usage/plan.h"

#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/event_arn.h"
#include "catalog/events.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ kinds */

static bool ends_head(char c, bool template)
{
    return c == '/' || c == ':' || (template && (c == '{' || c == '$'));
}

/* *open: the head is something that is still to be filled in. */
static vd_kind kind_made(vd_str service, vd_str region, vd_str rest, bool template, bool *open)
{
    vd_kind kind = { service, VD_S("") };
    size_t  n = 0;

    *open = false;
    if (vd_str_eq(service, VD_S("s3")) && !region.n && !vd_str_starts(rest, VD_S("accesspoint/"))) {
        kind.head = vd_str_find(rest, '/') < rest.n ? VD_S("object") : VD_S("bucket");
        return kind;
    }
    if (rest.n && rest.p[0] == '/') /* of API Gateway */
        rest = vd_str_from(rest, 1);
    while (n < rest.n && !ends_head(rest.p[n], template))
        n++;
    *open = n == 0 && rest.n;
    if (n < rest.n)
        kind.head = vd_str_first(rest, n);
    return kind;
}

bool vd_kind_of(vd_kind *out, vd_str arn)
{
    vd_arn parts;
    bool   open;

    if (!vd_arn_split(&parts, arn))
        return false;
    *out = kind_made(parts.service, parts.region, parts.resource, false, &open);
    return true;
}

/* The fields of a template: a hole may hold colons. */
static bool template_field(vd_str *rest, vd_str *field)
{
    bool hole = false;

    for (size_t i = 0; i < rest->n; i++) {
        hole = rest->p[i] == '{' || (hole && rest->p[i] != '}');
        if (rest->p[i] == ':' && !hole) {
            *field = vd_str_first(*rest, i);
            *rest = vd_str_from(*rest, i + 1);
            return true;
        }
    }
    return false;
}

bool vd_kind_of_template(vd_kind *out, vd_str text)
{
    vd_str field[5];
    bool   open;

    for (size_t i = 0; i < VD_COUNT(field); i++)
        if (!template_field(&text, &field[i]))
            return false;
    if (vd_str_find(field[2], '{') < field[2].n)
        return false;
    *out = kind_made(field[2], field[3], text, true, &open);
    return !open;
}

bool vd_kind_same(vd_kind a, vd_kind b)
{
    return vd_str_eq(a.service, b.service) && vd_str_eq(a.head, b.head);
}

/* ------------------------------------------------------------------ guards */

static uint64_t bit_of(vd_rows rows, vd_str when)
{
    for (uint32_t i = 0; i < rows.count; i++)
        if (vd_str_eq(rows.at[i].column[VD_GUARD_WHEN], when)) {
            vd_str   number = rows.at[i].column[VD_GUARD_BIT];
            uint32_t bit = 0;

            for (size_t k = 0; k < number.n; k++)
                bit = bit * 10 + (uint32_t)(number.p[k] - '0');
            return UINT64_C(1) << bit % 64;
        }
    return 0;
}

static vd_plan_guard guard_of(vd_str label, vd_str when)
{
    vd_plan_guard g = { .absent = when.n && when.p[0] == '!' };

    when = vd_str_from(when, g.absent);
    g.bit = when.n ? bit_of(vd_rows_of(vd_rows_event_guards, label), when) : 0;
    if (when.n && !g.bit)
        g.bit = bit_of(vd_rows_of(vd_rows_event_guards, VD_S("*")), when);
    return g;
}

bool vd_plan_holds(vd_plan_guard when, uint64_t guards)
{
    return !when.bit || ((guards & when.bit) != 0) != when.absent;
}

const vd_plan_case *vd_plan_choose(const vd_plan *plan, uint64_t guards)
{
    uint16_t i = 0;

    while (i + 1 < plan->case_count && !vd_plan_holds(plan->cases[i].when, guards))
        i++;
    return &plan->cases[i];
}

bool vd_plan_knows(const vd_plan *plan, const vd_plan_case *c, vd_kind *kind)
{
    vd_kind any = { kind->service, VD_S("") };
    bool    open = false;

    for (uint16_t i = c->first_kind; i < c->first_kind + c->kinds; i++) {
        if (vd_kind_same(plan->kinds[i], *kind))
            return true;
        open |= vd_kind_same(plan->kinds[i], any);
    }
    if (open)
        *kind = any;
    return open || c->any_kind;
}

/* ------------------------------------------------------------------ building */

typedef struct builder {
    vd_plan          *plan;
    const vd_catalog *catalog;
    vd_str            label, name, plain; /* plain: the name without its version */
} builder;

static vd_place *add_place(builder *b, vd_str text, vd_place_form form)
{
    vd_plan  *plan = b->plan;
    vd_place *p = &plan->places[plan->place_count];

    if (plan->place_count == VD_PLAN_PLACES) {
        plan->more = true;
        return NULL;
    }
    *p = (vd_place){ .text = text, .form = (uint8_t)form };
    p->kind_known = vd_kind_of_template(&p->kind, text);
    p->list = vd_str_find(text, '[') < text.n || vd_str_find(text, '#') < text.n;
    plan->place_count++;
    return p;
}

static void add_kind(builder *b, vd_plan_case *c, vd_str format)
{
    vd_plan *plan = b->plan;
    vd_kind  kind;

    if (!vd_kind_of_template(&kind, format)) {
        vd_str field, rest = format;

        for (int i = 0; i < 3; i++)
            if (!template_field(&rest, &field))
                return;
        kind = (vd_kind){ field, VD_S("") };
    }
    for (uint16_t i = c->first_kind; i < plan->kind_count; i++)
        if (vd_kind_same(plan->kinds[i], kind))
            return;
    if (plan->kind_count == VD_PLAN_KINDS) {
        c->any_kind = true;
        return;
    }
    plan->kinds[plan->kind_count++] = kind;
    c->kinds++;
}

/* The kinds that an action knows; VD_NONE: nobody knows. */
static void add_kinds(builder *b, vd_plan_case *c, uint32_t action)
{
    vd_ids types = { 0 };

    c->first_kind = b->plan->kind_count;
    c->any_kind = action == VD_NONE;
    if (action == VD_NONE)
        return;
    types = vd_catalog_types_of(b->catalog, action);
    c->nothing = types.count == 0;
    for (uint32_t i = 0; i < types.count; i++) {
        uint32_t formats = vd_catalog_type(b->catalog, types.at[i]).formats;

        for (uint32_t k = 0; k < formats; k++)
            add_kind(b, c, vd_catalog_format(b->catalog, types.at[i], k));
    }
}

/* The name of an event that makes such things: "CreateVolume", "volume". */
static bool makes(vd_str name, vd_str type)
{
    static const vd_str verbs[] = { VD_L("Create"), VD_L("Allocate"), VD_L("Import"), VD_L("Register"), VD_L("Publish"),
                                    VD_L("Provision"), VD_L("Purchase") };

    for (size_t i = 0; i < VD_COUNT(verbs); i++)
        if (vd_str_starts(name, verbs[i]))
            return vd_event_same_name(vd_str_from(name, verbs[i].n), type);
    return false;
}

/* "{x}" is an ARN among the parameters: those are found without a template. */
static bool is_arn_itself(vd_str template)
{
    return vd_str_starts(template, VD_S("{")) && vd_str_find(template, '}') + 1 == template.n &&
           vd_str_find(template, '@') == template.n;
}

/* Rows of event-resources; false: one says that there is nothing in particular. */
static bool add_rows(builder *b, const vd_plan_case *c, vd_str service)
{
    vd_rows         rows = vd_rows_of(vd_rows_event_resources, service);
    const vd_place *given = c->first < b->plan->place_count ? &b->plan->places[c->first] : NULL;

    for (uint32_t i = 0; i < rows.count; i++) {
        const vd_row *r = &rows.at[i];
        vd_str        text = r->column[VD_PLACE_PATTERN].n ? r->column[VD_PLACE_PATTERN] : r->column[VD_PLACE_TEMPLATE];
        vd_kind       kind;

        if (!vd_event_fits(r->column[VD_PLACE_EVENT], b->name) && !vd_event_fits(r->column[VD_PLACE_EVENT], b->plain))
            continue;
        if (vd_str_eq(text, VD_S("*"))) {
            add_place(b, text, VD_PLACE_STAR);
            return false;
        }
        if (is_arn_itself(text))
            continue;
        if (vd_kind_of_template(&kind, text) && ((given && given->kind_known && vd_kind_same(given->kind, kind)) ||
                                                 !vd_plan_knows(b->plan, c, &kind)))
            continue;
        add_place(b, text, VD_PLACE_ROW);
    }
    return true;
}

static bool has_row(const vd_plan *plan, const vd_plan_case *c, vd_kind kind)
{
    for (uint16_t i = c->first; i < plan->place_count; i++)
        if (plan->places[i].form == VD_PLACE_ROW && plan->places[i].kind_known && vd_kind_same(plan->places[i].kind, kind))
            return true;
    return false;
}

static bool has(vd_ids ids, uint32_t id)
{
    for (uint32_t i = 0; i < ids.count; i++)
        if (ids.at[i] == id)
            return true;
    return false;
}

/* The formats of the catalogue, where no row is for their kind; and what the call makes, which no parameter can name.  Of a
 * service that has rows those are meant to be enough, but for what its action cannot do without. */
static void add_formats(builder *b, const vd_plan_case *c, uint32_t action)
{
    vd_action_fact fact = vd_catalog_action(b->catalog, action);
    bool           rows = vd_rows_of(vd_rows_event_resources, c->service).count > 0;

    for (uint32_t i = 0; i < fact.types.count; i++) {
        vd_type_fact type = vd_catalog_type(b->catalog, fact.types.at[i]);
        bool         made = makes(b->plain, type.name);

        if (rows && !made && !has(fact.required, fact.types.at[i]))
            continue;

        for (uint32_t k = 0; k < type.formats; k++) {
            vd_str    format = vd_catalog_format(b->catalog, fact.types.at[i], k);
            vd_kind   kind;
            vd_place *p;

            if (!made && vd_kind_of_template(&kind, format) && has_row(b->plan, c, kind))
                continue;
            p = add_place(b, format, made ? VD_PLACE_MADE : VD_PLACE_FORMAT);
            if (!p)
                return;
            p->type = type.name;
        }
    }
}

/* "+x:Y" is asked in addition, "+?x:Y" perhaps; "?x:Y" is one of several. */
static vd_str action_of(const vd_row *row)
{
    vd_str name = row->column[VD_ACTION_NAME];

    while (name.n && (name.p[0] == '+' || name.p[0] == '?'))
        name = vd_str_from(name, 1);
    return name;
}

static bool is_further(const vd_row *row)
{
    return row->column[VD_ACTION_NAME].n && row->column[VD_ACTION_NAME].p[0] == '+';
}

/* Kinds that the action cannot do without: when the record tells of others alone, it was about some of these too.  Where many
 * are marked so they are alternatives. */
static void add_open(builder *b, const vd_plan_case *c, uint32_t action)
{
    enum { AT_ONCE = 6 };
    vd_ids required = vd_catalog_action(b->catalog, action).required;

    for (uint32_t i = 0; required.count <= AT_ONCE && i < required.count; i++) {
        vd_type_fact type = vd_catalog_type(b->catalog, required.at[i]);
        vd_place    *p = add_place(b, vd_catalog_format(b->catalog, required.at[i], 0), VD_PLACE_OPEN);
        bool         again = false;

        for (const vd_place *q = &b->plan->places[c->first]; p && q < p; q++)
            again |= q->form == VD_PLACE_OPEN && vd_kind_same(q->kind, p->kind);
        if (p && (again || !p->kind_known))
            b->plan->place_count--;
        else if (p)
            p->type = type.name;
    }
}

/* One action that the event may stand for; row NULL: the one of the same name. */
static void add_case(builder *b, const vd_row *row)
{
    vd_plan      *plan = b->plan;
    vd_plan_case *c = &plan->cases[plan->case_count];
    vd_str        name = row ? action_of(row) : VD_S(""), service;
    vd_str        given = row ? row->column[VD_ACTION_RESOURCE] : VD_S("");
    uint32_t      of, action;
    vd_place     *p;

    if (plan->case_count == VD_PLAN_CASES) {
        plan->more = true;
        return;
    }
    plan->case_count++;
    *c = (vd_plan_case){ .first = plan->place_count };
    if (row)
        c->when = guard_of(b->label, row->column[VD_ACTION_WHEN]);
    service = vd_event_prefix(b->label);
    if (!row || !vd_str_cut(&name, ':', &service) || vd_str_eq(name, VD_S("=")))
        name = b->plain;
    of = vd_catalog_find_service(b->catalog, service);
    action = of == VD_NONE ? VD_NONE : vd_catalog_find_action(b->catalog, of, name);
    c->service = service;
    c->action = name;
    if (!plan->made.n && vd_made_noun(b->plain).n)
        vd_made_format(&plan->made, &plan->made_type, vd_made_noun(b->plain), b->catalog, action);
    add_kinds(b, c, action);
    if (row && row->column[VD_ACTION_NAME].p[0] == '?') { /* others of other kinds may be what it is */
        c->any_kind = true;
        c->nothing = false;
    }
    if (given.n) {
        p = add_place(b, given, vd_str_eq(given, VD_S("*")) ? VD_PLACE_STAR : VD_PLACE_ROW);
        if (p)
            p->given = true;
    }
    if (!c->nothing && !vd_str_eq(given, VD_S("*")) && add_rows(b, c, service) && !given.n && action != VD_NONE && !c->any_kind)
        add_formats(b, c, action);
    if (!c->any_kind && !c->nothing && !vd_str_eq(given, VD_S("*")))
        add_open(b, c, action);
    c->count = (uint16_t)(plan->place_count - c->first);
}

/* ------------------------------------------------------------------ rows of the event */

static bool is_for(const builder *b, const vd_row *row)
{
    vd_str name = row->column[VD_ACTION_EVENT];

    return vd_str_ieq(name, b->name) || vd_str_ieq(name, b->plain);
}

static void add_further(builder *b, const vd_row *row)
{
    vd_str    action = action_of(row), text = row->column[VD_ACTION_RESOURCE];
    vd_place *p;

    if (!text.n)
        return;
    p = add_place(b, text, vd_str_eq(text, VD_S("*")) ? VD_PLACE_STAR : VD_PLACE_ROW);
    if (!p)
        return;
    p->when = guard_of(b->label, row->column[VD_ACTION_WHEN]);
    p->action = vd_str_eq(action, VD_S("=")) ? VD_S("") : action;
    p->given = true;
    b->plan->mixed |= !p->action.n;
}

void vd_plan_make(vd_plan *plan, const vd_catalog *catalog, vd_str label, vd_str name)
{
    builder b = { plan, catalog ? catalog : vd_catalog_builtin(), label, name, vd_event_name(label, name) };
    vd_rows rows = vd_rows_of(vd_rows_event_actions, label);
    bool    always = false;

    plan->case_count = plan->place_count = plan->kind_count = 0;
    plan->label_bytes = plan->name_bytes = plan->plain_bytes = 0;
    plan->more = plan->mixed = false;
    plan->made = plan->made_type = (vd_str){ 0 };
    plan->shape = 0;
    if (label.n + name.n <= VD_PLAN_NAME) {
        memcpy(plan->name, label.p, label.n);
        memcpy(plan->name + label.n, name.p, name.n);
        plan->label_bytes = (uint16_t)label.n;
        plan->name_bytes = (uint16_t)name.n;
        b.label = (vd_str){ plan->name, label.n };
        b.name = (vd_str){ plan->name + label.n, name.n };
        b.plain = vd_event_name(b.label, b.name);
        plan->plain_bytes = (uint16_t)b.plain.n;
    }
    for (uint32_t i = 0; i < rows.count && !always; i++)
        if (is_for(&b, &rows.at[i]) && !is_further(&rows.at[i])) {
            add_case(&b, &rows.at[i]);
            always = rows.at[i].column[VD_ACTION_WHEN].n == 0;
        }
    if (!always)
        add_case(&b, NULL);
    plan->further = plan->place_count;
    for (uint32_t i = 0; i < rows.count; i++)
        if (is_for(&b, &rows.at[i]) && is_further(&rows.at[i]))
            add_further(&b, &rows.at[i]);
}

bool vd_plan_is_told(const vd_plan *plan, const vd_plan_case *c, vd_str text)
{
    for (uint16_t i = c->first; !plan->mixed && i < c->first + c->count; i++)
        if (plan->places[i].given && vd_str_eq(plan->places[i].text, text))
            return true;
    return false;
}

vd_str vd_plan_plain(const vd_plan *plan, vd_str label, vd_str name)
{
    return plan->name_bytes ? vd_str_first(name, plan->plain_bytes) : vd_event_name(label, name);
}

bool vd_plan_is_for(const vd_plan *plan, vd_str label, vd_str name)
{
    return plan->name_bytes == name.n && plan->label_bytes == label.n && name.n &&
           memcmp(plan->name, label.p, label.n) == 0 && memcmp(plan->name + label.n, name.p, name.n) == 0;
}

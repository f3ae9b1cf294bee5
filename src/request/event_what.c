/* SPDX-License-Identifier: Apache-2.0
 *
 * The action and the resources of a CloudTrail record, by the tables of catalog/events.h.  What the error
 * message says wins over what the tables make of the record: it is what AWS asked.
 */
#include "request/event_int.h"

#include "base/str.h"
#include "catalog/event_arn.h"
#include "catalog/events.h"
#include "pattern/arn.h"

static const vd_str action_rule = VD_L("event-action"), resource_rule = VD_L("event-resource");

/* ------------------------------------------------------------------ templates */

static vd_event_value at_node(uint32_t node)
{
    return (vd_event_value){ .node = node };
}

static bool walk_member(void *ctx, vd_event_value object, vd_str name, vd_event_value *out)
{
    const vd_event *e = ctx;

    if (object.node == VD_NONE || !vd_read_is(&e->in, object.node, VD_NODE_OBJECT))
        return false;
    for (uint32_t c = vd_doc_first(e->in.doc, object.node); c != VD_NONE; c = vd_doc_next(e->in.doc, object.node, c))
        if (vd_event_same_name(vd_doc_text(e->in.doc, c), name)) {
            *out = at_node(c + 1);
            return !vd_read_is(&e->in, c + 1, VD_NODE_NULL);
        }
    return false;
}

/* Elements are asked for one after the other: the last one is remembered. */
static bool walk_element(void *ctx, vd_event_value list, uint32_t index, bool names, vd_event_value *out)
{
    const vd_event  *e = ctx;
    vd_event_cursor *c = e->cursor;

    if (!vd_read_is(&e->in, list.node, names ? VD_NODE_OBJECT : VD_NODE_ARRAY))
        return false;
    if (c->list != list.node || c->index > index)
        *c = (vd_event_cursor){ list.node, 0, vd_doc_first(e->in.doc, list.node) };
    for (; c->node != VD_NONE && c->index < index; c->index++)
        c->node = vd_doc_next(e->in.doc, list.node, c->node);
    *out = at_node(c->node);
    if (names && c->node != VD_NONE)
        out->bytes = vd_doc_text(e->in.doc, c->node);
    return c->node != VD_NONE;
}

static bool walk_text(void *ctx, vd_event_value value, vd_str *out)
{
    *out = value.bytes.n ? value.bytes : vd_event_text(ctx, value.node);
    return out->n > 0;
}

static const vd_event_walk walk = { walk_member, walk_element, walk_text };

vd_event_call vd_event_call_of(const vd_event *e)
{
    return (vd_event_call){ e->partition, e->region, e->account, &walk, (void *)(uintptr_t)e, at_node(e->parameters) };
}

/* The template for the first element from *element on that it fits into *out, kept by the request; *element is then behind
 * it.  out->n == 0: there is none. */
static vd_code fill(const vd_event *e, vd_str template, uint32_t *element, vd_str *out)
{
    vd_request   *r = e->in.request;
    vd_event_call call = vd_event_call_of(e);
    vd_fill       got;
    bool          kept = true;

    *out = (vd_str){ 0 };
    do {
        vd_buf text = vd_buf_on(&r->engine->alloc, 0); /* a few values of the document at most */

        got = vd_event_fill(&call, template, (*element)++, &text);
        kept = !text.failed && (got != VD_FILL_FITS || vd_arena_dup(&r->texts, out, vd_buf_str(&text)));
        vd_buf_done(&text);
    } while (kept && got == VD_FILL_UNFIT);
    return kept ? VD_OK : vd_event_nomem(e);
}

/* ------------------------------------------------------------------ resources */

typedef struct place {
    vd_str resource;  /* empty: unknown */
    vd_str template;  /* where it comes from; empty: resources[] */
    vd_str   account; /* of resources[] */
    uint32_t listed;  /* ARNs in resources[] */
    uint32_t behind;  /* of the template's elements, the one that made the resource */
} place;

static vd_code by_template(const vd_event *e, const vd_row *row, vd_str action, place *p)
{
    vd_str   service = action, rest = action, given = row ? row->column[VD_ACTION_RESOURCE] : VD_S("");
    vd_rows  rows;

    p->template = given;
    if (given.n)
        VD_TRY(fill(e, given, &p->behind, &p->resource));
    vd_str_cut(&rest, ':', &service);
    rows = vd_rows_of(vd_rows_event_resources, service);
    for (uint32_t i = 0; i < rows.count && !p->resource.n; i++) {
        const vd_row *r = &rows.at[i];

        if (!vd_event_fits(r->column[VD_PLACE_EVENT], e->name))
            continue;
        p->template = r->column[VD_PLACE_TEMPLATE];
        p->behind = 0;
        VD_TRY(fill(e, p->template, &p->behind, &p->resource));
    }
    return VD_OK;
}

/* resources[] names what the service touched.  One ARN there is the resource; of several the one that the
 * template made, or lies above it, confirms the template. */
static void by_list(const vd_event *e, place *p)
{
    uint32_t list = vd_event_at(e, e->record, VD_S("resources"));
    vd_str   first = { 0 }, account = { 0 };
    bool     confirmed = false;

    if (list == VD_NONE || !vd_read_is(&e->in, list, VD_NODE_ARRAY))
        return;
    for (uint32_t c = vd_doc_first(e->in.doc, list); c != VD_NONE; c = vd_doc_next(e->in.doc, list, c)) {
        vd_str arn = vd_event_get(e, c, VD_S("ARN")), owner = vd_event_get(e, c, VD_S("accountId"));

        if (!arn.n)
            continue;
        first = p->listed++ ? first : arn;
        confirmed |= p->resource.n && vd_str_starts(p->resource, arn);
        account = vd_is_account(owner) ? owner : account;
    }
    p->account = account;
    if (confirmed || !p->listed || (p->listed > 1 && p->resource.n))
        return;
    p->resource = first;
    p->template = VD_S("");
}

static vd_code owner(const vd_event *e, const place *p)
{
    vd_arn arn;
    vd_str account = p->account;

    if (!account.n && vd_is_account(e->account) && e->caller_account.n &&
        !vd_str_eq(e->account, e->caller_account))
        account = e->account; /* the copy that the owner of the resource got */
    if (!account.n || (vd_arn_split(&arn, p->resource) && vd_is_account(arn.account)))
        return VD_OK;
    return vd_read_set(&e->in, e->record, VD_RESOURCE_ACCOUNT, account);
}

static vd_code set_resources(const vd_event *e, place *p)
{
    vd_str more = p->resource;

    if (!p->resource.n) {
        VD_TRY(vd_event_note(e, e->record, resource_rule,
                             "the record does not name the resource: \"*\" is taken"));
        return vd_read_set(&e->in, e->record, VD_RESOURCE, VD_S("*"));
    }
    if (vd_event_inexact(p->template))
        VD_TRY(vd_event_note(e, e->record, resource_rule,
                             "the record does not tell the whole ARN: \"" VD_F "\" is taken",
                             VD_A(p->resource)));
    if (p->listed > 1 && !p->template.n)
        VD_TRY(vd_event_note(e, e->record, resource_rule, "of %u resources of the record the first is taken",
                             p->listed));
    VD_TRY(owner(e, p));
    VD_TRY(vd_read_set(&e->in, e->record, VD_RESOURCE, p->resource));
    for (uint32_t i = p->behind; p->template.n && more.n;) {
        VD_TRY(fill(e, p->template, &i, &more));
        if (more.n)
            VD_TRY(vd_read_set(&e->in, e->record, VD_RESOURCE, more));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ further checks */

static vd_code one_further(const vd_event *e, vd_str action, vd_str resource)
{
    VD_TRY(vd_read_refused(&e->in, e->record,
                           vd_request_check(e->in.request, vd_str_eq(action, VD_S("=")) ? VD_S("") : action, resource, VD_S(""))));
    e->in.request->current = VD_SHARED_CHECK;
    return VD_OK;
}

static vd_code further(const vd_event *e, const vd_row *row, const place *p)
{
    vd_str action = vd_str_from(row->column[VD_ACTION_NAME], 1), template = row->column[VD_ACTION_RESOURCE], resource = { 0 };

    if (action.p[0] == '?')
        return vd_event_note(e, e->record, action_rule, "\"" VD_F "\" may have been asked for as well: it is left out",
                             VD_A(vd_str_from(action, 1)));
    if (!template.n)
        return one_further(e, action, p->resource.n ? p->resource : VD_S("*"));
    for (uint32_t i = 0, told = 0;; told++) {
        VD_TRY(fill(e, template, &i, &resource));
        if (!resource.n && told == 0 && !vd_str_eq(action, VD_S("=")))
            return vd_event_note(e, e->record, resource_rule,
                                 "the record does not name the resource of \"" VD_F "\"", VD_A(action));
        if (!resource.n)
            return VD_OK;
        if (!vd_str_eq(action, VD_S("=")) || !vd_str_eq(resource, p->resource))
            VD_TRY(one_further(e, action, resource));
    }
}

/* ------------------------------------------------------------------ the whole */

/* The one check that failed. */
static vd_code as_said(const vd_event *e, vd_str mapped, place *p)
{
    const vd_message *m = &e->message;

    if (!vd_str_ieq(m->action, mapped))
        VD_TRY(vd_event_note(e, e->record, action_rule,
                             "the error message names the action \"" VD_F "\", the event is \"" VD_F "\"",
                             VD_A(m->action), VD_A(mapped)));
    VD_TRY(vd_read_set(&e->in, e->record, VD_ACTION, m->action));
    if (m->resource.n) {
        p->resource = m->resource;
        p->template = VD_S("");
        p->listed = 0;
    }
    return set_resources(e, p);
}

vd_code vd_event_what(vd_event *e)
{
    vd_event_cursor cursor = { .list = VD_NONE };
    place           p = { 0 };
    vd_str          action = { 0 };
    const vd_row   *row, *more;

    e->cursor = &cursor;
    row = vd_event_row(e);
    VD_TRY(vd_event_action(e, row, &action));
    VD_TRY(by_template(e, row, action, &p));
    by_list(e, &p);
    if (e->said && e->message.action.n) {
        VD_TRY(as_said(e, action, &p));
        e->primary = e->in.request->checks.count;
        return VD_OK;
    }
    VD_TRY(vd_event_others(e, row));
    VD_TRY(vd_read_set(&e->in, e->record, VD_ACTION, action));
    VD_TRY(set_resources(e, &p));
    e->primary = e->in.request->checks.count;
    for (uint32_t i = 0; vd_event_further(e, row, &i, &more);)
        VD_TRY(further(e, more, &p));
    return VD_OK;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The action and the resources of a CloudTrail record, by the tables of catalog/events.h.  What the error
 * message says wins over what the tables make of the record: it is what AWS asked.
 */
#include "request/event_int.h"

#include "base/buf.h"
#include "base/str.h"
#include "catalog/events.h"
#include "pattern/arn.h"

static const vd_str action_rule = VD_L("event-action"), resource_rule = VD_L("event-resource");

/* ------------------------------------------------------------------ templates */

/* The value behind a path with at most one "[]", of the given element; *many tells whether there was one. */
static uint32_t parameter(const vd_event *e, vd_str path, uint32_t element, bool *many)
{
    uint32_t node = e->parameters;

    while (path.n && node != VD_NONE) {
        vd_str   step;
        uint32_t list;
        bool     array;

        if (!vd_str_cut(&path, '.', &step)) {
            step = path;
            path = VD_S("");
        }
        array = vd_str_ends(step, VD_S("[]"));
        node = vd_event_at(e, node, vd_str_first(step, step.n - (array ? 2 : 0)));
        if (!array || node == VD_NONE)
            continue;
        *many = true;
        list = node;
        if (!vd_read_is(&e->in, list, VD_NODE_ARRAY))
            return VD_NONE;
        node = vd_doc_first(e->in.doc, list);
        for (uint32_t i = 0; node != VD_NONE && i < element; i++)
            node = vd_doc_next(e->in.doc, list, node);
    }
    return node;
}

/* "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs" to "111122223333:jobs". */
static bool add_queue(vd_buf *out, vd_str url)
{
    size_t name = vd_str_rfind(url, '/'), owner;
    vd_str account;

    if (name == url.n)
        return false;
    owner = vd_str_rfind(vd_str_first(url, name), '/');
    if (owner == name)
        return false;
    account = vd_str_from(vd_str_first(url, name), owner + 1);
    if (!vd_is_account(account) || name + 1 == url.n)
        return false;
    vd_buf_add(out, account);
    vd_buf_byte(out, ':');
    vd_buf_add(out, vd_str_from(url, name + 1));
    return true;
}

static int hex(char c)
{
    c = vd_lower(c);
    return vd_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "/bucket/key%20x?versionId=1" to "bucket/key x". */
static bool add_object(vd_buf *out, vd_str source)
{
    size_t end = 0;

    if (source.n && source.p[0] == '/')
        source = vd_str_from(source, 1);
    while (end < source.n && !vd_str_starts(vd_str_from(source, end), VD_S("?versionId=")))
        end++;
    source = vd_str_first(source, end);
    if (vd_str_starts(source, VD_S("arn:")) || vd_str_find(source, '/') == source.n)
        return false;
    for (size_t i = 0; i < source.n; i++) {
        int high = source.p[i] == '%' && i + 2 < source.n ? hex(source.p[i + 1]) : -1;
        int low = high >= 0 ? hex(source.p[i + 2]) : -1;

        vd_buf_byte(out, low >= 0 ? (char)(high * 16 + low) : source.p[i]);
        i += low >= 0 ? 2 : 0;
    }
    return true;
}

/* One {hole}; whole: the template begins with it, so it must be an ARN. */
static bool fill_hole(const vd_event *e, vd_buf *out, vd_str hole, uint32_t element, bool whole, bool *many)
{
    vd_str   value, begins = VD_S(""), way = VD_S(""), path;
    uint32_t node;

    if (vd_str_eq(hole, VD_S("P")) || vd_str_eq(hole, VD_S("R")) || vd_str_eq(hole, VD_S("A"))) {
        value = hole.p[0] == 'P' ? e->partition : hole.p[0] == 'R' ? e->region : e->account;
        vd_buf_add(out, value);
        return value.n > 0;
    }
    path = hole;
    if (vd_str_cut(&hole, '^', &path)) {
        begins = hole;
    } else if (vd_str_cut(&hole, '@', &path)) {
        way = hole;
    } else {
        path = hole;
    }
    node = parameter(e, path, element, many);
    value = node == VD_NONE ? VD_S("") : vd_event_text(e, node);
    if (!value.n || !vd_str_starts(value, begins))
        return false;
    if (vd_str_eq(way, VD_S("queue")))
        return add_queue(out, value);
    if (vd_str_eq(way, VD_S("object")))
        return add_object(out, value);
    vd_buf_add(out, value);
    return vd_str_starts(value, VD_S("arn:")) == whole;
}

static bool is_inexact(vd_str template)
{
    return vd_str_ends(template, VD_S("~"));
}

/* The template for one element of its array into *out, kept by the request; out->n == 0: it does not fit. */
static vd_code fill(const vd_event *e, vd_str template, uint32_t element, vd_str *out)
{
    vd_request *r = e->in.request;
    vd_buf      text = vd_buf_on(&r->engine->alloc, 0); /* a few values of the document at most */
    bool        whole = template.n && template.p[0] == '{', fits = true, many = false, kept;

    template.n -= is_inexact(template);
    while (template.n && fits) {
        vd_str piece = template;

        if (!vd_str_cut(&template, '{', &piece))
            template = VD_S("");
        vd_buf_add(&text, piece);
        if (template.n && vd_str_cut(&template, '}', &piece))
            fits = fill_hole(e, &text, piece, element, whole && text.n == 0, &many);
    }
    fits = fits && (element == 0 || many);
    *out = (vd_str){ 0 };
    kept = !text.failed && (!fits || vd_arena_dup(&r->texts, out, vd_buf_str(&text)));
    vd_buf_done(&text);
    return kept ? VD_OK : vd_event_nomem(e);
}

/* ------------------------------------------------------------------ the action */

/* "x", "!x" (not there), "x~part" (there, with part in it). */
static bool holds(const vd_event *e, vd_str when)
{
    bool not = when.n && when.p[0] == '!', many = false;
    vd_str   part = vd_str_from(when, not ), name;
    uint32_t node;

    if (!when.n)
        return true;
    if (!vd_str_cut(&part, '~', &name)) {
        name = part;
        part = VD_S("");
    }
    node = parameter(e, name, 0, &many);
    return (node != VD_NONE && vd_str_contains(vd_event_text(e, node), part)) != not ;
}

/* "prefix:Name", or "prefix:=" for the name of the event. */
static vd_code action_of(const vd_event *e, vd_str written, vd_str *out)
{
    vd_str name = vd_event_name(e->label, e->name);

    *out = written;
    if (!vd_str_ends(written, VD_S("=")))
        return VD_OK;
    return vd_arena_printf(&e->in.request->texts, out, VD_F VD_F, VD_A(vd_str_first(written, written.n - 1)),
                           VD_A(name))
               ? VD_OK
               : vd_event_nomem(e);
}

static bool is_further(const vd_row *row)
{
    return row->column[VD_ACTION_NAME].p[0] == '+';
}

static bool is_for(const vd_event *e, const vd_row *row)
{
    vd_str name = row->column[VD_ACTION_EVENT];

    return (vd_str_ieq(name, e->name) || vd_str_ieq(name, vd_event_name(e->label, e->name))) &&
           holds(e, row->column[VD_ACTION_WHEN]);
}

/* The first row that fits, NULL: the event is called like its action. */
static const vd_row *action_row(const vd_event *e)
{
    vd_rows rows = vd_rows_of(vd_rows_event_actions, e->label);

    for (uint32_t i = 0; i < rows.count; i++)
        if (!is_further(&rows.at[i]) && is_for(e, &rows.at[i]))
            return &rows.at[i];
    return NULL;
}

static vd_code mapped_action(const vd_event *e, const vd_row *row, vd_str *out)
{
    vd_str prefix = vd_event_prefix(e->label), name = vd_event_name(e->label, e->name);

    if (row)
        return action_of(e, row->column[VD_ACTION_NAME], out);
    if (vd_str_find(prefix, '.') < prefix.n)
        VD_TRY(vd_event_note(e, e->record, action_rule, "the event source \"" VD_F "\" is not known",
                             VD_A(e->label)));
    return vd_arena_printf(&e->in.request->texts, out, VD_F ":" VD_F, VD_A(prefix), VD_A(name))
               ? VD_OK
               : vd_event_nomem(e);
}

/* ------------------------------------------------------------------ resources */

typedef struct place {
    vd_str resource;  /* empty: unknown */
    vd_str template;  /* where it comes from; empty: resources[] */
    vd_str   account; /* of resources[] */
    uint32_t listed;  /* ARNs in resources[] */
} place;

static vd_code by_template(const vd_event *e, const vd_row *row, vd_str action, place *p)
{
    vd_str  service = action, rest = action, given = row ? row->column[VD_ACTION_RESOURCE] : VD_S("");
    vd_rows rows;

    p->template = given;
    if (given.n)
        VD_TRY(fill(e, given, 0, &p->resource));
    vd_str_cut(&rest, ':', &service);
    rows = vd_rows_of(vd_rows_event_resources, service);
    for (uint32_t i = 0; i < rows.count && !p->resource.n; i++) {
        const vd_row *r = &rows.at[i];

        if (!vd_event_fits(r->column[VD_PLACE_EVENT], e->name))
            continue;
        p->template = r->column[VD_PLACE_TEMPLATE];
        VD_TRY(fill(e, p->template, 0, &p->resource));
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
    if (is_inexact(p->template))
        VD_TRY(vd_event_note(e, e->record, resource_rule,
                             "the record does not tell the whole ARN: \"" VD_F "\" is taken",
                             VD_A(p->resource)));
    if (p->listed > 1 && !p->template.n)
        VD_TRY(vd_event_note(e, e->record, resource_rule, "of %u resources of the record the first is taken",
                             p->listed));
    VD_TRY(owner(e, p));
    VD_TRY(vd_read_set(&e->in, e->record, VD_RESOURCE, p->resource));
    for (uint32_t i = 1; p->template.n && more.n; i++) {
        VD_TRY(fill(e, p->template, i, &more));
        if (more.n)
            VD_TRY(vd_read_set(&e->in, e->record, VD_RESOURCE, more));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ further checks */

static vd_code further(const vd_event *e, const vd_row *row)
{
    vd_str action = vd_str_from(row->column[VD_ACTION_NAME], 1), resource = { 0 };

    for (uint32_t i = 0;; i++) {
        VD_TRY(fill(e, row->column[VD_ACTION_RESOURCE], i, &resource));
        if (!resource.n && i == 0 && !vd_str_eq(action, VD_S("=")))
            return vd_event_note(e, e->record, resource_rule,
                                 "the record does not name the resource of \"" VD_F "\"", VD_A(action));
        if (!resource.n)
            return VD_OK;
        VD_TRY(
            vd_read_refused(&e->in, e->record,
                            vd_request_check(e->in.request, vd_str_eq(action, VD_S("=")) ? VD_S("") : action,
                                             resource, VD_S(""))));
        e->in.request->current = VD_SHARED_CHECK;
    }
}

static vd_code further_checks(const vd_event *e)
{
    vd_rows rows = vd_rows_of(vd_rows_event_actions, e->label);

    for (uint32_t i = 0; i < rows.count; i++)
        if (is_further(&rows.at[i]) && is_for(e, &rows.at[i]))
            VD_TRY(further(e, &rows.at[i]));
    return VD_OK;
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
    const vd_row *row = action_row(e);
    place         p = { 0 };
    vd_str        action = { 0 };

    VD_TRY(mapped_action(e, row, &action));
    VD_TRY(by_template(e, row, action, &p));
    by_list(e, &p);
    if (e->said && e->message.action.n) {
        VD_TRY(as_said(e, action, &p));
        e->primary = e->in.request->checks.count;
        return VD_OK;
    }
    VD_TRY(vd_read_set(&e->in, e->record, VD_ACTION, action));
    VD_TRY(set_resources(e, &p));
    e->primary = e->in.request->checks.count;
    return further_checks(e);
}

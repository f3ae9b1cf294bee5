/* SPDX-License-Identifier: Apache-2.0
 *
 * Which action of IAM a CloudTrail record is about: the rows of event-actions.tsv held against it (catalog/events.h).
 */
#include "request/event_int.h"

#include "base/str.h"
#include "catalog/event_test.h"

static const vd_str action_rule = VD_L("event-action");

/* ------------------------------------------------------------------ tests */

static bool is_there(const vd_event *e, uint32_t node)
{
    if (node == VD_NONE || vd_read_is(&e->in, node, VD_NODE_NULL))
        return false;
    if (vd_read_is(&e->in, node, VD_NODE_OBJECT) || vd_read_is(&e->in, node, VD_NODE_ARRAY))
        return vd_doc_length(e->in.doc, node) > 0;
    return true;
}

static bool node_holds(const vd_event *e, const vd_event_test *t, uint32_t node)
{
    bool many = node != VD_NONE && (vd_read_is(&e->in, node, VD_NODE_OBJECT) || vd_read_is(&e->in, node, VD_NODE_ARRAY));

    return is_there(e, node) && ((many && t->part.n == 0) || vd_event_test_text(t, vd_event_text(e, node)));
}

/* "x-amz-grant-*" */
static bool any_member(const vd_event *e, const vd_event_test *t)
{
    if (e->parameters == VD_NONE || !vd_read_is(&e->in, e->parameters, VD_NODE_OBJECT))
        return false;
    for (uint32_t c = vd_doc_first(e->in.doc, e->parameters); c != VD_NONE; c = vd_doc_next(e->in.doc, e->parameters, c))
        if (vd_event_fits(t->name, vd_doc_text(e->in.doc, c)) && node_holds(e, t, c + 1))
            return true;
    return false;
}

static bool any_element(const vd_event *e, const vd_event_test *t)
{
    vd_event_call  call = vd_event_call_of(e);
    vd_str         path = { t->name.p, t->name.n + t->path.n };
    vd_event_value at;
    bool           many = false;

    for (uint32_t i = 0; i == 0 || many; i++) {
        vd_fill got = vd_event_parameter(&call, path, i, &many, &at);

        if (got == VD_FILL_END)
            return false;
        if (got == VD_FILL_FITS && node_holds(e, t, at.node))
            return true;
    }
    return false;
}

/* "$resourceType~part" */
static bool any_type(const vd_event *e, const vd_event_test *t)
{
    uint32_t list = vd_event_at(e, e->record, VD_S("resources"));

    if (list == VD_NONE || !vd_read_is(&e->in, list, VD_NODE_ARRAY))
        return false;
    for (uint32_t c = vd_doc_first(e->in.doc, list); c != VD_NONE; c = vd_doc_next(e->in.doc, list, c))
        if (vd_event_test_text(t, vd_event_get(e, c, VD_S("type"))))
            return true;
    return false;
}

static bool holds(const vd_event *e, vd_str when)
{
    vd_event_test t = vd_event_test_of(when);
    bool          there;

    if (!when.n)
        return true;
    if (t.special && vd_str_eq(t.name, VD_S("resourceType")))
        there = any_type(e, &t);
    else if (t.special)
        there = vd_event_test_text(&t, vd_event_get(e, e->record, t.name));
    else if (vd_str_ends(t.name, VD_S("*")))
        there = any_member(e, &t);
    else
        there = any_element(e, &t);
    return there != t.not ;
}

/* ------------------------------------------------------------------ rows */

static bool is_for(const vd_event *e, const vd_row *row)
{
    vd_str name = row->column[VD_ACTION_EVENT];

    return (vd_str_ieq(name, e->name) || vd_str_ieq(name, vd_event_name(e->label, e->name))) &&
           holds(e, row->column[VD_ACTION_WHEN]);
}

static char first_byte(const vd_row *row)
{
    return row->column[VD_ACTION_NAME].p[0];
}

const vd_row *vd_event_row(const vd_event *e)
{
    vd_rows       rows = vd_rows_of(vd_rows_event_actions, e->label);
    const vd_row *one_of = NULL;

    for (uint32_t i = 0; i < rows.count; i++) {
        const vd_row *row = &rows.at[i];

        if (first_byte(row) == '+' || (one_of && first_byte(row) != '?') || !is_for(e, row))
            continue;
        if (first_byte(row) != '?')
            return row;
        one_of = one_of ? one_of : row;
    }
    return one_of;
}

vd_code vd_event_others(const vd_event *e, const vd_row *chosen)
{
    vd_rows rows = vd_rows_of(vd_rows_event_actions, e->label);

    if (!chosen || first_byte(chosen) != '?')
        return VD_OK;
    for (uint32_t i = 0; i < rows.count; i++)
        if (&rows.at[i] > chosen && first_byte(&rows.at[i]) == '?' && is_for(e, &rows.at[i]))
            VD_TRY(vd_event_note(e, e->record, action_rule, "the record does not tell the action: it may be \"" VD_F "\" too",
                                 VD_A(vd_str_from(rows.at[i].column[VD_ACTION_NAME], 1))));
    return VD_OK;
}

/* Two rows may lead to the same check: a tag in one header, or in another. */
static bool is_again(const vd_event *e, const vd_row *row, const vd_row *chosen, vd_rows rows)
{
    vd_str name = row->column[VD_ACTION_NAME], place = row->column[VD_ACTION_RESOURCE];

    if (chosen && vd_str_ieq(vd_str_from(name, 1), chosen->column[VD_ACTION_NAME]) &&
        vd_str_eq(place, chosen->column[VD_ACTION_RESOURCE]))
        return true;
    for (const vd_row *at = rows.at; at < row; at++)
        if (vd_str_eq(at->column[VD_ACTION_NAME], name) && vd_str_eq(at->column[VD_ACTION_RESOURCE], place) && is_for(e, at))
            return true;
    return false;
}

bool vd_event_further(const vd_event *e, const vd_row *chosen, uint32_t *at, const vd_row **out)
{
    vd_rows rows = vd_rows_of(vd_rows_event_actions, e->label);

    while (*at < rows.count) {
        const vd_row *row = &rows.at[(*at)++];

        if (first_byte(row) != '+' || !is_for(e, row) || is_again(e, row, chosen, rows))
            continue;
        *out = row;
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------ the action */

/* "prefix:Name", or "prefix:=" for the name of the event. */
static vd_code action_of(const vd_event *e, vd_str written, vd_str *out)
{
    vd_str name = vd_event_name(e->label, e->name);

    written = vd_str_from(written, written.p[0] == '?');
    *out = written;
    if (!vd_str_ends(written, VD_S("=")))
        return VD_OK;
    return vd_arena_printf(&e->in.request->texts, out, VD_F VD_F, VD_A(vd_str_first(written, written.n - 1)),
                           VD_A(name))
               ? VD_OK
               : vd_event_nomem(e);
}

vd_code vd_event_action(const vd_event *e, const vd_row *row, vd_str *out)
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

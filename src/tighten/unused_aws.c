/* SPDX-License-Identifier: Apache-2.0
 *
 * What AWS itself found unused, for comparison: it is never taken for use, nor for the lack of it.  AWS looks back another
 * while than the logs do, so that silence says nothing.
 */
#include "tighten/unused_int.h"

#include "base/str.h"
#include "text/doc.h"

typedef struct comparing {
    vd_idle                 *r;
    const vd_unused_finding *f;
    vd_str                   type;  /* of AWS's finding */
    bool                     agrees, resolved;
    size_t                   named; /* of the actions of ours */
} comparing;

static vd_str type_of(const vd_unused_finding *f)
{
    bool key = vd_str_starts(f->item, VD_S("access key"));

    switch (f->rule) {
    case VD_UNUSED_ROLE:
        return VD_S("UnusedIAMRole");
    case VD_UNUSED_PASSWORD:
        return VD_S("UnusedIAMUserPassword");
    case VD_UNUSED_KEY:
        return VD_S("UnusedIAMUserAccessKey");
    case VD_UNUSED_NEVER:
        return key ? VD_S("UnusedIAMUserAccessKey") : VD_S("UnusedIAMUserPassword");
    case VD_UNUSED_STATEMENT:
    case VD_UNUSED_SERVICE:
    case VD_UNUSED_ACTION:
        return f->shared_credit ? VD_S("") : VD_S("UnusedPermission");
    default:
        return VD_S("");
    }
}

static vd_str text_of(const vd_doc *d, uint32_t object, const char *name)
{
    uint32_t at = d->nodes[object].kind == VD_NODE_OBJECT ? vd_doc_member(d, object, vd_str_of(name)) : VD_NONE;

    return at == VD_NONE ? VD_S("") : vd_doc_text(d, at);
}

static bool names(const vd_doc *d, uint32_t list, vd_str name)
{
    for (uint32_t c = vd_doc_first(d, list); c != VD_NONE; c = vd_doc_next(d, list, c))
        if (vd_str_ieq(text_of(d, c, "action"), name))
            return true;
    return false;
}

/* A service without a list of its actions is idle as a whole. */
static void count_actions(comparing *c, const vd_doc *d, uint32_t details)
{
    vd_str   service = text_of(d, details, "serviceNamespace");
    uint32_t list = vd_doc_member(d, details, VD_S("actions"));
    bool     some = list != VD_NONE && d->nodes[list].kind == VD_NODE_ARRAY && vd_doc_length(d, list) > 0;

    for (size_t i = 0; service.n && i < c->f->actions.count; i++) {
        vd_str name = c->f->actions.at[i], prefix = { "", 0 };

        if (vd_str_cut(&name, ':', &prefix) && vd_str_ieq(prefix, service) &&
            (!some || names(d, list, name) || names(d, list, c->f->actions.at[i])))
            c->named++;
    }
}

static void look_at(comparing *c, const vd_doc *d)
{
    uint32_t list = vd_doc_member(d, 0, VD_S("findingDetails"));
    bool     resolved = vd_str_eq(text_of(d, 0, "status"), VD_S("RESOLVED"));

    if (!vd_str_eq(text_of(d, 0, "findingType"), c->type))
        return;
    if (!vd_str_eq(c->type, VD_S("UnusedPermission"))) {
        c->agrees |= !resolved;
        c->resolved |= resolved;
        return;
    }
    if (resolved || list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY)
        return;
    for (uint32_t i = vd_doc_first(d, list); i != VD_NONE; i = vd_doc_next(d, list, i)) {
        uint32_t details = d->nodes[i].kind == VD_NODE_OBJECT ? vd_doc_member(d, i, VD_S("unusedPermissionDetails")) : VD_NONE;

        if (details != VD_NONE && d->nodes[details].kind == VD_NODE_OBJECT)
            count_actions(c, d, details);
    }
}

static bool compare(void *user, const vd_usage_evidence *e)
{
    comparing *c = user;
    vd_source  source = { .name = e->subject, .text = e->values };
    vd_error   err = { .size = sizeof err };
    vd_limits  limits;
    vd_doc     doc;

    vd_engine_limits(c->r->holders->engine, &limits);
    if (vd_json_read(&doc, &c->r->scratch, &source, &limits, NULL, NULL, &err) == VD_OK && doc.nodes[0].kind == VD_NODE_OBJECT)
        look_at(c, &doc);
    c->r->nomem |= err.code == VD_ENOMEM;
    return !c->r->nomem;
}

void vd_idle_aws(vd_idle *r, vd_unused_finding *f)
{
    comparing c = { .r = r, .f = f, .type = type_of(f) };

    if (!c.type.n || !f->principal.n)
        return;
    vd_activity_evidence(r->activity, VD_S("unused-finding"), f->principal, compare, &c);
    if (c.agrees || (f->actions.count && c.named >= f->actions.count))
        f->aws = VD_S("agrees");
    else if (c.resolved)
        f->aws = VD_S("disagrees");
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What AWS recommends for a principal (GetFindingRecommendation, usage 1.7): of some of its policies a smaller one to make in
 * their place, others to detach.  It is never taken for what was used; what comes of right-sizing is held against it.
 */
#include "tighten/rightsize.h"

#include "activity/activity.h"
#include "base/error.h"
#include "base/str.h"
#include "text/doc.h"

typedef struct reading {
    vd_rs_recommended    *out;
    vd_arena             *arena;
    const vd_engine      *engine;
    const vd_rs_document *documents;
    uint32_t              count;
    bool                 *gone; /* by document: another one takes its place, or none */
    uint32_t              cap;
    bool                  nomem;
} reading;

static vd_str text_of(const vd_doc *d, uint32_t object, const char *name)
{
    uint32_t at = d->nodes[object].kind == VD_NODE_OBJECT ? vd_doc_member(d, object, vd_str_of(name)) : VD_NONE;

    return at == VD_NONE || d->nodes[at].kind != VD_NODE_STRING ? VD_S("") : vd_doc_text(d, at);
}

/* The document by its ARN, or, inline, by its name; VD_NONE: it is none of ours. */
static uint32_t document_of(const reading *x, vd_str existing)
{
    for (uint32_t i = 0; i < x->count; i++)
        if (vd_str_eq(x->documents[i].arn.n ? x->documents[i].arn : x->documents[i].name, existing))
            return i;
    return VD_NONE;
}

static void push(reading *x, vd_policy *p)
{
    if (VD_ARENA_PUSH(x->arena, x->out->at, x->out->count, x->cap, p))
        return;
    x->nomem = true;
    vd_policy_release(p);
}

static void take_step(reading *x, const vd_doc *d, uint32_t step)
{
    vd_str     action = text_of(d, step, "recommendedAction"), existing = text_of(d, step, "existingPolicyId");
    vd_str     text = text_of(d, step, "recommendedPolicy");
    uint32_t   document = document_of(x, existing);
    vd_error   err = { .size = sizeof err };
    vd_policy *p;
    vd_code    code;

    if (existing.n && document == VD_NONE)
        return; /* of a policy that nobody asks about */
    x->out->told = true;
    if (document != VD_NONE)
        x->gone[document] = true;
    if (vd_str_eq(action, VD_S("DETACH_POLICY")))
        return;
    if (!vd_str_eq(action, VD_S("CREATE_POLICY"))) {
        x->out->broken = true;
        return;
    }
    code = vd_policy_parse(&p, x->engine, VD_KIND_IDENTITY, VD_S("recommended by AWS"), text, NULL, &err);
    if (code == VD_OK)
        push(x, p);
    x->nomem |= code == VD_ENOMEM;
    x->out->broken |= code != VD_OK;
}

static void take_steps(reading *x, const vd_doc *d)
{
    uint32_t list = vd_doc_member(d, 0, VD_S("recommendedSteps"));

    if (list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY || !vd_str_eq(text_of(d, 0, "status"), VD_S("SUCCEEDED")))
        return;
    for (uint32_t i = vd_doc_first(d, list); i != VD_NONE && !x->nomem; i = vd_doc_next(d, list, i)) {
        uint32_t step = d->nodes[i].kind == VD_NODE_OBJECT ? vd_doc_member(d, i, VD_S("unusedPermissionsRecommendedStep")) : VD_NONE;

        if (step != VD_NONE)
            take_step(x, d, step);
    }
}

static bool take(void *user, const vd_usage_evidence *e)
{
    reading  *x = user;
    vd_source source = { .name = e->subject, .text = e->values };
    vd_error  err = { .size = sizeof err };
    vd_limits limits;
    vd_doc    doc;

    vd_engine_limits(x->engine, &limits);
    if (vd_json_read(&doc, x->arena, &source, &limits, NULL, NULL, &err) == VD_OK && doc.nodes[0].kind == VD_NODE_OBJECT)
        take_steps(x, &doc);
    x->nomem |= err.code == VD_ENOMEM;
    return !x->nomem;
}

vd_code vd_rs_read_recommended(vd_rs_recommended *out, vd_arena *arena, const vd_activity *activity, vd_str who,
                               const vd_rs_document *documents, uint32_t count, vd_error *err)
{
    reading x = { .out = out, .arena = arena, .engine = activity->engine, .documents = documents, .count = count };

    *out = (vd_rs_recommended){ 0 };
    x.gone = vd_arena_new_array(arena, bool, (size_t)count + 1);
    if (!x.gone)
        return vd_fail_nomem(err);
    vd_activity_evidence(activity, VD_S("unused-recommendation"), who, take, &x);
    for (uint32_t i = 0; i < count && out->told && !x.nomem; i++)
        if (!x.gone[i])
            push(&x, vd_policy_retain(documents[i].policy));
    return x.nomem ? vd_fail_nomem(err) : VD_OK;
}

void vd_rs_recommended_done(vd_rs_recommended *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        vd_policy_release(r->at[i]);
    r->count = 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A caller: a request that says nothing yet of an action and a resource, with texts of its own, and what follows from its
 * principal.  A gateway is asked by the same callers again and again; who they are takes a third of a decision.
 */
#include "request/facts_int.h"

struct vd_caller {
    vd_count    refs;
    vd_request *said; /* never changes */
    bool        settled;
    vd_facts    who;  /* when settled: the half of it that the principal decides */
};

/* ------------------------------------------------------------------ copies */

static bool keep(vd_request *r, vd_str *s)
{
    return s->n == 0 || vd_request_keep(r, s, *s) == VD_OK;
}

/* From now on every text is one of the request's own. */
static bool keep_all(vd_request *r)
{
    for (uint32_t i = 0; i < VD_FIELD_COUNT; i++)
        if (!keep(r, &r->field[i]))
            return false;
    for (uint32_t i = 0; i < r->context.count; i++)
        if (!keep(r, &r->context.at[i].key))
            return false;
    for (uint32_t i = 0; i < r->values.count; i++)
        if (!keep(r, &r->values.at[i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ making */

static vd_code fill(vd_caller *c, const vd_request *from, vd_error *err)
{
    vd_code code = vd_request_new(&c->said, from->engine, err);

    if (code != VD_OK)
        return code;
    code = vd_request_adopt(c->said, from, NULL);
    if (code != VD_OK || !keep_all(c->said))
        return vd_fail_nomem(err);
    c->who = (vd_facts){ .request = c->said };
    code = vd_facts_who(&c->who, err);
    c->settled = vd_facts_who_settled(&c->who);
    return c->settled ? code : VD_OK;
}

vd_code vd_caller_new(vd_caller **out, const vd_request *request, vd_error *err)
{
    vd_caller *c;
    vd_code    code;

    if (out)
        *out = NULL;
    if (!out || !request)
        return vd_fail(err, VD_EINVAL, "a caller needs a request and a place to go");
    if (request->failed)
        return vd_fail(err, request->error.code, "%s", request->error.text);
    if (request->checks.count || request->state)
        return vd_fail(err, VD_EINVAL, "a caller has no resource");
    c = vd_alloc0(&request->engine->alloc, sizeof *c);
    if (!c)
        return vd_fail_nomem(err);
    vd_count_init(&c->refs);
    code = fill(c, request, err);
    if (code == VD_OK)
        *out = c;
    else if (c->said)
        vd_caller_release(c);
    else
        vd_free(&request->engine->alloc, c, sizeof *c);
    return code;
}

vd_caller *vd_caller_retain(vd_caller *caller)
{
    if (caller)
        vd_count_up(&caller->refs);
    return caller;
}

void vd_caller_release(vd_caller *caller)
{
    vd_engine *engine;

    if (!caller || !vd_count_down(&caller->refs))
        return;
    engine = vd_engine_retain(caller->said->engine);
    vd_request_free(caller->said);
    vd_free(&engine->alloc, caller, sizeof *caller);
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ using */

vd_code vd_request_begin(vd_request *request, const vd_caller *caller)
{
    vd_request_reset(request);
    return vd_request_adopt(request, caller ? caller->said : NULL, caller && caller->settled ? &caller->who : NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A caller: what a request says before it says an action and a resource, with texts of its own, and what follows from its
 * principal.  A gateway is asked by the same callers again and again.
 */
#include "request/caller.h"

/* ------------------------------------------------------------------ one block */

static uint32_t fields_of(const vd_request *r)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < VD_FIELD_COUNT; i++)
        n += r->field[i].n > 0;
    return n;
}

static bool add(size_t *size, size_t count, size_t each)
{
    size_t more;

    return vd_mul_ok(count, each, &more) && vd_add_ok(*size, more, size);
}

static bool block_size(size_t *size, const vd_request *r)
{
    *size = sizeof(vd_caller);
    if (!add(size, fields_of(r), sizeof(vd_said)) || !add(size, r->context.count, sizeof(vd_context)) ||
        !add(size, r->values.count, sizeof(vd_str)))
        return false;
    for (uint32_t i = 0; i < VD_FIELD_COUNT; i++)
        if (!add(size, r->field[i].n, 1))
            return false;
    for (uint32_t i = 0; i < r->context.count; i++)
        if (!add(size, r->context.at[i].key.n, 1))
            return false;
    for (uint32_t i = 0; i < r->values.count; i++)
        if (!add(size, r->values.at[i].n, 1))
            return false;
    return true;
}

/* Copies a text to *at, which moves behind it. */
static vd_str keep(char **at, vd_str s)
{
    vd_str kept = { *at, s.n };

    if (s.n)
        memcpy(*at, s.p, s.n);
    *at += s.n;
    return kept;
}

static void fill(vd_caller *c, const vd_request *r)
{
    vd_said    *field = (vd_said *)(void *)(c + 1);
    vd_context *context = (vd_context *)(void *)(field + c->field_count);
    vd_str     *value = (vd_str *)(void *)(context + c->context_count);
    char       *text = (char *)(value + c->value_count);

    c->fields = field;
    c->context = context;
    c->values = value;
    for (vd_field i = 0; i < VD_FIELD_COUNT; i++)
        if (r->field[i].n)
            *field++ = (vd_said){ keep(&text, r->field[i]), i };
    for (uint32_t i = 0; i < c->context_count; i++) {
        context[i] = r->context.at[i];
        context[i].key = keep(&text, context[i].key);
    }
    for (uint32_t i = 0; i < c->value_count; i++)
        value[i] = keep(&text, r->values.at[i]);
    memcpy(c->flag, r->flag, sizeof c->flag);
    c->seen = r->seen;
    c->has_now = r->has_now;
    c->now = r->now;
}

/* ------------------------------------------------------------------ making */

/* What follows from the principal, with texts of the caller. */
static vd_code find_who(vd_caller *c, vd_error *err)
{
    vd_request r = { .engine = c->engine };
    vd_facts   f = { .request = &r };
    vd_code    code;

    for (uint32_t i = 0; i < c->field_count; i++)
        r.field[c->fields[i].field] = c->fields[i].value;
    memcpy(r.flag, c->flag, sizeof r.flag);
    code = vd_facts_who(&f, err);
    c->settled = vd_facts_who_settled(&f);
    if (!c->settled)
        return VD_OK; /* each request will tell */
    vd_facts_keep_who(&c->who, &f);
    return code;
}

vd_code vd_caller_new(vd_caller **out, const vd_request *request, vd_error *err)
{
    const vd_request *r = request;
    vd_caller        *c;
    size_t            size;
    vd_code           code;

    if (out)
        *out = NULL;
    if (!out || !r)
        return vd_fail(err, VD_EINVAL, "a caller needs a request and a place to go");
    if (r->failed)
        return vd_fail(err, r->error.code, "%s", r->error.text);
    if (r->checks.count || r->state)
        return vd_fail(err, VD_EINVAL, "a caller has no resource");
    c = block_size(&size, r) ? vd_alloc0(&r->engine->alloc, size) : NULL;
    if (!c)
        return vd_fail_nomem(err);
    vd_count_init(&c->refs);
    c->engine = vd_engine_retain(r->engine);
    c->size = size;
    c->field_count = fields_of(r);
    c->context_count = r->context.count;
    c->value_count = r->values.count;
    fill(c, r);
    code = find_who(c, err);
    if (code == VD_OK)
        *out = c;
    else
        vd_caller_release(c);
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
    engine = caller->engine;
    vd_free(&engine->alloc, caller, caller->size);
    vd_engine_release(engine);
}

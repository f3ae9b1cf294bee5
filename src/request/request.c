/* SPDX-License-Identifier: Apache-2.0
 *
 * The builder of requests.  A gateway fills one for every call it lets through, so setting a field or a key is a few
 * stores: nothing is hashed, and once the arrays have grown nothing is allocated.  What the strings mean is looked at
 * by facts.c, once, when the request is evaluated.
 *
 * A failed call sticks: a request that lacks a key its maker wanted to give must not be decided.
 */
#include "request/caller.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

/* ------------------------------------------------------------------ failures */

static VD_PRINTF(3, 4) vd_code fail(vd_request *r, vd_code code, const char *format, ...)
{
    char    text[sizeof r->error.text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->failed = true;
    return vd_fail(&r->error, code, "%s", text);
}

static vd_code fail_nomem(vd_request *r)
{
    r->failed = true;
    return vd_fail_nomem(&r->error);
}

static vd_code check_length(vd_request *r, vd_str s, const char *what)
{
    if (VD_LIKELY(s.n <= r->engine->limits.request_value_bytes))
        return VD_OK;
    return fail(r, VD_ELIMIT, "%s of %zu bytes is longer than the limit of %u", what, s.n,
                r->engine->limits.request_value_bytes);
}

/* ------------------------------------------------------------------ life */

vd_code vd_request_new(vd_request **out, const vd_engine *engine, vd_error *err)
{
    vd_request *r;

    if (!out || !engine)
        return vd_fail(err, VD_EINVAL, "a request needs an engine and a place to go");
    *out = NULL;
    r = vd_alloc0(&engine->alloc, sizeof *r);
    if (!r)
        return vd_fail_nomem(err);
    r->engine = vd_engine_retain((vd_engine *)engine); /* the count is the one part of an engine that changes */
    r->texts = vd_arena_on(&engine->alloc, engine->limits.document_bytes);
    r->current = VD_SHARED_CHECK;
    r->error.size = sizeof r->error;
    *out = r;
    return VD_OK;
}

void vd_request_free(vd_request *request)
{
    vd_engine *engine;

    if (!request)
        return;
    engine = request->engine;
    VD_VEC_DONE(&engine->alloc, &request->values);
    VD_VEC_DONE(&engine->alloc, &request->context);
    VD_VEC_DONE(&engine->alloc, &request->checks);
    vd_arena_done(&request->texts);
    vd_free(&engine->alloc, request, sizeof *request);
    vd_engine_release(engine);
}

void vd_request_reset(vd_request *request)
{
    memset(request->field, 0, sizeof request->field);
    memset(request->flag, 0, sizeof request->flag);
    request->values.count = request->context.count = request->checks.count = 0;
    request->current = VD_SHARED_CHECK;
    request->seen = 0;
    request->has_now = false;
    request->state = NULL;
    request->who = NULL;
    if (request->texts.used)
        vd_arena_reset(&request->texts);
    if (VD_UNLIKELY(request->failed)) {
        request->failed = false;
        memset(&request->error, 0, sizeof request->error);
        request->error.size = sizeof request->error;
    }
}

const vd_error *vd_request_error(const vd_request *request)
{
    return &request->error;
}

vd_code vd_request_keep(vd_request *r, vd_str *out, vd_str s)
{
    return vd_arena_dup(&r->texts, out, s) ? VD_OK : fail_nomem(r);
}

/* One of very many callers is in no cache: all its lines are asked for before the first is waited for. */
static inline void await(const vd_caller *caller)
{
    enum { LINE = 64, MOST = sizeof *caller + 256 };

    for (size_t i = 0; i < MOST; i += LINE)
        __builtin_prefetch((const void *)((uintptr_t)caller + i)); /* beyond its end it does no harm */
}

vd_code vd_request_begin(vd_request *request, const vd_caller *caller)
{
    vd_request         *r = request;
    const vd_allocator *alloc = &r->engine->alloc;

    await(caller);
    vd_request_reset(r);
    if (VD_UNLIKELY(!caller || caller->engine != r->engine))
        return fail(r, VD_EINVAL, "a request begins with a caller of its own engine");
    if (VD_UNLIKELY(!VD_RESERVE(alloc, &r->values, caller->value_count) || !VD_RESERVE(alloc, &r->context, caller->context_count)))
        return fail_nomem(r);
    for (uint32_t i = 0; i < caller->field_count; i++)
        r->field[caller->fields[i].field] = caller->fields[i].value;
    memcpy(r->flag, caller->flag, sizeof r->flag);
    if (caller->context_count)
        memcpy(r->context.at, caller->context, caller->context_count * sizeof *caller->context);
    if (caller->value_count)
        memcpy(r->values.at, caller->values, caller->value_count * sizeof *caller->values);
    r->context.count = caller->context_count;
    r->values.count = caller->value_count;
    r->seen = caller->seen;
    r->has_now = caller->has_now;
    if (r->has_now)
        r->now = caller->now;
    if (caller->settled)
        r->who = &caller->who;
    return VD_OK;
}

/* ------------------------------------------------------------------ fields and checks */

static vd_code add_check(vd_request *r, vd_check check)
{
    const vd_limits *limits = &r->engine->limits;

    if (r->checks.count >= limits->request_checks)
        return fail(r, VD_ELIMIT, "a request has at most %u resources and further checks", limits->request_checks);
    return VD_PUSH(&r->engine->alloc, &r->checks, check) ? VD_OK : fail_nomem(r);
}

static vd_code set_now(vd_request *r, vd_str value)
{
    r->has_now = false;
    if (value.n == 0)
        return VD_OK;
    if (!vd_date_parse(&r->now, value))
        return fail(r, VD_EREQUEST, "\"" VD_F "\" is not a time such as 2026-11-21T10:00:00Z", VD_A(value));
    r->has_now = true;
    return VD_OK;
}

/* What vd_facts_who looks at. */
enum {
    OF_PRINCIPAL = 1u << VD_PRINCIPAL | 1u << VD_PRINCIPAL_KIND | 1u << VD_PRINCIPAL_ROLE | 1u << VD_PRINCIPAL_PARENT |
                   1u << VD_PRINCIPAL_ID | 1u << VD_PRINCIPAL_ACCOUNT | 1u << VD_CREDENTIAL
};

vd_code vd_request_set(vd_request *request, vd_field field, vd_str value)
{
    vd_request *r = request;

    if (VD_UNLIKELY(field < 0 || field >= VD_FIELD_COUNT))
        return fail(r, VD_EINVAL, "there is no field %d of a request", (int)field);
    VD_TRY(check_length(r, value, "a value"));
    if (field == VD_RESOURCE) {
        if (r->current == VD_SHARED_CHECK)
            return add_check(r, (vd_check){ .resource = value });
        r->checks.at[r->current].resource = value;
        return VD_OK;
    }
    if (field == VD_RESOURCE_ACCOUNT && r->current != VD_SHARED_CHECK) {
        r->checks.at[r->current].account = value;
        return VD_OK;
    }
    if (field == VD_NOW)
        VD_TRY(set_now(r, value));
    if (OF_PRINCIPAL >> field & 1)
        r->who = NULL;
    r->field[field] = value;
    return VD_OK;
}

vd_code vd_request_flag(vd_request *request, vd_flag flag, bool on)
{
    if (flag < 0 || flag >= VD_FLAG_COUNT)
        return fail(request, VD_EINVAL, "there is no flag %d of a request", (int)flag);
    if (flag == VD_SERVICE_LINKED || flag == VD_NOT_SERVICE_LINKED)
        request->who = NULL;
    request->flag[flag] = on;
    return VD_OK;
}

vd_code vd_request_check(vd_request *request, vd_str action, vd_str resource, vd_str account)
{
    VD_TRY(check_length(request, action, "an action"));
    VD_TRY(check_length(request, resource, "a resource"));
    VD_TRY(check_length(request, account, "an account"));
    VD_TRY(add_check(request, (vd_check){ .action = action, .resource = resource, .account = account,
                                          .further = true }));
    request->current = request->checks.count - 1;
    return VD_OK;
}

/* ------------------------------------------------------------------ context */

/* Keys of one bit are worth a search.  Length and last byte tell most keys of a request apart. */
static uint64_t bit_of(vd_str key, vd_key bound)
{
    size_t mix = key.n ? key.n * 5 + (unsigned char)key.p[key.n - 1] : (size_t)(bound ^ bound >> 32);

    return UINT64_C(1) << (mix & 63);
}

static bool same_key(const vd_context *c, vd_str key, vd_key bound, uint32_t check)
{
    return c->key.n == key.n && c->check == check && c->bound == bound &&
           (key.n == 0 || memcmp(c->key.p, key.p, key.n) == 0);
}

/* Only when its bit says that it may be there. */
static vd_context *find_again(vd_request *r, vd_str key, vd_key bound, uint32_t check)
{
    for (uint32_t i = 0; i < r->context.count; i++)
        if (same_key(&r->context.at[i], key, bound, check))
            return &r->context.at[i];
    return NULL;
}

static inline vd_context *find(vd_request *r, vd_str key, vd_key bound, uint32_t check)
{
    return VD_LIKELY(!(r->seen & bit_of(key, bound))) ? NULL : find_again(r, key, bound, check);
}

/* Takes the values of an entry out of the array, so that it never holds what no entry uses. */
static void drop_values(vd_request *r, vd_context *c)
{
    uint32_t end = c->first + c->count;

    if (c->count == 0)
        return;
    memmove(r->values.at + c->first, r->values.at + end, (r->values.count - end) * sizeof *r->values.at);
    r->values.count -= c->count;
    for (uint32_t i = 0; i < r->context.count; i++)
        if (r->context.at[i].first >= end)
            r->context.at[i].first -= c->count;
    c->count = 0;
}

/* Room for count more values behind those that are there. */
static vd_code room(vd_request *r, size_t count)
{
    const vd_limits *limits = &r->engine->limits;

    if (VD_UNLIKELY(count > limits->request_values || r->values.count > limits->request_values - count))
        return fail(r, VD_ELIMIT, "the context of a request has at most %u values", limits->request_values);
    return VD_RESERVE(&r->engine->alloc, &r->values, r->values.count + (uint32_t)count) ? VD_OK : fail_nomem(r);
}

/* A new entry without values. */
static vd_code add_entry(vd_context **out, vd_request *r, vd_str key, vd_key bound, uint32_t check)
{
    const vd_limits *limits = &r->engine->limits;
    vd_context      *c;

    if (VD_UNLIKELY(r->context.count >= limits->request_keys))
        return fail(r, VD_ELIMIT, "a request has at most %u context keys", limits->request_keys);
    if (VD_UNLIKELY(!VD_RESERVE(&r->engine->alloc, &r->context, r->context.count + 1)))
        return fail_nomem(r);
    r->seen |= bit_of(key, bound);
    if (check != VD_SHARED_CHECK)
        r->checks.at[check].own_context = true;
    c = &r->context.at[r->context.count++];
    c->key = key;
    c->bound = bound;
    c->check = check;
    c->count = 0;
    c->of_principal = c->made = false;
    *out = c;
    return VD_OK;
}

static vd_code put(vd_context **out, vd_request *r, vd_str key, vd_key bound, uint32_t check, const vd_str *values,
                   size_t count)
{
    vd_context *c = find(r, key, bound, check);

    for (size_t i = 0; i < count; i++)
        VD_TRY(check_length(r, values[i], "a context value"));
    if (VD_UNLIKELY(c != NULL))
        drop_values(r, c);
    VD_TRY(room(r, count));
    if (VD_LIKELY(!c))
        VD_TRY(add_entry(&c, r, key, bound, check));
    c->absent = c->made = false;
    c->first = r->values.count;
    c->count = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        r->values.at[r->values.count++] = values[i];
    *out = c;
    return VD_OK;
}

/* What nearly every key is: one value, not given before, for all checks; and there is room.  False: put has to look closer. */
static inline bool put_plain(vd_request *r, vd_str key, vd_key bound, const vd_str *values, size_t count)
{
    const vd_limits *limits = &r->engine->limits;
    uint64_t         bit = bit_of(key, bound);

    if (VD_UNLIKELY(count != 1 || (r->seen & bit) || r->current != VD_SHARED_CHECK || values->n > limits->request_value_bytes ||
                    r->context.count >= r->context.cap || r->context.count >= limits->request_keys ||
                    r->values.count >= r->values.cap || r->values.count >= limits->request_values))
        return false;
    r->seen |= bit;
    r->context.at[r->context.count++] =
        (vd_context){ .key = key, .bound = bound, .first = r->values.count, .count = 1, .check = VD_SHARED_CHECK };
    r->values.at[r->values.count++] = *values;
    return true;
}

static vd_code check_key(vd_request *r, vd_str key)
{
    if (VD_UNLIKELY(key.n == 0))
        return fail(r, VD_EINVAL, "a context key is empty");
    return check_length(r, key, "a context key");
}

vd_code vd_request_context(vd_request *request, vd_str key, const vd_str *values, size_t count)
{
    vd_context *c;

    VD_TRY(check_key(request, key));
    return put_plain(request, key, 0, values, count) ? VD_OK : put(&c, request, key, 0, request->current, values, count);
}

vd_code vd_request_absent(vd_request *request, vd_str key)
{
    vd_context *c;

    VD_TRY(check_key(request, key));
    VD_TRY(put(&c, request, key, 0, request->current, NULL, 0));
    c->absent = true;
    return VD_OK;
}

vd_code vd_request_bind(vd_request *request, vd_key key, const vd_str *values, size_t count)
{
    vd_context *c;

    if (key == 0)
        return VD_OK; /* no policy of the set asks for it */
    if (put_plain(request, (vd_str){ 0 }, key, values, count))
        return VD_OK;
    return put(&c, request, (vd_str){ 0 }, key, request->current, values, count);
}

/* ------------------------------------------------------------------ tags */

static const vd_str tag_prefix[] = {
    [VD_TAG_PRINCIPAL] = VD_L("aws:PrincipalTag/"),
    [VD_TAG_RESOURCE] = VD_L("aws:ResourceTag/"),
    [VD_TAG_REQUEST] = VD_L("aws:RequestTag/"),
};

/* E617: of principal tags that differ in case only the later one stays, which is how session tags win. */
static void rename_principal_tag(vd_request *r, vd_str name)
{
    for (uint32_t i = 0; i < r->context.count; i++) {
        vd_context *c = &r->context.at[i];

        if (c->check == VD_SHARED_CHECK && vd_str_ieq(c->key, name)) {
            c->key = name;
            r->seen |= bit_of(name, 0);
            return;
        }
    }
}

/* One more value of aws:TagKeys.  The values of a key lie side by side, so later ones move up. */
static vd_code add_tag_key(vd_request *r, vd_str key)
{
    const vd_str name = VD_S("aws:TagKeys");
    vd_context  *c = find(r, name, 0, r->current);
    uint32_t     at;

    if (!c)
        return put(&c, r, name, 0, r->current, &key, 1);
    for (uint32_t i = 0; i < c->count; i++)
        if (vd_str_eq(r->values.at[c->first + i], key))
            return VD_OK;
    VD_TRY(room(r, 1));
    if (c->count == 0)
        c->first = r->values.count;
    at = c->first + c->count;
    memmove(r->values.at + at + 1, r->values.at + at, (r->values.count - at) * sizeof *r->values.at);
    for (uint32_t i = 0; i < r->context.count; i++)
        if (&r->context.at[i] != c && r->context.at[i].first >= at)
            r->context.at[i].first++;
    r->values.at[at] = key;
    r->values.count++;
    c->count++;
    c->absent = false;
    return VD_OK;
}

/* prefix and key in the memory of the request. */
static vd_code join(vd_str *out, vd_request *r, vd_str prefix, vd_str key)
{
    char *name = vd_arena_alloc(&r->texts, prefix.n + key.n, 1);

    if (!name)
        return fail_nomem(r);
    memcpy(name, prefix.p, prefix.n);
    memcpy(name + prefix.n, key.p, key.n);
    *out = (vd_str){ name, prefix.n + key.n };
    return VD_OK;
}

vd_code vd_request_tag(vd_request *request, vd_tag_kind kind, vd_str key, vd_str value)
{
    vd_request *r = request;
    bool        of_principal = kind == VD_TAG_PRINCIPAL;
    vd_context *c;
    vd_str      name;

    if (kind < 0 || kind > VD_TAG_REQUEST)
        return fail(r, VD_EINVAL, "there is no kind %d of tags", (int)kind);
    if (key.n == 0)
        return fail(r, VD_EINVAL, "a tag has an empty key");
    VD_TRY(check_length(r, key, "a tag key"));
    VD_TRY(join(&name, r, tag_prefix[kind], key));
    if (of_principal)
        rename_principal_tag(r, name);
    VD_TRY(put(&c, r, name, 0, of_principal ? VD_SHARED_CHECK : r->current, &value, 1));
    c->of_principal = of_principal;
    return kind == VD_TAG_REQUEST ? add_tag_key(r, key) : VD_OK;
}

/* ------------------------------------------------------------------ the keys of the tags */

static bool is_tag_keys(const vd_context *c, uint32_t check)
{
    return c->check == check && vd_str_ieq(c->key, VD_S("aws:TagKeys"));
}

static bool says_tag_keys(const vd_request *r, uint32_t check)
{
    for (uint32_t i = 0; i < r->context.count; i++)
        if (is_tag_keys(&r->context.at[i], check) && !r->context.at[i].made)
            return true;
    return false;
}

/* Is the i-th entry a tag of this check, and not said otherwise by the check itself? */
static bool is_tag_of(const vd_request *r, uint32_t i, uint32_t check)
{
    const vd_context *c = &r->context.at[i];

    if (!vd_str_istarts(c->key, tag_prefix[VD_TAG_REQUEST]) || c->absent || c->count == 0 ||
        (c->check != check && c->check != VD_SHARED_CHECK))
        return false;
    for (uint32_t j = 0; j < r->context.count && c->check != check; j++)
        if (r->context.at[j].check == check && vd_str_ieq(r->context.at[j].key, c->key))
            return false;
    return true;
}

static vd_code make_tag_keys(vd_request *r, uint32_t check)
{
    const vd_allocator *alloc = &r->engine->alloc;
    uint32_t            most = r->context.count, n = 0;
    bool                own = check == VD_SHARED_CHECK;
    vd_str             *keys = vd_alloc(alloc, (most + 1) * sizeof *keys);
    vd_code             code = VD_OK;
    vd_context         *c;

    if (!keys)
        return fail_nomem(r);
    for (uint32_t i = 0; i < most; i++) {
        own |= r->context.at[i].check == check && vd_str_istarts(r->context.at[i].key, tag_prefix[VD_TAG_REQUEST]);
        if (is_tag_of(r, i, check))
            keys[n++] = vd_str_from(r->context.at[i].key, tag_prefix[VD_TAG_REQUEST].n);
    }
    if (own && (n || find(r, VD_S("aws:TagKeys"), 0, check) || check != VD_SHARED_CHECK)) {
        code = put(&c, r, VD_S("aws:TagKeys"), 0, check, keys, n);
        if (code == VD_OK)
            c->made = true;
    }
    vd_free(alloc, keys, (most + 1) * sizeof *keys);
    return code;
}

vd_code vd_request_tag_keys(vd_request *r)
{
    bool tags = false;

    for (uint32_t i = 0; i < r->context.count; i++)
        tags |= vd_str_istarts(r->context.at[i].key, tag_prefix[VD_TAG_REQUEST]);
    if (!tags || says_tag_keys(r, VD_SHARED_CHECK))
        return VD_OK;
    for (uint32_t check = 0; check < r->checks.count; check++)
        if (!says_tag_keys(r, check))
            VD_TRY(make_tag_keys(r, check));
    return make_tag_keys(r, VD_SHARED_CHECK);
}

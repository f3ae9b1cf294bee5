/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests out of foreign text.  The first byte chooses the reader: e event, d decoded message, x error
 * message, s resource state, c context, r request (twice: once as the defaults of the other), all else r.
 * Whatever comes of it hangs together, holds no more memory than the input gives reason for, and an error
 * has a text and a place.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "base/str.h"
#include "request/request.h"
#include "text/doc.h"

#include <verdict/set.h>

typedef struct counted {
    size_t live, most;
} counted;

static void *counted_realloc(void *user, void *p, size_t old, size_t size)
{
    counted *c = user;
    void    *grown = realloc(p, size ? size : 1);

    if (!grown)
        abort();
    c->live += size - old;
    c->most = c->live > c->most ? c->live : c->most;
    return grown;
}

static void counted_free(void *user, void *p, size_t size)
{
    ((counted *)user)->live -= size;
    free(p);
}

/* Every byte can be read. */
static unsigned touch(vd_str s)
{
    unsigned sum = 0;

    for (size_t i = 0; i < s.n; i++)
        sum += (unsigned char)s.p[i];
    return sum;
}

static void check_text(vd_str s)
{
    fuzz_check(s.n == 0 || s.p, "a text without bytes");
    fuzz_check(touch(s) < UINT32_MAX, "never");
}

static void check_context(const vd_request *r)
{
    size_t used = 0;

    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        check_text(c->key);
        fuzz_check(c->key.n, "a key is empty");
        fuzz_check(c->check == VD_SHARED_CHECK || c->check < r->checks.count, "context of check %u of %u",
                   c->check, r->checks.count);
        fuzz_check(c->first <= r->values.count && c->count <= r->values.count - c->first,
                   "values behind the end");
        fuzz_check(!c->absent || c->count == 0, "an absent key has values");
        for (uint32_t j = 0; j < c->count; j++)
            check_text(r->values.at[c->first + j]);
        for (uint32_t j = 0; j < i; j++) {
            const vd_context *d = &r->context.at[j];

            fuzz_check(!c->count || !d->count || c->first >= d->first + d->count ||
                           d->first >= c->first + c->count,
                       "two keys share values");
            fuzz_check(c->check != d->check || !vd_str_eq(c->key, d->key), "a key is there twice");
        }
        used += c->count;
    }
    fuzz_check(used == r->values.count, "values that no key has");
}

static void check_acl(const vd_acl *acl)
{
    check_text(acl->owner);
    for (uint32_t i = 0; i < acl->count; i++) {
        check_text(acl->grants[i].id);
        fuzz_check(acl->grants[i].grantee <= VD_ACL_OTHER, "no such grantee");
        fuzz_check(acl->grants[i].permissions >= 1 && acl->grants[i].permissions <= VD_ACL_FULL,
                   "no such permission");
    }
}

static void check_pairs(const vd_pair *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        check_text(pairs[i].key);
        check_text(pairs[i].value);
    }
}

static void check_state(const vd_resource_state *s)
{
    check_text(s->object_owner);
    check_acl(&s->acl);
    check_acl(&s->object_acl);
    for (uint32_t i = 0; i < s->grant_count; i++) {
        check_text(s->grants[i].grantee);
        for (uint32_t j = 0; j < s->grants[i].operation_count; j++)
            check_text(s->grants[i].operations[j]);
        check_pairs(s->grants[i].equals, s->grants[i].equals_count);
        check_pairs(s->grants[i].subset, s->grants[i].subset_count);
    }
}

static void check_request(const vd_request *r)
{
    fuzz_check(!r->failed, "taken and failed");
    fuzz_check(r->current == VD_SHARED_CHECK, "left within a check");
    for (size_t i = 0; i < VD_FIELD_COUNT; i++)
        check_text(r->field[i]);
    for (uint32_t i = 0; i < r->checks.count; i++) {
        check_text(r->checks.at[i].action);
        check_text(r->checks.at[i].resource);
        check_text(r->checks.at[i].account);
    }
    check_context(r);
    if (r->state)
        check_state(r->state);
}

static vd_code read_doc(uint8_t which, vd_request *r, const vd_doc *doc, vd_diags *notes, vd_error *err)
{
    switch (which) {
    case 'e':
        return vd_request_from_event(r, doc, 0, notes, err);
    case 'd':
        return vd_request_from_decoded(r, doc, 0, notes, err);
    case 's':
        return vd_request_read_state(r, doc, 0, err);
    case 'c':
        return vd_request_read_context(r, doc, 0, err);
    default:
        VD_TRY(vd_request_read(r, doc, 0, err));
        return vd_request_read(r, doc, 0, err);
    }
}

static vd_code read(uint8_t which, vd_request *r, const vd_source *source, vd_diags *notes, vd_error *err)
{
    vd_doc  doc;
    vd_told told;

    if (which != 'x') {
        VD_TRY(vd_json_read(&doc, &r->texts, source, &r->engine->limits, NULL, NULL, err));
        return read_doc(which, r, &doc, notes, err);
    }
    VD_TRY(vd_request_from_error(r, &told, source, notes, err));
    check_text(told.policy);
    check_text(told.encoded);
    fuzz_check(told.layer >= VD_LAYER_NONE && told.layer < VD_LAYER_COUNT, "layer %d", told.layer);
    fuzz_check(r->field[VD_ACTION].n || told.encoded.n, "a message about nothing");
    return VD_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    counted        count = { 0 };
    vd_allocator   alloc = { counted_realloc, counted_free, &count };
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &alloc };
    vd_source      source = { .name = VD_S("fuzz.json") };
    vd_error       err = { 0 };
    vd_engine     *engine;
    vd_request    *r;
    vd_diags      *notes;
    vd_code        code;

    if (size == 0)
        return 0;
    source.text = (vd_str){ (const char *)data + 1, size - 1 };
    if (vd_engine_new(&engine, &opts, NULL) != VD_OK || vd_request_new(&r, engine, NULL) != VD_OK ||
        vd_diags_new(&notes, engine, NULL) != VD_OK)
        abort();
    code = read(data[0], r, &source, notes, &err);
    fuzz_check(code == VD_OK || code == VD_ESYNTAX || code == VD_ELIMIT || code == VD_EINVAL, "code %d",
               code);
    if (code == VD_OK)
        check_request(r);
    else
        fuzz_check(err.code == code && err.text[0] && err.at.line && err.at.column && err.at.offset < size,
                   "an error without text or place");
    for (size_t i = 0; i < vd_diags_count(notes); i++)
        fuzz_check(vd_diags_at(notes, i)->at.line && vd_diags_at(notes, i)->at.offset < size,
                   "a note without place");
    fuzz_check(count.most < (1u << 20) + size * 1024, "%zu bytes for an input of %zu", count.most, size);
    vd_diags_free(notes);
    vd_request_free(r);
    vd_engine_release(engine);
    fuzz_check(count.live == 0, "%zu bytes leaked", count.live);
    return 0;
}

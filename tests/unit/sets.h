/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of sets: a table of documents to a set, a line to a decision.
 */
#ifndef VERDICT_TESTS_SETS_H
#define VERDICT_TESTS_SETS_H

#include "unit.h"

#include <verdict/verdict.h>

typedef struct document {
    const char *name, *text; /* text NULL: a level without documents */
    vd_kind     kind;
    vd_attach   where; /* size is filled in */
} document;

#define ONE(effect, action, resource) \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"" effect "\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}}"
#define IDENTITY(label, effect, action, resource) \
    { .name = label, .text = ONE(effect, action, resource), .kind = VD_KIND_IDENTITY, .where = { .layer = VD_LAYER_IDENTITY } }

static inline vd_code add_document(vd_builder *b, const vd_engine *e, const document *d, vd_error *err)
{
    vd_attach  where = d->where;
    vd_policy *p = NULL;
    vd_code    code;

    where.size = sizeof where;
    if (!d->text)
        return vd_builder_level(b, &where, err);
    code = vd_policy_parse(&p, e, d->kind, vd_str_of(d->name), vd_str_of(d->text), NULL, err);
    if (code == VD_OK)
        code = vd_builder_add(b, p, &where, err);
    vd_policy_release(p);
    return code;
}

static inline vd_code compile_documents(vd_set **out, const vd_engine *e, const document *d, size_t count,
                                        const vd_compile_opts *opts, vd_error *err)
{
    vd_builder *b = NULL;
    vd_code     code = vd_builder_new(&b, e, err);

    *out = NULL;
    for (size_t i = 0; code == VD_OK && i < count; i++)
        code = add_document(b, e, &d[i], err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, opts, err);
    vd_builder_free(b);
    return code;
}

static inline vd_set *set_of(const vd_engine *e, const document *d, size_t count)
{
    vd_error err = { .size = sizeof err };
    vd_set  *set = NULL;

    if (compile_documents(&set, e, d, count, NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    return set;
}

/* Something of everything: tries, hashes of names, levels, templates, numbers, addresses.  For one thread. */
enum { MANY = 64 };

static inline const document *many_documents(void)
{
    static char              text[MANY][1024], names[MANY][16], who[MANY][80];
    static document          docs[MANY];
    static const char *const conditions[] = { "\"StringLike\":{\"aws:PrincipalTag/team\":\"${aws:RequestTag/team}\"}",
                                              "\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/8\",\"2001:db8::/32\"]}",
                                              "\"NumericLessThan\":{\"s3:max-keys\":\"100\"}",
                                              "\"DateLessThan\":{\"aws:CurrentTime\":\"2030-01-01T00:00:00Z\"}" };

    for (size_t i = 0; i < MANY; i++) {
        vd_layer layer = i % 5 == 4 ? VD_LAYER_SCP : VD_LAYER_IDENTITY;

        snprintf(names[i], sizeof names[i], "p%zu.json", i * 37 % MANY);
        snprintf(who[i], sizeof who[i], "arn:aws:iam::111122223333:role/path/r%zu", i % 7);
        snprintf(text[i], sizeof text[i],
                 "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"%s\",\"Action\":[\"s3:Get%zu\",\"s3:P%zu*\","
                 "\"ec%zu:*\"],\"Resource\":[\"arn:aws:s3:::bucket-%zu/*\",\"arn:aws:s3:::bucket-%zu/x/*\"],"
                 "\"Condition\":{%s}},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
                 i % 3 ? "Allow" : "Deny", i % 9, i, i % 11, i, i % 5, conditions[i % 4]);
        docs[i] = (document){ .name = names[i], .text = text[i],
                              .kind = layer == VD_LAYER_SCP ? VD_KIND_SCP : VD_KIND_IDENTITY,
                              .where = { .layer = layer, .level = (uint32_t)(i % 3),
                                         .principal = i % 2 ? vd_str_of(who[i]) : (vd_str){ "", 0 },
                                         .account = i % 10 == 4 ? VD_S("111122223333") : (vd_str){ "", 0 } } };
    }
    return docs;
}

static inline vd_set *large_set(const vd_engine *e)
{
    return set_of(e, many_documents(), MANY);
}

enum { USERS = 1500 };

/* As many trees as users, each of some slots. */
static inline vd_set *set_of_users(const vd_engine *e)
{
    vd_builder *b = NULL;
    vd_set     *set = NULL;

    assert_int_equal(vd_builder_new(&b, e, NULL), VD_OK);
    for (int i = 0; i < USERS; i++) {
        char       name[32], text[256], who[80];
        vd_policy *p = NULL;
        vd_attach  where = { .size = sizeof where, .layer = VD_LAYER_IDENTITY };

        snprintf(name, sizeof name, "u%d.json", i);
        snprintf(who, sizeof who, "arn:aws:iam::111122223333:user/u%d", i);
        where.principal = vd_str_of(who);
        snprintf(text, sizeof text,
                 "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"sqs:Send%d\"],"
                 "\"Resource\":\"*\"}}", i);
        assert_int_equal(vd_policy_parse(&p, e, VD_KIND_IDENTITY, vd_str_of(name), vd_str_of(text), NULL, NULL), VD_OK);
        assert_int_equal(vd_builder_add(b, p, &where, NULL), VD_OK);
        vd_policy_release(p);
    }
    assert_int_equal(vd_builder_compile(&set, b, NULL, NULL), VD_OK);
    vd_builder_free(b);
    return set;
}

static inline void *scratch_of(const vd_set *set)
{
    void *p = aligned_alloc(16, (vd_scratch_size(set) + 15) / 16 * 16);

    assert_non_null(p);
    return p;
}

static inline void fill_request(vd_request *r, const char *principal, const char *action, const char *resource)
{
    vd_request_reset(r);
    vd_request_set(r, VD_PRINCIPAL, vd_str_of(principal));
    vd_request_set(r, VD_ACTION, vd_str_of(action));
    vd_request_set(r, VD_RESOURCE, vd_str_of(resource));
    vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("111122223333"));
}

/* "allow", "explicit-deny p.json", "implicit-deny", or the name of the code and the category. */
static inline const char *decided(char out[128], const vd_set *set, const vd_request *r)
{
    vd_decision d = { .size = sizeof d };
    void       *scratch = scratch_of(set);
    vd_code     code = vd_eval(&d, set, r, scratch);
    vd_str      policy = d.outcome == VD_EXPLICIT_DENY ? vd_set_policy_name(set, d.policy) : vd_str_of("");

    if (code != VD_OK)
        snprintf(out, 128, "%s %s", vd_code_name(code), vd_category_name(d.category));
    else
        snprintf(out, 128, "%s%s" VD_F, vd_outcome_name(d.outcome), policy.n ? " " : "", VD_A(policy));
    if (code != VD_OK && d.outcome != VD_IMPLICIT_DENY)
        snprintf(out, 128, "an error that is no deny");
    free(scratch);
    return out;
}

#endif

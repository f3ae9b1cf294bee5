/* SPDX-License-Identifier: Apache-2.0
 *
 * What the state of a resource adds to its policy: KMS grants (E733), S3 ACLs and object ownership (E752, E753), Block
 * Public Access (E755, E757), and the root user's way back to a bucket (E754).
 */
#include "request/facts_int.h"

static bool is_signed(const vd_facts *f)
{
    return f->kind != VD_WHO_ANONYMOUS && f->kind != VD_WHO_IDP;
}

/* ------------------------------------------------------------------ KMS grants */

static uint32_t match_account(const vd_facts *f, vd_str account)
{
    if (f->account.n == 0 || f->kind == VD_WHO_IDP || !vd_str_eq(f->account, account))
        return 0;
    return f->kind == VD_WHO_ROOT ? VD_MATCH_ROOT : VD_MATCH_ACCOUNT;
}

static uint32_t match_role(const vd_facts *f, vd_str text, const vd_arn *a)
{
    if (f->kind != VD_WHO_ROLE_SESSION && f->kind != VD_WHO_SERVICE_LINKED)
        return 0;
    if (f->role_path_known)
        return vd_str_eq(text, f->role_arn) ? VD_MATCH_ROLE : 0;
    return vd_str_eq(a->account, f->account) && vd_str_eq(last_segment(a->resource), f->role_name) ? VD_MATCH_ROLE : 0;
}

static uint32_t match_arn(const vd_facts *f, vd_str text, const vd_arn *a)
{
    if (!vd_str_eq(a->partition, f->partition))
        return 0;
    if (IS(a->service, "sts"))
        return !vd_str_eq(text, f->session_arn) ? 0
               : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_FEDSESSION
                                                  : VD_MATCH_SESSION;
    if (IS(a->resource, "root"))
        return match_account(f, a->account);
    if (STARTS(a->resource, "user/") && f->user_arn.n && vd_str_eq(text, f->user_arn))
        return f->kind == VD_WHO_USER ? VD_MATCH_USER : VD_MATCH_PARENT;
    if (STARTS(a->resource, "role/"))
        return match_role(f, text, a);
    return 0;
}

/* The grantee as a Principal entry (E405 to E412). */
static uint32_t match_grantee(const vd_facts *f, vd_str grantee)
{
    vd_arn a;

    if (grantee.n == 0)
        return 0;
    if (vd_arn_split(&a, grantee))
        return match_arn(f, grantee, &a);
    if (f->kind == VD_WHO_SERVICE)
        return vd_str_eq(grantee, f->principal) ? VD_MATCH_SERVICE : 0;
    if (vd_is_account(grantee))
        return match_account(f, grantee);
    if (f->unique_id.n == 0 || !vd_str_eq(grantee, f->unique_id))
        return 0;
    return f->kind == VD_WHO_USER ? VD_MATCH_USER : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_PARENT : VD_MATCH_ROLE;
}

#define PAIR_PREFIX "kms:EncryptionContext:"

static bool has_key(const vd_pair *pairs, uint32_t count, vd_str key)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_str_eq(pairs[i].key, key))
            return true;
    return false;
}

/* Keys of policies know no case (E503), those of grants do: is the key in the context, and only in another case? */
static bool spelled_otherwise(const vd_facts *f, vd_str key)
{
    const vd_request *r = f->request;
    bool              otherwise = false;

    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];
        vd_str            name = vd_str_from(c->key, sizeof PAIR_PREFIX - 1);

        if ((c->check != f->check && c->check != VD_SHARED_CHECK) || !vd_str_istarts(c->key, VD_S(PAIR_PREFIX)) ||
            !vd_str_ieq(name, key))
            continue;
        if (vd_str_eq(name, key))
            return false;
        otherwise = true;
    }
    return otherwise;
}

/* Every pair is in the context. */
static bool contains_pairs(const vd_facts *f, const vd_pair *pairs, uint32_t count, vd_lookup *lookup, void *ctx)
{
    char   name[VD_DERIVE_TEXT];
    size_t head = sizeof PAIR_PREFIX - 1;

    memcpy(name, PAIR_PREFIX, head);
    for (uint32_t i = 0; i < count; i++) {
        const vd_str *value;
        uint32_t      n = 0;

        if (pairs[i].key.n > sizeof name - head || spelled_otherwise(f, pairs[i].key))
            return false;
        if (pairs[i].key.n)
            memcpy(name + head, pairs[i].key.p, pairs[i].key.n);
        value = lookup(ctx, (vd_str){ name, head + pairs[i].key.n }, &n);
        if (!value || n != 1 || !vd_str_eq(*value, pairs[i].value))
            return false;
    }
    return true;
}

/* The context has no pair but these. */
static bool has_no_other(const vd_facts *f, const vd_pair *pairs, uint32_t count, vd_lookup *lookup, void *ctx)
{
    const vd_request *r = f->request;
    uint32_t          n = 0;
    const vd_str     *keys = lookup(ctx, VD_S("kms:EncryptionContextKeys"), &n);

    if (keys && n) {
        for (uint32_t i = 0; i < n; i++)
            if (!has_key(pairs, count, keys[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        if ((c->check == f->check || c->check == VD_SHARED_CHECK) && !c->absent && c->count &&
            vd_str_istarts(c->key, VD_S(PAIR_PREFIX)) &&
            !has_key(pairs, count, vd_str_from(c->key, sizeof PAIR_PREFIX - 1)))
            return false;
    }
    return true;
}

static bool grant_holds(const vd_facts *f, const vd_kms_grant *g, vd_lookup *lookup, void *ctx)
{
    if (g->has_equals && !(contains_pairs(f, g->equals, g->equals_count, lookup, ctx) &&
                           has_no_other(f, g->equals, g->equals_count, lookup, ctx)))
        return false;
    return !g->has_subset || contains_pairs(f, g->subset, g->subset_count, lookup, ctx);
}

static bool grant_names(const vd_kms_grant *g, vd_str operation)
{
    for (uint32_t i = 0; i < g->operation_count; i++)
        if (vd_str_ieq(g->operations[i], operation))
            return true;
    return false;
}

static uint32_t kms_kinds(const vd_facts *f, vd_lookup *lookup, void *ctx)
{
    const vd_resource_state *s = f->request->state;
    uint32_t                 kinds = 0;

    for (uint32_t i = 0; i < s->grant_count; i++)
        if (grant_names(&s->grants[i], f->name) && grant_holds(f, &s->grants[i], lookup, ctx))
            kinds |= match_grantee(f, s->grants[i].grantee);
    return kinds;
}

/* ------------------------------------------------------------------ S3 */

typedef struct acl_row {
    vd_str  action;
    bool    object; /* the ACL of the object, else of the bucket */
    uint8_t permission;
} acl_row;

/* E752, from the S3 User Guide, "Access control list (ACL) overview". */
static const acl_row acl_rows[] = {
    { VD_L("ListBucket"), false, VD_ACL_READ },
    { VD_L("ListBucketVersions"), false, VD_ACL_READ },
    { VD_L("ListBucketMultipartUploads"), false, VD_ACL_READ },
    { VD_L("PutObject"), false, VD_ACL_WRITE },
    { VD_L("GetBucketAcl"), false, VD_ACL_READ_ACP },
    { VD_L("PutBucketAcl"), false, VD_ACL_WRITE_ACP },
    { VD_L("GetObject"), true, VD_ACL_READ },
    { VD_L("GetObjectVersion"), true, VD_ACL_READ },
    { VD_L("GetObjectAcl"), true, VD_ACL_READ_ACP },
    { VD_L("GetObjectVersionAcl"), true, VD_ACL_READ_ACP },
    { VD_L("PutObjectAcl"), true, VD_ACL_WRITE_ACP },
    { VD_L("PutObjectVersionAcl"), true, VD_ACL_WRITE_ACP },
};

bool vd_acl_action(uint32_t index, vd_str *name, bool *object, uint8_t *permission)
{
    if (index >= VD_COUNT(acl_rows))
        return false;
    *name = acl_rows[index].action;
    *object = acl_rows[index].object;
    *permission = acl_rows[index].permission;
    return true;
}

static uint32_t match_acl(const vd_facts *f, const vd_acl_grant *g)
{
    bool   public_counts = !f->request->state->ignore_public_acls;
    vd_str canonical = f->request->field[VD_PRINCIPAL_CANONICAL];

    switch (g->grantee) {
    case VD_ACL_ALL_USERS:
        return public_counts ? VD_MATCH_ANY : 0;
    case VD_ACL_AUTHENTICATED:
        return public_counts && is_signed(f) ? VD_MATCH_ACCOUNT : 0;
    case VD_ACL_CANONICAL:
        return f->account.n && g->id.n && vd_str_eq(g->id, canonical) ? VD_MATCH_ACCOUNT : 0;
    case VD_ACL_ACCOUNT:
        return f->account.n && vd_str_eq(g->id, f->account) ? VD_MATCH_ACCOUNT : 0;
    default:
        return 0;
    }
}

static uint32_t acl_kinds(const vd_facts *f)
{
    const vd_resource_state *s = f->request->state;
    uint32_t                 kinds = 0;

    for (size_t i = 0; i < VD_COUNT(acl_rows); i++) {
        const vd_acl *acl = acl_rows[i].object ? &s->object_acl : &s->acl;

        if (!acl->given || !vd_str_ieq(f->name, acl_rows[i].action))
            continue;
        for (uint32_t k = 0; k < acl->count; k++)
            if ((acl->grants[k].permissions & acl_rows[i].permission) == acl_rows[i].permission)
                kinds |= match_acl(f, &acl->grants[k]);
    }
    return kinds;
}

uint32_t vd_facts_state_grants(const vd_facts *f, vd_lookup *lookup, void *ctx)
{
    const vd_resource_state *s = f->request->state;

    if (!s)
        return 0;
    if (f->class_of == VD_CLASS_KMS)
        return kms_kinds(f, lookup, ctx);
    if (s->acls_enabled && !f->same_account && f->resource_is_arn && IS(f->resource_arn.service, "s3") &&
        NAMED(f->service, "s3"))
        return acl_kinds(f);
    return 0;
}

bool vd_facts_bucket_allows_count(const vd_facts *f)
{
    return !vd_facts_is_foreign_object(f);
}

bool vd_facts_bucket_denies_ignored(const vd_facts *f)
{
    return f->kind == VD_WHO_ROOT && NAMED(f->service, "s3") && f->resource_is_arn &&
           vd_str_eq(f->account, f->resource_account) &&
           (NAMED(f->name, "GetBucketPolicy") || NAMED(f->name, "PutBucketPolicy") ||
            NAMED(f->name, "DeleteBucketPolicy"));
}

static bool one_of(const vd_str *values, uint32_t count, const vd_str *list, size_t n)
{
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k < n; k++)
            if (vd_str_ieq(values[i], list[k]))
                return true;
    return false;
}

bool vd_facts_public_acl_refused(const vd_facts *f, vd_lookup *lookup, void *ctx)
{
    static const vd_str setters[] = { VD_L("PutBucketAcl"), VD_L("PutObjectAcl"), VD_L("PutObjectVersionAcl"),
                                      VD_L("PutObject"), VD_L("CreateBucket") };
    static const vd_str canned[] = { VD_L("public-read"), VD_L("public-read-write"), VD_L("authenticated-read") };
    static const vd_str headers[] = { VD_L("s3:x-amz-grant-read"), VD_L("s3:x-amz-grant-write"),
                                      VD_L("s3:x-amz-grant-read-acp"), VD_L("s3:x-amz-grant-write-acp"),
                                      VD_L("s3:x-amz-grant-full-control") };
    static const vd_str groups[] = { VD_L("/global/AllUsers"), VD_L("/global/AuthenticatedUsers") };
    const vd_resource_state *s = f->request->state;
    const vd_str            *values;
    uint32_t                 n = 0;

    if (!s || !s->block_public_acls || !NAMED(f->service, "s3") || !one_of(&f->name, 1, setters, VD_COUNT(setters)))
        return false;
    values = lookup(ctx, VD_S("s3:x-amz-acl"), &n);
    if (values && one_of(values, n, canned, VD_COUNT(canned)))
        return true;
    for (size_t i = 0; i < VD_COUNT(headers); i++) {
        n = 0;
        values = lookup(ctx, headers[i], &n);
        for (uint32_t k = 0; values && k < n; k++)
            for (size_t g = 0; g < VD_COUNT(groups); g++)
                if (vd_str_contains(values[k], groups[g]))
                    return true;
    }
    return false;
}

bool vd_facts_restrict_public_cuts(const vd_facts *f)
{
    const vd_resource_state *s = f->request->state;

    return s && s->restrict_public_buckets && f->resource_is_arn && IS(f->resource_arn.service, "s3") &&
           NAMED(f->service, "s3") && f->kind != VD_WHO_SERVICE &&
           !(f->account.n && vd_str_eq(f->account, f->resource_account));
}

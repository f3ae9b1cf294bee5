/* SPDX-License-Identifier: Apache-2.0
 *
 * The facts of one check, in the order in which they build on each other: action, principal, resource, owner, then
 * what the rules conclude from them before any policy is read (E703) and which layers bear on it (E701).
 */
#include "request/facts_int.h"

#include "catalog/facts.h"

static vd_str field(const vd_facts *f, vd_field name)
{
    return f->request->field[name];
}

const vd_str *vd_facts_context(const vd_facts *f, vd_str key, uint32_t *count)
{
    const vd_request *r = f->request;
    const vd_context *found = NULL;

    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        if ((c->check == f->check || c->check == VD_SHARED_CHECK) && c->key.n == key.n && vd_str_ieq(c->key, key) &&
            (!found || found->check == VD_SHARED_CHECK))
            found = c;
    }
    *count = found && !found->absent ? found->count : 0;
    return *count ? r->values.at + found->first : NULL;
}

uint32_t vd_request_check_count(const vd_request *r)
{
    return r->checks.count ? r->checks.count : 1;
}

/* ------------------------------------------------------------------ action and resource */

/* E201. */
static vd_code find_action(vd_facts *f, const vd_check *check, vd_error *err)
{
    vd_str text = check->action.n ? check->action : field(f, VD_ACTION);
    size_t colon = find_near(text, ':');

    f->action = text;
    if (text.n == 0)
        return vd_fail(err, VD_EREQUEST, "the request has no action");
    f->service = vd_str_first(text, colon);
    f->name = vd_str_from(text, colon + 1);
    if (colon == 0 || f->name.n == 0 || vd_str_find(f->name, ':') < f->name.n) {
        vd_code code = vd_fail(err, VD_EREQUEST, "\"" VD_F "\" is not an action", VD_A(f->action));

        vd_error_hint(err, "the form is <service>:<name>, as in s3:GetObject");
        return code;
    }
    return VD_OK;
}

/* E209, E210, E304: the literal "*" or an ARN. */
static vd_code find_resource(vd_facts *f, const vd_check *check, vd_error *err)
{
    const vd_request *r = f->request;

    f->resource = check->resource;
    if (f->resource.n == 0 && check->further && !r->checks.at[0].further)
        f->resource = r->checks.at[0].resource;
    if (f->resource.n == 0)
        return vd_fail(err, VD_EREQUEST, "the request has no resource for the action \"" VD_F "\"", VD_A(f->action));
    if (IS(f->resource, "*")) {
        vd_str instead = vd_star_resource(f->service, f->name, f->partition);

        f->same_account = true; /* E012, where there is an account at all */
        f->resource_is_star = instead.n == 0;
        if (f->resource_is_star)
            return VD_OK;
        f->resource = instead;
    }
    f->resource_is_arn = vd_arn_split(&f->resource_arn, f->resource);
    if (!f->resource_is_arn || f->resource_arn.partition.n == 0) {
        vd_code code =
            vd_fail(err, VD_EREQUEST, "resource \"" VD_F "\" is neither \"*\" nor an ARN", VD_A(f->resource));

        vd_error_hint(err, "the form is arn:<partition>:<service>:<region>:<account>:<resource>");
        return code;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the owner */

static bool is_role(const vd_facts *f)
{
    return IS(f->resource_arn.service, "iam") && STARTS(f->resource_arn.resource, "role/");
}

static bool is_managed_policy(const vd_facts *f)
{
    return IS(f->resource_arn.service, "iam") && IS(f->resource_arn.account, "aws") &&
           STARTS(f->resource_arn.resource, "policy/");
}

/* E317.  The account of the call is about its own resources: a further check goes by its ARN before that. */
static vd_code find_owner(vd_facts *f, const vd_check *check, vd_error *err)
{
    vd_str   given = check->account, own = f->resource_arn.account;
    bool     star = f->same_account;
    uint32_t count;

    if (given.n == 0 && !(check->further && check->action.n && vd_is_account(own)))
        given = field(f, VD_RESOURCE_ACCOUNT);
    if (given.n == 0 && vd_is_account(own))
        given = own;
    if (given.n == 0) {
        const vd_str *value = vd_facts_context(f, VD_S("aws:ResourceAccount"), &count);

        if (value)
            given = *value;
    }
    if (given.n == 0) {
        given = f->account;
        if (given.n && !star && !is_managed_policy(f))
            f->notes |= VD_NOTE_ASSUMED_RESOURCE_ACCOUNT;
    }
    if (given.n && !vd_str_eq(given, f->account) && !vd_is_account(given))
        return vd_fail(err, VD_EREQUEST, "\"" VD_F "\" is no account of 12 digits for the resource \"" VD_F "\"",
                       VD_A(given), VD_A(f->resource));
    f->resource_account = given;
    return VD_OK;
}

bool vd_facts_is_object(const vd_facts *f)
{
    vd_str name = f->resource_arn.resource;

    if (!f->resource_is_arn || !IS(f->resource_arn.service, "s3"))
        return false;
    if (f->resource_arn.region.n || f->resource_arn.account.n) /* accesspoint/<name>/object/<key> */
        return STARTS(name, "accesspoint/") && vd_str_contains(name, VD_S("/object/"));
    return vd_str_find(name, '/') < name.n;
}

bool vd_facts_is_foreign_object(const vd_facts *f)
{
    const vd_resource_state *s = f->request->state;

    return s && s->acls_enabled && s->object_owner.n && !vd_str_eq(s->object_owner, f->resource_account) &&
           NAMED(f->service, "s3") && !NAMED(f->name, "PutObject") && vd_facts_is_object(f);
}

/* E012, and the two that count as the same: AWS managed policies (E318), AssumeRoot (E749).  An object of a foreign
 * owner is nobody's own: only its ACL can grant (E753). */
static bool is_same_account(const vd_facts *f)
{
    bool star = f->same_account;

    if (f->account.n == 0)
        return false;
    if (star || is_managed_policy(f) || (NAMED(f->service, "sts") && NAMED(f->name, "AssumeRoot")))
        return true;
    return vd_str_eq(f->account, f->resource_account) && !vd_facts_is_foreign_object(f);
}

/* ------------------------------------------------------------------ what kind of resource it is */

/* E718, E719: for most services a policy counts if there is one; roles and keys are particular about the action. */
static void classify(vd_facts *f, bool star)
{
    vd_str service = f->resource_arn.service, name = f->resource_arn.resource;

    f->class_of = VD_CLASS_DEFAULT;
    f->resource_layer_counts = !star;
    if (star)
        return;
    if (IS(service, "iam")) {
        f->resource_layer_counts = is_role(f) && NAMED(f->service, "sts");
        if (f->resource_layer_counts)
            f->class_of = VD_CLASS_TRUST;
    } else if (IS(service, "kms")) {
        f->resource_layer_counts = STARTS(name, "key/") && NAMED(f->service, "kms");
        if (f->resource_layer_counts)
            f->class_of = VD_CLASS_KMS;
    } else if (IS(service, "sts")) {
        f->resource_layer_counts = false;
    } else if ((IS(service, "ec2") && STARTS(name, "instance/")) || (IS(service, "rds") && STARTS(name, "db:"))) {
        f->resource_layer_counts = false; /* E760 */
    }
}

/* E318: only AWS may do this to that. */
static bool is_aws_managed(const vd_facts *f)
{
    vd_str name = f->resource_arn.resource;

    if (WHO(f->kind) & (WHO(VD_WHO_SERVICE) | WHO(VD_WHO_SERVICE_LINKED)))
        return false;
    if (IS(f->resource_arn.service, "iam") && NAMED(f->service, "iam")) {
        if (is_managed_policy(f))
            return vd_action_only_aws(VD_S("policy"), f->name);
        if (STARTS(name, "role/aws-reserved/"))
            return vd_action_only_aws(VD_S("reserved-role"), f->name);
        if (STARTS(name, "role/aws-service-role/"))
            return vd_action_only_aws(VD_S("linked-role"), f->name);
    }
    if (IS(f->resource_arn.service, "kms") && NAMED(f->service, "kms") && STARTS(name, "alias/aws/"))
        return vd_action_only_aws(VD_S("alias"), f->name);
    return false;
}

/* ------------------------------------------------------------------ before any policy (E703) */

static bool decide(vd_facts *f, int32_t outcome, vd_category category)
{
    f->decided = true;
    f->outcome = outcome;
    f->category = category;
    return true;
}

static bool has_mfa(const vd_facts *f)
{
    uint32_t      count;
    const vd_str *value = vd_facts_context(f, VD_S("aws:MultiFactorAuthPresent"), &count);

    return value && NAMED(*value, "true");
}

/* E748.  The further checks of an assume call (E749) are no calls of their own. */
static bool is_impossible(const vd_facts *f)
{
    uint32_t who = WHO(f->kind);
    bool     sts = NAMED(f->service, "sts"), iam = !sts && NAMED(f->service, "iam");

    if (!sts && !iam)
        return false;
    if (f->kind == VD_WHO_ROOT && sts && NAMED(f->name, "AssumeRole"))
        return true;
    if (who & (WHO(VD_WHO_ROLE_SESSION) | WHO(VD_WHO_SERVICE_LINKED) | WHO(VD_WHO_FEDERATED_USER)) && sts &&
        (NAMED(f->name, "GetSessionToken") || NAMED(f->name, "GetFederationToken")))
        return true;
    if (f->kind == VD_WHO_FEDERATED_USER)
        return !IS(field(f, VD_CREDENTIAL), "console");
    if (who & (WHO(VD_WHO_ROOT) | WHO(VD_WHO_USER)) && IS(field(f, VD_CREDENTIAL), "session-token"))
        return iam ? !has_mfa(f)
                   : !NAMED(f->name, "AssumeRole") && !NAMED(f->name, "TagSession") &&
                         !NAMED(f->name, "SetSourceIdentity") && !NAMED(f->name, "SetContext");
    return false;
}

static bool decide_sts(vd_facts *f)
{
    bool long_term = !f->assumed_root && (field(f, VD_CREDENTIAL).n == 0 || IS(field(f, VD_CREDENTIAL), "long-term"));

    if (NAMED(f->name, "GetCallerIdentity") && f->kind != VD_WHO_ANONYMOUS && f->kind != VD_WHO_IDP)
        return decide(f, VD_ALLOW, VD_CATEGORY_NO_PERMISSION_NEEDED);
    if (NAMED(f->name, "GetSessionToken") && WHO(f->kind) & (WHO(VD_WHO_USER) | WHO(VD_WHO_ROOT)) && long_term)
        return decide(f, VD_ALLOW, VD_CATEGORY_NO_PERMISSION_NEEDED);
    return false;
}

/* "*" as substituted by E210 is in the partition of the caller, if that is one the table knows. */
static bool before_policies(vd_facts *f, bool star)
{
    bool sts = NAMED(f->service, "sts");

    if (f->partition.n && f->resource_is_arn && !star && !vd_str_eq(f->partition, f->resource_arn.partition))
        return decide(f, VD_IMPLICIT_DENY, VD_CATEGORY_CROSS_PARTITION);
    if (sts && decide_sts(f))
        return true;
    if (is_impossible(f))
        return decide(f, VD_IMPLICIT_DENY, VD_CATEGORY_CREDENTIAL_TYPE);
    if (!star && NAMED(f->name, "PassRole") && NAMED(f->service, "iam") &&
        !vd_str_eq(f->account, f->resource_account)) /* E771 */
        return decide(f, VD_IMPLICIT_DENY, VD_CATEGORY_PASS_ROLE_ACCOUNT);
    if (f->kind == VD_WHO_IDP && f->account.n && f->class_of == VD_CLASS_TRUST &&
        !vd_str_eq(f->account, f->resource_account)) /* E745 */
        return decide(f, VD_IMPLICIT_DENY, VD_CATEGORY_PROVIDER_ACCOUNT);
    return false;
}

/* ------------------------------------------------------------------ all of it */

vd_code vd_facts_make(vd_facts *out, const vd_request *r, uint32_t check, vd_error *err)
{
    static const vd_check none = { 0 };
    const vd_check       *c = check < r->checks.count ? &r->checks.at[check] : &none;
    bool                  star;

    if (r->who)
        vd_facts_recall_who(out, r->who);
    else
        *out = (vd_facts){ 0 };
    out->request = r;
    out->check = check;
    if (VD_UNLIKELY(r->failed))
        return vd_fail(err, r->error.code, "%s", r->error.text);
    VD_TRY(find_action(out, c, err));
    if (!r->who)
        VD_TRY(vd_facts_who(out, err));
    VD_TRY(find_resource(out, c, err));
    star = out->same_account;
    VD_TRY(find_owner(out, c, err));
    out->same_account = is_same_account(out);
    classify(out, star);
    out->aws_managed = is_aws_managed(out);
    before_policies(out, star);
    return VD_OK;
}

/* ------------------------------------------------------------------ layers (E701) */

static bool is_linked_role(const vd_facts *f)
{
    return is_role(f) && STARTS(f->resource_arn.resource, "role/aws-service-role/");
}

/* E707. */
bool vd_facts_scp_binds(const vd_facts *f)
{
    return (f->kind == VD_WHO_ROOT || f->kind == VD_WHO_USER || f->kind == VD_WHO_ROLE_SESSION ||
            f->kind == VD_WHO_FEDERATED_USER) &&
           !f->request->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT];
}

bool vd_facts_scp_exempt(const vd_facts *f)
{
    return vd_scp_exempt(f->service, f->name, f->kind == VD_WHO_ROOT);
}

/* E709, E746, E772; whether the service is one that RCPs reach is a matter of the set. */
static bool rcp_applies(const vd_facts *f)
{
    const vd_request *r = f->request;

    if (r->flag[VD_RESOURCE_IN_MANAGEMENT_ACCOUNT] || (r->state && r->state->management_account))
        return false;
    if (NAMED(f->service, "kms") && (r->flag[VD_AWS_MANAGED_KEY] || NAMED(f->name, "RetireGrant")))
        return false;
    return !is_linked_role(f);
}

bool vd_facts_layer_applies(const vd_facts *f, vd_layer layer)
{
    enum {
        ROOT = WHO(VD_WHO_ROOT),
        USER = WHO(VD_WHO_USER),
        ROLE = WHO(VD_WHO_ROLE_SESSION),
        LINKED = WHO(VD_WHO_SERVICE_LINKED),
        FEDERATED = WHO(VD_WHO_FEDERATED_USER),
        SERVICE = WHO(VD_WHO_SERVICE),
        EVERYONE = WHO(VD_WHO_COUNT) - 1
    };
    static const uint16_t applies[VD_LAYER_COUNT] = {
        [VD_LAYER_IDENTITY] = USER | ROLE | LINKED | FEDERATED,
        [VD_LAYER_BOUNDARY] = USER | ROLE | FEDERATED,
        [VD_LAYER_SESSION] = ROOT | ROLE | FEDERATED,
        [VD_LAYER_RESOURCE] = EVERYONE,
        [VD_LAYER_SCP] = ROOT | USER | ROLE | FEDERATED,
        [VD_LAYER_RCP] = EVERYONE & ~LINKED,
        [VD_LAYER_ENDPOINT] = EVERYONE & ~SERVICE,
        [VD_LAYER_ACCESS_POINT] = EVERYONE,
    };

    if (layer < 0 || layer >= VD_LAYER_COUNT || !(applies[layer] & WHO(f->kind)))
        return false;
    switch (layer) {
    case VD_LAYER_IDENTITY:
    case VD_LAYER_BOUNDARY:
        return !f->parent_is_root; /* a federated user of the root user: full, and without boundary (E717) */
    case VD_LAYER_SESSION:
        return f->kind != VD_WHO_ROOT || f->assumed_root;
    case VD_LAYER_SCP:
        return vd_facts_scp_binds(f) && !vd_facts_scp_exempt(f);
    case VD_LAYER_RCP:
        return rcp_applies(f);
    case VD_LAYER_RESOURCE:
    case VD_LAYER_ACCESS_POINT:
        return f->resource_layer_counts;
    default:
        return true;
    }
}

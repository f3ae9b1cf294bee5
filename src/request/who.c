/* SPDX-License-Identifier: Apache-2.0
 *
 * Who asks: the kind of the principal and the names by which policies can refer to it (E401 to E403).  What the ARN
 * does not tell comes from the other fields of the request; what contradicts it is an error, not a guess.
 */
#include "request/facts_int.h"

const vd_str vd_principal_kind_names[VD_WHO_COUNT] = {
    [VD_WHO_ROOT] = VD_L("root"),
    [VD_WHO_USER] = VD_L("user"),
    [VD_WHO_ROLE_SESSION] = VD_L("role-session"),
    [VD_WHO_SERVICE_LINKED] = VD_L("service-linked"),
    [VD_WHO_FEDERATED_USER] = VD_L("federated-user"),
    [VD_WHO_SERVICE] = VD_L("service"),
    [VD_WHO_ANONYMOUS] = VD_L("anonymous"),
    [VD_WHO_IDP] = VD_L("idp-caller"),
};

enum { LONGEST_NAME = 128 }; /* twice what IAM lets a role, session or id be: derived keys then fit their buffer */

static const vd_str built_in_providers[] = { /* E413 */
    VD_L("cognito-identity.amazonaws.com"),
    VD_L("www.amazon.com"),
    VD_L("graph.facebook.com"),
    VD_L("accounts.google.com"),
};

static vd_str field(const vd_facts *f, vd_field name)
{
    return f->request->field[name];
}

static vd_code bad(const vd_facts *f, vd_error *err, const char *why)
{
    return vd_fail(err, VD_EREQUEST, "principal \"" VD_F "\" %s", VD_A(f->principal), why);
}

/* ------------------------------------------------------------------ what the text itself says */

/* The calls an identity provider makes, and the further checks of them (E745, E749). */
static bool is_provider_call(const vd_facts *f)
{
    return NAMED(f->service, "sts") &&
           (NAMED(f->name, "AssumeRoleWithSAML") || NAMED(f->name, "AssumeRoleWithWebIdentity") ||
            NAMED(f->name, "TagSession") || NAMED(f->name, "SetSourceIdentity") || NAMED(f->name, "SetContext"));
}

static bool is_built_in_provider(vd_str s)
{
    for (size_t i = 0; i < VD_COUNT(built_in_providers); i++)
        if (vd_str_eq(s, built_in_providers[i]))
            return true;
    return false;
}

/* "lambda.amazonaws.com": labels of letters, digits, '-' and '_', two at least. */
static bool is_host(vd_str s)
{
    size_t dots = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '.') {
            if (i == 0 || i + 1 == s.n || s.p[i - 1] == '.')
                return false;
            dots++;
        } else if (!vd_is_alpha(c) && !vd_is_digit(c) && c != '-' && c != '_') {
            return false;
        }
    }
    return dots > 0;
}

static vd_code from_iam(vd_facts *f, vd_error *err)
{
    vd_str name = f->principal_arn.resource;

    if (IS(name, "root")) {
        f->kind = VD_WHO_ROOT;
    } else if (STARTS(name, "user/")) {
        f->kind = VD_WHO_USER;
        f->user_arn = f->principal;
    } else if (STARTS(name, "role/")) {
        f->kind = VD_WHO_ROLE_SESSION; /* E402: some session of this role */
        f->role_arn = f->principal;
        f->role_path_known = true;
        f->role_name = last_segment(name);
    } else if (STARTS(name, "saml-provider/") || STARTS(name, "oidc-provider/")) {
        f->kind = VD_WHO_IDP;
    } else {
        return bad(f, err, "is no identity that makes requests");
    }
    if (f->kind != VD_WHO_ROOT && name.p[name.n - 1] == '/')
        return bad(f, err, "has no name behind the slash");
    return VD_OK;
}

static vd_code from_sts(vd_facts *f, vd_error *err)
{
    vd_str name = f->principal_arn.resource;

    if (STARTS(name, "assumed-role/")) {
        vd_str rest = vd_str_from(name, sizeof "assumed-role/" - 1);
        size_t slash = find_near(rest, '/');

        f->kind = VD_WHO_ROLE_SESSION;
        f->role_name = vd_str_first(rest, slash);
        f->session_name = vd_str_from(rest, slash + 1);
        if (f->role_name.n == 0 || f->session_name.n == 0) {
            vd_code code = bad(f, err, "names no session");

            vd_error_hint(err, "the form is arn:aws:sts::<account>:assumed-role/<role>/<session>");
            return code;
        }
        if (find_near(f->session_name, '/') < f->session_name.n)
            return bad(f, err, "has a slash in the session name; the role is there without its path");
        f->session_arn = f->principal;
    } else if (STARTS(name, "federated-user/") && name.n > sizeof "federated-user/" - 1) {
        f->kind = VD_WHO_FEDERATED_USER;
        f->session_name = vd_str_from(name, sizeof "federated-user/" - 1);
        f->session_arn = f->principal;
    } else if (IS(name, "assumed-root") || STARTS(name, "assumed-root/")) {
        f->kind = VD_WHO_ROOT;
        f->assumed_root = true;
    } else {
        return bad(f, err, "is no identity that makes requests");
    }
    return VD_OK;
}

static vd_code from_arn(vd_facts *f, vd_error *err)
{
    const vd_arn *a = &f->principal_arn;

    if (!vd_arn_split(&f->principal_arn, f->principal) || a->partition.n == 0 || a->region.n)
        return bad(f, err, "is not an ARN of IAM or STS");
    f->partition = a->partition;
    if (IS(a->service, "iam"))
        return from_iam(f, err);
    if (IS(a->service, "sts"))
        return from_sts(f, err);
    return bad(f, err, "is no identity that makes requests");
}

static vd_code from_text(vd_facts *f, vd_error *err)
{
    if (IS(f->principal, "anonymous")) {
        f->kind = VD_WHO_ANONYMOUS;
    } else if (STARTS(f->principal, "arn:")) {
        return from_arn(f, err);
    } else if (is_built_in_provider(f->principal) &&
               (is_provider_call(f) || !vd_str_ends(f->principal, VD_S(".amazonaws.com")))) {
        f->kind = VD_WHO_IDP;
    } else if (is_host(f->principal)) {
        f->kind = VD_WHO_SERVICE;
    } else {
        vd_code code = bad(f, err, "is neither an ARN nor a service principal nor \"anonymous\"");

        if (vd_is_account(f->principal))
            vd_error_hint(err, "the root user is arn:aws:iam::" VD_F ":root", VD_A(f->principal));
        return code;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ what other fields add */

static bool kind_of_name(vd_principal_kind *out, vd_str name)
{
    for (uint32_t i = 0; i < VD_WHO_COUNT; i++)
        if (vd_str_eq(name, vd_principal_kind_names[i])) {
            *out = (vd_principal_kind)i;
            return true;
        }
    *out = VD_WHO_IDP;
    return IS(name, "idp");
}

/* The kind given decides where the text leaves a choice. */
static vd_code apply_kind(vd_facts *f, vd_error *err)
{
    vd_str            given = field(f, VD_PRINCIPAL_KIND);
    vd_principal_kind kind;

    if (given.n == 0) {
        if (f->kind == VD_WHO_IDP && !is_provider_call(f))
            return bad(f, err, "is an identity provider, which calls only sts:AssumeRoleWithSAML and "
                               "sts:AssumeRoleWithWebIdentity");
        return VD_OK;
    }
    if (!kind_of_name(&kind, given)) {
        vd_code code = vd_fail(err, VD_EREQUEST, "there is no kind of principal \"" VD_F "\"", VD_A(given));

        vd_error_hint(err, "root, user, role-session, service-linked, federated-user, service, anonymous, idp-caller");
        return code;
    }
    if (kind == f->kind)
        return VD_OK;
    if (!(kind == VD_WHO_SERVICE_LINKED && f->kind == VD_WHO_ROLE_SESSION) &&
        !(kind == VD_WHO_IDP && f->kind == VD_WHO_SERVICE && is_built_in_provider(f->principal)) &&
        !(kind == VD_WHO_SERVICE && f->kind == VD_WHO_IDP && f->principal_arn.resource.n == 0))
        return vd_fail(err, VD_EREQUEST, "principal \"" VD_F "\" cannot be of the kind \"" VD_F "\"",
                       VD_A(f->principal), VD_A(given));
    f->kind = kind;
    return VD_OK;
}

/* E403. */
static vd_code find_account(vd_facts *f, vd_error *err)
{
    vd_str given = field(f, VD_PRINCIPAL_ACCOUNT), own = f->principal_arn.account;

    if (f->principal_arn.resource.n == 0) /* no ARN: a service, a built-in provider, or anonymous */
        return VD_OK;
    if (own.n == 0)
        own = given;
    if (!vd_is_account(own))
        return bad(f, err, "has no account of 12 digits");
    if (given.n && !vd_str_eq(given, own))
        return vd_fail(err, VD_EREQUEST, "principal \"" VD_F "\" is not of the account \"" VD_F "\"",
                       VD_A(f->principal), VD_A(given));
    f->account = own;
    return VD_OK;
}

/* An ARN of IAM in the account of the principal, with a name. */
static bool split_iam(vd_arn *out, const vd_facts *f, vd_str text)
{
    return vd_arn_split(out, text) && IS(out->service, "iam") && out->region.n == 0 &&
           vd_str_eq(out->account, f->account) && vd_str_eq(out->partition, f->partition) &&
           last_segment(out->resource).n > 0;
}

/* E402: the role with its path, and whether a service is linked to it. */
static vd_code find_role(vd_facts *f, vd_error *err)
{
    vd_str given = field(f, VD_PRINCIPAL_ROLE);
    bool   linked;
    vd_arn role = f->principal_arn;

    if (given.n) {
        if (!split_iam(&role, f, given) || !STARTS(role.resource, "role/") ||
            !vd_str_eq(last_segment(role.resource), f->role_name) ||
            (f->role_arn.n && !vd_str_eq(f->role_arn, given)))
            return vd_fail(err, VD_EREQUEST, "\"" VD_F "\" is not the role of the principal \"" VD_F "\"", VD_A(given),
                           VD_A(f->principal));
        f->role_arn = given;
        f->role_path_known = true;
    }
    if (!f->role_path_known)
        f->notes |= VD_NOTE_ASSUMED_ROLE_PATH;
    if (f->role_path_known)
        linked = STARTS(role.resource, "role/aws-service-role/");
    else
        linked = STARTS(f->role_name, "AWSServiceRoleFor");
    if (field(f, VD_PRINCIPAL_KIND).n)
        linked = f->kind == VD_WHO_SERVICE_LINKED;
    if (f->request->flag[VD_SERVICE_LINKED])
        linked = true;
    if (f->request->flag[VD_NOT_SERVICE_LINKED])
        linked = false;
    f->kind = linked ? VD_WHO_SERVICE_LINKED : VD_WHO_ROLE_SESSION;
    return VD_OK;
}

static vd_code find_parent(vd_facts *f, vd_error *err)
{
    vd_str given = field(f, VD_PRINCIPAL_PARENT);
    vd_arn parent;

    if (given.n == 0)
        return VD_OK;
    if (!split_iam(&parent, f, given) || !(IS(parent.resource, "root") || STARTS(parent.resource, "user/")))
        return vd_fail(err, VD_EREQUEST, "\"" VD_F "\" is not a user of the account of the principal \"" VD_F "\"",
                       VD_A(given), VD_A(f->principal));
    f->has_parent = true;
    f->parent_is_root = IS(parent.resource, "root");
    if (!f->parent_is_root)
        f->user_arn = given;
    return VD_OK;
}

static vd_code check_credential(vd_facts *f, vd_error *err)
{
    vd_str given = field(f, VD_CREDENTIAL);

    if (given.n == 0)
        return VD_OK;
    if (IS(given, "assume-root")) {
        if (f->kind != VD_WHO_ROOT)
            return bad(f, err, "is no session of AssumeRoot, which acts as a root user");
        f->assumed_root = true;
    } else if (!IS(given, "long-term") && !IS(given, "session-token") && !IS(given, "console")) {
        vd_code code = vd_fail(err, VD_EREQUEST, "there is no kind of credential \"" VD_F "\"", VD_A(given));

        vd_error_hint(err, "long-term, session-token, console, assume-root");
        return code;
    }
    return VD_OK;
}

bool vd_facts_who_settled(const vd_facts *f)
{
    return f->kind != VD_WHO_IDP && !is_built_in_provider(f->principal);
}

vd_code vd_facts_who(vd_facts *f, vd_error *err)
{
    f->principal = field(f, VD_PRINCIPAL);
    if (f->principal.n == 0 && IS(field(f, VD_PRINCIPAL_KIND), "anonymous"))
        f->principal = VD_S("anonymous");
    if (f->principal.n == 0)
        return vd_fail(err, VD_EREQUEST, "the request has no principal");
    VD_TRY(from_text(f, err));
    VD_TRY(apply_kind(f, err));
    VD_TRY(find_account(f, err));
    if (f->kind == VD_WHO_ROLE_SESSION || f->kind == VD_WHO_SERVICE_LINKED)
        VD_TRY(find_role(f, err));
    if (f->kind == VD_WHO_FEDERATED_USER)
        VD_TRY(find_parent(f, err));
    f->unique_id = field(f, VD_PRINCIPAL_ID); /* in records "AROA...:session", and the account for root */
    f->unique_id = vd_str_first(f->unique_id, vd_str_find(f->unique_id, ':'));
    if (vd_is_account(f->unique_id))
        f->unique_id = (vd_str){ 0 };
    if (f->role_name.n > LONGEST_NAME || f->session_name.n > LONGEST_NAME || f->unique_id.n > LONGEST_NAME ||
        f->partition.n > LONGEST_NAME)
        return bad(f, err, "has a longer name or id than there can be");
    return check_credential(f, err);
}

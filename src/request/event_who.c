/* SPDX-License-Identifier: Apache-2.0
 *
 * userIdentity: one row for each type, one function for each way to be somebody.  Where a record does not
 * name the principal it is left open and said so; nothing is guessed that a policy could tell apart.
 */
#include "request/event_int.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "request/facts.h"

static const vd_str rule = VD_L("event-principal");

static vd_code set(const vd_event *e, uint32_t node, vd_field field, vd_str value)
{
    return value.n ? vd_read_set(&e->in, node, field, value) : VD_OK;
}

static vd_code set_at(const vd_event *e, vd_str path, vd_field field)
{
    uint32_t node = vd_event_at(e, e->identity, path);

    return node == VD_NONE ? VD_OK : set(e, node, field, vd_event_text(e, node));
}

/* "AROA...:session" to "AROA...": the id of the role or user itself. */
static vd_code unique_id(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->identity, VD_S("principalId"));
    vd_str   id = node == VD_NONE ? VD_S("") : vd_event_text(e, node);

    return set(e, node, VD_PRINCIPAL_ID, vd_str_first(id, vd_str_find(id, ':')));
}

static vd_code unknown(const vd_event *e, const char *why)
{
    if (e->said && e->message.principal.n)
        return VD_OK; /* the error message names it */
    return vd_event_note(e, e->identity == VD_NONE ? e->record : e->identity, rule, "%s", why);
}

static vd_code built(const vd_event *e, const char *kind, vd_str name)
{
    vd_str arn;

    if (!vd_arena_printf(&e->in.request->texts, &arn, "arn:" VD_F ":iam::" VD_F ":%s" VD_F,
                         VD_A(e->partition), VD_A(e->caller_account), kind, VD_A(name)))
        return vd_event_nomem(e);
    return vd_read_set(&e->in, e->identity, VD_PRINCIPAL, arn);
}

/* ------------------------------------------------------------------ types */

static vd_code credential(const vd_event *e, vd_str value)
{
    return vd_read_set(&e->in, e->identity, VD_CREDENTIAL, value);
}

static vd_code kind_of_credential(const vd_event *e)
{
    vd_str key = vd_event_get(e, e->identity, VD_S("accessKeyId"));

    if (vd_str_ieq(vd_event_get(e, e->identity, VD_S("sessionContext.assumedRoot")), VD_S("true")))
        return credential(e, VD_S("assume-root"));
    if (vd_str_ieq(vd_event_get(e, e->record, VD_S("sessionCredentialFromConsole")), VD_S("true")))
        return credential(e, VD_S("console"));
    if (e->temporary)
        return credential(e, VD_S("session-token"));
    return vd_str_starts(key, VD_S("AKIA")) ? credential(e, VD_S("long-term")) : VD_OK;
}

static vd_code user(const vd_event *e)
{
    vd_str name = vd_event_get(e, e->identity, VD_S("userName"));

    VD_TRY(kind_of_credential(e));
    VD_TRY(unique_id(e));
    if (vd_event_get(e, e->identity, VD_S("arn")).n)
        return set_at(e, VD_S("arn"), VD_PRINCIPAL);
    if (!name.n || !e->caller_account.n)
        return unknown(e, "the record does not name the user");
    VD_TRY(vd_event_note(e, e->identity, rule,
                         "the record holds no ARN of the user \"" VD_F "\": no path is assumed", VD_A(name)));
    return built(e, "user/", name);
}

static vd_code role_session(const vd_event *e)
{
    vd_str issuer = vd_event_get(e, e->identity, VD_S("sessionContext.sessionIssuer.arn"));

    VD_TRY(unique_id(e));
    if (!vd_event_get(e, e->identity, VD_S("arn")).n)
        return unknown(e, "the record does not name the role session");
    VD_TRY(set_at(e, VD_S("arn"), VD_PRINCIPAL));
    if (issuer.n)
        return set_at(e, VD_S("sessionContext.sessionIssuer.arn"), VD_PRINCIPAL_ROLE);
    return vd_event_note(e, e->identity, rule, "the record does not tell the path of the role");
}

static vd_code role(const vd_event *e)
{
    VD_TRY(unique_id(e));
    return vd_event_get(e, e->identity, VD_S("arn")).n ? set_at(e, VD_S("arn"), VD_PRINCIPAL)
                                                       : unknown(e, "the record does not name the role");
}

static vd_code root(const vd_event *e)
{
    VD_TRY(kind_of_credential(e));
    if (vd_str_ends(vd_event_get(e, e->identity, VD_S("arn")), VD_S(":root")))
        return set_at(e, VD_S("arn"), VD_PRINCIPAL);
    return e->caller_account.n ? built(e, "root", VD_S(""))
                               : unknown(e, "the record does not name the account");
}

static vd_code federated_user(const vd_event *e)
{
    if (!vd_event_get(e, e->identity, VD_S("arn")).n)
        return unknown(e, "the record does not name the federated user");
    VD_TRY(set_at(e, VD_S("arn"), VD_PRINCIPAL));
    if (!vd_event_get(e, e->identity, VD_S("sessionContext.sessionIssuer.arn")).n)
        return vd_event_note(e, e->identity, rule,
                             "the record does not tell who stands behind the federated user");
    return set_at(e, VD_S("sessionContext.sessionIssuer.arn"), VD_PRINCIPAL_PARENT);
}

/* Callers of AssumeRoleWithSAML and AssumeRoleWithWebIdentity are known by their provider. */
static vd_code provider(const vd_event *e, uint32_t node, vd_str name)
{
    VD_TRY(vd_read_set(&e->in, e->identity, VD_PRINCIPAL_KIND, vd_principal_kind_names[VD_WHO_IDP]));
    return vd_read_set(&e->in, node, VD_PRINCIPAL, name);
}

static vd_code saml_user(const vd_event *e)
{
    uint32_t node = e->parameters == VD_NONE ? VD_NONE : vd_event_at(e, e->parameters, VD_S("principalArn"));
    vd_str   name = node == VD_NONE ? VD_S("") : vd_event_text(e, node);

    if (!name.n) {
        node = vd_event_at(e, e->identity, VD_S("identityProvider"));
        name = node == VD_NONE ? VD_S("") : vd_event_text(e, node);
    }
    if (!vd_str_starts(name, VD_S("arn:")))
        return unknown(e, "the record does not name the SAML provider");
    return provider(e, node, name);
}

static vd_code web_user(const vd_event *e)
{
    static const vd_str builtin[] = { VD_L("accounts.google.com"), VD_L("cognito-identity.amazonaws.com"),
                                      VD_L("graph.facebook.com"), VD_L("www.amazon.com") };
    uint32_t            node = vd_event_at(e, e->identity, VD_S("identityProvider"));
    vd_str              name = node == VD_NONE ? VD_S("") : vd_event_text(e, node), arn;
    vd_arn              target;

    for (size_t i = 0; i < VD_COUNT(builtin); i++)
        if (vd_str_eq(name, builtin[i]))
            return provider(e, node, name);
    if (vd_str_starts(name, VD_S("arn:")))
        return provider(e, node, name);
    if (vd_str_starts(name, VD_S("https://")))
        name = vd_str_from(name, sizeof "https://" - 1);
    if (!name.n || e->parameters == VD_NONE ||
        !vd_arn_split(&target, vd_event_get(e, e->parameters, VD_S("roleArn"))))
        return unknown(e, "the record does not name the identity provider");
    VD_TRY(vd_event_note(e, node, rule, "the provider \"" VD_F "\" is taken to be that of the role's account",
                         VD_A(name)));
    if (!vd_arena_printf(&e->in.request->texts, &arn, "arn:" VD_F ":iam::" VD_F ":oidc-provider/" VD_F,
                         VD_A(target.partition), VD_A(target.account), VD_A(name)))
        return vd_event_nomem(e);
    return provider(e, node, arn);
}

/* Another account as its neighbour sees it: an id, often without a name. */
static vd_code account(const vd_event *e)
{
    vd_str account = vd_event_get(e, e->identity, VD_S("accountId"));
    vd_str id = vd_event_get(e, e->identity, VD_S("principalId"));

    if (vd_str_ieq(account, VD_S("ANONYMOUS_PRINCIPAL")) || vd_str_ieq(account, VD_S("anonymous")))
        return vd_read_set(&e->in, e->identity, VD_PRINCIPAL, VD_S("anonymous"));
    VD_TRY(unique_id(e));
    VD_TRY(vd_is_account(account) ? set_at(e, VD_S("accountId"), VD_PRINCIPAL_ACCOUNT) : VD_OK);
    if (vd_event_get(e, e->identity, VD_S("arn")).n)
        return set_at(e, VD_S("arn"), VD_PRINCIPAL);
    if (e->said && e->message.principal.n)
        return VD_OK;
    return vd_event_note(e, e->identity, rule,
                         "the record names the account \"" VD_F "\" and the id \"" VD_F
                         "\", not the principal",
                         VD_A(account), VD_A(id));
}

static vd_code service(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->identity, VD_S("invokedBy"));
    vd_str   name = node == VD_NONE ? VD_S("") : vd_event_text(e, node);

    if (!name.n || vd_str_find(name, '.') == name.n)
        return unknown(e, "the record does not name the service");
    return vd_read_set(&e->in, node, VD_PRINCIPAL, name);
}

static vd_code nobody(const vd_event *e)
{
    if (vd_event_get(e, e->identity, VD_S("invokedBy")).n)
        return service(e);
    if (vd_event_get(e, e->identity, VD_S("arn")).n)
        return set_at(e, VD_S("arn"), VD_PRINCIPAL);
    if (vd_str_ieq(vd_event_get(e, e->identity, VD_S("accountId")), VD_S("ANONYMOUS_PRINCIPAL")) ||
        vd_str_ieq(vd_event_get(e, e->identity, VD_S("principalId")), VD_S("anonymous")))
        return vd_read_set(&e->in, e->identity, VD_PRINCIPAL, VD_S("anonymous"));
    return unknown(e, "the record does not tell who called");
}

static vd_code outsider(const vd_event *e)
{
    return unknown(e, "the caller is no principal of IAM");
}

static const struct {
    vd_str type;
    vd_code (*read)(const vd_event *e);
} types[] = {
    { VD_L("IAMUser"), user },
    { VD_L("AssumedRole"), role_session },
    { VD_L("Role"), role },
    { VD_L("Root"), root },
    { VD_L("FederatedUser"), federated_user },
    { VD_L("SAMLUser"), saml_user },
    { VD_L("WebIdentityUser"), web_user },
    { VD_L("AWSAccount"), account },
    { VD_L("AWSService"), service },
    { VD_L("IdentityCenterUser"), outsider },
    { VD_L("Directory"), outsider },
    { VD_L("Unknown"), nobody },
};

static vd_code by_type(const vd_event *e)
{
    vd_str type = vd_event_get(e, e->identity, VD_S("type"));

    for (size_t i = 0; i < VD_COUNT(types); i++)
        if (vd_str_ieq(type, types[i].type))
            return types[i].read(e);
    if (type.n)
        VD_TRY(vd_event_note(e, e->identity, rule, "the type \"" VD_F "\" of userIdentity is not known",
                             VD_A(type)));
    return nobody(e);
}

vd_code vd_event_who(vd_event *e)
{
    if (e->identity == VD_NONE)
        VD_TRY(unknown(e, "the record does not tell who called"));
    else
        VD_TRY(by_type(e));
    if (e->in.request->field[VD_PRINCIPAL].n || !e->said || !e->message.principal.n)
        return VD_OK;
    return vd_read_set(&e->in, e->record, VD_PRINCIPAL, e->message.principal);
}

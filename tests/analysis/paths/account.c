/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts in few words as what `aws iam get-account-authorization-details` and `aws organizations` print.
 */
#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const full_access = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

void full_name(char *out, size_t size, const char *account, const char *text)
{
    if (strncmp(text, "arn:", 4) == 0 || text[0] == '@' || text[0] == '*' || strchr(text, '@'))
        snprintf(out, size, "%s", text);
    else
        snprintf(out, size, "arn:aws:iam::%s:%s", account, text);
}

static json_t *text(const char *account, const char *s)
{
    char out[512];

    full_name(out, sizeof out, account, s);
    return json_string(out);
}

/* ------------------------------------------------------------------ policies */

/* "iam:PassRole role/app" allows the one on the other. */
static json_t *statement(const char *account, const char *effect, const char *call)
{
    const char *space = strchr(call, ' ');
    char        action[128];

    if (!space) {
        fprintf(stderr, "\"%s\" is no call\n", call);
        exit(2);
    }
    snprintf(action, sizeof action, "%.*s", (int)(space - call), call);
    return json_pack("{s:s, s:s, s:o}", "Effect", effect, "Action", action, "Resource", text(account, space + 1));
}

static json_t *document(const char *account, const json_t *who)
{
    json_t *list = json_array(), *one;
    size_t  i;

    json_array_foreach(json_object_get(who, "allow"), i, one)
        json_array_append_new(list, statement(account, "Allow", json_string_value(one)));
    json_array_foreach(json_object_get(who, "deny"), i, one)
        json_array_append_new(list, statement(account, "Deny", json_string_value(one)));
    json_array_foreach(json_object_get(who, "statements"), i, one)
        json_array_append(list, one);
    if (json_is_true(json_object_get(who, "admin")))
        json_array_append_new(list, statement(account, "Allow", "* *"));
    return json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement", list);
}

static json_t *inline_policies(const char *account, const json_t *who)
{
    json_t *d = document(account, who), *out = json_array();

    if (json_array_size(json_object_get(d, "Statement")))
        json_array_append_new(out, json_pack("{s:s, s:O}", "PolicyName", "inline", "PolicyDocument", d));
    json_decref(d);
    return out;
}

static json_t *attached(const char *account, const json_t *who)
{
    json_t *out = json_array(), *one;
    size_t  i;

    json_array_foreach(json_object_get(who, "attached"), i, one)
        json_array_append_new(out, json_pack("{s:s, s:o}", "PolicyName", json_string_value(one) + 7, "PolicyArn",
                                             text(account, json_string_value(one))));
    return out;
}

/* "service:lambda.amazonaws.com", "federated:...", a principal or an account; an object is a statement. */
static json_t *trust(const char *account, const json_t *who)
{
    json_t *list = json_array(), *one;
    size_t  i;

    json_array_foreach(json_object_get(who, "trust"), i, one) {
        const char *s = json_string_value(one);

        if (!s)
            json_array_append(list, one);
        else if (strncmp(s, "service:", 8) == 0)
            json_array_append_new(list, json_pack("{s:s, s:{s:s}, s:s}", "Effect", "Allow", "Principal", "Service", s + 8, "Action",
                                                  "sts:AssumeRole"));
        else if (strncmp(s, "federated:", 10) == 0)
            json_array_append_new(list, json_pack("{s:s, s:{s:s}, s:s}", "Effect", "Allow", "Principal", "Federated", s + 10, "Action",
                                                  "sts:AssumeRoleWithSAML"));
        else
            json_array_append_new(list, json_pack("{s:s, s:{s:o}, s:s}", "Effect", "Allow", "Principal", "AWS",
                                                  s[0] >= '0' && s[0] <= '9' ? json_string(s) : text(account, s), "Action", "sts:AssumeRole"));
    }
    return json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement", list);
}

/* ------------------------------------------------------------------ principals */

static json_t *principal(const char *account, const char *kind, const char *name, const json_t *who)
{
    const char *path = json_string_value(json_object_get(who, "path"));
    char        arn[256];
    json_t     *p, *tag;
    const char *key;

    snprintf(arn, sizeof arn, "%s%s%s", kind, path ? path : "/", name);
    p = json_pack("{s:s, s:o, s:o}", "Path", path ? path : "/", "Arn", text(account, arn), "AttachedManagedPolicies", attached(account, who));
    if (json_object_get(who, "boundary"))
        json_object_set_new(p, "PermissionsBoundary",
                            json_pack("{s:s, s:o}", "PermissionsBoundaryType", "PermissionsBoundaryPolicy", "PermissionsBoundaryArn",
                                      text(account, json_string_value(json_object_get(who, "boundary")))));
    json_object_set_new(p, "Tags", json_array());
    json_object_foreach(json_object_get((json_t *)(uintptr_t)who, "tags"), key, tag)
        json_array_append_new(json_object_get(p, "Tags"), json_pack("{s:s, s:O}", "Key", key, "Value", tag));
    return p;
}

static json_t *users(const char *account, json_t *all)
{
    json_t     *out = json_array(), *who;
    const char *name;

    json_object_foreach(all, name, who) {
        json_t *p = principal(account, "user", name, who), *groups = json_object_get(who, "groups");

        json_object_set_new(p, "UserName", json_string(name));
        json_object_set_new(p, "UserPolicyList", inline_policies(account, who));
        json_object_set_new(p, "GroupList", groups ? json_incref(groups) : json_array());
        json_array_append_new(out, p);
    }
    return out;
}

static json_t *groups(const char *account, json_t *all)
{
    json_t     *out = json_array(), *who;
    const char *name;

    json_object_foreach(all, name, who) {
        json_t *p = principal(account, "group", name, who);

        json_object_set_new(p, "GroupName", json_string(name));
        json_object_set_new(p, "GroupPolicyList", inline_policies(account, who));
        json_array_append_new(out, p);
    }
    return out;
}

static json_t *roles(const char *account, json_t *all)
{
    json_t     *out = json_array(), *who;
    const char *name;

    json_object_foreach(all, name, who) {
        json_t *p = principal(account, "role", name, who);

        json_object_set_new(p, "RoleName", json_string(name));
        json_object_set_new(p, "RolePolicyList", inline_policies(account, who));
        json_object_set_new(p, "AssumeRolePolicyDocument", trust(account, who));
        json_object_set_new(p, "InstanceProfileList", json_array());
        json_array_append_new(out, p);
    }
    return out;
}

/* The first of "versions" is the default one; without them the policy is its only version. */
static json_t *policies(const char *account, json_t *all)
{
    json_t     *out = json_array(), *who, *one;
    const char *name;
    size_t      i;

    json_object_foreach(all, name, who) {
        json_t *list = json_array(), *versions = json_object_get(who, "versions");
        char    arn[256], id[32];

        snprintf(arn, sizeof arn, "policy/%s", name);
        if (!versions)
            json_array_append_new(list, json_pack("{s:s, s:b, s:o}", "VersionId", "v1", "IsDefaultVersion", 1, "Document", document(account, who)));
        json_array_foreach(versions, i, one) {
            snprintf(id, sizeof id, "v%zu", i + 1);
            json_array_append_new(list, json_pack("{s:s, s:b, s:o}", "VersionId", id, "IsDefaultVersion", i == 0, "Document",
                                                  document(account, one)));
        }
        json_array_append_new(out, json_pack("{s:s, s:o, s:s, s:o}", "PolicyName", name, "Arn", text(account, arn), "DefaultVersionId", "v1",
                                             "PolicyVersionList", list));
    }
    return out;
}

/* ------------------------------------------------------------------ files */

static void read_file(vd_snapshot_reader *r, const char *path, json_t *json)
{
    vd_error err = { .size = sizeof err };
    char    *bytes = json_dumps(json, JSON_COMPACT);

    if (!bytes || vd_snapshot_read(r, vd_str_of(path), vd_str_of(path), vd_str_of(bytes), &err) != VD_OK) {
        fprintf(stderr, "%s: %s\n", path, err.text);
        exit(2);
    }
    free(bytes);
    json_decref(json);
}

static void read_guard(vd_snapshot_reader *r, const char *id, const char *target, const char *type, json_t *content)
{
    char path[128], *bytes = json_is_string(content) ? NULL : json_dumps(content, JSON_COMPACT);

    snprintf(path, sizeof path, "org/policies/%s.json", id);
    read_file(r, path,
              json_pack("{s:{s:{s:s, s:s, s:s, s:b}, s:s}}", "Policy", "PolicySummary", "Id", id, "Name", id, "Type", "SERVICE_CONTROL_POLICY",
                        "AwsManaged", 0, "Content", bytes ? bytes : json_string_value(content)));
    snprintf(path, sizeof path, "org/targets/%s.json", id);
    read_file(r, path, json_pack("{s:[{s:s, s:s, s:s}]}", "Targets", "TargetId", target, "Name", target, "Type", type));
    free(bytes);
    json_decref(content);
}

/* One root, all accounts right below it; "management" names its account, "scp" of an account limits it. */
static void read_organization(vd_snapshot_reader *r, const char *management, json_t *accounts)
{
    json_t     *list = json_array(), *who;
    const char *id;

    json_object_foreach(accounts, id, who) {
        char name[64];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "Id", id, "Name", id, "Status", "ACTIVE"));
        snprintf(name, sizeof name, "p-%s", id);
        if (strcmp(id, management) != 0)
            read_guard(r, name, id, "ACCOUNT", json_object_get(who, "scp") ? document(id, json_object_get(who, "scp")) : json_string(full_access));
    }
    read_file(r, "org/organization.json", json_pack("{s:{s:s, s:s}}", "Organization", "Id", "o-abcdefghij", "MasterAccountId", management));
    read_file(r, "org/roots.json",
              json_pack("{s:[{s:s, s:s, s:[{s:s, s:s}]}]}", "Roots", "Id", "r-root", "Name", "Root", "PolicyTypes", "Type",
                        "SERVICE_CONTROL_POLICY", "Status", "ENABLED"));
    read_file(r, "org/accounts/r-root.json", json_pack("{s:o}", "Accounts", list));
    read_guard(r, "p-root", "r-root", "ROOT", json_string(full_access));
}

/* ------------------------------------------------------------------ what other files would tell */

static void put_tags(vd_snapshot *s, vd_snap_resource *r, json_t *tags)
{
    vd_snapshot_tag *all = vd_arena_new_array(&s->arena, vd_snapshot_tag, s->tag_count + json_object_size(tags) + 1);
    const char      *key;
    json_t          *value;

    if (s->tag_count)
        memcpy(all, s->tags, s->tag_count * sizeof *all);
    r->tags = (vd_snap_range){ s->tag_count, (uint32_t)json_object_size(tags) };
    json_object_foreach(tags, key, value) {
        vd_arena_dup(&s->arena, &all[s->tag_count].key, vd_str_of(key));
        vd_arena_dup(&s->arena, &all[s->tag_count++].value, vd_str_of(json_string_value(value)));
    }
    s->tags = all;
}

static void put_things(vd_snapshot *s, json_t *things)
{
    size_t            count = json_array_size(things), i;
    vd_snap_resource *all = vd_arena_new_array(&s->arena, vd_snap_resource, s->resource_count + count + 1);
    json_t           *one;

    if (s->resource_count)
        memcpy(all, s->resources, s->resource_count * sizeof *all);
    json_array_foreach(things, i, one) {
        const char       *arn = json_string_value(json_object_get(one, "arn")), *role = json_string_value(json_object_get(one, "role"));
        char              name[256];
        vd_snap_resource *r = &all[s->resource_count + i];

        memset(r, 0, sizeof *r);
        vd_arena_dup(&s->arena, &r->arn, vd_str_of(arn));
        vd_arena_dup(&s->arena, &r->type, vd_str_of(json_string_value(json_object_get(one, "type"))));
        r->account = vd_snap_account_find(s, VD_S(OWN));
        r->doc = r->runs_as = VD_NONE;
        r->complete = !json_is_true(json_object_get(one, "unknown"));
        if (role) {
            full_name(name, sizeof name, OWN, role);
            r->runs_as = vd_snap_node_find(s, vd_str_of(name));
        }
        put_tags(s, r, json_object_get(one, "tags"));
        r->facts = r->facts_known = json_object_get(one, "facts") ? (uint32_t)json_integer_value(json_object_get(one, "facts")) : 0;
    }
    s->resources = all;
    s->resource_count += (uint32_t)count;
}

static void put_credentials(vd_snapshot *s, const char *account, json_t *all)
{
    json_t     *who;
    const char *name;

    json_object_foreach(all, name, who) {
        json_t     *keys = json_object_get(who, "keys"), *password = json_object_get(who, "password");
        const char *path = json_string_value(json_object_get(who, "path"));
        char        user[256], arn[512];
        uint32_t    node;

        snprintf(user, sizeof user, "user%s%s", path ? path : "/", name);
        full_name(arn, sizeof arn, account, user);
        node = vd_snap_node_find(s, vd_str_of(arn));
        s->nodes[node].keys = keys ? (int32_t)json_integer_value(keys) : -1;
        s->nodes[node].password = !password ? VD_CERTAIN_NOBODY_SAID : json_is_true(password) ? VD_CERTAIN_YES : VD_CERTAIN_NO;
    }
}

vd_snapshot *snapshot_of(const vd_engine *engine, const json_t *story)
{
    json_t             *accounts = json_object_get(story, "accounts"), *own;
    const char         *management = json_string_value(json_object_get(story, "management")), *id;
    vd_error            err = { .size = sizeof err };
    vd_snapshot_reader *r = NULL;
    vd_snapshot        *s = NULL;

    if (vd_snapshot_reader_new(&r, engine, NULL, &err) != VD_OK)
        exit(2);
    json_object_foreach(accounts, id, own) {
        char path[128];

        snprintf(path, sizeof path, "accounts/%s/authorization-details.json", id);
        read_file(r, path,
                  json_pack("{s:o, s:o, s:o, s:o, s:b}", "UserDetailList", users(id, json_object_get(own, "users")), "GroupDetailList",
                            groups(id, json_object_get(own, "groups")), "RoleDetailList", roles(id, json_object_get(own, "roles")), "Policies",
                            policies(id, json_object_get(own, "policies")), "IsTruncated", 0));
    }
    if (management)
        read_organization(r, management, accounts);
    if (vd_snapshot_finish(&s, r, &err) != VD_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
    vd_snapshot_reader_free(r);
    put_things(s, json_object_get(story, "things"));
    json_object_foreach(accounts, id, own)
        put_credentials(s, id, json_object_get(own, "users"));
    return s;
}

void snapshot_drop(vd_snapshot *s)
{
    vd_snapshot_release(s);
}

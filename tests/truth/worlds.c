/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests: all that a few lists of alternatives make, or some of them.
 */
#include "truth.h"

#include <string.h>

dim *world_dim(world *w, dim_kind kind, const char *key)
{
    dim *d = &w->dims[w->count < DIMS ? w->count++ : DIMS - 1];

    d->kind = kind;
    d->key = key;
    d->count = 0;
    return d;
}

void dim_add(dim *d, const char *a, const char *b, const char *c)
{
    value v = { { a, b, c }, (uint8_t)((a != NULL) + (b != NULL) + (c != NULL)) };

    if (d->count < ALTERNATIVES)
        d->at[d->count++] = v;
}

void walk_begin(walk *k, world *w, uint64_t most, uint64_t seed)
{
    uint64_t all = 1;

    for (uint32_t i = 0; i < w->count; i++)
        all = all > most ? all : all * w->dims[i].count;
    *k = (walk){ .w = w, .left = all > most ? most : all, .all = all <= most, .c = { seed } };
    memset(w->chosen, 0, sizeof w->chosen);
}

bool walk_next(walk *k)
{
    world *w = k->w;

    if (k->left == 0)
        return false;
    k->left--;
    if (!k->all) {
        for (uint32_t i = 0; i < w->count; i++)
            w->chosen[i] = below(&k->c, w->dims[i].count);
        return true;
    }
    for (uint32_t i = 0; k->begun && i < w->count; i++) {
        if (++w->chosen[i] < w->dims[i].count)
            break;
        w->chosen[i] = 0;
    }
    k->begun = true;
    return true;
}

static const value *chosen(const world *w, uint32_t i)
{
    return &w->dims[i].at[w->chosen[i]];
}

const char *world_who(const world *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == DIM_WHO)
            return chosen(w, i)->at[0];
    return "";
}

static bool set(vd_request *r, vd_field f, const char *text)
{
    return !text || vd_request_set(r, f, vd_str_of(text)) == VD_OK;
}

static bool give(vd_request *r, const char *key, const char *const *at, uint8_t n)
{
    vd_str values[3];

    for (uint8_t i = 0; i < n; i++)
        values[i] = vd_str_of(at[i]);
    return n ? vd_request_context(r, vd_str_of(key), values, n) == VD_OK : vd_request_absent(r, vd_str_of(key)) == VD_OK;
}

/* Whoever is in an organization is at the same place of it. */
static bool set_who(vd_request *r, const value *v)
{
    static const char *const known[] = { "o-abcdefghij/r-ab12/ou-ab12-11111111/" }, *const other[] = { "o-zyxwvutsrq/r-zz99/ou-zz99-22222222/" };

    if (!set(r, VD_PRINCIPAL, v->at[0]) || (v->at[1] && v->at[1][0] && !set(r, VD_PRINCIPAL_ROLE, v->at[1])))
        return false;
    if (strstr(v->at[0], "assumed-role") && /* only a role of this account is one that some document names */
        !set(r, VD_PRINCIPAL_ID, strstr(v->at[0], "444455556666") ? "AROAEXAMPLEROLE0000001" : "AROAEXAMPLEROLE0000009"))
        return false;
    if (strstr(v->at[0], ":user/") && !set(r, VD_PRINCIPAL_ID, "AIDAEXAMPLEUSER0000001"))
        return false;
    if (!v->at[2])
        return true;
    return set(r, VD_PRINCIPAL_ORG, v->at[2]) && give(r, "aws:PrincipalOrgPaths", strstr(v->at[2], "abc") ? known : other, 1);
}

static bool set_path(vd_request *r, const value *v)
{
    static const char *const vpc[] = { "vpc-1a2b3c4d" };

    if (!v->at[1])
        return give(r, "aws:SourceIp", v->at, 1);
    return give(r, "aws:SourceVpce", v->at + 1, 1) && give(r, "aws:SourceVpc", vpc, 1) &&
           (!v->at[2] || give(r, "aws:VpcSourceIp", v->at + 2, 1));
}

static const value *key_value(const world *w, const char *key)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == DIM_KEY && !strcmp(w->dims[i].key, key))
            return chosen(w, i);
    return NULL;
}

static bool present(const world *w, const char *key)
{
    const value *v = key_value(w, key);

    return v && v->count;
}

/* A tag of the request is listed among its keys, and only then. */
static bool tags_agree(const world *w)
{
    const value *tag = key_value(w, "aws:RequestTag/env"), *keys = key_value(w, "aws:TagKeys");
    bool         listed = false;

    for (uint8_t i = 0; keys && i < keys->count; i++)
        listed |= !strcmp(keys->at[i], "env");
    return !tag || (keys ? listed == (tag->count > 0) : tag->count == 0);
}

/* The account of what a service acts for is that of its ARN. */
static bool source_agrees(const world *w, bool service)
{
    const value *arn = key_value(w, "aws:SourceArn"), *account = key_value(w, "aws:SourceAccount");

    if (!service)
        return !present(w, "aws:SourceArn") && !present(w, "aws:SourceAccount");
    return !arn || !arn->count || !account || !strstr(arn->at[0], ":sns:") || (account->count && strstr(arn->at[0], account->at[0]));
}

static const char *text_of(const world *w, dim_kind kind)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == kind)
            return chosen(w, i)->at[0];
    return "";
}

/* Actions meet resources of their service: what a resource policy says of others is never asked (E719). */
static bool fits_service(const world *w)
{
    const char *action = text_of(w, DIM_ACTION), *arn = text_of(w, DIM_RESOURCE);
    size_t      n = strcspn(action, ":");

    if (!strncmp(arn, "arn:aws:s3:::", 13))
        return n == 2 && !strncmp(action, "s3", 2);
    return strncmp(arn, "arn:aws:", 8) != 0 || (!strncmp(arn + 8, action, n) && arn[8 + n] == ':');
}

/* Objects have a slash in their names, buckets have none. */
static bool fits_resource(const world *w)
{
    const char *action = text_of(w, DIM_ACTION), *arn = text_of(w, DIM_RESOURCE);

    return strncmp(arn, "arn:aws:s3:::", 13) != 0 || (strstr(action, "Object") != NULL) == (strchr(arn, '/') != NULL);
}

/* Keys of one action come with no other. */
static bool fits_keys(const world *w)
{
    static const char *const rows[][2] = { { "s3:prefix", "s3:ListBucket" }, { "s3:max-keys", "s3:ListBucket" },
                                           { "ec2:InstanceType", "ec2:RunInstances" }, { "iam:PassedToService", "iam:PassRole" } };
    const char              *action = text_of(w, DIM_ACTION);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (present(w, rows[i][0]) && strcmp(action, rows[i][1]))
            return false;
    return true;
}

/* Which requests there cannot be: whoever has no tags is never there with them. */
static bool possible(const world *w)
{
    const char *who = world_who(w);
    bool        service = strstr(who, ".amazonaws.com") != NULL, nobody = !strcmp(who, "anonymous"), root = strstr(who, ":root") != NULL;

    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == DIM_ACTION && nobody && (chosen(w, i)->at[0][0] != 's' || !strncmp(chosen(w, i)->at[0], "secretsmanager:", 15)))
            return false; /* s3, sqs, sns take anonymous calls */
    if ((service || nobody) && present(w, "aws:PrincipalTag/team"))
        return false;
    if ((service || nobody) && present(w, "aws:PrincipalTag/t"))
        return false;
    if ((service || nobody || root) && (present(w, "aws:MultiFactorAuthAge") || present(w, "aws:MultiFactorAuthPresent")))
        return false;
    if (present(w, "aws:MultiFactorAuthAge") && key_value(w, "aws:MultiFactorAuthPresent") &&
        !(present(w, "aws:MultiFactorAuthPresent") && !strcmp(key_value(w, "aws:MultiFactorAuthPresent")->at[0], "true")))
        return false;
    return source_agrees(w, service) && tags_agree(w) && fits_service(w);
}

bool world_is_usual(const world *w)
{
    return fits_resource(w) && fits_keys(w);
}

bool world_request(vd_request *r, const world *w)
{
    return world_is_usual(w) && world_any_request(r, w);
}

bool world_any_request(vd_request *r, const world *w)
{
    bool ok = possible(w);

    vd_request_reset(r);
    for (uint32_t i = 0; i < w->count && ok; i++) {
        const value *v = chosen(w, i);

        switch (w->dims[i].kind) {
        case DIM_WHO:
            ok = set_who(r, v);
            break;
        case DIM_ACTION:
            ok = set(r, VD_ACTION, v->at[0]);
            break;
        case DIM_RESOURCE:
            ok = set(r, VD_RESOURCE, v->at[0]) && set(r, VD_RESOURCE_ACCOUNT, v->at[1]);
            break;
        case DIM_PATH:
            ok = set_path(r, v);
            break;
        case DIM_KEY:
            ok = give(r, w->dims[i].key, v->at, v->count);
            break;
        }
    }
    return ok;
}

void world_print(FILE *out, const world *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const value             *v = chosen(w, i);
        static const char *const names[] = { "principal", "action", "resource", "path" };

        fprintf(out, "  %s:", w->dims[i].kind == DIM_KEY ? w->dims[i].key : names[w->dims[i].kind]);
        for (uint8_t k = 0; k < 3; k++)
            if (v->at[k])
                fprintf(out, " \"%s\"", v->at[k]);
        fprintf(out, "\n");
    }
}

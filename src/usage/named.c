/* SPDX-License-Identifier: Apache-2.0
 *
 * Roles and instance profiles that a call names without their ARN (usage 2.5), by the names of the members that they stand in:
 * "serviceRole": "build", "iamInstanceProfile": {"name": "web"}.  Their paths nobody tells, so they are kept as the names that
 * they are: "role/build", "instance-profile/web".
 */
#include "usage/resources.h"

#include "base/str.h"
#include "pattern/value.h"
#include "usage/usage_int.h"

enum { MOST_NAME = 128 };

/* How names of such members end, from the place on that is searched for. */
static const struct ending {
    vd_str mark, before, into; /* before: what stands right before the mark, in any case */
} endings[] = {
    { VD_L("ole"), VD_L("jobflowr"), VD_L("instance-profile/") }, /* EMR: the role of its instances */
    { VD_L("ole"), VD_L("r"), VD_L("role/") },
    { VD_L("rofile"), VD_L("instancep"), VD_L("instance-profile/") },
};

static const vd_str tails[] = { VD_L(""), VD_L("name"), VD_L("arn") }; /* those that may hold either are called ...Arn, too */

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

/* The value of the member whose name goes on at p behind its mark; NULL: it is none of these. */
static const char *value_behind(const char *p, const char *end)
{
    const char *quote = p;
    bool        known = false;

    while (quote < end && quote < p + 5 && *quote != '"')
        quote++;
    for (size_t i = 0; i < VD_COUNT(tails); i++)
        known |= vd_str_ieq((vd_str){ p, (size_t)(quote - p) }, tails[i]);
    if (!known || quote >= end || *quote != '"')
        return NULL;
    p = skip_spaces(quote + 1, end);
    if (p >= end || *p != ':')
        return NULL;
    p = skip_spaces(p + 1, end);
    return p < end ? p : NULL;
}

static bool stands_before(const char *begin, const char *p, vd_str word)
{
    return (size_t)(p - begin) >= word.n && vd_str_ieq((vd_str){ p - word.n, word.n }, word);
}

/* As IAM names things; some services want the path before it ("service-role/crawler"), which says less than the name. */
static bool is_name(vd_str *text)
{
    *text = vd_str_from(*text, vd_str_rfind(*text, '/') < text->n ? vd_str_rfind(*text, '/') + 1 : 0);
    for (size_t i = 0; i < text->n; i++)
        if (!vd_is_alpha(text->p[i]) && !vd_is_digit(text->p[i]) && !strchr("_+=,.@-", text->p[i]))
            return false;
    return text->n > 0 && text->n <= MOST_NAME;
}

static bool put_name(vd_usage *u, vd_fact *f, vd_str value, vd_str into)
{
    vd_str text, name;
    char   both[sizeof "instance-profile/" + MOST_NAME];

    if (!value.n || value.p[0] != '"')
        return true;
    if (!vd_scan_text(value, &u->scratch, &text))
        return vd_usage_nomem(u);
    name = text;
    if (vd_str_starts(text, VD_S("arn:")) || !is_name(&name))
        return true;
    memcpy(both, into.p, into.n);
    memcpy(both + into.n, name.p, name.n);
    return vd_usage_put(u, f, VD_SET_ROLES, (vd_str){ both, into.n + name.n });
}

/* Of an instance profile there is an object, too: {"name": ...}, {"Name": ...}. */
static bool put_value(vd_usage *u, vd_fact *f, const char *p, const char *end, vd_str into)
{
    const char *next;
    vd_str      value;

    if (*p != '"' && *p != '{')
        return true;
    if (vd_scan_value(p, end, &next) != VD_SCAN_OK)
        return true;
    value = (vd_str){ p, (size_t)(next - p) };
    if (*p == '"')
        return put_name(u, f, value, into);
    return vd_str_eq(into, VD_S("role/")) || (put_name(u, f, vd_scan_find(value, VD_S("name")), into) &&
                                              put_name(u, f, vd_scan_find(value, VD_S("Name")), into));
}

static bool named_by(vd_usage *u, vd_fact *f, vd_str parameters, const struct ending *e)
{
    bool        plain = vd_str_eq(e->into, VD_S("role/")); /* what ends in a longer one is that */
    const char *p = parameters.p, *end = p + parameters.n;

    while (p < end && (p = vd_scan_bytes(p, end, e->mark)) != NULL) {
        const char *value = stands_before(parameters.p, p, e->before) ? value_behind(p + e->mark.n, end) : NULL;

        if (value && !(plain && stands_before(parameters.p, p, endings[0].before)) && !put_value(u, f, value, end, e->into))
            return false;
        p += e->mark.n;
    }
    return true;
}

bool vd_usage_named(vd_usage *u, vd_fact *f, const vd_record *r, vd_str label, vd_str name, vd_str parameters)
{
    bool known, iam = vd_str_eq(label, VD_S("iam")), reads = vd_bool_text(r->at[VD_M_READ_ONLY], &known) && known;

    /* nothing is passed by reading; and IAM's own calls are about roles, but for this one, which gives one to EC2 */
    if (!parameters.n || reads || (iam && !vd_str_eq(name, VD_S("AddRoleToInstanceProfile"))))
        return true;
    for (size_t i = 0; i < VD_COUNT(endings); i++)
        if ((!iam || vd_str_eq(endings[i].into, VD_S("role/"))) && !named_by(u, f, parameters, &endings[i]))
            return false;
    return true;
}

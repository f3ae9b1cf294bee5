/* SPDX-License-Identifier: Apache-2.0
 *
 * What a policy is attached to, when nobody says so: a bucket from its S3 ARNs, another resource when the Resource entries
 * name one account's, a role when there is no Resource and an action that assumes one; else some resource of the service.
 */
#include "analyze/exposing.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/glob.h"

static const vd_str nobody = VD_L("000000000000");

static vd_str before_wildcard(vd_str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '*' && s.p[n] != '?' && s.p[n] != '$')
        n++;
    return vd_str_first(s, n);
}

static vd_str text_of(vd_exposing *x, const char *before, vd_str a, const char *between, vd_str b, const char *behind)
{
    vd_str out = { "", 0 };

    if (!vd_arena_printf(&x->arena, &out, "%s" VD_F "%s" VD_F "%s", before, VD_A(a), between, VD_A(b), behind))
        x->nomem = true;
    return out;
}

/* ------------------------------------------------------------------ from Resource */

static void add_pattern(vd_exposing *x, vd_str text)
{
    vd_attached_to *on = &x->on;

    for (uint32_t i = 0; i < on->pattern_count; i++)
        if (vd_str_eq(on->patterns[i], text))
            return;
    if (on->pattern_count < VD_COUNT(on->patterns))
        on->patterns[on->pattern_count++] = text;
}

/* arn:aws:s3:::b/x* is about the bucket b; arn:aws:sqs:us-east-1:111122223333:q about itself. */
static vd_str base_of(vd_str text)
{
    vd_arn arn;
    vd_str name;

    if (!vd_arn_split(&arn, text))
        return (vd_str){ "", 0 };
    if (vd_str_eq(arn.service, VD_S("s3")) && arn.account.n == 0) {
        name = vd_str_first(arn.resource, vd_str_find(arn.resource, '/'));
        if (name.n == 0 || before_wildcard(name).n != name.n)
            return (vd_str){ "", 0 };
        return vd_str_first(text, (size_t)(name.p + name.n - text.p));
    }
    if (!vd_is_account(arn.account) || before_wildcard(text).n != text.n)
        return (vd_str){ "", 0 };
    return text;
}

static bool find_in_resources(vd_exposing *x, const vd_policy *const *policies, uint32_t count)
{
    for (uint32_t p = 0; p < count; p++)
        for (uint32_t i = 0; i < policies[p]->statement_count; i++) {
            const vd_list *list = &policies[p]->statements[i].resource;

            for (uint32_t k = 0; list->present && !list->negated && k < list->texts.count; k++) {
                vd_str base = base_of(list->texts.at[k].text);

                if (base.n == 0)
                    continue;
                x->on.resource = base;
                return true;
            }
        }
    return false;
}

/* ------------------------------------------------------------------ from Action */

static vd_str service_of_actions(const vd_policy *const *policies, uint32_t count)
{
    vd_str found = { "", 0 };

    for (uint32_t p = 0; p < count; p++)
        for (uint32_t i = 0; i < policies[p]->statement_count; i++) {
            const vd_list *list = &policies[p]->statements[i].action;

            for (uint32_t k = 0; list->present && k < list->texts.count; k++) {
                vd_str text = list->texts.at[k].text, service = vd_str_first(text, vd_str_find(text, ':'));

                if (service.n == text.n || before_wildcard(service).n != service.n)
                    continue;
                if (found.n && !vd_str_ieq(found, service))
                    return (vd_str){ "", 0 };
                found = service;
            }
        }
    return found;
}

/* The first ARN of the service, with something in its placeholders. */
static vd_str example_of(vd_exposing *x, vd_str service, vd_str account)
{
    uint32_t        s = vd_catalog_find_service(x->catalog, service);
    vd_service_fact fact;
    char            text[512];
    size_t          n = 0;
    vd_str          format, out = { "", 0 };

    if (s == VD_NONE)
        return out;
    fact = vd_catalog_service(x->catalog, s);
    if (vd_str_ieq(service, VD_S("s3")))
        format = VD_S("arn:${Partition}:s3:::${BucketName}");
    else if (vd_str_ieq(service, VD_S("kms")))
        format = VD_S("arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}");
    else if (fact.types.count && vd_catalog_type(x->catalog, fact.types.first).formats)
        format = vd_catalog_format(x->catalog, fact.types.first, 0);
    else
        return out;
    while (format.n && n < sizeof text - 64) {
        vd_str head;
        bool   part = vd_str_starts(format, VD_S("${"));

        if (!part) {
            text[n++] = format.p[0];
            format = vd_str_from(format, 1);
            continue;
        }
        vd_str_cut(&format, '}', &head);
        head = vd_str_eq(head, VD_S("${Partition")) ? VD_S("aws") : vd_str_eq(head, VD_S("${Region")) ? VD_S("us-east-1")
               : vd_str_eq(head, VD_S("${Account"))                                                 ? account
                                                                                                      : VD_S("this");
        memcpy(text + n, head.p, head.n);
        n += head.n;
    }
    if (!vd_arena_dup(&x->arena, &out, (vd_str){ text, n }))
        x->nomem = true;
    return out;
}

/* ------------------------------------------------------------------ types */

/* Rows of cfn-types: "arn:{P}:sqs:{R}:{A}:{N}". */
static bool fits_form(vd_str form, vd_str arn)
{
    char   coded[256];
    size_t n = 0;

    for (size_t i = 0; i < form.n && n < sizeof coded; i++) {
        if (form.p[i] == '{') {
            size_t end = i;

            while (end < form.n && form.p[end] != '}')
                end++;
            coded[n++] = i + 1 < form.n && (form.p[i + 1] == 'N' || form.p[i + 1] == 'I' || form.p[i + 1] == '/') ? VD_STAR : VD_STAR_IN;
            i = end;
        } else {
            coded[n++] = form.p[i] == '*' ? VD_STAR : form.p[i];
        }
    }
    return vd_glob_match((vd_str){ coded, n }, arn);
}

static vd_str type_of(const vd_exposing *x, vd_str arn)
{
    vd_sheet s = vd_catalog_sheet(x->catalog, VD_S("cfn-types"));
    uint32_t c = vd_sheet_column(s, VD_S("arn"));

    for (uint32_t i = 0; c != VD_NONE && i < s.rows; i++) {
        vd_str form = vd_sheet_cell(s, i, c);

        if (form.n && fits_form(form, arn))
            return vd_sheet_cell(s, i, 0);
    }
    return (vd_str){ "", 0 };
}

/* The prefix of its actions, where it is not the service of the ARN. */
static vd_str prefix_of(const vd_exposing *x, const vd_arn *arn)
{
    if (vd_str_eq(arn->service, VD_S("iam")))
        return VD_S("sts");
    return vd_catalog_find_service(x->catalog, arn->service) == VD_NONE ? (vd_str){ "", 0 } : arn->service;
}

static void add_patterns(vd_exposing *x)
{
    vd_attached_to *on = &x->on;

    add_pattern(x, on->resource);
    add_pattern(x, text_of(x, "", on->resource, "/*", (vd_str){ "", 0 }, ""));
    if (!on->bucket)
        add_pattern(x, text_of(x, "", on->resource, ":*", (vd_str){ "", 0 }, ""));
}

/* Nobody has said which resource it is, and no entry of a Resource does: any of the service that the owner has.  "*?" stays
 * in its field, where "*" would not (E305). */
static void add_service(vd_exposing *x, vd_str service)
{
    static const char *const partitions[] = { "arn:aws:", "arn:aws-cn:", "arn:aws-us-gov:" };
    const char              *what = vd_str_ieq(service, VD_S("kms")) ? ":key/*" : ":*"; /* an alias has no policy (E719) */

    for (size_t i = 0; i < VD_COUNT(partitions); i++) {
        add_pattern(x, text_of(x, partitions[i], service, ":*?:", x->on.account, what));
        add_pattern(x, text_of(x, partitions[i], service, "::", x->on.account, what));
        add_pattern(x, text_of(x, partitions[i], service, ":::*", (vd_str){ "", 0 }, ""));
        add_pattern(x, text_of(x, partitions[i], service, ":*?::*", (vd_str){ "", 0 }, ""));
    }
}

static bool all_trust(const vd_policy *const *policies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (policies[i]->kind != VD_KIND_TRUST && !vd_policy_looks_like_trust(policies[i]))
            return false;
    return count > 0;
}

/* Several resources that one document speaks of: all of them, when nobody has said which. */
static void add_all(vd_exposing *x, const vd_policy *const *policies, uint32_t count)
{
    for (uint32_t p = 0; p < count; p++)
        for (uint32_t i = 0; i < policies[p]->statement_count; i++) {
            const vd_list *list = &policies[p]->statements[i].resource;

            for (uint32_t k = 0; list->present && !list->negated && k < list->texts.count; k++)
                if (base_of(list->texts.at[k].text).n)
                    add_pattern(x, list->texts.at[k].text);
        }
    if (x->on.pattern_count == VD_COUNT(x->on.patterns))
        x->on.pattern_count = 0; /* more than fit: none is left out */
}

/* ------------------------------------------------------------------ from Principal */

static bool gives_whole_key(const vd_statement *st)
{
    for (uint32_t i = 0; st->action.present && !st->action.negated && i < st->action.texts.count; i++)
        if (vd_str_ieq(st->action.texts.at[i].text, VD_S("kms:*")))
            return st->effect == VD_EFFECT_ALLOW;
    return false;
}

/* Whose the resource is, as far as the entry tells; *sure: it would be nobody else's. */
static vd_str account_of_entry(const vd_statement *st, const vd_principal_entry *e, bool *sure)
{
    vd_arn arn;

    *sure = e->type == VD_PRINCIPAL_FEDERATED;
    if (e->type == VD_PRINCIPAL_AWS && vd_is_account(e->text.text) && gives_whole_key(st))
        return e->text.text;
    if (vd_arn_split(&arn, e->text.text) && vd_is_account(arn.account) &&
        (*sure || (e->type == VD_PRINCIPAL_AWS && vd_str_eq(arn.resource, VD_S("root")) && gives_whole_key(st))))
        return arn.account;
    return (vd_str){ "", 0 };
}

/* A role trusts providers of its own account only (E745): the first one tells.  A key that can be managed leaves itself to
 * its account; when two accounts hold it, nobody knows. */
static vd_str owner_in_principals(const vd_policy *const *policies, uint32_t count)
{
    vd_str found = { "", 0 };

    for (uint32_t p = 0; p < count; p++)
        for (uint32_t i = 0; i < policies[p]->statement_count; i++) {
            const vd_statement *st = &policies[p]->statements[i];

            for (uint32_t k = 0; st->principal.present && !st->principal.negated && k < st->principal.count; k++) {
                bool   sure;
                vd_str account = account_of_entry(st, &st->principal.at[k], &sure);

                if (account.n && sure)
                    return account;
                if (account.n && found.n && !vd_str_eq(account, found))
                    return (vd_str){ "", 0 };
                found = account.n ? account : found;
            }
        }
    return found;
}

/* ------------------------------------------------------------------ the whole */

static vd_str owner(const vd_exposing *x, const vd_policy *const *policies, uint32_t count)
{
    vd_str found = x->opts.prove.resource_account;

    if (found.n == 0)
        found = owner_in_principals(policies, count);
    return found.n ? found : nobody;
}

bool vd_attached_find(vd_exposing *x, const vd_policy *const *policies, uint32_t count)
{
    vd_attached_to *on = &x->on;
    vd_str          account = owner(x, policies, count);
    vd_arn          arn;
    bool            example = false;

    on->resource = x->opts.resource;
    on->inferred = on->resource.n == 0;
    if (on->inferred && all_trust(policies, count))
        on->resource = text_of(x, "arn:aws:iam::", account, ":role/this", (vd_str){ "", 0 }, "");
    else if (on->inferred && !find_in_resources(x, policies, count))
        example = (on->resource = example_of(x, service_of_actions(policies, count), account)).n > 0;
    if (!vd_arn_split(&arn, on->resource)) {
        on->resource = on->inferred ? (vd_str){ "", 0 } : on->resource;
        on->account = account;
        x->summary->owner_unknown = vd_str_eq(account, nobody);
        on->type = x->opts.resource_type;
        add_service(x, VD_S("*?"));
        return !x->nomem;
    }
    on->partition = arn.partition;
    on->account = vd_is_account(arn.account) ? arn.account : account;
    x->summary->owner_unknown = vd_str_eq(on->account, nobody);
    on->service = prefix_of(x, &arn);
    on->trust = vd_str_eq(arn.service, VD_S("iam"));
    on->bucket = vd_str_eq(arn.service, VD_S("s3")) && arn.account.n == 0;
    on->key = vd_str_eq(arn.service, VD_S("kms"));
    on->type = x->opts.resource_type.n ? x->opts.resource_type : type_of(x, on->resource);
    on->any_bucket = example && on->bucket;
    if (example)
        add_service(x, arn.service);
    else
        add_patterns(x);
    if (on->inferred && !example)
        add_all(x, policies, count);
    return !x->nomem;
}

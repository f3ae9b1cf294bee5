/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition keys that do not exist, and those that exist under another name or in other capitals.
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "lint/rules/entry.h"

enum { NAMES_MOST = 1024 };

/* Names of the catalogue that a key may have meant. */
typedef struct names {
    vd_str   at[NAMES_MOST];
    uint32_t count;
} names;

static void add_name(names *n, vd_str name)
{
    size_t named = vd_str_find(name, '$');

    if (n->count < NAMES_MOST && named >= name.n)
        n->at[n->count++] = name;
}

static void global_names(names *n, const vd_catalog *c)
{
    for (uint32_t i = 0; i < vd_catalog_keys(c); i++) {
        vd_str name = vd_catalog_key(c, i).name;

        if (vd_str_istarts(name, VD_S("aws:")))
            add_name(n, name);
    }
}

static void service_names(names *n, const vd_catalog *c, uint32_t service)
{
    vd_service_fact fact = vd_catalog_service(c, service);

    for (uint32_t i = 0; i < fact.keys.count; i++) {
        vd_str name = vd_catalog_key(c, fact.keys.at[i]).name;

        if (vd_str_istarts(name, fact.prefix) && name.n > fact.prefix.n && name.p[fact.prefix.n] == ':')
            add_name(n, name);
    }
}

static bool is_extra(const vd_lint *l, vd_str key)
{
    vd_strs extra = l->config->extra_keys;

    for (uint32_t i = 0; i < extra.count; i++)
        if (vd_view_action_matches(extra.at[i], key))
            return true;
    return false;
}

/* What an unknown key does to its entry. */
static const char *outcome(const vd_entry *e)
{
    return vd_entry_true_without_key(e) ? ": the condition is therefore always true" : "";
}

static void offer(vd_lint *l, vd_finding *f, const vd_view_condition *c, vd_str only, vd_str close)
{
    if (only.n)
        vd_fix_text(l, f, VD_FIX_SAFE, c->entry->key.span, only);
    else if (close.n)
        vd_fix_text(l, f, VD_FIX_UNSAFE, c->entry->key.span, close);
}

/* The one name that was suggested: between the quotes of the words. */
static vd_str suggested(const char *words)
{
    vd_str s = vd_str_of(words), head;

    if (vd_str_contains(s, VD_S("\" or \"")) || !vd_str_cut(&s, '"', &head))
        return VD_S("");
    return vd_str_first(s, vd_str_find(s, '"'));
}

/* ------------------------------------------------------------------ form */

static bool is_spelled_as_key(vd_str s)
{
    size_t colon = vd_str_find(s, ':');

    return colon > 0 && colon + 1 < s.n;
}

/* A swapped condition has operators for keys: src/policy has said so. */
static bool is_operator(vd_str s)
{
    vd_operator_use use;

    return vd_operator_find(&use, s);
}

static bool check_form(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    vd_str      key = c->key, trimmed = vd_str_trim(key);
    char        global[80];
    vd_finding *f;

    if (is_spelled_as_key(key) && trimmed.n == key.n)
        return true;
    if (!c->entry->op.op && is_operator(key))
        return false;
    f = vd_lint_report(l, &vd_condition_rules[VD_F_KEY_FORMAT], st, c->entry->key.span,
                       "a condition key is service:name, not \"%s\"", vd_lint_show(l, key));
    if (is_spelled_as_key(trimmed)) {
        vd_fix_text(l, f, VD_FIX_SAFE, c->entry->key.span, trimmed);
        return false;
    }
    if (trimmed.n && trimmed.n < sizeof global - 8 && vd_str_find(trimmed, ':') == trimmed.n) {
        vd_str   s = vd_str_of(vd_lint_printf(l, "aws:" VD_F, VD_A(trimmed)));
        uint32_t id = vd_catalog_find_key(l->catalog, s);

        if (id != VD_NONE)
            vd_fix_text(l, f, VD_FIX_UNSAFE, c->entry->key.span, vd_catalog_key(l->catalog, id).name);
    }
    return false;
}

/* ------------------------------------------------------------------ unknown keys */

/* "aws:ResourceTag" and "aws:ResourceTag/": the key of the tag is missing. */
static bool check_tag_key(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    vd_str      key = c->key, name;
    const char *with;
    uint32_t    id;

    while (key.n && key.p[key.n - 1] == '/')
        key.n--;
    if (key.n > 200)
        return false;
    with = vd_lint_printf(l, VD_F "/x", VD_A(key));
    id = vd_catalog_find_key(l->catalog, vd_str_of(with));
    if (id == VD_NONE)
        return false;
    name = vd_catalog_key(l->catalog, id).name;
    if (!vd_str_ends(name, VD_S("/${TagKey}")))
        return false;
    vd_lint_report(l, &vd_condition_rules[VD_F_TAG_KEY], st, c->entry->key.span,
                   "this does not say which tag; write %s/your-tag", vd_lint_show(l, key));
    return true;
}

static void check_global(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_lint_rule *rule = &vd_condition_rules[VD_F_GLOBAL_KEY];
    names               n = { .count = 0 };
    vd_str              only = { "", 0 };
    const char         *words;

    if (!vd_lint_wants(l, rule))
        return;
    global_names(&n, l->catalog);
    words = vd_lint_did_you_mean(l, c->key, n.at, n.count, &only);
    offer(l,
          vd_lint_report(l, rule, st, c->entry->key.span, "no global condition key \"%s\"%s%s",
                         vd_lint_show(l, c->key), outcome(c->entry), words),
          c, only, suggested(words));
}

static void check_service(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_lint_rule *rule = &vd_condition_rules[VD_F_SERVICE_KEY];
    uint32_t            service = vd_catalog_find_service(l->catalog, c->prefix);
    names               n = { .count = 0 };
    vd_str              only = { "", 0 };
    const char         *words;
    vd_finding         *f;

    if (!vd_lint_wants(l, rule))
        return;
    service_names(&n, l->catalog, service);
    words = vd_lint_did_you_mean(l, c->key, n.at, n.count, &only);
    f = vd_lint_report(l, rule, st, c->entry->key.span, VD_F " has no condition key \"%s\"%s%s",
                       VD_A(vd_catalog_service(l->catalog, service).prefix), vd_lint_show(l, c->name),
                       outcome(c->entry), words);
    vd_finding_severity(f, *words ? VD_ERROR : VD_WARNING);
    vd_finding_confidence(f, *words ? VD_CONFIDENCE_HIGH : VD_CONFIDENCE_MEDIUM);
    offer(l, f, c, only, suggested(words));
}

static void check_prefix(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_lint_rule *rule = &vd_condition_rules[VD_F_KEY_SERVICE];
    names               n = { .count = 0 };
    const char         *words;
    vd_finding         *f;
    vd_str              close;

    if (!vd_lint_wants(l, rule) || vd_strs_have(l->config->extra_services, c->prefix))
        return;
    if (vd_catalog_retired(l->catalog, c->prefix)) {
        f = vd_lint_report(l, rule, st, c->entry->key.span, "the service \"%s\" no longer exists%s",
                           vd_lint_show(l, c->prefix), outcome(c->entry));
        vd_finding_severity(f, VD_WARNING);
        return;
    }
    n.count = vd_catalog_names(l->catalog, VD_NONE, n.at, NAMES_MOST);
    n.count = n.count < NAMES_MOST ? n.count : NAMES_MOST;
    words = vd_lint_did_you_mean(l, c->prefix, n.at, n.count, NULL);
    f = vd_lint_report(l, rule, st, c->entry->key.span, "\"%s\" is neither a service nor an identity provider%s%s",
                       vd_lint_show(l, c->prefix), outcome(c->entry), words);
    vd_finding_severity(f, VD_ERROR);
    close = suggested(words);
    if (close.n && c->name.n < 400)
        vd_fix_text(l, f, VD_FIX_UNSAFE, c->entry->key.span,
                    vd_str_of(vd_lint_printf(l, VD_F ":" VD_F, VD_A(close), VD_A(c->name))));
}

static void check_unknown(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (is_extra(l, c->key) || check_tag_key(l, st, c))
        return;
    switch (c->family) {
    case VD_FAMILY_GLOBAL:
        check_global(l, st, c);
        break;
    case VD_FAMILY_SERVICE:
        check_service(l, st, c);
        break;
    case VD_FAMILY_UNKNOWN:
        check_prefix(l, st, c);
        break;
    default:
        break; /* claims are whatever the provider says */
    }
}

/* ------------------------------------------------------------------ known keys */

/* Some spellings are documented as much as those of the catalogue. */
static const vd_str also_written[] = {
    VD_L("aws:Referer"), VD_L("aws:UserId"), VD_L("aws:Username"), VD_L("aws:PrincipalORGID"),
    VD_L("SAML:aud"), VD_L("SAML:sub"), VD_L("SAML:iss"), VD_L("SAML:namequalifier"), VD_L("SAML:sub_type"),
    VD_L("ec2:SourceInstanceARN"), VD_L("iam:AssociatedResourceARN"), VD_L("iam:PolicyArn"),
};

static bool is_also_written(vd_str key)
{
    for (size_t i = 0; i < VD_COUNT(also_written); i++)
        if (vd_str_eq(also_written[i], key))
            return true;
    return false;
}

static void check_case(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    vd_str      known = c->fact.name;
    size_t      fixed = vd_str_find(known, '$');
    const char *written;
    vd_finding *f;

    if (fixed > c->key.n || vd_str_find(vd_str_from(known, fixed), ':') < known.n - fixed ||
        vd_str_eq(vd_str_first(known, fixed), vd_str_first(c->key, fixed)) || is_also_written(c->key) ||
        c->key.n > 400 || c->family == VD_FAMILY_FEDERATED)
        return;
    written = vd_lint_printf(l, VD_F VD_F, VD_A(vd_str_first(known, fixed)), VD_A(vd_str_from(c->key, fixed)));
    f = vd_lint_report(l, &vd_condition_rules[VD_F_KEY_CASE], st, c->entry->key.span,
                       "written %s in AWS documentation; it works as is", vd_lint_show(l, vd_str_of(written)));
    vd_fix_text(l, f, VD_FIX_SAFE, c->entry->key.span, vd_str_of(written));
}

/* SNS sends aws:SourceOwner, and its topic policies ask for it. */
static bool is_about_sns(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (vd_str_ieq(st->actions[i].prefix, VD_S("sns")))
            return true;
    return st->actions_hole;
}

static bool check_deprecated(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_lint_rule *rule = &vd_condition_rules[VD_F_DEPRECATED_KEY];
    vd_finding         *f;

    if (vd_key_is(c, "aws:ARN")) {
        f = vd_lint_report(l, rule, st, c->entry->key.span,
                           "%s is replaced by aws:PrincipalArn, for sources by aws:SourceArn", vd_lint_show(l, c->key));
        vd_finding_severity(f, VD_ERROR);
        vd_finding_code(f, "UNSUPPORTED_GLOBAL_CONDITION_KEY");
        vd_fix_text(l, f, VD_FIX_UNSAFE, c->entry->key.span, VD_S("aws:PrincipalArn"));
        return true;
    }
    if (!vd_key_is(c, "aws:SourceOwner") || is_about_sns(st))
        return false;
    f = vd_lint_report(l, rule, st, c->entry->key.span, "%s is replaced by aws:SourceAccount", vd_lint_show(l, c->key));
    vd_finding_severity(f, VD_WARNING);
    vd_finding_code(f, "DEPRECATED_GLOBAL_CONDITION_KEY");
    vd_fix_text(l, f, VD_FIX_UNSAFE, c->entry->key.span, VD_S("aws:SourceAccount"));
    return false;
}

void vd_condition_key(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (c->key_hole || !check_form(l, st, c) || check_deprecated(l, st, c))
        return;
    if (c->id != VD_NONE)
        check_case(l, st, c);
    else
        check_unknown(l, st, c);
}

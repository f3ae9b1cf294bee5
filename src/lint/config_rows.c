/* SPDX-License-Identifier: Apache-2.0
 *
 * What .verdict.yaml may say.  A key is a row: where it stands, how it is read, where it goes; a section is a row as well.
 */
#include "lint/config_rows.h"

#include "base/error.h"
#include "base/str.h"
#include "base/suggest.h"
#include "pattern/value.h"

#include <stddef.h>

enum { DAY = 86400 };

static vd_str text_of(const vd_config_reading *r, uint32_t node)
{
    return vd_doc_text(r->doc, node);
}

static vd_code refuse(const vd_config_reading *r, uint32_t node, const char *expected)
{
    return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "expected %s, found %s", expected,
                        vd_doc_kind_name(r->doc, node));
}

static vd_code refuse_word(const vd_config_reading *r, uint32_t node, const char *what, const vd_str *words, size_t count)
{
    vd_str  word = vd_str_first(text_of(r, node), 80);
    size_t  near = vd_suggest(word, words, count);
    vd_code code = vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "\"" VD_F "\" is not %s",
                                VD_A(word), what);

    if (near < count)
        vd_error_hint(r->err, "did you mean \"" VD_F "\"?", VD_A(words[near]));
    return code;
}

/* ------------------------------------------------------------------ values */

/* Account ids without quotes are numbers to YAML: the text counts. */
static vd_code read_text(vd_config_reading *r, uint32_t node, void *out)
{
    uint8_t kind = r->doc->nodes[node].kind;

    if (kind != VD_NODE_STRING && kind != VD_NODE_NUMBER)
        return refuse(r, node, "a string");
    *(vd_str *)out = text_of(r, node);
    return VD_OK;
}

static vd_code read_account(vd_config_reading *r, uint32_t node, void *out)
{
    vd_str s;

    VD_TRY(read_text(r, node, &s));
    if (s.n != 12 || !vd_str_all_digits(s))
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "\"" VD_F "\" is not an account id: 12 digits, in quotes", VD_A(vd_str_first(s, 80)));
    *(vd_str *)out = s;
    return VD_OK;
}

static vd_code read_bool(vd_config_reading *r, uint32_t node, void *out)
{
    uint8_t kind = r->doc->nodes[node].kind;

    if (kind != VD_NODE_TRUE && kind != VD_NODE_FALSE)
        return refuse(r, node, "true or false");
    *(bool *)out = kind == VD_NODE_TRUE;
    return VD_OK;
}

static vd_code read_number(vd_config_reading *r, uint32_t node, void *out)
{
    vd_str   s = text_of(r, node);
    uint32_t v = 0;

    if (r->doc->nodes[node].kind != VD_NODE_NUMBER || !vd_str_all_digits(s) || s.n > 7)
        return refuse(r, node, "a whole number up to 9999999");
    for (size_t i = 0; i < s.n; i++)
        v = v * 10 + (uint32_t)(s.p[i] - '0');
    *(uint32_t *)out = v;
    return VD_OK;
}

static vd_code read_version(vd_config_reading *r, uint32_t node, void *out)
{
    uint32_t v = 0;

    (void)out;
    VD_TRY(read_number(r, node, &v));
    if (v != 1)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "version %u of the configuration is not known; there is 1", (unsigned)v);
    return VD_OK;
}

static vd_code read_strs(vd_config_reading *r, uint32_t node, void *out)
{
    vd_strs list = { 0 };

    if (r->doc->nodes[node].kind != VD_NODE_ARRAY) {
        vd_str one;

        VD_TRY(read_text(r, node, &one));
        if (!VD_ARENA_PUSH(r->arena, list.at, list.count, list.cap, one))
            return vd_fail_nomem(r->err);
    } else {
        for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
            vd_str s;

            VD_TRY(read_text(r, i, &s));
            if (!VD_ARENA_PUSH(r->arena, list.at, list.count, list.cap, s))
                return vd_fail_nomem(r->err);
        }
    }
    *(vd_strs *)out = list;
    return VD_OK;
}

static vd_code read_globs(vd_config_reading *r, uint32_t node, void *out)
{
    vd_path_globs globs = { 0 };
    vd_strs       list;

    VD_TRY(read_strs(r, node, &list));
    for (uint32_t i = 0; i < list.count; i++)
        if (!VD_ARENA_PUSH(r->arena, globs.at, globs.count, globs.cap, (vd_path_glob){ r->base, list.at[i] }))
            return vd_fail_nomem(r->err);
    *(vd_path_globs *)out = globs;
    return VD_OK;
}

/* ------------------------------------------------------------------ words */

static const vd_str severities[] = { VD_L("suggestion"), VD_L("warning"), VD_L("security"), VD_L("error"), VD_L("none") };

static vd_code read_severity(vd_config_reading *r, uint32_t node, void *out)
{
    vd_str s = text_of(r, node);

    for (size_t i = 0; i + 1 < VD_COUNT(severities); i++)
        if (vd_str_eq(s, severities[i])) {
            *(int8_t *)out = (int8_t)(VD_SUGGESTION + i);
            return VD_OK;
        }
    return refuse_word(r, node, "a severity", severities, VD_COUNT(severities) - 1);
}

static vd_code read_fail_on(vd_config_reading *r, uint32_t node, void *out)
{
    if (vd_str_eq(text_of(r, node), VD_S("none"))) {
        *(int8_t *)out = VD_ERROR + 1;
        return VD_OK;
    }
    return read_severity(r, node, out);
}

static vd_code read_word(vd_config_reading *r, uint32_t node, const char *what, const vd_str *words, size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++)
        if (vd_str_eq(text_of(r, node), words[i])) {
            *out = (uint8_t)i;
            return VD_OK;
        }
    return refuse_word(r, node, what, words, count);
}

static vd_code read_confidence(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str words[] = { VD_L("high"), VD_L("medium"), VD_L("low") };

    return read_word(r, node, "a confidence", words, VD_COUNT(words), out);
}

static vd_code read_defaults(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str words[] = { VD_L("hint"), VD_L("use"), VD_L("ignore") };

    return read_word(r, node, "what can be done with defaults", words, VD_COUNT(words), out);
}

static vd_code read_preset(vd_config_reading *r, uint32_t node, void *out)
{
    uint8_t which = 0;

    VD_TRY(read_word(r, node, "a preset", vd_lint_presets, VD_PRESET_COUNT, &which));
    *(vd_str *)out = vd_lint_presets[which];
    return VD_OK;
}

static vd_code read_scalars(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str words[] = { VD_L("array"), VD_L("scalar") };
    uint8_t             which = 0;

    (void)out;
    VD_TRY(read_word(r, node, "a way to write single values", words, VD_COUNT(words), &which));
    r->c->scalars_as_arrays = which == 0;
    r->c->scalars_as_scalars = which == 1;
    return VD_OK;
}

/* ------------------------------------------------------------------ small structures */

static vd_code read_accounts(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str names[] = { VD_L("id"), VD_L("name") };
    vd_trusted         *t = out;

    t->accounts = NULL;
    t->account_count = t->account_cap = 0;
    if (r->doc->nodes[node].kind != VD_NODE_ARRAY)
        return refuse(r, node, "a list of accounts");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_known_account a = { .name = VD_S("") };
        uint32_t         at[VD_COUNT(names)];

        if (r->doc->nodes[i].kind != VD_NODE_OBJECT) {
            VD_TRY(read_account(r, i, &a.id));
        } else {
            VD_TRY(vd_doc_members(r->doc, i, VD_S("an account"), names, VD_COUNT(names), at, r->err));
            if (at[0] == VD_NONE)
                return refuse(r, i, "a member id");
            VD_TRY(read_account(r, at[0], &a.id));
            if (at[1] != VD_NONE)
                VD_TRY(read_text(r, at[1], &a.name));
        }
        if (!VD_ARENA_PUSH(r->arena, t->accounts, t->account_count, t->account_cap, a))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

static vd_code read_member(vd_config_reading *r, uint32_t account, uint32_t organization, vd_trusted *t)
{
    vd_known_account m;

    VD_TRY(read_account(r, account, &m.id));
    VD_TRY(read_text(r, organization, &m.name));
    return VD_ARENA_PUSH(r->arena, t->members, t->member_count, t->member_cap, m) ? VD_OK : vd_fail_nomem(r->err);
}

/* {"222233334444": o-abc}, or a list of {account, organization}. */
static vd_code read_members(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str names[] = { VD_L("account"), VD_L("organization") };
    vd_trusted         *t = out;
    uint8_t             kind = r->doc->nodes[node].kind;

    t->members = NULL;
    t->member_count = t->member_cap = 0;
    if (kind != VD_NODE_OBJECT && kind != VD_NODE_ARRAY)
        return refuse(r, node, "accounts with their organizations");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        uint32_t at[VD_COUNT(names)] = { i, i + 1 };

        if (kind == VD_NODE_ARRAY) {
            VD_TRY(vd_doc_members(r->doc, i, VD_S("a member"), names, VD_COUNT(names), at, r->err));
            if (at[0] == VD_NONE || at[1] == VD_NONE)
                return refuse(r, i, "the members account and organization");
        }
        VD_TRY(read_member(r, at[0], at[1], t));
    }
    return VD_OK;
}

static vd_code read_oidc(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str names[] = { VD_L("host"), VD_L("subject"), VD_L("require"), VD_L("allow-subjects") };
    vd_trusted         *t = out;

    t->oidc = NULL;
    t->oidc_count = t->oidc_cap = 0;
    if (r->doc->nodes[node].kind != VD_NODE_ARRAY)
        return refuse(r, node, "a list of providers");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_own_provider p = { .subject = VD_S("") };
        uint32_t        at[VD_COUNT(names)];

        VD_TRY(vd_doc_members(r->doc, i, VD_S("a provider"), names, VD_COUNT(names), at, r->err));
        if (at[0] == VD_NONE)
            return refuse(r, i, "a member host");
        VD_TRY(read_text(r, at[0], &p.host));
        if (at[1] != VD_NONE)
            VD_TRY(read_text(r, at[1], &p.subject));
        if (at[2] != VD_NONE)
            VD_TRY(read_strs(r, at[2], &p.require));
        if (at[3] != VD_NONE)
            VD_TRY(read_strs(r, at[3], &p.allow_subjects));
        if (!VD_ARENA_PUSH(r->arena, t->oidc, t->oidc_count, t->oidc_cap, p))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

/* 0 ... 10 with one decimal, as tenths. */
static vd_code read_score(vd_config_reading *r, uint32_t node, uint8_t *out)
{
    vd_str   s = text_of(r, node);
    uint32_t v = 0;
    size_t   i = 0;

    while (i < s.n && i < 2 && vd_is_digit(s.p[i]))
        v = v * 10 + (uint32_t)(s.p[i++] - '0');
    v *= 10;
    if (i > 0 && i + 2 == s.n && s.p[i] == '.' && vd_is_digit(s.p[i + 1])) {
        v += (uint32_t)(s.p[i + 1] - '0');
        i = s.n;
    }
    if (r->doc->nodes[node].kind != VD_NODE_NUMBER || i == 0 || i != s.n || v == 0 || v > 100)
        return refuse(r, node, "a score from 0.1 to 10.0");
    *out = (uint8_t)v;
    return VD_OK;
}

static vd_code read_sensitive(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str names[] = { VD_L("name"), VD_L("actions"), VD_L("resources"), VD_L("score") };
    vd_lint_config     *c = out;

    c->sensitive = NULL;
    c->sensitive_count = c->sensitive_cap = 0;
    if (r->doc->nodes[node].kind != VD_NODE_ARRAY)
        return refuse(r, node, "a list of what is sensitive");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_sensitive s = { 0 };
        uint32_t     at[VD_COUNT(names)];

        VD_TRY(vd_doc_members(r->doc, i, VD_S("an entry of sensitive"), names, VD_COUNT(names), at, r->err));
        if (at[0] == VD_NONE || at[1] == VD_NONE || at[2] == VD_NONE)
            return refuse(r, i, "the members name, actions and resources");
        VD_TRY(read_text(r, at[0], &s.name));
        VD_TRY(read_strs(r, at[1], &s.actions));
        VD_TRY(read_strs(r, at[2], &s.resources));
        if (at[3] != VD_NONE)
            VD_TRY(read_score(r, at[3], &s.score));
        if (!VD_ARENA_PUSH(r->arena, c->sensitive, c->sensitive_count, c->sensitive_cap, s))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

static vd_code read_types(vd_config_reading *r, uint32_t node, void *out)
{
    vd_lint_config *c = out;

    c->types = NULL;
    c->type_count = c->type_cap = 0;
    if (r->doc->nodes[node].kind != VD_NODE_OBJECT)
        return refuse(r, node, "an object of globs and types");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_type_glob t = { .path = { r->base, text_of(r, i) } };

        if (!vd_policy_type_read(&t.type, text_of(r, i + 1)))
            return refuse_word(r, i + 1, "a type of policies", vd_policy_type_names, VD_KIND_COUNT);
        if (!VD_ARENA_PUSH(r->arena, c->types, c->type_count, c->type_cap, t))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ rules */

static vd_code read_choice(vd_config_reading *r, uint32_t node, vd_rule_setting *s)
{
    static const vd_str words[] = { VD_L("off"),     VD_L("default"),  VD_L("suggestion"),
                                    VD_L("warning"), VD_L("security"), VD_L("error") };
    uint8_t             which = 0;

    if (r->doc->nodes[node].kind == VD_NODE_FALSE) { /* off without quotes, to a reader of YAML 1.1 */
        s->off = true;
        return VD_OK;
    }
    VD_TRY(read_word(r, node, "a severity, off or default", words, VD_COUNT(words), &which));
    s->off = which == 0;
    s->severity = which < 2 ? VD_NOTE : (int8_t)(which - 1);
    return VD_OK;
}

static vd_code read_setting(vd_config_reading *r, uint32_t node, vd_rule_setting *s)
{
    static const vd_str names[] = { VD_L("severity"), VD_L("near-percent"), VD_L("warn-days") };
    uint32_t            at[VD_COUNT(names)];

    if (r->doc->nodes[node].kind != VD_NODE_OBJECT)
        return read_choice(r, node, s);
    VD_TRY(vd_doc_members(r->doc, node, VD_S("the settings of a rule"), names, VD_COUNT(names), at, r->err));
    if (at[0] != VD_NONE)
        VD_TRY(read_choice(r, at[0], s));
    if (at[1] != VD_NONE)
        VD_TRY(read_number(r, at[1], &r->c->near_percent));
    if (at[2] != VD_NONE)
        VD_TRY(read_number(r, at[2], &r->c->warn_days));
    return VD_OK;
}

/* Rules of one's own may be named before they are known: whether there is such a rule is asked in the end. */
static vd_code read_rules(vd_config_reading *r, uint32_t node, void *out)
{
    vd_lint_config *c = out;

    if (r->doc->nodes[node].kind != VD_NODE_OBJECT)
        return refuse(r, node, "an object of rules and severities");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_rule_setting s = { .rule = text_of(r, i), .at = vd_source_pos(r->doc->source, vd_doc_span(r->doc, i)) };

        VD_TRY(read_setting(r, i + 1, &s));
        if (!VD_ARENA_PUSH(r->arena, c->settings, c->setting_count, c->setting_cap, s))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

static vd_code read_custom(vd_config_reading *r, uint32_t node, void *out)
{
    (void)out;
    if (r->doc->nodes[node].kind != VD_NODE_ARRAY)
        return refuse(r, node, "a list of rules");
    r->c->custom_doc = r->doc;
    r->c->custom_node = node;
    return VD_OK;
}

bool vd_day_end(int64_t *out, vd_str text)
{
    vd_date d;

    if (text.n != 10 || !vd_date_parse(&d, text))
        return false;
    *out = d.seconds + DAY;
    return true;
}

static vd_code read_ignored(vd_config_reading *r, uint32_t node, void *out)
{
    static const vd_str names[] = { VD_L("rule"), VD_L("paths"), VD_L("containers"), VD_L("names"),
                                    VD_L("sids"), VD_L("actions"), VD_L("resources"), VD_L("principals"),
                                    VD_L("types"), VD_L("until"), VD_L("reason") };
    vd_lint_config     *c = out;

    c->ignored = NULL;
    c->ignored_count = c->ignored_cap = 0;
    if (r->doc->nodes[node].kind != VD_NODE_ARRAY)
        return refuse(r, node, "a list of what to ignore");
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_ignored_entry e = { .at = vd_source_pos(r->doc->source, vd_doc_span(r->doc, i)), .until_time = INT64_MAX };
        vd_strs         *lists[] = { &e.containers, &e.names, &e.sids, &e.actions, &e.resources, &e.principals, &e.types };
        uint32_t         at[VD_COUNT(names)];

        VD_TRY(vd_doc_members(r->doc, i, VD_S("an entry of ignore"), names, VD_COUNT(names), at, r->err));
        if (at[0] == VD_NONE)
            return refuse(r, i, "a member rule");
        VD_TRY(read_text(r, at[0], &e.rule));
        if (at[1] != VD_NONE)
            VD_TRY(read_globs(r, at[1], &e.paths));
        for (size_t k = 0; k < VD_COUNT(lists); k++)
            if (at[2 + k] != VD_NONE)
                VD_TRY(read_strs(r, at[2 + k], lists[k]));
        if (at[9] != VD_NONE) {
            VD_TRY(read_text(r, at[9], &e.until));
            if (!vd_day_end(&e.until_time, e.until))
                return refuse(r, at[9], "a date like 2026-12-31");
        }
        if (at[10] != VD_NONE)
            VD_TRY(read_text(r, at[10], &e.reason));
        if (!VD_ARENA_PUSH(r->arena, c->ignored, c->ignored_count, c->ignored_cap, e))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the table */

#define AT(member) offsetof(vd_lint_config, member)

const vd_config_row vd_config_rows[] = {
    { VD_L(""), VD_L("version"), read_version, 0, VD_L("1"), false },
    { VD_L(""), VD_L("root"), read_bool, AT(root), VD_L("false"), false },
    { VD_L(""), VD_L("account"), read_account, AT(account), VD_L(""), false },
    { VD_L(""), VD_L("partition"), read_text, AT(partition), VD_L(""), false },
    { VD_L(""), VD_L("include"), read_globs, AT(include), VD_L("[]"), false },
    { VD_L(""), VD_L("exclude"), read_globs, AT(exclude), VD_L("[]"), false },
    { VD_L(""), VD_L("types"), read_types, 0, VD_L("{}"), false },
    { VD_L(""), VD_L("trusted"), NULL, 0, VD_L(""), false },
    { VD_L(""), VD_L("lint"), NULL, 0, VD_L(""), false },
    { VD_L("trusted"), VD_L("accounts"), read_accounts, AT(trusted), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("organizations"), read_strs, AT(trusted.organizations), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("org-paths"), read_strs, AT(trusted.org_paths), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("principals"), read_strs, AT(trusted.principals), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("services"), read_strs, AT(trusted.services), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("federated"), read_strs, AT(trusted.federated), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("vpcs"), read_strs, AT(trusted.vpcs), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("vpc-endpoints"), read_strs, AT(trusted.vpc_endpoints), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("cidrs"), read_strs, AT(trusted.cidrs), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("members"), read_members, AT(trusted), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("oidc"), read_oidc, AT(trusted), VD_L("[]"), false },
    { VD_L("trusted"), VD_L("github"), NULL, 0, VD_L(""), false },
    { VD_L("trusted.github"), VD_L("organizations"), read_strs, AT(trusted.github_organizations), VD_L("[]"), false },
    { VD_L("trusted.github"), VD_L("sub-template"), read_text, AT(trusted.github_template), VD_L("\"default\""), false },
    { VD_L("lint"), VD_L("min-severity"), read_severity, AT(min_severity), VD_L("\"suggestion\""), false },
    { VD_L("lint"), VD_L("fail-on"), read_fail_on, AT(fail_on), VD_L("\"security\""), false },
    { VD_L("lint"), VD_L("confidence"), read_confidence, AT(confidence), VD_L("\"medium\""), false },
    { VD_L("lint"), VD_L("preset"), read_preset, AT(preset), VD_L("\"recommended\""), false },
    { VD_L("lint"), VD_L("rules"), read_rules, 0, VD_L("{}"), true },
    { VD_L("lint"), VD_L("public"), NULL, 0, VD_L(""), false },
    { VD_L("lint.public"), VD_L("resources"), read_strs, AT(public_resources), VD_L("[]"), false },
    { VD_L("lint"), VD_L("data-readers"), read_strs, AT(data_readers), VD_L("[]"), false },
    { VD_L("lint"), VD_L("sensitive"), read_sensitive, 0, VD_L("[]"), false },
    { VD_L("lint"), VD_L("catalog"), NULL, 0, VD_L(""), false },
    { VD_L("lint.catalog"), VD_L("extra-services"), read_strs, AT(extra_services), VD_L("[]"), false },
    { VD_L("lint.catalog"), VD_L("extra-actions"), read_strs, AT(extra_actions), VD_L("[]"), false },
    { VD_L("lint.catalog"), VD_L("extra-keys"), read_strs, AT(extra_keys), VD_L("[]"), false },
    { VD_L("lint.catalog"), VD_L("max-age-days"), read_number, AT(max_age_days), VD_L("270"), false },
    { VD_L("lint"), VD_L("rcp"), NULL, 0, VD_L(""), false },
    { VD_L("lint.rcp"), VD_L("extra-services"), read_strs, AT(extra_rcp_services), VD_L("[]"), false },
    { VD_L("lint"), VD_L("templates"), NULL, 0, VD_L(""), false },
    { VD_L("lint.templates"), VD_L("defaults"), read_defaults, AT(template_defaults), VD_L("\"hint\""), false },
    { VD_L("lint.templates"), VD_L("parameters"), read_globs, AT(parameters), VD_L("[]"), false },
    { VD_L("lint"), VD_L("dates"), NULL, 0, VD_L(""), false },
    { VD_L("lint.dates"), VD_L("warn-days"), read_number, AT(warn_days), VD_L("14"), false },
    { VD_L("lint"), VD_L("scp"), NULL, 0, VD_L(""), false },
    { VD_L("lint.scp"), VD_L("legacy-grammar"), read_bool, AT(legacy_scp), VD_L("false"), false },
    { VD_L("lint"), VD_L("scp-pre-2025"), read_bool, AT(legacy_scp), VD_L("false"), false },
    { VD_L("lint"), VD_L("style"), NULL, 0, VD_L(""), false },
    { VD_L("lint.style"), VD_L("scalars"), read_scalars, 0, VD_L(""), false },
    { VD_L("lint"), VD_L("size"), NULL, 0, VD_L(""), false },
    { VD_L("lint.size"), VD_L("near-percent"), read_number, AT(near_percent), VD_L("90"), false },
    { VD_L("lint.size"), VD_L("quotas"), NULL, 0, VD_L(""), false },
    { VD_L("lint.size.quotas"), VD_L("trust"), read_number, AT(quota_trust), VD_L("2048"), false },
    { VD_L("lint.size.quotas"), VD_L("scp"), read_number, AT(quota_scp), VD_L("10240"), false },
    { VD_L("lint"), VD_L("ignore"), read_ignored, 0, VD_L("[]"), false },
    { VD_L("lint"), VD_L("require-reason"), read_bool, AT(require_reason), VD_L("false"), false },
    { VD_L("lint"), VD_L("sid-suppression"), read_bool, AT(sid_suppression), VD_L("true"), false },
    { VD_L("lint"), VD_L("custom"), read_custom, 0, VD_L("[]"), false },
};

const size_t vd_config_row_count = VD_COUNT(vd_config_rows);

/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions (E203 to E207), and what trust policies and RCPs ask of theirs (E118, E120).
 */
#include "policy/read.h"

#include "base/str.h"
#include "pattern/glob.h"

/* What an action is made of: one bit for each sort of character. */
enum { NAME = 1, WILD = 2, COLON = 4, ODD = 8 };

#define LETTERS(c)                                                                                           \
    [c] = NAME, [c + 1] = NAME, [c + 2] = NAME, [c + 3] = NAME, [c + 4] = NAME, [c + 5] = NAME,              \
    [c + 6] = NAME, [c + 7] = NAME, [c + 8] = NAME, [c + 9] = NAME, [c + 10] = NAME, [c + 11] = NAME,        \
    [c + 12] = NAME

/* 0: odd */
static const uint8_t sorts[256] = {
    LETTERS('A'), LETTERS('N'), LETTERS('a'), LETTERS('n'), ['0'] = NAME,  ['1'] = NAME, ['2'] = NAME,
    ['3'] = NAME, ['4'] = NAME, ['5'] = NAME, ['6'] = NAME, ['7'] = NAME,  ['8'] = NAME, ['9'] = NAME,
    ['-'] = NAME, ['.'] = NAME, ['*'] = WILD, ['?'] = WILD, [':'] = COLON,
};

static uint8_t sort_of(char c)
{
    uint8_t sort = sorts[(unsigned char)c];

    return sort ? sort : ODD;
}

/* All sorts of characters in it. */
static uint8_t sorts_in(vd_str s)
{
    uint8_t in = 0;

    for (size_t i = 0; i < s.n; i++)
        in |= sort_of(s.p[i]);
    return in;
}

typedef struct action_form {
    vd_str   prefix, name;
    uint32_t colons;
    uint8_t  in_prefix, in_name; /* sorts */
} action_form;

static action_form form_of(vd_str text)
{
    size_t      colon = vd_str_find(text, ':');
    action_form f = { .prefix = vd_str_first(text, colon), .colons = colon < text.n };

    f.in_prefix = sorts_in(f.prefix);
    if (f.colons == 0)
        return f;
    f.name = vd_str_from(text, colon + 1);
    f.in_name = sorts_in(f.name);
    if (f.in_name & COLON)
        f.colons++; /* two or more */
    return f;
}

static const vd_str trust_actions[] = {
    VD_L("sts:assumerole"), VD_L("sts:assumerolewithsaml"), VD_L("sts:assumerolewithwebidentity"),
    VD_L("sts:tagsession"), VD_L("sts:setsourceidentity"),  VD_L("sts:setcontext"),
};

/* E120: does it reach one of the actions that have a place in a trust policy? */
static bool reaches_trust_action(vd_str text)
{
    char   lower[64], coded[64];
    vd_str pattern = { lower, text.n };

    if (text.n > sizeof lower)
        return true; /* longer than any name: only stars could do that, and nobody writes so many */
    for (size_t i = 0; i < text.n; i++)
        lower[i] = vd_lower(text.p[i]);
    pattern = (vd_str){ coded, vd_glob_code(coded, pattern) };
    for (size_t i = 0; i < VD_COUNT(trust_actions); i++)
        if (vd_glob_match(pattern, trust_actions[i]))
            return true;
    return false;
}

static void check_trust(vd_policy_reader *r, vd_text t, const action_form *f)
{
    if (!vd_str_ieq(f->prefix, VD_S("sts")))
        vd_policy_report(r, VD_RULE_TRUST_ACTION, t.span, NULL,
                         "\"%s\" has no place in a trust policy; only sts: "
                         "actions have",
                         vd_policy_show(r, t.text));
    else if (!reaches_trust_action(t.text))
        vd_policy_report_as(r, VD_RULE_TRUST_ACTION, VD_WARNING, VD_FAULT_NONE, t.span, NULL,
                            "\"%s\" has no effect in a trust policy", vd_policy_show(r, t.text));
}

static void check_rcp(vd_policy_reader *r, vd_text t, const action_form *f)
{
    if (f->in_prefix & WILD)
        vd_policy_report(r, VD_RULE_RCP_ACTION, t.span, NULL,
                         "an RCP names the service, as in \"s3:*\"; found \"%s\"", vd_policy_show(r, t.text));
}

/* E204, E205: matched as written, though it may match nothing. */
static void check_characters(vd_policy_reader *r, vd_text t, const action_form *f)
{
    bool managed = r->policy->kind == VD_KIND_MANAGED;
    bool any_service = vd_str_eq(f->prefix, VD_S("*"));
    bool odd_prefix = (f->in_prefix & ~NAME) != 0 && !any_service;

    if ((f->in_prefix & WILD) && !(f->in_prefix & ODD))
        vd_policy_report(r, VD_RULE_SERVICE_WILDCARD, t.span, NULL,
                         "a wildcard in the service part also takes in services that do not exist yet");
    if (managed && odd_prefix)
        vd_policy_report_as(
            r, VD_RULE_ACTION_FORMAT, VD_ERROR, VD_FAULT_NONE, t.span, NULL,
            "the service part of \"%s\" must be letters, digits, \"-\" and \".\" in a managed policy",
            vd_policy_show(r, t.text));
    else if (f->prefix.n == 0 || f->name.n == 0 || ((f->in_prefix | f->in_name) & ODD))
        vd_policy_report_as(r, VD_RULE_ACTION_FORMAT, VD_WARNING, VD_FAULT_NONE, t.span, NULL,
                            "\"%s\" matches no action; write service:Action", vd_policy_show(r, t.text));
}

static void check_one(vd_policy_reader *r, const vd_list *list, vd_text t)
{
    const char *element = list->negated ? "NotAction" : "Action";
    action_form f = form_of(t.text);
    bool        star = vd_str_eq(t.text, VD_S("*"));

    if (t.text.n == 0) {
        vd_policy_report(r, VD_RULE_EMPTY_STRING, t.span, NULL, "empty %s", element);
        return;
    }
    if ((f.in_prefix | f.in_name) & ODD)
        vd_policy_check_plain(r, t, element);
    if (!star && f.colons != 1) {
        vd_policy_report(r, VD_RULE_ACTION_FORMAT, t.span, NULL,
                         "\"%s\" is not an action; write service:Action", vd_policy_show(r, t.text));
        return;
    }
    if (!star)
        check_characters(r, t, &f);
    if (r->policy->kind == VD_KIND_TRUST)
        check_trust(r, t, &f);
    if (r->policy->kind == VD_KIND_RCP)
        check_rcp(r, t, &f);
}

void vd_policy_check_actions(vd_policy_reader *r, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->action.texts.count; i++)
        check_one(r, &st->action, st->action.texts.at[i]);
}

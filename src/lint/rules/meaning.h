/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the group meaning share.
 */
#ifndef VERDICT_LINT_RULES_MEANING_H
#define VERDICT_LINT_RULES_MEANING_H

#include "lint/keys.h"
#include "lint/lint.h"

/* In the order of the catalogue. */
enum {
    VD_G_UNSUPPORTED,
    VD_G_INEFFECTIVE,
    VD_G_TAG_UNSUPPORTED,
    VD_G_TAG_NOT_ACTION,
    VD_G_MISSING_ACTION,
    VD_G_IRRELEVANT,
    VD_G_SOURCE_KEY,
    VD_G_PASS_ROLE_TAG,
    VD_G_PAIRED,
    VD_G_ALWAYS,
    VD_G_NEVER,
    VD_G_DATE_PAST,
    VD_G_DATE_SOON,
    VD_G_MFA_DENY,
    VD_G_MFA_ALLOW,
    VD_G_MFA_AGE,
    VD_G_IF_EXISTS_ALLOW,
    VD_G_IF_EXISTS_IDLE,
    VD_G_IF_EXISTS_NEGATED,
    VD_G_FOR_ALL_ALLOW,
    VD_G_FOR_ALL_DENY,
    VD_G_DENY_ABSENT,
    VD_G_DENY_NEGATED,
    VD_G_SERVICES_IP,
    VD_G_NEGATED_SPLIT,
    VD_G_NEGATED_ALLOW,
    VD_G_REFERER,
    VD_G_TAG_UNSET,
    VD_G_TAG_ESCAPE,
    VD_G_OPEN_KEYS,
    VD_G_VALUE_CASE,
    VD_G_TLS_PARTIAL,
    VD_G_TLS_IF_EXISTS,
    VD_G_REGION_GLOBAL,
    VD_G_VIA_SERVICE,
    VD_G_CONTEXT_CASE,
    VD_G_COUNT
};

extern const vd_lint_rule vd_meaning_rules[VD_G_COUNT];

/* Policies of principals: identity policies, boundaries, session policies, SCPs. */
bool vd_meaning_is_of_principals(const vd_lint *l);
/* The request carries the key, whoever asks that this kind of document is about. */
bool vd_meaning_is_always(const vd_lint *l, const vd_view_condition *k);
/* Some other entry of the statement is about one of these keys, with whatever operator. */
bool vd_meaning_mentions(const vd_view_statement *st, const char *const *keys, size_t count);
/* All values of the entry are this one, without case. */
bool vd_meaning_all_values(const vd_entry *e, vd_str value);

/* One file each. */
void vd_meaning_support(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_presence(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_mfa(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_date(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_always(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_never(vd_lint *l, const vd_view_statement *st);
void vd_meaning_place(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_value(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_guard(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_meaning_split(vd_lint *l);
void vd_meaning_tags(vd_lint *l);
void vd_meaning_tls(vd_lint *l, const vd_view_statement *st);
void vd_meaning_adopt(vd_lint *l, vd_finding *f);

#endif

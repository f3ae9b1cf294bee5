/* SPDX-License-Identifier: Apache-2.0
 *
 * How hard the conditions of an Allow are for a stranger.  Pinning: only callers (or sources) that an owner of
 * accounts, organizations, networks or addresses has named get in.  Weak: something is asked that a stranger
 * can arrange.  None: nothing is asked.  What is not known counts as pinning: a rule that speaks of openness
 * stays silent then.
 */
#ifndef VERDICT_LINT_STRENGTH_H
#define VERDICT_LINT_STRENGTH_H

#include "lint/lint.h"

typedef enum vd_strength { VD_STRENGTH_NONE, VD_STRENGTH_WEAK, VD_STRENGTH_PINNING } vd_strength;

/* What must stand in a value for it to pin. */
typedef enum vd_pin {
    VD_PIN_NO,      /* not a key that pins */
    VD_PIN_LITERAL, /* an account, an organization, a VPC, a token: no wildcard in it */
    VD_PIN_ARN,     /* an ARN with a literal account; of a source without account, a literal resource */
    VD_PIN_PATH,    /* of an organization: its first segment is literal */
    VD_PIN_USERID,  /* the part before the first colon is literal */
    VD_PIN_RANGE    /* a range of addresses that is not too wide */
} vd_pin;

vd_pin vd_pin_of_key(const vd_lint *l, const vd_view_condition *c);

/* False only when the request must carry the key and equal a value: positive operator, no IfExists, and no
 * ForAllValues unless the statement has Null false for the key as well. */
bool vd_entry_may_be_absent(const vd_view_statement *st, const vd_view_condition *c);
/* A value of a pinning key that does not pin; NULL: all do. */
const vd_text *vd_entry_open_value(const vd_lint *l, const vd_view_condition *c);
/* Any value matches everything, or the operator always says yes. */
bool vd_entry_is_always_true(const vd_view_condition *c);

vd_strength vd_entry_strength(const vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
vd_strength vd_statement_strength(const vd_lint *l, const vd_view_statement *st);
/* Of an Allow, together with the Denies of the document: one that covers it and lets pass only what a pin
 * names counts as if the pin stood here; one without conditions counts as pinning. */
vd_strength vd_guarded_strength(const vd_lint *l, const vd_view_statement *st);

/* An entry with a key that would pin, asked for, and a value that lets anybody through; NULL: none. */
const vd_view_condition *vd_open_pin(const vd_lint *l, const vd_view_statement *st);
/* Some Deny of the document leaves the Allow to those that a pin names, or to nobody. */
bool vd_denied_outside(const vd_lint *l, const vd_view_statement *st);

/* "aws:Referer and aws:SecureTransport": the keys that a weak statement checks. */
const char *vd_strength_keys(vd_lint *l, const vd_view_statement *st);

/* The first entry with this key (without case), positive and always asked for; NULL: there is none. */
const vd_view_condition *vd_statement_asks(const vd_view_statement *st, vd_str key);
/* The first entry with this key, whatever its operator. */
const vd_view_condition *vd_statement_names(const vd_view_statement *st, vd_str key);

#endif

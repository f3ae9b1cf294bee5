/* SPDX-License-Identifier: Apache-2.0
 *
 * What rules know about condition keys: when a request carries one (lint.md 2.6), what an absent one makes of a condition,
 * and the facts of the table `keys`.  Silence when unsure: what nobody knows is VD_AVAIL_UNKNOWN.
 */
#ifndef VERDICT_LINT_KEYS_H
#define VERDICT_LINT_KEYS_H

#include "lint/view.h"

typedef enum vd_avail { VD_AVAIL_UNKNOWN, VD_AVAIL_NEVER, VD_AVAIL_SOMETIMES, VD_AVAIL_ALWAYS } vd_avail;

/* Does a request for this action carry the key?  action VD_NONE: one that the catalogue does not know. */
vd_avail vd_key_avail(const vd_catalog *c, uint32_t action, const vd_view_condition *k);
bool     vd_key_is_always(const vd_catalog *c, const vd_view_condition *k); /* whatever is asked, whoever asks */
/* Tags of the request or of the resource: sent only with actions for which they are listed. */
bool     vd_key_is_tag(const vd_view_condition *k);
bool     vd_key_is(const vd_view_condition *k, const char *key); /* without case; "aws:ResourceTag/" is a beginning */
bool     vd_key_is_many(const vd_view_condition *k);   /* known to hold several values */
bool     vd_key_is_single(const vd_view_condition *k); /* known to hold one */

/* An entry on a key that the request does not carry: "positive operator: false", "negated: true" and so on. */
bool vd_entry_true_without_key(const vd_entry *e);
/* Has a positive operator and is false without its key: only requests that carry it pass. */
bool vd_entry_restricts(const vd_entry *e);
/* Another entry of the statement makes sure that the key is there. */
bool vd_key_is_guarded(const vd_view_statement *st, const vd_view_condition *k);

/* ------------------------------------------------------------------ the table */

typedef enum vd_key_column {
    VD_KEY_COLUMN_KEY,
    VD_KEY_COLUMN_TYPE,
    VD_KEY_COLUMN_MANY,
    VD_KEY_COLUMN_CLASS,   /* chosen, assigned, network, claim, secret, state, clock, const */
    VD_KEY_COLUMN_DIMENSION,
    VD_KEY_COLUMN_PART,
    /* always; signed: by signed calls of users and roles; most: of them; request: a parameter, that matters when it is
     * left out; listed: where the catalogue lists it */
    VD_KEY_COLUMN_PRESENT,
    VD_KEY_COLUMN_ABSENT,  /* who lacks it, for people */
    VD_KEY_COLUMN_PIN,     /* yes; trust: in trust policies; third-party: there, for parties other than the own */
    VD_KEY_COLUMN_FORM,    /* account, organization, organization-path, vpc, vpce, region, kms-key, service ... */
    VD_KEY_COLUMN_VALUES,  /* all there are, with spaces between them */
    VD_KEY_COLUMN_ONLY     /* the actions that look at it */
} vd_key_column;

/* What the table says of a key; empty: nothing. */
vd_str vd_key_says(const vd_catalog *c, const vd_view_condition *k, vd_key_column column);
bool   vd_words_have(vd_str words, vd_str word); /* "request listed" has "listed"; without case */

/* Is the key one of the pin list (lint.md 10.11)?  Values and operator are not looked at. */
bool vd_key_pins(const vd_catalog *c, const vd_view_condition *k, bool trust);

#endif

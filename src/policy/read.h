/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room share while one document is read.  Running out of memory and reaching a limit stick in
 * the reader and are asked for once, at the end of each statement; faults of the document are collected (report.c).
 */
#ifndef VERDICT_POLICY_READ_H
#define VERDICT_POLICY_READ_H

#include "policy/kinds.h"
#include "policy/policy.h"

typedef struct vd_fault_note {
    uint8_t  rule; /* vd_rule */
    int8_t   severity;
    uint32_t order; /* of arrival */
    vd_span  span;
    vd_str   text, hint;
} vd_fault_note;

enum { VD_SHOWN = 160 }; /* bytes of the user's text in one message, at most */

typedef struct vd_policy_reader {
    vd_policy         *policy;
    const vd_kind_row *kind;
    const vd_limits   *limits;
    const vd_doc      *doc;
    uint32_t           base;      /* offset in the document of the first byte of the policy's text */
    vd_statement      *statement; /* the one being read; NULL: none */
    vd_error          *err;
    vd_code            code; /* VD_ENOMEM or VD_ELIMIT, when err has been filled */

    vd_diags      *notes; /* NULL: nobody asks */
    const vd_policy_sink *sink; /* NULL: likewise */
    vd_arena       scratch;
    vd_fault_note *faults;
    uint32_t       fault_count, fault_cap;
    uint32_t       kept[VD_PHASE_COUNT];
    uint32_t       dropped;
    int32_t        worst_dropped;
    bool           unusable; /* a fault of the whole document was found: the first one by phase and place */
    vd_fault_note  unusable_by;

    char     shown[4][VD_SHOWN + 8];
    unsigned shown_turn;
    uint32_t suggested;
} vd_policy_reader;

/* report.c */
void vd_policy_report(vd_policy_reader *r, vd_rule rule, vd_span span, const char *hint, const char *format,
                      ...) VD_PRINTF(5, 6);
void vd_policy_report_as(vd_policy_reader *r, vd_rule rule, int severity, vd_fault fault, vd_span span,
                         const char *hint, const char *format, ...) VD_PRINTF(7, 8);
void vd_policy_limit(vd_policy_reader *r, vd_span span, const char *format, ...) VD_PRINTF(3, 4);
void vd_policy_nomem(vd_policy_reader *r);
/* A user's text made fit for a message: shortened, no control characters.  Good for the next three calls. */
const char *vd_policy_show(vd_policy_reader *r, vd_str s);
bool        vd_policy_may_suggest(
           vd_policy_reader *r); /* looking for close words has a price: no more than are shown */
const char *vd_policy_did_you_mean(vd_policy_reader *r, vd_str word, const vd_str *names, size_t count);
vd_code vd_policy_flush(vd_policy_reader *r); /* sorts and hands over; fails when the document is unusable */

/* reader.c: nodes to texts */
vd_span vd_policy_span(const vd_policy_reader *r, uint32_t node);
vd_str  vd_policy_take(vd_policy_reader *r, uint32_t node); /* lives as long as the policy */
bool    vd_policy_take_text(vd_policy_reader *r, vd_text *out,
                            uint32_t node); /* and its span; false: no memory */
/* The keys of the named members, VD_NONE for an absent one; of equal ones the first.  Others are reported. */
void vd_policy_members(vd_policy_reader *r, uint32_t node, const vd_str *names, size_t count,
                       const char *what, uint32_t *at);
void vd_policy_wrong_type(vd_policy_reader *r, uint32_t node, vd_fault fault, const char *element,
                          const char *expected);

void vd_policy_read_statement(vd_policy_reader *r, uint32_t node, uint32_t index); /* statement.c */
void vd_policy_read_principal(vd_policy_reader *r, vd_principals *out, uint32_t key,
                              bool negated);                                        /* principal.c */
void vd_policy_read_condition(vd_policy_reader *r, vd_statement *st, uint32_t key); /* condition.c */

/* The checks of values, once a statement is read. */
void vd_policy_check_actions(vd_policy_reader *r, const vd_statement *st);
void vd_policy_check_resources(vd_policy_reader *r, const vd_statement *st);
void vd_policy_check_principals(vd_policy_reader *r, const vd_statement *st);
void vd_policy_check_conditions(vd_policy_reader *r, const vd_statement *st);
void vd_policy_check_meaning(vd_policy_reader *r, const vd_statement *st); /* E126 */
void vd_policy_check_plain(vd_policy_reader *r, vd_text t,
                           const char *element);                   /* no variables here (E551) */
void vd_policy_check_variables(vd_policy_reader *r, vd_text t);    /* their syntax (E552) */
bool vd_policy_has_wildcard(vd_str text, bool variables);          /* one that is not written ${*} */
void vd_policy_check_arn_text(vd_policy_reader *r, vd_text t);     /* partition, account */
void vd_policy_check_document(vd_policy_reader *r, uint32_t root); /* Sids, characters, quotas */

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The 27 condition operators (E520) as a table, their names as policies write them (E116), and the plain meaning of
 * one positive test.  Quantifiers and missing keys are E521 and E522: the evaluators do those.
 */
#ifndef VERDICT_OPERATOR_OPERATOR_H
#define VERDICT_OPERATOR_OPERATOR_H

#include "base/base.h"

typedef enum vd_test { /* the positive test behind an operator */
    VD_TEST_STRING,
    VD_TEST_STRING_FOLDED,
    VD_TEST_LIKE,
    VD_TEST_NUMBER_EQ,
    VD_TEST_NUMBER_LT,
    VD_TEST_NUMBER_LE,
    VD_TEST_NUMBER_GT,
    VD_TEST_NUMBER_GE,
    VD_TEST_DATE_EQ,
    VD_TEST_DATE_LT,
    VD_TEST_DATE_LE,
    VD_TEST_DATE_GT,
    VD_TEST_DATE_GE,
    VD_TEST_BOOL,
    VD_TEST_BINARY,
    VD_TEST_IP,
    VD_TEST_ARN,
    VD_TEST_NULL
} vd_test;

typedef struct vd_operator {
    vd_str  name;
    uint8_t test;      /* vd_test */
    bool    negated;
    bool    variables; /* expanded in its values (E551) */
    bool    globs;     /* wildcards active */
    bool    typed;     /* E522 */
} vd_operator;

extern const vd_operator vd_operators[];
extern const size_t      vd_operator_count;

enum { VD_FOR_ONE, VD_FOR_ALL, VD_FOR_ANY }; /* no set operator, ForAllValues:, ForAnyValue: */

typedef struct vd_operator_use {
    const vd_operator *op;
    uint8_t            quantifier;
    bool               if_exists;
    bool               canonical; /* written exactly as documented (E116) */
    bool               unread;    /* what cannot be parsed passes: E538 read otherwise, of negated typed operators; else false */
} vd_operator_use;

/* False: no such operator; also NullIfExists (E537) and "ForAnyValue::X".  ASCII case is ignored. */
bool vd_operator_find(vd_operator_use *out, vd_str name);
size_t vd_operator_suggest(vd_str name); /* index into vd_operators, or vd_operator_count */

/* Is the text a well-formed policy value for the operator (E539)?  Variables must have been expanded. */
bool vd_operator_value_ok(const vd_operator *op, vd_str policy_value);

/* Can the context value be parsed for the operator (E538)? */
bool vd_operator_context_ok(const vd_operator *op, vd_str context_value);

/* positive(base)(x, p) of E522 on texts, slow and by the book: for the interpreter and for checks.  `coded` is the
 * policy value; for VD_TEST_LIKE and VD_TEST_ARN a coded pattern of pattern/glob.h.  Both must be well formed. */
bool vd_operator_test(const vd_operator *op, vd_str context_value, vd_str coded);

#endif

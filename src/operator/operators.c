/* SPDX-License-Identifier: Apache-2.0
 *
 * The 27 operators (E520).  There is no BoolNot, NotBool, BinaryNotEquals or BinaryLike.
 */
#include "operator/operator.h"

const vd_operator vd_operators[] = {
    { VD_L("StringEquals"), VD_TEST_STRING, .variables = true },
    { VD_L("StringNotEquals"), VD_TEST_STRING, .variables = true, .negated = true },
    { VD_L("StringEqualsIgnoreCase"), VD_TEST_STRING_FOLDED, .variables = true },
    { VD_L("StringNotEqualsIgnoreCase"), VD_TEST_STRING_FOLDED, .variables = true, .negated = true },
    { VD_L("StringLike"), VD_TEST_LIKE, .variables = true, .globs = true },
    { VD_L("StringNotLike"), VD_TEST_LIKE, .variables = true, .globs = true, .negated = true },
    { VD_L("NumericEquals"), VD_TEST_NUMBER_EQ, .typed = true },
    { VD_L("NumericNotEquals"), VD_TEST_NUMBER_EQ, .typed = true, .negated = true },
    { VD_L("NumericLessThan"), VD_TEST_NUMBER_LT, .typed = true },
    { VD_L("NumericLessThanEquals"), VD_TEST_NUMBER_LE, .typed = true },
    { VD_L("NumericGreaterThan"), VD_TEST_NUMBER_GT, .typed = true },
    { VD_L("NumericGreaterThanEquals"), VD_TEST_NUMBER_GE, .typed = true },
    { VD_L("DateEquals"), VD_TEST_DATE_EQ, .typed = true },
    { VD_L("DateNotEquals"), VD_TEST_DATE_EQ, .typed = true, .negated = true },
    { VD_L("DateLessThan"), VD_TEST_DATE_LT, .typed = true },
    { VD_L("DateLessThanEquals"), VD_TEST_DATE_LE, .typed = true },
    { VD_L("DateGreaterThan"), VD_TEST_DATE_GT, .typed = true },
    { VD_L("DateGreaterThanEquals"), VD_TEST_DATE_GE, .typed = true },
    { VD_L("Bool"), VD_TEST_BOOL, .variables = true },
    { VD_L("BinaryEquals"), VD_TEST_BINARY, .typed = true },
    { VD_L("IpAddress"), VD_TEST_IP, .typed = true },
    { VD_L("NotIpAddress"), VD_TEST_IP, .typed = true, .negated = true },
    { VD_L("ArnEquals"), VD_TEST_ARN, .variables = true, .globs = true, .typed = true },
    { VD_L("ArnLike"), VD_TEST_ARN, .variables = true, .globs = true, .typed = true },
    { VD_L("ArnNotEquals"), VD_TEST_ARN, .variables = true, .globs = true, .typed = true, .negated = true },
    { VD_L("ArnNotLike"), VD_TEST_ARN, .variables = true, .globs = true, .typed = true, .negated = true },
    { VD_L("Null"), .test = VD_TEST_NULL },
};
const size_t vd_operator_count = VD_COUNT(vd_operators);

/* SPDX-License-Identifier: Apache-2.0
 *
 * The tests of event-actions.tsv and event-guards.tsv (catalog/events.h), apart from where the values come from.
 */
#ifndef VERDICT_CATALOG_EVENT_TEST_H
#define VERDICT_CATALOG_EVENT_TEST_H

#include "base/base.h"

typedef struct vd_event_test {
    vd_str name;    /* of a member of the parameters, "X*"; of a `special` without its "$" */
    vd_str path;    /* further steps, as in a template: "[].statement"; empty: none */
    vd_str part;    /* what the value holds, or begins with; empty: it is there */
    bool   not;     /* ... and it does not hold */
    bool   begins;
    bool   special; /* of the record, not of its parameters: "errorCode", "resourceType" */
} vd_event_test;

vd_event_test vd_event_test_of(vd_str when);

/* The value of a string, or the text of a value in JSON, that is not empty.  `not` is for the caller. */
bool vd_event_test_text(const vd_event_test *test, vd_str value);

#endif

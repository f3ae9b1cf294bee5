/* SPDX-License-Identifier: Apache-2.0
 *
 * From CloudTrail's names to IAM's: tables of rows in which the first one that fits counts.  What "fits"
 * means for a record is the business of whoever reads records.
 *
 * event-sources.tsv    label of eventSource, IAM prefix, how versions are written at the end of event names, further
 *                      prefixes that have actions of its events (between blanks), confidence.  "label@version": what
 *                      additionalEventData.service or apiVersion says where several services share a label
 * event-actions.tsv    label, eventName, when, action, resource, confidence.  when: "x" (a request parameter is there, and
 *                      not empty), "x*" (one that begins so), "x~part" (and holds that), "x^word" (and begins with that,
 *                      whatever the case), "x[].y" (of some element), "$errorCode~part" (of the record),
 *                      "$resourceType~part" (the type of one of its resources), "!..." (not so), or nothing.  action: "prefix:Name", "prefix:=" (the event's own name).  The first row that fits
 *                      tells the action; rows whose action has a "?" before it tell alternatives, one of which it is,
 *                      when no other row fits before them.  Behind a "+" stands a further check ("+=": of the same
 *                      action), behind "+?" one that may have been made; all of those that fit count, the same one once.
 *                      resource: a template, or nothing (event-resources; of a further check: the same).  confidence:
 *                      "H" (published, or seen in records), "M" (several sources agree), "L" (a guess)
 * event-resources.tsv  IAM prefix, event name ("X*" is a beginning), template, and the template of a pattern that holds the
 *                      real ARN where it is not told whole (or nothing); without a
 *                      template: of what may be there besides, nothing that a request could be about
 * event-context.tsv    IAM prefix, event name, request parameter, condition key
 * event-guards.tsv     label ("*": any), number of a bit, when (without "!"): what summaries remember of the request
 *                      parameters.  A number is never given to another test: old summaries hold it; two tests that say
 *                      the same in two places have one
 * implied.tsv          IAM prefix ("*": any, asked when the prefix has no row that fits), event name ("X*", "*"), when,
 *                      kind, action, with: actions that no event of their own shows (usage 2.5).  For each `when`
 *                      the first row that fits counts: "role" (the ARN of a role stands among the parameters: one
 *                      that is passed), "tags" (bits 32 to 34 of event-guards: something is made with tags), "call"
 *                      (always; when a role was there, nothing of the same action is added).  Events that only
 *                      read pass no role and make nothing with tags.  kind: "implied" (certain), "possible", "none"
 *                      (and nothing else is looked for).  action: "=:Name" is of the event's prefix, and counts
 *                      when there is such an action.  with: service principals that the role is passed to, one of
 *                      them, between blanks; "=" is "<prefix>.amazonaws.com"
 * no-permission.tsv    label, event name ("X*", "*"), who: events that no policy of the caller has to allow.  who:
 *                      nothing (whoever it is), "anonymous" (nobody known, or the user of a pool), "service" (a service
 *                      on its own behalf)
 *
 * Templates (catalog/event_arn.h): {P} {R} {A} are partition, region, account.  {a.b[].c} is a request parameter, once for
 * each element of the array; {a#} the name of each member of a.  {x^abc} one that begins with "abc", {x!:/} one that holds
 * none of these; {x@way} one that is taken from something else: @queue a queue URL, @object a copy source, @leaf what stands
 * behind the last slash, @function "account:function:name", @parent an ARN without what stands behind its last colon, @lower
 * in lower case, @bus an event bus but the default one, @path with one
 * slash before it, @any a star for whatever it is.  A template that begins with a parameter wants an ARN there, elsewhere an ARN does not fit.  "~" at the end:
 * the real ARN holds more (the path of a role).
 */
#ifndef VERDICT_CATALOG_EVENTS_H
#define VERDICT_CATALOG_EVENTS_H

#include "base/base.h"

typedef struct vd_row {
    vd_str column[6];
} vd_row;

typedef struct vd_rows {
    const vd_row *at;
    uint32_t      count;
} vd_rows;

extern const vd_rows vd_rows_event_actions, vd_rows_event_context, vd_rows_event_guards, vd_rows_event_resources,
    vd_rows_event_sources, vd_rows_implied, vd_rows_no_permission;

enum { VD_ACTION_SOURCE, VD_ACTION_EVENT, VD_ACTION_WHEN, VD_ACTION_NAME, VD_ACTION_RESOURCE, VD_ACTION_CONFIDENCE };
enum { VD_SOURCE_LABEL, VD_SOURCE_PREFIX, VD_SOURCE_VERSIONS, VD_SOURCE_ALSO, VD_SOURCE_CONFIDENCE };
enum { VD_PLACE_SERVICE, VD_PLACE_EVENT, VD_PLACE_TEMPLATE, VD_PLACE_PATTERN };
enum { VD_GUARD_SOURCE, VD_GUARD_BIT, VD_GUARD_WHEN };
enum { VD_GUARDS_VERSION = 2 }; /* rises with every row that is added to event-guards.tsv */
enum { VD_IMPLIED_SERVICE, VD_IMPLIED_EVENT, VD_IMPLIED_WHEN, VD_IMPLIED_KIND, VD_IMPLIED_ACTION, VD_IMPLIED_WITH };
enum { VD_FREE_SOURCE, VD_FREE_EVENT, VD_FREE_WHO };
enum { VD_GIVES_SERVICE, VD_GIVES_EVENT, VD_GIVES_PARAMETER, VD_GIVES_KEY };

/* The rows of a table whose first column is this, without case. */
vd_rows vd_rows_of(vd_rows table, vd_str first);

/* "monitoring.amazonaws.com" to "monitoring". */
vd_str vd_event_label(vd_str source);
/* "monitoring" to "cloudwatch"; a label without a row is its own prefix. */
vd_str vd_event_prefix(vd_str label);
/* "CreateFunction20150331v2" of lambda to "CreateFunction". */
vd_str vd_event_name(vd_str label, vd_str name);
/* A name, "X*" for a beginning, "*" for all. */
bool vd_event_fits(vd_str pattern, vd_str name);

#endif

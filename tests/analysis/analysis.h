/* SPDX-License-Identifier: Apache-2.0
 *
 * Stories of proofs: what a story says (story.c), what the library tells (ask.c), whether that is what was expected
 * (match.c).  All three speak JSON, so that a difference can be shown as it stands in the file.
 */
#ifndef VERDICT_TESTS_ANALYSIS_H
#define VERDICT_TESTS_ANALYSIS_H

#include <jansson.h>
#include <verdict/verdict.h>

#include <verdict/analyze.h>

enum { MESSAGE = 6000 };

/* What a case came to. */
typedef struct outcome {
    json_t *told;    /* what was found, an array of objects */
    json_t *summary; /* "exit" and what else the question sums up */
    char    failure[MESSAGE]; /* the question could not be asked */
} outcome;

/* Members of what is told for a question, for typing errors; NULL-terminated. */
const char *const *ask_members(const char *question);
bool               ask_knows(const char *question);
void               ask(outcome *out, vd_engine *engine, json_t *story);

/* Empty when everything expected holds. */
void match_expected(char *failure, size_t size, json_t *expected, const outcome *got, const char *question);

/* A set, and the request that carries the state of the resource, of policies as a story has them. */
typedef struct side {
    vd_suite   *suite;
    vd_set     *set;     /* borrowed from the suite */
    vd_request *request;
} side;
bool side_open(side *out, vd_engine *engine, json_t *story, json_t *policies, bool other_side_agrees, char *failure);
void side_close(side *s);

vd_str text_of(json_t *string); /* empty when it is none */

#endif

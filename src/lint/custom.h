/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of the user's own (lint.md 7.2): what is forbidden, what is required, as data of the configuration.
 */
#ifndef VERDICT_LINT_CUSTOM_H
#define VERDICT_LINT_CUSTOM_H

#include "lint/lint.h"
#include "pattern/regex.h"

/* A glob as in IAM, or a regular expression. */
typedef struct vd_matcher {
    vd_str    text;
    vd_regex *regex; /* NULL: a glob */
} vd_matcher;

typedef struct vd_matchers {
    vd_matcher *at;
    uint32_t    count, cap;
} vd_matchers;

typedef struct vd_required_condition {
    bool        asked;
    vd_str      key;
    vd_strs     operators;
    vd_matchers values;
    bool        all_values; /* each value must be one of them; else one is enough */
} vd_required_condition;

typedef enum vd_which { VD_WHICH_ALL, VD_WHICH_ANY, VD_WHICH_NONE } vd_which;

/* Everything that is said must hold.  Parts are selectors of their own; the deepest nesting is that of the array. */
typedef struct vd_selector vd_selector;
struct vd_selector {
    uint8_t               effects; /* bit 0: Allow, bit 1: Deny */
    bool                  literal, broad, narrow;
    vd_matchers           actions, not_actions, services, levels, resources, principals, principal_kinds, keys, types,
        containers, names, sids;
    vd_required_condition condition; /* of require-statement */
    const vd_selector    *parts[VD_WHICH_NONE + 1]; /* all-of, any-of, none-of */
    uint32_t              part_count[VD_WHICH_NONE + 1];
};

typedef struct vd_custom {
    uint16_t              kinds;
    vd_strs               resource_kinds; /* of resource policies; none: all */
    vd_str                message;
    bool                  has_when, has_forbid, has_require, has_statement;
    vd_selector           when, forbid, statement;
    struct {
        vd_required_condition condition;
        vd_matchers           resources, principals, sid;
        bool                  boundary;
    } require;
    vd_str                fix; /* a member of Condition to add, as JSON; empty: none */
    vd_strs               bad, good; /* examples */
    vd_pos                at;
} vd_custom;

typedef struct vd_customs {
    vd_lint_rule  *rules; /* as a group */
    vd_custom     *at;
    uint32_t       count, cap, rule_cap;
    vd_regex     **regexes; /* to be freed */
    uint32_t       regex_count, regex_cap;
    vd_lint_group  group;
} vd_customs;

/* Reads the list of the configuration; its rules get the numbers behind the built-in ones. */
vd_code vd_customs_read(vd_customs *out, vd_arena *arena, const vd_engine *engine, const vd_lint_config *c,
                        vd_error *err);
void    vd_customs_done(vd_customs *c);

/* Looks at one policy; l->costly is set when an expression took too long. */
void vd_customs_run(vd_lint *l, const vd_customs *c);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room share.
 *
 * A variable of a request is a text or a context key:
 *   variable 0   who asks, as one text: "ARN newline user-id" of principals with an ARN ("ARN", empty line, "user/parent",
 *                its id of federated users; "ARN newline canonical-id"), else the name of the service, the provider.
 *                aws:PrincipalArn, aws:PrincipalAccount, aws:username and aws:userid are views
 *                of it, so that nothing has to keep them in step.
 *   variable 1   the resource
 *   2 ...        context keys
 * An atom is one test of one variable, as a policy has it; equal tests of several statements are one atom.
 */
#ifndef VERDICT_SYMBOLIC_INSIDE_H
#define VERDICT_SYMBOLIC_INSIDE_H

#include "base/map.h"
#include "symbolic/symbolic.h"

enum { VD_VAR_PRINCIPAL, VD_VAR_RESOURCE, VD_VAR_KEYS };

typedef enum vd_atom_kind { VD_ATOM_RESOURCE, VD_ATOM_ENTRY, VD_ATOM_PRINCIPAL, VD_ATOM_TEXTS } vd_atom_kind;

typedef struct vd_atom {
    uint8_t          kind;
    uint32_t         var;
    const vd_policy *policy;
    const vd_list   *list;      /* RESOURCE */
    const vd_entry  *entry;     /* ENTRY */
    const vd_principals *who;   /* PRINCIPAL */
    const vd_str    *patterns;  /* TEXTS: coded, of one variable */
    uint32_t         pattern_count;
    uint32_t         askers;    /* TEXTS of the principal: mask of vd_asker, false for others */
    uint32_t         kinds;     /* PRINCIPAL: mask of vd_match, only entries that match like this; 0: all */
    bool             chain;     /* PRINCIPAL: every name of the chain is listed (E420) */
    bool             variables; /* ${...} in some value */
    vd_str           name;      /* what equal atoms have in common */
} vd_atom;

/* Parts of the principal that context keys show. */
typedef enum vd_view { VD_VIEW_NONE, VD_VIEW_ARN, VD_VIEW_ACCOUNT, VD_VIEW_USER_NAME, VD_VIEW_USER_ID, VD_VIEW_FEDERATED_ID } vd_view;

typedef struct vd_key_var {
    vd_str  key; /* lower case */
    vd_str  spelled;
    bool    many;
    uint8_t view; /* vd_view */
    uint32_t rule; /* row of the universe, VD_NONE: none */
} vd_key_var;

/* A literal: an atom that holds, or does not. */
typedef struct vd_literal {
    uint32_t atom;
    bool     holds;
} vd_literal;

typedef struct vd_box {
    const vd_policy    *policy;
    const vd_statement *statement; /* a variant's: what is left of it */
    const vd_statement *origin;    /* in the document */
    vd_literal         *literals; /* all of them: the statement matches */
    uint32_t            count, cap;
    uint32_t            entries; /* the first of those that are condition entries */
} vd_box;

/* What a value of a variable (${...}) is taken to be. */
typedef struct vd_filling {
    vd_str key;     /* lower case */
    bool   absent;  /* unresolved, unless there is a default */
    vd_str value;
} vd_filling;

typedef enum vd_holes_as {
    VD_HOLES_FILLED,  /* by the fillings */
    VD_HOLES_ANYTHING, /* "*": more than there is */
    VD_HOLES_SYMBOLS  /* a symbol of its own for each key: what holds for it holds for every value */
} vd_holes_as;

/* Presence and value of a key for one profile (universe.c). */
typedef enum vd_presence_rule { VD_KEY_FREE, VD_KEY_MUST, VD_KEY_NEVER } vd_presence_rule;
typedef struct vd_key_rule {
    uint8_t   presence; /* vd_presence_rule */
    vd_str    constant; /* the only value; empty: any */
    vd_str    usual;    /* what it is when nothing is asked of it; empty: nothing in particular */
    vd_domain domain;
    bool      not_before_now;
} vd_key_rule;

typedef struct vd_profile {
    uint8_t who, path, partition; /* partition: index into vd_partitions */
    bool    in_organization;
} vd_profile;

enum { VD_PARTITIONS = 3 };
extern const vd_str vd_partitions[VD_PARTITIONS]; /* "aws" ... */

typedef struct vd_memo_row {
    uint64_t    hash;
    uint8_t     answer;
    vd_assigned value;
} vd_memo_row;

struct vd_symbolic {
    vd_engine       *engine;
    vd_allocator     alloc;
    const vd_catalog *catalog;
    vd_date          now;
    uint64_t         budget;
    vd_arena         arena;   /* atoms, boxes: as long as the whole */
    vd_arena         work;    /* of one question */
    vd_arena         scratch; /* of one search for a text */
    vd_atom         *atoms;
    uint32_t         atom_count, atom_cap;
    vd_key_var      *keys;
    uint32_t         key_count, key_cap;
    vd_box          *boxes;
    uint32_t         box_count, box_cap;
    vd_literal      *pins;
    uint32_t         pin_count, pin_cap;
    uint64_t         units;
    vd_intern        names, key_names;
};

/* One question under one profile. */
typedef struct vd_ask {
    vd_symbolic      *s;
    const vd_goal    *goal;
    vd_profile        profile;
    vd_holes_as       holes;
    const vd_filling *fillings;
    uint32_t          filling_count;
    const vd_globs   *shape;   /* of the resource: formats of the action's types; NULL: any ARN, and "*" */
    uint64_t          budget;
    const char       *why;     /* what made an answer unknown */
    bool              relaxed; /* something was taken to be more than it is */
    bool              nomem;
} vd_ask;

/* atom.c */
uint32_t vd_var_of_key(vd_symbolic *s, vd_str key, bool *nomem); /* VD_VAR_KEYS + index */
uint32_t vd_atom_add(vd_symbolic *s, const vd_atom *atom, bool *nomem);

/* box.c */
uint32_t vd_atom_of_entry(vd_symbolic *s, const vd_policy *policy, const vd_entry *e, bool *nomem);

/* demand.c */
uint32_t vd_atom_of_condition(vd_symbolic *s, vd_language language, const char *op, vd_str key, const vd_str *values,
                              uint32_t count, bool *nomem);
bool     vd_pin_add(vd_symbolic *s, const vd_pin *pin);

/* principal.c: who is meant by Principal and NotPrincipal, as texts of variable 0 for the asker of the profile. */
bool vd_principal_language(vd_ask *a, const vd_atom *atom, vd_globs *out);

/* pattern.c: the values of an atom as a language; *dropped: a part was left out (VD_HOLES_ANYTHING, against). */
bool vd_atom_globs(vd_ask *a, const vd_atom *atom, bool against, vd_globs *out);

/* universe.c */
vd_key_rule vd_universe_rule(const vd_ask *a, const vd_key_var *key);
vd_str      vd_account_of(vd_str principal); /* field five */
uint8_t     vd_view_of(const vd_ask *a, const vd_key_var *key); /* a view only of askers who have it */
uint32_t    vd_universe_profiles(const vd_ask *a, vd_profile *out, uint32_t most); /* those that some atom tells apart */
/* The form of variable 0 for the asker of the profile, and of resources. */
bool vd_principal_shape(vd_ask *a, vd_globs *out);
bool vd_resource_shape(vd_ask *a, vd_globs *out);
/* A language of a view as one of variable 0. */
bool vd_view_lift(vd_ask *a, uint8_t view, const vd_globs *in, vd_globs *out);

/* value.c: one variable. */
typedef struct vd_wish {
    const vd_literal *literals;
    uint32_t          count;
} vd_wish;
vd_answer vd_value_find(vd_ask *a, uint32_t var, const vd_literal *literals, uint32_t count, vd_assigned *out);
/* Is the literal true of the value? */
bool vd_value_holds(vd_ask *a, uint32_t var, vd_literal l, const vd_assigned *value);

/* entry.c: truth of an entry for one text, and for a key that is not there (E521, E522, E536 to E547). */
bool vd_entry_when_absent(const vd_entry *e, bool blank, bool many);
bool vd_entry_test(vd_ask *a, const vd_atom *atom, vd_str x);

/* words.c */
bool vd_globs_have(const vd_globs *l, vd_str word, vd_arena *arena, bool *nomem);

#endif

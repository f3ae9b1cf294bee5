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
 *   families     keys that say different parts of one thing: an organization and the path within it, the ARN of a source and
 *                its account, an access point, the services that a call went through, the clock
 *   others       context keys by themselves
 * An atom is one test of one variable, as a policy has it; equal tests of several statements are one atom.
 */
#ifndef VERDICT_SYMBOLIC_INSIDE_H
#define VERDICT_SYMBOLIC_INSIDE_H

#include "base/engine.h"
#include "base/map.h"
#include "catalog/facts.h"
#include "symbolic/symbolic.h"

enum {
    VD_VAR_PRINCIPAL,
    VD_VAR_RESOURCE,
    VD_VAR_PRINCIPAL_ORG, /* "o-.../r-.../ou-.../" */
    VD_VAR_SOURCE_ORG,
    VD_VAR_OWNER_ORG,
    VD_VAR_ENDPOINT_ORG,
    VD_VAR_SOURCE,        /* "ARN newline account": the account when the ARN has none; either may be empty */
    VD_VAR_ACCESS_POINT,  /* "ARN newline Internet" */
    VD_VAR_CALLED,        /* services, in order */
    VD_VAR_CLOCK,         /* current time, the same in seconds, time of the token (may be missing): values[0] to [2] */
    VD_VAR_KEYS
};

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
    bool             fold;      /* TEXTS: without case */
    bool             chain;     /* PRINCIPAL: every name of the chain is listed (E420) */
    bool             variables; /* ${...} in some value */
    vd_str           name;      /* what equal atoms have in common */
    struct vd_coded *coded;     /* once they have been asked for: its values as patterns, whatever the question */
} vd_atom;

/* Parts of a text (or list) that context keys show. */
typedef enum vd_view {
    VD_VIEW_NONE,
    VD_VIEW_ARN,          /* of the principal */
    VD_VIEW_ACCOUNT,
    VD_VIEW_USER_NAME,
    VD_VIEW_USER_ID,
    VD_VIEW_FEDERATED_ID,
    VD_VIEW_OWNER,        /* account of the resource */
    VD_VIEW_ORG_ID,
    VD_VIEW_ORG_PATH,
    VD_VIEW_LINE_1,       /* of SOURCE, ACCESS_POINT: the ARN */
    VD_VIEW_LINE_2,
    VD_VIEW_FIELD_5,      /* the account of that ARN */
    VD_VIEW_FIRST,        /* of CALLED, CLOCK: the value */
    VD_VIEW_SECOND,
    VD_VIEW_THIRD,
    VD_VIEW_LAST,
    VD_VIEW_ALL
} vd_view;

typedef struct vd_key_var {
    vd_str  key; /* lower case */
    vd_str  spelled;
    bool    many;    /* several values */
    bool    unknown; /* one or several, nobody knows (E507) */
    uint8_t family;  /* variable of which it is a part; VD_VAR_KEYS: itself */
    uint8_t view;
    uint8_t named;   /* vd_named_key */
    bool    listed;  /* the catalogue knows which actions of its service send it */
    uint32_t id;     /* of the catalogue, VD_NONE: unknown */
    vd_str  askers, paths, values, domain, usual; /* its row of the universe; empty: none */
    bool    by_path, by_organization;             /* what its row says depends on these */
} vd_key_var;

/* Keys with rules of their own. */
typedef enum vd_named_key {
    VD_NAMED_NONE,
    VD_NAMED_CALLER_ACCOUNT,
    VD_NAMED_SOURCE_OWNER,
    VD_NAMED_OWNER_ACCOUNT,
    VD_NAMED_OWNER_ORG,
    VD_NAMED_REQUEST_TAG,
    VD_NAMED_CLAIM, /* of an identity provider: "issuer:sub" */
    VD_NAMED_SAML
} vd_named_key;

struct vd_addresses;

/* Patterns of an atom without variables, kept: as they are, as tests of the whole of which they see a part (by vd_view), of
 * each asker (PRINCIPAL). */
typedef struct vd_coded {
    bool     known[VD_VIEW_ALL + 1];
    vd_globs globs[VD_VIEW_ALL + 1];
} vd_coded;

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
    bool   blank;   /* and that because it is there with nothing in it */
    bool   listed;  /* unresolved, default or not: a key of several values is there (E554) */
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
    uint32_t  var;      /* where its tests go */
    uint8_t   view;     /* as what part of it */
    vd_str    constant; /* the only value; empty: any */
    vd_str    usual;    /* what it is when nothing is asked of it; empty: nothing in particular */
    vd_domain domain;
    bool      yes_or_no; /* "true" or "false" */
} vd_key_rule;

/* What is said of the resource: only asked when some key shows its owner. */
typedef enum vd_owner { VD_OWNER_ANY, VD_OWNER_IN_ARN, VD_OWNER_ELSEWHERE, VD_OWNER_STAR } vd_owner;

typedef struct vd_profile {
    uint8_t who, path, partition; /* partition: index into vd_partitions */
    bool    in_organization;
    uint8_t owner; /* vd_owner */
} vd_profile;

enum { VD_PARTITIONS = 3 };
extern const vd_str vd_partitions[VD_PARTITIONS]; /* "aws" ... */

typedef struct vd_memo_key {
    uint64_t one, two;
} vd_memo_key;
typedef struct vd_memo_row {
    vd_memo_key key;
    uint8_t     answer;
    bool        relaxed;
    vd_assigned value;
} vd_memo_row;
typedef struct vd_memo {
    vd_map       map;
    vd_memo_row *rows;
    uint32_t     count, cap;
    vd_arena     arena;
} vd_memo;

/* What some literals of the resource want, merged; a row of what was found last.  Classes of actions differ in the form. */
typedef struct vd_merged {
    vd_memo_key key;
    bool        known;
    vd_globs   *in; /* of one pattern each */
    uint32_t    count;
    vd_arena    arena;
} vd_merged;
enum { VD_MERGED_ROWS = 8 };

/* Whether two atoms have no resource in common; a row of what was found last. */
typedef struct vd_apart {
    uint32_t x, y;
    bool     known, apart;
} vd_apart;
enum { VD_APART_ROWS = 256 };

struct vd_symbolic {
    vd_engine       *engine;
    vd_allocator     alloc;
    const vd_catalog *catalog;
    vd_date          now;
    uint64_t         budget;
    vd_arena         arena;   /* atoms, boxes: as long as the whole */
    vd_arena         work;    /* of one question */
    vd_arena         scratch; /* of one search for a text */
    vd_arena         stacks;  /* of one question about stacks (formula.c) */
    vd_arena         said;    /* what stacks say of the action at hand */
    uint64_t         said_epoch; /* counts actions, and changes of stacks; from 1 on */
    vd_atom         *atoms;
    uint32_t         atom_count, atom_cap;
    vd_key_var      *keys;
    uint32_t         key_count, key_cap;
    vd_box          *boxes;
    uint32_t         box_count, box_cap;
    vd_map           whole; /* boxes of whole statements */
    vd_literal      *pins;
    uint32_t         pin_count, pin_cap;
    uint64_t         units;
    uint32_t         partitions; /* that some document names, as bits */
    vd_memo          memo;
    vd_merged        merged[VD_MERGED_ROWS];
    vd_apart         apart[VD_APART_ROWS];
    vd_key_rule     *rules;      /* of the keys, for the profile at hand */
    uint32_t        *rule_epochs; /* when they were made */
    uint32_t         rule_cap, epoch;
    vd_intern        names, key_names;
    vd_certify_fn   *certify;
    void            *certify_user;
};

enum { VD_PROFILES = VD_PATH_COUNT * 2 * VD_PARTITIONS * 3 }; /* of one asker */

/* Of these literals one holds, whatever is asked: keys that depend on each other. */
typedef struct vd_coupling {
    vd_literal either[6];
    uint32_t   count;
} vd_coupling;

/* One question under one profile. */
typedef struct vd_ask {
    vd_symbolic      *s;
    const vd_goal    *goal;
    vd_profile        profile;
    vd_holes_as       holes;
    const vd_filling *fillings;
    uint32_t          filling_count;
    uint32_t          action;  /* of the catalogue; with a shape */
    const vd_globs   *shape;   /* of the resource: formats of the action's types; NULL: any ARN, and "*" */
    uint32_t         *used;    /* keys of the question */
    uint32_t          used_count, used_cap;
    vd_str           *variables; /* keys of policy variables */
    uint32_t          variable_count, variable_cap;
    vd_coupling      *couplings;
    uint32_t          coupling_count, coupling_cap, tied; /* tied: without what policy variables tie */
    const uint32_t   *atoms; /* of the goal, when it has variables, and what mirror.c made of them */
    uint32_t          atom_count;
    uint64_t          budget;
    const char       *why;     /* what made an answer unknown */
    bool              relaxed; /* something was taken to be more than it is */
    bool              nomem;
} vd_ask;

/* keys.c */
uint32_t vd_var_of_key(vd_symbolic *s, vd_str key, bool *nomem); /* VD_VAR_KEYS + index */

/* atom.c */
uint32_t vd_atom_add(vd_symbolic *s, const vd_atom *atom, bool *nomem);

/* box.c */
uint32_t vd_atom_of_entry(vd_symbolic *s, const vd_policy *policy, const vd_entry *e, bool *nomem);

/* demand.c */
uint32_t vd_atom_of_condition(vd_symbolic *s, vd_language language, const char *op, vd_str key, const vd_str *values,
                              uint32_t count, bool *nomem);
uint32_t vd_atom_of_principal(vd_symbolic *s, uint32_t who, const vd_str *patterns, uint32_t count, bool fold, bool *nomem);
uint32_t vd_atom_of_resource(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool fold, bool *nomem); /* coded */
bool     vd_pin_add(vd_symbolic *s, const vd_pin *pin);

/* principal.c: who is meant by Principal and NotPrincipal, as texts of variable 0 for the asker of the profile. */
bool vd_principal_language(vd_ask *a, const vd_atom *atom, vd_globs *out);

/* pattern.c: the values of an atom as a language; *dropped: a part was left out (VD_HOLES_ANYTHING, against). */
bool vd_atom_globs(vd_ask *a, const vd_atom *atom, bool against, vd_globs *out);
bool vd_atom_formed(const vd_atom *atom);

/* Keeps the patterns of an atom; which: a vd_view, of PRINCIPAL a vd_asker. */
bool vd_coded_find(const vd_atom *atom, uint32_t which, vd_globs *out);
bool vd_coded_keep(vd_ask *a, const vd_atom *atom, uint32_t which, vd_globs *globs);

/* certify.c: told when s->certify is there: no value of the variable fulfils all of these; a key that is not there does not
 * fulfil this. */
void vd_certify(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count);
void vd_certify_absent(vd_ask *a, vd_literal l);

/* memo.c */
vd_memo_key        vd_memo_key_of(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count);
vd_memo_key        vd_memo_key_of_literals(vd_ask *a, const vd_literal *l, uint32_t count); /* what they want, whatever the form */
const vd_memo_row *vd_memo_find(const vd_symbolic *s, const vd_memo_key *key);
void               vd_memo_add(vd_ask *a, const vd_memo_key *key, vd_answer answer, const vd_assigned *value);
void               vd_memo_begin(vd_symbolic *s); /* before a question */
void               vd_memo_done(vd_symbolic *s);

/* universe.c */
vd_key_rule vd_universe_rule(const vd_ask *a, const vd_key_var *key);
bool        vd_universe_turn(vd_ask *a); /* another profile, another pass */
typedef struct vd_profiles {
    vd_profile at[VD_PROFILES];
    uint64_t   marks[VD_PROFILES]; /* of those that were told */
    uint32_t   count, next, told;
    uint32_t  *keys; /* of which the rule can be another */
    uint32_t   key_count;
    bool       through_point;
} vd_profiles;
/* Those that the keys of the question tell apart, one after the other, as the profile of the question. */
void        vd_universe_profiles(vd_ask *a, uint8_t who, vd_profiles *out);
bool        vd_universe_next(vd_ask *a, vd_profiles *p);

/* shape.c: the forms of texts. */
vd_str vd_account_of(vd_str arn); /* field five */
bool   vd_principal_shape(vd_ask *a, vd_globs *out);
bool   vd_resource_shape(vd_ask *a, vd_globs *out);
bool   vd_shape_of(vd_ask *a, const char *const *forms, uint32_t count, vd_globs *out); /* of the partition */
/* A language of a view as one of the whole text. */
bool   vd_view_lift(vd_ask *a, uint8_t view, const vd_globs *in, vd_globs *out);
/* What the view shows of a value, as the values of the key. */
vd_assigned vd_view_value(vd_ask *a, uint32_t var, uint8_t view, const vd_assigned *value, vd_str *room);

/* sides.c: literals as languages, and a word for them. */
typedef struct vd_sides {
    vd_globs *in, *out;
    uint32_t  in_count, in_cap, out_count, out_cap;
} vd_sides;
bool      vd_sides_add(vd_ask *a, vd_sides *s, bool in, vd_globs l);
vd_answer vd_sides_solve(vd_ask *a, const vd_sides *s, vd_domain domain, vd_str *word);

/* merged.c: fewer wanted languages, as these literals of the resource left them. */
bool vd_merged_take(vd_ask *a, vd_sides *s, const vd_literal *l, uint32_t count);
void vd_merged_done(vd_symbolic *s);
vd_answer vd_unknown(vd_ask *a, const char *why);

/* One text must make the entry's test come out like this. */
typedef struct vd_want {
    const vd_atom *atom;
    bool           passes;
} vd_want;
typedef struct vd_wants {
    vd_want *at;
    uint32_t count, cap;
} vd_wants;
bool vd_wants_add(vd_ask *a, vd_wants *w, const vd_atom *atom, bool passes);
bool vd_wants_pass(vd_ask *a, const vd_wants *w, vd_str x);
/* What the literals say of the values of a key that is there: of all of them, of some; false: a contradiction. */
bool vd_wants_sort(vd_ask *a, bool many, const vd_literal *l, uint32_t count, vd_wants *all, vd_wants *some);
bool vd_atom_is_text(const vd_atom *atom); /* its test is one of words.c */

/* cells.c: texts of which one fulfils the wants if any text of numbers, dates, addresses, bytes does; false: too many. */
typedef struct vd_tries {
    vd_str  *at;
    uint32_t count, cap;
} vd_tries;
bool     vd_cells(vd_ask *a, const vd_wants *w, vd_tries *out);
uint32_t vd_dates_refine(vd_date *cuts, uint32_t n, vd_date *at);
bool     vd_wants_addresses(vd_ask *a, const vd_wants *w, struct vd_addresses *out);

/* clock.c */
vd_answer vd_clock_find(vd_ask *a, const vd_literal *l, uint32_t count, vd_assigned *out);

/* value.c: one variable. */
vd_answer vd_value_find(vd_ask *a, uint32_t var, const vd_literal *literals, uint32_t count, vd_assigned *out);
vd_answer vd_text_find(vd_ask *a, const vd_wants *w, vd_domain domain, vd_str *out);
vd_answer vd_one_find(vd_ask *a, const vd_wants *w, vd_key_rule rule, vd_str *out);
/* Is the literal true of the value? */
bool vd_value_holds(vd_ask *a, uint32_t var, vd_literal l, const vd_assigned *value);
bool vd_key_holds(vd_ask *a, const vd_key_var *key, const vd_atom *atom, const vd_assigned *v, bool wanted);
bool vd_missing_fits(const vd_ask *a, const vd_literal *l, uint32_t count, bool blank);

/* family.c: principal, resource, and keys that go together. */
vd_answer vd_family_find(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out);
/* A literal of a text as a language; *in: asked for.  *fixed: its truth does not depend on the text. */
bool vd_text_literal(vd_ask *a, vd_literal l, uint8_t view, vd_globs *out, bool *in, bool *fixed, bool *truth);

bool vd_family_must(vd_ask *a, uint32_t var);

/* digits.c: accounts that pass the numeric test of the entry; false: no memory, or they take too many patterns.  *formed: some
 * value is a number, or there is none. */
bool vd_accounts_of_numbers(vd_ask *a, const vd_entry *e, vd_globs *out, bool *formed);

/* question.c: which keys the goal is about. */
bool vd_question_keys(vd_ask *a);
bool vd_question_begin(vd_ask *a, vd_globs *shape);
bool vd_action_untags(vd_str action); /* calls that take keys of tags without their values */

/* apart.c: some statement is about other resources than the action. */
bool vd_question_off_shape(vd_ask *a);

/* candidates.c: values for a variable; the room is for `most` of them, three at least. */
uint32_t vd_candidates(vd_ask *a, vd_str key, const vd_model *relaxed, vd_filling *out, uint32_t most);

/* mirror.c: what policy variables tie; true of every request. */
bool vd_mirrors_add(vd_ask *a);

/* template.c */
bool      vd_symbols_contradict(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count);
vd_answer vd_solve_profile(vd_ask *a, vd_model *model);

/* solve.c: without holes, or with what they are taken to be. */
vd_answer vd_solve_once(vd_ask *a, vd_model *model);

/* entry.c: truth of an entry for one text, and for a key that is not there (E521, E522, E536 to E547). */
bool vd_entry_when_absent(const vd_entry *e, bool blank, bool many);
bool vd_entry_test(vd_ask *a, const vd_atom *atom, vd_str x, bool wanted);

/* words.c */
bool vd_globs_have(const vd_globs *l, vd_str word, vd_arena *arena, bool *nomem);

#endif

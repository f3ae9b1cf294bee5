/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs against the evaluator.  A trial is two stacks of policies and a question about them; a world is the requests that
 * are tried by hand.  Policies are kept as lists of words, so that a trial that fails can be made smaller and printed.
 */
#ifndef VERDICT_TESTS_TRUTH_H
#define VERDICT_TESTS_TRUTH_H

#include <verdict/verdict.h>

#include <verdict/analyze.h>

#include <stdio.h>

/* ------------------------------------------------------------------ chance */

typedef struct chance {
    uint64_t state;
} chance;
uint32_t below(chance *c, uint32_t n);
bool     percent(chance *c, uint32_t n);

typedef struct words {
    const char *const *at;
    uint32_t           count;
} words;
#define WORDS(list) ((words){ (list), (uint32_t)(sizeof(list) / sizeof *(list)) })
const char *pick(chance *c, words w);

/* ------------------------------------------------------------------ policies */

enum { VALUES = 3, ENTRIES = 3, STATEMENTS = 6, DOCUMENTS = 4, TEXT = 16384 };

typedef struct list {
    const char *at[VALUES];
    uint8_t     count;
    bool        negated; /* NotAction ... */
} list;
typedef struct entry {
    char        op[48]; /* "ForAnyValue:StringLikeIfExists" */
    const char *key;
    list        values;
} entry;
typedef struct statement {
    bool    deny;
    list    principal; /* "AWS 444455556666", "Service s3.amazonaws.com", "*"; none: the element is left out */
    list    action, resource;
    entry   entries[ENTRIES];
    uint8_t entry_count;
} statement;
typedef struct document {
    vd_layer  layer;
    statement at[STATEMENTS];
    uint8_t   count;
} document;
typedef struct stack {
    document docs[DOCUMENTS];
    uint8_t  count;
} stack;

void print_document(char *out, size_t size, const document *d);
bool mentions(const stack *s, const char *key);

/* A compiled stack, ready to be asked.  agree: somebody else's identity policies allow everything; account: the resource's
 * policy, if there is none, trusts it (JSON of an AWS principal; NULL: nobody). */
typedef struct asked {
    vd_set *set;
    void   *scratch;
} asked;
bool asked_open(asked *out, vd_engine *engine, const stack *s, bool agree, const char *account);
bool asked_open_text(asked *out, vd_engine *engine, const char *resource); /* a resource's policy; callers may do everything at home */
void asked_close(asked *a);
/* -1: the request cannot be decided. */
int  asked_allows(const asked *a, const vd_request *r);
int  asked_outcome(const asked *a, const vd_request *r);

/* ------------------------------------------------------------------ requests */

typedef struct value {
    const char *at[3];
    uint8_t     count; /* 0: absent */
} value;
typedef enum dim_kind { DIM_WHO, DIM_ACTION, DIM_RESOURCE, DIM_PATH, DIM_KEY } dim_kind;
enum { ALTERNATIVES = 512, DIMS = 12 };
typedef struct dim {
    dim_kind    kind;
    const char *key;
    value       at[ALTERNATIVES]; /* WHO: principal, role or NULL, organization or NULL.  PATH: address, endpoint */
    uint32_t    count;
} dim;
typedef struct world {
    dim      dims[DIMS];
    uint32_t count;
    uint32_t chosen[DIMS];
} world;
dim     *world_dim(world *w, dim_kind kind, const char *key); /* a new one */
void     dim_add(dim *d, const char *a, const char *b, const char *c);
/* Goes through all requests, or through `most` of them taken at random: false when done. */
typedef struct walk {
    world   *w;
    uint64_t left;
    bool     all, begun;
    chance   c;
} walk;
void walk_begin(walk *k, world *w, uint64_t most, uint64_t seed);
bool walk_next(walk *k);
bool world_request(vd_request *r, const world *w); /* false: no such request can be */
bool world_any_request(vd_request *r, const world *w); /* also what the catalogue thinks impossible */
bool world_is_usual(const world *w); /* it does not */
const char *world_who(const world *w); /* the principal of the chosen request */
void world_print(FILE *out, const world *w);

/* ------------------------------------------------------------------ what there is to choose from */

typedef struct vocabulary {
    words actions, resources, principals;
    words attached; /* what resource policies can be attached to */
    void (*entry)(entry *out, chance *c);
    void (*world)(world *out, const stack *a, const stack *b, chance *c);
} vocabulary;
extern const vocabulary toy, real;

enum shape { SHAPE_IDENTITY, SHAPE_BOUNDED, SHAPE_RESOURCE, SHAPE_GUARDED, SHAPE_COUNT };
void make_stack(stack *out, const vocabulary *v, enum shape shape, chance *c);
void change_stack(stack *s, const vocabulary *v, chance *c); /* a bit */

/* ------------------------------------------------------------------ trials */

typedef enum verdict { AGREE, UNDECIDED, DISAGREE } verdict;
typedef struct trial trial;
typedef verdict question_fn(trial *t, char *why);
enum { WHY = 4000 };
struct trial {
    vd_engine        *engine;
    const vocabulary *vocabulary;
    question_fn      *question;
    const char       *name;
    enum shape        shape;
    stack             a, b;
    uint64_t          seed;  /* of requests and of what else is chosen */
    uint64_t          most;  /* requests that are tried */
    uint32_t          answers[2]; /* of the last question: yes, no */
    bool              moved;      /* all accounts have other ids: those of moved_text */
    const char       *look;       /* an action: which findings have it? NULL: no matter */
    uint32_t          cell;       /* of which finding the cell is wanted */
};
const char *moved_text(const char *text); /* with accounts renamed; patterns of accounts match both alike */

typedef struct question {
    const char  *name;
    question_fn *ask;
    bool         resources, identities; /* shapes that it takes */
    bool (*there)(void); /* the library has it */
} question;
extern const question questions[];
extern const uint32_t question_count;

/* Laws between answers, which need no requests. */
extern const question laws[];
extern const uint32_t law_count;

/* What questions share. */
vd_prove_opts proving(const trial *t, const stack *s);
void show_witness(char *out, size_t size, const vd_witness *w);
void hold(char *wrong, trial *t, const vd_witness *w, uint32_t flags, const stack *allowed, const stack *refused, const char *what);
void world_why(char *why, const world *w, const char *what);
verdict ask_exposure(trial *t, char *why);
verdict  say(char *why, const char *format, ...) __attribute__((format(printf, 2, 3))); /* DISAGREE */
typedef struct diffed {
    vd_answer broader, narrower;
    uint64_t  units;
    char      wrong[WHY]; /* a witness that does not hold */
    bool      future;     /* broader only by names that do not exist */
} diffed;
bool diff_stacks(diffed *out, trial *t, const stack *a, const stack *b, bool replay);
bool grants_of(vd_answer *out, trial *t, const stack *s, const char *action, const char *resource, char *wrong);
enum { ACTIONS_TOLD = 512 }; /* a service of the worlds has fewer */
typedef struct exposed { /* what exposure told, summed up */
    uint32_t count, undecided, potential; /* potential: findings without a witness */
    bool     is_public;
    char     actions[ACTIONS_TOLD][64]; /* exposed ones, notes aside */
    bool     public_action[ACTIONS_TOLD];
    uint32_t action_count;
    char     ids[64][24];
    char     said[64][600]; /* who and on what conditions, without the actions */
    bool     looked[64];    /* has the action that was looked for */
    uint32_t id_count;
    statement denied;       /* a Deny of the cell of the finding that was wanted, for its first action */
    bool     has_cell, whole; /* whole: a statement can say it */
    char     wrong[WHY];
} exposed;
bool expose(exposed *out, trial *t, const stack *s, const char *zone, bool replay);
bool glob_matches(const char *glob, const char *s, bool fold);

/* Makes a failing trial smaller as long as it fails. */
void trial_shrink(trial *t, char *why, verdict what); /* as long as that comes of it */
void trial_print(FILE *out, const trial *t, const char *why);

#endif

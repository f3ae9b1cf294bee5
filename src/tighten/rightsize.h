/* SPDX-License-Identifier: Apache-2.0
 *
 * Right-sizing, from observations to documents.  The files are its steps:
 *
 *   rightsize.c           the policies to change and what their holders did; safety valves
 *   rightsize_run.c       the steps that follow
 *   rightsize_seen.c      uses and visibility of all holders, added up by action
 *   rightsize_decide.c    which actions stay, and why (usage 6.1, 6.2)
 *   rightsize_match.c     statements as bits and patterns, what they allow of what was observed
 *   rightsize_plan.c      what becomes of each statement (6.3)
 *   rightsize_only.c      what may go at all, when it is about one finding
 *   rightsize_merge.c     parts of a statement that can stand together after all
 *   rightsize_actions.c   lists of actions as texts
 *   rightsize_write.c     the new documents
 *   rightsize_fit.c       the three before, until it all stays within the quotas (6.4)
 *   rightsize_extra.c     what that grants again
 *   rightsize_prove.c     the proofs (6.6), before anything is given out
 *   rightsize_replay.c    what was observed, asked of the evaluator
 *   rightsize_asked.c     under which circumstances
 *   rightsize_since.c     against what was made the last time, and what AWS recommends
 *   rightsize_aws.c       what that is
 *   rightsize_tell.c      what was removed, why the rest stays
 *   rightsize_suggest.c   conditions that all uses met (3.5)
 *   rightsize_suggest_asked.c   those about what calls asked under
 */
#ifndef VERDICT_TIGHTEN_RIGHTSIZE_H
#define VERDICT_TIGHTEN_RIGHTSIZE_H

#include "base/arena.h"
#include "base/engine.h"
#include "catalog/catalog.h"
#include "policy/policy.h"

#include <verdict/tighten.h>

enum { /* vd_rs_seen.keep */
    VD_RS_GONE = 0,
    VD_RS_OBSERVED, /* on what it was used on */
    VD_RS_KEPT,     /* as granted, for what was seen or said */
    VD_RS_UNSEEN    /* as granted, for nobody could see it */
};

/* The circumstances of all uses. */
typedef struct vd_rs_how {
    vd_use_texts regions, via, networks, endpoints, services, asked;
    bool         direct, mfa_true, mfa_false, mfa_none, off_endpoint;
} vd_rs_how;

/* What all holders together did with one action. */
typedef struct vd_rs_seen {
    uint32_t     action; /* VD_NONE: none of the catalogue, see name */
    vd_str       name;   /* "s3:GetObject" */
    int32_t      state, grade;
    bool         advisor; /* a report of the service says so, too */
    uint32_t     reasons; /* VD_BLIND_... of what cannot be seen */
    vd_str       blind;   /* the same in words */
    uint32_t     hides;   /* the same of other uses: what was seen is no bound of its resources */
    uint64_t     count, denied;
    int64_t      last;
    uint32_t     days;
    bool         sure;    /* an event says so, or it follows for certain */
    char         confidence;
    vd_use_texts on, denied_on;
    vd_rs_how    how;

    uint8_t keep; /* decided: VD_RS_... */
    vd_str  why;
} vd_rs_seen;

typedef struct vd_rs_document {
    vd_policy *policy; /* borrowed */
    vd_str     name, arn;
    bool       young;  /* attached, or changed, within the window */
    vd_str     fixed;  /* why it is not to be changed; empty: it is */
    vd_str     group;  /* through which it is held; empty: directly */
    uint32_t   attached; /* of a managed one: as many are attached there, with itself; 0: only those of the target */
} vd_rs_document;

/* Whose policies are made smaller, and all that is known of them. */
typedef struct vd_rs_target {
    const vd_engine      *engine;
    const vd_catalog     *catalog;
    const vd_rs_document *documents;
    uint32_t              document_count;
    vd_rs_seen           *seen; /* by rising action, those of no action at the end; what is not there cannot be seen */
    uint32_t              seen_count;
    const vd_str         *principals; /* for the replay */
    uint32_t              principal_count;
    vd_str                account; /* of all of them; empty: there are several */
    bool                  user;  /* and no role */
    vd_str                holds; /* "user", "role", "permission-set": whose quotas count; empty: role */
    size_t                inline_beside; /* characters of inline policies that are none of the documents */
    const vd_str         *overrides;
    uint32_t              override_count;
    struct vd_rs_recommended *recommended; /* NULL: nobody asked AWS */
} vd_rs_target;

/* rightsize_aws.c: what there would be in place of the documents if somebody did as AWS recommends. */
typedef struct vd_rs_recommended {
    vd_policy **at;
    uint32_t    count;
    bool        told;   /* it says something about these documents */
    bool        broken; /* and cannot be read */
} vd_rs_recommended;
vd_code vd_rs_read_recommended(vd_rs_recommended *out, vd_arena *arena, const vd_activity *activity, vd_str who,
                               const vd_rs_document *documents, uint32_t count, vd_error *err);
void    vd_rs_recommended_done(vd_rs_recommended *r);

/* Everything but where the target comes from.  Changes seen[].keep and .why. */
vd_code vd_rs_run(vd_rightsized **out, const vd_rs_target *target, const vd_rightsize_opts *opts, vd_error *err);

/* The proofs alone, of documents that somebody made; result->documents are those of the target. */
vd_code vd_rs_check(vd_rightsize_result *result, const vd_rs_target *target, const vd_rightsize_opts *opts, vd_error *err);

/* rightsize_seen.c: fills seen for the granted actions (bits) and for what no catalogue has. */
typedef struct vd_rs_looking {
    const vd_engine   *engine;
    const vd_catalog  *catalog;
    const vd_activity *activity;
    const vd_holder   *holders;
    const uint32_t    *actors; /* of each holder; VD_NO_INDEX: no event of it was seen */
    uint32_t           holder_count;
    vd_arena          *arena;
    vd_rs_seen        *seen;
    uint32_t           seen_count, seen_cap;
    uint64_t          *day_bits, *union_bits;
    size_t             day_words;
} vd_rs_looking;
vd_code vd_rs_look(vd_rs_looking *l, const uint64_t *granted, vd_error *err);

/* ------------------------------------------------------------------ statements */

typedef struct vd_rs_pattern {
    vd_str text;  /* as written */
    vd_str coded; /* pattern/glob.h; what a variable yields is any text */
    bool   loose; /* there is a variable in it: it may match less than coded does */
} vd_rs_pattern;

typedef struct vd_rs_patterns {
    vd_rs_pattern *at;
    uint32_t       count;
} vd_rs_patterns;

/* What is written in the place of a statement, or of a part of it. */
typedef struct vd_rs_part {
    uint64_t *actions;     /* bits */
    vd_str   *names;       /* actions that no catalogue has */
    uint32_t  name_count;
    bool      whole;       /* its resources are those of the statement */
    vd_str   *resources;   /* else: sorted texts */
    uint32_t  resource_count;
    uint8_t   keep;        /* VD_RS_... */
    vd_str   *texts;       /* of its actions */
    uint32_t  text_count;
    uint64_t *extra;       /* bits of actions that these name beyond what is to be kept; NULL: none */
} vd_rs_part;

/* How much more than was seen a document may say when it would be too large else. */
typedef struct vd_rs_loose {
    uint32_t bound;     /* actions beyond those kept that a pattern may match */
    bool     levels;    /* not only those that read and list, but those of levels that are there */
    uint32_t slack;     /* actions on resources that statements which are joined allow again */
    uint32_t bits;      /* names that a pattern may stand for, for each that was seen */
    uint32_t threshold; /* names side by side that stay names; 0: the usual */
    bool     whole;     /* resources as they were granted */
} vd_rs_loose;

typedef struct vd_rs_statement {
    uint32_t            document, index;
    const vd_statement *model;
    bool                allow;
    bool                open;    /* an Allow that may be changed */
    bool                plain;   /* no condition, no Not..., no variables: it allows whatever it matches */
    uint64_t           *actions; /* bits that it names, over the catalogue */
    uint64_t            breadth; /* how much it allows, to compare */
    vd_rs_patterns      resources;
    uint64_t           *stays;   /* bits of actions that stay in some part */
    vd_rs_part         *parts;
    uint32_t            part_count, part_cap;
    bool                changed;
    vd_rs_part         *asked; /* the parts without anything looser */
    uint32_t            asked_count;
} vd_rs_statement;

typedef struct vd_rs {
    const vd_rs_target      *t;
    const vd_rightsize_opts *opts;
    vd_arena                *arena; /* of the result */
    vd_arena                 scratch;
    vd_error                *err;
    size_t                   words; /* of a bit set */
    uint32_t                *seen_of; /* by action: index in seen; VD_NONE */
    vd_policy              **models; /* of each document: positions lead into its JSON */
    vd_rs_statement         *statements;
    uint32_t                 statement_count;
    vd_rs_loose              loose;
    vd_str                  *previous; /* resources of what was made the last time */
    uint32_t                 previous_count;
    uint64_t                *only; /* bits of actions that may go, in that statement alone; NULL: all */
    uint32_t                 only_statement;
    vd_rightsize_result     *result;
} vd_rs;

static inline bool vd_rs_bit(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

static inline void vd_rs_set(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

/* rightsize_decide.c */
vd_code vd_rs_decide(vd_rs *r);

/* rightsize_match.c */
vd_code vd_rs_read(vd_rs *r); /* fills models and statements */
/* Is "*" what the action is checked for, and not whatever resource?  It takes none then. */
bool vd_rs_takes_none(const vd_rs *r, const vd_rs_seen *s);
/* An observed resource (shape.h: which of them have wildcards); "*" by itself as said above. */
bool vd_rs_code_observed(vd_rs *r, vd_rs_pattern *out, const vd_rs_seen *s, vd_str text);
bool vd_rs_names(const vd_rs *r, const vd_rs_statement *s, uint32_t action, vd_str name);
/* Does the statement match all of the resource; some of it? */
bool vd_rs_covers(const vd_rs_statement *s, const vd_rs_pattern *resource);
bool vd_rs_touches(const vd_rs_statement *s, const vd_rs_pattern *resource);

/* rightsize_plan.c: again, when r->loose is another one. */
vd_code vd_rs_plan(vd_rs *r);

/* rightsize_only.c */
vd_code vd_rs_read_only(vd_rs *r); /* after vd_rs_read */
bool    vd_rs_may_go(const vd_rs *r, uint32_t statement, uint32_t action);

/* rightsize_merge.c: before the parts are put into their order. */
vd_code vd_rs_merge(vd_rs *r, vd_rs_statement *s);

/* rightsize_actions.c: the actions of a part in the words of its statement. */
typedef struct vd_rs_texts {
    vd_str  *at;
    uint32_t count, cap;
} vd_rs_texts;
/* extra: bits, gets what r->loose lets them name beyond the part; NULL: nothing. */
vd_code vd_rs_action_texts(vd_rs *r, vd_rs_texts *out, const vd_rs_statement *s, const vd_rs_part *part, uint64_t *extra);

/* rightsize_write.c */
vd_code vd_rs_write(vd_rs *r);
bool    vd_rs_is_managed(const vd_rs *r, uint32_t document);

/* rightsize_fit.c */
vd_code vd_rs_fit(vd_rs *r);

/* rightsize_extra.c: what the statements allow beyond what was asked for. */
vd_code vd_rs_extra(vd_rs *r, vd_rightsize_step *step);

/* rightsize_prove.c */
vd_code vd_rs_prove(vd_rs *r);
/* Does it stay for what was observed? */
bool    vd_rs_is_observed(const vd_rs *r, const vd_rs_seen *s);

/* Of policies of principals, and one of another layer (NULL: none). */
vd_code vd_rs_make_set(vd_set **out, const vd_rs *r, vd_policy *const *policies, uint32_t count, vd_policy *other, vd_layer layer);

/* rightsize_replay.c: adds to replayed, elsewhere, undecided, untold.  olds: of all documents of the target. */
vd_code vd_rs_replay(vd_rs *r, vd_policy *const *olds, vd_policy *const *news, uint32_t new_count, vd_rightsize_proof *proof);

/* rightsize_asked.c: the circumstances of the uses of one action, as requests can have them. */
enum { VD_RS_TOLD_KEYS = 64 };
typedef struct vd_rs_context {
    vd_str key, value;
    bool   known; /* the value */
} vd_rs_context;
typedef struct vd_rs_contexts {
    vd_rs_context *at;
    uint32_t       count;
} vd_rs_contexts;
typedef struct vd_rs_asked {
    const vd_rs_seen *seen;
    vd_rs_contexts   *contexts; /* of calls */
    uint32_t          context_count;
    uint32_t          count;  /* so many different ones, at least one */
    bool              open;   /* there are others, of which not all is known */
    vd_str            told[VD_RS_TOLD_KEYS]; /* keys that the last request had */
    uint32_t          told_count;
} vd_rs_asked;
bool vd_rs_asked_of(vd_rs_asked *out, const vd_rs_seen *s, vd_arena *arena); /* false: no memory */
/* The circumstances number i into a request.  False: no memory. */
bool vd_rs_asked_put(vd_rs_asked *a, vd_request *q, uint32_t i);

/* rightsize_since.c */
vd_code vd_rs_read_previous(vd_rs *r);
vd_code vd_rs_compare(vd_rs *r, vd_rightsize_since *out, const vd_set *other, const vd_set *made);

/* rightsize_tell.c */
vd_code vd_rs_tell(vd_rs *r);

/* rightsize_suggest.c */
vd_code vd_rs_suggest(vd_rs *r);
/* A set that denies explicitly when the condition is met; present: and the key is there. */
vd_code vd_rs_condition_set(vd_rs *r, const char *op, vd_str key, const vd_rs_texts *values, bool present, vd_set **out);
vd_code vd_rs_say_condition(vd_rs *r, vd_rs_texts *out, const vd_rs_statement *s, const char *op, vd_str key, const vd_rs_texts *values,
                            bool present);

/* rightsize_suggest_asked.c: of a statement all of whose actions were seen in use. */
vd_code vd_rs_suggest_asked(vd_rs *r, const vd_rs_statement *s, vd_rs_texts *out);

#endif

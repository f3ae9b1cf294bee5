/* SPDX-License-Identifier: Apache-2.0
 *
 * The question as a model: fields, context, checks.  What follows from it (who the principal is, which account owns
 * the resource, which keys are derived) is facts.h.
 */
#ifndef VERDICT_REQUEST_REQUEST_H
#define VERDICT_REQUEST_REQUEST_H

#include "base/arena.h"
#include "base/engine.h"
#include "base/vec.h"
#include "pattern/value.h"
#include "request/state.h"
#include "text/doc.h"

#include <verdict/request.h>

#define VD_SHARED_CHECK UINT32_MAX

typedef struct vd_context {
    vd_str   key;    /* empty: bound by id */
    vd_key   bound;
    uint32_t first, count; /* in request->values */
    uint32_t check;  /* VD_SHARED_CHECK, or the check it belongs to */
    bool     absent; /* E601 */
    bool     of_principal; /* a tag of "principal": goes when another principal comes */
    bool     made;   /* aws:TagKeys that follow from tags of the request: made anew when more is known */
} vd_context;

typedef struct vd_check {
    vd_str action, resource, account; /* empty: those of the call */
    bool   own_context; /* it has context entries of its own */
    bool   further;     /* made by vd_request_check */
} vd_check;

struct vd_request {
    vd_engine *engine;
    bool       failed; /* a call since the last reset did: the request is not what the caller meant, vd_eval refuses */
    vd_error   error;
    vd_str     field[VD_FIELD_COUNT];
    bool       flag[VD_FLAG_COUNT];
    bool       has_now; /* VD_NOW is set: now is the same instant */
    vd_date    now;
    uint64_t   seen;    /* a bit for each kind of key in context: most keys are new, and need no search */
    VD_VEC(vd_str) values;
    VD_VEC(vd_context) context;
    VD_VEC(vd_check) checks; /* in the order given: one for each VD_RESOURCE, one for each vd_request_check */
    uint32_t   current;      /* the check that context goes to, or VD_SHARED_CHECK */
    vd_arena   texts;        /* built names such as aws:PrincipalTag/team */
    const vd_resource_state *state; /* lives in texts, or NULL */
    const struct vd_who      *who;   /* what follows from the principal, when a caller told; or NULL */
};

/* Keeps a copy of s until the next reset. */
vd_code vd_request_keep(vd_request *r, vd_str *out, vd_str s);

/* aws:TagKeys of what is there as aws:RequestTag/k, where nobody says it (E640).  Whoever reads a request calls it last. */
vd_code vd_request_tag_keys(vd_request *r);

/* Takes all resources and further checks away.  What is known about the first resource stays, for whatever comes in its
 * place. */
void vd_request_drop_checks(vd_request *r);

/* The request of a scenario file (interface.md section 5) at a node: every member checked, unknown ones refused with
 * a suggestion.  The document must outlive the request.  Adds to what is set already, so that defaults can come first. */
vd_code vd_request_read(vd_request *r, const vd_doc *doc, uint32_t node, vd_error *err);
/* "resourceState" of a scenario. */
vd_code vd_request_read_state(vd_request *r, const vd_doc *doc, uint32_t node, vd_error *err);
/* A context object {key: value or array, {"absent": true}} as in "context" and --context-file. */
vd_code vd_request_read_context(vd_request *r, const vd_doc *doc, uint32_t node, vd_error *err);

/* A CloudTrail record at a node (denied or not).  What it cannot tell is said in notes. */
vd_code vd_request_from_event(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes, vd_error *err);
/* The output of decode-authorization-message at a node: the object, or {"DecodedMessage": "..."}. */
vd_code vd_request_from_decoded(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes, vd_error *err);

/* The text of an AccessDenied message (E801, E802, E804); what it says AWS decided goes to told. */
typedef struct vd_told {
    bool   explicit_deny;
    int32_t layer;   /* vd_layer of set.h, -1: not said */
    bool   trust;
    vd_str policy;   /* ARN, when said */
    vd_str encoded;  /* an encoded authorization message that came along */
} vd_told;
vd_code vd_request_from_error(vd_request *r, vd_told *told, const vd_source *text, vd_diags *notes, vd_error *err);

#endif

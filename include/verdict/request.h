/* SPDX-License-Identifier: Apache-2.0
 *
 * A request: who asks to do what with which resource, and what else is known.  It borrows its strings until the next
 * reset and keeps its memory across resets.  One thread at a time.
 */
#ifndef VERDICT_REQUEST_H
#define VERDICT_REQUEST_H

#include <verdict/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_request vd_request;

typedef int32_t vd_field;
enum {
    VD_PRINCIPAL = 0,        /* ARN, service principal, provider, or "anonymous" */
    VD_ACTION = 1,           /* "s3:GetObject" */
    VD_RESOURCE = 2,         /* one more resource (E320): ARN or "*" */
    VD_RESOURCE_ACCOUNT = 3, /* owner of the resource, where the ARN has none (E317) */
    VD_PRINCIPAL_KIND = 4,   /* a kind of E401, when the ARN does not tell */
    VD_PRINCIPAL_ROLE = 5,   /* role ARN with path, of a session */
    VD_PRINCIPAL_PARENT = 6, /* ARN of the user (or root) behind a federated user */
    VD_PRINCIPAL_ID = 7,     /* AIDA..., AROA... */
    VD_PRINCIPAL_ACCOUNT = 8, /* of a CanonicalUser or where the ARN does not tell */
    VD_PRINCIPAL_CANONICAL = 9, /* canonical user id of the principal's account (E414) */
    VD_PRINCIPAL_ORG = 10,   /* o-... */
    VD_PRINCIPAL_ORG_PATH = 11, /* o-.../r-.../ou-.../ */
    VD_RESOURCE_ORG = 12,
    VD_RESOURCE_ORG_PATH = 13,
    VD_NOW = 14,             /* RFC 3339: aws:CurrentTime unless supplied (E008) */
    VD_ENDPOINT_TYPE = 15,   /* "gateway" or "interface" (E426) */
    VD_CREDENTIAL = 16,      /* "long-term", "session-token", "console", "assume-root" (E748) */
    VD_FIELD_COUNT = 17
};

typedef int32_t vd_flag;
enum {
    VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT = 0, /* E707 */
    VD_RESOURCE_IN_MANAGEMENT_ACCOUNT = 1,  /* E709 */
    VD_SERVICE_LINKED = 2,                  /* E402 */
    VD_NOT_SERVICE_LINKED = 3,
    VD_WANT_MISSING_KEYS = 4,               /* vd_eval then fills vd_decision.missing */
    VD_AWS_MANAGED_KEY = 5,                 /* the KMS key of the request is managed by AWS (E709) */
    VD_FLAG_COUNT = 6
};

VD_API vd_code vd_request_new(vd_request **out, const vd_engine *engine, vd_error *err);
VD_API void    vd_request_free(vd_request *request);
VD_API void    vd_request_reset(vd_request *request);

VD_API vd_code vd_request_set(vd_request *request, vd_field field, vd_str value);
VD_API vd_code vd_request_flag(vd_request *request, vd_flag flag, bool on);

/* Context.  The value array is copied, the bytes are borrowed.  count 0: the key is present and empty, which means
 * absent (E505).  The same key again replaces the value. */
VD_API vd_code vd_request_context(vd_request *request, vd_str key, const vd_str *values, size_t count);
VD_API vd_code vd_request_absent(vd_request *request, vd_str key); /* keeps a derivable key out (E601) */

/* A key that the caller looked up when it loaded the set: no hashing for each request.  A key of another set makes
 * vd_eval fail with VD_EREQUEST, never decide. */
typedef uint64_t vd_key;
VD_API vd_code vd_request_bind(vd_request *request, vd_key key, const vd_str *values, size_t count);

/* Tags as maps: principal tags, resource tags, request tags.  They become aws:PrincipalTag/<k>, aws:ResourceTag/<k>,
 * aws:RequestTag/<k> and aws:TagKeys (which readers of files and options also make of an aws:RequestTag/<k> in the context). */
typedef int32_t vd_tag_kind;
enum { VD_TAG_PRINCIPAL = 0, VD_TAG_RESOURCE = 1, VD_TAG_REQUEST = 2 };
VD_API vd_code vd_request_tag(vd_request *request, vd_tag_kind kind, vd_str key, vd_str value);

/* A further check of the same call (E003): what follows (resource, account, context) belongs to it, until the next
 * vd_request_check.  action empty: the action of the call with another resource, which then may have a context of its
 * own (E320).  Context given before the first check is shared by all. */
VD_API vd_code vd_request_check(vd_request *request, vd_str action, vd_str resource, vd_str account);

/* Why the last call that failed did so. */
VD_API const vd_error *vd_request_error(const vd_request *request);

/* A caller: what many requests have in common, read once.  Immutable and counted: any number of threads may begin requests
 * with it.  It keeps copies of all that the request says so far (fields, flags, tags, context, keys bound by id), and what
 * follows from the principal.  A request with a resource, a further check or a state of its resource cannot be made one.
 * VD_EREQUEST: there is no such principal; of one whose nature depends on the action (an identity provider) that is found
 * when a request is decided. */
typedef struct vd_caller vd_caller;
VD_API vd_code    vd_caller_new(vd_caller **out, const vd_request *request, vd_error *err);
VD_API vd_caller *vd_caller_retain(vd_caller *caller);
VD_API void       vd_caller_release(vd_caller *caller);

/* vd_request_reset, and then all that the caller says: the same answers as if it had been said again.  The request borrows
 * the caller until its next reset.  What is set afterwards counts as ever, the principal included.  Both have to be of one
 * engine. */
VD_API vd_code vd_request_begin(vd_request *request, const vd_caller *caller);

#ifdef __cplusplus
}
#endif
#endif

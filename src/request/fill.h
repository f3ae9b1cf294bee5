/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of the principal and the resource of a request besides policies: organization, ids, tags, settings.  Who
 * knows it, a snapshot or a bundle that was made of one, answers three questions; what a request makes of the answers is
 * the same for both.
 */
#ifndef VERDICT_REQUEST_FILL_H
#define VERDICT_REQUEST_FILL_H

#include "request/request.h"

typedef struct vd_known_account {
    vd_str id, org, org_path; /* empty: in none, or nobody knows */
    bool   management;
} vd_known_account;

typedef enum vd_known_kind { VD_KNOWN_USER, VD_KNOWN_ROLE, VD_KNOWN_ROOT, VD_KNOWN_RESOURCE, VD_KNOWN_KINDS } vd_known_kind;

typedef struct vd_known_thing {
    vd_known_kind kind;
    vd_str        arn, id, account; /* id: unique; account: of the owner, empty: not known */
    vd_str        state;            /* JSON of what scenario files call resourceState; empty: none */
    bool          linked;           /* a role of a service */
    bool          bucket;           /* its tags are not those of what is in it */
    uint32_t      first_tag, tag_count;
} vd_known_thing;

typedef struct vd_known {
    const void      *of;
    const vd_limits *limits;
    bool (*account)(const void *of, vd_str id, vd_known_account *out);
    bool (*principal)(const void *of, vd_str arn, vd_known_thing *out); /* a user, a role by its ARN or one of a session, a root user */
    bool (*resource)(const void *of, vd_str arn, vd_known_thing *out);  /* of an object its bucket ... */
    void (*tag)(const void *of, uint32_t tag, vd_str *key, vd_str *value);
} vd_known;

/* What the request says already stays.  Texts are borrowed from who knows. */
vd_code vd_request_fill(vd_request *r, const vd_known *known, vd_error *err);

/* The resource itself, else the larger thing that it is part of and whose policy counts for it: of an object its bucket, of a
 * stream's consumer that.  VD_NONE: find knows none of them. */
uint32_t vd_holder_find(const void *of, uint32_t (*find)(const void *of, vd_str arn), vd_str arn);
bool     vd_holder_has_parts(vd_str service);

#endif

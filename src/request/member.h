/* SPDX-License-Identifier: Apache-2.0
 *
 * How the readers of this room look at a document: objects with a closed list of members, values of one kind,
 * and every complaint with the place it is about.
 */
#ifndef VERDICT_REQUEST_MEMBER_H
#define VERDICT_REQUEST_MEMBER_H

#include "request/request.h"

typedef struct vd_read {
    vd_request   *request;
    const vd_doc *doc;
    vd_error     *err;
} vd_read;

vd_code vd_read_fail(const vd_read *in, uint32_t node, const char *format, ...)
    VD_PRINTF(3, 4); /* VD_ESYNTAX */
vd_code vd_read_nomem(const vd_read *in);

/* Kinds.  name is the member that the value belongs to, for the complaint. */
bool    vd_read_is(const vd_read *in, uint32_t node, vd_node_kind kind);
vd_code vd_read_object(const vd_read *in, uint32_t node, vd_str name);
vd_code vd_read_array(const vd_read *in, uint32_t node, vd_str name);
vd_code vd_read_string(const vd_read *in, uint32_t node, vd_str name, vd_str *out);
vd_code vd_read_bool(const vd_read *in, uint32_t node, vd_str name, bool *out);
/* A string, or digits without quotes as people write account numbers in YAML. */
vd_code vd_read_account(const vd_read *in, uint32_t node, vd_str name, vd_str *out);
/* One of a list of words, with a did-you-mean. */
vd_code vd_read_word(const vd_read *in, uint32_t node, vd_str name, const vd_str *words, size_t count,
                     size_t *index);

/* The values of the named members, VD_NONE where there is none.  Any other member is refused with a suggestion,
 * and so is the second of two equal ones. */
vd_code vd_read_members(const vd_read *in, uint32_t object, vd_str what, const vd_str *names, size_t count,
                        uint32_t *at);

/* The request's own complaint about what stands at node. */
vd_code vd_read_refused(const vd_read *in, uint32_t node, vd_code code);
vd_code vd_read_set(const vd_read *in, uint32_t node, vd_field field, vd_str value);

/* The JSON in the string at node, read as a document that lives in the request. */
vd_code vd_read_inner(const vd_read *in, uint32_t node, vd_str name, vd_doc *out);

/* The end of a reader: what failed half-way must not be decided. */
vd_code vd_read_end(vd_request *r, vd_code code);

#endif

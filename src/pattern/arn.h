/* SPDX-License-Identifier: Apache-2.0
 *
 * ARNs: six fields, separated by the first five colons (E304); resource patterns of policies (E305, E309, E310) and
 * the patterns of Arn operators (E534) as coded patterns for glob.h.
 */
#ifndef VERDICT_PATTERN_ARN_H
#define VERDICT_PATTERN_ARN_H

#include "pattern/glob.h"

typedef struct vd_arn {
    vd_str partition, service, region, account, resource;
} vd_arn;

bool vd_arn_split(vd_arn *out, vd_str s); /* "arn" and six fields; false: not an ARN */
bool vd_is_account(vd_str s);             /* 12 digits */
bool vd_is_unique_id(vd_str s);           /* AIDA..., AROA...: a user, a role (E411) */

typedef enum vd_resource_form {
    VD_RESOURCE_OK,
    VD_RESOURCE_STARS,      /* nothing but '*': matches everything (E302, E303) */
    VD_RESOURCE_SHORT,      /* fewer than six fields, none empty: E309 decides */
    VD_RESOURCE_SHORT_EMPTY, /* short and with an empty field: a reject */
    VD_RESOURCE_NO_COLON    /* text without colon that is not '*': a reject (E310) */
} vd_resource_form;

/* Fields as E304 and E312 find them: 1 to 6; *empty: one of them is.  `variables` (2012 documents): colons inside
 * ${...} do not separate.  In a 2008 document "${" means nothing. */
uint32_t         vd_arn_fields(vd_str text, bool variables, bool *empty);
vd_resource_form vd_resource_classify(vd_str text, bool variables);

/* Codes the text of a Resource element by E305: wildcards of the sixth field wide; of fields one to five narrow, but
 * a '*' that is the last character of its field wide.  Variables must have been dealt with before: `variables` true
 * means that "${" starts one (2012 documents), and the call stops at the first one of the sixth field: *used is how
 * much of text was coded.  Runs of stars become one (wide if one of them is).  A SHORT pattern is completed with ":*"
 * fields (wide).  out has room for text.n + 12 bytes. */
size_t vd_resource_code(char *out, vd_str text, bool variables, size_t *used);

/* Codes the pattern of an Arn operator (E534, E535): wildcards narrow in fields one to five, wide in the sixth.
 * false: fewer than six fields.  out has room for text.n bytes; no variables in it. */
bool vd_arn_code(char *out, size_t *n, vd_str text);

/* The same for one literal part of a pattern with variables.  *field is 0 before the first part and says afterwards
 * where the part ended: a pattern has six fields when it is 5 after the last one.  What a variable yields is copied
 * as it is; but while *field is below 5 it must hold no ':', for it stays in its field (E535) and no field of a value
 * holds one: such a pattern matches nothing.  out has room for part.n bytes. */
size_t vd_arn_code_part(char *out, vd_str part, uint32_t *field);

#endif

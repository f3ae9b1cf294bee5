/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens of HCL, as far as its outer shape needs them: a string with code in it is one token.
 */
#ifndef VERDICT_EXTRACT_HCL_LEX_H
#define VERDICT_EXTRACT_HCL_LEX_H

#include "text/source.h"

typedef enum vd_hcl_kind {
    VD_HCL_END,
    VD_HCL_WORD,
    VD_HCL_STRING,
    VD_HCL_HEREDOC,
    VD_HCL_COMMENT,
    VD_HCL_OPEN,  /* a brace */
    VD_HCL_CLOSE,
    VD_HCL_OTHER  /* one byte */
} vd_hcl_kind;

typedef struct vd_lexeme {
    vd_hcl_kind kind;
    vd_span     span; /* of a string: with its quotes; of a heredoc: its lines */
} vd_lexeme;

/* The token at or behind *at, which moves behind it. */
vd_lexeme vd_hcl_next(vd_str s, size_t *at);

#endif

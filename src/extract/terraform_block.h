/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of a plan with the marks beside them, and the statement of a block.
 */
#ifndef VERDICT_EXTRACT_TERRAFORM_BLOCK_H
#define VERDICT_EXTRACT_TERRAFORM_BLOCK_H

#include "extract/terraform.h"

typedef struct vd_tf_value {
    uint32_t node, unknown, sensitive; /* VD_NONE: not there */
    uint32_t references; /* of the configuration, for names of holes */
} vd_tf_value;

typedef struct vd_tf_writer {
    vd_tf   *tf;
    vd_made *m;
    vd_span  block; /* of the statement, for what has no token */
    uint32_t config; /* of the statement; VD_NONE: it says nothing */
    vd_str   place; /* "data.aws_iam_policy_document.x" */
} vd_tf_writer;

/* Elements of three lists side by side; the marks may be shorter, or one mark for all. */
typedef struct vd_tf_elements {
    const vd_doc *d;
    vd_tf_value   list, at;
    bool          started;
} vd_tf_elements;

vd_tf_value    vd_tf_member(const vd_doc *d, vd_tf_value of, const char *name);
bool           vd_tf_is_hole(const vd_doc *d, vd_tf_value v); /* not known, or sensitive */
vd_tf_elements vd_tf_each_of(const vd_doc *d, vd_tf_value list);
bool           vd_tf_next_element(vd_tf_elements *e, vd_tf_value *out);

/* The statement that a block of an instance is, its index-th. */
void vd_tf_write_block(vd_tf_writer *w, const vd_tf_instance *i, uint32_t index, vd_tf_value block);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * A Terraform or OpenTofu plan while its policies are taken out.  terraform.c goes through the instances of resources,
 * terraform_config.c knows what the configuration says about a value that is not known yet, terraform_document.c makes
 * the document of an aws_iam_policy_document, terraform_block.c a statement of it, terraform_statement.c that of a
 * resource that is a statement, terraform_identity.c knows whose policies belong together, terraform_secret.c what nobody
 * is to see.
 */
#ifndef VERDICT_EXTRACT_TERRAFORM_H
#define VERDICT_EXTRACT_TERRAFORM_H

#include "base/map.h"
#include "catalog/catalog.h"
#include "extract/each.h"
#include "extract/formats.h"
#include "extract/made.h"

typedef enum vd_tf_action { VD_TF_NONE, VD_TF_CHANGE, VD_TF_READ, VD_TF_GONE } vd_tf_action;

/* One instance of a resource or data source, with what will be: nodes of the plan, VD_NONE when there are none. */
typedef struct vd_tf_instance {
    vd_str   address, type;
    vd_str   scope; /* "module.a[0].", empty at the root: the beginning of the address */
    vd_str   key;   /* "[0]" behind the name; else empty */
    uint32_t node;  /* of the instance */
    uint32_t after, unknown, sensitive;
    uint32_t entity; /* of a role, user or group */
    uint8_t  action; /* vd_tf_action */
    bool     data, used;
    bool     attached, boundary; /* a managed policy, to somebody */
} vd_tf_instance;

typedef struct vd_tf {
    const vd_input *in;
    const vd_doc   *doc;
    vd_arena       *arena;
    vd_sheet        table, arns;
    bool            is_state;
    VD_VEC(vd_tf_instance) instances;
    vd_intern       addresses; /* of instances, same numbers */
    vd_intern       config;    /* addresses without indexes: of resources, and of modules with "." behind */
    VD_VEC(uint32_t) config_nodes;
    vd_intern       texts; /* documents handed out, by type, property and text: equal instances count once */
    VD_VEC(uint32_t) text_rows;
    vd_intern       names; /* of identities, "aws_iam_role deploy" */
    VD_VEC(uint32_t) name_entities;
    VD_VEC(uint32_t) documents; /* that were merged into the one made last */
} vd_tf;

uint32_t vd_tf_find(const vd_tf *tf, vd_str address); /* an instance; VD_NONE: none */

/* A tree of marks (after_unknown, sensitive_values) beside values: is the value that `e` stands at marked? */
bool vd_tf_is_marked(const vd_doc *d, uint32_t marks, const vd_each *e);
bool vd_tf_has_mark(const vd_doc *d, uint32_t marks); /* it, or anything below */

/* ------------------------------------------------------------------ terraform_config.c */

vd_code vd_tf_read_config(vd_tf *tf);

/* What the configuration has for an instance: its "expressions"; then the "references" of one, perhaps of the index-th
 * block of a list.  VD_NONE: it says nothing. */
uint32_t vd_tf_expressions(vd_tf *tf, const vd_tf_instance *i);
uint32_t vd_tf_references_at(const vd_doc *d, uint32_t expressions, vd_str attribute);
uint32_t vd_tf_references(vd_tf *tf, const vd_tf_instance *i, vd_str attribute, uint32_t index, vd_str inner);
/* The one thing that the references lead to, through variables and outputs of modules, if it is an instance of this type:
 * its number, else VD_NONE. */
uint32_t vd_tf_resolve(vd_tf *tf, const vd_tf_instance *i, uint32_t references, vd_str type);
/* The references that are not the beginning of another one, "a.b.arn, c.d.id"; empty: none. */
/* What stands for a value with these references: an ARN, when there is one and it is known to be that. */
bool     vd_tf_hole(vd_tf *tf, uint32_t references, vd_hole *out);
bool     vd_tf_words(vd_tf *tf, uint32_t references, vd_str *out);
/* The n-th of them that is an attribute of a resource or data source; *count: of how many. */
vd_str   vd_tf_reference(const vd_tf *tf, uint32_t references, uint32_t n, uint32_t *count);

/* ------------------------------------------------------------------ terraform_identity.c */

/* Sets entity and boundary of all instances.  False: no memory. */
bool vd_tf_find_identities(vd_tf *tf);

/* ------------------------------------------------------------------ terraform_secret.c */

bool vd_tf_find_secrets(vd_tf *tf); /* false: no memory */

/* ------------------------------------------------------------------ documents */

/* The document of a data source whose text is not known yet.  *why is set when it cannot be made. */
vd_code vd_tf_document(vd_tf *tf, uint32_t instance, vd_source **out, const char **why);
/* The statement that a permission comes to.  *out NULL: nothing can be said. */
vd_code vd_tf_statement(vd_tf *tf, const vd_tf_instance *i, vd_source **out);

/* ------------------------------------------------------------------ the format */

bool    vd_is_terraform(const vd_input *in);
vd_code vd_extract_terraform(const vd_input *in);

#endif

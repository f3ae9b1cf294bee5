/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies out of whatever file they are kept in: a bare document, an array or a wrapper of documents, what the AWS
 * command line prints, a CloudFormation or SAM template, a Terraform plan.  Every policy comes out as nodes of a document
 * whose spans lead back to the file that the user edits; what a template leaves open is a hole (text/hole.h).  Nothing
 * here judges policies; what is wrong with the container itself is a remark with the id of a lint rule.
 */
#ifndef VERDICT_EXTRACT_EXTRACT_H
#define VERDICT_EXTRACT_EXTRACT_H

#include "base/arena.h"
#include "text/doc.h"
#include "text/hole.h"

#include <verdict/policy.h>

/* Which fillings of a template a variant stands for.  A policy without alternatives is one VD_VARIANT_PLAIN. */
typedef enum vd_variant {
    VD_VARIANT_PLAIN,
    VD_VARIANT_WHEN,   /* of some values of conditions: a finding that not all of these have says "when {when}" */
    VD_VARIANT_EVERY,  /* one of the values that a parameter may have: only what all of these have is a finding */
    VD_VARIANT_DEFAULT /* with defaults filled in: what only this one has is a suggestion "with the default value of {when}" */
} vd_variant;

/* Something the container says that rules ask for: "service-name" "com.amazonaws.eu-west-1.s3", "bucket", "queue-arn",
 * "role-name", "role-path", "permission-set", "vpc" ...  A table in docs/architecture.md lists them. */
typedef struct vd_fact {
    vd_str name, value;
    vd_pos at;
} vd_fact;

typedef struct vd_extracted {
    vd_str        container; /* stable address: logical id and property, Terraform address, JSON pointer; empty: the file */
    vd_str        type;      /* of the container: "AWS::IAM::Role", "aws_iam_policy"; empty: none */
    vd_str        label;     /* for people: "Resources.Deploy (AWS::IAM::Role) > Policies[0] \"deploy\"" */
    vd_str        name;      /* of the policy, when it has one: "deploy" */
    vd_str        pointer;   /* JSON pointer of the document in the file; empty: the whole */
    bool          kind_known; /* the container says what it is; else kind means nothing */
    vd_kind       kind;
    vd_str        resource_kind; /* of a resource policy: "s3-bucket", "kms-key" ...; empty: not known */
    uint32_t      policy;    /* variants of one policy share this number */
    uint32_t      entity;    /* policies of one identity share this number; VD_NONE: it stands alone */
    uint8_t       variant;   /* vd_variant */
    vd_str        when;      /* "IsProd", "not IsProd, Stage" */
    const vd_doc *doc;       /* its source may be derived; doc->source->holes are its holes */
    uint32_t      node;      /* VD_NONE: there is no document, only facts (a permission of a service, a list of ARNs) */
    bool          synthetic; /* a statement made from properties: no text of a policy is in the file */
    bool          fixable;   /* edits of the file are edits of the policy */
    const char   *unfixable; /* why not: "a plan is made by terraform" */
    vd_fact      *facts;
    uint32_t      fact_count, fact_cap;
} vd_extracted;

/* An edit of the file's bytes. */
typedef struct vd_patch {
    uint32_t offset, length;
    vd_str   text;
} vd_patch;

/* Something about the container: rule is the id of a lint rule ("ref-is-not-arn"), which knows the severity. */
typedef struct vd_remark {
    vd_str   rule;
    vd_pos   at;
    vd_str   container, text, hint;
    vd_patch fix; /* length 0 and empty text: none */
} vd_remark;

/* A managed policy that something attaches. */
typedef struct vd_attached {
    vd_str   arn, container;
    uint32_t entity;
    vd_pos   at;
} vd_attached;

typedef struct vd_unresolved { /* what could not be judged, and why: counted, never guessed */
    vd_str container, reason;
    vd_pos at;
} vd_unresolved;

/* Of a plan: where the files of a module are, relative to those of the root module. */
typedef struct vd_module_folder {
    vd_str address; /* "module.a.module.b." */
    vd_str folder;  /* "modules/a/b" */
} vd_module_folder;

typedef struct vd_extraction {
    vd_arena       arena; /* everything below lives in it */
    const char    *format; /* "policy", "cloudformation", "terraform-plan", "aws-cli" ...; NULL: no policy in it */
    vd_extracted  *at;
    uint32_t       count, cap;
    vd_remark     *remarks;
    uint32_t       remark_count, remark_cap;
    vd_attached   *attached;
    uint32_t       attached_count, attached_cap;
    vd_unresolved *unresolved;
    uint32_t       unresolved_count, unresolved_cap;
    vd_module_folder *modules;
    uint32_t       module_count, module_cap;
    vd_str         text;    /* of a file in another encoding: as UTF-8, to which all places are told; else empty */
    vd_span       *secrets; /* bytes of the file that nobody is to see */
    uint32_t       secret_count, secret_cap;
    uint32_t       skipped; /* resources of the container that hold no IAM policy or are not to be changed */
} vd_extraction;

typedef struct vd_extract_opts {
    vd_str account, partition; /* of the deployment; empty: holes */
    /* Values of template parameters by name; NULL: none. */
    bool (*parameter)(void *user, vd_str name, vd_str *value);
    void  *user;
    bool   all_versions;  /* of get-account-authorization-details */
    bool   all_resources; /* of a plan: unchanged ones as well */
    bool   defaults;      /* make VD_VARIANT_DEFAULT variants */
    const struct vd_catalog *catalog; /* formats of ARNs, the table policy-properties */
} vd_extract_opts;

/* source is a file's text, borrowed as long as the extraction lives.  A text that cannot be read at all fails with its
 * position (notes may have more, duplicates are told there); a text without any policy succeeds with format NULL. */
vd_code vd_extract(vd_extraction *out, const vd_engine *engine, const vd_source *source, const vd_extract_opts *opts,
                   vd_diags *notes, vd_error *err);
void    vd_extraction_done(vd_extraction *x);

vd_str vd_extracted_fact(const vd_extracted *e, const char *name); /* empty: it does not say */

#endif

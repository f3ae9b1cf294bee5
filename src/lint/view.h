/* SPDX-License-Identifier: Apache-2.0
 *
 * What rules look at: the model of a policy, with everything resolved that several rules ask for.  Each string knows
 * whether it holds a wildcard, a variable, a hole; actions know their service and what they stand for; condition entries
 * know their key.  A rule speaks only when it would for every filling of the holes: look at `hole` first.
 */
#ifndef VERDICT_LINT_VIEW_H
#define VERDICT_LINT_VIEW_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "extract/extract.h"
#include "lint/config.h"
#include "pattern/arn.h"
#include "policy/policy.h"

typedef struct vd_view_action {
    vd_text  text;
    vd_str   prefix, name; /* around the first colon; both empty: no colon */
    bool     star;         /* nothing but "*" */
    bool     wild;         /* a wildcard somewhere */
    bool     prefix_wild;  /* before the colon, or no colon and a wildcard */
    bool     hole;
    bool     malformed;    /* no action at all: src/policy has said so */
    uint32_t service;      /* of a literal prefix; VD_NONE: the catalogue does not know it, or it is no literal */
    uint32_t action;       /* of a literal action; likewise */
    vd_ids   ids;          /* all actions it matches, rising; of "*" all there are */
} vd_view_action;

typedef struct vd_view_resource {
    vd_text text;
    bool    star;     /* matches everything: nothing but stars */
    bool    wild, variable, hole;
    bool    is_arn;   /* begins with "arn:" and has six fields: */
    vd_arn  arn;      /* as written, wildcards and all */
    vd_ids  types;    /* resource types of the catalogue it may be (lint/fit.h); valid when fitted */
    vd_str  exact, open; /* coded patterns, made by lint/cover.h when one asks */
    bool    fitted, coded;
    bool    types_open;  /* of fit.h: types may not be all */
    bool    of_hole;     /* of fit.h: a template's own ARN; arn and form say what is known of it */
    vd_str  form;
} vd_view_resource;

typedef enum vd_principal_shape {
    VD_SHAPE_EVERYONE,  /* "*", {"AWS": "*"} */
    VD_SHAPE_ACCOUNT,   /* 12 digits or arn:...:root */
    VD_SHAPE_ROLE,
    VD_SHAPE_USER,
    VD_SHAPE_SESSION,   /* assumed-role */
    VD_SHAPE_FEDERATED_USER,
    VD_SHAPE_UNIQUE_ID, /* AROA..., AIDA... */
    VD_SHAPE_SERVICE,
    VD_SHAPE_FEDERATED, /* identity provider */
    VD_SHAPE_CANONICAL,
    VD_SHAPE_OTHER      /* a hole, or what src/policy complains about */
} vd_principal_shape;

typedef struct vd_view_principal {
    vd_text text;
    uint8_t type;  /* vd_principal_type */
    uint8_t shape; /* vd_principal_shape */
    bool    hole;  /* a service or provider may be named all the same: shape tells */
    vd_str  account; /* of an AWS principal; empty: none, or a hole */
    vd_str  name;    /* of a role or user with its path, a service without ".amazonaws.com" */
} vd_view_principal;

typedef enum vd_key_family {
    VD_FAMILY_GLOBAL,    /* aws: */
    VD_FAMILY_SERVICE,   /* prefix of a service in the catalogue */
    VD_FAMILY_FEDERATED, /* saml:, and hosts of identity providers */
    VD_FAMILY_UNKNOWN
} vd_key_family;

struct vd_view_condition {
    const vd_entry *entry; /* operator, values; entry->op.op is NULL for an unknown operator */
    uint32_t        index;
    vd_str          key;          /* as written */
    vd_str          prefix, name; /* around the first colon */
    uint8_t         family;       /* vd_key_family */
    uint32_t        id;           /* in the catalogue; VD_NONE: unknown */
    vd_key_fact     fact;         /* of id; name empty when unknown */
    bool            key_hole;     /* the key or the operator is not known */
    bool            value_hole;   /* some value is not */
};

struct vd_view_statement {
    const vd_statement *model;
    uint32_t            index;
    bool                allow;
    vd_view_action     *actions; /* of Action or NotAction: model->action.negated */
    uint32_t            action_count;
    bool                actions_hole; /* some element of the list is not known */
    bool                all_actions;  /* Action with a "*" in it */
    vd_view_resource   *resources;
    uint32_t            resource_count;
    bool                resources_hole;
    bool                all_resources; /* Resource with a "*" in it, or none where the kind needs none */
    vd_view_principal  *principals;
    uint32_t            principal_count;
    bool                principals_hole;
    vd_view_condition  *conditions;
    uint32_t            condition_count;
    bool                conditions_hole; /* an entry of which not even the key is known */
    vd_ids              reach; /* union of what the actions match; of NotAction the complement */
};

/* Patterns to the ids they match, kept for the next policy of the same thread. */
typedef struct vd_expansions vd_expansions;
vd_expansions *vd_expansions_new(const vd_catalog *c, const vd_allocator *a);
void           vd_expansions_free(vd_expansions *x);
/* Valid as long as x; false: no memory. */
bool           vd_expansions_get(vd_expansions *x, vd_str pattern, vd_ids *out);
vd_ids         vd_expansions_all(const vd_expansions *x);
/* A bit for each action, all clear; whoever uses them clears them again. */
uint64_t      *vd_expansions_bits(vd_expansions *x);
/* lint/powers.h, made when first asked for; NULL: no memory. */
struct vd_powers *vd_expansions_powers(vd_expansions *x);

/* What was found out about the ARN of a text without holes and variables, which depends on the catalogue alone: policies
 * repeat each other's texts.  NULL: no room is left, or no memory. */
typedef struct vd_known_arn {
    bool     has_types, has_formats;
    vd_ids   types;                                     /* that it fits */
    uint32_t formats, region, account, literal_account; /* that its resource part fits; of those: with such a field */
} vd_known_arn;
vd_known_arn  *vd_expansions_arn(vd_expansions *x, vd_str text);
bool           vd_expansions_keep(vd_expansions *x, vd_ids *ids); /* copies them to where they last as long */

/* Fills statements; false: no memory. */
bool vd_view_make(vd_view_statement **out, uint32_t *count, vd_arena *arena, const vd_catalog *c, vd_expansions *x,
                  const vd_lint_config *config, const vd_policy *policy);

/* Sets of ids. */
bool vd_ids_have(vd_ids set, uint32_t id);
bool vd_ids_union(vd_arena *arena, vd_ids a, vd_ids b, vd_ids *out);
bool vd_ids_minus(vd_arena *arena, vd_ids a, vd_ids b, vd_ids *out);

/* Does an action text (pattern) match "svc:Name", without case? */
bool vd_view_action_matches(vd_str pattern, vd_str action);
/* Some action of the element reaches it: for a literal "iam:PassRole", NotAction seen as its complement. */
bool vd_view_reaches(const vd_view_statement *st, uint32_t action);

#endif

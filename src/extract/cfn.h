/* SPDX-License-Identifier: Apache-2.0
 *
 * A template of CloudFormation while its policies are taken out.  cfn_template.c knows its names, cfn_name.c what
 * they come to, cfn_value.c what its functions do, cfn_text.c puts texts together, cfn_variants.c which alternatives
 * there are, cfn_write.c makes JSON of a policy, cfn_policy.c hands it out; cloudformation.c goes through the resources.
 * Nothing here is seen outside of these files.
 *
 * Functions stand in functions: the one recursion, of vd_cfn_value, is bounded by VD_CFN_DEEPEST, and the work of a
 * template by a budget.  Where either ends, the value is a hole.
 */
#ifndef VERDICT_EXTRACT_CFN_H
#define VERDICT_EXTRACT_CFN_H

#include "base/map.h"
#include "catalog/catalog.h"
#include "extract/formats.h"

enum {
    VD_CFN_DEEPEST = 24,      /* functions in functions */
    VD_CFN_VARIANTS = 32,     /* of one policy */
    VD_CFN_CHOICES = 16,      /* conditions and parameters that make them */
    VD_CFN_BINDINGS = 5,      /* loops in loops */
    VD_CFN_LOOP = 100,        /* values of a loop */
    VD_CFN_TEXT = 1 << 18,    /* bytes of one text that functions make */
    VD_CFN_PARTS = 1 << 14,   /* of one text or list */
    VD_CFN_STEPS = 1 << 18,   /* for one variant of a policy */
    VD_CFN_WORK = 1 << 22,    /* steps of one template */
    VD_CFN_BYTES = 1 << 25    /* of all policies that are written */
};

/* ------------------------------------------------------------------ values */

/* A piece of a text: bytes of the file or of our own, or a hole. */
typedef struct vd_cfn_part {
    vd_str   text;  /* empty: a hole */
    uint32_t hole;  /* VD_NONE: text */
    vd_span  at;    /* in the file */
    bool     exact; /* the bytes at `at` are the text */
} vd_cfn_part;

typedef enum vd_cfn_kind {
    VD_CFN_GONE,   /* AWS::NoValue */
    VD_CFN_STRING, /* a text */
    VD_CFN_BARE,   /* a number or boolean, as text */
    VD_CFN_LIST,   /* made by a function */
    VD_CFN_NODE,   /* an array or object as written */
    VD_CFN_UNKNOWN /* one part: a hole that may be anything, a list or an object too */
} vd_cfn_kind;

typedef struct vd_cfn_value vd_cfn_value;
struct vd_cfn_value {
    uint8_t             kind;
    const vd_cfn_part  *parts;
    uint32_t            part_count;
    const vd_cfn_value *items;
    uint32_t            item_count;
    uint32_t            node; /* where it comes from */
    uint32_t            ref;  /* of nothing but a Ref to a resource: its number; else VD_NONE */
    vd_span             at;
};

/* ------------------------------------------------------------------ names */

enum { VD_CFN_PARAMETER = 1, VD_CFN_RESOURCE };

typedef struct vd_cfn_id {
    vd_str   name;
    uint8_t  what;
    bool     boundary; /* a managed policy that is somebody's permissions boundary */
    uint32_t node;     /* the object behind the name */
    uint32_t entity;   /* of a role, user or group; VD_NONE: not asked for */
    vd_str   type;     /* of a resource; else of the parameter */
    uint32_t row;      /* of the table cfn-types; VD_NONE: none */
    uint8_t  visits;   /* its literal name is being looked for */
} vd_cfn_id;

/* What has alternatives. */
typedef enum vd_cfn_what {
    VD_CFN_CONDITION, /* 0: it holds, 1: it does not */
    VD_CFN_VALUE,     /* a parameter with AllowedValues */
    VD_CFN_KEY        /* of a mapping: what a hole must be for the template to work */
} vd_cfn_what;

typedef struct vd_cfn_choice {
    vd_str        name;
    uint8_t       what;
    const vd_str *values;
    uint32_t      count, current;
} vd_cfn_choice;

typedef struct vd_cfn_binding {
    vd_str       name;
    vd_cfn_value value;
} vd_cfn_binding;

typedef struct vd_cfn {
    const vd_input *in;
    const vd_doc   *doc;
    vd_arena       *arena;  /* of the extraction */
    vd_arena        scratch; /* values of one policy */
    uint32_t        root;    /* the object with Resources and the like */
    vd_sheet        types, properties, templates;
    vd_intern       names;  /* of ids */
    VD_VEC(vd_cfn_id) ids;  /* by number in names */
    vd_intern       mappings;
    VD_VEC(uint32_t) mapping_nodes;
    vd_holes       *holes; /* of all policies of the template: equal names are equal values */
    vd_map          hole_map;
    vd_cfn_choice   choices[VD_CFN_CHOICES];
    uint32_t        choice_count;
    vd_cfn_binding  bindings[VD_CFN_BINDINGS];
    uint32_t        binding_count;
    bool            defaults; /* parameters are their defaults */
    vd_str          used_defaults;
    bool            checking; /* faults of the template are remarked */
    bool            foreign;  /* "${...}" in plain text belongs to another tool */
    uint8_t        *remarked; /* by node: once is enough */
    const vd_source *inner; /* of the decoded string looked at last */
    uint32_t        inner_node;
    uint32_t        key_node; /* a key is looked at: no function can stand there */
    vd_str          within;  /* the resource whose policy is read */
    vd_str          container;
    const char     *doubt;    /* why the policy cannot be read; NULL: it can */
    uint64_t        work, bytes; /* of the template */
    uint64_t        most_work;   /* that this variant may come to */
    bool            no_memory;
} vd_cfn;

/* cfn_template.c */
bool             vd_cfn_init(vd_cfn *c, const vd_input *in, uint32_t root);
void             vd_cfn_begin(vd_cfn *c); /* forgets the values of what was looked at before */
void             vd_cfn_done(vd_cfn *c);
const vd_cfn_id *vd_cfn_find(const vd_cfn *c, vd_str name); /* NULL: no parameter or resource */
uint32_t         vd_cfn_mapping(const vd_cfn *c, vd_str name);
vd_str           vd_cfn_type_cell(const vd_cfn *c, const vd_cfn_id *id, const char *column);
/* The hole with this kind and name, made when it is new.  VD_NONE: too many, or no memory. */
uint32_t         vd_cfn_hole(vd_cfn *c, vd_hole_kind kind, vd_str name, vd_str pattern, vd_str value);
bool             vd_cfn_remark(vd_cfn *c, const char *rule, uint32_t node, vd_span at, const char *format, ...)
    VD_PRINTF(5, 6); /* true: it is new, and a fix can be added */
/* A fix of the last remark; what: in words, "put it under Fn::Sub". */
void             vd_cfn_patch(vd_cfn *c, const char *what, vd_span at, const char *format, ...) VD_PRINTF(4, 5);
vd_span          vd_cfn_span(const vd_cfn *c, uint32_t node); /* with its tag */

/* cfn_call.c: which function a node is */
typedef enum vd_cfn_fn {
    VD_FN_NONE,
    VD_FN_REF,
    VD_FN_GETATT,
    VD_FN_SUB,
    VD_FN_JOIN,
    VD_FN_SELECT,
    VD_FN_SPLIT,
    VD_FN_FIND,
    VD_FN_IF,
    VD_FN_IMPORT,
    VD_FN_TO_JSON,
    VD_FN_LENGTH,
    VD_FN_OTHER,  /* known, and nothing can be said about its value */
    VD_FN_UNKNOWN /* a tag that CloudFormation does not have */
} vd_cfn_fn;

typedef struct vd_cfn_call {
    vd_cfn_fn fn;
    vd_str    name;
    uint32_t  argument;
    bool      tagged; /* by a tag: the argument is the node itself */
} vd_cfn_call;

vd_cfn_call vd_cfn_call_at(const vd_doc *d, uint32_t node);
uint32_t    vd_cfn_nth(const vd_doc *d, uint32_t array, uint32_t index); /* VD_NONE: it has none */

/* cfn_value.c */
vd_cfn_value vd_cfn_value_of(vd_cfn *c, uint32_t node);
/* Past what has been decided: the branch that an Fn::If stands for; VD_NONE: nobody knows. */
uint32_t     vd_cfn_branch(const vd_cfn *c, uint32_t node);
vd_cfn_value vd_cfn_eval(vd_cfn *c, uint32_t node, uint32_t depth);

/* cfn_name.c */
/* What a Ref to a resource was meant to be; *attribute: the one of Fn::GetAtt that gives it, empty: none does. */
vd_cfn_value vd_cfn_arn(vd_cfn *c, uint32_t id, uint32_t node, vd_str *attribute);
vd_cfn_value vd_cfn_ref(vd_cfn *c, vd_str name, uint32_t node, vd_span at, uint32_t depth);
vd_cfn_value vd_cfn_get_att(vd_cfn *c, vd_str id, vd_str attribute, uint32_t node, vd_span at, uint32_t depth);

/* cfn_text.c */
vd_cfn_value vd_cfn_unknown(vd_cfn *c, vd_hole_kind kind, vd_str name, vd_str value, uint32_t node);
vd_cfn_value vd_cfn_nobody_knows(vd_cfn *c, vd_hole_kind kind, vd_str name, uint32_t node); /* equals no other: "Fn::Select #7" */
vd_cfn_value vd_cfn_of_parts(vd_cfn *c, const vd_cfn_part *parts, uint32_t count, uint32_t node);
vd_cfn_value vd_cfn_of_words(vd_cfn *c, vd_str words, uint32_t node);
vd_cfn_part  vd_cfn_our(vd_cfn *c, vd_str text, uint32_t node); /* our own words, told at the place of the function */
bool         vd_cfn_plain(const vd_cfn_value *v, vd_str *out); /* a text without holes, in one piece */
vd_str       vd_cfn_shown(vd_cfn *c, const vd_cfn_value *v);   /* for facts and labels: holes as {Name} */
bool         vd_cfn_is_text(const vd_cfn_value *v);
bool         vd_cfn_is_hole(const vd_cfn_part *p);

/* A text while it is put together. */
typedef struct vd_cfn_text {
    vd_cfn_part *at;
    uint32_t     count, cap;
    size_t       bytes;
    bool         broken; /* too long */
} vd_cfn_text;
void         vd_cfn_add(vd_cfn *c, vd_cfn_text *t, vd_cfn_part part);
/* what: the name of the hole that one that became too long is. */
vd_cfn_value vd_cfn_of_text(vd_cfn *c, const vd_cfn_text *t, uint32_t node, const char *what);
void vd_cfn_add_value(vd_cfn *c, vd_cfn_text *t, const vd_cfn_value *v);
/* value[from, end) of a string node, with the places its bytes come from. */
void vd_cfn_add_slice(vd_cfn *c, vd_cfn_text *t, uint32_t node, size_t from, size_t end);

vd_span vd_cfn_slice_span(vd_cfn *c, uint32_t node, size_t from, size_t end);

/* cfn_sub.c */
vd_cfn_value vd_cfn_sub(vd_cfn *c, uint32_t node, uint32_t argument, uint32_t depth);
vd_cfn_value vd_cfn_literal(vd_cfn *c, uint32_t node); /* a string as written: dynamic references, forgotten Fn::Sub */

/* cfn_variants.c: the alternatives within a node, and going through them */
void vd_cfn_choose(vd_cfn *c, uint32_t node, uint32_t end);
bool vd_cfn_next_variant(vd_cfn *c); /* false: all have been */
vd_str vd_cfn_when(vd_cfn *c);       /* of the conditions, in words */
bool vd_cfn_has_values(const vd_cfn *c);
const vd_cfn_choice *vd_cfn_choice_of(const vd_cfn *c, vd_str name, vd_cfn_what what); /* NULL: none */

/* cfn_write.c: JSON of an object under the choices made; *out NULL: c->doubt says why not */
vd_code vd_cfn_write(vd_cfn *c, vd_source **out, uint32_t node);
vd_code vd_cfn_write_text(vd_cfn *c, vd_source **out, const vd_cfn_value *text);

/* A document of our own, put together; the maker lives until the next variant. */
typedef struct vd_cfn_maker vd_cfn_maker;
vd_cfn_maker *vd_cfn_make(vd_cfn *c);
void          vd_cfn_make_json(vd_cfn_maker *m, const char *json, vd_span at); /* a literal, told to stand there */
void          vd_cfn_make_value(vd_cfn_maker *m, const vd_cfn_value *v);
vd_code       vd_cfn_made(vd_cfn_maker *m, vd_cfn *c, vd_source **out);

/* cfn_policy.c */
/* Makes a document of the properties at node; *out NULL: there is none. */
typedef vd_code vd_cfn_making(vd_cfn *c, uint32_t node, const vd_extracted *like, vd_source **out);
vd_code vd_cfn_made_policy(vd_cfn *c, const vd_extracted *like, uint32_t node, vd_cfn_making *make);
/* The policy at node in all its variants.  like: the row but for the document and the variant. */
vd_code vd_cfn_policy(vd_cfn *c, const vd_extracted *like, uint32_t node, vd_takes takes);

/* cfn_facts.c */
/* What the resource says that rules ask for, as facts of the row. */
bool vd_cfn_facts(vd_cfn *c, vd_extracted *row, uint32_t resource);
vd_str vd_cfn_text_at(vd_cfn *c, uint32_t object, const char *path); /* shown; empty: it does not say */

/* cfn_resource.c: a place among the properties of a resource */
typedef struct vd_cfn_place {
    uint32_t node, parent; /* the object or list it stands in */
    vd_str   path, pointer; /* "Policies[0].PolicyDocument", "/Resources/X/Properties/Policies/0/PolicyDocument" */
} vd_cfn_place;
vd_code vd_cfn_resource(vd_cfn *c, vd_str id, uint32_t node, vd_str pointer);
/* The row of a policy at a place, without document. */
bool vd_cfn_row(vd_cfn *c, vd_extracted *row, uint32_t resource, vd_str id, const vd_cfn_place *at);
/* A policy of a place and a type of the table policy-properties. */
vd_code vd_cfn_hand_out(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str kind, vd_str resource_kind,
                        vd_str flags);
vd_code vd_cfn_attach(vd_cfn *c, vd_str id, uint32_t node, const vd_cfn_place *at);

/* cfn_synthetic.c: statements made of properties */
vd_code vd_cfn_synthetic(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str resource_kind);
vd_code vd_cfn_statement(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str resource_kind);

/* One statement, or a list of them, that needs a document around it. */
vd_code vd_cfn_statements(vd_cfn *c, const vd_extracted *like, uint32_t node);

/* cloudformation.c: all resources; section: their JSON pointer */
vd_code vd_cfn_read(vd_cfn *c, vd_str section);

/* cfn_sam.c */
vd_code vd_cfn_sam(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str kind);
/* What Globals say of a property that the resource does not have; VD_NONE: nothing. */
uint32_t vd_cfn_global(const vd_cfn *c, vd_str type, vd_str property);

#endif

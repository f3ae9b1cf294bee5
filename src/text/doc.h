/* SPDX-License-Identifier: Apache-2.0
 *
 * A document: one node array for JSON and YAML, 16 bytes a node, in order of appearance.  A container is followed
 * by its children; an object's children are key, value, key, value ...  next skips a node with all below it.
 * The value of a string is a slice of the text, or (escapes, YAML) a decoded copy in the arena.
 */
#ifndef VERDICT_TEXT_DOC_H
#define VERDICT_TEXT_DOC_H

#include "text/source.h"

typedef enum vd_node_kind {
    VD_NODE_NULL,
    VD_NODE_FALSE,
    VD_NODE_TRUE,
    VD_NODE_NUMBER,
    VD_NODE_STRING,
    VD_NODE_ARRAY,
    VD_NODE_OBJECT
} vd_node_kind;

/* flags */
enum {
    VD_NODE_DECODED = 1, /* the value is not the slice between the quotes */
    VD_NODE_BARE = 2     /* a string without quotes (YAML): the token is the value */
};

typedef struct vd_node {
    uint8_t  kind;
    uint8_t  flags;
    uint16_t depth;
    uint32_t offset, length; /* the token with its quotes or brackets */
    uint32_t next;           /* index of the first node that is not below this one */
} vd_node;

typedef struct vd_decoded {
    uint32_t node;
    vd_str   value;
} vd_decoded;

/* A tag of YAML, "!Sub" with its mark, where it stands. */
typedef struct vd_tag {
    uint32_t node, offset, length;
} vd_tag;

typedef struct vd_doc {
    const vd_source *source;
    vd_node         *nodes; /* nodes[0] is the root */
    uint32_t         count, cap;
    vd_decoded      *decoded; /* by rising node */
    uint32_t         decoded_count, decoded_cap;
    vd_tag          *tags; /* by rising node; only of vd_yaml_read_as */
    uint32_t         tag_count;
} vd_doc;

/* Strict RFC 8259, UTF-8 without a byte-order mark, one value and nothing behind it.  Everything lives in the arena.
 * Equal members of one object are reported to diags as "json-duplicate-key" (error), all of them; the call still
 * succeeds, *duplicates tells how many there were, and err then holds the first.  A syntax error fills err (and adds
 * "json-syntax", "json-trailing-data" or "json-nonstandard" to diags).  diags and duplicates may be NULL.
 * No recursion; depth, nodes and bytes are those of limits. */
vd_code vd_json_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits, vd_diags *diags,
                     uint32_t *duplicates, vd_error *err);

/* What a lenient reading let pass. */
typedef struct vd_deviation {
    const char *what; /* "a comment" */
    vd_span     span;
    bool        fixable;
    vd_str      text; /* what should stand there instead; empty: nothing */
} vd_deviation;

typedef struct vd_deviations {
    vd_deviation *at;
    uint32_t      count, cap;
} vd_deviations;

/* The same, and goes on past what many editors let pass: comments, trailing commas, single-quoted strings, a byte-order
 * mark, control characters within strings, NaN and Infinity.  No two deviations have a byte in common. */
vd_code vd_json_read_leniently(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                               vd_deviations *deviations, vd_diags *diags, uint32_t *duplicates, vd_error *err);

/* The same node array from YAML 1.1/1.2 by libfyaml events.  Equal keys and merge keys are refused, aliases
 * are expanded under the node limit, one document only.  Plain scalars: null, true/false, numbers, else strings. */
vd_code vd_yaml_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits, vd_diags *diags,
                     uint32_t *duplicates, vd_error *err);

/* What YAML may hold that a plain policy may not. */
enum {
    VD_YAML_TAGS = 1, /* tags of one "!" are kept, whatever they say; a scalar with one is a string */
    VD_YAML_MERGE = 2 /* merge keys (<<): members of other mappings that are not there, each with its own place */
};
vd_code vd_yaml_read_as(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits, unsigned allowed,
                        vd_diags *diags, uint32_t *duplicates, vd_error *err);

/* By the ending of the name: .yaml and .yml are YAML, all else JSON. */
vd_code vd_doc_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits, vd_diags *diags,
                    uint32_t *duplicates, vd_error *err);

vd_span     vd_doc_span(const vd_doc *d, uint32_t node); /* of the whole token */
vd_str      vd_doc_text(const vd_doc *d, uint32_t node); /* value of a string; else the token as written */
const char *vd_doc_kind_name(const vd_doc *d, uint32_t node); /* "a string", "an object" ... */
const vd_tag *vd_doc_tag(const vd_doc *d, uint32_t node);     /* NULL: none */
vd_str      vd_doc_tag_name(const vd_doc *d, uint32_t node);  /* "Sub"; empty: none */

/* Children: for (c = vd_doc_first(d, n); c != VD_NONE; c = vd_doc_next(d, n, c)).  In an object c is a key and
 * c + 1 its value (a key has no children); vd_doc_next then goes to the next key. */
uint32_t vd_doc_first(const vd_doc *d, uint32_t parent);
uint32_t vd_doc_next(const vd_doc *d, uint32_t parent, uint32_t child);
uint32_t vd_doc_length(const vd_doc *d, uint32_t parent); /* elements, or members */
uint32_t vd_doc_member(const vd_doc *d, uint32_t object, vd_str key); /* the value; VD_NONE: none */
/* The values of the named members, VD_NONE where there is none.  Any other member is refused with a suggestion, and so is
 * the second of two equal ones.  what: "the suite", for the complaint. */
vd_code vd_doc_members(const vd_doc *d, uint32_t object, vd_str what, const vd_str *names, size_t count, uint32_t *at,
                       vd_error *err);

/* The string at node as a source of its own, with pieces that lead back to its file; lives in the arena. */
vd_code vd_doc_inner(vd_source **out, vd_arena *arena, const vd_doc *d, uint32_t node, vd_error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiler's own state: what was attached where (builder.c), the pieces that statements share (pieces.c), their
 * tests (statement.c), the trees (tree.c), and the block in the making (emit.c).
 */
#ifndef VERDICT_COMPILE_COMPILE_H
#define VERDICT_COMPILE_COMPILE_H

#include "base/map.h"
#include "eval/image.h"
#include "eval/set.h"
#include "request/fill.h"

typedef struct vd_attachment {
    uint32_t policy; /* id; VD_NONE: only says that the level exists */
    vd_layer layer;
    uint32_t level;
    vd_str   target, principal, resource, account;
    uint32_t order;  /* of arrival */
} vd_attachment;

struct vd_builder {
    vd_engine *engine;
    vd_arena   texts;
    VD_VEC(vd_policy *) policies; /* distinct, retained, in order of arrival: the index is the id */
    VD_VEC(vd_attachment) attachments;
    vd_map     by_pointer;
    uint32_t   statements;
    vd_str     known; /* what becomes of VD_SEC_KNOWN; owned */
};

/* know.c: what is known besides policies goes into the block as well; once a builder. */
typedef struct vd_know_list {
    const vd_known_account *accounts; /* by id */
    vd_known_thing         *things;   /* put in order here */
    uint32_t                account_count, thing_count;
    const void             *of;
    void (*tag)(const void *of, uint32_t tag, vd_str *key, vd_str *value);
} vd_know_list;
vd_code vd_builder_know(vd_builder *b, const vd_know_list *list, vd_error *err);

/* A growing section of the block. */
typedef struct vd_grow {
    char  *p;
    size_t n, cap; /* bytes */
} vd_grow;

typedef struct vd_compiler {
    const vd_allocator *a;
    const vd_builder   *b;
    vd_error           *err;
    uint64_t            seed;
    bool                strip;
    uint64_t            limit; /* bytes of all sections */
    vd_grow             sec[VD_SEC_COUNT];
    uint64_t            text_seed;
    vd_map              texts;  /* what is in VD_SEC_BYTES already, as indices into text_at */
    VD_VEC(vd_itext)    text_at;
    vd_intern           typed;  /* likewise of typed values, aligned */
    VD_VEC(uint32_t)    typed_off;
    vd_map              runs[VD_SEC_COUNT]; /* what is there already, by content */
    VD_VEC(vd_itext)    prefix; /* by resource pattern: the literal beginning of its resource field */
    vd_map              keys;
    VD_VEC(uint32_t)    rank;   /* policy ids in the order of statements: by name, then arrival */
    VD_VEC(uint32_t)    first;  /* by policy id: its first statement */
    VD_VEC(uint32_t)    is_public; /* by policy id: E756 */
    VD_VEC(uint32_t)    not_action; /* by statement: the pool list of its NotAction, or 0 */
    vd_map              trees;
    uint32_t            max_text;
    size_t              text_bytes; /* VD_SEC_TEXTS to come: the policies hold the texts until the block is there */
    vd_arena            scratch; /* until the compilation ends */
    vd_arena            tree;    /* until a tree is made */
    vd_arena            piece;   /* until a statement, or a list of a tree, is made */
} vd_compiler;

/* Appends n bytes to a section; the returned index counts its elements.  VD_ENOMEM, VD_ELIMIT. */
vd_code vd_put(vd_compiler *c, vd_section s, const void *bytes, size_t n, uint32_t *index);
uint32_t vd_count_of(const vd_compiler *c, vd_section s);
void    *vd_at(const vd_compiler *c, vd_section s, uint32_t index);

vd_code vd_put_text(vd_compiler *c, vd_str s, vd_itext *out);               /* shared with equal texts */
vd_code vd_put_aligned(vd_compiler *c, const void *p, size_t n, uint32_t *off); /* in VD_SEC_BYTES, aligned to 8 */
vd_code vd_put_run(vd_compiler *c, vd_section s, const void *elements, uint32_t n, uint32_t *index); /* shared */
vd_code vd_put_key(vd_compiler *c, vd_str key, uint32_t *id);

/* Coded, lower-cased action pattern; its literal part and what hangs behind it. */
typedef struct vd_action_shape {
    vd_str text;    /* coded, lower case; in the scratch arena */
    size_t colon;   /* index of it; text.n: "*" */
    enum { VD_ACT_ALL, VD_ACT_SERVICE, VD_ACT_EXACT, VD_ACT_PREFIX, VD_ACT_PATTERN, VD_ACT_ANYWHERE } kind;
    size_t prefix;  /* literal bytes of the name (ACT_PREFIX, ACT_PATTERN) */
} vd_action_shape;
vd_code vd_action_shape_of(vd_compiler *c, vd_str action, vd_action_shape *out);
vd_code vd_put_action(vd_compiler *c, vd_str coded, uint32_t *id);

vd_code vd_put_resource(vd_compiler *c, const vd_policy *p, vd_str text, uint32_t *pattern);
vd_code vd_put_entry(vd_compiler *c, const vd_policy *p, const vd_entry *e, uint32_t *atom);
vd_code vd_put_principal(vd_compiler *c, const vd_principal_entry *e, vd_iprincipal *out);

/* Writes the hot and cold records of all statements of a policy. */
vd_code vd_compile_policy(vd_compiler *c, uint32_t policy);

/* One tree for a list of documents (ids in the order supplied), shared with an equal list. */
vd_code vd_compile_tree(vd_compiler *c, const uint32_t *docs, uint32_t count, uint32_t *tree);

/* A trie from sorted distinct texts of VD_SEC_BYTES, with the two lists of each. */
typedef struct vd_trie_key {
    vd_itext text;
    uint32_t list[2];
} vd_trie_key;
vd_code vd_compile_trie(vd_compiler *c, const vd_trie_key *keys, uint32_t count, uint32_t *root);

/* Open addressing: slots for count elements, a power of two with at least half of them free. */
uint32_t vd_slot_count(uint32_t count);

vd_code vd_compile_bindings(vd_compiler *c);
/* Gives back what only the compilation needs, sections aside; may be called again. */
void    vd_compile_forget(vd_compiler *c);
vd_code vd_compile_emit(vd_compiler *c, vd_set **out);

#endif

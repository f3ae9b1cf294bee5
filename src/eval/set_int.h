/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of vd_set: a checked block and, when it was compiled in this process, the models it was made from.
 */
#ifndef VERDICT_EVAL_SET_INT_H
#define VERDICT_EVAL_SET_INT_H

#include "eval/image.h"
#include "eval/set.h"

#include <stdatomic.h>

enum { VD_TEXTS_UNSEEN, VD_TEXTS_GOOD, VD_TEXTS_DAMAGED }; /* what has a checksum of its own */

/* Where the sections begin that an evaluation reads.  Looked up once a set; an evaluation has a copy beside its state. */
typedef struct vd_places {
    const char          *bytes;
    const uint32_t      *pool;
    const vd_ikey       *keys;
    const vd_iatom      *atoms;
    const vd_ivalue     *values;
    const vd_ipart      *parts;
    const vd_ipattern   *patterns;
    const vd_iaction    *actions;
    const vd_iprincipal *principals;
    const vd_istatement *statements;
    const vd_ientry     *entries;
    const vd_inode      *nodes;
    const vd_iservice   *services;
    const vd_iname      *names;
    const vd_itree      *trees;
} vd_places;

/* How the scratch of an evaluation is divided: behind its state stand the answers remembered, a slot for each key and the
 * states of derived keys, which are cleared for each check, then chains of keys and room for a template. */
typedef struct vd_division {
    uint32_t memo_mask;
    size_t   slots, states, cleared; /* from the first answer on, in bytes */
    size_t   chains, expand;         /* likewise */
    size_t   expand_size, all;
} vd_division;

struct vd_set {
    vd_count        refs;
    vd_engine      *engine;
    const vd_image *image;
    size_t          size;
    bool            mapped;      /* else allocated, with VD_IMAGE_ALIGN bytes of slack at block */
    void           *block;
    size_t          block_size;
    vd_policy     **models;      /* by policy id, retained; NULL: none */
    uint32_t        model_count;
    vd_places       places;
    vd_division     division;
    size_t          scratch_size;
    atomic_uint    *proved; /* bits by tree: its slots are proved; NULL: those of all trees */
    atomic_uchar    texts; /* VD_TEXTS_...: what is known of the checksum of the policies' texts */
    atomic_uchar    known; /* and of what is known besides policies */
};

/* Makes a set of a block that was proved (vd_image_check) or has just been written.  Takes over block (allocated with
 * the engine's allocator, or mapped) and the models also when it fails. */
vd_code vd_set_adopt(vd_set **out, const vd_engine *engine, void *block, size_t block_size, const vd_image *image,
                     bool mapped, vd_policy **models, uint32_t model_count, vd_error *err);

/* The trees and chains that bear on a check. */
typedef struct vd_attached {
    uint32_t tree[VD_BIND_COUNT]; /* VD_NONE: not supplied */
    uint32_t scp, rcp;
} vd_attached;
void vd_set_attached(vd_attached *out, const vd_image *m, const vd_facts *f);

/* Proves what has to be before the trees are asked; false: the bundle is damaged. */
bool vd_set_prove(const vd_set *set, const vd_attached *on);
bool vd_set_prove_all(const vd_set *set, vd_error *err);

vd_str vd_known_role_name(vd_str arn); /* without its path: roles are sorted by that */

uint32_t vd_set_find_key(const vd_image *m, vd_str key); /* key id, or VD_NONE */

#endif

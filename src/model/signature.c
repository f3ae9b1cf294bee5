/* SPDX-License-Identifier: Apache-2.0
 *
 * Signatures (analysis 9.1): nodes with the same documents, boundary and SCPs share one, and with it all answers that do not
 * read the principal itself.
 */
#include "base/str.h"
#include "model/draft.h"

#include <stdlib.h>

static int id_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Four words of what is around, then the documents, sorted, each once. */
static uint32_t write(const vd_snapshot *s, uint32_t node, uint32_t *out)
{
    const vd_snap_node *n = &s->nodes[node];
    uint32_t            count = 0, kept = 0;
    uint32_t           *docs = out + 4;

    out[0] = n->kind == VD_WHO_IS_ROOT;
    out[1] = n->bounded ? n->boundary : VD_NONE - 1; /* VD_NONE: one whose text is missing */
    out[2] = vd_snap_exempt(s, node) ? VD_NONE - 1 : s->accounts[n->account].scp;
    out[3] = s->accounts[n->account].in_org;
    for (uint32_t i = 0; i < n->held.count; i++)
        if (s->held[n->held.first + i].doc != VD_NONE)
            docs[count++] = s->held[n->held.first + i].doc;
    if (count)
        qsort(docs, count, sizeof *docs, id_order);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || docs[kept - 1] != docs[i])
            docs[kept++] = docs[i];
    return 4 + kept;
}

static vd_code number(vd_finish *f, vd_intern *known, uint32_t *room)
{
    vd_snapshot *s = f->s;

    for (uint32_t n = 0; n < s->node_count; n++) {
        vd_str words = { (const char *)room, write(s, n, room) * sizeof *room }, copy = words;

        s->nodes[n].signature = vd_intern_find(known, words);
        if (s->nodes[n].signature == VD_NONE &&
            (!vd_arena_dup(&f->from->arena, &copy, words) || !vd_intern_add(known, f->a, copy, &s->nodes[n].signature)))
            return vd_fail_nomem(f->err);
    }
    s->signature_count = known->strings.count;
    return VD_OK;
}

vd_code vd_finish_signatures(vd_finish *f)
{
    vd_intern known = { .seed = f->from->engine->hash_seed };
    uint32_t  most = 0;
    uint32_t *room;
    vd_code   code;

    for (uint32_t n = 0; n < f->s->node_count; n++)
        if (f->s->nodes[n].held.count > most)
            most = f->s->nodes[n].held.count;
    room = vd_alloc(f->a, ((size_t)most + 4) * sizeof *room);
    code = room ? number(f, &known, room) : vd_fail_nomem(f->err);
    vd_free(f->a, room, ((size_t)most + 4) * sizeof *room);
    vd_intern_done(&known, f->a);
    return code;
}

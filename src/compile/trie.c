/* SPDX-License-Identifier: Apache-2.0
 *
 * Compressed tries over sorted texts: actions by their literal prefix, resources by theirs.  Built level by level with
 * a work list, so that long prefixes cost no stack; children stand side by side behind their parent.
 */
#include "compile/compile.h"

#include "base/str.h"

/* A node still to be made: keys [from, to) agree in their first `depth` bytes. */
typedef struct job {
    uint32_t node, from, to, depth;
} job;

typedef struct trie {
    vd_compiler       *c;
    const vd_trie_key *keys;
    VD_VEC(job)        jobs;
} trie;

static vd_str text_of(const trie *t, uint32_t key)
{
    return (vd_str){ t->c->sec[VD_SEC_BYTES].p + t->keys[key].text.off, t->keys[key].text.len };
}

static uint32_t common(vd_str a, vd_str b, uint32_t from)
{
    uint32_t n = from;

    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

static vd_code make_children(trie *t, const job *j, uint32_t from, uint32_t depth, vd_inode *n)
{
    char     first[256];
    vd_itext text;
    uint32_t child;

    for (uint32_t k = from; k < j->to; k++)
        if (k == from || text_of(t, k).p[depth] != text_of(t, k - 1).p[depth])
            first[n->child_count++] = text_of(t, k).p[depth];
    VD_TRY(vd_put(t->c, VD_SEC_NODES, NULL, (size_t)n->child_count * sizeof(vd_inode), &n->child));
    child = n->child;
    for (uint32_t k = from, end; k < j->to; k = end) {
        for (end = k + 1; end < j->to && text_of(t, end).p[depth] == text_of(t, k).p[depth];)
            end++;
        if (!VD_PUSH(t->c->a, &t->jobs, (job){ child++, k, end, depth }))
            return vd_fail_nomem(t->c->err);
    }
    VD_TRY(vd_put_text(t->c, (vd_str){ first, n->child_count }, &text));
    n->child_bytes = text.off;
    return VD_OK;
}

static vd_code make_node(trie *t, job j)
{
    uint32_t end = common(text_of(t, j.from), text_of(t, j.to - 1), j.depth), from = j.from;
    vd_inode n = { .label = t->keys[j.from].text.off + j.depth };

    if (end - j.depth > UINT16_MAX)
        return vd_fail(t->c->err, VD_ELIMIT, "a pattern has a literal prefix of more than %d bytes", UINT16_MAX);
    n.label_len = (uint16_t)(end - j.depth);
    if (text_of(t, from).n == end) {
        memcpy(n.list, t->keys[from].list, sizeof n.list);
        from++;
    }
    if (from < j.to)
        VD_TRY(make_children(t, &j, from, end, &n));
    *(vd_inode *)vd_at(t->c, VD_SEC_NODES, j.node) = n;
    return VD_OK;
}

vd_code vd_compile_trie(vd_compiler *c, const vd_trie_key *keys, uint32_t count, uint32_t *root)
{
    trie    t = { .c = c, .keys = keys };
    vd_code code = vd_put(c, VD_SEC_NODES, NULL, sizeof(vd_inode), root);

    if (code == VD_OK && !VD_PUSH(c->a, &t.jobs, (job){ *root, 0, count, 0 }))
        code = vd_fail_nomem(c->err);
    for (uint32_t i = 0; code == VD_OK && i < t.jobs.count; i++)
        code = make_node(&t, t.jobs.at[i]);
    VD_VEC_DONE(c->a, &t.jobs);
    return code;
}

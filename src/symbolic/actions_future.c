/* SPDX-License-Identifier: Apache-2.0
 *
 * Names that no service has today.  They are all texts with one colon but those of the catalogue and of the documents, cut
 * into cells by one Action element after the other; a cell is kept when some name lies in it.  Members of the catalogue are
 * excluded as they turn up: the search goes by length, and nearly always the first name is nobody's.
 */
#include "symbolic/actions_int.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/overlap.h"

enum { MOST_CELLS = 512, MOST_TRIES = 256 };
static const uint64_t UNITS = 200000; /* of one search */

typedef struct cell {
    uint64_t *bits; /* sets that it lies in */
    vd_str    name; /* a member */
} cell;

typedef struct cutter {
    vd_partition *p;
    vd_globs     *sets;  /* by set: its patterns */
    vd_globs      form;  /* of names */
    vd_globs      only;  /* those asked for; none: all */
    vd_globs      known; /* names that turned up and exist */
    vd_str       *known_at;
    uint32_t      known_count, known_cap;
    cell         *cells;
    uint32_t      count, cap;
    vd_globs     *in, *out; /* of a search: room for all sets */
    vd_arena      scratch;
} cutter;

/* Names as they are written are all known: no other is in such a set, or all others are. */
static bool is_plain(const vd_list *list)
{
    for (uint32_t i = 0; i < list->texts.count; i++)
        for (size_t n = 0; n < list->texts.at[i].text.n; n++)
            if (list->texts.at[i].text.p[n] == '*' || list->texts.at[i].text.p[n] == '?')
                return false;
    return true;
}

static vd_str *code(cutter *k, uint32_t count)
{
    vd_str *coded = vd_arena_new_array(&k->p->work, vd_str, count + 1);

    k->p->nomem |= !coded;
    return coded;
}

static bool code_text(cutter *k, vd_str text, vd_str *out)
{
    char *at = vd_arena_new_array(&k->p->work, char, text.n + 1);

    if (at)
        *out = (vd_str){ at, vd_glob_code(at, text) };
    return at != NULL;
}

static bool code_set(cutter *k, uint32_t index)
{
    const vd_list *list = k->p->sets[index].list;
    vd_str        *coded;

    if (is_plain(list))
        return true;
    coded = code(k, list->texts.count);
    for (uint32_t i = 0; coded && i < list->texts.count; i++)
        if (!code_text(k, list->texts.at[i].text, &coded[i]))
            return false;
    k->sets[index] = (vd_globs){ coded, list->texts.count, true };
    return coded != NULL;
}

static bool code_only(cutter *k)
{
    const vd_action_opts *o = k->p->opts;
    vd_str               *coded = code(k, o->only_count);

    for (uint32_t i = 0; coded && i < o->only_count; i++)
        if (!code_text(k, o->only[i], &coded[i]))
            return false;
    k->only = (vd_globs){ coded, o->only_count, true };
    return coded != NULL;
}

static bool exists(const cutter *k, vd_str name, const vd_str *named, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_str_ieq(named[i], name))
            return true;
    return vd_catalog_find(k->p->c, name) != VD_NONE;
}

/* A name in the cell, of sets below `sets`; VD_UNKNOWN counts as none: what is told of such names is a note. */
static bool find_name(cutter *k, const uint64_t *bits, uint32_t sets, const vd_str *named, uint32_t count, vd_str *name)
{
    vd_globs *in = k->in, *out = k->out;
    vd_words  q = { .in = in, .out = out, .domain = { .no_wildcards = true } };
    uint64_t  units = UNITS;

    in[q.in_count++] = k->form;
    if (k->only.count)
        in[q.in_count++] = k->only;
    for (uint32_t i = 0; i < sets; i++) {
        const vd_list *list = k->p->sets[i].list;

        if (!list->present || k->sets[i].count == 0)
            continue;
        if ((bits[i / 64] >> i % 64 & 1) != list->negated)
            in[q.in_count++] = k->sets[i];
        else
            out[q.out_count++] = k->sets[i];
    }
    for (uint32_t i = 0; i < MOST_TRIES && !k->p->nomem; i++) {
        vd_str word;

        k->known = (vd_globs){ k->known_at, k->known_count, true };
        out[q.out_count] = k->known;
        q.out_count++;
        vd_arena_reset(&k->scratch);
        if (vd_words_solve(&word, &q, &k->scratch, &units, &k->p->nomem) != VD_SAT)
            return false;
        q.out_count--;
        if (!vd_arena_dup(&k->p->work, name, word)) {
            k->p->nomem = true;
            return false;
        }
        if (!exists(k, word, named, count))
            return true;
        if (!VD_ARENA_PUSH(&k->p->work, k->known_at, k->known_count, k->known_cap, *name))
            k->p->nomem = true;
    }
    return false;
}

/* Is the name in the set? */
static bool lies_in(const vd_list *list, vd_str name)
{
    bool found = false;

    for (uint32_t i = 0; i < list->texts.count && !found; i++)
        found = vd_action_covers(list->texts.at[i].text, name);
    return list->present && found != list->negated;
}

/* Each cell in two, where both halves have a member: the one at hand lies in one of them. */
static void cut(cutter *k, uint32_t set, const vd_str *named, uint32_t count)
{
    uint32_t before = k->count;

    for (uint32_t i = 0; i < before && k->count < MOST_CELLS && !k->p->nomem; i++) {
        bool      in = lies_in(k->p->sets[set].list, k->cells[i].name);
        uint64_t  bit = UINT64_C(1) << set % 64;
        uint64_t *other;
        cell      c = { 0 };

        if (k->sets[set].count == 0) {
            k->cells[i].bits[set / 64] |= in ? bit : 0;
            continue;
        }
        c.bits = other = vd_arena_new_array(&k->p->work, uint64_t, k->p->words);
        if (!other) {
            k->p->nomem = true;
            return;
        }
        memcpy(other, k->cells[i].bits, k->p->words * sizeof *other);
        if (in)
            k->cells[i].bits[set / 64] |= bit;
        else
            other[set / 64] |= bit;
        if (find_name(k, other, set + 1, named, count, &c.name) && !VD_ARENA_PUSH(&k->p->work, k->cells, k->count, k->cap, c))
            k->p->nomem = true;
    }
}

bool vd_actions_future(vd_partition *p, const vd_str *named, uint32_t named_count, vd_action_class_add *add, void *user)
{
    static const vd_str form[] = { VD_L("\xfa\xfb:\xfa\xfb") };
    cutter              k = { .p = p, .form = { form, 1, false }, .scratch = vd_arena_on(&p->s->alloc, 0) };
    cell                all = { .bits = vd_arena_new_array(&p->work, uint64_t, p->words) };

    k.sets = vd_arena_new_array(&p->work, vd_globs, p->list_count + 1);
    k.in = vd_arena_new_array(&p->work, vd_globs, p->list_count + 2);
    k.out = vd_arena_new_array(&p->work, vd_globs, p->list_count + 2);
    p->nomem |= !all.bits || !k.sets || !k.in || !k.out;
    p->nomem = p->nomem || !code_only(&k);
    for (uint32_t i = 0; i < p->list_count && !p->nomem; i++)
        p->nomem |= !code_set(&k, i);
    if (!p->nomem && find_name(&k, all.bits, 0, named, named_count, &all.name) &&
        !VD_ARENA_PUSH(&p->work, k.cells, k.count, k.cap, all))
        p->nomem = true;
    for (uint32_t i = 0; i < p->list_count && !p->nomem; i++)
        cut(&k, i, named, named_count);
    for (uint32_t i = 0; i < k.count && !p->nomem; i++) {
        const uint64_t *reaches = vd_actions_reaches(p, k.cells[i].bits);
        vd_str          name;

        if (p->nomem || !vd_arena_dup(p->arena, &name, k.cells[i].name))
            p->nomem = true;
        else if (!add(user, name, reaches))
            break;
    }
    vd_arena_done(&k.scratch);
    return !p->nomem;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A set of actions as few words: candidates are beginnings that end with a word of the name, and the patterns that stood
 * there before.  The one that saves most is taken, again and again; then those that the others make needless go.
 */
#include "tighten/shape.h"

#include "base/str.h"
#include "pattern/overlap.h"
#include "symbolic/words.h"

#include <stdlib.h>

enum {
    COST = 3,               /* of an element of a list beyond its text: quotes and a comma */
    INCLUSION_BUDGET = 200000,
    MOST_CANDIDATES = 100000,
    LONGEST = 512             /* of a pattern that is thought of */
};

typedef struct candidate {
    vd_str    text;
    uint32_t  first, words;  /* where its bits are, in words */
    uint64_t *bits;          /* actions to keep that it matches */
    uint64_t *extra;         /* and others */
    uint64_t  worth;         /* what the names cost that it stands for and that stand there still */
    bool      own, chosen;
} candidate;

typedef struct shaping {
    const vd_shape_actions_opts *o;
    const vd_catalog            *c;
    const uint64_t              *keep;
    vd_arena                     arena; /* scratch */
    uint32_t                     actions, words;
    vd_str                      *names; /* of those to keep: "svc:Name" */
    uint64_t                    *left;  /* those that no chosen pattern covers */
    uint64_t                    *found; /* scratch: what one pattern matches; empty between candidates */
    uint32_t                     low, high;
    candidate                   *at;
    uint32_t                     count, cap;
} shaping;

static bool has(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

/* ------------------------------------------------------------------ may it stand there? */

static bool code_words(shaping *s, const vd_str *at, uint32_t count, vd_globs *out)
{
    vd_str *coded = vd_arena_new_array(&s->arena, vd_str, count + 1);

    for (uint32_t i = 0; coded && i < count; i++) {
        char *p = vd_arena_alloc(&s->arena, at[i].n + 1, 1);

        if (!p)
            return false;
        coded[i] = (vd_str){ p, vd_glob_code(p, at[i]) };
    }
    *out = (vd_globs){ coded, count, true };
    return coded != NULL;
}

/* By all of the old patterns together, when none does alone. */
static vd_code included_in_all(shaping *s, vd_str text, bool *out)
{
    vd_arena  work = vd_arena_on(&s->arena.alloc, 64u << 20);
    vd_globs  in, others;
    vd_words  question = { .in = &in, .in_count = 1, .out = &others, .out_count = 1 };
    uint64_t  budget = INCLUSION_BUDGET;
    bool      nomem = false;
    vd_str    word;
    vd_answer answer;

    *out = false;
    if (!code_words(s, &text, 1, &in) || !code_words(s, s->o->old.at, s->o->old.count, &others)) {
        vd_arena_done(&work);
        return VD_ENOMEM;
    }
    answer = vd_words_solve(&word, &question, &work, &budget, &nomem);
    vd_arena_done(&work);
    *out = answer == VD_UNSAT;
    return VD_OK; /* without memory for the search: not included, as far as we know */
}

/* Is every text that the pattern matches one that old matches? */
static vd_code included(shaping *s, vd_str text, bool *out)
{
    const vd_shape_old *old = &s->o->old;
    uint32_t            overlaps = 0;

    for (uint32_t i = 0; i < old->count; i++) {
        bool overlap = vd_action_overlaps(old->at[i], text);

        overlaps += overlap;
        if (!old->negated && overlap && vd_action_covers(old->at[i], text)) {
            *out = true;
            return VD_OK;
        }
    }
    *out = old->negated && overlaps == 0;
    return old->negated || overlaps < 2 ? VD_OK : included_in_all(s, text, out);
}

static bool level_allowed(const shaping *s, uint32_t action)
{
    uint8_t level = vd_catalog_level_of(s->c, action);

    return level == VD_LEVEL_LIST || level == VD_LEVEL_READ || (s->o->levels >> level & 1);
}

/* What of the pattern's actions is not to be kept; false: it matches what it must not. */
static bool within_bound(const shaping *s)
{
    uint32_t extra = 0;

    for (uint32_t w = s->low; w < s->high; w++)
        for (uint64_t more = s->found[w] & ~s->keep[w]; more; more &= more - 1)
            if (++extra > s->o->bound || !level_allowed(s, w * 64 + (uint32_t)__builtin_ctzll(more)))
                return false;
    return true;
}

static bool take_run(void *user, vd_run run)
{
    shaping *s = user;

    for (uint32_t i = run.first; i < run.first + run.count; i++)
        s->found[i / 64] |= UINT64_C(1) << i % 64;
    if (run.count && run.first / 64 < s->low)
        s->low = run.first / 64;
    if (run.count && (run.first + run.count - 1) / 64 >= s->high)
        s->high = (run.first + run.count - 1) / 64 + 1;
    return true;
}

/* s->found as bits of its own. */
static bool take_bits(shaping *s, candidate *c)
{
    c->first = s->low;
    c->words = s->high - s->low;
    c->bits = vd_arena_new_array(&s->arena, uint64_t, c->words);
    c->extra = vd_arena_new_array(&s->arena, uint64_t, c->words);
    for (uint32_t w = 0; c->bits && c->extra && w < c->words; w++) {
        c->bits[w] = s->found[s->low + w] & s->keep[s->low + w];
        c->extra[w] = s->found[s->low + w] & ~s->keep[s->low + w];
    }
    return c->bits && c->extra;
}

static bool is_known(const shaping *s, vd_str text)
{
    for (uint32_t i = 0; i < s->count && s->at[i].own; i++) /* those of old come first */
        if (vd_str_ieq(s->at[i].text, text))
            return true;
    return false;
}

static vd_code consider(shaping *s, vd_str text, bool own, vd_error *err)
{
    candidate c = { .own = own };
    bool      fits, ok = true;

    if (s->count == MOST_CANDIDATES || is_known(s, text))
        return VD_OK;
    s->low = s->words;
    s->high = 0;
    vd_catalog_expand(s->c, text, take_run, s);
    fits = s->low < s->high && within_bound(s);
    if (fits)
        ok = take_bits(s, &c) && vd_arena_dup(&s->arena, &c.text, text);
    for (uint32_t w = s->low; w < s->high; w++)
        s->found[w] = 0;
    if (ok && fits && !own)
        ok = included(s, text, &fits) == VD_OK;
    if (ok && fits)
        ok = VD_ARENA_PUSH(&s->arena, s->at, s->count, s->cap, c);
    return ok ? VD_OK : vd_fail_nomem(err);
}

/* ------------------------------------------------------------------ candidates */

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Does a word of the name begin at i?  "Describe|DB|Instances" */
static bool word_begins(vd_str name, size_t i)
{
    if (i == 0 || i == name.n)
        return true;
    if (!upper(name.p[i]))
        return false;
    return !upper(name.p[i - 1]) || (i + 1 < name.n && !upper(name.p[i + 1]) && !vd_is_digit(name.p[i + 1]));
}

/* Beginnings that one name shares with the next, and not with the one before: there they were looked at already. */
static vd_code consider_beginnings(shaping *s, vd_str text, vd_str before, vd_str behind, vd_error *err)
{
    size_t colon = vd_str_find(text, ':') + 1;
    vd_str name = vd_str_from(text, colon);
    char   room[LONGEST];

    if (text.n + 1 > sizeof room)
        return VD_OK;
    for (size_t i = 0; i <= name.n; i++) {
        vd_str head = vd_str_first(text, colon + i);

        if (!word_begins(name, i) || vd_str_istarts(before, head) || !vd_str_istarts(behind, head))
            continue;
        memcpy(room, head.p, head.n);
        room[head.n] = '*';
        VD_TRY(consider(s, (vd_str){ room, head.n + 1 }, false, err));
    }
    return VD_OK;
}

static vd_code find_candidates(shaping *s, vd_error *err)
{
    uint32_t last = VD_NONE;

    for (uint32_t i = 0; !s->o->old.negated && i < s->o->old.count; i++) {
        vd_str q = s->o->old.at[i];

        if (vd_str_find(q, '*') < q.n || vd_str_find(q, '?') < q.n)
            VD_TRY(consider(s, q, true, err));
    }
    if (s->o->own || s->o->old.count == 0)
        return VD_OK;
    for (uint32_t i = 0, next; i < s->actions; i = next) {
        for (next = i + 1; next < s->actions && !has(s->keep, next);)
            next++;
        if (has(s->keep, i)) {
            VD_TRY(consider_beginnings(s, s->names[i], last != VD_NONE ? s->names[last] : VD_S(""),
                                       next < s->actions ? s->names[next] : VD_S(""), err));
            last = i;
        }
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the cover */

static uint64_t worth_of(const shaping *s, const candidate *c)
{
    uint64_t n = 0;

    for (uint32_t w = 0; w < c->words; w++)
        for (uint64_t b = c->bits[w] & s->left[c->first + w]; b; b &= b - 1)
            n += s->names[(c->first + w) * 64 + (uint32_t)__builtin_ctzll(b)].n + COST;
    return n;
}

static int cmp_text(vd_str a, vd_str b)
{
    int d = vd_str_icmp(a, b);

    return d ? d : vd_str_cmp(a, b);
}

/* Greater saving first; of equal ones the one that was there before, then by text. */
static bool better(const candidate *a, uint64_t saves, const candidate *best, uint64_t best_saves)
{
    if (!best || saves != best_saves)
        return !best || saves > best_saves;
    if (a->own != best->own)
        return a->own;
    return cmp_text(a->text, best->text) < 0;
}

static candidate *best_of(shaping *s)
{
    candidate *best = NULL;
    uint64_t   most = 0;

    for (uint32_t i = 0; i < s->count; i++) {
        candidate *c = &s->at[i];
        uint64_t   own = c->text.n + COST;

        if (!c->chosen && c->worth > own && better(c, c->worth - own, best, most)) {
            best = c;
            most = c->worth - own;
        }
    }
    return best;
}

static void choose(shaping *s)
{
    candidate *best;

    for (uint32_t i = 0; i < s->count; i++)
        s->at[i].worth = worth_of(s, &s->at[i]);
    while ((best = best_of(s)) != NULL) {
        best->chosen = true;
        for (uint32_t w = 0; w < best->words; w++)
            s->left[best->first + w] &= ~best->bits[w];
        for (uint32_t i = 0; i < s->count; i++) {
            candidate *c = &s->at[i];

            if (!c->chosen && c->first < best->first + best->words && best->first < c->first + c->words)
                c->worth = worth_of(s, c);
        }
    }
}

/* How many chosen ones cover each action goes up or down; true: one of them is covered by this one alone. */
static bool count_cover(const candidate *c, uint32_t *covered, int by)
{
    bool alone = false;

    for (uint32_t w = 0; w < c->words; w++)
        for (uint64_t b = c->bits[w]; b; b &= b - 1) {
            uint32_t *n = &covered[(c->first + w) * 64 + (uint32_t)__builtin_ctzll(b)];

            alone |= *n == 1;
            *n += (uint32_t)by;
        }
    return alone;
}

/* A pattern whose actions the others cover goes; the longest is asked first. */
static bool drop_needless(shaping *s)
{
    uint32_t *covered = vd_arena_new_array(&s->arena, uint32_t, s->words * 64 + 1);

    for (uint32_t i = 0; covered && i < s->count; i++)
        if (s->at[i].chosen)
            count_cover(&s->at[i], covered, 1);
    for (size_t length = LONGEST; covered && length > 0; length--)
        for (uint32_t i = 0; i < s->count; i++)
            if (s->at[i].chosen && s->at[i].text.n == length && !count_cover(&s->at[i], covered, 0)) {
                count_cover(&s->at[i], covered, -1);
                s->at[i].chosen = false;
            }
    return covered != NULL;
}

static int by_text(const void *a, const void *b)
{
    return cmp_text(*(const vd_str *)a, *(const vd_str *)b);
}

static vd_code tell(shaping *s, vd_shapes *out, vd_arena *arena, vd_error *err)
{
    for (uint32_t i = 0; i < s->count; i++) {
        vd_str text;

        if (!s->at[i].chosen)
            continue;
        if (!vd_arena_dup(arena, &text, s->at[i].text) || !VD_ARENA_PUSH(arena, out->at, out->count, out->cap, text))
            return vd_fail_nomem(err);
        for (uint32_t w = 0; s->o->extra && w < s->at[i].words; w++)
            s->o->extra[s->at[i].first + w] |= s->at[i].extra[w];
    }
    for (uint32_t i = 0; i < s->actions; i++) {
        vd_str text;

        if (has(s->left, i) && (!vd_arena_dup(arena, &text, s->names[i]) ||
                             !VD_ARENA_PUSH(arena, out->at, out->count, out->cap, text)))
            return vd_fail_nomem(err);
    }
    if (out->count > 1)
        qsort(out->at, out->count, sizeof *out->at, by_text);
    return VD_OK;
}

/* ------------------------------------------------------------------ all of it */

static bool old_matches(const shaping *s, vd_str name)
{
    bool any = false;

    for (uint32_t i = 0; i < s->o->old.count && !any; i++)
        any = vd_catalog_fits(s->o->old.at[i], name);
    return any != s->o->old.negated;
}

static vd_code find_names(shaping *s, vd_error *err)
{
    char room[LONGEST];

    s->names = vd_arena_new_array(&s->arena, vd_str, s->actions + 1);
    if (!s->names)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < s->actions; i++) {
        vd_str name = { room, 0 };

        if (!has(s->keep, i))
            continue;
        name.n = vd_catalog_action_text(s->c, i, room, sizeof room);
        if (!vd_arena_dup(&s->arena, &s->names[i], name))
            return vd_fail_nomem(err);
        if ((s->o->old.count || s->o->old.negated) && !old_matches(s, s->names[i]))
            return vd_fail(err, VD_EINVAL, "the old statement does not name \"" VD_F "\"", VD_A(name));
    }
    return VD_OK;
}

static vd_code shape(shaping *s, vd_shapes *out, vd_arena *arena, vd_error *err)
{
    s->left = vd_arena_new_array(&s->arena, uint64_t, s->words + 1);
    s->found = vd_arena_new_array(&s->arena, uint64_t, s->words + 1);
    if (!s->left || !s->found)
        return vd_fail_nomem(err);
    VD_TRY(find_names(s, err));
    VD_TRY(find_candidates(s, err));
    memcpy(s->left, s->keep, s->words * sizeof *s->left);
    choose(s);
    if (!drop_needless(s))
        return vd_fail_nomem(err);
    return tell(s, out, arena, err);
}

vd_code vd_shape_actions(vd_shapes *out, vd_arena *arena, const uint64_t *keep, const vd_shape_actions_opts *opts,
                         vd_error *err)
{
    shaping s = { .o = opts, .c = opts->catalog, .keep = keep };
    vd_code code;

    *out = (vd_shapes){ 0 };
    s.arena = vd_arena_on(&arena->alloc, 0);
    s.actions = vd_catalog_actions(s.c);
    s.words = (s.actions + 63) / 64;
    code = shape(&s, out, arena, err);
    vd_arena_done(&s.arena);
    return code;
}

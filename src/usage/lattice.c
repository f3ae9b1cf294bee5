/* SPDX-License-Identifier: Apache-2.0
 *
 * A place holds literals, then only what they have in common; a name has so many places, the last of which holds all the rest.  What
 * stands in the first place (a bucket) is a beginning of its own as long as there are few of them, then a place like others; of more
 * beginnings still nothing is known.  Each step depends on all that was put in and not on its order, for what is given up with
 * it is a function of what was held.
 */
#include "usage/lattice.h"

#include "base/str.h"
#include "base/utf8.h"
#include "usage/record.h"

enum { GROUPS = 8, PLACES = 10, LITERALS = 8, LITERAL_BYTES = 64, EDGE_BYTES = 48, COMBINATIONS = 16, HEAD_BYTES = 256 };
enum { LOWER = 1, UPPER = 2, DIGIT = 4, DASH = 8, MARK = 16, OTHER = 32, CLASSES = 6 };
static const char class_letters[CLASSES] = { 'a', 'A', '0', '-', '.', '?' };

typedef struct place {
    vd_str   literals[LITERALS]; /* sorted; none when it is open */
    uint32_t count;
    bool     open, wide; /* wide: the rest holds something */
    vd_str   prefix, suffix; /* of all; these and the rest only when it is open */
    uint32_t least, most;
    uint8_t  classes;
} place;

typedef struct group {
    vd_str   head, first; /* first: of its first place; empty: it is coarse */
    uint32_t ends; /* bit n: a name of n places */
    uint32_t count;
    place   *at[PLACES];
} group;

struct vd_lattice {
    bool     top, coarse; /* coarse: one beginning for all that may stand in the first place */
    uint32_t count;
    group   *at[GROUPS]; /* by rising head and first place */
};

vd_lattice *vd_lattice_new(vd_arena *arena)
{
    return vd_arena_new(arena, vd_lattice);
}

void vd_lattice_soon(const vd_lattice *l)
{
    __builtin_prefetch(l);
}

bool vd_lattice_is_top(const vd_lattice *l)
{
    return l->top;
}

/* ------------------------------------------------------------------ a place */

/* The class of each byte, as numbers of the enum above. */
static const uint8_t class_of[256] = {
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 16, 16,  8, 16, 16,
     4,  4,  4,  4,  4,  4,  4,  4,  4,  4, 16, 32, 32, 16, 32, 32,
    16,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2, 32, 32, 32, 32, 16,
    32,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
    32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
};

static uint8_t classes_of(vd_str s)
{
    uint8_t all = 0;

    for (size_t i = 0; i < s.n; i++)
        all |= class_of[(uint8_t)s.p[i]];
    return all;
}

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80; /* of a character that began before */
}

/* What both begin with, in whole characters. */
static vd_str common_prefix(vd_str a, vd_str b)
{
    size_t n = 0, most = a.n < b.n ? a.n : b.n;

    most = most < EDGE_BYTES ? most : EDGE_BYTES;
    while (n < most && a.p[n] == b.p[n])
        n++;
    while (n > 0 && ((n < a.n && is_inside(a.p[n])) || (n < b.n && is_inside(b.p[n]))))
        n--;
    return vd_str_first(a, n);
}

static vd_str common_suffix(vd_str a, vd_str b)
{
    size_t n = 0, most = a.n < b.n ? a.n : b.n;

    most = most < EDGE_BYTES ? most : EDGE_BYTES;
    while (n < most && a.p[a.n - 1 - n] == b.p[b.n - 1 - n])
        n++;
    while (n > 0 && is_inside(a.p[a.n - n]))
        n--;
    return vd_str_from(a, a.n - n);
}

static bool widen(vd_arena *arena, place *p, vd_str prefix, vd_str suffix, uint32_t least, uint32_t most, uint8_t classes)
{
    bool fresh = !p->wide;

    p->wide = true;
    p->least = fresh || least < p->least ? least : p->least;
    p->most = most > p->most ? most : p->most;
    p->classes |= classes;
    if (!fresh) { /* only shorter: they stay where they are */
        p->prefix = common_prefix(p->prefix, prefix);
        p->suffix = common_suffix(p->suffix, suffix);
        return true;
    }
    return vd_arena_dup(arena, &p->prefix, common_prefix(prefix, prefix)) &&
           vd_arena_dup(arena, &p->suffix, common_suffix(suffix, suffix));
}

static bool widen_by(vd_arena *arena, place *p, vd_str text)
{
    uint32_t n = text.n < UINT32_MAX ? (uint32_t)text.n : UINT32_MAX;

    return widen(arena, p, text, text, n, n, classes_of(text));
}

static bool open_place(vd_arena *arena, place *p)
{
    bool good = true;

    p->open = true;
    for (uint32_t i = 0; i < p->count; i++)
        good = good && widen_by(arena, p, p->literals[i]);
    p->count = 0;
    return good;
}

static bool put_literal(vd_arena *arena, place *p, vd_str text)
{
    uint32_t at = 0;
    vd_str   kept;

    while (at < p->count && vd_str_cmp(p->literals[at], text) < 0)
        at++;
    if (at < p->count && vd_str_eq(p->literals[at], text))
        return true;
    if (p->count == LITERALS || text.n > LITERAL_BYTES)
        return open_place(arena, p) && widen_by(arena, p, text);
    if (!vd_arena_dup(arena, &kept, text))
        return false;
    memmove(&p->literals[at + 1], &p->literals[at], (p->count - at) * sizeof kept);
    p->literals[at] = kept;
    p->count++;
    return true;
}

static bool put(vd_arena *arena, place *p, vd_str text)
{
    return p->open ? widen_by(arena, p, text) : put_literal(arena, p, text);
}

static bool join_place(vd_arena *arena, place *into, const place *from)
{
    bool good = true;

    if (from->open && !into->open)
        good = open_place(arena, into);
    if (from->open)
        return good && widen(arena, into, from->prefix, from->suffix, from->least, from->most, from->classes);
    for (uint32_t i = 0; i < from->count; i++)
        good = good && put(arena, into, from->literals[i]);
    return good;
}

/* ------------------------------------------------------------------ names */

/* "[ACTION ]arn:PARTITION:SERVICE:REGION:ACCOUNT:", or all of it. */
static size_t head_of(vd_str text)
{
    vd_str arn = text;
    size_t at = 0;

    if (!vd_str_starts(text, VD_S("arn:"))) {
        at = vd_str_find(text, ' ') + 1;
        if (at >= text.n)
            return text.n;
        arn = vd_str_from(text, at);
        if (!vd_str_starts(arn, VD_S("arn:")))
            return text.n;
    }
    for (uint32_t colons = 0; at < text.n; at++)
        if (text.p[at] == ':' && ++colons == 5)
            return at + 1;
    return text.n;
}

/* Does something follow behind this text of a place?  Nothing does behind the last one. */
static bool goes_on(vd_str part, uint32_t index)
{
    return index + 1 < PLACES && part.n && (part.p[part.n - 1] == '/' || part.p[part.n - 1] == ':');
}

/* Up to the next separator, with it; behind that another part follows, even if it is empty.  The last place takes all. */
static vd_str next_part(vd_str *rest, uint32_t index)
{
    size_t n = 0;
    vd_str part;

    while (index + 1 < PLACES && n < rest->n && rest->p[n] != '/' && rest->p[n] != ':')
        n++;
    n = index + 1 < PLACES && n < rest->n ? n + 1 : rest->n;
    part = vd_str_first(*rest, n);
    *rest = vd_str_from(*rest, n);
    return part;
}

static place *place_of(vd_arena *arena, group *g, uint32_t index)
{
    while (g->count <= index) {
        g->at[g->count] = vd_arena_new(arena, place);
        if (!g->at[g->count])
            return NULL;
        g->count++;
    }
    return g->at[index];
}

static bool join_group(vd_arena *arena, group *into, const group *from)
{
    into->ends |= from->ends;
    for (uint32_t i = 0; i < from->count; i++) {
        place *p = place_of(arena, into, i);

        if (!p || !join_place(arena, p, from->at[i]))
            return false;
    }
    return true;
}

static int order_of(const group *g, vd_str head, vd_str first)
{
    int by_head = vd_str_cmp(g->head, head);

    return by_head ? by_head : vd_str_cmp(g->first, first);
}

/* The group of this beginning where it is, or a new one; NULL: there is no room, or no memory. */
static group *find_group(vd_arena *arena, vd_lattice *l, vd_str head, vd_str first)
{
    uint32_t at = 0;
    group   *g;

    while (at < l->count && order_of(l->at[at], head, first) < 0)
        at++;
    if (at < l->count && order_of(l->at[at], head, first) == 0)
        return l->at[at];
    g = l->count < GROUPS ? vd_arena_new(arena, group) : NULL;
    if (!g || !vd_arena_dup(arena, &g->head, head) || !vd_arena_dup(arena, &g->first, first))
        return NULL;
    memmove(&l->at[at + 1], &l->at[at], (l->count - at) * sizeof g);
    l->at[at] = g;
    l->count++;
    return g;
}

/* One step to the top. */
static bool coarsen(vd_arena *arena, vd_lattice *l)
{
    group   *old[GROUPS];
    uint32_t count = l->count;

    if (l->coarse) {
        l->top = true;
        return true;
    }
    if (count)
        memcpy(old, l->at, count * sizeof *old);
    l->coarse = true;
    l->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        group *g = find_group(arena, l, old[i]->head, VD_S(""));

        if (!g || !join_group(arena, g, old[i]))
            return false;
    }
    return true;
}

/* NULL with l->top: there are too many; NULL: no memory. */
static group *group_of(vd_arena *arena, vd_lattice *l, vd_str head, vd_str first)
{
    if (head.n > HEAD_BYTES)
        l->top = true;
    if (first.n > LITERAL_BYTES && !l->coarse && !coarsen(arena, l))
        return NULL;
    while (!l->top) {
        group   *g = find_group(arena, l, head, l->coarse ? VD_S("") : first);

        if (g || l->count < GROUPS || !coarsen(arena, l))
            return g;
    }
    return NULL;
}

bool vd_lattice_add(vd_arena *arena, vd_lattice *l, vd_str text)
{
    size_t   head = head_of(text);
    vd_str   rest = vd_str_from(text, head), part;
    uint32_t n = 0;
    group   *g;

    if (l->top)
        return true;
    if (vd_utf8_invalid(text) < text.n) { /* it is written in another way than it was put in */
        l->top = true;
        return true;
    }
    part = rest;
    g = group_of(arena, l, vd_str_first(text, head), next_part(&part, 0));
    if (!g)
        return l->top;
    for (bool more = rest.n > 0; more; n++) {
        place *p = place_of(arena, g, n);

        part = next_part(&rest, n);
        if (!p || !put(arena, p, part))
            return false;
        more = goes_on(part, n);
    }
    g->ends |= UINT32_C(1) << n;
    return true;
}

bool vd_lattice_join(vd_arena *arena, vd_lattice *into, const vd_lattice *from)
{
    into->top |= from->top;
    if (from->coarse && !into->coarse && !coarsen(arena, into))
        return false;
    for (uint32_t i = 0; i < from->count && !into->top; i++) {
        group *g = group_of(arena, into, from->at[i]->head, from->at[i]->first);

        if (!g)
            return into->top;
        if (!join_group(arena, g, from->at[i]))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ as text */

static void write_place(vd_buf *b, const place *p, void (*string)(vd_buf *, vd_str))
{
    if (p->open) {
        vd_buf_add(b, VD_S("{\"p\":"));
        string(b, p->prefix);
        vd_buf_add(b, VD_S(",\"x\":"));
        string(b, p->suffix);
        vd_buf_printf(b, ",\"n\":%u,\"m\":%u,\"c\":\"", p->least, p->most);
        for (uint32_t i = 0; i < CLASSES; i++)
            if (p->classes >> i & 1)
                vd_buf_byte(b, class_letters[i]);
        vd_buf_add(b, VD_S("\"}"));
        return;
    }
    for (uint32_t i = 0; i < p->count; i++) {
        vd_buf_byte(b, i ? ',' : '[');
        string(b, p->literals[i]);
    }
    vd_buf_byte(b, ']');
}

void vd_lattice_write(vd_buf *b, const vd_lattice *l, void (*string)(vd_buf *, vd_str))
{
    for (uint32_t i = 0; i < l->count; i++) {
        const group *g = l->at[i];

        vd_buf_printf(b, "%c{\"h\":", i ? ',' : '[');
        string(b, g->head);
        vd_buf_printf(b, ",\"e\":%u%s,\"s\":[", g->ends, l->coarse ? ",\"w\":1" : "");
        for (uint32_t k = 0; k < g->count; k++) {
            if (k)
                vd_buf_byte(b, ',');
            write_place(b, g->at[k], string);
        }
        vd_buf_add(b, VD_S("]}"));
    }
    vd_buf_byte(b, ']');
}

/* A string of at most so many bytes. */
static vd_code text(vd_arena *arena, vd_str *out, vd_str value, size_t most)
{
    if (!value.n || value.p[0] != '"')
        return VD_EFORMAT;
    if (!vd_scan_text(value, arena, out))
        return VD_ENOMEM;
    return out->n <= most && vd_utf8_invalid(*out) == out->n ? VD_OK : VD_EFORMAT;
}

static bool number(uint32_t *out, vd_str value, uint32_t most)
{
    uint64_t v = 0;

    if (!vd_str_all_digits(value) || value.n > 10)
        return false;
    for (size_t i = 0; i < value.n; i++)
        v = v * 10 + (uint64_t)(value.p[i] - '0');
    *out = (uint32_t)v;
    return v <= most;
}

static vd_code read_open(vd_arena *arena, place *p, vd_str object)
{
    vd_str letters, prefix, suffix;

    p->open = true;
    VD_TRY(text(arena, &prefix, vd_scan_find(object, VD_S("p")), EDGE_BYTES));
    VD_TRY(text(arena, &suffix, vd_scan_find(object, VD_S("x")), EDGE_BYTES));
    VD_TRY(text(arena, &letters, vd_scan_find(object, VD_S("c")), CLASSES));
    if (!number(&p->least, vd_scan_find(object, VD_S("n")), UINT32_MAX) || !number(&p->most, vd_scan_find(object, VD_S("m")), UINT32_MAX) ||
        p->least > p->most || prefix.n > p->least || suffix.n > p->least)
        return VD_EFORMAT;
    for (uint32_t i = 0; i < CLASSES; i++)
        p->classes |= (uint8_t)((vd_str_find(letters, class_letters[i]) < letters.n) << i);
    p->wide = true;
    p->prefix = prefix;
    p->suffix = suffix;
    return VD_OK;
}

static vd_code read_place(vd_arena *arena, place *p, vd_str value)
{
    vd_str element, literal;

    if (value.n && value.p[0] == '{')
        return read_open(arena, p, value);
    if (!value.n || value.p[0] != '[')
        return VD_EFORMAT;
    while (vd_scan_element(&value, &element)) {
        VD_TRY(text(arena, &literal, element, LITERAL_BYTES));
        if (p->open)
            return VD_EFORMAT;
        if (!put_literal(arena, p, literal))
            return VD_ENOMEM;
    }
    return p->count ? VD_OK : VD_EFORMAT;
}

static vd_code read_places(vd_arena *arena, group *g, vd_str places)
{
    vd_str element;

    if (!places.n || places.p[0] != '[')
        return VD_EFORMAT;
    while (vd_scan_element(&places, &element)) {
        place *p = g->count < PLACES ? place_of(arena, g, g->count) : NULL;

        if (!p)
            return g->count < PLACES ? VD_ENOMEM : VD_EFORMAT;
        VD_TRY(read_place(arena, p, element));
    }
    return VD_OK;
}

/* Into a group of its own, whose longest names end where its places do. */
static vd_code read_group(vd_arena *arena, group *g, vd_str object)
{
    VD_TRY(text(arena, &g->head, vd_scan_find(object, VD_S("h")), HEAD_BYTES));
    VD_TRY(read_places(arena, g, vd_scan_find(object, VD_S("s"))));
    if (head_of(g->head) != g->head.n || !number(&g->ends, vd_scan_find(object, VD_S("e")), (UINT32_C(1) << (PLACES + 1)) - 1) ||
        g->ends >> g->count != 1)
        return VD_EFORMAT;
    if (g->count && !g->at[0]->open && g->at[0]->count == 1)
        g->first = g->at[0]->literals[0];
    return VD_OK;
}

vd_code vd_lattice_read(vd_arena *arena, vd_lattice **out, vd_str json)
{
    vd_str element;

    *out = vd_lattice_new(arena);
    if (!*out)
        return VD_ENOMEM;
    if (!json.n || json.p[0] != '[')
        return VD_EFORMAT;
    while (vd_scan_element(&json, &element)) {
        vd_lattice one = { .count = 1, .at = { vd_arena_new(arena, group) } };

        if (!one.at[0])
            return VD_ENOMEM;
        VD_TRY(read_group(arena, one.at[0], element));
        one.coarse = vd_str_eq(vd_scan_find(element, VD_S("w")), VD_S("1"));
        if (!one.coarse && one.at[0]->count && (one.at[0]->at[0]->open || one.at[0]->at[0]->count > 1))
            return VD_EFORMAT;
        if (!vd_lattice_join(arena, *out, &one))
            return VD_ENOMEM;
    }
    return (*out)->count || (*out)->top ? VD_OK : VD_EFORMAT;
}

/* ------------------------------------------------------------------ as patterns */

typedef struct telling {
    const group *g;
    vd_arena    *arena;
    bool (*take)(void *ctx, vd_str pattern);
    void *ctx;
} telling;

static vd_str prefix_of(const place *p)
{
    vd_str all = p->open ? p->prefix : p->literals[0];

    for (uint32_t i = 1; !p->open && i < p->count; i++)
        all = common_prefix(all, p->literals[i]);
    return all;
}

/* Literals that may stand there: before others, or as the last one. */
static uint32_t fitting(const place *p, uint32_t index, bool last)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < p->count; i++)
        n += goes_on(p->literals[i], index) != last;
    return n;
}

/* All combinations of the literals of the first n places, each with a tail; last: which is empty. */
static bool combine(const telling *t, uint32_t n, vd_str tail, bool last)
{
    uint32_t which[PLACES] = { 0 }, i;
    char     room[HEAD_BYTES + PLACES * LITERAL_BYTES + EDGE_BYTES + 1];

    do {
        vd_str pattern, parts[PLACES + 2];
        size_t size = 0;
        bool   fits = true;

        parts[0] = t->g->head;
        for (i = 0; i < n; i++) {
            parts[i + 1] = t->g->at[i]->literals[which[i]];
            fits &= goes_on(parts[i + 1], i) != (last && i + 1 == n);
        }
        parts[n + 1] = tail;
        for (i = 0; i < n + 2; i++) {
            if (parts[i].n)
                memcpy(room + size, parts[i].p, parts[i].n);
            size += parts[i].n;
        }
        if (fits && (!vd_arena_dup(t->arena, &pattern, (vd_str){ room, size }) || !t->take(t->ctx, pattern)))
            return false;
        for (i = n; i > 0 && ++which[i - 1] == t->g->at[i - 1]->count; i--)
            which[i - 1] = 0;
    } while (i > 0);
    return true;
}

static bool tell_group(const telling *t)
{
    const group *g = t->g;
    uint32_t     fixed = 0, combinations = 1;
    char         room[EDGE_BYTES + 1 + LITERAL_BYTES];
    vd_str       prefix;

    /* Names end within the places that are told one by one, or are told by how they begin. */
    for (bool go = true; go && fixed < g->count && !g->at[fixed]->open;) {
        uint32_t more = fitting(g->at[fixed], fixed, false), ends = fitting(g->at[fixed], fixed, true);

        go = combinations * (more > ends ? more : ends) <= COMBINATIONS;
        combinations *= go && more ? more : 1;
        fixed += go;
    }
    for (uint32_t n = 0; n <= fixed; n++)
        if ((g->ends >> n & 1) && !combine(t, n, VD_S(""), true))
            return false;
    if (fixed == g->count)
        return true;
    prefix = prefix_of(g->at[fixed]);
    if (prefix.n)
        memcpy(room, prefix.p, prefix.n);
    room[prefix.n] = '*';
    return combine(t, fixed, (vd_str){ room, prefix.n + 1 }, false);
}

bool vd_lattice_patterns(const vd_lattice *l, vd_arena *arena, bool (*take)(void *ctx, vd_str pattern), void *ctx)
{
    for (uint32_t i = 0; i < l->count; i++) {
        telling t = { l->at[i], arena, take, ctx };

        if (!tell_group(&t))
            return false;
    }
    return true;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What a look at two patterns tells: that one covers the other, that their ends differ.  "Yes" is a proof, "no" is not.
 */
#include "symbolic/words_quick.h"

#include "base/str.h"

enum { MOST_STEPS = 4096 };

static bool has_no_case(uint32_t letter)
{
    return letter < 0x80 && !vd_is_alpha((char)letter);
}

/* Does a token of the outer pattern take all that one of the inner one may be? */
static bool takes(uint32_t outer, bool outer_fold, uint32_t inner, bool inner_fold, bool variables)
{
    if (outer >= VD_ONE) {
        if (inner >= VD_ONE)
            return (outer >= VD_RUN || inner < VD_RUN) && ((outer & (VD_ONE - 1)) & ~inner) == 0;
        return (outer & vd_words_kind(inner, variables)) == 0;
    }
    if (outer_fold)
        return vd_words_lower(outer) == vd_words_lower(inner); /* of no letter: itself */
    return outer == inner && (!inner_fold || has_no_case(inner));
}

/* A star of the outer pattern, and the place of the inner one up to which it goes. */
typedef struct mark {
    bool   set;
    size_t star, to;
} mark;

/* Up to where what follows the star can begin: at a plain letter only where the inner pattern has it, or anything special. */
static bool go_back(mark *m, vd_glob outer, vd_glob inner, bool variables)
{
    char     next;
    uint32_t n, star;

    if (!m->set || m->to >= inner.text.n)
        return m->set = false;
    star = vd_token_at(outer.text, m->star, variables, &n);
    m->set = takes(star, false, vd_token_at(inner.text, m->to, variables, &n), inner.fold, variables);
    m->to += n;
    next = m->star + 1 < outer.text.n ? outer.text.p[m->star + 1] : '\xff';
    if (outer.fold || inner.fold || (unsigned char)next >= 0x80)
        return m->set;
    for (; m->set && m->to < inner.text.n && inner.text.p[m->to] != next && (unsigned char)inner.text.p[m->to] < 0x80; m->to++)
        m->set = (vd_words_kind((unsigned char)inner.text.p[m->to], variables) & star & (VD_ONE - 1)) == 0;
    return m->set;
}

/* Equal beginnings need no care, unless case counts for the outer pattern only. */
static size_t same_beginning(vd_glob outer, vd_glob inner)
{
    size_t most = outer.text.n < inner.text.n ? outer.text.n : inner.text.n, i = 0;

    if (inner.fold && !outer.fold)
        return 0;
    while (i < most && outer.text.p[i] == inner.text.p[i] && (unsigned char)outer.text.p[i] < 0x80)
        i++;
    return i;
}

/* Does the outer pattern match all that the inner one does?  It is matched against the inner pattern, whose wildcards are
 * letters that only wildcards take: each word of the inner pattern is taken the same way.  "No" may be wrong. */
bool vd_quick_covers(vd_quick *q, vd_glob outer, vd_glob inner)
{
    mark   wide = { 0 }, narrow = { 0 };
    size_t i = same_beginning(outer, inner), k = i;
    bool   variables = q->q->variables;

    for (uint32_t step = 0; step < MOST_STEPS && (step % 16 != 15 || vd_quick_spend(q, 4)); step++) {
        uint32_t n, m;

        if (i < outer.text.n && k < inner.text.n && outer.text.p[i] == inner.text.p[k] && (unsigned char)outer.text.p[i] < 0x80 &&
            (outer.fold || !inner.fold)) {
            i++;
            k++;
        } else if (i < outer.text.n && vd_words_is_star(outer.text.p[i])) {
            if (outer.text.p[i] == VD_STAR && i + 1 == outer.text.n)
                return true;
            if (outer.text.p[i] == VD_STAR)
                wide = (mark){ true, i, k }, narrow.set = false;
            else
                narrow = (mark){ true, i, k };
            i++;
        } else if (k == inner.text.n) {
            return i == outer.text.n;
        } else if (i < outer.text.n &&
                   takes(vd_token_at(outer.text, i, variables, &n), outer.fold,
                         vd_token_at(inner.text, k, variables, &m), inner.fold, variables)) {
            i += n;
            k += m;
        } else if (go_back(&narrow, outer, inner, variables)) {
            i = narrow.star + 1;
            k = narrow.to;
        } else if (go_back(&wide, outer, inner, variables)) {
            narrow.set = false;
            i = wide.star + 1;
            k = wide.to;
        } else {
            return false;
        }
    }
    return false;
}

static bool letters_differ(char a, char b, bool fold)
{
    if (a == b)
        return false;
    return !fold || ((unsigned char)a < 0x80 && (unsigned char)b < 0x80 && vd_lower(a) != vd_lower(b));
}

vd_glob_field vd_field_at(vd_str p, size_t from)
{
    vd_glob_field f = { .text = { p.p + from, 0 } };
    size_t   i = from;

    for (; i < p.n && p.p[i] != ':' && !f.open; i++) {
        if (!vd_words_is_wild(p.p[i])) {
            f.tail++;
            continue;
        }
        if (f.tail == i - from)
            f.head = f.tail;
        f.tail = 0;
        f.open = (vd_words_leaves_out(p.p[i], false) & VD_KIND_COLON) == 0;
    }
    f.text.n = i - from;
    if (f.tail == f.text.n)
        f.head = f.tail;
    f.last = i == p.n;
    return f;
}

/* Letters that both have at one end. */
static bool ends_differ(const vd_glob_field *a, const vd_glob_field *b)
{
    size_t heads = a->head < b->head ? a->head : b->head, tails = a->tail < b->tail ? a->tail : b->tail;

    if (memcmp(a->text.p, b->text.p, heads) != 0)
        return true;
    if (a->open || b->open) /* a text without wildcards is shorter than what the other begins with */
        return (!a->open && a->head == a->text.n && b->head > a->head) || (!b->open && b->head == b->text.n && a->head > b->head);
    return memcmp(a->text.p + a->text.n - tails, b->text.p + b->text.n - tails, tails) != 0 ||
           (a->head == a->text.n && (b->head > a->text.n || b->tail > a->text.n)) ||
           (b->head == b->text.n && (a->head > b->text.n || a->tail > b->text.n));
}

/* As long as no wildcard goes over a colon, the fields of two patterns are held against each other: types of resources differ
 * in the sixth, behind a region that may be any. */
static bool fields_differ(vd_str a, vd_str b)
{
    for (size_t i = 0, k = 0;;) {
        vd_glob_field x = vd_field_at(a, i), y = vd_field_at(b, k);

        if (ends_differ(&x, &y))
            return true;
        if (x.open || y.open || (x.last && y.last))
            return false;
        if (x.last || y.last)
            return true;
        i += x.text.n + 1;
        k += y.text.n + 1;
    }
}

/* Their literal beginnings or ends tell two patterns apart, or those of a field.  Folding stops at the first letter beyond ASCII: some of those
 * are capitals of ASCII letters, and of another length. */
bool vd_globs_differ(vd_glob a, vd_glob b)
{
    bool   fold = a.fold || b.fold;
    size_t most = a.text.n < b.text.n ? a.text.n : b.text.n;

    for (size_t i = 0; i < most; i++) {
        char x = a.text.p[i], y = b.text.p[i];

        if (vd_words_is_wild(x) || vd_words_is_wild(y) ||
            (fold && ((unsigned char)x >= 0x80 || (unsigned char)y >= 0x80)))
            break;
        if (letters_differ(x, y, fold))
            return true;
    }
    for (size_t i = 1; i <= most; i++) {
        char x = a.text.p[a.text.n - i], y = b.text.p[b.text.n - i];

        if (vd_words_is_wild(x) || vd_words_is_wild(y) ||
            (fold && ((unsigned char)x >= 0x80 || (unsigned char)y >= 0x80)))
            break;
        if (letters_differ(x, y, fold))
            return true;
    }
    return !fold && fields_differ(a.text, b.text);
}

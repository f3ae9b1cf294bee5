/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers, dates, addresses, bytes.  The values of the tests cut their line into points and open intervals, in each of which
 * all tests stay the same; so one text of each is enough to try.  Addresses are sets of ranges, and only what is left of them
 * is tried.
 */
#include "symbolic/inside.h"
#include "symbolic/ranges.h"

#include "base/str.h"
#include "operator/operator.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_number(const vd_atom *atom)
{
    uint8_t t = atom->entry->op.op->test;

    return t >= VD_TEST_NUMBER_EQ && t <= VD_TEST_NUMBER_GE;
}

static bool is_date(const vd_atom *atom)
{
    uint8_t t = atom->entry->op.op->test;

    return t >= VD_TEST_DATE_EQ && t <= VD_TEST_DATE_GE;
}

static bool keep(vd_ask *a, vd_tries *t, vd_str x)
{
    vd_str kept;

    if (!vd_arena_dup(&a->s->work, &kept, x) || !VD_ARENA_PUSH(&a->s->work, t->at, t->count, t->cap, kept))
        a->nomem = true;
    return !a->nomem;
}

/* ------------------------------------------------------------------ numbers */

enum { PAIRS = sizeof((vd_number *)NULL)->digits, EXACT = 40, LONGEST = 21, MOST_EXPONENT = 400 };

typedef struct decimal { /* sign * 0.d1 d2 ... * 10^exponent, one digit a byte */
    int  sign, exponent, count;
    char d[2 * PAIRS + 4];
} decimal;

static decimal spread(const vd_number *n)
{
    decimal x = { .sign = n->sign, .exponent = n->exponent };

    for (int i = 0; i < n->pairs; i++) {
        x.d[x.count++] = (char)(n->digits[i] / 10);
        x.d[x.count++] = (char)(n->digits[i] % 10);
    }
    while (x.count && x.d[x.count - 1] == 0)
        x.count--;
    return x;
}

/* The digits with a point behind as many of them; noughts where there are none. */
static void add_digits(vd_buf *b, const decimal *x, int point)
{
    int from = point < 0 ? point : 0;

    if (point <= 0)
        vd_buf_byte(b, '0');
    for (int i = from; i < x->count || i < point; i++) {
        if (i == (point > 0 ? point : from))
            vd_buf_byte(b, '.');
        vd_buf_byte(b, (char)('0' + (i >= 0 && i < x->count ? x->d[i] : 0)));
    }
}

static bool keep_decimal(vd_ask *a, vd_tries *t, const decimal *x)
{
    vd_buf b = vd_buf_on(&a->s->alloc, 0);
    bool   ok, plain = x->exponent > -6 && x->exponent <= LONGEST && x->count <= LONGEST + EXACT;
    int    e = x->exponent - 1;

    if (x->sign < 0)
        vd_buf_byte(&b, '-');
    if (x->sign == 0) {
        vd_buf_byte(&b, '0');
    } else if (plain) {
        add_digits(&b, x, x->exponent);
    } else { /* the point moves where the written exponent would be one that nobody reads (E526) */
        e = e > MOST_EXPONENT ? MOST_EXPONENT : e < -MOST_EXPONENT ? -MOST_EXPONENT : e;
        add_digits(&b, x, x->exponent - e);
        vd_buf_printf(&b, "e%d", e);
    }
    ok = !b.failed && keep(a, t, vd_buf_str(&b));
    a->nomem |= !ok;
    vd_buf_done(&b);
    return ok;
}

/* A number between two of them; `whole` when there is one in easy reach.  None is written with more digits than are exact. */
static bool keep_between(vd_ask *a, vd_tries *t, decimal lo, decimal hi)
{
    decimal x = lo;
    bool    mirrored = false;

    if (lo.sign < 0 && hi.sign > 0)
        return keep_decimal(a, t, &(decimal){ 0 });
    if (hi.sign <= 0) { /* look at it from the other side */
        x = hi;
        hi = lo;
        lo = x;
        lo.sign = -lo.sign;
        hi.sign = -hi.sign;
        x = lo;
        mirrored = true;
    }
    if (x.sign == 0) {
        x = (decimal){ .sign = 1, .exponent = hi.exponent - 1, .count = 1, .d = { 1 } };
    } else {
        int digits = hi.exponent == x.exponent && hi.count > x.count ? hi.count : x.count;

        if (digits >= EXACT)
            return true;
        while (x.count < digits)
            x.d[x.count++] = 0;
        if (x.count < x.exponent && x.exponent < EXACT) /* "10" and a little is "11", if the next is farther */
            while (x.count < x.exponent - 1)
                x.d[x.count++] = 0;
        x.d[x.count++] = 1;
    }
    if (mirrored)
        x.sign = -x.sign;
    return keep_decimal(a, t, &x);
}

static bool keep_beyond(vd_ask *a, vd_tries *t, decimal x, int side)
{
    decimal far = { .sign = side, .exponent = x.sign == side ? x.exponent + 1 : 1, .count = 1, .d = { 1 } };

    if (x.sign == -side)
        far = (decimal){ 0 };
    return keep_decimal(a, t, &far);
}

static int by_number(const void *a, const void *b)
{
    return vd_number_cmp(a, b);
}

static bool number_cells(vd_ask *a, const vd_wants *w, vd_tries *out)
{
    vd_number *cuts = NULL;
    uint32_t   n = 0, cap = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        const vd_texts *texts = &w->at[i].atom->entry->values;

        for (uint32_t k = 0; is_number(w->at[i].atom) && k < texts->count; k++) {
            vd_number x;

            if (vd_number_parse(&x, texts->at[k].text) && !VD_ARENA_PUSH(&a->s->work, cuts, n, cap, x))
                a->nomem = true;
        }
    }
    if (a->nomem || n == 0)
        return !a->nomem;
    if (n > 1)
        qsort(cuts, n, sizeof *cuts, by_number);
    for (uint32_t i = 0; i < n && !a->nomem; i++) {
        decimal x = spread(&cuts[i]);

        if (i && vd_number_cmp(&cuts[i - 1], &cuts[i]) == 0)
            continue;
        if (i == 0)
            keep_beyond(a, out, x, -1);
        else
            keep_between(a, out, spread(&cuts[i - 1]), x);
        keep_decimal(a, out, &x);
    }
    return !a->nomem && keep_beyond(a, out, spread(&cuts[n - 1]), 1);
}

/* ------------------------------------------------------------------ dates */

enum { DAY = 86400, SECOND = 1000000000, MILLISECOND = 1000000 };

static int by_date(const void *a, const void *b)
{
    return vd_date_cmp(a, b);
}

/* The points in order, and a point of each gap, of which the first and last are open; `at` holds twice as many and one. */
uint32_t vd_dates_refine(vd_date *cuts, uint32_t n, vd_date *at)
{
    uint32_t out = 0;

    if (n == 0)
        return 0;
    if (n > 1)
        qsort(cuts, n, sizeof *cuts, by_date);
    at[out] = cuts[0];
    at[out++].seconds -= DAY;
    for (uint32_t i = 0; i < n; i++) {
        vd_date between = cuts[i], next;

        if (i + 1 < n && vd_date_cmp(&cuts[i], &cuts[i + 1]) == 0)
            continue;
        at[out++] = cuts[i];
        next = i + 1 < n ? cuts[i + 1] : cuts[i];
        between.seconds += i + 1 < n ? 1 : DAY;
        if (i + 1 < n && vd_date_cmp(&between, &next) >= 0) {
            between = cuts[i];
            if (++between.nanos == SECOND) {
                between.nanos = 0;
                between.seconds++;
            }
        }
        if (i + 1 == n || vd_date_cmp(&between, &next) < 0)
            at[out++] = between;
    }
    return out;
}

/* As people write it; behind the last year that can be written so (E528), milliseconds of the epoch (E529). */
static void keep_date(vd_ask *a, vd_tries *out, vd_date d)
{
    char    text[64];
    size_t  n = vd_date_format(text, d);
    vd_date read;

    if (d.seconds > 0 && !vd_date_parse(&read, (vd_str){ text, n }))
        n = (size_t)snprintf(text, sizeof text, "%lld%03u.%06u", (long long)d.seconds, (unsigned)d.nanos / MILLISECOND,
                             (unsigned)d.nanos % MILLISECOND);
    keep(a, out, (vd_str){ text, n });
}

static bool date_cells(vd_ask *a, const vd_wants *w, vd_tries *out)
{
    vd_date *cuts = NULL, *at;
    uint32_t n = 0, cap = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        const vd_texts *texts = &w->at[i].atom->entry->values;

        for (uint32_t k = 0; is_date(w->at[i].atom) && k < texts->count; k++) {
            vd_date x;

            if (vd_date_parse(&x, texts->at[k].text) && !VD_ARENA_PUSH(&a->s->work, cuts, n, cap, x))
                a->nomem = true;
        }
    }
    at = vd_arena_new_array(&a->s->work, vd_date, (size_t)n * 2 + 2);
    a->nomem |= !at;
    n = a->nomem ? 0 : vd_dates_refine(cuts, n, at);
    for (uint32_t i = 0; i < n; i++)
        keep_date(a, out, at[i]);
    return !a->nomem;
}

/* ------------------------------------------------------------------ addresses */

/* The addresses for which the test comes out as wanted; of texts that are none nothing is said. */
static bool addresses_of(vd_ask *a, const vd_want *w, vd_addresses *out)
{
    const vd_entry *e = w->atom->entry;
    vd_addresses    listed = { 0 }, all;
    uint32_t        formed = 0;
    bool            in = w->passes != e->op.op->negated, ok = vd_addresses_all(&all, &a->s->work);

    for (uint32_t i = 0; i < e->values.count && ok; i++) {
        vd_cidr c;

        if (!vd_cidr_parse(&c, e->values.at[i].text))
            continue;
        formed++;
        ok = vd_addresses_add(&listed, &c, &a->s->work);
    }
    vd_addresses_settle(&listed);
    if (e->values.count && formed == 0) { /* E539 */
        *out = w->passes ? (vd_addresses){ 0 } : all;
        return ok;
    }
    ok = ok && (in ? vd_addresses_cut(out, &all, &listed, &a->s->work) : vd_addresses_less(out, &all, &listed, &a->s->work));
    a->nomem |= !ok;
    return ok;
}

bool vd_wants_addresses(vd_ask *a, const vd_wants *w, vd_addresses *out)
{
    bool ok = vd_addresses_all(out, &a->s->work);

    for (uint32_t i = 0; i < w->count && ok; i++) {
        vd_addresses one = { 0 }, both = { 0 };

        if (w->at[i].atom->entry->op.op->test != VD_TEST_IP)
            continue;
        ok = addresses_of(a, &w->at[i], &one) && vd_addresses_cut(&both, out, &one, &a->s->work);
        *out = both;
    }
    a->nomem |= !ok;
    return ok;
}

static const char *const examples[] = { "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "2001:db8::/32" };
static const char *const reserved[] = { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                                        "192.168.0.0/16", "224.0.0.0/3", "::/8", "fc00::/7", "fe80::/10", "ff00::/8" };

static bool addresses_from(vd_addresses *out, const char *const *texts, size_t n, vd_arena *arena)
{
    bool ok = true;

    *out = (vd_addresses){ 0 };
    for (size_t i = 0; i < n && ok; i++) {
        vd_cidr c;

        ok = vd_cidr_parse(&c, vd_str_of(texts[i])) && vd_addresses_add(out, &c, arena);
    }
    vd_addresses_settle(out);
    return ok;
}

static bool keep_first(vd_ask *a, vd_tries *out, const vd_addresses *s)
{
    char text[48];

    if (s->four.count)
        keep(a, out, (vd_str){ text, vd_address_write(text, false, s->four.at[0].lo) });
    if (s->six.count)
        keep(a, out, (vd_str){ text, vd_address_write(text, true, s->six.at[0].lo) });
    return !a->nomem;
}

/* Of what is left: an address for documentation, one that the world can reach, any.  When other tests have a say as well,
 * the ends of every range. */
static bool address_cells(vd_ask *a, const vd_wants *w, vd_tries *out)
{
    vd_arena    *m = &a->s->work;
    vd_addresses left, doc, hidden, some;
    bool         any = false, ok;

    for (uint32_t i = 0; i < w->count; i++)
        any |= w->at[i].atom->entry->op.op->test == VD_TEST_IP;
    if (!any)
        return true;
    ok = vd_wants_addresses(a, w, &left) && addresses_from(&doc, examples, VD_COUNT(examples), m) &&
         addresses_from(&hidden, reserved, VD_COUNT(reserved), m) && vd_addresses_cut(&some, &left, &doc, m) &&
         keep_first(a, out, &some) && vd_addresses_less(&some, &left, &hidden, m) && keep_first(a, out, &some) &&
         keep_first(a, out, &left);
    a->nomem |= !ok;
    return ok;
}

/* ------------------------------------------------------------------ bytes */

static bool byte_cells(vd_ask *a, const vd_wants *w, vd_tries *out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        const vd_texts *texts = &w->at[i].atom->entry->values;

        for (uint32_t k = 0; w->at[i].atom->entry->op.op->test == VD_TEST_BINARY && k < texts->count; k++, n++)
            keep(a, out, texts->at[k].text);
    }
    for (uint32_t i = 0; n && i <= n && !a->nomem; i++) { /* one more than there are: one of them is new */
        char text[16];

        snprintf(text, sizeof text, "%07u=", (unsigned)(i * 4) % 10000000u);
        keep(a, out, vd_str_of(text));
    }
    return !a->nomem;
}

bool vd_cells(vd_ask *a, const vd_wants *w, vd_tries *out)
{
    return number_cells(a, w, out) && date_cells(a, w, out) && address_cells(a, w, out) && byte_cells(a, w, out);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * How many addresses strangers may come from.  The ranges of all address tests cut the line of addresses into cells; within
 * a cell all tests say the same, so that one question for each distinct set of answers tells which cells are open.  The sum
 * of the open ones is exact, reserved ranges left out.
 */
#include "analyze/exposing.h"

#include "base/str.h"
#include "pattern/value.h"

#include <stdlib.h>

enum { TESTS = 64, CUTS = 4096 };

/* An address, and how many there are: of IPv4 in the upper half as well, so that one code does for both. */
typedef struct wide {
    uint64_t hi, lo;
} wide;

typedef struct range {
    wide first, last;
} range;

typedef struct test {
    range   *at[2]; /* of each family */
    uint32_t count[2];
    uint32_t atom;
} test;

typedef struct measure {
    vd_exposing *x;
    test         tests[TESTS];
    uint32_t     count;
    wide        *cuts;
    uint32_t     cut_count, cut_cap;
    bool         too_many;
} measure;

static const char *const reserved[] = { "10.0.0.0/8",      "172.16.0.0/12",   "192.168.0.0/16", "127.0.0.0/8",   "169.254.0.0/16",
                                        "224.0.0.0/4",     "192.0.2.0/24",    "198.51.100.0/24", "203.0.113.0/24", "100.64.0.0/10",
                                        "fc00::/7",        "fe80::/10",       "ff00::/8",        "2001:db8::/32", "::1/128" };

static int compare(wide a, wide b)
{
    return a.hi != b.hi ? (a.hi < b.hi ? -1 : 1) : a.lo != b.lo ? (a.lo < b.lo ? -1 : 1) : 0;
}

static wide plus_one(wide a)
{
    a.lo++;
    a.hi += a.lo == 0;
    return a;
}

static wide minus(wide a, wide b)
{
    wide r = { a.hi - b.hi - (a.lo < b.lo), a.lo - b.lo };

    return r;
}

static wide plus(wide a, wide b)
{
    wide r = { a.hi + b.hi, a.lo + b.lo };

    r.hi += r.lo < a.lo;
    return r;
}

/* Addresses of IPv4 are numbers below 2^32. */
static bool to_range(range *out, int family, vd_str text)
{
    vd_cidr  c;
    wide     first = { 0, 0 };
    uint32_t length;

    if (!vd_cidr_parse(&c, text) || c.family != (family ? 6 : 4))
        return false;
    length = family ? 128 : 32;
    for (uint32_t i = 0; i < length / 8; i++) {
        first.hi = first.hi << 8 | first.lo >> 56;
        first.lo = first.lo << 8 | c.bytes[i];
    }
    out->first = first;
    out->last = first;
    for (uint32_t bit = 0; bit < length - c.bits; bit++) {
        if (bit < 64)
            out->last.lo |= (uint64_t)1 << bit;
        else
            out->last.hi |= (uint64_t)1 << (bit - 64);
    }
    return true;
}

static int by_first(const void *a, const void *b)
{
    return compare(((const range *)a)->first, ((const range *)b)->first);
}

static int by_size(const void *a, const void *b)
{
    return compare(*(const wide *)a, *(const wide *)b);
}

static bool within(const range *list, uint32_t count, wide at)
{
    for (uint32_t i = 0; i < count; i++)
        if (compare(list[i].first, at) <= 0 && compare(at, list[i].last) <= 0)
            return true;
    return false;
}

/* ------------------------------------------------------------------ one list of ranges */

static uint32_t ranges_of(vd_exposing *x, const vd_str *texts, uint32_t count, int family, range **out)
{
    uint32_t n = 0;

    *out = vd_arena_new_array(&x->arena, range, count ? count : 1);
    x->nomem |= *out == NULL;
    for (uint32_t i = 0; *out && i < count; i++)
        n += to_range(&(*out)[n], family, texts[i]);
    return n;
}

static uint32_t reserved_of(vd_exposing *x, int family, range **out)
{
    vd_str texts[VD_COUNT(reserved)];

    for (size_t i = 0; i < VD_COUNT(reserved); i++)
        texts[i] = vd_str_of(reserved[i]);
    return ranges_of(x, texts, VD_COUNT(reserved), family, out);
}

static bool over_bound(const vd_exposing *x, int family, wide total)
{
    uint32_t bits = family ? x->opts.public_ip6_bits : x->opts.public_ip4_bits;
    wide     bound = { 0, 0 };

    if (x->opts.any_address_limits_not)
        return total.hi || total.lo;
    bits = bits ? bits : family ? 96 : 24;
    if (bits > 127)
        return false;
    if (bits < 64)
        bound.lo = (uint64_t)1 << bits;
    else
        bound.hi = (uint64_t)1 << (bits - 64);
    return compare(total, bound) > 0;
}

static vd_str *texts_of(vd_exposing *x, const vd_entry *e)
{
    vd_str *texts = vd_arena_new_array(&x->arena, vd_str, e->values.count ? e->values.count : 1);

    for (uint32_t i = 0; texts && i < e->values.count; i++)
        texts[i] = e->values.at[i].text;
    x->nomem |= texts == NULL;
    return texts;
}

/* Addresses in any of the ranges, each once; with those of no use to anybody outside (reserved) or without.  *all: every
 * address there is, a number that does not fit. */
static wide size_of(vd_exposing *x, const vd_str *texts, uint32_t count, int family, bool with_reserved, bool *all)
{
    range   *list, *out;
    uint32_t n = ranges_of(x, texts, count, family, &list), r = reserved_of(x, family, &out);
    wide     total = { 0, 0 }, end = { 0, 0 }, most = family ? (wide){ UINT64_MAX, UINT64_MAX } : (wide){ 0, UINT32_MAX };

    *all = false;
    if (x->nomem)
        return total;
    if (n > 1)
        qsort(list, n, sizeof *list, by_first);
    for (uint32_t i = 0; i < n; i++) {
        wide from = list[i].first;

        *all |= from.hi == 0 && from.lo == 0 && compare(list[i].last, most) == 0;
        if (i && compare(list[i].last, end) <= 0)
            continue;
        if (i && compare(from, end) <= 0)
            from = plus_one(end);
        if (with_reserved || !within(out, r, from))
            total = plus(total, plus_one(minus(list[i].last, from)));
        end = list[i].last;
    }
    return total;
}

/* A list that is no anchor: it holds too many addresses. */
bool vd_ranges_are_wide(const vd_exposing *given, const vd_entry *e)
{
    vd_exposing *x = (vd_exposing *)(uintptr_t)given;
    vd_str      *texts = texts_of(x, e);
    bool         all;

    for (int family = 0; texts && family < 2; family++)
        if (over_bound(x, family, size_of(x, texts, e->values.count, family, false, &all)) || all)
            return true;
    return false;
}

/* "256 IPv4 addresses": exact. */
bool vd_ranges_count(vd_exposing *x, const vd_str *texts, uint32_t count, vd_str *out)
{
    *out = (vd_str){ "", 0 };
    for (int family = 0; family < 2; family++) {
        bool   all;
        wide   total = size_of(x, texts, count, family, true, &all);
        char   digits[40];
        size_t n = sizeof digits;

        if (x->nomem || (total.hi == 0 && total.lo == 0 && !all))
            continue;
        if (total.hi == 0 && total.lo == 0)
            total = (wide){ UINT64_MAX, UINT64_MAX };
        for (wide rest = total; rest.hi || rest.lo;) { /* long division by ten, 32 bits at a time */
            uint64_t parts[4] = { rest.hi >> 32, rest.hi & UINT32_MAX, rest.lo >> 32, rest.lo & UINT32_MAX }, carry = 0;

            for (int i = 0; i < 4; i++) {
                uint64_t v = carry << 32 | parts[i];

                parts[i] = v / 10;
                carry = v % 10;
            }
            rest = (wide){ parts[0] << 32 | parts[1], parts[2] << 32 | parts[3] };
            digits[--n] = (char)('0' + carry);
        }
        if (!vd_arena_printf(&x->arena, out, VD_F "%s" VD_F " IPv%d address%s", VD_A(*out), out->n ? ", " : "",
                             VD_A(((vd_str){ digits + n, sizeof digits - n })), family ? 6 : 4, total.hi == 0 && total.lo == 1 ? "" : "es"))
            x->nomem = true;
    }
    return !x->nomem;
}

/* ------------------------------------------------------------------ the cells of the line */

static void cut(measure *m, wide at)
{
    m->too_many |= m->cut_count >= CUTS;
    if (!m->too_many && !VD_ARENA_PUSH(&m->x->arena, m->cuts, m->cut_count, m->cut_cap, at))
        m->x->nomem = true;
}

static void add_test(measure *m, const vd_entry *e)
{
    vd_exposing *x = m->x;
    vd_str      *texts = texts_of(x, e);
    uint32_t     atom;

    if (!texts)
        return;
    atom = vd_symbolic_condition(x->s, "IpAddress", VD_S("aws:SourceIp"), texts, e->values.count, &x->nomem);
    for (uint32_t i = 0; i < m->count; i++)
        if (m->tests[i].atom == atom)
            return;
    m->too_many |= m->count == TESTS;
    if (m->too_many)
        return;
    for (int family = 0; family < 2; family++)
        m->tests[m->count].count[family] = ranges_of(x, texts, e->values.count, family, &m->tests[m->count].at[family]);
    m->tests[m->count++].atom = atom;
}

static void add_tests(measure *m, const vd_says *says)
{
    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++)
            if (st->entries[k].op.op && st->entries[k].op.op->test == VD_TEST_IP &&
                vd_str_ieq(st->entries[k].key.text, VD_S("aws:SourceIp")))
                add_test(m, &st->entries[k]);
    }
}

static void cut_all(measure *m, int family)
{
    range   *out;
    uint32_t r = reserved_of(m->x, family, &out);

    m->cut_count = 0;
    cut(m, (wide){ 0, 0 });
    for (uint32_t i = 0; i < m->count; i++)
        for (uint32_t k = 0; k < m->tests[i].count[family]; k++) {
            cut(m, m->tests[i].at[family][k].first);
            cut(m, plus_one(m->tests[i].at[family][k].last));
        }
    for (uint32_t i = 0; i < r && out; i++) {
        cut(m, out[i].first);
        cut(m, plus_one(out[i].last));
    }
    if (m->cut_count > 1)
        qsort(m->cuts, m->cut_count, sizeof *m->cuts, by_size);
}

static uint64_t answers_at(const measure *m, int family, wide at)
{
    uint64_t bits = 0;

    for (uint32_t i = 0; i < m->count; i++)
        if (within(m->tests[i].at[family], m->tests[i].count[family], at))
            bits |= (uint64_t)1 << i;
    return bits;
}

typedef struct answered {
    uint64_t  bits;
    vd_answer answer;
    vd_model  model;
    uint32_t  part;
} answered;

static vd_answer ask_cell(measure *m, const vd_scope *strangers, uint32_t family, int six, uint64_t bits, answered *a)
{
    vd_exposing *x = m->x;
    vd_scope     scope = *strangers;
    vd_model     model;
    const char  *why = NULL;

    scope.cap = scope.count;
    vd_scope_add(x, &scope, (vd_demand){ vd_condition1(x, "IpAddress", "aws:SourceIp", six ? VD_S("::/0") : VD_S("0.0.0.0/0")), false });
    for (uint32_t i = 0; i < m->count; i++)
        vd_scope_add(x, &scope, (vd_demand){ m->tests[i].atom, !(bits >> i & 1u) });
    if (x->nomem)
        return VD_UNKNOWN;
    a->bits = bits;
    a->answer = vd_exposing_ask(x, &scope, family, &model, &a->part, &why);
    if (a->answer == VD_SAT && !vd_model_keep(&a->model, &model, &x->arena))
        x->nomem = true;
    return a->answer;
}

static vd_answer measure_family(measure *m, const vd_scope *strangers, uint32_t family, int six, vd_model *model, uint32_t *part)
{
    vd_exposing *x = m->x;
    answered    *known = NULL;
    uint32_t     known_count = 0, known_cap = 0;
    wide         total = { 0, 0 };
    vd_answer    worst = VD_UNSAT;
    range       *out;
    uint32_t     r = reserved_of(x, six, &out);

    cut_all(m, six);
    for (uint32_t i = 0; i < m->cut_count && !x->nomem; i++) {
        wide     from = m->cuts[i], size;
        uint64_t bits = answers_at(m, six, from);
        uint32_t k = 0;

        if ((!six && (from.hi || from.lo > UINT32_MAX)) || (i && compare(from, m->cuts[i - 1]) == 0) || within(out, r, from))
            continue;
        while (k < known_count && known[k].bits != bits)
            k++;
        if (k == known_count) {
            answered a = { 0 };

            ask_cell(m, strangers, family, six, bits, &a);
            if (!VD_ARENA_PUSH(&x->arena, known, known_count, known_cap, a))
                x->nomem = true;
            if (x->nomem)
                break;
        }
        if (known[k].answer == VD_UNKNOWN)
            worst = VD_UNKNOWN;
        if (known[k].answer != VD_SAT)
            continue;
        while (i + 1 < m->cut_count && compare(m->cuts[i + 1], from) == 0)
            i++;
        if (i + 1 < m->cut_count)
            size = minus(m->cuts[i + 1], from);
        else
            size = plus_one(minus(six ? (wide){ UINT64_MAX, UINT64_MAX } : (wide){ 0, UINT32_MAX }, from));
        if (size.hi == 0 && size.lo == 0) /* the whole line */
            size = (wide){ UINT64_MAX, UINT64_MAX };
        total = plus(total, size);
        if (over_bound(x, six, total)) {
            *model = known[k].model;
            *part = known[k].part;
            return VD_SAT;
        }
    }
    return x->nomem || m->too_many ? VD_UNKNOWN : worst;
}

vd_answer vd_addresses_wide(vd_exposing *x, const vd_scope *strangers, uint32_t family, vd_model *model, uint32_t *part)
{
    measure  *m = vd_arena_new(&x->arena, measure);
    vd_answer four, six;

    if (!m) {
        x->nomem = true;
        return VD_UNKNOWN;
    }
    m->x = x;
    for (uint32_t k = 0; k < VD_SAYS; k++)
        add_tests(m, &x->says[k]);
    four = measure_family(m, strangers, family, 0, model, part);
    if (four == VD_SAT)
        return four;
    six = measure_family(m, strangers, family, 1, model, part);
    return six == VD_UNSAT ? four : six;
}

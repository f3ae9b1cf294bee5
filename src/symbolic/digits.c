/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts read as numbers: NumericEquals, NumericLessThan and the like of aws:PrincipalAccount.  All accounts have twelve
 * digits, so what lies within a bound is a run of them, and a run is a few patterns: "1111", then eight digits of any kind.
 */
#include "symbolic/inside.h"

enum { DIGITS = 12, MOST_PATTERNS = 4096 };
static const uint64_t ALL = 1000000000000u;

static vd_str print(char room[DIGITS], uint64_t account)
{
    for (size_t i = DIGITS; i-- > 0; account /= 10)
        room[i] = (char)('0' + account % 10);
    return (vd_str){ room, DIGITS };
}

/* The first account that is at least (beyond: more than) the number; ALL: none is. */
static uint64_t first_from(const vd_number *number, bool beyond)
{
    uint64_t lo = 0, hi = ALL;

    while (lo < hi) {
        uint64_t  mid = lo + (hi - lo) / 2;
        char      room[DIGITS];
        vd_number m = { 0 };
        int       c = vd_number_parse(&m, print(room, mid)) ? vd_number_cmp(&m, number) : 0;

        if (c > 0 || (c == 0 && !beyond))
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

static void run_of(uint8_t test, const vd_number *number, uint64_t *from, uint64_t *to)
{
    uint64_t least = first_from(number, false), more = first_from(number, true);

    *from = test == VD_TEST_NUMBER_GT ? more : test == VD_TEST_NUMBER_GE || test == VD_TEST_NUMBER_EQ ? least : 0;
    *to = test == VD_TEST_NUMBER_LT ? least : test == VD_TEST_NUMBER_LE || test == VD_TEST_NUMBER_EQ ? more : ALL;
}

static bool add_run(vd_ask *a, vd_str **list, uint32_t *n, uint32_t *cap, uint64_t from, uint64_t to)
{
    while (from < to && *n < MOST_PATTERNS) {
        uint64_t step = 1;
        size_t   open = 0;
        char     room[DIGITS];
        vd_str   own;

        for (; open < DIGITS && from % (step * 10) == 0 && step * 10 <= to - from; open++)
            step *= 10;
        print(room, from);
        memset(room + DIGITS - open, VD_ANY_DIGIT, open);
        if (!vd_arena_dup(&a->s->work, &own, (vd_str){ room, DIGITS }) || !VD_ARENA_PUSH(&a->s->work, *list, *n, *cap, own)) {
            a->nomem = true;
            return false;
        }
        from += step;
    }
    return from >= to;
}

bool vd_accounts_of_numbers(vd_ask *a, const vd_entry *e, vd_globs *out, bool *formed)
{
    vd_str  *list = NULL;
    uint32_t n = 0, cap = 0;

    *formed = e->values.count == 0;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_number number;
        uint64_t  from, to;

        if (!vd_number_parse(&number, e->values.at[i].text))
            continue; /* E539 */
        *formed = true;
        run_of(e->op.op->test, &number, &from, &to);
        if (!add_run(a, &list, &n, &cap, from, to))
            return false;
    }
    *out = (vd_globs){ list, n, false };
    return true;
}

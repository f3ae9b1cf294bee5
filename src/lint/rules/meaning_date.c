/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates against today (--now): grants that have expired, that are about to, and bounds that have lost their effect.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "pattern/value.h"

enum { DAY = 86400 };

typedef enum bound { BOUND_NONE, BOUND_UNTIL, BOUND_FROM } bound;

static bound bound_of(const vd_operator *op)
{
    switch (op->test) {
    case VD_TEST_DATE_LT:
    case VD_TEST_DATE_LE:
    case VD_TEST_NUMBER_LT:
    case VD_TEST_NUMBER_LE:
        return BOUND_UNTIL;
    case VD_TEST_DATE_GT:
    case VD_TEST_DATE_GE:
    case VD_TEST_NUMBER_GT:
    case VD_TEST_NUMBER_GE:
        return BOUND_FROM;
    default:
        return BOUND_NONE;
    }
}

/* Of several values the widest counts: the latest "until", the earliest "from". */
static bool widest(const vd_entry *e, bound b, vd_date *out)
{
    bool any = false;

    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_date d;
        int     c;

        if (!vd_date_parse(&d, e->values.at[i].text))
            return false;
        c = any ? vd_date_cmp(&d, out) : 0;
        if (!any || (b == BOUND_UNTIL ? c > 0 : c < 0))
            *out = d;
        any = true;
    }
    return any;
}

static const char *day_of(vd_lint *l, vd_date d)
{
    char   text[48];
    size_t n = vd_date_format(text, d);

    return vd_lint_printf(l, VD_F, VD_A(vd_str_first((vd_str){ text, n }, 10)));
}

static void report_past(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k, bound b, vd_date d)
{
    const vd_lint_rule *rule = &vd_meaning_rules[VD_G_DATE_PAST];
    const char         *day = day_of(l, d);

    if (b == BOUND_FROM)
        vd_lint_report(l, rule, st, k->entry->value, "always true since %s; drop it", day);
    else if (st->allow)
        vd_lint_report(l, rule, st, k->entry->value, "expired on %s: this allows nothing any more", day);
    else
        vd_lint_report(l, rule, st, k->entry->value, "expired on %s: this denies nothing any more", day);
}

void vd_meaning_date(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    int64_t now = l->config->now;
    vd_date d = { 0 };
    bound   b;

    if (!k->entry->op.op || k->key_hole || k->value_hole || now == 0 ||
        !(vd_key_is(k, "aws:CurrentTime") || vd_key_is(k, "aws:EpochTime")))
        return;
    b = bound_of(k->entry->op.op);
    if (b == BOUND_NONE || !widest(k->entry, b, &d))
        return;
    if (d.seconds <= now)
        report_past(l, st, k, b, d);
    else if (b == BOUND_UNTIL && st->allow && d.seconds - now < (int64_t)l->config->warn_days * DAY)
        vd_lint_report(l, &vd_meaning_rules[VD_G_DATE_SOON], st, k->entry->value, "stops allowing on %s", day_of(l, d));
}

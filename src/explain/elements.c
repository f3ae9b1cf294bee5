/* SPDX-License-Identifier: Apache-2.0
 *
 * Action and Resource of a statement, pattern by pattern (chapters 2 and 3).
 */
#include "explain/rules.h"

#include "base/str.h"

static vd_str lowered(vd_inquiry *q, vd_str s)
{
    char *p = vd_inquiry_alloc(q, s.n, 1);

    if (!p)
        return (vd_str){ "", 0 };
    for (size_t i = 0; i < s.n; i++)
        p[i] = vd_lower(s.p[i]);
    return (vd_str){ p, s.n };
}

bool vd_action_matches(vd_inquiry *q, vd_str pattern)
{
    vd_str folded = lowered(q, pattern);
    char  *coded = vd_inquiry_alloc(q, folded.n, 1);

    if (!q->action.n)
        q->action = lowered(q, q->facts->action);
    return coded && vd_glob_match((vd_str){ coded, vd_glob_code(coded, folded) }, q->action);
}

/* The whole pattern as a coded one: the five fixed fields by E305, then the sixth with its variables. */
static vd_expand code_resource(vd_inquiry *q, vd_str pattern, bool variables, vd_str *out, vd_str *variable)
{
    size_t    used = 0, n;
    char     *head = vd_inquiry_alloc(q, pattern.n + 12, 1), *whole;
    vd_str    tail = { "", 0 };
    vd_expand state;

    if (!head)
        return VD_EXPAND_SPOILT;
    n = vd_resource_code(head, pattern, variables, &used);
    *out = (vd_str){ head, n };
    if (used >= pattern.n)
        return VD_EXPAND_OK;
    state = vd_expand_value(q, vd_str_from(pattern, used), variables, VD_CODING_LIKE, &tail, variable);
    if (state != VD_EXPAND_OK)
        return state;
    whole = vd_inquiry_alloc(q, n + tail.n, 1);
    if (!whole)
        return VD_EXPAND_SPOILT;
    memcpy(whole, head, n);
    if (tail.n)
        memcpy(whole + n, tail.p, tail.n);
    *out = (vd_str){ whole, n + tail.n };
    return VD_EXPAND_OK;
}

vd_resource_match vd_resource_matches(vd_inquiry *q, const vd_policy *p, vd_str pattern)
{
    vd_resource_match m = { .expand = VD_EXPAND_OK };
    vd_str            coded;

    switch (vd_resource_classify(pattern, p->language == VD_LANGUAGE_2012)) {
    case VD_RESOURCE_STARS: /* E302 */
        m.matches = true;
        return m;
    case VD_RESOURCE_SHORT: /* E309 */
        if (!vd_policy_resource_completed(p->kind, pattern))
            return m;
        break;
    case VD_RESOURCE_OK:
        break;
    case VD_RESOURCE_SHORT_EMPTY:
    case VD_RESOURCE_NO_COLON:
        return m; /* the statement is malformed and was not asked */
    }
    m.expand = code_resource(q, pattern, p->language == VD_LANGUAGE_2012, &coded, &m.variable);
    if (m.expand != VD_EXPAND_OK || q->facts->resource_is_star) /* E303 */
        return m;
    m.matches = vd_glob_match(coded, q->facts->resource);
    return m;
}

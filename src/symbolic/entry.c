/* SPDX-License-Identifier: Apache-2.0
 *
 * What a condition entry says of one text, and of a key that is missing: E521, E522, E536 to E547, as the interpreter has
 * them.  tests/agree holds both against the evaluator.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/mutant.h"

bool vd_entry_when_absent(const vd_entry *e, bool blank, bool many)
{
    const vd_operator_use *use = &e->op;

    if (use->op->test == VD_TEST_NULL) {
        bool hit = false;

        if (use->quantifier != VD_FOR_ONE)
            return use->quantifier == VD_FOR_ALL; /* E547 */
        for (uint32_t i = 0; i < e->values.count; i++)
            hit |= vd_str_ieq(e->values.at[i].text, VD_S("true"));
        return hit != VD_MUTANT(4);
    }
    if (blank && use->quantifier == VD_FOR_ONE)
        return false; /* a plain operator looks at the empty text: not asked here (many: E508) */
    VD_UNUSED(many);
    if ((use->if_exists && !VD_MUTANT(1)) || (use->quantifier == VD_FOR_ALL && !VD_MUTANT(2)))
        return true;
    return use->quantifier == VD_FOR_ONE && use->op->negated && !VD_MUTANT(3);
}

static bool is_text_test(const vd_operator *op)
{
    return op->test == VD_TEST_STRING || op->test == VD_TEST_STRING_FOLDED || op->test == VD_TEST_LIKE ||
           op->test == VD_TEST_ARN;
}

/* The test, as far as it can come out as wanted: where a variable may be anything, so may the test. */
bool vd_entry_test(vd_ask *a, const vd_atom *atom, vd_str x, bool wanted)
{
    const vd_entry    *e = atom->entry;
    const vd_operator *op = e->op.op;
    bool               hit = false, formed = false;

    if (op->typed && !vd_operator_context_ok(op, x)) /* E538 */
        return e->op.unread;
    if (op->test == VD_TEST_BOOL && atom->variables) { /* nobody writes that */
        a->relaxed = true;
        a->why = "variable";
        return wanted;
    }
    if (is_text_test(op)) {
        vd_globs l;

        if (!vd_atom_globs(a, atom, wanted == op->negated, &l))
            return false;
        formed = vd_atom_formed(atom);
        hit = vd_globs_have(&l, x, &a->s->scratch, &a->nomem);
    } else {
        for (uint32_t i = 0; i < e->values.count; i++) {
            if (!vd_operator_value_ok(op, e->values.at[i].text))
                continue;
            formed = true;
            hit |= vd_operator_test(op, x, e->values.at[i].text);
        }
    }
    if (op->typed && e->values.count && !formed) /* E539 */
        return false;
    return hit != op->negated;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition tests (E521, E522) and resource patterns over compiled values.  A test is asked at most once a check as
 * long as the memory of answers has room; its place there is its id, so what is forgotten is asked again.
 */
#include "eval/run.h"

#include "base/str.h"
#include "operator/operator.h"
#include "pattern/glob.h"

static vd_str text_at(const vd_run *r, uint32_t off, uint32_t len)
{
    return (vd_str){ r->at.bytes + off, len };
}

/* ------------------------------------------------------------------ templates */

/* E554, E555: the text of a variable; false: unresolved. */
static bool variable(vd_run *r, const vd_ipart *p, vd_str *out)
{
    const vd_ikey *k = &r->at.keys[p->key];
    uint32_t       count;
    const vd_str  *v = vd_run_values(r, p->key, p->spelling, &count);

    if (v && (k->arity == VD_ARITY_MANY || count > 1))
        return false;
    if (v && v->n) {
        *out = *v;
        return true;
    }
    *out = text_at(r, p->off, p->len);
    return p->fallback;
}

static bool has_coded_byte(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (vd_is_wild(s.p[i]))
            return true;
    return false;
}

/* Writes the expanded pattern to the scratch.  False: unresolved, or it can match nothing that is at most longest
 * bytes long.  Substituted text is literal (E556); bytes that no text may hold, and colons where a field ends (E535),
 * make it match nothing. */
static bool expand(vd_run *r, uint32_t first, uint32_t parts, size_t longest, vd_str *out)
{
    char  *p = r->expand;
    size_t n = 0, literal = 0;

    for (uint32_t i = 0; i < parts; i++) {
        const vd_ipart *part = &r->at.parts[first + i];
        vd_str          text;

        if (part->key == VD_NONE) {
            text = text_at(r, part->off, part->len);
        } else {
            if (!variable(r, part, &text) || has_coded_byte(text))
                return false;
            if (part->field && vd_str_find(text, ':') < text.n)
                return false;
            literal += text.n;
        }
        if (literal > longest || text.n > r->expand_size - n)
            return false;
        if (text.n)
            memcpy(p + n, text.p, text.n);
        n += text.n;
    }
    *out = (vd_str){ p, n };
    return true;
}

/* ------------------------------------------------------------------ patterns */

static bool match_shape(uint32_t shape, vd_str coded, vd_str s)
{
    switch (shape) {
    case VD_GLOB_LITERAL:
        return coded.n == s.n && memcmp(coded.p, s.p, s.n) == 0;
    case VD_GLOB_ALL:
        return true;
    case VD_GLOB_PREFIX:
        return s.n >= coded.n - 1 && memcmp(coded.p, s.p, coded.n - 1) == 0;
    case VD_GLOB_SUFFIX:
        return s.n >= coded.n - 1 && memcmp(coded.p + 1, s.p + s.n - (coded.n - 1), coded.n - 1) == 0;
    default:
        return vd_glob_match(coded, s);
    }
}

static bool pattern_matches(vd_run *r, const vd_ipattern *p)
{
    vd_str coded;

    if (p->parts == 0)
        return match_shape(p->shape, text_at(r, p->off, p->len), r->facts.resource);
    return expand(r, p->first, p->parts, r->facts.resource.n, &coded) && vd_glob_match(coded, r->facts.resource);
}

bool vd_run_resource(vd_run *r, uint32_t res)
{
    const uint32_t *list;
    uint32_t        count;

    if (res == VD_NONE)
        return true;
    if (!(res & VD_REF_LIST))
        return pattern_matches(r, &r->at.patterns[res]);
    list = r->at.pool + (res & ~VD_REF_LIST);
    count = list[0] & ~VD_REF_NOT;
    for (uint32_t i = 1; i <= count; i++)
        if (pattern_matches(r, &r->at.patterns[list[i]]))
            return !(list[0] & VD_REF_NOT);
    return (list[0] & VD_REF_NOT) != 0;
}

/* ------------------------------------------------------------------ one value */

static bool string_value(vd_run *r, const vd_iatom *a, const vd_ivalue *v, vd_str x)
{
    bool   folded = a->test == VD_TEST_STRING_FOLDED;
    vd_str text;

    if (v->parts == 0)
        text = text_at(r, v->off, v->len);
    else if (!expand(r, v->first, v->parts, folded ? 3 * x.n : x.n, &text))
        return false;
    return folded ? vd_str_eq_folded(x, text) : vd_str_eq(x, text);
}

static bool sorted_string(const vd_run *r, const vd_iatom *a, vd_str x)
{
    uint32_t lo = 0, hi = a->count;

    while (lo < hi) {
        uint32_t         mid = lo + (hi - lo) / 2;
        const vd_ivalue *v = &r->at.values[a->first + mid];
        int              c = vd_str_cmp(x, text_at(r, v->off, v->len));

        if (c == 0)
            return true;
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

static bool pattern_value(vd_run *r, const vd_ivalue *v, vd_str x)
{
    vd_str coded;

    if (v->parts == 0)
        return match_shape(v->shape, text_at(r, v->off, v->len), x);
    return expand(r, v->first, v->parts, x.n, &coded) && vd_glob_match(coded, x);
}

static bool bool_value(vd_run *r, const vd_ivalue *v, bool x)
{
    vd_str text;
    bool   known, value;

    if (v->parts == 0)
        return v->shape == (x ? 1 : 0);
    if (!expand(r, v->first, v->parts, 5, &text))
        return false;
    value = vd_bool_text(text, &known);
    return known && value == x;
}

static bool number(vd_run *r, vd_str x)
{
    if (r->number_of != x.p) {
        r->number_ok = vd_number_parse(&r->number, x);
        r->number_of = x.p;
    }
    return r->number_ok;
}

static bool date(vd_run *r, vd_str x)
{
    if (r->date_of != x.p) {
        r->date_ok = vd_date_parse(&r->date, x);
        r->date_of = x.p;
    }
    return r->date_ok;
}

static bool address(vd_run *r, vd_str x)
{
    if (r->address_of != x.p) {
        r->address_ok = vd_address_parse(&r->address, x);
        r->address_of = x.p;
    }
    return r->address_ok;
}

static bool order_holds(uint32_t test, int c)
{
    switch (test) {
    case VD_TEST_NUMBER_EQ:
    case VD_TEST_DATE_EQ:
        return c == 0;
    case VD_TEST_NUMBER_LT:
    case VD_TEST_DATE_LT:
        return c < 0;
    case VD_TEST_NUMBER_LE:
    case VD_TEST_DATE_LE:
        return c <= 0;
    case VD_TEST_NUMBER_GT:
    case VD_TEST_DATE_GT:
        return c > 0;
    default:
        return c >= 0;
    }
}

/* E538: can the context value be parsed for this test? */
static bool parsed(vd_run *r, uint32_t test, vd_str x, size_t *decoded)
{
    vd_operator typed = { .test = (uint8_t)test, .typed = true };

    if (test >= VD_TEST_NUMBER_EQ && test <= VD_TEST_NUMBER_GE)
        return number(r, x);
    if (test >= VD_TEST_DATE_EQ && test <= VD_TEST_DATE_GE)
        return date(r, x);
    if (test == VD_TEST_IP)
        return address(r, x);
    if (test == VD_TEST_BINARY)
        return vd_base64_decode((uint8_t *)r->expand, decoded, x);
    return vd_operator_context_ok(&typed, x);
}

static bool one_value(vd_run *r, const vd_iatom *a, const vd_ivalue *v, vd_str x, size_t decoded)
{
    const void *typed = r->at.bytes + v->off;

    switch (a->test) {
    case VD_TEST_STRING:
    case VD_TEST_STRING_FOLDED:
        return string_value(r, a, v, x);
    case VD_TEST_LIKE:
    case VD_TEST_ARN:
        return pattern_value(r, v, x);
    case VD_TEST_IP:
        return vd_cidr_contains(typed, &r->address);
    case VD_TEST_BINARY:
        return decoded == v->len && memcmp(r->expand, typed, decoded) == 0;
    default:
        return a->test <= VD_TEST_NUMBER_GE ? order_holds(a->test, vd_number_cmp(&r->number, typed))
                                            : order_holds(a->test, vd_date_cmp(&r->date, typed));
    }
}

/* test() of E522. */
static bool passes(vd_run *r, const vd_iatom *a, vd_str x)
{
    size_t decoded = 0;
    bool   hit = false;

    if ((a->flags & VD_ATOM_TYPED) && !parsed(r, a->test, x, &decoded))
        return (a->flags & VD_ATOM_UNREAD) != 0;
    if (a->flags & VD_ATOM_NONE_GOOD)
        return false;
    if (a->flags & VD_ATOM_SORTED) {
        hit = sorted_string(r, a, x);
    } else if (a->test == VD_TEST_BOOL) {
        bool known, value = vd_bool_text(x, &known);

        for (uint32_t i = 0; i < a->count && !hit; i++)
            hit = bool_value(r, &r->at.values[a->first + i], value);
    } else {
        for (uint32_t i = 0; i < a->count && !hit; i++)
            hit = one_value(r, a, &r->at.values[a->first + i], x, decoded);
    }
    return hit != ((a->flags & VD_ATOM_NEGATED) != 0);
}

/* ------------------------------------------------------------------ one entry */

/* E536, E547 */
static bool null_entry(const vd_iatom *a, const vd_str *v, uint32_t count)
{
    bool null = true;

    for (uint32_t i = 0; i < count && null; i++)
        null = v[i].n == 0;
    if (a->quantifier == VD_FOR_ALL && null)
        return true;
    if (a->quantifier == VD_FOR_ANY && null)
        return false;
    return (a->flags & (null ? VD_ATOM_NULL_TRUE : VD_ATOM_NULL_FALSE)) != 0;
}

/* E521 */
static bool missing_key(const vd_iatom *a)
{
    if (a->flags & VD_ATOM_IF_EXISTS)
        return true;
    if (a->quantifier != VD_FOR_ONE)
        return a->quantifier == VD_FOR_ALL;
    return (a->flags & VD_ATOM_NEGATED) != 0;
}

static bool evaluate(vd_run *r, const vd_iatom *a)
{
    uint32_t      count, seen = 0;
    const vd_str *v = vd_run_values(r, a->key, a->spelling, &count);

    if (a->test == VD_TEST_NULL)
        return null_entry(a, v, count);
    if (!v)
        return missing_key(a);
    if (a->quantifier == VD_FOR_ONE) {
        if (count > 1 || r->at.keys[a->key].arity == VD_ARITY_MANY)
            return false; /* E508 */
        return passes(r, a, *v);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (v[i].n == 0)
            continue; /* E543 */
        seen++;
        if (passes(r, a, v[i]) != (a->quantifier == VD_FOR_ALL))
            return a->quantifier == VD_FOR_ANY;
    }
    if (seen == 0)
        return a->quantifier == VD_FOR_ALL || (a->flags & VD_ATOM_IF_EXISTS);
    return a->quantifier == VD_FOR_ALL;
}

bool vd_run_atom(vd_run *r, uint32_t atom)
{
    uint32_t *memo = &r->memo[atom & r->memo_mask];
    bool      result;

    if ((*memo & 2) && *memo >> 2 == atom)
        return *memo & 1;
    result = evaluate(r, &r->at.atoms[atom]);
    *memo = atom << 2 | 2 | (result ? 1 : 0);
    return result;
}

bool vd_run_condition(vd_run *r, uint32_t cond)
{
    const uint32_t *list;

    if (cond == VD_NONE)
        return true;
    if (!(cond & VD_REF_LIST))
        return vd_run_atom(r, cond);
    list = r->at.pool + (cond & ~VD_REF_LIST);
    for (uint32_t i = 1; i <= list[0]; i++)
        if (!vd_run_atom(r, list[i]))
            return false;
    return true;
}

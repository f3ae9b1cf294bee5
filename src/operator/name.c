/* SPDX-License-Identifier: Apache-2.0
 *
 * Operator names as policies write them (E116):
 *
 *   name = ["ForAllValues:" | "ForAnyValue:"] base ["IfExists"]
 */
#include "operator/operator.h"

#include "base/str.h"
#include "base/suggest.h"

static const struct {
    vd_str  text;
    uint8_t quantifier;
} prefixes[] = {
    { VD_L("ForAllValues:"), VD_FOR_ALL },
    { VD_L("ForAnyValue:"), VD_FOR_ANY },
};
static const vd_str if_exists = VD_L("IfExists");

/* The base between prefix and suffix; canonical says how those two are written. */
static vd_str cut_base(vd_operator_use *out, vd_str name)
{
    *out = (vd_operator_use){ .quantifier = VD_FOR_ONE, .canonical = true };
    for (size_t i = 0; i < VD_COUNT(prefixes); i++)
        if (vd_str_istarts(name, prefixes[i].text)) {
            out->quantifier = prefixes[i].quantifier;
            out->canonical = vd_str_starts(name, prefixes[i].text);
            name = vd_str_from(name, prefixes[i].text.n);
            break;
        }
    if (name.n >= if_exists.n && vd_str_ieq(vd_str_from(name, name.n - if_exists.n), if_exists)) {
        out->if_exists = true;
        out->canonical = out->canonical && vd_str_ends(name, if_exists);
        name.n -= if_exists.n;
    }
    return name;
}

bool vd_operator_find(vd_operator_use *out, vd_str name)
{
    vd_str base = cut_base(out, name);

    for (size_t i = 0; i < vd_operator_count; i++) {
        const vd_operator *op = &vd_operators[i];

        if (!vd_str_ieq(base, op->name))
            continue;
        if (op->test == VD_TEST_NULL && out->if_exists) /* E537 */
            return false;
        out->op = op;
        out->canonical = out->canonical && vd_str_eq(base, op->name);
        return true;
    }
    return false;
}

enum { MOST_OPERATORS = 32 };

size_t vd_operator_suggest(vd_str name)
{
    vd_operator_use use;
    vd_str          names[MOST_OPERATORS], base = cut_base(&use, name);
    size_t          at;

    vd_assert(vd_operator_count <= MOST_OPERATORS);
    for (size_t i = 0; i < vd_operator_count; i++)
        names[i] = vd_operators[i].name;
    while (base.n && base.p[0] == ':') /* "ForAnyValue::StringEquals" */
        base = vd_str_from(base, 1);
    at = vd_suggest(base, names, vd_operator_count);
    return at < vd_operator_count ? at : vd_operator_count;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What a call made is named by its answer alone (usage 3.1, 4): an ARN under the name of what was made, or the parts of one.
 * That goes to a set of its own, for whoever asked could not know it: what the call needed a permission on stays any volume.
 */
#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/events.h"
#include "pattern/arn.h"
#include "usage/plan.h"
#include "usage/usage_int.h"

enum { ELEMENTS = 256 };

/* Of calls that make something. */
static const vd_str verbs[] = { VD_L("Create"),    VD_L("Allocate"), VD_L("Import"), VD_L("Register"), VD_L("Publish"),
                                VD_L("Provision"), VD_L("Purchase"), VD_L("Run"),    VD_L("Request"),  VD_L("Copy"),
                                VD_L("Restore"),   VD_L("Upload"),   VD_L("Launch"), VD_L("Issue") };

vd_str vd_made_noun(vd_str name)
{
    for (size_t i = 0; i < VD_COUNT(verbs); i++)
        if (vd_str_starts(name, verbs[i]))
            return vd_str_from(name, verbs[i].n);
    return (vd_str){ 0 };
}

/* "Instances" and "instance". */
static bool is_noun(vd_str noun, vd_str word)
{
    return word.n && (vd_event_same_name(noun, word) ||
                      (vd_str_ends(noun, VD_S("s")) && vd_event_same_name(vd_str_first(noun, noun.n - 1), word)));
}

void vd_made_format(vd_str *format, vd_str *type, vd_str noun, const vd_catalog *catalog, uint32_t action)
{
    vd_ids types = { 0 };

    *format = *type = (vd_str){ 0 };
    if (action != VD_NONE)
        types = vd_catalog_types_of(catalog, action);
    for (uint32_t i = 0; !format->n && i < types.count; i++) {
        vd_type_fact fact = vd_catalog_type(catalog, types.at[i]);

        if (is_noun(noun, fact.name) && fact.formats) {
            *format = vd_catalog_format(catalog, types.at[i], 0);
            *type = fact.name;
        }
    }
}

/* ------------------------------------------------------------------ ARNs in the answer */

typedef struct making {
    vd_usage      *u;
    vd_fact       *f;
    const vd_plan *plan;
    vd_event_call  call;
    vd_str         name, noun;
    vd_buf        *text;
    bool           told;
} making;

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The name of the member whose value, a string, begins at p; empty: it is none. */
static vd_str name_before(const char *from, const char *p)
{
    const char *end;

    while (p > from && is_space(p[-1]))
        p--;
    if (p == from || p[-1] != ':')
        return (vd_str){ 0 };
    for (p--; p > from && is_space(p[-1]);)
        p--;
    if (p == from || p[-1] != '"')
        return (vd_str){ 0 };
    end = --p;
    while (p > from && p[-1] != '"')
        p--;
    return (vd_str){ p, (size_t)(end - p) };
}

/* "functionArn" to "function", "arn" to nothing. */
static vd_str stem_of(vd_str name)
{
    if (name.n >= 3 && vd_str_ieq(vd_str_from(name, name.n - 3), VD_S("arn")))
        return vd_str_first(name, name.n - 3);
    return vd_str_ends(name, VD_S("Id")) ? vd_str_first(name, name.n - 2) : name;
}

static bool is_made(const making *m, vd_str name, vd_str text)
{
    vd_str  stem = stem_of(name);
    vd_kind kind;

    if (!vd_kind_of(&kind, text))
        return false;
    return stem.n ? is_noun(m->noun, stem) : is_noun(m->noun, kind.head);
}

static bool by_arns(making *m, vd_str answer)
{
    static const char mark[] = "\"arn:";
    const char       *p = answer.p, *end = answer.p + answer.n;

    while (p < end && (p = memmem(p, (size_t)(end - p), mark, sizeof mark - 1)) != NULL) {
        bool        escaped = false;
        const char *close = vd_scan_string(p + 1, end, &escaped);
        vd_str      text;

        if (!close)
            break;
        text = (vd_str){ p + 1, (size_t)(close - p - 1) };
        if (!escaped && is_made(m, name_before(answer.p, p), text)) {
            m->told = true;
            if (!vd_usage_put(m->u, m->f, VD_SET_MADE, text))
                return false;
        }
        p = close + 1;
    }
    return true;
}

/* ------------------------------------------------------------------ parts of one */

/* Of an object, or of each element of a list in it. */
static bool fill(making *m, vd_str object)
{
    vd_walk walk;

    vd_walk_init(&walk, &m->u->scratch, object);
    m->call.ctx = &walk;
    m->call.parameters = (vd_event_value){ .bytes = object };
    vd_walk_members(&walk);
    for (uint32_t i = 0; i < ELEMENTS; i++) {
        vd_fill got;

        m->text->n = 0;
        got = vd_format_fill(&m->call, m->plan->made, m->plan->made_type, m->name, false, i, m->text);
        if (m->text->failed || walk.failed)
            return vd_usage_nomem(m->u);
        if (got == VD_FILL_END || (got == VD_FILL_UNFIT && i == 0))
            return true;
        if (got == VD_FILL_UNFIT || vd_str_find(vd_buf_str(m->text), '*') < m->text->n)
            continue;
        m->told = true;
        if (!vd_usage_put(m->u, m->f, VD_SET_MADE, vd_buf_str(m->text)))
            return false;
    }
    m->f->sets[VD_SET_MADE].overflow = true;
    return true;
}

/* The answer tells the parts, or an object in it that is called like what was made. */
static bool by_parts(making *m, vd_str answer)
{
    const char *p = answer.p + 1, *end = answer.p + answer.n;
    vd_str      key, value;

    if (!fill(m, answer))
        return false;
    while (!m->told && (p = vd_walk_next(p, end, &key, &value)) != NULL)
        if (value.p[0] == '{' && is_noun(m->noun, key) && !fill(m, value))
            return false;
    return true;
}

bool vd_usage_made(vd_usage *u, vd_fact *f, const vd_plan *plan, const vd_event_call *call, vd_str name, vd_str answer,
                   vd_buf *text)
{
    making m = { .u = u, .f = f, .plan = plan, .call = *call, .name = name, .noun = vd_made_noun(name), .text = text };

    if (!m.noun.n || !answer.n || answer.p[0] != '{')
        return true;
    return by_arns(&m, answer) && (m.told || !plan->made.n || by_parts(&m, answer));
}

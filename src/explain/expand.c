/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy variables (E550 to E557) filled in for one check.  What comes out of a variable is literal, so the pattern
 * that results is a coded one (pattern/glob.h), in which wildcards are bytes of their own.  Every part is looked up
 * twice, once for its length and once for its bytes.
 */
#include "explain/rules.h"

#include "base/str.h"
#include "pattern/template.h"

typedef struct vd_writer { /* counts when p is NULL */
    char  *p;
    size_t n;
} vd_writer;

static void put(vd_writer *w, char c)
{
    if (w->p)
        w->p[w->n] = c;
    w->n++;
}

/* E554, E555.  false: unresolved. */
static bool variable_text(vd_inquiry *q, const vd_part *part, vd_str *out)
{
    vd_values v = vd_context_values(q, part->text);

    if (v.count && vd_context_many(q, part->text, v.count))
        return false;
    if (v.count && v.at[0].n) {
        *out = v.at[0];
        return true;
    }
    *out = part->fallback;
    return part->has_fallback;
}

/* Written text: wildcards are active, and in an ARN the first five colons separate fields. */
static void put_text(vd_writer *w, vd_str text, vd_coding coding, uint32_t *field)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool narrow = coding == VD_CODING_ARN && *field < 5;

        if (coding != VD_CODING_TEXT && c == '*')
            c = narrow ? VD_STAR_IN : VD_STAR;
        else if (coding != VD_CODING_TEXT && c == '?')
            c = narrow ? VD_ANY_IN : VD_ANY;
        else if (c == ':' && *field < 5)
            ++*field;
        put(w, c);
    }
}

/* Text out of a variable: literal.  false: it cannot stand there. */
static bool put_literal(vd_writer *w, vd_str text, vd_coding coding, uint32_t field)
{
    for (size_t i = 0; i < text.n; i++) {
        if (vd_is_wild(text.p[i]))
            return false;
        if (coding == VD_CODING_ARN && field < 5 && text.p[i] == ':')
            return false;
        put(w, text.p[i]);
    }
    return true;
}

static vd_expand write_parts(vd_inquiry *q, vd_str text, vd_coding coding, vd_writer *w, vd_str *variable)
{
    size_t    at = 0;
    uint32_t  field = 0;
    vd_part   part;
    vd_expand state = VD_EXPAND_OK;

    while (vd_template_next(text, &at, &part)) {
        vd_str value = part.text;

        switch (part.kind) {
        case VD_PART_TEXT:
            put_text(w, part.text, coding, &field);
            continue;
        case VD_PART_BAD:
            if (state == VD_EXPAND_OK)
                state = VD_EXPAND_BAD;
            continue;
        case VD_PART_VARIABLE:
            if (!variable_text(q, &part, &value)) {
                if (state == VD_EXPAND_OK) {
                    state = VD_EXPAND_UNRESOLVED;
                    *variable = part.text;
                }
                continue;
            }
            break;
        case VD_PART_ESCAPE:
            break;
        }
        if (!put_literal(w, value, coding, field) && state == VD_EXPAND_OK)
            state = VD_EXPAND_SPOILT;
    }
    return coding == VD_CODING_ARN && field < 5 ? VD_EXPAND_MALFORMED : state;
}

/* A document without variables: '$' is a character like any other, and so is what stands in braces. */
static vd_expand write_plain(vd_str text, vd_coding coding, vd_writer *w)
{
    uint32_t field = 0;

    put_text(w, text, coding, &field);
    return coding == VD_CODING_ARN && field < 5 ? VD_EXPAND_MALFORMED : VD_EXPAND_OK;
}

vd_expand vd_expand_value(vd_inquiry *q, vd_str text, bool variables, vd_coding coding, vd_str *out,
                          vd_str *variable)
{
    vd_writer w = { 0 };
    vd_expand state;

    *out = text;
    variables = variables && vd_template_has_parts(text);
    if (!variables && coding == VD_CODING_TEXT)
        return VD_EXPAND_OK;
    *out = (vd_str){ "", 0 };
    state = variables ? write_parts(q, text, coding, &w, variable) : write_plain(text, coding, &w);
    if (state != VD_EXPAND_OK)
        return state;
    w.p = vd_inquiry_alloc(q, w.n, 1);
    if (!w.p)
        return VD_EXPAND_SPOILT;
    w.n = 0;
    if (variables)
        write_parts(q, text, coding, &w, variable);
    else
        write_plain(text, coding, &w);
    *out = (vd_str){ w.p, w.n };
    return VD_EXPAND_OK;
}

static void write_shown(vd_inquiry *q, vd_str text, vd_writer *w)
{
    size_t  at = 0;
    vd_part part;

    while (vd_template_next(text, &at, &part)) {
        vd_str value = part.text;

        if (part.kind == VD_PART_BAD || (part.kind == VD_PART_VARIABLE && !variable_text(q, &part, &value)))
            value = (vd_str){ text.p + part.offset, part.length };
        for (size_t i = 0; i < value.n; i++)
            put(w, value.p[i]);
    }
}

vd_str vd_expand_shown(vd_inquiry *q, vd_str text)
{
    vd_writer w = { 0 };

    if (!vd_template_has_parts(text))
        return text;
    write_shown(q, text, &w);
    w.p = vd_inquiry_alloc(q, w.n, 1);
    if (!w.p)
        return text;
    w.n = 0;
    write_shown(q, text, &w);
    return (vd_str){ w.p, w.n };
}

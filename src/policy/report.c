/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults of a document: collected while it is read, handed over in the order of E125.  No more are kept of a phase
 * than can be shown; the others are counted.
 */
#include "policy/read.h"

#include "base/str.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "text/hole.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT = 1024 };

static bool earlier(const vd_policy_reader *r, vd_rule rule, vd_span span)
{
    const vd_fault_note *first = &r->unusable_by;
    uint8_t              phase = vd_rule_rows[rule].phase, other = vd_rule_rows[first->rule].phase;

    return !r->unusable || phase < other || (phase == other && span.offset < first->span.offset);
}

static void keep_for_diagnostics(vd_policy_reader *r, vd_fault_note f, const char *text, const char *hint)
{
    f.order = r->fault_count;
    if (!vd_arena_dup(&r->scratch, &f.text, vd_str_of(text)) ||
        !vd_arena_dup(&r->scratch, &f.hint, vd_str_of(hint ? hint : "")) ||
        !VD_ARENA_PUSH(&r->scratch, r->faults, r->fault_count, r->fault_cap, f))
        vd_policy_nomem(r);
}

static void keep_for_statement(vd_policy_reader *r, vd_span span, const char *text)
{
    vd_statement *st = r->statement;

    st->malformed = true;
    st->fault_span = span;
    if (!vd_arena_dup(&r->policy->arena, &st->fault, vd_str_of(text)))
        vd_policy_nomem(r);
}

static void keep_for_error(vd_policy_reader *r, vd_fault_note f, const char *text, const char *hint)
{
    r->unusable = true;
    r->unusable_by = f;
    if (!vd_arena_dup(&r->scratch, &r->unusable_by.text, vd_str_of(text)) ||
        !vd_arena_dup(&r->scratch, &r->unusable_by.hint, vd_str_of(hint ? hint : "")))
        vd_policy_nomem(r);
}

/* What a template leaves open may become anything: a fault of it is none yet. */
static bool touches_hole(const vd_policy_reader *r, vd_span span)
{
    const vd_source *s = &r->policy->source;

    return s->holes && vd_has_hole(vd_str_first(vd_str_from(s->text, span.offset), span.length));
}

static void report(vd_policy_reader *r, vd_fault_note f, vd_fault fault, const char *hint, const char *format,
                   va_list args)
{
    uint8_t phase = vd_rule_rows[f.rule].phase;
    bool    asked = r->notes || r->sink;
    bool    diagnostic = asked && r->kept[phase] < r->limits->diagnostics;
    bool    of_statement = fault == VD_FAULT_STATEMENT && r->statement && !r->statement->malformed;
    bool    of_document = fault == VD_FAULT_DOCUMENT && earlier(r, (vd_rule)f.rule, f.span);
    char    text[TEXT];

    if (touches_hole(r, f.span))
        return;
    if (asked && !diagnostic) {
        r->dropped++;
        if (f.severity > r->worst_dropped)
            r->worst_dropped = f.severity;
    }
    if (r->code != VD_OK || (!diagnostic && !of_statement && !of_document))
        return;
    vsnprintf(text, sizeof text, format, args);
    if (diagnostic) {
        r->kept[phase]++;
        keep_for_diagnostics(r, f, text, hint);
    }
    if (of_statement)
        keep_for_statement(r, f.span, text);
    if (of_document)
        keep_for_error(r, f, text, hint);
}

void vd_policy_report(vd_policy_reader *r, vd_rule rule, vd_span span, const char *hint, const char *format,
                      ...)
{
    const vd_rule_row *row = &vd_rule_rows[rule];
    va_list            args;

    va_start(args, format);
    report(r, (vd_fault_note){ .rule = (uint8_t)rule, .severity = row->severity, .span = span },
           (vd_fault)row->fault, hint, format, args);
    va_end(args);
}

void vd_policy_report_as(vd_policy_reader *r, vd_rule rule, int severity, vd_fault fault, vd_span span,
                         const char *hint, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report(r, (vd_fault_note){ .rule = (uint8_t)rule, .severity = (int8_t)severity, .span = span }, fault,
           hint, format, args);
    va_end(args);
}

void vd_policy_limit(vd_policy_reader *r, vd_span span, const char *format, ...)
{
    char    text[TEXT];
    va_list args;

    if (r->code != VD_OK)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->code = vd_fail_span(r->err, VD_ELIMIT, &r->policy->source, span, "%s", text);
}

void vd_policy_nomem(vd_policy_reader *r)
{
    if (r->code == VD_OK)
        r->code = vd_fail_nomem(r->err);
}

const char *vd_policy_show(vd_policy_reader *r, vd_str s)
{
    char  *out = r->shown[r->shown_turn++ % VD_COUNT(r->shown)], *p = out;
    size_t i = 0;

    while (i < s.n) {
        uint32_t cp, n = vd_utf8_next(vd_str_from(s, i), &cp);
        vd_str   put = vd_str_first(vd_str_from(s, i), n);
        char     escaped[16];

        if (n == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) { /* as excerpts have them; "?" is a wildcard */
            snprintf(escaped, sizeof escaped, "\\u{%x}", (unsigned)(n ? cp : (unsigned char)s.p[i]));
            put = vd_str_of(escaped);
        }
        if ((size_t)(p - out) + put.n > VD_SHOWN)
            break;
        memcpy(p, put.p, put.n);
        p += put.n;
        i += n ? n : 1;
    }
    memcpy(p, i < s.n ? "..." : "", i < s.n ? 4 : 1);
    return out;
}

bool vd_policy_may_suggest(vd_policy_reader *r)
{
    return r->suggested++ < r->limits->diagnostics;
}

const char *vd_policy_did_you_mean(vd_policy_reader *r, vd_str word, const vd_str *names, size_t count)
{
    size_t found = word.n <= 64 && vd_policy_may_suggest(r) ? vd_suggest(word, names, count) : count;
    char  *out = r->shown[r->shown_turn % VD_COUNT(r->shown)];

    if (found == count)
        return NULL;
    r->shown_turn++;
    snprintf(out, sizeof r->shown[0], "did you mean \"" VD_F "\"?", VD_A(names[found]));
    return out;
}

static int by_phase_and_place(const void *a, const void *b)
{
    const vd_fault_note *x = a, *y = b;
    int                  px = vd_rule_rows[x->rule].phase, py = vd_rule_rows[y->rule].phase;

    if (px != py)
        return px < py ? -1 : 1;
    if (x->span.offset != y->span.offset)
        return x->span.offset < y->span.offset ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static vd_code hand_over(vd_policy_reader *r)
{
    vd_locator l = { 0 };

    if (r->fault_count)
        qsort(r->faults, r->fault_count, sizeof *r->faults, by_phase_and_place);
    for (uint32_t i = 0; i < r->fault_count; i++) {
        const vd_fault_note *f = &r->faults[i];

        if (r->sink)
            r->sink->fault(r->sink->user, f->rule, f->severity, f->span, f->text, f->hint);
        if (r->notes && vd_diag_add(r->notes, f->severity, vd_rule_rows[f->rule].id,
                        vd_locator_pos(&l, &r->policy->source, f->span), f->hint.p, "%s", f->text.p) != VD_OK)
            return vd_fail_nomem(r->err);
    }
    if (r->notes && r->dropped) {
        r->notes->dropped += r->dropped;
        if (r->worst_dropped > r->notes->worst)
            r->notes->worst = r->worst_dropped;
    }
    return VD_OK;
}

vd_code vd_policy_flush(vd_policy_reader *r)
{
    const vd_fault_note *f = &r->unusable_by;
    vd_code              code;

    if (r->code != VD_OK)
        return r->code;
    VD_TRY(hand_over(r));
    if (!r->unusable || r->sink)
        return VD_OK;
    code = vd_fail_span(r->err, VD_ESYNTAX, &r->policy->source, f->span, "%s", f->text.p);
    if (f->hint.n)
        vd_error_hint(r->err, "%s", f->hint.p);
    return code;
}

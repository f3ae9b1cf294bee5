/* SPDX-License-Identifier: Apache-2.0
 *
 * Saying what was found: reports, the edits and places that belong to them, and words for messages.
 */
#include "lint/lint.h"

#include "base/str.h"
#include "base/utf8.h"
#include "policy/kinds.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT = 1024, TEXT_MOST = 1 << 16, SHOWN = 160, LISTED = 5 };

/* Of edits a list may be long; more than this nobody writes. */
static bool keep_text(vd_lint *l, vd_str *out, const char *format, va_list args)
{
    char    text[TEXT];
    char   *longer;
    va_list again;
    int     n;

    va_copy(again, args);
    n = vsnprintf(text, sizeof text, format, args);
    if (n < 0 || n >= TEXT_MOST)
        n = TEXT - 1;
    longer = n < TEXT ? text : vd_arena_alloc(l->arena, (size_t)n + 1, 1);
    if (longer && longer != text)
        vsnprintf(longer, (size_t)n + 1, format, again);
    va_end(again);
    if (longer && longer != text)
        *out = (vd_str){ longer, (size_t)n };
    else if (!longer || !vd_arena_dup(l->arena, out, vd_str_of(text)))
        l->no_memory = true;
    return !l->no_memory;
}

bool vd_lint_wants(const vd_lint *l, const vd_lint_rule *rule)
{
    const vd_rule_choice *c = &l->config->rules[l->group_base + (uint32_t)(rule - l->group->rules)];

    if (l->policy && !(rule->on >> l->kind & 1u))
        return false;
    return !c->off && (c->chosen || !(rule->flags & VD_LINT_OFF));
}

static uint32_t joint_slot(const vd_lint *l, uint32_t rule, uint32_t statement)
{
    uint64_t key = ((uint64_t)rule << 32 | statement) * 0x9e3779b97f4a7c15u;
    uint32_t mask = l->joint_cap - 1, i = (uint32_t)(key >> 32) & mask;

    while (l->joint[i] && (l->joint[i]->rule_index != rule || l->joint[i]->statement != statement))
        i = (i + 1) & mask;
    return i;
}

bool vd_lint_remember(vd_lint *l, vd_finding *f)
{
    uint32_t slot;

    if (l->finding_count * 2 >= l->joint_cap) {
        vd_finding **old = l->joint;
        uint32_t     cap = l->joint_cap;

        l->joint_cap = cap ? cap * 4 : 64;
        l->joint = vd_arena_new_array(l->arena, vd_finding *, l->joint_cap);
        if (!l->joint) {
            l->joint_cap = 0;
            return false;
        }
        for (uint32_t i = 0; i < cap; i++)
            if (old[i])
                l->joint[joint_slot(l, old[i]->rule_index, old[i]->statement)] = old[i];
    }
    slot = joint_slot(l, f->rule_index, f->statement);
    if (!l->joint[slot])
        l->joint[slot] = f;
    return true;
}

vd_finding *vd_lint_remembered(const vd_lint *l, uint32_t rule, uint32_t statement)
{
    return l->joint_cap ? l->joint[joint_slot(l, rule, statement)] : NULL;
}

static vd_str token_at(const vd_lint *l, vd_span span)
{
    vd_str s = { "", 0 };

    if (l->policy && span.length > 1) {
        s = vd_str_first(vd_str_from(l->policy->source.text, span.offset), span.length);
        if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
            s = vd_str_first(vd_str_from(s, 1), s.n - 2);
    }
    return s;
}

static vd_finding *add(vd_lint *l, const vd_lint_rule *rule, const vd_view_statement *st, vd_span span, vd_str message)
{
    vd_finding *f = vd_arena_new(l->arena, vd_finding);

    if (!f || !VD_ARENA_PUSH(l->arena, l->findings, l->finding_count, l->finding_cap, f)) {
        l->no_memory = true;
        return NULL;
    }
    f->rule = rule;
    f->rule_index = l->group_base + (uint32_t)(rule - l->group->rules);
    f->severity = (int8_t)rule->severity;
    f->score = rule->score;
    f->confidence = rule->confidence;
    f->statement = st ? st->index : VD_NONE;
    f->span = span;
    f->message = message;
    f->token = token_at(l, span);
    if (!vd_lint_remember(l, f))
        l->no_memory = true;
    return f;
}

vd_finding *vd_lint_report(vd_lint *l, const vd_lint_rule *rule, const vd_view_statement *st, vd_span span,
                           const char *format, ...)
{
    vd_finding *f;
    vd_str      message;
    va_list     args;
    bool        ok;

    if (!vd_lint_wants(l, rule))
        return NULL;
    va_start(args, format);
    ok = keep_text(l, &message, format, args);
    va_end(args);
    if (!ok)
        return NULL;
    f = vd_lint_remembered(l, l->group_base + (uint32_t)(rule - l->group->rules), st ? st->index : VD_NONE);
    if (!f)
        return add(l, rule, st, span, message);
    f->more++;
    vd_finding_relate(l, f, span, VD_F, VD_A(message));
    return f;
}

vd_finding *vd_lint_report_apart(vd_lint *l, const vd_lint_rule *rule, const vd_view_statement *st, vd_span span,
                                 const char *format, ...)
{
    vd_str  message;
    va_list args;
    bool    ok;

    if (!vd_lint_wants(l, rule))
        return NULL;
    va_start(args, format);
    ok = keep_text(l, &message, format, args);
    va_end(args);
    return ok ? add(l, rule, st, span, message) : NULL;
}

/* A joined report never makes the finding milder. */
void vd_finding_severity(vd_finding *f, int severity)
{
    if (f && (f->more == 0 || severity > f->severity))
        f->severity = (int8_t)severity;
}

void vd_finding_score(vd_finding *f, unsigned tenths)
{
    if (!f || (f->more && f->severity >= VD_SECURITY && tenths <= f->score))
        return;
    if (f->more == 0 || f->severity <= VD_SECURITY)
        f->severity = VD_SECURITY;
    f->score = (uint8_t)tenths;
}

void vd_finding_confidence(vd_finding *f, vd_confidence c)
{
    if (f && (f->more == 0 || c < f->confidence))
        f->confidence = (uint8_t)c;
}

void vd_finding_code(vd_finding *f, const char *code)
{
    if (f)
        f->code = code;
}

void vd_finding_hint(vd_lint *l, vd_finding *f, const char *format, ...)
{
    va_list args;

    if (!f || f->more)
        return;
    va_start(args, format);
    keep_text(l, &f->hint, format, args);
    va_end(args);
}

void vd_finding_message(vd_lint *l, vd_finding *f, const char *format, ...)
{
    va_list args;

    if (!f)
        return;
    va_start(args, format);
    keep_text(l, &f->message, format, args);
    va_end(args);
}

void vd_finding_relate(vd_lint *l, vd_finding *f, vd_span span, const char *format, ...)
{
    vd_related r = { .span = span };
    va_list    args;
    bool       ok;

    if (!f)
        return;
    va_start(args, format);
    ok = keep_text(l, &r.label, format, args);
    va_end(args);
    if (ok && !VD_ARENA_PUSH(l->arena, f->related, f->related_count, f->related_cap, r))
        l->no_memory = true;
}

/* Joined findings go on with the fix of the same kind and title when they have one. */
void vd_finding_fix(vd_lint *l, vd_finding *f, vd_fix_kind kind, const char *title, ...)
{
    vd_fix  fix = { .kind = (uint8_t)kind };
    va_list args;
    bool    ok;

    if (!f)
        return;
    va_start(args, title);
    ok = keep_text(l, &fix.title, title, args);
    va_end(args);
    if (ok && !VD_ARENA_PUSH(l->arena, f->fixes, f->fix_count, f->fix_cap, fix))
        l->no_memory = true;
}

void vd_finding_edit(vd_lint *l, vd_finding *f, vd_edit_op op, vd_span span, const char *text, ...)
{
    vd_edit edit = { .op = (uint8_t)op, .span = span };
    vd_fix *fix;
    va_list args;
    bool    ok;

    if (!f || f->fix_count == 0)
        return;
    fix = &f->fixes[f->fix_count - 1];
    va_start(args, text);
    ok = keep_text(l, &edit.text, text, args);
    va_end(args);
    if (ok && !VD_ARENA_PUSH(l->arena, fix->edits, fix->count, fix->cap, edit))
        l->no_memory = true;
}

/* ------------------------------------------------------------------ words */

const char *vd_lint_printf(vd_lint *l, const char *format, ...)
{
    vd_str  s = { "", 0 };
    va_list args;

    va_start(args, format);
    keep_text(l, &s, format, args);
    va_end(args);
    return s.p;
}

static vd_str hole_name(const vd_lint *l, uint32_t index)
{
    const vd_holes *h = l->doc && l->doc->source ? l->doc->source->holes : NULL;

    return h && index < h->count && h->at[index].name.n ? h->at[index].name : VD_S("...");
}

const char *vd_lint_show(vd_lint *l, vd_str s)
{
    char   text[SHOWN + 128];
    size_t n = 0, i = 0;

    while (i < s.n && n < SHOWN) {
        uint32_t cp = 0, length = vd_utf8_next(vd_str_from(s, i), &cp);

        if (length == 3 && cp >= 0xe000 && cp < 0xe000 + VD_HOLES_MOST) {
            vd_str name = vd_str_first(hole_name(l, cp - 0xe000), 80);

            n += (size_t)snprintf(text + n, sizeof text - n, "{" VD_F "}", VD_A(name));
        } else if (length == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) { /* as excerpts have them; "?" is a wildcard */
            n += (size_t)snprintf(text + n, sizeof text - n, "\\u{%x}", (unsigned)(length ? cp : (unsigned char)s.p[i]));
        } else {
            memcpy(text + n, s.p + i, length);
            n += length;
        }
        i += length ? length : 1;
    }
    if (i < s.n) {
        memcpy(text + n, "...", 3);
        n += 3;
    }
    text[n] = 0;
    return vd_lint_printf(l, "%s", text);
}

const char *vd_lint_list(vd_lint *l, const vd_str *items, uint32_t count)
{
    char   text[TEXT];
    size_t n = 0;

    text[0] = 0;
    for (uint32_t i = 0; i < count && i < LISTED && n < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ",
                              vd_lint_show(l, items[i]));
    if (count > LISTED && n < sizeof text)
        snprintf(text + n, sizeof text - n, " and %u more", count - LISTED);
    return vd_lint_printf(l, "%s", text);
}

vd_span vd_span_of_statement(const vd_lint *l, const vd_view_statement *st)
{
    (void)l;
    return (vd_span){ st->model->span.offset, 1 };
}

vd_span vd_span_of_document(const vd_lint *l)
{
    vd_str   s = l->policy->source.text;
    uint32_t at = 0;

    while (at < s.n && s.p[at] != '{')
        at++;
    return at < s.n ? (vd_span){ at, 1 } : (vd_span){ 0, 1 };
}

const char *vd_lint_kind_words(const vd_lint *l)
{
    return vd_kind_rows[l->kind].label.p;
}

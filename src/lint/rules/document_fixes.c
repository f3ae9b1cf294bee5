/* SPDX-License-Identifier: Apache-2.0
 *
 * Fixes for what src/policy finds in a document: names, versions, Sids, characters.
 */
#include "lint/rules/document.h"

#include "base/str.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "lint/rules/tokens.h"

#include <stdio.h>

/* ------------------------------------------------------------------ elements */

static const vd_str of_document[] = { VD_L("Version"), VD_L("Id"), VD_L("Statement") };
static const vd_str of_statement[] = {
    VD_L("Sid"),    VD_L("Effect"),    VD_L("Principal"), VD_L("NotPrincipal"), VD_L("Action"),
    VD_L("NotAction"), VD_L("Resource"), VD_L("NotResource"), VD_L("Condition"),
};

static bool has_element(const vd_policy *p, const vd_statement *st, vd_str name)
{
    if (!st)
        return vd_str_eq(name, VD_S("Version"))     ? p->language != VD_LANGUAGE_NONE
               : vd_str_eq(name, VD_S("Statement")) ? p->statement_count > 0
                                                    : p->has_id;
    if (vd_str_eq(name, VD_S("Sid")))
        return st->has_sid;
    if (vd_str_eq(name, VD_S("Effect")))
        return st->effect_span.length > 0;
    if (vd_str_ends(name, VD_S("Principal")))
        return st->principal.present || st->principal.misplaced;
    if (vd_str_ends(name, VD_S("Action")))
        return st->action.present;
    if (vd_str_ends(name, VD_S("Resource")))
        return st->resource.present;
    return st->has_condition;
}

/* A name that differs in its case or by one edit, when the element is not there under its right name. */
static void fix_element(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_token_statement(l, f->span);
    const vd_str       *names = st ? of_statement : of_document;
    size_t              count = st ? VD_COUNT(of_statement) : VD_COUNT(of_document), found = count;

    for (size_t i = 0; i < count; i++) {
        if (vd_distance(f->token, names[i], 1) > 1)
            continue;
        if (found < count)
            return;
        found = i;
    }
    if (found == count || has_element(l->policy, st, names[found]))
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "rename to %s", names[found].p);
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "%s", names[found].p);
}

/* A number or a boolean in place of a string. */
static void fix_type(vd_lint *l, vd_finding *f)
{
    vd_str s = f->token;

    if (s.n == 0 || s.n > 64 || (!vd_is_digit(s.p[0]) && s.p[0] != '-' && !vd_str_eq(s, VD_S("true")) &&
                                 !vd_str_eq(s, VD_S("false"))))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "write it as a string");
    vd_finding_edit(l, f, VD_EDIT_VALUE, f->span, "\"" VD_F "\"", VD_A(s));
}

/* ------------------------------------------------------------------ versions */

/* With variables the language decides what the text means. */
static vd_fix_kind version_fix(const vd_lint *l)
{
    return vd_token_has_variables(l) ? VD_FIX_UNSAFE : VD_FIX_SAFE;
}

static bool is_date(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (i == 4 || i == 7 ? s.p[i] != '-' : !vd_is_digit(s.p[i]))
            return false;
    return s.n == 10;
}

static void fix_version(vd_lint *l, vd_finding *f, vd_fix_kind kind)
{
    vd_finding_fix(l, f, kind, "write 2012-10-17");
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "2012-10-17");
}

static void add_version(vd_lint *l, vd_finding *f)
{
    vd_finding_fix(l, f, version_fix(l), "add \"Version\": \"2012-10-17\"");
    vd_finding_edit(l, f, VD_EDIT_ADD_FIRST, vd_token_document(l), "\"Version\": \"2012-10-17\"");
}

/* ------------------------------------------------------------------ Sids */

static bool is_sid_of_another(const vd_policy *p, const vd_statement *own, vd_str sid)
{
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (&p->statements[i] != own && p->statements[i].has_sid && vd_str_eq(p->statements[i].sid.text, sid))
            return true;
    return false;
}

static void fix_sid_characters(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_token_statement(l, f->span);
    char                text[128];
    size_t              n = 0;

    if (!st || !st->has_sid || st->sid.text.n > sizeof text)
        return;
    for (size_t i = 0; i < st->sid.text.n; i++)
        if (vd_is_alpha(st->sid.text.p[i]) || vd_is_digit(st->sid.text.p[i]))
            text[n++] = st->sid.text.p[i];
    if (n == 0 || is_sid_of_another(l->policy, st, (vd_str){ text, n }))
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "leave out what is not a letter or digit");
    vd_finding_edit(l, f, VD_EDIT_STRING, st->sid.span, VD_F, VD_A(((vd_str){ text, n })));
}

enum { SIDS_TRIED = 50 };

/* The statements before it that have the same Sid took the numbers before its own. */
static unsigned turn_of(const vd_policy *p, const vd_statement *st)
{
    unsigned turn = 1;

    for (uint32_t i = 0; i < st->index; i++)
        turn += p->statements[i].has_sid && vd_str_eq(p->statements[i].sid.text, st->sid.text);
    return turn;
}

static void fix_same_sid(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_token_statement(l, f->span);
    char                text[128];

    if (f->severity != VD_ERROR)
        vd_finding_code(f, "UNIQUE_SIDS_RECOMMENDED");
    if (!st || st->sid.text.n > 100)
        return;
    for (unsigned turn = turn_of(l->policy, st), i = turn; i < turn + SIDS_TRIED; i++) {
        snprintf(text, sizeof text, VD_F "%u", VD_A(st->sid.text), i);
        if (is_sid_of_another(l->policy, st, vd_str_of(text)))
            continue;
        vd_finding_fix(l, f, VD_FIX_SAFE, "rename to %s", text);
        vd_finding_edit(l, f, VD_EDIT_STRING, st->sid.span, "%s", text);
        return;
    }
}

static void remove_member_of(vd_lint *l, vd_finding *f, const char *title)
{
    vd_span key;

    if (!vd_token_key_of(l, f->span, &key))
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "%s", title);
    vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, key, "%s", "");
}

/* ------------------------------------------------------------------ characters */

static const struct {
    uint32_t    cp;
    const char *name, *ascii;
} look_alikes[] = {
    { 0x00ad, "soft hyphen", "" },
    { 0x200b, "zero-width space", "" },
    { 0x200c, "zero-width non-joiner", "" },
    { 0x200d, "zero-width joiner", "" },
    { 0x200e, "left-to-right mark", "" },
    { 0x2010, "hyphen", "-" },
    { 0x2011, "non-breaking hyphen", "-" },
    { 0x2012, "figure dash", "-" },
    { 0x2013, "en dash", "-" },
    { 0x2014, "em dash", "-" },
    { 0x2018, "left single quote", "'" },
    { 0x2019, "right single quote", "'" },
    { 0x201c, "left double quote", "" },
    { 0x201d, "right double quote", "" },
    { 0x2026, "ellipsis", "..." },
    { 0x202f, "narrow no-break space", " " },
    { 0x2060, "word joiner", "" },
    { 0x2212, "minus sign", "-" },
    { 0x3000, "ideographic space", " " },
    { 0xfeff, "byte-order mark", "" },
    { 0xff0a, "fullwidth asterisk", "*" },
    { 0xff1a, "fullwidth colon", ":" },
};

static size_t look_alike(uint32_t cp)
{
    size_t i = 0;

    while (i < VD_COUNT(look_alikes) && look_alikes[i].cp != cp)
        i++;
    return i;
}

/* The string with look-alikes in place of all that is odd; 0: something odd has none, or it is too long. */
static size_t plain_text(char *out, size_t room, vd_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n;) {
        uint32_t    cp = 0, length = vd_utf8_next(vd_str_from(s, i), &cp);
        size_t      known = look_alike(cp);
        const char *ascii = known < VD_COUNT(look_alikes) ? look_alikes[known].ascii : NULL;
        size_t      bytes = ascii ? strlen(ascii) : length;

        if (length == 0 || (!ascii && cp > 0xff) || n + bytes >= room)
            return 0;
        memcpy(out + n, ascii ? ascii : s.p + i, bytes);
        n += bytes;
        i += length;
    }
    return n;
}

static void fix_character(vd_lint *l, vd_finding *f)
{
    char     text[512];
    uint32_t cp = 0;
    size_t   known, n;
    vd_span  string;

    if (vd_utf8_next(f->token, &cp) != f->token.n || !vd_token_around(l, f->span, &string))
        return;
    known = look_alike(cp);
    if (known < VD_COUNT(look_alikes))
        vd_finding_message(l, f, "U+%04X (%s) is not allowed in a policy", (unsigned)cp, look_alikes[known].name);
    n = plain_text(text, sizeof text, vd_str_first(vd_str_from(vd_token_text(l, string), 1), string.length - 2));
    if (n == 0)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "replace it with what it looks like");
    vd_finding_edit(l, f, VD_EDIT_STRING, string, VD_F, VD_A(((vd_str){ text, n })));
}

/* ------------------------------------------------------------------ all of them */

void vd_document_adopt(vd_lint *l, vd_finding *f)
{
    switch (f->rule - vd_document_rules) {
    case DATA_TYPE_MISMATCH:
        fix_type(l, f);
        break;
    case INVALID_POLICY_ELEMENT:
        fix_element(l, f);
        break;
    case MISSING_VERSION:
        add_version(l, f);
        break;
    case OLD_VERSION:
        fix_version(l, f, version_fix(l));
        break;
    case INVALID_VERSION:
        if (is_date(f->token) || vd_distance(f->token, VD_S("2012-10-17"), 2) <= 2)
            fix_version(l, f, VD_FIX_SAFE);
        break;
    case ID_NOT_ALLOWED:
        vd_finding_fix(l, f, VD_FIX_SAFE, "remove Id");
        vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, f->span, "%s", "");
        break;
    case INVALID_CHARACTER:
        fix_character(l, f);
        break;
    case INVALID_SID:
        fix_sid_characters(l, f);
        break;
    case DUPLICATE_SID:
        fix_same_sid(l, f);
        break;
    case EMPTY_SID:
        remove_member_of(l, f, "remove the empty Sid");
        break;
    case POLICY_SIZE_EXCEEDED:
        vd_document_adopt_size(l, f);
        break;
    default:
        break;
    }
}

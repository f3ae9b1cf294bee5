/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets in places where people put them by accident: Sids, Ids, condition values, resources.  What is said shows four
 * characters and no more.  AWS's own documented examples end in EXAMPLE and are let pass.
 */
#include "lint/rules/document.h"

#include "base/str.h"

enum { SHOWN = 4, LONG = 32, SECRET_KEY = 40, MUCH = 4 * 256 + 128 };

static bool is_upper_or_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || vd_is_digit(c);
}

static bool is_word(char c)
{
    return vd_is_alpha(c) || vd_is_digit(c) || c == '_';
}

/* (AKIA|ASIA)[A-Z0-9]{16}, standing alone. */
static bool has_access_key(vd_str s)
{
    for (size_t i = 0; i + 20 <= s.n; i++) {
        size_t n = 4;

        if (s.p[i] != 'A' || (i > 0 && is_word(s.p[i - 1])) ||
            (memcmp(s.p + i, "AKIA", 4) != 0 && memcmp(s.p + i, "ASIA", 4) != 0))
            continue;
        while (i + n < s.n && n < 21 && is_upper_or_digit(s.p[i + n]))
            n++;
        if (n == 20 && (i + n == s.n || !is_word(s.p[i + n])) && memcmp(s.p + i + 13, "EXAMPLE", 7) != 0)
            return true;
    }
    return false;
}

static const struct {
    vd_str      start;
    size_t      length; /* of it and the letters behind it, at least */
    const char *kind;
} tokens[] = {
    { VD_L("ghp_"), 40, "a GitHub token" },           { VD_L("gho_"), 40, "a GitHub token" },
    { VD_L("ghu_"), 40, "a GitHub token" },           { VD_L("ghs_"), 40, "a GitHub token" },
    { VD_L("github_pat_"), 50, "a GitHub token" },    { VD_L("glpat-"), 26, "a GitLab token" },
    { VD_L("xoxb-"), 30, "a Slack token" },           { VD_L("xoxp-"), 30, "a Slack token" },
    { VD_L("xoxa-"), 30, "a Slack token" },           { VD_L("-----BEGIN "), 20, "a private key" },
};

static const char *token_kind(vd_str s)
{
    for (size_t i = 0; i < VD_COUNT(tokens); i++) {
        size_t at = 0;

        while (at + tokens[i].length <= s.n && !vd_str_starts(vd_str_from(s, at), tokens[i].start))
            at++;
        if (at + tokens[i].length <= s.n)
            return tokens[i].kind;
    }
    return NULL;
}

/* password=..., secret=..., token=... with a value that is no pattern. */
static bool has_assignment(vd_str s)
{
    static const vd_str names[] = { VD_L("password="), VD_L("passwd="), VD_L("secret="), VD_L("token=") };

    for (size_t i = 0; i < VD_COUNT(names); i++)
        for (size_t at = 0; at + names[i].n + 4 <= s.n; at++) {
            char next = s.p[at + names[i].n];

            if (vd_str_istarts(vd_str_from(s, at), names[i]) && next != '*' && next != '?' && next != '$' && next != '{')
                return true;
        }
    return false;
}

/* Logarithm to the base of two, in 1/256: halves of x for the whole part, squares for the fraction. */
static uint32_t log2_of(uint32_t x)
{
    uint32_t whole = 31u - (uint32_t)__builtin_clz(x), out = whole << 8;
    uint64_t rest = ((uint64_t)x << 16) >> whole; /* 1 to 2, in 1/65536 */

    for (uint32_t bit = 128; bit; bit >>= 1) {
        rest = rest * rest >> 16;
        if (rest >= 2u << 16) {
            rest >>= 1;
            out += bit;
        }
    }
    return out;
}

/* Bits for each character, in 1/256, by how often which occurs. */
static uint32_t entropy(vd_str s)
{
    uint32_t count[256] = { 0 };
    uint64_t sum = 0;

    for (size_t i = 0; i < s.n; i++)
        count[(unsigned char)s.p[i]]++;
    for (size_t c = 0; c < 256; c++)
        sum += count[c] ? (uint64_t)count[c] * log2_of(count[c]) : 0;
    return log2_of((uint32_t)s.n) - (uint32_t)(sum / s.n);
}

/* Long and without any order, and all of it letters as encodings use them.  Names, paths, ARNs have separators. */
static bool is_noise(vd_str s)
{
    size_t capitals = 0, digits = 0;

    if (s.n < LONG || s.n > 512)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!vd_is_alpha(c) && !vd_is_digit(c) && c != '+' && c != '/' && c != '=')
            return false;
        capitals += c >= 'A' && c <= 'Z';
        digits += vd_is_digit(c);
    }
    return capitals > 2 && digits > 2 && entropy(s) >= MUCH;
}

static const char *kind_of(vd_str s, bool free_text)
{
    const char *kind;

    if (s.n < 9)
        return NULL;
    if (s.n >= 20 && has_access_key(s))
        return "an access key";
    if (s.n >= 20 && (kind = token_kind(s)) != NULL)
        return kind;
    if (vd_str_find(s, '=') < s.n && has_assignment(s))
        return "a password";
    return free_text && is_noise(s) ? s.n == SECRET_KEY ? "a secret access key" : "a secret" : NULL;
}

static void look_at(vd_lint *l, const vd_view_statement *st, vd_text t, bool free_text)
{
    const char *kind = kind_of(t.text, free_text);

    if (!kind)
        return;
    vd_lint_report(l, &vd_document_rules[SECRET_IN_POLICY], st, t.span,
                   "\"%s...\" looks like %s; policies are not secret storage",
                   vd_lint_show(l, vd_str_first(t.text, SHOWN)), kind);
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    const vd_statement *m = st->model;

    if (m->has_sid)
        look_at(l, st, m->sid, true);
    for (uint32_t i = 0; i < st->resource_count; i++)
        look_at(l, st, st->resources[i].text, false);
    for (uint32_t i = 0; i < m->entry_count; i++)
        for (uint32_t k = 0; k < m->entries[i].values.count; k++)
            look_at(l, st, m->entries[i].values.at[k], true);
}

void vd_document_secrets(vd_lint *l)
{
    if (!vd_lint_wants(l, &vd_document_rules[SECRET_IN_POLICY]))
        return;
    if (l->policy->has_id)
        look_at(l, NULL, (vd_text){ l->policy->id, vd_span_of_document(l) }, true);
    for (uint32_t i = 0; i < l->statement_count; i++)
        look_at_statement(l, &l->statements[i]);
}

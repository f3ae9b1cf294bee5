/* SPDX-License-Identifier: Apache-2.0
 *
 * Small words about rules that all formats share.
 */
#include "base/str.h"
#include "render/rule.h"

const char *const vd_severity_names[] = { "note", "suggestion", "warning", "security", "error" };
const char *const vd_confidence_names[] = { "high", "medium", "low" };
const char *const vd_fix_names[] = { "advice", "safe", "unsafe" };

static const struct {
    const char *name;
    unsigned    kinds;
} types[] = {
    { "identity", 1u << VD_KIND_IDENTITY | 1u << VD_KIND_MANAGED },
    { "boundary", 1u << VD_KIND_BOUNDARY },
    { "session", 1u << VD_KIND_SESSION },
    { "resource", 1u << VD_KIND_RESOURCE },
    { "trust", 1u << VD_KIND_TRUST },
    { "scp", 1u << VD_KIND_SCP },
    { "rcp", 1u << VD_KIND_RCP },
    { "endpoint", 1u << VD_KIND_ENDPOINT },
};

enum { ALL_KINDS = (1 << VD_KIND_COUNT) - 1 };

const char *vd_rule_type(const vd_rule_info *rule, uint32_t index)
{
    for (size_t i = 0; i < VD_COUNT(types); i++)
        if ((rule->kinds & types[i].kinds) && index-- == 0)
            return types[i].name;
    return NULL;
}

void vd_rule_type_list(vd_buf *out, const vd_rule_info *rule)
{
    if ((rule->kinds & ALL_KINDS) == ALL_KINDS) {
        vd_buf_add(out, VD_S("all"));
        return;
    }
    for (uint32_t i = 0; vd_rule_type(rule, i); i++)
        vd_buf_printf(out, "%s%s", i ? ", " : "", vd_rule_type(rule, i));
}

void vd_rule_pascal(vd_buf *out, vd_str id)
{
    bool capital = true;

    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];

        if (c != '-')
            vd_buf_byte(out, capital && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        capital = c == '-';
    }
}

/* Words that are written in small letters wherever they stand keep them: "iam:PassRole for every role". */
static bool takes_capital(const char *words)
{
    size_t n = strcspn(words, " :*\"");

    return words[n] == ' ' || words[n] == 0;
}

void vd_rule_sentence(vd_buf *out, const char *words)
{
    size_t n = strlen(words);

    if (n == 0)
        return;
    if (words[0] >= 'a' && words[0] <= 'z' && takes_capital(words)) {
        vd_buf_byte(out, (char)(words[0] - 'a' + 'A'));
        vd_buf_add(out, (vd_str){ words + 1, n - 1 });
    } else {
        vd_buf_add(out, (vd_str){ words, n });
    }
    if (!strchr(".?!", words[n - 1]))
        vd_buf_byte(out, '.');
}

void vd_rule_score(vd_buf *out, unsigned tenths)
{
    vd_buf_printf(out, "%u.%u", tenths / 10, tenths % 10);
}

bool vd_rule_uri(vd_buf *out, const char *id)
{
    static const char place[] = VERDICT_RULES_URL;

    if (sizeof place > 1)
        vd_buf_printf(out, "%s%s%s.md", place, place[sizeof place - 2] == '/' ? "" : "/", id);
    return sizeof place > 1;
}

bool vd_word_next(vd_str *rest, vd_str *word)
{
    while (rest->n && rest->p[0] == ' ')
        *rest = vd_str_from(*rest, 1);
    if (rest->n == 0)
        return false;
    *word = vd_str_first(*rest, vd_str_find(*rest, ' '));
    *rest = vd_str_from(*rest, word->n);
    return true;
}

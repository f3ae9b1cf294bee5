/* SPDX-License-Identifier: Apache-2.0
 *
 * The page of a rule: what, why, what is reported and what is not, how to fix it, how to silence it.
 */
#include "base/str.h"
#include "render/rule.h"

/* A text that cannot be read has no place for a comment that silences. */
static bool is_kept(const vd_rule_info *r)
{
    vd_str id = vd_str_of(r->id);

    return vd_str_starts(id, VD_S("json-")) || vd_str_eq(id, VD_S("file-unreadable"));
}

/* "security 8.0", "error" */
static void severity(vd_buf *out, const vd_rule_info *r)
{
    vd_buf_printf(out, "%s", vd_severity_names[r->usual]);
    if (r->usual == VD_SECURITY) {
        vd_buf_byte(out, ' ');
        vd_rule_score(out, r->score);
    }
    if (r->dated)
        vd_buf_add(out, VD_S(", one level less when the catalogue is old"));
}

static const char *fix_words(const vd_rule_info *r)
{
    static const char *const words[] = { "none, words only", "safe: verdict lint --fix",
                                         "changes the meaning: verdict lint --unsafe-fixes" };

    return words[r->fix];
}

/* The facts of a rule, a name and a value each; shared by both pages. */
typedef struct fact {
    const char *name;
    void (*value)(vd_buf *out, const vd_rule_info *r); /* prints nothing: the fact does not apply */
} fact;

static void put_group(vd_buf *out, const vd_rule_info *r)
{
    vd_buf_printf(out, "%s", r->group);
}

static void put_severity(vd_buf *out, const vd_rule_info *r)
{
    severity(out, r);
}

static void put_confidence(vd_buf *out, const vd_rule_info *r)
{
    if (r->confidence != VD_LINT_HIGH)
        vd_buf_printf(out, "%s", vd_confidence_names[r->confidence]);
}

static void put_default(vd_buf *out, const vd_rule_info *r)
{
    if (r->off)
        vd_buf_add(out, VD_S("off; --select, --strict or the configuration turn it on"));
}

static void put_types(vd_buf *out, const vd_rule_info *r)
{
    vd_rule_type_list(out, r);
}

static void put_fix(vd_buf *out, const vd_rule_info *r)
{
    vd_buf_printf(out, "%s", fix_words(r));
}

static void put_codes(vd_buf *out, const vd_rule_info *r)
{
    vd_str rest = vd_str_of(r->codes), word;

    for (bool first = true; vd_word_next(&rest, &word); first = false)
        vd_buf_printf(out, "%s" VD_F, first ? "" : ", ", VD_A(word));
}

static void put_cwe(vd_buf *out, const vd_rule_info *r)
{
    vd_str rest = vd_str_of(r->cwe), word;

    for (bool first = true; vd_word_next(&rest, &word); first = false)
        vd_buf_printf(out, "%s" VD_F, first ? "" : ", ", VD_A(word));
}

static const fact facts[] = {
    { "group", put_group },           { "severity", put_severity }, { "confidence", put_confidence },
    { "by default", put_default },    { "looks at", put_types },    { "fix", put_fix },
    { "Access Analyzer", put_codes }, { "weakness", put_cwe },
};

/* ------------------------------------------------------------------ text */

static void heading(vd_buf *out, const vd_look *look, const char *text)
{
    vd_buf_byte(out, '\n');
    vd_look_put(out, look, VD_TONE_STRONG, vd_str_of(text));
    vd_buf_byte(out, '\n');
}

static void paragraph(vd_buf *out, const vd_look *look, const char *words)
{
    vd_buf sentence = vd_buf_on(out->alloc, 0);

    vd_rule_sentence(&sentence, words);
    vd_look_pad(out, 2);
    vd_look_wrap(out, look, 2, 2, vd_buf_str(&sentence));
    vd_buf_byte(out, '\n');
    out->failed |= sentence.failed;
    vd_buf_done(&sentence);
}

static void fragment(vd_buf *out, const char *text)
{
    vd_str rest = vd_str_of(text), line;

    while (rest.n) {
        if (!vd_str_cut(&rest, '\n', &line)) {
            line = rest;
            rest.n = 0;
        }
        vd_look_pad(out, 2);
        vd_look_safe(out, line);
        vd_buf_byte(out, '\n');
    }
}

static void silence_text(vd_buf *out, const vd_rule_info *r)
{
    vd_buf_printf(out, "  .verdict.yaml        lint: {rules: {%s: off}}\n", r->id);
    if (is_kept(r))
        return;
    vd_buf_printf(out, "                       lint: {ignore: [{rule: %s, paths: [...], reason: ...}]}\n",
                  r->id);
    vd_buf_printf(out, "  comment in YAML      # verdict: ignore %s -- the reason\n", r->id);
    vd_buf_printf(out, "  template metadata    verdict: {ignore: [\"%s: the reason\"]}\n", r->id);
    if (r->usual < VD_ERROR) {
        vd_buf_add(out, VD_S("  Sid of a statement   ReadAllVerdictIgnore"));
        vd_rule_pascal(out, vd_str_of(r->id));
        vd_buf_byte(out, '\n');
    }
}

void vd_render_rule_text(vd_buf *out, const vd_look *look, const vd_rule_info *r)
{
    vd_look_put(out, look, VD_TONE_STRONG, vd_str_of(r->id));
    vd_buf_add(out, VD_S(": "));
    vd_look_wrap(out, look, (uint32_t)strlen(r->id) + 2, 2, vd_str_of(r->title));
    vd_buf_add(out, VD_S("\n\n"));
    for (size_t i = 0; i < VD_COUNT(facts); i++) {
        vd_buf value = vd_buf_on(out->alloc, 0);

        facts[i].value(&value, r);
        if (value.n) {
            vd_buf_printf(out, "  %-17s", facts[i].name);
            vd_look_wrap(out, look, 19, 19, vd_buf_str(&value));
            vd_buf_byte(out, '\n');
        }
        out->failed |= value.failed;
        vd_buf_done(&value);
    }
    heading(out, look, "why");
    paragraph(out, look, r->why);
    heading(out, look, "reported");
    fragment(out, r->bad);
    heading(out, look, "not reported");
    fragment(out, r->good);
    heading(out, look, "how to fix it");
    paragraph(out, look, r->remedy);
    heading(out, look,
            is_kept(r) ? "how to turn it off (it cannot be silenced in a policy)" : "how to silence it");
    silence_text(out, r);
}

/* ------------------------------------------------------------------ Markdown */

/* Prose of ours, where names of AWS may hold a star or an underscore. */
static void prose(vd_buf *out, const char *words)
{
    vd_buf sentence = vd_buf_on(out->alloc, 0);

    vd_rule_sentence(&sentence, words);
    for (size_t i = 0; i < sentence.n; i++) {
        if (strchr("\\`*_[]<>|", sentence.p[i]))
            vd_buf_byte(out, '\\');
        vd_buf_byte(out, sentence.p[i]);
    }
    out->failed |= sentence.failed;
    vd_buf_done(&sentence);
}

/* Fragments of policies are coloured as such; those with words between them are not. */
static void fence(vd_buf *out, const char *text)
{
    bool json = (*text == '{' || *text == '"' || *text == '[') && !strstr(text, " with ") &&
                !strstr(text, " and ");

    vd_buf_printf(out, "```%s\n%s%s```\n", json ? "json" : "text", text,
                  *text && text[strlen(text) - 1] == '\n' ? "" : "\n");
}

static void silence_markdown(vd_buf *out, const vd_rule_info *r)
{
    vd_buf_printf(out, "\n## How to silence it\n\n");
    if (is_kept(r)) {
        vd_buf_printf(out,
                      "It cannot be silenced for one place, only turned off in `.verdict.yaml`: `lint: "
                      "{rules: {%s: off}}`.\n",
                      r->id);
        return;
    }
    vd_buf_printf(out, "- everywhere, in `.verdict.yaml`: `lint: {rules: {%s: off}}`\n", r->id);
    vd_buf_printf(
        out, "- in some files: `lint: {ignore: [{rule: %s, paths: [\"legacy/**\"], reason: \"...\"}]}`\n",
        r->id);
    vd_buf_printf(out, "- at one place of a YAML template: `# verdict: ignore %s -- the reason`\n", r->id);
    vd_buf_printf(out,
                  "- for one resource of a template: `Metadata: {verdict: {ignore: [\"%s: the reason\"]}}`\n",
                  r->id);
    if (r->usual < VD_ERROR) {
        vd_buf_add(out, VD_S("- for one statement of a JSON policy, by its Sid: `ReadAllVerdictIgnore"));
        vd_rule_pascal(out, vd_str_of(r->id));
        vd_buf_add(out, VD_S("`\n"));
    }
}

void vd_render_rule_markdown(vd_buf *out, const vd_rule_info *r)
{
    vd_buf_printf(out, "# %s\n\n", r->id);
    prose(out, r->title);
    vd_buf_add(out, VD_S("\n\n| | |\n| --- | --- |\n"));
    for (size_t i = 0; i < VD_COUNT(facts); i++) {
        vd_buf value = vd_buf_on(out->alloc, 0);

        facts[i].value(&value, r);
        if (value.n)
            vd_buf_printf(out, "| %s | " VD_F " |\n", facts[i].name, VD_A(vd_buf_str(&value)));
        out->failed |= value.failed;
        vd_buf_done(&value);
    }
    vd_buf_add(out, VD_S("\n## Why\n\n"));
    prose(out, r->why);
    vd_buf_add(out, VD_S("\n\n## Reported\n\n"));
    fence(out, r->bad);
    vd_buf_add(out, VD_S("\n## Not reported\n\n"));
    fence(out, r->good);
    vd_buf_add(out, VD_S("\n## How to fix it\n\n"));
    prose(out, r->remedy);
    vd_buf_byte(out, '\n');
    silence_markdown(out, r);
}

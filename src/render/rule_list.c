/* SPDX-License-Identifier: Apache-2.0
 *
 * All rules: a table for people, the index of docs/rules, JSON.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/render.h"
#include "render/rule.h"
#include "text/json_write.h"

#include <stdio.h>

void vd_render_rules_text(vd_buf *out, const vd_look *look, const vd_linter *linter)
{
    uint32_t n = vd_linter_rules(linter), off = 0, widest = 4;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t columns = (uint32_t)strlen(vd_linter_rule(linter, i)->id);

        widest = columns > widest ? columns : widest;
    }
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_buf_printf(out, "%-*s  %-15s  %-12s  %-6s  %s", (int)widest, "rule", "group", "severity", "fix",
                  "looks at");
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    for (uint32_t i = 0; i < n; i++) {
        const vd_rule_info *r = vd_linter_rule(linter, i);
        char                severity[24];

        if (r->usual == VD_SECURITY)
            snprintf(severity, sizeof severity, "security %u.%u", r->score / 10u, r->score % 10u);
        else
            snprintf(severity, sizeof severity, "%s", vd_severity_names[r->usual]);
        vd_buf_printf(out, "%-*s  %-15s  %-12s  %-6s  ", (int)widest, r->id, r->group, severity,
                      vd_fix_names[r->fix]);
        vd_rule_type_list(out, r);
        if (r->off) {
            vd_look_put(out, look, VD_TONE_FAINT, VD_S(" (off)"));
            off++;
        }
        vd_buf_byte(out, '\n');
    }
    vd_buf_printf(out, "%u rules, %u of them off by default; verdict help RULE tells about one\n", n, off);
}

void vd_render_rules_markdown(vd_buf *out, const vd_linter *linter)
{
    uint32_t    n = vd_linter_rules(linter);
    const char *group = "";

    vd_buf_printf(out,
                  "# Lint rules\n\n%u rules.  These pages are made from the rows in `src/lint/rules/` by "
                  "`tools/mkrules`;\n"
                  "`verdict help RULE` prints the same in a terminal, `verdict lint --rules` the list.\n",
                  n);
    for (uint32_t i = 0; i < n; i++) {
        const vd_rule_info *r = vd_linter_rule(linter, i);

        if (i == 0 || strcmp(group, r->group) != 0)
            vd_buf_printf(out, "\n## %s\n\n| rule | severity | fix | what |\n| --- | --- | --- | --- |\n",
                          r->group);
        group = r->group;
        vd_buf_printf(out, "| [%s](%s.md) | %s", r->id, r->id, vd_severity_names[r->usual]);
        if (r->usual == VD_SECURITY) {
            vd_buf_byte(out, ' ');
            vd_rule_score(out, r->score);
        }
        vd_buf_printf(out, "%s | %s | ", r->off ? ", off" : "", vd_fix_names[r->fix]);
        vd_put_markdown(out, vd_str_of(r->title));
        vd_buf_add(out, VD_S(" |\n"));
    }
}

static vd_json *words(vd_str rest)
{
    vd_json *a = vd_json_array();
    vd_str   word;

    while (vd_word_next(&rest, &word))
        vd_json_push(a, vd_json_string(word));
    return a;
}

static vd_json *text(const char *s)
{
    return vd_json_string(vd_str_of(s));
}

static vd_json *rule_of(const vd_rule_info *r)
{
    vd_json *o = vd_json_object(), *types = vd_json_array();

    vd_json_set(o, "id", text(r->id));
    vd_json_set(o, "group", text(r->group));
    vd_json_set(o, "severity", text(vd_severity_names[r->usual]));
    vd_json_set(o, "score", r->usual == VD_SECURITY ? vd_json_real(r->score / 10.0) : vd_json_null());
    vd_json_set(o, "confidence", text(vd_confidence_names[r->confidence]));
    vd_json_set(o, "fix", text(vd_fix_names[r->fix]));
    vd_json_set(o, "enabled", vd_json_bool(!(r->off)));
    vd_json_set(o, "dated", vd_json_bool(r->dated));
    for (uint32_t i = 0; vd_rule_type(r, i); i++)
        vd_json_push(types, text(vd_rule_type(r, i)));
    vd_json_set(o, "types", types);
    vd_json_set(o, "accessAnalyzer", words(vd_str_of(r->codes)));
    vd_json_set(o, "cwe", words(vd_str_of(r->cwe)));
    vd_json_set(o, "title", text(r->title));
    vd_json_set(o, "why", text(r->why));
    vd_json_set(o, "remedy", text(r->remedy));
    vd_json_set(o, "bad", text(r->bad));
    vd_json_set(o, "good", text(r->good));
    return o;
}

vd_code vd_render_rules_json(vd_buf *out, const vd_linter *linter)
{
    vd_json *o = vd_json_object(), *v = vd_json_object(), *rules = vd_json_array();

    vd_json_set(v, "format", vd_json_int(VD_FORMAT_VERSION));
    vd_json_set(v, "version", text(vd_version()));
    vd_json_set(o, "verdict", v);
    for (uint32_t i = 0; i < vd_linter_rules(linter); i++)
        vd_json_push(rules, rule_of(vd_linter_rule(linter, i)));
    vd_json_set(o, "rules", rules);
    VD_TRY(vd_json_dump(out, o, 2));
    vd_buf_byte(out, '\n');
    return out->failed ? VD_ENOMEM : VD_OK;
}

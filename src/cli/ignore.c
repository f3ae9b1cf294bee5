/* SPDX-License-Identifier: Apache-2.0
 *
 * gitignore(5): the last rule that matches wins, the nearest file first; '!' takes back; a slash in front or in the
 * middle ties a rule to its directory; a slash behind means directories only.
 */
#include "cli/ignore.h"

#include "base/str.h"
#include "pattern/path.h"

enum { LONGEST = 8192 };

typedef struct rule {
    vd_str pattern;
    bool   negated, directories, tied;
} rule;

static bool read_rule(rule *r, vd_str line)
{
    *r = (rule){ 0 };
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    while (line.n && line.p[line.n - 1] == ' ' && !(line.n > 1 && line.p[line.n - 2] == '\\'))
        line.n--;
    if (line.n == 0 || line.p[0] == '#')
        return false;
    if (line.p[0] == '!') {
        r->negated = true;
        line = vd_str_from(line, 1);
    }
    if (line.n && line.p[line.n - 1] == '/') {
        r->directories = true;
        line.n--;
    }
    if (line.n && line.p[0] == '/') {
        r->tied = true;
        line = vd_str_from(line, 1);
    }
    r->tied |= vd_str_find(line, '/') < line.n;
    r->pattern = line;
    return line.n > 0;
}

static bool rule_matches(const rule *r, vd_str below, bool is_directory)
{
    size_t slash;

    if (r->directories && !is_directory)
        return false;
    if (r->tied)
        return vd_path_match(r->pattern, below);
    slash = vd_str_rfind(below, '/');
    return vd_path_match_name(r->pattern, slash < below.n ? vd_str_from(below, slash + 1) : below);
}

/* path as seen from the directory of the rules. */
static vd_str below_of(const vd_ignore *rules, vd_str path, char *buffer, size_t size)
{
    vd_str rest = vd_str_from(path, rules->depth);

    if (rules->above.n == 0 || rules->above.n + rest.n > size)
        return rest;
    memcpy(buffer, rules->above.p, rules->above.n);
    memcpy(buffer + rules->above.n, rest.p, rest.n);
    return (vd_str){ buffer, rules->above.n + rest.n };
}

bool vd_ignored(const vd_ignore *rules, vd_str path, bool is_directory)
{
    char buffer[LONGEST];

    for (; rules; rules = rules->outer) {
        vd_str text = rules->text, line, below = below_of(rules, path, buffer, sizeof buffer);
        int    said = -1;

        while (text.n) {
            rule r;

            if (!vd_str_cut(&text, '\n', &line)) {
                line = text;
                text.n = 0;
            }
            if (read_rule(&r, line) && rule_matches(&r, below, is_directory))
                said = !r.negated;
        }
        if (said >= 0)
            return said;
    }
    return false;
}

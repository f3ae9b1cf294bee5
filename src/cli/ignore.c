/* SPDX-License-Identifier: Apache-2.0
 *
 * gitignore(5): the last rule that matches wins, the nearest file first; '!' takes back; a slash in front or in the
 * middle ties a rule to its directory; a slash behind means directories only.  No recursion: one saved position for
 * stars within a name, one for "**" between names.
 */
#include "cli/ignore.h"

#include "base/str.h"

enum { LONGEST = 8192 };

/* [a-z], [!a-z]; *used: bytes of the pattern.  An open bracket without end stands for itself. */
static bool class_match(vd_str pattern, char c, size_t *used)
{
    size_t i = 1;
    bool   negated = pattern.n > 1 && (pattern.p[1] == '!' || pattern.p[1] == '^'), found = false, first = true;

    i += negated;
    for (; i < pattern.n && (first || pattern.p[i] != ']'); first = false) {
        char from = pattern.p[i], to = from;

        if (from == '\\' && i + 1 < pattern.n)
            from = to = pattern.p[++i];
        if (i + 2 < pattern.n && pattern.p[i + 1] == '-' && pattern.p[i + 2] != ']') {
            to = pattern.p[i + 2];
            i += 2;
        }
        found |= (unsigned char)c >= (unsigned char)from && (unsigned char)c <= (unsigned char)to;
        i++;
    }
    if (i >= pattern.n) {
        *used = 1;
        return c == '[';
    }
    *used = i + 1;
    return found != negated;
}

/* One byte of the pattern (or a class, an escape) against one byte of a name. */
static bool one_match(vd_str pattern, char c, size_t *used)
{
    *used = 1;
    if (pattern.p[0] == '?')
        return true;
    if (pattern.p[0] == '[')
        return class_match(pattern, c, used);
    if (pattern.p[0] == '\\' && pattern.n > 1) {
        *used = 2;
        return pattern.p[1] == c;
    }
    return pattern.p[0] == c;
}

static bool name_match(vd_str pattern, vd_str name)
{
    size_t p = 0, i = 0, star = SIZE_MAX, resume = 0, used;

    while (i < name.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            resume = i;
        } else if (p < pattern.n && one_match(vd_str_from(pattern, p), name.p[i], &used)) {
            p += used;
            i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

/* The part before the next slash; false at the end. */
static bool next_name(vd_str *rest, vd_str *name)
{
    if (!rest->p)
        return false;
    if (!vd_str_cut(rest, '/', name)) {
        *name = *rest;
        *rest = (vd_str){ 0 };
    }
    return true;
}

bool vd_ignore_match(vd_str pattern, vd_str path)
{
    vd_str p = pattern, i = path, star = { 0 }, resume = { 0 }, part, name, ignored;

    while (i.p) {
        vd_str next = i;

        if (next_name(&p, &part)) {
            if (vd_str_eq(part, VD_S("**"))) {
                if (!p.p)
                    return true; /* ends in a double star: all below */
                star = p;
                resume = i;
                continue;
            }
            next_name(&next, &name);
            if (name_match(part, name)) {
                i = next;
                continue;
            }
        }
        if (!star.p)
            return false;
        p = star;
        next_name(&resume, &ignored);
        i = resume;
    }
    return !p.p;
}

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
        return vd_ignore_match(r->pattern, below);
    slash = vd_str_rfind(below, '/');
    return name_match(r->pattern, slash < below.n ? vd_str_from(below, slash + 1) : below);
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

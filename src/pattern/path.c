/* SPDX-License-Identifier: Apache-2.0
 *
 * Globs over paths.  No recursion: one saved position for stars within a name, one for "**" between names.
 */
#include "pattern/path.h"

#include "base/str.h"

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

bool vd_path_match_name(vd_str pattern, vd_str name)
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

bool vd_path_match(vd_str pattern, vd_str path)
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
            if (vd_path_match_name(part, name)) {
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

bool vd_path_match_loose(vd_str pattern, vd_str path)
{
    size_t slash = vd_str_rfind(path, '/');

    if (vd_str_find(pattern, '/') == pattern.n)
        return vd_path_match_name(pattern, slash < path.n ? vd_str_from(path, slash + 1) : path);
    if (vd_str_starts(pattern, VD_S("./")))
        pattern = vd_str_from(pattern, 2);
    if (vd_str_starts(pattern, VD_S("/")))
        pattern = vd_str_from(pattern, 1);
    return vd_path_match(pattern, path);
}

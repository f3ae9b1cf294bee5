/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests over folders of documents: names in order, whole files, diagnostics as lines.
 */
#ifndef VERDICT_TESTS_POLICY_FILES_H
#define VERDICT_TESTS_POLICY_FILES_H

#include "unit.h"

#include "base/buf.h"
#include "base/file.h"
#include "policy/policy.h"

#include <dirent.h>

static inline vd_engine *engine_of_tests(void)
{
    vd_engine *e = NULL;

    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    return e;
}

static inline vd_str file_of(const char *path)
{
    vd_str   text = { 0 };
    vd_error err = { .size = sizeof err };

    if (vd_file_read(&text, vd_allocator_default(), path, 64u << 20, &err) != VD_OK)
        fail_msg("%s: %s", path, err.text);
    return text;
}

typedef struct names {
    char **at;
    size_t count;
} names;

static inline int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline names names_in(const char *folder, const char *end)
{
    names          n = { 0 };
    DIR           *dir = opendir(folder);
    struct dirent *e;

    assert_non_null(dir);
    while ((e = readdir(dir)) != NULL) {
        if (!vd_str_ends(vd_str_of(e->d_name), vd_str_of(end)))
            continue;
        n.at = realloc(n.at, (n.count + 1) * sizeof *n.at);
        assert_non_null(n.at);
        n.at[n.count++] = strdup(e->d_name);
    }
    closedir(dir);
    if (n.count)
        qsort(n.at, n.count, sizeof *n.at, by_name);
    return n;
}

static inline void names_done(names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->at[i]);
    free(n->at);
}

/* "file:line:column: severity[rule]: text", and "  hint" behind it. */
static inline void add_diagnostics(vd_buf *out, const vd_diags *notes)
{
    static const char *const severities[] = { "note", "suggestion", "warning", "security", "error" };

    for (size_t i = 0; i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        vd_buf_printf(out, VD_F ":%u:%u: %s[" VD_F "]: ", VD_A(d->at.file), (unsigned)d->at.line,
                      (unsigned)d->at.column, severities[d->severity], VD_A(d->rule));
        vd_buf_add(out, d->text);
        if (d->hint.n)
            vd_buf_printf(out, " (" VD_F ")", VD_A(d->hint));
        vd_buf_byte(out, '\n');
    }
    if (vd_diags_dropped(notes))
        vd_buf_printf(out, "and %zu more\n", vd_diags_dropped(notes));
}

/* "scp--not-principal.json" is an SCP. */
static inline vd_kind kind_in_name(const char *name)
{
    vd_str  s = vd_str_of(name), head = s;
    vd_kind kind;

    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == '-' && s.p[i + 1] == '-') {
            head = vd_str_first(s, i);
            break;
        }
    kind = vd_kind_find(head);
    if (kind < 0)
        fail_msg("%s does not begin with a kind of policy", name);
    return kind;
}

#endif

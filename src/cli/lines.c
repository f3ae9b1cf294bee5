/* SPDX-License-Identifier: Apache-2.0
 *
 * One buffer of fixed size; a line that does not fit is skipped and told.
 */
#include "cli/lines.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(vd_error *err, const char *path, const char *what)
{
    char text[128];

    vd_errno_text(text, sizeof text, errno);
    vd_fail_at(err, VD_EIO, (vd_pos){ .file = vd_str_of(path) }, "cannot %s: %s", what, text);
    return false;
}

bool vd_lines_open(vd_lines *l, const char *path, vd_error *err)
{
    struct stat st;

    *l = (vd_lines){ .fd = -1 };
    l->buffer = vd_alloc(vd_allocator_default(), VD_LINE_BYTES);
    if (!l->buffer) {
        vd_fail_nomem(err);
        return false;
    }
    l->fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (l->fd < 0) {
        fail(err, path, "open");
    } else if (fstat(l->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        vd_fail_at(err, VD_EIO, (vd_pos){ .file = vd_str_of(path) }, "this is a directory, a file is needed");
    } else {
        return true;
    }
    vd_lines_close(l);
    return false;
}

void vd_lines_close(vd_lines *l)
{
    if (l->buffer && l->fd >= 0)
        close(l->fd);
    vd_free(vd_allocator_default(), l->buffer, VD_LINE_BYTES);
    *l = (vd_lines){ .fd = -1 };
}

vd_line vd_lines_next(vd_lines *l, vd_str *out)
{
    char  *from = l->buffer + l->start;
    size_t have = l->end - l->start;
    char  *newline = have ? memchr(from, '\n', have) : NULL;
    size_t n = newline ? (size_t)(newline - from) : have;
    bool   skipped = l->skipping;

    if (!newline && !l->ended && have < VD_LINE_BYTES)
        return VD_LINE_WAIT;
    if (!newline && !l->ended) { /* full, and no end in sight */
        if (!l->skipping)
            l->offset = l->after;
        l->skipping = true;
        l->after += have;
        l->start = l->end = 0;
        return VD_LINE_WAIT;
    }
    if (!newline && have == 0 && !skipped)
        return VD_LINE_END;
    l->skipping = false;
    l->line++;
    if (!skipped)
        l->offset = l->after;
    l->start += n + (newline != NULL);
    l->after += n + (newline != NULL);
    *out = (vd_str){ from, n && from[n - 1] == '\r' ? n - 1 : n };
    return skipped ? VD_LINE_TOO_LONG : VD_LINE_ONE;
}

bool vd_lines_fill(vd_lines *l, vd_error *err)
{
    ssize_t n;

    if (l->start) {
        memmove(l->buffer, l->buffer + l->start, l->end - l->start);
        l->end -= l->start;
        l->start = 0;
    }
    do
        n = read(l->fd, l->buffer + l->end, VD_LINE_BYTES - l->end);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        l->ended = true;
        return fail(err, "", "read");
    }
    l->ended = n == 0;
    l->end += (size_t)n;
    return true;
}

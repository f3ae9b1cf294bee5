/* SPDX-License-Identifier: Apache-2.0
 *
 * Standard input for whoever runs us as one worker of many: records, files in frames, rows of a table, in parts when wanted.
 */
#include "cli/usage.h"

#include "base/file.h"
#include "base/str.h"

#include <stdio.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 18, NAME_BYTES = 4096 };

/* ------------------------------------------------------------------ lines */

/* So many lines, with something before the first. */
typedef struct lines {
    vd_bytes *bytes;
    char     *buffer;
    size_t    at, end;
    vd_str    head;
    uint32_t  left; /* lines of this part; 0: all there are */
    bool      part_done, ended;
} lines;

static ptrdiff_t read_lines(void *ctx, char *out, size_t n)
{
    lines          *l = ctx;
    vd_usage_source raw = vd_bytes_source(l->bytes);
    const char     *p = l->buffer + l->at;
    size_t          give;

    if (l->head.n) {
        give = l->head.n < n ? l->head.n : n;
        memcpy(out, l->head.p, give);
        l->head = vd_str_from(l->head, give);
        return (ptrdiff_t)give;
    }
    if (l->part_done)
        return 0;
    if (l->at == l->end) {
        ptrdiff_t got = raw.read(raw.ctx, l->buffer, BUFFER_BYTES);

        l->at = 0;
        l->end = got > 0 ? (size_t)got : 0;
        l->ended = got <= 0;
        if (got <= 0)
            return got;
        p = l->buffer;
    }
    give = l->end - l->at < n ? l->end - l->at : n;
    for (size_t i = 0; l->left && i < give; i++)
        if (p[i] == '\n' && --l->left == 0) {
            l->part_done = true;
            give = i + 1;
        }
    memcpy(out, p, give);
    l->at += give;
    return (ptrdiff_t)give;
}

/* There is more behind this part; looked for before another one is begun. */
static bool more_lines(lines *l)
{
    vd_usage_source raw = vd_bytes_source(l->bytes);
    ptrdiff_t       got;

    if (l->at < l->end)
        return true;
    got = l->ended ? 0 : raw.read(raw.ctx, l->buffer, BUFFER_BYTES);
    l->at = 0;
    l->end = got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* "a,b,c" to the header of a table with tabs. */
static bool header_of(vd_cli *cli, const char *columns, char *out, size_t size, vd_str *head)
{
    size_t n = strlen(columns);

    if (n + 2 > size) {
        vd_cli_usage(cli, "--cols is longer than %zu bytes", size);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = columns[i] == ',' ? '\t' : columns[i];
    out[n] = '\n';
    *head = (vd_str){ out, n + 1 };
    return true;
}

/* Between two pieces there is nothing that could be told to end early. */
static bool broken(const vd_stream *s, const vd_bytes *bytes)
{
    char text[128];

    vd_errno_text(text, sizeof text, bytes->error);
    vd_cli_errorf(s->cli, VD_EXIT_USAGE, "standard input cannot be read on: %s", text);
    return true;
}

static bool add_lines(const vd_stream *s, lines *l, vd_str head, int32_t kind)
{
    vd_usage_source source = { read_lines, l };
    uint32_t        size = vd_args_number(&s->cli->args, "stream", 0);
    char            name[NAME_BYTES + 16];

    for (uint32_t part = 0;; part++) {
        int n = size ? snprintf(name, sizeof name, "%.*s#%u", NAME_BYTES, s->unit, part) : snprintf(name, sizeof name, "%.*s", NAME_BYTES, s->unit);

        l->left = size;
        l->part_done = false;
        l->head = head;
        if (!s->add(s->ctx, (vd_str){ name, (size_t)n }, kind, &source))
            return false;
        if (!size)
            return true;
        if (!more_lines(l))
            return !l->bytes->error || broken(s, l->bytes);
        if (!s->emit(s->ctx))
            return false;
    }
}

static bool stream_lines(const vd_stream *s, bool table)
{
    const char *columns = table ? vd_args_text(&s->cli->args, "cols") : NULL;
    vd_bytes    bytes = *s->bytes;
    lines       l = { .bytes = &bytes };
    vd_str      head = { 0 };
    char        room[NAME_BYTES];
    bool        good;

    if (columns && !header_of(s->cli, columns, room, sizeof room, &head))
        return false;
    l.buffer = vd_alloc(vd_allocator_default(), BUFFER_BYTES);
    if (!l.buffer) {
        vd_cli_errorf(s->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    good = add_lines(s, &l, head, table ? VD_USAGE_CSV : VD_USAGE_ANY);
    vd_free(vd_allocator_default(), l.buffer, BUFFER_BYTES);
    return good;
}

/* ------------------------------------------------------------------ frames */

/* Exactly so many bytes; *none: the stream ended before the first of them. */
static bool read_exactly(vd_bytes *b, char *out, size_t n, bool *none)
{
    vd_usage_source source = vd_bytes_source(b);
    size_t          at = 0;

    while (at < n) {
        ptrdiff_t got = source.read(source.ctx, out + at, n - at);

        if (got <= 0)
            break;
        at += (size_t)got;
    }
    *none = at == 0;
    return at == n;
}

static uint64_t little(const char *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = n; i > 0; i--)
        v = v << 8 | (uint8_t)p[i - 1];
    return v;
}

/* Length of the name (32 bits, the lowest byte first), name, length of the bytes (64 bits), bytes. */
static bool stream_frames(const vd_stream *s)
{
    vd_bytes        bytes = *s->bytes;
    vd_usage_source source = vd_bytes_source(&bytes);
    char            name[NAME_BYTES], size[8];
    bool            none;

    for (uint64_t frame = 1;; frame++) {
        size_t n;

        bytes.left = UINT64_MAX;
        if (!read_exactly(&bytes, size, 4, &none)) {
            if (none)
                return !bytes.error || broken(s, &bytes);
            break;
        }
        n = (size_t)little(size, 4);
        if (n > sizeof name) {
            vd_cli_errorf(s->cli, VD_EXIT_USAGE, "frame %llu: a name of %zu bytes", (unsigned long long)frame, n);
            return true;
        }
        if (!read_exactly(&bytes, name, n, &none) || !read_exactly(&bytes, size, 8, &none))
            break;
        bytes.left = little(size, 8);
        if (!s->add(s->ctx, (vd_str){ name, n }, VD_USAGE_ANY, &source))
            return false;
        if (bytes.left)
            break;
    }
    if (bytes.error)
        return broken(s, &bytes);
    vd_cli_errorf(s->cli, VD_EXIT_USAGE, "the last frame is not whole");
    return true;
}

bool vd_stream_run(const vd_stream *s)
{
    const char *in = vd_args_text(&s->cli->args, "in");

    if (strcmp(in, "frames") == 0)
        return stream_frames(s);
    return stream_lines(s, strcmp(in, "tsv") == 0);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Files in, summaries out, facts aside.
 */
#include "cli/usage.h"

#include "base/file.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GLANCE_MS = 200 };

/* ------------------------------------------------------------------ in */

bool vd_bytes_open(vd_bytes *b, const char *path)
{
    struct stat st;

    *b = (vd_bytes){ .fd = 0, .slow = true, .left = UINT64_MAX };
    if (strcmp(path, "-") == 0)
        return true;
    b->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    b->own = true;
    if (b->fd < 0)
        return false;
    if (fstat(b->fd, &st) == 0 && (S_ISDIR(st.st_mode) || S_ISSOCK(st.st_mode))) {
        close(b->fd);
        b->fd = -1;
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        return false;
    }
    b->slow = !S_ISREG(st.st_mode);
    fcntl(b->fd, F_SETFL, fcntl(b->fd, F_GETFL) & ~O_NONBLOCK);
    posix_fadvise(b->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

void vd_bytes_close(vd_bytes *b)
{
    if (b->own && b->fd >= 0)
        close(b->fd);
    b->fd = -1;
}

bool vd_wait_readable(int fd, const volatile sig_atomic_t *stop)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    int           n = 0;

    while (!(stop && *stop) && n == 0) {
        n = poll(&p, 1, GLANCE_MS);
        if (n < 0 && errno == EINTR)
            n = 0;
    }
    return !(stop && *stop);
}

static ptrdiff_t read_bytes(void *ctx, char *out, size_t n)
{
    vd_bytes *b = ctx;
    ssize_t   got;

    if (b->stop && *b->stop)
        return 0;
    n = n < b->left ? n : (size_t)b->left;
    if (n == 0 || (b->slow && !vd_wait_readable(b->fd, b->stop)))
        return 0;
    do
        got = read(b->fd, out, n);
    while (got < 0 && errno == EINTR && !(b->stop && *b->stop));
    if (got < 0) {
        b->error = errno;
        return b->stop && *b->stop ? 0 : -1;
    }
    if (b->left != UINT64_MAX)
        b->left -= (uint64_t)got;
    if (b->total)
        __atomic_fetch_add(b->total, (uint64_t)got, __ATOMIC_RELAXED);
    return got;
}

vd_usage_source vd_bytes_source(vd_bytes *b)
{
    return (vd_usage_source){ read_bytes, b };
}

/* ------------------------------------------------------------------ out */

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool vd_summary_out_takes_many(const char *path)
{
    struct stat st;

    return !path || strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISREG(st.st_mode));
}

static bool refuse(vd_cli *cli, const char *path, int number)
{
    char text[128];

    vd_errno_text(text, sizeof text, number);
    vd_cli_errorf(cli, VD_EXIT_USAGE, "%s: cannot write: %s", path, text);
    return false;
}

bool vd_summary_out_open(vd_summary_out *o, vd_cli *cli, const char *path)
{
    struct stat st;
    int         n;

    *o = (vd_summary_out){ .cli = cli, .path = path, .fd = STDOUT_FILENO, .tail = vd_buf_on(vd_allocator_default(), 0) };
    if (!path || strcmp(path, "-") == 0) {
        o->path = NULL;
        return true;
    }
    o->folder = is_folder(path);
    if (!o->folder && stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* a device or a pipe takes what comes */
        o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return o->fd >= 0 || refuse(cli, path, errno);
    }
    n = snprintf(o->beside, sizeof o->beside, "%s%stmp-%ld", path, o->folder ? "/." : ".", (long)getpid());
    if (n < 0 || (size_t)n >= sizeof o->beside)
        return refuse(cli, path, ENAMETOOLONG);
    o->fd = open(o->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return o->fd >= 0 || refuse(cli, path, errno);
}

bool vd_summary_out_sink(void *ctx, vd_str bytes)
{
    vd_summary_out *o = ctx;

    if (bytes.n >= 64) {
        o->tail.n = 0;
        vd_buf_add(&o->tail, vd_str_from(bytes, bytes.n - (bytes.n < 128 ? bytes.n : 128)));
    }
    if (!o->closed && !vd_file_put(o->fd, bytes)) {
        o->closed = true;
        o->error = errno;
    }
    return !o->closed;
}

/* DIR/part-<16 digits of the hash>.vdu: the same content has the same name. */
static bool place(vd_summary_out *o, char *to, size_t size)
{
    vd_str text = vd_buf_str(&o->tail);
    size_t at = vd_str_rfind(text, ':');
    int    n;

    if (!o->folder)
        n = snprintf(to, size, "%s", o->path);
    else if (text.n - at > 16)
        n = snprintf(to, size, "%s/part-%.16s.vdu", o->path, text.p + at + 1);
    else
        return false;
    return n > 0 && (size_t)n < size;
}

bool vd_summary_out_close(vd_summary_out *o, bool keep)
{
    char to[4096];
    bool good = !o->closed;
    int  number = o->error;

    if (o->beside[0] && o->fd >= 0) {
        if (good && keep && fsync(o->fd) != 0) {
            good = false;
            number = errno;
        }
        if (close(o->fd) != 0 && good) {
            good = false;
            number = errno;
        }
        if (good && keep && (!place(o, to, sizeof to) || rename(o->beside, to) != 0)) {
            good = false;
            number = errno;
        }
        if (!good || !keep)
            unlink(o->beside);
    } else if (o->path && o->fd >= 0) {
        close(o->fd);
    }
    vd_buf_done(&o->tail);
    if (!good && !(number == EPIPE && !o->path))
        refuse(o->cli, o->path ? o->path : "standard output", number);
    return good;
}

/* ------------------------------------------------------------------ aside */

static bool write_run(void *ctx, vd_str bytes)
{
    return vd_file_put(*(const int *)ctx, bytes);
}

bool vd_runs_spill(vd_runs *r, vd_usage *usage, vd_error *err)
{
    char path[4096];
    int  n = snprintf(path, sizeof path, "%s/verdict-usage-XXXXXX", r->folder), fd;

    if (n < 0 || (size_t)n >= sizeof path || r->count == VD_MOST_RUNS) {
        vd_fail(err, VD_ELIMIT, "more facts than %d temporary files hold: give --mem more", VD_MOST_RUNS);
        return false;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        char text[128];

        vd_errno_text(text, sizeof text, errno);
        vd_fail(err, VD_EIO, "%s: cannot make a temporary file: %s", r->folder, text);
        return false;
    }
    unlink(path);
    r->fd[r->count++] = fd;
    if (vd_usage_spill(usage, write_run, &fd, err) != VD_OK)
        return false;
    return lseek(fd, 0, SEEK_SET) == 0;
}

void vd_runs_close(vd_runs *r)
{
    while (r->count)
        close(r->fd[--r->count]);
}

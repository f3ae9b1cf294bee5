/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file of the library that does input or output, and only for calls that name a path.
 */
#include "base/file.h"

#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* In lower case, as all our messages.  glibc returns the text, others a number. */
void vd_errno_text(char *text, size_t size, int number)
{
#ifdef __GLIBC__
    char buffer[128];

    snprintf(text, size, "%s", strerror_r(number, buffer, sizeof buffer));
#else
    if (strerror_r(number, text, size) != 0)
        snprintf(text, size, "error %d", number);
#endif
    if (text[0] && text[1] >= 'a' && text[1] <= 'z')
        text[0] = vd_lower(text[0]);
}

static vd_code fail_errno(vd_error *err, const char *path, const char *what)
{
    char text[128];

    vd_errno_text(text, sizeof text, errno);
    return vd_fail_at(err, VD_EIO, (vd_pos){ .file = vd_str_of(path) }, "cannot %s: %s", what, text);
}

static vd_code too_big(vd_error *err, const char *path, uint64_t limit)
{
    return vd_fail_at(err, VD_ELIMIT, (vd_pos){ .file = vd_str_of(path), .line = 1, .column = 1 },
                      "the file is larger than %llu bytes (limit document_bytes)", (unsigned long long)limit);
}

static vd_code read_all(vd_str *out, const vd_allocator *a, int fd, const char *path, size_t hint,
                        uint64_t limit, vd_error *err)
{
    size_t cap = hint + 1, n = 0;
    char  *p = vd_alloc(a, cap);

    if (!p)
        return vd_fail_nomem(err);
    for (;;) {
        ssize_t got;

        if (n + 1 >= cap) {
            size_t bigger = cap < 4096 ? 8192 : cap * 2;
            char  *grown = vd_realloc(a, p, cap, bigger);

            if (!grown) {
                vd_free(a, p, cap);
                return vd_fail_nomem(err);
            }
            p = grown;
            cap = bigger;
        }
        got = read(fd, p + n, cap - n - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            vd_code code = fail_errno(err, path, "read");

            vd_free(a, p, cap);
            return code;
        }
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > limit) {
            vd_free(a, p, cap);
            return too_big(err, path, limit);
        }
    }
    if (cap != n + 1) {
        char *exact = vd_realloc(a, p, cap, n + 1);

        if (!exact) {
            vd_free(a, p, cap);
            return vd_fail_nomem(err);
        }
        p = exact;
    }
    p[n] = 0;
    *out = (vd_str){ p, n };
    return VD_OK;
}

vd_code vd_file_read(vd_str *out, const vd_allocator *a, const char *path, uint64_t limit, vd_error *err)
{
    struct stat st;
    vd_code     code;
    int         fd;

    *out = (vd_str){ 0 };
    if (strcmp(path, "-") == 0)
        return read_all(out, a, 0, "-", 65536, limit, err);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail_errno(err, path, "open");
    if (fstat(fd, &st) != 0)
        code = fail_errno(err, path, "read");
    else if (S_ISDIR(st.st_mode))
        code = vd_fail_at(err, VD_EIO, (vd_pos){ .file = vd_str_of(path) },
                          "this is a directory, a file is needed");
    else if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit)
        code = too_big(err, path, limit);
    else
        code = read_all(out, a, fd, path, S_ISREG(st.st_mode) ? (size_t)st.st_size + 1 : 65536, limit, err);
    close(fd);
    return code;
}

void vd_file_free(const vd_allocator *a, vd_str text)
{
    vd_free(a, (void *)(uintptr_t)text.p, text.n + 1);
}

static int by_bytes(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static bool is_folder(int folder, const char *name)
{
    struct stat st;

    return fstatat(folder, name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

vd_code vd_file_list(vd_str **out, uint32_t *count, vd_arena *arena, const char *path, vd_error *err)
{
    DIR           *d = opendir(path);
    struct dirent *e;
    uint32_t       cap = 0;
    bool           ok = true;

    *out = NULL;
    *count = 0;
    if (!d)
        return fail_errno(err, path, "open");
    while (ok && (e = readdir(d)) != NULL) {
        vd_str name;

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        ok = vd_arena_printf(arena, &name, "%s%s", e->d_name, is_folder(dirfd(d), e->d_name) ? "/" : "") &&
             VD_ARENA_PUSH(arena, *out, *count, cap, name);
    }
    closedir(d);
    if (*count)
        qsort(*out, *count, sizeof **out, by_bytes);
    return ok ? VD_OK : vd_fail_nomem(err);
}

vd_code vd_file_map(vd_str *out, const char *path, vd_error *err)
{
    struct stat st;
    void       *p;
    int         fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a pipe is told, not waited for */

    *out = (vd_str){ 0 };
    if (fd < 0)
        return fail_errno(err, path, "open");
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        vd_code code = vd_fail_at(err, VD_EIO, (vd_pos){ .file = vd_str_of(path) }, "not a regular file");

        close(fd);
        return code;
    }
    if (st.st_size == 0) {
        close(fd);
        return vd_fail_at(err, VD_EFORMAT, (vd_pos){ .file = vd_str_of(path) }, "the file is empty");
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return fail_errno(err, path, "map");
    *out = (vd_str){ p, (size_t)st.st_size };
    return VD_OK;
}

void vd_file_unmap(vd_str text)
{
    if (text.p)
        munmap((void *)(uintptr_t)text.p, text.n);
}

bool vd_file_put(int fd, vd_str bytes)
{
    while (bytes.n) {
        ssize_t put = write(fd, bytes.p, bytes.n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes.p += put;
        bytes.n -= (size_t)put;
    }
    return true;
}

/* A device or a pipe takes the bytes as they come; nothing may be put in its place. */
static vd_code write_through(const char *path, vd_str bytes, vd_error *err)
{
    int     fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    vd_code code = VD_OK;

    if (fd < 0)
        return fail_errno(err, path, "write");
    if (!vd_file_put(fd, bytes))
        code = fail_errno(err, path, "write");
    if (close(fd) != 0 && code == VD_OK)
        code = fail_errno(err, path, "write");
    return code;
}

/* mode 0: what a new file gets. */
static vd_code write_beside(const char *path, vd_str bytes, mode_t mode, vd_error *err)
{
    char        tmp[4096];
    int         fd, n = snprintf(tmp, sizeof tmp, "%s.tmp-%ld", path, (long)getpid());
    vd_code     code = VD_OK;

    if (n < 0 || (size_t)n >= sizeof tmp)
        return vd_fail(err, VD_EINVAL, "the path is too long");
    fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode ? 0600 : 0666);
    if (fd < 0)
        return fail_errno(err, path, "write");
    if (!vd_file_put(fd, bytes) || (mode && fchmod(fd, mode) != 0) || fsync(fd) != 0)
        code = fail_errno(err, path, "write");
    if (close(fd) != 0 && code == VD_OK)
        code = fail_errno(err, path, "write");
    if (code == VD_OK && rename(tmp, path) != 0)
        code = fail_errno(err, path, "rename");
    if (code != VD_OK)
        unlink(tmp);
    return code;
}

vd_code vd_file_write(const char *path, vd_str bytes, vd_error *err)
{
    struct stat st;

    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return write_through(path, bytes, err);
    return write_beside(path, bytes, 0, err);
}

vd_code vd_file_replace(const char *path, vd_str bytes, vd_error *err)
{
    struct stat st;
    char        real[PATH_MAX]; /* a link stays one */

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || access(path, W_OK) != 0)
        return vd_fail_at(err, VD_EIO, (vd_pos){ .file = vd_str_of(path) }, "the file may not be written");
    if (!realpath(path, real))
        return fail_errno(err, path, "write");
    return write_beside(real, bytes, st.st_mode & 07777, err);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Three questions: rev-parse makes an object of REV:PATH, ls-tree lists it when it is a folder, cat-file --batch gives the
 * texts, asked for one at a time so that neither side waits for the other with a full pipe.  These are plumbing: they run
 * no text filters, no external diff, no hooks.  What the child hears is built here, and REV may not look like an option.
 */
#include "cli/git.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    MOST_WORDS = 16,
    MOST_SAID = 64 << 10,   /* of standard error */
    MOST_LISTED = 64 << 20, /* of a list of files */
    MOST_FILES = 100000,
    LONGEST_OBJECT = 64     /* hex digits of SHA-256 */
};

static const char *const program[] = { "git", "--no-pager", "--no-optional-locks", "--literal-pathspecs", "-C", "." };

/* A partial clone would fetch what is missing, a credential helper would ask. */
static const char *const settings[][2] = {
    { "LC_ALL", "C" }, { "GIT_TERMINAL_PROMPT", "0" }, { "GIT_NO_LAZY_FETCH", "1" }, { "GIT_TRACE", "0" },
};

/* ------------------------------------------------------------------ the child */

typedef struct child {
    pid_t pid;
    int   in, out, err; /* our ends; in: -1 unless asked for */
} child;

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
    pair[0] = pair[1] = -1;
}

static bool make_pipe(int pair[2])
{
    return pipe2(pair, O_CLOEXEC) == 0;
}

/* In the child: never returns.  There are no threads yet. */
static void become_git(const char *const *words, int in, int out, int err)
{
    const char *argv[VD_COUNT(program) + MOST_WORDS + 1];
    size_t      n = 0;

    for (size_t i = 0; i < VD_COUNT(program); i++)
        argv[n++] = program[i];
    while (*words && n < VD_COUNT(program) + MOST_WORDS)
        argv[n++] = *words++;
    argv[n] = NULL;
    signal(SIGPIPE, SIG_DFL);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
        _exit(126);
    for (size_t i = 0; i < VD_COUNT(settings); i++)
        if (setenv(settings[i][0], settings[i][1], 1) != 0)
            _exit(126);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool start(child *c, const char *const *words, bool with_input)
{
    int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };

    *c = (child){ -1, -1, -1, -1 };
    if (with_input ? !make_pipe(in) : (in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
        return false;
    if (make_pipe(out) && make_pipe(err))
        c->pid = fork();
    if (c->pid == 0)
        become_git(words, in[0], out[1], err[1]);
    if (c->pid < 0) {
        close_pair(in);
        close_pair(out);
        close_pair(err);
        return false;
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    c->in = in[1];
    c->out = out[0];
    c->err = err[0];
    return true;
}

static int finish(child *c)
{
    int status = 0;

    for (int i = 0; i < 3; i++) {
        int fd = i == 0 ? c->in : i == 1 ? c->out : c->err;

        if (fd >= 0)
            close(fd);
    }
    if (c->pid > 0)
        while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
            ;
    *c = (child){ -1, -1, -1, -1 };
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Reads to the end; beyond the limit of the buffer the rest is dropped and the buffer failed. */
static void drain(vd_buf *to, int fd)
{
    char    piece[8192];
    ssize_t n;

    while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            vd_buf_add(to, (vd_str){ piece, (size_t)n });
}

/* ------------------------------------------------------------------ one answer */

/* What git said first, without its "fatal: ". */
static vd_str first_words(const vd_buf *said)
{
    vd_str s = vd_str_trim(vd_buf_str(said));

    if (vd_str_starts(s, VD_S("fatal: ")))
        s = vd_str_from(s, 7);
    s = vd_str_first(vd_str_first(s, vd_str_find(s, '\n')), 160);
    return vd_str_ends(s, VD_S(".")) ? vd_str_first(s, s.n - 1) : s;
}

/* Runs git to its end.  These answers are read one stream after the other: what git says on standard error before it
 * answers fits into a pipe. */
static int ask(vd_buf *out, vd_buf *said, const char *const *words)
{
    child c;

    if (!start(&c, words, false))
        return 126;
    drain(out, c.out);
    drain(said, c.err);
    return finish(&c);
}

static vd_code not_there(vd_error *err)
{
    return vd_fail(err, VD_EIO, "cannot run git, which is asked for what stands in a revision");
}

/* The object that REV:PATH is, as hex digits.  The exit code of git; 0 says that there is one. */
static int parse(char object[LONGEST_OBJECT + 1], const char *word)
{
    const char *const words[] = { "rev-parse", "--verify", "--quiet", "--end-of-options", word, NULL };
    vd_buf            out = vd_buf_on(vd_allocator_default(), MOST_SAID), said = vd_buf_on(vd_allocator_default(), MOST_SAID);
    int               status = ask(&out, &said, words);
    vd_str            hex = vd_str_trim(vd_buf_str(&out));

    if (status == 0 && (hex.n == 0 || hex.n > LONGEST_OBJECT))
        status = 1;
    if (status == 0) {
        memcpy(object, hex.p, hex.n);
        object[hex.n] = 0;
    }
    vd_buf_done(&out);
    vd_buf_done(&said);
    return status;
}

/* Paths are those of the repository: one of the folder that we are in begins with "./".  Empty: it does, or there is no path. */
static void put_path_from_here(vd_buf *out, const char *word)
{
    const char *path = strchr(word, ':');

    if (path && path[1] && strncmp(path + 1, "./", 2) != 0 && strncmp(path + 1, "../", 3) != 0)
        vd_buf_printf(out, "%.*s:./%s", (int)(path - word), word, strcmp(path + 1, ".") == 0 ? "" : path + 1);
    vd_buf_byte(out, 0);
}

static vd_code resolve(char object[LONGEST_OBJECT + 1], const char *word, vd_error *err)
{
    const char *const type[] = { "cat-file", "-t", word, NULL }; /* it says better what is missing */
    vd_buf            out = vd_buf_on(vd_allocator_default(), MOST_SAID), said = vd_buf_on(vd_allocator_default(), MOST_SAID);
    vd_buf            here = vd_buf_on(vd_allocator_default(), 0);
    int               status = parse(object, word);
    bool              is_dot = vd_str_ends(vd_str_of(word), VD_S(":."));
    vd_code           code = VD_OK;

    put_path_from_here(&here, word);
    if (status == 126 || status == 127) {
        code = not_there(err);
    } else if (here.failed) {
        code = vd_fail_nomem(err);
    } else if (status != 0 && !(is_dot && parse(object, here.p) == 0)) {
        ask(&out, &said, type);
        code = said.n ? vd_fail(err, VD_EIO, "%s: git says: " VD_F, word, VD_A(first_words(&said)))
                      : vd_fail(err, VD_EIO, "%s: git does not know it", word);
        if (here.n > 1 && parse(object, here.p) == 0)
            vd_error_hint(err, "did you mean %s?", here.p);
    }
    vd_buf_done(&out);
    vd_buf_done(&said);
    vd_buf_done(&here);
    return code;
}

/* ------------------------------------------------------------------ which files */

typedef struct wanted {
    vd_str path; /* below the folder */
    vd_str object;
    bool   link; /* its text is the way to another one */
} wanted;

typedef struct list {
    VD_VEC(wanted) at;
    vd_buf text; /* what git listed: paths and objects point into it */
} list;

static bool is_document(vd_str path)
{
    static const vd_str endings[] = { VD_L(".json"), VD_L(".yaml"), VD_L(".yml"), VD_L(".template") };
    bool                is = false;

    for (size_t i = 0; i < VD_COUNT(endings); i++)
        is |= vd_str_ends(path, endings[i]);
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '.' && (i == 0 || path.p[i - 1] == '/'))
            return false;
    return is;
}

/* "100644 blob HEX\tPATH", of a link 120000; submodules are no documents. */
static bool take_line(list *l, vd_str line)
{
    vd_str mode, type, object;
    bool   link;

    if (!vd_str_cut(&line, ' ', &mode) || !vd_str_cut(&line, ' ', &type) || !vd_str_cut(&line, '\t', &object))
        return true;
    link = vd_str_eq(mode, VD_S("120000"));
    if ((!link && !vd_str_starts(mode, VD_S("100"))) || !vd_str_eq(type, VD_S("blob")) || !is_document(line))
        return true;
    return VD_PUSH(vd_allocator_default(), &l->at, (wanted){ line, object, link });
}

static vd_code list_folder(list *l, const char *object, vd_error *err)
{
    const char *const words[] = { "ls-tree", "-r", "-z", "--full-tree", object, NULL };
    vd_buf            said = vd_buf_on(vd_allocator_default(), MOST_SAID);
    int               status = ask(&l->text, &said, words);
    vd_str            rest = vd_buf_str(&l->text), line;
    vd_code           code = VD_OK;

    if (l->text.failed)
        code = vd_fail(err, VD_ELIMIT, "the folder has too many files");
    else if (status != 0)
        code = vd_fail(err, VD_EIO, "git says: " VD_F, VD_A(first_words(&said)));
    while (code == VD_OK && vd_str_cut(&rest, 0, &line)) {
        if (!take_line(l, line))
            code = vd_fail_nomem(err);
        else if (l->at.count > MOST_FILES)
            code = vd_fail(err, VD_ELIMIT, "the folder has more than %d documents", MOST_FILES);
    }
    vd_buf_done(&said);
    return code;
}

/* ------------------------------------------------------------------ their texts */

static bool read_exactly(int fd, char *to, size_t n)
{
    while (n) {
        ssize_t got = read(fd, to, n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

/* "HEX blob SIZE\n"; false: it ended, or the line is too long for a sane answer. */
static bool read_head(int fd, char *line, size_t room, size_t *n)
{
    for (*n = 0; *n < room; ++*n) {
        if (!read_exactly(fd, line + *n, 1))
            return false;
        if (line[*n] == '\n')
            return true;
    }
    return false;
}

static bool read_size(vd_str head, uint64_t *size)
{
    vd_str hex, type;

    if (!vd_str_cut(&head, ' ', &hex) || !vd_str_cut(&head, ' ', &type) || !vd_str_eq(type, VD_S("blob")) ||
        !vd_str_all_digits(head) || head.n > 12)
        return false;
    *size = 0;
    for (size_t i = 0; i < head.n; i++)
        *size = *size * 10 + (uint64_t)(head.p[i] - '0');
    return true;
}

static vd_code read_blob(const child *c, vd_arena *arena, vd_git_file *f, vd_str object, uint64_t limit, vd_error *err)
{
    char     head[256], end;
    size_t   n;
    uint64_t size;
    char    *text;

    if (!vd_file_put(c->in, object) || !vd_file_put(c->in, VD_S("\n")) || !read_head(c->out, head, sizeof head, &n) ||
        !read_size((vd_str){ head, n }, &size))
        return vd_fail(err, VD_EIO, VD_F ": git does not give its text", VD_A(f->name));
    if (size > limit)
        return vd_fail(err, VD_ELIMIT, VD_F " is longer than %llu bytes", VD_A(f->name), (unsigned long long)limit);
    text = vd_arena_alloc(arena, (size_t)size + 1, 1);
    if (!text)
        return vd_fail_nomem(err);
    if (!read_exactly(c->out, text, (size_t)size) || !read_exactly(c->out, &end, 1))
        return vd_fail(err, VD_EIO, VD_F ": git does not give all of its text", VD_A(f->name));
    f->text = (vd_str){ text, (size_t)size };
    return VD_OK;
}

static bool name_file(vd_git_files *out, vd_git_file *f, const char *word, vd_str path)
{
    vd_str w = vd_str_of(word);
    bool   slash = path.n && !vd_str_ends(w, VD_S("/")) && !vd_str_ends(w, VD_S(":"));

    return vd_arena_dup(&out->arena, &f->path, path) &&
           vd_arena_printf(&out->arena, &f->name, "%s%s" VD_F, word, slash ? "/" : "", VD_A(path));
}

/* "../shared/x.json" seen from deep/y.json: shared/x.json.  False: it leads out of the folder. */
static bool follow(vd_arena *arena, vd_str *out, vd_str path, vd_str target)
{
    size_t slash = vd_str_rfind(path, '/');
    vd_str folder = vd_str_first(path, slash < path.n ? slash : 0);

    if (vd_str_starts(target, VD_S("/")))
        return false;
    for (;;) {
        if (vd_str_starts(target, VD_S("./"))) {
            target = vd_str_from(target, 2);
        } else if (vd_str_starts(target, VD_S("../"))) {
            if (folder.n == 0)
                return false;
            slash = vd_str_rfind(folder, '/');
            folder = vd_str_first(folder, slash < folder.n ? slash : 0);
            target = vd_str_from(target, 3);
        } else {
            break;
        }
    }
    return vd_arena_printf(arena, out, VD_F "%s" VD_F, VD_A(folder), folder.n ? "/" : "", VD_A(target));
}

/* The text of a link is that of the file it leads to, as in a working tree; what leads elsewhere is left out. */
static const vd_git_file *linked(vd_git_files *out, const vd_git_file *link)
{
    vd_str path;

    if (!follow(&out->arena, &path, link->path, link->text))
        return NULL;
    for (uint32_t i = 0; i < out->count; i++)
        if (vd_str_eq(out->at[i].path, path))
            return &out->at[i];
    return NULL;
}

static vd_code read_kind(vd_git_files *out, const child *c, const list *l, bool links, const char *word, uint64_t limit,
                         vd_error *err)
{
    for (uint32_t i = 0; i < l->at.count; i++) {
        vd_git_file        f = { .text = { "", 0 } };
        const vd_git_file *to = &f;

        if (l->at.at[i].link != links)
            continue;
        if (!name_file(out, &f, word, l->at.at[i].path))
            return vd_fail_nomem(err);
        VD_TRY(read_blob(c, &out->arena, &f, l->at.at[i].object, limit, err));
        if (links)
            to = linked(out, &f);
        if (!to)
            continue;
        f.text = to->text;
        if (!VD_ARENA_PUSH(&out->arena, out->at, out->count, out->cap, f))
            return vd_fail_nomem(err);
    }
    return VD_OK;
}

static int by_name(const void *a, const void *b)
{
    return vd_str_cmp(((const vd_git_file *)a)->path, ((const vd_git_file *)b)->path);
}

static vd_code read_texts(vd_git_files *out, const list *l, const char *word, uint64_t limit, vd_error *err)
{
    const char *const words[] = { "cat-file", "--batch", NULL };
    vd_code           code;
    child             c;

    if (l->at.count == 0)
        return VD_OK;
    if (!start(&c, words, true))
        return not_there(err);
    code = read_kind(out, &c, l, false, word, limit, err);
    if (code == VD_OK)
        code = read_kind(out, &c, l, true, word, limit, err);
    finish(&c);
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_name);
    return code;
}

/* ------------------------------------------------------------------ the call */

bool vd_git_means_revision(const char *word)
{
    struct stat st;

    return strchr(word, ':') && stat(word, &st) != 0;
}

static vd_code check(const char *word, vd_error *err)
{
    if (word[0] == '-')
        return vd_fail(err, VD_EINVAL, "\"%s\": a revision does not begin with \"-\"", word);
    if (word[0] == ':')
        return vd_fail(err, VD_EINVAL, "\"%s\": there is no revision before the colon", word);
    return VD_OK;
}

static vd_code is_folder(const char *object, bool *tree, vd_error *err)
{
    const char *const words[] = { "cat-file", "-t", object, NULL };
    vd_buf            out = vd_buf_on(vd_allocator_default(), MOST_SAID), said = vd_buf_on(vd_allocator_default(), MOST_SAID);
    int               status = ask(&out, &said, words);
    vd_str            type = vd_str_trim(vd_buf_str(&out));
    vd_code           code = VD_OK;

    *tree = vd_str_eq(type, VD_S("tree"));
    if (status != 0 || (!*tree && !vd_str_eq(type, VD_S("blob"))))
        code = vd_fail(err, VD_EIO, "it is neither a file nor a folder");
    vd_buf_done(&out);
    vd_buf_done(&said);
    return code;
}

vd_code vd_git_read(vd_git_files *out, const char *word, uint64_t limit, vd_error *err)
{
    char    object[LONGEST_OBJECT + 1];
    list    l = { .text = vd_buf_on(vd_allocator_default(), MOST_LISTED) };
    vd_code code;

    *out = (vd_git_files){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    code = check(word, err);
    if (code == VD_OK)
        code = resolve(object, word, err);
    if (code == VD_OK)
        code = is_folder(object, &out->tree, err);
    if (code == VD_OK && out->tree)
        code = list_folder(&l, object, err);
    if (code == VD_OK && !out->tree &&
        !VD_PUSH(vd_allocator_default(), &l.at, (wanted){ VD_S(""), vd_str_of(object), false }))
        code = vd_fail_nomem(err);
    if (code == VD_OK)
        code = read_texts(out, &l, word, limit, err);
    VD_VEC_DONE(vd_allocator_default(), &l.at);
    vd_buf_done(&l.text);
    return code;
}

void vd_git_done(vd_git_files *files)
{
    vd_arena_done(&files->arena);
    *files = (vd_git_files){ 0 };
}

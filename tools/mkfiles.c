/* SPDX-License-Identifier: Apache-2.0
 *
 * mkfiles OUT HEADER FILE...: files as one C file of constants: "data/report/report.css" is vd_str vd_file_report_css.  Runs
 * while the library is built.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 64, WIDTH = 20 };

static void fail(const char *file, const char *why)
{
    fprintf(stderr, "%s: error: %s\n", file, why);
    exit(1);
}

static void constant_name(char out[MAX_NAME], const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t      n = strlen(base);

    if (n >= MAX_NAME)
        fail(path, "the name is too long");
    memcpy(out, base, n + 1);
    for (char *p = out; *p; p++)
        if (*p == '-' || *p == '.')
            *p = '_';
}

static void constant(FILE *out, const char *path)
{
    FILE *in = fopen(path, "rb");
    char  name[MAX_NAME];
    long  n = 0;
    int   c;

    if (!in)
        fail(path, "cannot open");
    constant_name(name, path);
    fprintf(out, "\nstatic const char %s[] = {", name);
    for (; (c = getc(in)) != EOF; n++) {
        if (c > 126)
            fail(path, "not ASCII");
        fprintf(out, "%s%d,", n % WIDTH ? " " : "\n    ", c);
    }
    if (ferror(in) || n == 0)
        fail(path, "nothing in it");
    fclose(in);
    fprintf(out, "\n};\nconst vd_str vd_file_%s = { %s, sizeof %s };\n", name, name, name);
}

int main(int argc, char **argv)
{
    FILE *out = argc > 3 ? fopen(argv[1], "wb") : NULL;

    if (!out) {
        fprintf(stderr, "usage: mkfiles OUT HEADER FILE...\n");
        return 1;
    }
    fprintf(out, "/* Made by tools/mkfiles.c. */\n#include \"%s\"\n", argv[2]);
    for (int i = 3; i < argc; i++)
        constant(out, argv[i]);
    if (ferror(out) || fclose(out) != 0) {
        fprintf(stderr, "%s: cannot write\n", argv[1]);
        return 1;
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * mkrows OUT TABLE.tsv...: tables whose rows have an order (the first row that fits counts) as one C file
 * of constant arrays.  Runs while the library is built.  The first line of a table names its columns; rows
 * are sorted by their first column, and stay in the order of the file within it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 6, MAX_LINE = 1024, MAX_NAME = 64 };

static void fail(const char *file, int line, const char *why)
{
    fprintf(stderr, "%s:%d: error: %s\n", file, line, why);
    exit(1);
}

/* "tables/event-actions.tsv" to "event_actions". */
static void array_name(char out[MAX_NAME], const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
    size_t      n = dot ? (size_t)(dot - base) : strlen(base);

    if (n >= MAX_NAME)
        fail(path, 0, "the name is too long");
    memcpy(out, base, n);
    out[n] = 0;
    for (char *p = out; *p; p++)
        if (*p == '-')
            *p = '_';
}

static int split(const char *file, int line, char *text, char *field[COLUMNS])
{
    int   n = 0;
    char *p = text;

    for (;;) {
        char *tab = strchr(p, '\t');

        if (n == COLUMNS)
            fail(file, line, "too many columns");
        field[n++] = p;
        if (!tab)
            return n;
        *tab = 0;
        p = tab + 1;
    }
}

static void print_row(FILE *out, char *field[COLUMNS], int n)
{
    fprintf(out, "    { { ");
    for (int i = 0; i < COLUMNS; i++)
        fprintf(out, "%sVD_L(\"%s\")", i ? ", " : "", i < n ? field[i] : "");
    fprintf(out, " } },\n");
}

static void table(FILE *out, const char *path)
{
    char  text[MAX_LINE], name[MAX_NAME], before[MAX_LINE] = "";
    char *field[COLUMNS];
    int   line = 0, columns = 0;
    FILE *in = fopen(path, "rb");

    if (!in)
        fail(path, 0, "cannot open");
    array_name(name, path);
    fprintf(out, "\nstatic const vd_row %s[] = {\n", name);
    while (fgets(text, sizeof text, in)) {
        size_t n = strlen(text);
        int    found;

        line++;
        if (n == 0 || text[n - 1] != '\n')
            fail(path, line, "line too long or without end");
        text[n - 1] = 0;
        if (strpbrk(text, "\"\\"))
            fail(path, line, "quotes and backslashes are not expected");
        found = split(path, line, text, field);
        if (line == 1)
            columns = found;
        if (found != columns)
            fail(path, line, "wrong number of columns");
        if (line == 1)
            continue;
        if (!*field[0] || strcmp(before, field[0]) > 0)
            fail(path, line, "not in the order of the first column");
        memcpy(before, field[0], strlen(field[0]) + 1);
        print_row(out, field, found);
    }
    if (ferror(in) || line < 2)
        fail(path, line, "nothing in it");
    fclose(in);
    fprintf(out, "};\nconst vd_rows vd_rows_%s = { %s, %d };\n", name, name, line - 1);
}

int main(int argc, char **argv)
{
    FILE *out = argc > 2 ? fopen(argv[1], "wb") : NULL;

    if (!out) {
        fprintf(stderr, "usage: mkrows OUT TABLE.tsv...\n");
        return 1;
    }
    fprintf(out, "/* Made by tools/mkrows.c from data/catalog/tables. */\n#include \"catalog/events.h\"\n");
    for (int i = 2; i < argc; i++)
        table(out, argv[i]);
    if (ferror(out) || fclose(out) != 0) {
        fprintf(stderr, "%s: cannot write\n", argv[1]);
        return 1;
    }
    return 0;
}

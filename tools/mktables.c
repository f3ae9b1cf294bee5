/* SPDX-License-Identifier: Apache-2.0
 *
 * mktables OUT TABLE.tsv...: the small tables of data/catalog/tables as one C file of sorted constant arrays.  Runs
 * while the library is built.  A table names its columns in the first line; the first ones make up the key, joined by
 * a blank, in lower case.  A key may hold one ${Name}, which stands for any text: such rows go to arrays of their own,
 * by what stands before it when nothing stands behind, else as head and tail.  A value of several columns has "|" between them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct spec {
    const char *file; /* without folder */
    const char *name; /* of the array */
    int         columns, keys;
} spec;

static const spec specs[] = {
    { "aws-only.tsv", "aws_only", 2, 2 },
    { "global-services.tsv", "global_services", 1, 1 },
    { "key-arity.tsv", "key_arity", 2, 1 },
    { "no-resource-account.tsv", "no_resource_account", 1, 1 },
    { "partitions.tsv", "partitions", 2, 1 },
    { "quotas.tsv", "quotas", 7, 1 },
    { "rcp-services.tsv", "rcp_services", 2, 1 },
    { "resource-tag-prefixes.tsv", "resource_tag_prefixes", 2, 1 },
    { "scp-exempt.tsv", "scp_exempt", 2, 1 },
    { "star-resources.tsv", "star_resources", 3, 2 },
};
enum { SPECS = sizeof specs / sizeof *specs, MAX_ROWS = 8192, MAX_LINE = 1024 };

typedef struct row {
    char *key, *tail, *value; /* tail: what stands behind ${Name}, NULL without one */
} row;

static row    rows[MAX_ROWS];
static size_t count;

static void fail(const char *file, int line, const char *why)
{
    fprintf(stderr, "%s:%d: error: %s\n", file, line, why);
    exit(1);
}

static char *copy(const char *text)
{
    char *p = malloc(strlen(text) + 1);

    if (!p)
        fail("mktables", 0, "out of memory");
    strcpy(p, text);
    return p;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static int by_key(const void *a, const void *b)
{
    const row *x = a, *y = b;
    int        c = strcmp(x->key, y->key);

    return c ? c : strcmp(x->tail ? x->tail : "", y->tail ? y->tail : "");
}

static void add(const char *file, int line, char *key, const char *value)
{
    char *open, *close;

    if (count == MAX_ROWS)
        fail(file, line, "too many rows");
    if (strpbrk(key, "\"\\") || strpbrk(value, "\"\\"))
        fail(file, line, "quotes and backslashes are not expected");
    for (char *p = key; *p; p++)
        *p = lower(*p);
    open = strstr(key, "${");
    close = open ? strchr(open, '}') : NULL;
    rows[count].tail = NULL;
    if (close) {
        if (strstr(close, "${"))
            fail(file, line, "only one ${Name} is possible");
        rows[count].tail = copy(close + 1);
        *open = 0;
    }
    rows[count].key = copy(key);
    rows[count].value = copy(value);
    count++;
}

static void split(const char *file, int line, const spec *s, char *text)
{
    char  key[MAX_LINE] = "", value[MAX_LINE] = "";
    char *field[8], *p = text;
    int   n = 0;

    for (;;) {
        char *tab = strchr(p, '\t');

        if (n == 8)
            fail(file, line, "too many columns");
        field[n++] = p;
        if (!tab)
            break;
        *tab = 0;
        p = tab + 1;
    }
    if (n != s->columns)
        fail(file, line, "wrong number of columns");
    for (int i = 0; i < s->keys; i++) {
        if (!*field[i])
            fail(file, line, "empty field");
        snprintf(key + strlen(key), sizeof key - strlen(key), "%s%s", i ? " " : "", field[i]);
    }
    for (int i = s->keys; i < s->columns; i++)
        snprintf(value + strlen(value), sizeof value - strlen(value), "%s%s", i > s->keys ? "|" : "", field[i]);
    add(file, line, key, value);
}

static void print(FILE *out, const char *name, const char *suffix, int want)
{
    size_t      n = 0;
    uint64_t    lengths = 0;
    const char *before = NULL, *before_tail = NULL;

    fprintf(out, "\nstatic const vd_table_row %s%s_rows[] = {\n", name, suffix);
    for (size_t i = 0; i < count; i++) {
        const row *r = &rows[i];
        int        is = !r->tail ? 0 : !*r->tail ? 1 : 2;

        if (is != want)
            continue;
        if (before && !strcmp(before, r->key) && !strcmp(before_tail, r->tail ? r->tail : ""))
            fail(name, 0, r->key);
        before = r->key;
        before_tail = r->tail ? r->tail : "";
        fprintf(out, "    { VD_L(\"%s\"), VD_L(\"%s\"), VD_L(\"%s\") },\n", r->key, before_tail, r->value);
        lengths |= UINT64_C(1) << (strlen(r->key) & 63);
        n++;
    }
    if (n == 0)
        fprintf(out, "    { VD_L(\"\"), VD_L(\"\"), VD_L(\"\") },\n");
    fprintf(out, "};\nconst vd_table vd_table_%s%s = { %s%s_rows, %zu, UINT64_C(0x%" PRIx64 ") };\n", name, suffix,
            name, suffix, n, lengths);
}

static void read_table(FILE *out, const spec *s, const char *path)
{
    char  text[MAX_LINE];
    int   line = 0;
    FILE *in = fopen(path, "rb");

    if (!in)
        fail(path, 0, "cannot open");
    count = 0;
    while (fgets(text, sizeof text, in)) {
        size_t n = strlen(text);

        line++;
        if (n == 0 || text[n - 1] != '\n')
            fail(path, line, "line too long or without end");
        text[n - 1] = 0;
        if (line > 1)
            split(path, line, s, text);
    }
    if (ferror(in) || line < 2)
        fail(path, line, "nothing in it");
    fclose(in);
    qsort(rows, count, sizeof *rows, by_key);
    print(out, s->name, "", 0);
    if (!strcmp(s->name, "key_arity")) {
        print(out, s->name, "_prefix", 1);
        print(out, s->name, "_infix", 2);
    }
}

int main(int argc, char **argv)
{
    FILE *out = argc == SPECS + 2 ? fopen(argv[1], "wb") : NULL;

    if (!out) {
        fprintf(stderr, "usage: mktables OUT TABLE.tsv...\n");
        return 1;
    }
    fprintf(out, "/* Made by tools/mktables.c from data/catalog/tables. */\n#include \"catalog/tables.h\"\n");
    for (int i = 0; i < SPECS; i++) {
        const char *slash = strrchr(argv[i + 2], '/');
        const char *base = slash ? slash + 1 : argv[i + 2];

        if (strcmp(base, specs[i].file) != 0)
            fail(argv[i + 2], 0, "not the table expected here");
        read_table(out, &specs[i], argv[i + 2]);
    }
    if (ferror(out) || fclose(out) != 0) {
        fprintf(stderr, "%s: cannot write\n", argv[1]);
        return 1;
    }
    return 0;
}

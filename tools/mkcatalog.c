/* SPDX-License-Identifier: Apache-2.0
 *
 * mkcatalog FOLDER OUT DEPFILE: data/catalog as the block that the library carries, written as a C array.  Runs while
 * verdict is built, with the compiler of src/catalog/build.c that `verdict catalog update` uses too.  Every *.tsv and *.json of
 * the folder is read; DEPFILE tells the build system which ones.
 */
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "catalog/build.h"
#include "catalog/image.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct files {
    VD_VEC(vd_catalog_text) list;
    FILE                   *depends;
} files;

static void fail(const vd_error *err)
{
    fprintf(stderr, VD_F ":%u: error: %s\n", VD_A(err->at.file), err->at.line, err->text);
    exit(1);
}

static void read_one(files *f, const char *root, const char *folder, const char *base)
{
    const vd_allocator *a = vd_allocator_default();
    char                path[4096];
    vd_error            err;
    vd_catalog_text     t;
    size_t              n;
    char               *name;

    snprintf(path, sizeof path, "%s/%s%s", root, folder, base);
    if (vd_file_read(&t.text, a, path, 64 << 20, &err) != VD_OK)
        fail(&err);
    fprintf(f->depends, " %s", path);
    n = strlen(folder) + strlen(base);
    name = vd_alloc(a, n + 1);
    if (name)
        snprintf(name, n + 1, "%s%s", folder, base);
    t.name = vd_str_of(name);
    if (!name || !VD_PUSH(a, &f->list, t)) {
        fprintf(stderr, "mkcatalog: out of memory\n");
        exit(1);
    }
}

static void read_folder(files *f, const char *root, const char *folder)
{
    char           path[4096];
    DIR           *d;
    struct dirent *e;

    snprintf(path, sizeof path, "%s/%s", root, folder);
    d = opendir(path);
    if (!d) {
        fprintf(stderr, "%s: error: cannot open\n", path);
        exit(1);
    }
    fprintf(f->depends, " %s", path);
    while ((e = readdir(d)) != NULL)
        if ((vd_str_ends(vd_str_of(e->d_name), VD_S(".tsv")) || vd_str_ends(vd_str_of(e->d_name), VD_S(".json"))) &&
            strcmp(e->d_name, "SOURCES.tsv") != 0)
            read_one(f, root, folder, e->d_name);
    closedir(d);
}

static void note(void *user, vd_pos at, const char *text)
{
    VD_UNUSED(user);
    fprintf(stderr, VD_F ":%u: note: passed over, not in services: %s\n", VD_A(at.file), at.line, text);
}

static bool write_array(FILE *out, vd_str block)
{
    fprintf(out, "/* Made by tools/mkcatalog.c from data/catalog. */\n#include <stdint.h>\n\n"
                 "_Static_assert(__BYTE_ORDER__ == %d, \"the block was made for another byte order\");\n"
                 "extern const uint64_t vd_catalog_block[];\nconst uint64_t vd_catalog_block[] = {",
            __BYTE_ORDER__);
    for (size_t i = 0; i < block.n; i += 8) {
        uint64_t word;

        memcpy(&word, block.p + i, 8);
        fprintf(out, "%s0x%" PRIx64 "u,", i % 64 ? "" : "\n", word);
    }
    fprintf(out, "\n};\n");
    return !ferror(out);
}

int main(int argc, char **argv)
{
    static const char *const folders[] = { "services/", "overlay/", "tables/" };
    files                    f = { .list = { 0 } };
    vd_error                 err;
    vd_str                   block;
    FILE                    *out;

    if (argc != 4) {
        fprintf(stderr, "usage: mkcatalog FOLDER OUT DEPFILE\n");
        return 1;
    }
    out = fopen(argv[2], "wb");
    f.depends = fopen(argv[3], "wb");
    if (!out || !f.depends) {
        fprintf(stderr, "mkcatalog: cannot write\n");
        return 1;
    }
    fprintf(f.depends, "%s:", argv[2]);
    read_one(&f, argv[1], "", "MANIFEST.tsv");
    for (size_t i = 0; i < VD_COUNT(folders); i++)
        read_folder(&f, argv[1], folders[i]);
    fprintf(f.depends, "\n");
    if (vd_catalog_build(&block, vd_allocator_default(), f.list.at, f.list.count, note, NULL, &err) != VD_OK)
        fail(&err);
    if (!write_array(out, block) || fclose(out) != 0 || fclose(f.depends) != 0) {
        fprintf(stderr, "mkcatalog: cannot write\n");
        return 1;
    }
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * import-catalog FROM TO [DATE]: the data of the npm package, or a folder of the provider's service reference, as MANIFEST.tsv
 * and services/ in the folder TO, for a commit that people read.  Run by hand (data/catalog/README.md); no part of the
 * build.  `verdict catalog update` makes a *.vdc by the same code.  What a reference does not say is taken from the
 * catalogue that is built in.
 */
#include "base/file.h"
#include "base/str.h"
#include "catalog/import.h"

#include <stdio.h>
#include <sys/stat.h>

static void note(void *user, vd_pos at, const char *text)
{
    VD_UNUSED(user);
    fprintf(stderr, VD_F ": note: %s\n", VD_A(at.file), text);
}

static bool write_all(const vd_catalog_files *files, const char *to, vd_error *err)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/services", to);
    mkdir(to, 0777); /* it may be there; writing tells */
    mkdir(path, 0777);
    for (uint32_t i = 0; i < files->count; i++) {
        snprintf(path, sizeof path, "%s/" VD_F, to, VD_A(files->at[i].name));
        if (vd_file_write(path, files->at[i].text, err) != VD_OK)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    vd_arena         arena = vd_arena_on(vd_allocator_default(), 0);
    vd_catalog_files in, out;
    vd_catalog_form  form;
    vd_error         err = { .size = sizeof err };
    bool             ok;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: import-catalog FROM TO [DATE]\n");
        return 2;
    }
    ok = vd_catalog_read_folder(&in, &arena, argv[1], &err) == VD_OK &&
         vd_catalog_import(&out, &form, &arena, &in, vd_catalog_builtin(), vd_str_of(argc == 4 ? argv[3] : ""), note, NULL,
                           &err) == VD_OK &&
         write_all(&out, argv[2], &err);
    if (!ok)
        fprintf(stderr, VD_F ":%u: error: %s\n", VD_A(err.at.file), err.at.line, err.text);
    vd_arena_done(&arena);
    return ok ? 0 : 2;
}

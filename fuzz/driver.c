/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz target once over every file given and every file of every directory given: the seeds in the ordinary
 * tests, a crash under a debugger.  Each input is a block of exactly its size, so that the memory checkers see the
 * first byte read behind it.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Targets that set something up once have this, too. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static int runs;

static void die(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    exit(2);
}

static void run_file(const char *path, size_t size)
{
    FILE    *f = fopen(path, "rb");
    uint8_t *bytes = malloc(size ? size : 1);

    if (!f || !bytes || fread(bytes, 1, size, f) != size)
        die(path, "cannot be read");
    fclose(f);
    fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    runs++;
}

static void run(const char *path)
{
    struct stat     st;
    struct dirent **entries;
    int             n;

    if (stat(path, &st) != 0)
        die(path, "does not exist");
    if (!S_ISDIR(st.st_mode)) {
        run_file(path, (size_t)st.st_size);
        return;
    }
    n = scandir(path, &entries, NULL, alphasort);
    if (n < 0)
        die(path, "cannot be listed");
    for (int i = 0; i < n; i++) {
        char file[4096];

        if (entries[i]->d_name[0] != '.') {
            if (snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name) >= (int)sizeof file)
                die(path, "is too long a path");
            if (stat(file, &st) == 0 && S_ISREG(st.st_mode))
                run_file(file, (size_t)st.st_size);
        }
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    printf("%d inputs\n", runs);
    return runs ? 0 : 2; /* no input is no test */
}

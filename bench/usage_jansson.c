/* SPDX-License-Identifier: Apache-2.0
 *
 * What a tree costs: every file parsed by jansson, and the names of the events counted.
 */
#include <jansson.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    size_t count = 0, bytes = 0;

    for (int i = 1; i < argc; i++) {
        json_error_t err;
        json_t      *root = json_load_file(argv[i], 0, &err), *records = json_object_get(root, "Records"), *record;
        size_t       k;

        if (!root) {
            fprintf(stderr, "%s: %s\n", argv[i], err.text);
            return 1;
        }
        json_array_foreach(records, k, record) {
            bytes += json_string_length(json_object_get(record, "eventName"));
            count++;
        }
        json_decref(root);
    }
    printf("%zu records, %zu bytes of names\n", count, bytes);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What every unit test includes: cmocka with the headers it forgets, slices in assertions, a place for files.
 */
#ifndef VERDICT_TESTS_UNIT_H
#define VERDICT_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

/* Equal bytes; says both when they are not. */
static inline void check_str_at(vd_str got, vd_str wanted, const char *file, int line)
{
    if (vd_str_eq(got, wanted))
        return;
    fprintf(stderr, "%s:%d: got    \"" VD_F "\"\n%s:%d: wanted \"" VD_F "\"\n", file, line, VD_A(got), file,
            line, VD_A(wanted));
    _fail(file, line);
}
#define check_str(got, ...) check_str_at((got), (__VA_ARGS__), __FILE__, __LINE__)
#define check_cstr(got, wanted) check_str_at((got), vd_str_of(wanted), __FILE__, __LINE__)

/* Where files of a test may be for a while. */
static inline const char *temporary(void)
{
    const char *folder = getenv("TMPDIR");

    return folder && *folder ? folder : "/tmp";
}

#endif

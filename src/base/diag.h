/* SPDX-License-Identifier: Apache-2.0
 *
 * Collecting diagnostics: true things about a document.  The work goes on after one.
 */
#ifndef VERDICT_BASE_DIAG_H
#define VERDICT_BASE_DIAG_H

#include "base/arena.h"
#include "base/engine.h"

struct vd_diags {
    vd_engine *engine;
    vd_arena   arena;
    vd_diag   *at;
    uint32_t   count, cap;
    size_t     dropped;
    int32_t    worst;
};

/* diags may be NULL: then nothing is kept.  rule is a literal.  Returns VD_OK or VD_ENOMEM. */
vd_code vd_diag_add(vd_diags *diags, int32_t severity, vd_str rule, vd_pos at, const char *hint, const char *format,
                    ...) VD_PRINTF(6, 7);

#endif

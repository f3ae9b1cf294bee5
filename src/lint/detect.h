/* SPDX-License-Identifier: Apache-2.0
 *
 * What kind of policy a document is (lint.md 3): said by its container, the user or its name, else seen from its shape.
 */
#ifndef VERDICT_LINT_DETECT_H
#define VERDICT_LINT_DETECT_H

#include "catalog/catalog.h"
#include "extract/extract.h"
#include "lint/config.h"

typedef struct vd_detected {
    vd_kind kind;
    vd_str  resource_kind; /* of a resource policy; empty: not known */
    bool    guessed;       /* seen from the shape alone */
    bool    maybe_scp;     /* an identity policy by its shape, and as good a service control policy */
    bool    maybe_rcp;     /* likewise a resource control policy */
} vd_detected;

/* said: of --policy-type, NULL when it was not given.  path: as the globs of the configuration see it. */
vd_detected vd_lint_detect(const vd_extracted *e, const vd_lint_config *config, const vd_policy_type *said, vd_str path,
                           const vd_catalog *catalog);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * What is nobody's business outside: ids of access keys but for their last four characters, session tokens, addresses of mail
 * in the names of sessions.  The same text becomes the same pseudonym under one salt, and a pseudonym stays as it is.
 */
#ifndef VERDICT_USAGE_REDACT_H
#define VERDICT_USAGE_REDACT_H

#include "base/arena.h"

typedef enum vd_redact_how {
    VD_REDACT_KEYS, /* keys, tokens; mail within the ARNs of sessions */
    VD_REDACT_ALL   /* mail wherever it stands */
} vd_redact_how;

/* text itself when there is nothing to hide.  False: no memory. */
bool vd_redact(vd_str *out, vd_arena *arena, vd_str text, vd_redact_how how, vd_str salt);
/* A pseudonym for all of it. */
bool vd_redact_whole(vd_str *out, vd_arena *arena, vd_str text, vd_str salt);
/* "account|kind|id|name" of a fact: names of users, roles and groups stay. */
bool vd_redact_principal(vd_str *out, vd_arena *arena, vd_str principal, vd_str salt);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings that are known, by their ids: --baseline, --write-baseline.
 */
#ifndef VERDICT_CLI_KNOWN_H
#define VERDICT_CLI_KNOWN_H

#include "cli/cli.h"
#include "text/json_write.h"

typedef struct vd_known_id {
    vd_str id, grounds; /* grounds: a digest of what the finding was like; empty: known whatever it is like */
} vd_known_id;

typedef struct vd_known_ids {
    vd_arena     arena;
    vd_known_id *at;
    uint32_t     count, cap;
} vd_known_ids;

bool vd_known_ids_read(vd_known_ids *ids, vd_cli *cli, const char *path); /* false: said why */
bool vd_known_ids_have(const vd_known_ids *ids, vd_str id);
bool vd_known_ids_have_as(const vd_known_ids *ids, vd_str id, vd_str grounds); /* and it is as it was */
void vd_known_ids_done(vd_known_ids *ids);

/* findings: objects with an "id", and "grounds" where that counts; taken over.  False: said why. */
bool vd_known_ids_save(vd_cli *cli, const char *path, vd_json *findings);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * All resources of a run of `verdict exposure`: looked at by several threads, told in order whatever the number of threads.
 */
#ifndef VERDICT_CLI_EXPOSING_H
#define VERDICT_CLI_EXPOSING_H

#include "cli/known.h"
#include "cli/sides.h"
#include "cli/snapshot.h"
#include "render/proof.h"

/* One resource: a policy that was found, the whole of a bundle or scenario, or a resource of the snapshot. */
typedef struct vd_exposing_task {
    const vd_found       *found; /* NULL: one of the others */
    const vd_side        *whole;
    vd_str                arn;     /* of the snapshot, or (whole is there) of a bundle of many resources */
    uint32_t              account; /* its owner there */
    vd_str                name;
    vd_part               part;  /* of found, for its set */
    const vd_found       *one[1];
    vd_arena              arena; /* of what came of it */
    const vd_exposed    **at;
    uint32_t              count, cap;
    vd_exposure_summary   summary;
    vd_code               code;
    vd_error              error;
} vd_exposing_task;

typedef struct vd_exposing_run {
    vd_proving              *p;
    const vd_zone           *zone;
    const vd_snapshot       *snapshot; /* NULL: none */
    const vd_exposure_opts  *opts;
    vd_arena                 arena;
    vd_side                 *sides;
    uint32_t                 side_count;
    vd_exposing_task        *tasks;
    uint32_t                 count, cap;
    bool                     folder; /* was looked through: it may hold nothing */
    uint32_t                 others; /* policies of identities and the like, which expose nothing */
    uint32_t                 others_of[VD_KIND_COUNT]; /* of each kind; bundles and scenarios without a resource are of none */
} vd_exposing_run;

/* Reads words and looks at what is in them, and in the snapshot (may be NULL).  False: there is no memory, or nothing to look
 * at, which was said. */
bool vd_exposing_do(vd_exposing_run *run, vd_proving *p, const vd_zone *zone, const vd_exposure_opts *opts,
                    const vd_snapshot *snapshot, const char *const *words, uint32_t count);
void vd_exposing_done(vd_exposing_run *run);

/* exposing_snapshot.c.  False: no memory. */
bool    vd_exposing_add_snapshot(vd_exposing_run *run, const vd_snapshot *snapshot);
vd_code vd_exposing_look(vd_exposing_run *run, vd_exposing_task *task, vd_exposure_opts *opts, vd_exposed_fn *take);
vd_code vd_exposing_set(vd_set **out, const vd_exposing_run *run, const vd_exposing_task *task, vd_error *err); /* of task->arn */
vd_str  vd_exposing_state(const vd_exposing_run *run, vd_str arn); /* as "resourceState" of a scenario; empty: none */
vd_code vd_exposing_zone(vd_zone **out, vd_proving *p, const vd_snapshot *snapshot, bool organization, vd_error *err);

/* exposing_bundle.c.  False: no memory. */
bool    vd_exposing_add_bundle(vd_exposing_run *run, const vd_side *side);
vd_code vd_exposing_bundle_set(vd_set **out, const vd_exposing_run *run, const vd_exposing_task *task, vd_error *err);

/* exposure_zone.c: whom the run trusts; snapshot may be NULL.  NULL: said why. */
vd_zone *vd_exposure_zone(vd_proving *p, const vd_snapshot *snapshot);

/* exposure_known.c: what is in a baseline; what became of the findings of an older run. */
bool vd_known_ids_write(vd_cli *cli, const char *path, const vd_exposed_row *at, uint32_t count);
void vd_exposure_known(const vd_known_ids *known, vd_exposed_row *row); /* sets its state or, when it has become another one, its change */

/* Sets change of the newer findings; those of the older ones that are gone are added as resolved.  False: no memory. */
bool vd_exposures_against(vd_arena *arena, vd_exposed_row **at, uint32_t *count, uint32_t *cap, const vd_exposing_run *older);

/* archive.c: rules that say which findings are nobody's business any more. */
typedef struct vd_archive vd_archive;
vd_archive *vd_archive_read(vd_cli *cli, const char *path); /* NULL: said why */
bool        vd_archive_has(const vd_archive *archive, const vd_exposed *x);
void        vd_archive_free(vd_archive *archive);

#endif

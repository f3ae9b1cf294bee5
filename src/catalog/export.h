/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a catalogue that are ours, as text again.
 */
#ifndef VERDICT_CATALOG_EXPORT_H
#define VERDICT_CATALOG_EXPORT_H

#include "catalog/import.h"

/* What the overlays of base say about names that fresh still has; what it no longer has is retired. */
vd_code vd_catalog_export_overlays(vd_catalog_files *out, vd_arena *arena, const vd_catalog *base, const vd_catalog *fresh,
                                   vd_error *err);
vd_code vd_catalog_export_tables(vd_catalog_files *out, vd_arena *arena, const vd_catalog *base, vd_error *err);

#endif

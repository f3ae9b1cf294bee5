/* SPDX-License-Identifier: Apache-2.0
 *
 * The two parts of `verdict catalog` that deal with more than one catalogue.
 */
#ifndef VERDICT_CLI_CATALOG_UPDATE_H
#define VERDICT_CLI_CATALOG_UPDATE_H

#include "cli/cli.h"

vd_exit vd_catalog_update_command(vd_cli *cli);
vd_exit vd_catalog_diff_command(vd_cli *cli);

#endif

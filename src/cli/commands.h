/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the table of commands; each lives in the file of its command.
 */
#ifndef VERDICT_CLI_COMMANDS_H
#define VERDICT_CLI_COMMANDS_H

#include "cli/cli.h"

extern const vd_command vd_command_eval;
extern const vd_command vd_command_explain;
extern const vd_command vd_command_test;
extern const vd_command vd_command_simulate;
extern const vd_command vd_command_compile;
extern const vd_command vd_command_lint;
extern const vd_command vd_command_paths;
extern const vd_command vd_command_exposure;
extern const vd_command vd_command_diff;
extern const vd_command vd_command_grants;
extern const vd_command vd_command_equivalent;
extern const vd_command vd_command_redundant;
extern const vd_command vd_command_usage;
extern const vd_command vd_command_unused;
extern const vd_command vd_command_rightsize;
extern const vd_command vd_command_who_can;
extern const vd_command vd_command_what_can;
extern const vd_command vd_command_catalog;
extern const vd_command vd_command_expand;
extern const vd_command vd_command_shrink;
extern const vd_command vd_command_help;
extern const vd_command vd_command_version;
extern const vd_command vd_command_completion;

#endif

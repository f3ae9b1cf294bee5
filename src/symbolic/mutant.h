/* SPDX-License-Identifier: Apache-2.0
 *
 * Deliberate mistakes, one at a time (-Dmutant=N), to see whether the tests notice: tests/truth/mutants tries them all.
 * Without the option VD_MUTANT(n) is false and leaves nothing behind.
 */
#ifndef VERDICT_SYMBOLIC_MUTANT_H
#define VERDICT_SYMBOLIC_MUTANT_H

#include "symbolic/mutant_chosen.h" /* made by the build: VD_MUTANT_CHOSEN */

#define VD_MUTANT(n) (VD_MUTANT_CHOSEN == (n))

#endif

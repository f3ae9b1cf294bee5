/* SPDX-License-Identifier: Apache-2.0
 *
 * All of libverdict.
 */
#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include <verdict/activity.h>
#include <verdict/analyze.h>
#include <verdict/base.h>
#include <verdict/catalog.h>
#include <verdict/engine.h>
#include <verdict/eval.h>
#include <verdict/explain.h>
#include <verdict/lint.h>
#include <verdict/model.h>
#include <verdict/policy.h>
#include <verdict/paths.h>
#include <verdict/reach.h>
#include <verdict/request.h>
#include <verdict/scenario.h>
#include <verdict/set.h>
#include <verdict/tighten.h>
#include <verdict/usage.h>

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulator's input: an answer that is JSON, or words about what is wrong and where.
 */
#include "fuzz.h"

#include "base/base.h"

#include <jansson.h>
#include <verdict/scenario.h>

static bool is_json(void *user, vd_str text)
{
    json_t *v = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);

    VD_UNUSED(user);
    fuzz_check(json_is_array(json_object_get(v, "EvaluationResults")), "an answer without results");
    json_decref(v);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_limits        limits = { .size = sizeof limits, .nodes = 20000, .scenario_cases = 50, .set_bytes = 8u << 20 };
    vd_engine_opts   opts = { .size = sizeof opts, .limits = &limits };
    vd_simulate_opts with = { .size = sizeof with, .now = vd_str_of("2026-11-21T10:00:00Z") };
    vd_error         err = { .size = sizeof err };
    vd_engine       *engine;
    vd_code          code;

    if (size > 32768)
        return 0;
    fuzz_check(vd_engine_new(&engine, &opts, NULL) == VD_OK, "no engine");
    code = vd_simulate(engine, vd_str_of("fuzz.json"), (vd_str){ (const char *)data, size }, &with, is_json, NULL, &err);
    fuzz_check(code != VD_EINTERNAL && code != VD_ENOMEM && code != VD_EIO, "code %d: %s", code, err.text);
    fuzz_check(code == VD_OK || (err.text[0] && err.at.offset <= size), "refused without words or place");
    vd_engine_release(engine);
    return 0;
}

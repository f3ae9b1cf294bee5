/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenario files, JSON or YAML by the first byte.  Whatever is read can be run, and then both evaluators agree, as
 * does a set that went through its bytes; whatever is refused is refused with words and a place in the text.
 */
#include "fuzz.h"

#include "base/base.h"

#include <verdict/scenario.h>

static const char policy[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\","
                             "\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"222222222222\"},\"Action\":"
                             "\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}";

static vd_code read_file(void *user, const char *path, vd_str *text, vd_error *err)
{
    VD_UNUSED(user);
    VD_UNUSED(err);
    fuzz_check(path[0], "an empty path");
    *text = vd_str_of(policy);
    return VD_OK;
}

static void run(const vd_suite *s, vd_coverage *coverage)
{
    vd_run_opts opts = { .size = sizeof opts, .now = vd_str_of("2026-11-21T10:00:00Z"), .coverage = coverage };

    for (size_t i = 0; i < vd_suite_count(s); i++) {
        vd_case_result r = { .size = sizeof r };
        vd_error       err = { .size = sizeof err };
        vd_code        code = vd_suite_run(&r, s, i, &opts, &err);

        fuzz_check(code == VD_OK, "case %zu: %d %s", i, code, err.text);
        fuzz_check(r.passed == (r.failure[0] == 0), "case %zu: passed with \"%s\"", i, r.failure);
        fuzz_check(r.code == VD_OK || r.decision.outcome != VD_ALLOW, "case %zu: an error that allows", i);
    }
}

static void check_refusal(const vd_error *err, vd_code code, size_t size)
{
    fuzz_check(code == VD_ESYNTAX || code == VD_ELIMIT || code == VD_EINVAL, "code %d: %s", code, err->text);
    fuzz_check(err->code == code && err->text[0], "refused without a word");
    fuzz_check(err->at.offset <= size, "refused behind the text, at %u", err->at.offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_limits      limits = { .size = sizeof limits, .nodes = 20000, .scenario_cases = 50, .set_bytes = 8u << 20 };
    vd_engine_opts opts = { .size = sizeof opts, .limits = &limits };
    vd_suite_opts  with = { .size = sizeof with, .read = read_file, .no_expect = true };
    vd_error       err = { .size = sizeof err };
    vd_engine     *engine;
    vd_diags      *notes;
    vd_coverage   *coverage;
    vd_suite      *s;
    vd_code        code;

    if (size == 0 || size > 32768)
        return 0;
    fuzz_check(vd_engine_new(&engine, &opts, NULL) == VD_OK, "no engine");
    fuzz_check(vd_diags_new(&notes, engine, NULL) == VD_OK, "no notes");
    fuzz_check(vd_coverage_new(&coverage, engine, NULL) == VD_OK, "no coverage");
    code = vd_suite_read(&s, engine, vd_str_of(data[0] == '{' || data[0] == '[' ? "d/fuzz.json" : "d/fuzz.yaml"),
                         (vd_str){ (const char *)data, size }, &with, notes, &err);
    if (code != VD_OK) {
        check_refusal(&err, code, size);
    } else {
        fuzz_check(vd_coverage_add(coverage, s, &err) == VD_OK, "%s", err.text);
        run(s, coverage);
    }
    vd_suite_free(s);
    vd_coverage_free(coverage);
    vd_diags_free(notes);
    vd_engine_release(engine);
    return 0;
}

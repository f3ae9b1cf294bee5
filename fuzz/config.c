/* SPDX-License-Identifier: Apache-2.0
 *
 * Configurations: whatever stands in one, it makes a linter or an error with text; a linter that was made lints, and what is
 * printed of a configuration has a line for each key.
 */
#include "fuzz.h"

#include "base/base.h"

#include <verdict/lint.h>

static vd_engine *engine;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    VD_UNUSED(argc);
    VD_UNUSED(argv);
    return vd_engine_new(&engine, NULL, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const vd_str policy = VD_L("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"A\",\"Effect\":\"Allow\","
                                      "\"Action\":[\"iam:PassRole\",\"s3:*\"],\"Resource\":\"*\"}]}");
    vd_lint_text   text = { VD_S("fuzz.yaml"), { (const char *)data, size }, VD_S("") };
    vd_linter_opts opts = { .size = sizeof opts, .configs = &text, .config_count = 1 };
    vd_error       err = { .size = sizeof err };
    vd_linter     *l = NULL;
    vd_report     *r = NULL;
    vd_code        code;

    if (!engine)
        LLVMFuzzerInitialize(NULL, NULL);
    code = vd_linter_new(&l, engine, &opts, &err);
    fuzz_check((code == VD_OK) == (l != NULL), "code %d and a linter", code);
    if (code != VD_OK) {
        fuzz_check(err.code == code && err.text[0], "an error without text");
        return 0;
    }
    code = vd_lint_file(&r, l, VD_S("a.json"), VD_S("a.json"), policy, &err);
    fuzz_check(code == VD_OK && vd_report_policies(r) == 1, "code %d", code);
    vd_report_free(r);
    vd_linter_free(l);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The bounds on input.  They are far above what AWS accepts and far below what would hurt a machine.
 */
#include "base/limits.h"

static const vd_limits defaults = {
    .size = sizeof(vd_limits),
    .document_bytes = 64u << 20,
    .depth = 100,
    .nodes = 8u << 20,
    .statements = 200000,
    .values = 100000,
    .string_bytes = 64u << 10,
    .diagnostics = 100,
    .set_policies = 200000,
    .set_statements = 2000000,
    .set_bytes = 2u << 30,
    .request_keys = 250,
    .request_values = 4096,
    .request_value_bytes = 16u << 10,
    .request_checks = 256,
    .scenario_cases = 100000,
    .file_bytes = 10u << 20,
    .plan_bytes = 64u << 20,
    .snapshot_bytes = UINT64_C(16) << 30,
    .snapshot_file_bytes = 2u << 30,
    .snapshot_nodes = 100000000,
    .snapshot_files = 2000000,
};

const vd_limit_row vd_limit_rows[] = {
    { VD_L("document_bytes"), 64u << 20, VD_L("bytes of one text") },
    { VD_L("depth"), 100, VD_L("nesting of one text") },
    { VD_L("nodes"), 8u << 20, VD_L("values of one text") },
    { VD_L("statements"), 200000, VD_L("statements of one policy") },
    { VD_L("values"), 100000, VD_L("entries of one list in a policy") },
    { VD_L("string_bytes"), 64u << 10, VD_L("bytes of one string in a policy") },
    { VD_L("diagnostics"), 100, VD_L("diagnostics kept for one text; the others are counted") },
    { VD_L("set_policies"), 200000, VD_L("documents in one compiled set") },
    { VD_L("set_statements"), 2000000, VD_L("statements in one compiled set") },
    { VD_L("set_bytes"), 2u << 30, VD_L("bytes of a compiled set") },
    { VD_L("request_keys"), 250, VD_L("context keys of one request") },
    { VD_L("request_values"), 4096, VD_L("values of all context keys of one request") },
    { VD_L("request_value_bytes"), 16u << 10, VD_L("bytes of one context value or ARN of a request") },
    { VD_L("request_checks"), 256, VD_L("resources and further checks of one request") },
    { VD_L("scenario_cases"), 100000, VD_L("cases of one scenario file") },
    { VD_L("file_bytes"), 10u << 20, VD_L("bytes of a file that policies are looked for in") },
    { VD_L("plan_bytes"), 64u << 20, VD_L("bytes of a Terraform plan or state") },
    { VD_L("snapshot_bytes"), UINT64_C(16) << 30, VD_L("bytes of all files of a snapshot") },
    { VD_L("snapshot_file_bytes"), 2u << 30, VD_L("bytes of one file of a snapshot") },
    { VD_L("snapshot_nodes"), 100000000, VD_L("values of one file of a snapshot") },
    { VD_L("snapshot_files"), 2000000, VD_L("files of a snapshot") },
};
const size_t vd_limit_row_count = VD_COUNT(vd_limit_rows);

#define FILL(member) \
    if (out->member == 0) \
    out->member = defaults.member

void vd_limits_fill(vd_limits *out, const vd_limits *given)
{
    *out = (vd_limits){ 0 };
    if (given && given->size)
        memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    out->size = sizeof *out;
    FILL(document_bytes);
    FILL(depth);
    FILL(nodes);
    FILL(statements);
    FILL(values);
    FILL(string_bytes);
    FILL(diagnostics);
    FILL(set_policies);
    FILL(set_statements);
    FILL(set_bytes);
    FILL(request_keys);
    FILL(request_values);
    FILL(request_value_bytes);
    FILL(request_checks);
    FILL(scenario_cases);
    FILL(file_bytes);
    FILL(plan_bytes);
    FILL(snapshot_bytes);
    FILL(snapshot_file_bytes);
    FILL(snapshot_nodes);
    FILL(snapshot_files);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The formats, in the order in which they are asked.  Those with signs of their own come before the one that takes
 * whatever has a policy in it.
 */
#include "extract/formats.h"

const vd_format vd_formats[] = {
    { "terraform-plan", vd_is_terraform, vd_extract_terraform },
    { "cloudformation", vd_is_cloudformation, vd_extract_cloudformation },
    { "serverless", vd_is_serverless, vd_extract_serverless },
    { "policy", vd_is_bare, vd_extract_bare },
    { "account-details", vd_is_account_details, vd_extract_account_details },
    { "aws-cli", vd_is_aws_cli, vd_extract_aws_cli },
    { "scenario", vd_is_scenario, vd_extract_scenario },
    { "kubernetes", vd_is_kubernetes, vd_extract_kubernetes },
    { "wrapper", vd_is_wrapper, vd_extract_wrapper },
    { "policy", vd_is_nearly_bare, vd_extract_bare },
};
const size_t vd_format_count = VD_COUNT(vd_formats);

/* SPDX-License-Identifier: Apache-2.0
 *
 * The names of states, reasons and grades.
 */
#include <verdict/activity.h>

static const char *const states[VD_STATE_COUNT] = {
    [VD_STATE_USED] = "used",
    [VD_STATE_POSSIBLE] = "possible",
    [VD_STATE_NOT_SEEN] = "not-seen",
    [VD_STATE_CANNOT_SEE] = "cannot-see",
};

static const char *const reasons[VD_BLIND_COUNT_BITS] = {
    "data-events-off",  "never-logged",   "permission-only", "kms-excluded", "rdsdata-excluded", "reads-excluded",
    "region-gap",       "time-gap",       "unmapped-name",   "unmapped-source", "console-only",  "partial-selector",
    "young-grant",      "dependents",     "writes-excluded", "no-evidence",
};

static const char *const grades[] = {
    [VD_GRADE_NONE] = "none",
    [VD_GRADE_ASSUMED] = "assumed",
    [VD_GRADE_FAMILY] = "family",
    [VD_GRADE_PROVEN] = "proven",
};

const char *vd_state_name(int32_t state)
{
    return state >= 0 && state < VD_STATE_COUNT ? states[state] : "unknown";
}

const char *vd_blind_name(uint32_t bit)
{
    for (uint32_t i = 0; i < VD_BLIND_COUNT_BITS; i++)
        if (bit == 1u << i)
            return reasons[i];
    return "unknown";
}

const char *vd_grade_name(int32_t grade)
{
    return grade >= VD_GRADE_NONE && grade <= VD_GRADE_PROVEN ? grades[grade] : "unknown";
}

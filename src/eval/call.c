/* SPDX-License-Identifier: Apache-2.0
 *
 * A call: each of its checks is decided by itself (layers.c), the worst answer counts.
 */
#include "eval/run.h"

#include <verdict/eval.h>

/* An implicit deny by nobody.  missing is written only when it is asked for. */
static void clear(vd_decision *out)
{
    out->outcome = VD_IMPLICIT_DENY;
    out->layer = VD_LAYER_NONE;
    out->category = VD_CATEGORY_NONE;
    out->policy = out->statement = VD_NONE;
    out->level = out->check = 0;
    out->trust = false;
    out->missing_count = 0;
}

/* E320: an explicit deny of any check, else an implicit one, else allow; the first check that says so is told. */
static bool worse(const vd_decision *than, const vd_decision *now)
{
    static const int rank[] = { [VD_ALLOW] = 0, [VD_IMPLICIT_DENY] = 1, [VD_EXPLICIT_DENY] = 2 };

    return rank[now->outcome] > rank[than->outcome];
}

static vd_code evaluate_check(vd_decision *out, vd_run *r, uint32_t check)
{
    vd_code code;

    clear(out);
    out->check = check;
    r->missing_count = 0;
    code = vd_run_bind(r, check, NULL);
    if (code == VD_OK)
        code = vd_run_decide(out, r);
    if (r->want_missing) {
        out->missing_count = r->missing_count;
        memcpy(out->missing, r->missing, r->missing_count * sizeof *out->missing);
    }
    return code;
}

static vd_code evaluate(vd_decision *whole, vd_run *r)
{
    uint32_t checks = vd_request_check_count(r->request);
    vd_code  code = evaluate_check(whole, r, 0);

    for (uint32_t i = 1; i < checks && code == VD_OK; i++) {
        vd_decision one = { .size = sizeof one };

        code = evaluate_check(&one, r, i);
        if (code != VD_OK || worse(whole, &one))
            *whole = one;
    }
    return code;
}

static vd_code decide_request(vd_decision *out, const vd_set *set, const vd_request *request, void *scratch)
{
    vd_code code = VD_EINVAL;

    clear(out);
    if (set && request && scratch)
        code = request->failed ? VD_EREQUEST : evaluate(out, vd_run_start(scratch, set, request));
    if (code != VD_OK)
        out->outcome = VD_IMPLICIT_DENY;
    return code;
}

vd_code vd_eval(vd_decision *out, const vd_set *set, const vd_request *request, void *scratch)
{
    vd_decision older = { .size = sizeof older };
    size_t      size;
    vd_code     code;

    if (!out)
        return VD_EINVAL;
    size = out->size;
    if (VD_LIKELY(size == sizeof *out)) /* the caller knows the same struct */
        return decide_request(out, set, request, scratch);
    code = decide_request(&older, set, request, scratch);
    older.size = size && size < sizeof older ? size : sizeof older;
    memcpy(out, &older, older.size);
    return code;
}

size_t vd_scratch_size(const vd_set *set)
{
    return set->scratch_size;
}

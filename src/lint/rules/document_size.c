/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes against quotas (lint.md 10.1).  The quotas are those of quotas.tsv; src/policy finds the documents that exceed them;
 * here is what comes close, what a configuration says otherwise, and limits that are no size.
 */
#include "lint/rules/document.h"

#include "base/str.h"
#include "policy/kinds.h"

/* The quota that holds for this document and this configuration; most 0: none. */
static vd_quota quota_of(const vd_lint *l)
{
    vd_quota own = vd_policy_quota(l->policy);

    if (l->kind == VD_KIND_TRUST && l->config->quota_trust)
        own.most = l->config->quota_trust;
    if (l->kind == VD_KIND_SCP && l->config->quota_scp)
        own.most = l->config->quota_scp;
    return own;
}

/* Another one than src/policy has counted against. */
static bool is_own(const vd_lint *l, vd_quota q)
{
    return vd_policy_quota(l->policy).most != q.most;
}

static const char *const units[] = {
    [VD_COUNT_PIECES] = "pieces",
    [VD_COUNT_NO_SPACE] = "characters without white space",
    [VD_COUNT_CHARACTERS] = "characters",
    [VD_COUNT_BYTES] = "bytes",
};

static const char *code_of(vd_kind kind)
{
    switch (kind) {
    case VD_KIND_RESOURCE:
    case VD_KIND_ENDPOINT:
        return "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA";
    case VD_KIND_SCP:
        return "POLICY_SIZE_EXCEEDS_SCP_QUOTA";
    case VD_KIND_RCP:
        return "POLICY_SIZE_EXCEEDS_RCP_QUOTA";
    case VD_KIND_TRUST:
        return "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA";
    default:
        return "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA";
    }
}

/* A configuration may allow more. */
void vd_document_adopt_size(vd_lint *l, vd_finding *f)
{
    vd_quota q = quota_of(l);

    vd_finding_code(f, code_of(l->kind));
    if (q.most == 0 || (is_own(l, q) && vd_policy_size(l->policy, q.counting, true) <= q.most))
        f->rule = NULL;
}

static bool is_reported(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->finding_count; i++)
        if (l->findings[i]->rule == &vd_document_rules[POLICY_SIZE_EXCEEDED])
            return true;
    return false;
}

static void look_at_size(vd_lint *l)
{
    vd_quota q = quota_of(l);
    size_t   size;

    if (q.most == 0 || l->policy->json.n < q.most / 100 * l->config->near_percent)
        return; /* no way of counting gives more than the bytes */
    if (!is_own(l, q) && is_reported(l))
        return;
    size = vd_policy_size(l->policy, q.counting, true);
    if (size > q.most && !is_reported(l)) {
        vd_finding *f = vd_lint_report(l, &vd_document_rules[POLICY_SIZE_EXCEEDED], NULL, vd_span_of_document(l),
                                       "%zu %s; " VD_F " may have %u", size, units[q.counting], VD_A(q.label), (unsigned)q.most);

        vd_finding_code(f, code_of(l->kind));
        vd_finding_severity(f, q.severity);
    } else if (size <= q.most && (uint64_t)size * 100 >= (uint64_t)q.most * l->config->near_percent) {
        vd_lint_report(l, &vd_document_rules[POLICY_SIZE_NEAR], NULL, vd_span_of_document(l),
                       "%zu of %u %s (%u %%); minified it would be %zu", size, (unsigned)q.most, units[q.counting],
                       (unsigned)(size * 100 / q.most),
                       vd_policy_size(l->policy, VD_COUNT_NO_SPACE, false));
    }
}

/* ------------------------------------------------------------------ limits that are no size */

static void tell(vd_lint *l, const vd_view_statement *st, vd_span span, vd_str what, uint32_t n)
{
    vd_quota q = vd_quota_of(VD_S("queue"), what);

    if (q.most && n > q.most)
        vd_lint_report(l, &vd_document_rules[POLICY_COUNT_LIMITS], st, span, VD_F ": %u, the limit for a queue policy is %u",
                       VD_A(q.label), (unsigned)n, (unsigned)q.most);
}

static void count_queue_policy(vd_lint *l)
{
    uint32_t principals = 0, conditions = 0;

    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        principals += st->principal_count;
        conditions += st->condition_count;
        tell(l, st, st->model->action.key, VD_S("actions"), st->action_count);
    }
    tell(l, NULL, vd_span_of_document(l), VD_S("statements"), l->statement_count);
    tell(l, NULL, vd_span_of_document(l), VD_S("principals"), principals);
    tell(l, NULL, vd_span_of_document(l), VD_S("conditions"), conditions);
}

void vd_document_sizes(vd_lint *l)
{
    look_at_size(l);
    if (l->kind == VD_KIND_RESOURCE && vd_lint_wants(l, &vd_document_rules[POLICY_COUNT_LIMITS]) &&
        vd_str_eq(vd_policy_service(l->policy), VD_S("sqs")))
        count_queue_policy(l);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The shortest way through the library: a policy out of a text, a set of it, one question, the answer and why.
 */
#include <verdict/verdict.h>

#include <stdio.h>
#include <stdlib.h>

static const char policy_text[] = "{\n"
                                  "  \"Version\": \"2012-10-17\",\n"
                                  "  \"Statement\": [\n"
                                  "    {\"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \"Resource\": \"*\"},\n"
                                  "    {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\",\n"
                                  "     \"Condition\": {\"NotIpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}}}\n"
                                  "  ]\n"
                                  "}\n";

static int fail(const vd_error *err)
{
    fprintf(stderr, "%.*s:%u:%u: %s\n", (int)err->at.file.n, err->at.file.p, err->at.line, err->at.column, err->text);
    return 2;
}

static void show(const vd_set *set, const vd_decision *d)
{
    vd_statement_info s = { .size = sizeof s };

    printf("%s", vd_outcome_name(d->outcome));
    if (vd_set_statement(set, d->policy, d->statement, &s) == VD_OK)
        printf(" by %.*s:%u:%u", (int)s.at.file.n, s.at.file.p, s.at.line, s.at.column);
    printf("\n");
}

int main(int argc, char **argv)
{
    vd_error    err = { .size = sizeof err };
    vd_engine  *engine = NULL;
    vd_policy  *policy = NULL;
    vd_builder *builder = NULL;
    vd_set     *set = NULL;
    vd_request *request = NULL;
    vd_attach   where = { .size = sizeof where, .layer = VD_LAYER_IDENTITY };
    vd_decision d = { .size = sizeof d };
    vd_str      address = vd_str_of(argc > 1 ? argv[1] : "203.0.113.7");
    void       *scratch;

    /* once */
    if (vd_engine_new(&engine, NULL, &err) != VD_OK ||
        vd_policy_parse(&policy, engine, VD_KIND_IDENTITY, vd_str_of("dev.json"), vd_str_of(policy_text), NULL,
                        &err) != VD_OK ||
        vd_builder_new(&builder, engine, &err) != VD_OK || vd_builder_add(builder, policy, &where, &err) != VD_OK ||
        vd_builder_compile(&set, builder, NULL, &err) != VD_OK || vd_request_new(&request, engine, &err) != VD_OK)
        return fail(&err);
    vd_builder_free(builder);
    vd_policy_release(policy);
    scratch = aligned_alloc(16, (vd_scratch_size(set) + 15) / 16 * 16);

    /* for every question */
    vd_request_reset(request);
    vd_request_set(request, VD_PRINCIPAL, vd_str_of("arn:aws:iam::111122223333:user/alice"));
    vd_request_set(request, VD_ACTION, vd_str_of("s3:GetObject"));
    vd_request_set(request, VD_RESOURCE, vd_str_of("arn:aws:s3:::team-data/report.csv"));
    vd_request_set(request, VD_RESOURCE_ACCOUNT, vd_str_of("111122223333"));
    vd_request_context(request, vd_str_of("aws:SourceIp"), &address, 1);
    if (vd_eval(&d, set, request, scratch) != VD_OK)
        return fail(vd_request_error(request));
    show(set, &d);

    free(scratch);
    vd_request_free(request);
    vd_set_release(set);
    vd_engine_release(engine);
    return d.outcome == VD_ALLOW ? 0 : 1;
}

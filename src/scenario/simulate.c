/* SPDX-License-Identifier: Apache-2.0
 *
 * The policy simulator of AWS, as `aws iam simulate-custom-policy` talks to it: its input, its answer, decided by our
 * evaluation with its explanation.  Sources: IAM API Reference, SimulateCustomPolicy, EvaluationResult,
 * ResourceSpecificResult, Statement; the example in the AWS CLI reference for positions and policy ids.
 */
#include "scenario/simulate.h"

#include "base/str.h"
#include "base/suggest.h"

#include <verdict/scenario.h>

enum {
    POLICIES,
    BOUNDARIES,
    ACTIONS,
    RESOURCES,
    RESOURCE_POLICY,
    RESOURCE_OWNER,
    CALLER,
    CONTEXT,
    HANDLING,
    MAX_ITEMS,
    MARKER,
    MEMBER_COUNT
};

static const vd_str members[MEMBER_COUNT] = {
    [POLICIES] = VD_L("PolicyInputList"),
    [BOUNDARIES] = VD_L("PermissionsBoundaryPolicyInputList"),
    [ACTIONS] = VD_L("ActionNames"),
    [RESOURCES] = VD_L("ResourceArns"),
    [RESOURCE_POLICY] = VD_L("ResourcePolicy"),
    [RESOURCE_OWNER] = VD_L("ResourceOwner"),
    [CALLER] = VD_L("CallerArn"),
    [CONTEXT] = VD_L("ContextEntries"),
    [HANDLING] = VD_L("ResourceHandlingOption"),
    [MAX_ITEMS] = VD_L("MaxItems"),
    [MARKER] = VD_L("Marker"),
};

static const vd_str context_members[] = { VD_L("ContextKeyName"), VD_L("ContextKeyValues"), VD_L("ContextKeyType") };

static const vd_str context_types[] = {
    VD_L("string"), VD_L("stringList"), VD_L("numeric"), VD_L("numericList"), VD_L("boolean"), VD_L("booleanList"),
    VD_L("ip"),     VD_L("ipList"),     VD_L("binary"),  VD_L("binaryList"),  VD_L("date"),    VD_L("dateList"),
};

/* They change which resources AWS demands for ec2:RunInstances; here every resource given is checked in any case. */
static const vd_str handlings[] = {
    VD_L("EC2-Classic-InstanceStore"), VD_L("EC2-Classic-EBS"), VD_L("EC2-VPC-InstanceStore"),
    VD_L("EC2-VPC-InstanceStore-Subnet"), VD_L("EC2-VPC-EBS"), VD_L("EC2-VPC-EBS-Subnet"),
};

typedef struct context_entry {
    vd_str   key;
    vd_str  *values;
    uint32_t count;
} context_entry;

typedef struct simulation {
    const vd_engine *engine;
    vd_arena         arena;
    vd_source        source;
    vd_doc           doc;
    uint32_t         at[MEMBER_COUNT];
    vd_str           caller, owner, now; /* owner: an account; empty when not given */
    context_entry   *context;
    uint32_t         context_count;
    uint32_t         first, most;        /* of the results: Marker and MaxItems */
    bool             boundaries;
    vd_set          *set;
    vd_request      *request;
} simulation;

/* ------------------------------------------------------------------ reading */

static vd_code refuse(const simulation *s, uint32_t node, vd_error *err, const char *text)
{
    return vd_fail_span(err, VD_ESYNTAX, &s->source, vd_doc_span(&s->doc, node), "%s", text);
}

static vd_code refuse_kind(const simulation *s, uint32_t node, const char *name, const char *must, vd_error *err)
{
    return vd_fail_span(err, VD_ESYNTAX, &s->source, vd_doc_span(&s->doc, node), "\"%s\" must be %s, found %s", name,
                        must, vd_doc_kind_name(&s->doc, node));
}

static vd_code check_strings(const simulation *s, int member, vd_error *err)
{
    uint32_t node = s->at[member];

    if (node == VD_NONE)
        return VD_OK;
    if (s->doc.nodes[node].kind != VD_NODE_ARRAY)
        return refuse_kind(s, node, members[member].p, "an array of strings", err);
    for (uint32_t c = vd_doc_first(&s->doc, node); c != VD_NONE; c = vd_doc_next(&s->doc, node, c))
        if (s->doc.nodes[c].kind != VD_NODE_STRING)
            return refuse_kind(s, c, members[member].p, "an array of strings", err);
    return VD_OK;
}

static vd_code read_string(const simulation *s, int member, vd_str *out, vd_error *err)
{
    uint32_t node = s->at[member];

    if (node == VD_NONE)
        return VD_OK;
    if (s->doc.nodes[node].kind != VD_NODE_STRING)
        return refuse_kind(s, node, members[member].p, "a string", err);
    *out = vd_doc_text(&s->doc, node);
    return VD_OK;
}

static vd_code read_number(const simulation *s, int member, uint32_t *out, vd_error *err)
{
    uint32_t node = s->at[member];
    vd_str   text;

    if (node == VD_NONE)
        return VD_OK;
    text = vd_doc_text(&s->doc, node);
    if (text.n > 9 || !vd_str_all_digits(text))
        return vd_fail_span(err, VD_ESYNTAX, &s->source, vd_doc_span(&s->doc, node), "\"%s\" must be a whole number",
                            members[member].p);
    *out = 0;
    for (size_t i = 0; i < text.n; i++)
        *out = *out * 10 + (uint32_t)(text.p[i] - '0');
    return VD_OK;
}

static vd_code one_of(const simulation *s, uint32_t node, const char *name, const vd_str *words, size_t count,
                      vd_error *err)
{
    vd_str text = vd_doc_text(&s->doc, node);
    size_t near;

    if (s->doc.nodes[node].kind != VD_NODE_STRING)
        return refuse_kind(s, node, name, "a string", err);
    for (size_t i = 0; i < count; i++)
        if (vd_str_eq(words[i], text))
            return VD_OK;
    near = vd_suggest(text, words, count);
    vd_fail_span(err, VD_ESYNTAX, &s->source, vd_doc_span(&s->doc, node), "\"%s\" cannot be \"" VD_F "\"", name,
                 VD_A(text));
    if (near < count)
        vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(words[near]));
    return VD_ESYNTAX;
}

/* An account id, or an ARN that holds it. */
static vd_code account_of(const simulation *s, uint32_t node, vd_str *out, vd_error *err)
{
    vd_str text = vd_doc_text(&s->doc, node);
    vd_arn arn;

    if (vd_arn_split(&arn, text))
        text = arn.account;
    if (text.n != 12 || !vd_str_all_digits(text))
        return refuse(s, node, err, "\"ResourceOwner\" must be an account or the ARN of one");
    *out = text;
    return VD_OK;
}

static vd_code read_input(simulation *s, vd_error *err)
{
    vd_str   owner;
    uint32_t count[2];

    VD_TRY(vd_doc_members(&s->doc, 0, VD_S("the input"), members, MEMBER_COUNT, s->at, err));
    for (int m = POLICIES; m <= RESOURCES; m++)
        VD_TRY(check_strings(s, m, err));
    if (s->at[POLICIES] == VD_NONE || s->at[ACTIONS] == VD_NONE)
        return refuse(s, 0, err, s->at[POLICIES] == VD_NONE ? "\"PolicyInputList\" is missing"
                                                            : "\"ActionNames\" is missing");
    VD_TRY(read_string(s, CALLER, &s->caller, err));
    VD_TRY(read_string(s, RESOURCE_OWNER, &owner, err));
    if (s->at[RESOURCE_OWNER] != VD_NONE)
        VD_TRY(account_of(s, s->at[RESOURCE_OWNER], &s->owner, err));
    VD_TRY(read_string(s, RESOURCE_POLICY, &owner, err));
    if (s->at[RESOURCE_POLICY] != VD_NONE && s->at[CALLER] == VD_NONE)
        return refuse(s, s->at[RESOURCE_POLICY], err, "\"ResourcePolicy\" needs \"CallerArn\"");
    if (s->at[HANDLING] != VD_NONE)
        VD_TRY(one_of(s, s->at[HANDLING], "ResourceHandlingOption", handlings, VD_COUNT(handlings), err));
    s->most = UINT32_MAX;
    VD_TRY(read_number(s, MAX_ITEMS, &s->most, err));
    VD_TRY(read_number(s, MARKER, &s->first, err));
    if (s->most == 0)
        return refuse(s, s->at[MAX_ITEMS], err, "\"MaxItems\" must be at least 1");
    count[0] = vd_doc_length(&s->doc, s->at[ACTIONS]);
    count[1] = s->at[RESOURCES] == VD_NONE ? 1 : vd_doc_length(&s->doc, s->at[RESOURCES]);
    if ((uint64_t)count[0] * count[1] > s->engine->limits.scenario_cases)
        return vd_fail_span(err, VD_ELIMIT, &s->source, vd_doc_span(&s->doc, 0),
                            "%u actions on %u resources are more than %u (limit scenario_cases)", (unsigned)count[0],
                            (unsigned)count[1], (unsigned)s->engine->limits.scenario_cases);
    return VD_OK;
}

static vd_code read_context_entry(simulation *s, uint32_t node, context_entry *e, vd_error *err)
{
    uint32_t at[VD_COUNT(context_members)];

    VD_TRY(vd_doc_members(&s->doc, node, VD_S("a context entry"), context_members, VD_COUNT(context_members), at, err));
    if (at[0] == VD_NONE || s->doc.nodes[at[0]].kind != VD_NODE_STRING)
        return refuse(s, node, err, "a context entry needs \"ContextKeyName\"");
    if (at[2] != VD_NONE)
        VD_TRY(one_of(s, at[2], "ContextKeyType", context_types, VD_COUNT(context_types), err));
    if (at[1] == VD_NONE || s->doc.nodes[at[1]].kind != VD_NODE_ARRAY)
        return refuse(s, node, err, "a context entry needs \"ContextKeyValues\", an array");
    e->key = vd_doc_text(&s->doc, at[0]);
    e->values = vd_arena_new_array(&s->arena, vd_str, vd_doc_length(&s->doc, at[1]) + 1);
    if (!e->values)
        return vd_fail_nomem(err);
    for (uint32_t c = vd_doc_first(&s->doc, at[1]); c != VD_NONE; c = vd_doc_next(&s->doc, at[1], c)) {
        uint8_t kind = s->doc.nodes[c].kind;

        if (kind == VD_NODE_NULL || kind == VD_NODE_ARRAY || kind == VD_NODE_OBJECT)
            return refuse_kind(s, c, "ContextKeyValues", "an array of strings", err);
        e->values[e->count++] = vd_doc_text(&s->doc, c);
    }
    return VD_OK;
}

static vd_code read_context(simulation *s, vd_error *err)
{
    uint32_t list = s->at[CONTEXT];

    if (list == VD_NONE)
        return VD_OK;
    if (s->doc.nodes[list].kind != VD_NODE_ARRAY)
        return refuse_kind(s, list, "ContextEntries", "an array", err);
    s->context = vd_arena_new_array(&s->arena, context_entry, vd_doc_length(&s->doc, list) + 1);
    if (!s->context)
        return vd_fail_nomem(err);
    for (uint32_t c = vd_doc_first(&s->doc, list); c != VD_NONE; c = vd_doc_next(&s->doc, list, c))
        VD_TRY(read_context_entry(s, c, &s->context[s->context_count++], err));
    return VD_OK;
}

/* ------------------------------------------------------------------ policies */

/* AWS refuses to simulate what it would refuse to store. */
static vd_code refused(const simulation *s, uint32_t node, const vd_diags *notes, vd_str name, vd_error *err)
{
    for (size_t i = 0; i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        if (d->severity < VD_ERROR)
            continue;
        vd_fail_span(err, VD_EMALFORMED, &s->source, vd_doc_span(&s->doc, node), VD_F ", line %u, column %u: " VD_F,
                     VD_A(name), (unsigned)d->at.line, (unsigned)d->at.column, VD_A(d->text));
        if (d->hint.n)
            vd_error_hint(err, VD_F, VD_A(d->hint));
        return VD_EMALFORMED;
    }
    return VD_OK;
}

static vd_code add_policy(simulation *s, vd_builder *b, uint32_t node, vd_kind kind, vd_layer layer, vd_str name,
                          vd_error *err)
{
    vd_attach  where = { .size = sizeof where, .layer = layer };
    vd_error   why = { .size = sizeof why };
    vd_diags  *notes;
    vd_policy *p = NULL;
    vd_code    code;

    VD_TRY(vd_diags_new(&notes, s->engine, err));
    code = vd_policy_parse(&p, s->engine, kind, name, vd_doc_text(&s->doc, node), notes, &why);
    if (code != VD_OK && code != VD_ENOMEM)
        vd_fail_span(err, code, &s->source, vd_doc_span(&s->doc, node), VD_F ", line %u, column %u: %s", VD_A(name),
                     (unsigned)why.at.line, (unsigned)why.at.column, why.text);
    else if (code != VD_OK)
        code = vd_fail_nomem(err);
    else
        code = refused(s, node, notes, name, err);
    vd_diags_free(notes);
    if (code == VD_OK)
        code = vd_builder_add(b, p, &where, err);
    vd_policy_release(p);
    return code;
}

static vd_code add_list(simulation *s, vd_builder *b, int member, vd_kind kind, vd_layer layer, vd_error *err)
{
    uint32_t node = s->at[member], i = 0;
    vd_str   name;

    if (node == VD_NONE)
        return VD_OK;
    for (uint32_t c = vd_doc_first(&s->doc, node); c != VD_NONE; c = vd_doc_next(&s->doc, node, c)) {
        if (!vd_arena_printf(&s->arena, &name, "%s.%u", members[member].p, (unsigned)++i))
            return vd_fail_nomem(err);
        VD_TRY(add_policy(s, b, c, kind, layer, name, err));
    }
    return VD_OK;
}

static vd_code make_set(simulation *s, vd_error *err)
{
    vd_builder *b;
    vd_code     code;

    VD_TRY(vd_builder_new(&b, s->engine, err));
    code = add_list(s, b, POLICIES, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, err);
    if (code == VD_OK)
        code = add_list(s, b, BOUNDARIES, VD_KIND_BOUNDARY, VD_LAYER_BOUNDARY, err);
    if (code == VD_OK && s->at[RESOURCE_POLICY] != VD_NONE)
        code = add_policy(s, b, s->at[RESOURCE_POLICY], VD_KIND_RESOURCE, VD_LAYER_RESOURCE, members[RESOURCE_POLICY],
                          err);
    if (code == VD_OK)
        code = vd_builder_compile(&s->set, b, &(vd_compile_opts){ .size = sizeof(vd_compile_opts) }, err);
    vd_builder_free(b);
    s->boundaries = s->at[BOUNDARIES] != VD_NONE && vd_doc_length(&s->doc, s->at[BOUNDARIES]) > 0;
    return code;
}

/* ------------------------------------------------------------------ requests */

static const vd_str caller_keys[] = { VD_L("aws:username"), VD_L("aws:userid"), VD_L("aws:PrincipalArn"),
                                      VD_L("aws:PrincipalType") };

/* Without CallerArn nobody in particular asks, from the account of the resource. */
static vd_code set_caller(simulation *s, vd_str resource, vd_error *err)
{
    vd_arn arn;
    vd_str account = s->owner, partition = VD_S("aws"), principal;

    if (s->caller.n)
        return vd_request_set(s->request, VD_PRINCIPAL, s->caller);
    if (vd_arn_split(&arn, resource)) {
        partition = arn.partition;
        if (arn.account.n == 12 && vd_str_all_digits(arn.account))
            account = arn.account;
    }
    if (!account.n)
        account = VD_S("123456789012");
    if (!vd_arena_printf(&s->arena, &principal, "arn:" VD_F ":iam::" VD_F ":user/caller", VD_A(partition),
                         VD_A(account)))
        return vd_fail_nomem(err);
    VD_TRY(vd_request_set(s->request, VD_PRINCIPAL, principal));
    for (size_t i = 0; i < VD_COUNT(caller_keys); i++)
        VD_TRY(vd_request_absent(s->request, caller_keys[i]));
    return VD_OK;
}

static vd_code ask(simulation *s, vd_str action, vd_str resource, vd_error *err)
{
    vd_request *r = s->request;

    vd_request_reset(r);
    VD_TRY(set_caller(s, resource, err));
    VD_TRY(vd_request_set(r, VD_ACTION, action));
    VD_TRY(vd_request_set(r, VD_RESOURCE, resource));
    if (s->owner.n)
        VD_TRY(vd_request_set(r, VD_RESOURCE_ACCOUNT, s->owner));
    if (s->now.n)
        VD_TRY(vd_request_set(r, VD_NOW, s->now));
    for (uint32_t i = 0; i < s->context_count; i++)
        VD_TRY(vd_request_context(r, s->context[i].key, s->context[i].values, s->context[i].count));
    return VD_OK;
}

/* ------------------------------------------------------------------ simulating */

static vd_code explain(simulation *s, uint32_t node, vd_str action, vd_str resource, vd_explanation **out,
                       vd_error *err)
{
    vd_explain_opts     opts = { .size = sizeof opts, .no_proposals = true };
    const vd_explained *e;
    vd_code             code = ask(s, action, resource, err);

    *out = NULL;
    if (code == VD_ENOMEM)
        return vd_fail_nomem(err);
    if (code != VD_OK) {
        refuse(s, node, err, vd_request_error(s->request)->text);
        return code;
    }
    VD_TRY(vd_explain(out, s->set, s->request, &opts, err));
    e = vd_explanation_get(*out);
    if (e->code != VD_OK)
        code = vd_fail_span(err, e->code, &s->source, vd_doc_span(&s->doc, node), VD_F, VD_A(e->error));
    else if (e->check_count == 0)
        code = vd_fail(err, VD_EINTERNAL, "an explanation without a check");
    if (code != VD_OK)
        vd_explanation_free(*out);
    return code;
}

static bool worse(int32_t a, int32_t b)
{
    return a != VD_ALLOW && (b == VD_ALLOW || (a == VD_EXPLICIT_DENY && b == VD_IMPLICIT_DENY));
}

/* One action on every resource.  The result tells of the worst of them, the first of equals. */
static vd_code simulate_action(simulation *s, uint32_t node, vd_json *results, vd_error *err)
{
    vd_str          action = vd_doc_text(&s->doc, node), resource = VD_S("*");
    vd_simulated    in = { s->set, s->boundaries };
    uint32_t        list = s->at[RESOURCES], c = list == VD_NONE ? VD_NONE : vd_doc_first(&s->doc, list);
    vd_json        *whole = NULL, *each = vd_json_array();
    vd_explanation *e;
    int32_t         worst = VD_ALLOW;
    bool            everything;
    vd_code         code;

    do {
        const vd_check_trace *check;

        resource = c == VD_NONE ? VD_S("*") : vd_doc_text(&s->doc, c);
        everything = vd_str_eq(resource, VD_S("*"));
        code = explain(s, c == VD_NONE ? node : c, action, resource, &e, err);
        if (code != VD_OK)
            break;
        check = vd_explanation_get(e)->checks[0];
        if (!whole || worse(check->decision.outcome, worst)) {
            vd_json_drop(whole);
            whole = vd_simulated_action(&in, check, action, resource, everything);
            worst = check->decision.outcome;
        }
        if (!everything)
            vd_json_push(each, vd_simulated_resource(&in, check, resource));
        vd_explanation_free(e);
        c = c == VD_NONE ? VD_NONE : vd_doc_next(&s->doc, list, c);
    } while (c != VD_NONE);
    if (code != VD_OK) {
        vd_json_drop(whole);
        vd_json_drop(each);
        return code;
    }
    if (list != VD_NONE && vd_doc_length(&s->doc, list) > 0 && !(vd_doc_length(&s->doc, list) == 1 && everything))
        vd_json_set(whole, "ResourceSpecificResults", each);
    else
        vd_json_drop(each);
    vd_json_push(results, whole);
    return VD_OK;
}

static vd_code simulate_all(simulation *s, vd_json *answer, vd_error *err)
{
    vd_json *results = vd_json_array();
    uint32_t index = 0, list = s->at[ACTIONS];
    bool     more = false;
    vd_str   marker;

    for (uint32_t c = vd_doc_first(&s->doc, list); c != VD_NONE; c = vd_doc_next(&s->doc, list, c), index++) {
        vd_code code;

        if (index < s->first)
            continue;
        if (index - s->first >= s->most) {
            more = true;
            break;
        }
        code = simulate_action(s, c, results, err);
        if (code != VD_OK) {
            vd_json_drop(results);
            return code;
        }
    }
    vd_json_set(answer, "EvaluationResults", results);
    vd_json_set(answer, "IsTruncated", vd_json_bool(more));
    if (more && vd_arena_printf(&s->arena, &marker, "%u", (unsigned)index))
        vd_json_set(answer, "Marker", vd_json_string(marker));
    return VD_OK;
}

static vd_code answer(simulation *s, vd_write *write, void *user, vd_error *err)
{
    vd_json *o = vd_json_object();
    vd_buf   out = vd_buf_on(&s->engine->alloc, 0);
    vd_code  code = simulate_all(s, o, err);

    if (code == VD_OK)
        code = vd_json_dump(&out, o, 4) == VD_OK ? VD_OK : vd_fail_nomem(err);
    else
        vd_json_drop(o);
    if (code == VD_OK) {
        vd_buf_byte(&out, '\n');
        if (out.failed)
            code = vd_fail_nomem(err);
        else if (!write(user, vd_buf_str(&out)))
            code = vd_fail(err, VD_EIO, "the answer could not be written");
    }
    vd_buf_done(&out);
    return code;
}

static vd_code simulate(simulation *s, vd_write *write, void *user, vd_error *err)
{
    uint32_t duplicates = 0;

    VD_TRY(vd_json_read(&s->doc, &s->arena, &s->source, &s->engine->limits, NULL, &duplicates, err));
    if (duplicates > 0)
        return VD_ESYNTAX; /* err has the first */
    VD_TRY(read_input(s, err));
    VD_TRY(read_context(s, err));
    VD_TRY(make_set(s, err));
    VD_TRY(vd_request_new(&s->request, s->engine, err));
    return answer(s, write, user, err);
}

vd_code vd_simulate(const vd_engine *engine, vd_str name, vd_str json, const vd_simulate_opts *opts, vd_write *write,
                    void *user, vd_error *err)
{
    vd_simulate_opts known = { .size = sizeof known };
    simulation       s = { .engine = engine, .arena = vd_arena_on(&engine->alloc, 0) };
    vd_code          code;

    if (opts)
        memcpy(&known, opts, opts->size < sizeof known ? opts->size : sizeof known);
    if (json.n > engine->limits.document_bytes)
        return vd_fail_at(err, VD_ELIMIT, (vd_pos){ .file = name, .line = 1, .column = 1 },
                          "the text is larger than %llu bytes (limit document_bytes)",
                          (unsigned long long)engine->limits.document_bytes);
    s.source = (vd_source){ .name = name, .text = json };
    s.now = known.now;
    code = simulate(&s, write, user, err);
    vd_request_free(s.request);
    vd_set_release(s.set);
    vd_arena_done(&s.arena);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * From sets to stacks, and back to the evaluator.  What one side has and the other has not is an empty layer there when it
 * grants something; a limit that is not given limits nothing.
 */
#include "analyze/sides.h"

#include "base/engine.h"
#include "base/str.h"

/* ------------------------------------------------------------------ the prover */

static void add_pin(vd_pin *pins, uint32_t *count, const char *key, const vd_str *value)
{
    if (value->n)
        pins[(*count)++] = (vd_pin){ vd_str_of(key), VD_STATE_PRESENT, value, 1 };
}

static vd_code open_symbolic(vd_prover *p)
{
    vd_symbolic_opts o = { .catalog = p->catalog, .budget = p->opts.budget, .certify = p->opts.certify,
                           .certify_user = p->opts.certify_user };
    vd_pin          *pins = vd_arena_new_array(&p->arena, vd_pin, p->opts.assume_count + 4);
    uint32_t         n = 0;
    vd_str           now = vd_catalog_date(p->catalog);

    if (!pins)
        return vd_fail_nomem(p->err);
    for (size_t i = 0; i < p->opts.assume_count; i++) {
        const vd_assumption *a = &p->opts.assume[i];

        pins[n++] = (vd_pin){ a->key, a->absent ? VD_STATE_ABSENT : VD_STATE_PRESENT, a->values, (uint32_t)a->count };
    }
    add_pin(pins, &n, "aws:ResourceAccount", &p->opts.resource_account);
    add_pin(pins, &n, "aws:ResourceOrgID", &p->opts.resource_org);
    add_pin(pins, &n, "aws:ResourceOrgPaths", &p->opts.resource_org_path);
    o.pins = pins;
    o.pin_count = n;
    if (p->opts.now && !vd_arena_printf(&p->arena, &now, "%lld", (long long)p->opts.now))
        return vd_fail_nomem(p->err);
    vd_date_parse(&o.now, now);
    return vd_symbolic_new(&p->s, p->engine, &o, p->err);
}

vd_code vd_prover_open(vd_prover *p, const vd_set *set, const vd_prove_opts *opts, const vd_request *before, vd_error *err)
{
    return vd_prover_start(p, vd_set_engine(set), opts, before, err);
}

vd_code vd_prover_start(vd_prover *p, const vd_engine *engine, const vd_prove_opts *opts, const vd_request *before, vd_error *err)
{
    vd_code code;

    *p = (vd_prover){ .engine = engine, .err = err };
    if (opts)
        memcpy(&p->opts, opts, opts->size && opts->size < sizeof p->opts ? opts->size : sizeof p->opts);
    p->catalog = p->opts.catalog ? p->opts.catalog : vd_catalog_builtin();
    p->arena = vd_arena_on(&p->engine->alloc, 0);
    p->scratch = vd_arena_on(&p->engine->alloc, 0);
    p->known[0] = before ? before : p->opts.state;
    p->known[1] = p->opts.state;
    code = vd_settings_owner(p, p->known[0]);
    if (code == VD_OK)
        code = vd_settings_owner(p, p->known[1]);
    if (code == VD_OK)
        code = open_symbolic(p);
    return code == VD_OK ? vd_request_new(&p->request, p->engine, err) : code;
}

void vd_prover_close(vd_prover *p)
{
    vd_symbolic_free(p->s);
    vd_request_free(p->request);
    vd_arena_done(&p->arena);
    vd_arena_done(&p->scratch);
}

vd_code vd_prover_failed(const vd_prover *p)
{
    return vd_fail_nomem(p->err);
}

bool vd_prover_spent(const vd_prover *p)
{
    return p->opts.budget_total && vd_symbolic_units(p->s) >= p->opts.budget_total;
}

/* ------------------------------------------------------------------ documents */

/* The model of a document; of a bundle, it is read from its text. */
static vd_code document(vd_prover *p, vd_side *side, uint32_t id, vd_policy **out)
{
    vd_policy *made = NULL;
    vd_str     text;

    *out = (vd_policy *)(uintptr_t)vd_set_model(side->set, id);
    if (*out)
        return VD_OK;
    VD_TRY(vd_set_text(side->set, id, &text, "the bundle was made without the texts of its policies: there is nothing to prove from", p->err));
    VD_TRY(vd_policy_parse(&made, p->engine, vd_set_policy_kind(side->set, id), vd_set_policy_name(side->set, id), text,
                           NULL, p->err));
    if (!VD_ARENA_PUSH(&p->arena, side->owned, side->owned_count, side->owned_cap, made)) {
        vd_policy_release(made);
        return vd_fail_nomem(p->err);
    }
    *out = made;
    return VD_OK;
}

static vd_code add_documents(vd_prover *p, vd_side *side, const vd_facts *f)
{
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++) {
        uint32_t levels = vd_set_levels(side->set, f, layer);

        for (uint32_t level = 0; level < levels; level++) {
            vd_bound b;

            vd_set_bound(&b, side->set, f, layer, level);
            for (uint32_t i = 0; i < b.count; i++) {
                vd_document d = { .id = b.policies[i], .level = level, .layer = layer, .target = b.target };

                VD_TRY(document(p, side, d.id, &d.policy));
                if (!VD_ARENA_PUSH(&p->arena, side->documents, side->count, side->cap, d) ||
                    !vd_stack_add(side->stack, d.policy, layer, level))
                    return vd_fail_nomem(p->err);
            }
            if (b.count == 0)
                return vd_fail(p->err, VD_EMALFORMED, "the level \"" VD_F "\" has no policy, which cannot be", VD_A(b.target));
        }
    }
    return VD_OK;
}

/* The documents that bear on the principal of the question: a set for many has some for each. */
static vd_code gather(vd_prover *p, vd_side *side)
{
    vd_facts  f;
    vd_code   code;
    vd_str    who = p->opts.principal.n ? p->opts.principal : VD_S("arn:aws:iam::000000000000:user/anybody");
    vd_error  ignored = { .size = sizeof ignored };

    vd_request_reset(p->request);
    code = vd_request_set(p->request, VD_PRINCIPAL, who);
    if (code == VD_OK)
        code = vd_request_set(p->request, VD_ACTION, VD_S("s3:GetObject"));
    if (code == VD_OK)
        code = vd_request_set(p->request, VD_RESOURCE, VD_S("arn:aws:s3:::b/a"));
    if (code == VD_OK)
        code = vd_facts_make(&f, p->request, 0, &ignored);
    if (code == VD_ENOMEM)
        return vd_fail_nomem(p->err);
    if (code != VD_OK)
        return vd_fail(p->err, VD_EINVAL, "principal \"" VD_F "\": %s", VD_A(p->opts.principal), ignored.text);
    VD_TRY(add_documents(p, side, &f));
    if (p->opts.principal.n == 0 && side->count < vd_set_policies(side->set))
        return vd_fail(p->err, VD_EINVAL, "%u of %u policies belong to principals or resources by name: whose are meant? (--principal)",
                       vd_set_policies(side->set) - side->count, vd_set_policies(side->set));
    return VD_OK;
}

/* ------------------------------------------------------------------ both sides */

static uint32_t layers_of(const vd_side *side)
{
    uint32_t mask = side->has_settings ? 1u << VD_LAYER_RESOURCE : 0;

    for (uint32_t i = 0; i < side->count; i++)
        mask |= 1u << side->documents[i].layer;
    return mask;
}

/* Whom a layer can be about (E701). */
static uint32_t askers_of(uint32_t layers)
{
    enum {
        ROLE = 1u << VD_ASKER_ROLE,
        USER = 1u << VD_ASKER_USER,
        ROOT = 1u << VD_ASKER_ROOT,
        FEDERATED = 1u << VD_ASKER_FEDERATED_USER,
        ALL = (1u << VD_ASKER_COUNT) - 1
    };
    static const uint32_t about[VD_LAYER_COUNT] = {
        [VD_LAYER_IDENTITY] = ROLE | USER,
        [VD_LAYER_BOUNDARY] = ROLE | USER,
        [VD_LAYER_SESSION] = ROLE | FEDERATED,
        [VD_LAYER_RESOURCE] = ALL,
        [VD_LAYER_SCP] = ROLE | USER | ROOT | FEDERATED,
        [VD_LAYER_RCP] = ALL & ~(1u << VD_ASKER_CANONICAL),
        [VD_LAYER_ENDPOINT] = ALL & ~(1u << VD_ASKER_SERVICE | 1u << VD_ASKER_CANONICAL),
        [VD_LAYER_ACCESS_POINT] = ALL,
    };
    uint32_t who = 0;

    for (vd_layer i = 0; i < VD_LAYER_COUNT; i++)
        if (layers >> i & 1u)
            who |= about[i];
    return who;
}

static vd_code need_boxes(vd_prover *p, vd_side *side)
{
    const vd_policy *broken = vd_stack_broken(side->stack);

    if (broken)
        return vd_fail(p->err, VD_EMALFORMED, "\"" VD_F "\" has a Deny that cannot be understood: every decision it bears on is an error",
                       VD_A(broken->name));
    side->box_count = vd_stack_boxes(side->stack, NULL, 0);
    side->boxes = vd_arena_new_array(&p->arena, uint32_t, side->box_count + 1);
    if (!side->boxes)
        return vd_fail_nomem(p->err);
    vd_stack_boxes(side->stack, side->boxes, side->box_count);
    return VD_OK;
}

static const char *layer_text(uint32_t layers)
{
    for (vd_layer i = 0; i < VD_LAYER_COUNT; i++)
        if (layers >> i & 1u)
            return vd_layer_name(i);
    return "no";
}

/* The ARN of a session has the name of its role without the path (E402). */
static bool session_patterns(vd_prover *p, const vd_arn *arn, vd_str role, vd_str session, vd_str out[2])
{
    static const char *const paths[] = { "", "\xff/" };
    bool                     ok = true;

    for (size_t i = 0; i < VD_COUNT(paths) && ok; i++)
        ok = vd_arena_printf(&p->arena, &out[i], "arn:" VD_F ":iam::" VD_F ":role/%s" VD_F "\n\xfb:" VD_F, VD_A(arn->partition),
                             VD_A(arn->account), paths[i], VD_A(role), VD_A(session));
    return ok;
}

/* A given principal: its ARN, and of a session its name. */
static vd_code pin_principal(vd_prover *p)
{
    vd_str   who = p->opts.principal, patterns[2], rest, role;
    vd_arn   arn;
    uint32_t asker, atom, count = 1;
    bool     ok;

    if (who.n == 0)
        return VD_OK;
    if (!vd_arn_split(&arn, who))
        return vd_fail(p->err, VD_EINVAL, "principal \"" VD_F "\" is not the ARN of a user or a role", VD_A(who));
    rest = arn.resource;
    if (vd_str_starts(rest, VD_S("assumed-role/"))) {
        rest = vd_str_from(rest, sizeof "assumed-role/" - 1);
        asker = VD_ASKER_ROLE;
        if (!vd_str_cut(&rest, '/', &role))
            return vd_fail(p->err, VD_EINVAL, "principal \"" VD_F "\" names no session", VD_A(who));
        ok = session_patterns(p, &arn, role, rest, patterns);
        count = 2;
    } else {
        asker = vd_str_starts(rest, VD_S("role/"))             ? VD_ASKER_ROLE
                : vd_str_starts(rest, VD_S("user/"))           ? VD_ASKER_USER
                : vd_str_eq(rest, VD_S("root"))                ? VD_ASKER_ROOT
                : vd_str_starts(rest, VD_S("federated-user/")) ? VD_ASKER_FEDERATED_USER
                                                               : VD_ASKER_COUNT;
        ok = vd_arena_printf(&p->arena, &patterns[0], VD_F "\n\xff", VD_A(who));
    }
    if (asker == VD_ASKER_COUNT)
        return vd_fail(p->err, VD_EINVAL, "principal \"" VD_F "\" is not the ARN of a user or a role", VD_A(who));
    p->who = 1u << asker;
    atom = ok ? vd_symbolic_principal(p->s, p->who, patterns, count, &p->nomem) : 0;
    if (!ok || p->nomem || !VD_ARENA_PUSH(&p->arena, p->demands, p->demand_count, p->demand_cap, (vd_demand){ atom, false }))
        return vd_fail_nomem(p->err);
    return VD_OK;
}

static vd_code open_side(vd_prover *p, vd_side *side, const vd_set *set)
{
    side->set = set;
    if (!vd_stack_new(&side->stack, p->s, &p->arena, 0))
        return vd_fail_nomem(p->err);
    return gather(p, side);
}

/* One request has one principal, and goes one way. */
static vd_code agree(vd_prover *p, const vd_request *a, const vd_request *b)
{
    if (!a || !b || (a->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] == b->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] &&
                     vd_str_eq(a->field[VD_ENDPOINT_TYPE], b->field[VD_ENDPOINT_TYPE])))
        return VD_OK;
    return vd_fail(p->err, VD_EINVAL, "both sides are about requests of another kind: one says managementAccount (E707) or endpointType "
                                      "(E426), the other does not");
}

vd_code vd_sides_open(vd_prover *p, vd_side *a, const vd_set *a_set, vd_side *b, const vd_set *b_set)
{
    uint32_t layers, others;

    VD_TRY(open_side(p, a, a_set));
    if (b) {
        VD_TRY(agree(p, p->known[0], p->known[1]));
        VD_TRY(open_side(p, b, b_set));
    }
    VD_TRY(vd_settings_add(p, a, b, p->known[0]));
    layers = others = layers_of(a);
    if (b) {
        VD_TRY(vd_settings_add(p, b, a, p->known[1]));
        others = layers_of(b);
        if (layers && others && !(layers & others))
            return vd_fail(p->err, VD_EINVAL, "the one side has %s policies and the other %s policies: they cannot be compared",
                           layer_text(layers), layer_text(others));
    }
    layers |= others;
    if (layers == 0)
        layers = 1u << VD_LAYER_IDENTITY;
    p->assumed = layers & 1u << VD_LAYER_IDENTITY ? 0 : VD_SIDE_IDENTITY | VD_SIDE_OWN;
    if (!(layers & (1u << VD_LAYER_RESOURCE | 1u << VD_LAYER_ACCESS_POINT)))
        p->assumed |= VD_SIDE_RESOURCE;
    p->who = askers_of(layers);
    for (int i = 0; i < 2; i++) {
        vd_side *side = i ? b : a;

        if (!side)
            continue;
        vd_stack_claim(side->stack, layers & (1u << VD_LAYER_IDENTITY | 1u << VD_LAYER_RESOURCE), p->assumed);
        VD_TRY(need_boxes(p, side));
    }
    return pin_principal(p);
}

void vd_side_close(vd_prover *p, vd_side *side)
{
    for (uint32_t i = 0; i < VD_REPLAYS; i++) {
        vd_free(&p->engine->alloc, side->replays[i].scratch, side->replays[i].scratch_size);
        vd_set_release(side->replays[i].set);
    }
    for (uint32_t i = 0; i < side->owned_count; i++)
        vd_policy_release(side->owned[i]);
}

vd_statement_info vd_side_statement(const vd_side *side, const vd_prover *p, uint32_t box)
{
    const vd_policy    *policy = vd_symbolic_policy_of(p->s, box);
    const vd_statement *st = vd_symbolic_statement_of(p->s, box);
    vd_statement_info   info = { .size = sizeof info, .layer = VD_LAYER_NONE };

    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].policy == policy) {
            if (side->set && side->documents[i].id != VD_NONE)
                vd_set_statement(side->set, side->documents[i].id, st->index, &info);
            else
                info = (vd_statement_info){ .size = sizeof info, .policy = policy->name, .sid = st->has_sid ? st->sid.text : (vd_str){ "", 0 },
                                            .index = st->index, .at = side->set || side->documents[i].id == VD_NONE ? info.at : vd_policy_pos(policy, st->span),
                                            .deny = st->effect == VD_EFFECT_DENY, .malformed = st->malformed };
            info.layer = side->documents[i].layer;
            break;
        }
    return info;
}

/* ------------------------------------------------------------------ the evaluator */

static vd_code add_text(vd_prover *p, vd_builder *b, vd_kind kind, vd_layer layer, const char *name, vd_str text)
{
    vd_policy *made = NULL;
    vd_attach  at = { .size = sizeof at, .layer = layer };
    vd_code    code = vd_policy_parse(&made, p->engine, kind, vd_str_of(name), text, NULL, p->err);

    if (code == VD_OK)
        code = vd_builder_add(b, made, &at, p->err);
    vd_policy_release(made);
    return code;
}

static bool has_session(const vd_side *side)
{
    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].layer == VD_LAYER_SESSION)
            return true;
    return false;
}

static vd_code add_agreement(vd_prover *p, vd_builder *b, const vd_side *side, uint32_t agrees, vd_str account)
{
    static const vd_str everything = VD_L("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}");
    vd_str              text;

    if (agrees & VD_AGREES_IDENTITY) {
        VD_TRY(add_text(p, b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, "what the principal may do", everything));
        if (!has_session(side))
            VD_TRY(add_text(p, b, VD_KIND_SESSION, VD_LAYER_SESSION, "what the session may do", everything));
    }
    if (!(agrees & VD_AGREES_RESOURCE))
        return VD_OK;
    if (!vd_arena_printf(&p->arena, &text,
                         "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" VD_F
                         "\"},\"Action\":\"*\",\"Resource\":\"*\"}]}",
                         VD_A(account.n ? account : VD_S("*"))))
        return vd_fail_nomem(p->err);
    return add_text(p, b, VD_KIND_RESOURCE, VD_LAYER_RESOURCE, "what the resource's owner lets in", text);
}

/* What is asked about is a set as it was compiled, which needs no copy.  One that was opened goes by the facts of its day. */
static bool is_whole(const vd_side *side, uint32_t agrees)
{
    bool whole = side->set && agrees == 0 && vd_set_for_all(side->set) && side->count == vd_set_policies(side->set);

    for (uint32_t i = 0; i < side->count && whole; i++)
        whole = side->documents[i].id != VD_NONE && vd_set_model(side->set, side->documents[i].id) != NULL;
    return whole;
}

static vd_code compile(vd_prover *p, vd_side *side, vd_replay_set *r)
{
    vd_builder *b = NULL;
    vd_code     code = vd_builder_new(&b, p->engine, p->err);

    for (uint32_t i = 0; code == VD_OK && i < side->count; i++) {
        const vd_document *d = &side->documents[i];
        vd_attach          at = { .size = sizeof at, .layer = d->layer, .level = d->level, .target = d->target };

        if (d->id != VD_NONE)
            code = vd_builder_add(b, d->policy, &at, p->err);
    }
    if (code == VD_OK)
        code = add_agreement(p, b, side, r->agrees, r->account);
    if (code == VD_OK)
        code = vd_builder_compile(&r->set, b, &(vd_compile_opts){ .size = sizeof(vd_compile_opts), .strip_sources = true }, p->err);
    vd_builder_free(b);
    return code;
}

static vd_code build(vd_prover *p, vd_side *side, vd_replay_set *r)
{
    if (is_whole(side, r->agrees))
        r->set = vd_set_retain((vd_set *)(uintptr_t)side->set);
    else
        VD_TRY(compile(p, side, r));
    r->scratch_size = vd_scratch_size(r->set);
    r->scratch = vd_alloc(&p->engine->alloc, r->scratch_size);
    return r->scratch ? VD_OK : vd_fail_nomem(p->err);
}

static vd_code replay_set(vd_prover *p, vd_side *side, uint32_t agrees, vd_str account, vd_replay_set **out)
{
    vd_replay_set *r;

    if (!(agrees & VD_AGREES_RESOURCE))
        account = (vd_str){ "", 0 };
    for (uint32_t i = 0; i < VD_REPLAYS; i++)
        if (side->replays[i].scratch && side->replays[i].agrees == agrees && vd_str_eq(side->replays[i].account, account)) {
            *out = &side->replays[i];
            return VD_OK;
        }
    r = *out = &side->replays[side->next_replay++ % VD_REPLAYS];
    vd_free(&p->engine->alloc, r->scratch, r->scratch_size);
    vd_set_release(r->set);
    *r = (vd_replay_set){ .agrees = agrees };
    return vd_arena_dup(&p->arena, &r->account, account) ? build(p, side, r) : vd_fail_nomem(p->err);
}

vd_code vd_side_decide(vd_decision *out, vd_prover *p, vd_side *side, uint32_t agrees, vd_str account)
{
    vd_replay_set *r;
    vd_code        code;

    *out = (vd_decision){ .size = sizeof *out };
    VD_TRY(replay_set(p, side, agrees, account, &r));
    p->request->state = side->known ? side->known->state : NULL;
    code = vd_eval(out, r->set, p->request, r->scratch);
    p->request->state = NULL;
    return code;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading the tables of powerful actions.  Names that a catalogue does not have are left out: it may be another one.
 */
#include "lint/powers.h"

#include "base/limits.h"
#include "base/str.h"
#include "text/doc.h"

static const char *const named[VD_NAMED_COUNT] = {
    [VD_NAMED_PASS_ROLE] = "iam:PassRole",
    [VD_NAMED_CREATE_SLR] = "iam:CreateServiceLinkedRole",
    [VD_NAMED_ASSUME_ROLE] = "sts:AssumeRole",
    [VD_NAMED_KMS_DECRYPT] = "kms:Decrypt",
    [VD_NAMED_KMS_RE_ENCRYPT] = "kms:ReEncryptFrom",
    [VD_NAMED_KMS_GRANT] = "kms:CreateGrant",
    [VD_NAMED_CREATE_ROLE] = "iam:CreateRole",
    [VD_NAMED_CREATE_USER] = "iam:CreateUser",
    [VD_NAMED_ATTACH_ROLE_POLICY] = "iam:AttachRolePolicy",
    [VD_NAMED_ATTACH_USER_POLICY] = "iam:AttachUserPolicy",
    [VD_NAMED_PUT_ROLE_POLICY] = "iam:PutRolePolicy",
    [VD_NAMED_PUT_USER_POLICY] = "iam:PutUserPolicy",
    [VD_NAMED_DELETE_ROLE_BOUNDARY] = "iam:DeleteRolePermissionsBoundary",
    [VD_NAMED_DELETE_USER_BOUNDARY] = "iam:DeleteUserPermissionsBoundary",
    [VD_NAMED_PUT_ROLE_BOUNDARY] = "iam:PutRolePermissionsBoundary",
    [VD_NAMED_PUT_USER_BOUNDARY] = "iam:PutUserPermissionsBoundary",
    [VD_NAMED_CREATE_VERSION] = "iam:CreatePolicyVersion",
    [VD_NAMED_SET_VERSION] = "iam:SetDefaultPolicyVersion",
    [VD_NAMED_DELETE_POLICY] = "iam:DeletePolicy",
};

typedef struct reading {
    vd_powers        *p;
    const vd_catalog *c;
    vd_doc            doc;
    bool              failed;
} reading;

/* The slot of an action, a new one when it has none yet. */
static uint32_t slot_of(reading *r, uint32_t action, uint8_t bits)
{
    vd_powers *p = r->p;

    if (action == VD_NONE)
        return VD_NONE;
    p->bits[action] |= bits;
    if (p->slot_of[action] == 0) {
        p->actions[p->slots] = action;
        p->slot_of[action] = (uint16_t)++p->slots;
    }
    return p->slot_of[action] - 1u;
}

/* ------------------------------------------------------------------ powerful.tsv */

static uint8_t class_bits(vd_str name, vd_str when)
{
    static const struct {
        vd_str  name;
        uint8_t bit;
    } classes[] = {
        { VD_L("exposure"), VD_POWER_EXPOSURE },       { VD_L("exfiltration"), VD_POWER_EXFILTRATION },
        { VD_L("credentials"), VD_POWER_CREDENTIALS }, { VD_L("destruction"), VD_POWER_DESTRUCTION },
        { VD_L("evasion"), VD_POWER_EVASION },
    };
    uint8_t bits = vd_str_eq(when, VD_S("strict"))   ? VD_POWER_STRICT
                   : vd_str_eq(when, VD_S("severe")) ? VD_POWER_SEVERE
                                                     : 0;

    for (size_t i = 0; i < VD_COUNT(classes); i++)
        if (vd_str_eq(name, classes[i].name))
            return (uint8_t)(bits | classes[i].bit);
    return 0;
}

static void read_classes(reading *r)
{
    vd_sheet s = vd_catalog_sheet(r->c, VD_S("powerful"));

    for (uint32_t i = 0; i < s.rows; i++)
        slot_of(r, vd_catalog_find(r->c, vd_sheet_cell(s, i, 0)),
                class_bits(vd_sheet_cell(s, i, 1), vd_sheet_cell(s, i, 2)));
}

/* What opens a resource to others by its very name: PutXPolicy, AddPermission, ShareX ... of level permissions management. */
static bool sounds_like_exposure(vd_str name)
{
    static const vd_str begins[] = { VD_L("Put"), VD_L("Add"), VD_L("Set"), VD_L("Authorize"),
                                     VD_L("Grant"), VD_L("Create"), VD_L("Share"), VD_L("Enable") };
    static const vd_str ends[] = { VD_L("Policy"), VD_L("Permission"), VD_L("Permissions"), VD_L("Access"), VD_L("Share") };
    bool                begun = false, ended = false;

    for (size_t i = 0; i < VD_COUNT(begins); i++)
        begun |= vd_str_starts(name, begins[i]);
    for (size_t i = 0; i < VD_COUNT(ends); i++)
        ended |= vd_str_ends(name, ends[i]);
    return begun && ended;
}

/* Policies of iam itself are not shared with anybody: the ways to become somebody have rules of their own. */
static void read_exposing(reading *r)
{
    uint32_t iam = vd_catalog_find_service(r->c, VD_S("iam"));

    for (uint32_t a = 0; a < vd_catalog_actions(r->c); a++)
        if (vd_catalog_level_of(r->c, a) == VD_LEVEL_PERMISSIONS && vd_catalog_service_of(r->c, a) != iam &&
            sounds_like_exposure(vd_catalog_action(r->c, a).name))
            slot_of(r, a, VD_POWER_EXPOSURE);
}

/* ------------------------------------------------------------------ techniques.json */

static vd_str text_at(reading *r, uint32_t object, const char *name)
{
    uint32_t at = object == VD_NONE ? VD_NONE : vd_doc_member(&r->doc, object, vd_str_of(name));
    vd_str   s = { "", 0 };

    if (at != VD_NONE && r->doc.nodes[at].kind == VD_NODE_STRING && !vd_arena_dup(&r->p->arena, &s, vd_doc_text(&r->doc, at)))
        r->failed = true;
    return s;
}

static void add_call(reading *r, vd_step *step, vd_str call)
{
    vd_str   action = vd_str_first(call, vd_str_find(call, '@'));
    uint32_t slot = slot_of(r, vd_catalog_find(r->c, action), VD_POWER_STEP);

    if (slot != VD_NONE && !VD_ARENA_PUSH(&r->p->arena, step->slots, step->count, step->cap, slot))
        r->failed = true;
}

static void read_call(reading *r, vd_technique *t, uint32_t node)
{
    uint32_t any = vd_doc_member(&r->doc, node, VD_S("anyOf"));
    uint32_t context = vd_doc_member(&r->doc, node, VD_S("context"));
    vd_step  step = { .service = text_at(r, context, "iam:PassedToService") };

    if (vd_doc_member(&r->doc, node, VD_S("optional")) != VD_NONE)
        return;
    if (any == VD_NONE)
        add_call(r, &step, text_at(r, node, "action"));
    for (uint32_t c = any == VD_NONE ? VD_NONE : vd_doc_first(&r->doc, any); c != VD_NONE; c = vd_doc_next(&r->doc, any, c))
        add_call(r, &step, vd_doc_text(&r->doc, c));
    if (!VD_ARENA_PUSH(&r->p->arena, t->steps, t->step_count, t->step_cap, step))
        r->failed = true;
}

static void read_guards(reading *r, vd_technique *t, uint32_t lint)
{
    uint32_t list = vd_doc_member(&r->doc, lint, VD_S("guards"));

    for (uint32_t c = list == VD_NONE ? VD_NONE : vd_doc_first(&r->doc, list); c != VD_NONE; c = vd_doc_next(&r->doc, list, c)) {
        vd_str key = { "", 0 };

        if (!vd_arena_dup(&r->p->arena, &key, vd_doc_text(&r->doc, c)) ||
            !VD_ARENA_PUSH(&r->p->arena, t->guards, t->guard_count, t->guard_cap, key))
            r->failed = true;
    }
}

/* Techniques without "lint" are for graphs: they hang on facts that a document does not tell. */
static void read_technique(reading *r, uint32_t node)
{
    uint32_t     lint = vd_doc_member(&r->doc, node, VD_S("lint")), calls = vd_doc_member(&r->doc, node, VD_S("calls"));
    vd_technique t = { 0 };
    vd_str       confidence;

    if (lint == VD_NONE || calls == VD_NONE)
        return;
    t.id = text_at(r, node, "id");
    t.becomes = text_at(r, lint, "becomes");
    confidence = text_at(r, lint, "confidence");
    t.confidence = vd_str_eq(confidence, VD_S("low")) ? VD_CONFIDENCE_LOW : VD_CONFIDENCE_HIGH;
    read_guards(r, &t, lint);
    for (uint32_t c = vd_doc_first(&r->doc, calls); c != VD_NONE; c = vd_doc_next(&r->doc, calls, c))
        read_call(r, &t, c);
    if (!VD_ARENA_PUSH(&r->p->arena, r->p->techniques, r->p->technique_count, r->p->technique_cap, t))
        r->failed = true;
}

static void read_techniques(reading *r)
{
    vd_sheet  s = vd_catalog_sheet(r->c, VD_S("techniques"));
    vd_limits limits = { 0 };
    vd_source source = { .name = VD_S("techniques.json") };
    vd_arena  scratch = vd_arena_on(&r->p->arena.alloc, 0);

    if (s.rows) {
        vd_limits_fill(&limits, NULL);
        source.text = vd_sheet_cell(s, 0, 0);
        if (vd_json_read(&r->doc, &scratch, &source, &limits, NULL, NULL, NULL) != VD_OK)
            r->failed = true;
        else
            for (uint32_t c = vd_doc_first(&r->doc, 0); c != VD_NONE; c = vd_doc_next(&r->doc, 0, c))
                read_technique(r, c);
    }
    vd_arena_done(&scratch);
}

vd_powers *vd_powers_new(const vd_catalog *c, const vd_allocator *a)
{
    vd_powers *p = vd_alloc0(a, sizeof *p);
    uint32_t   n = vd_catalog_actions(c);
    reading    r = { .p = p, .c = c };

    if (!p)
        return NULL;
    p->arena = vd_arena_on(a, 0);
    p->bits = vd_arena_new_array(&p->arena, uint8_t, n ? n : 1);
    p->slot_of = vd_arena_new_array(&p->arena, uint16_t, n ? n : 1);
    p->actions = vd_arena_new_array(&p->arena, uint32_t, n ? n : 1);
    if (!p->bits || !p->slot_of || !p->actions) {
        vd_powers_free(p, a);
        return NULL;
    }
    for (size_t i = 0; i < VD_NAMED_COUNT; i++)
        p->named[i] = slot_of(&r, vd_catalog_find(c, vd_str_of(named[i])), VD_POWER_STEP);
    read_classes(&r);
    read_exposing(&r);
    read_techniques(&r);
    if (r.failed) {
        vd_powers_free(p, a);
        return NULL;
    }
    return p;
}

void vd_powers_free(vd_powers *p, const vd_allocator *a)
{
    if (!p)
        return;
    vd_arena_done(&p->arena);
    vd_free(a, p, sizeof *p);
}

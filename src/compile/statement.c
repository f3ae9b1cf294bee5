/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy's statements as records: what the evaluator reads (effect, resource, principal, condition) and what only
 * people read (Sid, position).
 */
#include "compile/compile.h"

#include "base/str.h"

/* A pool list {count | flag, ids ...} for two and more, or with the flag. */
static vd_code put_list(vd_compiler *c, uint32_t *ids, uint32_t count, bool negated, uint32_t *index)
{
    ids[0] = count | (negated ? VD_REF_NOT : 0);
    return vd_put_run(c, VD_SEC_POOL, ids, count + 1, index);
}

static uint32_t *id_list(vd_compiler *c, uint32_t count)
{
    return vd_arena_new_array(&c->piece, uint32_t, (size_t)count + 1);
}

static vd_code put_resource(vd_compiler *c, const vd_policy *p, const vd_list *l, uint32_t *ref)
{
    const vd_ipattern *pattern;
    uint32_t          *ids, index;

    *ref = VD_NONE;
    if (!l->present)
        return VD_OK; /* E301: whatever the document is attached to */
    ids = id_list(c, l->texts.count);
    if (!ids)
        return vd_fail_nomem(c->err);
    for (uint32_t i = 0; i < l->texts.count; i++) {
        VD_TRY(vd_put_resource(c, p, l->texts.at[i].text, &ids[i + 1]));
        pattern = vd_at(c, VD_SEC_PATTERNS, ids[i + 1]);
        if (!l->negated && pattern->parts == 0 && pattern->shape == VD_GLOB_ALL)
            return VD_OK; /* one star among them is enough */
    }
    if (l->texts.count == 1 && !l->negated) {
        *ref = ids[1];
        return VD_OK;
    }
    VD_TRY(put_list(c, ids, l->texts.count, l->negated, &index));
    *ref = VD_REF_LIST | index;
    return VD_OK;
}

/* Cheap tests first; what the whole condition says does not depend on it. */
static uint32_t cost(const vd_compiler *c, uint32_t atom)
{
    static const uint8_t costs[] = {
        [VD_TEST_NULL] = 0,      [VD_TEST_BOOL] = 1,      [VD_TEST_STRING] = 2,    [VD_TEST_STRING_FOLDED] = 4,
        [VD_TEST_LIKE] = 4,      [VD_TEST_ARN] = 6,       [VD_TEST_IP] = 5,        [VD_TEST_BINARY] = 6,
        [VD_TEST_NUMBER_EQ] = 5, [VD_TEST_NUMBER_LT] = 5, [VD_TEST_NUMBER_LE] = 5, [VD_TEST_NUMBER_GT] = 5,
        [VD_TEST_NUMBER_GE] = 5, [VD_TEST_DATE_EQ] = 5,   [VD_TEST_DATE_LT] = 5,   [VD_TEST_DATE_LE] = 5,
        [VD_TEST_DATE_GT] = 5,   [VD_TEST_DATE_GE] = 5,
    };
    const vd_iatom *a = vd_at(c, VD_SEC_ATOMS, atom);

    return costs[a->test] + (a->count > 8 ? 2u : 0u);
}

static vd_code put_condition(vd_compiler *c, const vd_policy *p, const vd_statement *s, uint32_t *ref)
{
    uint32_t *ids, count = 0, index;

    *ref = VD_NONE;
    if (s->entry_count == 0)
        return VD_OK;
    ids = id_list(c, s->entry_count);
    if (!ids)
        return vd_fail_nomem(c->err);
    for (uint32_t i = 0; i < s->entry_count; i++) {
        uint32_t atom, at;

        VD_TRY(vd_put_entry(c, p, &s->entries[i], &atom));
        for (at = ++count; at > 1 && cost(c, ids[at - 1]) > cost(c, atom); at--)
            ids[at] = ids[at - 1];
        ids[at] = atom;
    }
    if (count == 1) {
        *ref = ids[1];
        return VD_OK;
    }
    VD_TRY(put_list(c, ids, count, false, &index));
    *ref = VD_REF_LIST | index;
    return VD_OK;
}

static vd_code put_principals(vd_compiler *c, const vd_principals *l, vd_istatement *out)
{
    vd_iprincipal *list;

    if (!l->present)
        return VD_OK;
    out->flags |= VD_STATEMENT_PRINCIPAL | (l->negated ? VD_STATEMENT_NOT_PRINCIPAL : 0u);
    list = vd_arena_new_array(&c->piece, vd_iprincipal, (size_t)l->count + 1);
    if (!list)
        return vd_fail_nomem(c->err);
    for (uint32_t i = 0; i < l->count; i++)
        VD_TRY(vd_put_principal(c, &l->at[i], &list[i]));
    out->principal_count = l->count;
    return vd_put_run(c, VD_SEC_PRINCIPALS, list, l->count, &out->principal);
}

static vd_code put_not_action(vd_compiler *c, const vd_list *l, uint32_t *index)
{
    uint32_t *ids;

    *index = 0;
    if (!l->present || !l->negated)
        return VD_OK;
    ids = id_list(c, l->texts.count);
    if (!ids)
        return vd_fail_nomem(c->err);
    for (uint32_t i = 0; i < l->texts.count; i++) {
        vd_action_shape shape;

        VD_TRY(vd_action_shape_of(c, l->texts.at[i].text, &shape));
        VD_TRY(vd_put_action(c, shape.text, &ids[i + 1]));
    }
    return put_list(c, ids, l->texts.count, true, index);
}

static vd_code put_info(vd_compiler *c, uint32_t policy, const vd_statement *s, vd_pos at)
{
    vd_iinfo info = { .policy = policy,
                      .index = s->index,
                      .offset = at.offset,
                      .length = at.length,
                      .line = at.line,
                      .column = at.column };

    if (s->has_sid)
        VD_TRY(vd_put_text(c, s->sid.text, &info.sid));
    return vd_put(c, VD_SEC_INFOS, &info, sizeof info, NULL);
}

static vd_code put_statement(vd_compiler *c, const vd_policy *p, const vd_statement *s)
{
    vd_istatement out = { .flags = s->effect == VD_EFFECT_DENY ? VD_STATEMENT_DENY : 0u,
                          .res = VD_NONE,
                          .cond = VD_NONE };
    uint32_t      not_action = 0;

    if (s->malformed) {
        out.flags |= VD_STATEMENT_MALFORMED;
    } else {
        VD_TRY(put_resource(c, p, &s->resource, &out.res));
        VD_TRY(put_condition(c, p, s, &out.cond));
        VD_TRY(put_principals(c, &s->principal, &out));
        VD_TRY(put_not_action(c, &s->action, &not_action));
    }
    if (!VD_PUSH(c->a, &c->not_action, not_action))
        return vd_fail_nomem(c->err);
    return vd_put(c, VD_SEC_STATEMENTS, &out, sizeof out, NULL);
}

/* Where the text of a policy will stand: emit.c copies it into the block. */
static vd_code place_text(vd_compiler *c, vd_str s, vd_itext *out)
{
    size_t end;

    if (!vd_add_ok(c->text_bytes, s.n, &end) || end > UINT32_MAX / 2 || end > c->limit)
        return vd_fail(c->err, VD_ELIMIT, "the compiled set would be larger than %llu bytes (limit set_bytes)",
                       (unsigned long long)(c->limit < UINT32_MAX / 2 ? c->limit : UINT32_MAX / 2));
    *out = (vd_itext){ (uint32_t)c->text_bytes, (uint32_t)s.n };
    c->text_bytes = end;
    return VD_OK;
}

vd_code vd_compile_policy(vd_compiler *c, uint32_t policy)
{
    const vd_policy *p = c->b->policies.at[policy];
    vd_locator       locator = { 0 };
    vd_pos           at = { 0 };
    vd_ipolicy      *out;
    vd_itext         name, text = { 0 }, file;

    for (uint32_t i = 0; i < p->statement_count; i++) {
        at = vd_locator_pos(&locator, &p->source, p->statements[i].span);
        VD_TRY(put_statement(c, p, &p->statements[i]));
        VD_TRY(put_info(c, policy, &p->statements[i], at));
        vd_arena_reset(&c->piece);
    }
    if (p->statement_count == 0)
        at = vd_locator_pos(&locator, &p->source, (vd_span){ 0 });
    VD_TRY(vd_put_text(c, vd_policy_name(p), &name));
    VD_TRY(vd_put_text(c, at.file, &file));
    if (!c->strip)
        VD_TRY(place_text(c, vd_policy_text(p), &text));
    out = vd_at(c, VD_SEC_POLICIES, policy);
    out->name = name;
    out->file = file;
    out->text = text;
    out->kind = (uint32_t)p->kind;
    out->first = c->first.at[policy];
    out->count = p->statement_count;
    return VD_OK;
}

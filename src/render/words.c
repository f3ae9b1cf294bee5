/* SPDX-License-Identifier: Apache-2.0
 *
 * The words that text, Markdown and JSON share.
 */
#include "render/render.h"

const char *vd_word_result(int32_t result)
{
    static const char *const names[] = { "not-supplied", "ignored", "allows", "denies", "silent", "full", "broken" };

    return result >= 0 && (size_t)result < VD_COUNT(names) ? names[result] : "unknown";
}

const char *vd_word_element(const vd_element_trace *e)
{
    static const char *const plain[] = { "Principal", "Action", "Resource", "Condition" };
    static const char *const negated[] = { "NotPrincipal", "NotAction", "NotResource", "Condition" };

    if (e->element < 0 || (size_t)e->element >= VD_COUNT(plain))
        return "element";
    return e->negated ? negated[e->element] : plain[e->element];
}

static void quoted(vd_buf *out, vd_str s)
{
    vd_buf_byte(out, '"');
    vd_look_safe(out, s);
    vd_buf_byte(out, '"');
}

static void list(vd_buf *out, const vd_str *items, size_t count, size_t most, const char *last)
{
    size_t shown = count > most + 1 ? most : count;

    for (size_t i = 0; i < shown; i++) {
        if (i)
            vd_buf_printf(out, "%s", i + 1 == count ? last : ", ");
        quoted(out, items[i]);
    }
    if (shown < count)
        vd_buf_printf(out, " and %zu more", count - shown);
}

void vd_word_list(vd_buf *out, const vd_str *items, size_t count, size_t most)
{
    list(out, items, count, most, " or ");
}

/* Everything but its conditions matches. */
static bool is_meant(const vd_statement_trace *s)
{
    bool meant = !s->deny && !s->applied && !s->malformed;

    for (size_t i = 0; meant && i < s->element_count; i++)
        meant = s->elements[i]->matched || s->elements[i]->element == VD_ELEMENT_CONDITION;
    return meant;
}

const vd_statement_trace *vd_word_meant(const vd_check_trace *c)
{
    if (!c->near_miss || is_meant(c->near_miss))
        return NULL;
    for (size_t i = 0; i < c->layer_count; i++)
        for (size_t j = 0; c->layers[i]->layer == c->near_miss->layer && j < c->layers[i]->statement_count; j++)
            if (is_meant(c->layers[i]->statements[j]))
                return c->layers[i]->statements[j];
    return NULL;
}

void vd_word_level(vd_buf *out, uint32_t level, vd_str target)
{
    if (target.n)
        vd_look_safe(out, target);
    else
        vd_buf_printf(out, "level %u", level);
}

void vd_word_statement(vd_buf *out, vd_str sid, uint32_t index)
{
    if (sid.n)
        quoted(out, sid);
    else
        vd_buf_printf(out, "Statement[%u]", index);
}

/* The request's side of an element. */
static void actual(vd_buf *out, const vd_element_trace *e)
{
    if (e->actual_count == 0) {
        vd_buf_add(out, e->absent ? VD_S("the request does not carry it") : VD_S("the request has none"));
        return;
    }
    vd_buf_add(out, VD_S("the request has "));
    list(out, e->actual, e->actual_count, 4, " and ");
    if (e->derived)
        vd_buf_add(out, VD_S(" (derived)"));
}

static const struct {
    const char *rule, *text;
} rules[] = {
    { "unparsable", "the value cannot be read as this type" },
    { "multivalued", "several values meet an operator for one" },
    { "malformed-value", "the policy's value cannot be read as this type" },
    { "empty-values", "the policy lists no value" },
};

/* What the policy says.  Of patterns the one that matched or came closest is enough; that a negated element matches
 * is a thing of all of them. */
static void expected(vd_buf *out, const vd_element_trace *e)
{
    if (e->negated && e->matched && e->element != VD_ELEMENT_CONDITION) {
        vd_buf_add(out, VD_S("none of "));
        vd_word_list(out, e->expected, e->expected_count, 4);
    } else if (e->nearest.n && e->element != VD_ELEMENT_CONDITION)
        quoted(out, e->nearest);
    else
        vd_word_list(out, e->expanded ? e->expanded : e->expected, e->expected_count, 4);
}

void vd_word_element_text(vd_buf *out, const vd_element_trace *e)
{
    bool condition = e->element == VD_ELEMENT_CONDITION;

    if (condition) {
        vd_look_safe(out, e->operator_name);
        vd_buf_byte(out, ' ');
        vd_look_safe(out, e->key);
        vd_buf_add(out, e->matched ? VD_S(" holds: ") : VD_S(" does not hold: "));
    } else {
        vd_buf_printf(out, "%s %s: ", vd_word_element(e), e->matched ? "matches" : "does not match");
    }
    if (e->expected_count)
        expected(out, e);
    if (e->matched && !condition && e->expected_count)
        return; /* what was asked for stands above already */
    if (e->expected_count)
        vd_buf_add(out, VD_S("; "));
    if (!(e->absent && e->remark.n)) /* the remark says it */
        actual(out, e);
    if (e->variable.n) {
        vd_buf_add(out, VD_S("; the variable "));
        vd_look_safe(out, e->variable);
        vd_buf_add(out, VD_S(" has no value here"));
    }
    for (size_t i = 0; i < VD_COUNT(rules); i++)
        if (e->rule.n == strlen(rules[i].rule) && memcmp(e->rule.p, rules[i].rule, e->rule.n) == 0)
            vd_buf_printf(out, "; %s", rules[i].text);
    if (e->remark.n) {
        vd_buf_add(out, e->absent ? VD_S("") : VD_S("; "));
        vd_look_safe(out, e->remark);
    }
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What concerns the document as a whole: Sids (E109), the characters (E122), the size (E123, E124).
 */
#include "policy/read.h"

#include "base/engine.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "pattern/template.h"

/* ---- Sids ---- */

static void check_sid_characters(vd_policy_reader *r, const vd_statement *st)
{
    vd_str   s = st->sid.text;
    uint32_t cp;

    if (s.n == 0) {
        vd_policy_report(r, VD_RULE_EMPTY_SID, st->sid.span, NULL, "empty Sid");
        return;
    }
    if (!r->kind->iam && vd_template_has_parts(s))
        vd_policy_report_as(r, VD_RULE_VARIABLE_ELEMENT, VD_WARNING, VD_FAULT_NONE, st->sid.span, NULL,
                            "variables are not expanded in Sid; AWS sees the characters ${...}");
    for (size_t i = 0; i < s.n; i++) {
        if (vd_is_alpha(s.p[i]) || vd_is_digit(s.p[i]))
            continue;
        vd_policy_report_as(
            r, VD_RULE_INVALID_SID, r->kind->iam ? VD_ERROR : VD_WARNING, VD_FAULT_NONE, st->sid.span, NULL,
            r->kind->iam ? "Sid may hold letters and digits only; \"%s\" is not allowed"
                         : "some services want letters and digits only in a Sid; "
                           "found \"%s\"",
            vd_policy_show(r, vd_str_first(vd_str_from(s, i), vd_utf8_next(vd_str_from(s, i), &cp))));
        return;
    }
}

static void report_same_sid(vd_policy_reader *r, const vd_statement *st, uint32_t first)
{
    vd_policy_report_as(r, VD_RULE_DUPLICATE_SID, r->kind->iam ? VD_ERROR : VD_WARNING, VD_FAULT_NONE,
                        st->sid.span, NULL, "Sid \"%s\" is also used by statement %u",
                        vd_policy_show(r, st->sid.text), (unsigned)first + 1);
}

/* Ids of Sids in order of arrival, and the statement that first had each. */
static void check_sids_unique(vd_policy_reader *r)
{
    const vd_policy    *p = r->policy;
    const vd_allocator *a = &p->engine->alloc;
    vd_intern           seen = { .seed = p->engine->hash_seed };
    uint32_t           *first = vd_arena_new_array(&r->scratch, uint32_t, p->statement_count);

    if (!first)
        vd_policy_nomem(r);
    for (uint32_t i = 0; i < p->statement_count && r->code == VD_OK; i++) {
        const vd_statement *st = &p->statements[i];
        uint32_t            id, before = seen.strings.count;

        if (!st->has_sid || st->sid.text.n == 0)
            continue;
        if (!vd_intern_add(&seen, a, st->sid.text, &id))
            vd_policy_nomem(r);
        else if (id == before)
            first[id] = i;
        else
            report_same_sid(r, st, first[id]);
    }
    vd_intern_done(&seen, a);
}

static void check_sids(vd_policy_reader *r)
{
    uint32_t sids = 0;

    for (uint32_t i = 0; i < r->policy->statement_count; i++) {
        const vd_statement *st = &r->policy->statements[i];

        if (!st->has_sid)
            continue;
        sids += st->sid.text.n > 0;
        check_sid_characters(r, st);
    }
    if (sids > 1)
        check_sids_unique(r);
}

/* ---- characters ---- */

static bool allowed(uint32_t cp)
{
    return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp <= 0xff);
}

static void check_string(vd_policy_reader *r, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];
    vd_str         s = vd_doc_text(r->doc, node);
    vd_span        whole = vd_policy_span(r, node);

    for (size_t i = 0; i < s.n;) {
        uint32_t cp = 0, length = vd_utf8_next(vd_str_from(s, i), &cp);

        if (length == 0)
            length = 1;
        if (!allowed(cp)) {
            vd_policy_report(r, VD_RULE_INVALID_CHARACTER,
                             n->flags & VD_NODE_DECODED
                                 ? whole
                                 : (vd_span){ whole.offset + (whole.length > s.n) + (uint32_t)i, length },
                             NULL, "U+%04X is not allowed in %s", (unsigned)cp, r->kind->label.p);
            return;
        }
        i += length;
    }
}

/* Code points above U+00FF begin with C4 or more; control characters need an escape. */
static bool may_hold_odd_characters(vd_str text)
{
    unsigned char most = 0;

    for (size_t i = 0; i < text.n; i++)
        most = (unsigned char)text.p[i] > most ? (unsigned char)text.p[i] : most;
    return most >= 0xc4 || vd_str_find(text, '\\') < text.n;
}

static void check_characters(vd_policy_reader *r, uint32_t root)
{
    if (!r->kind->iam || !may_hold_odd_characters(r->policy->source.text))
        return;
    for (uint32_t node = root; node < r->doc->nodes[root].next; node++)
        if (r->doc->nodes[node].kind == VD_NODE_STRING)
            check_string(r, node);
}

/* ---- size ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Code points of JSON, with or without the white space between tokens. */
size_t vd_json_characters(vd_str text, bool spaces)
{
    size_t n = 0;
    bool   string = false;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (string && c == '\\' && i + 1 < text.n) {
            n += 2; /* what follows is never white space that could be left out */
            i++;
            continue;
        }
        if (c == '"')
            string = !string;
        if ((string || spaces || !is_space(c)) && ((unsigned char)c & 0xc0) != 0x80)
            n++;
    }
    return n;
}

vd_str vd_policy_service(const vd_policy *p)
{
    vd_str service = { "", 0 };

    for (uint32_t i = 0; i < p->statement_count; i++) {
        const vd_texts *actions = &p->statements[i].action.texts;

        for (uint32_t k = 0; k < actions->count; k++) {
            vd_str prefix = vd_str_first(actions->at[k].text, vd_str_find(actions->at[k].text, ':'));

            if (service.n == 0)
                service = prefix;
            else if (!vd_str_ieq(service, prefix))
                return VD_S("");
        }
    }
    return service;
}

vd_quota vd_policy_quota(const vd_policy *p)
{
    return p->kind == VD_KIND_RESOURCE ? vd_quota_of(VD_S("service"), vd_policy_service(p)) : vd_quota_of(vd_kind_rows[p->kind].name, VD_S(""));
}

/* White space of a policy within another document is not what will be sent: it does not count. */
size_t vd_policy_size(const vd_policy *p, uint8_t counting, bool as_written)
{
    if (counting == VD_COUNT_BYTES)
        return p->json.n;
    return vd_json_characters(p->json, counting == VD_COUNT_CHARACTERS && as_written && !p->source.outer &&
                                           p->source.offset == 0);
}

static void check_size(vd_policy_reader *r, uint32_t root)
{
    static const char *const how[] = {
        [VD_COUNT_PIECES] = "pieces",
        [VD_COUNT_NO_SPACE] = "characters without white space",
        [VD_COUNT_CHARACTERS] = "characters",
        [VD_COUNT_BYTES] = "bytes",
    };
    vd_quota q = vd_policy_quota(r->policy);
    size_t   size;

    if (q.most == 0 || r->policy->json.n <= q.most)
        return;
    size = vd_policy_size(r->policy, q.counting, true);
    if (size > q.most)
        vd_policy_report_as(r, VD_RULE_POLICY_SIZE, q.severity, VD_FAULT_NONE,
                            (vd_span){ vd_policy_span(r, root).offset, 1 }, NULL, "%zu %s; " VD_F " may have %u",
                            size, how[q.counting], VD_A(q.label), (unsigned)q.most);
}

void vd_policy_check_document(vd_policy_reader *r, uint32_t root)
{
    if (r->code != VD_OK || (!r->notes && !r->sink))
        return; /* none of this has any influence on an evaluation */
    check_sids(r);
    check_characters(r, root);
    check_size(r, root);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What a "no" rests on, for somebody else to check: each set of tests of one variable that no value fulfils, a line of JSON.
 * The search only ever puts such contradictions together by cases.  tests/certify/check.py reads the lines and knows nothing
 * of how they came about.
 *
 * A coded pattern is text in which U+E000 and the code points after it stand for the wildcards 0xff, 0xfe ... of
 * pattern/glob.h and words.h.
 */
#include "symbolic/inside.h"

#include "base/utf8.h"
#include "policy/kinds.h"
#include "text/json_write.h"

enum { FIRST_WILDCARD = 0xf8, LAST_WILDCARD = 0xff, PRINTED = 0xe000 };

static const char *const askers[VD_ASKER_COUNT] = {
    [VD_ASKER_ANONYMOUS] = "anonymous",       [VD_ASKER_ROLE] = "role",       [VD_ASKER_USER] = "user",
    [VD_ASKER_ROOT] = "root",                 [VD_ASKER_FEDERATED_USER] = "federated-user", [VD_ASKER_SERVICE] = "service",
    [VD_ASKER_WEB_IDENTITY] = "web-identity", [VD_ASKER_SAML] = "saml",       [VD_ASKER_CANONICAL] = "canonical",
};
static const char *const variables[VD_VAR_KEYS] = {
    [VD_VAR_PRINCIPAL] = "principal",   [VD_VAR_RESOURCE] = "resource",   [VD_VAR_PRINCIPAL_ORG] = "principal-organization",
    [VD_VAR_SOURCE_ORG] = "source-organization", [VD_VAR_OWNER_ORG] = "owner-organization",
    [VD_VAR_ENDPOINT_ORG] = "endpoint-organization", [VD_VAR_SOURCE] = "source", [VD_VAR_ACCESS_POINT] = "access-point",
    [VD_VAR_CALLED] = "called",         [VD_VAR_CLOCK] = "clock",
};
static const char *const views[VD_VIEW_ALL + 1] = {
    [VD_VIEW_NONE] = "whole",      [VD_VIEW_ARN] = "arn",         [VD_VIEW_ACCOUNT] = "account", [VD_VIEW_USER_NAME] = "user-name",
    [VD_VIEW_USER_ID] = "user-id", [VD_VIEW_FEDERATED_ID] = "federated-id", [VD_VIEW_OWNER] = "account",
    [VD_VIEW_ORG_ID] = "organization-id", [VD_VIEW_ORG_PATH] = "organization-path", [VD_VIEW_LINE_1] = "first-line",
    [VD_VIEW_LINE_2] = "second-line", [VD_VIEW_FIELD_5] = "account", [VD_VIEW_FIRST] = "first", [VD_VIEW_SECOND] = "second",
    [VD_VIEW_THIRD] = "third",     [VD_VIEW_LAST] = "last",       [VD_VIEW_ALL] = "all",
};
static const char *const principal_types[] = { "AWS", "Service", "Federated", "CanonicalUser", "*" };
static const char *const owners[] = { "any", "in-arn", "elsewhere", "star" };

static vd_json *words(const char *text)
{
    return vd_json_string(vd_str_of(text));
}

static vd_json *pattern(const vd_ask *a, vd_str coded)
{
    vd_buf   b = vd_buf_on(&a->s->alloc, 0);
    vd_json *j;

    for (size_t i = 0; i < coded.n; i++) {
        unsigned char c = (unsigned char)coded.p[i];
        char          text[4];

        if (c < FIRST_WILDCARD)
            vd_buf_byte(&b, coded.p[i]);
        else
            vd_buf_add(&b, (vd_str){ text, vd_utf8_put(text, PRINTED + (LAST_WILDCARD - c)) });
    }
    j = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return j;
}

static vd_json *patterns(const vd_ask *a, const vd_str *at, uint32_t count)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < count; i++)
        vd_json_push(list, pattern(a, at[i]));
    return list;
}

static vd_json *texts(const vd_texts *t)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < t->count; i++)
        vd_json_push(list, vd_json_string(t->at[i].text));
    return list;
}

/* ------------------------------------------------------------------ tests */

static void put_entry(const vd_ask *a, const vd_atom *atom, vd_json *o)
{
    static const char *const quantifiers[] = { [VD_FOR_ONE] = "one", [VD_FOR_ALL] = "all", [VD_FOR_ANY] = "any" };
    const vd_entry          *e = atom->entry;

    vd_json_set(o, "operator", vd_json_string(e->op.op->name));
    vd_json_set(o, "quantifier", words(quantifiers[e->op.quantifier]));
    vd_json_set(o, "ifExists", vd_json_bool(e->op.if_exists));
    vd_json_set(o, "key", vd_json_string(a->s->keys[atom->var - VD_VAR_KEYS].spelled));
    vd_json_set(o, "view", words(views[vd_universe_rule(a, &a->s->keys[atom->var - VD_VAR_KEYS]).view]));
    vd_json_set(o, "several", vd_json_bool(a->s->keys[atom->var - VD_VAR_KEYS].many));
    vd_json_set(o, "values", texts(&e->values));
}

static void put_principals(const vd_atom *atom, vd_json *o)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < atom->who->count; i++) {
        vd_json *one = vd_json_array();

        vd_json_push(one, words(principal_types[atom->who->at[i].type]));
        vd_json_push(one, vd_json_string(atom->who->at[i].text.text));
        vd_json_push(list, one);
    }
    vd_json_set(o, "principals", list);
    vd_json_set(o, "chain", vd_json_bool(atom->chain));
    vd_json_set(o, "kinds", vd_json_int(atom->kinds));
}

static vd_json *literal(const vd_ask *a, vd_literal l)
{
    const vd_atom *atom = &a->s->atoms[l.atom];
    vd_json       *o = vd_json_object();

    vd_json_set(o, "holds", vd_json_bool(l.holds));
    switch ((vd_atom_kind)atom->kind) {
    case VD_ATOM_ENTRY:
        put_entry(a, atom, o);
        break;
    case VD_ATOM_RESOURCE:
        vd_json_set(o, "resources", texts(&atom->list->texts));
        vd_json_set(o, "kind", vd_json_string(vd_kind_rows[atom->policy->kind].name));
        break;
    case VD_ATOM_PRINCIPAL:
        put_principals(atom, o);
        break;
    case VD_ATOM_TEXTS:
        vd_json_set(o, "patterns", patterns(a, atom->patterns, atom->pattern_count));
        vd_json_set(o, "withoutCase", vd_json_bool(atom->fold));
        vd_json_set(o, "otherAsker", vd_json_bool(atom->var == VD_VAR_PRINCIPAL && !(atom->askers >> a->profile.who & 1u)));
        break;
    }
    if (atom->variables)
        vd_json_set(o, "variables", vd_json_bool(true));
    return o;
}

/* ------------------------------------------------------------------ variables */

static void put_key(const vd_ask *a, uint32_t var, vd_json *o)
{
    static const char *const presences[] = { [VD_KEY_FREE] = "free", [VD_KEY_MUST] = "must", [VD_KEY_NEVER] = "never" };
    const vd_key_var        *key = &a->s->keys[var - VD_VAR_KEYS];
    vd_key_rule              r = vd_universe_rule(a, key);

    vd_json_set(o, "variable", words("key"));
    vd_json_set(o, "key", vd_json_string(key->spelled));
    vd_json_set(o, "presence", words(presences[r.presence]));
    vd_json_set(o, "several", key->unknown ? words("unknown") : vd_json_bool(key->many));
    if (r.constant.n)
        vd_json_set(o, "constant", vd_json_string(r.constant));
    if (r.yes_or_no)
        vd_json_set(o, "yesOrNo", vd_json_bool(true));
    if (r.domain.digits)
        vd_json_set(o, "digits", vd_json_int(r.domain.longest));
    if (r.domain.no_wildcards)
        vd_json_set(o, "noWildcards", vd_json_bool(true));
}

static void put_variable(vd_ask *a, uint32_t var, vd_json *o)
{
    vd_globs form;

    if (var >= VD_VAR_KEYS) {
        put_key(a, var, o);
        return;
    }
    vd_json_set(o, "variable", words(variables[var]));
    if (var == VD_VAR_RESOURCE && vd_resource_shape(a, &form)) {
        vd_json_set(o, "forms", patterns(a, form.patterns, form.count));
        vd_json_set(o, "owner", words(owners[a->profile.owner]));
    } else if (var > VD_VAR_RESOURCE) {
        vd_json_set(o, "mayBeAbsent", vd_json_bool(!vd_family_must(a, var)));
    }
}

static vd_json *begin(const vd_ask *a)
{
    static const char *const paths[VD_PATH_COUNT] = { [VD_PATH_DIRECT] = "direct", [VD_PATH_ENDPOINT] = "endpoint", [VD_PATH_FORWARDED] = "forwarded" };
    vd_json                 *o = vd_json_object();

    vd_json_set(o, "asker", words(askers[a->profile.who]));
    vd_json_set(o, "path", words(paths[a->profile.path]));
    vd_json_set(o, "partition", vd_json_string(vd_partitions[a->profile.partition]));
    vd_json_set(o, "action", vd_json_string(a->goal->action));
    return o;
}

static void end(vd_ask *a, vd_json *o)
{
    vd_buf b = vd_buf_on(&a->s->alloc, 0);

    if (vd_json_dump(&b, o, 0) == VD_OK)
        a->s->certify(a->s->certify_user, vd_buf_str(&b));
    else
        a->nomem = true;
    vd_buf_done(&b);
}

void vd_certify(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count)
{
    vd_json *o = begin(a), *list = vd_json_array();

    put_variable(a, var, o);
    for (uint32_t i = 0; i < count; i++)
        vd_json_push(list, literal(a, l[i]));
    vd_json_set(o, "literals", list);
    end(a, o);
}

void vd_certify_absent(vd_ask *a, vd_literal l)
{
    vd_json *o = begin(a), *list = vd_json_array();

    vd_json_set(o, "variable", words("key"));
    vd_json_set(o, "key", vd_json_string(a->s->keys[a->s->atoms[l.atom].var - VD_VAR_KEYS].spelled));
    vd_json_set(o, "presence", words("never"));
    vd_json_push(list, literal(a, l));
    vd_json_set(o, "literals", list);
    end(a, o);
}

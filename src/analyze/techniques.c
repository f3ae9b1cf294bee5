/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways out of their text.  A file of a user's own must not be half understood: whatever is not known is refused, at its
 * place.
 */
#include "analyze/techniques.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/suggest.h"
#include "catalog/catalog.h"

enum { MOST_WAYS = 4096, MOST_GROUPS = 8, MOST_NAMES = 6 };

typedef struct reading {
    vd_ways      *out;
    vd_arena     *arena;
    const vd_doc *doc;
    vd_way       *way;
    vd_error     *err;
} reading;

static const char *const fact_names[VD_FACT_COUNT] = {
    [VD_FACT_TRUSTS] = "trusts",
    [VD_FACT_TRUSTS_MISSING] = "trustsMissing",
    [VD_FACT_TRUSTS_WEB] = "trustsWeb",
    [VD_FACT_ATTACHED] = "attached",
    [VD_FACT_NOT_ATTACHED] = "notAttached",
    [VD_FACT_CUSTOMER_MANAGED] = "customerManaged",
    [VD_FACT_VERSION] = "version",
    [VD_FACT_BOUNDARY] = "boundary",
    [VD_FACT_BOUNDED] = "bounded",
    [VD_FACT_DENIES] = "denies",
    [VD_FACT_READS_TAGS] = "readsTags",
    [VD_FACT_MEMBER_OF] = "memberOf",
    [VD_FACT_NOT_MEMBER_OF] = "notMemberOf",
    [VD_FACT_KEY_COUNT] = "keyCount",
    [VD_FACT_KEY_COUNT_BELOW] = "keyCountBelow",
    [VD_FACT_HAS_PASSWORD] = "hasPassword",
    [VD_FACT_NO_PASSWORD] = "noPassword",
    [VD_FACT_NOT_SERVICE_LINKED] = "notServiceLinked",
    [VD_FACT_RUNS_AS] = "runsAs",
    [VD_FACT_SSM_MANAGED] = "ssmManaged",
    [VD_FACT_EXEC_ENABLED] = "execEnabled",
    [VD_FACT_CONTROLS] = "controls",
    [VD_FACT_CREDENTIAL] = "credential",
    [VD_FACT_EXISTS] = "exists",
    [VD_FACT_NAMED] = "named",
    [VD_FACT_PATHED] = "pathed",
    [VD_FACT_EXPOSED] = "exposed",
    [VD_FACT_IS_MANAGEMENT] = "isManagement",
    [VD_FACT_DELEGATED_ADMIN] = "delegatedAdmin",
    [VD_FACT_SSO_OWNER] = "ssoOwner",
};
/* What each is about: a principal, a managed policy, one of its versions, a document that somebody holds, a group, a thing,
 * the account, or a text. */
static const char *const fact_args[VD_FACT_COUNT] = {
    [VD_FACT_TRUSTS] = "p*",       [VD_FACT_TRUSTS_MISSING] = "p", [VD_FACT_TRUSTS_WEB] = "p",       [VD_FACT_ATTACHED] = "mp",
    [VD_FACT_NOT_ATTACHED] = "mp", [VD_FACT_CUSTOMER_MANAGED] = "m", [VD_FACT_VERSION] = "mv",       [VD_FACT_BOUNDARY] = "mp",
    [VD_FACT_BOUNDED] = "p",       [VD_FACT_DENIES] = "dp",        [VD_FACT_READS_TAGS] = "p",       [VD_FACT_MEMBER_OF] = "pg",
    [VD_FACT_NOT_MEMBER_OF] = "pg", [VD_FACT_KEY_COUNT] = "pt",    [VD_FACT_KEY_COUNT_BELOW] = "pt", [VD_FACT_HAS_PASSWORD] = "p",
    [VD_FACT_NO_PASSWORD] = "p",   [VD_FACT_NOT_SERVICE_LINKED] = "p", [VD_FACT_RUNS_AS] = "xp",     [VD_FACT_SSM_MANAGED] = "x",
    [VD_FACT_EXEC_ENABLED] = "x",  [VD_FACT_CONTROLS] = "*x",      [VD_FACT_CREDENTIAL] = "xp",      [VD_FACT_EXISTS] = "t",
    [VD_FACT_NAMED] = "pt",        [VD_FACT_PATHED] = "pt",        [VD_FACT_EXPOSED] = "pt",         [VD_FACT_IS_MANAGEMENT] = "a",
    [VD_FACT_DELEGATED_ADMIN] = "at", [VD_FACT_SSO_OWNER] = "a",
};

static const char *const result_names[VD_RESULT_COUNT] = {
    [VD_RESULT_BECOMES] = "becomes", [VD_RESULT_RAISE] = "raise", [VD_RESULT_JOIN] = "join",   [VD_RESULT_UNCAP] = "uncap",
    [VD_RESULT_UNSCP] = "unscp",     [VD_RESULT_ADOPT] = "adopt", [VD_RESULT_DROP] = "drop",   [VD_RESULT_RETAG] = "retag",
    [VD_RESULT_ADMIN] = "admin",     [VD_RESULT_REACH] = "reach", [VD_RESULT_MEETS] = "meets",
};

const char *vd_fact_name(uint8_t fact)
{
    return fact < VD_FACT_COUNT ? fact_names[fact] : "";
}

const char *vd_result_name(uint8_t result)
{
    return result < VD_RESULT_COUNT ? result_names[result] : "";
}

/* ------------------------------------------------------------------ pieces */

static vd_code refuse(const reading *r, uint32_t node, const char *expected)
{
    return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "expected %s, found %s", expected,
                        vd_doc_kind_name(r->doc, node));
}

static vd_code bad(const reading *r, uint32_t node, const char *what)
{
    return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "\"" VD_F "\" is %s",
                        VD_A(vd_doc_text(r->doc, node)), what);
}

static vd_code text_of(const reading *r, uint32_t node, vd_str *out)
{
    if (r->doc->nodes[node].kind != VD_NODE_STRING)
        return refuse(r, node, "a string");
    if (vd_doc_text(r->doc, node).n == 0)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "a string must not be empty here");
    return vd_arena_dup(r->arena, out, vd_doc_text(r->doc, node)) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code list_of(const reading *r, uint32_t node)
{
    return r->doc->nodes[node].kind == VD_NODE_ARRAY && vd_doc_length(r->doc, node) ? VD_OK : refuse(r, node, "a list with something in it");
}

static uint32_t bound_of(const vd_way *w, vd_str name)
{
    for (uint32_t i = 0; i < w->bound_count; i++)
        if (vd_str_eq(w->bounds[i].name, name))
            return i;
    return VD_NONE;
}

static vd_code not_bound(const reading *r, uint32_t node, vd_str name)
{
    vd_str   names[16] = { 0 };
    uint32_t n = r->way->bound_count < 16 ? r->way->bound_count : 16;
    size_t   near;

    for (uint32_t i = 0; i < n; i++)
        names[i] = r->way->bounds[i].name;
    near = vd_suggest(name, names, n);
    vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "\"" VD_F "\" is neither bound nor self, account, \"*\" or an ARN",
                 VD_A(name));
    if (near < n)
        vd_error_hint(r->err, "did you mean \"" VD_F "\"?", VD_A(names[near]));
    return VD_ESYNTAX;
}

/* ------------------------------------------------------------------ bind */

static const struct {
    const char *name;
    uint8_t     kind;
} bound_kinds[] = {
    { "role", VD_BOUND_ROLE },         { "any-role", VD_BOUND_ANY_ROLE }, { "user", VD_BOUND_USER },
    { "principal", VD_BOUND_PRINCIPAL }, { "group", VD_BOUND_GROUP },     { "policy", VD_BOUND_POLICY },
    { "attachable", VD_BOUND_ATTACHABLE }, { "version", VD_BOUND_VERSION }, { "document", VD_BOUND_DOCUMENT },
    { "provider", VD_BOUND_PROVIDER }, { "resource", VD_BOUND_RESOURCE },
};

static vd_code bind_object(const reading *r, uint32_t node, vd_bound_name *b)
{
    static const vd_str names[] = { VD_L("new"), VD_L("thing"), VD_L("arn") };
    uint32_t            at[3];

    VD_TRY(vd_doc_members(r->doc, node, VD_S("a bound name"), names, 3, at, r->err));
    if (at[0] != VD_NONE && at[1] == VD_NONE && at[2] == VD_NONE) {
        b->kind = VD_BOUND_NEW;
        return text_of(r, at[0], &b->pattern);
    }
    if (at[0] != VD_NONE || at[1] == VD_NONE || at[2] == VD_NONE)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "a bound name has either \"new\", or \"thing\" and \"arn\"");
    b->kind = VD_BOUND_THING;
    VD_TRY(text_of(r, at[1], &b->type));
    return text_of(r, at[2], &b->pattern);
}

static vd_code bind_one(const reading *r, uint32_t key)
{
    vd_bound_name b = { .kind = UINT8_MAX };
    uint32_t      value = key + 1;

    VD_TRY(text_of(r, key, &b.name));
    if (r->way->bound_count == MOST_NAMES)
        return vd_fail_span(r->err, VD_ELIMIT, r->doc->source, vd_doc_span(r->doc, key), "a way has at most %d names", MOST_NAMES);
    if (bound_of(r->way, b.name) != VD_NONE)
        return bad(r, key, "bound twice");
    if (r->doc->nodes[value].kind == VD_NODE_OBJECT) {
        VD_TRY(bind_object(r, value, &b));
    } else {
        vd_str kind = { "", 0 };

        VD_TRY(text_of(r, value, &kind));
        for (size_t i = 0; i < VD_COUNT(bound_kinds); i++)
            if (vd_str_eq(kind, vd_str_of(bound_kinds[i].name)))
                b.kind = bound_kinds[i].kind;
        if (b.kind == UINT8_MAX)
            return bad(r, value, "nothing that a name can stand for: role, any-role, user, principal, group, policy, attachable, version, "
                                 "document, provider, resource, {\"thing\"} or {\"new\"}");
    }
    return VD_ARENA_PUSH(r->arena, r->way->bounds, r->way->bound_count, r->way->bound_cap, b) ? VD_OK : vd_fail_nomem(r->err);
}

static bool is_principal(uint8_t kind)
{
    return kind == VD_BOUND_ROLE || kind == VD_BOUND_ANY_ROLE || kind == VD_BOUND_USER || kind == VD_BOUND_PRINCIPAL;
}

static bool is_managed(uint8_t kind)
{
    return kind == VD_BOUND_POLICY || kind == VD_BOUND_ATTACHABLE;
}

static bool has_kind(const vd_way *w, bool (*is)(uint8_t kind))
{
    for (uint32_t i = 0; i < w->bound_count; i++)
        if (is(w->bounds[i].kind))
            return true;
    return false;
}

/* A document is somebody's, a provider is that of a role, a version that of a policy. */
static vd_code check_owners(const reading *r, uint32_t node)
{
    for (uint32_t i = 0; i < r->way->bound_count; i++) {
        uint8_t kind = r->way->bounds[i].kind;

        if ((kind == VD_BOUND_DOCUMENT || kind == VD_BOUND_PROVIDER) && !has_kind(r->way, is_principal))
            return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "a document or provider is that of a principal, which is missing");
        if (kind == VD_BOUND_VERSION && !has_kind(r->way, is_managed))
            return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "a version is that of a policy, which is missing");
    }
    return VD_OK;
}

static vd_code read_bind(const reading *r, uint32_t node)
{
    if (node == VD_NONE)
        return VD_OK;
    if (r->doc->nodes[node].kind != VD_NODE_OBJECT)
        return refuse(r, node, "an object of names");
    for (uint32_t c = vd_doc_first(r->doc, node); c != VD_NONE; c = vd_doc_next(r->doc, node, c))
        VD_TRY(bind_one(r, c));
    return check_owners(r, node);
}

/* ------------------------------------------------------------------ calls */

static bool part_named(vd_str s, uint8_t *out)
{
    static const char *const names[] = { [VD_PART_INLINE] = "inline",
                                         [VD_PART_ATTACHED] = "attached",
                                         [VD_PART_GROUP] = "group",
                                         [VD_PART_GROUP_INLINE] = "group-inline",
                                         [VD_PART_GROUP_ATTACHED] = "group-attached",
                                         [VD_PART_OBJECTS] = "objects" };

    for (uint8_t i = VD_PART_INLINE; i < VD_COUNT(names); i++)
        if (vd_str_eq(s, vd_str_of(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

static bool has_part(uint8_t kind, uint8_t part)
{
    return part == VD_PART_OBJECTS ? kind == VD_BOUND_THING : kind == VD_BOUND_DOCUMENT;
}

static vd_code read_target(const reading *r, uint32_t node, vd_str text, vd_way_call_alt *alt)
{
    vd_str name = text, part = { "", 0 };

    alt->bound = VD_NONE;
    if (vd_str_eq(text, VD_S("*"))) {
        alt->target = VD_ON_ANY;
    } else if (vd_str_eq(text, VD_S("self"))) {
        alt->target = VD_ON_SELF;
    } else if (vd_str_eq(text, VD_S("account"))) {
        alt->target = VD_ON_ACCOUNT;
    } else if (vd_str_starts(text, VD_S("arn:"))) {
        alt->target = VD_ON_ARN;
        alt->text = text;
    } else {
        if (vd_str_find(text, '.') < text.n) {
            part = vd_str_from(text, vd_str_find(text, '.') + 1);
            name = vd_str_first(text, vd_str_find(text, '.'));
        }
        alt->target = VD_ON_BOUND;
        alt->bound = bound_of(r->way, name);
        if (alt->bound == VD_NONE)
            return not_bound(r, node, name);
        if (part.n && (!part_named(part, &alt->part) || !has_part(r->way->bounds[alt->bound].kind, alt->part)))
            return bad(r, node, "no part that it has: of a document inline, attached, group, group-inline, group-attached, of a thing objects");
    }
    return VD_OK;
}

static vd_code add_alt(const reading *r, uint32_t node, vd_str action, vd_str target, vd_way_call *call)
{
    vd_way_call_alt alt = { .action = action };

    if (vd_str_find(action, ':') == action.n)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "\"" VD_F "\" is no action, service:Name",
                            VD_A(action));
    VD_TRY(read_target(r, node, target, &alt));
    return VD_ARENA_PUSH(r->arena, call->alts, call->alt_count, call->alt_cap, alt) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code read_any(const reading *r, uint32_t list, vd_way_call *call)
{
    VD_TRY(list_of(r, list));
    for (uint32_t c = vd_doc_first(r->doc, list); c != VD_NONE; c = vd_doc_next(r->doc, list, c)) {
        vd_str text;
        size_t at;

        VD_TRY(text_of(r, c, &text));
        at = vd_str_find(text, '@');
        if (at == text.n)
            return bad(r, c, "no call: service:Name@target");
        VD_TRY(add_alt(r, c, vd_str_first(text, at), vd_str_from(text, at + 1), call));
    }
    return VD_OK;
}

static vd_code read_pin(const reading *r, uint32_t key, vd_way_call *call)
{
    vd_way_pin pin = { .bound = VD_NONE };
    uint32_t   value = key + 1;

    VD_TRY(text_of(r, key, &pin.key));
    if (r->doc->nodes[value].kind == VD_NODE_NULL) {
        pin.absent = true;
    } else {
        vd_str name;

        VD_TRY(text_of(r, value, &pin.value));
        name = pin.value;
        if (vd_str_ends(name, VD_S(".boundary"))) {
            name = vd_str_first(name, name.n - 9);
            pin.boundary = true;
        }
        pin.bound = bound_of(r->way, name);
        if (pin.boundary && pin.bound == VD_NONE)
            return not_bound(r, value, name);
    }
    return VD_ARENA_PUSH(r->arena, call->pins, call->pin_count, call->pin_cap, pin) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code read_group(const reading *r, uint32_t node, vd_way_call *call)
{
    vd_str text = vd_doc_text(r->doc, node);

    if (r->doc->nodes[node].kind != VD_NODE_NUMBER || text.n != 1 || text.p[0] < '1' || text.p[0] >= '1' + MOST_GROUPS)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "a caller group is a number from 1 to %d",
                            MOST_GROUPS);
    call->group = (uint32_t)(text.p[0] - '1');
    if (call->group >= r->way->group_count)
        r->way->group_count = call->group + 1;
    return VD_OK;
}

static vd_code read_call(const reading *r, uint32_t node)
{
    static const vd_str names[] = { VD_L("group"), VD_L("action"), VD_L("resource"), VD_L("anyOf"), VD_L("context"), VD_L("optional") };
    uint32_t            at[6];
    vd_way_call         call = { 0 };

    VD_TRY(vd_doc_members(r->doc, node, VD_S("a call"), names, 6, at, r->err));
    if ((at[1] == VD_NONE) == (at[3] == VD_NONE) || (at[1] == VD_NONE) != (at[2] == VD_NONE))
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "a call has either \"action\" and \"resource\", or \"anyOf\"");
    if (at[0] == VD_NONE)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "a call needs its \"group\" of callers");
    VD_TRY(read_group(r, at[0], &call));
    if (at[3] != VD_NONE) {
        VD_TRY(read_any(r, at[3], &call));
    } else {
        vd_str action, target;

        VD_TRY(text_of(r, at[1], &action));
        VD_TRY(text_of(r, at[2], &target));
        VD_TRY(add_alt(r, at[2], action, target, &call));
    }
    if (at[4] != VD_NONE && r->doc->nodes[at[4]].kind != VD_NODE_OBJECT)
        return refuse(r, at[4], "an object of keys");
    for (uint32_t c = at[4] == VD_NONE ? VD_NONE : vd_doc_first(r->doc, at[4]); c != VD_NONE; c = vd_doc_next(r->doc, at[4], c))
        VD_TRY(read_pin(r, c, &call));
    if (at[5] != VD_NONE && r->doc->nodes[at[5]].kind != VD_NODE_TRUE && r->doc->nodes[at[5]].kind != VD_NODE_FALSE)
        return refuse(r, at[5], "true or false");
    call.optional = at[5] != VD_NONE && r->doc->nodes[at[5]].kind == VD_NODE_TRUE;
    return VD_ARENA_PUSH(r->arena, r->way->calls, r->way->call_count, r->way->call_cap, call) ? VD_OK : vd_fail_nomem(r->err);
}

/* ------------------------------------------------------------------ facts and results */

static vd_code read_arg(const reading *r, uint32_t node, vd_fact_arg *out)
{
    vd_str text = vd_doc_text(r->doc, node);

    if (r->doc->nodes[node].kind != VD_NODE_STRING && r->doc->nodes[node].kind != VD_NODE_NUMBER)
        return refuse(r, node, "a name, a text or a number");
    *out = (vd_fact_arg){ .target = VD_ON_ARN, .bound = bound_of(r->way, text) };
    if (!vd_arena_dup(r->arena, &out->text, text))
        return vd_fail_nomem(r->err);
    if (out->bound != VD_NONE)
        out->target = VD_ON_BOUND;
    else if (vd_str_eq(text, VD_S("self")))
        out->target = VD_ON_SELF;
    else if (vd_str_eq(text, VD_S("account")))
        out->target = VD_ON_ACCOUNT;
    return VD_OK;
}

static bool is_about(const vd_way *w, const vd_fact_arg *arg, char what)
{
    uint8_t kind = arg->target == VD_ON_BOUND ? w->bounds[arg->bound].kind : UINT8_MAX;

    switch (what) {
    case 'p': return is_principal(kind) || arg->target == VD_ON_SELF;
    case 'm': return is_managed(kind);
    case 'v': return kind == VD_BOUND_VERSION;
    case 'd': return kind == VD_BOUND_DOCUMENT;
    case 'g': return kind == VD_BOUND_GROUP;
    case 'x': return kind == VD_BOUND_THING;
    case 'a': return arg->target == VD_ON_ACCOUNT;
    case 't': return arg->target == VD_ON_ARN;
    default: return true;
    }
}

static vd_code read_args(const reading *r, uint32_t list, vd_way_fact *f)
{
    size_t wanted = strlen(fact_args[f->fact]);

    VD_TRY(list_of(r, list));
    if (vd_doc_length(r->doc, list) != wanted)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, list), "\"%s\" is about %zu, not %u",
                            fact_names[f->fact], wanted, vd_doc_length(r->doc, list));
    for (uint32_t c = vd_doc_first(r->doc, list); c != VD_NONE; c = vd_doc_next(r->doc, list, c)) {
        VD_TRY(read_arg(r, c, &f->args[f->arg_count]));
        if (!is_about(r->way, &f->args[f->arg_count], fact_args[f->fact][f->arg_count]))
            return bad(r, c, "nothing that this fact can be about");
        f->arg_count++;
    }
    return VD_OK;
}

static vd_code read_fact(const reading *r, uint32_t node)
{
    vd_way_fact f = { .fact = VD_FACT_COUNT };
    uint32_t    key = r->doc->nodes[node].kind == VD_NODE_OBJECT ? vd_doc_first(r->doc, node) : VD_NONE;

    if (key == VD_NONE || vd_doc_length(r->doc, node) != 1)
        return refuse(r, node, "an object with one fact");
    for (uint8_t i = 0; i < VD_FACT_COUNT; i++)
        if (vd_str_eq(vd_doc_text(r->doc, key), vd_str_of(fact_names[i])))
            f.fact = i;
    if (f.fact == VD_FACT_COUNT)
        return bad(r, key, "no fact that is known here");
    VD_TRY(read_args(r, key + 1, &f));
    return VD_ARENA_PUSH(r->arena, r->way->facts, r->way->fact_count, r->way->fact_cap, f) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code read_reaches(const reading *r, uint32_t list)
{
    VD_TRY(list_of(r, list));
    for (uint32_t c = vd_doc_first(r->doc, list); c != VD_NONE; c = vd_doc_next(r->doc, list, c)) {
        vd_str text;

        VD_TRY(text_of(r, c, &text));
        if (!VD_ARENA_PUSH(r->arena, r->way->reaches, r->way->reach_count, r->way->reach_cap, text))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

/* What the gain has to be: a principal for credentials, a group to join ... */
static bool fits(const vd_way *w, uint8_t result, const vd_fact_arg *gains)
{
    uint8_t kind = gains->target == VD_ON_BOUND ? w->bounds[gains->bound].kind : UINT8_MAX;
    bool    somebody = is_principal(kind) || gains->target == VD_ON_SELF;

    switch (result) {
    case VD_RESULT_BECOMES:
    case VD_RESULT_RAISE:
    case VD_RESULT_UNCAP:
    case VD_RESULT_RETAG: return somebody;
    case VD_RESULT_JOIN: return kind == VD_BOUND_GROUP;
    case VD_RESULT_ADOPT: return kind == VD_BOUND_VERSION || kind == VD_BOUND_ATTACHABLE;
    case VD_RESULT_DROP: return kind == VD_BOUND_DOCUMENT;
    case VD_RESULT_ADMIN:
        return gains->target == VD_ON_ACCOUNT || vd_str_eq(gains->text, VD_S("members")) || vd_str_eq(gains->text, VD_S("organization"));
    case VD_RESULT_UNSCP: return gains->target == VD_ON_ACCOUNT || vd_str_eq(gains->text, VD_S("organization"));
    default: return true;
    }
}

static vd_code read_result(const reading *r, uint32_t node)
{
    vd_way  *w = r->way;
    uint32_t who = VD_NONE, of = VD_NONE;

    if (r->doc->nodes[node].kind != VD_NODE_OBJECT)
        return refuse(r, node, "an object");
    w->result = VD_RESULT_COUNT;
    for (uint32_t c = vd_doc_first(r->doc, node); c != VD_NONE; c = vd_doc_next(r->doc, node, c)) {
        vd_str  name = vd_doc_text(r->doc, c);
        uint8_t result = 0;

        while (result < VD_RESULT_COUNT && !vd_str_eq(name, vd_str_of(result_names[result])))
            result++;
        if (vd_str_eq(name, VD_S("who")))
            who = c + 1;
        else if (vd_str_eq(name, VD_S("of")))
            of = c + 1;
        else if (result == VD_RESULT_COUNT || w->result != VD_RESULT_COUNT)
            return bad(r, c, result == VD_RESULT_COUNT ? "no result that is known here" : "a second result");
        else if ((w->result = result) == VD_RESULT_REACH)
            VD_TRY(read_reaches(r, c + 1));
        else
            VD_TRY(read_arg(r, c + 1, &w->gains));
    }
    if (w->result == VD_RESULT_COUNT || (w->result == VD_RESULT_REACH) != (of != VD_NONE) ||
        (w->result == VD_RESULT_JOIN || w->result == VD_RESULT_ADOPT || w->result == VD_RESULT_DROP) != (who != VD_NONE))
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "a result is one of becomes, raise, uncap, retag, unscp, admin, meets; of join, adopt and drop also \"who\", of reach "
                            "also \"of\"");
    if (of != VD_NONE)
        VD_TRY(read_arg(r, of, &w->gains));
    if (who != VD_NONE)
        VD_TRY(read_arg(r, who, &w->who));
    if (!fits(w, w->result, &w->gains) || (who != VD_NONE && !fits(w, VD_RESULT_RAISE, &w->who)))
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "\"" VD_F "\" is nothing that \"%s\" can be of",
                            VD_A(w->gains.text), result_names[w->result]);
    return VD_OK;
}

/* ------------------------------------------------------------------ ways */

enum { ID, CLASS, SINCE, BIND, CALLS, FACTS, RESULT, CERTAINTY, LINT, UNDO, REFS, MEMBERS };

static vd_code read_words(const reading *r, const uint32_t *at)
{
    vd_way *w = r->way;

    VD_TRY(text_of(r, at[ID], &w->id));
    VD_TRY(text_of(r, at[CLASS], &w->class_name));
    if (at[UNDO] != VD_NONE)
        VD_TRY(text_of(r, at[UNDO], &w->undo));
    if (at[CERTAINTY] != VD_NONE) {
        if (!vd_str_eq(vd_doc_text(r->doc, at[CERTAINTY]), VD_S("potential")))
            return bad(r, at[CERTAINTY], "no certainty: potential, or nothing");
        w->potential = true;
    }
    for (uint32_t i = 0; i < r->out->count; i++)
        if (vd_str_eq(r->out->at[i].id, w->id))
            return bad(r, at[ID], "the id of another way");
    return VD_OK;
}

static vd_code read_way(reading *r, uint32_t node)
{
    static const vd_str names[MEMBERS] = { VD_L("id"),     VD_L("class"),     VD_L("since"), VD_L("bind"), VD_L("calls"), VD_L("facts"),
                                           VD_L("result"), VD_L("certainty"), VD_L("lint"),  VD_L("undo"), VD_L("refs") };
    uint32_t            at[MEMBERS];
    vd_way              w = { .at = vd_source_pos(r->doc->source, vd_doc_span(r->doc, node)) };

    r->way = &w;
    VD_TRY(vd_doc_members(r->doc, node, VD_S("a way"), names, MEMBERS, at, r->err));
    if (at[ID] == VD_NONE || at[CLASS] == VD_NONE || at[CALLS] == VD_NONE || at[RESULT] == VD_NONE)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "a way has an \"id\", a \"class\", \"calls\" and a \"result\"");
    VD_TRY(read_words(r, at));
    VD_TRY(read_bind(r, at[BIND]));
    VD_TRY(list_of(r, at[CALLS]));
    for (uint32_t c = vd_doc_first(r->doc, at[CALLS]); c != VD_NONE; c = vd_doc_next(r->doc, at[CALLS], c))
        VD_TRY(read_call(r, c));
    if (at[FACTS] != VD_NONE)
        VD_TRY(list_of(r, at[FACTS]));
    for (uint32_t c = at[FACTS] == VD_NONE ? VD_NONE : vd_doc_first(r->doc, at[FACTS]); c != VD_NONE; c = vd_doc_next(r->doc, at[FACTS], c))
        VD_TRY(read_fact(r, c));
    VD_TRY(read_result(r, at[RESULT]));
    if (r->out->count >= MOST_WAYS)
        return vd_fail_span(r->err, VD_ELIMIT, r->doc->source, vd_doc_span(r->doc, node), "more than %d ways", MOST_WAYS);
    return VD_ARENA_PUSH(r->arena, r->out->at, r->out->count, r->out->cap, w) ? VD_OK : vd_fail_nomem(r->err);
}

vd_code vd_ways_read(vd_ways *out, vd_arena *arena, vd_str name, vd_str text, vd_error *err)
{
    vd_arena  scratch = vd_arena_on(&arena->alloc, 0);
    vd_limits limits = { 0 };
    vd_source source = { .name = name, .text = text };
    vd_doc    doc = { 0 };
    reading   r = { .out = out, .arena = arena, .doc = &doc, .err = err };
    vd_code   code;

    vd_limits_fill(&limits, NULL);
    code = vd_json_read(&doc, &scratch, &source, &limits, NULL, NULL, err);
    if (code == VD_OK && doc.nodes[0].kind != VD_NODE_ARRAY)
        code = refuse(&r, 0, "a list of ways");
    for (uint32_t c = code == VD_OK ? vd_doc_first(&doc, 0) : VD_NONE; c != VD_NONE && code == VD_OK; c = vd_doc_next(&doc, 0, c))
        code = read_way(&r, c);
    vd_arena_done(&scratch);
    return code;
}

vd_code vd_ways_of(vd_ways *out, vd_arena *arena, const vd_catalog *catalog, vd_error *err)
{
    vd_sheet s = vd_catalog_sheet(catalog, VD_S("techniques"));

    return s.rows ? vd_ways_read(out, arena, VD_S("techniques.json"), vd_sheet_cell(s, 0, 0), err)
                  : vd_fail(err, VD_EINVAL, "the catalogue has no techniques.json");
}

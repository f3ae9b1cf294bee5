/* SPDX-License-Identifier: Apache-2.0
 *
 * Which requests there can be: what keys are there for whom and over which path (universe.tsv), what form principals have,
 * and how keys that show a part of the principal are turned into tests of the principal itself.
 *
 * In universe.tsv a key has a letter for each asker (in the order of vd_asker) and each path: '+' it is there, '-' it is
 * not, 'o' it is there in an organization, '.' either.  values: "R=AssumedRole", "f=true": the only value it can have then.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "pattern/arn.h"

static const char asker_letters[VD_ASKER_COUNT + 1] = "ARUOFSWMC", path_letters[VD_PATH_COUNT + 1] = "def";

/* The row of a key, or of its beginning ("aws:PrincipalTag/"). */
static uint32_t row_of(const vd_ask *a, const vd_key_var *key, vd_sheet *sheet)
{
    size_t slash = vd_str_find(key->key, '/');
    vd_run run;

    *sheet = vd_catalog_sheet(a->s->catalog, VD_S("universe"));
    run = vd_sheet_find(*sheet, key->key);
    if (run.count == 0 && slash < key->key.n)
        run = vd_sheet_find(*sheet, vd_str_first(key->key, slash + 1));
    return run.count ? run.first : VD_NONE;
}

static uint8_t presence(const vd_ask *a, char asker, char path)
{
    if (asker == 'o')
        asker = a->profile.in_organization ? '+' : '-';
    if (asker == '-' || path == '-')
        return VD_KEY_NEVER;
    return asker == '+' || path == '+' ? VD_KEY_MUST : VD_KEY_FREE;
}

static vd_str constant(const vd_ask *a, vd_str values)
{
    vd_str part, rest = values, letter;

    while (rest.n) {
        if (!vd_str_cut(&rest, ',', &part)) {
            part = rest;
            rest = (vd_str){ "", 0 };
        }
        if (vd_str_cut(&part, '=', &letter) && letter.n == 1 &&
            (letter.p[0] == asker_letters[a->profile.who] || letter.p[0] == path_letters[a->profile.path]))
            return part;
    }
    return (vd_str){ "", 0 };
}

vd_key_rule vd_universe_rule(const vd_ask *a, const vd_key_var *key)
{
    vd_key_rule r = { .presence = VD_KEY_FREE };
    vd_sheet    s;
    uint32_t    row = row_of(a, key, &s);
    vd_str      askers, paths, domain;

    if (row == VD_NONE)
        return r;
    askers = vd_sheet_cell(s, row, 1);
    paths = vd_sheet_cell(s, row, 2);
    domain = vd_sheet_cell(s, row, 4);
    if (askers.n == VD_ASKER_COUNT && paths.n == VD_PATH_COUNT)
        r.presence = presence(a, askers.p[a->profile.who], paths.p[a->profile.path]);
    r.constant = constant(a, vd_sheet_cell(s, row, 3));
    r.usual = vd_sheet_cell(s, row, 5);
    r.not_before_now = vd_str_eq(domain, VD_S("now"));
    if (vd_str_eq(domain, VD_S("account")))
        r.domain = (vd_domain){ .digits = true, .shortest = 12, .longest = 12 };
    else if (vd_str_starts(domain, VD_S("organization")))
        r.domain.no_wildcards = true;
    return r;
}

/* ------------------------------------------------------------------ profiles */

/* Two profiles that say the same of all keys of the question are one. */
static bool alike(vd_ask *a, vd_profile x, vd_profile y)
{
    if (x.partition != y.partition)
        return false;
    for (uint32_t i = 0; i < a->s->key_count; i++) {
        vd_key_rule p, q;

        if (a->s->keys[i].view != VD_VIEW_NONE)
            continue;
        a->profile = x;
        p = vd_universe_rule(a, &a->s->keys[i]);
        a->profile = y;
        q = vd_universe_rule(a, &a->s->keys[i]);
        if (p.presence != q.presence || !vd_str_eq(p.constant, q.constant))
            return false;
    }
    return true;
}

/* Other partitions count when some document speaks of them. */
static bool names_partition(const vd_ask *a, uint32_t partition)
{
    for (uint32_t i = 0; i < a->s->box_count; i++)
        if (vd_str_contains(vd_policy_text(a->s->boxes[i].policy), vd_partitions[partition]))
            return true;
    return false;
}

uint32_t vd_universe_profiles(const vd_ask *given, vd_profile *out, uint32_t most)
{
    vd_ask   a = *given;
    uint32_t n = 0;

    for (uint8_t who = 0; who < VD_ASKER_COUNT; who++) {
        uint32_t first = n;

        if (!(given->goal->who >> who & 1u))
            continue;
        for (uint32_t rest = 0; rest < VD_PATH_COUNT * 2 * VD_PARTITIONS; rest++) {
                vd_profile p = { who, (uint8_t)(rest % VD_PATH_COUNT), (uint8_t)(rest / VD_PATH_COUNT / 2),
                                 rest / VD_PATH_COUNT % 2 != 0 };
                bool       known = (p.partition && !names_partition(given, p.partition)) ||
                             (given->goal->paths && !(given->goal->paths >> p.path & 1u));

                for (uint32_t i = first; i < n && !known; i++)
                    known = alike(&a, out[i], p);
                if (!known && n < most)
                    out[n++] = p;
        }
    }
    return n;
}

vd_str vd_account_of(vd_str principal)
{
    vd_arn arn;

    return vd_arn_split(&arn, principal) ? arn.account : VD_S("");
}

uint8_t vd_view_of(const vd_ask *a, const vd_key_var *key)
{
    static const uint32_t with_arn = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER | 1u << VD_ASKER_ROOT |
                                     1u << VD_ASKER_FEDERATED_USER | 1u << VD_ASKER_CANONICAL;

    if (key->view == VD_VIEW_USER_NAME && a->profile.who != VD_ASKER_USER && a->profile.who != VD_ASKER_CANONICAL)
        return VD_VIEW_NONE;
    if (key->view == VD_VIEW_USER_ID && a->profile.who == VD_ASKER_CANONICAL)
        return VD_VIEW_NONE;
    if (key->view == VD_VIEW_USER_ID && a->profile.who == VD_ASKER_ROOT)
        return VD_VIEW_ACCOUNT;
    if (key->view == VD_VIEW_USER_ID && a->profile.who == VD_ASKER_FEDERATED_USER)
        return VD_VIEW_FEDERATED_ID;
    return with_arn >> a->profile.who & 1u ? key->view : (uint8_t)VD_VIEW_NONE;
}

/* ------------------------------------------------------------------ forms of principals */

#define N12 "\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9" /* twelve digits */
#define ANY "\xff"                                             /* any run */
#define LINE "\xf8"                                            /* any run in one line */
#define NAME "\xfa\xfb"                                        /* a name: one character and more */

const vd_str vd_partitions[VD_PARTITIONS] = { VD_L("aws"), VD_L("aws-cn"), VD_L("aws-us-gov") };

/* Behind "arn:PARTITION:". */
static const char *const role_forms[] = { "iam::" N12 ":role/" NAME "\nAROA" NAME ":" NAME,
                                          "iam::" N12 ":role/" LINE "/" NAME "\nAROA" NAME ":" NAME };
static const char *const user_forms[] = { "iam::" N12 ":user/" NAME "\nAIDA" NAME, "iam::" N12 ":user/" LINE "/" NAME "\nAIDA" NAME };
static const char *const root_forms[] = { "iam::" N12 ":root\n" };
static const char *const federated_forms[] = { "sts::" N12 ":federated-user/" NAME "\n\nuser/" NAME "\nAIDA" NAME,
                                               "sts::" N12 ":federated-user/" NAME "\n\nuser/" LINE "/" NAME "\nAIDA" NAME,
                                               "sts::" N12 ":federated-user/" NAME "\n\nroot\n" };
static const char *const canonical_forms[] = { "iam::" N12 ":user/" NAME "\n" NAME };
static const char *const saml_forms[] = { "iam::" N12 ":saml-provider/" NAME };
static const vd_str      hosts[] = { VD_L(NAME "." NAME) };
static const vd_str      anything[] = { VD_L(ANY) };
static const vd_str      nothing[] = { VD_L("") };

static bool in_partition(vd_ask *a, const char *const *forms, uint32_t count, vd_globs *out)
{
    vd_str *patterns = vd_arena_new_array(&a->s->work, vd_str, count);

    for (uint32_t i = 0; patterns && i < count; i++)
        if (!vd_arena_printf(&a->s->work, &patterns[i], "arn:" VD_F ":%s", VD_A(vd_partitions[a->profile.partition]), forms[i]))
            patterns = NULL;
    a->nomem |= patterns == NULL;
    *out = (vd_globs){ patterns, count, false };
    return patterns != NULL;
}

bool vd_principal_shape(vd_ask *a, vd_globs *out)
{
    switch (a->profile.who) {
    case VD_ASKER_ROLE:
        return in_partition(a, role_forms, VD_COUNT(role_forms), out);
    case VD_ASKER_USER:
        return in_partition(a, user_forms, VD_COUNT(user_forms), out);
    case VD_ASKER_ROOT:
        return in_partition(a, root_forms, VD_COUNT(root_forms), out);
    case VD_ASKER_FEDERATED_USER:
        return in_partition(a, federated_forms, VD_COUNT(federated_forms), out);
    case VD_ASKER_CANONICAL:
        return in_partition(a, canonical_forms, VD_COUNT(canonical_forms), out);
    case VD_ASKER_SAML:
        return in_partition(a, saml_forms, VD_COUNT(saml_forms), out);
    case VD_ASKER_SERVICE:
        *out = (vd_globs){ hosts, VD_COUNT(hosts), false };
        return true;
    case VD_ASKER_ANONYMOUS:
        *out = (vd_globs){ nothing, 1, false };
        return true;
    default:
        *out = (vd_globs){ anything, 1, false };
        return true;
    }
}

/* A placeholder of a format stands for one character and more. */
static bool add_form(vd_ask *a, vd_str coded, vd_str *out)
{
    static const vd_str begin = VD_L("arn:\xfd:");
    vd_buf              b = vd_buf_on(&a->s->alloc, 0);
    size_t              at = 0;
    bool                ok;

    if (vd_str_starts(coded, begin)) {
        vd_buf_printf(&b, "arn:" VD_F ":", VD_A(vd_partitions[a->profile.partition]));
        at = begin.n;
    }
    for (; at < coded.n; at++) {
        if (coded.p[at] == VD_STAR)
            vd_buf_byte(&b, VD_ANY);
        else if (coded.p[at] == VD_STAR_IN)
            vd_buf_byte(&b, VD_ANY_IN);
        vd_buf_byte(&b, coded.p[at]);
    }
    ok = !b.failed && vd_arena_dup(&a->s->work, out, vd_buf_str(&b));
    a->nomem |= !ok;
    vd_buf_done(&b);
    return ok;
}

bool vd_resource_shape(vd_ask *a, vd_globs *out)
{
    static const char *const any_arn[] = { "\xfa\xfb:\xfd:\xfd:\xff" };
    vd_str                  *patterns;
    vd_globs                 arn;

    if (!a->shape) {
        patterns = vd_arena_new_array(&a->s->work, vd_str, 2);
        if (!patterns || !in_partition(a, any_arn, 1, &arn)) {
            a->nomem = true;
            return false;
        }
        patterns[0] = arn.patterns[0];
        patterns[1] = VD_S("*");
        *out = (vd_globs){ patterns, 2, false };
        return true;
    }
    patterns = vd_arena_new_array(&a->s->work, vd_str, a->shape->count ? a->shape->count : 1);
    for (uint32_t i = 0; patterns && i < a->shape->count; i++)
        if (!add_form(a, a->shape->patterns[i], &patterns[i]))
            patterns = NULL;
    a->nomem |= patterns == NULL;
    *out = (vd_globs){ patterns, a->shape->count, false };
    return patterns != NULL;
}

/* Wildcards that stay inside the part that the view shows. */
static char inside_part(uint8_t view, char c)
{
    bool star = c == VD_STAR || c == VD_STAR_IN, any = c == VD_ANY || c == VD_ANY_IN;

    if (view == VD_VIEW_ACCOUNT)
        return star ? VD_STAR_IN : any ? VD_ANY_IN : c;
    if (view == VD_VIEW_USER_NAME)
        return star ? VD_STAR_NAME : any ? VD_ANY_NAME : c;
    return c;
}

static bool lift(vd_ask *a, const char *before, uint8_t view, vd_str pattern, const char *behind, vd_str *out)
{
    vd_buf b = vd_buf_on(&a->s->alloc, 0);
    bool   ok;

    vd_buf_add(&b, vd_str_of(before));
    for (size_t i = 0; i < pattern.n; i++)
        vd_buf_byte(&b, inside_part(view, pattern.p[i]));
    vd_buf_add(&b, vd_str_of(behind));
    ok = !b.failed && vd_arena_dup(&a->s->work, out, vd_buf_str(&b));
    a->nomem |= !ok;
    vd_buf_done(&b);
    return ok;
}

/* A name holds no slash, an account no colon: such a pattern matches no part. */
static bool fits_part(uint8_t view, vd_str p)
{
    if (vd_str_find(p, '\n') < p.n || vd_str_find(p, 0) < p.n)
        return false;
    if (view == VD_VIEW_USER_NAME)
        return vd_str_find(p, '/') == p.n && vd_str_find(p, ':') == p.n;
    return view != VD_VIEW_ACCOUNT || vd_str_find(p, ':') == p.n;
}

/* "account:name", of which both parts stand in the ARN: every place where the pattern's ':' can be. */
static bool lift_federated(vd_ask *a, vd_str p, vd_str *out, uint32_t *n)
{
    bool ok = true;

    for (size_t i = 0; i < p.n && ok; i++) {
        char   c = p.p[i];
        bool   star = c == VD_STAR, any = c == VD_ANY;
        vd_str account, name, left, right;

        if (c != ':' && !star && !any)
            continue;
        left = vd_str_first(p, i + star);
        right = vd_str_from(p, i + !star);
        if (!fits_part(VD_VIEW_USER_NAME, left) || !fits_part(VD_VIEW_USER_NAME, right))
            continue;
        ok = lift(a, "arn:\xfd:sts::", VD_VIEW_ACCOUNT, left, ":federated-user/", &account) &&
             lift(a, "", VD_VIEW_USER_NAME, right, "\n" ANY, &name) &&
             vd_arena_printf(&a->s->work, &out[(*n)++], VD_F VD_F, VD_A(account), VD_A(name));
    }
    return ok;
}

bool vd_view_lift(vd_ask *a, uint8_t view, const vd_globs *in, vd_globs *out)
{
    size_t   room = (size_t)in->count * 2 + 1;
    vd_str  *patterns;
    uint32_t n = 0;
    bool     ok;

    for (uint32_t i = 0; i < in->count && view == VD_VIEW_FEDERATED_ID; i++)
        room += in->patterns[i].n;
    patterns = vd_arena_new_array(&a->s->work, vd_str, room);
    ok = patterns != NULL;

    for (uint32_t i = 0; i < in->count && ok; i++) {
        vd_str p = in->patterns[i];

        if (!fits_part(view, p))
            continue;
        switch (view) {
        case VD_VIEW_FEDERATED_ID:
            ok = lift_federated(a, p, patterns, &n);
            break;
        case VD_VIEW_ARN:
            ok = lift(a, "", view, p, "\n" ANY, &patterns[n++]);
            break;
        case VD_VIEW_ACCOUNT:
            ok = lift(a, "arn:\xfd:\xfd::", view, p, ":" ANY, &patterns[n++]);
            break;
        case VD_VIEW_USER_NAME:
            ok = lift(a, "arn:\xfd:iam::\xfd:user/", view, p, "\n" ANY, &patterns[n++]) &&
                 lift(a, "arn:\xfd:iam::\xfd:user/" ANY "/", view, p, "\n" ANY, &patterns[n++]);
            break;
        default:
            ok = lift(a, ANY "\n", view, p, "", &patterns[n++]);
            break;
        }
    }
    a->nomem |= !ok;
    *out = (vd_globs){ patterns, n, in->fold };
    return ok;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of which several keys show parts: the principal, the resource, organizations, sources, access points.  A text has
 * one or more modes (there is none, the ARN has no account ...), in each of which every key is a part or missing; so every
 * literal is a language of the whole, and words.c has the rest.
 */
#include "symbolic/inside.h"

#include "base/str.h"

#define N12 "\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9" /* twelve digits */
#define ANY "\xff"                                             /* any run */
#define LINE "\xf8"                                            /* any run in one line */
#define NAME "\xfa\xfb"                                        /* a name: one character and more */

typedef struct mode {
    bool        absent;  /* no key of the family is there */
    bool        partial; /* only the first, or (only_second) only the second of two keys */
    bool        only_second;
    uint8_t     second;  /* what the second key shows instead of line two; VD_VIEW_NONE: that */
    bool        in_vpc;  /* over an endpoint only */
    const char *form;    /* behind "arn:PARTITION:" */
    const char *plain;   /* or the whole */
    const char *deep;    /* another form of the same */
    const char *usual;
} mode;

static const mode org_modes[] = {
    { .absent = true },
    { .plain = "o-" NAME "/r-" NAME "/", .deep = "o-" NAME "/r-" NAME "/ou-" LINE "/", .usual = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/" },
};
static const mode owner_modes[] = { /* of an owner one may know the organization and not the place in it */
    { .absent = true },
    { .plain = "o-" NAME "/", .partial = true },
    { .plain = "o-" NAME "/r-" NAME "/", .deep = "o-" NAME "/r-" NAME "/ou-" LINE "/" },
};
static const mode source_modes[] = {
    { .absent = true },
    { .plain = "\n" N12, .partial = true, .only_second = true, .usual = "\n999988887777" },
    { .form = NAME ":\xfb:" N12 ":" LINE "\n", .second = VD_VIEW_FIELD_5 },
    { .form = NAME ":\xfb::" LINE "\n", .partial = true },
    { .form = NAME ":\xfb::" LINE "\n" N12 },
};
static const mode point_modes[] = {
    { .absent = true },
    { .form = NAME ":\xfb:" N12 ":accesspoint/" NAME "\nInternet" },
    { .form = NAME ":\xfb:" N12 ":accesspoint/" NAME "\nVPC", .in_vpc = true },
};

static const char *const usual_principals[VD_ASKER_COUNT] = { /* behind "arn:PARTITION:" */
    [VD_ASKER_ROLE] = "iam::999988887777:role/outsider\nAROAEXAMPLEOUTSIDER01:outsider",
    [VD_ASKER_USER] = "iam::999988887777:user/outsider\nAIDAEXAMPLEOUTSIDER01",
    [VD_ASKER_ROOT] = "iam::999988887777:root\n",
    [VD_ASKER_FEDERATED_USER] = "sts::999988887777:federated-user/outsider\nuser/outsider\tAIDAEXAMPLEOUTSIDER01",
    [VD_ASKER_SAML] = "iam::999988887777:saml-provider/outsider",
    [VD_ASKER_CANONICAL] = "iam::999988887777:user/outsider\n79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
};

/* ------------------------------------------------------------------ literals as languages */

static bool never_an_arn(uint8_t view)
{
    return view != VD_VIEW_NONE && view != VD_VIEW_ARN && view != VD_VIEW_LINE_1;
}

/* No text of the view is a number, a date or an address (E538): letters begin it, or it has twelve digits. */
static bool never_read(const vd_operator *op, uint8_t view)
{
    switch ((vd_view)view) {
    case VD_VIEW_ARN:
    case VD_VIEW_LINE_1:
    case VD_VIEW_ORG_ID:
    case VD_VIEW_ORG_PATH:
        return op->test == VD_TEST_IP || (op->test >= VD_TEST_NUMBER_EQ && op->test <= VD_TEST_NUMBER_GE) ||
               (op->test >= VD_TEST_DATE_EQ && op->test <= VD_TEST_DATE_GE);
    case VD_VIEW_ACCOUNT:
    case VD_VIEW_OWNER:
    case VD_VIEW_FIELD_5:
        return op->test == VD_TEST_IP;
    default:
        return false;
    }
}

static bool is_account_number(const vd_operator *op, uint8_t view)
{
    return op->test >= VD_TEST_NUMBER_EQ && op->test <= VD_TEST_NUMBER_GE &&
           (view == VD_VIEW_ACCOUNT || view == VD_VIEW_OWNER || view == VD_VIEW_FIELD_5);
}

static bool null_of_present(const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (vd_str_ieq(e->values.at[i].text, VD_S("false")))
            return true;
    return false;
}

/* The values of the entry as a language of the part; *formed false: none is well formed, and the test fails (E539). */
static bool part_language(vd_ask *a, const vd_atom *atom, uint8_t view, bool in, vd_globs *out, bool *formed)
{
    const vd_operator *op = atom->entry->op.op;

    if (is_account_number(op, view))
        return vd_accounts_of_numbers(a, atom->entry, out, formed);
    if (!vd_atom_globs(a, atom, !in, out))
        return false;
    *formed = vd_atom_formed(atom);
    return true;
}

static bool entry_literal(vd_ask *a, vd_literal l, uint8_t view, vd_globs *out, bool *in, bool *fixed, bool *truth)
{
    const vd_atom     *atom = &a->s->atoms[l.atom];
    const vd_operator *op = atom->entry->op.op;
    bool               many = a->s->keys[atom->var - VD_VAR_KEYS].many;
    vd_globs           seen;
    bool               formed;

    *fixed = true;
    if (op->test == VD_TEST_NULL)
        *truth = null_of_present(atom->entry);
    else if (many && atom->entry->op.quantifier == VD_FOR_ONE) /* E508 */
        *truth = false;
    else if (op->test == VD_TEST_ARN && never_an_arn(view)) /* E538 */
        *truth = false;
    else if (never_read(op, view))
        *truth = atom->entry->op.unread;
    else if (op->test == VD_TEST_BOOL) /* no part of any of these texts is "true" */
        *truth = vd_entry_test(a, atom, VD_S("x"), l.holds);
    else if (!vd_atom_is_text(atom) && !is_account_number(op, view)) {
        a->relaxed = true; /* a number out of a name: nobody writes that */
        a->why = "operator";
        *truth = l.holds;
    } else {
        *fixed = false;
    }
    if (*fixed)
        return !a->nomem;
    *in = l.holds != op->negated;
    if (is_account_number(op, view) && vd_coded_find(atom, view, out))
        return true;
    if (!part_language(a, atom, view, *in, &seen, &formed)) {
        if (a->nomem || !is_account_number(op, view))
            return false;
        a->relaxed = true; /* too many patterns */
        a->why = "operator";
        *fixed = true;
        *truth = l.holds;
        return true;
    }
    if (!formed) {
        *fixed = true;
        *truth = false;
        return true;
    }
    if (vd_coded_find(atom, view, out))
        return true;
    return vd_view_lift(a, view, &seen, out) && vd_coded_keep(a, atom, view, out);
}

bool vd_text_literal(vd_ask *a, vd_literal l, uint8_t view, vd_globs *out, bool *in, bool *fixed, bool *truth)
{
    const vd_atom *atom = &a->s->atoms[l.atom];

    *fixed = false;
    *in = l.holds;
    switch (atom->kind) {
    case VD_ATOM_RESOURCE:
        return vd_atom_globs(a, atom, !l.holds, out);
    case VD_ATOM_PRINCIPAL:
        return vd_principal_language(a, atom, out);
    case VD_ATOM_TEXTS:
        *fixed = atom->var == VD_VAR_PRINCIPAL && !(atom->askers >> a->profile.who & 1u);
        *truth = false;
        *out = (vd_globs){ atom->patterns, atom->pattern_count, atom->fold };
        return true;
    default:
        return entry_literal(a, l, view, out, in, fixed, truth);
    }
}

/* ------------------------------------------------------------------ modes */

/* What a key shows in the mode; VD_VIEW_NONE: it is not there. */
static uint8_t view_in(const mode *m, uint8_t view)
{
    bool second = view == VD_VIEW_LINE_2 || view == VD_VIEW_ORG_PATH;

    if (m->absent || (m->partial && second != m->only_second))
        return VD_VIEW_NONE;
    return second && m->second ? m->second : view;
}

static uint8_t view_of(vd_ask *a, const vd_atom *atom)
{
    return atom->kind == VD_ATOM_ENTRY ? vd_universe_rule(a, &a->s->keys[atom->var - VD_VAR_KEYS]).view : (uint8_t)VD_VIEW_NONE;
}

static bool shape(vd_ask *a, const mode *m, vd_globs *out)
{
    vd_str *plain;

    if (!m->plain)
        return vd_shape_of(a, &m->form, 1, out);
    plain = vd_arena_new_array(&a->s->work, vd_str, 2);
    if (!plain) {
        a->nomem = true;
        return false;
    }
    plain[0] = vd_str_of(m->plain);
    plain[1] = vd_str_of(m->deep ? m->deep : "");
    *out = (vd_globs){ plain, m->deep ? 2 : 1, false };
    return true;
}

/* The texts that the literals leave; VD_UNSAT: none, without looking for one. */
static vd_answer narrow(vd_ask *a, const mode *m, const vd_literal *l, uint32_t count, vd_sides *s)
{
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom *atom = &a->s->atoms[l[i].atom];
        uint8_t        view = view_of(a, atom);
        vd_globs       language;
        bool           in, fixed, truth;

        if (m && (view = view_in(m, view)) == VD_VIEW_NONE) {
            if (vd_entry_when_absent(atom->entry, false, false) != l[i].holds)
                return VD_UNSAT;
            continue;
        }
        if (!vd_text_literal(a, l[i], view, &language, &in, &fixed, &truth))
            return VD_UNKNOWN;
        if (fixed && truth != l[i].holds)
            return VD_UNSAT;
        if (!fixed && !vd_sides_add(a, s, in, language))
            return VD_UNKNOWN;
    }
    return VD_SAT;
}

static bool all_hold(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, const vd_assigned *v)
{
    for (uint32_t i = 0; i < count; i++)
        if (!vd_value_holds(a, var, l[i], v))
            return false;
    return true;
}

/* A text that reads well, when it will do. */
static bool usual_fits(vd_ask *a, uint32_t var, const char *usual, bool arn, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    if (!usual || a->holes != VD_HOLES_FILLED)
        return false;
    out->state = VD_STATE_PRESENT;
    out->count = 1;
    if (!vd_arena_printf(&a->s->work, out->values, "%s%s%s%s", arn ? "arn:" : "", arn ? vd_partitions[a->profile.partition].p : "",
                         arn ? ":" : "", usual)) {
        a->nomem = true;
        return false;
    }
    return all_hold(a, var, l, count, out);
}

static vd_answer find_in_mode(vd_ask *a, uint32_t var, const mode *m, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    vd_sides  s = { 0 };
    vd_globs  form;
    vd_answer answer;

    if (m->absent) {
        out->state = VD_STATE_ABSENT;
        return narrow(a, m, l, count, &s);
    }
    if (usual_fits(a, var, m->usual, false, l, count, out))
        return VD_SAT;
    if (!shape(a, m, &form) || !vd_sides_add(a, &s, true, form))
        return VD_UNKNOWN;
    answer = narrow(a, m, l, count, &s);
    if (answer == VD_SAT)
        answer = vd_sides_solve(a, &s, (vd_domain){ .no_wildcards = var != VD_VAR_SOURCE }, out->values);
    out->state = VD_STATE_PRESENT;
    out->count = answer == VD_SAT;
    return answer;
}

static vd_answer find_modes(vd_ask *a, uint32_t var, const mode *modes, uint32_t n, const vd_literal *l, uint32_t count,
                            vd_assigned *out)
{
    vd_answer worst = VD_UNSAT;

    for (uint32_t i = 0; i < n; i++) {
        vd_answer answer;

        if ((modes[i].absent && vd_family_must(a, var)) || (modes[i].in_vpc && a->profile.path != VD_PATH_ENDPOINT))
            continue;
        answer = find_in_mode(a, var, &modes[i], l, count, out);
        if (answer == VD_SAT)
            return answer;
        if (answer == VD_UNKNOWN)
            worst = answer;
    }
    return worst;
}

/* ------------------------------------------------------------------ principal and resource */

static bool owner_shape(vd_ask *a, vd_sides *s)
{
    static const vd_str in_arn[] = { VD_L("arn:\xfd:\xfd:\xfd:" N12 ":" ANY) }, star[] = { VD_L("*") };

    switch ((vd_owner)a->profile.owner) {
    case VD_OWNER_IN_ARN:
        return vd_sides_add(a, s, true, (vd_globs){ in_arn, 1, false });
    case VD_OWNER_ELSEWHERE:
        return vd_sides_add(a, s, false, (vd_globs){ in_arn, 1, false }) && vd_sides_add(a, s, false, (vd_globs){ star, 1, false });
    case VD_OWNER_STAR:
        return vd_sides_add(a, s, true, (vd_globs){ star, 1, false });
    default:
        return true;
    }
}

/* What else the text must be.  Of resources the rest is as good as one pattern already when the next form comes; that is the
 * first to be chosen from. */
static bool add_form(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_sides *s)
{
    vd_globs form;

    if (var == VD_VAR_PRINCIPAL)
        return vd_principal_shape(a, &form) && vd_sides_add(a, s, true, form);
    if (!owner_shape(a, s) || (a->shape && !vd_merged_take(a, s, l, count)) || !vd_resource_shape(a, &form) || !vd_sides_add(a, s, true, form))
        return false;
    s->in[s->in_count - 1] = s->in[0];
    s->in[0] = form;
    return true;
}

static vd_answer find_whole(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    vd_sides  s = { 0 };
    vd_domain domain = { .no_wildcards = var == VD_VAR_PRINCIPAL };
    vd_answer answer;

    if (var == VD_VAR_PRINCIPAL && usual_fits(a, var, usual_principals[a->profile.who], true, l, count, out))
        return VD_SAT;
    if (var == VD_VAR_PRINCIPAL && a->profile.who == VD_ASKER_SERVICE &&
        usual_fits(a, var, "lambda.amazonaws.com", false, l, count, out))
        return VD_SAT;
    answer = narrow(a, NULL, l, count, &s);
    if (answer == VD_SAT && !add_form(a, var, l, count, &s))
        return VD_UNKNOWN;
    if (answer == VD_SAT)
        answer = vd_sides_solve(a, &s, domain, out->values);
    out->state = VD_STATE_PRESENT;
    out->count = answer == VD_SAT;
    return answer;
}

/* ------------------------------------------------------------------ the services that a call went through */

static vd_answer find_called(vd_ask *a, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    vd_wants    all = { 0 }, some = { 0 }, first = { 0 }, last = { 0 };
    vd_key_rule rule = { .usual = VD_S("athena.amazonaws.com") };
    uint32_t    n = 0;

    out->state = VD_STATE_ABSENT;
    if (vd_missing_fits(a, l, count, false))
        return VD_SAT;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t view = view_of(a, &a->s->atoms[l[i].atom]);

        if (!vd_wants_sort(a, view == VD_VIEW_ALL, &l[i], 1, view == VD_VIEW_FIRST ? &first : view == VD_VIEW_LAST ? &last : &all, &some))
            return VD_UNSAT;
    }
    out->values = vd_arena_new_array(&a->s->work, vd_str, (size_t)some.count + 2);
    out->state = VD_STATE_PRESENT;
    for (uint32_t i = 0; out->values && i < some.count + 2; i++) {
        const vd_wants *own = i == 0 ? &first : &last;
        vd_wants        one = { 0 };
        vd_answer       answer;

        for (uint32_t k = 0; k < all.count; k++)
            vd_wants_add(a, &one, all.at[k].atom, all.at[k].passes);
        if (i > 0 && i <= some.count)
            vd_wants_add(a, &one, some.at[i - 1].atom, some.at[i - 1].passes);
        else
            for (uint32_t k = 0; k < own->count; k++)
                vd_wants_add(a, &one, own->at[k].atom, own->at[k].passes);
        answer = vd_one_find(a, &one, rule, &out->values[n]);
        if (answer != VD_SAT)
            return answer;
        n++;
    }
    out->count = n;
    a->nomem |= !out->values;
    return a->nomem ? VD_UNKNOWN : VD_SAT;
}

/* ------------------------------------------------------------------ all of them */

/* Is a key of the family there in every request of the profile? */
bool vd_family_must(vd_ask *a, uint32_t var)
{
    for (uint32_t i = 0; i < a->used_count; i++) {
        vd_key_rule r = vd_universe_rule(a, &a->s->keys[a->used[i]]);

        if (r.var == var)
            return r.presence == VD_KEY_MUST;
    }
    return false;
}

vd_answer vd_family_find(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    if (var == VD_VAR_CALLED)
        return find_called(a, l, count, out);
    if (var == VD_VAR_CLOCK)
        return vd_clock_find(a, l, count, out);
    out->values = vd_arena_new_array(&a->s->work, vd_str, 1);
    if (!out->values) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    switch (var) {
    case VD_VAR_PRINCIPAL:
    case VD_VAR_RESOURCE:
        return find_whole(a, var, l, count, out);
    case VD_VAR_SOURCE:
        return find_modes(a, var, source_modes, VD_COUNT(source_modes), l, count, out);
    case VD_VAR_OWNER_ORG:
        return find_modes(a, var, owner_modes, VD_COUNT(owner_modes), l, count, out);
    case VD_VAR_ACCESS_POINT:
        return find_modes(a, var, point_modes, VD_COUNT(point_modes), l, count, out);
    default:
        return find_modes(a, var, org_modes, VD_COUNT(org_modes), l, count, out);
    }
}

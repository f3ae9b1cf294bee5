/* SPDX-License-Identifier: Apache-2.0
 *
 * The forms that texts of a request have, and how a test of a part of one (an account, a name, an organization) becomes a
 * test of the whole.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "pattern/arn.h"

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
static const char *const federated_forms[] = { "sts::" N12 ":federated-user/" NAME "\nuser/" NAME "\tAIDA" NAME,
                                               "sts::" N12 ":federated-user/" NAME "\nuser/" LINE "/" NAME "\tAIDA" NAME,
                                               "sts::" N12 ":federated-user/" NAME "\nroot\t" };
static const char *const canonical_forms[] = { "iam::" N12 ":user/" NAME "\n" NAME };
static const char *const saml_forms[] = { "iam::" N12 ":saml-provider/" NAME };
static const char *const web_forms[] = { "iam::" N12 ":oidc-provider/" NAME, "iam::" N12 ":oidc-provider/" NAME "/" LINE };
static const vd_str      web_names[] = { VD_L("cognito-identity.amazonaws.com"), VD_L("accounts.google.com"),
                                         VD_L("www.amazon.com"), VD_L("graph.facebook.com") };
static const vd_str      services[] = { VD_L(NAME "." NAME) };
static const vd_str      nothing[] = { VD_L("") };

bool vd_shape_of(vd_ask *a, const char *const *forms, uint32_t count, vd_globs *out)
{
    vd_str *patterns = vd_arena_new_array(&a->s->work, vd_str, count);

    for (uint32_t i = 0; patterns && i < count; i++) {
        vd_str parts[] = { VD_L("arn:"), vd_partitions[a->profile.partition], VD_L(":"), vd_str_of(forms[i]) };

        if (!vd_arena_join(&a->s->work, &patterns[i], parts, VD_COUNT(parts)))
            patterns = NULL;
    }
    a->nomem |= patterns == NULL;
    *out = (vd_globs){ patterns, count, false };
    return patterns != NULL;
}

static bool web_shape(vd_ask *a, vd_globs *out)
{
    vd_globs arns;
    vd_str  *all = vd_arena_new_array(&a->s->work, vd_str, VD_COUNT(web_forms) + VD_COUNT(web_names));

    if (!all || !vd_shape_of(a, web_forms, VD_COUNT(web_forms), &arns)) {
        a->nomem = true;
        return false;
    }
    memcpy(all, web_names, sizeof web_names);
    memcpy(all + VD_COUNT(web_names), arns.patterns, arns.count * sizeof *all);
    *out = (vd_globs){ all, VD_COUNT(web_names) + arns.count, false };
    return true;
}

bool vd_principal_shape(vd_ask *a, vd_globs *out)
{
    switch (a->profile.who) {
    case VD_ASKER_ROLE:
        return vd_shape_of(a, role_forms, VD_COUNT(role_forms), out);
    case VD_ASKER_USER:
        return vd_shape_of(a, user_forms, VD_COUNT(user_forms), out);
    case VD_ASKER_ROOT:
        return vd_shape_of(a, root_forms, VD_COUNT(root_forms), out);
    case VD_ASKER_FEDERATED_USER:
        return vd_shape_of(a, federated_forms, VD_COUNT(federated_forms), out);
    case VD_ASKER_CANONICAL:
        return vd_shape_of(a, canonical_forms, VD_COUNT(canonical_forms), out);
    case VD_ASKER_ANONYMOUS:
        *out = (vd_globs){ nothing, 1, false };
        return true;
    case VD_ASKER_SAML:
        return vd_shape_of(a, saml_forms, VD_COUNT(saml_forms), out);
    case VD_ASKER_WEB_IDENTITY:
        return web_shape(a, out);
    default:
        *out = (vd_globs){ services, 1, false };
        return true;
    }
}

/* A placeholder of a format stands for one character and more. */
static bool add_form(vd_ask *a, vd_str coded, vd_str *out)
{
    static const vd_str begin = VD_L("arn:\xfd:");
    vd_str              partition = vd_partitions[a->profile.partition];
    char               *to = vd_arena_alloc(&a->s->work, 2 * coded.n + partition.n + 1, 1);
    size_t              n = 0, at = 0;

    if (!to) {
        a->nomem = true;
        return false;
    }
    if (vd_str_starts(coded, begin)) {
        memcpy(to, "arn:", 4);
        memcpy(to + 4, partition.p, partition.n);
        n = 4 + partition.n;
        to[n++] = ':';
        at = begin.n;
    }
    for (; at < coded.n; at++) {
        if (coded.p[at] == VD_STAR)
            to[n++] = VD_ANY;
        else if (coded.p[at] == VD_STAR_IN)
            to[n++] = VD_ANY_IN;
        to[n++] = coded.p[at];
    }
    *out = (vd_str){ to, n };
    return true;
}

bool vd_resource_shape(vd_ask *a, vd_globs *out)
{
    static const char *const any_arn[] = { "\xfa\xfb:\xfd:\xfd:\xff" };
    vd_str                  *patterns;
    vd_globs                 arn;

    if (!a->shape) {
        patterns = vd_arena_new_array(&a->s->work, vd_str, 2);
        if (!patterns || !vd_shape_of(a, any_arn, 1, &arn)) {
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

/* ------------------------------------------------------------------ from a part to the whole */

typedef struct frame {
    const char *before, *behind;
    uint8_t     inner; /* what its wildcards stay within: 0 the line, ':' a field, '/' a name */
} frame;

static frame frame_of(uint8_t view)
{
    switch ((vd_view)view) {
    case VD_VIEW_ARN:
    case VD_VIEW_LINE_1:
        return (frame){ "", "\n" ANY, 0 };
    case VD_VIEW_ACCOUNT:
        return (frame){ "arn:\xfd:\xfd::", ":" ANY, ':' };
    case VD_VIEW_OWNER:
    case VD_VIEW_FIELD_5:
        return (frame){ "arn:\xfd:\xfd:\xfd:", ":" ANY, ':' };
    case VD_VIEW_USER_NAME:
        return (frame){ "arn:\xfd:iam::\xfd:user/", "\n" ANY, '/' };
    case VD_VIEW_ORG_ID:
        return (frame){ "", "/" ANY, '/' };
    case VD_VIEW_USER_ID:
    case VD_VIEW_LINE_2:
        return (frame){ LINE "\n", "", 0 };
    default:
        return (frame){ "", "", 0 };
    }
}

static char inside_part(uint8_t inner, char c)
{
    bool star = c == VD_STAR || c == VD_STAR_IN, any = c == VD_ANY || c == VD_ANY_IN;

    if (inner == ':')
        return star ? VD_STAR_IN : any ? VD_ANY_IN : c;
    if (inner == '/')
        return star ? VD_STAR_NAME : any ? VD_ANY_NAME : c;
    return c == VD_STAR ? VD_STAR_LINE : c;
}

static bool lift(vd_ask *a, frame f, vd_str pattern, vd_str *out)
{
    vd_buf b = vd_buf_on(&a->s->alloc, 0);
    bool   ok;

    vd_buf_add(&b, vd_str_of(f.before));
    for (size_t i = 0; i < pattern.n; i++)
        vd_buf_byte(&b, inside_part(f.inner, pattern.p[i]));
    vd_buf_add(&b, vd_str_of(f.behind));
    ok = !b.failed && vd_arena_dup(&a->s->work, out, vd_buf_str(&b));
    a->nomem |= !ok;
    vd_buf_done(&b);
    return ok;
}

/* A name holds no slash, an account no colon: such a pattern matches no part. */
static bool fits_part(uint8_t inner, vd_str p)
{
    if (vd_str_find(p, '\n') < p.n || vd_str_find(p, 0) < p.n)
        return false;
    if (inner == '/' && vd_str_find(p, '/') < p.n)
        return false;
    return !inner || vd_str_find(p, ':') == p.n;
}

/* "account:name", of which both parts stand in the ARN: every place where the pattern's ':' can be. */
static bool lift_federated(vd_ask *a, vd_str p, vd_str *out, uint32_t *n)
{
    bool ok = true;

    for (size_t i = 0; i < p.n && ok; i++) {
        char   c = p.p[i];
        bool   star = c == VD_STAR;
        vd_str account, name, left, right, both;

        if (c != ':' && !star && c != VD_ANY)
            continue;
        left = vd_str_first(p, i + star);
        right = vd_str_from(p, i + !star);
        if (!fits_part('/', left) || !fits_part('/', right))
            continue;
        ok = lift(a, (frame){ "arn:\xfd:sts::", ":federated-user/", ':' }, left, &account) &&
             lift(a, (frame){ "", "\n" ANY, '/' }, right, &name) &&
             vd_arena_printf(&a->s->work, &both, VD_F VD_F, VD_A(account), VD_A(name));
        a->nomem |= !ok;
        if (ok)
            out[(*n)++] = both;
    }
    return ok;
}

static size_t lifted_room(uint8_t view, const vd_globs *in)
{
    size_t room = (size_t)in->count * 2 + 1;

    for (uint32_t i = 0; i < in->count && view == VD_VIEW_FEDERATED_ID; i++)
        room += in->patterns[i].n;
    return room;
}

bool vd_view_lift(vd_ask *a, uint8_t view, const vd_globs *in, vd_globs *out)
{
    vd_str  *patterns = vd_arena_new_array(&a->s->work, vd_str, lifted_room(view, in));
    frame    f = frame_of(view), deep = { "arn:\xfd:iam::\xfd:user/" LINE "/", "\n" ANY, '/' };
    uint32_t n = 0;
    bool     ok = patterns != NULL;

    for (uint32_t i = 0; i < in->count && ok; i++) {
        if (view == VD_VIEW_FEDERATED_ID)
            ok = lift_federated(a, in->patterns[i], patterns, &n);
        else if (fits_part(f.inner, in->patterns[i]))
            ok = lift(a, f, in->patterns[i], &patterns[n++]);
        if (ok && view == VD_VIEW_USER_NAME && fits_part(f.inner, in->patterns[i]))
            ok = lift(a, deep, in->patterns[i], &patterns[n++]);
    }
    a->nomem |= !ok;
    *out = (vd_globs){ patterns, n, in->fold };
    return ok;
}

/* ------------------------------------------------------------------ from the whole to a part */

vd_str vd_account_of(vd_str arn)
{
    vd_str field = { "", 0 };

    for (int i = 0; i < 5; i++)
        if (!vd_str_cut(&arn, ':', &field))
            return VD_S("");
    return field;
}

static vd_str first_line(vd_str text)
{
    return vd_str_first(text, vd_str_find(text, '\n'));
}

static vd_str second_line(vd_str text)
{
    size_t at = vd_str_find(text, '\n');

    return at < text.n ? vd_str_from(text, at + 1) : VD_S("");
}

static vd_str part_of(vd_ask *a, uint8_t view, vd_str text)
{
    vd_str arn = first_line(text), name = vd_str_from(arn, vd_str_rfind(arn, '/') + 1), id;

    switch ((vd_view)view) {
    case VD_VIEW_ARN:
    case VD_VIEW_LINE_1:
        return arn;
    case VD_VIEW_ACCOUNT:
    case VD_VIEW_OWNER:
    case VD_VIEW_FIELD_5:
        return vd_account_of(arn);
    case VD_VIEW_USER_NAME:
        return name;
    case VD_VIEW_USER_ID:
    case VD_VIEW_LINE_2:
        return second_line(text);
    case VD_VIEW_FEDERATED_ID:
        if (!vd_arena_printf(&a->s->work, &id, VD_F ":" VD_F, VD_A(vd_account_of(arn)), VD_A(name))) {
            a->nomem = true;
            return VD_S("");
        }
        return id;
    case VD_VIEW_ORG_ID:
        return vd_str_first(text, vd_str_find(text, '/'));
    default:
        return text;
    }
}

vd_assigned vd_view_value(vd_ask *a, uint32_t var, uint8_t view, const vd_assigned *value, vd_str *room)
{
    vd_assigned v = *value;

    if (view == VD_VIEW_NONE || view == VD_VIEW_ALL || value->state != VD_STATE_PRESENT)
        return v;
    v.values = room;
    v.count = 1;
    if (view >= VD_VIEW_FIRST)
        *room = value->values[view == VD_VIEW_LAST ? value->count - 1u : (uint32_t)view - VD_VIEW_FIRST];
    else
        *room = part_of(a, view, value->values[0]);
    if (var == VD_VAR_SOURCE && view == VD_VIEW_LINE_2 && room->n == 0)
        *room = vd_account_of(value->values[0]);
    if (var == VD_VAR_OWNER_ORG && view == VD_VIEW_ORG_PATH && vd_str_find(*room, '/') + 1 == room->n)
        v.state = VD_STATE_ABSENT;
    if (room->n == 0 && (var == VD_VAR_SOURCE || var == VD_VAR_CLOCK))
        v.state = VD_STATE_ABSENT;
    return v;
}

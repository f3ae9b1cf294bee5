/* SPDX-License-Identifier: Apache-2.0
 *
 *   message   = ... [ "(" code ")" ... "when calling the" operation "operation" ]
 *               ... [ sentence ] ... [ encoded ]
 *   sentence  = [ "User:" ] principal "is not authorized to perform" [":"] action
 *               [ "on" ["the"] "resource" [":"] resource ] [ reason ]
 *   reason    = "because no" policy "allows the" action "action"
 *             | "with an explicit deny" [ "in" ("a" | "an" | "the") policy [ ":" policy ARN ] ]
 *             | "because public" ("policies" | "ACLs" | "access") "are prevented by" ...
 *   encoded   = "Encoded authorization failure message:" word
 *
 * Words are compared without case and may stand apart by any white space; quotes around a word and a full
 * stop behind it do not belong to it.  The resource may hold blanks (object keys do): it ends where the
 * reason begins.
 */
#include "request/message.h"

#include "base/str.h"

#include <verdict/set.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The length of the phrase at the start of s, whatever white space is between its words; 0: not there. */
static size_t phrase_at(vd_str s, vd_str phrase)
{
    size_t i = 0;

    for (size_t j = 0; j < phrase.n; j++) {
        if (phrase.p[j] == ' ') {
            if (i >= s.n || !is_space(s.p[i]))
                return 0;
            while (i < s.n && is_space(s.p[i]))
                i++;
        } else if (i < s.n && vd_lower(s.p[i]) == vd_lower(phrase.p[j])) {
            i++;
        } else {
            return 0;
        }
    }
    return i;
}

/* Where the phrase stands, s.n: nowhere; *length is how much of s it takes.  A phrase begins where a word
 * does. */
static size_t phrase_find(vd_str s, vd_str phrase, size_t *length)
{
    for (size_t i = 0; i < s.n; i++) {
        if (i > 0 && !is_space(s.p[i - 1]) && s.p[i - 1] != '.' && s.p[i - 1] != ':' && s.p[i - 1] != '(')
            continue;
        *length = phrase_at(vd_str_from(s, i), phrase);
        if (*length)
            return i;
    }
    *length = 0;
    return s.n;
}

static size_t phrase_rfind(vd_str s, vd_str phrase, size_t *length)
{
    size_t found = s.n, at = 0, n = 0, step;

    *length = 0;
    while (at < s.n) {
        step = phrase_find(vd_str_from(s, at), phrase, &n);
        if (!n)
            break;
        found = at + step;
        *length = n;
        at = found + n;
    }
    return found;
}

/* Quotes around, white space and a full stop at the end. */
static vd_str bare(vd_str s)
{
    s = vd_str_trim(s);
    if (s.n && s.p[s.n - 1] == '.')
        s.n--;
    s = vd_str_trim(s);
    if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
        s = (vd_str){ s.p + 1, s.n - 2 };
    return s;
}

static vd_str word(vd_str *rest)
{
    size_t n = 0;
    vd_str s = vd_str_trim(*rest);

    while (n < s.n && !is_space(s.p[n]))
        n++;
    *rest = vd_str_from(s, n);
    return vd_str_first(s, n);
}

/* ------------------------------------------------------------------ the reason */

static const struct {
    vd_str   phrase;
    vd_layer layer;
    bool     trust;
} policies[] = {
    { VD_L("service control policy"), VD_LAYER_SCP, false },
    { VD_L("resource control policy"), VD_LAYER_RCP, false },
    { VD_L("VPC endpoint policy"), VD_LAYER_ENDPOINT, false },
    { VD_L("resource-based policy"), VD_LAYER_RESOURCE, false },
    { VD_L("role trust policy"), VD_LAYER_RESOURCE, true },
    { VD_L("identity-based policy"), VD_LAYER_IDENTITY, false },
    { VD_L("permissions boundary"), VD_LAYER_BOUNDARY, false },
    { VD_L("session policy"), VD_LAYER_SESSION, false },
};

/* The policy type at the start of s; takes it away. */
static void policy_type(vd_str *s, vd_told *told)
{
    for (size_t i = 0; i < VD_COUNT(policies); i++) {
        size_t n = phrase_at(*s, policies[i].phrase);

        if (!n)
            continue;
        told->layer = policies[i].layer;
        told->trust = policies[i].trust;
        *s = vd_str_from(*s, n);
        return;
    }
}

static void explicit_reason(vd_str s, vd_told *told)
{
    static const vd_str articles[] = { VD_L("in an "), VD_L("in a "), VD_L("in the "), VD_L("in ") };
    size_t              at, n = 0;

    told->explicit_deny = true;
    s = vd_str_trim(s);
    for (size_t i = 0; i < VD_COUNT(articles) && !n; i++)
        n = phrase_at(s, articles[i]);
    s = vd_str_from(s, n);
    policy_type(&s, told);
    at = phrase_find(s, VD_S("transitively through a service control policy"), &n);
    s = vd_str_first(s, at);
    at = vd_str_find(s, ':');
    if (at < s.n) {
        vd_str rest = vd_str_from(s, at + 1), policy = bare(word(&rest));

        if (vd_str_istarts(policy, VD_S("arn:")))
            told->policy = policy;
    }
}

static void implicit_reason(vd_str s, vd_told *told)
{
    s = vd_str_trim(s);
    policy_type(&s, told);
}

enum { REASON_IMPLICIT, REASON_EXPLICIT, REASON_PUBLIC, REASON_OTHER };

static const struct {
    vd_str  phrase;
    uint8_t kind;
} reasons[] = {
    { VD_L("because no "), REASON_IMPLICIT },
    { VD_L("with an explicit deny"), REASON_EXPLICIT },
    { VD_L("because public "), REASON_PUBLIC },
    { VD_L("because "), REASON_OTHER },
};

/* Cuts the reason off the end of s and takes it in.  The last one counts: an object key may hold such
 * words too. */
static vd_str reason(vd_str s, vd_message *m)
{
    size_t best = s.n, length = 0, kind = 0;
    vd_str rest;

    for (size_t i = 0; i < VD_COUNT(reasons); i++) {
        size_t n, at = phrase_rfind(s, reasons[i].phrase, &n);

        if (n && (!length || at > best)) {
            best = at;
            length = n;
            kind = i;
        }
    }
    if (!length)
        return s;
    rest = vd_str_from(s, best + length);
    if (reasons[kind].kind == REASON_IMPLICIT)
        implicit_reason(rest, &m->told);
    else if (reasons[kind].kind == REASON_EXPLICIT)
        explicit_reason(rest, &m->told);
    m->public_block = reasons[kind].kind == REASON_PUBLIC;
    return vd_str_first(s, best);
}

/* ------------------------------------------------------------------ the sentence */

/* What stands before "is not authorized": behind "User:", or the last word. */
static vd_str principal(vd_str before)
{
    size_t n, at = phrase_rfind(before, VD_S("User:"), &n);

    before = vd_str_trim(before);
    if (n)
        before = vd_str_trim(vd_str_from(before, at + n));
    for (size_t i = before.n; i > 0; i--)
        if (is_space(before.p[i - 1]))
            return bare(vd_str_from(before, i));
    return bare(before);
}

static void resource(vd_str s, vd_message *m)
{
    static const vd_str openings[] = { VD_L("on resource:"), VD_L("on resource "), VD_L("on the resource:") };
    size_t              n = 0;

    s = vd_str_trim(s);
    for (size_t i = 0; i < VD_COUNT(openings) && !n; i++)
        n = phrase_at(s, openings[i]);
    if (n)
        m->resource = bare(vd_str_from(s, n));
    m->vague = phrase_at(s, VD_S("on the resource ")) > 0;
}

/* Some services let further sentences follow; a resource ends before them. */
static vd_str one_sentence(vd_str s)
{
    static const vd_str next[] = { VD_L("Encoded authorization failure message:"), VD_L("(Service:"),
                                   VD_L("Status Code:"), VD_L("Request ID:") };

    for (size_t i = 0; i < VD_COUNT(next); i++) {
        size_t n, at = phrase_find(s, next[i], &n);

        s = vd_str_first(s, at);
    }
    if (s.n && s.p[s.n - 1] == '(')
        s.n--;
    return s;
}

static bool sentence(vd_message *m, vd_str text)
{
    size_t n, at = phrase_find(text, VD_S("is not authorized to perform"), &n);
    vd_str rest;

    if (!n)
        return false;
    m->principal = principal(vd_str_first(text, at));
    rest = one_sentence(vd_str_from(text, at + n));
    rest = vd_str_trim(rest);
    if (rest.n && rest.p[0] == ':')
        rest = vd_str_from(rest, 1);
    m->action = bare(word(&rest));
    resource(reason(rest, m), m);
    return vd_str_find(m->action, ':') < m->action.n;
}

static void call(vd_message *m, vd_str text)
{
    size_t n, at = phrase_find(text, VD_S("An error occurred ("), &n);
    vd_str rest = vd_str_from(text, at + n);

    if (n && vd_str_find(rest, ')') < rest.n)
        m->code = vd_str_first(rest, vd_str_find(rest, ')'));
    at = phrase_find(text, VD_S("when calling the "), &n);
    rest = vd_str_from(text, at + n);
    if (n)
        m->operation = word(&rest);
}

bool vd_message_find(vd_message *out, vd_str text)
{
    size_t n, at;
    vd_str rest;
    bool   said;

    *out = (vd_message){ .told.layer = VD_LAYER_NONE };
    call(out, text);
    said = sentence(out, text);
    at = phrase_find(text, VD_S("Encoded authorization failure message:"), &n);
    rest = vd_str_from(text, at + n);
    if (n)
        out->told.encoded = bare(word(&rest));
    return said || out->told.encoded.n > 0;
}

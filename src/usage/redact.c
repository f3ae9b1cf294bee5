/* SPDX-License-Identifier: Apache-2.0
 *
 * A text is cut into words; a word is told by what it looks like.
 */
#include "usage/redact.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"

enum { KEY_BYTES = 16, KEY_MOST = 128, TOKEN_BYTES = 100, PSEUDONYM = 16, SHOWN = 4 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_key_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || vd_is_digit(c);
}

/* Of an address of mail before its '@'. */
static bool is_local_byte(char c)
{
    return is_letter(c) || vd_is_digit(c) || (c && strchr(".!#$%&'*+-=?^_`~", c)) || (unsigned char)c >= 0x80;
}

static bool is_domain_byte(char c)
{
    return is_letter(c) || vd_is_digit(c) || c == '.' || c == '-' || (unsigned char)c >= 0x80;
}

static bool is_token_byte(char c)
{
    return is_letter(c) || vd_is_digit(c) || c == '+' || c == '/' || c == '=' || c == '_' || c == '-' || c == '%';
}

static size_t run_of(vd_str s, size_t from, bool (*is)(char))
{
    size_t n = 0;

    while (from + n < s.n && is(s.p[from + n]))
        n++;
    return n;
}

/* AKIA and ASIA: long-term and temporary; ABIA and ACCA: of services and contexts. */
static size_t key_at(vd_str s, size_t at)
{
    static const vd_str heads[] = { VD_L("AKIA"), VD_L("ASIA"), VD_L("ABIA"), VD_L("ACCA") };
    vd_str              rest = vd_str_from(s, at);
    size_t              n;

    if (at && is_key_byte(s.p[at - 1]))
        return 0;
    for (size_t i = 0; i < VD_COUNT(heads); i++)
        if (vd_str_starts(rest, heads[i])) {
            n = run_of(s, at, is_key_byte);
            return n >= KEY_BYTES && n <= KEY_MOST ? n : 0;
        }
    return 0;
}

/* Session tokens of STS in all their ages. */
static size_t token_at(vd_str s, size_t at)
{
    static const vd_str heads[] = { VD_L("IQoJ"), VD_L("FwoG"), VD_L("FQoG"), VD_L("AQoD") };
    vd_str              rest = vd_str_from(s, at);

    for (size_t i = 0; i < VD_COUNT(heads); i++)
        if (vd_str_starts(rest, heads[i])) {
            size_t n = run_of(s, at, is_token_byte);

            return n >= TOKEN_BYTES ? n : 0;
        }
    return 0;
}

static size_t mail_at(vd_str s, size_t at)
{
    size_t local = run_of(s, at, is_local_byte), n;

    if (!local || at + local >= s.n || s.p[at + local] != '@')
        return 0;
    n = run_of(s, at + local + 1, is_domain_byte);
    while (n && (s.p[at + local + n] == '.' || s.p[at + local + n] == '-')) /* the end of a sentence */
        n--;
    return vd_str_find((vd_str){ s.p + at + local + 1, n }, '.') < n ? local + 1 + n : 0;
}

static void pseudonym(vd_buf *out, const char *what, vd_str word, vd_str salt)
{
    vd_sha256_sum sum;
    char          hex[65];

    vd_sha256_begin(&sum);
    vd_sha256_add(&sum, salt);
    vd_sha256_add(&sum, (vd_str){ "", 1 });
    vd_sha256_add(&sum, word);
    vd_sha256_end(&sum, hex);
    vd_buf_printf(out, "%s-%.*s", what, PSEUDONYM, hex);
}

/* How many bytes at that place were written in another way. */
static size_t hide(vd_buf *out, vd_str s, size_t at, bool mail, vd_str salt)
{
    size_t n = key_at(s, at);
    vd_str word = { s.p + at, n };

    if (n) {
        pseudonym(out, "key", word, salt);
        vd_buf_byte(out, '-');
        vd_buf_add(out, vd_str_from(word, n - SHOWN));
        return n;
    }
    n = token_at(s, at);
    if (n) {
        pseudonym(out, "token", (vd_str){ s.p + at, n }, salt);
        return n;
    }
    n = mail ? mail_at(s, at) : 0;
    if (n)
        pseudonym(out, "mail", (vd_str){ s.p + at, n }, salt);
    return n;
}

/* Behind "assumed-role/NAME/" and "federated-user/" the name of a session begins, up to the end of the ARN. */
static size_t session_in(vd_str s, size_t from)
{
    static const vd_str roles = VD_L(":assumed-role/"), users = VD_L(":federated-user/");
    vd_str              rest = vd_str_from(s, from);
    size_t              slash;

    if (vd_str_starts(rest, users))
        return from + users.n;
    if (!vd_str_starts(rest, roles))
        return 0;
    slash = vd_str_find(vd_str_from(rest, roles.n), '/');
    return from + roles.n + slash + 1 <= s.n ? from + roles.n + slash + 1 : 0;
}

static bool worth_a_look(vd_str s)
{
    if (memchr(s.p, '@', s.n))
        return true;
    for (size_t i = 0; i + TOKEN_BYTES <= s.n; i++)
        if (token_at(s, i))
            return true;
    for (size_t i = 0; i + KEY_BYTES <= s.n; i++)
        if (s.p[i] == 'A' && key_at(s, i))
            return true;
    return false;
}

bool vd_redact(vd_str *out, vd_arena *arena, vd_str text, vd_redact_how how, vd_str salt)
{
    vd_buf b;
    bool   mail = how == VD_REDACT_ALL, good;

    *out = text;
    if (!text.n || !worth_a_look(text))
        return true;
    b = vd_buf_on(&arena->alloc, 0);
    for (size_t at = 0, run = 0, n; at < text.n; at += n) {
        size_t session = text.p[at] == ':' ? session_in(text, at) : 0;
        bool   begins;

        if (session) {
            vd_buf_add(&b, (vd_str){ text.p + at, session - at });
            at = session;
            mail = true;
            if (at == text.n)
                break;
        } else if (text.p[at] == '"' || text.p[at] == ' ') {
            mail = how == VD_REDACT_ALL;
        }
        begins = at >= run; /* an address does not begin within another word */
        if (begins)
            run = at + run_of(text, at, is_local_byte);
        n = hide(&b, text, at, mail && begins, salt);
        if (n == 0) {
            vd_buf_byte(&b, text.p[at]);
            n = 1;
        }
    }
    good = !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return good;
}

bool vd_redact_whole(vd_str *out, vd_arena *arena, vd_str text, vd_str salt)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);
    bool   good;

    pseudonym(&b, "text", text, salt);
    good = !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return good;
}

bool vd_redact_principal(vd_str *out, vd_arena *arena, vd_str principal, vd_str salt)
{
    static const vd_str ours[] = { VD_L("user"), VD_L("role"), VD_L("group"), VD_L("root") };
    vd_str              rest = principal, account, kind = { 0 };
    vd_redact_how       how = VD_REDACT_ALL;

    if (vd_str_cut(&rest, '|', &account) && vd_str_cut(&rest, '|', &kind))
        for (size_t i = 0; i < VD_COUNT(ours); i++)
            if (vd_str_eq(kind, ours[i]))
                how = VD_REDACT_KEYS;
    return vd_redact(out, arena, principal, how, salt);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of a log on their way into facts: as they are, or redacted, but always such that they can be read again.
 */
#include "base/utf8.h"
#include "usage/event.h"

/* A text that no JSON may hold is one that nobody can read again. */
static vd_str readable(vd_usage *u, vd_str text)
{
    size_t bad = vd_utf8_invalid(text);
    char  *copy;

    if (bad == text.n)
        return text;
    vd_usage_count(u, VD_C_BAD_UTF8);
    copy = vd_arena_alloc(&u->scratch, text.n + 1, 1);
    if (!copy) {
        vd_usage_nomem(u);
        return text;
    }
    memcpy(copy, text.p, text.n);
    for (size_t i = bad; i < text.n; i++)
        copy[i] = (unsigned char)copy[i] < 0x80 ? copy[i] : '?';
    return (vd_str){ copy, text.n };
}

static bool high_bits(vd_str s)
{
    const uint64_t highs = 0x8080808080808080u;
    uint64_t       high = 0, v;
    size_t         i = 0;

    for (; i + 8 <= s.n; i += 8) {
        memcpy(&v, s.p + i, 8);
        high |= v;
    }
    for (; i < s.n; i++)
        high |= (uint8_t)s.p[i];
    return (high & highs) != 0;
}

bool vd_event_key_text(vd_usage *u, char *room, const vd_str parts[VD_FACT_PARTS], vd_str *key)
{
    *key = (vd_str){ room, 0 };
    if (!vd_fact_join(room, &key->n, parts))
        return false;
    if (high_bits(*key))
        *key = readable(u, *key);
    if (u->opts.redact) {
        vd_fact plain = { .key = *key };

        if (!vd_usage_redact(u, &u->scratch, &plain))
            return vd_usage_nomem(u);
        *key = plain.key;
    }
    return true;
}

vd_fact *vd_usage_fact_of(vd_usage *u, const vd_str parts[VD_FACT_PARTS])
{
    char     room[VD_FACT_KEY_BYTES];
    vd_str   key;
    vd_fact *f;

    if (!vd_event_key_text(u, room, parts, &key))
        return NULL;
    f = vd_facts_get(&u->facts, key);
    if (!f)
        vd_usage_nomem(u);
    return f;
}

bool vd_usage_put(vd_usage *u, vd_fact *f, vd_fact_set set, vd_str text)
{
    if (!text.n)
        return true;
    if (u->opts.redact && !vd_usage_redact_text(u, &text, set))
        return false;
    if (text.n > VD_FACT_PART_BYTES) { /* no name of AWS is so long: known to be there, not which */
        f->sets[set].overflow = true;
        return true;
    }
    if (high_bits(text))
        text = readable(u, text);
    return vd_fact_put(f == &u->told ? &u->scratch : &u->facts.arena, f, set, text) || vd_usage_nomem(u);
}

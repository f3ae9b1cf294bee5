/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines to facts.  What a line says is checked as any other input is; the hash at the end tells whether all of them are
 * there.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "catalog/events.h"
#include "usage/usage_int.h"

enum { LINE_BYTES = 64 << 20, FIRST_BYTES = 1 << 16 };

bool vd_summary_open(vd_summary *s, const vd_allocator *alloc, const vd_usage_source *source, bool spilled)
{
    *s = (vd_summary){ .arena = vd_arena_on(alloc, 0), .spilled = spilled };
    if (!vd_window_init(&s->window, alloc, FIRST_BYTES, LINE_BYTES))
        return false;
    vd_window_open(&s->window, source);
    return true;
}

void vd_summary_close(vd_summary *s)
{
    if (s->window.alloc)
        vd_window_done(&s->window);
    vd_arena_done(&s->arena);
}

static vd_line_kind damaged(vd_summary *s, const char *why)
{
    s->why = why;
    return VD_LINE_DAMAGED;
}

/* ------------------------------------------------------------------ values */

static bool number(vd_str value, uint64_t *out)
{
    uint64_t v = 0;

    if (!vd_str_all_digits(value) || value.n > 20)
        return false;
    for (size_t i = 0; i < value.n; i++)
        if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, (uint64_t)(value.p[i] - '0'), &v))
            return false;
    *out = v;
    return true;
}

static bool seconds(vd_str value, int64_t *out)
{
    uint64_t v;

    if (!number(value, &v) || v > (uint64_t)VD_LAST_SECOND)
        return false;
    *out = (int64_t)v;
    return true;
}

static bool text(vd_summary *s, vd_str value, vd_str *out)
{
    if (!value.n || value.p[0] != '"')
        return false;
    if (!vd_scan_text(value, &s->arena, out)) {
        s->code = VD_ENOMEM;
        return false;
    }
    return vd_utf8_invalid(*out) == out->n;
}

typedef struct line {
    vd_str   parts[VD_FACT_PARTS], days, more_sets, lattice, kind, subject, item, values, pair;
    vd_str   sets[VD_FACT_SETS];
    int64_t  as_of;
    bool     has[VD_FACT_PARTS], counted, first, last, evidence;
} line;

static bool read_part(vd_summary *s, line *l, size_t i, vd_str value)
{
    l->has[i] = true;
    if (i != VD_F_GUARDS)
        return text(s, value, &l->parts[i]) && l->parts[i].n <= VD_FACT_PART_BYTES;
    l->parts[i] = vd_str_eq(value, VD_S("null")) ? VD_S("?") : value;
    return vd_str_eq(value, VD_S("null")) || (vd_str_all_digits(value) && value.n <= 20);
}

/* A member that has no place here is kept as it is. */
static bool read_more(vd_summary *s, vd_str key, vd_str value)
{
    if (vd_utf8_invalid(key) != key.n || vd_utf8_invalid(value) != value.n)
        return false;
    if (vd_arena_printf(&s->arena, &s->fact.more, VD_F ",\"" VD_F "\":" VD_F, VD_A(s->fact.more), VD_A(key), VD_A(value)))
        return true;
    s->code = VD_ENOMEM;
    return false;
}

static bool read_marks(vd_summary *s, vd_str value)
{
    if (!text(s, value, &value))
        return false;
    for (size_t i = 0; i < VD_MARKS; i++)
        if (vd_str_find(value, vd_fact_mark_letters[i]) < value.n)
            s->fact.marks |= (uint8_t)(1u << i);
    return true;
}

static bool read_member(vd_summary *s, line *l, vd_str key, vd_str value)
{
    if (key.n == 1) {
        for (size_t i = 0; i < VD_FACT_PARTS; i++)
            if (vd_str_eq(key, vd_fact_part_names[i]) && !(l->evidence && key.p[0] == 't'))
                return read_part(s, l, i, value);
        for (size_t i = 0; i < VD_FACT_SETS; i++)
            if (vd_str_eq(key, vd_fact_set_rows[i].letter)) {
                l->sets[i] = value;
                return value.p[0] == '[';
            }
        switch (key.p[0]) {
        case 'n':
            return (l->counted = number(value, &s->fact.count)) && (s->fact.count > 0 || s->spilled);
        case 'f':
            return (l->first = seconds(value, &s->fact.first));
        case 'l':
            return (l->last = seconds(value, &s->fact.last));
        case 'd':
            return text(s, value, &l->days);
        case 'L':
            l->lattice = value;
            return value.p[0] == '[';
        case '+':
            return text(s, value, &l->more_sets);
        case 'm':
            if (!text(s, value, &value))
                return false;
            s->fact.mfa = (uint8_t)((vd_str_find(value, 't') < value.n ? VD_MFA_TRUE : 0) |
                                    (vd_str_find(value, 'f') < value.n ? VD_MFA_FALSE : 0) |
                                    (vd_str_find(value, 'n') < value.n ? VD_MFA_NONE : 0) |
                                    (vd_str_find(value, 'v') < value.n ? VD_OVER_ENDPOINT : 0) |
                                    (vd_str_find(value, 'w') < value.n ? VD_OFF_ENDPOINT : 0) |
                                    (vd_str_find(value, 'c') < value.n ? VD_WITH_CONTEXT : 0) |
                                    (vd_str_find(value, 'd') < value.n ? VD_WITHOUT_CONTEXT : 0));
            return true;
        case 'y':
            return read_marks(s, value);
        case 'S':
            return text(s, value, &l->pair) && vd_pair_known(l->pair);
        case 'k':
            l->evidence = true;
            return text(s, value, &l->kind);
        case 'u':
        case 'h':
            return text(s, value, &l->subject);
        case 'i':
            return text(s, value, &l->item);
        case 't':
            return seconds(value, &l->as_of);
        case 'x':
            l->values = value;
            return value.p[0] == '{';
        default:
            break;
        }
    }
    if (l->evidence && vd_str_eq(key, VD_S("id")))
        return text(s, value, &l->item);
    return l->evidence || read_more(s, key, value);
}

static bool read_members(vd_summary *s, line *l, vd_str object)
{
    const char *p, *end, *at, *next;
    vd_str      key;

    if (!object.n || object.p[0] != '{')
        return false;
    p = object.p + 1;
    end = object.p + object.n;
    for (;;) {
        vd_scan got = vd_scan_member(p, end, &key, &at);

        if (got != VD_SCAN_OK)
            return false;
        if (!key.p)
            return at == end;
        got = vd_scan_value(at, end, &next);
        if (got != VD_SCAN_OK || next >= end || !read_member(s, l, key, (vd_str){ at, (size_t)(next - at) }))
            return false;
        p = next;
    }
}

/* ------------------------------------------------------------------ facts */

static bool read_days(vd_summary *s, vd_str days)
{
    vd_fact *f = &s->fact;
    int64_t  from = f->first / 86400, to = f->last / 86400;

    if (from < to - (VD_FACT_DAYS - 1))
        from = to - (VD_FACT_DAYS - 1);
    if (days.n > VD_FACT_DAYS / 4 + 1)
        return false;
    for (size_t i = 0; i < days.n; i++) {
        char     c = days.p[i];
        uint32_t digit = (uint32_t)(c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16);

        if (digit > 15)
            return false;
        for (uint32_t k = 0; k < 4; k++) {
            int64_t day = from + (int64_t)i * 4 + k;

            if (!(digit >> k & 1))
                continue;
            if (day > to)
                return false;
            if (!vd_fact_day(&s->arena, f, day)) {
                s->code = VD_ENOMEM;
                return false;
            }
        }
    }
    return true;
}

static bool read_sets(vd_summary *s, const line *l)
{
    for (size_t i = 0; i < VD_FACT_SETS; i++) {
        vd_str rest = l->sets[i], element, item;

        while (vd_scan_element(&rest, &element)) {
            if (!text(s, element, &item) || item.n > VD_FACT_PART_BYTES)
                return false;
            if (!vd_fact_put(&s->arena, &s->fact, (vd_fact_set)i, item)) {
                s->code = VD_ENOMEM;
                return false;
            }
        }
        s->fact.sets[i].overflow |= vd_str_contains(l->more_sets, vd_fact_set_rows[i].letter);
    }
    return true;
}

/* Who does not know the member keeps it when it merges, and what it says is not about all of them then.  Mixed lines may come
 * before the head that tells: of them vd_summary_take sees to it. */
static bool read_lattice(vd_summary *s, const line *l)
{
    vd_bottom *b = &s->fact.sets[VD_SET_RESOURCES];
    vd_code    code;

    if (!vd_str_contains(l->more_sets, vd_fact_set_rows[VD_SET_RESOURCES].letter))
        return !l->lattice.n;
    s->fact.lattice = NULL;
    if (!l->lattice.n || (!s->spilled && !s->loose && s->minor < VD_SUMMARY_LATTICES))
        return true;
    code = vd_lattice_read(&s->arena, &s->fact.lattice, l->lattice);
    for (uint32_t i = 0; code == VD_OK && i < b->count; i++)
        code = vd_lattice_add(&s->arena, s->fact.lattice, b->at[i].text) ? VD_OK : VD_ENOMEM;
    if (code == VD_ENOMEM)
        s->code = VD_ENOMEM;
    if (code == VD_OK && vd_lattice_is_top(s->fact.lattice))
        s->fact.lattice = NULL;
    return code == VD_OK;
}

static bool read_key(vd_summary *s, const line *l)
{
    char  *key = vd_arena_alloc(&s->arena, VD_FACT_KEY_BYTES, 1);
    size_t n = 0;

    if (!key) {
        s->code = VD_ENOMEM;
        return false;
    }
    if (!vd_fact_join(key, &n, l->parts))
        return false;
    s->fact.key = (vd_str){ key, n };
    if (key[0] == VD_EVIDENCE_MARK)
        return false;
    if (l->pair.n && !vd_pair_join(&s->arena, &s->fact.key, l->pair, s->fact.key)) {
        s->code = VD_ENOMEM;
        return false;
    }
    return true;
}

static bool read_evidence(vd_summary *s, line *l)
{
    bool good;

    s->fact.last = l->as_of;
    s->fact.first = 0;
    s->fact.count = l->counted ? s->fact.count : 1;
    s->fact.more = l->values;
    if (!l->values.n || !l->kind.n || vd_utf8_invalid(l->values) != l->values.n)
        return false;
    if (vd_str_eq(l->kind, VD_S("pair"))) {
        s->fact.more = (vd_str){ 0 };
        if (!vd_pair_known(l->subject))
            return false;
        good = vd_pair_join(&s->arena, &s->fact.key, l->subject, VD_S(""));
    } else {
        good = vd_evidence_key(&s->arena, &s->fact.key, l->kind, l->subject, l->item);
    }
    if (!good)
        s->code = VD_ENOMEM;
    return good;
}

static vd_line_kind fact(vd_summary *s, vd_str object, vd_str kind)
{
    line l = { .kind = kind, .evidence = kind.n > 0 };
    bool good;

    s->fact = (vd_fact){ 0 };
    if (!read_members(s, &l, object))
        return damaged(s, "a line that is no fact");
    if (l.evidence)
        good = read_evidence(s, &l);
    else
        good = l.has[VD_F_PRINCIPAL] && l.has[VD_F_OUTCOME] && l.has[VD_F_GUARDS] && l.counted && l.first && l.last &&
               s->fact.first <= s->fact.last && read_key(s, &l) && read_days(s, l.days) && read_sets(s, &l) &&
               read_lattice(s, &l);
    if (s->fact.count > 0 && !(s->fact.mfa & VD_OVER_ENDPOINT))
        s->fact.mfa |= VD_OFF_ENDPOINT; /* it says nothing of endpoints: some may have come without */
    if (s->fact.count > 0 && !(s->fact.mfa & VD_WITH_CONTEXT))
        s->fact.mfa |= VD_WITHOUT_CONTEXT;
    return good ? VD_LINE_FACT : damaged(s, "a fact that lacks something, or contradicts itself");
}

/* ------------------------------------------------------------------ the other lines */

static vd_line_kind head(vd_summary *s, vd_str rest)
{
    vd_str   version = rest, object, value;
    uint64_t guards = 0, minor = 0;

    if ((!vd_str_cut(&rest, ' ', &version) && !vd_str_cut(&rest, '\t', &version)) || !(vd_str_eq(version, VD_S("1")) || vd_str_starts(version, VD_S("1."))))
        return damaged(s, "a summary of a version that is not known");
    object = rest;
    value = vd_scan_find(object, VD_S("guards"));
    if (!number(value, &guards) || guards > UINT32_MAX)
        return damaged(s, "a head that does not say which guards it knows");
    s->guards = (uint32_t)guards;
    if (!number(vd_scan_find(object, VD_S("minor")), &minor)) /* an older one does not say it */
        minor = 0;
    s->minor = minor < UINT32_MAX ? (uint32_t)minor : UINT32_MAX;
    s->partial = vd_str_eq(vd_scan_find(object, VD_S("partial")), VD_S("true"));
    s->approximate = vd_str_eq(vd_scan_find(object, VD_S("approximate")), VD_S("true"));
    s->open = true;
    memset(s->counters, 0, sizeof s->counters);
    return VD_LINE_HEAD;
}

static vd_line_kind counters(vd_summary *s, vd_str object)
{
    const char *p, *end, *at, *next;
    vd_str      key;

    if (!object.n || object.p[0] != '{')
        return damaged(s, "counters that are no object");
    memset(s->counters, 0, sizeof s->counters);
    p = object.p + 1;
    end = object.p + object.n;
    for (;;) {
        uint64_t v = 0;
        uint32_t which;

        if (vd_scan_member(p, end, &key, &at) != VD_SCAN_OK)
            return damaged(s, "counters that are no object");
        if (!key.p)
            return VD_LINE_COUNTERS;
        if (vd_scan_value(at, end, &next) != VD_SCAN_OK || next >= end ||
            !number((vd_str){ at, (size_t)(next - at) }, &v))
            return damaged(s, "a counter that is no number");
        which = vd_counter_find(key);
        if (which < VD_COUNTERS)
            s->counters[which] = v;
        p = next;
    }
}

static vd_line_kind last(vd_summary *s, vd_str given)
{
    char hex[65];

    vd_sha256_end(&s->sum, hex);
    if (!vd_str_eq(given, (vd_str){ hex, 64 }))
        return damaged(s, "the hash at its end does not fit");
    s->open = false;
    return VD_LINE_LAST;
}

/* What comes behind a word with a blank or a tab. */
static bool behind_word(vd_str text_line, vd_str word, vd_str *rest)
{
    *rest = vd_str_from(text_line, word.n + 1);
    return vd_str_starts(text_line, word) && text_line.n > word.n && (text_line.p[word.n] == ' ' || text_line.p[word.n] == '\t');
}

static vd_line_kind special(vd_summary *s, vd_str text_line)
{
    vd_str rest;

    if (vd_str_starts(text_line, VD_S("#verdict-usage/"))) {
        if (s->open && !s->loose)
            return damaged(s, "another summary begins within it");
        return head(s, vd_str_from(text_line, 15));
    }
    if (!s->open && !s->loose)
        return damaged(s, "it does not begin with #verdict-usage/1");
    if (behind_word(text_line, VD_S("#counters"), &rest))
        return counters(s, rest);
    if (behind_word(text_line, VD_S("#end"), &rest) && vd_str_starts(rest, VD_S("sha256:")))
        return s->loose ? VD_LINE_LAST : last(s, vd_str_from(rest, 7));
    return damaged(s, "a line that is not known");
}

vd_line_kind vd_summary_next(vd_summary *s)
{
    vd_window   *w = &s->window;
    const char  *newline;
    vd_str       one, rest;
    vd_line_kind kind;
    size_t       seen = 0;
    bool         end_line;

    vd_arena_reset(&s->arena);
    while (!(newline = w->at + seen < w->end ? memchr(vd_window_at(w) + seen, '\n', w->end - w->at - seen) : NULL)) {
        seen = w->end - w->at;
        if (vd_window_more(w))
            continue;
        if (w->no_memory)
            s->code = VD_ENOMEM;
        if (w->ended && !w->failed && w->at == w->end && !s->line && !s->loose && !s->spilled) {
            s->line = 1;
            return damaged(s, "it is empty");
        }
        if (w->ended && !w->failed && w->at == w->end && (!s->open || s->loose))
            return VD_LINE_EOF;
        return damaged(s, w->ended ? "it ends early" : "a line that is too long");
    }
    one = (vd_str){ vd_window_at(w), (size_t)(newline - vd_window_at(w)) };
    w->at += one.n + 1;
    s->line++;
    end_line = vd_str_starts(one, VD_S("#end"));
    if (vd_str_starts(one, VD_S("#verdict-usage/")))
        vd_sha256_begin(&s->sum);
    if (!end_line && !s->spilled)
        vd_sha256_add(&s->sum, (vd_str){ one.p, one.n + 1 });
    if (behind_word(one, VD_S("#unit"), &rest) && (s->open || s->spilled || s->loose))
        return fact(s, rest, VD_S("unit"));
    if (one.n && one.p[0] == '#')
        return s->spilled ? damaged(s, "a line that is not known") : special(s, one);
    if (!s->open && !s->spilled && !s->loose)
        return damaged(s, "it does not begin with #verdict-usage/1");
    kind = fact(s, one, VD_S(""));
    return kind;
}

/* ------------------------------------------------------------------ a summary as an input */

static bool take_fact(vd_usage *u, vd_summary *s)
{
    vd_fact *from = &s->fact, *into;

    if (u->opts.redact && !vd_usage_redact(u, &s->arena, from))
        return vd_usage_nomem(u);
    into = vd_facts_get(&u->facts, from->key);
    if (!into)
        return vd_usage_nomem(u);
    if (!vd_usage_fold(u, into, from))
        return false;
    if (vd_is_pair(into) && !vd_pairs_room(&u->pairs, &u->facts, vd_pair_id(into)))
        return vd_usage_nomem(u);
    return vd_usage_room(u);
}

static void take_end(vd_usage *u, const vd_summary *s)
{
    for (size_t i = 0; i < VD_COUNTERS; i++)
        u->counters[i] += s->counters[i];
    u->partial |= s->partial;
    u->approximate |= s->approximate;
}

static void bad_summary(vd_usage *u, const vd_summary *s, uint64_t offset)
{
    vd_usage_note_at(u, VD_U_SUM_TRUNCATED, offset, "line %llu: %s", (unsigned long long)s->line, s->why);
    vd_usage_count(u, u->opts.salvage ? VD_C_FILES_PARTIAL : VD_C_FILES_FAILED);
    u->cut = u->partial = true;
}

/* The window holds its beginning. */
static ptrdiff_t from_window(void *ctx, char *out, size_t n)
{
    vd_window *w = ctx;
    size_t     held;

    if (w->at == w->end && !vd_window_more(w))
        return w->failed ? -1 : 0;
    held = w->end - w->at < n ? w->end - w->at : n;
    memcpy(out, vd_window_at(w), held);
    w->at += held;
    return (ptrdiff_t)held;
}

void vd_summary_take(vd_usage *u)
{
    vd_usage_source source = { from_window, &u->window };
    vd_summary      s;
    bool            go_on = true;

    u->summary = u->summaries = true;
    u->counters[VD_C_FILES]--; /* its own files are counted, not itself */
    if (!vd_summary_open(&s, &u->engine->alloc, &source, false)) {
        vd_summary_close(&s);
        vd_usage_nomem(u);
        return;
    }
    s.loose = u->opts.tabbed;
    while (go_on) {
        vd_line_kind kind = vd_summary_next(&s);

        switch (kind) {
        case VD_LINE_COUNTERS:
            if (s.loose)
                take_end(u, &s);
            break;
        case VD_LINE_HEAD:
            u->partial |= s.partial;
            u->approximate |= s.approximate;
            u->no_lattices |= s.loose && s.minor < VD_SUMMARY_LATTICES;
            if (s.guards == VD_GUARDS_VERSION || u->opts.mixed)
                break;
            s.why = "it knows other guards than this version: use --mixed";
            bad_summary(u, &s, 0);
            go_on = false;
            break;
        case VD_LINE_FACT:
            go_on = take_fact(u, &s);
            break;
        case VD_LINE_LAST:
            if (!s.loose)
                take_end(u, &s);
            break;
        case VD_LINE_DAMAGED:
            if (s.code == VD_ENOMEM)
                vd_usage_nomem(u);
            else
                bad_summary(u, &s, s.window.before + s.window.at);
            go_on = false;
            break;
        default:
            go_on = false;
        }
    }
    vd_summary_close(&s);
}

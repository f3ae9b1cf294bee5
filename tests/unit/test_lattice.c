/* SPDX-License-Identifier: Apache-2.0
 *
 * What names have in common is the same in whatever order and by whatever detours they came, as it is written and as it is kept; its
 * patterns match every one of them.  And the set of event ids never takes a new one for one that was certainly there.
 */
#include "unit.h"

#include "base/str.h"
#include "pattern/glob.h"
#include "usage/dedup.h"
#include "usage/summary.h"

static uint64_t state = 1;

static uint32_t draw(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

enum { NAMES = 120, PARTS = 5 };

typedef struct names {
    vd_arena arena;
    vd_str   at[NAMES];
    uint32_t count;
} names;

/* Of few or many beginnings, places, texts; some of them too long, empty, of more than one byte a character, or no text at all. */
static void make(names *n)
{
    static const char *const heads[] = { "arn:aws:s3:::", "arn:aws:lambda:eu-west-1:111111111111:", "s3:GetObject arn:aws:s3:::",
                                         "arn:aws:sqs:eu-west-1:222222222222:", "s3:ListAllMyBuckets *", "arn:aws:x:", "*" };
    uint32_t heads_used = 1 + draw(VD_COUNT(heads)), texts = 1 + draw(draw(3) ? 4 : 40), parts = 1 + draw(draw(4) ? PARTS : 14);

    vd_arena_reset(&n->arena);
    n->count = 1 + draw(NAMES);
    for (uint32_t i = 0; i < n->count; i++) {
        vd_buf b = vd_buf_on(vd_allocator_default(), 0);

        vd_buf_printf(&b, "%s", heads[draw(heads_used)]);
        for (uint32_t k = draw(parts); k > 0; k--)
            vd_buf_printf(&b, "%s%u%s%s", draw(9) ? "n" : draw(9) ? "\xc3\xa4" : "\xc3\xb6\xe2\x82\xac", draw(texts), draw(60) ? "" : "a-long-one-that-is-longer-than-any-literal-may-be-so-that-it-is-not-kept",
                          draw(5) ? "/" : draw(3) ? ":" : "//");
        if (draw(4))
            vd_buf_printf(&b, "end%u", draw(texts));
        if (draw(4000) == 0)
            vd_buf_add(&b, VD_S("\xff"));
        assert_true(vd_arena_dup(&n->arena, &n->at[i], vd_buf_str(&b)));
        vd_buf_done(&b);
    }
}

static vd_str written(vd_arena *arena, const vd_lattice *l)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);
    vd_str s = VD_S("top");

    if (!vd_lattice_is_top(l)) {
        vd_lattice_write(&b, l, vd_writer_string);
        assert_true(vd_arena_dup(arena, &s, vd_buf_str(&b)));
    }
    vd_buf_done(&b);
    return s;
}

/* From where the scanner may look behind it. */
static vd_lattice *read_back(vd_arena *arena, vd_str text)
{
    char       *p = vd_arena_alloc(arena, text.n + VD_SCAN_PAD, 1);
    vd_lattice *back;

    assert_non_null(p);
    memcpy(p, text.p, text.n);
    memset(p + text.n, 0, VD_SCAN_PAD);
    assert_int_equal(vd_lattice_read(arena, &back, (vd_str){ p, text.n }), VD_OK);
    return back;
}

/* Names dealt out to several, which are joined in any tree, some of them twice, and by way of their text. */
static vd_lattice *by_detours(vd_arena *arena, const names *n)
{
    vd_lattice *parts[6];
    uint32_t    count = 1 + draw(VD_COUNT(parts));

    for (uint32_t i = 0; i < count; i++)
        parts[i] = vd_lattice_new(arena);
    for (uint32_t i = 0, from = draw(n->count); i < n->count; i++)
        for (uint32_t times = 1 + !draw(5); times > 0; times--)
            assert_true(vd_lattice_add(arena, parts[draw(count)], n->at[(from + i * 7) % n->count]));
    for (uint32_t i = 0; i < n->count; i++) /* 7 may share a divisor with the count */
        assert_true(vd_lattice_add(arena, parts[draw(count)], n->at[i]));
    for (; count > 1; count--) {
        uint32_t into = draw(count - 1);
        vd_str   text = written(arena, parts[count - 1]);

        if (draw(2) && text.p[0] == '[' && text.n > 1 && !vd_str_eq(text, VD_S("]"))) {
            parts[count - 1] = read_back(arena, text);
            check_str(written(arena, parts[count - 1]), text);
        }
        assert_true(vd_lattice_join(arena, parts[into], parts[count - 1]));
    }
    return parts[0];
}

typedef struct matching {
    vd_str name;
    bool   matched;
} matching;

static bool match(void *ctx, vd_str pattern)
{
    matching *m = ctx;
    char      coded[2048];

    assert_true(pattern.n < sizeof coded);
    m->matched |= vd_str_eq(pattern, m->name) || vd_glob_match((vd_str){ coded, vd_glob_code(coded, pattern) }, m->name);
    return true;
}

static void joins(void **unused)
{
    names    n = { .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    uint32_t tops = 0;

    VD_UNUSED(unused);
    for (int round = 0; round < 3000; round++) {
        vd_lattice *once = vd_lattice_new(&arena), *other;

        make(&n);
        for (uint32_t i = 0; i < n.count; i++)
            assert_true(vd_lattice_add(&arena, once, n.at[i]));
        other = by_detours(&arena, &n);
        check_str(written(&arena, other), written(&arena, once));
        tops += vd_lattice_is_top(once);
        for (uint32_t i = 0; i < n.count && !vd_lattice_is_top(once); i++) {
            matching m = { n.at[i], false };

            assert_true(vd_lattice_patterns(once, &arena, match, &m));
            assert_true(m.matched);
        }
        vd_arena_reset(&arena);
    }
    assert_in_range(tops, 1, 1500);
    vd_arena_done(&n.arena);
    vd_arena_done(&arena);
}

static void too_many_beginnings(void **unused)
{
    vd_arena    arena = vd_arena_on(vd_allocator_default(), 0);
    vd_lattice *l = vd_lattice_new(&arena);
    char        text[64];

    VD_UNUSED(unused);
    for (int i = 0; i < 9; i++) {
        assert_false(vd_lattice_is_top(l));
        snprintf(text, sizeof text, "arn:aws:sqs:eu-west-1:%012d:q", i);
        assert_true(vd_lattice_add(&arena, l, vd_str_of(text)));
    }
    assert_true(vd_lattice_is_top(l));
    vd_arena_done(&arena);
}

static uint64_t id_of(uint64_t i)
{
    return vd_hash(7, (vd_str){ (const char *)&i, sizeof i });
}

static void ids(void **unused)
{
    vd_dedup *d = vd_dedup_new(vd_allocator_default(), 1 << 16);
    uint64_t  fit = 0, possible = 0;

    VD_UNUSED(unused);
    assert_non_null(d);
    for (uint64_t i = 0; i < 12000; i++) { /* 7168 have a place, 6554 more make the filter wrong one time of a hundred */
        vd_dedup_answer a = vd_dedup_add(d, id_of(i), id_of(i + 1000000));

        assert_int_not_equal(a, VD_DEDUP_SEEN);
        possible += a == VD_DEDUP_POSSIBLE;
    }
    assert_true(possible < 100);
    for (uint64_t i = 0; i < 12000; i++) {
        vd_dedup_answer a = vd_dedup_add(d, id_of(i), id_of(i + 1000000));

        assert_int_not_equal(a, VD_DEDUP_NEW);
        fit += a == VD_DEDUP_SEEN;
    }
    assert_in_range(fit, 7000, 7168);
    vd_dedup_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins),
        cmocka_unit_test(too_many_beginnings),
        cmocka_unit_test(ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

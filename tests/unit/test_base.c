/* SPDX-License-Identifier: Apache-2.0
 *
 * What everything stands on: arenas and their limit, maps, buffers, slices, UTF-8, errors, diagnostics, files.
 */
#include "unit.h"

#include "failing_alloc.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/calendar.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/sha256.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- arena ---- */

static void test_arena(void **state)
{
    static const size_t aligns[] = { 1, 2, 4, 8, 16, 64 };
    failing_alloc       f = { 0 };
    vd_allocator        alloc = failing_allocator(&f);
    vd_arena            a = vd_arena_on(&alloc, 0);
    vd_str              copy, text;

    VD_UNUSED(state);
    for (size_t i = 0; i < 2000; i++) {
        size_t size = i * 37 % 5000, align = aligns[i % VD_COUNT(aligns)];
        char  *p = vd_arena_alloc(&a, size, align);

        assert_non_null(p);
        assert_int_equal((uintptr_t)p % align, 0);
        for (size_t k = 0; k < size; k++)
            if (p[k])
                fail_msg("byte %zu of %zu is not zero", k, size);
        memset(p, 0xff, size);
    }
    assert_true(vd_arena_dup(&a, &copy, VD_S("a\0b")));
    check_str(copy, VD_S("a\0b"));
    assert_int_equal(copy.p[3], 0);
    assert_true(vd_arena_dup(&a, &copy, (vd_str){ 0 }));
    assert_int_equal(copy.n, 0);
    assert_true(vd_arena_printf(&a, &text, "%s-%d", "x", 7));
    check_cstr(text, "x-7");
    assert_null(vd_arena_array(&a, SIZE_MAX / 2, 4, 4));
    assert_null(vd_arena_alloc(&a, SIZE_MAX, 1));
    assert_null(vd_arena_alloc(&a, SIZE_MAX - 8, 1));
    vd_arena_done(&a);
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);
    vd_arena_done(&a); /* twice is fine */
}

static void test_arena_limit(void **state)
{
    vd_arena a = vd_arena_on(vd_allocator_default(), 100);

    VD_UNUSED(state);
    assert_null(vd_arena_alloc(&a, 101, 1));
    assert_non_null(vd_arena_alloc(&a, 60, 1));
    assert_null(vd_arena_alloc(&a, 41, 1));
    assert_non_null(vd_arena_alloc(&a, 40, 1)); /* a refusal takes nothing away */
    assert_null(vd_arena_alloc(&a, 1, 1));
    assert_int_equal(a.used, 100);
    vd_arena_done(&a);
}

static void test_arena_push(void **state)
{
    failing_alloc f = { 0 };
    vd_allocator  alloc = failing_allocator(&f);
    vd_arena      a = vd_arena_on(&alloc, 0);
    struct {
        uint32_t *at;
        uint32_t  count, cap;
    } list = { 0 };

    VD_UNUSED(state);
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(VD_ARENA_PUSH(&a, list.at, list.count, list.cap, i * i));
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(list.at[i], i * i);
    f.fail_at = f.calls + 1;
    while (VD_ARENA_PUSH(&a, list.at, list.count, list.cap, 1))
        assert_true(list.count < 10000000);
    assert_int_equal(list.at[999], 999 * 999); /* failure leaves it as it was */
    assert_false(vd_arena_grow(&a, &list.at, list.count, &list.cap, UINT32_MAX, sizeof *list.at));
    vd_arena_done(&a);
    assert_int_equal(f.live, 0);
}

#ifdef VD_POISON
/* Each allocation is a block of its own. */
static void test_arena_poison(void **state)
{
    failing_alloc f = { 0 };
    vd_allocator  alloc = failing_allocator(&f);
    vd_arena      a = vd_arena_on(&alloc, 0);

    VD_UNUSED(state);
    for (size_t i = 1; i <= 10; i++) {
        assert_non_null(vd_arena_alloc(&a, 1, 1));
        assert_int_equal(f.live, i);
    }
    vd_arena_done(&a);
}
#endif

/* ---- tables ---- */

static void test_intern(void **state)
{
    static const uint64_t seeds[] = { 0, 1, 0x123456789abcdef0u };

    VD_UNUSED(state);
    for (size_t s = 0; s < VD_COUNT(seeds); s++) {
        vd_arena  a = vd_arena_on(vd_allocator_default(), 0);
        vd_intern t = { .seed = seeds[s] };
        uint32_t  id;

        for (uint32_t round = 0; round < 2; round++)
            for (uint32_t i = 0; i < 3000; i++) {
                vd_str name;

                assert_true(vd_arena_printf(&a, &name, "name-%u", i));
                assert_int_equal(vd_intern_find(&t, name), round ? i : VD_NONE);
                assert_true(vd_intern_add(&t, vd_allocator_default(), name, &id));
                assert_int_equal(id, i); /* in order of arrival, whatever the seed */
            }
        assert_int_equal(t.strings.count, 3000);
        assert_int_equal(vd_intern_find(&t, VD_S("NAME-7")), VD_NONE);
        assert_int_equal(vd_intern_find(&t, VD_S("")), VD_NONE);
        vd_intern_done(&t, vd_allocator_default());
        vd_arena_done(&a);
    }
}

static void test_intern_fold(void **state)
{
    vd_intern t = { .fold = true };
    uint32_t  id;

    VD_UNUSED(state);
    assert_true(vd_intern_add(&t, vd_allocator_default(), VD_S("aws:SourceIp"), &id));
    assert_true(vd_intern_add(&t, vd_allocator_default(), VD_S("AWS:sourceip"), &id));
    assert_int_equal(id, 0);
    check_cstr(t.strings.at[0], "aws:SourceIp");
    assert_int_equal(vd_intern_find(&t, VD_S("aws:SOURCEIP")), 0);
    assert_int_equal(vd_intern_find(&t, VD_S("aws:SourceIq")), VD_NONE);
    vd_intern_done(&t, vd_allocator_default());
}

static bool same_number(const void *ctx, uint32_t value, const void *wanted)
{
    VD_UNUSED(ctx);
    return value == *(const uint32_t *)wanted;
}

/* All in one slot: slow, but right. */
static void test_map_collisions(void **state)
{
    vd_map m = { 0 };

    VD_UNUSED(state);
    for (uint32_t i = 0; i < 500; i++)
        assert_true(vd_map_add(&m, vd_allocator_default(), 42, i));
    for (uint32_t i = 0; i < 501; i++)
        assert_int_equal(vd_map_find(&m, 42, same_number, NULL, &i), i < 500 ? i : VD_NONE);
    vd_map_done(&m, vd_allocator_default());
}

static void test_tables_no_memory(void **state)
{
    VD_UNUSED(state);
    for (size_t n = 1;; n++) {
        failing_alloc f = { .fail_at = n, .once = true };
        vd_allocator  a = failing_allocator(&f);
        vd_intern     t = { 0 };
        uint32_t      id, refused = 0;
        static char   names[40][8];

        for (uint32_t i = 0; i < 40; i++) {
            snprintf(names[i], sizeof names[i], "n%u", i);
            if (!vd_intern_add(&t, &a, vd_str_of(names[i]), &id)) {
                refused++;
                assert_true(vd_intern_add(&t, &a, vd_str_of(names[i]), &id)); /* once more, now it works */
            }
            assert_int_equal(id, i);
        }
        assert_int_equal(t.strings.count, 40);
        assert_int_equal(refused, f.failed);
        vd_intern_done(&t, &a);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed)
            break;
    }
}

static void test_vec(void **state)
{
    failing_alloc f = { 0 };
    vd_allocator  a = failing_allocator(&f);
    VD_VEC(uint16_t) v = { 0 };

    VD_UNUSED(state);
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(VD_PUSH(&a, &v, (uint16_t)i));
    assert_int_equal(v.at[999], 999);
    f.fail_at = f.calls + 1;
    assert_false(VD_RESERVE(&a, &v, 100000));
    assert_int_equal(v.count, 1000);
    assert_false(VD_RESERVE(&a, &v, UINT32_MAX));
    VD_VEC_DONE(&a, &v);
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);
    assert_null(v.at);
}

/* ---- text ---- */

static void test_buf(void **state)
{
    failing_alloc f = { 0 };
    vd_allocator  a = failing_allocator(&f);
    vd_buf        b = vd_buf_on(&a, 100);

    VD_UNUSED(state);
    check_cstr(vd_buf_str(&b), "");
    vd_buf_add(&b, VD_S("ab"));
    vd_buf_byte(&b, 0);
    vd_buf_printf(&b, "%03d", 7);
    vd_buf_add(&b, (vd_str){ 0 });
    check_str(vd_buf_str(&b), VD_S("ab\0"
                                   "007"));
    assert_false(b.failed);
    for (int i = 0; i < 94; i++)
        vd_buf_byte(&b, 'x');
    assert_false(b.failed);
    assert_int_equal(b.n, 100); /* exactly full */
    vd_buf_byte(&b, 'y');
    assert_true(b.failed);
    vd_buf_printf(&b, "z");
    assert_int_equal(b.n, 100);
    assert_null(vd_buf_room(&b, 1));
    vd_buf_done(&b);
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);

    b = vd_buf_on(&a, 3);
    vd_buf_printf(&b, "abc"); /* the NUL that printf writes does not count */
    assert_false(b.failed);
    check_cstr(vd_buf_str(&b), "abc");
    vd_buf_done(&b);

    b = vd_buf_on(&a, 0);
    f.fail_at = f.calls + 1;
    vd_buf_add(&b, VD_S("x"));
    f.fail_at = 0;
    vd_buf_add(&b, VD_S("y"));
    assert_true(b.failed); /* the first failure sticks */
    assert_int_equal(b.n, 0);
    vd_buf_done(&b);
    assert_int_equal(f.live, 0);
}

static void test_str(void **state)
{
    vd_str rest = VD_S("a:b::c"), head;

    VD_UNUSED(state);
    assert_true(vd_str_cut(&rest, ':', &head));
    check_cstr(head, "a");
    assert_true(vd_str_cut(&rest, ':', &head) && vd_str_cut(&rest, ':', &head));
    check_cstr(head, "");
    check_cstr(rest, "c");
    head = VD_S("kept");
    assert_false(vd_str_cut(&rest, ':', &head));
    check_cstr(head, "kept");
    check_cstr(rest, "c");
    check_cstr(vd_str_trim(VD_S(" \t\r\n a b \n")), "a b");
    check_cstr(vd_str_trim(VD_S(" \t")), "");
    assert_true(vd_str_ieq(VD_S("aZ[@`{9"), VD_S("Az[@`{9")));
    assert_false(vd_str_ieq(VD_S("["), VD_S("{")));
    assert_false(vd_str_ieq(VD_S("@"), VD_S("`")));
    assert_true(vd_str_cmp(VD_S("ab"), VD_S("abc")) < 0 && vd_str_cmp(VD_S("b"), VD_S("abc")) > 0);
    assert_true(vd_str_cmp(VD_S("\xff"), VD_S("a")) > 0); /* bytes are unsigned */
    assert_int_equal(vd_str_icmp(VD_S("ABc"), VD_S("abC")), 0);
    assert_true(vd_str_icmp(VD_S("aB"), VD_S("Ac")) < 0);
    assert_true(vd_str_starts(VD_S("abc"), VD_S("ab")) && !vd_str_starts(VD_S("a"), VD_S("ab")));
    assert_true(vd_str_istarts(VD_S("ABc"), VD_S("ab")) && vd_str_ends(VD_S("abc"), VD_S("bc")));
    assert_false(vd_str_ends(VD_S("c"), VD_S("bc")));
    assert_int_equal(vd_str_find(VD_S("abca"), 'a'), 0);
    assert_int_equal(vd_str_rfind(VD_S("abca"), 'a'), 3);
    assert_int_equal(vd_str_find(VD_S("abc"), 'x'), 3);
    assert_int_equal(vd_str_rfind(VD_S("abc"), 'x'), 3);
    assert_true(vd_str_contains(VD_S("abc"), VD_S("bc")) && vd_str_contains(VD_S("abc"), VD_S("")));
    assert_false(vd_str_contains(VD_S("ab"), VD_S("abc")) || vd_str_contains(VD_S(""), VD_S("a")));
    assert_true(vd_str_all_digits(VD_S("0123")) && !vd_str_all_digits(VD_S("")) &&
                !vd_str_all_digits(VD_S("1a")));
    check_cstr(vd_str_from(VD_S("abc"), 9), "");
    check_cstr(vd_str_first(VD_S("abc"), 9), "abc");
}

/* The folded hash of a text is that of the folded text, for each byte at each place of a word. */
static void test_hash(void **state)
{
    char text[24], lower[24];

    VD_UNUSED(state);
    for (size_t n = 0; n <= sizeof text; n++)
        for (unsigned c = 0; c < 256; c++) {
            memset(text, 'Q', n);
            if (n)
                text[c % n] = (char)c;
            for (size_t i = 0; i < n; i++)
                lower[i] = vd_lower(text[i]);
            if (vd_ihash(7, (vd_str){ text, n }) != vd_ihash(7, (vd_str){ lower, n }))
                fail_msg("byte %02x in %zu bytes", c, n);
        }
    assert_true(vd_ihash(1, VD_S("aws:SourceIp")) != vd_ihash(1, VD_S("aws:SourceIq")));
    assert_true(vd_hash(1, VD_S("a")) != vd_hash(2, VD_S("a")));
    assert_true(vd_hash(1, VD_S("a")) != vd_hash(1, VD_S("a\0")));
    assert_true(vd_hash(1, VD_S("")) == vd_hash(1, (vd_str){ 0 }));
    assert_true(vd_hash(1, VD_S("12345678a")) != vd_hash(1, VD_S("12345678b")));
}

/* Each code point goes out and comes back; nothing that is not one does. */
static void test_utf8(void **state)
{
    static const vd_str bad[] = {
        VD_L("\x80"),
        VD_L("\xbf"),
        VD_L("\xc0\x80"),
        VD_L("\xc1\xbf"),
        VD_L("\xc2"),
        VD_L("\xc2\x41"),
        VD_L("\xe0\x9f\xbf"),
        VD_L("\xe2\x82"),
        VD_L("\xed\xa0\x80"),
        VD_L("\xed\xbf\xbf"),
        VD_L("\xf0\x8f\xbf\xbf"),
        VD_L("\xf4\x90\x80\x80"),
        VD_L("\xf5\x80\x80\x80"),
        VD_L("\xff"),
        VD_L("\xf0\x9f\x98"),
        VD_L("\xfe\xff"),
    };
    uint32_t cp;

    VD_UNUSED(state);
    for (uint32_t wanted = 0; wanted < 0x110100; wanted++) {
        char     bytes[4];
        uint32_t n = vd_utf8_put(bytes, wanted);

        if ((wanted >= 0xd800 && wanted <= 0xdfff) || wanted > 0x10ffff) {
            assert_int_equal(n, 0);
            continue;
        }
        if (vd_utf8_next((vd_str){ bytes, n }, &cp) != n || cp != wanted ||
            vd_utf8_next((vd_str){ bytes, n - 1 }, &cp))
            fail_msg("U+%04X", wanted);
    }
    for (size_t i = 0; i < VD_COUNT(bad); i++) {
        char text[32] = "0123456789";

        assert_int_equal(vd_utf8_next(bad[i], &cp), 0);
        memcpy(text + 10, bad[i].p, bad[i].n);
        assert_int_equal(vd_utf8_invalid((vd_str){ text, 10 + bad[i].n }), 10);
    }
    assert_int_equal(vd_utf8_invalid(VD_S("ascii, then \xc3\xa9, then \xf0\x9f\x98\x80")), 25);
    assert_int_equal(vd_utf8_columns(VD_S("a\xc3\xa9\xff\xf0\x9f\x98\x80")), 4);
}

static void test_suggest(void **state)
{
    static const vd_str words[] = { VD_L("GetObject"), VD_L("PutObject"), VD_L("GetObjectAcl"),
                                    VD_L("List") };
    char                longer[70];

    VD_UNUSED(state);
    assert_int_equal(vd_distance(VD_S("abc"), VD_S("ABC"), 3), 0);
    assert_int_equal(vd_distance(VD_S("abcd"), VD_S("abdc"), 3), 1); /* a swap is one */
    assert_int_equal(vd_distance(VD_S("kitten"), VD_S("sitting"), 5), 3);
    assert_int_equal(vd_distance(VD_S("kitten"), VD_S("sitting"), 2), 3);
    assert_int_equal(vd_distance(VD_S(""), VD_S("abc"), 5), 3);
    assert_int_equal(vd_suggest(VD_S("GetObejct"), words, VD_COUNT(words)), 0);
    assert_int_equal(vd_suggest(VD_S("putobject"), words, VD_COUNT(words)), 1);
    assert_int_equal(vd_suggest(VD_S("lits"), words, VD_COUNT(words)), 3);
    assert_int_equal(vd_suggest(VD_S("DeleteBucket"), words, VD_COUNT(words)), VD_COUNT(words));
    memset(longer, 'a', sizeof longer);
    assert_int_equal(vd_distance((vd_str){ longer, 70 }, (vd_str){ longer, 70 }, 3), 4);
}

static void test_sha256(void **state)
{
    char hex[65];

    VD_UNUSED(state);
    vd_sha256_hex(hex, 64, VD_S("abc"));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    vd_sha256_hex(hex, 5, VD_S(""));
    assert_string_equal(hex, "e3b0c");
}

/* ---- errors, diagnostics, limits ---- */

static void test_error(void **state)
{
    char     text[400];
    vd_error err = { 0 };

    VD_UNUSED(state);
    assert_int_equal(vd_fail(NULL, VD_EIO, "x"), VD_EIO);
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = "\xe2\x82\xac"[i % 3];
    text[sizeof text - 1] = 0;
    for (int shift = 0; shift < 3; shift++) { /* clipped between code points */
        assert_int_equal(vd_fail(&err, VD_ESYNTAX, "%.*s%s", shift, "ab", text), VD_ESYNTAX);
        assert_int_equal(vd_utf8_invalid(vd_str_of(err.text)), strlen(err.text));
        assert_true(strlen(err.text) > sizeof err.text - 5);
    }
    vd_error_hint(&err, "try %d", 1);
    assert_string_equal(err.hint, "try 1");
    vd_fail(&err, VD_EIO, "other");
    assert_string_equal(err.hint, ""); /* a hint belongs to its error */
    assert_string_equal(vd_code_name(VD_EMALFORMED), "malformed-policy");
    assert_string_equal(vd_code_name(VD_EINTERNAL), "internal");
    assert_string_equal(vd_code_name(-99), "unknown");
    assert_string_equal(vd_code_name(1), "unknown");
}

static void test_diags(void **state)
{
    vd_limits      limits = { .size = sizeof limits, .diagnostics = 2 };
    vd_engine_opts opts = { .size = sizeof opts, .limits = &limits };
    vd_engine     *engine;
    vd_diags      *d;
    char           name[] = "f.json";

    VD_UNUSED(state);
    assert_int_equal(vd_engine_new(&engine, &opts, NULL), VD_OK);
    assert_int_equal(vd_diags_new(&d, engine, NULL), VD_OK);
    vd_engine_release(engine); /* the list holds it */
    assert_int_equal(vd_diags_worst(d), -1);
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            vd_diag_add(d, i, VD_S("r"), (vd_pos){ .file = vd_str_of(name), .line = 1 }, NULL, "n %d", i),
            VD_OK);
    name[0] = 'x'; /* it keeps copies */
    assert_int_equal(vd_diags_count(d), 2);
    assert_int_equal(vd_diags_dropped(d), 3);
    assert_int_equal(vd_diags_worst(d), VD_ERROR);
    check_cstr(vd_diags_at(d, 1)->text, "n 1");
    check_cstr(vd_diags_at(d, 1)->at.file, "f.json");
    check_cstr(vd_diags_at(d, 1)->hint, "");
    assert_null(vd_diags_at(d, 2));
    assert_int_equal(vd_diag_add(NULL, VD_ERROR, VD_S("r"), (vd_pos){ 0 }, NULL, "x"), VD_OK);
    vd_diags_free(d);
    vd_diags_free(NULL);
    assert_int_equal(vd_diags_count(NULL), 0);
}

/* The table that users read says what the code does. */
static void test_limits_table(void **state)
{
    vd_limits out, shorter = { .size = offsetof(vd_limits, nodes), .depth = 3, .nodes = 5 };

    VD_UNUSED(state);
    vd_limits_fill(&out, NULL);
    assert_int_equal(vd_limit_row_count, 21);
    assert_int_equal(vd_limit_rows[0].value, out.document_bytes);
    for (size_t i = 1; i < vd_limit_row_count; i++) {
        uint64_t            value = 0;
        const char         *p = (const char *)&out;
        static const size_t offsets[] = {
            0,
            offsetof(vd_limits, depth),
            offsetof(vd_limits, nodes),
            offsetof(vd_limits, statements),
            offsetof(vd_limits, values),
            offsetof(vd_limits, string_bytes),
            offsetof(vd_limits, diagnostics),
            offsetof(vd_limits, set_policies),
            offsetof(vd_limits, set_statements),
            offsetof(vd_limits, set_bytes),
            offsetof(vd_limits, request_keys),
            offsetof(vd_limits, request_values),
            offsetof(vd_limits, request_value_bytes),
            offsetof(vd_limits, request_checks),
            offsetof(vd_limits, scenario_cases),
            offsetof(vd_limits, file_bytes),
            offsetof(vd_limits, plan_bytes),
            offsetof(vd_limits, snapshot_bytes),
            offsetof(vd_limits, snapshot_file_bytes),
            offsetof(vd_limits, snapshot_nodes),
            offsetof(vd_limits, snapshot_files),
        };

        memcpy(&value, p + offsets[i], vd_limit_rows[i].value >= 10u << 20 ? 8 : 4); /* the large ones are wide */
        if (value != vd_limit_rows[i].value)
            fail_msg(VD_F, VD_A(vd_limit_rows[i].name));
    }
    vd_limits_fill(&out, &shorter); /* of an older caller: what lies behind its size does not count */
    assert_int_equal(out.depth, 3);
    assert_int_equal(out.nodes, 8u << 20);
}

static void test_engine(void **state)
{
    failing_alloc  f = { .fail_at = 1 };
    vd_allocator   a = failing_allocator(&f), half = { .realloc = a.realloc };
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
    vd_engine     *e;

    VD_UNUSED(state);
    assert_int_equal(vd_engine_new(&e, &opts, NULL), VD_ENOMEM);
    assert_null(e);
    f.fail_at = 0;
    assert_int_equal(vd_engine_new(&e, &opts, NULL), VD_OK);
    assert_ptr_equal(vd_engine_retain(e), e);
    vd_engine_release(e);
    assert_int_equal(f.live, 1);
    vd_engine_release(e);
    assert_int_equal(f.live, 0);
    vd_engine_release(NULL);
    opts.allocator = &half;
    assert_int_equal(vd_engine_new(&e, &opts, NULL), VD_EINVAL);
    assert_int_equal(vd_engine_new(NULL, NULL, NULL), VD_EINVAL);
}

/* ---- files ---- */

/* What is no regular file is written to, never replaced: as root that would cost /dev/null its device. */
static void test_write_through(void **state)
{
    char        dir[256], path[300], got[8];
    vd_error    err = { 0 };
    struct stat st;
    int         reader;

    VD_UNUSED(state);
    snprintf(dir, sizeof dir, "%s/verdict-test-XXXXXX", temporary());
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/pipe", dir);
    assert_int_equal(mkfifo(path, 0600), 0);
    reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(vd_file_write(path, VD_S("hello"), &err), VD_OK);
    assert_int_equal(read(reader, got, sizeof got), 5);
    assert_memory_equal(got, "hello", 5);
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    close(reader);
    assert_int_equal(vd_file_write(dir, VD_S("x"), &err), VD_EIO); /* a folder */
    unlink(path);
    rmdir(dir);
}

static void test_file(void **state)
{
    char                dir[256], path[300], missing[300];
    const vd_allocator *a = vd_allocator_default();
    vd_error            err = { 0 };
    vd_str              text;
    char                big[20000];

    VD_UNUSED(state);
    snprintf(dir, sizeof dir, "%s/verdict-test-XXXXXX", temporary());
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/f", dir);
    snprintf(missing, sizeof missing, "%s/none/f", dir);
    memset(big, 'x', sizeof big);
    for (size_t n = 0; n <= sizeof big; n = n * 3 + 1) {
        assert_int_equal(vd_file_write(path, (vd_str){ big, n }, &err), VD_OK);
        assert_int_equal(vd_file_read(&text, a, path, n, &err), VD_OK);
        check_str(text, vd_str_first((vd_str){ big, sizeof big }, n));
        assert_int_equal(text.p[n], 0);
        vd_file_free(a, text);
        if (n) {
            assert_int_equal(vd_file_read(&text, a, path, n - 1, &err), VD_ELIMIT);
            assert_null(text.p);
        }
        assert_int_equal(vd_file_map(&text, path, &err), n ? VD_OK : VD_EFORMAT);
        if (n)
            check_str(text, vd_str_first((vd_str){ big, sizeof big }, n));
        vd_file_unmap(text);
    }
    assert_int_equal(vd_file_read(&text, a, missing, 9, &err), VD_EIO);
    assert_string_equal(err.text, "cannot open: no such file or directory");
    check_cstr(err.at.file, missing);
    assert_int_equal(vd_file_read(&text, a, dir, 9, &err), VD_EIO);
    assert_int_equal(vd_file_map(&text, dir, &err), VD_EIO);
    assert_int_equal(vd_file_write(missing, VD_S("x"), &err), VD_EIO);
    for (size_t n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_allocator  failing = failing_allocator(&f);
        vd_code       code = vd_file_read(&text, &failing, path, sizeof big, &err);

        if (code == VD_OK)
            vd_file_free(&failing, text);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        assert_int_equal(code, f.failed ? VD_ENOMEM : VD_OK);
        if (!f.failed)
            break;
    }
    unlink(path);
    rmdir(dir);
}

/* ---- calendar, base64 ---- */

static void check_time(int64_t seconds, const char *time, const char *day)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);

    vd_put_time(&b, seconds);
    check_cstr(vd_buf_str(&b), time);
    b.n = 0;
    vd_put_day(&b, seconds);
    check_cstr(vd_buf_str(&b), day);
    vd_buf_done(&b);
}

static void test_calendar(void **state)
{
    VD_UNUSED(state);
    check_time(0, "1970-01-01T00:00:00Z", "1970-01-01");
    check_time(-1, "1969-12-31T23:59:59Z", "1969-12-31");
    check_time(951782399, "2000-02-28T23:59:59Z", "2000-02-28");
    check_time(951782400, "2000-02-29T00:00:00Z", "2000-02-29");
    check_time(1772442067, "2026-03-02T09:01:07Z", "2026-03-02");
    check_time(-62167219200, "0000-01-01T00:00:00Z", "0000-01-01");
    check_time(-62167219201, "-0001-12-31T23:59:59Z", "-0001-12-31");
    check_time(INT64_MAX, "292277026596-12-04T15:30:07Z", "292277026596-12-04");
    check_time(INT64_MIN, "-292277022657-01-27T08:29:52Z", "-292277022657-01-27");
}

static void test_base64(void **state)
{
    static const char *const pairs[][2] = { { "", "" },         { "f", "Zg==" },         { "fo", "Zm8=" },
                                            { "foo", "Zm9v" },  { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xfe", "+//+" } };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(pairs); i++) {
        vd_buf b = vd_buf_on(vd_allocator_default(), 0);

        vd_put_base64(&b, vd_str_of(pairs[i][0]));
        check_cstr(vd_buf_str(&b), pairs[i][1]);
        vd_buf_done(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_arena_limit),
        cmocka_unit_test(test_arena_push),
#ifdef VD_POISON
        cmocka_unit_test(test_arena_poison),
#endif
        cmocka_unit_test(test_intern),
        cmocka_unit_test(test_intern_fold),
        cmocka_unit_test(test_map_collisions),
        cmocka_unit_test(test_tables_no_memory),
        cmocka_unit_test(test_vec),
        cmocka_unit_test(test_buf),
        cmocka_unit_test(test_str),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_suggest),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_diags),
        cmocka_unit_test(test_limits_table),
        cmocka_unit_test(test_engine),
        cmocka_unit_test(test_write_through),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_base64),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

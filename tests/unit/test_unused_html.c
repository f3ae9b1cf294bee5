/* SPDX-License-Identifier: Apache-2.0
 *
 * The page about what nobody uses: well-formed whatever the names are, nothing of them is markup, its style and script are the
 * ones that its policy names, and its numbers add up.
 */
#include "unit.h"

#include "../report/fixture.h"
#include "failing_alloc.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "render/html.h"

/* ------------------------------------------------------------------ a small reader of HTML as we write it */

enum { DEPTH = 32 };

static bool is_one_of(vd_str name, const char *list)
{
    vd_str rest = vd_str_of(list), word;

    while (vd_str_cut(&rest, ' ', &word))
        if (vd_str_eq(name, word))
            return true;
    return vd_str_eq(name, rest);
}

static void complain(vd_str page, size_t at, const char *what)
{
    size_t from = at > 60 ? at - 60 : 0;

    fail_msg("%s at %zu: \"" VD_F "\"", what, at, VD_A(vd_str_first(vd_str_from(page, from), 120)));
}

static size_t name_length(vd_str page, size_t at)
{
    size_t n = 0;

    while (at + n < page.n && (vd_is_alpha(page.p[at + n]) || vd_is_digit(page.p[at + n]) || page.p[at + n] == '-'))
        n++;
    return n;
}

/* &name; of a few, behind the ampersand. */
static size_t check_entity(vd_str page, size_t at)
{
    vd_str head = vd_str_first(vd_str_from(page, at), 8), name;

    if (!vd_str_cut(&head, ';', &name) || !is_one_of(name, "amp lt gt quot ldquo rdquo"))
        complain(page, at, "an ampersand that is none of ours");
    return at + name.n + 1;
}

/* name="value" ..., up to the end of the tag, behind which it comes back. */
static size_t check_attributes(vd_str page, size_t at, bool *closed)
{
    for (;;) {
        *closed = page.p[at] == '/';
        at += *closed;
        if (page.p[at] == '>')
            return at + 1;
        if (page.p[at] != ' ' || *closed)
            complain(page, at, "not an attribute");
        at += 1;
        if (name_length(page, at) == 0)
            complain(page, at, "an attribute without a name");
        at += name_length(page, at);
        if (page.p[at] != '=')
            continue; /* "hidden" */
        if (page.p[at + 1] != '"')
            complain(page, at, "an attribute without quotes");
        for (at += 2; page.p[at] != '"'; at++) {
            if (page.p[at] == '<' || page.p[at] == '\n')
                complain(page, at, "an attribute that does not end");
            if (page.p[at] == '&')
                at = check_entity(page, at + 1) - 1;
        }
        at++;
    }
}

static size_t skip_to(vd_str page, size_t at, const char *end)
{
    while (at < page.n && !vd_str_starts(vd_str_from(page, at), vd_str_of(end)))
        at++;
    return at;
}

/* Elements nest and end, attributes are quoted, "<" and "&" are markup of ours.  How many elements there are. */
static uint32_t check_page(vd_str page)
{
    vd_str   open[DEPTH];
    uint32_t depth = 0, elements = 0;
    size_t   at = sizeof "<!DOCTYPE html>" - 1;

    assert_true(vd_str_starts(page, VD_S("<!DOCTYPE html>\n<html lang=\"en\">")));
    assert_int_equal(vd_utf8_invalid(page), page.n);
    while (at < page.n) {
        char   c = page.p[at++];
        bool   ends, closed;
        vd_str name;

        if (c == '&')
            at = check_entity(page, at);
        if (c == '>' || (unsigned char)c == 0x7f || (c >= 0 && c < 0x20 && c != '\n'))
            complain(page, at, "a character that should be escaped");
        if (c != '<')
            continue;
        ends = page.p[at] == '/';
        at += ends;
        name = vd_str_first(vd_str_from(page, at), name_length(page, at));
        at += name.n;
        if (name.n == 0)
            complain(page, at, "not a tag");
        at = check_attributes(page, at, &closed);
        if (ends) {
            if (depth == 0 || !vd_str_eq(open[depth - 1], name))
                complain(page, at, "ends what is not open");
            depth--;
            continue;
        }
        elements++;
        if (closed || is_one_of(name, "meta br input"))
            continue;
        assert_true(depth < DEPTH);
        open[depth++] = name;
        if (is_one_of(name, "script style"))
            at = skip_to(page, at, is_one_of(name, "script") ? "</script" : "</style");
    }
    assert_int_equal(depth, 0);
    return elements;
}

/* ------------------------------------------------------------------ pages */

static vd_buf page_of(fixture *x)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    assert_int_equal(vd_render_unused_html(&out, NULL, &x->job), VD_OK);
    return out;
}

static uint32_t count_of(vd_str page, const char *what)
{
    uint32_t n = 0;

    for (size_t at = skip_to(page, 0, what); at < page.n; at = skip_to(page, at + 1, what))
        n++;
    return n;
}

static void test_pages(void **state)
{
    static const uint32_t sizes[][2] = { { 0, 0 }, { 1, 0 }, { 1, 3 }, { 9, 5 }, { 40, 1 } };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(sizes); i++) {
        fixture x;
        vd_buf  first, again;

        fixture_make(&x, sizes[i][0], sizes[i][1], NULL, 0);
        first = page_of(&x);
        again = page_of(&x);
        check_page(vd_buf_str(&first));
        check_str(vd_buf_str(&first), vd_buf_str(&again));
        assert_int_equal(count_of(vd_buf_str(&first), "<tr data-r="), x.job.count);
        assert_int_equal(count_of(vd_buf_str(&first), "<details class=\"who\""), sizes[i][0] + (sizes[i][0] > 0));
        vd_buf_done(&first);
        vd_buf_done(&again);
        fixture_done(&x);
    }
}

/* What the style leaves out on paper is told, as many as it leaves. */
static void test_paper(void **state)
{
    static const uint32_t each[] = { 60, 61 };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(each); i++) {
        fixture x;
        vd_buf  page;

        fixture_make(&x, 1, each[i], NULL, 0);
        page = page_of(&x);
        check_page(vd_buf_str(&page));
        assert_int_equal(count_of(vd_buf_str(&page), "<p class=\"paper note\">On paper are the first 60 of 61 findings"), each[i] > 60);
        assert_int_equal(count_of(vd_buf_str(&page), "<p class=\"paper"), each[i] > 60);
        assert_int_equal(count_of(vd_buf_str(&page), ":nth-child(n + 61)"), 1);
        vd_buf_done(&page);
        fixture_done(&x);
    }
}

static void test_hostile_names(void **state)
{
    static const vd_str names[] = {
        VD_L("<script>alert(1)</script>"), VD_L("\"'><img src=x onerror=alert(1)>"), VD_L("</style></script></title><!--"),
        VD_L("&lt;b&gt; &#60;b&#62; &amp"), VD_L("\xe2\x80\xae" "gpj.exe\xe2\x81\xa6\xe2\x80\x8f"), VD_L("a\0b\x01\x1b[31m\x7f\r\n\t"),
        VD_L("\xff\xfe\xc0\xaf\xed\xa0\x80"), VD_L("javascript:alert(1)"), VD_L("\xc2\x85\xc2\xa0\xe2\x80\xa8"), VD_L("{{7*7}}${7*7}`"),
    };
    uint32_t plain;
    fixture  x;
    vd_buf   page;

    VD_UNUSED(state);
    fixture_make(&x, 2, 3, NULL, 0);
    page = page_of(&x);
    plain = check_page(vd_buf_str(&page)) - count_of(vd_buf_str(&page), "<bdi>");
    vd_buf_done(&page);
    fixture_done(&x);
    for (size_t i = 0; i < VD_COUNT(names); i++) {
        fixture_make(&x, 2, 3, names[i].p, names[i].n);
        page = page_of(&x);
        /* Names add no element; of isolated text there is as much as there are names that need it. */
        assert_int_equal(check_page(vd_buf_str(&page)) - count_of(vd_buf_str(&page), "<bdi>"), plain);
        assert_int_equal(count_of(vd_buf_str(&page), "<script"), 1);
        assert_int_equal(count_of(vd_buf_str(&page), "<img"), 0);
        assert_int_equal(count_of(vd_buf_str(&page), "\xe2\x80\xae"), 0);
        assert_int_equal(count_of(vd_buf_str(&page), "href=\"j"), 0);
        vd_buf_done(&page);
        fixture_done(&x);
    }
}

/* Of a name of ten kilobytes the beginning is shown, and how long it is; no code point is cut. */
static void test_long_names(void **state)
{
    enum { LONG = 10240 };
    static char name[LONG];
    fixture     x;
    vd_buf      page;

    VD_UNUSED(state);
    for (size_t i = 0; i + 1 < LONG; i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    fixture_make(&x, 1, 1, name, LONG);
    page = page_of(&x);
    check_page(vd_buf_str(&page));
    assert_true(count_of(vd_buf_str(&page), "bytes)") > 10);
    assert_int_equal(count_of(vd_buf_str(&page), "\xef\xbf\xbd"), 0);
    assert_true(page.n < 400000);
    vd_buf_done(&page);
    fixture_done(&x);
}

/* ------------------------------------------------------------------ policy */

static vd_str between(vd_str page, const char *begin, const char *end)
{
    size_t from = skip_to(page, 0, begin) + strlen(begin);

    return vd_str_first(vd_str_from(page, from), skip_to(page, from, end) - from);
}

static void test_policy(void **state)
{
    static const char *const parts[][3] = { { "<style>", "</style>", "style-src 'sha256-" },
                                            { "<script>", "</script>", "script-src 'sha256-" } };
    fixture                  x;
    vd_buf                   page;

    VD_UNUSED(state);
    fixture_make(&x, 1, 1, NULL, 0);
    page = page_of(&x);
    for (size_t i = 0; i < VD_COUNT(parts); i++) {
        vd_buf  hash = vd_buf_on(vd_allocator_default(), 0);
        uint8_t sum[32];

        vd_sha256(sum, between(vd_buf_str(&page), parts[i][0], parts[i][1]));
        vd_put_base64(&hash, (vd_str){ (const char *)sum, sizeof sum });
        check_str(between(vd_buf_str(&page), parts[i][2], "'"), vd_buf_str(&hash));
        vd_buf_done(&hash);
    }
    assert_int_equal(count_of(vd_buf_str(&page), "default-src 'none'"), 1);
    assert_int_equal(count_of(vd_buf_str(&page), "unsafe"), 0);
    assert_int_equal(count_of(vd_buf_str(&page), " style=\""), 0);
    assert_int_equal(count_of(vd_buf_str(&page), "http:"), 0);
    assert_int_equal(count_of(vd_buf_str(&page), "https:"), 0);
    vd_buf_done(&page);
    fixture_done(&x);
}

/* ------------------------------------------------------------------ numbers */

static void check_written(vd_buf *out, const char *wanted)
{
    check_cstr(vd_buf_str(out), wanted);
    out->n = 0;
}

static void test_numbers(void **state)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    VD_UNUSED(state);
    vd_html_count(&out, 0);
    check_written(&out, "0");
    vd_html_count(&out, 999);
    check_written(&out, "999");
    vd_html_count(&out, UINT64_MAX);
    check_written(&out, "18,446,744,073,709,551,615");
    vd_html_counted(&out, 1, "role", "roles");
    check_written(&out, "1 role");
    vd_html_percent(&out, 1, 1000);
    check_written(&out, "under 1%");
    vd_html_percent(&out, 0, 0);
    check_written(&out, "0%");
    vd_html_percent(&out, 999, 1000);
    check_written(&out, "99%");
    vd_html_percent(&out, UINT64_MAX / 2, UINT64_MAX);
    check_written(&out, "49%");
    vd_html_tenths(&out, 7);
    check_written(&out, "0.7%");
    vd_html_tenths(&out, 1000);
    check_written(&out, "100%");
    vd_html_bytes(&out, 1);
    check_written(&out, "1 byte");
    vd_html_bytes(&out, 999);
    check_written(&out, "999 bytes");
    vd_html_bytes(&out, 7312345678);
    check_written(&out, "7.3 GB");
    vd_html_bytes(&out, UINT64_MAX);
    check_written(&out, "18.4 EB");
    vd_html_span(&out, 0, 86400);
    check_written(&out, "<time>1970-01-01</time>");
    vd_html_span(&out, 0, 2 * 86400);
    check_written(&out, "<time>1970-01-01</time> to <time>1970-01-02</time>");
    vd_html_span(&out, 3600, 2 * 86400);
    check_written(&out, "<time>1970-01-01T01:00:00Z</time> to <time>1970-01-03T00:00:00Z</time>");
    vd_html_span(&out, INT64_MAX, INT64_MIN);
    check_written(&out, "<time>292277026596-12-04T15:30:07Z</time> to <time>-292277022657-01-27T08:29:52Z</time>");
    vd_buf_done(&out);
}

static void check_bar(uint64_t a, uint64_t b, uint64_t c, uint64_t d, const char *wanted)
{
    const vd_html_part parts[VD_HTML_PARTS] = { { "a", a }, { "b", b }, { "c", c }, { "d", d } };
    vd_buf             out = vd_buf_on(vd_allocator_default(), 0);

    vd_html_bar(&out, parts);
    check_str(between(vd_buf_str(&out), "\">", "</svg>"), vd_str_of(wanted));
    vd_buf_done(&out);
}

static void test_bars(void **state)
{
    VD_UNUSED(state);
    check_bar(0, 0, 0, 0, "");
    check_bar(5, 0, 0, 0, "<rect class=\"a\" x=\"0%\" width=\"100%\"/>");
    check_bar(1, 0, 1, 0, "<rect class=\"a\" x=\"0%\" width=\"50%\"/><rect class=\"c\" x=\"50%\" width=\"50%\"/>");
    /* Three thirds fill it; one of a million is seen. */
    check_bar(1, 1, 1, 0, "<rect class=\"a\" x=\"0%\" width=\"33.4%\"/><rect class=\"b\" x=\"33.4%\" width=\"33.3%\"/>"
                          "<rect class=\"c\" x=\"66.7%\" width=\"33.3%\"/>");
    check_bar(1, 0, 1000000, 0, "<rect class=\"a\" x=\"0%\" width=\"0.6%\"/><rect class=\"c\" x=\"0.6%\" width=\"99.4%\"/>");
    check_bar((uint64_t)1 << 40, (uint64_t)1 << 40, 0, 0, "<rect class=\"a\" x=\"0%\" width=\"50%\"/><rect class=\"b\" x=\"50%\" width=\"50%\"/>");
}

/* ------------------------------------------------------------------ what is said */

static void check_says(const vd_unused_job *job, const char *text)
{
    vd_buf page = vd_buf_on(vd_allocator_default(), 0);

    assert_int_equal(vd_render_unused_html(&page, NULL, job), VD_OK);
    check_page(vd_buf_str(&page));
    if (count_of(vd_buf_str(&page), text) != 1)
        fail_msg("\"%s\" is not there, or more than once", text);
    vd_buf_done(&page);
}

static void test_words(void **state)
{
    const vd_coverage_class classes[] = { { sizeof classes[0], VD_L("kms"), "off", true } };
    vd_unused_job           job = { .coverage = { .from = FIXTURE_FROM, .to = FIXTURE_TO, .events = 1 } };

    VD_UNUSED(state);
    check_says(&job, "Nothing was found that nobody uses.");
    job.identities_only = true;
    job.summary.findings = 2;
    check_says(&job, "2 findings about users, roles and credentials.");
    job = (vd_unused_job){ .coverage = job.coverage, .summary = { .principals = 1, .granted = 200, .used = 1, .not_seen = 199 } };
    check_says(&job, "Of 200 actions granted to 1 user or role, 1 (under 1%) was used; <strong>199 (99%) were not seen in use</strong> "
                     "in 90 days.");
    job.summary.cannot_see = 50;
    job.summary.not_seen = 149;
    job.summary.blind = 501;
    check_says(&job, ", and of 50 (25%) these logs cannot tell.");
    check_says(&job, "the excess is indicative only.</li>");
    check_says(&job, "indicative only: 50.1% cannot be seen");
    job.coverage.to = FIXTURE_FROM + 30 * 86400;
    check_says(&job, "The window is 30 days:");
    job.coverage.partial = true;
    check_says(&job, "more was to come");
    job.coverage.lost = 1;
    check_says(&job, "1 record or file could not be read");
    job.coverage.events = 0;
    check_says(&job, "No event of any log was read.");
    job.coverage.classes = classes;
    job.coverage.class_count = 1;
    check_says(&job, "Nobody gave the settings of the trails");
}

/* The most that can be taken away comes first, and every line leads to a section. */
static void test_order(void **state)
{
    fixture x;
    vd_buf  page;
    size_t  second, third, first;

    VD_UNUSED(state);
    fixture_make(&x, 3, 1, NULL, 0);
    x.principals[0].not_seen = 10;
    x.principals[1].not_seen = 30;
    x.principals[2].not_seen = 20;
    page = page_of(&x);
    second = skip_to(vd_buf_str(&page), 0, " id=\"p2\"");
    third = skip_to(vd_buf_str(&page), 0, " id=\"p3\"");
    first = skip_to(vd_buf_str(&page), 0, " id=\"p1\"");
    assert_true(second < third && third < first && first < page.n);
    assert_int_equal(count_of(vd_buf_str(&page), "href=\"#p2\""), 1);
    vd_buf_done(&page);
    fixture_done(&x);
}

static void test_no_memory(void **state)
{
    fixture x;

    VD_UNUSED(state);
    fixture_make(&x, 1, 1, NULL, 0);
    for (size_t n = 1;; n += n < 60 ? 1 : 37) {
        failing_alloc f = { .fail_at = n };
        vd_allocator  a = failing_allocator(&f);
        vd_buf        out = vd_buf_on(&a, 0);
        vd_code       code = vd_render_unused_html(&out, NULL, &x.job);

        vd_buf_done(&out);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        assert_int_equal(code, f.failed ? VD_ENOMEM : VD_OK);
        if (!f.failed)
            break;
    }
    fixture_done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),   cmocka_unit_test(test_paper),         cmocka_unit_test(test_hostile_names), cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_policy),  cmocka_unit_test(test_numbers),       cmocka_unit_test(test_bars),
        cmocka_unit_test(test_words),   cmocka_unit_test(test_order),         cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

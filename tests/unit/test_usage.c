/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner against its twins and against the tokenizer; joins that do not depend on their order; an allocator that says
 * no; every test of event-actions.tsv has a bit in event-guards.tsv.
 */
#include "unit.h"

#include "failing_alloc.h"

#include "base/file.h"
#include "catalog/events.h"
#include "text/doc.h"
#include "usage/digest.h"
#include "usage/outcome.h"
#include "usage/usage_int.h"

#include <verdict/usage.h>

static uint64_t state = 1;

static uint32_t draw(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* ------------------------------------------------------------------ the scanner */

static void twins(void **unused)
{
    static const char letters[] = "{}[]\"\\aB09 ,:\x01\x7f\xc3";
    char              text[256 + VD_SCAN_PAD];

    VD_UNUSED(unused);
    for (int round = 0; round < 20000; round++) {
        size_t      n = draw(200), from = draw(40);
        const char *end;

        for (size_t i = 0; i < sizeof text; i++)
            text[i] = draw(6) ? 'x' : letters[draw(sizeof letters - 1)];
        from = from < n ? from : n;
        end = text + n;
        assert_ptr_equal(vd_scan_quote(text + from, end), vd_scan_quote_portable(text + from, end));
        assert_ptr_equal(vd_scan_bracket(text + from, end), vd_scan_bracket_portable(text + from, end));
        for (const char *p = text + from; p < vd_scan_quote(text + from, end); p++)
            assert_true(*p != '"' && *p != '\\');
        for (const char *p = text + from; p < vd_scan_bracket(text + from, end); p++)
            assert_null(memchr("{}[]\"", *p, 5));
    }
}

/* A value, and perhaps something wrong in it. */
static size_t make_value(char *out, uint32_t depth)
{
    size_t n = 0;

    switch (depth ? draw(6) : draw(4)) {
    case 0:
        return (size_t)sprintf(out, "\"%s\"", draw(2) ? "a\\\"}" : "x]{");
    case 1:
        return (size_t)sprintf(out, "%u", draw(1000));
    case 2:
        return (size_t)sprintf(out, "true");
    case 3:
        return (size_t)sprintf(out, "{}");
    case 4:
        n = (size_t)sprintf(out, "{\"a\": ");
        n += make_value(out + n, depth - 1);
        return n + (size_t)sprintf(out + n, ",\"b\":null}");
    default:
        n = (size_t)sprintf(out, "[");
        n += make_value(out + n, depth - 1);
        return n + (size_t)sprintf(out + n, ", 1]");
    }
}

/* What JSON is ends for the scanner where it ends for the reader; whole or in pieces. */
static void ends(void **unused)
{
    char text[4096 + VD_SCAN_PAD];

    VD_UNUSED(unused);
    for (int round = 0; round < 5000; round++) {
        const char *next;
        vd_skip     skip = { 0 };
        size_t      n, at = 0;

        memset(text, 0, sizeof text);
        n = make_value(text, 5);
        memcpy(text + n, ",\"x\"", 4);
        assert_int_equal(vd_scan_value(text, text + n + 4, &next), VD_SCAN_OK);
        assert_ptr_equal(next, text + n);
        while (!skip.done) {
            size_t piece = 1 + draw(7);

            at += vd_skip_feed(&skip, text + at, text + at + (at + piece < n + 4 ? piece : n + 4 - at));
            assert_true(at <= n);
        }
        assert_int_equal(at, n);
        for (size_t cut = 1; cut < n; cut += 1 + draw(9)) {
            char held[VD_SCAN_PAD];

            memcpy(held, text + cut, sizeof held);
            memset(text + cut, 0, sizeof held);
            assert_int_equal(vd_scan_value(text, text + cut, &next), VD_SCAN_MORE);
            memcpy(text + cut, held, sizeof held);
        }
    }
}

static void brackets(void **unused)
{
    static const struct {
        const char *text;
        vd_scan     wanted;
    } cases[] = {
        { "{\"a\":[}]", VD_SCAN_BAD }, { "[}", VD_SCAN_BAD }, { "x", VD_SCAN_BAD }, { "]", VD_SCAN_BAD }, { "{\"a\":1", VD_SCAN_MORE },
        { "\"a\\\"", VD_SCAN_MORE },   { "\"a\\", VD_SCAN_MORE }, { "", VD_SCAN_MORE }, { "[[]] ", VD_SCAN_OK }, { "-1.5e3 ", VD_SCAN_OK },
    };
    char deep[1024 + VD_SCAN_PAD] = { 0 };

    VD_UNUSED(unused);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        char        text[64 + VD_SCAN_PAD] = { 0 };
        const char *next;

        memcpy(text, cases[i].text, strlen(cases[i].text));
        if (vd_scan_value(text, text + strlen(cases[i].text), &next) != cases[i].wanted)
            fail_msg("%s", cases[i].text);
    }
    memset(deep, '[', 200);
    memset(deep + 200, ']', 200);
    assert_int_equal(vd_scan_value(deep, deep + 400, &(const char *){ NULL }), VD_SCAN_DEEP);
}

/* ------------------------------------------------------------------ records */

/* Members that a record may have, each as it stands there: of the record, of who called, and of the session. */
static const char *const of_record[] = {
    "\"eventVersion\":\"1.11\"", "\"eventTime\":\"2026-03-12T16:22:44Z\"", "\"eventSource\":\"s3.amazonaws.com\"",
    "\"eventName\":\"GetObject\"", "\"userAgent\":\"a\\\"b \\\\\"", "\"errorCode\":null", "\"readOnly\":true", "\"readOnly\":\"false\"",
    "\"requestParameters\":{\"a\":[{\"b\":\"}\"},1],\"c\":\"]\",\"d\":\"\"}", "\"requestParameters\":null", "\"resources\":[]",
    "\"managementEvent\":false", "\"eventID\":\"0a1b\"", "\"eventID\":17", "\"tlsDetails\":{\"x\":\"y\"}", "\"of tomorrow\":[1,{}]",
    "\"annotation\":\"cut\"", "\"eventCategory\":[]", "\"recipientAccountId\":\"111122223333\"", "\"addendum\":{\"reason\":\"late\"}",
};
static const char *const of_identity[] = {
    "\"type\":\"AssumedRole\"", "\"type\":\"IAMUser\"", "\"principalId\":\"AROA:x\"", "\"arn\":\"arn:aws:sts::111122223333:assumed-role/r/a-rather-long-name-of-a-session\"",
    "\"accountId\":111122223333", "\"accessKeyId\":\"ASIA\"", "\"userName\":\"\\u0041\"", "\"invokedBy\":{}", "\"arn\":null", "\"sessionContext\":null",
};
static const char *const of_session[] = {
    "\"sessionIssuer\":{\"type\":\"Role\",\"arn\":\"arn:aws:iam::111122223333:role/r\"}", "\"sessionIssuer\":{}", "\"webIdFederationData\":{}",
    "\"attributes\":{\"mfaAuthenticated\":\"true\",\"creationDate\":\"\"}", "\"attributes\":{ }", "\"sourceIdentity\":\"me\"",
};

static size_t add_member(char *out, const char *text, bool first)
{
    static const char *const commas[] = { ",", ",", ",", ",", ",", ",", ", ", " ,\n" };
    size_t                   n = first ? 0 : (size_t)sprintf(out, "%s", commas[draw(VD_COUNT(commas))]);

    memcpy(out + n, text, strlen(text) + 1);
    return n + strlen(text);
}

/* Some of them, mostly in their order, with an object between them that `inner` makes. */
static size_t add_members(char *out, const char *const *from, size_t count, const char *inner)
{
    size_t n = (size_t)sprintf(out, "{");
    bool   first = true;

    for (size_t i = 0; i < count; i++) {
        if (draw(3) == 0)
            continue;
        n += add_member(out + n, from[draw(20) ? i : draw((uint32_t)count)], first);
        first = false;
        if (inner && draw(5) == 0)
            n += add_member(out + n, inner, false);
    }
    return n + (size_t)sprintf(out + n, "}");
}

static size_t make_record(char *out)
{
    char session[2048], identity[8192], inner[8192 + 32];

    add_members(session, of_session, VD_COUNT(of_session), NULL);
    sprintf(inner, "\"sessionContext\":%s", session);
    add_members(identity, of_identity, VD_COUNT(of_identity), draw(3) ? inner : NULL);
    sprintf(inner, "\"userIdentity\":%s", identity);
    return add_members(out, of_record, VD_COUNT(of_record), inner);
}

/* A reader that expects nothing looks each member up by its name. */
static void expect_nothing(vd_record_schema *schema)
{
    vd_record_schema_init(schema);
    for (size_t i = 0; i < VD_RECORD_ROWS; i++)
        memset(schema->heads[i].text, 1, sizeof schema->heads[i].text);
}

/* What the records before were like changes nothing of what is read, whole, cut or damaged. */
static void expectations(void **unused)
{
    enum { ROOM = 1 << 18 };
    vd_record_schema learned, blind;
    char            *text = calloc(1, ROOM);
    uint32_t         good = 0;

    VD_UNUSED(unused);
    assert_non_null(text);
    vd_record_schema_init(&learned);
    for (int round = 0; round < 20000; round++) {
        vd_record   a, b;
        const char *next_a = NULL, *next_b = NULL, *end;
        vd_scan     got;
        size_t      n = make_record(text);

        for (uint32_t k = draw(4) ? 0 : 1 + draw(3); k > 0; k--)
            text[draw((uint32_t)n)] = "{}[]\",:\\ n"[draw(10)];
        n = draw(4) ? n : draw((uint32_t)n) + 1;
        if (draw(2)) /* what is behind the end is not looked at, whatever it is; or nothing is there */
            memset(text + n, 0, VD_SCAN_PAD);
        text[0] = '{';
        end = text + n;
        expect_nothing(&blind);
        got = vd_record_read(&a, &learned, text, end, &next_a);
        assert_int_equal(got, vd_record_read(&b, &blind, text, end, &next_b));
        if (got == VD_SCAN_OK || got == VD_SCAN_DEEP) {
            good++;
            assert_ptr_equal(next_a, next_b);
            assert_memory_equal(a.at, b.at, sizeof a.at);
            assert_true(a.seen == b.seen && a.escaped == b.escaped && a.duplicates == b.duplicates && a.known == b.known &&
                        a.annotated == b.annotated);
        } else if (got == VD_SCAN_BAD) {
            assert_ptr_equal(next_a, next_b);
        }
    }
    assert_true(good > 10000);
    free(text);
}

/* ------------------------------------------------------------------ joins */

static void put_some(vd_facts *f, uint64_t seed)
{
    vd_fact *fact = vd_facts_get(f, VD_S("k"));
    int64_t  time;

    state = seed;
    time = 1700000000 + (int64_t)draw(2000) * 86400 + draw(86400);
    assert_true(vd_fact_seen(&f->arena, fact, 1, time, time));
    for (uint32_t i = 0; i < 5; i++) {
        char text[32];

        assert_true(vd_fact_put(&f->arena, fact, (vd_fact_set)draw(VD_FACT_SETS),
                                (vd_str){ text, (size_t)sprintf(text, "r%u", draw(400)) }));
    }
}

static bool sink(void *ctx, vd_str bytes)
{
    vd_buf_add(ctx, bytes);
    return true;
}

static void print(vd_buf *out, const vd_fact *f)
{
    vd_writer w;

    vd_writer_init(&w, vd_allocator_default(), sink, out);
    vd_writer_fact(&w, f);
    assert_int_equal(vd_writer_end(&w, false, NULL), VD_OK);
}

/* However a hundred events are dealt out to facts that are then folded, in whatever order. */
static void folding(void **unused)
{
    enum { EVENTS = 100, MOST = 7 };
    vd_buf whole = vd_buf_on(vd_allocator_default(), 0);

    VD_UNUSED(unused);
    for (uint32_t parts = 1; parts <= MOST; parts++) {
        vd_facts part[MOST], all;
        vd_buf   text = vd_buf_on(vd_allocator_default(), 0);
        vd_fact *sum;

        vd_facts_init(&all, vd_allocator_default(), 0);
        for (uint32_t i = 0; i < parts; i++)
            vd_facts_init(&part[i], vd_allocator_default(), i);
        for (uint64_t i = 0; i < EVENTS; i++)
            put_some(&part[(i * 2654435761u >> 7) % parts], i * 977 + 5);
        sum = vd_facts_get(&all, VD_S("k"));
        for (uint32_t i = parts; i > 0; i--)
            if (part[i - 1].list.count)
                assert_true(vd_fact_fold(&all.arena, sum, part[i - 1].list.at[0]));
        print(&text, sum);
        if (parts == 1)
            vd_buf_add(&whole, vd_buf_str(&text));
        check_str(vd_buf_str(&text), vd_buf_str(&whole));
        assert_int_equal(sum->count, EVENTS);
        for (uint32_t i = 0; i < parts; i++)
            vd_facts_done(&part[i]);
        vd_facts_done(&all);
        vd_buf_done(&text);
    }
    vd_buf_done(&whole);
}

/* The digest does not depend on the pieces. */
static void digests(void **unused)
{
    char text[1000];

    VD_UNUSED(unused);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)draw(256);
    for (int round = 0; round < 500; round++) {
        vd_digest one, many;
        uint64_t  a[2], b[2];
        size_t    n = draw(sizeof text), at = 0;

        vd_digest_init(&one);
        vd_digest_init(&many);
        vd_digest_add(&one, (vd_str){ text, n });
        while (at < n) {
            size_t piece = 1 + draw(70);

            piece = piece < n - at ? piece : n - at;
            vd_digest_add(&many, (vd_str){ text + at, piece });
            at += piece;
        }
        vd_digest_end(&one, a);
        vd_digest_end(&many, b);
        assert_memory_equal(a, b, sizeof a);
        vd_digest_add(&many, VD_S("x"));
        vd_digest_end(&many, b);
        assert_memory_not_equal(a, b, sizeof a);
    }
}

/* ------------------------------------------------------------------ tables */

static void outcomes(void **unused)
{
    static const struct {
        const char *code, *message;
        vd_outcome  wanted;
    } cases[] = {
        { "", "", VD_OUTCOME_OK },
        { "AccessDenied", "", VD_OUTCOME_DENIED },
        { "AccessDeniedException", "", VD_OUTCOME_DENIED },
        { "Client.UnauthorizedOperation", "", VD_OUTCOME_DENIED },
        { "VpceAccessDenied", "", VD_OUTCOME_DENIED },
        { "Client.DryRunOperation", "", VD_OUTCOME_DRY_RUN },
        { "OptInRequired", "", VD_OUTCOME_ERROR },
        { "ExpiredTokenException", "", VD_OUTCOME_AUTHN_FAIL },
        { "ThrottlingException", "", VD_OUTCOME_THROTTLED },
        { "NoSuchKey", "", VD_OUTCOME_ERROR },
        { "Odd", "User: x is not authorized to perform: y", VD_OUTCOME_DENIED },
    };

    VD_UNUSED(unused);
    for (size_t i = 0; i < VD_COUNT(cases); i++)
        if (vd_outcome_of(vd_str_of(cases[i].code), vd_str_of(cases[i].message)) != cases[i].wanted)
            fail_msg("%s", cases[i].code);
}

static bool has_guard(vd_str source, vd_str when)
{
    vd_rows rows = vd_rows_of(vd_rows_event_guards, source);

    when = vd_str_from(when, when.n && when.p[0] == '!');
    for (uint32_t i = 0; i < rows.count; i++)
        if (vd_str_eq(rows.at[i].column[VD_GUARD_WHEN], when))
            return true;
    return when.n == 0;
}

static void guards(void **unused)
{
    VD_UNUSED(unused);
    for (uint32_t i = 0; i < vd_rows_event_actions.count; i++) {
        const vd_row *row = &vd_rows_event_actions.at[i];

        if (!has_guard(row->column[VD_ACTION_SOURCE], row->column[VD_ACTION_WHEN]))
            fail_msg(VD_F " of " VD_F " has no bit in event-guards.tsv", VD_A(row->column[VD_ACTION_WHEN]),
                     VD_A(row->column[VD_ACTION_SOURCE]));
    }
    for (uint32_t i = 0; i < vd_rows_event_guards.count; i++)
        for (uint32_t k = i + 1; k < vd_rows_event_guards.count; k++)
            assert_false(!vd_str_starts(vd_rows_event_guards.at[k].column[VD_GUARD_WHEN], VD_S("$resourceType~")) && /* what a name says, too */
                         vd_str_eq(vd_rows_event_guards.at[i].column[VD_GUARD_SOURCE],
                                   vd_rows_event_guards.at[k].column[VD_GUARD_SOURCE]) &&
                         vd_str_eq(vd_rows_event_guards.at[i].column[VD_GUARD_BIT],
                                   vd_rows_event_guards.at[k].column[VD_GUARD_BIT]));
}

static void seconds(void **unused)
{
    static const struct {
        const char *text;
        int64_t     wanted;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2026-03-02T09:01:07Z", 1772442067 },
        { "2026-03-02 09:01:07.000", 1772442067 },
        { "2026-03-02T09:01:07.123Z", 1772442067 },
        { "2024-02-29T23:59:59Z", 1709251199 },
        { "2000-03-01T00:00:00+00:00", 951868800 },
    };
    int64_t got;

    VD_UNUSED(unused);
    for (size_t i = 0; i < VD_COUNT(cases); i++)
        if (!vd_usage_time(&got, vd_str_of(cases[i].text)) || got != cases[i].wanted)
            fail_msg("%s: %lld", cases[i].text, (long long)got);
    assert_false(vd_usage_time(&got, VD_S("yesterday")));
    assert_false(vd_usage_time(&got, VD_S("2026-13-02T09:01:07Z")));
}

/* ------------------------------------------------------------------ no memory */

static const char *const files[] = { "containers/lines.jsonl", "containers/subscription.json", "bad/bad-element.json",
                                     "bad/two-members.json.gz", "tables/plain.csv", "tables/credentials.csv", "tables/lake-columns.csv",
                                     "reports/account.json", "reports/access-advisor-wrapped.json", "reports/aggregated.json" };

/* The owner's copy and the caller's, and one that made something. */
static const char pairs[] =
    "{\"eventTime\":\"2026-03-01T09:00:00Z\",\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"Decrypt\",\"userIdentity\":"
    "{\"type\":\"AWSAccount\",\"accountId\":\"111111111111\"},\"recipientAccountId\":\"222222222222\",\"sharedEventID\":\"x\"}\n"
    "{\"eventTime\":\"2026-03-01T09:00:00Z\",\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"Decrypt\",\"userIdentity\":"
    "{\"type\":\"AWSAccount\",\"accountId\":\"111111111111\"},\"recipientAccountId\":\"111111111111\",\"sharedEventID\":\"x\"}\n"
    "{\"eventTime\":\"2026-03-01T09:00:00Z\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"CreateSubnet\",\"userIdentity\":"
    "{\"type\":\"Root\",\"accountId\":\"111111111111\"},\"requestParameters\":{},\"awsRegion\":\"eu-west-1\","
    "\"responseElements\":{\"subnet\":{\"subnetId\":\"subnet-1\"}}}\n";

static vd_code collect(failing_alloc *f, vd_buf *out)
{
    vd_allocator    alloc = failing_allocator(f);
    vd_engine_opts  eopts = { .size = sizeof eopts, .allocator = &alloc };
    vd_usage_opts   opts = { .size = sizeof opts, .dedup_memory = 1 << 14 };
    const char     *root = getenv("VD_SOURCE_ROOT");
    vd_engine      *engine = NULL;
    vd_usage       *u = NULL, *second = NULL;
    vd_code         code = vd_engine_new(&engine, &eopts, NULL);

    if (code == VD_OK)
        code = vd_usage_new(&u, engine, &opts, NULL, NULL);
    if (code == VD_OK)
        code = vd_usage_new(&second, engine, &opts, u, NULL);
    for (size_t i = 0; i < VD_COUNT(files) && code == VD_OK; i++) {
        char   path[1024];
        vd_str text;

        snprintf(path, sizeof path, "%s/corpus/trails/%s", root, files[i]);
        assert_int_equal(vd_file_read(&text, vd_allocator_default(), path, 1 << 20, NULL), VD_OK);
        code = vd_usage_add_bytes(i % 2 ? u : second, VD_USAGE_ANY, vd_str_of(files[i]), text, NULL);
        vd_file_free(vd_allocator_default(), text);
    }
    if (code == VD_OK)
        code = vd_usage_add_bytes(second, VD_USAGE_ANY, VD_S("pairs"), vd_str_of(pairs), NULL);
    if (code == VD_OK)
        code = vd_usage_join(u, second, NULL);
    out->n = 0;
    if (code == VD_OK)
        code = vd_usage_write(u, NULL, 0, sink, out, false, NULL);
    if (code == VD_OK) {
        vd_usage_reset(u);
        code = vd_usage_add_bytes(u, VD_USAGE_SUMMARY, VD_S("s"), vd_buf_str(out), NULL);
    }
    vd_usage_free(second);
    vd_usage_free(u);
    if (engine)
        vd_engine_release(engine);
    return code;
}

static void no_memory(void **unused)
{
    failing_alloc f = { 0 };
    vd_buf        wanted = vd_buf_on(vd_allocator_default(), 0), got = vd_buf_on(vd_allocator_default(), 0);
    size_t        calls;

    VD_UNUSED(unused);
    assert_int_equal(collect(&f, &wanted), VD_OK);
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);
    calls = f.calls;
    for (size_t i = 1; i <= calls; i += 1 + i / 40) {
        vd_code code;

        f = (failing_alloc){ .fail_at = i, .once = i % 2 };
        code = collect(&f, &got);
        assert_int_equal(f.live, 0);
        assert_true(f.failed);
        if (code == VD_OK) /* what can be done with less memory, is */
            check_str(vd_buf_str(&got), vd_buf_str(&wanted));
        else
            assert_int_equal(code, VD_ENOMEM);
    }
    vd_buf_done(&wanted);
    vd_buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twins),    cmocka_unit_test(ends),    cmocka_unit_test(brackets),
        cmocka_unit_test(expectations), cmocka_unit_test(folding),
        cmocka_unit_test(digests),  cmocka_unit_test(outcomes), cmocka_unit_test(guards),  cmocka_unit_test(seconds),
        cmocka_unit_test(no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

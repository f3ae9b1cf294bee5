/* SPDX-License-Identifier: Apache-2.0
 *
 * Made-up companies to draw pages of: what they look like when all is well, when there is nothing, when there is very much,
 * and when every name was chosen by somebody who means harm.
 */
#ifndef VERDICT_TESTS_REPORT_FIXTURE_H
#define VERDICT_TESTS_REPORT_FIXTURE_H

#include "base/arena.h"
#include "base/str.h"
#include "render/unused.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIXTURE_FROM = 1767225600, FIXTURE_TO = FIXTURE_FROM + 90 * 86400, FIXTURE_SERVICES = 12, FIXTURE_FINDINGS = 6 };

typedef struct fixture {
    vd_arena             arena;
    vd_unused_job        job;
    vd_unused_principal *principals;
    vd_unused_row       *rows;
    uint32_t             seed;
    const char          *name; /* in every text; NULL: harmless names */
    size_t               name_size;
} fixture;

/* Numbers that look like chance, and are the same each time. */
static inline uint32_t fixture_next(fixture *x, uint32_t below)
{
    x->seed = x->seed * 1664525u + 1013904223u;
    return (x->seed >> 8) % below;
}

static inline vd_str fixture_text(fixture *x, const char *form, const char *a, uint32_t b)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);
    vd_str text = { 0 };

    vd_buf_printf(&out, form, a, b);
    if (x->name)
        vd_buf_add(&out, (vd_str){ x->name, x->name_size });
    if (out.failed || !vd_arena_dup(&x->arena, &text, vd_buf_str(&out)))
        abort();
    vd_buf_done(&out);
    return text;
}

static inline vd_texts_list fixture_list(fixture *x, const char *form, uint32_t count)
{
    static const char *const words[] = { "Delete", "Put", "Create", "Attach", "Update" };
    vd_str                  *at = vd_arena_array(&x->arena, count + 1, sizeof *at, _Alignof(vd_str));

    for (uint32_t i = 0; i < count; i++)
        at[i] = fixture_text(x, form, words[i % VD_COUNT(words)], i);
    return (vd_texts_list){ at, count };
}

static const char *const fixture_prefixes[FIXTURE_SERVICES] = { "ec2",    "s3",  "iam",      "lambda",      "kms",  "dynamodb",
                                                                "route53", "sqs", "sagemaker", "cloudformation", "logs", "organizations" };

static inline void fixture_service(fixture *x, vd_unused_service *s, uint32_t i)
{
    uint32_t granted = 4 + fixture_next(x, i < 4 ? 400 : 60);

    s->prefix = fixture_text(x, "%s", fixture_prefixes[i % FIXTURE_SERVICES], 0);
    s->granted = granted;
    s->used = fixture_next(x, 3) ? fixture_next(x, granted / 4 + 1) : 0;
    s->possible = fixture_next(x, 4) ? 0 : fixture_next(x, granted / 8 + 1);
    s->cannot_see = i == 1 ? granted / 2 : fixture_next(x, granted / 6 + 1);
    if (s->used + s->possible + s->cannot_see > granted)
        s->cannot_see = 0;
    s->not_seen = granted - s->used - s->possible - s->cannot_see;
    s->last = s->used ? FIXTURE_FROM + (int64_t)fixture_next(x, 90) * 86400 : 0;
}

static inline void fixture_principal(fixture *x, vd_unused_principal *p, uint32_t i)
{
    static const char *const names[] = { "build/ci-deploy", "app/orders-api", "data/nightly-export", "ops/break-glass",
                                         "app/web-frontend", "admin/legacy-migration" };
    vd_unused_service       *s = vd_arena_array(&x->arena, FIXTURE_SERVICES, sizeof *s, _Alignof(vd_unused_service));
    char                     name[64];

    snprintf(name, sizeof name, i < VD_COUNT(names) ? "%s" : "%s-%u", names[i % VD_COUNT(names)], i);
    *p = (vd_unused_principal){ .size = sizeof *p, .arn = fixture_text(x, "arn:aws:iam::111111111111:role/%s", name, 0),
                                .account = fixture_text(x, "111111111111", "", 0), .kind = fixture_text(x, "role", "", 0),
                                .services = s, .service_count = FIXTURE_SERVICES };
    for (uint32_t k = 0; k < FIXTURE_SERVICES; k++) {
        fixture_service(x, &s[k], k);
        p->granted += s[k].granted;
        p->used += s[k].used;
        p->possible += s[k].possible;
        p->not_seen += s[k].not_seen;
        p->cannot_see += s[k].cannot_see;
        p->last = s[k].last > p->last ? s[k].last : p->last;
    }
    p->score = 300 + fixture_next(x, 650);
    p->blind = fixture_next(x, 300);
}

static inline vd_unused_finding *fixture_finding(fixture *x, int32_t rule, const vd_unused_principal *p)
{
    vd_unused_finding *f = vd_arena_array(&x->arena, 1, sizeof *f, _Alignof(vd_unused_finding));
    uint32_t           ago = fixture_next(x, 88);
    bool               permission = rule >= VD_UNUSED_TRUST && rule <= VD_UNUSED_BLIND;

    *f = (vd_unused_finding){ .size = sizeof *f, .rule = rule, .state = VD_STATE_NOT_SEEN, .grade = 1 + (int32_t)fixture_next(x, 3),
                              .confidence = "HML"[fixture_next(x, 3)], .since = FIXTURE_FROM, .days_since = -1,
                              .weight = fixture_next(x, 900), .escalation = fixture_next(x, 5) == 0,
                              .shared_credit = fixture_next(x, 9) == 0, .evidence = { "cloudtrail", "access-advisor" } };
    if (fixture_next(x, 3) == 0) {
        f->last = FIXTURE_TO - (int64_t)ago * 86400 - 86400;
        f->days_since = (int32_t)ago;
        f->since = f->last;
    }
    f->principal = p ? p->arn : fixture_text(x, "arn:aws:iam::111111111111:root", "", 0);
    if (permission) {
        f->policy = fixture_text(x, "%s-permissions", fixture_prefixes[fixture_next(x, FIXTURE_SERVICES)], 0);
        f->statement = (vd_statement_info){ .size = sizeof f->statement, .index = fixture_next(x, 8), .policy = f->policy };
        if (fixture_next(x, 2)) {
            f->statement.sid = fixture_text(x, "Statement%s", "Deploy", 0);
            f->statement.at = (vd_pos){ .file = fixture_text(x, "policies/ci.json", "", 0), .line = 12, .column = 5 };
        }
        f->actions = fixture_list(x, "lambda:%sThing%u", 1 + fixture_next(x, 40));
        f->patterns = f->actions.count > 20 ? fixture_list(x, "lambda:%s*", 3) : (vd_texts_list){ 0 };
        f->resources = fixture_list(x, "arn:aws:lambda:eu-west-1:111111111111:function:%s-%u*", 1 + fixture_next(x, 3));
    }
    if (rule == VD_UNUSED_RESOURCE)
        f->observed = fixture_list(x, "arn:aws:lambda:eu-west-1:111111111111:function:%s-orders-%u", 4);
    if (rule == VD_UNUSED_BLIND)
        f->reasons = VD_BLIND_DATA_EVENTS_OFF | VD_BLIND_NEVER_LOGGED;
    f->says = fixture_text(x, "nothing of this was seen in 90 days: %s it", permission ? "take away" : "look at", 0);
    f->aws = fixture_next(x, 6) == 0 ? fixture_text(x, "agrees", "", 0) : (vd_str){ 0 };
    return f;
}

static inline void fixture_coverage(fixture *x, vd_usage_coverage *c, uint32_t places)
{
    static const char *const regions[] = { "eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-2" };
    vd_coverage_place       *p = vd_arena_array(&x->arena, places + 1, sizeof *p, _Alignof(vd_coverage_place));
    vd_coverage_gap         *g = vd_arena_array(&x->arena, 2, sizeof *g, _Alignof(vd_coverage_gap));
    vd_coverage_class       *k = vd_arena_array(&x->arena, 5, sizeof *k, _Alignof(vd_coverage_class));
    vd_unmapped             *u = vd_arena_array(&x->arena, 2, sizeof *u, _Alignof(vd_unmapped));
    vd_usage_evidence       *e = vd_arena_array(&x->arena, 2, sizeof *e, _Alignof(vd_usage_evidence));
    static const char *const classes[][2] = { { "management writes", "on" }, { "management reads", "on" }, { "kms", "off" },
                                              { "AWS::S3::Object", "partial" }, { "AWS::DynamoDB::Table", "off" } };

    for (uint32_t i = 0; i < places; i++)
        p[i] = (vd_coverage_place){ sizeof *p, fixture_text(x, "%s11111111%03u", "1", i / 4), fixture_text(x, "%s", regions[i % 4], 0),
                                    90, 90 - fixture_next(x, 12), FIXTURE_FROM + 7200, FIXTURE_TO - 4000,
                                    100 + fixture_next(x, 90000), fixture_text(x, "%s", i % 3 ? "events" : "digests", 0) };
    g[0] = (vd_coverage_gap){ sizeof *g, p[0].account, p[0].region, FIXTURE_FROM + 86400 * 9, FIXTURE_FROM + 86400 * 12,
                              fixture_text(x, "StopLogging", "", 0) };
    g[1] = (vd_coverage_gap){ .size = sizeof *g, .from = FIXTURE_FROM + 86400 * 40, .to = FIXTURE_FROM + 86400 * 41,
                              .reason = fixture_text(x, "no events", "", 0) };
    for (uint32_t i = 0; i < 5; i++)
        k[i] = (vd_coverage_class){ sizeof *k, fixture_text(x, "%s", classes[i][0], 0), classes[i][1], i > 2 };
    u[0] = (vd_unmapped){ sizeof *u, fixture_text(x, "bedrock", "", 0), fixture_text(x, "InvokeMystery", "", 0), 1234, 2 };
    u[1] = (vd_unmapped){ sizeof *u, fixture_text(x, "newservice", "", 0), { 0 }, 7, 1 };
    e[0] = (vd_usage_evidence){ .size = sizeof *e, .kind = fixture_text(x, "access-advisor", "", 0), .as_of = FIXTURE_TO - 86400 };
    e[1] = (vd_usage_evidence){ .size = sizeof *e, .kind = fixture_text(x, "credential-report", "", 0) };
    *c = (vd_usage_coverage){ .size = sizeof *c, .from = FIXTURE_FROM, .to = FIXTURE_TO, .places = p, .place_count = places, .gaps = g,
                        .gap_count = places ? 2 : 0, .classes = k, .class_count = 5, .unmapped = u, .unmapped_count = 2,
                        .sources = e, .source_count = 2, .units = 1204, .events = 4812345, .bytes = 7312345678, .thin = 3,
                        .lost = 2, .tables = fixture_text(x, "0f1e2d3c4b5a6978", "", 0),
                        .catalog_date = fixture_text(x, "2026-09-26", "", 0) };
}

static inline void fixture_count(vd_unused_summary *s, const vd_unused_principal *p)
{
    s->granted += p->granted;
    s->used += p->used;
    s->possible += p->possible;
    s->not_seen += p->not_seen;
    s->cannot_see += p->cannot_see;
}

static inline void fixture_add(fixture *x, int32_t rule, uint32_t principal)
{
    bool has = principal < x->job.principal_count;

    x->rows[x->job.count++] = (vd_unused_row){ .finding = fixture_finding(x, rule, has ? &x->principals[principal] : NULL),
                                               .principal = has ? principal : VD_NO_INDEX, .known = fixture_next(x, 7) == 0 };
    x->job.summary.by_rule[rule]++;
    x->job.summary.findings++;
}

/* count users and roles, `each` findings of every one; name: appended to every text. */
static inline void fixture_make(fixture *x, uint32_t count, uint32_t each, const char *name, size_t name_size)
{
    *x = (fixture){ .arena = vd_arena_on(vd_allocator_default(), 0), .seed = 7, .name = name, .name_size = name_size };
    x->principals = vd_arena_array(&x->arena, count + 1, sizeof *x->principals, _Alignof(vd_unused_principal));
    x->rows = vd_arena_array(&x->arena, (size_t)count * each + VD_UNUSED_COUNT, sizeof *x->rows, _Alignof(vd_unused_row));
    x->job = (vd_unused_job){ .principals = x->principals, .principal_count = count, .at = x->rows, .age_days = 90, .grace_days = 7,
                              .summary = { .size = sizeof x->job.summary, .principals = count, .score = 612, .blind = 143 } };
    fixture_coverage(x, &x->job.coverage, count ? 11 : 0);
    for (uint32_t i = 0; i < count; i++) {
        fixture_principal(x, &x->principals[i], i);
        fixture_count(&x->job.summary, &x->principals[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < each; k++)
            fixture_add(x, VD_UNUSED_TRUST + (int32_t)((i + k) % FIXTURE_FINDINGS), i);
    for (int32_t rule = 0; count && rule < VD_UNUSED_COUNT; rule++)
        fixture_add(x, rule, VD_NO_INDEX);
}

/* As with --identities: nothing is said of permissions, and nobody is told before the findings. */
static inline void fixture_identities(fixture *x)
{
    x->job.principal_count = 0;
    x->job.identities_only = true;
    x->job.summary = (vd_unused_summary){ .size = sizeof x->job.summary, .findings = x->job.summary.findings, .principals = 9,
                                          .credentials = 12 };
    for (uint32_t i = 0; i < x->job.count; i++) {
        x->rows[i].principal = VD_NO_INDEX;
        x->job.summary.by_rule[x->rows[i].finding->rule]++;
    }
}

static inline void fixture_done(fixture *x)
{
    vd_arena_done(&x->arena);
}

#endif

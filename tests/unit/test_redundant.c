/* SPDX-License-Identifier: Apache-2.0
 *
 * What a document is said to do without, it does without: random documents of a small world, what is told taken out, all
 * of it and a random part of it, and every request of that world decided as before.  What is needed is needed: taking out
 * nothing more is found afterwards.
 * test_redundant ROUNDS [SEED] tries more than the suite does.
 */
#include "analyze/confirm.h"
#include "base/str.h"
#include "sets.h"
#include "symbolic/redundant.h"

#include <string.h>

enum { STATEMENTS = 4, LIST = 3, ENTRIES = 2, PARTS = 128 };

static unsigned rounds = 200;
static uint64_t seed = 20261121;

static uint32_t pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof *(list)))

/* ------------------------------------------------------------------ documents as tables, so that parts can be left out */

typedef struct entry {
    const char *op, *key;
    const char *values[LIST];
    bool        gone_values[LIST], gone;
    uint32_t    count;
} entry;

typedef struct statement {
    bool        deny, gone;
    const char *actions[LIST], *resources[LIST], *principals[LIST];
    bool        gone_actions[LIST], gone_resources[LIST], gone_principals[LIST];
    uint32_t    action_count, resource_count, principal_count, entry_count;
    bool        not_action, not_resource, not_principal;
    entry       entries[ENTRIES];
} statement;

typedef struct paper {
    statement at[STATEMENTS];
    uint32_t  count;
    bool      resource;
} paper;

static const char *const actions[] = { "s3:GetObject", "s3:Get*", "s3:*", "s3:PutObject", "s3:PutObject*", "s3:ListBucket",
                                       "s3:DeleteObject", "*", "sqs:SendMessage", "s3:*Object" };
static const char *const resources[] = { "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/a", "arn:aws:s3:::b",
                                         "arn:aws:s3:::*", "arn:aws:s3:::b/${aws:username}*",
                                         "arn:aws:sqs:us-east-1:111122223333:q" };
static const char *const principals[] = { "*",
                                          "111122223333",
                                          "arn:aws:iam::111122223333:root",
                                          "arn:aws:iam::111122223333:user/bob",
                                          "arn:aws:iam::111122223333:role/r",
                                          "arn:aws:sts::111122223333:assumed-role/r/s",
                                          "444455556666",
                                          "arn:aws:iam::444455556666:user/bob" };
static const struct {
    const char *op, *key, *values[5];
} conditions[] = {
    { "StringEquals", "aws:username", { "bob", "ann" } },
    { "StringLike", "aws:username", { "bob", "b*", "ann", "*" } },
    { "StringNotEquals", "aws:username", { "bob", "ann" } },
    { "StringNotLike", "aws:username", { "bob", "b*" } },
    { "StringEquals", "aws:PrincipalTag/t", { "a", "b" } },
    { "StringEqualsIfExists", "aws:PrincipalTag/t", { "a", "b" } },
    { "StringNotEquals", "aws:PrincipalTag/t", { "a", "b" } },
    { "Null", "aws:PrincipalTag/t", { "true", "false" } },
    { "Null", "aws:SecureTransport", { "false", "true" } },
    { "Bool", "aws:SecureTransport", { "true", "false" } },
    { "BoolIfExists", "aws:SecureTransport", { "true", "false" } },
    { "IpAddress", "aws:SourceIp", { "203.0.113.0/24", "203.0.113.0/25", "10.0.0.0/8", "0.0.0.0/0" } },
    { "NotIpAddress", "aws:SourceIp", { "203.0.113.0/24", "203.0.113.0/25", "10.0.0.0/8" } },
    { "NumericLessThan", "s3:max-keys", { "10", "20" } },
    { "NumericNotEquals", "s3:max-keys", { "5", "15" } },
    { "ForAnyValue:StringEquals", "aws:TagKeys", { "x", "y" } },
    { "ForAllValues:StringEquals", "aws:TagKeys", { "x", "y" } },
    { "ForAllValues:StringNotEquals", "aws:TagKeys", { "x", "y" } },
};

static uint32_t fill(const char **out, const char *const *from, uint32_t n)
{
    uint32_t count = 1 + pick(LIST);

    for (uint32_t i = 0; i < count; i++)
        out[i] = from[pick(n)];
    return count;
}

/* Values of an operator, each once. */
static void fill_entry(entry *e, uint32_t which)
{
    uint32_t n = 0;

    while (n < 5 && conditions[which].values[n])
        n++;
    *e = (entry){ .op = conditions[which].op, .key = conditions[which].key };
    e->count = 1 + pick(n < LIST ? n : LIST);
    for (uint32_t i = 0, first = pick(n); i < e->count; i++)
        e->values[i] = conditions[which].values[(first + i) % n];
}

/* Much like another one: what is random altogether has little to do with anything. */
static void vary(statement *s)
{
    if (pick(3) == 0)
        s->deny = !s->deny;
    if (pick(2))
        s->action_count = fill(s->actions, actions, COUNT(actions));
    else
        s->resource_count = fill(s->resources, resources, COUNT(resources));
    if (pick(2))
        s->entry_count = 0;
}

/* What the first statement allows, the second allows or the last denies. */
static void split(paper *p)
{
    static const entry secure = { .op = "Bool", .key = "aws:SecureTransport", .values = { "true" }, .count = 1 };

    p->at[0].deny = false;
    p->at[0].entry_count = 0;
    p->count = 3;
    p->at[1] = p->at[2] = p->at[0];
    p->at[1].entry_count = p->at[2].entry_count = p->at[1].action_count = 1;
    p->at[1].actions[0] = "*";
    p->at[1].not_action = false;
    p->at[1].entries[0] = p->at[2].entries[0] = secure;
    p->at[2].deny = true;
    p->at[2].entries[0].values[0] = "false";
}

static paper random_paper(bool resource)
{
    paper p = { .count = 2 + pick(STATEMENTS - 1), .resource = resource };

    for (uint32_t i = 0; i < p.count; i++) {
        statement *s = &p.at[i];

        if (i && pick(2)) {
            *s = p.at[pick(i)];
            vary(s);
            continue;
        }
        s->deny = pick(4) == 0;
        s->not_action = pick(8) == 0;
        s->not_resource = pick(12) == 0;
        s->action_count = fill(s->actions, actions, COUNT(actions));
        s->resource_count = fill(s->resources, resources, COUNT(resources));
        if (resource)
            s->principal_count = fill(s->principals, principals, COUNT(principals));
        s->not_principal = resource && s->deny && pick(3) == 0;
        s->entry_count = pick(5) < 2 ? 0 : 1 + pick(ENTRIES);
        for (uint32_t k = 0, which = pick(COUNT(conditions)); k < s->entry_count; k++) {
            fill_entry(&s->entries[k], which);
            which = (which + 1 + pick(COUNT(conditions) - 1)) % COUNT(conditions);
            if (k && strcmp(s->entries[0].op, s->entries[1].op) == 0)
                s->entry_count = 1;
        }
    }
    if (pick(20) == 0)
        split(&p);
    return p;
}

static void add_list(vd_buf *b, const char *name, const char *const *at, const bool *gone, uint32_t count)
{
    bool any = false;

    vd_buf_printf(b, "\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++)
        if (!gone[i]) {
            vd_buf_printf(b, "%s\"%s\"", any ? "," : "", at[i]);
            any = true;
        }
    vd_buf_printf(b, "]");
}

static void write_statement(vd_buf *b, const statement *s)
{
    bool any = false;

    vd_buf_printf(b, "{\"Effect\":\"%s\",", s->deny ? "Deny" : "Allow");
    add_list(b, s->not_action ? "NotAction" : "Action", s->actions, s->gone_actions, s->action_count);
    vd_buf_printf(b, ",");
    add_list(b, s->not_resource ? "NotResource" : "Resource", s->resources, s->gone_resources, s->resource_count);
    if (s->principal_count) {
        vd_buf_printf(b, s->deny && s->not_principal ? ",\"NotPrincipal\":{" : ",\"Principal\":{");
        add_list(b, "AWS", s->principals, s->gone_principals, s->principal_count);
        vd_buf_printf(b, "}");
    }
    for (uint32_t i = 0; i < s->entry_count; i++) {
        const entry *e = &s->entries[i];

        if (e->gone)
            continue;
        vd_buf_printf(b, "%s\"%s\":{", any ? "," : ",\"Condition\":{", e->op);
        add_list(b, e->key, e->values, e->gone_values, e->count);
        vd_buf_printf(b, "}");
        any = true;
    }
    vd_buf_printf(b, any ? "}}" : "}");
}

static char *write_paper(const paper *p)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);
    bool   any = false;
    char  *text;

    vd_buf_printf(&b, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (uint32_t i = 0; i < p->count; i++)
        if (!p->at[i].gone) {
            vd_buf_printf(&b, "%s", any ? ",\n" : "");
            write_statement(&b, &p->at[i]);
            any = true;
        }
    if (!any) /* an empty list is none */
        vd_buf_printf(&b, "{\"Effect\":\"Allow\",\"Action\":\"x:Nothing\",\"Resource\":\"arn:aws:x:::nothing\"%s}",
                      p->resource ? ",\"Principal\":\"*\"" : "");
    vd_buf_printf(&b, "]}");
    vd_buf_byte(&b, 0);
    text = strdup(b.p);
    vd_buf_done(&b);
    return text;
}

/* ------------------------------------------------------------------ what is found */

typedef struct found {
    vd_redundancy at[PARTS];
    uint32_t      because[PARTS][STATEMENTS];
    uint32_t      count;
} found;

static bool take(void *user, const vd_redundancy *r)
{
    found *f = user;

    if (f->count == PARTS)
        return false;
    f->at[f->count] = *r;
    assert_true(r->because_count <= STATEMENTS);
    for (uint32_t i = 0; i < r->because_count; i++)
        f->because[f->count][i] = r->because[i];
    f->at[f->count].because = f->because[f->count];
    f->count++;
    return true;
}

static void find(const vd_engine *e, const char *text, bool resource, found *out, uint32_t *undecided)
{
    vd_error            err = { .size = sizeof err };
    vd_symbolic_opts    o = { .budget = 200000, .now = { .seconds = 1700000000 } };
    vd_redundancy_opts  how = { .idle_denies = true };
    vd_redundancy_count tally;
    vd_arena            arena = vd_arena_on(vd_allocator_default(), 0);
    vd_policy          *policy = NULL;
    vd_symbolic        *s = NULL;
    vd_suspect          suspects[STATEMENTS];

    out->count = 0;
    if (vd_policy_parse(&policy, e, resource ? VD_KIND_RESOURCE : VD_KIND_IDENTITY, VD_S("p"), vd_str_of(text), NULL, &err) != VD_OK)
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(vd_symbolic_new(&s, e, &o, &err), VD_OK);
    for (uint32_t i = 0; i < policy->statement_count; i++)
        suspects[i] = (vd_suspect){ .policy = policy, .index = i };
    assert_true(vd_redundancies(s, suspects, policy->statement_count, &how, &arena, take, out, &tally));
    if (getenv("VERDICT_TELL"))
        print_message("%u questions, %u undecided\n", (unsigned)tally.questions, (unsigned)tally.undecided);
    *undecided += tally.undecided;
    vd_symbolic_free(s);
    vd_policy_release(policy);
    vd_arena_done(&arena);
}

static void apply(paper *p, const vd_redundancy *r)
{
    statement *s = &p->at[r->part.suspect];

    if (r->kind == VD_REDUNDANT_IDLE_DENY)
        return;
    switch (r->part.element) {
    case VD_ELEMENT_ACTION:
        s->gone_actions[r->part.entry] = true;
        break;
    case VD_ELEMENT_RESOURCE:
        s->gone_resources[r->part.entry] = true;
        break;
    case VD_ELEMENT_PRINCIPAL:
        s->gone_principals[r->part.entry] = true;
        break;
    case VD_ELEMENT_CONDITION:
        if (r->part.value == VD_NONE)
            s->entries[r->part.entry].gone = true;
        else
            s->entries[r->part.entry].gone_values[r->part.value] = true;
        break;
    default:
        s->gone = true;
        break;
    }
}

/* ------------------------------------------------------------------ all requests of the world */

typedef struct asked {
    const char *action, *resource;
    bool        fits; /* the catalogue says that there is such a request */
} asked;
static const asked all_asked[] = {
    { "s3:GetObject", "arn:aws:s3:::b/a", true },     { "s3:GetObject", "arn:aws:s3:::b/ab", true },
    { "s3:GetObject", "arn:aws:s3:::b/bob1", true },  { "s3:GetObject", "arn:aws:s3:::c/a", true },
    { "s3:GetObject", "arn:aws:s3:::b", false },      { "s3:PutObject", "arn:aws:s3:::b/a", true },
    { "s3:PutObject", "arn:aws:s3:::b/ab", true },    { "s3:PutObject", "arn:aws:s3:::c/a", true },
    { "s3:PutObjectAcl", "arn:aws:s3:::b/a", true },  { "s3:ListBucket", "arn:aws:s3:::b", true },
    { "s3:ListBucket", "arn:aws:s3:::c", true },      { "s3:ListBucket", "arn:aws:s3:::b/a", false },
    { "s3:DeleteObject", "arn:aws:s3:::b/a", true },  { "s3:DeleteObject", "arn:aws:s3:::c/a", true },
    { "s3:GetFuture", "arn:aws:s3:::b/a", false },    { "s3:PutObjectNew", "arn:aws:s3:::b/a", false },
    { "s3:NewObject", "arn:aws:s3:::b/a", false },    { "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", true },
    { "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:r", true },
    { "s3:ListAllMyBuckets", "*", true },             { "ec2:DescribeInstances", "*", true },
};

typedef struct caller {
    const char *arn, *role, *tag;
} caller;
static const caller callers[] = {
    { "arn:aws:iam::111122223333:user/bob", NULL, NULL },
    { "arn:aws:iam::111122223333:user/bob", NULL, "a" },
    { "arn:aws:iam::111122223333:user/ann", NULL, "b" },
    { "arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:iam::111122223333:role/r", NULL },
    { "arn:aws:sts::111122223333:assumed-role/r/t", "arn:aws:iam::111122223333:role/r", "c" },
    { "arn:aws:iam::444455556666:user/bob", NULL, "a" },
};

static void put(vd_request *r, const char *key, const char *value)
{
    vd_str v = vd_str_of(value ? value : "");

    if (value)
        assert_int_equal(vd_request_context(r, vd_str_of(key), &v, 1), VD_OK);
}

/* The clock, TLS and the address, or the endpoint in its place, are always there. */
static void make_request(vd_request *r, const caller *c, const asked *a, uint32_t more)
{
    static const char *const addresses[] = { "203.0.113.1", "203.0.113.200", "10.1.2.3", NULL };
    static const char *const numbers[] = { NULL, "5", "15", "50" }, *const tags[] = { NULL, "x", "y", "z" };
    const char              *address = addresses[more % 4];

    fill_request(r, c->arn, a->action, a->resource);
    if (c->role)
        vd_request_set(r, VD_PRINCIPAL_ROLE, vd_str_of(c->role));
    put(r, "aws:PrincipalTag/t", c->tag);
    put(r, "aws:SecureTransport", more / 4 % 2 ? "true" : "false");
    put(r, "aws:SourceIp", address);
    put(r, "aws:SourceVpce", address ? NULL : "vpce-1a2b3c4d");
    put(r, "aws:SourceVpc", address ? NULL : "vpc-1a2b3c4d");
    put(r, "aws:VpcSourceIp", address ? NULL : "10.0.0.1");
    if (strcmp(a->action, "s3:ListBucket") == 0)
        put(r, "s3:max-keys", numbers[more / 8 % 4]);
    put(r, "aws:TagKeys", strncmp(a->action, "s3:Put", 6) == 0 ? tags[more / 8 % 4] : NULL);
}

/* Of resource policies with what others say as well: how somebody is granted something makes a difference then. */
static vd_set *world(const vd_engine *e, const char *text, bool resource, unsigned context)
{
    static const char everything[] = ONE("Allow", "*", "*"), nothing[] = ONE("Allow", "x:Y", "*");
    document          d[3] = { { .name = "p", .text = text, .kind = resource ? VD_KIND_RESOURCE : VD_KIND_IDENTITY,
                                 .where = { .layer = resource ? VD_LAYER_RESOURCE : VD_LAYER_IDENTITY } },
                               { .name = "i", .text = everything, .kind = VD_KIND_IDENTITY, .where = { .layer = VD_LAYER_IDENTITY } },
                               { .name = "b", .text = nothing, .kind = VD_KIND_BOUNDARY, .where = { .layer = VD_LAYER_BOUNDARY } } };

    return set_of(e, d, 1 + context);
}

static void compare(const vd_engine *e, const char *before, const char *after, bool resource, bool soft)
{
    vd_request *r = NULL;

    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    for (unsigned context = 0; context < (resource ? 3u : 1u); context++) {
        vd_set *x = world(e, before, resource, context), *y = world(e, after, resource, context);
        void   *sx = scratch_of(x), *sy = scratch_of(y);

        for (uint32_t c = 0; c < COUNT(callers); c++)
            for (uint32_t a = 0; a < COUNT(all_asked); a++)
                for (uint32_t more = 0; more < 32 && (all_asked[a].fits || !soft); more++) {
                    vd_decision dx = { .size = sizeof dx }, dy = { .size = sizeof dy };
                    vd_code     cx, cy;

                    make_request(r, &callers[c], &all_asked[a], more);
                    cx = vd_eval(&dx, x, r, sx);
                    cy = vd_eval(&dy, y, r, sy);
                    if (cx != cy || dx.outcome != dy.outcome)
                        fail_msg("%s %s %s %u (context %u%s): %s before, %s after\n%s\n%s", callers[c].arn,
                                 all_asked[a].action, all_asked[a].resource, (unsigned)more, context,
                                 soft ? ", as far as the catalogue knows" : "", vd_outcome_name(dx.outcome),
                                 vd_outcome_name(dy.outcome), before, after);
                }
        free(sx);
        free(sy);
        vd_set_release(x);
        vd_set_release(y);
    }
    vd_request_free(r);
}

/* ------------------------------------------------------------------ the tests */

typedef struct tally {
    uint32_t kinds[VD_REDUNDANT_COUNT], by[VD_BY_BOTH + 1], soft, undecided, again;
} tally;

static void without(const vd_engine *e, const paper *p, const char *text, const found *f, bool all, bool soft)
{
    paper    q = *p;
    uint32_t n = 0;
    char    *left;

    for (uint32_t i = 0; i < f->count; i++)
        if ((soft || !f->at[i].soft) && (all || pick(2))) {
            apply(&q, &f->at[i]);
            n++;
        }
    if (n == 0)
        return;
    left = write_paper(&q);
    compare(e, text, left, p->resource, soft);
    free(left);
}

/* Without it the statement says more, and may then cover another that it did not. */
static bool widens(const statement *s, const vd_redundancy *r)
{
    return r->part.element == VD_ELEMENT_CONDITION || (r->part.element == VD_ELEMENT_ACTION && s->not_action) ||
           (r->part.element == VD_ELEMENT_RESOURCE && s->not_resource) || (r->part.element == VD_ELEMENT_PRINCIPAL && s->not_principal);
}

/* Of those that are left. */
static const statement *statement_at(const paper *p, uint32_t index)
{
    uint32_t i = 0;

    while (i + 1 < p->count && (p->at[i].gone || index > 0))
        index -= !p->at[i++].gone;
    return &p->at[i];
}

/* A second look at what is left finds nothing more, but for conditions that what is gone now had made needed.  What widens a
 * statement stays for this: no answer counts on its absence, and without it two statements can become the same. */
static void look_again(const vd_engine *e, const paper *p, const found *f, tally *t)
{
    paper q = *p;
    char *left;
    found more;

    for (uint32_t i = 0; i < f->count; i++)
        if (!widens(&p->at[f->at[i].part.suspect], &f->at[i]))
            apply(&q, &f->at[i]);
    left = write_paper(&q);
    find(e, left, p->resource, &more, &t->undecided);
    for (uint32_t i = 0; i < more.count && !strstr(left, "x:Nothing"); i++)
        t->again += more.at[i].kind != VD_REDUNDANT_IDLE_DENY && !widens(statement_at(&q, more.at[i].part.suspect), &more.at[i]);
    free(left);
}

static void try_one(const vd_engine *e, bool resource, tally *t)
{
    paper p = random_paper(resource);
    char *text = write_paper(&p);
    found f;

    find(e, text, resource, &f, &t->undecided);
    for (uint32_t i = 0; i < f.count; i++) {
        t->kinds[f.at[i].kind]++;
        t->by[f.at[i].by]++;
        t->soft += f.at[i].soft;
    }
    without(e, &p, text, &f, true, false);
    without(e, &p, text, &f, false, false);
    without(e, &p, text, &f, true, true);
    without(e, &p, text, &f, false, true);
    if (f.count)
        look_again(e, &p, &f, t);
    free(text);
}

static void what_is_told_can_go(void **state)
{
    vd_engine *e = NULL;
    tally      t = { .again = 0 };

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    for (unsigned i = 0; i < rounds; i++)
        try_one(e, i % 2, &t);
    for (int i = 0; i < VD_REDUNDANT_COUNT; i++) {
        print_message("kind %d: %u\n", i, (unsigned)t.kinds[i]);
        assert_true(t.kinds[i] > 0);
    }
    for (int i = 0; i <= VD_BY_BOTH; i++) {
        print_message("by %d: %u\n", i, (unsigned)t.by[i]);
        assert_true(t.by[i] > 0);
    }
    print_message("soft: %u, undecided: %u, found again: %u\n", (unsigned)t.soft, (unsigned)t.undecided, (unsigned)t.again);
    assert_true(t.soft > 0);
    assert_true(t.again <= t.undecided);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ sets */

typedef struct heard {
    char text[2000];
} heard;

static bool hear(void *user, const vd_redundant_part *part)
{
    heard *h = user;
    size_t n = strlen(h->text);

    n += (size_t)snprintf(h->text + n, sizeof h->text - n, "%s " VD_F " %u", vd_redundant_name(part->redundant),
                          VD_A(part->statement.policy), (unsigned)part->statement.index);
    if (part->text.n)
        n += (size_t)snprintf(h->text + n, sizeof h->text - n, " " VD_F, VD_A(part->text));
    for (size_t i = 0; i < part->because_count; i++)
        n += (size_t)snprintf(h->text + n, sizeof h->text - n, " < " VD_F " %u", VD_A(part->because[i].policy),
                              (unsigned)part->because[i].index);
    snprintf(h->text + n, sizeof h->text - n, "%s\n", part->soft ? " (soft)" : "");
    return true;
}

/* Documents of one identity are one; layers are not. */
static void a_set_is_told_by_layers(void **state)
{
    static const document d[] = { IDENTITY("a", "Allow", "s3:GetObject", "arn:aws:s3:::b/x*"),
                                  IDENTITY("b", "Allow", "s3:Get*", "arn:aws:s3:::b/*"),
                                  IDENTITY("c", "Allow", "s3:GetObject", "arn:aws:s3:::b"),
                                  IDENTITY("d", "Deny", "ec2:RunInstances", "*"),
                                  { .name = "e", .text = ONE("Allow", "s3:GetObject", "arn:aws:s3:::b/x*"),
                                    .kind = VD_KIND_BOUNDARY, .where = { .layer = VD_LAYER_BOUNDARY } } };
    vd_engine *e = NULL;
    vd_error   err = { .size = sizeof err };
    heard      h = { "" };
    vd_set    *set;

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    set = set_of(e, d, COUNT(d));
    if (vd_redundant(set, NULL, hear, &h, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_string_equal(h.text, "unsatisfiable c 0 (soft)\nsubsumed a 0 < b 0\nidle-deny d 0\n");
    vd_set_release(set);
    vd_engine_release(e);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_told_can_go), cmocka_unit_test(a_set_is_told_by_layers) };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A world that can be tried to its end: five actions, words of up to three letters, one key with a value or none, one with
 * several, three accounts, callers of each kind, with and without an organization, over the internet or an endpoint.
 */
#include "truth.h"

#include <string.h>

static const char *const actions[] = { "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging" };
static const char *const action_patterns[] = { "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:Get*", "s3:*Tagging", "s3:*Object",
                                               "s3:?etObject", "S3:putobject*", "s3:*" };
static const char *const resources[] = { "arn:aws:s3:::b/*",   "arn:aws:s3:::b/a*", "arn:aws:s3:::b/*b", "arn:aws:s3:::b/?",   "arn:aws:s3:::b/??",
                                         "arn:aws:s3:::b/a?*", "arn:aws:s3:::b/ab", "arn:aws:s3:::b/a*b", "*",                 "arn:aws:s3:::b/?b*",
                                         "arn:aws:s3:::b/a",   "arn:aws:s3:::b/b*a", "arn:aws:s3:::b/${aws:Referer}" };
static const char *const principals[] = { "*", "*", "*", "AWS 444455556666", "AWS 111122223333", "AWS arn:aws:iam::444455556666:role/r",
                                          "AWS arn:aws:iam::444455556666:user/u", "AWS arn:aws:sts::444455556666:assumed-role/r/s",
                                          "Service s3.amazonaws.com" };
static const char *const texts[] = { "a", "b", "ab", "aba", "a*", "*b", "?", "??", "a?*", "*", "?*", "A", "*a*" };
static const char *const text_ops[] = { "StringEquals", "StringNotEquals", "StringLike", "StringLike", "StringNotLike", "StringEqualsIgnoreCase" };
static const char *const sets[] = { "ForAnyValue:", "ForAllValues:", "ForAllValues:", "" };
static const char *const ranges[] = { "52.0.0.0/8", "54.0.0.0/8", "203.0.113.0/24", "0.0.0.0/0" };
static const char *const accounts[] = { "111122223333", "444455556666", "4444*", "????????6666" };
static const char *const organizations[] = { "o-abcdefghij", "o-abcdefghij", "o-*" };
static const char *const paths[] = { "o-abcdefghij/*", "o-abcdefghij/r-ab12/ou-ab12-11111111/*", "*" };
static const char *const arns[] = { "arn:aws:iam::444455556666:role/*", "arn:aws:iam::*:role/r", "arn:aws:iam::111122223333:*", "arn:aws:iam::*:user/*" };
static const char *const endpoints[] = { "vpce-1a2b3c4d", "vpce-*" };
static const char *const truths[] = { "true", "false" };
static const char *const null_keys[] = { "aws:Referer", "aws:TagKeys", "aws:SourceIp", "aws:SourceVpce", "aws:PrincipalOrgID", "aws:PrincipalTag/t",
                                         "aws:SourceAccount" };

static const char *if_exists(chance *c)
{
    return percent(c, 25) ? "IfExists" : "";
}

static void some(list *out, chance *c, words from)
{
    out->count = (uint8_t)(1 + percent(c, 35));
    for (uint8_t i = 0; i < out->count; i++)
        out->at[i] = pick(c, from);
}

static void text_entry(entry *e, chance *c, const char *set, const char *key, words values)
{
    snprintf(e->op, sizeof e->op, "%s%s%s", set, pick(c, WORDS(text_ops)), if_exists(c));
    e->key = key;
    some(&e->values, c, values);
}

static void toy_entry(entry *e, chance *c)
{
    *e = (entry){ 0 };
    switch (below(c, 14)) {
    case 0:
    case 1:
    case 2:
        text_entry(e, c, "", "aws:Referer", WORDS(texts));
        break;
    case 3:
    case 4:
    case 5:
        text_entry(e, c, pick(c, WORDS(sets)), "aws:TagKeys", WORDS(texts));
        break;
    case 6:
        snprintf(e->op, sizeof e->op, "%sIpAddress%s", percent(c, 40) ? "Not" : "", if_exists(c));
        e->key = "aws:SourceIp";
        some(&e->values, c, WORDS(ranges));
        break;
    case 7:
        text_entry(e, c, "", "aws:PrincipalAccount", WORDS(accounts));
        break;
    case 8:
        text_entry(e, c, "", "aws:PrincipalOrgID", WORDS(organizations));
        break;
    case 9:
        text_entry(e, c, pick(c, WORDS(sets)), "aws:PrincipalOrgPaths", WORDS(paths));
        break;
    case 10:
        snprintf(e->op, sizeof e->op, "Arn%sLike%s", percent(c, 30) ? "Not" : "", if_exists(c));
        e->key = "aws:PrincipalArn";
        some(&e->values, c, WORDS(arns));
        break;
    case 11:
        text_entry(e, c, "", "aws:SourceVpce", WORDS(endpoints));
        break;
    case 12:
        text_entry(e, c, "", "aws:PrincipalTag/t", WORDS(texts));
        break;
    default:
        snprintf(e->op, sizeof e->op, "Null");
        e->key = pick(c, WORDS(null_keys));
        e->values = (list){ { pick(c, WORDS(truths)) }, 1, false };
        break;
    }
}

/* ------------------------------------------------------------------ requests */

static const char *const objects[] = {
    "arn:aws:s3:::b/a",   "arn:aws:s3:::b/b",   "arn:aws:s3:::b/aa",  "arn:aws:s3:::b/ab",  "arn:aws:s3:::b/ba",
    "arn:aws:s3:::b/bb",  "arn:aws:s3:::b/aaa", "arn:aws:s3:::b/aab", "arn:aws:s3:::b/aba", "arn:aws:s3:::b/abb",
    "arn:aws:s3:::b/baa", "arn:aws:s3:::b/bab", "arn:aws:s3:::b/bba", "arn:aws:s3:::b/bbb",
};
static const char *const short_words[] = { "a", "b", "aa", "ab", "ba", "bb", "aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb", "A" };

static void key_dim(world *w, const char *key)
{
    dim *d = world_dim(w, DIM_KEY, key);

    dim_add(d, NULL, NULL, NULL);
    dim_add(d, "", NULL, NULL);
    for (size_t i = 0; i < sizeof short_words / sizeof *short_words; i++)
        dim_add(d, short_words[i], NULL, NULL);
}

static void set_dim(world *w, const char *key)
{
    dim      *d = world_dim(w, DIM_KEY, key);
    const int n = 8; /* pairs and triples of the shorter ones */

    dim_add(d, NULL, NULL, NULL);
    for (size_t i = 0; i < sizeof short_words / sizeof *short_words; i++)
        dim_add(d, short_words[i], NULL, NULL);
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++) {
            dim_add(d, short_words[i], short_words[k], NULL);
            for (int j = k + 1; j < n; j++)
                dim_add(d, short_words[i], short_words[k], short_words[j]);
        }
}

static void who_dim(world *w, bool organized, bool resource)
{
    static const char *const who[][2] = {
        { "arn:aws:sts::444455556666:assumed-role/r/s", "arn:aws:iam::444455556666:role/r" },
        { "arn:aws:iam::444455556666:user/u", "" },
        { "arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:iam::111122223333:role/r" },
        { "arn:aws:sts::999988887777:assumed-role/r/s", "arn:aws:iam::999988887777:role/r" },
        { "arn:aws:iam::444400001111:user/u", "" },
        { "arn:aws:iam::777755556666:root", "" },
    };
    dim *d = world_dim(w, DIM_WHO, NULL);

    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        if (strstr(who[i][0], "root") && !resource)
            continue;
        dim_add(d, who[i][0], who[i][1], NULL);
        if (organized) {
            dim_add(d, who[i][0], who[i][1], "o-abcdefghij");
            dim_add(d, who[i][0], who[i][1], "o-zyxwvutsrq");
        }
    }
    if (resource) {
        dim_add(d, "anonymous", NULL, NULL);
        dim_add(d, "s3.amazonaws.com", NULL, NULL);
        dim_add(d, "sns.amazonaws.com", NULL, NULL);
    }
}

static void fixed_dim(world *w, dim_kind kind, words from, const char *second)
{
    dim *d = world_dim(w, kind, NULL);

    for (uint32_t i = 0; i < from.count; i++)
        dim_add(d, from.at[i], second, NULL);
}

static bool about(const stack *a, const stack *b, const char *key)
{
    return mentions(a, key) || mentions(b, key);
}

static bool has_layer(const stack *s, vd_layer layer)
{
    for (uint8_t i = 0; i < s->count; i++)
        if (s->docs[i].layer == layer)
            return true;
    return false;
}

/* Only what some policy looks at varies: the rest cannot matter. */
static void toy_world(world *out, const stack *a, const stack *b, chance *c)
{
    bool resource = has_layer(a, VD_LAYER_RESOURCE);
    dim *path;

    (void)c;
    out->count = 0;
    who_dim(out, about(a, b, "aws:PrincipalOrg"), resource);
    fixed_dim(out, DIM_ACTION, WORDS(actions), NULL);
    fixed_dim(out, DIM_RESOURCE, WORDS(objects), "111122223333");
    path = world_dim(out, DIM_PATH, NULL);
    dim_add(path, "8.8.8.8", NULL, NULL);
    if (about(a, b, "aws:Source")) {
        dim_add(path, "52.1.1.1", NULL, NULL);
        dim_add(path, "54.1.1.1", NULL, NULL);
        dim_add(path, "203.0.113.7", NULL, NULL);
        dim_add(path, "2600::1", NULL, NULL);
        dim_add(path, NULL, "vpce-1a2b3c4d", NULL);
        dim_add(path, NULL, "vpce-0aaaaaaa", NULL);
    }
    if (about(a, b, "aws:Referer"))
        key_dim(out, "aws:Referer");
    if (about(a, b, "aws:TagKeys"))
        set_dim(out, "aws:TagKeys");
    if (about(a, b, "aws:PrincipalTag/t"))
        key_dim(out, "aws:PrincipalTag/t");
}

static const char *const attached[] = { "arn:aws:s3:::b" };
const vocabulary toy = { { action_patterns, sizeof action_patterns / sizeof *action_patterns },
                         { resources, sizeof resources / sizeof *resources },
                         { principals, sizeof principals / sizeof *principals }, { attached, 1 }, toy_entry, toy_world };

/* SPDX-License-Identifier: Apache-2.0
 *
 * A request, line by line, and what follows from it.  The first byte of a line says what to do: 'A' + field sets a
 * field, 'k' gives a key ("k<key>=<value>,<value>"), 'a' makes it absent, 't' + kind gives a tag, 'f' + flag sets a
 * flag, 'c' begins a check ("c<action>|<resource>|<account>").  Oracles: a plain model of the context, in which every
 * question is a search; facts are the same each time and do not contradict themselves; what is derived fits its
 * buffer, and the derived ARN of a principal is a principal of the same account.
 */
#include "fuzz.h"

#include "base/str.h"
#include "request/facts.h"

enum { MOST = 48, MOST_VALUES = 8 };

/* ------------------------------------------------------------------ the plain model */

typedef struct entry {
    uint32_t check;
    vd_str   key;
    vd_str   values[MOST_VALUES];
    uint32_t count;
} entry;

static entry    model[MOST];
static uint32_t entries;

static void remember(uint32_t check, vd_str key, const vd_str *values, uint32_t count)
{
    uint32_t i = 0;

    while (i < entries && !(model[i].check == check && vd_str_eq(model[i].key, key)))
        i++;
    if (i == entries)
        entries++;
    model[i] = (entry){ .check = check, .key = key, .count = count };
    for (uint32_t k = 0; k < count; k++)
        model[i].values[k] = values[k];
}

static void compare_with_model(const vd_request *r)
{
    size_t total = 0;

    fuzz_check(r->context.count == entries, "%u entries, the model has %u", r->context.count, entries);
    for (uint32_t i = 0; i < entries; i++) {
        const vd_context *c = &r->context.at[i];

        fuzz_check(c->check == model[i].check && vd_str_eq(c->key, model[i].key), "entry %u is another", i);
        fuzz_check(c->count == model[i].count && c->first + c->count <= r->values.count, "values of entry %u", i);
        for (uint32_t k = 0; k < c->count; k++)
            fuzz_check(vd_str_eq(r->values.at[c->first + k], model[i].values[k]), "value %u of entry %u", k, i);
        total += c->count;
    }
    fuzz_check(total == r->values.count, "%u values kept, %zu in use", r->values.count, total);
}

/* ------------------------------------------------------------------ facts */

static const vd_str *by_name(void *ctx, vd_str key, uint32_t *count)
{
    const vd_request *r = ctx;

    *count = 0;
    for (uint32_t i = 0; i < r->context.count; i++)
        if (vd_str_ieq(r->context.at[i].key, key)) {
            *count = r->context.at[i].count;
            return *count ? r->values.at + r->context.at[i].first : NULL;
        }
    return NULL;
}

static void check_principal_arn(const vd_facts *f, vd_str arn, vd_request *other)
{
    vd_facts g;

    vd_request_reset(other);
    vd_request_set(other, VD_PRINCIPAL, arn);
    vd_request_set(other, VD_ACTION, VD_S("x:y"));
    vd_request_set(other, VD_RESOURCE, VD_S("*"));
    if (f->principal_arn.account.n == 0)
        vd_request_set(other, VD_PRINCIPAL_ACCOUNT, f->account);
    fuzz_check(vd_facts_make(&g, other, 0, NULL) == VD_OK, "\"" VD_F "\" is no principal", VD_A(arn));
    fuzz_check(vd_str_eq(g.account, f->account) && vd_str_eq(g.role_name, f->role_name), "\"" VD_F "\" is another",
               VD_A(arn));
}

static void check_facts(vd_request *r, uint32_t check, vd_request *other)
{
    vd_facts f, again;
    vd_error err = { .size = sizeof err };
    vd_code  code = vd_facts_make(&f, r, check, &err);
    char     buf[VD_DERIVE_TEXT];
    uint32_t n;

    fuzz_check(vd_facts_make(&again, r, check, NULL) == code, "another code");
    if (code != VD_OK) {
        fuzz_check(code == VD_EREQUEST && err.text[0], "code %d", code);
        return;
    }
    fuzz_check(memcmp(&f, &again, sizeof f) == 0, "other facts");
    fuzz_check(f.kind < VD_WHO_COUNT, "kind %d", f.kind);
    fuzz_check(f.account.n == 0 || vd_is_account(f.account), "account \"" VD_F "\"", VD_A(f.account));
    fuzz_check(f.resource_account.n == 0 || vd_is_account(f.resource_account), "owner");
    fuzz_check(!f.same_account || f.account.n, "the same account without an account");
    fuzz_check(f.decided == (f.category != VD_CATEGORY_NONE), "decided by nothing");
    fuzz_check(!f.resource_is_star || !f.resource_layer_counts, "a policy of \"*\"");
    fuzz_check(f.resource_is_star != f.resource_is_arn, "neither star nor ARN");
    fuzz_check(f.role_path_known == (f.role_arn.n > 0), "path of the role");
    for (vd_layer l = VD_LAYER_NONE; l <= VD_LAYER_COUNT; l++)
        (void)vd_facts_layer_applies(&f, l);
    for (vd_derive d = VD_DERIVE_NONE; d < VD_DERIVE_COUNT; d++) {
        vd_str        out, source = vd_derive_source(d);
        const vd_str *values = by_name(r, source, &n);

        if (vd_derive_value(&out, buf, &f, d, values, n)) {
            fuzz_check(out.n || d == VD_DERIVE_RESOURCE_TAG, "an empty value is derived");
            if (d == VD_DERIVE_PRINCIPAL_ARN)
                check_principal_arn(&f, out, other);
        }
    }
    fuzz_check(vd_facts_state_grants(&f, by_name, r) == 0, "a grant out of nothing");
    fuzz_check(!vd_facts_public_acl_refused(&f, by_name, r) && !vd_facts_restrict_public_cuts(&f), "no state");
    fuzz_check(vd_facts_bucket_allows_count(&f), "no state");
    (void)vd_facts_bucket_denies_ignored(&f);
}

/* ------------------------------------------------------------------ lines */

static uint32_t cut_values(vd_str *values, vd_str text)
{
    uint32_t n = 0;
    vd_str   head;

    while (n + 1 < MOST_VALUES && vd_str_cut(&text, ',', &head))
        values[n++] = head;
    values[n++] = text;
    return n;
}

static void give_key(vd_request *r, vd_str line)
{
    vd_str   values[MOST_VALUES], key = line;
    uint32_t n = 0;

    if (vd_str_cut(&line, '=', &key))
        n = cut_values(values, line);
    if (key.n == 0 || entries == MOST)
        return;
    fuzz_check(vd_request_context(r, key, values, n) == VD_OK, "context");
    remember(r->current, key, values, n);
}

static void begin_check(vd_request *r, vd_str line)
{
    vd_str action = line, resource = { 0 };

    if (vd_str_cut(&line, '|', &action) && !vd_str_cut(&line, '|', &resource)) {
        resource = line;
        line = (vd_str){ 0 };
    }
    if (r->checks.count < MOST)
        fuzz_check(vd_request_check(r, action, resource, line) == VD_OK, "check");
}

/* Tags are not in the model: they come to a request of their own. */
static void give_tag(vd_request *r, vd_str line)
{
    vd_str key = line, value = { 0 };

    if (line.n == 0)
        return;
    key = vd_str_from(line, 1);
    if (vd_str_cut(&key, '=', &value)) {
        vd_str swap = key;

        key = value;
        value = swap;
    }
    (void)vd_request_tag(r, line.p[0] - '0', key, value);
}

static void do_line(vd_request *r, vd_request *tagged, vd_str line)
{
    vd_str rest = vd_str_from(line, 1);

    if (line.n == 0)
        return;
    switch (line.p[0]) {
    case 'k':
        give_key(r, rest);
        break;
    case 'a':
        if (rest.n && entries < MOST) {
            fuzz_check(vd_request_absent(r, rest) == VD_OK, "absent");
            remember(r->current, rest, NULL, 0);
        }
        break;
    case 'c':
        begin_check(r, rest);
        break;
    case 't':
        give_tag(tagged, rest);
        break;
    case 'f':
        if (rest.n && rest.p[0] >= '0' && rest.p[0] < '0' + VD_FLAG_COUNT)
            vd_request_flag(r, rest.p[0] - '0', true);
        break;
    default:
        if (line.p[0] >= 'A' && line.p[0] < 'A' + VD_FIELD_COUNT && r->checks.count < MOST)
            (void)vd_request_set(r, line.p[0] - 'A', rest);
    }
}

/* Each value lies in one entry and every entry within the array. */
static void check_tagged(const vd_request *r)
{
    size_t total = 0;

    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        fuzz_check(c->first + c->count <= r->values.count, "tags: entry %u ends at %u of %u", i, c->first + c->count,
                   r->values.count);
        total += c->count;
        for (uint32_t k = 0; k < i; k++)
            fuzz_check(!vd_str_eq(c->key, r->context.at[k].key), "tags: \"" VD_F "\" twice", VD_A(c->key));
        if (vd_str_eq(c->key, VD_S("aws:TagKeys")))
            for (uint32_t k = 0; k < c->count; k++) {
                vd_str   tag = r->values.at[c->first + k];
                uint32_t found = 0;

                for (uint32_t e = 0; e < r->context.count; e++)
                    found += vd_str_starts(r->context.at[e].key, VD_S("aws:RequestTag/")) &&
                             vd_str_eq(vd_str_from(r->context.at[e].key, 15), tag);
                fuzz_check(found == 1, "tags: key \"" VD_F "\" without tag", VD_A(tag));
            }
    }
    fuzz_check(total == r->values.count, "tags: values left over");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_str      text = { (const char *)data, size }, line;
    vd_engine  *e = NULL;
    vd_request *r = NULL, *tagged = NULL, *other = NULL;

    if (vd_engine_new(&e, NULL, NULL) != VD_OK || vd_request_new(&r, e, NULL) != VD_OK ||
        vd_request_new(&tagged, e, NULL) != VD_OK || vd_request_new(&other, e, NULL) != VD_OK)
        abort();
    entries = 0;
    while (vd_str_cut(&text, '\n', &line))
        do_line(r, tagged, line);
    do_line(r, tagged, text);
    compare_with_model(r);
    check_tagged(tagged);
    if (!r->failed)
        for (uint32_t i = 0; i < vd_request_check_count(r); i++)
            check_facts(r, i, other);
    vd_request_free(r);
    vd_request_free(tagged);
    vd_request_free(other);
    vd_engine_release(e);
    return 0;
}

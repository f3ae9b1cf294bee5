/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of the rules about conditions (corpus/rules-cases/conditions.jsonl), asked of the search for requests: with all
 * keys of a case pinned to what it says, there is a request that the condition lets through exactly when the case says so.
 * A rule that the search depends on, and that no case decides both here and there, fails the test.
 */
#include "unit.h"

#include "base/str.h"
#include "symbolic/symbolic.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_PINS = 16, MOST_VALUES = 16 };

/* Facts of the rules that the solver depends on, as far as one condition shows them. */
static const char *const rules[] = { "E501", "E502", "E503", "E505", "E506", "E508", "E521", "E523", "E524", "E525",
                                     "E526", "E528", "E529", "E533", "E534", "E536", "E537", "E538", "E539", "E543", "E544",
                                     "E547", "E550", "E551", "E552", "E553", "E555", "E556" };
static uint32_t decided[sizeof rules / sizeof *rules];

typedef struct pins {
    vd_pin   at[MOST_PINS];
    vd_str   values[MOST_PINS][MOST_VALUES];
    char     text[MOST_PINS][MOST_VALUES][256];
    uint32_t count;
} pins;

static bool add_value(pins *p, vd_pin *pin, json_t *v)
{
    uint32_t at = p->count, n = pin->count;
    char     number[64];
    const char *text = json_is_true(v) ? "true" : json_is_false(v) ? "false" : json_string_value(v);
    size_t      length = json_is_string(v) ? json_string_length(v) : text ? strlen(text) : 0;

    if (json_is_integer(v)) {
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
        text = number;
        length = strlen(number);
    }
    if (!text || n == MOST_VALUES || length >= sizeof p->text[at][n])
        return false; /* a real number: its text is not what was written */
    memcpy(p->text[at][n], text, length);
    p->values[at][n] = (vd_str){ p->text[at][n], length };
    pin->count++;
    return true;
}

static bool add_pin(pins *p, const char *key, json_t *value)
{
    vd_pin *pin = &p->at[p->count];
    bool    blank = true, ok = true;
    size_t  i;
    json_t *v;

    if (p->count == MOST_PINS)
        return false;
    *pin = (vd_pin){ .key = vd_str_of(key), .state = VD_STATE_PRESENT, .values = p->values[p->count] };
    if (json_is_array(value)) {
        json_array_foreach(value, i, v)
            ok = ok && add_value(p, pin, v);
    } else if (value && !json_is_null(value)) {
        ok = add_value(p, pin, value);
    }
    for (i = 0; i < pin->count; i++)
        blank = blank && pin->values[i].n == 0;
    if (pin->count == 0)
        pin->state = VD_STATE_ABSENT;
    else if (blank)
        pin->state = VD_STATE_BLANK;
    if (pin->state != VD_STATE_PRESENT)
        pin->count = 0;
    p->count++;
    return ok;
}

static bool has_pin(const pins *p, const char *key)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (vd_str_ieq(p->at[i].key, vd_str_of(key)))
            return true;
    return false;
}

/* What the case says of the context, and that nothing else that its condition looks at is there. */
static bool take_pins(pins *p, json_t *row)
{
    const char *op, *key;
    json_t     *entries, *value;
    bool        ok = true;

    json_object_foreach(json_object_get(row, "ctx"), key, value)
        ok = ok && !has_pin(p, key) && add_pin(p, key, value); /* two spellings of one key are not for us (E504) */
    json_object_foreach(json_object_get(row, "C"), op, entries)
        json_object_foreach(entries, key, value)
            if (!has_pin(p, key))
                ok = ok && add_pin(p, key, NULL);
    if (!has_pin(p, "aws:username")) /* the one that variables name */
        ok = ok && add_pin(p, "aws:username", NULL);
    return ok;
}

/* A pin of several values says what may be among them, not that all are; what is pinned to be missing may be the empty text. */
static bool exact(vd_symbolic *s, const pins *p, vd_demand *out, uint32_t *n, bool *nomem)
{
    static const vd_str blank = VD_L("");

    for (uint32_t i = 0; i < p->count; i++) {
        if (p->at[i].count > 1)
            return false;
        if (p->at[i].state == VD_STATE_ABSENT)
            out[(*n)++] = (vd_demand){ vd_symbolic_condition(s, "StringEquals", p->at[i].key, &blank, 1, nomem), true };
    }
    return true;
}

static vd_policy *policy_of(const vd_engine *e, json_t *row, bool condition)
{
    json_t    *version = json_object_get(row, "ver"), *doc;
    vd_policy *p = NULL;
    char      *text;

    doc = json_pack("{s:s,s:[{s:s,s:s,s:s,s:O}]}", "Version", version ? json_string_value(version) : "2012-10-17", "Statement", "Effect",
                    "Allow", "Action", "s3:GetObject", "Resource", "*", "Condition",
                    condition ? json_object_get(row, "C") : json_object_get(row, "none"));
    text = json_dumps(doc, 0);
    vd_policy_parse(&p, e, VD_KIND_IDENTITY, VD_S("policy"), vd_str_of(text), NULL, NULL);
    free(text);
    json_decref(doc);
    return p;
}

static vd_answer ask(const vd_engine *e, json_t *row, bool condition)
{
    static pins p;
    vd_symbolic *s = NULL;
    vd_policy   *policy = policy_of(e, row, condition);
    vd_answer    answer = VD_UNKNOWN;
    vd_model     model;
    bool         nomem = false;
    uint32_t     box, n = 0;
    vd_demand    demands[MOST_PINS];

    p.count = 0;
    if (policy && take_pins(&p, row)) {
        vd_symbolic_opts opts = { .pins = p.at, .pin_count = p.count };
        vd_goal          g = { .action = VD_L("s3:GetObject"), .who = (1u << VD_ASKER_COUNT) - 1, .rules = VD_RULES_HARD, .match = &box,
                               .match_count = 1 };

        assert_int_equal(vd_symbolic_new(&s, e, &opts, NULL), VD_OK);
        box = vd_symbolic_statement(s, policy, 0, &nomem);
        if (exact(s, &p, demands, &n, &nomem)) {
            g.demands = demands;
            g.demand_count = n;
            answer = box == VD_NONE ? VD_UNSAT : vd_symbolic_solve(s, &g, &model, NULL, &nomem);
        }
        assert_false(nomem);
        vd_symbolic_free(s);
    }
    vd_policy_release(policy);
    return answer;
}

static void note(json_t *row)
{
    size_t  i;
    json_t *rule;

    json_array_foreach(json_object_get(row, "rules"), i, rule)
        for (size_t k = 0; k < VD_COUNT(rules); k++)
            decided[k] += strcmp(rules[k], json_string_value(rule)) == 0;
}

/* Contexts that no request of AWS has (a user name without a user) and values whose text is lost are left out. */
static bool can_be(const vd_engine *e, json_t *row)
{
    json_object_set_new(row, "none", json_object());
    return ask(e, row, false) == VD_SAT;
}

/* What the corpus shows with contexts that cannot be, or not at all. */
static const char *const more[] = {
    "{\"id\":\"X1\",\"C\":{\"StringLike\":{\"k\":\"${aws:PrincipalTag/t}*\"}},\"ctx\":{\"k\":\"bob/x\",\"aws:PrincipalTag/t\":\"b?b\"},\"want\":false,\"rules\":[\"E556\"]}",
    "{\"id\":\"X2\",\"C\":{\"StringLike\":{\"k\":\"${aws:PrincipalTag/t}*\"}},\"ctx\":{\"k\":\"b?b/x\",\"aws:PrincipalTag/t\":\"b?b\"},\"want\":true,\"rules\":[\"E556\"]}",
    "{\"id\":\"X3\",\"C\":{\"StringEquals\":{\"k\":\"${}\"}},\"ctx\":{\"k\":\"${}\"},\"want\":false,\"rules\":[\"E552\"]}",
    "{\"id\":\"X4\",\"C\":{\"StringEquals\":{\"k\":\"${aws:username, 'all'}\"}},\"ctx\":{\"k\":\"all\"},\"want\":true,\"rules\":[\"E552\",\"E555\"]}",
};

typedef struct tally {
    uint32_t cases, left_out, wrong;
} tally;

static void try_one(const vd_engine *e, const char *line, tally *t)
{
    json_t   *row = json_loads(line, 0, NULL), *want = json_object_get(row, "want");
    vd_answer answer;

    assert_non_null(row);
    t->cases++;
    if (!json_is_boolean(want) || !can_be(e, row)) {
        t->left_out++;
        json_decref(row);
        return;
    }
    answer = ask(e, row, true);
    if (answer == (json_is_true(want) ? VD_SAT : VD_UNSAT)) {
        note(row);
    } else if (answer == VD_UNKNOWN) {
        t->left_out++; /* never a wrong answer */
    } else {
        t->wrong++;
        print_error("%s: wanted %s, got %d\n", json_string_value(json_object_get(row, "id")), json_is_true(want) ? "yes" : "no", (int)answer);
    }
    json_decref(row);
}

static void test_conditions(void **state)
{
    char       path[1024], *line = NULL;
    size_t     cap = 0;
    tally      t = { 0 };
    vd_engine *e = NULL;
    FILE      *file;

    (void)state;
    snprintf(path, sizeof path, "%s/corpus/rules-cases/conditions.jsonl", getenv("VD_SOURCE_ROOT"));
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    while (getline(&line, &cap, file) > 0)
        try_one(e, line, &t);
    free(line);
    fclose(file);
    for (size_t i = 0; i < VD_COUNT(more); i++)
        try_one(e, more[i], &t);
    vd_engine_release(e);
    assert_int_equal(t.wrong, 0);
    assert_true(t.left_out * 4 < t.cases);
    for (size_t k = 0; k < VD_COUNT(rules); k++)
        if (!decided[k])
            fail_msg("%s is decided by no case: the search has no counterpart of it", rules[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_conditions) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

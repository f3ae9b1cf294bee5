/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of the rules (corpus/rules-cases), asked of the search for requests.  With all keys of a condition's case pinned to
 * what it says, there is a request that the condition lets through exactly when the case says so.  What a decision's case
 * allows is among what its policies allow; what it does not is not, unless some other key or caller makes it so.
 * A rule that the search depends on, and that no case decides both here and there, fails the test.
 */
#include "unit.h"

#include "base/str.h"
#include "rules_cases.h"
#include "symbolic/symbolic.h"

#include <verdict/analyze.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_PINS = 16, MOST_VALUES = 16 };

/* Facts of the rules that the solver depends on, as far as one condition shows them. */
static const char *const rules[] = { "E501", "E502", "E503", "E505", "E506", "E508", "E521", "E523", "E524", "E525",
                                     "E526", "E528", "E529", "E533", "E534", "E536", "E537", "E538", "E539", "E543", "E544",
                                     "E547", "E550", "E551", "E552", "E553", "E554", "E555", "E556" };
/* Facts about who is meant, what follows from who asks, and how layers combine.  Where a case is denied for what nobody can
 * pin here (a tag of the principal, two values of a key) the random worlds of tests/truth have to do. */
static const char *const rules_of_decisions[] = {
    "E202", "E208", "E209", "E210", "E303", "E314", "E317", "E318", "E319", "E402", "E405", "E408", "E417", "E419",
    "E420", "E421", "E424", "E425", "E560", "E561", "E562", "E563", "E610", "E615", "E617", "E621", "E625", "E627",
    "E630", "E631", "E640", "E641", "E650", "E652", "E704", "E705", "E706", "E707", "E708", "E709", "E710", "E711",
    "E712", "E713", "E714", "E715", "E716", "E717", "E718", "E719", "E720", "E730", "E731", "E734", "E736", "E737",
    "E740", "E741", "E742", "E743", "E744", "E745", "E746", "E747", "E748", "E749", "E770", "E771"
};
static uint32_t decided[sizeof rules / sizeof *rules], decided_otherwise[sizeof rules_of_decisions / sizeof *rules_of_decisions];

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

static void note(json_t *row, const char *const *names, uint32_t *counts, size_t count)
{
    size_t  i;
    json_t *rule;

    json_array_foreach(json_object_get(row, "rules"), i, rule)
        for (size_t k = 0; k < count; k++)
            counts[k] += strcmp(names[k], json_string_value(rule)) == 0;
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
    "{\"id\":\"X5\",\"C\":{\"StringEquals\":{\"k\":\"${aws:TagKeys, 'all'}\"}},\"ctx\":{\"k\":\"all\",\"aws:TagKeys\":[\"a\"]},\"want\":false,\"rules\":[\"E554\"]}",
    "{\"id\":\"X6\",\"C\":{\"StringEquals\":{\"k\":\"${aws:TagKeys, 'all'}\"}},\"ctx\":{\"k\":\"all\",\"aws:TagKeys\":[]},\"want\":true,\"rules\":[\"E555\"]}",
    "{\"id\":\"X7\",\"C\":{\"StringNotEquals\":{\"k\":\"${aws:TagKeys, 'all'}\"}},\"ctx\":{\"k\":\"all\",\"aws:TagKeys\":[\"a\"]},\"want\":true,\"rules\":[\"E554\"]}",
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
        note(row, rules, decided, VD_COUNT(rules));
    } else if (answer == VD_UNKNOWN) {
        t->left_out++; /* never a wrong answer */
    } else {
        t->wrong++;
        print_error("%s: wanted %s, got %d\n", json_string_value(json_object_get(row, "id")), json_is_true(want) ? "yes" : "no", (int)answer);
    }
    json_decref(row);
}

/* Each line of a file of cases. */
static void read_cases(const vd_engine *e, const char *name, void (*one)(const vd_engine *e, const char *line, tally *t), tally *t)
{
    char   path[1024], *line = NULL;
    size_t cap = 0;
    FILE  *file;

    snprintf(path, sizeof path, "%s/corpus/rules-cases/%s.jsonl", getenv("VD_SOURCE_ROOT"), name);
    file = fopen(path, "r");
    assert_non_null(file);
    while (getline(&line, &cap, file) > 0)
        one(e, line, t);
    free(line);
    fclose(file);
}

static void test_conditions(void **state)
{
    tally      t = { 0 };
    vd_engine *e = NULL;

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    read_cases(e, "conditions", try_one, &t);
    for (size_t i = 0; i < VD_COUNT(more); i++)
        try_one(e, more[i], &t);
    vd_engine_release(e);
    assert_int_equal(t.wrong, 0);
    assert_true(t.left_out * 4 < t.cases);
    for (size_t k = 0; k < VD_COUNT(rules); k++)
        if (!decided[k])
            fail_msg("%s is decided by no case: the search has no counterpart of it", rules[k]);
}

/* ------------------------------------------------------------------ decisions */

static void add_document(const vd_engine *e, vd_builder *b, vd_attach at, vd_kind kind, json_t *row, json_t *statements)
{
    const char *version = json_string_value(json_object_get(row, "ver"));
    json_t     *list = json_array(), *doc, *s;
    vd_policy  *p = NULL;
    char       *text;
    size_t      i;

    json_array_foreach(statements, i, s)
        json_array_append_new(list, rules_case_statement(s));
    doc = json_pack("{s:s,s:o}", "Version", version ? version : "2012-10-17", "Statement", list);
    text = json_dumps(doc, 0);
    assert_int_equal(vd_policy_parse(&p, e, kind, VD_S("p.json"), vd_str_of(text), NULL, NULL), VD_OK);
    assert_int_equal(vd_builder_add(b, p, &at, NULL), VD_OK);
    vd_policy_release(p);
    free(text);
    json_decref(doc);
}

static vd_set *set_of(const vd_engine *e, json_t *row)
{
    const char *class_of = json_string_value(json_object_get(row, "cls"));
    vd_builder *b = NULL;
    vd_set     *set = NULL;
    size_t      i;
    json_t     *level;

    assert_int_equal(vd_builder_new(&b, e, NULL), VD_OK);
    for (size_t d = 0; d < VD_COUNT(rules_case_documents); d++) {
        bool trust = rules_case_documents[d].layer == VD_LAYER_RESOURCE && class_of && !strcmp(class_of, "trust");

        if (json_object_get(row, rules_case_documents[d].name))
            add_document(e, b, (vd_attach){ .size = sizeof(vd_attach), .layer = rules_case_documents[d].layer },
                         trust ? VD_KIND_TRUST : rules_case_documents[d].kind, row, json_object_get(row, rules_case_documents[d].name));
    }
    json_array_foreach(json_object_get(row, "scp"), i, level)
        add_document(e, b, (vd_attach){ .size = sizeof(vd_attach), .layer = VD_LAYER_SCP, .level = (uint32_t)i }, VD_KIND_SCP, row, level);
    json_array_foreach(json_object_get(row, "rcp"), i, level)
        add_document(e, b, (vd_attach){ .size = sizeof(vd_attach), .layer = VD_LAYER_RCP, .level = (uint32_t)i }, VD_KIND_RCP, row, level);
    assert_int_equal(vd_builder_compile(&set, b, NULL, NULL), VD_OK);
    vd_builder_free(b);
    return set;
}

/* The keys of the case, each as it is there. */
static size_t assumed(json_t *row, vd_assumption *out, vd_str *values)
{
    const char *key, *text;
    json_t     *value;
    size_t      n = 0;

    json_object_foreach(json_object_get(row, "ctx"), key, value) {
        text = json_is_true(value) ? "true" : json_is_false(value) ? "false" : json_string_value(value);
        if (!text || n == MOST_PINS || !vd_str_find(vd_str_of(key), ':') || vd_str_eq(vd_str_of(text), VD_S("")))
            continue; /* several values say no more than what may be among them */
        values[n] = vd_str_of(text);
        out[n] = (vd_assumption){ .key = vd_str_of(key), .values = &values[n], .count = 1 };
        n++;
    }
    return n;
}

/* What is allowed there is given by no document that could be asked about: AWS writes the policies of service-linked roles, and
 * the root user needs none. */
static bool given_by_none(const char *id)
{
    return !strcmp(id, "C48") || !strcmp(id, "C92");
}

/* The caller, or of a session whose role has a path, the role; empty: anybody. */
static vd_str principal_of(const json_t *who)
{
    static const char *const told[] = { ":user/", ":role/", ":assumed-role/" };
    const char              *text = json_string_value(json_is_object(who) ? json_object_get(who, "role") : who);

    for (size_t i = 0; text && i < VD_COUNT(told); i++)
        if (strstr(text, told[i]))
            return vd_str_of(text);
    return (vd_str){ "", 0 };
}

static void try_decision(const vd_engine *e, const char *line, tally *t)
{
    json_t           *row = json_loads(line, 0, NULL), *who = json_object_get(row, "p");
    const char       *want = json_string_value(json_object_get(row, "want")), *owner = json_string_value(json_object_get(row, "ra"));
    vd_str            action = vd_str_of(json_string_value(json_object_get(row, "a"))), resource;
    vd_assumption     assume[MOST_PINS];
    vd_str            values[MOST_PINS];
    vd_grants_opts    o = { .size = sizeof o, .actions = &action, .action_count = 1, .resources = &resource, .resource_count = 1 };
    vd_grants_summary sum = { .size = sizeof sum };
    vd_error          err = { .size = sizeof err };
    vd_set           *set;
    vd_code           code;

    t->cases++;
    if (!json_is_string(json_object_get(row, "r")) || json_object_get(row, "attrs") || !strcmp(want, "ERROR") ||
        given_by_none(json_string_value(json_object_get(row, "id")))) {
        t->left_out++;
        json_decref(row);
        return;
    }
    resource = vd_str_of(json_string_value(json_object_get(row, "r")));
    o.prove = (vd_prove_opts){ .size = sizeof o.prove, .assume = assume, .assume_count = assumed(row, assume, values) };
    o.prove.resource_account = owner ? vd_str_of(owner) : (vd_str){ "", 0 };
    o.prove.principal = principal_of(who);
    set = set_of(e, row);
    code = vd_grants(set, &o, NULL, NULL, &sum, &err);
    if (code != VD_OK && code != VD_EBUDGET) {
        t->wrong++;
        print_error("%s: %s\n", json_string_value(json_object_get(row, "id")), err.text);
    } else if (sum.answer == VD_UNKNOWN) {
        t->left_out++;
    } else if (sum.answer == (strcmp(want, "ALLOW") ? VD_UNSAT : VD_SAT)) {
        note(row, rules_of_decisions, decided_otherwise, VD_COUNT(rules_of_decisions));
    } else if (sum.answer == VD_UNSAT) {
        t->wrong++;
        print_error("%s: called impossible\n", json_string_value(json_object_get(row, "id")));
    } else {
        t->left_out++; /* another caller, or with other keys */
    }
    vd_set_release(set);
    json_decref(row);
}

static void test_decisions(void **state)
{
    tally      t = { 0 };
    vd_engine *e = NULL;
    uint32_t   missing = 0;

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    read_cases(e, "decisions", try_decision, &t);
    vd_engine_release(e);
    assert_true(t.left_out * 5 < t.cases * 2);
    assert_int_equal(t.wrong, 0);
    for (size_t k = 0; k < VD_COUNT(rules_of_decisions); k++) {
        missing += !decided_otherwise[k];
        if (!decided_otherwise[k])
            print_error("%s is decided by no case: the search has no counterpart of it\n", rules_of_decisions[k]);
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_conditions), cmocka_unit_test(test_decisions) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure held against the evaluator: what the findings say together is a policy, which must let in everybody outside whom
 * the documents do.  Requests that the catalogue thinks impossible may lie in notes.
 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ findings as a policy */

typedef struct cover {
    char  *text;
    size_t n, size;
    bool   any;
} cover;

static bool cover_begin(cover *c)
{
    static const char head[] = "{\"Version\": \"2012-10-17\", \"Statement\": [";

    *c = (cover){ .size = (size_t)1 << 20 };
    c->text = malloc(c->size);
    if (c->text) {
        memcpy(c->text, head, sizeof head);
        c->n = sizeof head - 1;
    }
    return c->text != NULL;
}

static void put(cover *c, const char *text, size_t n)
{
    if (c->n + n + 1 > c->size)
        abort(); /* nothing in these worlds is so long */
    memcpy(c->text + c->n, text, n);
    c->text[c->n += n] = '\0';
}

static void put_str(cover *c, vd_str s)
{
    put(c, "\"", 1);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            put(c, "\\", 1);
        put(c, s.p + i, 1);
    }
    put(c, "\"", 1);
}

static void put_list(cover *c, const vd_str *at, size_t count)
{
    put(c, "[", 1);
    for (size_t i = 0; i < count; i++) {
        if (i)
            put(c, ", ", 2);
        put_str(c, at[i]);
    }
    put(c, "]", 1);
}

#define PUT(c, literal) put(c, literal, sizeof(literal) - 1)

static bool is_pattern(vd_str s)
{
    return memchr(s.p, '*', s.n) || memchr(s.p, '?', s.n);
}

/* A cell as an Allow; of services and providers nobody is asked. */
static void cover_add(cover *c, const vd_exposed *x)
{
    bool org = x->principal.n > 4 && !memcmp(x->principal.p, "org:", 4);
    bool some = !org && is_pattern(x->principal) && x->principal.n > 1; /* accounts by a pattern */

    if (x->exposed == VD_EXPOSED_SERVICE || x->exposed == VD_EXPOSED_FEDERATED || x->exposed == VD_EXPOSED_CANONICAL_USER)
        return;
    if (c->any)
        PUT(c, ", ");
    c->any = true;
    PUT(c, "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": ");
    put_str(c, org || some ? vd_str_of("*") : x->principal);
    PUT(c, "}, \"Resource\": \"*\", \"Action\": ");
    put_list(c, x->actions.at, x->actions.count);
    PUT(c, ", \"Condition\": {");
    for (size_t i = 0; i < x->condition_count; i++) {
        if (i)
            PUT(c, ", ");
        put_str(c, x->conditions[i].operator_name);
        PUT(c, ": {");
        put_str(c, x->conditions[i].key);
        PUT(c, ": ");
        put_list(c, x->conditions[i].values, x->conditions[i].count);
        PUT(c, "}");
    }
    if (some) {
        if (x->condition_count)
            PUT(c, ", ");
        PUT(c, "\"StringLike\": {\"aws:PrincipalAccount\": ");
        put_str(c, x->principal);
        PUT(c, "}");
    }
    PUT(c, "}}");
}

static bool cover_open(asked *out, vd_engine *engine, cover *c)
{
    bool any = c->any;

    PUT(c, "]}");
    *out = (asked){ 0 };
    return !any || asked_open_text(out, engine, c->text);
}

/* ------------------------------------------------------------------ what was told */

typedef struct exposed_ear {
    trial       *t;
    const stack *s;
    exposed     *out;
    bool         replay;
    cover       *usual, *all; /* without notes of what cannot be, and with them; or NULL */
} exposed_ear;

static void note_action(exposed *out, vd_str name, bool is_public)
{
    uint32_t i = 0;

    while (i < out->action_count && !(strlen(out->actions[i]) == name.n && !memcmp(out->actions[i], name.p, name.n)))
        i++;
    if (i == ACTIONS_TOLD || name.n >= sizeof out->actions[0])
        return;
    if (i == out->action_count) {
        memcpy(out->actions[i], name.p, name.n);
        out->actions[i][name.n] = '\0';
        out->public_action[i] = false;
        out->action_count++;
    }
    out->public_action[i] |= is_public;
}

/* Texts of a cell live until the next one is kept. */
static const char *kept(vd_str s)
{
    static char   texts[64][160];
    static size_t next;
    char         *out = texts[next++ % 64];

    snprintf(out, sizeof texts[0], "%.*s", (int)s.n, s.p);
    return out;
}

static const char *principal_word(const vd_exposed *x)
{
    char type[32], text[200];

    snprintf(type, sizeof type, "%.*s", (int)x->principal_type.n, x->principal_type.p);
    snprintf(text, sizeof text, "%s %.*s", type, (int)x->principal.n, x->principal.p);
    if (!strcmp(text + strlen(type), " *") || !strncmp(text + strlen(type), " org", 4) || !strncmp(text + strlen(type), " service:*", 10))
        return "*";
    return kept(vd_str_of(text));
}

/* Its cell, with the first of its actions, as a Deny. */
static void keep_cell(exposed *out, const vd_exposed *x)
{
    statement *d = &out->denied;

    *d = (statement){ .deny = true, .principal = { { principal_word(x) }, 1, false }, .resource = { { "*" }, 1, false } };
    d->action = (list){ { kept(x->actions.at[0]) }, 1, false };
    out->has_cell = true;
    out->whole = x->condition_count <= ENTRIES && !(x->flags & VD_FLAG_POTENTIAL);
    for (size_t i = 0; i < x->condition_count && out->whole; i++) {
        const vd_required *r = &x->conditions[i];
        entry             *e = &d->entries[d->entry_count++];

        out->whole = r->count <= VALUES && r->count > 0;
        snprintf(e->op, sizeof e->op, "%.*s", (int)r->operator_name.n, r->operator_name.p);
        e->key = kept(r->key);
        for (size_t v = 0; v < r->count && out->whole; v++)
            e->values.at[e->values.count++] = kept(r->values[v]);
    }
}

static void describe(char *out, size_t size, const vd_exposed *x)
{
    size_t n = (size_t)snprintf(out, size, "%s%s %.*s \"%.*s\"", x->is_public ? "public " : "", vd_exposed_name(x->exposed),
                                (int)x->principal_type.n, x->principal_type.p, (int)x->principal.n, x->principal.p);

    for (size_t i = 0; i < x->condition_count && n < size; i++) {
        const vd_required *r = &x->conditions[i];

        n += (size_t)snprintf(out + n, size - n, " %.*s %.*s", (int)r->operator_name.n, r->operator_name.p, (int)r->key.n, r->key.p);
        for (size_t v = 0; v < r->count && n < size; v++)
            n += (size_t)snprintf(out + n, size - n, " %.*s", (int)r->values[v].n, r->values[v].p);
    }
}

static bool hear_exposed(void *user, const vd_exposed *x)
{
    exposed_ear *e = user;
    char         shown[1500];

    if (e->all)
        cover_add(e->all, x);
    if (x->severity == VD_ACCESS_NOTE)
        return true;
    if (e->usual)
        cover_add(e->usual, x);
    e->out->potential += !x->witness; /* nobody knows whether it is one */
    e->out->count++;
    e->out->is_public |= x->is_public;
    for (size_t i = 0; i < x->actions.count; i++)
        note_action(e->out, x->actions.at[i], x->is_public);
    if (e->out->id_count == e->t->cell && x->actions.count)
        keep_cell(e->out, x);
    if (e->out->id_count < 64) {
        describe(e->out->said[e->out->id_count], sizeof e->out->said[0], x);
        for (size_t i = 0; e->t->look && i < x->actions.count; i++)
            e->out->looked[e->out->id_count] |= vd_str_of(e->t->look).n == x->actions.at[i].n && !memcmp(e->t->look, x->actions.at[i].p, x->actions.at[i].n);
    }
    if (e->out->id_count < 64)
        snprintf(e->out->ids[e->out->id_count++], sizeof e->out->ids[0], "%.*s", (int)x->id.n, x->id.p);
    if (!e->replay)
        return true;
    hold(e->out->wrong, e->t, x->witness, x->flags, e->s, NULL, "exposure");
    if (x->witness && !e->out->wrong[0] && x->witness->account.n == 12 && !memcmp(x->witness->account.p, "111122223333", 12) &&
        x->exposed != VD_EXPOSED_SERVICE) {
        show_witness(shown, sizeof shown, x->witness);
        say(e->out->wrong, "exposure: the witness is not outside: %s", shown);
    }
    return true;
}

static const char *attached_to(const trial *t)
{
    return t->vocabulary->attached.at[t->seed / 4 % t->vocabulary->attached.count];
}

static bool expose_into(exposed *out, trial *t, const stack *s, const char *zone, bool replay, cover *usual, cover *all)
{
    asked               x = { 0 };
    vd_error            err = { .size = sizeof err };
    vd_zone            *z = NULL;
    vd_exposure_opts    o = { .size = sizeof o, .prove = proving(t, s), .services = VD_SERVICES_ALL };
    vd_exposure_summary sum = { .size = sizeof sum };
    exposed_ear         ear = { t, s, out, replay, usual, all };
    vd_code             code = zone[0] == '{' ? vd_zone_read(&z, t->engine, vd_str_of("zone.json"), vd_str_of(zone), &err)
                                              : vd_zone_parse(&z, t->engine, vd_str_of(zone), &err);

    if (t->seed % 4 || t->vocabulary == &real || t->question != ask_exposure) /* one resource, whatever the documents name */
        o.resource = vd_str_of(t->moved ? moved_text(attached_to(t)) : attached_to(t));

    memset(out, 0, sizeof *out);
    if (code == VD_OK && asked_open(&x, t->engine, s, false, NULL))
        code = vd_exposure(x.set, z, &o, hear_exposed, &ear, &sum, &err);
    asked_close(&x);
    vd_zone_free(z);
    out->undecided = sum.undecided + (code == VD_EBUDGET);
    if (code != VD_OK && code != VD_EBUDGET && !out->wrong[0])
        say(out->wrong, "exposure failed: %s: %s", vd_code_name(code), err.text);
    return code == VD_OK || code == VD_EBUDGET;
}

bool expose(exposed *out, trial *t, const stack *s, const char *zone, bool replay)
{
    return expose_into(out, t, s, zone, replay, NULL, NULL);
}

/* ------------------------------------------------------------------ what is so */

static bool outside(const char *who)
{
    return !strstr(who, "111122223333") && !strstr(who, ".amazonaws.com");
}

/* Nobody's name: no policy of this world speaks of the account, the organization or the endpoint. */
static bool strange(const trial *t, const world *w)
{
    bool vpc = mentions(&t->a, "aws:SourceVpc"); /* all endpoints of these worlds are in one */

    for (uint32_t i = 0; i < w->count; i++) {
        const value *v = &w->dims[i].at[w->chosen[i]];

        if (w->dims[i].kind == DIM_WHO && (strstr(v->at[0], "444455556666") || (v->at[2] && strstr(v->at[2], "abc"))))
            return false;
        if (w->dims[i].kind == DIM_PATH && v->at[1] && (vpc || strstr(v->at[1], "1a2b3c4d")))
            return false;
    }
    return true;
}

static const char *address_of(const world *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == DIM_PATH)
            return w->dims[i].at[w->chosen[i]].at[0];
    return NULL;
}

static bool has_action(const exposed *e, const char *name, bool is_public)
{
    for (uint32_t i = 0; i < e->action_count; i++)
        if (!strcmp(e->actions[i], name) && (e->public_action[i] || !is_public))
            return true;
    return e->action_count == ACTIONS_TOLD;
}

/* 8.8.8.8, any IPv6 address and no address at all stand for more than 2^24 of them; the others for a list. */
static bool wide(const char *address)
{
    return !address || !strcmp(address, "8.8.8.8") || (strchr(address, ':') && strncmp(address, "2001:db8:", 9) != 0);
}

/* Of the resource that the policy is attached to. */
static bool belongs(const world *w, const char *to)
{
    size_t n = strlen(to);

    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == DIM_RESOURCE) {
            const char *arn = w->dims[i].at[w->chosen[i]].at[0];

            return !strncmp(arn, to, n) && (!arn[n] || arn[n] == '/');
        }
    return false;
}

static const char *action_of(const world *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == DIM_ACTION)
            return w->dims[i].at[w->chosen[i]].at[0];
    return "";
}

/* A request of somebody outside that is allowed: why it is none of those told; NULL: it is one. */
static const char *untold(const trial *t, const exposed *e, const world *w, const asked *usual, const asked *all, const vd_request *r)
{
    const char  *action = action_of(w);
    bool         usually = world_is_usual(w);
    const asked *told = usually ? usual : all;

    if (usually && !has_action(e, action, false))
        return "called not exposed, and somebody outside may do this";
    if (usually && !has_action(e, action, strange(t, w) && wide(address_of(w))))
        return "called not public, and a stranger may do this";
    if (!told->set || asked_allows(told, r) != 1)
        return usually ? "in no cell that was told" : "in no cell that was told, not even of the catalogue's impossible ones";
    return NULL;
}

static verdict try_exposed(trial *t, const exposed *e, const asked *usual, const asked *all, char *why)
{
    static world w;
    asked        x = { 0 };
    vd_request  *r = NULL;
    vd_error     err = { .size = sizeof err };
    chance       c = { t->seed };
    walk         k;
    verdict      v = AGREE;

    t->vocabulary->world(&w, &t->a, &t->a, &c);
    if (asked_open(&x, t->engine, &t->a, true, NULL) && vd_request_new(&r, t->engine, &err) == VD_OK) {
        walk_begin(&k, &w, t->most, t->seed);
        while (v != DISAGREE && walk_next(&k)) {
            const char *wrong;

            if (!belongs(&w, attached_to(t)) || !outside(world_who(&w)) || !world_any_request(r, &w) || asked_allows(&x, r) != 1)
                continue;
            wrong = untold(t, e, &w, usual, all, r);
            if (!wrong)
                continue;
            world_why(why, &w, wrong);
            v = DISAGREE;
        }
    }
    vd_request_free(r);
    asked_close(&x);
    return v;
}

verdict ask_exposure(trial *t, char *why)
{
    static exposed e;
    cover          usual = { 0 }, all = { 0 };
    asked          told = { 0 }, noted = { 0 };
    verdict        v = AGREE;

    if (!cover_begin(&usual) || !cover_begin(&all) || !expose_into(&e, t, &t->a, "account:111122223333", true, &usual, &all) || e.wrong[0])
        v = say(why, "%s", e.wrong);
    else {
        t->answers[e.count == 0]++;
        if (!cover_open(&told, t->engine, &usual) || !cover_open(&noted, t->engine, &all))
            v = say(why, "findings make no policy: %s", all.text);
        else if (!e.undecided)
            v = try_exposed(t, &e, &told, &noted, why);
    }
    asked_close(&told);
    asked_close(&noted);
    free(usual.text);
    free(all.text);
    return v == AGREE && e.undecided ? UNDECIDED : v;
}

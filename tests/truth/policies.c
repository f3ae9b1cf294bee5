/* SPDX-License-Identifier: Apache-2.0
 *
 * Chance, policies as words, and stacks of them compiled.
 */
#include "truth.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

uint32_t below(chance *c, uint32_t n)
{
    uint64_t z = (c->state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % n);
}

bool percent(chance *c, uint32_t n)
{
    return below(c, 100) < n;
}

const char *pick(chance *c, words w)
{
    return w.at[below(c, w.count)];
}

/* ------------------------------------------------------------------ text */

typedef struct paper {
    char  *at;
    size_t n, size;
} paper;

static void put(paper *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(paper *p, const char *format, ...)
{
    va_list args;
    int     n;

    va_start(args, format);
    n = vsnprintf(p->at + p->n, p->size - p->n, format, args);
    va_end(args);
    p->n = n > 0 && p->n + (size_t)n < p->size ? p->n + (size_t)n : p->size - 1;
}

static void put_list(paper *p, const list *l)
{
    put(p, "[");
    for (uint8_t i = 0; i < l->count; i++)
        put(p, "%s\"%s\"", i ? ", " : "", l->at[i]);
    put(p, "]");
}

static void put_principal(paper *p, const list *l)
{
    static const char *const types[] = { "AWS", "Service", "Federated", "CanonicalUser" };
    bool                     first = true;

    put(p, ", \"%sPrincipal\": ", l->negated ? "Not" : "");
    if (l->count == 1 && !strcmp(l->at[0], "*")) {
        put(p, "\"*\"");
        return;
    }
    put(p, "{");
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        size_t   n = strlen(types[t]);
        uint32_t some = 0;

        for (uint8_t i = 0; i < l->count; i++) {
            bool star = t == 0 && !strcmp(l->at[i], "*");

            if (!star && (strncmp(l->at[i], types[t], n) || l->at[i][n] != ' '))
                continue;
            if (some++)
                put(p, ", ");
            else
                put(p, "%s\"%s\": [", first ? "" : ", ", types[t]);
            put(p, "\"%s\"", star ? "*" : l->at[i] + n + 1);
        }
        if (some) {
            put(p, "]");
            first = false;
        }
    }
    put(p, "}");
}

static void put_statement(paper *p, const statement *s)
{
    put(p, "{\"Effect\": \"%s\"", s->deny ? "Deny" : "Allow");
    if (s->principal.count)
        put_principal(p, &s->principal);
    put(p, ", \"%sAction\": ", s->action.negated ? "Not" : "");
    put_list(p, &s->action);
    put(p, ", \"%sResource\": ", s->resource.negated ? "Not" : "");
    put_list(p, &s->resource);
    if (s->entry_count) {
        put(p, ", \"Condition\": {");
        for (uint8_t i = 0; i < s->entry_count; i++) {
            put(p, "%s\"%s\": {\"%s\": ", i ? ", " : "", s->entries[i].op, s->entries[i].key);
            put_list(p, &s->entries[i].values);
            put(p, "}");
        }
        put(p, "}");
    }
    put(p, "}");
}

void print_document(char *out, size_t size, const document *d)
{
    paper p = { out, 0, size };

    put(&p, "{\"Version\": \"2012-10-17\", \"Statement\": [");
    for (uint8_t i = 0; i < d->count; i++) {
        put(&p, "%s", i ? ",\n  " : "\n  ");
        put_statement(&p, &d->at[i]);
    }
    put(&p, "]}");
}

static bool list_mentions(const list *l, const char *key)
{
    for (uint8_t i = 0; i < l->count; i++) {
        const char *hole = strstr(l->at[i], "${");

        if (hole && !strncmp(hole + 2, key, strlen(key)))
            return true;
    }
    return false;
}

bool mentions(const stack *s, const char *key)
{
    for (uint8_t d = 0; d < s->count; d++)
        for (uint8_t i = 0; i < s->docs[d].count; i++) {
            const statement *x = &s->docs[d].at[i];

            if (list_mentions(&x->resource, key))
                return true;
            for (uint8_t k = 0; k < x->entry_count; k++)
                if (!strcmp(x->entries[k].key, key) || list_mentions(&x->entries[k].values, key))
                    return true;
        }
    return false;
}

/* ------------------------------------------------------------------ compiled */

static vd_kind kind_of(vd_layer layer)
{
    static const vd_kind kinds[VD_LAYER_COUNT] = { VD_KIND_IDENTITY, VD_KIND_BOUNDARY, VD_KIND_SESSION,  VD_KIND_RESOURCE,
                                                   VD_KIND_SCP,      VD_KIND_RCP,      VD_KIND_ENDPOINT, VD_KIND_RESOURCE };

    return kinds[layer];
}

static bool add(vd_builder *b, vd_engine *engine, vd_layer layer, const char *text)
{
    vd_error   err = { .size = sizeof err };
    vd_policy *p = NULL;
    vd_attach  at = { .size = sizeof at, .layer = layer, .target = vd_str_of("r-root") };
    bool       ok = vd_policy_parse(&p, engine, kind_of(layer), vd_str_of(vd_layer_name(layer)), vd_str_of(text), NULL, &err) == VD_OK &&
              vd_builder_add(b, p, &at, &err) == VD_OK;

    if (!ok)
        fprintf(stderr, "truth: %s in %s\n", err.text, text);
    vd_policy_release(p);
    return ok;
}

static bool has(const stack *s, vd_layer layer)
{
    for (uint8_t d = 0; d < s->count; d++)
        if (s->docs[d].layer == layer)
            return true;
    return false;
}

static const char everything[] = "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}";

static bool compile(asked *out, vd_builder *b)
{
    vd_error err = { .size = sizeof err };

    if (vd_builder_compile(&out->set, b, NULL, &err) == VD_OK)
        out->scratch = aligned_alloc(64, (vd_scratch_size(out->set) + 63) / 64 * 64);
    return out->scratch != NULL;
}

bool asked_open_text(asked *out, vd_engine *engine, const char *resource)
{
    vd_builder *b = NULL;
    vd_error    err = { .size = sizeof err };
    bool        ok;

    *out = (asked){ 0 };
    ok = vd_builder_new(&b, engine, &err) == VD_OK && add(b, engine, VD_LAYER_RESOURCE, resource) &&
         add(b, engine, VD_LAYER_IDENTITY, everything) && add(b, engine, VD_LAYER_SESSION, everything) && compile(out, b);
    vd_builder_free(b);
    return ok;
}

bool asked_open(asked *out, vd_engine *engine, const stack *s, bool agree, const char *account)
{
    static const char anybody[] = "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", "
                                  "\"Resource\": \"*\"}}";
    char       *text = malloc(TEXT);
    vd_builder *b = NULL;
    vd_error    err = { .size = sizeof err };
    bool        ok = text && vd_builder_new(&b, engine, &err) == VD_OK;

    *out = (asked){ 0 };
    for (uint8_t d = 0; ok && d < s->count; d++) {
        print_document(text, TEXT, &s->docs[d]);
        ok = add(b, engine, s->docs[d].layer, text);
    }
    if (ok && agree && !has(s, VD_LAYER_IDENTITY))
        ok = add(b, engine, VD_LAYER_IDENTITY, everything) && add(b, engine, VD_LAYER_SESSION, everything);
    if (ok && agree && !has(s, VD_LAYER_IDENTITY) && !has(s, VD_LAYER_RESOURCE))
        ok = add(b, engine, VD_LAYER_RESOURCE, anybody);
    else if (ok && account && account[0] && !has(s, VD_LAYER_RESOURCE)) {
        snprintf(text, TEXT, "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": %s}, "
                             "\"Action\": \"*\", \"Resource\": \"*\"}}", account);
        ok = add(b, engine, VD_LAYER_RESOURCE, text);
    }
    ok = ok && compile(out, b);
    vd_builder_free(b);
    free(text);
    return ok;
}

void asked_close(asked *a)
{
    vd_set_release(a->set);
    free(a->scratch);
    *a = (asked){ 0 };
}

int asked_outcome(const asked *a, const vd_request *r)
{
    vd_decision d = { .size = sizeof d };

    return vd_eval(&d, a->set, r, a->scratch) == VD_OK ? (int)d.outcome : -1;
}

int asked_allows(const asked *a, const vd_request *r)
{
    int outcome = asked_outcome(a, r);

    return outcome < 0 ? -1 : outcome == VD_ALLOW;
}

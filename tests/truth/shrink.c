/* SPDX-License-Identifier: Apache-2.0
 *
 * Failing trials, made smaller: leave something out, and keep it so when the trial still fails.
 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

static bool drop_value(list *l, uint32_t *n)
{
    if (l->count < 2)
        return false;
    if (*n >= l->count) {
        *n -= l->count;
        return false;
    }
    for (uint8_t i = (uint8_t)*n; i + 1 < l->count; i++)
        l->at[i] = l->at[i + 1];
    l->count--;
    return true;
}

static bool drop_in_statement(statement *s, uint32_t *n)
{
    if (*n < s->entry_count) {
        for (uint8_t i = (uint8_t)*n; i + 1 < s->entry_count; i++)
            s->entries[i] = s->entries[i + 1];
        s->entry_count--;
        return true;
    }
    *n -= s->entry_count;
    if (drop_value(&s->principal, n) || drop_value(&s->action, n) || drop_value(&s->resource, n))
        return true;
    for (uint8_t i = 0; i < s->entry_count; i++)
        if (drop_value(&s->entries[i].values, n))
            return true;
    return false;
}

/* The n-th thing that can be left out of the stack. */
static bool drop(stack *s, uint32_t n)
{
    for (uint8_t d = 0; d < s->count; d++) {
        document *doc = &s->docs[d];

        for (uint8_t i = 0; i < doc->count; i++) {
            if (doc->count > 1 && n-- == 0) {
                for (uint8_t k = i; k + 1 < doc->count; k++)
                    doc->at[k] = doc->at[k + 1];
                doc->count--;
                return true;
            }
            if (drop_in_statement(&doc->at[i], &n))
                return true;
        }
    }
    return false;
}

void trial_shrink(trial *t, char *why, verdict what)
{
    trial *smaller = malloc(sizeof *smaller);
    char  *new_why = malloc(WHY);
    bool   again = smaller && new_why;

    while (again) {
        again = false;
        for (uint32_t n = 0, side = 0; side < 2; n++) {
            *smaller = *t;
            new_why[0] = '\0';
            if (!drop(side ? &smaller->b : &smaller->a, n)) {
                side++;
                n = UINT32_MAX;
                continue;
            }
            if (t->question(smaller, new_why) != what)
                continue;
            *t = *smaller;
            memcpy(why, new_why, WHY);
            again = true;
            n--;
        }
    }
    free(smaller);
    free(new_why);
}

static void print_stack(FILE *out, const char *name, const stack *s)
{
    static char text[TEXT];

    for (uint8_t d = 0; d < s->count; d++) {
        print_document(text, sizeof text, &s->docs[d]);
        fprintf(out, "%s, %s: %s\n", name, vd_layer_name(s->docs[d].layer), text);
    }
}

void trial_print(FILE *out, const trial *t, const char *why)
{
    fprintf(out, "%s, seed %llu\n", t->name, (unsigned long long)t->seed);
    print_stack(out, "a", &t->a);
    print_stack(out, "b", &t->b);
    fprintf(out, "%s\n\n", why);
}

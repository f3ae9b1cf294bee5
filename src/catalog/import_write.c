/* SPDX-License-Identifier: Apache-2.0
 *
 * Collected services as the text form: sorted, each name once, references whole.  The compiler is strict about all that;
 * what a source gets wrong is put right here, and noted.
 */
#include "catalog/import_int.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ order */

static int by_text(vd_str a, vd_str b)
{
    int c = vd_str_icmp(a, b);

    return c ? c : vd_str_cmp(a, b);
}

static int by_name(const void *a, const void *b)
{
    return by_text(*(const vd_str *)a, *(const vd_str *)b);
}

static int by_key(const void *a, const void *b)
{
    return by_text(((const vd_import_key *)a)->name, ((const vd_import_key *)b)->name);
}

static int by_type(const void *a, const void *b)
{
    return by_text(((const vd_import_type *)a)->name, ((const vd_import_type *)b)->name);
}

static int by_use(const void *a, const void *b)
{
    return by_text(((const vd_import_use *)a)->type, ((const vd_import_use *)b)->type);
}

static int by_action(const void *a, const void *b)
{
    return by_text(((const vd_import_action *)a)->name, ((const vd_import_action *)b)->name);
}

static int by_prefix(const void *a, const void *b)
{
    return by_text(((const vd_import_service *)a)->prefix, ((const vd_import_service *)b)->prefix);
}

static void sort(void *at, uint32_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count)
        qsort(at, count, size, compare);
}

static void sort_names(vd_names *names)
{
    uint32_t n = 0;

    sort(names->at, names->count, sizeof *names->at, by_name);
    for (uint32_t i = 0; i < names->count; i++)
        if (n == 0 || !vd_str_ieq(names->at[n - 1], names->at[i]))
            names->at[n++] = names->at[i];
    names->count = n;
}

/* ------------------------------------------------------------------ whole references */

static bool has_key(const vd_import_service *s, uint32_t sorted, vd_str name)
{
    for (uint32_t low = 0, high = sorted; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        int      c = vd_str_icmp(name, s->keys[middle].name);

        if (c == 0)
            return true;
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    for (uint32_t i = sorted; i < s->key_count; i++)
        if (vd_str_ieq(s->keys[i].name, name))
            return true;
    return false;
}

/* A key that is used but not listed is listed as a text. */
static vd_code need_keys(vd_import *im, vd_import_service *s, uint32_t sorted, vd_names *names)
{
    sort_names(names);
    for (uint32_t i = 0; i < names->count; i++) {
        if (has_key(s, sorted, names->at[i]))
            continue;
        vd_import_note(im, s->prefix, "is not listed, taken as a String: condition key", names->at[i]);
        VD_TRY(VD_IMPORT_PUSH(im, s->keys, s->key_count, s->key_cap,
                              (vd_import_key){ .name = names->at[i], .type = VD_S("String") }));
    }
    return VD_OK;
}

static bool has_type(const vd_import_service *s, vd_str name)
{
    for (uint32_t i = 0; i < s->type_count; i++)
        if (vd_str_ieq(s->types[i].name, name))
            return true;
    return false;
}

/* One that is listed twice becomes one: required if any was, with the keys of all. */
static vd_code merge_uses(vd_import *im, vd_import_service *s, uint32_t sorted, vd_import_action *a)
{
    uint32_t n = 0;

    sort(a->uses, a->use_count, sizeof *a->uses, by_use);
    for (uint32_t i = 0; i < a->use_count; i++) {
        vd_import_use *u = &a->uses[i];

        if (!has_type(s, u->type)) {
            vd_import_note(im, s->prefix, "is not listed, left out: resource type", u->type);
            continue;
        }
        if (n && vd_str_ieq(a->uses[n - 1].type, u->type)) {
            a->uses[n - 1].required |= u->required;
            for (uint32_t k = 0; k < u->keys.count; k++)
                VD_TRY(VD_IMPORT_PUSH(im, a->uses[n - 1].keys.at, a->uses[n - 1].keys.count, a->uses[n - 1].keys.cap,
                                      u->keys.at[k]));
        } else {
            a->uses[n++] = *u;
        }
    }
    a->use_count = n;
    for (uint32_t i = 0; i < n; i++)
        VD_TRY(need_keys(im, s, sorted, &a->uses[i].keys));
    return VD_OK;
}

static void unique_keys(vd_import *im, vd_import_service *s)
{
    uint32_t n = 0;

    sort(s->keys, s->key_count, sizeof *s->keys, by_key);
    for (uint32_t i = 0; i < s->key_count; i++) {
        if (n && vd_str_ieq(s->keys[n - 1].name, s->keys[i].name)) {
            if (!vd_str_eq(s->keys[n - 1].type, s->keys[i].type))
                vd_import_note(im, s->prefix, "has two types, the first one is kept: condition key", s->keys[i].name);
            continue;
        }
        s->keys[n++] = s->keys[i];
    }
    s->key_count = n;
}

static void unique_types(vd_import *im, vd_import_service *s)
{
    uint32_t n = 0;

    sort(s->types, s->type_count, sizeof *s->types, by_type);
    for (uint32_t i = 0; i < s->type_count; i++)
        if (s->types[i].arns.count == 0)
            vd_import_note(im, s->prefix, "has no ARN, left out: resource type", s->types[i].name);
        else if (n && vd_str_ieq(s->types[n - 1].name, s->types[i].name))
            vd_import_note(im, s->prefix, "is listed twice, the first one is kept: resource type", s->types[i].name);
        else
            s->types[n++] = s->types[i];
    s->type_count = n;
}

static void unique_actions(vd_import *im, vd_import_service *s)
{
    uint32_t n = 0;

    sort(s->actions, s->action_count, sizeof *s->actions, by_action);
    for (uint32_t i = 0; i < s->action_count; i++)
        if (n && vd_str_ieq(s->actions[n - 1].name, s->actions[i].name))
            vd_import_note(im, s->prefix, "is listed twice, the first one is kept: action", s->actions[i].name);
        else
            s->actions[n++] = s->actions[i];
    s->action_count = n;
}

static vd_code make_whole(vd_import *im, vd_import_service *s)
{
    uint32_t sorted;

    unique_keys(im, s);
    unique_types(im, s);
    unique_actions(im, s);
    sorted = s->key_count;
    for (uint32_t i = 0; i < s->type_count; i++)
        VD_TRY(need_keys(im, s, sorted, &s->types[i].keys));
    for (uint32_t i = 0; i < s->action_count; i++) {
        VD_TRY(merge_uses(im, s, sorted, &s->actions[i]));
        VD_TRY(need_keys(im, s, sorted, &s->actions[i].keys));
    }
    sort(s->keys, s->key_count, sizeof *s->keys, by_key);
    return VD_OK;
}

/* ------------------------------------------------------------------ text */

typedef struct counts {
    uint32_t services, keys, types, actions, uses;
} counts;

static void put_list(vd_buf *out, const vd_names *names, char between)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (i)
            vd_buf_byte(out, between);
        vd_buf_add(out, names->at[i]);
    }
}

static void put_action(vd_buf *out, const vd_import_action *a, counts *n)
{
    vd_buf_printf(out, "A\t" VD_F "\t%c", VD_A(a->name), a->level);
    if (a->use_count || a->keys.count)
        vd_buf_byte(out, '\t');
    for (uint32_t i = 0; i < a->use_count; i++)
        vd_buf_printf(out, "%s" VD_F "%s", i ? "," : "", VD_A(a->uses[i].type), a->uses[i].required ? "*" : "");
    if (a->keys.count)
        vd_buf_byte(out, '\t');
    put_list(out, &a->keys, ' ');
    vd_buf_byte(out, '\n');
    for (uint32_t i = 0; i < a->use_count; i++) {
        if (a->uses[i].keys.count == 0)
            continue;
        vd_buf_printf(out, "U\t" VD_F "\t", VD_A(a->uses[i].type));
        put_list(out, &a->uses[i].keys, ' ');
        vd_buf_byte(out, '\n');
        n->uses++;
    }
    n->actions++;
}

/* Titles are for people and may be typeset; the form is plain ASCII. */
static void put_title(vd_buf *out, vd_str title)
{
    for (size_t i = 0; i < title.n; i++)
        if ((unsigned char)title.p[i] >= ' ' && (unsigned char)title.p[i] < 0x7f)
            vd_buf_byte(out, title.p[i]);
}

static void put_service(vd_buf *out, const vd_import_service *s, counts *n)
{
    vd_buf_printf(out, "S\t" VD_F "\t", VD_A(s->prefix));
    put_title(out, s->title.n ? s->title : s->prefix);
    vd_buf_printf(out, "\t" VD_F "%s\n", VD_A(s->category), s->rcp ? "\trcp" : "");
    for (uint32_t i = 0; i < s->key_count; i++)
        vd_buf_printf(out, "K\t" VD_F "\t" VD_F "\n", VD_A(s->keys[i].name), VD_A(s->keys[i].type));
    for (uint32_t i = 0; i < s->type_count; i++) {
        vd_buf_printf(out, "R\t" VD_F "\t", VD_A(s->types[i].name));
        put_list(out, &s->types[i].arns, ' ');
        if (s->types[i].keys.count)
            vd_buf_byte(out, '\t');
        put_list(out, &s->types[i].keys, ' ');
        vd_buf_byte(out, '\n');
    }
    for (uint32_t i = 0; i < s->action_count; i++)
        put_action(out, &s->actions[i], n);
    n->services++;
    n->keys += s->key_count;
    n->types += s->type_count;
}

static vd_code add_file(vd_import *im, vd_catalog_files *out, vd_str name, vd_buf *text)
{
    vd_catalog_text t = { .name = name };
    bool            ok = !text->failed && vd_arena_dup(im->arena, &t.text, vd_buf_str(text));

    vd_buf_done(text);
    return ok ? VD_IMPORT_PUSH(im, out->at, out->count, out->cap, t) : vd_fail_nomem(im->err);
}

vd_code vd_import_write(vd_import *im, vd_catalog_files *out)
{
    counts n = { 0 };
    vd_buf text;

    sort(im->services, im->service_count, sizeof *im->services, by_prefix);
    for (uint32_t i = 0; i < im->service_count; i++) {
        vd_str name;

        VD_TRY(make_whole(im, &im->services[i]));
        if (!vd_arena_printf(im->arena, &name, "services/" VD_F ".tsv", VD_A(im->services[i].prefix)))
            return vd_fail_nomem(im->err);
        text = vd_buf_on(&im->arena->alloc, 0);
        put_service(&text, &im->services[i], &n);
        VD_TRY(add_file(im, out, name, &text));
    }
    text = vd_buf_on(&im->arena->alloc, 0);
    vd_buf_printf(&text, "format\tverdict-catalog 1\nsource\t" VD_F "\n", VD_A(im->source));
    if (im->version.n)
        vd_buf_printf(&text, "source-version\t" VD_F "\n", VD_A(im->version));
    if (im->date.n)
        vd_buf_printf(&text, "source-date\t" VD_F "\n", VD_A(im->date));
    vd_buf_printf(&text, "services\t%u\nkeys\t%u\nresource-types\t%u\nactions\t%u\nuses\t%u\n", n.services, n.keys, n.types,
                  n.actions, n.uses);
    return add_file(im, out, VD_S("MANIFEST.tsv"), &text);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * dump [OPTION...] FILE...: what vd_extract makes of each file, for tests.  Every policy with its container, every value in
 * it with its place in the file, holes as {name}.
 *
 *   --all-resources --all-versions --defaults --account N --parameter NAME=VALUE
 *
 * Files of Terraform (.tf) are where what is found in a plan was written: each value then says where it is there.
 */
#include "base/arena.h"
#include "base/engine.h"
#include "base/file.h"
#include "base/str.h"
#include "catalog/catalog.h"
#include "extract/extract.h"
#include "extract/hcl.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_PARAMETERS = 20, MOST_SOURCES = 20 };

static vd_source           sources[MOST_SOURCES];
static uint32_t            source_count;
static vd_hcl              hcl;
static const vd_extraction *now;
static const vd_extracted  *now_at;

typedef struct parameters {
    const char *at[MOST_PARAMETERS];
    int         count;
} parameters;

static bool find_parameter(void *user, vd_str name, vd_str *value)
{
    const parameters *p = user;

    for (int i = 0; i < p->count; i++) {
        vd_str rest = vd_str_of(p->at[i]), head;

        if (vd_str_cut(&rest, '=', &head) && vd_str_eq(head, name)) {
            *value = rest;
            return true;
        }
    }
    return false;
}

/* ------------------------------------------------------------------ words */

static void print_text(const vd_source *s, vd_str text)
{
    uint32_t index;

    for (size_t i = 0, hole; i < text.n;) {
        hole = s && s->holes ? vd_hole_find(text, i, &index) : text.n;
        for (; i < hole; i++)
            printf((unsigned char)text.p[i] < 0x20 ? "\\x%02x" : "%c", (unsigned char)text.p[i]);
        if (i < text.n) {
            static const char *const kinds[] = { "", ":name", ":account", ":region", ":partition", ":arn", ":secret",
                                                 ":number", ":list" };
            const vd_hole           *h = index < s->holes->count ? &s->holes->at[index] : NULL;

            printf("{" VD_F "%s" VD_F "}", VD_A(h ? h->name : VD_S("?")), h ? kinds[h->kind] : "",
                   VD_A(h && h->pattern.n ? h->pattern : VD_S("")));
            i += VD_HOLE_BYTES;
        }
    }
}

static void print_pos(vd_pos at)
{
    printf("%u:%u+%u", (unsigned)at.line, (unsigned)at.column, (unsigned)at.length);
}

static void print_member(const char *name, vd_str value)
{
    if (value.n)
        printf("  %s " VD_F "\n", name, VD_A(value));
}

/* ------------------------------------------------------------------ documents */

typedef struct frame {
    uint32_t node, child, index;
} frame;

static void print_path(const vd_doc *d, const frame *at, int depth)
{
    for (int i = 0; i < depth; i++) {
        putchar('/');
        if (d->nodes[at[i].node].kind == VD_NODE_OBJECT)
            print_text(d->source, vd_doc_text(d, at[i].child));
        else
            printf("%u", (unsigned)at[i].index);
    }
}

/* " <- main.tf:3:4+5", " <- near main.tf:1:1+8" */
static void print_written(vd_str token)
{
    vd_hcl_place place;

    if (!source_count || !vd_hcl_find_token(&hcl, now, now_at, token, &place))
        return;
    printf(" <- %s" VD_F ":", place.exact ? "" : "near ", VD_A(place.at.file));
    print_pos(place.at);
}

static void print_scalar(const vd_doc *d, uint32_t node, const frame *at, int depth)
{
    printf("    ");
    print_pos(vd_source_pos(d->source, vd_doc_span(d, node)));
    putchar(' ');
    print_path(d, at, depth);
    printf(d->nodes[node].kind == VD_NODE_STRING ? " \"" : " ");
    print_text(d->source, vd_doc_text(d, node));
    if (d->nodes[node].kind == VD_NODE_STRING)
        putchar('"');
    print_written(vd_doc_text(d, node));
    puts("");
}

static bool is_open(const vd_doc *d, uint32_t node)
{
    return d->nodes[node].kind >= VD_NODE_ARRAY && d->nodes[node].next > node + 1;
}

static void print_document(const vd_doc *d, uint32_t root)
{
    frame at[256];
    int   depth = 0;

    if (!is_open(d, root)) {
        print_scalar(d, root, at, 0);
        return;
    }
    at[depth++] = (frame){ .node = root, .child = vd_doc_first(d, root) };
    while (depth > 0) {
        frame   *f = &at[depth - 1];
        uint32_t value = d->nodes[f->node].kind == VD_NODE_OBJECT ? f->child + 1 : f->child;

        if (is_open(d, value) && depth < 256) {
            at[depth++] = (frame){ .node = value, .child = vd_doc_first(d, value) };
            continue;
        }
        print_scalar(d, value, at, depth);
        while (depth > 0) {
            f = &at[depth - 1];
            f->child = vd_doc_next(d, f->node, f->child);
            f->index++;
            if (f->child != VD_NONE)
                break;
            depth--;
        }
    }
}

/* ------------------------------------------------------------------ an extraction */

static void print_policy(const vd_extracted *e)
{
    static const char *const variants[] = { "", "when", "every", "default" };

    printf("policy %u", (unsigned)e->policy);
    if (e->entity != VD_NONE)
        printf(" of entity %u", (unsigned)e->entity);
    puts(e->synthetic ? " (synthetic)" : "");
    print_member("container", e->container);
    print_member("type", e->type);
    print_member("label", e->label);
    print_member("name", e->name);
    print_member("pointer", e->pointer);
    if (e->kind_known)
        printf("  kind %s\n", vd_kind_name(e->kind));
    print_member("resource-kind", e->resource_kind);
    if (e->variant != VD_VARIANT_PLAIN)
        printf("  variant %s " VD_F "\n", variants[e->variant], VD_A(e->when));
    if (!e->fixable)
        printf("  not fixable: %s\n", e->unfixable ? e->unfixable : "");
    for (uint32_t i = 0; i < e->fact_count; i++) {
        printf("  fact " VD_F " = ", VD_A(e->facts[i].name));
        print_text(e->doc ? e->doc->source : NULL, e->facts[i].value);
        printf(" at ");
        print_pos(e->facts[i].at);
        puts("");
    }
    if (e->node != VD_NONE)
        print_document(e->doc, e->node);
}

static void print_rest(const vd_extraction *x)
{
    for (uint32_t i = 0; i < x->attached_count; i++) {
        const vd_attached *a = &x->attached[i];

        printf("attached " VD_F " to " VD_F " at ", VD_A(a->arn), VD_A(a->container));
        print_pos(a->at);
        puts("");
    }
    for (uint32_t i = 0; i < x->remark_count; i++) {
        const vd_remark *r = &x->remarks[i];

        print_pos(r->at);
        printf(" remark[" VD_F "] " VD_F ": " VD_F, VD_A(r->rule), VD_A(r->container), VD_A(r->text));
        if (r->hint.n)
            printf("; " VD_F, VD_A(r->hint));
        if (r->fix.length || r->fix.text.n)
            printf(" (fix %u+%u \"" VD_F "\")", (unsigned)r->fix.offset, (unsigned)r->fix.length, VD_A(r->fix.text));
        puts("");
    }
    for (uint32_t i = 0; i < x->unresolved_count; i++) {
        print_pos(x->unresolved[i].at);
        printf(" unresolved " VD_F ": " VD_F "\n", VD_A(x->unresolved[i].container), VD_A(x->unresolved[i].reason));
    }
    for (uint32_t i = 0; i < x->secret_count; i++)
        printf("secret %u+%u\n", (unsigned)x->secrets[i].offset, (unsigned)x->secrets[i].length);
    if (x->skipped)
        printf("skipped %u\n", (unsigned)x->skipped);
}

static void dump(const vd_engine *engine, const vd_extract_opts *opts, const char *path)
{
    vd_extraction x;
    vd_source     source = { .name = vd_str_of(path) };
    vd_error      err = { .size = sizeof err };

    if (vd_file_read(&source.text, &engine->alloc, path, engine->limits.document_bytes, &err) != VD_OK) {
        printf("%s: %s\n", path, err.text);
        return;
    }
    if (vd_extract(&x, engine, &source, opts, NULL, &err) != VD_OK) {
        printf("== %s\nerror %s at ", path, err.text);
        print_pos(err.at);
        puts("");
    } else {
        printf("== %s: %s\n", path, x.format ? x.format : "no policy");
        for (uint32_t i = 0; i < x.count; i++) {
            now = &x;
            now_at = &x.at[i];
            print_policy(&x.at[i]);
        }
        print_rest(&x);
        vd_extraction_done(&x);
    }
    vd_file_free(&engine->alloc, source.text);
}

static bool is_source(const char *name)
{
    return vd_str_ends(vd_str_of(name), VD_S(".tf"));
}

static void read_sources(const vd_engine *engine, char **at, int count)
{
    for (int i = 0; i < count && source_count < MOST_SOURCES; i++) {
        if (!is_source(at[i]) || vd_file_read(&sources[source_count].text, &engine->alloc, at[i], 1 << 20, NULL) != VD_OK)
            continue;
        sources[source_count++].name = vd_str_of(at[i]);
    }
    if (vd_hcl_read(&hcl, engine, sources, source_count, NULL) != VD_OK)
        abort();
    for (uint32_t i = 0; i < hcl.comment_count; i++) {
        const vd_hcl_comment *c = &hcl.comments[i];
        const vd_source      *s = &hcl.files[c->file];
        vd_span               end = { c->about.offset + c->about.length, 0 };

        printf(VD_F ": \"" VD_F "\" in " VD_F ", lines %u to %u\n", VD_A(s->name), VD_A(c->text),
               VD_A(c->block == VD_NONE ? VD_S("no block") : hcl.blocks[c->block].name),
               (unsigned)vd_source_pos(s, c->about).line, (unsigned)vd_source_pos(s, end).line);
    }
}

int main(int argc, char **argv)
{
    parameters      given = { .count = 0 };
    vd_extract_opts opts = { .parameter = find_parameter, .user = &given, .catalog = vd_catalog_builtin() };
    vd_engine      *engine;

    if (vd_engine_new(&engine, NULL, NULL) != VD_OK)
        return 2;
    read_sources(engine, argv + 1, argc - 1);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--all-resources") == 0)
            opts.all_resources = true;
        else if (strcmp(argv[i], "--all-versions") == 0)
            opts.all_versions = true;
        else if (strcmp(argv[i], "--defaults") == 0)
            opts.defaults = true;
        else if (strcmp(argv[i], "--account") == 0 && i + 1 < argc)
            opts.account = vd_str_of(argv[++i]);
        else if (strcmp(argv[i], "--parameter") == 0 && i + 1 < argc && given.count < MOST_PARAMETERS)
            given.at[given.count++] = argv[++i];
        else if (!is_source(argv[i]))
            dump(engine, &opts, argv[i]);
    }
    vd_hcl_done(&hcl);
    for (uint32_t i = 0; i < source_count; i++)
        vd_file_free(&engine->alloc, sources[i].text);
    vd_engine_release(engine);
    return 0;
}

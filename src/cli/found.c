/* SPDX-License-Identifier: Apache-2.0
 *
 * From a text to policies: extract, fill what templates leave open, tell the kind, read.
 */
#include "cli/found.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/map.h"
#include "base/str.h"
#include "extract/fill.h"
#include "lint/detect.h"
#include "lint/linter.h"
#include "policy/policy.h"
#include "text/hole.h"

typedef struct finder {
    vd_finds            *out;
    const vd_linter     *by;
    const vd_named_text *in;
    vd_diags            *all_notes, *notes; /* of this policy: NULL where nobody wants them */
    vd_error            *err;
    const vd_extraction *x;
    vd_arena             scratch; /* of this text */
    vd_intern            told; /* holes that were told of */
    vd_pos               at;      /* of the policy with holes */
} finder;

void vd_finds_init(vd_finds *f)
{
    *f = (vd_finds){ .arena = vd_arena_on(vd_allocator_default(), 0) };
}

void vd_finds_done(vd_finds *f)
{
    for (uint32_t i = 0; i < f->count; i++)
        vd_policy_release(f->at[i].policy);
    vd_arena_done(&f->arena);
    *f = (vd_finds){ 0 };
}

const char *vd_found_kind_name(vd_kind kind)
{
    static const char *const names[VD_KIND_COUNT] = {
        [VD_KIND_IDENTITY] = "identity policies", [VD_KIND_MANAGED] = "identity policies",
        [VD_KIND_BOUNDARY] = "permissions boundaries", [VD_KIND_SESSION] = "session policies",
        [VD_KIND_RESOURCE] = "resource policies", [VD_KIND_TRUST] = "trust policies",
        [VD_KIND_SCP] = "service control policies", [VD_KIND_RCP] = "resource control policies",
        [VD_KIND_ENDPOINT] = "VPC endpoint policies",
    };

    return names[kind];
}

bool vd_found_same_kind(vd_kind a, vd_kind b)
{
    return (a == VD_KIND_MANAGED ? VD_KIND_IDENTITY : a) == (b == VD_KIND_MANAGED ? VD_KIND_IDENTITY : b);
}

/* ------------------------------------------------------------------ what a template leaves open */

static bool was_told(finder *f, vd_str name)
{
    uint32_t before = f->told.strings.count, id;

    return !vd_intern_add(&f->told, vd_allocator_default(), name, &id) || id < before;
}

/* What follows from the template itself is no open question: names of its own resources, where it is deployed. */
static bool is_open(const vd_hole *h)
{
    return h->kind != VD_HOLE_REGION && h->kind != VD_HOLE_PARTITION && !vd_str_starts(h->name, VD_S("AWS::"));
}

static vd_code tell_hole(void *user, const vd_hole *h, vd_str text)
{
    finder *f = user;

    if (!is_open(h) || was_told(f, h->name))
        return VD_OK;
    /* Who that is decides; what a resource is called hardly ever does. */
    return vd_diag_add(f->notes, text.n == 12 && vd_str_all_digits(text) ? VD_WARNING : VD_NOTE, VD_S("unresolved-policy"), f->at, "a template parameter gets its value from --parameters",
                       "{" VD_F "} is not known here; \"" VD_F "\" stands for it", VD_A(h->name), VD_A(text));
}

/* ------------------------------------------------------------------ one policy */

/* Policies of one identity are one thing: together they say what it may do. */
static bool add_key(finder *f, vd_found *out, const vd_extracted *e)
{
    vd_str container = e->container, name = e->name;

    for (uint32_t i = 0; e->entity != VD_NONE && i < f->x->count; i++)
        if (f->x->at[i].entity == e->entity) {
            container = f->x->at[i].container;
            name = VD_S("");
            break;
        }
    return vd_arena_dup(&f->out->arena, &out->path, f->in->path) &&
           vd_arena_printf(&f->out->arena, &out->key, VD_F "\n" VD_F "\n" VD_F, VD_A(f->in->path), VD_A(container),
                           VD_A(name));
}

static vd_str label_of(const vd_extracted *e)
{
    return e->label.n ? e->label : e->container.n ? e->container : e->name;
}

static bool describe(finder *f, vd_found *out, const vd_extracted *e, const vd_detected *d)
{
    vd_arena *arena = &f->out->arena;
    vd_str    resource = vd_extracted_fact(e, "resource-arn");

    out->kind = d->kind;
    out->guessed = d->guessed;
    return vd_arena_dup(arena, &out->file, f->in->name) && add_key(f, out, e) &&
           vd_arena_dup(arena, &out->resource_kind, d->resource_kind) && vd_arena_dup(arena, &out->label, label_of(e)) &&
           vd_arena_dup(arena, &out->resource, vd_has_hole(resource) || vd_str_find(resource, '{') < resource.n
                                                   ? VD_S("") : resource);
}

/* A list of statements with one in it that nobody knows, or such a list: which node that is. */
static uint32_t find_open_statement(const vd_extracted *e)
{
    const vd_doc *d = e->doc;
    uint32_t      list = d->nodes[e->node].kind == VD_NODE_OBJECT ? vd_doc_member(d, e->node, VD_S("Statement")) : VD_NONE;

    if (list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY)
        return list != VD_NONE && d->nodes[list].kind == VD_NODE_STRING && vd_has_hole(vd_doc_text(d, list)) ? list : VD_NONE;
    for (uint32_t i = vd_doc_first(d, list); i != VD_NONE; i = vd_doc_next(d, list, i))
        if (d->nodes[i].kind == VD_NODE_STRING && vd_has_hole(vd_doc_text(d, i)))
            return i;
    return VD_NONE;
}

/* Variants of a template have the same fault, each of them. */
static bool is_kept(const vd_finds *out, const vd_error *why)
{
    const vd_error *last = out->error_count ? &out->errors[out->error_count - 1] : NULL;

    return last && last->at.line == why->at.line && last->at.column == why->at.column && strcmp(last->text, why->text) == 0;
}

static vd_code keep_error(finder *f, const vd_error *why)
{
    vd_error kept = *why;

    if (is_kept(f->out, why))
        return VD_OK;
    if (!vd_arena_dup(&f->out->arena, &kept.at.file, why->at.file) ||
        !VD_ARENA_PUSH(&f->out->arena, f->out->errors, f->out->error_count, f->out->error_cap, kept))
        return vd_fail_nomem(f->err);
    return VD_OK;
}

static vd_code keep_open(finder *f, const vd_extracted *e, uint32_t open)
{
    vd_error why = { .size = sizeof why };

    vd_fail_span(&why, VD_ESYNTAX, e->doc->source, vd_doc_span(e->doc, open),
                 "nobody knows which statement stands here: it depends on what the template leaves open");
    vd_error_hint(&why, "--parameters gives values, on which its conditions may rest");
    return keep_error(f, &why);
}

static vd_code take(finder *f, const vd_extracted *e)
{
    vd_detected   d = vd_lint_detect(e, &f->by->config, f->by->typed ? &f->by->said : NULL,
                                      f->in->seen.n ? f->in->seen : f->in->path, f->by->catalog);
    vd_found      found = { 0 };
    vd_error      why = { .size = sizeof why };
    const vd_doc *doc = e->doc;
    uint32_t      open;
    vd_code       code;

    if (e->node == VD_NONE) {
        f->out->unresolved++;
        return VD_OK;
    }
    open = find_open_statement(e);
    if (open != VD_NONE)
        return keep_open(f, e, open);
    f->at = vd_source_pos(e->doc->source, vd_doc_span(e->doc, e->node));
    f->notes = f->out->hushed >> d.kind & 1u ? NULL : f->all_notes;
    VD_TRY(vd_extract_fill(&doc, &f->scratch, e, &f->by->engine->limits, tell_hole, f, f->err));
    code = vd_policy_read(&found.policy, f->by->engine, d.kind, f->in->name, doc, e->node, f->notes, &why);
    if (code == VD_ENOMEM)
        return vd_fail_nomem(f->err);
    if (code != VD_OK)
        return keep_error(f, &why);
    if (!describe(f, &found, e, &d) || !VD_ARENA_PUSH(&f->out->arena, f->out->at, f->out->count, f->out->cap, found)) {
        vd_policy_release(found.policy);
        return vd_fail_nomem(f->err);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the call */

static bool parameter(void *user, vd_str name, vd_str *value)
{
    const vd_linter *l = user;

    for (uint32_t i = 0; i < l->parameters.count; i++)
        if (vd_str_eq(l->parameters.at[i].name, name)) {
            *value = l->parameters.at[i].value;
            return true;
        }
    return false;
}

vd_code vd_find_policies(vd_finds *out, const vd_linter *by, const vd_named_text *in, vd_diags *notes, vd_error *err)
{
    vd_source       source = { .name = in->name, .text = in->text };
    vd_extract_opts opts = {
        .account = by->config.account,
        .partition = by->config.partition,
        .parameter = parameter,
        .user = (void *)(uintptr_t)by,
        .all_versions = by->all_versions,
        .all_resources = true,
        .catalog = by->catalog,
    };
    finder        f = { .out = out, .by = by, .in = in, .told = { .seed = by->engine->hash_seed }, .all_notes = notes, .err = err };
    vd_extraction x;
    vd_code       code = vd_extract(&x, by->engine, &source, &opts, notes, err);

    if (code != VD_OK)
        return code;
    out->format = x.format;
    out->unresolved += x.unresolved_count;
    f.x = &x;
    f.scratch = vd_arena_on(vd_allocator_default(), 0);
    for (uint32_t i = 0; code == VD_OK && i < x.count; i++)
        code = take(&f, &x.at[i]);
    vd_intern_done(&f.told, vd_allocator_default());
    vd_arena_done(&f.scratch);
    vd_extraction_done(&x);
    return code;
}

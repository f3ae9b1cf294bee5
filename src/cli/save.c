/* SPDX-License-Identifier: Apache-2.0
 *
 * A suite of one request: each case has its own policies, as text, so that the file goes on saying what it says when the
 * policies change.  What a proof takes for granted about everybody else (the other account agrees, identity policies allow
 * what a guard-rail lets through, the owner of a resource that nobody collected lets in) is a policy of the case, where the
 * decision needs it.
 */
#include "cli/save.h"

#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "eval/set.h"
#include "policy/policy.h"
#include "policy/write.h"
#include "render/parts.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

static const char everything[] = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", "
                                 "\"Resource\": \"*\"}]}";

enum { GRANT_IDENTITY = 1, GRANT_RESOURCE = 2 }; /* what a proof takes for granted */

static const char *const members[VD_LAYER_COUNT] = {
    [VD_LAYER_IDENTITY] = "identity", [VD_LAYER_BOUNDARY] = "boundary", [VD_LAYER_SESSION] = "session",
    [VD_LAYER_RESOURCE] = "resource", [VD_LAYER_SCP] = "scp",           [VD_LAYER_RCP] = "rcp",
    [VD_LAYER_ENDPOINT] = "endpoint", [VD_LAYER_ACCESS_POINT] = "accessPoint",
};

/* ------------------------------------------------------------------ policies */

typedef struct slots {
    vd_json *lists[VD_LAYER_COUNT]; /* of policies; of SCPs and RCPs: those of the last level */
    vd_json *levels[VD_LAYER_COUNT];
    uint32_t level[VD_LAYER_COUNT];
} slots;

static bool has_levels(vd_layer layer)
{
    return layer == VD_LAYER_SCP || layer == VD_LAYER_RCP;
}

static void end_level(slots *s, vd_layer layer)
{
    vd_json *o;
    char     target[32];

    if (!s->lists[layer] || !has_levels(layer))
        return;
    snprintf(target, sizeof target, "level %u", s->level[layer]);
    o = vd_json_object();
    vd_json_set(o, "target", vd_part_words(target));
    vd_json_set(o, "policies", s->lists[layer]);
    s->lists[layer] = NULL;
    if (!s->levels[layer])
        s->levels[layer] = vd_json_array();
    vd_json_push(s->levels[layer], o);
}

static void add_text(slots *s, vd_layer layer, uint32_t level, vd_str name, vd_str text)
{
    vd_json *o = vd_json_object(), *document = vd_json_raw(text);

    if (s->lists[layer] && s->level[layer] != level)
        end_level(s, layer);
    s->level[layer] = level;
    if (!s->lists[layer])
        s->lists[layer] = vd_json_array();
    vd_json_set(o, "name", vd_json_string(name));
    vd_json_set(o, "document", document ? document : vd_json_string(text));
    vd_json_push(s->lists[layer], o);
}

static vd_layer layer_of(vd_kind kind)
{
    switch (kind) {
    case VD_KIND_BOUNDARY:
        return VD_LAYER_BOUNDARY;
    case VD_KIND_SESSION:
        return VD_LAYER_SESSION;
    case VD_KIND_RESOURCE:
    case VD_KIND_TRUST:
        return VD_LAYER_RESOURCE;
    case VD_KIND_SCP:
        return VD_LAYER_SCP;
    case VD_KIND_RCP:
        return VD_LAYER_RCP;
    case VD_KIND_ENDPOINT:
        return VD_LAYER_ENDPOINT;
    default:
        return VD_LAYER_IDENTITY;
    }
}

static void add_part(slots *s, const vd_proving *p, const vd_part *part, int side)
{
    for (uint32_t i = 0; i < part->count[side]; i++) {
        const vd_found *f = part->at[side][i];

        add_text(s, layer_of(f->kind), 0, vd_policy_name(f->policy), vd_policy_text(f->policy));
    }
    for (uint32_t i = 0; i < p->layers.count; i++)
        if (p->layers.at[i].policy)
            add_text(s, p->layers.at[i].where.layer, p->layers.at[i].where.level, vd_policy_name(p->layers.at[i].policy),
                     vd_policy_text(p->layers.at[i].policy));
}

/* Those that bear on the witness: the levels of guard-rails stay apart. */
static void add_set(slots *s, const vd_set *set, const vd_witness *w)
{
    vd_request *r = NULL;
    vd_facts    f;
    vd_error    err = { .size = sizeof err };
    bool        ok = vd_request_new(&r, vd_set_engine(set), &err) == VD_OK && vd_witness_request(r, w) == VD_OK &&
              vd_facts_make(&f, r, 0, &err) == VD_OK;

    for (vd_layer layer = 0; ok && layer < VD_LAYER_COUNT; layer++)
        for (uint32_t level = 0; level < vd_set_levels(set, &f, layer); level++) {
            vd_bound b;

            vd_set_bound(&b, set, &f, layer, level);
            for (uint32_t i = 0; i < b.count; i++)
                add_text(s, layer, level, vd_set_policy_name(set, b.policies[i]), vd_set_policy_text(set, b.policies[i]));
        }
    vd_request_free(r);
}

static void add_bearings(slots *s, const vd_bearings *all)
{
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++)
        for (uint32_t i = 0; i < all->count; i++)
            if (all->at[i].layer == layer && (all->at[i].policy || has_levels(layer))) /* a guard-rail that is missing allows */
                add_text(s, layer, all->at[i].level, all->at[i].policy ? vd_policy_name(all->at[i].policy) : VD_S("missing"),
                         all->at[i].policy ? vd_policy_text(all->at[i].policy) : vd_str_of(everything));
}

/* One document where a scenario has one, all documents of a resource in one where there are several. */
static vd_json *policies_of(const vd_proving *p, const vd_save_case *c, const vd_witness *w, int granted)
{
    slots    s = { 0 };
    vd_json *o = vd_json_object();
    vd_buf   lets_in = vd_buf_on(vd_allocator_default(), 0);

    if (granted & GRANT_IDENTITY)
        add_text(&s, VD_LAYER_IDENTITY, 0, VD_S("whatever else is needed"), vd_str_of(everything));
    if (granted & GRANT_RESOURCE) {
        vd_buf_printf(&lets_in, "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"" VD_F
                                "\"}, \"Action\": \"*\", \"Resource\": \"*\"}]}", VD_A(w->account.n ? w->account : VD_S("*")));
        add_text(&s, VD_LAYER_RESOURCE, 0, VD_S("what the owner of the resource lets in"), vd_buf_str(&lets_in));
    }
    vd_buf_done(&lets_in);
    if (c->bearings)
        add_bearings(&s, c->bearings);
    else if (c->whole || c->set)
        add_set(&s, c->whole ? c->whole->set : c->set, w);
    else
        add_part(&s, p, c->part, c->side);
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++) {
        end_level(&s, layer);
        if (layer == VD_LAYER_ENDPOINT && c->no_endpoint) {
            vd_json_drop(s.levels[layer]);
            vd_json_drop(s.lists[layer]);
            continue;
        }
        if (s.levels[layer])
            vd_json_set(o, members[layer], s.levels[layer]);
        else if (s.lists[layer])
            vd_json_set(o, members[layer], s.lists[layer]);
    }
    return o;
}

/* ------------------------------------------------------------------ the file */

/* What a scenario says of its resource is said of the witness, too. */
static vd_json *state_of(const vd_proving *p, const vd_side *whole)
{
    vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
    vd_source source = { .name = vd_str_of(whole->word) };
    vd_limits limits;
    vd_doc    doc;
    vd_buf    out = vd_buf_on(vd_allocator_default(), 0);
    vd_json  *state = NULL;
    uint32_t  node = VD_NONE;

    vd_engine_limits(p->cli->engine, &limits);
    if (whole->suite && vd_file_read(&source.text, vd_allocator_default(), whole->word, limits.document_bytes, NULL) == VD_OK) {
        if (vd_doc_read(&doc, &arena, &source, &limits, NULL, NULL, NULL) == VD_OK)
            node = vd_doc_member(&doc, doc.nodes[0].kind == VD_NODE_ARRAY ? vd_doc_first(&doc, 0) : 0, VD_S("resourceState"));
        if (node != VD_NONE) {
            vd_json_of_nodes(&out, &doc, node);
            state = out.failed ? NULL : vd_json_raw(vd_buf_str(&out));
        }
        vd_file_free(vd_allocator_default(), source.text);
    }
    vd_buf_done(&out);
    vd_arena_done(&arena);
    return state;
}

static vd_json *case_of(const vd_proving *p, const vd_save_case *c, const vd_witness *w, int granted)
{
    vd_json *o = vd_json_object(), *state;

    vd_json_set(o, "name", vd_part_words(c->name));
    vd_json_set(o, "request", vd_part_request(w));
    vd_json_set(o, "policies", policies_of(p, c, w, granted));
    state = c->whole ? state_of(p, c->whole) : c->state.n ? vd_json_raw(c->state) : NULL;
    if (state)
        vd_json_set(o, "resourceState", state);
    vd_json_set(o, "expect", vd_part_words(c->expect));
    return o;
}

static void time_text(char *out, size_t size, int64_t now)
{
    time_t    t = (time_t)now;
    struct tm tm;

    if (!gmtime_r(&t, &tm) || strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        *out = 0;
}

static vd_code holds(const vd_proving *p, vd_str text, bool *yes, vd_error *err)
{
    vd_suite      *suite = NULL;
    char           now[48];
    vd_case_result result = { .size = sizeof result };
    vd_run_opts    opts = { .size = sizeof opts };

    time_text(now, sizeof now, p->opts.now);
    opts.now = vd_str_of(now);
    *yes = false;
    VD_TRY(vd_suite_read(&suite, p->cli->engine, VD_S("witness.json"), text, NULL, NULL, err));
    if (vd_suite_run(&result, suite, 0, &opts, NULL) == VD_OK)
        *yes = result.passed;
    vd_suite_free(suite);
    return VD_OK;
}

static vd_code write_case(vd_buf *out, const vd_proving *p, const vd_save_case *c, const vd_witness *w, int granted)
{
    out->n = 0;
    return vd_json_dump(out, case_of(p, c, w, granted), 2);
}

/* Each case as text, with what it takes for granted where it needs that. */
static vd_code settle(vd_buf *out, const vd_proving *p, const vd_save_case *c, const vd_witness *w, vd_error *err)
{
    bool yes = false;

    for (int granted = 0; granted <= (GRANT_IDENTITY | GRANT_RESOURCE) && !yes; granted++) {
        if (granted & GRANT_RESOURCE && !(w->agrees & VD_AGREES_RESOURCE))
            continue;
        VD_TRY(write_case(out, p, c, w, granted));
        VD_TRY(holds(p, vd_buf_str(out), &yes, err));
    }
    return yes ? VD_OK : VD_ENOTFOUND;
}

static vd_code write_all(vd_buf *out, vd_proving *p, vd_str title, const vd_witness *w, const vd_save_case *cases,
                         size_t count, vd_error *err)
{
    vd_json *suite = vd_json_object(), *list = vd_json_array();
    vd_buf   one = vd_buf_on(vd_allocator_default(), 0);
    vd_code  code = VD_OK;

    for (size_t i = 0; code == VD_OK && i < count; i++) {
        code = settle(&one, p, &cases[i], w, err);
        if (code == VD_OK)
            vd_json_push(list, vd_json_raw(vd_buf_str(&one)));
    }
    vd_buf_done(&one);
    vd_json_set(suite, "name", vd_json_string(title));
    vd_json_set(suite, "cases", list);
    if (code != VD_OK) {
        vd_json_drop(suite);
        return code;
    }
    code = vd_json_dump(out, suite, 2);
    vd_buf_byte(out, '\n');
    return code;
}

static bool make_folder(vd_proving *p, const char *folder)
{
    char text[128];

    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return true;
    vd_errno_text(text, sizeof text, errno);
    vd_cli_errorf(p->cli, VD_EXIT_USAGE, "no witness is saved: cannot make the folder \"%s\": %s", folder, text);
    p->unsaved = true;
    return false;
}

void vd_save_witness(vd_proving *p, vd_str id, vd_str title, const vd_witness *w, const vd_save_case *cases, size_t count)
{
    const char *folder = vd_args_text(&p->cli->args, "save-witness");
    vd_error    err = { .size = sizeof err };
    vd_buf      out = vd_buf_on(vd_allocator_default(), 0), path = vd_buf_on(vd_allocator_default(), 0);
    vd_code     code;

    if (!folder || !w || p->unsaved || !make_folder(p, folder))
        return;
    code = write_all(&out, p, title, w, cases, count, &err);
    vd_buf_printf(&path, "%s/" VD_F ".json", folder, VD_A(id));
    vd_buf_byte(&path, 0);
    if (code == VD_ENOTFOUND)
        vd_cli_warnf(p->cli, "the witness of " VD_F " is not saved: a scenario file cannot say all that it depends on", VD_A(id));
    else if (code == VD_OK && !path.failed)
        p->unsaved = (code = vd_file_write(path.p, vd_buf_str(&out), &err)) != VD_OK; /* nor can the next one be written */
    if (code != VD_OK && code != VD_ENOTFOUND)
        vd_proving_fail(p, code, &err);
    vd_buf_done(&out);
    vd_buf_done(&path);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Plans and states of Terraform and OpenTofu, as `show -json` prints them (lint.md 5.4): every instance of a resource that
 * will be created or changed, with the policies that it will have.
 */
#include "extract/terraform.h"

#include "base/str.h"

enum { MOST_INDEX = 1000, MOST_ALSO = 20 };

/* ------------------------------------------------------------------ addresses */

/* Behind "[0]" or "[\"key\"]" at `at`. */
static size_t skip_index(vd_str s, size_t at)
{
    bool quoted = at + 1 < s.n && s.p[at + 1] == '"';

    for (at += quoted ? 2 : 1; at < s.n; at++) {
        if (quoted && s.p[at] == '\\')
            at++;
        else if (quoted && s.p[at] == '"')
            quoted = false;
        else if (!quoted && s.p[at] == ']')
            return at + 1;
    }
    return s.n;
}

/* How much of an address is modules: "module.a[0].module.b." */
static size_t scope_length(vd_str s)
{
    static const vd_str word = VD_L("module.");
    size_t              at = 0;

    while (vd_str_starts(vd_str_from(s, at), word)) {
        size_t i = at + word.n;

        while (i < s.n && s.p[i] != '.' && s.p[i] != '[')
            i++;
        if (i < s.n && s.p[i] == '[')
            i = skip_index(s, i);
        if (i >= s.n)
            break;
        at = i + 1;
    }
    return at;
}

uint32_t vd_tf_find(const vd_tf *tf, vd_str address)
{
    return vd_intern_find(&tf->addresses, address);
}

/* ------------------------------------------------------------------ instances */

static vd_code add_instance(vd_tf *tf, vd_tf_instance i)
{
    const vd_allocator *a = &tf->arena->alloc;
    vd_str              mode = vd_extract_member(tf->doc, i.node, "mode"), rest;
    uint32_t            id;

    i.address = vd_extract_member(tf->doc, i.node, "address");
    i.type = vd_extract_member(tf->doc, i.node, "type");
    if (!i.address.n || !i.type.n || vd_intern_find(&tf->addresses, i.address) != VD_NONE)
        return VD_OK;
    i.scope = vd_str_first(i.address, scope_length(i.address));
    rest = vd_str_from(i.address, i.scope.n);
    i.key = vd_str_from(rest, vd_str_find(rest, '['));
    i.data = vd_str_eq(mode, VD_S("data"));
    i.entity = VD_NONE;
    return vd_intern_add(&tf->addresses, a, i.address, &id) && VD_PUSH(a, &tf->instances, i)
               ? VD_OK
               : vd_fail_nomem(tf->in->err);
}

static uint8_t action_of(const vd_doc *d, uint32_t actions)
{
    static const struct {
        vd_str  name;
        uint8_t action;
    } names[] = {
        { VD_L("create"), VD_TF_CHANGE }, { VD_L("update"), VD_TF_CHANGE }, { VD_L("read"), VD_TF_READ },
        { VD_L("delete"), VD_TF_GONE },   { VD_L("forget"), VD_TF_GONE },
    };

    if (!vd_extract_is(d, actions, VD_NODE_ARRAY))
        return VD_TF_NONE;
    for (size_t i = 0; i < VD_COUNT(names); i++)
        for (uint32_t c = vd_doc_first(d, actions); c != VD_NONE; c = vd_doc_next(d, actions, c))
            if (vd_str_eq(vd_extract_string(d, c), names[i].name))
                return names[i].action;
    return VD_TF_NONE;
}

static vd_code read_changes(vd_tf *tf, uint32_t list)
{
    const vd_doc *d = tf->doc;

    if (!vd_extract_is(d, list, VD_NODE_ARRAY))
        return VD_OK;
    for (uint32_t c = vd_doc_first(d, list); c != VD_NONE; c = vd_doc_next(d, list, c)) {
        uint32_t change = vd_extract_nearby(d, c, VD_S("change"));

        if (vd_extract_is(d, change, VD_NODE_OBJECT))
            VD_TRY(add_instance(tf, (vd_tf_instance){
                                        .node = c,
                                        .after = vd_extract_nearby(d, change, VD_S("after")),
                                        .unknown = vd_extract_nearby(d, change, VD_S("after_unknown")),
                                        .sensitive = vd_extract_nearby(d, change, VD_S("after_sensitive")),
                                        .action = action_of(d, vd_extract_nearby(d, change, VD_S("actions"))),
                                    }));
    }
    return VD_OK;
}

static vd_code read_module(vd_tf *tf, uint32_t module, bool only_data)
{
    const vd_doc *d = tf->doc;
    uint32_t      list = vd_extract_nearby(d, module, VD_S("resources"));

    if (!vd_extract_is(d, list, VD_NODE_ARRAY))
        return VD_OK;
    for (uint32_t c = vd_doc_first(d, list); c != VD_NONE; c = vd_doc_next(d, list, c)) {
        bool data = vd_str_eq(vd_extract_member(d, c, "mode"), VD_S("data"));

        if (vd_extract_is(d, c, VD_NODE_OBJECT) && (data || !only_data))
            VD_TRY(add_instance(tf, (vd_tf_instance){
                                        .node = c,
                                        .after = vd_extract_nearby(d, c, VD_S("values")),
                                        .unknown = VD_NONE,
                                        .sensitive = vd_extract_nearby(d, c, VD_S("sensitive_values")),
                                        .action = data ? VD_TF_READ : VD_TF_CHANGE,
                                    }));
    }
    return VD_OK;
}

/* Modules within modules, each after the one around it. */
static vd_code read_values(vd_tf *tf, uint32_t root, bool only_data)
{
    const vd_doc       *d = tf->doc;
    const vd_allocator *a = &tf->arena->alloc;
    VD_VEC(uint32_t) modules = { 0 };
    vd_code code = VD_OK;

    if (vd_extract_is(d, root, VD_NODE_OBJECT) && !VD_PUSH(a, &modules, root))
        code = vd_fail_nomem(tf->in->err);
    for (uint32_t i = 0; code == VD_OK && i < modules.count; i++) {
        uint32_t children = vd_extract_nearby(d, modules.at[i], VD_S("child_modules"));

        code = read_module(tf, modules.at[i], only_data);
        if (!vd_extract_is(d, children, VD_NODE_ARRAY))
            continue;
        for (uint32_t c = vd_doc_first(d, children); code == VD_OK && c != VD_NONE; c = vd_doc_next(d, children, c))
            if (vd_extract_is(d, c, VD_NODE_OBJECT) && !VD_PUSH(a, &modules, c))
                code = vd_fail_nomem(tf->in->err);
    }
    VD_VEC_DONE(a, &modules);
    return code;
}

static vd_code read_instances(vd_tf *tf)
{
    const vd_doc *d = tf->doc;
    uint32_t      changes = vd_extract_at(d, 0, "resource_changes");

    if (vd_extract_is(d, changes, VD_NODE_ARRAY)) {
        VD_TRY(read_changes(tf, changes));
    } else {
        tf->is_state = vd_extract_at(d, 0, "planned_values") == VD_NONE;
        VD_TRY(read_values(tf, vd_extract_at(d, 0, tf->is_state ? "values.root_module" : "planned_values.root_module"),
                           false));
    }
    return tf->in->opts->all_resources ? read_values(tf, vd_extract_at(d, 0, "prior_state.values.root_module"), true)
                                       : VD_OK;
}

/* ------------------------------------------------------------------ marks */

bool vd_tf_is_marked(const vd_doc *d, uint32_t marks, const vd_each *e)
{
    for (uint32_t i = 0; i < e->count && marks != VD_NONE; i++) {
        if (d->nodes[marks].kind == VD_NODE_TRUE || e->steps[i].index >= MOST_INDEX)
            return true;
        marks = vd_extract_nearby(d, marks, e->steps[i].name);
        if (e->steps[i].list && !vd_extract_is(d, marks, VD_NODE_TRUE))
            marks = vd_extract_nth(d, marks, e->steps[i].index);
    }
    return vd_extract_is(d, marks, VD_NODE_TRUE);
}

bool vd_tf_has_mark(const vd_doc *d, uint32_t marks)
{
    for (uint32_t n = marks; marks != VD_NONE && n < d->nodes[marks].next; n++)
        if (d->nodes[n].kind == VD_NODE_TRUE)
            return true;
    return false;
}

/* ------------------------------------------------------------------ rows */

static vd_str cell(const vd_tf *tf, uint32_t row, const char *column)
{
    return vd_sheet_cell(tf->table, row, vd_sheet_column(tf->table, vd_str_of(column)));
}

/* "identity" ...; of an Organizations policy what its type says.  False: no policy of IAM. */
static bool set_kind(const vd_tf *tf, const vd_tf_instance *i, uint32_t row, vd_extracted *e)
{
    vd_str kind = cell(tf, row, "policy-type");

    if (vd_str_eq(cell(tf, row, "flags"), VD_S("organizations"))) {
        vd_str type = vd_extract_member(tf->doc, i->after, "type");

        kind = VD_S("scp"); /* the provider's default */
        if (vd_str_eq(type, VD_S("RESOURCE_CONTROL_POLICY")))
            kind = VD_S("rcp");
        else if (type.n && !vd_str_eq(type, VD_S("SERVICE_CONTROL_POLICY")))
            return false;
    }
    e->resource_kind = cell(tf, row, "resource-kind");
    e->kind = vd_kind_find(kind);
    e->kind_known = e->kind >= 0;
    if (i->boundary)
        e->kind = VD_KIND_BOUNDARY;
    if (!e->kind_known)
        e->kind = 0;
    return true;
}

static bool add_facts(const vd_tf *tf, const vd_tf_instance *i, vd_extracted *e)
{
    static const struct {
        const char *type, *path, *fact;
    } facts[] = {
        { "aws_iam_role", "name", "role-name" },
        { "aws_iam_role", "path", "role-path" },
        { "aws_iam_role", "permissions_boundary", "permissions-boundary" },
        { "aws_iam_user", "permissions_boundary", "permissions-boundary" },
        { "aws_s3_bucket_policy", "bucket", "bucket" },
        { "aws_s3_bucket", "bucket", "bucket" },
        { "aws_sqs_queue", "arn", "resource-arn" },
        { "aws_sns_topic", "arn", "resource-arn" },
        { "aws_sns_topic_policy", "arn", "resource-arn" },
        { "aws_kms_key", "arn", "resource-arn" },
        { "aws_kms_key", "bypass_policy_lockout_safety_check", "bypass-lockout-check" },
        { "aws_secretsmanager_secret_policy", "secret_arn", "resource-arn" },
        { "aws_secretsmanager_secret_policy", "block_public_policy", "block-public-policy" },
        { "aws_ssoadmin_permission_set_inline_policy", "permission_set_arn", "permission-set" },
        { "aws_vpc_endpoint", "service_name", "service-name" },
        { "aws_vpc_endpoint", "vpc_id", "vpc" },
        { "aws_opensearch_domain", "advanced_security_options[].enabled", "fine-grained-access" },
        { "aws_opensearch_domain", "vpc_options[].subnet_ids[]", "vpc" },
        { "aws_elasticsearch_domain", "advanced_security_options[].enabled", "fine-grained-access" },
        { "aws_elasticsearch_domain", "vpc_options[].subnet_ids[]", "vpc" },
        { "aws_api_gateway_rest_api", "endpoint_configuration[].types[]", "endpoint-configuration" },
        { NULL, "tags.verdict:ignore", "ignore" },
        { NULL, "tags.verdict:reason", "ignore-reason" },
    };

    for (size_t k = 0; k < VD_COUNT(facts); k++) {
        vd_each  at = vd_each_of(tf->doc, i->after, vd_str_of(facts[k].path));
        uint32_t node;

        if ((facts[k].type && !vd_str_eq(i->type, vd_str_of(facts[k].type))) || !vd_each_next(&at, &node) ||
            tf->doc->nodes[node].kind == VD_NODE_NULL || tf->doc->nodes[node].kind >= VD_NODE_ARRAY ||
            vd_tf_is_marked(tf->doc, i->sensitive, &at))
            continue;
        if (!vd_extract_fact(tf->in, e, facts[k].fact, vd_doc_text(tf->doc, node),
                             vd_source_pos(tf->doc->source, vd_doc_span(tf->doc, node))))
            return false;
    }
    return true;
}

/* "aws_iam_role.deploy > inline_policy[0].policy" */
static bool make_label(vd_tf *tf, const vd_tf_instance *i, uint32_t row, const vd_each *at, vd_str *out)
{
    if (!at || !at->steps[0].list)
        return vd_arena_printf(tf->arena, out, VD_F " > " VD_F, VD_A(i->address), VD_A(cell(tf, row, "property")));
    return vd_arena_printf(tf->arena, out, VD_F " > " VD_F "[%u]." VD_F, VD_A(i->address), VD_A(at->steps[0].name),
                           (unsigned)at->steps[0].index, VD_A(at->steps[at->count - 1].name));
}

/* at: where in the instance its text stands; NULL: it was made. */
static vd_code begin_row(vd_tf *tf, const vd_tf_instance *i, uint32_t row, const vd_each *at, vd_extracted *e,
                         bool *is_policy)
{
    uint32_t holder = at ? at->steps[at->count - 1].holder : i->after;

    *e = (vd_extracted){ .container = i->address,
                         .type = i->type,
                         .entity = i->entity,
                         .unfixable = tf->is_state ? "a state is written by terraform" : "a plan is made by terraform" };
    *is_policy = set_kind(tf, i, row, e);
    e->name = vd_extract_member(tf->doc, holder, "name");
    if (!make_label(tf, i, row, at, &e->label) || !add_facts(tf, i, e))
        return vd_fail_nomem(tf->in->err);
    return VD_OK;
}

static bool unresolved(const vd_tf *tf, const vd_tf_instance *i, uint32_t node, const char *why)
{
    return vd_extract_unresolved(tf->in, tf->doc, node == VD_NONE ? i->node : node, i->address, "%s", why);
}

/* ------------------------------------------------------------------ equal instances */

/* The address without its last index: instances of one resource differ in that alone. */
static vd_str resource_of(const vd_tf_instance *i)
{
    return vd_str_first(i->address, i->address.n - i->key.n);
}

/* Was this text handed out for another instance of the same resource?  Then that row lists this one. */
static vd_code is_repeated(vd_tf *tf, const vd_tf_instance *i, uint32_t row, vd_str text, bool *repeated)
{
    const vd_allocator *a = &tf->arena->alloc;
    uint32_t            id, before = tf->texts.strings.count;
    vd_str              key;
    vd_extracted       *e;

    *repeated = false;
    if (!i->key.n)
        return VD_OK;
    if (!vd_arena_printf(tf->arena, &key, VD_F " %u %016llx %zu", VD_A(resource_of(i)), (unsigned)row,
                         (unsigned long long)vd_hash(1, text), text.n) ||
        !vd_intern_add(&tf->texts, a, key, &id) ||
        (id == before && !VD_PUSH(a, &tf->text_rows, tf->in->x->count)))
        return vd_fail_nomem(tf->in->err);
    *repeated = id < before && tf->text_rows.at[id] < tf->in->x->count;
    if (!*repeated)
        return VD_OK;
    e = &tf->in->x->at[tf->text_rows.at[id]];
    if (e->fact_count < MOST_ALSO &&
        !vd_extract_fact(tf->in, e, "also", i->address, vd_source_pos(tf->doc->source, vd_doc_span(tf->doc, i->node))))
        return vd_fail_nomem(tf->in->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ policies of an instance */

static vd_code take_text(vd_tf *tf, const vd_tf_instance *i, uint32_t row, const vd_each *at, uint32_t node)
{
    vd_extracted e, *added;
    bool         is_policy, repeated;

    VD_TRY(begin_row(tf, i, row, at, &e, &is_policy));
    if (!is_policy) {
        tf->in->x->skipped++;
        return VD_OK;
    }
    VD_TRY(is_repeated(tf, i, row, vd_doc_text(tf->doc, node), &repeated));
    return repeated ? VD_OK : vd_extract_policy(tf->in, &e, tf->doc, node, VD_TAKES_TEXT, &added);
}

/* Where its statements were written: the data source, and those it took some from. */
static bool add_documents(const vd_tf *tf, vd_extracted *e, uint32_t document)
{
    for (uint32_t k = 0; document != VD_NONE && k <= tf->documents.count; k++) {
        const vd_tf_instance *d = &tf->instances.at[k ? tf->documents.at[k - 1] : document];

        if (!vd_extract_fact(tf->in, e, "document", d->address,
                             vd_source_pos(tf->doc->source, vd_doc_span(tf->doc, d->node))))
            return false;
    }
    return true;
}

/* A document that was put together; of the instance `document`, VD_NONE: of none. */
static vd_code take_made(vd_tf *tf, const vd_tf_instance *i, uint32_t row, vd_source *source, uint32_t document)
{
    vd_extracted e;
    vd_doc      *doc = vd_arena_new(tf->arena, vd_doc);
    bool         is_policy, repeated;
    uint32_t     duplicates;

    VD_TRY(begin_row(tf, i, row, NULL, &e, &is_policy));
    if (!doc)
        return vd_fail_nomem(tf->in->err);
    if (!is_policy) {
        tf->in->x->skipped++;
        return VD_OK;
    }
    VD_TRY(is_repeated(tf, i, row, source->text, &repeated));
    if (repeated)
        return VD_OK;
    VD_TRY(vd_json_read(doc, tf->arena, source, &tf->in->engine->limits, NULL, &duplicates, tf->in->err));
    e.doc = doc;
    e.synthetic = document == VD_NONE;
    if (!add_documents(tf, &e, document))
        return vd_fail_nomem(tf->in->err);
    return vd_extract_add(tf->in, &e) ? VD_OK : vd_fail_nomem(tf->in->err);
}

/* Known after apply: perhaps a document that is known in part. */
static vd_code take_unknown(vd_tf *tf, vd_tf_instance *i, uint32_t row, const vd_each *at, uint32_t mark)
{
    vd_str      attribute = at->steps[0].name, inner = at->count > 1 ? at->steps[1].name : VD_S(""), words;
    uint32_t    references, document;
    vd_source  *source = NULL;
    const char *why = NULL;

    references = vd_tf_references(tf, i, attribute, at->steps[0].index, inner);
    document = vd_tf_resolve(tf, i, references, VD_S("aws_iam_policy_document"));
    if (document != VD_NONE)
        VD_TRY(vd_tf_document(tf, document, &source, &why));
    if (source) {
        tf->instances.at[document].used = true;
        return take_made(tf, i, row, source, document);
    }
    if (!vd_tf_words(tf, references, &words))
        return vd_fail_nomem(tf->in->err);
    return vd_extract_unresolved(tf->in, tf->doc, mark == VD_NONE ? i->node : mark, i->address,
                                 VD_F " is not known before apply%s%s" VD_F, VD_A(cell(tf, row, "property")),
                                 why ? ": " : words.n ? ": it depends on " : "", why ? why : "",
                                 VD_A(why ? VD_S("") : words))
               ? VD_OK
               : vd_fail_nomem(tf->in->err);
}

static vd_code take_property(vd_tf *tf, vd_tf_instance *i, uint32_t row)
{
    const vd_doc *d = tf->doc;
    vd_str        path = cell(tf, row, "property");
    uint32_t      node;

    for (vd_each e = vd_each_of(d, i->after, path); i->after != VD_NONE && vd_each_next(&e, &node);) {
        if (d->nodes[node].kind == VD_NODE_NULL)
            continue;
        if (!vd_tf_is_marked(d, i->sensitive, &e))
            VD_TRY(take_text(tf, i, row, &e, node));
        else if (!unresolved(tf, i, VD_NONE, "its policy is sensitive"))
            return vd_fail_nomem(tf->in->err);
    }
    for (vd_each e = vd_each_of(d, i->unknown, path); i->unknown != VD_NONE && vd_each_next(&e, &node);)
        if (d->nodes[node].kind == VD_NODE_TRUE)
            VD_TRY(take_unknown(tf, i, row, &e, node));
    return VD_OK;
}

static vd_code take_attached(vd_tf *tf, vd_tf_instance *i, uint32_t row)
{
    const vd_doc *d = tf->doc;
    uint32_t      node;

    if (i->after == VD_NONE)
        return VD_OK;
    for (vd_each e = vd_each_of(d, i->after, cell(tf, row, "property")); vd_each_next(&e, &node);)
        if (d->nodes[node].kind == VD_NODE_STRING && !vd_tf_is_marked(d, i->sensitive, &e) &&
            !vd_extract_attach(tf->in, d, node, vd_doc_text(d, node), i->address, i->entity))
            return vd_fail_nomem(tf->in->err);
    return VD_OK;
}

static vd_code take_row(vd_tf *tf, vd_tf_instance *i, uint32_t row)
{
    vd_source *source;

    if (vd_str_eq(cell(tf, row, "policy-type"), VD_S("attached")))
        return take_attached(tf, i, row);
    if (!vd_str_eq(cell(tf, row, "flags"), VD_S("synthetic")))
        return take_property(tf, i, row);
    VD_TRY(vd_tf_statement(tf, i, &source));
    return source ? take_made(tf, i, row, source, VD_NONE) : VD_OK;
}

/* ------------------------------------------------------------------ all instances */

static bool is_wanted(const vd_tf *tf, const vd_tf_instance *i)
{
    return i->action == VD_TF_CHANGE || i->action == VD_TF_READ ||
           (i->action == VD_TF_NONE && tf->in->opts->all_resources);
}

static vd_code take_resources(vd_tf *tf)
{
    for (uint32_t n = 0; n < tf->instances.count; n++) {
        vd_tf_instance *i = &tf->instances.at[n];
        vd_run          rows = vd_sheet_find(tf->table, i->type);

        if (i->data)
            continue;
        if (!rows.count || !is_wanted(tf, i)) {
            tf->in->x->skipped++;
            continue;
        }
        for (uint32_t r = 0; r < rows.count; r++)
            VD_TRY(take_row(tf, i, rows.first + r));
    }
    return VD_OK;
}

/* Documents of their own, when no resource has taken them. */
static vd_code take_documents(vd_tf *tf)
{
    for (uint32_t n = 0; n < tf->instances.count; n++) {
        vd_tf_instance *i = &tf->instances.at[n];
        vd_run          rows = vd_sheet_find(tf->table, i->type);
        vd_source      *source = NULL;
        const char     *why = NULL;
        uint32_t        text;

        if (!i->data || i->used || !rows.count || !is_wanted(tf, i))
            continue;
        text = vd_extract_nearby(tf->doc, i->after, VD_S("json"));
        if (vd_extract_string(tf->doc, text).n) {
            VD_TRY(take_property(tf, i, rows.first));
            continue;
        }
        VD_TRY(vd_tf_document(tf, n, &source, &why));
        if (source)
            VD_TRY(take_made(tf, i, rows.first, source, n));
        else if (why && !unresolved(tf, i, VD_NONE, why))
            return vd_fail_nomem(tf->in->err);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the format */

bool vd_is_terraform(const vd_input *in)
{
    static const char *const signs[] = { "planned_values", "resource_changes", "values" };

    if (vd_extract_at(in->doc, 0, "format_version") == VD_NONE)
        return false;
    for (size_t i = 0; i < VD_COUNT(signs); i++)
        if (vd_extract_at(in->doc, 0, signs[i]) != VD_NONE)
            return true;
    return false;
}

static vd_code check_version(const vd_input *in)
{
    uint32_t node = vd_extract_at(in->doc, 0, "format_version");
    vd_str   version = vd_extract_string(in->doc, node), rest = version, major;

    if (vd_str_cut(&rest, '.', &major) && (vd_str_eq(major, VD_S("0")) || vd_str_eq(major, VD_S("1"))))
        return VD_OK;
    return vd_fail_span(in->err, VD_ESYNTAX, in->doc->source, vd_doc_span(in->doc, node),
                        "plans of format " VD_F " are not known, only those of format 1",
                        VD_A(vd_doc_text(in->doc, node)));
}

static void done(vd_tf *tf)
{
    const vd_allocator *a = &tf->arena->alloc;

    VD_VEC_DONE(a, &tf->instances);
    VD_VEC_DONE(a, &tf->config_nodes);
    VD_VEC_DONE(a, &tf->text_rows);
    VD_VEC_DONE(a, &tf->documents);
    VD_VEC_DONE(a, &tf->name_entities);
    vd_intern_done(&tf->names, a);
    vd_intern_done(&tf->addresses, a);
    vd_intern_done(&tf->config, a);
    vd_intern_done(&tf->texts, a);
}

vd_code vd_extract_terraform(const vd_input *in)
{
    vd_tf tf = { .in = in, .doc = in->doc, .arena = &in->x->arena };
    vd_code code = check_version(in);

    tf.addresses.seed = tf.config.seed = tf.texts.seed = tf.names.seed = in->engine->hash_seed;
    if (in->opts->catalog) {
        tf.table = vd_catalog_sheet(in->opts->catalog, VD_S("policy-properties"));
        tf.arns = vd_catalog_sheet(in->opts->catalog, VD_S("terraform-arns"));
    }
    if (code == VD_OK)
        code = vd_tf_read_config(&tf);
    if (code == VD_OK)
        code = read_instances(&tf);
    if (code == VD_OK && (!vd_tf_find_identities(&tf) || !vd_tf_find_secrets(&tf)))
        code = vd_fail_nomem(in->err);
    if (tf.is_state)
        in->x->format = "terraform-state";
    if (code == VD_OK)
        code = take_resources(&tf);
    if (code == VD_OK)
        code = take_documents(&tf);
    done(&tf);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * One function for each struct of analyze.h.
 */
#include "tell.h"

#include <stdio.h>

const char *const tell_witness_members[] = { "kind", "principal", "role", "parent", "userId", "account", "canonical", "org", "orgPath",
    "action", "resource", "resourceAccount", "endpointType", "keys", NULL };
const char *const tell_exposed_members[] = { "id", "class", "isPublic", "severity", "certainty", "change", "resource", "resourceType",
    "resourceOwnerAccount", "inferred", "principal", "actions", "patterns", "level", "resources", "condition", "requires", "sources",
    "sourceTypes", "shapedBy", "layers", "flags", "serviceSource", "counts", "witness", NULL };
const char *const tell_delta_members[] = { "id", "removed", "service", "level", "severity", "certainty", "actions", "levels",
    "patterns", "resources", "principals", "requires", "granting", "was", "flags", "witness", NULL };
const char *const tell_grant_members[] = { "action", "actions", "asked", "resource", "granting", "requires", "flags", "certainty",
    "witness", NULL };
const char *const tell_redundant_members[] = { "kind", "statement", "policy", "element", "entry", "value", "text", "because", "soft",
    NULL };

static json_t *text(vd_str s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

static json_t *name(const char *s)
{
    return s ? json_string(s) : json_null();
}

static json_t *texts(const vd_str *at, size_t count)
{
    json_t *out = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, text(at[i]));
    return out;
}

static json_t *list(vd_texts_list l)
{
    return texts(l.at, l.count);
}

static json_t *statements(const vd_statement_info *at, size_t count)
{
    json_t *out = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, json_integer(at[i].index));
    return out;
}

static json_t *flags_of(uint32_t flags)
{
    json_t *out = json_array();

    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++)
        if (flags >> i & 1u)
            json_array_append_new(out, name(vd_flag_name(1u << i)));
    return out;
}

static json_t *certainty(uint32_t flags)
{
    return json_string(flags & VD_FLAG_POTENTIAL ? "potential" : "exact");
}

/* Names of catalog.h and analyze.h. */
static json_t *level_of(int32_t level)
{
    static const char *const names[] = { "list", "read", "tagging", "write", "permissions-management", "unknown" };

    return level >= 0 && level < (int32_t)(sizeof names / sizeof *names) ? json_string(names[level]) : json_integer(level);
}

static json_t *levels_of(const int32_t *at, size_t count)
{
    json_t *out = json_array();

    for (size_t i = 0; at && i < count; i++)
        json_array_append_new(out, level_of(at[i]));
    return out;
}

static json_t *required(const vd_required *at, size_t count)
{
    json_t *out = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, json_pack("{s:o, s:o, s:o, s:o, s:o}", "key", text(at[i].key), "operator", text(at[i].operator_name),
                                             "values", texts(at[i].values, at[i].count), "must", text(at[i].must), "control",
                                             name(at[i].control)));
    return out;
}

/* Anchors by key; of two on one key, the values are put together. */
static json_t *anchors(const vd_required *at, size_t count)
{
    json_t *out = json_object();

    for (size_t i = 0; i < count; i++) {
        json_t *key = text(at[i].key), *values = json_object_get(out, json_string_value(key)), *more = texts(at[i].values, at[i].count);

        if (values)
            json_array_extend(values, more);
        else
            json_object_set(out, json_string_value(key), more);
        json_decref(more);
        json_decref(key);
    }
    return out;
}

static json_t *keys_of(const vd_witness *w)
{
    json_t *out = json_object();

    for (size_t i = 0; i < w->key_count; i++) {
        const vd_witness_key *k = &w->keys[i];
        json_t               *key = text(k->key);

        json_object_set_new(out, json_string_value(key),
                            k->absent ? json_pack("{s:b}", "absent", 1)
                                      : k->count == 1 ? text(k->values[0]) : texts(k->values, k->count));
        json_decref(key);
    }
    return out;
}

json_t *tell_witness(const vd_witness *w)
{
    json_t *out;

    if (!w)
        return json_null();
    out = json_object();
    json_object_set_new(out, "kind", text(w->kind));
    json_object_set_new(out, "principal", text(w->principal));
    json_object_set_new(out, "role", text(w->role));
    json_object_set_new(out, "parent", text(w->parent));
    json_object_set_new(out, "userId", text(w->user_id));
    json_object_set_new(out, "account", text(w->account));
    json_object_set_new(out, "canonical", text(w->canonical));
    json_object_set_new(out, "org", text(w->org));
    json_object_set_new(out, "orgPath", text(w->org_path));
    json_object_set_new(out, "action", text(w->action));
    json_object_set_new(out, "resource", text(w->resource));
    json_object_set_new(out, "resourceAccount", text(w->resource_account));
    json_object_set_new(out, "endpointType", text(w->endpoint_type));
    json_object_set_new(out, "keys", keys_of(w));
    return out;
}

static void add_sources(json_t *out, const vd_exposed *x)
{
    json_t *sources = json_array(), *types = json_array();

    for (size_t i = 0; i < x->source_count; i++) {
        const vd_exposure_source *s = &x->sources[i];
        bool                      policy = s->text.n == 0;

        json_array_append_new(types, name(s->type));
        json_array_append_new(sources, policy ? json_integer(s->statement.index) : text(s->text));
    }
    json_object_set_new(out, "sources", sources);
    json_object_set_new(out, "sourceTypes", types);
}

json_t *tell_exposed(const vd_exposed *x)
{
    static const char *const changes[] = { "none", "new", "changed", "unchanged", "resolved" };
    json_t                  *out = json_object(), *layers = json_object(), *principal = json_object(), *type = text(x->principal_type);

    json_object_set_new(principal, json_string_value(type), text(x->principal));
    for (size_t i = 0; i < x->layer_count; i++)
        json_object_set_new(layers, x->layers[i].layer, name(x->layers[i].state));
    json_object_set_new(out, "id", text(x->id));
    json_object_set_new(out, "class", name(vd_exposed_name(x->exposed)));
    json_object_set_new(out, "isPublic", json_boolean(x->is_public));
    json_object_set_new(out, "severity", name(vd_access_name(x->severity)));
    json_object_set_new(out, "certainty", certainty(x->flags));
    json_object_set_new(out, "change", json_string(changes[x->change >= 0 && x->change <= VD_CHANGE_RESOLVED ? x->change : 0]));
    json_object_set_new(out, "resource", text(x->resource));
    json_object_set_new(out, "resourceType", text(x->resource_type));
    json_object_set_new(out, "resourceOwnerAccount", text(x->resource_account));
    json_object_set_new(out, "inferred", json_boolean(x->inferred));
    json_object_set_new(out, "principal", principal);
    json_object_set_new(out, "actions", list(x->actions));
    json_object_set_new(out, "patterns", list(x->patterns));
    json_object_set_new(out, "level", level_of(x->level));
    json_object_set_new(out, "resources", list(x->resources));
    json_object_set_new(out, "condition", anchors(x->conditions, x->condition_count));
    json_object_set_new(out, "requires", required(x->requirements, x->require_count));
    add_sources(out, x);
    json_object_set_new(out, "shapedBy", statements(x->shaped_by, x->shaped_count));
    json_object_set_new(out, "layers", layers);
    json_object_set_new(out, "flags", flags_of(x->flags));
    json_object_set_new(out, "serviceSource", name(x->source_of_service));
    json_object_set_new(out, "counts", text(x->counts));
    json_object_set_new(out, "witness", tell_witness(x->witness));
    json_decref(type);
    return out;
}

json_t *tell_delta(const vd_delta *d)
{
    json_t *out = json_object();

    json_object_set_new(out, "id", text(d->id));
    json_object_set_new(out, "removed", json_boolean(d->removed));
    json_object_set_new(out, "service", text(d->service));
    json_object_set_new(out, "level", level_of(d->level));
    json_object_set_new(out, "severity", name(vd_access_name(d->severity)));
    json_object_set_new(out, "certainty", certainty(d->flags));
    json_object_set_new(out, "actions", list(d->actions));
    json_object_set_new(out, "levels", levels_of(d->levels, d->actions.count));
    json_object_set_new(out, "patterns", list(d->patterns));
    json_object_set_new(out, "resources", list(d->resources));
    json_object_set_new(out, "principals", list(d->principals));
    json_object_set_new(out, "requires", required(d->requirements, d->require_count));
    json_object_set_new(out, "granting", statements(d->granting, d->granting_count));
    json_object_set_new(out, "was", statements(d->was, d->was_count));
    json_object_set_new(out, "flags", flags_of(d->flags));
    json_object_set_new(out, "witness", tell_witness(d->witness));
    return out;
}

json_t *tell_grant(const vd_grant *g)
{
    json_t *out = json_object();

    json_object_set_new(out, "action", text(g->action));
    json_object_set_new(out, "actions", list(g->actions));
    json_object_set_new(out, "asked", text(g->asked));
    json_object_set_new(out, "resource", text(g->resource));
    json_object_set_new(out, "granting", statements(g->granting, g->granting_count));
    json_object_set_new(out, "requires", required(g->requirements, g->require_count));
    json_object_set_new(out, "flags", flags_of(g->flags));
    json_object_set_new(out, "certainty", certainty(g->flags));
    json_object_set_new(out, "witness", tell_witness(g->witness));
    return out;
}

static json_t *element_of(int32_t element)
{
    switch (element) {
    case VD_ELEMENT_PRINCIPAL:
        return json_string("principal");
    case VD_ELEMENT_ACTION:
        return json_string("action");
    case VD_ELEMENT_RESOURCE:
        return json_string("resource");
    case VD_ELEMENT_CONDITION:
        return json_string("condition");
    default:
        return json_string("statement");
    }
}

json_t *tell_redundant(const vd_redundant_part *p)
{
    json_t *out = json_object();

    json_object_set_new(out, "kind", name(vd_redundant_name(p->redundant)));
    json_object_set_new(out, "statement", json_integer(p->statement.index));
    json_object_set_new(out, "policy", text(p->statement.policy));
    json_object_set_new(out, "element", element_of(p->element));
    json_object_set_new(out, "entry", json_integer(p->entry));
    json_object_set_new(out, "value", p->value == UINT32_MAX ? json_null() : json_integer(p->value));
    json_object_set_new(out, "text", text(p->text));
    json_object_set_new(out, "because", statements(p->because, p->because_count));
    json_object_set_new(out, "soft", json_boolean(p->soft));
    return out;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * What was found in the catalogue, for people and for programs.  One thing asked for by name is told in full, many are
 * a line each.
 */
#include "cli/catalog_find.h"

#include "base/str.h"
#include "text/json_write.h"

enum { INDENT = 2, LABEL = 12, MOST_WIDTH = 44, TEXT = 512 };

static const char *const key_types[] = { "string", "arn", "numeric", "date", "bool", "ip-address", "binary" };

static vd_str action_text(const vd_catalog *c, uint32_t action, char room[TEXT])
{
    return (vd_str){ room, vd_catalog_action_text(c, action, room, TEXT) };
}

static bool is_required(const vd_action_fact *a, uint32_t type)
{
    for (uint32_t i = 0; i < a->required.count; i++)
        if (a->required.at[i] == type)
            return true;
    return false;
}

/* ------------------------------------------------------------------ for people */

typedef struct printer {
    vd_cli           *cli;
    vd_buf           *out;
    const vd_look    *look;
    const vd_catalog *c;
} printer;

static void labelled(const printer *p, const char *label, vd_str text)
{
    vd_look_pad(p->out, INDENT);
    vd_look_put(p->out, p->look, VD_TONE_FAINT, vd_str_of(label));
    vd_look_pad(p->out, LABEL - (uint32_t)strlen(label));
    vd_look_wrap(p->out, p->look, INDENT + LABEL, INDENT + LABEL, text);
    vd_buf_byte(p->out, '\n');
}

/* Names in a row, separated by blanks. */
static void add_name(vd_buf *row, vd_str name)
{
    if (row->n)
        vd_buf_byte(row, ' ');
    vd_buf_add(row, name);
}

static void labelled_row(const printer *p, const char *label, vd_buf *row)
{
    if (row->n)
        labelled(p, label, vd_buf_str(row));
    p->out->failed = p->out->failed || row->failed;
    vd_buf_done(row);
}

static void keys_row(const printer *p, const char *label, vd_ids keys)
{
    vd_buf row = vd_buf_on(vd_allocator_default(), 0);

    for (uint32_t i = 0; i < keys.count; i++)
        add_name(&row, vd_catalog_key(p->c, keys.at[i]).name);
    labelled_row(p, label, &row);
}

static void type_names(const printer *p, vd_buf *row, const vd_action_fact *a)
{
    for (uint32_t i = 0; i < a->types.count; i++) {
        vd_buf_printf(row, "%s" VD_F "%s", i ? ", " : "", VD_A(vd_catalog_type(p->c, a->types.at[i]).name),
                      is_required(a, a->types.at[i]) ? "*" : "");
    }
}

static void action_line(const printer *p, uint32_t action, uint32_t width)
{
    char           room[TEXT];
    vd_str         text = action_text(p->c, action, room);
    vd_action_fact a = vd_catalog_action(p->c, action);
    vd_buf         row = vd_buf_on(vd_allocator_default(), 0);
    uint32_t       used = (uint32_t)text.n > width ? (uint32_t)text.n : width;

    vd_buf_add(p->out, text);
    vd_look_pad(p->out, used - (uint32_t)text.n + 2);
    vd_buf_add(p->out, vd_str_of(vd_level_words[a.level]));
    type_names(p, &row, &a);
    if (row.n) {
        uint32_t column = used + 2 + 24;

        vd_look_pad(p->out, 24 - (uint32_t)strlen(vd_level_words[a.level]));
        vd_look_wrap(p->out, p->look, column, column, vd_buf_str(&row));
    }
    vd_buf_done(&row);
    vd_buf_byte(p->out, '\n');
}

static void action_card(const printer *p, uint32_t action)
{
    char           room[TEXT];
    vd_action_fact a = vd_catalog_action(p->c, action);
    vd_buf         row = vd_buf_on(vd_allocator_default(), 0);

    vd_look_put(p->out, p->look, VD_TONE_STRONG, action_text(p->c, action, room));
    vd_buf_printf(p->out, "  %s", vd_level_words[a.level]);
    if (a.flags & VD_ACTION_PERMISSION_ONLY)
        vd_buf_printf(p->out, ", no API operation of its own");
    if (a.flags & VD_ACTION_WRITES_POLICY)
        vd_buf_printf(p->out, ", takes a policy");
    vd_buf_byte(p->out, '\n');
    if (a.types.count == 0)
        labelled(p, "resources", VD_S("only *"));
    for (uint32_t i = 0; i < a.types.count; i++) {
        vd_type_fact t = vd_catalog_type(p->c, a.types.at[i]);
        vd_buf       text = vd_buf_on(vd_allocator_default(), 0);

        vd_buf_printf(&text, VD_F "%s", VD_A(t.name), is_required(&a, a.types.at[i]) ? "*" : "");
        for (uint32_t f = 0; f < t.formats; f++)
            add_name(&text, vd_catalog_format(p->c, a.types.at[i], f));
        labelled_row(p, i ? "" : "resources", &text);
        keys_row(p, "  its keys", vd_catalog_keys_on(p->c, action, a.types.at[i]));
    }
    keys_row(p, "keys", a.keys);
    for (uint32_t i = 0; i < a.depends.count; i++)
        add_name(&row, action_text(p->c, a.depends.at[i], room));
    labelled_row(p, "depends on", &row);
}

static void type_line(const printer *p, uint32_t type)
{
    vd_type_fact t = vd_catalog_type(p->c, type);

    vd_look_put(p->out, p->look, VD_TONE_STRONG, vd_catalog_service(p->c, t.service).prefix);
    vd_buf_byte(p->out, ':');
    vd_look_put(p->out, p->look, VD_TONE_STRONG, t.name);
    vd_buf_printf(p->out, "  resource type\n");
    for (uint32_t f = 0; f < t.formats; f++)
        labelled(p, f ? "" : "arn", vd_catalog_format(p->c, type, f));
    keys_row(p, "keys", t.keys);
}

/* Services that name a key. */
static uint32_t services_of(const printer *p, uint32_t key, vd_buf *row)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < vd_catalog_services(p->c); i++) {
        vd_service_fact s = vd_catalog_service(p->c, i);
        bool            there = false;

        for (uint32_t k = 0; k < s.keys.count && s.keys.at[k] <= key; k++)
            there = there || s.keys.at[k] == key;
        if (there)
            add_name(row, s.prefix);
        n += there;
    }
    return n;
}

static void key_card(const printer *p, uint32_t key, bool full)
{
    vd_key_fact k = vd_catalog_key(p->c, key);
    vd_buf      row = vd_buf_on(vd_allocator_default(), 0);
    uint32_t    actions = 0, services;

    vd_look_put(p->out, p->look, VD_TONE_STRONG, k.name);
    vd_buf_printf(p->out, "  %s%s%s", k.flags & VD_KEY_MANY ? "multivalued " : "", key_types[k.type],
                  k.flags & VD_KEY_ALSO_NUMERIC ? " or numeric" : "");
    if (k.flags & VD_KEY_GLOBAL)
        vd_buf_printf(p->out, ", global (" VD_F ")", VD_A(k.group));
    if (k.flags & VD_KEY_NO_WILDCARD)
        vd_buf_printf(p->out, ", no wildcards in its values");
    vd_buf_byte(p->out, '\n');
    services = full ? services_of(p, key, &row) : 0;
    for (uint32_t a = 0; full && a < vd_catalog_actions(p->c); a++)
        actions += vd_catalog_action_has_key(p->c, a, key);
    if (services > 12 && !p->cli->verbose) {
        row.n = 0;
        vd_buf_printf(&row, "%u, --verbose lists them", (unsigned)services);
    }
    labelled_row(p, "services", &row);
    if (actions) {
        vd_buf count = vd_buf_on(vd_allocator_default(), 0);

        vd_buf_printf(&count, "%u, see: verdict catalog --key '" VD_F "'", (unsigned)actions, VD_A(k.name));
        labelled_row(p, "actions", &count);
    }
}

static uint32_t width_of(const vd_catalog *c, vd_run run, const uint64_t *bits)
{
    char     room[TEXT];
    uint32_t width = 0;

    for (uint32_t a = run.first; a < run.first + run.count; a++) {
        uint32_t n = !bits || vd_hit(bits, a) ? (uint32_t)action_text(c, a, room).n : 0;

        width = n > width ? n : width;
    }
    return width < MOST_WIDTH ? width : MOST_WIDTH;
}

static void service_line(const printer *p, uint32_t service)
{
    vd_service_fact s = vd_catalog_service(p->c, service);

    vd_look_put(p->out, p->look, VD_TONE_STRONG, s.prefix);
    vd_buf_printf(p->out, "  " VD_F ", " VD_F "%s: %u action%s, %u resource type%s, %u condition key%s\n", VD_A(s.title),
                  VD_A(s.category), s.rcp ? ", reached by resource control policies" : "", (unsigned)s.actions.count,
                  s.actions.count == 1 ? "" : "s", (unsigned)s.types.count, s.types.count == 1 ? "" : "s",
                  (unsigned)s.keys.count, s.keys.count == 1 ? "" : "s");
}

static void service_card(const printer *p, uint32_t service)
{
    vd_service_fact s = vd_catalog_service(p->c, service);
    uint32_t        width = width_of(p->c, s.actions, NULL);

    service_line(p, service);
    vd_buf_byte(p->out, '\n');
    for (uint32_t a = s.actions.first; a < s.actions.first + s.actions.count; a++)
        action_line(p, a, width);
    for (uint32_t t = s.types.first; t < s.types.first + s.types.count; t++) {
        vd_buf_add(p->out, t == s.types.first ? VD_S("\n") : VD_S(""));
        type_line(p, t);
    }
    for (uint32_t k = 0; k < s.keys.count; k++) {
        vd_buf_add(p->out, k == 0 ? VD_S("\n") : VD_S(""));
        key_card(p, s.keys.at[k], false);
    }
}

void vd_hits_text(vd_cli *cli, vd_buf *out, const vd_hits *h, bool alone)
{
    printer  p = { cli, out, &cli->look, h->c };
    uint32_t all = vd_catalog_actions(h->c), services = vd_hit_count(h->services, vd_catalog_services(h->c));
    uint32_t actions = vd_hit_count(h->actions, all), types = vd_hit_count(h->types, vd_catalog_types(h->c));
    uint32_t keys = vd_hit_count(h->keys, vd_catalog_keys(h->c)), width = width_of(h->c, (vd_run){ 0, all }, h->actions);

    for (uint32_t i = 0; i < vd_catalog_services(h->c); i++)
        if (vd_hit(h->services, i))
            (alone && services == 1 && actions + types + keys == 0 ? service_card : service_line)(&p, i);
    vd_buf_add(out, services && actions ? VD_S("\n") : VD_S(""));
    for (uint32_t i = 0; i < all; i++)
        if (!vd_hit(h->actions, i))
            continue;
        else if (alone && actions == 1)
            action_card(&p, i);
        else
            action_line(&p, i, width);
    vd_buf_add(out, (services || actions) && types ? VD_S("\n") : VD_S(""));
    for (uint32_t i = 0; i < vd_catalog_types(h->c); i++)
        if (vd_hit(h->types, i))
            type_line(&p, i);
    vd_buf_add(out, (services || actions || types) && keys ? VD_S("\n") : VD_S(""));
    for (uint32_t i = 0; i < vd_catalog_keys(h->c); i++)
        if (vd_hit(h->keys, i))
            key_card(&p, i, keys <= 4);
}

/* ------------------------------------------------------------------ for programs */

static vd_json *keys_json(const vd_catalog *c, vd_ids keys)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < keys.count; i++)
        vd_json_push(list, vd_json_string(vd_catalog_key(c, keys.at[i]).name));
    return list;
}

static vd_json *service_json(const vd_catalog *c, uint32_t service)
{
    vd_service_fact s = vd_catalog_service(c, service);
    vd_json        *o = vd_json_object();

    vd_json_set(o, "service", vd_json_string(s.prefix));
    vd_json_set(o, "title", vd_json_string(s.title));
    vd_json_set(o, "category", vd_json_string(s.category));
    vd_json_set(o, "resourceControlPolicies", vd_json_bool(s.rcp));
    vd_json_set(o, "actions", vd_json_int(s.actions.count));
    vd_json_set(o, "resourceTypes", vd_json_int(s.types.count));
    vd_json_set(o, "keys", keys_json(c, s.keys));
    return o;
}

static vd_json *action_json(const vd_catalog *c, uint32_t action)
{
    char           room[TEXT];
    vd_action_fact a = vd_catalog_action(c, action);
    vd_json       *o = vd_json_object(), *types = vd_json_array(), *depends = vd_json_array();

    vd_json_set(o, "action", vd_json_string(action_text(c, action, room)));
    vd_json_set(o, "level", vd_json_string(vd_str_of(vd_level_words[a.level])));
    for (uint32_t i = 0; i < a.types.count; i++) {
        vd_json *t = vd_json_object();

        vd_json_set(t, "type", vd_json_string(vd_catalog_type(c, a.types.at[i]).name));
        vd_json_set(t, "required", vd_json_bool(is_required(&a, a.types.at[i])));
        vd_json_set(t, "keys", keys_json(c, vd_catalog_keys_on(c, action, a.types.at[i])));
        vd_json_push(types, t);
    }
    vd_json_set(o, "resourceTypes", types);
    vd_json_set(o, "keys", keys_json(c, a.keys));
    for (uint32_t i = 0; i < a.depends.count; i++)
        vd_json_push(depends, vd_json_string(action_text(c, a.depends.at[i], room)));
    vd_json_set(o, "dependsOn", depends);
    vd_json_set(o, "permissionOnly", vd_json_bool(a.flags & VD_ACTION_PERMISSION_ONLY));
    vd_json_set(o, "takesPolicy", vd_json_bool(a.flags & VD_ACTION_WRITES_POLICY));
    return o;
}

static vd_json *type_json(const vd_catalog *c, uint32_t type)
{
    vd_type_fact t = vd_catalog_type(c, type);
    vd_json     *o = vd_json_object(), *arns = vd_json_array();

    vd_json_set(o, "service", vd_json_string(vd_catalog_service(c, t.service).prefix));
    vd_json_set(o, "type", vd_json_string(t.name));
    for (uint32_t f = 0; f < t.formats; f++)
        vd_json_push(arns, vd_json_string(vd_catalog_format(c, type, f)));
    vd_json_set(o, "arns", arns);
    vd_json_set(o, "keys", keys_json(c, t.keys));
    return o;
}

static vd_json *key_json(const vd_catalog *c, uint32_t key)
{
    vd_key_fact k = vd_catalog_key(c, key);
    vd_json    *o = vd_json_object();

    vd_json_set(o, "key", vd_json_string(k.name));
    vd_json_set(o, "type", vd_json_string(vd_str_of(key_types[k.type])));
    vd_json_set(o, "multivalued", vd_json_bool(k.flags & VD_KEY_MANY));
    vd_json_set(o, "global", vd_json_bool(k.flags & VD_KEY_GLOBAL));
    vd_json_set(o, "group", k.group.n ? vd_json_string(k.group) : vd_json_null());
    vd_json_set(o, "wildcards", vd_json_bool(!(k.flags & VD_KEY_NO_WILDCARD)));
    return o;
}

static vd_json *list_of(const vd_catalog *c, const uint64_t *bits, uint32_t count, vd_json *(*one)(const vd_catalog *, uint32_t))
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < count; i++)
        if (vd_hit(bits, i))
            vd_json_push(list, one(c, i));
    return list;
}

void vd_hits_json(vd_cli *cli, vd_buf *out, const vd_hits *h)
{
    vd_json *root = vd_json_object(), *head = vd_json_object();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(root, "services", list_of(h->c, h->services, vd_catalog_services(h->c), service_json));
    vd_json_set(root, "actions", list_of(h->c, h->actions, vd_catalog_actions(h->c), action_json));
    vd_json_set(root, "resourceTypes", list_of(h->c, h->types, vd_catalog_types(h->c), type_json));
    vd_json_set(root, "keys", list_of(h->c, h->keys, vd_catalog_keys(h->c), key_json));
    if (vd_json_dump(out, root, 2) != VD_OK)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(out, '\n');
}

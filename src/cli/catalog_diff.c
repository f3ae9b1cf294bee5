/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict catalog diff: what is new, gone, and otherwise from one catalogue to another.
 */
#include "cli/catalog_update.h"

#include "base/str.h"
#include "cli/catalog_find.h"
#include "cli/outputs.h"
#include "text/json_write.h"

enum { TEXT = 512, KINDS = 4 };

static const char *const kinds[KINDS] = { "service", "action", "resource type", "key" };
static const char *const members[KINDS] = { "services", "actions", "resourceTypes", "keys" };

typedef struct line {
    char     sign; /* '+' '-' '~' */
    uint8_t  kind;
    vd_str   name, what;
} line;

typedef struct differ {
    vd_cli           *cli;
    vd_arena          arena;
    const vd_catalog *a, *b;
    line             *lines;
    uint32_t          count, cap;
    vd_buf            what; /* of the thing being compared */
    bool              failed;
} differ;

static void add(differ *d, char sign, uint8_t kind, vd_str name, vd_str what)
{
    line l = { .sign = sign, .kind = kind };

    if (!vd_arena_dup(&d->arena, &l.name, name) || !vd_arena_dup(&d->arena, &l.what, what) ||
        !VD_ARENA_PUSH(&d->arena, d->lines, d->count, d->cap, l))
        d->failed = true;
}

static void part(differ *d)
{
    if (d->what.n)
        vd_buf_add(&d->what, VD_S("; "));
}

/* ------------------------------------------------------------------ names of ids */

typedef vd_str namer(const vd_catalog *c, uint32_t id, char room[TEXT]);

static vd_str service_name(const vd_catalog *c, uint32_t id, char room[TEXT])
{
    VD_UNUSED(room);
    return vd_catalog_service(c, id).prefix;
}

static vd_str action_name(const vd_catalog *c, uint32_t id, char room[TEXT])
{
    return (vd_str){ room, vd_catalog_action_text(c, id, room, TEXT) };
}

static vd_str type_name(const vd_catalog *c, uint32_t id, char room[TEXT])
{
    vd_type_fact t = vd_catalog_type(c, id);
    vd_str       prefix = vd_catalog_service(c, t.service).prefix;

    if (prefix.n + 1 + t.name.n > TEXT)
        return t.name;
    memcpy(room, prefix.p, prefix.n);
    room[prefix.n] = ':';
    memcpy(room + prefix.n + 1, t.name.p, t.name.n);
    return (vd_str){ room, prefix.n + 1 + t.name.n };
}

static vd_str key_name(const vd_catalog *c, uint32_t id, char room[TEXT])
{
    VD_UNUSED(room);
    return vd_catalog_key(c, id).name;
}

static uint32_t find_type(const vd_catalog *c, vd_str text)
{
    vd_str   prefix;
    uint32_t service = vd_str_cut(&text, ':', &prefix) ? vd_catalog_find_service(c, prefix) : VD_NONE;

    return service == VD_NONE ? VD_NONE : vd_catalog_find_type(c, service, text);
}

/* ------------------------------------------------------------------ lists */

static bool holds(const vd_catalog *c, vd_ids list, namer *name, vd_str wanted)
{
    char room[TEXT];

    for (uint32_t i = 0; i < list.count; i++)
        if (vd_str_ieq(name(c, list.at[i], room), wanted))
            return true;
    return false;
}

static void compare_lists(differ *d, const char *label, vd_ids old, vd_ids new, namer *name)
{
    char room[TEXT];
    bool said = false;

    for (int side = 0; side < 2; side++) {
        const vd_catalog *from = side ? d->b : d->a, *to = side ? d->a : d->b;
        vd_ids            mine = side ? new : old, other = side ? old : new;

        for (uint32_t i = 0; i < mine.count; i++) {
            vd_str text = name(from, mine.at[i], room);

            if (holds(to, other, name, text))
                continue;
            if (!said) {
                part(d);
                vd_buf_printf(&d->what, "%s", label);
                said = true;
            }
            vd_buf_printf(&d->what, " %c" VD_F, side ? '+' : '-', VD_A(text));
        }
    }
}

static void compare_texts(differ *d, const char *label, vd_str old, vd_str new)
{
    if (vd_str_eq(old, new))
        return;
    part(d);
    vd_buf_printf(&d->what, "%s \"" VD_F "\" to \"" VD_F "\"", label, VD_A(old), VD_A(new));
}

/* ------------------------------------------------------------------ things that are in both */

static void compare_service(differ *d, uint32_t old, uint32_t new)
{
    vd_service_fact a = vd_catalog_service(d->a, old), b = vd_catalog_service(d->b, new);

    compare_texts(d, "title", a.title, b.title);
    compare_texts(d, "category", a.category, b.category);
    if (a.rcp != b.rcp) {
        part(d);
        vd_buf_printf(&d->what, "%s reached by resource control policies", b.rcp ? "now" : "no longer");
    }
}

static void compare_action(differ *d, uint32_t old, uint32_t new)
{
    vd_action_fact a = vd_catalog_action(d->a, old), b = vd_catalog_action(d->b, new);

    if (a.level != b.level) {
        part(d);
        vd_buf_printf(&d->what, "level %s to %s", vd_level_words[a.level], vd_level_words[b.level]);
    }
    compare_lists(d, "resource types", a.types, b.types, type_name);
    compare_lists(d, "required", a.required, b.required, type_name);
    compare_lists(d, "keys", a.keys, b.keys, key_name);
    compare_lists(d, "depends on", a.depends, b.depends, action_name);
}

static void compare_type(differ *d, uint32_t old, uint32_t new)
{
    vd_type_fact a = vd_catalog_type(d->a, old), b = vd_catalog_type(d->b, new);

    for (uint32_t i = 0; i < a.formats || i < b.formats; i++)
        compare_texts(d, "arn", i < a.formats ? vd_catalog_format(d->a, old, i) : VD_S(""),
                      i < b.formats ? vd_catalog_format(d->b, new, i) : VD_S(""));
    compare_lists(d, "keys", a.keys, b.keys, key_name);
}

static void compare_key(differ *d, uint32_t old, uint32_t new)
{
    static const char *const types[] = { "string", "arn", "numeric", "date", "bool", "ip-address", "binary" };
    vd_key_fact              a = vd_catalog_key(d->a, old), b = vd_catalog_key(d->b, new);

    compare_texts(d, "type", vd_str_of(types[a.type]), vd_str_of(types[b.type]));
    if ((a.flags ^ b.flags) & VD_KEY_MANY) {
        part(d);
        vd_buf_printf(&d->what, "%s multivalued", b.flags & VD_KEY_MANY ? "now" : "no longer");
    }
    compare_texts(d, "group", a.group, b.group);
}

/* ------------------------------------------------------------------ the walk */

static const struct {
    uint32_t (*count)(const vd_catalog *);
    namer *name;
    uint32_t (*find)(const vd_catalog *, vd_str);
    void (*compare)(differ *, uint32_t, uint32_t);
} walks[KINDS] = {
    { vd_catalog_services, service_name, vd_catalog_find_service, compare_service },
    { vd_catalog_actions, action_name, vd_catalog_find, compare_action },
    { vd_catalog_types, type_name, find_type, compare_type },
    { vd_catalog_keys, key_name, vd_catalog_find_key, compare_key },
};

static void compare(differ *d, uint8_t kind)
{
    char room[TEXT];

    for (uint32_t i = 0; i < walks[kind].count(d->b); i++) {
        vd_str   name = walks[kind].name(d->b, i, room);
        uint32_t old = walks[kind].find(d->a, name);

        if (old == VD_NONE) {
            add(d, '+', kind, name, (vd_str){ "", 0 });
            continue;
        }
        d->what.n = 0;
        walks[kind].compare(d, old, i);
        if (d->what.n)
            add(d, '~', kind, walks[kind].name(d->b, i, room), vd_buf_str(&d->what));
    }
    for (uint32_t i = 0; i < walks[kind].count(d->a); i++) {
        vd_str name = walks[kind].name(d->a, i, room);

        if (walks[kind].find(d->b, name) == VD_NONE)
            add(d, '-', kind, name, (vd_str){ "", 0 });
    }
}

/* ------------------------------------------------------------------ output */

static void print_text(const differ *d, vd_buf *out)
{
    static const vd_tone tones[] = { VD_TONE_GOOD, VD_TONE_BAD, VD_TONE_CARE };

    for (uint32_t i = 0; i < d->count; i++) {
        const line *l = &d->lines[i];
        char        sign[2] = { l->sign, 0 };

        vd_look_put(out, &d->cli->look, tones[l->sign == '+' ? 0 : l->sign == '-' ? 1 : 2], vd_str_of(sign));
        vd_buf_printf(out, " %s " VD_F, kinds[l->kind], VD_A(l->name));
        if (l->what.n) {
            vd_buf_add(out, VD_S("  "));
            vd_buf_add(out, l->what);
        }
        vd_buf_byte(out, '\n');
    }
}

static vd_json *side_json(const vd_catalog *c)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "date", vd_json_string(vd_catalog_date(c)));
    vd_json_set(o, "source", vd_json_string(vd_catalog_source(c)));
    vd_json_set(o, "digest", vd_json_string(vd_catalog_digest(c)));
    return o;
}

static vd_json *names_json(const differ *d, char sign)
{
    vd_json *o = vd_json_object();

    for (uint8_t kind = 0; kind < KINDS; kind++) {
        vd_json *list = vd_json_array();

        for (uint32_t i = 0; i < d->count; i++)
            if (d->lines[i].sign == sign && d->lines[i].kind == kind)
                vd_json_push(list, vd_json_string(d->lines[i].name));
        vd_json_set(o, members[kind], list);
    }
    return o;
}

static void print_json(const differ *d, vd_buf *out)
{
    vd_json *root = vd_json_object(), *head = vd_json_object(), *changed = vd_json_array();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(root, "from", side_json(d->a));
    vd_json_set(root, "to", side_json(d->b));
    vd_json_set(root, "added", names_json(d, '+'));
    vd_json_set(root, "removed", names_json(d, '-'));
    for (uint32_t i = 0; i < d->count; i++) {
        vd_json *o;

        if (d->lines[i].sign != '~')
            continue;
        o = vd_json_object();
        vd_json_set(o, "kind", vd_json_string(vd_str_of(d->lines[i].kind == 2 ? "resource-type" : kinds[d->lines[i].kind])));
        vd_json_set(o, "name", vd_json_string(d->lines[i].name));
        vd_json_set(o, "what", vd_json_string(d->lines[i].what));
        vd_json_push(changed, o);
    }
    vd_json_set(root, "changed", changed);
    if (vd_json_dump(out, root, 2) != VD_OK)
        vd_cli_errorf(d->cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(out, '\n');
}

static void print(differ *d)
{
    vd_outputs outputs;

    if (d->failed || d->what.failed) {
        vd_cli_errorf(d->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return;
    }
    if (!vd_outputs_open(&outputs, d->cli, "text"))
        return;
    for (size_t i = 0; i < outputs.count; i++)
        (vd_output_is(&outputs, i, "json") ? print_json : print_text)(d, vd_output_buf(&outputs, i));
    vd_outputs_close(&outputs);
}

/* "builtin" or a file. */
static const vd_catalog *open_side(vd_cli *cli, const char *path, vd_catalog **own)
{
    vd_error err = { .size = sizeof err };
    vd_code  code;

    if (strcmp(path, "builtin") == 0)
        return vd_catalog_builtin();
    code = vd_catalog_load(own, vd_allocator_default(), path, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return *own;
}

vd_exit vd_catalog_diff_command(vd_cli *cli)
{
    differ      d = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0), .what = vd_buf_on(vd_allocator_default(), 0) };
    vd_catalog *own[2] = { 0 };

    if (cli->args.word_count != 3) {
        vd_cli_usage(cli, "catalog diff needs two catalogues: files, or the word builtin");
    } else {
        d.a = open_side(cli, cli->args.words[1], &own[0]);
        d.b = open_side(cli, cli->args.words[2], &own[1]);
        for (uint8_t kind = 0; d.a && d.b && kind < KINDS; kind++)
            compare(&d, kind);
        if (d.a && d.b)
            print(&d);
    }
    vd_catalog_close(own[0]);
    vd_catalog_close(own[1]);
    vd_buf_done(&d.what);
    vd_arena_done(&d.arena);
    return cli->worst;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * services/<prefix>.tsv: one service with its keys, resource types, actions (grammar and meaning: data/catalog/README.md).
 * All is checked here: order, uniqueness, references.
 */
#include "catalog/build_int.h"

#include "base/str.h"

enum { MOST_ACTIONS = 65535, MOST_TYPES = 32767, LONGEST_ACTION = 64, MOST_IN_ALL = 1000000 };

typedef struct reader {
    vd_build_line     line;
    vd_build         *b;
    vd_build_service *s;
    uint32_t          id;   /* of the service */
    char              kind; /* of the record before */
    vd_str            last; /* its name */
} reader;

static bool all_of(vd_str s, const char *others, bool capitals)
{
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'z') && !(capitals && s.p[i] >= 'A' && s.p[i] <= 'Z') &&
            !strchr(others, s.p[i]))
            return false;
    return s.n > 0;
}

/* Sorted by lowered bytes, ties by the bytes; here even names that differ only in case are one too many, for nobody
 * could find the second. */
static vd_code in_order(reader *r, vd_str name)
{
    static const char order[] = "SKRA";
    char              kind = r->line.field[0].p[0];

    if (r->kind == kind && vd_str_icmp(r->last, name) >= 0)
        return vd_build_bad(&r->line, "out of order or there twice:", name);
    if (strchr(order, kind) < strchr(order, r->kind))
        return vd_build_bad(&r->line, "the records S, K, R, A are out of order at", name);
    r->kind = kind;
    r->last = name;
    return VD_OK;
}

static vd_code read_keys(reader *r, vd_build_ids *to, vd_str list)
{
    vd_str name, last = { 0 };
    bool   more = list.n > 0;

    while (more) {
        uint32_t id;

        more = vd_str_cut(&list, ' ', &name);
        if (!more)
            name = list;
        id = vd_intern_find(&r->b->key_names, name);
        if (id == VD_NONE || r->b->keys[id].service != r->id + 1)
            return vd_build_bad(&r->line, "this file has no key", name);
        if (last.p && vd_str_icmp(last, name) >= 0)
            return vd_build_bad(&r->line, "out of order or there twice:", name);
        last = name;
        VD_TRY(vd_build_add_id(r->b, to, id));
    }
    return VD_OK;
}

static vd_code read_service(reader *r)
{
    const vd_str *f = r->line.field;
    vd_str        file = vd_str_from(r->line.file, strlen("services/"));

    if (r->s->prefix.n)
        return vd_build_bad(&r->line, "a second service in one file:", f[1]);
    if (!all_of(f[1], "-", false) || !vd_str_eq(vd_str_first(file, vd_str_rfind(file, '.')), f[1]))
        return vd_build_bad(&r->line, "not the prefix that the file is named after:", f[1]);
    if (f[2].n == 0 || !all_of(f[3], "-", false))
        return vd_build_bad(&r->line, "a service needs a title and a category:", f[1]);
    if (f[4].n && !vd_str_eq(f[4], VD_S("rcp")))
        return vd_build_bad(&r->line, "unknown flag", f[4]);
    r->s->prefix = f[1];
    r->s->title = f[2];
    r->s->category = f[3];
    r->s->rcp = f[4].n > 0;
    return VD_OK;
}

static vd_code read_key(reader *r)
{
    const vd_str *f = r->line.field;
    vd_build_key *k;
    uint32_t      id, type;
    bool          many;

    if (f[1].n == 0 || vd_str_find(f[1], ' ') != f[1].n)
        return vd_build_bad(&r->line, "not the name of a key:", f[1]);
    if (!vd_build_key_type(f[2], &type, &many))
        return vd_build_bad(&r->line, "no type of a key:", f[2]);
    id = vd_build_key_id(r->b, f[1]);
    if (id == VD_NONE)
        return vd_fail_nomem(r->b->err);
    k = &r->b->keys[id];
    k->type = k->type == VD_NONE || k->type == type ? type : VD_KEY_STRING; /* services that do not agree */
    k->flags |= many ? (uint32_t)VD_KEY_MANY : 0;
    k->service = r->id + 1;
    r->b->found.keys++;
    return vd_build_add_id(r->b, &r->s->keys, id);
}

static vd_code read_type(reader *r)
{
    const vd_str *f = r->line.field;
    vd_build_type t = { .name = f[1], .formats = f[2], .service = r->id };
    vd_str        rest = f[2], one;
    bool          more = true;

    if (f[1].n == 0 || vd_str_find(f[1], ',') != f[1].n || vd_str_find(f[1], '*') != f[1].n)
        return vd_build_bad(&r->line, "not the name of a resource type:", f[1]);
    while (more) {
        more = vd_str_cut(&rest, ' ', &one);
        if (!vd_str_starts(more ? one : rest, VD_S("arn:")))
            return vd_build_bad(&r->line, "not the format of an ARN:", more ? one : rest);
    }
    if (r->s->types == MOST_TYPES)
        return vd_build_bad(&r->line, "too many resource types in", r->s->prefix);
    VD_TRY(read_keys(r, &t.keys, f[3]));
    r->s->types++;
    return VD_BUILD_PUSH(r->b, r->b->types, r->b->type_count, r->b->type_cap, t);
}

static vd_code read_level(const reader *r, vd_str text, uint8_t *level)
{
    static const char letters[] = "LRTWP"; /* in the order of vd_level */
    const char       *at = text.n == 1 ? strchr(letters, text.p[0]) : NULL;

    if (!at)
        return vd_build_bad(&r->line, "no access level:", text);
    *level = (uint8_t)(at - letters);
    return VD_OK;
}

static vd_code read_uses(reader *r, vd_build_action *a, vd_str list)
{
    vd_str name;
    bool   more = list.n > 0;

    while (more) {
        bool     required;
        uint32_t type, before = a->types.count;

        more = vd_str_cut(&list, ',', &name);
        if (!more)
            name = list;
        required = vd_str_ends(name, VD_S("*"));
        if (required)
            name.n--;
        type = vd_build_find_type(r->b, r->id, name);
        if (type == VD_NONE)
            return vd_build_bad(&r->line, "this file has no resource type", name);
        VD_TRY(vd_build_add_id(r->b, &a->types, type));
        if (a->types.count == before || a->types.at[before] != type)
            return vd_build_bad(&r->line, "out of order or there twice:", name);
        if (required)
            VD_TRY(vd_build_add_id(r->b, &a->required, type));
    }
    return VD_OK;
}

static vd_code read_action(reader *r)
{
    const vd_str   *f = r->line.field;
    vd_build_action a = { .name = f[1], .service = r->id };

    if (!all_of(f[1], "-", true) || f[1].n > LONGEST_ACTION)
        return vd_build_bad(&r->line, "not the name of an action:", f[1]);
    if (r->s->actions == MOST_ACTIONS || r->b->action_count == MOST_IN_ALL)
        return vd_build_bad(&r->line, "too many actions in", r->s->prefix);
    VD_TRY(read_level(r, f[2], &a.level));
    VD_TRY(read_uses(r, &a, f[3]));
    VD_TRY(read_keys(r, &a.keys, f[4]));
    r->s->actions++;
    return VD_BUILD_PUSH(r->b, r->b->actions, r->b->action_count, r->b->action_cap, a);
}

static vd_code read_use(reader *r)
{
    const vd_str    *f = r->line.field;
    vd_build_action *a = r->s->actions ? &r->b->actions[r->b->action_count - 1] : NULL;
    vd_build_use     u = { .type = vd_build_find_type(r->b, r->id, f[1]) };
    bool             listed = false;

    for (uint32_t i = 0; a && i < a->types.count; i++)
        listed = listed || a->types.at[i] == u.type;
    if (!listed || f[2].n == 0)
        return vd_build_bad(&r->line, "the action above does not list", f[1]);
    if (a->use_count && a->uses[a->use_count - 1].type >= u.type)
        return vd_build_bad(&r->line, "out of order or there twice:", f[1]);
    VD_TRY(read_keys(r, &u.keys, f[2]));
    r->b->found.uses++;
    return VD_BUILD_PUSH(r->b, a->uses, a->use_count, a->use_cap, u);
}

static const struct {
    char     tag;
    uint32_t least, most; /* fields */
    vd_code (*read)(reader *);
} records[] = {
    { 'S', 4, 5, read_service }, { 'K', 3, 3, read_key }, { 'R', 3, 4, read_type },
    { 'A', 3, 5, read_action },  { 'U', 3, 3, read_use },
};

static vd_code read_record(reader *r)
{
    vd_str tag = r->line.field[0];

    for (size_t i = 0; i < VD_COUNT(records); i++) {
        if (tag.n != 1 || tag.p[0] != records[i].tag)
            continue;
        if (r->line.fields < records[i].least || r->line.fields > records[i].most)
            return vd_build_bad(&r->line, "wrong number of fields in a record", tag);
        if (!r->s->prefix.n && tag.p[0] != 'S')
            break;
        if (tag.p[0] != 'U')
            VD_TRY(in_order(r, r->line.field[1]));
        return records[i].read(r);
    }
    return vd_build_bad(&r->line, "not a record of a service:", tag);
}

vd_code vd_build_service_file(vd_build *b, const vd_catalog_text *file)
{
    reader r = { .line = vd_build_lines(b, file), .b = b, .id = b->service_count, .kind = 'S' };
    bool   more;

    if (b->service_count == UINT16_MAX)
        return vd_fail(b->err, VD_ELIMIT, "more than %d services", UINT16_MAX);
    VD_TRY(VD_BUILD_PUSH(b, b->services, b->service_count, b->service_cap,
                         (vd_build_service){ .first_action = b->action_count, .first_type = b->type_count }));
    r.s = &b->services[r.id];
    for (;;) {
        VD_TRY(vd_build_next(&r.line, &more));
        if (!more)
            break;
        VD_TRY(read_record(&r));
    }
    if (r.s->prefix.n == 0)
        return vd_fail_at(b->err, VD_ESYNTAX, (vd_pos){ .file = file->name }, "no service in this file");
    b->found.services++;
    b->found.types += r.s->types;
    b->found.actions += r.s->actions;
    return VD_OK;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of the work: the manifest, the services by prefix, the overlays, the tables; then the block.  And what the
 * readers of all these share: lines, and finding what was read before.
 */
#include "catalog/build_int.h"

#include "base/str.h"
#include "base/utf8.h"

#include <stdlib.h>

static vd_pos here(const vd_build_line *l)
{
    return (vd_pos){ .file = l->file, .line = l->number, .column = 1 };
}

vd_code vd_build_bad(const vd_build_line *l, const char *what, vd_str quoted)
{
    return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "%s \"" VD_F "\"", what, VD_A(quoted));
}

vd_build_line vd_build_lines(vd_build *b, const vd_catalog_text *file)
{
    return (vd_build_line){ .b = b, .file = file->name, .rest = file->text };
}

static vd_code split(vd_build_line *l, vd_str line)
{
    vd_str field;
    bool   more = true;

    for (l->fields = 0; more; l->fields++) {
        if (l->fields == VD_BUILD_FIELDS)
            return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "more than %d fields", VD_BUILD_FIELDS);
        more = vd_str_cut(&line, '\t', &field);
        l->field[l->fields] = more ? field : line;
    }
    for (uint32_t i = l->fields; i < VD_BUILD_FIELDS; i++)
        l->field[i] = (vd_str){ line.p + line.n, 0 };
    return VD_OK;
}

vd_code vd_build_next_row(vd_build_line *l, bool *more)
{
    vd_str line;

    *more = l->rest.n > 0;
    if (!*more)
        return VD_OK;
    l->number++;
    if (!vd_str_cut(&l->rest, '\n', &line))
        return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "the last line has no end");
    if (line.n == 0)
        return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "an empty line");
    for (size_t i = 0; i < line.n; i++)
        if (((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') || line.p[i] == 0x7f)
            return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "a control character");
    if (vd_utf8_invalid(line) != line.n)
        return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "not UTF-8");
    return split(l, line);
}

vd_code vd_build_next(vd_build_line *l, bool *more)
{
    VD_TRY(vd_build_next_row(l, more));
    if (!*more)
        return VD_OK;
    for (uint32_t f = 0; f < l->fields; f++)
        for (size_t i = 0; i < l->field[f].n; i++)
            if ((unsigned char)l->field[f].p[i] >= 0x80)
                return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "only ASCII is allowed here");
    if (l->field[l->fields - 1].n == 0)
        return vd_fail_at(l->b->err, VD_ESYNTAX, here(l), "a tab at the end of the line");
    return VD_OK;
}

vd_code vd_build_add_id(vd_build *b, vd_build_ids *ids, uint32_t id)
{
    uint32_t at = ids->count;

    while (at > 0 && ids->at[at - 1] > id)
        at--;
    if (at > 0 && ids->at[at - 1] == id)
        return VD_OK;
    VD_TRY(VD_BUILD_PUSH(b, ids->at, ids->count, ids->cap, id));
    memmove(ids->at + at + 1, ids->at + at, (ids->count - 1 - at) * sizeof *ids->at);
    ids->at[at] = id;
    return VD_OK;
}

uint32_t vd_build_key_id(vd_build *b, vd_str name)
{
    uint32_t id;

    if (!vd_intern_add(&b->key_names, b->alloc, name, &id))
        return VD_NONE;
    if (id == b->key_count &&
        VD_BUILD_PUSH(b, b->keys, b->key_count, b->key_cap, (vd_build_key){ .name = name, .type = VD_NONE }) != VD_OK)
        return VD_NONE;
    return id;
}

bool vd_build_key_type(vd_str name, uint32_t *type, bool *many)
{
    static const struct {
        vd_str   name;
        uint32_t type;
        bool     may_be_many;
    } types[] = {
        { VD_L("String"), VD_KEY_STRING, true },    { VD_L("ARN"), VD_KEY_ARN, true },
        { VD_L("Bool"), VD_KEY_BOOL, true },        { VD_L("Numeric"), VD_KEY_NUMERIC, true },
        { VD_L("Date"), VD_KEY_DATE, true },        { VD_L("IPAddress"), VD_KEY_IP, true },
        { VD_L("Binary"), VD_KEY_BINARY, true },
    };

    *many = vd_str_starts(name, VD_S("ArrayOf"));
    if (*many)
        name = vd_str_from(name, strlen("ArrayOf"));
    for (size_t i = 0; i < VD_COUNT(types); i++)
        if (vd_str_eq(name, types[i].name)) {
            *type = types[i].type;
            return !*many || types[i].may_be_many;
        }
    return false;
}

uint32_t vd_build_find_service(const vd_build *b, vd_str prefix)
{
    uint32_t low = 0, high = b->service_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      c = vd_str_icmp(prefix, b->services[middle].prefix);

        if (c == 0)
            return middle;
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return VD_NONE;
}

uint32_t vd_build_find_action(const vd_build *b, vd_str text)
{
    vd_str   prefix, name = text;
    uint32_t service = vd_str_cut(&name, ':', &prefix) ? vd_build_find_service(b, prefix) : VD_NONE;
    uint32_t low, high;

    if (service == VD_NONE)
        return VD_NONE;
    low = b->services[service].first_action;
    high = low + b->services[service].actions;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      c = vd_str_icmp(name, b->actions[middle].name);

        if (c == 0)
            return middle;
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return VD_NONE;
}

uint32_t vd_build_find_type(const vd_build *b, uint32_t service, vd_str name)
{
    const vd_build_service *s = &b->services[service];

    for (uint32_t i = s->first_type; i < s->first_type + s->types; i++)
        if (vd_str_ieq(b->types[i].name, name))
            return i;
    return VD_NONE;
}

/* ------------------------------------------------------------------ the manifest */

static bool number(vd_str text, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.n; i++)
        *out = *out * 10 + (uint32_t)(text.p[i] - '0');
    return vd_str_all_digits(text) && text.n < 9;
}

static vd_code read_count(vd_build *b, const vd_build_line *l, bool *known)
{
    const struct {
        vd_str    name;
        uint32_t *to;
    } counts[] = {
        { VD_L("services"), &b->told.services }, { VD_L("keys"), &b->told.keys }, { VD_L("resource-types"), &b->told.types },
        { VD_L("actions"), &b->told.actions },   { VD_L("uses"), &b->told.uses },
    };

    for (size_t i = 0; i < VD_COUNT(counts); i++)
        if (vd_str_eq(l->field[0], counts[i].name)) {
            *known = true;
            return number(l->field[1], counts[i].to) ? VD_OK : vd_build_bad(l, "not a number:", l->field[1]);
        }
    return VD_OK;
}

static vd_code read_manifest(vd_build *b, const vd_catalog_text *file)
{
    vd_build_line l = vd_build_lines(b, file);
    vd_str        source = { 0 }, version = { 0 };
    bool          more, format = false;

    for (;;) {
        bool known = false;

        VD_TRY(vd_build_next(&l, &more));
        if (!more)
            break;
        VD_TRY(read_count(b, &l, &known));
        if (vd_str_eq(l.field[0], VD_S("format"))) {
            if (!vd_str_eq(l.field[1], VD_S("verdict-catalog 1")))
                return vd_build_bad(&l, "not a format this program reads:", l.field[1]);
            format = true;
        } else if (vd_str_eq(l.field[0], VD_S("source"))) {
            source = l.field[1];
        } else if (vd_str_eq(l.field[0], VD_S("source-version"))) {
            version = l.field[1];
        } else if (vd_str_eq(l.field[0], VD_S("source-date"))) {
            b->date = l.field[1];
        } else if (!known) {
            return vd_build_bad(&l, "the manifest knows no", l.field[0]);
        }
    }
    if (!format)
        return vd_fail_at(b->err, VD_ESYNTAX, (vd_pos){ .file = file->name }, "the manifest names no format");
    return vd_arena_printf(&b->arena, &b->origin, VD_F "%s" VD_F, VD_A(source), version.n ? " " : "", VD_A(version))
               ? VD_OK
               : vd_fail_nomem(b->err);
}

static vd_code check_counts(vd_build *b)
{
    const struct {
        const char *name;
        uint32_t    told, found;
    } counts[] = {
        { "services", b->told.services, b->found.services }, { "keys", b->told.keys, b->found.keys },
        { "resource-types", b->told.types, b->found.types }, { "actions", b->told.actions, b->found.actions },
        { "uses", b->told.uses, b->found.uses },
    };

    for (size_t i = 0; i < VD_COUNT(counts); i++)
        if (counts[i].told != counts[i].found)
            return vd_fail_at(b->err, VD_ESYNTAX, (vd_pos){ .file = VD_S("MANIFEST.tsv") },
                              "the manifest tells of %u %s, the files have %u", counts[i].told, counts[i].name,
                              counts[i].found);
    return VD_OK;
}

/* ------------------------------------------------------------------ the files in order */

/* "services/aws.tsv" before "services/aws-x.tsv": names without their ending are compared. */
static int by_name(const void *a, const void *b)
{
    vd_str x = ((const vd_catalog_text *)a)->name, y = ((const vd_catalog_text *)b)->name;

    return vd_str_icmp(vd_str_first(x, vd_str_rfind(x, '.')), vd_str_first(y, vd_str_rfind(y, '.')));
}

static vd_code each(vd_build *b, const char *folder, const char *ending,
                    vd_code (*read)(vd_build *, const vd_catalog_text *))
{
    for (uint32_t i = 0; i < b->file_count; i++)
        if (vd_str_starts(b->files[i].name, vd_str_of(folder)) && vd_str_ends(b->files[i].name, vd_str_of(ending)))
            VD_TRY(read(b, &b->files[i]));
    return VD_OK;
}

static vd_code build(vd_build *b, vd_str *out)
{
    VD_TRY(each(b, "MANIFEST", ".tsv", read_manifest));
    if (b->origin.n == 0)
        return vd_fail(b->err, VD_ENOTFOUND, "there is no MANIFEST.tsv");
    VD_TRY(each(b, "services/", ".tsv", vd_build_service_file));
    VD_TRY(check_counts(b));
    VD_TRY(each(b, "overlay/", ".tsv", vd_build_overlay));
    VD_TRY(each(b, "tables/", ".tsv", vd_build_table));
    VD_TRY(each(b, "tables/", ".json", vd_build_document));
    VD_TRY(each(b, "tables/techniques", ".json", vd_build_techniques));
    return vd_build_write(b, out);
}

vd_code vd_catalog_build(vd_str *out, const vd_allocator *a, const vd_catalog_text *files, uint32_t count,
                         vd_catalog_note *note, void *user, vd_error *err)
{
    vd_build         b = { .alloc = a, .arena = vd_arena_on(a, 0), .note = note, .user = user, .err = err,
                           .key_names = { .seed = 1, .fold = true } };
    vd_catalog_text *sorted = vd_arena_new_array(&b.arena, vd_catalog_text, count + 1);
    vd_code          code;

    *out = (vd_str){ 0 };
    if (sorted) {
        memcpy(sorted, files, count * sizeof *files);
        qsort(sorted, count, sizeof *sorted, by_name);
        b.files = sorted;
        b.file_count = count;
    }
    code = sorted ? build(&b, out) : vd_fail_nomem(err);
    vd_intern_done(&b.key_names, a);
    vd_arena_done(&b.arena);
    return code;
}

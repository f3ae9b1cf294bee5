/* SPDX-License-Identifier: Apache-2.0
 *
 * Managed policies of AWS that somebody attaches: those that there are not, and those that grant too much or are no longer
 * kept up.  The same for all formats, once the whole file is read.
 */
#include "base/str.h"
#include "base/suggest.h"
#include "catalog/catalog.h"
#include "extract/formats.h"

enum { COLUMN_NAME, COLUMN_PATH, COLUMN_STATUS };
enum { MOST_SUGGESTIONS = 20 }; /* of one file: each goes over all names */

typedef struct attached {
    const vd_input    *in;
    const vd_attached *at;
    vd_sheet           names;
    vd_str             path, name; /* "/service-role/", "AWSLambdaBasicExecutionRole" */
    uint32_t           row;        /* of the name; VD_NONE: there is none */
    uint32_t           suggested;
} attached;

static bool is_powerful(vd_str name)
{
    static const vd_str names[] = { VD_L("AdministratorAccess"), VD_L("IAMFullAccess"), VD_L("PowerUserAccess") };

    for (size_t i = 0; i < VD_COUNT(names); i++)
        if (vd_str_eq(names[i], name))
            return true;
    return false;
}

/* "arn:P:iam::aws:policy/service-role/Name": the path with both slashes and the name.  False: none of AWS. */
static bool split(attached *a)
{
    vd_str rest = a->at->arn, field;
    size_t slash;

    a->path = VD_S("");
    a->name = rest;
    if (vd_str_find(rest, ':') == rest.n) /* SAM takes the name alone */
        return rest.n > 0 && vd_str_find(rest, '/') == rest.n;
    for (int i = 0; i < 5; i++) {
        static const vd_str wanted[] = { VD_L("arn"), VD_L(""), VD_L("iam"), VD_L(""), VD_L("aws") };

        if (!vd_str_cut(&rest, ':', &field) || (i != 1 && !vd_str_eq(field, wanted[i])))
            return false;
    }
    if (!vd_str_starts(rest, VD_S("policy/")))
        return false;
    rest = vd_str_from(rest, 6);
    slash = vd_str_rfind(rest, '/');
    a->path = vd_str_first(rest, slash + 1);
    a->name = vd_str_from(rest, slash + 1);
    return a->name.n > 0;
}

static void find(attached *a)
{
    vd_run rows = vd_sheet_find(a->names, a->name);

    a->row = VD_NONE;
    for (uint32_t i = 0; i < rows.count; i++)
        if (vd_str_eq(vd_sheet_cell(a->names, rows.first + i, COLUMN_NAME), a->name))
            a->row = rows.first + i;
}

static vd_remark *remark(const attached *a, const char *rule)
{
    vd_extraction *x = a->in->x;
    vd_remark      r = { .rule = vd_str_of(rule), .at = a->at->at, .container = a->at->container, .hint = VD_S("") };

    return VD_ARENA_PUSH(&x->arena, x->remarks, x->remark_count, x->remark_cap, r) ? &x->remarks[x->remark_count - 1]
                                                                                   : NULL;
}

/* The place of "path/name" in the file, when it is written there as it is. */
static bool patch(const attached *a, vd_remark *r, vd_str path, vd_str name)
{
    vd_str old, token = { a->in->doc->source->text.p, a->in->doc->source->text.n };
    size_t i = 0;

    if (a->in->doc->source->outer || a->in->doc->source->offset)
        return true;
    token = vd_str_first(vd_str_from(token, r->at.offset), r->at.length);
    old = a->path.n ? (vd_str){ a->path.p + 1, a->path.n - 1 + a->name.n } : a->name;
    while (i + old.n <= token.n && memcmp(token.p + i, old.p, old.n) != 0)
        i++;
    if (i + old.n > token.n)
        return true;
    r->fix = (vd_patch){ .offset = r->at.offset + (uint32_t)i, .length = (uint32_t)old.n };
    return vd_arena_printf(&a->in->x->arena, &r->fix.text, VD_F VD_F, VD_A(vd_str_from(path, 1)), VD_A(name));
}

static bool tell_unknown(const attached *a, uint32_t meant)
{
    vd_remark *r = remark(a, "managed-policy-unknown");
    vd_str     path, name;

    if (!r)
        return false;
    if (meant == VD_NONE)
        return vd_arena_printf(&a->in->x->arena, &r->text, "AWS has no managed policy " VD_F "; the deployment fails",
                               VD_A(a->at->arn));
    path = vd_sheet_cell(a->names, meant, COLUMN_PATH);
    name = vd_sheet_cell(a->names, meant, COLUMN_NAME);
    if (vd_str_eq(path, VD_S("?")))
        path = VD_S("/");
    return vd_arena_printf(&a->in->x->arena, &r->text,
                           "AWS has no managed policy " VD_F ", did you mean policy" VD_F VD_F "?; the deployment fails",
                           VD_A(a->at->arn), VD_A(path), VD_A(name)) &&
           patch(a, r, path, name);
}

/* The closest name; VD_NONE: none is close. */
static uint32_t closest(attached *a)
{
    vd_str  *names = vd_arena_new_array(&a->in->x->arena, vd_str, a->names.rows + 1);
    uint32_t found;

    if (!names || a->suggested++ >= MOST_SUGGESTIONS || a->name.n > 128)
        return VD_NONE;
    for (uint32_t i = 0; i < a->names.rows; i++)
        names[i] = vd_sheet_cell(a->names, i, COLUMN_NAME);
    found = (uint32_t)vd_suggest(a->name, names, a->names.rows);
    return found < a->names.rows ? found : VD_NONE;
}

/* "Role" of "Role.ManagedPolicyArns[0]". */
static vd_str owner_of(vd_str container)
{
    size_t dot = vd_str_rfind(container, '.');

    return vd_str_ends(container, VD_S("]")) ? vd_str_first(container, dot) : container;
}

static bool check_one(attached *a)
{
    vd_remark *r;
    vd_str     path;
    bool       deprecated;

    if (!split(a))
        return true;
    find(a);
    if (a->row == VD_NONE)
        return tell_unknown(a, closest(a));
    path = vd_sheet_cell(a->names, a->row, COLUMN_PATH);
    if (a->path.n && !vd_str_eq(path, VD_S("?")) && !vd_str_eq(path, a->path))
        return tell_unknown(a, a->row);
    deprecated = vd_str_eq(vd_sheet_cell(a->names, a->row, COLUMN_STATUS), VD_S("deprecated"));
    if (!deprecated && !is_powerful(a->name))
        return true;
    r = remark(a, "managed-policy-risky");
    return r && vd_arena_printf(&a->in->x->arena, &r->text, VD_F "%s attached to " VD_F, VD_A(a->name),
                                deprecated ? ", which AWS has deprecated, is" : "", VD_A(owner_of(a->at->container)));
}

bool vd_extract_check_attached(const vd_input *in, uint32_t first)
{
    const vd_catalog *catalog = in->opts ? in->opts->catalog : NULL;
    attached          a = { .in = in };

    if (!catalog)
        return true;
    a.names = vd_catalog_sheet(catalog, VD_S("managed-policies"));
    for (uint32_t i = first; a.names.rows && i < in->x->attached_count; i++) {
        a.at = &in->x->attached[i];
        if (!check_one(&a))
            return false;
    }
    return true;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * SARIF 2.1.0 in the one form that all commands print it in.
 */
#include "render/sarif.h"

#include "base/str.h"
#include "base/utf8.h"
#include "render/escape.h"
#include "render/look.h"
#include "render/parts.h"

#include <verdict/verdict.h>

enum { MOST_SNIPPET = 400 /* characters */ };

vd_json *vd_sarif_text(vd_json *text)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "text", text);
    return o;
}

static vd_str cut(vd_str s, uint32_t most)
{
    size_t n = 0;

    for (uint32_t i = 0; i < most && n < s.n; i++) {
        uint32_t cp, length = vd_utf8_next(vd_str_from(s, n), &cp);

        n += length ? length : 1;
    }
    return vd_str_first(s, n);
}

/* Made safe and cut. */
vd_json *vd_sarif_safe(vd_str s, uint32_t most)
{
    vd_buf   safe = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    vd_look_safe(&safe, cut(s, most));
    v = safe.failed ? NULL : vd_json_string(cut(vd_buf_str(&safe), most));
    vd_buf_done(&safe);
    return v;
}

vd_json *vd_sarif_artifact(vd_str file)
{
    vd_json *o = vd_json_object();
    vd_buf   uri = vd_buf_on(vd_allocator_default(), 0);

    vd_put_uri(&uri, file);
    vd_json_set(o, "uri", uri.failed ? NULL : vd_json_string(vd_buf_str(&uri)));
    if (!vd_str_starts(file, VD_S("/")))
        vd_json_set(o, "uriBaseId", vd_part_words("%SRCROOT%"));
    vd_buf_done(&uri);
    return o;
}

/* text: of the file that the range is in; empty: not at hand. */
vd_json *vd_sarif_region(const vd_range *r, vd_str text)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "startLine", vd_json_int(r->at.line));
    vd_json_set(o, "startColumn", vd_json_int(r->at.column));
    vd_json_set(o, "endLine", vd_json_int(r->end_line ? r->end_line : r->at.line));
    vd_json_set(o, "endColumn", vd_json_int(r->end_column ? r->end_column : r->at.column));
    if (text.p && r->at.length && (size_t)r->at.offset + r->at.length <= text.n)
        vd_json_set(o, "snippet",
                    vd_sarif_text(vd_sarif_safe(vd_str_first(vd_str_from(text, r->at.offset), r->at.length),
                                          MOST_SNIPPET)));
    return o;
}

/* ------------------------------------------------------------------ fixes */

/* Characters before a byte: edits come in rising order, so each is counted from the one before. */
typedef struct counting {
    vd_str text;
    size_t bytes;
    size_t characters;
} counting;

static int64_t characters_before(counting *c, size_t offset)
{
    if (offset > c->text.n)
        offset = c->text.n;
    if (offset < c->bytes)
        c->bytes = c->characters = 0;
    c->characters += vd_utf8_columns(vd_str_first(vd_str_from(c->text, c->bytes), offset - c->bytes));
    c->bytes = offset;
    return (int64_t)c->characters;
}

static vd_json *replacements(vd_str text, const vd_lint_edit *edits, size_t count)
{
    vd_json *list = vd_json_array();
    counting c = { .text = text };

    for (size_t i = 0; i < count; i++) {
        vd_json *o = vd_json_object(), *deleted = vd_json_object();
        int64_t  start = characters_before(&c, edits[i].start),
                end = characters_before(&c, edits[i].end);

        vd_json_set(deleted, "charOffset", vd_json_int(start));
        vd_json_set(deleted, "charLength", vd_json_int(end - start));
        vd_json_set(o, "deletedRegion", deleted);
        if (edits[i].text.n)
            vd_json_set(o, "insertedContent", vd_sarif_text(vd_json_string(edits[i].text)));
        vd_json_push(list, o);
    }
    return list;
}

vd_json *vd_sarif_fix(vd_str title, vd_str path, vd_str text, const vd_lint_edit *edits, size_t count)
{
    vd_json *o = vd_json_object(), *changes = vd_json_array(), *change = vd_json_object();

    vd_json_set(o, "description", vd_sarif_text(vd_sarif_safe(title, VD_SARIF_MESSAGE)));
    vd_json_set(change, "artifactLocation", vd_sarif_artifact(path));
    vd_json_set(change, "replacements", replacements(text, edits, count));
    vd_json_push(changes, change);
    vd_json_set(o, "artifactChanges", changes);
    return o;
}

/* ------------------------------------------------------------------ the run */

/* GitHub takes what stands before the last slash of the id as the category. */
static vd_json *details_of(vd_str category)
{
    vd_json *o = vd_json_object();
    vd_buf   id = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&id, category);
    if (!vd_str_ends(category, VD_S("/")))
        vd_buf_byte(&id, '/');
    vd_json_set(o, "id", id.failed ? NULL : vd_json_string(vd_buf_str(&id)));
    vd_buf_done(&id);
    return o;
}

static vd_json *root_of_sources(void)
{
    vd_json *o = vd_json_object(), *root = vd_json_object();

    vd_json_set(root, "description", vd_sarif_text(vd_part_words("the root of the repository")));
    vd_json_set(o, "%SRCROOT%", root);
    return o;
}

static vd_json *driver_of(vd_json *rules)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "name", vd_part_words("verdict"));
    vd_json_set(o, "semanticVersion", vd_part_words(vd_version()));
    vd_json_set(o, "rules", rules);
    return o;
}

static vd_json *invocations_of(const vd_sarif_run *run)
{
    vd_json *list = vd_json_array(), *o = vd_json_object();

    vd_json_set(o, "executionSuccessful", vd_json_bool(run->exit_code < 2));
    vd_json_set(o, "exitCode", vd_json_int(run->exit_code));
    vd_json_set(o, "toolConfigurationNotifications", run->notifications);
    if (run->properties)
        vd_json_set(o, "properties", run->properties);
    vd_json_push(list, o);
    return list;
}

vd_code vd_sarif_write(vd_buf *out, const vd_sarif_run *run)
{
    vd_json *document = vd_json_object(), *runs = vd_json_array(), *o = vd_json_object(), *tool = vd_json_object();
    vd_code  code;

    vd_json_set(tool, "driver", driver_of(run->rules));
    vd_json_set(o, "tool", tool);
    vd_json_set(o, "columnKind", vd_part_words("unicodeCodePoints"));
    vd_json_set(o, "originalUriBaseIds", root_of_sources());
    if (run->category.n)
        vd_json_set(o, "automationDetails", details_of(run->category));
    vd_json_set(o, "invocations", invocations_of(run));
    vd_json_set(o, "results", run->results);
    vd_json_set(document, "$schema", vd_part_words("https://json.schemastore.org/sarif-2.1.0.json"));
    vd_json_set(document, "version", vd_part_words("2.1.0"));
    vd_json_push(runs, o);
    vd_json_set(document, "runs", runs);
    code = vd_json_dump(out, document, 1);
    vd_buf_byte(out, '\n');
    return code != VD_OK ? code : out->failed ? VD_ENOMEM : VD_OK;
}

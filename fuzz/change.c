/* SPDX-License-Identifier: Apache-2.0
 *
 * A file and the policy that the first one in it is to become: no reader and no editor falls, and what was changed once needs
 * no change any more.  The name of the file, its text and the new document are parted by lines of "===".
 */
#include "fuzz.h"

#include "base/engine.h"
#include "base/str.h"
#include "extract/extract.h"
#include "extract/hcl_value.h"
#include "policy/policy.h"

#include <verdict/tighten.h>

static vd_str next_part(vd_str *rest)
{
    static const char mark[] = "\n===\n";
    vd_str            all = *rest;

    for (size_t i = 0; i + sizeof mark - 1 <= all.n; i++)
        if (memcmp(all.p + i, mark, sizeof mark - 1) == 0) {
            *rest = vd_str_from(all, i + sizeof mark - 1);
            return vd_str_first(all, i);
        }
    *rest = vd_str_from(all, all.n);
    return all;
}

typedef struct first {
    const vd_doc *doc;
} first;

static bool take_first(void *user, const vd_hcl_value *value)
{
    first *f = user;

    if (!f->doc)
        f->doc = value->doc;
    return true;
}

/* The first policy of the file; NULL: there is none that could be evaluated. */
static vd_policy *first_of(const vd_engine *engine, vd_str path, vd_str text)
{
    vd_source       source = { .name = path, .text = text };
    vd_extract_opts opts = { .catalog = vd_catalog_builtin() };
    vd_extraction   found = { 0 };
    vd_policy      *p = NULL;

    if (vd_str_ends(path, VD_S(".tf"))) {
        first f = { NULL };

        found.arena = vd_arena_on(&engine->alloc, 0);
        if (vd_hcl_values(&source, &found.arena, &engine->limits, take_first, &f) == VD_OK && f.doc)
            vd_policy_read(&p, engine, VD_KIND_IDENTITY, path, f.doc, 0, NULL, NULL);
    } else if (vd_extract(&found, engine, &source, &opts, NULL, NULL) == VD_OK) {
        for (uint32_t i = 0; i < found.count && !p; i++)
            if (found.at[i].node != VD_NONE && !found.at[i].synthetic)
                vd_policy_read(&p, engine, VD_KIND_IDENTITY, path, found.at[i].doc, found.at[i].node, NULL, NULL);
    }
    vd_extraction_done(&found);
    return p;
}

static void change_again(const vd_engine *engine, vd_str path, const vd_change_result *once, vd_str document)
{
    vd_policy       *now = NULL;
    vd_change       *c = NULL;
    vd_change_result r = { .size = sizeof r };

    if (vd_policy_parse(&now, engine, VD_KIND_IDENTITY, path, document, NULL, NULL) != VD_OK)
        return;
    if (vd_change_make(&c, engine, path, once->text, &(vd_change_wish){ .old = now, .document = document }, 1, NULL) == VD_OK) {
        vd_change_result_of(c, &r);
        fuzz_check(r.diff.n == 0, "changed once more: %.*s", (int)r.diff.n, r.diff.p);
    }
    vd_change_free(c);
    vd_policy_release(now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_engine       *engine = NULL;
    vd_str           rest = { (const char *)data, size }, path = next_part(&rest), text = next_part(&rest);
    vd_change_wish   w = { .document = rest };
    vd_change       *c = NULL;
    vd_change_result r = { .size = sizeof r };
    vd_policy       *old;

    if (vd_engine_new(&engine, NULL, NULL) != VD_OK)
        return 0;
    w.old = old = first_of(engine, path, text);
    if (old && vd_change_make(&c, engine, path, text, &w, 1, NULL) == VD_OK) {
        vd_change_result_of(c, &r);
        fuzz_check((r.diff.n > 0) != vd_str_eq(r.text, text), "a diff of nothing, or none of something");
        if (r.documents[0].edit_count)
            change_again(engine, path, &r, w.document);
    }
    vd_change_free(c);
    vd_policy_release(old);
    vd_engine_release(engine);
    return 0;
}

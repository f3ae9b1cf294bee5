/* SPDX-License-Identifier: Apache-2.0
 *
 * Templates of CloudFormation, JSON when they begin with a brace, else YAML.  Whatever is taken out of one
 *   - is JSON whose every value leads into the file, with holes that there are;
 *   - has no more variants than are allowed, and is the same the second time;
 *   - and what fails says where.
 */
#include "fuzz.h"

#include "base/engine.h"
#include "base/str.h"
#include "base/utf8.h"
#include "catalog/catalog.h"
#include "extract/extract.h"

enum { MOST_VARIANTS = 33 };

static vd_engine *engine(void)
{
    static vd_engine *e; /* one for all runs */
    vd_engine_opts    opts = { .size = sizeof opts };
    vd_limits         limits = { .size = sizeof limits, .nodes = 20000 };

    opts.limits = &limits;
    if (!e)
        vd_engine_new(&e, &opts, NULL);
    fuzz_check(e, "no engine");
    return e;
}

static bool parameter(void *user, vd_str name, vd_str *value)
{
    (void)user;
    *value = name;
    return vd_str_starts(name, VD_S("Given"));
}

static void check_pos(vd_pos at, size_t size, const char *what)
{
    fuzz_check((size_t)at.offset + at.length <= size && at.line && at.column, "%s leads to %u+%u of %zu", what,
               (unsigned)at.offset, (unsigned)at.length, size);
}

static void check_text(const vd_source *s, vd_str text)
{
    uint32_t index;

    fuzz_check(vd_utf8_invalid(text) == text.n, "a text that is not UTF-8");
    for (size_t at = s->outer ? vd_hole_find(text, 0, &index) : text.n; at < text.n;
         at = vd_hole_find(text, at + VD_HOLE_BYTES, &index))
        fuzz_check(s->holes, "a hole without a list");
}

static void check_pieces(const vd_source *s)
{
    uint32_t inner = 0;

    for (uint32_t i = 0; s->outer && i < s->piece_count; i++) {
        const vd_piece *p = &s->pieces[i];

        fuzz_check(p->inner >= inner && (size_t)p->inner + p->length <= s->text.n, "piece %u", (unsigned)i);
        fuzz_check((size_t)p->outer + p->outer_length <= s->outer->text.n, "piece %u leads nowhere", (unsigned)i);
        inner = p->inner + p->length;
    }
}

static void check_policy(const vd_extracted *e, size_t size)
{
    const vd_doc *d = e->doc;

    if (e->node == VD_NONE)
        return;
    check_pieces(d->source);
    for (uint32_t i = e->node; i < d->nodes[e->node].next && i < e->node + 300; i++) {
        check_pos(vd_source_pos(d->source, vd_doc_span(d, i)), size, "a value");
        check_text(d->source, vd_doc_text(d, i));
    }
}

static void check_all(const vd_extraction *x, size_t size)
{
    uint32_t same = 0;

    for (uint32_t i = 0; i < x->count; i++) {
        same = i && x->at[i].policy == x->at[i - 1].policy ? same + 1 : 1;
        fuzz_check(same <= MOST_VARIANTS, "%u variants", (unsigned)same);
        if (i < 200)
            check_policy(&x->at[i], size);
    }
    for (uint32_t i = 0; i < x->remark_count; i++) {
        const vd_remark *r = &x->remarks[i];

        check_pos(r->at, size, "a remark");
        fuzz_check((size_t)r->fix.offset + r->fix.length <= size, "a fix leads nowhere");
        fuzz_check(r->text.n, "a remark without words");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool            json = size && data[0] == '{';
    vd_source       source = { .name = json ? VD_S("t.json") : VD_S("t.yaml"), .text = { (const char *)data, size } };
    vd_extract_opts opts = { .catalog = vd_catalog_builtin(), .defaults = true, .parameter = parameter };
    vd_extraction   x, again;
    vd_error        err = { .size = sizeof err };
    vd_code         code = vd_extract(&x, engine(), &source, &opts, NULL, &err);

    fuzz_check(code == VD_OK || code == VD_ESYNTAX || code == VD_ELIMIT, "code %d", code);
    if (code != VD_OK) {
        fuzz_check(err.text[0] && err.at.line && err.at.offset <= size + size / 2, "an error without text or place");
        return 0;
    }
    check_all(&x, x.text.n ? x.text.n : size); /* UTF-16 becomes longer as UTF-8 */
    fuzz_check(vd_extract(&again, engine(), &source, &opts, NULL, &err) == VD_OK, "fails the second time");
    fuzz_check(x.count == again.count && x.remark_count == again.remark_count, "another answer the second time");
    vd_extraction_done(&again);
    vd_extraction_done(&x);
    return 0;
}

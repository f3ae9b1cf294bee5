/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of any format, by its content.  Whatever is found in it has a place in the file, every value of every policy;
 * memory stays within what the size of the file justifies; what is refused is refused with words and a place.  Behind a
 * line "#tf" stands a configuration of Terraform, in which the values are looked for.
 */
#include "fuzz.h"

#include "base/str.h"
#include "catalog/catalog.h"
#include "extract/extract.h"
#include "extract/hcl.h"
#include "policy/policy.h"

enum { MOST_MEMORY = 64 << 20 };

typedef struct counted {
    size_t now, most;
} counted;

static void *count_realloc(void *user, void *p, size_t old, size_t size)
{
    counted *c = user;

    if (c->now - old + size > MOST_MEMORY)
        fuzz_check(false, "%zu bytes of memory", c->now);
    c->now = c->now - old + size;
    if (c->now > c->most)
        c->most = c->now;
    return realloc(p, size);
}

static void count_free(void *user, void *p, size_t size)
{
    ((counted *)user)->now -= size;
    free(p);
}

static void check_pos(vd_pos at, size_t size, const char *what)
{
    fuzz_check(at.offset <= size && at.length <= size - at.offset, "%s at %u+%u of %zu", what, at.offset, at.length, size);
    fuzz_check(at.line && at.column, "%s without a line", what);
}

static void ignore_fault(void *user, uint8_t rule, int8_t severity, vd_span span, vd_str text, vd_str hint)
{
    VD_UNUSED(user);
    VD_UNUSED(rule);
    VD_UNUSED(severity);
    VD_UNUSED(span);
    VD_UNUSED(text);
    VD_UNUSED(hint);
}

/* Reading it as a policy must end well, too. */
static void read_policy(const vd_engine *engine, const vd_extracted *e, size_t size)
{
    vd_policy_sink sink = { ignore_fault, NULL };
    vd_policy     *p = NULL;
    bool           usable;
    vd_kind        kind = e->kind_known ? e->kind : VD_KIND_IDENTITY;

    if (vd_policy_read_leniently(&p, engine, kind, VD_S("fuzz"), e->doc, e->node, &sink, &usable, NULL) != VD_OK)
        return;
    for (uint32_t i = 0; i < p->statement_count; i++)
        check_pos(vd_policy_pos(p, p->statements[i].span), size, "a statement");
    vd_policy_release(p);
}

static void check_policy(const vd_engine *engine, const vd_extraction *x, const vd_extracted *e, const vd_hcl *hcl,
                         size_t size)
{
    vd_locator at = { 0 };

    fuzz_check(e->kind_known ? e->kind >= 0 && e->kind < VD_KIND_COUNT : true, "kind %d", e->kind);
    fuzz_check(e->fixable || e->unfixable, "no word why it cannot be edited");
    for (uint32_t i = 0; i < e->fact_count; i++)
        fuzz_check(e->facts[i].at.offset <= size, "a fact at %u", e->facts[i].at.offset);
    if (e->node == VD_NONE)
        return;
    for (uint32_t n = e->node; n < e->doc->nodes[e->node].next; n++) {
        vd_pos       whole = vd_locator_pos(&at, e->doc->source, vd_doc_span(e->doc, n));
        vd_hcl_place place;

        check_pos(whole, size, "a value");
        if (hcl->block_count && e->doc->nodes[n].kind == VD_NODE_STRING &&
            vd_hcl_find_token(hcl, x, e, vd_doc_text(e->doc, n), &place))
            check_pos(place.at, hcl->files[0].text.n, "a token");
    }
    read_policy(engine, e, size);
}

static void check_all(const vd_engine *engine, const vd_extraction *x, const vd_hcl *hcl, size_t size)
{
    for (uint32_t i = 0; i < x->count; i++)
        check_policy(engine, x, &x->at[i], hcl, size);
    for (uint32_t i = 0; i < x->remark_count; i++) {
        const vd_patch *p = &x->remarks[i].fix;

        check_pos(x->remarks[i].at, size, "a remark");
        fuzz_check(p->offset <= size && p->length <= size - p->offset, "a patch at %u+%u", p->offset, p->length);
    }
    for (uint32_t i = 0; i < x->secret_count; i++)
        fuzz_check(x->secrets[i].offset <= size && x->secrets[i].length <= size - x->secrets[i].offset, "a secret");
    for (uint32_t i = 0; i < x->attached_count; i++)
        check_pos(x->attached[i].at, size, "an attachment");
    for (uint32_t i = 0; i < x->unresolved_count; i++)
        check_pos(x->unresolved[i].at, size, "what is not known");
}

static void run(const vd_engine *engine, vd_str text, vd_str tf)
{
    vd_source       file = { .name = VD_S("fuzz"), .text = text }, main_tf = { .name = VD_S("main.tf"), .text = tf };
    vd_extract_opts opts = { .catalog = vd_catalog_builtin(), .all_resources = true, .all_versions = true, .defaults = true };
    vd_extraction   x;
    vd_hcl          hcl;
    vd_error        err = { .size = sizeof err };
    vd_code         code = vd_extract(&x, engine, &file, &opts, NULL, &err);

    fuzz_check(vd_hcl_read(&hcl, engine, &main_tf, 1, NULL) == VD_OK, "no memory");
    if (code == VD_OK) {
        check_all(engine, &x, &hcl, x.text.n ? x.text.n : text.n);
        vd_extraction_done(&x);
    } else {
        fuzz_check(code == VD_ESYNTAX || code == VD_ELIMIT, "code %d: %s", code, err.text);
        /* of UTF-16 places are those in UTF-8, which may be half as long again */
        fuzz_check(err.text[0] && err.at.offset <= text.n + text.n / 2, "refused at %u: %s", err.at.offset, err.text);
    }
    vd_hcl_done(&hcl);
}

/* Behind the mark; text ends before it. */
static vd_str cut_configuration(vd_str *text)
{
    static const vd_str mark = VD_L("\n#tf\n");

    for (size_t i = 0; i + mark.n <= text->n; i++) {
        if (memcmp(text->p + i, mark.p, mark.n) == 0) {
            vd_str tf = { text->p + i + mark.n, text->n - i - mark.n };

            text->n = i;
            return tf;
        }
    }
    return VD_S("");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    counted        memory = { 0 };
    vd_allocator   alloc = { count_realloc, count_free, &memory };
    vd_limits      limits = { .size = sizeof limits, .nodes = 20000, .string_bytes = 65536 };
    vd_engine_opts opts = { .size = sizeof opts, .limits = &limits, .allocator = &alloc };
    vd_str         text = { (const char *)data, size }, tf;
    vd_engine     *engine;

    if (size > 32768)
        return 0;
    tf = cut_configuration(&text);
    fuzz_check(vd_engine_new(&engine, &opts, NULL) == VD_OK, "no engine");
    run(engine, text, tf);
    vd_engine_release(engine);
    fuzz_check(memory.now == 0, "%zu bytes are left", memory.now);
    return 0;
}

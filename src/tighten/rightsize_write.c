/* SPDX-License-Identifier: Apache-2.0
 *
 * New documents: the text of the old one, in which each Allow that changes is written anew from its own text, so that
 * conditions, order, spacing and everything else of the document stay as they were, byte for byte.
 */
#include "tighten/rightsize.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/quota.h"
#include "policy/write.h"
#include "text/doc.h"
#include "text/edit.h"
#include "tighten/shape.h"

enum { MOST_SID = 128 };

typedef struct writing {
    vd_rs           *r;
    uint32_t         document;
    const vd_policy *model;
    vd_buf           out;
    vd_texts_list    sids; /* in use */
    uint32_t         sid_cap;
    uint32_t         fragments; /* statements written so far */
    vd_shape_statement *shapes; /* the same statements, to be spread over documents */
    uint32_t        shape_count, shape_cap;
    vd_code         code;      /* what failed; VD_OK: memory */
} writing;

/* ------------------------------------------------------------------ one statement */

/* Blanks in front of a place, when there is nothing else on its line. */
static vd_str indent_at(vd_str text, size_t at)
{
    size_t from = at;

    while (from > 0 && (text.p[from - 1] == ' ' || text.p[from - 1] == '\t'))
        from--;
    return from > 0 && text.p[from - 1] == '\n' ? (vd_str){ text.p + from, at - from } : VD_S("");
}

static vd_str line_end(vd_str text)
{
    size_t at = vd_str_find(text, '\n');

    return at > 0 && at < text.n && text.p[at - 1] == '\r' ? VD_S("\r\n") : VD_S("\n");
}

/* "Action": [...], in the way the statement is laid out. */
static void write_list(vd_buf *out, vd_str document, vd_span key, vd_span statement, vd_str name, const vd_str *at, uint32_t count)
{
    vd_str own = indent_at(document, key.offset), outer = indent_at(document, statement.offset);
    vd_str step = own.n > outer.n ? vd_str_from(own, outer.n) : VD_S("  ");
    bool   lines = own.n > 0 && count > 1;

    vd_json_of_string(out, name);
    vd_buf_add(out, VD_S(": "));
    if (count == 1) {
        vd_json_of_string(out, at[0]);
        return;
    }
    vd_buf_byte(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        vd_buf_add(out, i == 0 ? VD_S("") : lines ? VD_S(",") : VD_S(", "));
        if (lines) {
            vd_buf_add(out, line_end(document));
            vd_buf_add(out, own);
            vd_buf_add(out, step);
        }
        vd_json_of_string(out, at[i]);
    }
    if (lines) {
        vd_buf_add(out, line_end(document));
        vd_buf_add(out, own);
    }
    vd_buf_byte(out, ']');
}

static bool member_splice(writing *w, vd_splice *out, const vd_list *list, vd_span statement, vd_str name, const vd_str *at,
                          uint32_t count)
{
    vd_buf b = vd_buf_on(&w->r->t->engine->alloc, 0);
    bool   ok;

    write_list(&b, w->model->source.text, list->key, statement, name, at, count);
    *out = (vd_splice){ .start = list->key.offset - statement.offset,
                        .end = list->value.offset + list->value.length - statement.offset };
    ok = !b.failed && vd_arena_dup(&w->r->scratch, &out->text, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

static void sort_splices(vd_splice *s, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = i; j > 0 && s[j].start < s[j - 1].start; j--) {
            vd_splice t = s[j];

            s[j] = s[j - 1];
            s[j - 1] = t;
        }
}

/* The statement with other actions, resources, and Sid. */
static bool write_part(writing *w, vd_buf *out, const vd_rs_statement *s, const vd_rs_part *part, const vd_rs_texts *actions, vd_str sid)
{
    const vd_statement *m = s->model;
    vd_splice           splices[3];
    uint32_t            n = 0;
    vd_str              text = { w->model->source.text.p + m->span.offset, m->span.length };

    if (!member_splice(w, &splices[n++], &m->action, m->span, VD_S("Action"), actions->at, actions->count))
        return false;
    if (!part->whole && !member_splice(w, &splices[n++], &m->resource, m->span, VD_S("Resource"), part->resources, part->resource_count))
        return false;
    if (m->has_sid && !vd_str_eq(sid, m->sid.text)) {
        splices[n] = (vd_splice){ .start = m->sid.span.offset - m->span.offset,
                                  .end = m->sid.span.offset + m->sid.span.length - m->span.offset };
        if (!vd_arena_printf(&w->r->scratch, &splices[n++].text, "\"" VD_F "\"", VD_A(sid)))
            return false;
    }
    sort_splices(splices, n);
    return vd_splice_all(out, text, splices, n);
}

/* ------------------------------------------------------------------ Sids */

static bool sid_taken(const writing *w, vd_str sid)
{
    for (uint32_t i = 0; i < w->model->statement_count; i++)
        if (w->model->statements[i].has_sid && vd_str_eq(w->model->statements[i].sid.text, sid))
            return true;
    for (size_t i = 0; i < w->sids.count; i++)
        if (vd_str_eq(w->sids.at[i], sid))
            return true;
    return false;
}

/* The first part that was seen keeps the Sid; others are numbered; what cannot be seen says so. */
static bool sid_for(writing *w, vd_str *out, const vd_rs_statement *s, const vd_rs_part *part, uint32_t number)
{
    vd_str  old = vd_str_first(s->model->sid.text, MOST_SID);
    bool    unseen = part->keep == VD_RS_UNSEEN &&
                  (w->r->opts->mode == VD_RIGHTSIZE_STRICT || w->r->opts->mode == VD_RIGHTSIZE_LEVEL);
    vd_str *at = (vd_str *)(uintptr_t)w->sids.at;
    uint32_t count = (uint32_t)w->sids.count;

    *out = s->model->has_sid ? s->model->sid.text : VD_S("");
    if (!s->model->has_sid || (number == 1 && !unseen))
        return true;
    for (uint32_t i = unseen ? 1 : number; i < 10000; i++) {
        bool ok = unseen && i == 1 ? vd_arena_printf(w->r->arena, out, VD_F "Unseen", VD_A(old))
                                   : vd_arena_printf(w->r->arena, out, VD_F "%s%02u", VD_A(old), unseen ? "Unseen" : "", i);

        if (!ok)
            return false;
        if (!sid_taken(w, *out))
            break;
    }
    if (!VD_ARENA_PUSH(&w->r->scratch, at, count, w->sid_cap, *out))
        return false;
    w->sids = (vd_texts_list){ at, count };
    return true;
}

/* ------------------------------------------------------------------ documents */

/* Where statements stand: what is between them is taken from between the first ones. */
typedef struct frame {
    vd_str head, between, tail; /* with the brackets of the list */
} frame;

static bool find_frame(writing *w, frame *out)
{
    vd_arena *arena = &w->r->scratch;
    vd_str    text = w->model->source.text;
    vd_doc    doc = { 0 };
    uint32_t  list, first, last = VD_NONE;
    vd_span   all;

    if (vd_json_read(&doc, arena, &w->model->source, &w->r->t->engine->limits, NULL, NULL, NULL) != VD_OK)
        return false;
    list = vd_doc_member(&doc, 0, VD_S("Statement"));
    if (list == VD_NONE)
        return false;
    all = vd_doc_span(&doc, list);
    if (doc.nodes[list].kind != VD_NODE_ARRAY) {
        vd_str blank = indent_at(text, all.offset);

        out->head = vd_str_first(text, all.offset);
        out->tail = vd_str_from(text, (size_t)all.offset + all.length);
        return vd_arena_printf(arena, &out->between, ", " VD_F, VD_A(blank));
    }
    first = vd_doc_first(&doc, list);
    if (first == VD_NONE)
        return false;
    for (uint32_t i = first; i != VD_NONE; i = vd_doc_next(&doc, list, i))
        last = i;
    out->head = vd_str_first(text, vd_doc_span(&doc, first).offset);
    out->tail = vd_str_from(text, (size_t)vd_doc_span(&doc, last).offset + vd_doc_span(&doc, last).length);
    return vd_arena_printf(arena, &out->between, "," VD_F, VD_A(vd_str_from(out->head, (size_t)all.offset + 1)));
}

static bool add_statement(writing *w, const frame *f, vd_str text, const vd_shape_statement *shape)
{
    if (!VD_ARENA_PUSH(&w->r->scratch, w->shapes, w->shape_count, w->shape_cap, *shape))
        return false;
    if (w->fragments++)
        vd_buf_add(&w->out, f->between);
    vd_buf_add(&w->out, text);
    return !w->out.failed;
}

static vd_str slice(const writing *w, vd_span span)
{
    return (vd_str){ w->model->source.text.p + span.offset, span.length };
}

static bool shape_of(writing *w, vd_shape_statement *out, const vd_rs_statement *s, const vd_rs_part *part, const vd_rs_texts *actions,
                     vd_str sid)
{
    const vd_texts *old = &s->model->resource.texts;
    vd_str         *at;

    *out = (vd_shape_statement){ .sid = sid, .actions = actions->at, .action_count = actions->count, .source = s->index,
                                 .resources = part->resources, .resource_count = part->resource_count,
                                 .not_resource = part->whole && s->model->resource.negated };
    if (s->model->has_condition)
        out->condition = slice(w, s->model->condition);
    if (!part->whole)
        return true;
    at = vd_arena_new_array(&w->r->scratch, vd_str, (size_t)old->count + 1);
    for (uint32_t i = 0; at && i < old->count; i++)
        at[i] = old->at[i].text;
    out->resources = at;
    out->resource_count = old->count;
    return at != NULL;
}

static bool add_parts(writing *w, const frame *f, const vd_rs_statement *s)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < s->part_count; i++) {
        vd_rs_texts actions = { .at = s->parts[i].texts, .count = s->parts[i].text_count };
        vd_buf      one = vd_buf_on(&w->r->t->engine->alloc, 0);
        vd_shape_statement shape;
        vd_str      sid;
        bool        ok = true;

        if (actions.count)
            ok = sid_for(w, &sid, s, &s->parts[i], ++number) && write_part(w, &one, s, &s->parts[i], &actions, sid) &&
                 shape_of(w, &shape, s, &s->parts[i], &actions, sid) && add_statement(w, f, vd_buf_str(&one), &shape);
        vd_buf_done(&one);
        if (!ok)
            return false;
    }
    return true;
}

static bool is_list(const writing *w, const frame *f)
{
    vd_str head = vd_str_trim(f->head);

    VD_UNUSED(w);
    return head.n && head.p[head.n - 1] == '[';
}

static bool write_document(writing *w, const frame *f)
{
    vd_rs *r = w->r;
    size_t begin;

    vd_buf_add(&w->out, f->head);
    begin = w->out.n;
    for (uint32_t i = 0; i < r->statement_count; i++) {
        const vd_rs_statement *s = &r->statements[i];
        vd_shape_statement     same = { .verbatim = slice(w, s->model->span), .deny = !s->allow, .source = s->index };

        if (s->document != w->document)
            continue;
        if (!(s->changed ? add_parts(w, f, s) : add_statement(w, f, same.verbatim, &same)))
            return false;
    }
    if (!is_list(w, f) && w->fragments != 1) { /* a lone statement that became several */
        vd_buf whole = vd_buf_on(&r->t->engine->alloc, 0);

        vd_buf_add(&whole, vd_str_first(vd_buf_str(&w->out), begin));
        vd_buf_byte(&whole, '[');
        vd_buf_add(&whole, vd_str_from(vd_buf_str(&w->out), begin));
        vd_buf_byte(&whole, ']');
        vd_buf_done(&w->out);
        w->out = whole;
    }
    vd_buf_add(&w->out, f->tail);
    return !w->out.failed;
}

/* ------------------------------------------------------------------ what was taken away, to give it back in one step */

static bool taken_away(vd_rs *r, const vd_rs_statement *s, vd_rs_part *out)
{
    bool any = false;

    *out = (vd_rs_part){ .whole = true, .keep = VD_RS_KEPT };
    out->actions = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    if (!out->actions)
        return false;
    for (size_t i = 0; i < r->words; i++)
        out->actions[i] = s->actions[i] & ~s->stays[i];
    for (uint32_t i = 0; i < s->part_count; i++)
        for (size_t j = 0; j < r->words && !s->parts[i].whole; j++)
            out->actions[j] |= s->parts[i].actions[j];
    for (size_t i = 0; i < r->words; i++)
        any |= out->actions[i] != 0;
    if (!any)
        out->actions = NULL;
    return true;
}

static bool write_restore(writing *w, vd_str *out)
{
    vd_rs   *r = w->r;
    uint32_t n = 0;
    bool     ok = true;

    vd_buf_printf(&w->out, "{\"Version\":\"%s\",\"Statement\":[", w->model->language == VD_LANGUAGE_2012 ? "2012-10-17" : "2008-10-17");
    for (uint32_t i = 0; i < r->statement_count && ok; i++) {
        const vd_rs_statement *s = &r->statements[i];
        vd_rs_part             part;
        vd_rs_texts            actions = { 0 };

        if (s->document != w->document || !s->changed)
            continue;
        ok = taken_away(r, s, &part);
        if (!ok || !part.actions)
            continue;
        vd_buf_add(&w->out, n++ ? VD_S(",\n") : VD_S("\n"));
        w->code = vd_rs_action_texts(r, &actions, s, &part, NULL);
        ok = w->code == VD_OK &&
             write_part(w, &w->out, s, &part, &actions, s->model->has_sid ? s->model->sid.text : VD_S(""));
    }
    vd_buf_add(&w->out, VD_S("\n]}\n"));
    return ok && !w->out.failed && (n == 0 || vd_arena_dup(r->arena, out, vd_buf_str(&w->out)));
}

/* ------------------------------------------------------------------ all of them */

static bool is_changed(const vd_rs *r, uint32_t document)
{
    for (uint32_t i = 0; i < r->statement_count; i++)
        if (r->statements[i].document == document && r->statements[i].changed)
            return true;
    return false;
}

static bool keep_text(vd_rs *r, vd_rightsize_document *d, vd_str text)
{
    vd_str *parts = vd_arena_new_array(r->arena, vd_str, 1), *names = vd_arena_new_array(r->arena, vd_str, 1);

    if (!parts || !names || !vd_arena_dup(r->arena, &parts[0], text))
        return false;
    names[0] = d->name;
    d->parts = parts;
    d->part_names = names;
    d->part_count = 1;
    return true;
}

/* ------------------------------------------------------------------ quotas */

bool vd_rs_is_managed(const vd_rs *r, uint32_t document)
{
    return r->t->documents[document].arn.n > 0 || r->t->documents[document].policy->kind == VD_KIND_MANAGED;
}

/* Of a policy that is known by its file: what the file is called. */
static vd_str plain_name(vd_str name)
{
    vd_str base = vd_str_from(name, vd_str_rfind(name, '/') < name.n ? vd_str_rfind(name, '/') + 1 : 0);
    size_t dot = vd_str_rfind(base, '.');

    return dot > 0 ? vd_str_first(base, dot) : base;
}

/* A managed policy that is too large becomes several; rightsize_fit.c counts them. */
static vd_code spread(writing *w, vd_rightsize_document *d)
{
    vd_rs              *r = w->r;
    vd_shape_document  *docs;
    uint32_t            count;
    vd_shape_split_opts opts = { .name = plain_name(d->name), .version = w->model->language == VD_LANGUAGE_2012 ? VD_S("2012-10-17") : VD_S("2008-10-17"),
                                 .id = w->model->has_id ? w->model->id : VD_S(""), .most = vd_quota_of(VD_S("managed"), VD_S("")).most };
    vd_str             *parts, *names;

    VD_TRY(vd_shape_split(&docs, &count, &r->scratch, w->shapes, w->shape_count, &opts, r->err));
    parts = vd_arena_new_array(r->arena, vd_str, (size_t)count + 1);
    names = vd_arena_new_array(r->arena, vd_str, (size_t)count + 1);
    for (uint32_t i = 0; parts && names && i < count; i++) {
        vd_buf b = vd_buf_on(&r->t->engine->alloc, 0);
        bool   ok;

        vd_shape_write(&b, &docs[i], &opts, true);
        ok = !b.failed && vd_arena_dup(r->arena, &parts[i], vd_buf_str(&b)) && vd_arena_dup(r->arena, &names[i], docs[i].name);
        vd_buf_done(&b);
        if (!ok)
            return vd_fail_nomem(r->err);
    }
    if (!parts || !names)
        return vd_fail_nomem(r->err);
    d->parts = parts;
    d->part_names = names;
    d->part_count = count;
    return VD_OK;
}

static vd_code make_document(vd_rs *r, uint32_t document, vd_rightsize_document *d)
{
    writing w = { .r = r, .document = document, .model = r->models[document] };
    frame   f;
    bool    ok;

    w.out = vd_buf_on(&r->t->engine->alloc, 0);
    ok = find_frame(&w, &f) && write_document(&w, &f);
    d->empty = ok && w.fragments == 0;
    ok = ok && (d->empty || keep_text(r, d, vd_buf_str(&w.out)));
    if (ok && !d->empty && vd_rs_is_managed(r, document) && vd_shape_size(d->parts[0]) > vd_quota_of(VD_S("managed"), VD_S("")).most) {
        w.code = spread(&w, d);
        ok = w.code == VD_OK;
    }
    vd_buf_done(&w.out);
    w.out = vd_buf_on(&r->t->engine->alloc, 0);
    ok = ok && write_restore(&w, &d->restore);
    vd_buf_done(&w.out);
    if (w.code != VD_OK)
        return w.code;
    return ok ? VD_OK : vd_fail_nomem(r->err);
}

static size_t skip_blanks(vd_str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\n' || s.p[at] == '\r' || s.p[at] == '\t'))
        at++;
    return at;
}

/* The same JSON, blanks between its tokens aside. */
static bool same_json(vd_str a, vd_str b)
{
    bool   string = false;
    size_t i = 0, k = 0;

    for (;; i++, k++) {
        if (!string) {
            i = skip_blanks(a, i);
            k = skip_blanks(b, k);
        }
        if (i >= a.n || k >= b.n)
            return i >= a.n && k >= b.n;
        if (a.p[i] != b.p[k])
            return false;
        if (string && a.p[i] == '\\') {
            if (++i >= a.n || ++k >= b.n || a.p[i] != b.p[k])
                return false;
        } else if (a.p[i] == '"') {
            string = !string;
        }
    }
}

/* Grouping the actions of a statement by their resources and putting the groups together again can lead to where it began: what
 * was made smaller before is so, and says so. */
static bool come_back(vd_rs *r, uint32_t document, vd_rightsize_document *d)
{
    vd_str json = r->t->documents[document].policy->json;

    if (d->part_count != 1 || !same_json(d->parts[0], json))
        return true;
    for (uint32_t i = 0; i < r->statement_count; i++)
        if (r->statements[i].document == document)
            r->statements[i].changed = false;
    d->unchanged = true;
    d->restore = VD_S("");
    return keep_text(r, d, json);
}

vd_code vd_rs_write(vd_rs *r)
{
    vd_rightsize_document *docs = vd_arena_new_array(r->arena, vd_rightsize_document, (size_t)r->t->document_count + 1);
    bool                   ok = docs != NULL;

    for (uint32_t i = 0; i < r->t->document_count && ok; i++) {
        const vd_rs_document *from = &r->t->documents[i];
        vd_rightsize_document *d = &docs[i];

        *d = (vd_rightsize_document){ .size = sizeof *d, .old = from->policy, .restore = VD_S("") };
        d->unchanged = !is_changed(r, i);
        ok = vd_arena_dup(r->arena, &d->name, from->name) && vd_arena_dup(r->arena, &d->arn, from->arn) && vd_arena_dup(r->arena, &d->fixed, from->fixed) &&
             (!d->unchanged || keep_text(r, d, from->policy->json));
        if (ok && !d->unchanged) {
            VD_TRY(make_document(r, i, d));
            ok = come_back(r, i, d);
        }
    }
    if (!ok)
        return vd_fail_nomem(r->err);
    r->result->documents = docs;
    r->result->document_count = r->t->document_count;
    return VD_OK;
}

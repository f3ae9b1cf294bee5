/* SPDX-License-Identifier: Apache-2.0
 *
 * From drafts to the snapshot: the steps in their order, documents, accounts, notes.  Everything is sorted first, so that the
 * order of files changes nothing.
 */
#include "base/str.h"
#include "model/draft.h"
#include "pattern/arn.h"
#include "policy/policy.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ documents */

/* Sorting indices: qsort has no context, so what is sorted carries it. */
typedef struct keyed {
    const vd_snapshot_reader *from;
    uint32_t                  index;
} keyed;

static int doc_order(const void *a, const void *b)
{
    const keyed        *x = a, *y = b;
    const vd_draft_doc *d = &x->from->docs.at[x->index], *e = &x->from->docs.at[y->index];
    int                 c = vd_place_order(x->from, d->at, e->at);

    return c ? c : d->kind - e->kind;
}

/* aws:PrincipalTag/..., aws:username ...: what is told of the principal by itself, not by what it holds. */
static bool is_own_key(vd_str key)
{
    return vd_str_istarts(key, VD_S("aws:principal")) || vd_str_istarts(key, VD_S("aws:user")) || vd_str_istarts(key, VD_S("iam:resourcetag")) ||
           vd_str_istarts(key, VD_S("aws:source")) || vd_str_istarts(key, VD_S("aws:federated")) || vd_str_istarts(key, VD_S("saml:")) ||
           vd_str_istarts(key, VD_S("sts:"));
}

static bool has_variable(const vd_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (vd_str_contains(texts->at[i].text, VD_S("${")))
            return true;
    return false;
}

static bool reads_principal(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++) {
        const vd_statement *st = &p->statements[i];

        if (has_variable(&st->resource.texts))
            return true;
        for (uint32_t e = 0; e < st->entry_count; e++)
            if (is_own_key(st->entries[e].key.text) || has_variable(&st->entries[e].values))
                return true;
    }
    return false;
}

vd_code vd_finish_docs(vd_finish *f)
{
    vd_snapshot_reader *r = f->from;
    uint32_t            n = r->docs.count;
    keyed              *list = vd_alloc0(f->a, ((size_t)n + 1) * sizeof *list);

    f->rank = vd_alloc(f->a, ((size_t)n + 1) * sizeof *f->rank);
    f->drafts = vd_alloc(f->a, ((size_t)n + 1) * sizeof *f->drafts);
    f->s->docs = vd_arena_new_array(&r->arena, vd_snap_doc, (size_t)n + 1);
    if (!list || !f->rank || !f->drafts || !f->s->docs) {
        vd_free(f->a, list, ((size_t)n + 1) * sizeof *list);
        return vd_fail_nomem(f->err);
    }
    for (uint32_t i = 0; i < n; i++)
        list[i] = (keyed){ r, i };
    qsort(list, n, sizeof *list, doc_order);
    for (uint32_t i = 0; i < n; i++) {
        vd_draft_doc *d = &r->docs.at[list[i].index];

        f->rank[list[i].index] = i;
        f->drafts[i] = list[i].index;
        f->s->docs[i].policy = d->policy;
        f->s->docs[i].reads_principal = d->policy && reads_principal(d->policy);
        d->policy = NULL; /* the snapshot's from now on */
    }
    f->s->doc_count = n;
    vd_free(f->a, list, ((size_t)n + 1) * sizeof *list);
    return VD_OK;
}

vd_code vd_finish_doc(vd_finish *f, uint32_t draft, vd_str account, vd_str arn, uint32_t *id)
{
    const vd_draft_doc *d;
    vd_place            at;

    *id = VD_NONE;
    if (draft == VD_NONE)
        return VD_OK;
    d = &f->from->docs.at[draft];
    if (f->s->docs[f->rank[draft]].policy)
        *id = f->rank[draft];
    if (d->severity < 0)
        return VD_OK;
    at = d->fault_at.line ? (vd_place){ d->at.file, d->fault_at.offset, d->fault_at.length, d->fault_at.line, d->fault_at.column } : d->at;
    return vd_draft_note_at(f->from, VD_GAP_POLICY, d->severity, at, account, arn, f->err, VD_F, VD_A(d->fault));
}

vd_code vd_finish_tags(vd_finish *f, vd_snap_range drafts, vd_snap_range *out)
{
    *out = (vd_snap_range){ f->tags.count, drafts.count };
    for (uint32_t i = 0; i < drafts.count; i++)
        if (!VD_PUSH(f->a, &f->tags, f->from->tags.at[drafts.first + i]))
            return vd_fail_nomem(f->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ accounts */

static int account_order(const void *a, const void *b)
{
    const vd_snap_account *x = a, *y = b;
    int                    c = vd_str_cmp(x->id, y->id);

    return c ? c : vd_str_cmp(y->name, x->name); /* the one with a name first */
}

typedef VD_VEC(vd_snap_account) accounts;

static bool mention(vd_finish *f, accounts *list, vd_str id, vd_str name)
{
    vd_snap_account a = { .id = id, .name = name, .org = VD_S(""), .org_path = VD_S(""), .unit = VD_NONE, .scp = VD_NONE, .rcp = VD_NONE };

    if (!vd_is_account(id) || (list->count && vd_str_eq(list->at[list->count - 1].id, id) && !name.n))
        return true;
    return VD_PUSH(f->a, list, a);
}

static bool mention_all(vd_finish *f, accounts *list)
{
    const vd_snapshot_reader *r = f->from;
    bool                      ok = true;

    for (uint32_t i = 0; ok && i < r->accounts.count; i++)
        ok = mention(f, list, r->accounts.at[i].id, r->accounts.at[i].name);
    for (uint32_t i = 0; ok && i < r->nodes.count; i++)
        ok = mention(f, list, r->nodes.at[i].account, VD_S(""));
    for (uint32_t i = 0; ok && i < r->groups.count; i++)
        ok = mention(f, list, r->groups.at[i].account, VD_S(""));
    for (uint32_t i = 0; ok && i < r->managed.count; i++)
        ok = mention(f, list, r->managed.at[i].account, VD_S(""));
    for (uint32_t i = 0; ok && i < r->facets.count; i++)
        ok = mention(f, list, r->facets.at[i].account, VD_S(""));
    for (uint32_t i = 0; ok && i < r->organizations.count; i++)
        ok = mention(f, list, r->organizations.at[i].management_account, VD_S(""));
    return ok;
}

/* What the identities' own files say: no page is the last one, or there are none though the manifest says so. */
static vd_code check_pages(vd_finish *f, vd_str id)
{
    const vd_snapshot_reader *r = f->from;
    const vd_draft_account   *last = NULL;
    uint64_t                  shape = 0;
    uint32_t                  ended = 0;
    bool                      differ = false;

    for (uint32_t i = 0; i < r->accounts.count; i++) {
        const vd_draft_account *a = &r->accounts.at[i];

        if (!a->details || !vd_str_eq(a->id, id))
            continue;
        differ |= a->last && ended && a->shape != shape;
        if (a->last)
            shape = a->shape;
        ended += a->last;
        if (!last || vd_place_order(r, last->at, a->at) < 0)
            last = a;
    }
    if (last && differ)
        VD_TRY(vd_draft_note_at(f->from, VD_GAP_DUPLICATE, VD_WARNING, last->at, id, VD_S(""), f->err,
                                "the identities of account " VD_F " are there %u times; all of them count", VD_A(id), ended));
    if (last && !ended)
        return vd_draft_note_at(f->from, VD_GAP_TRUNCATED, VD_ERROR, last->at, id, VD_S(""), f->err,
                                "the last page says that there are more (\"IsTruncated\": true)");
    if (!last && vd_draft_is_complete(r, VD_S("iam")))
        return vd_draft_note_at(f->from, VD_GAP_NOT_COLLECTED, VD_WARNING, (vd_place){ .file = VD_NONE }, id, VD_S(""), f->err,
                                "no authorization details of account " VD_F ", though the manifest says that iam is complete", VD_A(id));
    return VD_OK;
}

vd_code vd_finish_accounts(vd_finish *f)
{
    accounts list = { 0 };
    uint32_t n = 0;
    vd_code  code = VD_OK;

    if (!mention_all(f, &list))
        code = vd_fail_nomem(f->err);
    if (code == VD_OK && list.count)
        qsort(list.at, list.count, sizeof *list.at, account_order);
    for (uint32_t i = 0; i < list.count; i++)
        if (n == 0 || !vd_str_eq(list.at[n - 1].id, list.at[i].id))
            list.at[n++] = list.at[i];
    f->s->accounts = vd_arena_new_array(&f->from->arena, vd_snap_account, (size_t)n + 1);
    if (!f->s->accounts)
        code = vd_fail_nomem(f->err);
    if (code == VD_OK && n)
        memcpy(f->s->accounts, list.at, n * sizeof *list.at);
    f->s->account_count = n;
    VD_VEC_DONE(f->a, &list);
    for (uint32_t i = 0; code == VD_OK && i < n; i++)
        code = check_pages(f, f->s->accounts[i].id);
    return code;
}

/* ------------------------------------------------------------------ notes */

typedef struct keyed_note {
    const vd_snapshot_reader *from;
    vd_draft_note             note;
} keyed_note;

static int note_order(const void *a, const void *b)
{
    const keyed_note *x = a, *y = b;
    bool              nowhere = x->note.at.file == VD_NONE, other = y->note.at.file == VD_NONE;
    int               c = nowhere || other ? nowhere - other : vd_place_order(x->from, x->note.at, y->note.at);

    if (!c)
        c = (x->note.what > y->note.what) - (x->note.what < y->note.what);
    if (!c)
        c = vd_str_cmp(x->note.account, y->note.account);
    if (!c)
        c = vd_str_cmp(x->note.arn, y->note.arn);
    return c ? c : vd_str_cmp(x->note.text, y->note.text);
}

static void put_notes(vd_finish *f, keyed_note *list, uint32_t n)
{
    vd_snapshot *s = f->s;

    for (uint32_t i = 0; i < n; i++) {
        const vd_draft_note *d = &list[i].note;

        if (i && note_order(&list[i - 1], &list[i]) == 0)
            continue; /* the same said twice */
        s->notes[s->note_count++] = (vd_snapshot_note){ .size = sizeof(vd_snapshot_note),
                                                        .what = d->what,
                                                        .severity = d->severity,
                                                        .at = vd_draft_pos(f->from, d->at),
                                                        .text = d->text,
                                                        .account = d->account,
                                                        .arn = d->arn };
    }
}

static vd_code finish_notes(vd_finish *f)
{
    vd_snapshot_reader *r = f->from;
    uint32_t            n = r->notes.count;
    size_t              bytes = ((size_t)n + 1) * sizeof(keyed_note);
    keyed_note         *list = vd_alloc(f->a, bytes);

    f->s->notes = vd_arena_new_array(&r->arena, vd_snapshot_note, (size_t)n + 1);
    if (!list || !f->s->notes) {
        vd_free(f->a, list, bytes);
        return vd_fail_nomem(f->err);
    }
    for (uint32_t i = 0; i < n; i++)
        list[i] = (keyed_note){ r, r->notes.at[i] };
    qsort(list, n, sizeof *list, note_order);
    put_notes(f, list, n);
    vd_free(f->a, list, bytes);
    return VD_OK;
}

/* ------------------------------------------------------------------ the whole */

/* A growing array as the snapshot keeps it. */
#define KEEP(f, vec, array, total)                                                                                       \
    do {                                                                                                               \
        (f)->s->array = vd_arena_array(&(f)->from->arena, (size_t)(f)->vec.count + 1, sizeof *(f)->vec.at, _Alignof(uint64_t)); \
        if (!(f)->s->array)                                                                                            \
            return vd_fail_nomem((f)->err);                                                                            \
        if ((f)->vec.count)                                                                                            \
            memcpy((f)->s->array, (f)->vec.at, (f)->vec.count * sizeof *(f)->vec.at);                                  \
        (f)->s->total = (f)->vec.count;                                                                                \
    } while (0)

static vd_code keep(vd_finish *f)
{
    KEEP(f, versions, versions, version_count);
    KEEP(f, held, held, held_count);
    KEEP(f, tags, tags, tag_count);
    KEEP(f, memberships, memberships, membership_count);
    KEEP(f, unit_docs, unit_docs, unit_doc_count);
    KEEP(f, levels, levels, level_count);
    KEEP(f, chains, chains, chain_count);
    KEEP(f, access_points, access_points, access_point_count);
    KEEP(f, shared, shared, shared_count);
    KEEP(f, permission_sets, permission_sets, permission_set_count);
    KEEP(f, assignments, assignments, assignment_count);
    KEEP(f, set_managed, set_managed, set_managed_count);
    return VD_OK;
}

static vd_code steps(vd_finish *f)
{
    VD_TRY(vd_finish_known_guards(f));
    VD_TRY(vd_finish_docs(f));
    VD_TRY(vd_finish_accounts(f));
    VD_TRY(vd_finish_managed(f));
    VD_TRY(vd_finish_groups(f));
    VD_TRY(vd_finish_nodes(f));
    VD_TRY(vd_finish_organization(f));
    VD_TRY(vd_finish_permission_sets(f));
    VD_TRY(vd_finish_resources(f));
    VD_TRY(keep(f));
    VD_TRY(vd_finish_signatures(f));
    return finish_notes(f);
}

static void finish_done(vd_finish *f)
{
    size_t docs = ((size_t)f->from->docs.count + 1) * sizeof(uint32_t);

    vd_free(f->a, f->rank, docs);
    vd_free(f->a, f->drafts, docs);
    vd_intern_done(&f->managed_arns, f->a);
    vd_intern_done(&f->group_names, f->a);
    vd_intern_done(&f->profiles, f->a);
    VD_VEC_DONE(f->a, &f->versions);
    VD_VEC_DONE(f->a, &f->held);
    VD_VEC_DONE(f->a, &f->tags);
    VD_VEC_DONE(f->a, &f->memberships);
    VD_VEC_DONE(f->a, &f->unit_docs);
    VD_VEC_DONE(f->a, &f->levels);
    VD_VEC_DONE(f->a, &f->chains);
    VD_VEC_DONE(f->a, &f->access_points);
    VD_VEC_DONE(f->a, &f->shared);
    VD_VEC_DONE(f->a, &f->permission_sets);
    VD_VEC_DONE(f->a, &f->assignments);
    VD_VEC_DONE(f->a, &f->set_managed);
}

vd_code vd_snapshot_finish(vd_snapshot **out, vd_snapshot_reader *r, vd_error *err)
{
    vd_finish f = { .from = r, .err = err };
    vd_code   code;

    if (out)
        *out = NULL;
    if (!out || !r)
        return vd_fail(err, VD_EINVAL, "a reader and a place to go are needed");
    f.a = &r->engine->alloc;
    f.managed_arns.seed = f.group_names.seed = f.profiles.seed = r->engine->hash_seed;
    f.s = vd_alloc0(f.a, sizeof *f.s);
    if (!f.s)
        return vd_fail_nomem(err);
    vd_count_init(&f.s->refs);
    f.s->engine = vd_engine_retain(r->engine);
    f.s->organization = f.s->management_account = VD_S("");
    f.s->file_count = r->files.count;
    code = steps(&f);
    finish_done(&f);
    f.s->arena = r->arena;
    r->arena = vd_arena_on(&r->engine->alloc, 0);
    vd_snapshot_reader_reset(r);
    if (code != VD_OK) {
        vd_snapshot_release(f.s);
        return code;
    }
    *out = f.s;
    return VD_OK;
}

vd_snapshot *vd_snapshot_retain(vd_snapshot *s)
{
    if (s)
        vd_count_up(&s->refs);
    return s;
}

void vd_snapshot_release(vd_snapshot *s)
{
    vd_engine *e;

    if (!s || !vd_count_down(&s->refs))
        return;
    e = (vd_engine *)(uintptr_t)s->engine;
    for (uint32_t i = 0; i < s->doc_count; i++)
        vd_policy_release(s->docs[i].policy);
    vd_arena_done(&s->arena);
    vd_free(&e->alloc, s, sizeof *s);
    vd_engine_release(e);
}

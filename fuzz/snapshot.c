/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of a snapshot: a line "#file PATH" before each.  Whatever is in them there is a snapshot, every index in it leads
 * somewhere, every note has words and a place in one of the files, and the files backwards give the same.
 */
#include "fuzz.h"

#include "base/str.h"
#include "model/snapshot.h"
#include "request/request.h"

enum { MOST_INPUT = 32768, MOST_FILES = 32 };

typedef struct part {
    vd_str path, text;
} part;

static const char mark[] = "#file ";

/* The same path twice is one file with the second text. */
static size_t split(part *out, vd_str input)
{
    size_t count = 0, at = 0;

    while (at < input.n && count < MOST_FILES) {
        vd_str rest = vd_str_from(input, at), path;
        size_t end, same = 0;

        if (!vd_str_starts(rest, vd_str_of(mark)))
            break;
        path = vd_str_from(vd_str_first(rest, vd_str_find(rest, '\n')), sizeof mark - 1);
        at += sizeof mark - 1 + path.n;
        rest = vd_str_from(input, at);
        for (end = 0; end < rest.n && !(rest.p[end] == '\n' && vd_str_starts(vd_str_from(rest, end + 1), vd_str_of(mark)));)
            end++;
        while (same < count && !vd_str_eq(out[same].path, path))
            same++;
        if (path.n)
            out[same] = (part){ path, vd_str_first(rest, end) };
        count += path.n && same == count;
        at += end + 1;
    }
    return count;
}

/* ------------------------------------------------------------------ what must be true */

static void check_range(vd_snap_range r, uint32_t total, const char *what)
{
    fuzz_check(r.first <= total && r.count <= total - r.first, "%s: %u+%u of %u", what, r.first, r.count, total);
}

static void check_id(uint32_t id, uint32_t total, const char *what)
{
    fuzz_check(id == VD_NONE || id < total, "%s: %u of %u", what, id, total);
}

static void check_nodes(const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->node_count; i++) {
        const vd_snap_node *n = &s->nodes[i];

        fuzz_check(n->account < s->account_count, "a node without an account");
        check_range(n->held, s->held_count, "held");
        check_range(n->groups, s->membership_count, "groups");
        check_range(n->tags, s->tag_count, "tags");
        check_id(n->boundary, s->doc_count, "boundary");
        check_id(n->trust, s->doc_count, "trust");
        check_id(n->permission_set, s->permission_set_count, "permission set");
        fuzz_check(n->signature < s->signature_count, "a node without a signature");
        fuzz_check(vd_snap_node_find(s, n->arn) == i, "\"" VD_F "\" is not found", VD_A(n->arn));
        fuzz_check(i == 0 || n[-1].account < n->account || vd_str_cmp(n[-1].arn, n->arn) < 0, "nodes are not sorted");
    }
    for (uint32_t i = 0; i < s->held_count; i++) {
        check_id(s->held[i].doc, s->doc_count, "doc");
        check_id(s->held[i].group, s->group_count, "group");
        check_id(s->held[i].managed, s->managed_count, "managed");
    }
    for (uint32_t i = 0; i < s->group_count; i++) {
        check_range(s->groups[i].members, s->member_count, "members");
        check_range(s->groups[i].held, s->held_count, "held of a group");
    }
}

static void check_accounts(const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->account_count; i++) {
        const vd_snap_account *a = &s->accounts[i];

        check_range(a->nodes, s->node_count, "nodes");
        fuzz_check(a->root >= a->nodes.first && a->root < a->nodes.first + a->nodes.count, "an account without root");
        check_id(a->scp, s->chain_count, "scp");
        check_id(a->rcp, s->chain_count, "rcp");
        check_id(a->unit, s->unit_count, "unit");
    }
    for (uint32_t i = 0; i < s->chain_count; i++)
        check_range(s->chains[i].levels, s->level_count, "levels");
    for (uint32_t i = 0; i < s->level_count; i++)
        check_range(s->levels[i].docs, s->unit_doc_count, "docs of a level");
    for (uint32_t i = 0; i < s->unit_doc_count; i++)
        check_id(s->unit_docs[i], s->doc_count, "doc of a unit");
}

static void check_resources(const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->resource_count; i++) {
        const vd_snap_resource *r = &s->resources[i];

        check_id(r->account, s->account_count, "account");
        check_id(r->doc, s->doc_count, "resource policy");
        check_id(r->runs_as, s->node_count, "role");
        check_id(r->endpoint, s->doc_count, "endpoint policy");
        check_id(r->behind, s->resource_count, "bucket");
        check_range(r->tags, s->tag_count, "tags");
        check_range(r->access_points, s->access_point_count, "access points");
        check_range(r->shared, s->shared_count, "shared");
        fuzz_check(vd_snap_resource_find(s, r->arn) == i, "\"" VD_F "\" is not found", VD_A(r->arn));
    }
}

static void check_permission_sets(const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->permission_set_count; i++) {
        check_id(s->permission_sets[i].doc, s->doc_count, "inline policy of a permission set");
        check_range(s->permission_sets[i].managed, s->set_managed_count, "managed policies of a permission set");
        check_range(s->permission_sets[i].assignments, s->assignment_count, "assignments");
    }
    for (uint32_t i = 0; i < s->assignment_count; i++) {
        const vd_snap_assignment *a = &s->assignments[i];

        fuzz_check(a->set < s->permission_set_count, "an assignment without a permission set");
        check_id(a->account, s->account_count, "account of an assignment");
        check_id(a->role, s->node_count, "role of an assignment");
        fuzz_check(a->role == VD_NONE || s->nodes[a->role].permission_set == a->set, "a role of another permission set");
    }
}

static void check_notes(const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->note_count; i++) {
        vd_snapshot_note n = { .size = sizeof n };

        fuzz_check(vd_snapshot_note_at(s, i, &n) && n.text.n && *vd_snapshot_note_name(n.what), "a note without words");
    }
}

static void use(const vd_engine *e, const vd_snapshot *s)
{
    vd_builder *b;
    vd_request *r;

    fuzz_check(vd_builder_new(&b, e, NULL) == VD_OK && vd_request_new(&r, e, NULL) == VD_OK, "no memory");
    fuzz_check(vd_snapshot_attach(s, b, VD_S(""), VD_S(""), NULL) == VD_OK, "not attached");
    for (uint32_t i = 0; i < s->node_count && i < 4; i++) {
        vd_request_reset(r);
        vd_request_set(r, VD_PRINCIPAL, s->nodes[i].arn);
        if (s->resource_count)
            vd_request_set(r, VD_RESOURCE, s->resources[i % s->resource_count].arn);
        vd_snapshot_fill(s, r, NULL); /* a state or a tag may be none that a request can have */
    }
    vd_request_free(r);
    vd_builder_free(b);
}

static vd_snapshot *read_all(const vd_engine *e, const part *parts, size_t count, bool backwards)
{
    vd_snapshot_reader *r;
    vd_snapshot        *s;

    fuzz_check(vd_snapshot_reader_new(&r, e, NULL, NULL) == VD_OK, "no reader");
    for (size_t i = 0; i < count; i++) {
        const part *p = &parts[backwards ? count - 1 - i : i];

        vd_snapshot_read(r, p->path, VD_S(""), p->text, NULL);
    }
    fuzz_check(vd_snapshot_finish(&s, r, NULL) == VD_OK, "no snapshot");
    vd_snapshot_reader_free(r);
    return s;
}

static void check_same(const vd_snapshot *a, const vd_snapshot *b)
{
    fuzz_check(a->node_count == b->node_count && a->resource_count == b->resource_count && a->doc_count == b->doc_count &&
                   a->held_count == b->held_count && a->signature_count == b->signature_count && a->note_count == b->note_count,
               "the order of files counts");
    for (uint32_t i = 0; i < a->note_count; i++)
        fuzz_check(vd_str_eq(a->notes[i].text, b->notes[i].text) && a->notes[i].at.line == b->notes[i].at.line, "another note: " VD_F,
                   VD_A(a->notes[i].text));
    for (uint32_t i = 0; i < a->node_count; i++)
        fuzz_check(a->nodes[i].signature == b->nodes[i].signature && vd_str_eq(a->nodes[i].arn, b->nodes[i].arn), "another node");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    part         parts[MOST_FILES];
    size_t       count;
    vd_engine   *e;
    vd_snapshot *s, *other;

    if (size > MOST_INPUT)
        return 0;
    count = split(parts, (vd_str){ (const char *)data, size });
    fuzz_check(vd_engine_new(&e, NULL, NULL) == VD_OK, "no engine");
    s = read_all(e, parts, count, false);
    check_accounts(s);
    check_nodes(s);
    check_resources(s);
    check_permission_sets(s);
    check_notes(s);
    use(e, s);
    other = read_all(e, parts, count, true);
    check_same(s, other);
    vd_snapshot_release(s);
    vd_snapshot_release(other);
    vd_engine_release(e);
    return 0;
}

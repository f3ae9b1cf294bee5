/* SPDX-License-Identifier: Apache-2.0
 *
 * Snapshots made by hand: accounts, principals with their documents, resources.  Everything is sorted as the readers do it.
 */
#ifndef TEST_SNAPSHOT_FIXTURE_H
#define TEST_SNAPSHOT_FIXTURE_H

#include "base/str.h"
#include "model/snapshot.h"
#include "policy/policy.h"

#include <stdlib.h>

enum { FIX_MOST = 64 };

typedef struct fixture {
    vd_snapshot     s;
    vd_snap_account accounts[4];
    vd_snap_node    nodes[FIX_MOST];
    vd_held         held[FIX_MOST];
    vd_snap_resource resources[FIX_MOST];
    vd_snap_doc     docs[FIX_MOST];
    vd_snapshot_tag tags[FIX_MOST];
    vd_snap_chain   chains[4];
    vd_snap_level   levels[8];
    uint32_t        unit_docs[8];
} fixture;

static inline void fix_open(fixture *f, vd_engine *engine)
{
    memset(f, 0, sizeof *f);
    f->s.engine = engine;
    f->s.arena = vd_arena_on(&engine->alloc, 0);
    f->s.accounts = f->accounts;
    f->s.nodes = f->nodes;
    f->s.held = f->held;
    f->s.resources = f->resources;
    f->s.docs = f->docs;
    f->s.tags = f->tags;
    f->s.chains = f->chains;
    f->s.levels = f->levels;
    f->s.unit_docs = f->unit_docs;
}

static inline void fix_close(fixture *f)
{
    for (uint32_t i = 0; i < f->s.doc_count; i++)
        vd_policy_release(f->docs[i].policy);
    vd_arena_done(&f->s.arena);
}

static inline uint32_t fix_doc(fixture *f, vd_kind kind, const char *name, const char *statements)
{
    vd_str   text;
    vd_error err = { .size = sizeof err };
    bool     ok = vd_arena_printf(&f->s.arena, &text, "{\"Version\":\"2012-10-17\",\"Statement\":%s}", statements);

    if (!ok || vd_policy_parse(&f->docs[f->s.doc_count].policy, f->s.engine, kind, vd_str_of(name), text, NULL, &err) != VD_OK) {
        fprintf(stderr, "%s: %s\n", name, err.text);
        abort();
    }
    return f->s.doc_count++;
}

static inline uint32_t fix_account(fixture *f, const char *id)
{
    uint32_t at = f->s.account_count++;

    f->accounts[at] = (vd_snap_account){ .id = vd_str_of(id), .unit = VD_NONE, .scp = VD_NONE, .rcp = VD_NONE, .root = VD_NONE };
    return at;
}

/* NULL: no document.  The root user of an account: name NULL.  Those of an account in the order of their ARNs. */
static inline uint32_t fix_node(fixture *f, uint32_t account, vd_who_kind kind, const char *name, const char *statements)
{
    static const char *const words[] = { "user/", "role/", "root" };
    uint32_t                 at = f->s.node_count++;
    vd_snap_node            *n = &f->nodes[at];

    *n = (vd_snap_node){ .account = account, .kind = (uint8_t)kind, .boundary = VD_NONE, .trust = VD_NONE, .permission_set = VD_NONE, .signature = at };
    n->name = vd_str_of(name ? name : "root");
    if (!vd_arena_printf(&f->s.arena, &n->arn, "arn:aws:iam::" VD_F ":%s%s", VD_A(f->accounts[account].id), words[kind], name ? name : ""))
        abort();
    if (f->accounts[account].nodes.count == 0)
        f->accounts[account].nodes.first = at;
    n->service_linked = vd_str_contains(n->arn, VD_S("role/aws-service-role/"));
    n->held = (vd_snap_range){ f->s.held_count, statements ? 1 : 0 };
    if (statements)
        f->held[f->s.held_count++] = (vd_held){ .doc = fix_doc(f, VD_KIND_IDENTITY, name, statements), .group = VD_NONE, .managed = VD_NONE };
    f->s.signature_count = f->s.node_count;
    f->accounts[account].nodes.count++;
    return at;
}

static inline void fix_tag(fixture *f, uint32_t node, const char *key, const char *value)
{
    f->nodes[node].tags = (vd_snap_range){ f->s.tag_count, 1 };
    f->tags[f->s.tag_count++] = (vd_snapshot_tag){ vd_str_of(key), vd_str_of(value) };
}

static inline void fix_boundary(fixture *f, uint32_t node, const char *statements)
{
    f->nodes[node].boundary = fix_doc(f, VD_KIND_BOUNDARY, "boundary", statements);
    f->nodes[node].bounded = true;
}

static inline void fix_trust(fixture *f, uint32_t node, const char *statements)
{
    f->nodes[node].trust = fix_doc(f, VD_KIND_TRUST, "trust", statements);
}

/* ARNs in order. */
static inline uint32_t fix_resource(fixture *f, uint32_t account, const char *arn, const char *type, const char *statements)
{
    uint32_t at = f->s.resource_count++;

    f->resources[at] = (vd_snap_resource){ .arn = vd_str_of(arn), .type = vd_str_of(type), .account = account, .doc = VD_NONE,
                                           .complete = true, .runs_as = VD_NONE, .behind = VD_NONE, .endpoint = VD_NONE };
    if (statements)
        f->resources[at].doc = fix_doc(f, VD_KIND_RESOURCE, arn, statements);
    return at;
}

/* One level with one document. */
static inline void fix_guard(fixture *f, uint32_t account, bool scp, const char *statements)
{
    uint32_t chain = f->s.chain_count++, level = f->s.level_count++, at = f->s.unit_doc_count++;

    f->unit_docs[at] = fix_doc(f, scp ? VD_KIND_SCP : VD_KIND_RCP, scp ? "guard-rail" : "resource guard-rail", statements);
    f->levels[level] = (vd_snap_level){ vd_str_of("r-root"), { at, 1 } };
    f->chains[chain] = (vd_snap_chain){ { level, 1 } };
    if (scp)
        f->accounts[account].scp = chain;
    else
        f->accounts[account].rcp = chain;
}

#endif

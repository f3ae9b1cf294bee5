/* SPDX-License-Identifier: Apache-2.0
 *
 * Walking a tree: from the action to lists of entries, from a long list over the resource to shorter ones, and what is
 * left to test of each entry.  Entries of a list are in the order of statements, so the first that applies ends it.
 */
#include "eval/run.h"

#include "base/str.h"
#include "pattern/glob.h"

/* ------------------------------------------------------------------ principals */

static bool is(const vd_run *r, vd_itext t, vd_str s)
{
    return t.len == s.n && s.n && vd_same_bytes(r->at.bytes + t.off, s.p, s.n);
}

static uint32_t account_kind(const vd_run *r)
{
    const vd_facts *f = &r->facts;

    if (f->kind == VD_WHO_ROOT)
        return VD_MATCH_ROOT;
    if (f->kind == VD_WHO_SERVICE || f->kind == VD_WHO_ANONYMOUS || f->kind == VD_WHO_IDP || r->gateway)
        return 0;
    return VD_MATCH_ACCOUNT;
}

static uint32_t match_account(const vd_run *r, const vd_iprincipal *p)
{
    if (!is(r, p->text, r->facts.account) || (p->partition.len && !is(r, p->partition, r->facts.partition)))
        return 0;
    return account_kind(r);
}

static uint32_t match_role(const vd_run *r, const vd_iprincipal *p)
{
    const vd_facts *f = &r->facts;

    if (f->kind != VD_WHO_ROLE_SESSION && f->kind != VD_WHO_SERVICE_LINKED)
        return 0;
    if (f->role_path_known)
        return is(r, p->text, f->role_arn) ? VD_MATCH_ROLE : 0;
    return is(r, p->name, f->role_name) && is(r, p->account, f->account) && is(r, p->partition, f->partition)
               ? VD_MATCH_ROLE
               : 0;
}

static uint32_t match_id(const vd_run *r, const vd_iprincipal *p)
{
    const vd_facts *f = &r->facts;

    bool            user = r->at.bytes[p->text.off + 1] == 'I'; /* AIDA, AROA */

    if (!is(r, p->text, f->unique_id))
        return 0;
    if (user)
        return f->kind == VD_WHO_USER ? VD_MATCH_USER : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_PARENT : 0;
    return f->kind == VD_WHO_ROLE_SESSION || f->kind == VD_WHO_SERVICE_LINKED ? VD_MATCH_ROLE : 0;
}

static uint32_t match_user(const vd_run *r, const vd_iprincipal *p)
{
    const vd_facts *f = &r->facts;

    if (!is(r, p->text, f->user_arn))
        return 0;
    return f->kind == VD_WHO_USER ? VD_MATCH_USER : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_PARENT : 0;
}

uint32_t vd_run_principal(const vd_run *r, const vd_iprincipal *p)
{
    const vd_facts *f = &r->facts;

    if (p->type == VD_IP_ANY)
        return VD_MATCH_ANY;
    if (p->type == VD_IP_ACCOUNT)
        return match_account(r, p);
    if (p->type == VD_IP_SERVICE)
        return f->kind == VD_WHO_SERVICE && is(r, p->text, f->principal) ? VD_MATCH_SERVICE : 0;
    if (p->type == VD_IP_PROVIDER)
        return f->kind == VD_WHO_IDP && r->trusting && is(r, p->text, f->principal) ? VD_MATCH_IDP : 0;
    if (p->type == VD_IP_CANONICAL)
        return f->account.n && is(r, p->text, r->request->field[VD_PRINCIPAL_CANONICAL]) ? account_kind(r) : 0;
    if (r->gateway)
        return 0;
    switch (p->type) {
    case VD_IP_USER:
        return match_user(r, p);
    case VD_IP_ROLE:
        return match_role(r, p);
    case VD_IP_SESSION:
        return (f->kind == VD_WHO_ROLE_SESSION || f->kind == VD_WHO_SERVICE_LINKED) && is(r, p->text, f->session_arn)
                   ? VD_MATCH_SESSION
                   : 0;
    case VD_IP_FEDSESSION:
        return f->kind == VD_WHO_FEDERATED_USER && is(r, p->text, f->session_arn) ? VD_MATCH_FEDSESSION : 0;
    case VD_IP_UNIQUE_ID:
        return match_id(r, p);
    default:
        return 0;
    }
}

/* E420, E421, E423: what must all be listed for the caller to be exempt. */
static bool exempt(const vd_run *r, uint32_t listed)
{
    static const uint32_t chain[VD_WHO_COUNT] = {
        [VD_WHO_ROOT] = VD_MATCH_ROOT,
        [VD_WHO_USER] = VD_MATCH_USER | VD_MATCH_ACCOUNT,
        [VD_WHO_ROLE_SESSION] = VD_MATCH_SESSION | VD_MATCH_ROLE | VD_MATCH_ACCOUNT,
        [VD_WHO_SERVICE_LINKED] = VD_MATCH_SESSION | VD_MATCH_ROLE | VD_MATCH_ACCOUNT,
        [VD_WHO_FEDERATED_USER] = VD_MATCH_FEDSESSION | VD_MATCH_ACCOUNT,
        [VD_WHO_SERVICE] = VD_MATCH_SERVICE,
        [VD_WHO_ANONYMOUS] = VD_MATCH_ANY,
        [VD_WHO_IDP] = VD_MATCH_IDP,
    };
    uint32_t needed = chain[r->facts.kind];

    if (r->has_boundary)
        return false;
    return (listed & VD_MATCH_ANY) || (listed & needed) == needed;
}

/* Kinds by which a statement names the caller; for NotPrincipal any bit means that it applies. */
static uint32_t kinds_of(const vd_run *r, const vd_istatement *s)
{
    uint32_t kinds = 0;

    if (!(s->flags & VD_STATEMENT_PRINCIPAL))
        return 0; /* E419 */
    for (uint32_t i = 0; i < s->principal_count; i++)
        kinds |= vd_run_principal(r, &r->at.principals[s->principal + i]);
    if (!(s->flags & VD_STATEMENT_NOT_PRINCIPAL))
        return kinds;
    if (!(s->flags & VD_STATEMENT_DENY))
        return 0; /* E422 */
    return exempt(r, kinds) ? 0 : VD_MATCH_ANY;
}

/* ------------------------------------------------------------------ entries */

static bool action_left(const vd_run *r, uint32_t act)
{
    const uint32_t *list = r->at.pool + act;
    uint32_t        count = list[0] & ~VD_REF_NOT;

    for (uint32_t i = 1; i <= count; i++) {
        const vd_iaction *a = &r->at.actions[list[i]];

        if (vd_glob_match((vd_str){ r->at.bytes + a->off, a->len }, r->action))
            return !(list[0] & VD_REF_NOT);
    }
    return (list[0] & VD_REF_NOT) != 0;
}

static bool applies(vd_run *r, const vd_ientry *e, bool principals)
{
    return (e->act == 0 || action_left(r, e->act)) && vd_run_resource(r, e->res) &&
           (!principals || kinds_of(r, &r->at.statements[e->stmt])) && vd_run_condition(r, e->cond);
}

static uint32_t scan(vd_run *r, uint32_t list, uint32_t best, bool principals)
{
    const vd_ientry *e = &r->at.entries[list];

    for (const vd_ientry *end = e + 1 + e->stmt; ++e < end && e->stmt < best;)
        if (applies(r, e, principals))
            return e->stmt;
    return best;
}

/* ------------------------------------------------------------------ tries */

typedef struct walker {
    const vd_run   *r;
    const vd_inode *node;
    vd_str          rest;
} walker;

/* Goes down by one node; NULL at the end. */
static const vd_inode *step(walker *w)
{
    const vd_inode *n = w->node, *next = NULL;

    if (!n || n->label_len > w->rest.n || !vd_same_bytes(w->r->at.bytes + n->label, w->rest.p, n->label_len))
        return NULL;
    w->rest = (vd_str){ w->rest.p + n->label_len, w->rest.n - n->label_len };
    if (n->child_count && w->rest.n) {
        const char *bytes = w->r->at.bytes + n->child_bytes;
        const char *at = memchr(bytes, w->rest.p[0], n->child_count);

        if (at)
            next = &w->r->at.nodes[n->child + (uint32_t)(at - bytes)];
    }
    w->node = next;
    return n;
}

/* The resource field of the request, and what follows each of its colons: a star of a pattern that ends its field may
 * reach over colons (E305), so the field of the pattern may begin at any of them. */
static bool next_start(const vd_run *r, vd_str *at)
{
    size_t colon;

    if (!at->p) {
        if (!r->facts.resource_is_arn)
            return false;
        *at = r->facts.resource_arn.resource;
        return true;
    }
    colon = vd_str_find(*at, ':');
    if (colon == at->n)
        return false;
    *at = vd_str_from(*at, colon + 1);
    return true;
}

static uint32_t scan_deep(vd_run *r, uint32_t list, uint32_t effect, uint32_t best, bool principals)
{
    uint32_t trie = r->at.entries[list].act;

    best = scan(r, list, best, principals);
    if (trie == VD_NONE)
        return best;
    for (vd_str at = { 0 }; next_start(r, &at);) {
        walker          w = { r, &r->at.nodes[trie], at };
        const vd_inode *n;

        while ((n = step(&w)))
            if (n->list[effect])
                best = scan(r, n->list[effect], best, principals);
    }
    return best;
}

/* ------------------------------------------------------------------ places in trees */

/* Where the search for the service will begin: asked for now, read in the next step. */
static inline void await_service(const vd_run *r, const vd_itree *t)
{
    const char *slot;

    if (t->service_mask == VD_NONE)
        return;
    slot = (const char *)&r->at.services[t->services + (r->service_hash & t->service_mask)];
    __builtin_prefetch(slot);
    __builtin_prefetch(slot + sizeof(vd_iservice) - 1);
}

static inline const vd_iservice *find_service(const vd_run *r, const vd_itree *t)
{
    for (uint32_t i = r->service_hash & t->service_mask;; i = (i + 1) & t->service_mask) {
        const vd_iservice *s = &r->at.services[t->services + i];

        if (!s->used)
            return NULL;
        if (s->hash == r->service_hash && is(r, s->name, r->service))
            return s;
    }
}

static inline const vd_iname *find_name(const vd_run *r, const vd_iservice *s)
{
    for (uint32_t i = r->name_hash & s->name_mask;; i = (i + 1) & s->name_mask) {
        const vd_iname *n = &r->at.names[s->names + i];
        uint16_t        len;

        if (!n->off)
            return NULL;
        if (n->hash != r->name_hash)
            continue;
        memcpy(&len, r->at.bytes + n->off, sizeof len);
        if (len == r->name.n && vd_same_bytes(r->at.bytes + n->off + sizeof len, r->name.p, len))
            return n;
    }
}

/* The service, and where the search for the name will begin. */
static inline void locate_service(const vd_run *r, vd_spot *spot)
{
    const vd_iservice *s = spot->tree->service_mask == VD_NONE ? NULL : find_service(r, spot->tree);

    spot->service = s;
    if (s && s->name_mask != VD_NONE)
        __builtin_prefetch(&r->at.names[s->names + (r->name_hash & s->name_mask)]);
}

static inline void locate_name(const vd_run *r, vd_spot *spot)
{
    const vd_iservice *s = spot->service;

    spot->name = s && s->name_mask != VD_NONE ? find_name(r, s) : NULL;
    if (spot->name) {
        __builtin_prefetch(&r->at.entries[spot->name->list[0]]);
        __builtin_prefetch(&r->at.entries[spot->name->list[1]]);
    }
}

/* The upper nodes of a trie stand together at its beginning. */
static inline void await_trie(const vd_run *r, uint32_t list)
{
    const char *p;

    if (r->at.entries[list].act == VD_NONE)
        return;
    p = (const char *)&r->at.nodes[r->at.entries[list].act];
    for (size_t i = 0; i < 5; i++)
        __builtin_prefetch(p + 64 * i);
}

void vd_run_locate(const vd_run *r, vd_spot *const *spots, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        await_service(r, spots[i]->tree);
    for (uint32_t i = 0; i < count; i++)
        locate_service(r, spots[i]);
    for (uint32_t i = 0; i < count; i++)
        locate_name(r, spots[i]);
    for (uint32_t i = 0; i < count; i++)
        if (spots[i]->name) {
            await_trie(r, spots[i]->name->list[0]);
            await_trie(r, spots[i]->name->list[1]);
        }
}

/* ------------------------------------------------------------------ the first that applies */

uint32_t vd_run_first(vd_run *r, const vd_spot *spot, uint32_t effect, bool principals)
{
    const vd_itree *t = spot->tree;
    uint32_t        best = VD_NONE;

    if (!t->has[effect])
        return VD_NONE;
    if (effect == 0 && !principals)
        best = t->allow_all;
    if (spot->name && spot->name->list[effect])
        best = scan_deep(r, spot->name->list[effect], effect, best, principals);
    if (spot->service) {
        if (spot->service->trie != VD_NONE) {
            walker          w = { r, &r->at.nodes[spot->service->trie], r->name };
            const vd_inode *n;

            while ((n = step(&w)))
                if (n->list[effect])
                    best = scan_deep(r, n->list[effect], effect, best, principals);
        }
        if (spot->service->all[effect])
            best = scan_deep(r, spot->service->all[effect], effect, best, principals);
    }
    if (t->any[effect])
        best = scan_deep(r, t->any[effect], effect, best, principals);
    return best;
}

/* ------------------------------------------------------------------ every entry */

typedef void visit(vd_run *r, const vd_ientry *e, void *ctx);

static void visit_list(vd_run *r, uint32_t list, visit *v, void *ctx)
{
    const vd_ientry *e = &r->at.entries[list];

    for (const vd_ientry *end = e + 1 + e->stmt; ++e < end;)
        v(r, e, ctx);
}

static void visit_deep(vd_run *r, uint32_t list, uint32_t effect, visit *v, void *ctx)
{
    uint32_t trie = r->at.entries[list].act;

    visit_list(r, list, v, ctx);
    if (trie == VD_NONE)
        return;
    for (vd_str at = { 0 }; next_start(r, &at);) {
        walker          w = { r, &r->at.nodes[trie], at };
        const vd_inode *n;

        while ((n = step(&w)))
            if (n->list[effect])
                visit_list(r, n->list[effect], v, ctx);
    }
}

static void visit_all(vd_run *r, const vd_spot *spot, uint32_t effect, visit *v, void *ctx)
{
    if (spot->name && spot->name->list[effect])
        visit_deep(r, spot->name->list[effect], effect, v, ctx);
    if (spot->service && spot->service->trie != VD_NONE) {
        walker          w = { r, &r->at.nodes[spot->service->trie], r->name };
        const vd_inode *n;

        while ((n = step(&w)))
            if (n->list[effect])
                visit_deep(r, n->list[effect], effect, v, ctx);
    }
    if (spot->service && spot->service->all[effect])
        visit_deep(r, spot->service->all[effect], effect, v, ctx);
    if (spot->tree->any[effect])
        visit_deep(r, spot->tree->any[effect], effect, v, ctx);
}

static void add_grant(vd_run *r, const vd_ientry *e, void *ctx)
{
    vd_grants *g = ctx;
    uint32_t   kinds;

    if ((e->act && !action_left(r, e->act)) || !vd_run_resource(r, e->res))
        return;
    kinds = kinds_of(r, &r->at.statements[e->stmt]);
    if (!kinds || !vd_run_condition(r, e->cond))
        return;
    g->kinds |= kinds;
    for (uint32_t k = 0; k < VD_MATCH_COUNT; k++)
        if ((kinds >> k & 1) && e->stmt < g->first[k])
            g->first[k] = e->stmt;
}

void vd_run_grants(vd_grants *out, vd_run *r, const vd_spot *spot)
{
    out->kinds = 0;
    memset(out->first, 0xff, sizeof out->first);
    if (spot->tree->has[0])
        visit_all(r, spot, 0, add_grant, out);
}

/* ------------------------------------------------------------------ missing keys (E819) */

typedef struct gather {
    uint32_t effect;
    bool     principals;
} gather;

static void add_missing(vd_run *r, const vd_iatom *a)
{
    vd_str key = vd_image_text(r->m, a->spelling);

    for (uint32_t i = 0; i < r->missing_count; i++)
        if (vd_str_ieq(r->missing[i], key))
            return;
    if (r->missing_count < VD_RUN_MISSING)
        r->missing[r->missing_count++] = key;
}

static bool absent(vd_run *r, const vd_iatom *a)
{
    uint32_t count;

    return !vd_run_values(r, a->key, a->spelling, &count);
}

static void gather_entry(vd_run *r, const vd_ientry *e, void *ctx)
{
    const gather   *g = ctx;
    uint32_t        single[2] = { 1, e->cond };
    const uint32_t *list = single;

    if (e->cond == VD_NONE || (e->act && !action_left(r, e->act)) || !vd_run_resource(r, e->res) ||
        (g->principals && !kinds_of(r, &r->at.statements[e->stmt])))
        return;
    if (e->cond & VD_REF_LIST)
        list = r->at.pool + (e->cond & ~VD_REF_LIST);
    for (uint32_t i = 1; i <= list[0]; i++)
        if (!vd_run_atom(r, list[i]) && (g->effect == 1 || !absent(r, &r->at.atoms[list[i]])))
            return; /* it fails for another reason */
    for (uint32_t i = 1; i <= list[0]; i++)
        if (absent(r, &r->at.atoms[list[i]]) && vd_run_atom(r, list[i]) == (g->effect == 1))
            add_missing(r, &r->at.atoms[list[i]]);
}

void vd_run_missing(vd_run *r, const vd_spot *spot, uint32_t effect, bool principals)
{
    gather g = { effect, principals };

    visit_all(r, spot, effect, gather_entry, &g);
}

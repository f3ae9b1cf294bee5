/* SPDX-License-Identifier: Apache-2.0
 *
 * A set as others hold it: opening and saving blocks, counting, and questions about what is in it.
 */
#include "eval/run.h"

#include "base/file.h"
#include "base/str.h"

#include <verdict/eval.h>

/* A block up to this size is proved as a whole when it is opened: that takes less than a hundred microseconds. */
enum { PROVED_AT_ONCE = 256 * 1024 };

static uint32_t proved_words(const vd_set *set)
{
    return (set->image->sections[VD_SEC_TREES].count + 31) / 32;
}

static void drop_block(vd_engine *e, void *block, size_t size, bool mapped)
{
    if (mapped)
        vd_file_unmap((vd_str){ block, size });
    else
        vd_free(&e->alloc, block, size);
}

static void drop_models(vd_engine *e, vd_policy **models, uint32_t count)
{
    for (uint32_t i = 0; models && i < count; i++)
        vd_policy_release(models[i]);
    vd_free(&e->alloc, models, count * sizeof *models);
}

vd_code vd_set_adopt(vd_set **out, const vd_engine *engine, void *block, size_t block_size, const vd_image *image,
                     bool mapped, vd_policy **models, uint32_t model_count, vd_error *err)
{
    vd_engine *e = (vd_engine *)(uintptr_t)engine;
    vd_set    *s = vd_alloc0(&e->alloc, sizeof *s);

    *out = NULL;
    if (!s) {
        drop_block(e, block, block_size, mapped);
        drop_models(e, models, model_count);
        return vd_fail_nomem(err);
    }
    vd_count_init(&s->refs);
    s->engine = vd_engine_retain(e);
    s->image = image;
    s->size = (size_t)image->size;
    s->mapped = mapped;
    atomic_init(&s->texts, mapped ? VD_TEXTS_UNSEEN : VD_TEXTS_GOOD); /* a copy was looked at as a whole */
    atomic_init(&s->known, mapped ? VD_TEXTS_UNSEEN : VD_TEXTS_GOOD);
    s->block = block;
    s->block_size = block_size;
    s->models = models;
    s->model_count = model_count;
    vd_run_prepare(s);
    *out = s;
    return VD_OK;
}

vd_code vd_set_open(vd_set **out, const vd_engine *engine, const char *path, vd_error *err)
{
    vd_str  bytes;
    vd_code code;

    if (out)
        *out = NULL;
    if (!out || !engine || !path)
        return vd_fail(err, VD_EINVAL, "an engine, a path and a place to go are needed");
    VD_TRY(vd_file_map(&bytes, path, err));
    if (bytes.n > engine->limits.set_bytes)
        code = vd_fail(err, VD_ELIMIT, "the bundle is larger than %llu bytes (limit set_bytes)",
                       (unsigned long long)engine->limits.set_bytes);
    else
        code = vd_image_check((const vd_image *)(const void *)bytes.p, bytes.n, bytes.n <= PROVED_AT_ONCE, vd_str_of(path), err);
    if (code != VD_OK) {
        vd_file_unmap(bytes);
        return code;
    }
    VD_TRY(vd_set_adopt(out, engine, (void *)(uintptr_t)bytes.p, bytes.n, (const void *)bytes.p, true, NULL, 0, err));
    if (bytes.n <= PROVED_AT_ONCE)
        return VD_OK;
    (*out)->proved = vd_alloc0(&engine->alloc, proved_words(*out) * sizeof *(*out)->proved);
    if ((*out)->proved)
        return VD_OK;
    vd_set_release(*out);
    *out = NULL;
    return vd_fail_nomem(err);
}

vd_code vd_set_load(vd_set **out, const vd_engine *engine, vd_str bytes, vd_error *err)
{
    size_t   size;
    char    *block, *at;
    vd_code  code;

    if (out)
        *out = NULL;
    if (!out || !engine)
        return vd_fail(err, VD_EINVAL, "an engine and a place to go are needed");
    if (bytes.n > engine->limits.set_bytes || !vd_add_ok(bytes.n, VD_IMAGE_ALIGN, &size))
        return vd_fail(err, VD_ELIMIT, "the block is larger than %llu bytes (limit set_bytes)",
                       (unsigned long long)engine->limits.set_bytes);
    block = vd_alloc(&engine->alloc, size);
    if (!block)
        return vd_fail_nomem(err);
    at = (char *)(((uintptr_t)block + VD_IMAGE_ALIGN - 1) & ~(uintptr_t)(VD_IMAGE_ALIGN - 1));
    if (bytes.n)
        memcpy(at, bytes.p, bytes.n);
    code = vd_image_check((const vd_image *)(const void *)at, bytes.n, true, VD_S("block"), err);
    if (code == VD_OK && vd_image_texts((const vd_image *)(const void *)at) != ((const vd_image *)(const void *)at)->texts)
        code = vd_fail(err, VD_EFORMAT, "damaged bundle: the checksum of the texts of its policies does not match");
    if (code == VD_OK && !vd_image_check_known((const vd_image *)(const void *)at))
        code = vd_fail(err, VD_EFORMAT, "damaged bundle: what is known besides policies does not hold");
    if (code != VD_OK) {
        vd_free(&engine->alloc, block, size);
        return code;
    }
    return vd_set_adopt(out, engine, block, size, (const void *)at, false, NULL, 0, err);
}

vd_code vd_set_save(const vd_set *set, const char *path, vd_error *err)
{
    if (!set || !path)
        return vd_fail(err, VD_EINVAL, "a set and a path are needed");
    return vd_file_write(path, vd_set_bytes(set), err);
}

vd_str vd_set_bytes(const vd_set *set)
{
    return (vd_str){ (const char *)set->image, set->size };
}

vd_set *vd_set_retain(vd_set *set)
{
    if (set)
        vd_count_up(&set->refs);
    return set;
}

void vd_set_release(vd_set *set)
{
    vd_engine *e;

    if (!set || !vd_count_down(&set->refs))
        return;
    e = set->engine;
    drop_models(e, set->models, set->model_count);
    vd_free(&e->alloc, set->proved, proved_words(set) * sizeof *set->proved);
    drop_block(e, set->block, set->block_size, set->mapped);
    vd_free(&e->alloc, set, sizeof *set);
    vd_engine_release(e);
}

vd_key vd_set_key(const vd_set *set, vd_str key)
{
    uint32_t id = vd_set_find_key(set->image, key);

    return id == VD_NONE ? 0 : (vd_key)set->image->fingerprint << 32 | (id + 1);
}

vd_str vd_set_key_name(const vd_set *set, vd_key key)
{
    if ((uint32_t)(key >> 32) != set->image->fingerprint || (uint32_t)key == 0 ||
        (uint32_t)key > set->image->sections[VD_SEC_KEYS].count)
        return (vd_str){ "", 0 };
    return vd_image_text(set->image, ((const vd_ikey *)vd_image_at(set->image, VD_SEC_KEYS))[(uint32_t)key - 1].name);
}

/* ------------------------------------------------------------------ what is in it */

static const vd_ipolicy *policy_at(const vd_set *set, uint32_t policy)
{
    return policy < set->image->sections[VD_SEC_POLICIES].count
               ? (const vd_ipolicy *)vd_image_at(set->image, VD_SEC_POLICIES) + policy
               : NULL;
}

uint32_t vd_set_policies(const vd_set *set)
{
    return set->image->sections[VD_SEC_POLICIES].count;
}

size_t vd_set_hot_bytes(const vd_set *set)
{
    return set->image->statement_bytes;
}

uint32_t vd_set_statements(const vd_set *set)
{
    return set->image->sections[VD_SEC_STATEMENTS].count;
}

vd_str vd_set_policy_name(const vd_set *set, uint32_t policy)
{
    const vd_ipolicy *p = policy_at(set, policy);

    return p ? vd_image_text(set->image, p->name) : (vd_str){ "", 0 };
}

/* Two threads that ask at once both count, and find the same. */
bool vd_set_texts_good(const vd_set *set)
{
    vd_set       *s = (vd_set *)(uintptr_t)set;
    unsigned char seen = atomic_load_explicit(&s->texts, memory_order_relaxed);

    if (seen == VD_TEXTS_UNSEEN) {
        seen = vd_image_texts(set->image) == set->image->texts ? VD_TEXTS_GOOD : VD_TEXTS_DAMAGED;
        atomic_store_explicit(&s->texts, seen, memory_order_relaxed);
    }
    return seen == VD_TEXTS_GOOD;
}

vd_str vd_set_policy_text(const vd_set *set, uint32_t policy)
{
    const vd_ipolicy *p = policy_at(set, policy);

    if (!p || !vd_set_texts_good(set))
        return (vd_str){ "", 0 };
    return (vd_str){ (const char *)vd_image_at(set->image, VD_SEC_TEXTS) + p->text.off, p->text.len };
}

vd_code vd_set_text(const vd_set *set, uint32_t policy, vd_str *out, const char *without, vd_error *err)
{
    *out = vd_set_policy_text(set, policy);
    if (out->n)
        return VD_OK;
    if (!vd_set_texts_good(set))
        return vd_fail(err, VD_EFORMAT, "damaged bundle: the checksum of the texts of its policies does not match");
    return vd_fail(err, VD_EINVAL, "%s", without);
}

vd_kind vd_set_policy_kind(const vd_set *set, uint32_t policy)
{
    const vd_ipolicy *p = policy_at(set, policy);

    return p ? (vd_kind)p->kind : VD_KIND_IDENTITY;
}

vd_layer vd_set_policy_layer(const vd_set *set, uint32_t policy)
{
    const vd_ipolicy *p = policy_at(set, policy);

    return p ? (vd_layer)p->layer : VD_LAYER_NONE;
}

vd_code vd_set_statement(const vd_set *set, uint32_t policy, uint32_t statement, vd_statement_info *out)
{
    const vd_ipolicy    *p = policy_at(set, policy);
    const vd_iinfo      *info;
    const vd_istatement *s;
    vd_statement_info    i = { 0 };
    size_t               size;

    if (!p || statement >= p->count)
        return VD_ENOTFOUND;
    info = (const vd_iinfo *)vd_image_at(set->image, VD_SEC_INFOS) + p->first + statement;
    s = (const vd_istatement *)vd_image_at(set->image, VD_SEC_STATEMENTS) + p->first + statement;
    size = out->size && out->size < sizeof i ? out->size : sizeof i;
    i.size = size;
    i.policy = vd_image_text(set->image, p->name);
    i.layer = (vd_layer)p->layer;
    i.sid = vd_image_text(set->image, info->sid);
    i.index = statement;
    i.at = (vd_pos){ vd_image_text(set->image, p->file), info->offset, info->length, info->line, info->column };
    i.deny = (s->flags & VD_STATEMENT_DENY) != 0;
    i.malformed = (s->flags & VD_STATEMENT_MALFORMED) != 0;
    memcpy(out, &i, size);
    return VD_OK;
}

vd_engine *vd_set_engine(const vd_set *set)
{
    return set->engine;
}

const vd_policy *vd_set_model(const vd_set *set, uint32_t policy)
{
    return set->models && policy < set->model_count ? set->models[policy] : NULL;
}

vd_arity vd_set_key_arity(const vd_set *set, vd_str key)
{
    uint32_t id = vd_set_find_key(set->image, key);

    return id == VD_NONE ? VD_ARITY_UNKNOWN
                         : (vd_arity)((const vd_ikey *)vd_image_at(set->image, VD_SEC_KEYS))[id].arity;
}

bool vd_set_rcp_service(const vd_set *set, vd_str service)
{
    const vd_itext *names = vd_image_at(set->image, VD_SEC_RCP_SERVICES);
    uint32_t        lo = 0, hi = set->image->sections[VD_SEC_RCP_SERVICES].count;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int      c = vd_str_icmp(service, vd_image_text(set->image, names[mid]));

        if (c == 0)
            return true;
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

/* ------------------------------------------------------------------ what is attached where */

/* One look-up of a name.  The probes of a request go through each step together, so that their cache misses overlap. */
typedef struct probe {
    vd_section table;
    vd_str     name;
    uint32_t   at, mask;
} probe;

static void begin_probe(probe *p, const vd_image *m, vd_section table, vd_str name)
{
    uint32_t count = m->sections[table].count;

    *p = (probe){ .table = table, .name = name };
    if (count == 0 || name.n == 0) {
        p->name.n = 0;
        return;
    }
    p->mask = count - 1;
    p->at = (uint32_t)vd_hash(m->seed, name) & p->mask;
    __builtin_prefetch((const uint32_t *)vd_image_at(m, table) + p->at);
}

/* The binding in the slot that is looked at first; NULL: the slot is free. */
static const vd_ibinding *first_guess(const probe *p, const vd_image *m)
{
    uint32_t slot = p->name.n ? ((const uint32_t *)vd_image_at(m, p->table))[p->at] : 0;

    return slot ? (const vd_ibinding *)vd_image_at(m, VD_SEC_BINDINGS) + slot - 1 : NULL;
}

static const vd_ibinding *end_probe(const probe *p, const vd_image *m)
{
    const vd_ibinding *b = vd_image_at(m, VD_SEC_BINDINGS);
    const uint32_t    *slots = vd_image_at(m, p->table);

    if (p->name.n == 0)
        return NULL;
    for (uint32_t i = p->at; slots[i]; i = (i + 1) & p->mask)
        if (vd_str_eq(vd_image_text(m, b[slots[i] - 1].name), p->name))
            return &b[slots[i] - 1];
    return NULL;
}

/* Of a session whose role was not given: its ARN up to the name of the role (E402). */
static vd_str session_role(const vd_facts *f)
{
    return (vd_str){ f->session_arn.p, (size_t)(f->role_name.p - f->session_arn.p) + f->role_name.n };
}

static vd_str principal_name(const vd_facts *f)
{
    switch (f->kind) {
    case VD_WHO_USER:
    case VD_WHO_FEDERATED_USER:
        return f->user_arn;
    case VD_WHO_ROLE_SESSION:
    case VD_WHO_SERVICE_LINKED:
        return f->role_arn.n || !f->session_arn.n ? f->role_arn : session_role(f);
    default:
        return f->principal;
    }
}

/* The thing whose policy governs a resource: the bucket of an object, the table of an index, the function of a
 * version.  Tried after the ARN itself. */
static vd_str owner_of(const vd_facts *f)
{
    vd_str res = f->resource_arn.resource, whole = f->resource;
    size_t before = whole.n - res.n, cut = res.n;

    if (!f->resource_is_arn)
        return (vd_str){ "", 0 };
    if (vd_str_eq(f->resource_arn.service, VD_S("s3"))) {
        cut = vd_str_find(res, '/');
    } else if (vd_str_eq(f->resource_arn.service, VD_S("dynamodb")) && vd_str_starts(res, VD_S("table/"))) {
        cut = 6 + vd_str_find(vd_str_from(res, 6), '/');
    } else if (vd_str_eq(f->resource_arn.service, VD_S("lambda")) && vd_str_starts(res, VD_S("function:"))) {
        cut = 9 + vd_str_find(vd_str_from(res, 9), ':');
    }
    return vd_str_first(whole, before + cut);
}

enum { PROBE_PRINCIPAL, PROBE_RESOURCE, PROBE_OWNER, PROBE_SCP, PROBE_RCP, PROBES };

static void look_up(const vd_ibinding *found[PROBES], const vd_image *m, const vd_facts *f)
{
    probe              p[PROBES];
    const vd_ibinding *guess[PROBES];

    begin_probe(&p[PROBE_PRINCIPAL], m, VD_SEC_PRINCIPAL_SLOTS, principal_name(f));
    begin_probe(&p[PROBE_RESOURCE], m, VD_SEC_RESOURCE_SLOTS, f->resource);
    begin_probe(&p[PROBE_OWNER], m, VD_SEC_RESOURCE_SLOTS,
                m->sections[VD_SEC_RESOURCE_SLOTS].count ? owner_of(f) : (vd_str){ "", 0 });
    begin_probe(&p[PROBE_SCP], m, VD_SEC_ACCOUNT_SLOTS, f->account);
    begin_probe(&p[PROBE_RCP], m, VD_SEC_ACCOUNT_SLOTS, f->resource_account.n ? f->resource_account : f->account);
    for (uint32_t i = 0; i < PROBES; i++)
        if ((guess[i] = first_guess(&p[i], m)))
            __builtin_prefetch(guess[i]);
    for (uint32_t i = 0; i < PROBES; i++)
        if (guess[i])
            __builtin_prefetch(vd_image_text(m, guess[i]->name).p);
    for (uint32_t i = 0; i < PROBES; i++)
        found[i] = end_probe(&p[i], m);
}

/* ------------------------------------------------------------------ trees that are proved when they are first asked */

/* Two threads that come at once both look, and find the same. */
static bool prove_tree(const vd_set *set, uint32_t tree, vd_error *err)
{
    atomic_uint *word = &set->proved[tree / 32];

    if (atomic_load_explicit(word, memory_order_relaxed) >> tree % 32 & 1)
        return true;
    if (vd_image_check_tree(set->image, tree, VD_S("bundle"), err) != VD_OK)
        return false;
    atomic_fetch_or_explicit(word, 1u << tree % 32, memory_order_relaxed);
    return true;
}

static bool prove_chain(const vd_set *set, uint32_t id)
{
    const vd_ilevel *levels = vd_image_at(set->image, VD_SEC_LEVELS);
    const vd_ichain *c = (const vd_ichain *)vd_image_at(set->image, VD_SEC_CHAINS) + id;

    for (uint32_t i = 0; id != VD_NONE && i < c->count; i++) {
        uint32_t tree = levels[c->first + i].tree;

        if (tree != VD_NONE && !prove_tree(set, tree, NULL))
            return false;
    }
    return true;
}

bool vd_set_prove(const vd_set *set, const vd_attached *on)
{
    for (uint32_t i = 0; i < VD_BIND_COUNT; i++)
        if (on->tree[i] != VD_NONE && !prove_tree(set, on->tree[i], NULL))
            return false;
    return prove_chain(set, on->scp) && prove_chain(set, on->rcp);
}

bool vd_set_prove_all(const vd_set *set, vd_error *err)
{
    for (uint32_t i = 0; set->proved && i < set->image->sections[VD_SEC_TREES].count; i++)
        if (!prove_tree(set, i, err))
            return false;
    return true;
}

void vd_set_attached(vd_attached *out, const vd_image *m, const vd_facts *f)
{
    const vd_ibinding *b = vd_image_at(m, VD_SEC_BINDINGS), *found[PROBES], *what;

    memcpy(out->tree, b->tree, sizeof out->tree);
    out->scp = b->scp;
    out->rcp = b->rcp;
    if (m->sections[VD_SEC_BINDINGS].count == 1)
        return;
    look_up(found, m, f);
    if (found[PROBE_PRINCIPAL])
        for (uint32_t i = VD_BIND_IDENTITY; i <= VD_BIND_SESSION; i++)
            out->tree[i] = found[PROBE_PRINCIPAL]->tree[i];
    what = found[PROBE_RESOURCE] ? found[PROBE_RESOURCE] : found[PROBE_OWNER];
    if (what) {
        out->tree[VD_BIND_RESOURCE] = what->tree[VD_BIND_RESOURCE];
        out->tree[VD_BIND_ACCESS_POINT] = what->tree[VD_BIND_ACCESS_POINT];
    }
    if (found[PROBE_SCP])
        out->scp = found[PROBE_SCP]->scp;
    if (found[PROBE_RCP])
        out->rcp = found[PROBE_RCP]->rcp;
}

static uint32_t bind_of(vd_layer layer)
{
    switch (layer) {
    case VD_LAYER_IDENTITY:
        return VD_BIND_IDENTITY;
    case VD_LAYER_BOUNDARY:
        return VD_BIND_BOUNDARY;
    case VD_LAYER_SESSION:
        return VD_BIND_SESSION;
    case VD_LAYER_RESOURCE:
        return VD_BIND_RESOURCE;
    case VD_LAYER_ACCESS_POINT:
        return VD_BIND_ACCESS_POINT;
    case VD_LAYER_ENDPOINT:
        return VD_BIND_ENDPOINT;
    default:
        return VD_NONE;
    }
}

static const vd_ichain *chain_of(const vd_set *set, const vd_attached *on, vd_layer layer)
{
    uint32_t id = layer == VD_LAYER_SCP ? on->scp : layer == VD_LAYER_RCP ? on->rcp : VD_NONE;

    return id == VD_NONE ? NULL : (const vd_ichain *)vd_image_at(set->image, VD_SEC_CHAINS) + id;
}

uint32_t vd_set_levels(const vd_set *set, const vd_facts *f, vd_layer layer)
{
    vd_attached      on;
    uint32_t         bind = bind_of(layer);
    const vd_ichain *c;

    vd_set_attached(&on, set->image, f);
    if (bind != VD_NONE)
        return on.tree[bind] != VD_NONE;
    c = chain_of(set, &on, layer);
    return c ? c->count : 0;
}

void vd_set_bound(vd_bound *out, const vd_set *set, const vd_facts *f, vd_layer layer, uint32_t level)
{
    vd_attached      on;
    uint32_t         bind = bind_of(layer), tree = VD_NONE;
    const vd_ichain *c;

    *out = (vd_bound){ .target = { "", 0 } };
    vd_set_attached(&on, set->image, f);
    if (bind != VD_NONE) {
        tree = on.tree[bind];
    } else if ((c = chain_of(set, &on, layer)) && level < c->count) {
        const vd_ilevel *l = (const vd_ilevel *)vd_image_at(set->image, VD_SEC_LEVELS) + c->first + level;

        out->target = vd_image_text(set->image, l->target);
        tree = l->tree;
    }
    if (tree != VD_NONE) {
        const vd_itree *t = (const vd_itree *)vd_image_at(set->image, VD_SEC_TREES) + tree;

        out->policies = (const uint32_t *)vd_image_at(set->image, VD_SEC_POOL) + t->docs;
        out->count = t->doc_count;
    }
}

static uint32_t names_in(const vd_set *set, vd_section slots_at, vd_str *out, uint32_t most)
{
    const uint32_t    *slots = vd_image_at(set->image, slots_at);
    const vd_ibinding *bindings = vd_image_at(set->image, VD_SEC_BINDINGS);
    uint32_t           n = 0;

    for (uint32_t i = 0; i < set->image->sections[slots_at].count; i++)
        if (slots[i]) {
            if (n < most)
                out[n] = vd_image_text(set->image, bindings[slots[i] - 1].name);
            n++;
        }
    return n;
}

uint32_t vd_set_resources(const vd_set *set, vd_str *out, uint32_t most)
{
    return names_in(set, VD_SEC_RESOURCE_SLOTS, out, most);
}

uint32_t vd_set_principals(const vd_set *set, vd_str *out, uint32_t most)
{
    return names_in(set, VD_SEC_PRINCIPAL_SLOTS, out, most);
}

bool vd_set_for_all(const vd_set *set)
{
    return set->image->sections[VD_SEC_BINDINGS].count == 1 && set->image->sections[VD_SEC_KNOWN].count == 0;
}

bool vd_set_for_many(const vd_set *set)
{
    const uint32_t *slots = vd_image_at(set->image, VD_SEC_ACCOUNT_SLOTS);

    for (uint32_t i = 0; i < set->image->sections[VD_SEC_ACCOUNT_SLOTS].count; i++)
        if (slots[i])
            return true;
    return vd_set_resources(set, NULL, 0) > 0;
}

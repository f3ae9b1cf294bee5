/* SPDX-License-Identifier: Apache-2.0
 *
 * From a request to slots: the action folded and hashed once, every context key found in the set's table once, derived
 * keys made when the first test asks for them.
 */
#include "eval/run.h"

#include "base/str.h"

static size_t aligned(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

/* An expanded template is never matched when its literal bytes outnumber what the subject could hold: three bytes of
 * it for one of the subject when case is folded. */
static size_t expand_bytes(const vd_image *m, const vd_limits *limits)
{
    return aligned(3 * (size_t)limits->request_value_bytes + m->max_text + 16);
}

static void divide(vd_division *d, const vd_image *m, const vd_limits *limits)
{
    uint32_t most = 15;

    while (most < m->sections[VD_SEC_ATOMS].count && most < VD_RUN_MEMO - 1)
        most = most * 2 + 1;
    d->memo_mask = most;
    d->slots = sizeof(uint32_t) * ((size_t)most + 1);
    d->states = d->slots + sizeof(uint16_t) * ((size_t)m->sections[VD_SEC_KEYS].count + 1);
    d->cleared = d->states + VD_DERIVE_COUNT;
    d->chains = aligned(d->cleared);
    d->expand = d->chains + aligned(sizeof(uint16_t) * ((size_t)limits->request_keys * 2 + 1));
    d->expand_size = expand_bytes(m, limits);
    d->all = d->expand + d->expand_size;
}

void vd_run_prepare(vd_set *set)
{
    const vd_image *m = set->image;

    set->places = (vd_places){
        .bytes = vd_image_at(m, VD_SEC_BYTES),
        .pool = vd_image_at(m, VD_SEC_POOL),
        .keys = vd_image_at(m, VD_SEC_KEYS),
        .atoms = vd_image_at(m, VD_SEC_ATOMS),
        .values = vd_image_at(m, VD_SEC_VALUES),
        .parts = vd_image_at(m, VD_SEC_PARTS),
        .patterns = vd_image_at(m, VD_SEC_PATTERNS),
        .actions = vd_image_at(m, VD_SEC_ACTIONS),
        .principals = vd_image_at(m, VD_SEC_PRINCIPALS),
        .statements = vd_image_at(m, VD_SEC_STATEMENTS),
        .entries = vd_image_at(m, VD_SEC_ENTRIES),
        .nodes = vd_image_at(m, VD_SEC_NODES),
        .services = vd_image_at(m, VD_SEC_SERVICES),
        .names = vd_image_at(m, VD_SEC_NAMES),
        .trees = vd_image_at(m, VD_SEC_TREES),
    };
    divide(&set->division, m, &set->engine->limits);
    set->scratch_size = aligned(sizeof(vd_run)) + set->division.all + 16;
}

vd_run *vd_run_start(void *scratch, const vd_set *set, const vd_request *request)
{
    vd_run            *r = (vd_run *)(((uintptr_t)scratch + 15) & ~(uintptr_t)15);
    char              *p = (char *)r + aligned(sizeof(vd_run));
    const vd_division *d = &set->division;

    r->m = set->image;
    r->set = set;
    r->request = request;
    r->at = set->places;
    r->memo_mask = d->memo_mask;
    r->memo = (uint32_t *)(void *)p;
    r->slot = (uint16_t *)(void *)(p + d->slots);
    r->derived_state = (uint8_t *)p + d->states;
    r->chain = (uint16_t *)(void *)(p + d->chains);
    r->expand = p + d->expand;
    r->expand_size = d->expand_size;
    r->missing_count = 0;
    r->want_missing = request->flag[VD_WANT_MISSING_KEYS];
    return r;
}

uint32_t vd_set_find_key(const vd_image *m, vd_str key)
{
    const uint32_t *slots = vd_image_at(m, VD_SEC_KEY_SLOTS);
    const vd_ikey  *keys = vd_image_at(m, VD_SEC_KEYS);
    uint32_t        mask = m->sections[VD_SEC_KEY_SLOTS].count - 1;
    uint32_t        hash = (uint32_t)vd_ihash(m->seed, key);

    for (uint32_t i = hash & mask; slots[i]; i = (i + 1) & mask) {
        const vd_ikey *k = &keys[slots[i] - 1];

        if (k->hash == hash && vd_str_ieq(vd_image_text(m, k->name), key))
            return slots[i] - 1;
    }
    return VD_NONE;
}

static bool fold_action(vd_run *r)
{
    vd_str a = r->facts.action;
    size_t colon = r->facts.service.n;

    if (a.n > VD_RUN_ACTION)
        return false;
    vd_lower_copy(r->folded, a.p, a.n);
    r->action = (vd_str){ r->folded, a.n };
    r->service = (vd_str){ r->folded, colon };
    r->name = (vd_str){ r->folded + colon + 1, a.n - colon - 1 };
    r->service_hash = (uint32_t)vd_hash(r->m->seed, r->service);
    r->name_hash = (uint32_t)vd_hash(r->m->seed, r->name);
    return true;
}

/* E504, E601: entries of the check itself stand before shared ones; several spellings of one key make a chain. */
static void bind_entry(vd_run *r, uint32_t key, uint32_t entry)
{
    const vd_context *c = r->request->context.at, *now = &c[entry];
    uint16_t         *link = &r->slot[key];

    if (VD_LIKELY(*link == 0)) {
        r->chain[entry + 1] = 0;
        *link = (uint16_t)(entry + 1);
        return;
    }
    if (c[*link - 1].check != now->check) {
        if (now->check == VD_SHARED_CHECK)
            return;
        *link = 0;
    }
    while (*link)
        link = &r->chain[*link];
    r->chain[entry + 1] = 0;
    *link = (uint16_t)(entry + 1);
}

/* The key of an entry: its id, or VD_NONE when no policy asks for it. */
static vd_code find_key(uint32_t *out, const vd_run *r, const vd_context *c, vd_error *err)
{
    if (c->key.n) {
        *out = vd_set_find_key(r->m, c->key);
        return VD_OK;
    }
    *out = (uint32_t)c->bound - 1; /* VD_NONE of 0 */
    if (VD_LIKELY((uint32_t)(c->bound >> 32) == r->m->fingerprint && *out < r->m->sections[VD_SEC_KEYS].count))
        return VD_OK;
    return c->bound ? vd_fail(err, VD_EREQUEST, "a context key was bound for another set") : VD_OK;
}

static vd_code bind_context(vd_run *r, uint32_t check, vd_error *err)
{
    const vd_request *q = r->request;
    const vd_context *c = q->context.at;
    uint32_t          most = r->set->engine->limits.request_value_bytes;
    bool              checked = q->engine == r->set->engine; /* lengths, against the same limits */

    for (uint32_t i = 0, n = q->context.count; i < n; i++, c++) {
        uint32_t key;

        if (c->check != VD_SHARED_CHECK && c->check != check)
            continue;
        VD_TRY(find_key(&key, r, c, err));
        if (key == VD_NONE)
            continue;
        if (c->count > 1 && r->at.keys[key].arity == VD_ARITY_ONE)
            return vd_fail(err, VD_EREQUEST, "context key " VD_F " holds one value, %u are given",
                           VD_A(vd_image_text(r->m, r->at.keys[key].name)), c->count);
        for (uint32_t v = 0; !checked && v < c->count; v++)
            if (q->values.at[c->first + v].n > most)
                return vd_fail(err, VD_EREQUEST, "a context value is longer than %u bytes", most);
        bind_entry(r, key, i);
    }
    return VD_OK;
}

vd_code vd_run_bind(vd_run *r, uint32_t check, vd_error *err)
{
    const vd_limits *limits = &r->set->engine->limits;

    if (r->request->context.count > limits->request_keys * 2 || r->request->context.count > UINT16_MAX - 1)
        return vd_fail(err, VD_EREQUEST, "more context keys than the set was opened for");
    VD_TRY(vd_facts_make(&r->facts, r->request, check, err));
    if (r->facts.resource.n > limits->request_value_bytes)
        return vd_fail(err, VD_EREQUEST, "the resource is longer than %u bytes", limits->request_value_bytes);
    if (!fold_action(r))
        return vd_fail(err, VD_EREQUEST, "the action is longer than %d bytes", VD_RUN_ACTION);
    memset(r->memo, 0, r->set->division.cleared);
    r->number_of = r->date_of = r->address_of = NULL;
    r->has_boundary = false;
    r->gateway = r->trusting = false;
    return bind_context(r, check, err);
}

static const vd_str *derived(vd_run *r, const vd_ikey *k, uint32_t *count)
{
    uint32_t      d = k->derive, n = 0;
    const vd_str *source = NULL;

    if (d == VD_DERIVE_NONE)
        return NULL;
    if (d == VD_DERIVE_RESOURCE_TAG && !vd_derive_has_tag(&r->facts, vd_image_text(r->m, k->name)))
        return NULL;
    if (k->source != VD_NONE && (d == VD_DERIVE_RESOURCE_TAG || r->derived_state[d] == 0))
        source = vd_run_values(r, k->source, r->at.keys[k->source].name, &n);
    if (d == VD_DERIVE_RESOURCE_TAG) {
        *count = n;
        return n ? source : NULL;
    }
    if (r->derived_state[d] == 0)
        r->derived_state[d] =
            vd_derive_value(&r->derived[d], r->derived_text[d], &r->facts, (vd_derive)d, source, n) ? 2 : 1;
    if (r->derived_state[d] == 1)
        return NULL;
    *count = 1;
    return &r->derived[d];
}

/* E504: the spelling of the policy, the last of equals; else the smallest by bytes.  A key bound by id has every
 * spelling. */
static uint16_t choose(const vd_run *r, uint16_t link, vd_itext spelling)
{
    const vd_context *c = r->request->context.at;
    vd_str            wanted = vd_image_text(r->m, spelling);
    uint16_t          best = link, exact = 0;

    for (; link; link = r->chain[link]) {
        if (c[link - 1].key.n == 0 || vd_str_eq(c[link - 1].key, wanted))
            exact = link;
        else if (vd_str_cmp(c[link - 1].key, c[best - 1].key) < 0)
            best = link;
    }
    return exact ? exact : best;
}

const vd_str *vd_run_values(vd_run *r, uint32_t key, vd_itext spelling, uint32_t *count)
{
    uint16_t          link = r->slot[key];
    const vd_context *c;

    *count = 0;
    if (!link)
        return derived(r, &r->at.keys[key], count);
    if (r->chain[link])
        link = choose(r, link, spelling);
    c = &r->request->context.at[link - 1];
    if (c->absent || c->count == 0)
        return NULL;
    *count = c->count;
    return &r->request->values.at[c->first];
}

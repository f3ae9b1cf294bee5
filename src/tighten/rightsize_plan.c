/* SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of each Allow: parts, each with actions that share their resources.  An observation is credited to the
 * narrowest statement that allows it for certain; where only conditions can tell, to all that may.  What nobody could see
 * stays in a part of its own, as it was granted.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"
#include "pattern/glob.h"
#include "tighten/shape.h"

#include <stdlib.h>

/* An action in a statement: what it was seen to be used on there. */
typedef struct credit {
    uint32_t       statement, seen;
    vd_shape_seen *on;
    uint32_t       on_count, on_cap;
} credit;

typedef struct planning {
    vd_rs   *r;
    credit  *credits; /* by statement and seen, sorted once all are there */
    uint32_t count, cap;
} planning;

static bool narrows(const vd_rs *r)
{
    return r->opts->mode == VD_RIGHTSIZE_STRICT || r->opts->mode == VD_RIGHTSIZE_LEVEL;
}

/* ------------------------------------------------------------------ credit */

static credit *credit_of(planning *p, uint32_t statement, uint32_t seen)
{
    /* observations come action by action: the last ones are looked at */
    for (uint32_t i = p->count; i > 0 && p->credits[i - 1].seen == seen; i--)
        if (p->credits[i - 1].statement == statement)
            return &p->credits[i - 1];
    if (!VD_ARENA_PUSH(&p->r->scratch, p->credits, p->count, p->cap, (credit){ .statement = statement, .seen = seen }))
        return NULL;
    return &p->credits[p->count - 1];
}

static bool allows_some(const vd_rs *r, const vd_rs_statement *s, const vd_rs_seen *seen, const vd_rs_pattern *on)
{
    return s->allow && !s->model->malformed && vd_rs_names(r, s, seen->action, seen->name) && vd_rs_touches(s, on);
}

static bool give(planning *p, uint32_t statement, uint32_t seen, const vd_rs_pattern *on)
{
    bool          star = vd_str_eq(on->text, VD_S("*"));
    vd_shape_seen what = { .arn = on->text, .exact = !star && vd_glob_classify(on->coded) == VD_GLOB_LITERAL };
    credit       *c = credit_of(p, statement, seen);

    return c && VD_ARENA_PUSH(&p->r->scratch, c->on, c->on_count, c->on_cap, what);
}

static bool credit_one(planning *p, uint32_t seen, const vd_rs_pattern *on, bool *any)
{
    vd_rs            *r = p->r;
    const vd_rs_seen *what = &r->t->seen[seen];
    uint32_t          best = VD_NONE;

    for (uint32_t i = 0; i < r->statement_count && r->opts->mode == VD_RIGHTSIZE_STRICT; i++) {
        const vd_rs_statement *s = &r->statements[i];

        if (s->plain && allows_some(r, s, what, on) && vd_rs_covers(s, on) &&
            (best == VD_NONE || s->breadth < r->statements[best].breadth))
            best = i;
    }
    if (best != VD_NONE) {
        *any = true;
        return give(p, best, seen, on);
    }
    for (uint32_t i = 0; i < r->statement_count; i++)
        if (allows_some(r, &r->statements[i], what, on)) {
            *any = true;
            if (!give(p, i, seen, on))
                return false;
        }
    return true;
}

static bool credit_all(planning *p, uint32_t seen)
{
    vd_rs      *r = p->r;
    vd_rs_seen *s = &r->t->seen[seen];
    bool        all = true;
    uint32_t    before = p->count;

    for (size_t i = 0; i < s->on.count; i++) {
        vd_rs_pattern on;
        bool          any = false;

        if (!vd_rs_code_observed(r, &on, s, s->on.at[i]) || !credit_one(p, seen, &on, &any))
            return false;
        all &= any;
    }
    if (all || s->confidence == 'H')
        return true;
    /* used on what is not granted: either somebody else grants it, or we are wrong about what it was used on */
    p->count = before;
    s->keep = VD_RS_KEPT;
    return vd_arena_printf(r->arena, &s->why, VD_F "; what it was used on is not certain", VD_A(s->why));
}

static int by_place(const void *a, const void *b)
{
    const credit *x = a, *y = b;

    if (x->statement != y->statement)
        return x->statement < y->statement ? -1 : 1;
    return x->seen < y->seen ? -1 : x->seen > y->seen;
}

static const credit *find_credit(const planning *p, uint32_t statement, uint32_t seen)
{
    credit key = { .statement = statement, .seen = seen };

    return p->count ? bsearch(&key, p->credits, p->count, sizeof key, by_place) : NULL;
}

/* ------------------------------------------------------------------ resources */

/* Whom a role is passed to, and which keys and secrets, are told one by one (usage 3.3, 5). */
static bool is_literal(const vd_rs_seen *s)
{
    return vd_str_ieq(s->name, VD_S("iam:PassRole")) || vd_str_istarts(s->name, VD_S("sts:AssumeRole"));
}

/* The same of what is never told by a pattern that was not there (usage 3.3, 5), however large the list. */
static bool is_always_listed(const vd_rs_seen *s)
{
    static const vd_str services[] = { VD_L("iam:"), VD_L("kms:"), VD_L("organizations:"), VD_L("secretsmanager:"), VD_L("sts:") };

    for (size_t i = 0; i < VD_COUNT(services); i++)
        if (vd_str_istarts(s->name, services[i]))
            return true;
    return false;
}

/* Resources of one action in one statement; *whole: as it stands there. */
static vd_code resources_of(vd_rs *r, vd_rs_texts *out, bool *whole, const vd_rs_statement *s, const credit *c)
{
    const vd_rs_seen         *seen = &r->t->seen[c->seen];
    const vd_texts           *old = &s->model->resource.texts;
    vd_str                   *texts = vd_arena_new_array(&r->scratch, vd_str, (size_t)old->count + 1);
    vd_shape_resources_opts   opts = { .account = r->t->account, .literal = is_literal(seen), .s3_depth = r->opts->s3_depth,
                                       .slack = r->loose.bits > r->opts->resource_slack ? r->loose.bits : r->opts->resource_slack,
                                       .threshold = r->loose.threshold,
                                       .previous = r->previous, .previous_count = r->previous_count };
    vd_shape_resources_result found = { 0 };

    *out = (vd_rs_texts){ 0 };
    *whole = (s->model->resource.negated && vd_rs_takes_none(r, seen)) || (r->loose.whole && !is_always_listed(seen));
    if (!texts)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < old->count; i++)
        texts[i] = old->at[i].text;
    if (*whole)
        return VD_OK;
    if (vd_rs_takes_none(r, seen) && c->on_count == 1 && vd_str_eq(c->on[0].arn, VD_S("*"))) {
        texts[0] = VD_S("*");
        *out = (vd_rs_texts){ .at = texts, .count = 1 };
        return VD_OK;
    }
    opts.old = (vd_shape_old){ .at = texts, .count = old->count, .negated = s->model->resource.negated,
                               .variables = r->models[s->document]->language == VD_LANGUAGE_2012 };
    VD_TRY(vd_shape_resources(&found, r->arena, c->on, c->on_count, &opts, r->err));
    *whole = found.keep_old;
    *out = (vd_rs_texts){ .at = found.patterns.at, .count = found.patterns.count };
    return VD_OK;
}

/* ------------------------------------------------------------------ parts */

static vd_rs_part *part_of(vd_rs *r, vd_rs_statement *s, uint8_t keep, bool whole, const vd_rs_texts *on)
{
    vd_rs_part part = { .keep = keep, .whole = whole };

    for (uint32_t i = 0; i < s->part_count; i++) {
        vd_rs_part *q = &s->parts[i];
        bool        same = q->keep == keep && q->whole == whole && (whole || q->resource_count == on->count);

        for (uint32_t j = 0; same && !whole && j < on->count; j++)
            same = vd_str_eq(q->resources[j], on->at[j]);
        if (same)
            return q;
    }
    part.actions = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    if (!part.actions)
        return NULL;
    if (!whole) {
        part.resources = on->at;
        part.resource_count = on->count;
    }
    if (!VD_ARENA_PUSH(&r->scratch, s->parts, s->part_count, s->part_cap, part))
        return NULL;
    return &s->parts[s->part_count - 1];
}

static bool put(vd_rs *r, vd_rs_part *part, vd_rs_statement *s, uint32_t action, vd_str name)
{
    vd_str *names;

    if (!part)
        return false;
    if (action != VD_NONE) {
        vd_rs_set(part->actions, action);
        vd_rs_set(s->stays, action);
        return true;
    }
    names = vd_arena_new_array(&r->scratch, vd_str, (size_t)part->name_count + 1);
    if (!names)
        return false;
    if (part->name_count)
        memcpy(names, part->names, part->name_count * sizeof *names);
    names[part->name_count++] = name;
    part->names = names;
    return true;
}

/* Where a mode leaves resources alone, all that stays is one part. */
static uint8_t class_of(const vd_rs *r, uint8_t keep)
{
    return narrows(r) ? keep : VD_RS_UNSEEN;
}

/* All that the statement says of resources. */
static bool same_texts(const vd_rs_statement *s, const vd_rs_texts *on)
{
    const vd_texts *old = &s->model->resource.texts;

    for (uint32_t i = 0; i < old->count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < on->count && !there; j++)
            there = vd_str_eq(on->at[j], old->at[i].text);
        if (!there)
            return false;
    }
    return !s->model->resource.negated;
}

static vd_code put_part(vd_rs *r, vd_rs_part *part, vd_rs_statement *s, uint32_t action, vd_str name)
{
    return put(r, part, s, action, name) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code place(planning *p, uint32_t statement, uint32_t action, uint32_t seen)
{
    vd_rs           *r = p->r;
    vd_rs_statement *s = &r->statements[statement];
    vd_rs_seen      *what = seen == VD_NONE ? NULL : &r->t->seen[seen];
    uint8_t          keep = what ? what->keep : VD_RS_UNSEEN;
    const credit    *c;
    vd_rs_texts      on;
    bool             whole;

    if (keep == VD_RS_GONE && r->t->documents[s->document].young && what && what->state >= VD_STATE_NOT_SEEN)
        keep = VD_RS_UNSEEN;
    if (keep == VD_RS_GONE && !vd_rs_may_go(r, statement, action))
        keep = VD_RS_UNSEEN;
    if (keep == VD_RS_GONE)
        return VD_OK;
    if (keep != VD_RS_OBSERVED)
        return put_part(r, part_of(r, s, class_of(r, keep), true, NULL), s, action, what ? what->name : VD_S(""));
    c = find_credit(p, statement, seen);
    if (!c)
        return VD_OK;
    VD_TRY(resources_of(r, &on, &whole, s, c));
    if (whole || same_texts(s, &on))
        return put_part(r, part_of(r, s, VD_RS_KEPT, true, NULL), s, action, what->name);
    return on.count ? put_part(r, part_of(r, s, VD_RS_OBSERVED, false, &on), s, action, what->name) : VD_OK;
}

/* Nothing of it goes, and no words of it would be others. */
static bool untouched(const vd_rs *r, const vd_rs_statement *s)
{
    if (narrows(r) && (s->model->action.negated || s->model->resource.negated))
        return false;
    for (uint32_t i = 0; i < s->part_count; i++)
        if (!s->parts[i].whole)
            return false;
    return s->part_count && memcmp(s->stays, s->actions, r->words * sizeof *s->stays) == 0;
}

/* Texts that name nothing of today stay where nothing can be seen: there must be such a part. */
static bool keeps_unknown(vd_rs *r, vd_rs_statement *s)
{
    const vd_list *list = &s->model->action;

    for (uint32_t i = 0; i < list->texts.count && !list->negated; i++)
        if (vd_catalog_expand_count(r->t->catalog, list->texts.at[i].text, 1) == 0)
            return part_of(r, s, VD_RS_UNSEEN, true, NULL) != NULL;
    return true;
}

static int by_class(const void *a, const void *b)
{
    const vd_rs_part *x = a, *y = b;

    if (x->keep != y->keep)
        return x->keep < y->keep ? -1 : 1;
    if (x->whole != y->whole)
        return x->whole ? 1 : -1;
    for (uint32_t i = 0; i < x->resource_count && i < y->resource_count; i++)
        if (!vd_str_eq(x->resources[i], y->resources[i]))
            return vd_str_cmp(x->resources[i], y->resources[i]);
    return x->resource_count < y->resource_count ? -1 : x->resource_count > y->resource_count;
}

/* The words of each part; what they name beyond it is granted, too, from then on. */
static vd_code find_texts(vd_rs *r, vd_rs_statement *s)
{
    for (uint32_t i = 0; i < s->part_count; i++) {
        vd_rs_part *part = &s->parts[i];
        vd_rs_texts texts = { 0 };

        part->extra = vd_arena_new_array(&r->scratch, uint64_t, r->words);
        if (!part->extra)
            return vd_fail_nomem(r->err);
        VD_TRY(vd_rs_action_texts(r, &texts, s, part, part->extra));
        part->texts = texts.at;
        part->text_count = texts.count;
        for (size_t w = 0; w < r->words; w++) {
            part->actions[w] |= part->extra[w];
            s->stays[w] |= part->extra[w];
        }
    }
    return VD_OK;
}

static void begin_again(vd_rs *r, vd_rs_statement *s)
{
    s->parts = NULL;
    s->part_count = s->part_cap = 0;
    s->changed = false;
    memset(s->stays, 0, r->words * sizeof *s->stays);
}

static vd_code plan_statement(planning *p, uint32_t statement)
{
    vd_rs           *r = p->r;
    vd_rs_statement *s = &r->statements[statement];

    for (uint32_t a = 0; a < vd_catalog_actions(r->t->catalog); a++)
        if (vd_rs_bit(s->actions, a))
            VD_TRY(place(p, statement, a, r->seen_of[a]));
    for (uint32_t i = r->t->seen_count; i > 0 && r->t->seen[i - 1].action == VD_NONE; i--)
        if (vd_rs_names(r, s, VD_NONE, r->t->seen[i - 1].name))
            VD_TRY(place(p, statement, VD_NONE, i - 1));
    if (!keeps_unknown(r, s))
        return vd_fail_nomem(r->err);
    if (narrows(r))
        VD_TRY(vd_rs_merge(r, s));
    s->changed = !untouched(r, s);
    if (s->part_count)
        qsort(s->parts, s->part_count, sizeof *s->parts, by_class);
    if (s->changed) {
        VD_TRY(find_texts(r, s));
        s->changed = !untouched(r, s); /* loosely enough, nothing may be gone any more */
    }
    return VD_OK;
}

/* A complement grows with the cloud; where lists are not rewritten it is left as it is. */
static bool left_alone(const vd_rs *r, const vd_rs_statement *s)
{
    return !s->open || (s->model->action.negated && !narrows(r));
}

vd_code vd_rs_plan(vd_rs *r)
{
    planning p = { .r = r };
    bool     ok = true;

    for (uint32_t i = 0; i < r->t->seen_count && ok; i++)
        if (r->t->seen[i].keep == VD_RS_OBSERVED)
            ok = credit_all(&p, i);
    if (p.count)
        qsort(p.credits, p.count, sizeof *p.credits, by_place);
    if (!ok)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < r->statement_count; i++)
        begin_again(r, &r->statements[i]);
    for (uint32_t i = 0; i < r->statement_count; i++)
        if (!left_alone(r, &r->statements[i]))
            VD_TRY(plan_statement(&p, i));
    return VD_OK;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Account by account: how long ago what is used was used last, as percentiles of its actions (usage 5.3); and where AWS's own
 * findings and the logs disagree (1.7).
 */
#include "render/unused_accounts.h"

#include "base/calendar.h"
#include "base/str.h"
#include "render/parts.h"
#include "render/unused_html.h"

#include <stdlib.h>

const uint32_t vd_unused_percents[VD_UNUSED_PERCENTS] = { 50, 75, 90, 95, 99 };

static int by_account(const void *a, const void *b)
{
    const vd_unused_principal *x = *(const vd_unused_principal *const *)a, *y = *(const vd_unused_principal *const *)b;

    return vd_str_cmp(x->account, y->account);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Of so many percent of the actions the last use is no longer ago: the nearest rank. */
static void fill(vd_unused_account *a, uint32_t *days, size_t count)
{
    a->dated = count;
    if (!count)
        return;
    qsort(days, count, sizeof *days, by_number);
    for (uint32_t i = 0; i < VD_UNUSED_PERCENTS; i++)
        a->since[i] = days[(count * vd_unused_percents[i] + 99) / 100 - 1];
    a->most = days[count - 1];
}

static bool add_account(vd_arena *arena, vd_unused_account *a, const vd_unused_principal *const *at, uint32_t count)
{
    size_t    n = 0, used = 0;
    uint32_t *days;

    *a = (vd_unused_account){ .account = at[0]->account, .principals = count };
    for (uint32_t i = 0; i < count; i++)
        n += at[i]->since_count;
    days = vd_arena_new_array(arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < count && days; i++) {
        if (at[i]->since_count)
            memcpy(days + used, at[i]->since_last, at[i]->since_count * sizeof *days);
        used += at[i]->since_count;
        a->used += at[i]->used;
        a->not_seen += at[i]->not_seen;
        a->cannot_see += at[i]->cannot_see;
    }
    if (days)
        fill(a, days, n);
    return days != NULL;
}

bool vd_unused_accounts_of(vd_arena *arena, const vd_unused_job *job, vd_unused_account **out, uint32_t *count)
{
    const vd_unused_principal **sorted = vd_arena_new_array(arena, const vd_unused_principal *, (size_t)job->principal_count + 1);

    *count = 0;
    *out = vd_arena_new_array(arena, vd_unused_account, (size_t)job->principal_count + 1);
    if (!*out || !sorted)
        return false;
    for (uint32_t i = 0; i < job->principal_count; i++)
        sorted[i] = &job->principals[i];
    if (job->principal_count)
        qsort(sorted, job->principal_count, sizeof *sorted, by_account);
    for (uint32_t i = 0, end; i < job->principal_count; i = end) {
        for (end = i + 1; end < job->principal_count && vd_str_eq(sorted[end]->account, sorted[i]->account);)
            end++;
        if (!add_account(arena, &(*out)[(*count)++], sorted + i, end - i))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ JSON */

static vd_json *since_of(const vd_unused_account *a)
{
    vd_json *o;

    if (!a->dated)
        return vd_json_null();
    o = vd_json_object();
    for (uint32_t i = 0; i < VD_UNUSED_PERCENTS; i++) {
        char name[8] = { 'p', (char)('0' + vd_unused_percents[i] / 10), (char)('0' + vd_unused_percents[i] % 10), '\0' };

        vd_json_set(o, name, vd_json_int(a->since[i]));
    }
    vd_json_set(o, "most", vd_json_int(a->most));
    return o;
}

vd_json *vd_render_unused_accounts_json(const vd_unused_job *job)
{
    vd_arena           arena = vd_arena_on(vd_allocator_default(), 0);
    vd_json           *list = vd_json_array();
    vd_unused_account *at;
    uint32_t           count;

    if (!vd_unused_accounts_of(&arena, job, &at, &count)) {
        vd_json_drop(list);
        list = NULL; /* of which the document fails */
    }
    for (uint32_t i = 0; list && i < count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "account", vd_json_string(at[i].account));
        vd_json_set(o, "principals", vd_json_int(at[i].principals));
        vd_json_set(o, "used", vd_json_int((int64_t)at[i].used));
        vd_json_set(o, "notSeen", vd_json_int((int64_t)at[i].not_seen));
        vd_json_set(o, "cannotSee", vd_json_int((int64_t)at[i].cannot_see));
        vd_json_set(o, "daysSinceLastUse", since_of(&at[i]));
        vd_json_push(list, o);
    }
    vd_arena_done(&arena);
    return list;
}

vd_json *vd_render_disagreements_json(const vd_unused_job *job)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < job->disagreement_count; i++) {
        const vd_unused_disagreement *d = &job->disagreements[i];
        vd_json                      *o = vd_json_object();

        vd_json_set(o, "principal", vd_json_string(d->principal));
        vd_json_set(o, "action", vd_json_string(d->action));
        vd_json_set(o, "used", vd_part_time(d->used));
        vd_json_set(o, "count", vd_json_int((int64_t)d->count));
        vd_json_set(o, "events", vd_part_strings(d->events.at, d->events.count));
        vd_json_set(o, "analyzedAt", vd_part_time(d->analyzed));
        vd_json_set(o, "finding", vd_part_text_or_null(d->finding));
        vd_json_push(list, o);
    }
    return list;
}

/* ------------------------------------------------------------------ text */

static void put_rows(vd_buf *out, const vd_look *look, const vd_unused_account *at, uint32_t count)
{
    vd_look_put(out, look, VD_TONE_STRONG, VD_S("days since the last use, of actions that were used"));
    vd_buf_add(out, VD_S("\n  account          used   50 %   75 %   90 %   95 %   99 %   most   not seen\n"));
    for (uint32_t i = 0; i < count; i++) {
        const vd_unused_account *a = &at[i];

        vd_buf_add(out, VD_S("  "));
        vd_look_safe(out, a->account.n ? a->account : VD_S("-"));
        vd_buf_printf(out, "%*s%8llu", a->account.n < 13 ? (int)(13 - (a->account.n ? a->account.n : 1)) : 0, "", (unsigned long long)a->used);
        for (uint32_t k = 0; k < VD_UNUSED_PERCENTS && a->dated; k++)
            vd_buf_printf(out, "%7u", (unsigned)a->since[k]);
        for (uint32_t k = 0; k < VD_UNUSED_PERCENTS && !a->dated; k++)
            vd_buf_printf(out, "%7s", "-");
        if (a->dated)
            vd_buf_printf(out, "%7u", (unsigned)a->most);
        else
            vd_buf_printf(out, "%7s", "-");
        vd_buf_printf(out, "%11llu\n", (unsigned long long)a->not_seen);
    }
    vd_buf_byte(out, '\n');
}

bool vd_render_unused_accounts_text(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    vd_arena           arena = vd_arena_on(vd_allocator_default(), 0);
    vd_unused_account *at;
    uint32_t           count;
    bool               ok = vd_unused_accounts_of(&arena, job, &at, &count), any = false;

    for (uint32_t i = 0; ok && i < count; i++)
        any |= at[i].dated > 0;
    if (any)
        put_rows(out, look, at, count);
    vd_arena_done(&arena);
    return ok;
}

void vd_render_disagreements_text(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    if (!job->disagreement_count)
        return;
    vd_look_put(out, look, VD_TONE_STRONG, VD_S("AWS found these unused, and the logs show them in use"));
    vd_buf_byte(out, '\n');
    for (uint32_t i = 0; i < job->disagreement_count; i++) {
        const vd_unused_disagreement *d = &job->disagreements[i];
        vd_buf                        words = vd_buf_on(out->alloc, 0);

        vd_buf_printf(&words, VD_F " by " VD_F ", last on ", VD_A(d->action), VD_A(d->principal));
        vd_put_day(&words, d->used);
        vd_buf_add(&words, VD_S("; AWS looked on "));
        vd_put_day(&words, d->analyzed);
        for (size_t k = 0; k < d->events.count && k < 3; k++)
            vd_buf_printf(&words, "%s" VD_F, k ? ", " : "; by the events ", VD_A(d->events.at[k]));
        vd_put_note(out, look, 2, "", &words);
    }
    vd_buf_byte(out, '\n');
}

/* ------------------------------------------------------------------ HTML */

static void put_number(vd_buf *out, const char *label, uint64_t n, bool there)
{
    vd_buf_printf(out, "<td class=\"num\" data-l=\"%s\">", label);
    if (there)
        vd_html_count(out, n);
    vd_buf_add(out, VD_S("</td>"));
}

static void put_table(vd_buf *out, const vd_unused_account *at, uint32_t count)
{
    vd_buf_add(out, VD_S("<section aria-labelledby=\"accounts\">\n<h2 id=\"accounts\">Days since the last use, by account</h2>\n"
                         "<p class=\"note\">Of the actions that were used: half of them no longer ago than the first number of days, and so "
                         "on.</p>\n<table class=\"card sort\" aria-label=\"Accounts\">\n<thead><tr><th scope=\"col\">Account</th>"
                         "<th scope=\"col\" class=\"num\">Used</th>"));
    for (uint32_t i = 0; i < VD_UNUSED_PERCENTS; i++)
        vd_buf_printf(out, "<th scope=\"col\" class=\"num\">%u %%</th>", (unsigned)vd_unused_percents[i]);
    vd_buf_add(out, VD_S("<th scope=\"col\" class=\"num\">Most</th><th scope=\"col\" class=\"num\">Not seen</th></tr></thead>\n<tbody>\n"));
    for (uint32_t i = 0; i < count; i++) {
        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, at[i].account);
        vd_buf_add(out, VD_S("</th>"));
        put_number(out, "used", at[i].used, true);
        for (uint32_t k = 0; k < VD_UNUSED_PERCENTS; k++) {
            char label[8] = { (char)('0' + vd_unused_percents[k] / 10), (char)('0' + vd_unused_percents[k] % 10), ' ', '%', '\0' };

            put_number(out, label, at[i].since[k], at[i].dated > 0);
        }
        put_number(out, "most", at[i].most, at[i].dated > 0);
        put_number(out, "not seen", at[i].not_seen, true);
        vd_buf_add(out, VD_S("</tr>\n"));
    }
    vd_buf_add(out, VD_S("</tbody></table>\n</section>\n"));
}

bool vd_html_unused_accounts(vd_buf *out, const vd_unused_job *job)
{
    vd_arena           arena = vd_arena_on(vd_allocator_default(), 0);
    vd_unused_account *at;
    uint32_t           count;
    bool               ok = vd_unused_accounts_of(&arena, job, &at, &count);

    if (ok && count)
        put_table(out, at, count);
    vd_arena_done(&arena);
    return ok;
}

static void put_disagreement(vd_buf *out, const vd_unused_disagreement *d)
{
    vd_buf_add(out, VD_S("<tr><td data-l=\"action\">"));
    vd_html_code(out, d->action);
    vd_buf_add(out, VD_S("</td><td data-l=\"by\">"));
    vd_html_code(out, d->principal);
    vd_buf_add(out, VD_S("</td><td data-l=\"used\">"));
    vd_html_day(out, d->used);
    vd_buf_add(out, VD_S("</td><td data-l=\"AWS looked\">"));
    vd_html_day(out, d->analyzed);
    vd_buf_add(out, VD_S("</td></tr>\n"));
}

void vd_html_disagreements(vd_buf *out, const vd_unused_job *job)
{
    if (!job->disagreement_count)
        return;
    vd_buf_add(out, VD_S("<section aria-labelledby=\"disagreements\">\n<h2 id=\"disagreements\">AWS found these unused, and the logs show them in "
                         "use</h2>\n<table class=\"card sort\" aria-label=\"Disagreements\">\n<thead><tr><th scope=\"col\">Action</th>"
                         "<th scope=\"col\">By</th><th scope=\"col\">Last used</th><th scope=\"col\">AWS looked</th></tr></thead>\n<tbody>\n"));
    for (uint32_t i = 0; i < job->disagreement_count; i++)
        put_disagreement(out, &job->disagreements[i]);
    vd_buf_add(out, VD_S("</tbody></table>\n</section>\n"));
}

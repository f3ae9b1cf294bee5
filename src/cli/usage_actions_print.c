/* SPDX-License-Identifier: Apache-2.0
 *
 * Uses as text, JSON and CSV.
 */
#include "activity/activity.h"
#include "base/calendar.h"
#include "base/str.h"
#include "cli/usage.h"
#include "cli/usage_actions.h"
#include "text/json_write.h"

enum { MOST_SHOWN = 3, WIDEST_ACTION = 48 };

static const char *const kinds[] = { [VD_USE_SEEN] = "seen", [VD_USE_IMPLIED] = "implied", [VD_USE_POSSIBLE] = "possible" };

static vd_actor actor_of(const vd_usage_groups *g, uint32_t index)
{
    vd_actor who;

    vd_activity_actor(g->activity, index, &who);
    return who;
}

/* ------------------------------------------------------------------ text */

static void text_name(vd_buf *b, const vd_actor *who)
{
    vd_str name = who->arn.n ? who->arn : who->name.n ? who->name : who->id;

    if (name.n)
        vd_look_safe(b, name);
    else
        vd_buf_printf(b, VD_F "%s" VD_F, VD_A(who->kind), who->account.n ? " " : "", VD_A(who->account));
    if (who->id.n && !vd_str_eq(name, who->id)) {
        vd_buf_add(b, VD_S("  ("));
        vd_look_safe(b, who->id);
        vd_buf_byte(b, ')');
    }
    vd_buf_printf(b, "%s%s%s", who->living ? "" : "  (is gone)", who->path_unknown ? "  (path unknown)" : "",
                  who->service_linked ? "  (of a service)" : "");
}

static void text_head(vd_cli *cli, vd_buf *b, const vd_usage_groups *g, const vd_usage_group *group)
{
    vd_actor who = actor_of(g, group->actors[0]);

    if (!group->permission_set.n) {
        vd_look_tone(b, &cli->look, VD_TONE_STRONG);
        text_name(b, &who);
        vd_look_tone(b, &cli->look, VD_TONE_PLAIN);
        vd_buf_printf(b, "\n  %llu event%s on %u day%s, ", (unsigned long long)who.events, who.events == 1 ? "" : "s", who.days,
                      who.days == 1 ? "" : "s");
        if (who.denied)
            vd_buf_printf(b, "%llu denied, ", (unsigned long long)who.denied);
        vd_buf_add(b, VD_S("last "));
        vd_put_day(b, who.last);
        vd_buf_byte(b, '\n');
        return;
    }
    vd_buf_add(b, VD_S("permission set "));
    vd_look_put(b, &cli->look, VD_TONE_STRONG, group->permission_set);
    vd_buf_printf(b, "  (%u role%s)\n", group->count, group->count == 1 ? "" : "s");
    for (uint32_t i = 0; i < group->count; i++) {
        who = actor_of(g, group->actors[i]);
        vd_buf_add(b, VD_S("  "));
        text_name(b, &who);
        vd_buf_byte(b, '\n');
    }
}

static void text_list(vd_cli *cli, vd_buf *b, const char *title, const vd_use_texts *t)
{
    size_t shown = cli->verbose || t->count < MOST_SHOWN ? t->count : MOST_SHOWN;

    for (size_t i = 0; i < shown; i++) {
        vd_buf_printf(b, "      %s", title);
        vd_look_safe(b, t->at[i]);
        vd_buf_byte(b, '\n');
    }
    if (shown < t->count)
        vd_buf_printf(b, "      and %zu more (-v)\n", t->count - shown);
    if (t->more)
        vd_buf_printf(b, "      %s\n", t->count ? "and others, of which nothing is known" : "on what, nothing tells");
}

static void text_use(vd_cli *cli, vd_buf *b, const vd_use *u, uint32_t width)
{
    uint32_t own = vd_look_columns(u->action);

    vd_buf_add(b, VD_S("  "));
    vd_look_safe(b, u->action);
    vd_look_pad(b, own < width ? width - own : 0);
    vd_buf_printf(b, "  %8llu", (unsigned long long)u->count);
    vd_buf_add(b, u->count ? VD_S("  last ") : VD_S("  tried "));
    vd_put_day(b, u->last);
    if (u->kind != VD_USE_SEEN)
        vd_buf_printf(b, "  %s", kinds[u->kind]);
    if (u->unmapped)
        vd_look_put(b, &cli->look, VD_TONE_CARE, VD_S("  not an action that is known"));
    if (u->denied)
        vd_buf_printf(b, "  %llu denied", (unsigned long long)u->denied);
    if (u->errors)
        vd_buf_printf(b, "  %llu failed", (unsigned long long)u->errors);
    vd_buf_byte(b, '\n');
    if (u->count && !(u->resources.count == 1 && vd_str_eq(u->resources.at[0], VD_S("*"))))
        text_list(cli, b, "", &u->resources);
    if (u->denied && (cli->verbose || !u->count))
        text_list(cli, b, "denied on ", &u->denied_on);
    if (cli->verbose)
        text_list(cli, b, "event ", &u->events);
    if (cli->verbose && u->services.count)
        text_list(cli, b, "passed to ", &u->services);
}

static uint32_t widest(const vd_usage_group *group)
{
    uint32_t width = 0;

    for (uint32_t i = 0; i < group->use_count; i++) {
        uint32_t own = vd_look_columns(group->uses[i].action);

        width = own > width && own <= WIDEST_ACTION ? own : width;
    }
    return width;
}

static void text_unmapped(vd_buf *b, const vd_activity *a)
{
    if (!a->unmapped_count)
        return;
    vd_buf_add(b, VD_S("\nevents that no table knows (--map-extra)\n"));
    for (uint32_t i = 0; i < a->unmapped_count; i++) {
        const vd_unmapped *u = &a->unmapped[i];

        vd_buf_printf(b, "  %8llu  ", (unsigned long long)u->count);
        vd_look_safe(b, u->source);
        vd_buf_byte(b, ' ');
        vd_look_safe(b, u->name.n ? u->name : VD_S("(the service itself)"));
        vd_buf_printf(b, "  by %u\n", u->actors);
    }
}

void vd_usage_actions_text(vd_cli *cli, vd_buf *b, const vd_usage_groups *g)
{
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t width = widest(&g->at[i]);

        if (i)
            vd_buf_byte(b, '\n');
        text_head(cli, b, g, &g->at[i]);
        for (uint32_t k = 0; k < g->at[i].use_count; k++)
            text_use(cli, b, &g->at[i].uses[k], width);
        if (!g->at[i].use_count)
            vd_buf_add(b, VD_S("  nothing that needs a permission\n"));
    }
    if (!g->count)
        vd_buf_add(b, VD_S("nobody did anything\n"));
    text_unmapped(b, g->activity);
}

/* ------------------------------------------------------------------ JSON */

static vd_json *json_time(int64_t seconds)
{
    char text[VD_TIME_ROOM];

    return vd_json_string((vd_str){ text, vd_time_format(text, seconds) });
}

static void json_text(vd_json *o, const char *name, vd_str value)
{
    if (value.n)
        vd_json_set(o, name, vd_json_string(value));
}

static void json_list(vd_json *o, const char *name, const vd_use_texts *t)
{
    vd_json *array = vd_json_array();

    for (size_t i = 0; i < t->count; i++)
        vd_json_push(array, vd_json_string(t->at[i]));
    vd_json_set(o, name, array);
}

static void json_flag(vd_json *o, const char *name, bool value)
{
    if (value)
        vd_json_set(o, name, vd_json_bool(true));
}

static vd_json *json_use(const vd_use *u)
{
    vd_json *o = vd_json_object(), *mfa = vd_json_array();
    char     confidence[] = { u->confidence, 0 };

    vd_json_set(o, "action", vd_json_string(u->action));
    vd_json_set(o, "kind", vd_json_string(vd_str_of(kinds[u->kind])));
    json_flag(o, "unmapped", u->unmapped);
    vd_json_set(o, "count", vd_json_int((int64_t)u->count));
    vd_json_set(o, "denied", vd_json_int((int64_t)u->denied));
    vd_json_set(o, "errors", vd_json_int((int64_t)u->errors));
    vd_json_set(o, "first", json_time(u->first));
    vd_json_set(o, "last", json_time(u->last));
    vd_json_set(o, "days", vd_json_int(u->days));
    json_list(o, "resources", &u->resources);
    json_flag(o, "moreResources", u->resources.more);
    json_list(o, "deniedOn", &u->denied_on);
    json_flag(o, "moreDeniedOn", u->denied_on.more);
    json_list(o, "events", &u->events);
    json_list(o, "regions", &u->regions);
    json_list(o, "via", &u->via);
    json_list(o, "vpcEndpoints", &u->endpoints);
    json_list(o, "networks", &u->networks);
    json_list(o, "services", &u->services);
    if (u->mfa_true)
        vd_json_push(mfa, vd_json_string(VD_S("true")));
    if (u->mfa_false)
        vd_json_push(mfa, vd_json_string(VD_S("false")));
    if (u->mfa_none)
        vd_json_push(mfa, vd_json_string(VD_S("none")));
    vd_json_set(o, "mfa", mfa);
    vd_json_set(o, "confidence", vd_json_string(vd_str_of(confidence)));
    return o;
}

static vd_json *json_actor(const vd_actor *who)
{
    vd_json *o = vd_json_object();

    json_text(o, "arn", who->arn);
    vd_json_set(o, "kind", vd_json_string(who->kind));
    json_text(o, "account", who->account);
    json_text(o, "id", who->id);
    json_text(o, "name", who->name);
    vd_json_set(o, "living", vd_json_bool(who->living));
    json_flag(o, "pathUnknown", who->path_unknown);
    json_flag(o, "serviceLinked", who->service_linked);
    vd_json_set(o, "events", vd_json_int((int64_t)who->events));
    vd_json_set(o, "denied", vd_json_int((int64_t)who->denied));
    vd_json_set(o, "first", json_time(who->first));
    vd_json_set(o, "last", json_time(who->last));
    vd_json_set(o, "days", vd_json_int(who->days));
    return o;
}

static vd_json *json_group(const vd_usage_groups *g, const vd_usage_group *group)
{
    vd_json *o = vd_json_object(), *principals = vd_json_array(), *actions = vd_json_array();

    json_text(o, "permissionSet", group->permission_set);
    for (uint32_t i = 0; i < group->count; i++) {
        vd_actor who = actor_of(g, group->actors[i]);

        vd_json_push(principals, json_actor(&who));
    }
    for (uint32_t i = 0; i < group->use_count; i++)
        vd_json_push(actions, json_use(&group->uses[i]));
    vd_json_set(o, "principals", principals);
    vd_json_set(o, "actions", actions);
    return o;
}

static vd_json *json_unmapped(const vd_activity *a)
{
    vd_json *all = vd_json_array();

    for (uint32_t i = 0; i < a->unmapped_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "source", vd_json_string(a->unmapped[i].source));
        json_text(o, "name", a->unmapped[i].name);
        vd_json_set(o, "count", vd_json_int((int64_t)a->unmapped[i].count));
        vd_json_set(o, "principals", vd_json_int(a->unmapped[i].actors));
        vd_json_push(all, o);
    }
    return all;
}

void vd_usage_actions_json(vd_cli *cli, vd_buf *out, const vd_usage_groups *g)
{
    vd_json *root = vd_json_object(), *head = vd_json_object(), *used = vd_json_array(), *window = vd_json_object();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(window, "from", json_time(g->activity->from));
    vd_json_set(window, "to", json_time(g->activity->to));
    vd_json_set(root, "window", window);
    vd_json_set(root, "tables", vd_json_string(vd_str_of(g->activity->tables)));
    for (uint32_t i = 0; i < g->count; i++)
        vd_json_push(used, json_group(g, &g->at[i]));
    vd_json_set(root, "used", used);
    vd_json_set(root, "unmapped", json_unmapped(g->activity));
    if (vd_json_dump(out, root, 2) != VD_OK)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(out, '\n');
}

/* ------------------------------------------------------------------ CSV: a line for each principal and action */

static void csv_use(vd_buf *b, vd_str set, vd_str name, const vd_actor *who, const vd_use *u)
{
    vd_csv_text(b, name, "");
    vd_csv_text(b, who ? who->id : VD_S(""), ",");
    vd_csv_text(b, who ? who->account : VD_S(""), ",");
    vd_csv_text(b, set, ",");
    vd_csv_text(b, u->action, ",");
    vd_csv_text(b, vd_str_of(kinds[u->kind]), ",");
    vd_buf_printf(b, ",%llu,%llu,%llu,", (unsigned long long)u->count, (unsigned long long)u->denied,
                  (unsigned long long)u->errors);
    vd_put_time(b, u->first);
    vd_buf_byte(b, ',');
    vd_put_time(b, u->last);
    vd_buf_printf(b, ",%u", u->days);
    vd_csv_list(b, u->resources.at, u->resources.count, u->resources.more);
    vd_csv_list(b, u->denied_on.at, u->denied_on.count, u->denied_on.more);
    vd_buf_add(b, VD_S("\r\n"));
}

void vd_usage_actions_csv(vd_buf *b, const vd_usage_groups *g)
{
    vd_buf_add(b, VD_S("principal,principal_id,account,permission_set,action,kind,count,denied,errors,first,last,days,resources,"
                       "denied_on\r\n"));
    for (uint32_t i = 0; i < g->count; i++) {
        vd_actor who = actor_of(g, g->at[i].actors[0]);
        bool     set = g->at[i].permission_set.n > 0;
        vd_str   name = set ? VD_S("") : who.arn.n ? who.arn : who.name.n ? who.name : who.kind;

        for (uint32_t k = 0; k < g->at[i].use_count; k++)
            csv_use(b, g->at[i].permission_set, name, set ? NULL : &who, &g->at[i].uses[k]);
    }
}

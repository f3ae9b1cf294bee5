/* SPDX-License-Identifier: Apache-2.0
 *
 * What wildcards take in: services, levels that the name does not say, and simply too much.
 */
#include "lint/rules/action.h"

#include "base/str.h"
#include "lint/fit.h"

enum { SAMPLE = 8, MANY = 50, FEW = 5, SHORT = 3, MOST_SERVICES = 20 };

/* ------------------------------------------------------------------ services */

typedef struct services {
    vd_lint *l;
    vd_str   names[MOST_SERVICES];
    uint32_t count;
    uint32_t last;
} services;

static bool take_service(void *user, vd_run run)
{
    services *s = user;
    uint32_t  service = vd_catalog_service_of(s->l->catalog, run.first);

    if (service == s->last)
        return true;
    s->last = service;
    if (s->count < MOST_SERVICES)
        s->names[s->count] = vd_catalog_service(s->l->catalog, service).prefix;
    s->count++;
    return true;
}

/* A finding of src/policy: which services the wildcard stands for today. */
void vd_action_look_at_service_wildcard(vd_lint *l, vd_finding *f)
{
    services            s = { .l = l, .last = VD_NONE };
    vd_str              name = f->token, prefix;
    const vd_statement *st = NULL;

    for (uint32_t i = 0; i < l->policy->statement_count && !st; i++)
        if (f->span.offset < l->policy->statements[i].span.offset + l->policy->statements[i].span.length)
            st = &l->policy->statements[i];
    if ((l->kind == VD_KIND_SCP || l->kind == VD_KIND_RCP) && st && st->effect == VD_EFFECT_DENY) {
        f->rule = NULL;
        return;
    }
    vd_catalog_expand(l->catalog, f->token, take_service, &s);
    if (s.count == 0) {
        vd_finding_message(
            l, f, "a wildcard in the service part also takes in services that do not exist yet; today: none");
        return;
    }
    vd_finding_message(
        l, f, "a wildcard in the service part also takes in services that do not exist yet; today: %s",
        s.count <= MOST_SERVICES ? vd_lint_list(l, s.names, s.count)
                                 : vd_lint_printf(l, "%u services", (unsigned)s.count));
    if (s.count > MOST_SERVICES || !st || !vd_str_cut(&name, ':', &prefix))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "list the services");
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, VD_F ":" VD_F, VD_A(s.names[0]), VD_A(name));
    for (uint32_t i = 1; i < s.count; i++)
        vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->action.value, "\"" VD_F ":" VD_F "\"", VD_A(s.names[i]),
                        VD_A(name));
}

/* ------------------------------------------------------------------ levels */

static const struct {
    vd_str  verb;
    uint8_t level; /* the highest that it promises */
} promises[] = {
    { VD_L("Get"), VD_LEVEL_READ },     { VD_L("List"), VD_LEVEL_READ }, { VD_L("Describe"), VD_LEVEL_READ },
    { VD_L("View"), VD_LEVEL_READ },    { VD_L("Put"), VD_LEVEL_WRITE }, { VD_L("Update"), VD_LEVEL_WRITE },
    { VD_L("Create"), VD_LEVEL_WRITE },
};

static const char *const level_names[] = {
    [VD_LEVEL_LIST] = "list",
    [VD_LEVEL_READ] = "read",
    [VD_LEVEL_TAGGING] = "tagging",
    [VD_LEVEL_WRITE] = "write",
    [VD_LEVEL_PERMISSIONS] = "permissions management",
};

/* The level that the beginning of the name promises; that of permissions: it promises nothing.  A star first promises not
 * to give rights away: nobody reads *Snapshot* as that. */
static uint8_t promise_of(vd_str name)
{
    if (name.p[0] == '*')
        return name.n > 1 ? VD_LEVEL_WRITE : VD_LEVEL_PERMISSIONS;
    for (size_t i = 0; i < VD_COUNT(promises); i++)
        if (vd_str_istarts(name, promises[i].verb))
            return promises[i].level;
    return VD_LEVEL_PERMISSIONS;
}

/* What says List or Describe does so, whatever level AWS gives it. */
static bool only_shows(const vd_lint *l, const vd_view_action *a, uint32_t action)
{
    vd_str name = vd_catalog_action(l->catalog, action).name;

    return (vd_str_istarts(a->name, VD_S("List")) || vd_str_istarts(a->name, VD_S("Describe"))) &&
           (vd_str_istarts(name, VD_S("List")) || vd_str_istarts(name, VD_S("Describe")));
}

/* On the resources of the statement the action cannot work: s3:PutBucketPolicy on objects. */
static bool is_out_of_reach(vd_lint *l, const vd_view_statement *st, uint32_t action)
{
    return st->resource_count && !st->resources_hole && vd_fit_statement(l, action, st) == VD_FIT_NO;
}

typedef struct excess {
    uint8_t  level; /* the highest */
    uint32_t count;
    vd_str   sample[SAMPLE];
    uint32_t sampled;
} excess;

static void replace_by_rest(vd_lint *l, vd_finding *f, const vd_view_statement *st, const vd_view_action *a,
                            uint8_t promised, uint32_t kept)
{
    bool first = true;

    if (kept == 0 || kept > MANY)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "list the %s actions that it stands for", level_names[promised]);
    for (uint32_t i = 0; i < a->ids.count; i++) {
        vd_str text;

        if (vd_catalog_level_of(l->catalog, a->ids.at[i]) > promised)
            continue;
        text = vd_action_text(l, a->ids.at[i]);
        if (first)
            vd_finding_edit(l, f, VD_EDIT_STRING, a->text.span, VD_F, VD_A(text));
        else
            vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->model->action.value, "\"" VD_F "\"", VD_A(text));
        first = false;
    }
}

static bool crosses_level(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    uint8_t     promised = promise_of(a->name);
    excess      e = { .count = 0 };
    uint32_t    kept = 0;
    vd_finding *f;

    if (promised == VD_LEVEL_PERMISSIONS || !vd_lint_wants(l, &vd_action_rules[WILDCARD_CROSSES_LEVEL]))
        return false;
    for (uint32_t i = 0; i < a->ids.count; i++) {
        uint8_t level = vd_catalog_level_of(l->catalog, a->ids.at[i]);

        kept += level <= promised;
        if (level <= promised || only_shows(l, a, a->ids.at[i]) || is_out_of_reach(l, st, a->ids.at[i]))
            continue;
        e.count++;
        e.level = level > e.level ? level : e.level;
        if (e.sampled < SAMPLE)
            e.sample[e.sampled++] = vd_catalog_action(l->catalog, a->ids.at[i]).name;
    }
    if (e.count == 0)
        return false;
    f = vd_lint_report(l, &vd_action_rules[WILDCARD_CROSSES_LEVEL], st, a->text.span,
                       "%s also grants %u %s action%s: %s", vd_lint_show(l, a->text.text), (unsigned)e.count,
                       level_names[e.level], e.count == 1 ? "" : "s", vd_lint_list(l, e.sample, e.sampled));
    if (e.level == VD_LEVEL_PERMISSIONS &&
        promised > VD_LEVEL_READ) /* what is called Get gives nothing away */
        vd_finding_score(f, 60);
    replace_by_rest(l, f, st, a, promised, kept);
    return true;
}

/* ------------------------------------------------------------------ too much */

static bool only_reads(const vd_lint *l, const vd_view_action *a)
{
    for (uint32_t i = 0; i < a->ids.count; i++)
        if (vd_catalog_level_of(l->catalog, a->ids.at[i]) > VD_LEVEL_READ && !only_shows(l, a, a->ids.at[i]))
            return false;
    return true;
}

static size_t literal_beginning(vd_str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '*' && s.p[n] != '?')
        n++;
    return n;
}

static void look_at_breadth(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    bool beginning = literal_beginning(a->name) < SHORT && a->ids.count >= FEW;

    if (!beginning && (a->ids.count <= MANY || only_reads(l, a)))
        return;
    vd_lint_report(l, &vd_action_rules[BROAD_ACTION_WILDCARD], st, a->text.span,
                   "%s stands for %u actions of " VD_F, vd_lint_show(l, a->text.text), (unsigned)a->ids.count,
                   VD_A(vd_catalog_service(l->catalog, a->service).prefix));
}

void vd_action_look_at_wildcard(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    if (!st->allow || st->model->action.negated || a->prefix_wild || a->service == VD_NONE ||
        a->ids.count == 0 || (a->name.n == 1 && a->name.p[0] == '*'))
        return;
    if (!crosses_level(l, st, a))
        look_at_breadth(l, st, a);
}

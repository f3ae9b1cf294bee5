/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of unused reports in words, and the words that several formats share.
 */
#include "base/str.h"
#include "render/unused.h"

const vd_unused_format vd_unused_formats[] = {
    { "text", vd_render_unused_text }, { "json", vd_render_unused_json },   { "jsonl", vd_render_unused_jsonl },
    { "csv", vd_render_unused_csv },   { "sarif", vd_render_unused_sarif }, { "html", vd_render_unused_html },
};
const size_t vd_unused_format_count = VD_COUNT(vd_unused_formats);

static const struct {
    const char *title, *why;
    int32_t     severity;
} rules[VD_UNUSED_COUNT] = {
    [VD_UNUSED_ROLE] = { "a role that nobody uses", "Whoever can come into it has what it holds. Delete it, or say what it is kept for.",
                         VD_ACCESS_MEDIUM },
    [VD_UNUSED_USER] = { "a user that nobody uses", "Its credentials can be stolen and nobody would notice. Delete it.", VD_ACCESS_MEDIUM },
    [VD_UNUSED_PASSWORD] = { "a password that nobody uses", "A console password that is idle is only of use to a thief. Take it away.",
                             VD_ACCESS_MEDIUM },
    [VD_UNUSED_KEY] = { "an access key that nobody uses", "Keys do not expire. Deactivate it, wait, then delete it.", VD_ACCESS_MEDIUM },
    [VD_UNUSED_NEVER] = { "a credential that never was used", "It was made and not needed. Delete it.", VD_ACCESS_LOW },
    [VD_UNUSED_ROOT_USED] = { "the root user was used", "Nothing binds the root user. Do what was done with a role.", VD_ACCESS_MEDIUM },
    [VD_UNUSED_ROOT_KEY] = { "the root user has an access key", "Nothing binds the root user, and a key needs no second factor. Delete it.",
                             VD_ACCESS_HIGH },
    [VD_UNUSED_NO_MFA] = { "a password without a second factor", "A password alone is enough to sign in. Ask for a second factor.",
                           VD_ACCESS_MEDIUM },
    [VD_UNUSED_TWO_KEYS] = { "two active access keys", "The second one is for the days of a change. Finish it.", VD_ACCESS_LOW },
    [VD_UNUSED_IDLE_KEY] = { "an active key of a user without permissions", "It can do nothing yet. Delete it.", VD_ACCESS_LOW },
    [VD_UNUSED_TRUST] = { "a way into a role by which nobody came", "Others came, by other statements of its trust policy. Remove this one.",
                          VD_ACCESS_LOW },
    [VD_UNUSED_STATEMENT] = { "a statement that nobody uses", "Nothing that it allows was seen, or others allow it, too. Remove it.",
                              VD_ACCESS_LOW },
    [VD_UNUSED_SERVICE] = { "a service that nobody uses", "Nothing of it that the statement allows was seen. Take it out of the statement.",
                            VD_ACCESS_LOW },
    [VD_UNUSED_ACTION] = { "actions that nobody uses", "Other actions of the service were used, these were not. Take them out of the statement.",
                           VD_ACCESS_LOW },
    [VD_UNUSED_RESOURCE] = { "more resources than are used", "The actions were used, and on few of the resources. Name those.", VD_ACCESS_LOW },
    [VD_UNUSED_BLIND] = { "what cannot be seen", "The logs could not have shown a use: nothing follows from there being none.",
                          VD_ACCESS_NOTE },
    [VD_UNUSED_UNMAPPED] = { "an event that no table knows", "Which action it needs is not known, so that nothing of its service is called unused.",
                             VD_ACCESS_NOTE },
    [VD_UNUSED_GRANTED_ELSEWHERE] = { "used, and allowed by somebody else", "A resource policy, a grant, or a policy of another day allows it.",
                                      VD_ACCESS_NOTE },
};

const char *vd_unused_title(int32_t rule)
{
    return rule >= 0 && rule < VD_UNUSED_COUNT ? rules[rule].title : "?";
}

const char *vd_unused_why(int32_t rule)
{
    return rule >= 0 && rule < VD_UNUSED_COUNT ? rules[rule].why : "?";
}

int32_t vd_unused_severity(int32_t rule)
{
    return rule >= 0 && rule < VD_UNUSED_COUNT ? rules[rule].severity : VD_ACCESS_NOTE;
}

void vd_put_unused(vd_buf *out, const vd_unused_finding *f)
{
    vd_buf_add(out, f->says.n ? f->says : vd_str_of(vd_unused_title(f->rule)));
}

void vd_put_reasons(vd_buf *out, uint32_t reasons)
{
    const char *comma = "";

    for (uint32_t i = 0; i < VD_BLIND_COUNT_BITS; i++)
        if (reasons >> i & 1u) {
            vd_buf_printf(out, "%s%s", comma, vd_blind_name(1u << i));
            comma = ", ";
        }
}

/* ------------------------------------------------------------------ the last line */

static uint32_t shown(const vd_unused_job *job)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < job->count; i++)
        n += !job->at[i].known;
    return n;
}

static void put_score(vd_buf *out, const vd_unused_summary *s)
{
    vd_buf_printf(out, "; %u actions granted: %u used, %u possibly, %u not seen, %u cannot be seen; score %u of 1000, blind %u%s", s->granted,
                  s->used, s->possible, s->not_seen, s->cannot_see, s->score, s->blind, s->blind > 500 ? " (indicative)" : "");
}

void vd_put_unused_summary(vd_buf *out, const vd_unused_job *job)
{
    const vd_unused_summary *s = &job->summary;
    uint32_t                 n = shown(job), known = job->count - n;

    vd_buf_printf(out, "%u finding%s", n, n == 1 ? "" : "s");
    if (!job->identities_only)
        vd_buf_printf(out, " about %u principal%s", s->principals, s->principals == 1 ? "" : "s");
    if (known)
        vd_buf_printf(out, "; %u known", known);
    if (!job->identities_only)
        put_score(out, s);
}

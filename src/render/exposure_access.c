/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure as annotations and as a comment: each finding on the statement that it rests on.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/proof.h"
#include "render/render.h"

enum { MOST_ROWS = 50, MOST_SIZE = 58000 };

static const vd_access_rule rules[VD_EXPOSED_COUNT] = {
    [VD_EXPOSED_PUBLIC] = { "exposure-public", "Anybody can reach a resource.",
                            "Strangers whom nobody named pass the policy of a resource." },
    [VD_EXPOSED_CROSS_ORG] = { "exposure-cross-org", "Another organization can reach a resource.",
                               "Accounts of an organization outside the zone of trust pass the policy of a resource." },
    [VD_EXPOSED_ORG] = { "exposure-org", "Other accounts of the organization can reach a resource.",
                         "Accounts of the owner's organization that are outside the zone of trust pass the policy of a resource." },
    [VD_EXPOSED_CROSS_ACCOUNT] = { "exposure-cross-account", "Another account can reach a resource.",
                                   "A named account, or a principal of one, outside the zone of trust passes the policy of a resource." },
    [VD_EXPOSED_NETWORK] = { "exposure-network", "Anybody can reach a resource over named networks.",
                             "Whoever comes from the networks that the policy of a resource names passes it." },
    [VD_EXPOSED_SERVICE] = { "exposure-service", "An AWS service can reach a resource on behalf of others.",
                             "A service that others drive passes the policy of a resource, and nothing ties the call to the zone of trust." },
    [VD_EXPOSED_FEDERATED] = { "exposure-federated", "Users of an identity provider can reach a resource.",
                               "Callers that an identity provider outside the zone of trust vouches for pass the policy of a resource." },
    [VD_EXPOSED_CANONICAL_USER] = { "exposure-canonical-user", "An account known by its canonical id can reach a resource.",
                                    "A canonical user id stands in the policy or the access control list of a resource." },
};

static void add(vd_access_rows *rows, const vd_exposed_row *row)
{
    const vd_exposed *x = row->finding;
    vd_buf            text = vd_buf_on(vd_allocator_default(), 0);
    vd_access_row     out = { .severity = x->severity, .id = x->id, .witness = x->witness,
                              .known = !vd_exposed_is_shown(row), .updated = x->change == VD_CHANGE_CHANGED };

    out.rule = &rules[x->exposed >= 0 && x->exposed < VD_EXPOSED_COUNT ? x->exposed : VD_EXPOSED_PUBLIC];
    vd_put_exposed(&text, x);
    if (x->require_count) {
        vd_buf_add(&text, VD_S(", only with "));
        vd_put_required_list(&text, x->requirements, x->require_count);
    }
    if (x->flags || x->readings) {
        vd_buf_add(&text, VD_S(" ("));
        vd_put_exposed_flags(&text, x);
        vd_buf_byte(&text, ')');
    }
    if (x->witness) {
        vd_buf_add(&text, VD_S("; e.g. "));
        vd_put_who(&text, x->witness);
        vd_buf_printf(&text, " calls " VD_F " ", VD_A(x->witness->action));
        vd_put_what(&text, x->witness);
    }
    if (x->source_count)
        out.at = x->sources[0].statement.at;
    if (out.at.file.n == 0)
        out.at = (vd_pos){ .file = row->file };
    out.related = x->shaped_by;
    out.related_count = x->shaped_count;
    vd_access_add(rows, &out, &text);
}

/* Archived ones are nobody's business any more, resolved ones are gone. */
static void fill(vd_access_rows *rows, const vd_exposure_job *job, bool leaves)
{
    vd_access_rows_init(rows);
    for (uint32_t i = 0; i < job->count; i++)
        if (job->at[i].state != VD_EXPOSED_ARCHIVED && job->at[i].finding->change != VD_CHANGE_RESOLVED &&
            !(leaves && vd_exposed_is_odd(&job->at[i])))
            add(rows, &job->at[i]);
}

vd_code vd_render_exposure_sarif(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_access_rows rows;
    vd_code        code;

    VD_UNUSED(look);
    fill(&rows, job, false);
    code = vd_render_access_sarif(out, &job->proof, &rows, job->has_baseline);
    vd_access_rows_done(&rows);
    return code;
}

vd_code vd_render_exposure_github(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_access_rows rows;
    vd_code        code;

    VD_UNUSED(look);
    fill(&rows, job, vd_exposure_leaves_odd(job));
    code = vd_render_access_github(out, &job->proof, &rows);
    vd_access_rows_done(&rows);
    return code;
}

/* ------------------------------------------------------------------ Markdown */

static void put_row(vd_buf *out, const vd_exposed *x)
{
    vd_buf words = vd_buf_on(out->alloc, 0), place = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "| %s | %s | ", vd_access_name(x->severity), vd_exposed_name(x->exposed));
    if (x->source_count && x->sources[0].statement.at.file.n)
        vd_buf_printf(&place, VD_F ":%u", VD_A(x->sources[0].statement.at.file), x->sources[0].statement.at.line);
    else
        vd_buf_add(&place, x->resource);
    vd_put_code(out, vd_buf_str(&place), true);
    vd_buf_add(out, VD_S(" | "));
    if (x->change != VD_CHANGE_NONE)
        vd_buf_printf(&words, "%s: ", vd_change_name(x->change));
    vd_put_exposed(&words, x);
    if (x->require_count) {
        vd_buf_add(&words, VD_S(", only with "));
        vd_put_required_list(&words, x->requirements, x->require_count);
    }
    vd_put_markdown(out, vd_buf_str(&words));
    vd_buf_add(out, VD_S(" |\n"));
    out->failed |= words.failed || place.failed;
    vd_buf_done(&words);
    vd_buf_done(&place);
}

vd_code vd_render_exposure_markdown(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_buf   summary = vd_buf_on(out->alloc, 0);
    uint32_t rows = 0, left = 0;
    bool     leaves = vd_exposure_leaves_odd(job);

    VD_UNUSED(look);
    vd_put_marker(out, "exposure", job->proof.comment_tag);
    vd_put_exposure_summary(&summary, job);
    vd_buf_add(out, VD_S("**"));
    vd_put_markdown(out, vd_buf_str(&summary));
    vd_buf_add(out, VD_S("**\n\n"));
    vd_buf_done(&summary);
    for (int32_t severity = VD_ACCESS_HIGH; severity >= 0; severity--)
        for (uint32_t i = 0; i < job->count; i++) {
            if (!vd_exposed_is_shown(&job->at[i]) || job->at[i].finding->severity != severity ||
                (leaves && vd_exposed_is_odd(&job->at[i])))
                continue;
            if (rows >= MOST_ROWS || out->n > MOST_SIZE) {
                left++;
                continue;
            }
            if (rows++ == 0)
                vd_buf_add(out, VD_S("| severity | class | where | who can do what |\n| --- | --- | --- | --- |\n"));
            put_row(out, job->at[i].finding);
        }
    if (left)
        vd_buf_printf(out, "\nand %u more\n", left);
    return out->failed ? VD_ENOMEM : VD_OK;
}

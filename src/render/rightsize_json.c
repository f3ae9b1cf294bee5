/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies made smaller, for programs (docs/schema/rightsize.json), and the new documents by themselves.
 */
#include "base/str.h"
#include "render/parts.h"
#include "render/rightsize.h"

/* A document of ours is JSON; if it were not, it would be told as text. */
static vd_json *document_of(vd_str text)
{
    vd_json *o = vd_json_raw(text);

    return o ? o : vd_json_string(text);
}

static vd_json *part_of(const vd_rightsize_document *d, size_t i)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "name", vd_json_string(d->part_names[i]));
    vd_json_set(o, "policy", document_of(d->parts[i]));
    return o;
}

static vd_json *fate_of(const vd_rightsize_document *d)
{
    vd_json *o = vd_json_object(), *parts = vd_json_array();

    vd_json_set(o, "name", vd_json_string(d->name));
    vd_json_set(o, "arn", vd_part_text_or_null(d->arn));
    vd_json_set(o, "result", vd_part_words(d->fixed.n ? "fixed" : d->unchanged ? "unchanged" : d->empty ? "empty" : "smaller"));
    vd_json_set(o, "because", vd_part_text_or_null(d->fixed));
    for (size_t i = 0; i < d->part_count; i++)
        vd_json_push(parts, part_of(d, i));
    vd_json_set(o, "documents", parts);
    vd_json_set(o, "restore", d->restore.n ? document_of(d->restore) : vd_json_null());
    return o;
}

static vd_json *removed_of(const vd_rightsize_removed *r)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "policy", vd_json_string(r->policy));
    vd_json_set(o, "sid", vd_part_text_or_null(r->sid));
    vd_json_set(o, "service", vd_json_string(r->service));
    vd_json_set(o, "actions", vd_part_strings(r->actions.at, r->actions.count));
    vd_json_set(o, "patterns", vd_part_strings(r->patterns.at, r->patterns.count));
    vd_json_set(o, "lastUsed", vd_part_time(r->last));
    vd_json_set(o, "reason", vd_json_string(r->reason));
    return o;
}

static vd_json *why_of(const vd_rightsize_why *w)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "policy", vd_json_string(w->policy));
    vd_json_set(o, "sid", vd_part_text_or_null(w->sid));
    vd_json_set(o, "action", vd_json_string(w->action));
    vd_json_set(o, "resource", vd_part_text_or_null(w->resource));
    vd_json_set(o, "reason", vd_json_string(w->reason));
    vd_json_set(o, "unseen", vd_json_bool(w->unseen));
    return o;
}

static vd_json *proof_of(const vd_rightsize_result *r)
{
    vd_json *o;

    if (!r->smaller)
        return vd_json_null();
    o = vd_json_object();
    vd_json_set(o, "nothingNew", vd_json_bool(r->proof.nothing_new));
    vd_json_set(o, "coversUse", vd_json_bool(r->proof.covers));
    vd_json_set(o, "deniesKept", vd_json_bool(r->proof.denies_kept));
    vd_json_set(o, "replayed", vd_json_int((int64_t)r->proof.replayed));
    vd_json_set(o, "elsewhere", vd_json_int((int64_t)r->proof.elsewhere));
    vd_json_set(o, "undecided", vd_json_int((int64_t)r->proof.undecided));
    vd_json_set(o, "notTold", vd_part_strings(r->proof.untold.at, r->proof.untold.count));
    vd_json_set(o, "units", vd_json_int((int64_t)r->proof.units));
    return o;
}

static vd_json *size_or_null(size_t size, size_t most)
{
    return most ? vd_json_int((int64_t)size) : vd_json_null();
}

static vd_json *extra_of(const vd_rightsize_extra *x)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "policy", vd_json_string(x->policy));
    vd_json_set(o, "sid", vd_part_text_or_null(x->sid));
    vd_json_set(o, "actions", vd_part_strings(x->actions.at, x->actions.count));
    vd_json_set(o, "resource", vd_part_text_or_null(x->resource));
    return o;
}

static vd_json *step_of(const vd_rightsize_step *s)
{
    vd_json *o = vd_json_object(), *again = vd_json_array();

    for (size_t i = 0; i < s->extra_count; i++)
        vd_json_push(again, extra_of(&s->extra[i]));
    vd_json_set(o, "looser", vd_part_text_or_null(s->looser));
    vd_json_set(o, "inlineCharacters", size_or_null(s->inline_size, s->inline_most));
    vd_json_set(o, "inlineMost", size_or_null(s->inline_most, s->inline_most));
    vd_json_set(o, "attached", size_or_null(s->attached, s->attached_most));
    vd_json_set(o, "attachedMost", size_or_null(s->attached_most, s->attached_most));
    vd_json_set(o, "fits", vd_json_bool(s->fits));
    vd_json_set(o, "grantedAgain", again);
    return o;
}

static vd_json *quotas_of(const vd_rightsize_result *r)
{
    vd_json *o = vd_json_object(), *steps = vd_json_array();

    for (size_t i = 0; i < r->step_count; i++)
        vd_json_push(steps, step_of(&r->steps[i]));
    vd_json_set(o, "fits", vd_json_bool(!r->too_large));
    vd_json_set(o, "steps", steps);
    return o;
}

static vd_json *since_of(const vd_rightsize_since *s)
{
    vd_json *o;

    if (!s->asked)
        return vd_json_null();
    o = vd_json_object();
    vd_json_set(o, "less", vd_part_answer(s->less));
    vd_json_set(o, "lost", vd_part_strings(s->lost.at, s->lost.count));
    vd_json_set(o, "more", vd_part_answer(s->more));
    vd_json_set(o, "gained", vd_part_strings(s->gained.at, s->gained.count));
    return o;
}

static vd_json *window_of(const vd_usage_coverage *c)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "from", vd_part_time(c->from));
    vd_json_set(o, "to", vd_part_time(c->to));
    vd_json_set(o, "tables", vd_part_text_or_null(c->tables));
    vd_json_set(o, "catalogDate", vd_part_text_or_null(c->catalog_date));
    return o;
}

static vd_json *kept_of(const vd_keep_row *k)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "actions", vd_json_string(k->actions));
    vd_json_set(o, "reason", vd_json_string(k->reason));
    vd_json_set(o, "until", vd_part_time(k->until));
    return o;
}

vd_code vd_render_rightsize_json(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    const vd_rightsize_result *r = job->result;
    vd_json *o = vd_json_object(), *policies = vd_json_array(), *removed = vd_json_array(), *why = vd_json_array(), *keep = vd_json_array();

    VD_UNUSED(look);
    vd_part_set_version(o);
    for (size_t i = 0; i < r->document_count; i++)
        vd_json_push(policies, fate_of(&r->documents[i]));
    for (size_t i = 0; i < r->removed_count; i++)
        vd_json_push(removed, removed_of(&r->removed[i]));
    for (size_t i = 0; i < r->why_count; i++)
        vd_json_push(why, why_of(&r->why[i]));
    for (size_t i = 0; i < job->keep_count; i++)
        vd_json_push(keep, kept_of(&job->keep[i]));
    vd_json_set(o, "target", vd_json_string(job->target));
    vd_json_set(o, "mode", vd_part_words(job->mode));
    vd_json_set(o, "principals", vd_part_strings(job->principals, job->principal_count));
    vd_json_set(o, "window", window_of(job->coverage));
    vd_json_set(o, "smaller", vd_json_bool(r->smaller));
    vd_json_set(o, "policies", policies);
    vd_json_set(o, "removed", removed);
    vd_json_set(o, "why", why);
    vd_json_set(o, "unseen", vd_json_int(r->kept_blind));
    vd_json_set(o, "keep", keep);
    vd_json_set(o, "suggestions", vd_part_strings(r->suggestions.at, r->suggestions.count));
    vd_json_set(o, "overrides", vd_part_strings(r->overrides, r->override_count));
    vd_json_set(o, "quotas", quotas_of(r));
    vd_json_set(o, "previous", since_of(&r->since));
    vd_json_set(o, "aws", since_of(&r->aws));
    vd_json_set(o, "proof", proof_of(r));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return vd_part_finish(out, o, true);
}

/* ------------------------------------------------------------------ documents by themselves */

static size_t blanks_of(vd_str line)
{
    size_t n = 0;

    while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
        n++;
    return n;
}

/* A document that was a part of another one stands to the left again, by as much as its last line stands to the right. */
static void put_text(vd_buf *out, vd_str text)
{
    size_t end = vd_str_rfind(text, '\n'), indent = end < text.n ? blanks_of(vd_str_from(text, end + 1)) : 0;
    vd_str rest = text, line;

    while (vd_str_cut(&rest, '\n', &line)) {
        vd_buf_add(out, line);
        vd_buf_byte(out, '\n');
        rest = vd_str_from(rest, blanks_of(rest) < indent ? blanks_of(rest) : indent);
    }
    vd_buf_add(out, rest);
    if (rest.n)
        vd_buf_byte(out, '\n');
}

/* One as it is; several with their names. */
static vd_code put_documents(vd_buf *out, const vd_rightsize_job *job, bool restore)
{
    const vd_rightsize_result *r = job->result;
    const vd_rightsize_document *lone = NULL;
    vd_json                   *list = vd_json_array();
    size_t                     n = 0;

    for (size_t i = 0; i < r->document_count; i++) {
        const vd_rightsize_document *d = &r->documents[i];

        if (d->unchanged)
            continue;
        for (size_t j = 0; !restore && j < d->part_count; j++, n++)
            vd_json_push(list, part_of(d, j));
        if (restore && d->restore.n) {
            vd_json *o = vd_json_object();

            vd_json_set(o, "name", vd_json_string(d->name));
            vd_json_set(o, "policy", document_of(d->restore));
            vd_json_push(list, o);
            n++;
        }
        if ((restore ? d->restore.n : d->part_count) && n == 1)
            lone = d;
    }
    if (n != 1)
        return vd_part_finish(out, list, true);
    vd_json_drop(list);
    put_text(out, restore ? lone->restore : lone->parts[0]);
    return out->failed ? VD_ENOMEM : VD_OK;
}

vd_code vd_render_rightsize_policy(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    VD_UNUSED(look);
    return put_documents(out, job, false);
}

vd_code vd_render_rightsize_restore(vd_buf *out, const vd_rightsize_job *job)
{
    return put_documents(out, job, true);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The credential report of an account: who has a password, a second factor, active keys (analysis 8.2).  Columns are found by
 * the first line, for AWS has added some at the end before.
 */
#include "base/str.h"
#include "model/draft.h"

enum { ARN, CREATED, PASSWORD, MFA, KEY_1, KEY_2, COLUMNS };
enum { MOST_COLUMNS = 64 };

static const vd_str names[COLUMNS] = {
    [ARN] = VD_L("arn"),       [CREATED] = VD_L("user_creation_time"),  [PASSWORD] = VD_L("password_enabled"),
    [MFA] = VD_L("mfa_active"), [KEY_1] = VD_L("access_key_1_active"), [KEY_2] = VD_L("access_key_2_active"),
};

typedef struct report {
    vd_import *in;
    vd_str     text, cell[MOST_COLUMNS]; /* of the line before text */
    uint32_t   count, line, offset;
    uint32_t   at[COLUMNS];
} report;

/* Values hold no commas, and so no quotes.  False: there is no further line. */
static bool next_line(report *r)
{
    vd_str line;
    bool   more = true;

    do {
        if (r->text.n == 0)
            return false;
        r->line++;
        r->offset = (uint32_t)(r->text.p - r->in->source->text.p);
        if (!vd_str_cut(&r->text, '\n', &line)) {
            line = r->text;
            r->text = vd_str_from(r->text, r->text.n);
        }
        line = vd_str_trim(line);
    } while (line.n == 0);
    for (r->count = 0; more && r->count < MOST_COLUMNS; r->count++) {
        more = vd_str_cut(&line, ',', &r->cell[r->count]);
        if (!more)
            r->cell[r->count] = line;
    }
    return true;
}

static vd_place place(const report *r)
{
    return (vd_place){ .file = r->in->file, .offset = r->offset, .line = r->line, .column = 1 };
}

static vd_str value(const report *r, int column)
{
    return r->at[column] < r->count ? r->cell[r->at[column]] : VD_S("");
}

/* "N/A", "not_supported" and "no_information" are no answer, but for keys and passwords that cannot be. */
static uint8_t certain(vd_str s)
{
    if (vd_str_eq(s, VD_S("true")))
        return VD_CERTAIN_YES;
    return vd_str_eq(s, VD_S("false")) ? VD_CERTAIN_NO : VD_CERTAIN_NOBODY_SAID;
}

static int32_t keys_of(const report *r)
{
    uint8_t one = certain(value(r, KEY_1)), two = certain(value(r, KEY_2));

    if (one == VD_CERTAIN_NOBODY_SAID || two == VD_CERTAIN_NOBODY_SAID)
        return -1;
    return (one == VD_CERTAIN_YES) + (two == VD_CERTAIN_YES);
}

static vd_code read_row(report *r)
{
    vd_draft_report d = { .password = certain(value(r, PASSWORD)), .mfa = certain(value(r, MFA)), .keys = keys_of(r), .at = place(r) };

    if (!vd_str_starts(value(r, ARN), VD_S("arn:")))
        return vd_draft_note_at(r->in->to, VD_GAP_UNREADABLE, VD_ERROR, d.at, r->in->account, VD_S(""), r->in->err,
                                "a line of the credential report without an ARN");
    if (!vd_draft_text(r->in->to, &d.arn, value(r, ARN)) || !vd_draft_text(r->in->to, &d.created, value(r, CREATED)) ||
        !VD_PUSH(&r->in->to->engine->alloc, &r->in->to->reports, d))
        return vd_fail_nomem(r->in->err);
    return VD_OK;
}

static void find_columns(report *r)
{
    for (uint32_t c = 0; c < COLUMNS; c++) {
        r->at[c] = VD_NONE;
        for (uint32_t i = 0; i < r->count && r->at[c] == VD_NONE; i++)
            if (vd_str_eq(r->cell[i], names[c]))
                r->at[c] = i;
    }
}

vd_code vd_read_credential_report(vd_import *in)
{
    report r = { .in = in, .text = in->source->text };

    if (next_line(&r))
        find_columns(&r);
    if (r.count == 0 || r.at[ARN] == VD_NONE)
        return vd_draft_note_at(in->to, VD_GAP_UNREADABLE, VD_ERROR, place(&r), in->account, VD_S(""), in->err,
                                "a credential report begins with the names of its columns, \"user,arn,...\"");
    while (next_line(&r))
        VD_TRY(read_row(&r));
    return VD_OK;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Words that all proofs use.
 */
#include "base/str.h"
#include "render/proof.h"
#include "render/render.h"

enum { MOST_VALUES = 4, MOST_KEYS = 8 };

const char *vd_level_title(int32_t level)
{
    static const char *const words[] = {
        [VD_LEVEL_LIST] = "List", [VD_LEVEL_READ] = "Read", [VD_LEVEL_TAGGING] = "Tagging", [VD_LEVEL_WRITE] = "Write",
        [VD_LEVEL_PERMISSIONS] = "Permissions management", [VD_LEVEL_UNKNOWN] = "Unknown",
    };

    return level >= 0 && level < (int32_t)VD_COUNT(words) ? words[level] : "";
}

/* Nobody knows what an unknown action does: it may write. */
int32_t vd_level_danger(int32_t level)
{
    static const int32_t danger[] = {
        [VD_LEVEL_LIST] = 0, [VD_LEVEL_READ] = 1, [VD_LEVEL_TAGGING] = 2, [VD_LEVEL_UNKNOWN] = 3, [VD_LEVEL_WRITE] = 4,
        [VD_LEVEL_PERMISSIONS] = 5,
    };

    return level >= 0 && level < (int32_t)VD_COUNT(danger) ? danger[level] : 0;
}

void vd_put_few(vd_buf *out, const vd_texts_list *list, size_t most)
{
    size_t shown = list->count <= most + 1 ? list->count : most;

    for (size_t i = 0; i < shown; i++) {
        vd_buf_add(out, i ? VD_S(", ") : VD_S(""));
        vd_buf_add(out, list->at[i]);
    }
    if (shown < list->count)
        vd_buf_printf(out, " and %zu more", list->count - shown);
}

void vd_put_place(vd_buf *out, const vd_statement_info *s)
{
    if (s->at.file.n)
        vd_render_at(out, s->at);
    else
        vd_buf_add(out, s->policy);
    vd_buf_printf(out, " statement %u", s->index);
    if (s->sid.n)
        vd_buf_printf(out, " \"" VD_F "\"", VD_A(s->sid));
}

/* "key value": which way of comparing it is says the value mostly. */
void vd_put_required(vd_buf *out, const vd_required *r)
{
    vd_buf_add(out, r->key);
    vd_buf_byte(out, ' ');
    if (r->must.n) {
        vd_buf_add(out, r->must);
    } else {
        if (vd_str_contains(r->operator_name, VD_S("Not")) || r->count == 0)
            vd_buf_printf(out, VD_F " ", VD_A(r->operator_name));
        vd_put_few(out, &(vd_texts_list){ r->values, r->count }, MOST_VALUES);
    }
    if (r->control)
        vd_buf_printf(out, " [%s]", r->control);
}

void vd_put_required_list(vd_buf *out, const vd_required *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        vd_buf_add(out, i ? VD_S("; ") : VD_S(""));
        vd_put_required(out, &at[i]);
    }
}

void vd_put_flags(vd_buf *out, uint32_t flags)
{
    bool first = true;

    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++) {
        const char *name = flags & (uint32_t)1 << i ? vd_flag_name((uint32_t)1 << i) : "";

        if (!*name)
            continue;
        vd_buf_printf(out, "%s%s", first ? "" : ", ", name);
        first = false;
    }
}

void vd_put_who(vd_buf *out, const vd_witness *w)
{
    vd_buf_add(out, w->principal.n ? w->principal : w->canonical.n ? w->canonical : VD_S("anonymous"));
    if (w->org.n)
        vd_buf_printf(out, " of " VD_F, VD_A(w->org));
}

static void put_key(vd_buf *out, const vd_witness_key *k)
{
    vd_buf_add(out, k->key);
    if (k->absent) {
        vd_buf_add(out, VD_S(" absent"));
        return;
    }
    vd_buf_byte(out, '=');
    if (k->count != 1)
        vd_buf_byte(out, '[');
    vd_put_few(out, &(vd_texts_list){ k->values, k->count }, MOST_VALUES);
    if (k->count != 1)
        vd_buf_byte(out, ']');
}

/* That a resource is in no organization goes without saying. */
static bool is_told(const vd_witness_key *k)
{
    return !k->absent || !vd_str_istarts(k->key, VD_S("aws:ResourceOrg"));
}

void vd_put_what(vd_buf *out, const vd_witness *w)
{
    size_t shown = 0, left = 0;

    vd_buf_add(out, VD_S("on "));
    vd_buf_add(out, w->resource.n ? w->resource : VD_S("*"));
    for (size_t i = 0; i < w->key_count; i++) {
        if (!is_told(&w->keys[i]))
            continue;
        if (shown == MOST_KEYS) {
            left++;
            continue;
        }
        vd_buf_add(out, shown++ ? VD_S(", ") : VD_S(" with "));
        put_key(out, &w->keys[i]);
    }
    if (left)
        vd_buf_printf(out, " and %zu more", left);
}

void vd_put_marker(vd_buf *out, const char *command, vd_str tag)
{
    vd_buf_printf(out, "<!-- verdict-%s", command);
    if (tag.n)
        vd_buf_byte(out, ':');
    for (size_t i = 0; i < tag.n; i++) /* nothing of it ends the comment */
        vd_buf_byte(out, vd_is_alpha(tag.p[i]) || vd_is_digit(tag.p[i]) || strchr("._/", tag.p[i]) ? tag.p[i] : '_');
    vd_buf_add(out, VD_S(" -->\n"));
}

void vd_put_note(vd_buf *out, const vd_look *look, uint32_t indent, const char *lead, vd_buf *words)
{
    vd_look_pad(out, indent);
    vd_look_put(out, look, VD_TONE_FAINT, vd_str_of(lead));
    vd_look_wrap(out, look, indent + (uint32_t)strlen(lead), indent + (uint32_t)strlen(lead), vd_buf_str(words));
    vd_buf_byte(out, '\n');
    out->failed |= words->failed;
    vd_buf_done(words);
}

void vd_put_witness_lines(vd_buf *out, const vd_look *look, uint32_t indent, const vd_witness *w)
{
    vd_buf who = vd_buf_on(out->alloc, 0), what = vd_buf_on(out->alloc, 0);

    vd_put_who(&who, w);
    vd_buf_printf(&who, " calls " VD_F, VD_A(w->action));
    vd_put_what(&what, w);
    vd_put_note(out, look, indent, "e.g. ", &who);
    vd_put_note(out, look, indent, "     ", &what);
}

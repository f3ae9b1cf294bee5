/* SPDX-License-Identifier: Apache-2.0
 *
 * The closest names of the catalogue, and names that were listed once.
 */
#include "cli/guess.h"

#include "base/str.h"
#include "base/suggest.h"

enum { MOST_NAMES = 4096 };

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

/* The closest of the actions of a service, or of the prefixes; empty: none. */
static vd_str closest(const vd_catalog *c, uint32_t service, vd_str word)
{
    vd_str  *names = vd_alloc(vd_allocator_default(), MOST_NAMES * sizeof *names), found = { "", 0 };
    uint32_t n = names ? vd_catalog_names(c, service, names, MOST_NAMES) : 0;
    size_t   at = n ? vd_suggest(word, names, n) : n;

    if (at < n)
        found = names[at];
    vd_free(vd_allocator_default(), names, MOST_NAMES * sizeof *names);
    return found;
}

static void unknown_prefix(vd_buf *out, const vd_catalog *c, vd_str prefix)
{
    vd_str meant = closest(c, VD_NONE, prefix);

    vd_buf_printf(out, "there is no service \"" VD_F "\"", VD_A(prefix));
    if (vd_catalog_retired(c, prefix))
        vd_buf_printf(out, ", it was listed earlier and no longer is");
    else if (meant.n)
        vd_buf_printf(out, "; did you mean \"" VD_F "\"?", VD_A(meant));
}

void vd_guess_action(vd_buf *out, const vd_catalog *c, vd_str text)
{
    vd_str   name = text, prefix, meant;
    uint32_t service;

    if (!vd_str_cut(&name, ':', &prefix)) {
        vd_buf_printf(out, "\"" VD_F "\" is no action: an action has a service and a colon before its name", VD_A(text));
        return;
    }
    service = vd_catalog_find_service(c, prefix);
    if (service == VD_NONE && !has_wildcard(prefix)) {
        unknown_prefix(out, c, prefix);
        return;
    }
    if (service == VD_NONE || has_wildcard(name)) {
        vd_buf_printf(out, "no action is matched by \"" VD_F "\"", VD_A(text));
        return;
    }
    vd_buf_printf(out, "no action \"" VD_F "\" in service " VD_F, VD_A(name), VD_A(vd_catalog_service(c, service).prefix));
    meant = closest(c, service, name);
    if (vd_catalog_retired(c, text))
        vd_buf_printf(out, ", it was listed earlier and no longer is");
    else if (meant.n)
        vd_buf_printf(out, "; did you mean \"" VD_F ":" VD_F "\"?", VD_A(vd_catalog_service(c, service).prefix), VD_A(meant));
}

static vd_str closest_key(const vd_catalog *c, vd_str text)
{
    uint32_t n = vd_catalog_keys(c);
    vd_str  *names = vd_alloc(vd_allocator_default(), n * sizeof *names), found = { "", 0 };
    size_t   at = n;

    for (uint32_t i = 0; names && i < n; i++)
        names[i] = vd_catalog_key(c, i).name;
    if (names)
        at = vd_suggest(text, names, n);
    if (at < n)
        found = names[at];
    vd_free(vd_allocator_default(), names, n * sizeof *names);
    return found;
}

void vd_guess_key(vd_buf *out, const vd_catalog *c, vd_str text)
{
    vd_str meant = closest_key(c, text);

    vd_buf_printf(out, "there is no condition key \"" VD_F "\"", VD_A(text));
    if (meant.n)
        vd_buf_printf(out, "; did you mean \"" VD_F "\"?", VD_A(meant));
}

void vd_guess_word(vd_buf *out, const vd_catalog *c, vd_str text)
{
    vd_str meant = closest(c, VD_NONE, text);

    vd_buf_printf(out, "nothing in the catalogue is called \"" VD_F "\"", VD_A(text));
    if (vd_catalog_retired(c, text))
        vd_buf_printf(out, "; it was listed earlier and no longer is");
    else if (meant.n)
        vd_buf_printf(out, "; did you mean \"" VD_F "\"?", VD_A(meant));
}

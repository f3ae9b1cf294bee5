/* SPDX-License-Identifier: Apache-2.0
 *
 * What pages of HTML have in common.
 */
#include "render/html.h"

#include "base/base64.h"
#include "base/calendar.h"
#include "base/sha256.h"
#include "base/str.h"
#include "base/utf8.h"
#include "render/escape.h"

enum {
    DAY = 86400,
    LONG_TEXT = 600, /* bytes that are shown of one text */
    WHOLE = 1000,
    LEAST = 6 /* of the whole, so that a part is seen */
};

/* ------------------------------------------------------------------ page */

static void put_hash(vd_buf *out, vd_str text)
{
    uint8_t sum[32];

    vd_sha256(sum, text);
    vd_buf_add(out, VD_S("'sha256-"));
    vd_put_base64(out, (vd_str){ (const char *)sum, sizeof sum });
    vd_buf_byte(out, '\'');
}

void vd_html_head(vd_buf *out, const char *title)
{
    vd_buf_add(out, VD_S("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "));
    put_hash(out, vd_file_report_css);
    vd_buf_add(out, VD_S("; script-src "));
    put_hash(out, vd_file_report_js);
    vd_buf_add(out, VD_S("; base-uri 'none'; form-action 'none'\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<meta name=\"referrer\" content=\"no-referrer\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n"));
    vd_buf_printf(out, "<meta name=\"generator\" content=\"verdict %s\">\n<title>%s</title>\n<style>", VERDICT_VERSION, title);
    vd_buf_add(out, vd_file_report_css);
    vd_buf_add(out, VD_S("</style>\n</head>\n<body>\n"));
}

void vd_html_tail(vd_buf *out)
{
    vd_buf_add(out, VD_S("<script>"));
    vd_buf_add(out, vd_file_report_js);
    vd_buf_add(out, VD_S("</script>\n</body>\n</html>\n"));
}

/* ------------------------------------------------------------------ text */

/* The longest beginning of at most n bytes that cuts no code point. */
static vd_str beginning(vd_str text, size_t n)
{
    while (n && (text.p[n] & 0xc0) == 0x80)
        n--;
    return vd_str_first(text, n);
}

static bool is_ascii(vd_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] > 0x7e)
            return false;
    return true;
}

/* Letters that are written from right to left keep to themselves. */
void vd_html_text(vd_buf *out, vd_str text)
{
    vd_str shown = text.n > LONG_TEXT ? beginning(text, LONG_TEXT) : text;
    bool   plain = is_ascii(shown);

    vd_buf_add(out, plain ? VD_S("") : VD_S("<bdi>"));
    vd_put_xml(out, shown);
    vd_buf_add(out, plain ? VD_S("") : VD_S("</bdi>"));
    if (shown.n == text.n)
        return;
    vd_buf_add(out, VD_S("\xe2\x80\xa6 ("));
    vd_html_count(out, text.n);
    vd_buf_add(out, VD_S(" bytes)"));
}

void vd_html_code(vd_buf *out, vd_str text)
{
    vd_buf_add(out, VD_S("<code>"));
    vd_html_text(out, text);
    vd_buf_add(out, VD_S("</code>"));
}

/* ------------------------------------------------------------------ numbers */

void vd_html_count(vd_buf *out, uint64_t n)
{
    char   text[32];
    size_t at = sizeof text, digits = 0;

    do {
        if (digits && digits % 3 == 0)
            text[--at] = ',';
        text[--at] = (char)('0' + n % 10);
        digits++;
    } while ((n /= 10) != 0);
    vd_buf_add(out, (vd_str){ text + at, sizeof text - at });
}

void vd_html_counted(vd_buf *out, uint64_t n, const char *one, const char *more)
{
    vd_html_count(out, n);
    vd_buf_printf(out, " %s", n == 1 ? one : more);
}

static uint64_t share_of(uint64_t part, uint64_t whole, uint64_t of)
{
    if (part > whole)
        part = whole;
    for (; whole > UINT32_MAX; whole >>= 1) /* as near as it needs to be, without overflow */
        part >>= 1;
    return whole ? part * of / whole : 0;
}

void vd_html_percent(vd_buf *out, uint64_t part, uint64_t whole)
{
    uint64_t share = share_of(part, whole, 100);

    if (part && share == 0)
        vd_buf_add(out, VD_S("under 1%"));
    else
        vd_buf_printf(out, "%u%%", (unsigned)share);
}

void vd_html_tenths(vd_buf *out, uint32_t thousandths)
{
    vd_buf_printf(out, "%u", thousandths / 10);
    if (thousandths % 10)
        vd_buf_printf(out, ".%u", thousandths % 10);
    vd_buf_byte(out, '%');
}

void vd_html_bytes(vd_buf *out, uint64_t n)
{
    static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB", "PB", "EB" };
    size_t                   unit = 0;
    uint64_t                 tenths = 0;

    for (; n >= 1000; n /= 1000, unit++)
        tenths = n % 1000 / 100;
    vd_buf_printf(out, "%u", (unsigned)n);
    if (unit && n < 100)
        vd_buf_printf(out, ".%u", (unsigned)tenths);
    vd_buf_printf(out, " %s", unit || n != 1 ? units[unit] : "byte");
}

void vd_html_day(vd_buf *out, int64_t seconds)
{
    vd_buf_add(out, VD_S("<time>"));
    vd_put_day(out, seconds);
    vd_buf_add(out, VD_S("</time>"));
}

static void put_instant(vd_buf *out, int64_t seconds)
{
    vd_buf_add(out, VD_S("<time>"));
    vd_put_time(out, seconds);
    vd_buf_add(out, VD_S("</time>"));
}

/* Whole days by their last one; else by the second in which it ends. */
void vd_html_span(vd_buf *out, int64_t from, int64_t to)
{
    bool days = from % DAY == 0 && to % DAY == 0 && to > from;

    if (days)
        vd_html_day(out, from);
    else
        put_instant(out, from);
    if (days && (uint64_t)to - (uint64_t)from == DAY)
        return;
    vd_buf_add(out, VD_S(" to "));
    if (days)
        vd_html_day(out, to - DAY);
    else
        put_instant(out, to);
}

/* ------------------------------------------------------------------ bars */

/* In thousandths.  What the small parts need to be seen the largest one gives. */
static void widths_of(uint32_t width[VD_HTML_PARTS], const vd_html_part parts[VD_HTML_PARTS], uint64_t whole)
{
    uint32_t sum = 0, largest = 0;

    for (uint32_t i = 0; i < VD_HTML_PARTS; i++) {
        width[i] = (uint32_t)share_of(parts[i].size, whole, WHOLE);
        if (parts[i].size && width[i] < LEAST)
            width[i] = LEAST;
        sum += width[i];
        if (parts[i].size > parts[largest].size)
            largest = i;
    }
    width[largest] = sum > WHOLE ? width[largest] - (sum - WHOLE) : width[largest] + (WHOLE - sum);
}

void vd_html_bar(vd_buf *out, const vd_html_part parts[VD_HTML_PARTS])
{
    uint64_t whole = 0;
    uint32_t width[VD_HTML_PARTS], x = 0;

    for (uint32_t i = 0; i < VD_HTML_PARTS; i++)
        whole += parts[i].size;
    vd_buf_add(out, VD_S("<svg class=\"bar\" aria-hidden=\"true\">"));
    if (whole)
        widths_of(width, parts, whole);
    for (uint32_t i = 0; whole && i < VD_HTML_PARTS; i++) {
        if (!width[i])
            continue;
        vd_buf_printf(out, "<rect class=\"%s\" x=\"", parts[i].look);
        vd_html_tenths(out, x);
        vd_buf_add(out, VD_S("\" width=\""));
        vd_html_tenths(out, width[i]);
        vd_buf_add(out, VD_S("\"/>"));
        x += width[i];
    }
    vd_buf_add(out, VD_S("</svg>"));
}

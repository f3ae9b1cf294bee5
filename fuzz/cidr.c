/* SPDX-License-Identifier: Apache-2.0
 *
 * A range, a line feed, an address.  An address is what inet_pton takes, a range what libcidr reads the same way.
 */
#include "fuzz.h"

#include "base/str.h"
#include "pattern/value.h"

#include <arpa/inet.h>
#include <libcidr.h>
#include <string.h>

enum {
    MOST = 100,
    ROOM = 16 /* libcidr looks for ".arpa" before the begin of short texts */
};

static bool is_mapped(const uint8_t bytes[16])
{
    return memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
}

static bool check_address(vd_cidr *out, vd_str s)
{
    char    text[MOST + 1];
    uint8_t want[16] = { 0 }, six[16];
    int     family = 0;
    bool    ok = vd_address_parse(out, s);

    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    if (vd_str_find(s, '\0') == s.n && inet_pton(AF_INET, text, want) == 1) {
        family = 4;
    } else if (vd_str_find(s, '\0') == s.n && inet_pton(AF_INET6, text, six) == 1) {
        family = is_mapped(six) ? 4 : 6;
        memcpy(want, family == 4 ? six + 12 : six, family == 4 ? 4 : 16);
    }
    fuzz_check(ok == (family != 0), "\"%s\": inet_pton says %d", text, family);
    if (ok)
        fuzz_check(out->family == family && memcmp(out->bytes, want, 16) == 0, "\"%s\" is another address", text);
    return ok;
}

static void check_range(vd_str s, const vd_cidr *address, const char *address_text)
{
    char    room[ROOM + MOST + 1] = { 0 }, *text = room + ROOM;
    vd_cidr range;
    CIDR   *other, *inside;
    bool    six = vd_str_find(s, ':') < s.n;

    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    if (!vd_cidr_parse(&range, s))
        return;
    other = cidr_from_str(text);
    fuzz_check(other, "\"%s\": libcidr does not take it", text);
    if (range.family == (six ? 6 : 4)) /* E533: mapped ones are ours alone */
        fuzz_check(cidr_get_pflen(other) == range.bits, "\"%s\": /%d", text, cidr_get_pflen(other));
    inside = cidr_from_str(address_text);
    if (inside && address->family == range.family && cidr_get_proto(inside) == cidr_get_proto(other))
        fuzz_check(vd_cidr_contains(&range, address) == (cidr_contains(other, inside) == 0), "\"%s\" holds \"%s\"?",
                   text, address_text);
    if (inside)
        cidr_free(inside);
    cidr_free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char    *p = (const char *)data;
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t         m = end ? (size_t)(end - data) : size;
    vd_str         first = { p, m }, second = { p + m + (end ? 1 : 0), end ? size - m - 1 : 0 };
    vd_cidr        a, b;
    char           room[ROOM + MOST + 1] = { 0 }, *text = room + ROOM;

    if (size == 0 || m > MOST || second.n > MOST)
        return 0;
    check_address(&a, first);
    if (!check_address(&b, second))
        return 0;
    fuzz_check(vd_cidr_contains(&b, &b), "an address within itself");
    memcpy(text, second.p, second.n);
    text[second.n] = '\0';
    check_range(first, &b, text);
    return 0;
}

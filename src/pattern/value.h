/* SPDX-License-Identifier: Apache-2.0
 *
 * Typed values of conditions: numbers (E526), dates (E527 to E529), addresses (E532, E533), booleans (E530), base64
 * (E531).  Parsed by hand: no locale, no doubles.  The structs hold no pointers and compare without the text,
 * so that a compiled set can hold them as they are.  Unused bytes are zero: equal values are equal bytes.
 */
#ifndef VERDICT_PATTERN_VALUE_H
#define VERDICT_PATTERN_VALUE_H

#include "base/base.h"

/* sign * 0.d1 d2 d3 ... * 10^exponent, two decimal digits a byte (0 to 99), first digit not zero; zero: sign 0. */
typedef struct vd_number {
    int16_t exponent;
    int8_t  sign; /* -1, 0, 1 */
    uint8_t pairs; /* bytes of digits in use */
    uint8_t digits[28];
} vd_number;

bool vd_number_parse(vd_number *out, vd_str text); /* false: malformed (E526) */
int  vd_number_cmp(const vd_number *a, const vd_number *b);

/* An instant: seconds since 1970-01-01T00:00:00Z and nanoseconds within the second. */
typedef struct vd_date {
    int64_t  seconds;
    uint32_t nanos;
    uint32_t unused;
} vd_date;

bool vd_date_parse(vd_date *out, vd_str text); /* ISO forms and epoch (E528, E529) */
int  vd_date_cmp(const vd_date *a, const vd_date *b);
/* "2026-11-21T10:00:00Z", with a fraction when there is one; returns the length, out holds 48 bytes. */
size_t vd_date_format(char *out, vd_date d);

/* An address or range.  An IPv4-mapped IPv6 one is IPv4 (E533). */
typedef struct vd_cidr {
    uint8_t bytes[16]; /* network order, IPv4 in the first four; host bits cleared */
    uint8_t bits;      /* prefix length: up to 32 or 128 */
    uint8_t family;    /* 4 or 6 */
    uint8_t unused[2];
} vd_cidr;

bool vd_cidr_parse(vd_cidr *out, vd_str text);    /* a policy value: address or address/n */
bool vd_address_parse(vd_cidr *out, vd_str text); /* a context value: an address, never a range */
bool vd_cidr_contains(const vd_cidr *range, const vd_cidr *address);

/* Bool: true for "true" in any case; *known tells whether the text was "true" or "false" in any case. */
bool vd_bool_text(vd_str text, bool *known);

/* RFC 4648 base64 with padding.  *n bytes to out (room for text.n / 4 * 3); false: malformed.  out NULL: check only. */
bool vd_base64_decode(uint8_t *out, size_t *n, vd_str text);

/* Equal after simple lower-casing of each code point (E524): ASCII and Latin-1 at least. */
bool vd_str_eq_folded(vd_str a, vd_str b);
/* Writes the folded text (UTF-8) to out, room for 3 * s.n bytes; returns its length. */
size_t vd_str_fold(char *out, vd_str s);
/* Of one code point: its simple lower case, and the others whose lower case it is (never more than these). */
uint32_t vd_letter_lower(uint32_t cp);
enum { VD_LETTER_CAPITALS = 3 };
uint32_t vd_letter_capitals(uint32_t out[VD_LETTER_CAPITALS], uint32_t cp);

#endif

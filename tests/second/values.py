# SPDX-License-Identifier: Apache-2.0
"""Texts as values: patterns, numbers, dates, addresses, bytes, ARNs.  Plain and slow, from the rules alone."""
import base64
import ipaddress
import re
from fractions import Fraction


class Unresolved(Exception):
    """A policy variable has no value, or is none (E555)."""


def lower(text):
    """ASCII only: no locale, no other alphabet."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


# ---- patterns: lists of (kind, character); kinds: "=" itself, "*" "?" anything, "-*" "-?" anything but a colon

def wild(text):
    return [(c, c) if c in "*?" else ("=", c) for c in text]


def glob(pattern, text):
    """E013: which prefixes of the text does the pattern match so far?"""
    reached = [True] + [False] * len(text)
    for kind, char in pattern:
        following = [False] * len(reached)
        if kind.endswith("*"):
            running = False
            for i in range(len(reached)):
                running = running and (kind == "*" or text[i - 1] != ":")
                running = running or reached[i]
                following[i] = running
        else:
            for i, c in enumerate(text):
                fits = c == char if kind == "=" else kind == "?" or c != ":"
                following[i + 1] = reached[i] and fits
        reached = following
    return reached[-1]


def action_matches(pattern, action):
    """E202, E203"""
    return pattern == "*" or glob(wild(lower(pattern)), lower(action))


VARIABLE = re.compile(r"([^\s,'{}$]+)(?: *, *'([^']*)')?\Z")


def expand(text, lookup, wildcards):
    """E552 to E556: a text of a 2012 document as a pattern; lookup gives a text, None (absent) or False (a list)."""
    out, i = [], 0
    while i < len(text):
        end = text.find("}", i) if lookup and text.startswith("${", i) else -1
        if end < 0:
            out += wild(text[i]) if wildcards else [("=", text[i])]
            i += 1
            continue
        body, i = text[i + 2:end], end + 1
        value = body if body in ("*", "?", "$") else variable(body, lookup)
        out += [("=", c) for c in value]
    return out


def variable(body, lookup):
    m = VARIABLE.match(body)
    value = lookup(m.group(1)) if m else False
    if value:
        return value
    if value is False or m.group(2) is None:
        raise Unresolved(body)
    return m.group(2)


def plain(pattern):
    return "".join(c for _, c in pattern)


# ---- ARNs

def fields(text, variables):
    """Six at most; colons inside of ${...} separate nothing (E312, E535)."""
    out, field, i = [], "", 0
    while i < len(text):
        end = text.find("}", i) if variables and text.startswith("${", i) else -1
        if len(out) == 5:
            field, end = text[i:], len(text) - 1
        elif end >= 0:
            field += text[i:end + 1]
        elif text[i] == ":":
            out.append(field)
            field = ""
        else:
            field += text[i]
        i = end + 1 if end >= 0 else i + 1
    return out + [field]


def arn_matches(pattern, value, lookup):
    """E534: field by field."""
    mine = [expand(f, lookup, True) for f in fields(pattern, bool(lookup))]
    return all(glob(p, v) for p, v in zip(mine, value))


def resource_matches(form, resource, lookup):
    """E302 to E305, E312 to E314; form: the fields of a completed pattern, "*", or None (matches nothing)."""
    if form is None or form == "*" or resource == "*":
        return form == "*"
    pattern = []
    for field in form[:5]:
        for i, c in enumerate(field):
            last = c == "*" and i == len(field) - 1
            pattern.append((c if last else "-" + c, c) if c in "*?" else ("=", c))
        pattern.append(("=", ":"))
    try:
        return glob(pattern + expand(form[5], lookup, True), resource)
    except Unresolved:
        return False


# ---- numbers and dates

NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\Z", re.A)


def number(text):
    """E526"""
    m = NUMBER.match(text)
    if not m or not (m.group(2) or m.group(3)):
        return None
    fraction, exponent = m.group(3) or "", int(m.group(4) or 0)
    digits = m.group(2) + fraction
    if len(digits.strip("0")) > 40 or abs(exponent) > 400:
        return None
    value = int(digits) * Fraction(10) ** (exponent - len(fraction))
    return -value if m.group(1) == "-" else value


DATE = re.compile(r"(-?)(\d{4,9})-(\d\d)(?:-(\d\d)(?:[tT](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?"
                  r"(Z|z|[+-]\d\d(?::?\d\d)?)?)?)?\Z", re.A)
MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def days(year, month, day):
    """Since 1970, proleptic Gregorian."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= MONTHS[month - 1] + (leap and month == 2):
        return None
    before = year - 1
    n = before * 365 + before // 4 - before // 100 + before // 400
    return n + sum(MONTHS[:month - 1]) + (leap and month > 2) + day - 719163


def offset(zone):
    """In minutes; None: there is no such zone."""
    if not zone or zone in "zZ":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].replace(":", "") or 0)
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)


def date(text):
    """E528, E529: nanoseconds of the epoch."""
    if not re.search("[tT-]", text):
        return epoch(text)
    m = DATE.match(text)
    if not m:
        return None
    year = int(m.group(1) + m.group(2))
    day = days(year, int(m.group(3)), int(m.group(4) or 1))
    hour, minute, second = (int(m.group(i) or 0) for i in (5, 6, 7))
    zone = offset(m.group(9))
    if not -292275054 <= year <= 292278993 or day is None or zone is None or hour > 23 or minute > 59 or second > 59:
        return None
    seconds = day * 86400 + hour * 3600 + (minute - zone) * 60 + second
    return seconds * 10 ** 9 + int((m.group(8) or "0").ljust(9, "0"))


def epoch(text):
    if not re.match(r"\d+(\.\d+)?\Z", text, re.A) or Fraction(text) > 2 ** 63 - 1:
        return None
    value = Fraction(text)
    return int((value / 1000 if value >= 10 ** 11 else value) * 10 ** 9)


# ---- bytes and addresses

def data(text):
    """E531"""
    whole = re.match(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z", text)
    return base64.b64decode(text) if whole else None


def address(text):
    """E532, E533: (family, number, was it mapped?)"""
    four = re.match(r"(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\Z", text, re.A)
    try:
        if four:
            return 4, int(ipaddress.IPv4Address(text)), False
        if not re.match(r"[0-9A-Fa-f:.]+\Z", text) or ":" not in text:
            return None
        n = int(ipaddress.IPv6Address(text))
    except ValueError:
        return None
    return (4, n & 0xFFFFFFFF, True) if n >> 32 == 0xFFFF else (6, n, False)


def network(text):
    """(family, bits that count, host bits)"""
    host, slash, bits = text.partition("/")
    a = address(host)
    if a is None:
        return None
    family, n, mapped = a
    size = 32 if family == 4 and not mapped else 128
    if slash and (not re.match(r"(0|[1-9]\d{0,2})\Z", bits, re.A) or int(bits) > size):
        return None
    kept = (int(bits) if slash else size) - (96 if mapped else 0)
    if kept < 0:
        return None
    left = (32 if family == 4 else 128) - kept
    return family, n >> left, left


def fold(text):
    """E524: simple lower case, one code point for one."""
    return "".join("i" if c == "\u0130" else c.lower() if len(c.lower()) == 1 else c for c in text)

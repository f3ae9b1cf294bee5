#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py LOG [--forge]: looks for a value that fulfils what --certify calls a contradiction.

Each line of the log names a variable of a request and tests of it that no value fulfils together.  Here all texts that the
patterns in the line can tell apart are made, one of each sort, by walking their automata side by side; numbers, dates and
addresses are tried around every bound; and each is put to the tests by the plain meaning of the operators.  A line is refuted
by a value that fulfils all of them.  --forge leaves one test out of each line, which must refute many of them: a checker that
believes everything would be worth nothing.
"""
import base64
import datetime
import ipaddress
import json
import re
import sys
from decimal import Decimal

STAR, ANY, STAR_IN, ANY_IN, STAR_NAME, ANY_NAME, DIGIT, STAR_LINE = (chr(0xE000 + i) for i in range(8))
STARS = {STAR: "", STAR_IN: ":", STAR_NAME: ":/\n", STAR_LINE: "\n"}  # and what they do not cross
ONES = {ANY: "", ANY_IN: ":", ANY_NAME: ":/\n"}
NAME, D12 = ANY_NAME + STAR_NAME, DIGIT * 12
MOST_STATES = 20000


# ---- patterns

def match(pattern, text):
    states = closure(pattern, {0})
    for c in text:
        states = step(pattern, states, c)
    return len(pattern) in states


def closure(pattern, states):
    out = set()
    for s in states:
        while s not in out:
            out.add(s)
            if s < len(pattern) and pattern[s] in STARS:
                s += 1
    return frozenset(out)


def step(pattern, states, c):
    out = set()
    for s in states:
        if s == len(pattern):
            continue
        p = pattern[s]
        if p in STARS:
            if c not in STARS[p]:
                out.add(s)
        elif p in ONES:
            if c not in ONES[p]:
                out.add(s + 1)
        elif p == DIGIT:
            if c.isdigit():
                out.add(s + 1)
        elif p == c:
            out.add(s + 1)
    return closure(pattern, out)


def glob(text):
    return text.replace("*", STAR).replace("?", ANY)


def arn_pattern(text):
    """Field by field; None: fewer than six."""
    fields = text.split(":", 5)
    if len(fields) < 6:
        return None
    return ":".join([f.replace("*", STAR_IN).replace("?", ANY_IN) for f in fields[:5]] + [glob(fields[5])])


def resource_pattern(text, kind):
    if text.strip("*") == "" and text:
        return STAR
    fields = text.split(":", 5)
    if len(fields) == 1 or (len(fields) < 6 and "" in fields):
        return None
    if len(fields) < 6 and not (kind in ("identity", "managed", "boundary") or
                                (kind in ("resource", "trust", "endpoint") and "*" in text) or (kind == "scp" and text.endswith("*"))):
        return None
    out = []
    for f in fields[:5]:
        wide = f.endswith("*")
        f = f.replace("*", STAR_IN).replace("?", ANY_IN)
        out.append(f[:-1] + STAR if wide else f)
    return ":".join(out + [glob(f) for f in fields[5:]] + [STAR] * (6 - len(fields)))


def words(patterns, needed, wildcards):
    """One text of each sort that the patterns tell apart, of those that pass some pattern of every list in needed."""
    patterns = sorted(set(p for p in patterns if p is not None) | set(p for l in needed for p in l))
    at = {p: i for i, p in enumerate(patterns)}
    needed = [[at[p] for p in l] for l in needed]
    letters = set(c for p in patterns for c in p if not 0xE000 <= ord(c) < 0xE008)
    if any(DIGIT in p for p in patterns):
        letters |= {next(d for d in "0123456789" if d not in letters)} if any(d not in letters for d in "0123456789") else set()
    letters.add(next(c for c in "zyxwvutsrqponmlkjihgfedcbaé" if c not in letters))
    if not wildcards:
        letters -= set("*?")
    letters = sorted(letters)
    begin = tuple(closure(p, {0}) for p in patterns)
    seen, todo, sorts, whole = {begin: ""}, [begin], {}, True
    while todo:
        now = todo.pop(0)
        text = seen[now]
        sort = tuple(len(p) in s for p, s in zip(patterns, now))
        if all(any(sort[i] for i in l) for l in needed):
            sorts.setdefault(sort, []).append(text) if len(sorts.get(sort, [])) < 3 else None
        for c in letters:
            then = tuple(step(p, s, c) for p, s in zip(patterns, now))
            if then in seen or any(not any(then[i] for i in l) for l in needed):
                continue
            if len(seen) >= MOST_STATES:
                whole = False
                break
            seen[then] = text + c
            todo.append(then)
    return [t for l in sorts.values() for t in l], whole


# ---- operators

def number(text):
    return Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", text) else None


def date(text):
    m = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?", text, re.I)
    if not m:
        n = number(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None
        return None if n is None else n / 1000 if n >= 10**11 else n
    y, mo, d, h, mi, s = (int(g) if g else None for g in m.groups()[:6])
    try:
        t = datetime.datetime(y, mo, d or 1, h or 0, mi or 0, s or 0, tzinfo=datetime.timezone.utc)
    except ValueError:
        return None
    offset = 0
    if m.group(7) and m.group(7).upper() != "Z":
        sign, digits = m.group(7)[0], m.group(7)[1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:] or 0)) * (1 if sign == "+" else -1)
    return Decimal(int(t.timestamp()) - offset * 60)


def address(text):
    try:
        a = ipaddress.ip_address(text)
    except ValueError:
        return None
    return a.ipv4_mapped or a if a.version == 6 else a


def network(text):
    try:
        n = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if n.version == 6 and n.network_address.ipv4_mapped is not None:
        return ipaddress.ip_network("%s/%d" % (n.network_address.ipv4_mapped, n.prefixlen - 96), strict=False) if n.prefixlen >= 96 else None
    return n


def binary(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


ORDER = {"Equals": lambda a, b: a == b, "LessThan": lambda a, b: a < b, "LessThanEquals": lambda a, b: a <= b,
         "GreaterThan": lambda a, b: a > b, "GreaterThanEquals": lambda a, b: a >= b}
TYPES = {"Numeric": (number, number), "Date": (date, date), "IpAddress": (address, network), "Binary": (binary, binary)}


def base_of(op):
    """Without its Not, and whether it had one."""
    for n in ("StringNot", "NumericNot", "DateNot", "ArnNot"):
        if op.startswith(n):
            return n[:-3] + op[len(n):], True
    return ("IpAddress", True) if op == "NotIpAddress" else (op, False)


def passes(t, x):
    op, negated = base_of(t["operator"])
    if op == "Bool":
        return any(v.lower() == "true" for v in t["values"]) if x.lower() == "true" else any(v.lower() == "false" for v in t["values"])
    if op.startswith("String"):
        how = {"StringEquals": lambda v: v == x, "StringEqualsIgnoreCase": lambda v: v.lower() == x.lower(),
               "StringLike": lambda v: match(glob(v), x)}[op]
        return any(how(v) for v in t["values"]) != negated
    if op.startswith("Arn"):
        good = [p for p in map(arn_pattern, t["values"]) if p is not None]
        if x.count(":") < 5 or (t["values"] and not good):
            return False
        return any(match(p, x) for p in good) != negated
    kind = next(k for k in TYPES if op.startswith(k))
    read, read_value = TYPES[kind]
    mine, good = read(x), [v for v in map(read_value, t["values"]) if v is not None]
    if mine is None or (t["values"] and not good):
        return False
    if kind == "IpAddress":
        return any(mine.version == n.version and mine in n for n in good) != negated
    order = ORDER[op[len(kind):]]
    return any(order(mine, v) for v in good) != negated


def entry(t, values, several):
    """values None: the key is not there."""
    q = t["quantifier"]
    null = values is None or all(v == "" for v in values)
    if t["operator"] == "Null":
        if null and q != "one":
            return q == "all"
        return any(v.lower() == ("true" if null else "false") for v in t["values"])
    if values is None:
        return t["ifExists"] or q == "all" or (q == "one" and base_of(t["operator"])[1])
    if q == "one":
        return not several and len(values) == 1 and passes(t, values[0])
    some = [v for v in values if v != ""]
    if not some:
        return q == "all" or t["ifExists"]
    return all(passes(t, v) for v in some) if q == "all" else any(passes(t, v) for v in some)


# ---- texts that keys show parts of

PART = {
    "whole": lambda x: x, "organization-path": lambda x: x, "arn": lambda x: x.split("\n")[0], "first-line": lambda x: x.split("\n")[0],
    "account": lambda x: (x.split("\n")[0].split(":") + [""] * 5)[4], "user-name": lambda x: x.split("\n")[0].rsplit("/", 1)[-1],
    "user-id": lambda x: x.split("\n", 1)[-1] if "\n" in x else "", "organization-id": lambda x: x.split("/")[0],
    "federated-id": lambda x: "%s:%s" % (PART["account"](x), PART["user-name"](x)),
}


def part(line, view, x):
    if x is None:
        return None
    if view == "second-line":
        own = x.split("\n", 1)[1] if "\n" in x else ""
        x = own or (PART["account"](x) if line["variable"] in ("source", "access-point") and own == "" else "")
        return x or None
    if line["variable"] == "owner-organization" and view == "organization-path" and x.index("/") + 1 == len(x):
        return None
    return PART[view](x) or (None if line["variable"] == "source" else "")


ARNS = {"arn": "%s\n" + STAR, "first-line": "%s\n" + STAR, "account": "arn:%s:%s:%s:" % ((STAR_IN,) * 3) + "%s:" + STAR, "user-name": STAR + "/%s\n" + STAR,
        "user-id": STAR_LINE + "\n%s", "second-line": STAR_LINE + "\n%s", "organization-id": "%s/" + STAR, "organization-path": "%s", "whole": "%s"}
FORMS = {
    "role": ["arn:%s:iam::" + D12 + ":role/" + NAME + "\nAROA" + NAME + ":" + NAME,
             "arn:%s:iam::" + D12 + ":role/" + STAR_LINE + "/" + NAME + "\nAROA" + NAME + ":" + NAME],
    "user": ["arn:%s:iam::" + D12 + ":user/" + NAME + "\nAIDA" + NAME, "arn:%s:iam::" + D12 + ":user/" + STAR_LINE + "/" + NAME + "\nAIDA" + NAME],
    "root": ["arn:%s:iam::" + D12 + ":root\n"], "canonical": ["arn:%s:iam::" + D12 + ":user/" + NAME + "\n" + NAME],
    "federated-user": ["arn:%s:sts::" + D12 + ":federated-user/" + NAME + "\n" + w for w in
                       ("user/" + NAME + "\tAIDA" + NAME, "user/" + STAR_LINE + "/" + NAME + "\tAIDA" + NAME, "root\t")],
    "saml": ["arn:%s:iam::" + D12 + ":saml-provider/" + NAME],
    "web-identity": ["cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com",
                     "arn:%s:iam::" + D12 + ":oidc-provider/" + NAME, "arn:%s:iam::" + D12 + ":oidc-provider/" + NAME + "/" + STAR_LINE],
    "anonymous": [""], "service": [NAME + "." + NAME],
}
ORGANIZATION = ["o-" + NAME + "/r-" + NAME + "/", "o-" + NAME + "/r-" + NAME + "/ou-" + STAR_LINE + "/"]


def forms_of(line):
    v, p = line["variable"], line["partition"]
    if v == "principal":
        return [f.replace("%s", p) for f in FORMS[line["asker"]]]
    if v == "resource":
        return line["forms"]
    if v == "source":
        arn = "arn:" + p + ":" + NAME + ":" + STAR_NAME + ":"
        return ["\n" + D12, arn + D12 + ":" + STAR_LINE + "\n", arn + ":" + STAR_LINE + "\n", arn + ":" + STAR_LINE + "\n" + D12]
    if v == "access-point":
        arn = "arn:" + p + ":" + NAME + ":" + STAR_NAME + ":" + D12 + ":accesspoint/" + NAME + "\n"
        return [arn + "Internet"] + ([arn + "VPC"] if line["path"] == "endpoint" else [])
    return ORGANIZATION + (["o-" + NAME + "/"] if v == "owner-organization" else [])


WITH_ACCOUNT = ("role", "user", "root", "federated-user", "canonical")


def names(line, kind, text, x):
    """Does one entry of Principal mean the caller?  The ways in which it does: bits of E416, as the log has them."""
    who, arn = line["asker"], x.split("\n")[0]
    rest = x.split("\n", 1)[1] if "\n" in x else ""
    account = PART["account"](x)
    if kind == "*" or (kind == "AWS" and text == "*"):
        return "any"
    if kind == "Service":
        return "service" if who == "service" and x == text else None
    if kind == "Federated":
        return "idp" if who in ("saml", "web-identity") and x == text else None
    if kind == "CanonicalUser":
        return "account" if who == "canonical" and rest == text else None
    if who not in WITH_ACCOUNT or "*" in text or "?" in text:
        return None
    if re.fullmatch(r"\d{12}", text) or re.fullmatch(r"arn:[^:]*:iam::\d{12}:root", text):
        same = text == account or (text.split(":")[4:5] == [account] and text.split(":")[1] == arn.split(":")[1])
        return ("root" if who == "root" else "account") if same else None
    if re.fullmatch(r"(AIDA|AROA)[A-Z0-9]+", text):
        if who == "role" and text.startswith("AROA"):
            return "role" if rest.split(":")[0] == text else None
        if who == "user":
            return "user" if rest == text else None
        return "parent" if who == "federated-user" and rest.split("\t")[-1] == text else None
    if who == "role" and ":assumed-role/" in text:
        f, name = text.split(":", 5), text.split("/")
        mine = arn.split(":", 5)
        return "session" if len(name) == 3 and f[1] == mine[1] and f[2] == "sts" and f[4] == account and name[1] == arn.rsplit("/", 1)[-1] and \
            rest.split(":", 1)[1:] == [name[2]] else None
    if who == "federated-user" and ":user/" in text:
        f = text.split(":", 5)
        return "parent" if f[2] == "iam" and f[1] == arn.split(":")[1] and f[4] == account and rest.split("\t")[0] == f[5] else None
    if arn != text:
        return None
    return {"role": "role", "user": "user", "canonical": "user", "federated-user": "fedsession"}.get(who)


def principal_test(line, t, x):
    ways = [names(line, k, v, x) for k, v in t["principals"]]
    if not t["chain"]:
        return any(ways)
    need = {"role": {"session", "role", "account"}, "user": {"user", "account"}, "canonical": {"user", "account"},
            "federated-user": {"fedsession", "account"}, "root": {"root"}, "service": {"service"}, "saml": {"idp"}, "web-identity": {"idp"}}
    return "any" in ways or (line["asker"] in need and need[line["asker"]] <= set(ways))


def holds(line, t, x):
    if "patterns" in t:
        low = str.lower if t["withoutCase"] else str
        return not t["otherAsker"] and any(match(low(p), low(x)) for p in t["patterns"])
    if "resources" in t:
        return any(match(p, x) for p in (resource_pattern(r, t["kind"]) for r in t["resources"]) if p is not None)
    if "principals" in t:
        return principal_test(line, t, x)
    own = part(line, t["view"], x)
    return entry(t, None if own is None else [own], t["several"])


# ---- lines

def text_patterns(t, view):
    """What the test can tell texts apart by."""
    if "patterns" in t:
        return [p.lower() if t["withoutCase"] else p for p in t["patterns"]] + t["patterns"]
    if "resources" in t:
        return [resource_pattern(r, t["kind"]) for r in t["resources"]]
    if "principals" in t:
        out = []
        for _, v in t["principals"]:
            f = v.split(":", 5)
            session = "arn:%s:iam::%s:role/" + STAR_LINE + "%s\n" + STAR_NAME + ":%s"
            out += [v + "\n" + STAR, STAR_LINE + "\n" + v, STAR_LINE + "\n" + v + ":" + STAR, STAR_LINE + "\t" + v, v,
                    "arn:" + STAR_IN + ":" + STAR_IN + "::" + (f[4] if len(f) == 6 else v) + ":" + STAR]
            if len(f) == 6 and f[5].count("/") == 2:
                out.append(session % (f[1], f[4], f[5].split("/")[1], f[5].split("/")[2]))
            if len(f) == 6:
                out.append(STAR_LINE + "\n" + f[5] + "\t" + STAR)
        return out
    op = base_of(t["operator"])[0]
    own = [arn_pattern(v) if op.startswith("Arn") else v if op == "StringEquals" else v.lower() if "IgnoreCase" in op else glob(v)
           for v in t["values"] if op.startswith(("Arn", "String"))]
    if op.startswith("Arn"):
        own.append((STAR_IN + ":") * 5 + STAR)
    if op == "Bool":
        own += ["true", "false"]
    return [ARNS.get(view, "%s").replace("%s", p) for p in own if p is not None]


def typed(t):
    op, out = base_of(t["operator"])[0], []
    for v in t["values"]:
        if op.startswith("Numeric") and number(v) is not None:
            out += [str(number(v) + d) for d in (Decimal(0), Decimal("0.5"), Decimal("-0.5"), Decimal(1), Decimal(-1))]
        elif op.startswith("Date") and date(v) is not None:
            out += [str(int(date(v)) + d) for d in (-1, 0, 1) if int(date(v)) + d >= 0]
        elif op == "IpAddress" and network(v):
            n = network(v)
            ends = [int(n.network_address), int(n.network_address) - 1, int(n.broadcast_address), int(n.broadcast_address) + 1]
            out += [str(type(n.network_address)(e)) for e in ends if 0 <= e < 1 << n.max_prefixlen]
        elif op == "Binary":
            out += [v, "AA=="]
    return out + (["203.0.113.7", "2001:db8::1", "10.0.0.1"] if op == "IpAddress" else ["x", "0"])


def pure(t):
    return t["operator"] == "Null" or t["operator"] == "Bool" or base_of(t["operator"])[0].startswith(("String", "Arn"))


def check_key(line):
    tests = line["literals"]
    wanted = lambda values, several: all(entry(t, values, several) == t["holds"] for t in tests)
    if line["presence"] != "must" and wanted(None, False):
        return "absent", True
    if line["presence"] == "never":
        return None, True
    several = line["several"]
    free = not any(k in line for k in ("constant", "yesOrNo", "digits", "noWildcards"))
    if free and line["presence"] == "free" and wanted([""], several is True):
        return "blank", True
    domain = [[DIGIT * line["digits"]]] if "digits" in line else []
    if several is False:
        domain += [text_patterns(t, None) for t in tests if t["holds"] and t["quantifier"] == "one" and t["operator"] in
                   ("StringEquals", "StringLike") and not t["ifExists"]]
    given, whole = words([p for t in tests for p in text_patterns(t, None)], domain, "noWildcards" not in line)
    given = [line["constant"]] if "constant" in line else ["true", "false"] if "yesOrNo" in line else given + [x for t in tests for x in typed(t)]
    given = [x for x in given if x and not ("digits" in line and not re.fullmatch(r"\d{%d}" % line["digits"], x))]
    whole = whole and all(pure(t) for t in tests)
    if several is not True:
        for x in given:
            if wanted([x], False):
                return x, whole
    if several is not False:
        alone = lambda t, x: entry(t, [x], True) == t["holds"]
        every = [t for t in tests if t["operator"] != "Null" and (t["quantifier"] == "all") == t["holds"] and t["quantifier"] != "one"]
        best = [x for x in given if all(alone(t, x) for t in every)]
        if len(best) >= (2 if several == "unknown" else 1) and wanted(best, True):
            return best, whole
    return None, whole


def check_text(line):
    tests = line["literals"]
    if line.get("mayBeAbsent") and all(entry(t, None, False) == t["holds"] for t in tests):
        return "absent", True
    forms = forms_of(line)
    needed = [forms] + [p for p in (text_patterns(t, t.get("view")) for t in tests if t["holds"] and ("patterns" in t or "resources" in t) and
                                    not t.get("withoutCase")) if p and None not in p]
    given, whole = words([p for t in tests for p in text_patterns(t, t.get("view"))], needed,
                         line["variable"] in ("resource", "source"))
    in_arn = "arn:%s:%s:%s:" % ((STAR_IN,) * 3) + D12 + ":" + STAR
    owner = {"in-arn": lambda x: match(in_arn, x), "star": lambda x: x == "*", "elsewhere": lambda x: x != "*" and not match(in_arn, x)}
    for x in given:
        if owner.get(line.get("owner"), lambda x: True)(x) and all(holds(line, t, x) == t["holds"] for t in tests):
            return x, whole
    return None, whole and all("operator" not in t or pure(t) for t in tests)


def is_for_others(line):
    """Variables are tied to other keys; what a call went through and the clock are lists of their own."""
    return line["variable"] in ("called", "clock") or any(
        t.get("variables") or any("${" in v for v in t.get("values", t.get("resources", []))) or t.get("kinds") for t in line["literals"])


def check(line):
    tests = line["literals"]
    if any(a is not b and a["holds"] != b["holds"] and {k: v for k, v in a.items() if k != "holds"} == {k: v for k, v in b.items() if k != "holds"}
           for a in tests for b in tests):
        return None, True
    return check_key(line) if line["variable"] == "key" else check_text(line)


def main():
    forge = "--forge" in sys.argv
    exhausted = tried = others = refuted = 0
    seen = set()
    for n, text in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
        if text in seen:
            continue
        seen.add(text)
        line = json.loads(text)
        if is_for_others(line):
            others += 1
            continue
        if forge:
            line["literals"] = line["literals"][1:]
        value, whole = check(line)
        if value is not None:
            refuted += 1
            if not forge:
                print("%s:%d: not a contradiction: %s" % (sys.argv[1], n, json.dumps(value)))
                print("  " + text.strip())
            continue
        exhausted += whole
        tried += not whole
    print("%d contradictions hold, %d of them for all values; %d are of other kinds; %d refuted" % (exhausted + tried, exhausted, others, refuted))
    if forge:
        sys.exit(0 if refuted * 3 > exhausted + tried + refuted else 1)
    sys.exit(1 if refuted or exhausted + tried == 0 or others > exhausted + tried else 0)


main()

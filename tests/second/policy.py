# SPDX-License-Identifier: Apache-2.0
"""Documents, statements and conditions, as chapters 1, 2, 3 and 5 of the rules have them."""
import json

import values
from values import lower


class Fault(Exception):
    """The question cannot be answered: ERROR (E009)."""


class Malformed(Exception):
    """A statement that means nothing."""


class Number(str):
    """A number as it was written (E115)."""


def members(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise Fault("a member twice")  # E108
    return dict(pairs)


def parse(text):
    try:
        return json.loads(text, object_pairs_hook=members, parse_float=Number, parse_int=Number)
    except ValueError as e:
        raise Fault(str(e))


def is_text(v):
    return isinstance(v, str) and not isinstance(v, Number)


def scalar(v):
    """E115; None: no scalar."""
    if isinstance(v, bool):
        return "true" if v else "false"
    return str(v) if isinstance(v, str) else None


def texts(v):
    v = [v] if is_text(v) else v
    if not isinstance(v, list) or not all(is_text(x) for x in v):
        raise Malformed("texts are expected")
    return v


# ---- operators

BASES = {lower(b): b for b in """StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike
    StringNotLike NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan
    NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals
    Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike Null""".split()}
ORDER = {"Equals": lambda a, b: a == b, "NotEquals": lambda a, b: a == b, "LessThan": lambda a, b: a < b,
         "LessThanEquals": lambda a, b: a <= b, "GreaterThan": lambda a, b: a > b, "GreaterThanEquals": lambda a, b: a >= b}
READERS = {"Numeric": values.number, "Date": values.date, "Binary": values.data, "Ip": values.address,
           "NotIp": values.address, "Arn": lambda v: v.split(":", 5) if v.count(":") >= 5 else None}


def operator(name):
    """E116: (quantifier, base, IfExists); None: there is none of this name."""
    name, quantifier = lower(name), ""
    for prefix in ("forallvalues:", "foranyvalue:"):
        if name.startswith(prefix):
            name, quantifier = name[len(prefix):], prefix
    if name in BASES:
        return quantifier, BASES[name], False
    short = name[:-8] if name.endswith("ifexists") else ""
    return (quantifier, BASES[short], True) if short in BASES and short != "null" else None


def reader(base):
    """How a typed operator reads a value of the context; None: as text."""
    return next((r for kind, r in READERS.items() if base.startswith(kind)), None)


def well_formed(base, value, variables):
    """E539"""
    if base.startswith("Arn"):
        return len(values.fields(value, variables)) == 6
    read = values.network if "Ip" in base else reader(base)
    return not read or read(value) is not None


def hits(base, x, p, lookup):
    """The positive test of one value of the context, as read, and one of the policy (E520)."""
    if base.startswith(("Numeric", "Date")):
        kind = "Numeric" if base.startswith("Numeric") else "Date"
        return ORDER[base[len(kind):]](x, READERS[kind](p))
    if base == "BinaryEquals":
        return x == values.data(p)
    if "Ip" in base:
        family, bits, left = values.network(p)
        return x[0] == family and x[1] >> left == bits
    if base.startswith("Arn"):
        return values.arn_matches(p, x, lookup)
    pattern = values.expand(p, lookup, "Like" in base)
    if "Like" in base:
        return values.glob(pattern, x)
    text = values.plain(pattern)
    if base == "Bool":
        return lower(text) in ("true", "false") and (lower(text) == "true") == (lower(x) == "true")
    return values.fold(text) == values.fold(x) if "IgnoreCase" in base else text == x


def passes(base, x, wanted, lookup):
    """test() of E522."""
    read, hit = reader(base), False
    x = read(x) if read else x
    good = [p for p in wanted if well_formed(base, p, bool(lookup))]
    if x is None or (read and wanted and not good):
        return False
    for p in good:
        try:
            hit = hit or hits(base, x, p, lookup)
        except values.Unresolved:
            pass
    return hit != ("Not" in base)


def holds(entry, context, variables):
    """One entry of a Condition block: E521, E522, E536, E547."""
    (quantifier, base, if_exists), key, wanted = entry
    many, found = context.find(key)
    for_all = quantifier == "forallvalues:"
    if base == "Null":
        null = not any(found)
        if null and quantifier:
            return for_all
        return any(lower(w) == ("true" if null else "false") for w in wanted)
    if not found:
        return if_exists or (for_all if quantifier else "Not" in base)
    lookup = context.variable if variables else None
    if not quantifier:
        return not many and passes(base, found[0], wanted, lookup)
    found = [x for x in found if x]
    if not found:
        return for_all or if_exists
    return (all if for_all else any)(passes(base, x, wanted, lookup) for x in found)


def conditions(block, deny, variables):
    if not isinstance(block, dict):
        raise Malformed("Condition")
    out = []
    for name, entries in block.items():
        op = operator(name)
        if not isinstance(entries, dict) or (not op and (entries or lower(name).endswith("nullifexists"))):
            raise Malformed("operator")
        for key, wanted in entries.items():
            wanted = [scalar(w) for w in (wanted if isinstance(wanted, list) else [wanted])]
            if None in wanted or (deny and not all(well_formed(op[1], w, variables) for w in wanted)):
                raise Malformed("value")
            out.append((op, key, wanted))
    return out


# ---- statements

NAMES = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
WITH_PRINCIPAL = {"resource", "rcp", "endpoint", "accessPoint"}


class Statement:
    def __init__(self, source, index, name, layer, variables):
        if not isinstance(source, dict) or set(source) - NAMES or source.get("Effect") not in ("Allow", "Deny"):
            raise Fault("statement")
        self.index, self.policy, self.layer, self.variables = index, name, layer, variables
        self.deny = source["Effect"] == "Deny"
        try:
            self.read(source)
            self.malformed = False
        except Malformed:
            self.malformed = True

    def read(self, source):
        self.principal = self.not_principal = None
        if self.layer in WITH_PRINCIPAL:
            if "Principal" in source and "NotPrincipal" in source:
                raise Malformed("Principal")
            self.principal = principals(source["Principal"]) if "Principal" in source else None
            self.not_principal = principals(source["NotPrincipal"]) if "NotPrincipal" in source else None
        if ("Action" in source) == ("NotAction" in source) or ("Resource" in source and "NotResource" in source):
            raise Malformed("elements")
        self.not_action, self.not_resource = "NotAction" in source, "NotResource" in source
        self.actions = texts(source.get("Action", source.get("NotAction")))
        if not self.actions or any(a != "*" and a.count(":") != 1 for a in self.actions):
            raise Malformed("Action")
        self.resources = self.read_resources(source)
        self.conditions = conditions(source.get("Condition", {}), self.deny, self.variables)

    def read_resources(self, source):
        v = source.get("Resource", source.get("NotResource")) if "Resource" in source or self.not_resource else ()
        if v != ():
            v = [self.form(x) for x in texts([x for x in v if x is not None] if isinstance(v, list) else v)]
        if not v and self.layer not in ("resource", "endpoint", "accessPoint"):
            raise Malformed("Resource")
        return v

    def form(self, pattern):
        """E309, E310: the fields of the completed pattern, "*", or None: it matches nothing."""
        found = values.fields(pattern, self.variables)
        if pattern and set(pattern) == {"*"}:
            return "*"
        if len(found) == 6:
            return found
        strict = self.layer in ("session", "rcp") or (self.layer == "scp" and not pattern.endswith("*"))
        if len(found) == 1 or "" in found or strict:
            raise Malformed("Resource")
        if self.layer in ("resource", "endpoint", "accessPoint") and "*" not in pattern:
            return None
        return found + ["*"] * (6 - len(found))

    def matches_request(self, action, resource, context):
        """Action, Resource and Condition."""
        if any(values.action_matches(p, action) for p in self.actions) == self.not_action:
            return False
        lookup = context.variable if self.variables else None
        if self.resources != ():
            if any(values.resource_matches(f, resource, lookup) for f in self.resources) == self.not_resource:
                return False
        return all(holds(e, context, self.variables) for e in self.conditions)


def principals(v):
    """E113: pairs of kind and name."""
    if v == "*":
        return [("AWS", "*")]
    if not isinstance(v, dict) or set(v) - {"AWS", "Service", "Federated", "CanonicalUser"}:
        raise Malformed("Principal")
    return [(kind, name) for kind, names in v.items() for name in texts(names)]


def document(source, name, layer):
    """The statements; what cannot be read is a Fault."""
    source = parse(source) if is_text(source) else source
    if not isinstance(source, dict) or set(source) - {"Version", "Id", "Statement"} or "Statement" not in source:
        raise Fault("document")
    if "Version" in source and source["Version"] not in ("2012-10-17", "2008-10-17"):
        raise Fault("Version")
    found = source["Statement"]
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list):
        raise Fault("Statement")
    variables = source.get("Version") == "2012-10-17"
    return [Statement(s, i, name, layer, variables) for i, s in enumerate(found)]

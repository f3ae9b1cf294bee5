# SPDX-License-Identifier: Apache-2.0
"""Chapter 7: how the layers combine.  decide() is E720, line by line."""
import re

import values
from context import Caller, Context
from policy import Fault, WITH_PRINCIPAL, document
from values import lower

ALLOW, EXPLICIT, IMPLICIT = "allow", "explicit-deny", "implicit-deny"
ROLES = ("role", "linked")


# ---- principals

def account_of(entry, caller):
    """The account that an entry names as a whole (E405, E406)."""
    m = re.match(r"(?:arn:([^:]*):iam::)?(\d{12})(:root)?\Z", entry, re.A)
    whole = m and (m.group(1) is None) == (m.group(3) is None)
    return m.group(2) if whole and m.group(1) in (None, caller.partition) else None


def match(kind, entry, c, trust, gateway):
    """E404 to E416: the kind of match, or None."""
    if kind == "Service":
        return "SERVICE" if c.kind == "service" and entry == c.arn else None
    if kind == "Federated":
        return "IDP" if trust and c.kind == "idp" and entry == c.arn else None
    if kind != "AWS" or entry == "*":
        return "ANY" if kind == "AWS" else None
    if gateway and c.kind != "root":  # E426
        return None
    if c.account and account_of(entry, c) == c.account:
        return "ROOT" if c.kind == "root" else "ACCOUNT"
    if c.id and entry == c.id:  # E411
        return {"userAIDA": "USER", "roleAROA": "ROLE", "linkedAROA": "ROLE"}.get(c.kind + entry[:4])
    if c.kind == "user":
        return "USER" if entry == c.arn else None
    if c.kind == "federated":
        return "FEDSESSION" if entry == c.arn else "PARENT" if entry == c.parent and not entry.endswith(":root") else None
    return match_role(entry, c) if c.kind in ROLES else None


def match_role(entry, c):
    if c.session is not None and entry == c.arn:
        return "SESSION"
    if c.path_known:
        return "ROLE" if entry == c.role else None
    head = "arn:%s:iam::%s:role/" % (c.partition, c.account)
    named = entry.startswith(head) and not set("*?") & set(entry) and entry.split("/")[-1] == c.last
    return "ROLE" if named else None


CHAINS = {"root": ["ROOT"], "user": ["USER", "ACCOUNT"], "role": ["SESSION", "ROLE", "ACCOUNT"],
          "linked": ["SESSION", "ROLE", "ACCOUNT"], "federated": ["FEDSESSION", "ACCOUNT"], "service": ["SERVICE"],
          "idp": ["IDP"], "anonymous": ["ANY"]}


def principal_kinds(statement, q, trust):
    """The kinds of match; None: the statement is not about this caller (E419 to E423)."""
    if statement.layer not in WITH_PRINCIPAL:
        return set()
    entries = statement.principal if statement.principal is not None else statement.not_principal
    gateway = statement.layer == "endpoint" and q.gateway
    kinds = {match(kind, name, q.caller, trust, gateway) for kind, name in entries or []} - {None}
    if statement.principal is not None:
        return kinds or None
    if statement.not_principal is None or not statement.deny:
        return None
    spared = "ANY" in kinds or kinds.issuperset(CHAINS[q.caller.kind])
    return None if spared and not q.bounded else set()


# ---- layers

class Layer:
    """What the documents of one layer (or level) say of a check."""

    def __init__(self, documents, q, trust=False):
        self.denies, self.allows, self.kinds = False, False, set()
        for statement in (s for d in documents for s in d):
            if statement.malformed:
                if statement.deny:
                    raise Fault("malformed-statement")
                continue
            kinds = principal_kinds(statement, q, trust)
            if kinds is None or not statement.matches_request(q.action, q.resource, q.context):
                continue
            self.denies |= statement.deny
            if not statement.deny:
                self.allows = True
                self.kinds |= kinds


class Question:
    """One check (E003)."""

    def __init__(self, tables, policies, caller, action, resource, owner, given, request):
        if not re.match(r"[^:]+:[^:]+\Z", action):
            raise Fault("action")  # E201
        self.tables, self.policies, self.caller, self.action = tables, policies, caller, action
        self.service, self.name = lower(action).split(":")
        self.literal, self.parts = resource == "*", resource.split(":", 5)
        self.resource = tables.stars.get((lower(action), caller.partition or "aws"), "*") if self.literal else resource
        self.owner = owner or self.find_owner(given)
        self.gateway = request.get("endpointType") == "gateway"
        self.management = request.get("resourceState", {}).get("managementAccount", False)
        self.context = Context(tables, given, caller, action, self.resource, self.owner)
        role = not self.literal and self.parts[2] == "iam" and self.parts[5].startswith("role/")
        self.trust = role and self.service == "sts"
        self.key = not self.literal and self.service == "kms" and self.parts[2] == "kms" and self.parts[5].startswith("key/")

    def find_owner(self, given):
        """E317"""
        if not self.literal and re.match(r"\d{12}\Z", self.parts[4], re.A):
            return self.parts[4]
        said = [v for k, v in given.items() if lower(k) == "aws:resourceaccount" and isinstance(v, str)]
        return said[0] if said else self.caller.account

    def is_aws_managed(self):
        """E318"""
        if self.caller.kind in ("service", "linked") or self.literal:
            return False
        resource = self.parts[5]
        sort = ("policy" if self.parts[4] == "aws" and resource.startswith("policy/") else
                "reserved-role" if resource.startswith("role/aws-reserved/") else
                "linked-role" if resource.startswith("role/aws-service-role/") else
                "alias" if resource.startswith("alias/aws/") else None)
        service = "kms" if sort == "alias" else "iam"
        return self.service == service == self.parts[2] and (sort, self.name) in self.tables.aws_only

    def has_resource_policy(self):
        """E719, E760"""
        if self.literal or (self.parts[2] == "iam" and not self.trust) or (self.service == "kms" and not self.key):
            return False
        return not (self.parts[2] == "ec2" and self.parts[5].startswith("instance/"))

    def applying(self, kind):
        """E701, E707, E709: the layers that are consulted, as they were supplied."""
        c, found = self.caller, {}
        exempt = any(values.glob(values.wild(a), lower(self.action)) and who in ("any", kind)
                     for a, who in self.tables.scp_exempt)
        free = kind == "linked" or self.management or self.service not in self.tables.rcp_services
        wanted = {"identity": kind in ("user", "federated") + ROLES, "boundary": kind in ("user", "role", "federated"),
                  "session": kind in ("role", "federated"), "resource": self.has_resource_policy(),
                  "endpoint": kind != "service",
                  "scp": kind in ("root", "user", "role", "federated") and not c.management and not exempt,
                  "rcp": not free and lower(self.action) != "kms:retiregrant"}
        if kind == "federated" and (c.parent or "").endswith(":root"):
            wanted["identity"] = wanted["boundary"] = False
        for layer, on in wanted.items():
            if on and layer in self.policies:
                found[layer] = self.policies[layer]
        return found


def before_policies(q):
    """E703"""
    c, action = q.caller, lower(q.action)
    if not q.literal and c.partition and q.parts[1] != c.partition:
        return IMPLICIT
    if action == "sts:getcalleridentity" and c.kind not in ("anonymous", "idp"):
        return ALLOW
    if action == "sts:getsessiontoken" and c.kind in ("user", "root"):
        return ALLOW
    impossible = (c.kind == "root" and action == "sts:assumerole" or
                  c.kind in ROLES and action in ("sts:getsessiontoken", "sts:getfederationtoken") or
                  c.kind == "federated" and q.service in ("iam", "sts"))  # E748
    foreign_role = action == "iam:passrole" and q.owner != c.account  # E771
    foreign_provider = c.kind == "idp" and q.trust and c.provider_account and c.provider_account != q.owner  # E745
    return IMPLICIT if impossible or foreign_role or foreign_provider else None


def decide(q):
    """E720"""
    early = before_policies(q)
    if early:
        return early
    c, kind = q.caller, q.caller.kind
    supplied = q.applying(kind)
    q.bounded = "boundary" in supplied
    levels = {n: [Layer(level, q) for level in supplied[n]] for n in ("scp", "rcp") if n in supplied}
    layers = {n: Layer(d, q, q.trust and n == "resource") for n, d in supplied.items() if n not in levels}
    own_bucket = (kind == "root" and q.owner == c.account and
                  lower(q.action) in ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"))  # E754
    if any(level.denies for n in levels for level in levels[n]):
        return EXPLICIT
    if any(layer.denies for n, layer in layers.items() if not (n == "resource" and own_bucket)):
        return EXPLICIT
    if q.is_aws_managed() or not all(level.allows for level in levels.get("scp", [])):
        return IMPLICIT
    if "endpoint" in layers and not layers["endpoint"].allows:
        return IMPLICIT
    granted = layers["resource"].kinds if "resource" in layers else set()
    return ALLOW if is_granted(q, layers, granted) else IMPLICIT


def is_granted(q, layers, granted):
    """The second half of E720: who grants?"""
    c, kind = q.caller, q.caller.kind
    if kind in ("service", "anonymous", "idp"):
        return bool(granted & {"ANY", {"service": "SERVICE", "idp": "IDP"}.get(kind)})
    boundary = "boundary" not in layers or layers["boundary"].allows
    session = layers["session"].allows if "session" in layers else kind != "federated"
    full = kind == "root" or kind == "federated" and (c.parent or "").endswith(":root")
    own = (full or ("identity" in layers and layers["identity"].allows)) and boundary and session
    same = (q.literal or q.owner == c.account or (q.parts[2] == "iam" and q.parts[4] == "aws") or
            lower(q.action) == "sts:assumeroot")
    if not same:
        return own and bool(granted)
    strong = bool(granted & {"USER", "SESSION", "FEDSESSION", "ANY"}) or ("ROOT" in granted and session)
    weak = bool(granted & {"ROLE", "PARENT"}) and boundary and session
    direct = (strong or weak) and (not q.trust or (boundary and session))  # E744
    if not q.trust and not q.key:
        return own or direct
    return direct or (own and "ACCOUNT" in granted)


# ---- scenarios

def documents(source, layer):
    source = source if isinstance(source, list) else [source]
    return [document(d.get("document", d), d.get("name"), layer) for d in source]


def checks(request):
    """E320: (resource, owner, context) of each."""
    found = request["resource"] if isinstance(request["resource"], list) else [request["resource"]]
    for r in found:
        r = r if isinstance(r, dict) else {"arn": r}
        context = dict(request.get("context", {}))
        for key, value in r.get("context", {}).items():
            context = {k: v for k, v in context.items() if lower(k) != lower(key)}
            context[key] = value
        yield r["arn"], r.get("account", request.get("resourceAccount")), context


def answer(tables, scenario):
    """The decision about one scenario, as parse() reads it."""
    try:
        policies, request = {}, scenario["request"]
        for layer, source in scenario.get("policies", {}).items():
            if layer in ("scp", "rcp"):
                policies[layer] = [documents(level["policies"], layer) for level in source]
            else:
                policies[layer] = documents(source, layer)
        answers = [decide(Question(tables, policies, Caller(request["principal"]), request["action"], arn, owner, context,
                                   dict(request, resourceState=scenario.get("resourceState", {}))))
                   for arn, owner, context in checks(request)]
        return next(d for d in (EXPLICIT, IMPLICIT, ALLOW) if d in answers)
    except Fault:
        return "error"

# SPDX-License-Identifier: Apache-2.0
"""Small worlds made at random: a request and the policies that it meets, near the corners of the rules."""
import copy
import json
import random

from policy import BASES, Number

HOME, AWAY = "111111111111", "222222222222"
NOW = "2024-01-01T00:00:00Z"
NUMBERS = """10 10. .5 -0 0 +5 5 5.0 5e0 50e-1 1e-1 0.1 0.10 1E3 1000 -5 five 0x10 inf 1,000 1e e5 . 1.5.2 1e400 1e401 1e-400
    9.999999999999999999999 10.000000000000000000001 12345678901234567890123456789012345678901 -1e400 1_0 + --1 3600.5 0e400
    000000000000000000000000000000000000000000010""".split() + ["", " 10", "- 5", "\u0661"]
DATES = """2024 2024-01 2024-01-01 2024-01-01T00 2024-01-01T00:00 2024-01-01T00:00:00Z 2024-01-01t00:00:00z
    2024-01-01T00:00:00.000000001Z 2024-01-01T00:00:00.0000000001Z 2024-01-01T02:00:00+02:00 2024-01-01T02:00:00+0200
    2024-01-01T02+02 2024-01-01T00:00:00+1 2024-1-1 2024-02-29 2023-02-29 2024-13-01 2024-01-32 2024-01-01T24:00:00Z
    2024-01-01T23:59:60Z 1704067200 1704067200000 1704067200.5 99999999999 100000000000 0 -1 sdf -2024-01-01 0000-01-01
    12024-01-01 024-01-01 2024-01-01Z 2024-01-01T 20240101 9223372036854775807 9223372036854775808 292278993-12-31
    292278994-01-01 -292275054-01-01 2024-01-01T00:00:00+24:00 1900-02-29 2000-02-29 1e9""".split() + ["", "2024-01-01 00:00"]
ADDRESSES = """203.0.113.7 203.0.113.0/24 203.0.113.9/24 203.0.113.7/33 0.0.0.0/0 203.0.113 203.0.113.007 203.0.113.256
    203.0.113.7/ 203.0.113.7/-1 203.0.113.7/024 10.0.0.0/8 10.1.2.3/8 ::1 :: ::/0 2001:db8::1 2001:DB8::/32 2001:db8::1/129
    ::ffff:203.0.113.7 ::ffff:203.0.113.0/120 ::ffff:203.0.113.0/24 ::ffff:0:0/96 ::ffff:0:0/95 ::ffff:cb00:7107 fe80::1%eth0
    1:2:3:4:5:6:7 1:2:3:4:5:6:7:8 ::2:3:4:5:6:7:8 2001:db8:::1 0x7f.0.0.1 127.1 203.0.113.6/31 s3.amazonaws.com [::1]""".split()
BYTES = ["QmluYXJ5", "QmluYXJ5\n", "QQ==", "QQ=", "QQ", "QR==", "QUI=", "", "====", "Qmlu-XJ5", "Qmlu/XJ5", "qmluYXJ5"]
ARNS = """arn:aws:s3:::b arn:aws:s3:::B arn:aws:s3:::b/k arn:aws:s3:::b* arn:aws:s3:::* arn:aws:s3:*:*:b arn:aws:s3::*:b
    arn:aws:sns:us-east-1:111111111111:t arn:aws:sns:*:111111111111:* arn:aws:sns:us-*-1:1111*:t arn:aws:*:111111111111:t *
    arn:aws:iam:*:role/x arn:aws:iam::111111111111:role/x arn:aws:iam::*:role/? nonsense a:b:c:d:e:f ::::: *:*:*:*:*:*
    arn:aws:s3:::${aws:username} arn:aws:sns:us-east-1:${aws:PrincipalAccount}:t arn:aws:s3:::${*} x${aws:username}
    arn:aws:s3:::${} arn:aws:s3:::b:c:d""".split() + ["", "arn:aws:s3:::${a b}", "arn:aws:s3:::${none, 'b'}"]
STRINGS = """a A b ab a* * ? \u00e9 e\u0301 \u00c9 \u00df ss SS a? aXb a/b:c home/* bob b?b ${aws:username} ${aws:username}*
    ${AWS:UserName} ${none} ${aws:PrincipalTag/t} ${aws:PrincipalTag/T} ${*} a${*} ${?} ${$} ${$}{aws:username} ${ ${}
    ${aws:username $ ${aws:TagKeys} ${aws:PrincipalTag/${aws:username}} true True 5 5.0 \U0001d11e \u0130 i I \u0131 k \u212a
    \u03a3 \u03c3 \u03c2 ** ?* x*""".split() + ["", " a", "a b", "${ aws:username}", "${none, 'd'}", "${none ,  'a'}", "${none, ''}", "${none, \"a\"}",
                          "${none, 'x*'}", "a\nb"]
BOOLEANS = ["true", "false", "True", "FALSE", "tru", "1", "", True, False, "${aws:MultiFactorAuthPresent}"]
KEYS = """k k k j my:key x:y/z s3:prefix aws:PrincipalTag/t aws:username aws:SourceIp aws:SourceArn aws:CurrentTime
    aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:RequestTag/x aws:PrincipalOrgID aws:TagKeys aws:TagKeys aws:CalledVia
    dynamodb:LeadingKeys""".split()
MANY = {"aws:TagKeys", "aws:CalledVia", "dynamodb:LeadingKeys"}
UNKNOWN = {"k", "j", "my:key", "x:y/z"}
pick = random.choice


def chance(p):
    return random.random() < p


def dump(x):
    """JSON with numbers as they were written."""
    if isinstance(x, Number):
        return str(x)
    if isinstance(x, dict):
        return "{%s}" % ", ".join("%s: %s" % (json.dumps(k), dump(v)) for k, v in x.items())
    return "[%s]" % ", ".join(map(dump, x)) if isinstance(x, list) else json.dumps(x)


# ---- conditions

def pool(base):
    for start, found in (("Numeric", NUMBERS + [Number("10"), Number("5.0"), Number("1e3")]), ("Date", DATES), ("Binary", BYTES),
                         ("Ip", ADDRESSES), ("NotIp", ADDRESSES), ("Arn", ARNS), ("Bool", BOOLEANS), ("Null", BOOLEANS + ["x"])):
        if base.startswith(start):
            return found
    return STRINGS


def swapped(text):
    return "".join(c.swapcase() if chance(0.5) else c for c in text) if chance(0.1) else text


def entry(context, block):
    """One more entry of a Condition, and often a value for its key."""
    base, key = pick(list(BASES.values())), pick(KEYS)
    name = (pick(["ForAllValues:", "ForAnyValue:"]) if chance(0.35) else "") + base
    name += "IfExists" if base != "Null" and chance(0.25) else ""
    wanted = [pick(pool(base)) for _ in range(pick([0, 1, 1, 1, 2, 3]))]
    block.setdefault(name, {})[swapped(key)] = wanted[0] if len(wanted) == 1 and chance(0.6) else wanted
    n = pick([0, 1, 1, 2, 3]) if key in MANY else pick([1, 1, 1, 1, 2]) if key in UNKNOWN else 1
    found = [pick(wanted) if wanted and chance(0.5) else pick(pool(base)) for _ in range(n)]
    if chance(0.88) and key.lower() not in map(str.lower, context):
        context[swapped(key)] = found if n != 1 or chance(0.3) else found[0]


def circumstances():
    context = {"aws:CurrentTime": NOW} if chance(0.97) else {}
    for key, found in (("aws:PrincipalTag/t", STRINGS), ("aws:username", ["bob", "b?b", "", "A"]), ("aws:TagKeys", [["a", "b"]])):
        if chance(0.15):
            context[key] = pick(found)
    return context


def policy_document(statements, version=None):
    version = version or pick(["2012-10-17"] * 6 + ["2008-10-17", None])
    return dict({"Version": version} if version else {}, Statement=statements)


def of_conditions():
    context, block, deny = circumstances(), {}, chance(0.25)
    for _ in range(pick([1, 1, 2])):
        entry(context, block)
    statements = [{"Effect": "Deny" if deny else "Allow", "Action": "s3:*", "Resource": "*", "Condition": block}]
    statements += [dict(EVERYTHING)] if deny else []
    return {"request": {"principal": pick(["arn:aws:iam::%s:user/bob", "arn:aws:sts::%s:assumed-role/r/s"]) % HOME,
                        "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resourceAccount": HOME, "context": context},
            "policies": {"identity": [{"name": "p", "document": policy_document(statements)}]}}


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


# ---- actions and resources

RESOURCES = """arn:aws:s3:::b arn:aws:s3:::b/k arn:aws:s3:::b/bob/k arn:aws:s3:::b/a* arn:aws:s3:::b//k arn:aws:s3:::b/\u00e9 *
    arn:aws:lambda:us-east-1:111111111111:function:f arn:aws:sqs:us-east-1:111111111111:q arn:aws:ec2:us-east-1::image/ami-1
    arn:aws:logs:us-east-1:111111111111:log-group:/x:log-stream:y arn:aws:s3:us-east-1:111111111111:accesspoint/b""".split()
PATTERNS = """* ** arn:* *:* arn:aws:s3 arn:aws:s3:::* arn:aws:s3::b mybucket arn arn:aws:s3: arn:aws:s3::: ? s3:* ::::: ${*}
    arn:aws:s3* arn:aws:*:* arn:aws:*k *:*:*:*:*:*""".split() + [""]
HOLES = ["${aws:username}", "${aws:PrincipalTag/t}", "${none, 'bob'}", "${*}", "${$}", "${none}", "${", "${}", "${aws:TagKeys}"]
ACTIONS = ["s3", "", "s3:", "s3:Get:Object", " s3:GetObject", "*:*", "*:Get*", "s3*:*", "**", "s3:${*}", "${a:x}", ":", "s3:get*"]


def cut(text, by):
    i = random.randrange(len(text) + 1)
    return text[:i] + by + text[random.randrange(i, len(text) + 1):]


def resource_pattern(resource):
    """Something that could match it, or nearly."""
    if chance(0.12) or resource == "*":
        return pick(PATTERNS)
    part = resource.split(":", 5)
    for i in range(len(part)):
        part[i] = pick(["*", cut(part[i], "*"), cut(part[i], "?"), part[i].swapcase(), ""]) if chance(0.2) else part[i]
    if chance(0.15):
        i = 5 if chance(0.8) else random.randrange(6)
        part[i] = cut(part[i], pick(HOLES))
    if chance(0.15):
        del part[pick([3, 4])]  # a star may reach over the colons around it
    return ":".join(part[:random.randrange(1, 5)] if chance(0.12) else part)


def action_pattern(action):
    if chance(0.6):
        return pick(["*", action, action.swapcase(), action.split(":")[0] + ":*"])
    return cut(action, pick(["*", "?", "", "**"])) if chance(0.6) else pick(ACTIONS)


def of_resources():
    resource, layer = pick(RESOURCES), pick(["identity", "identity", "boundary", "session", "resource", "scp", "endpoint", "rcp"])
    service = "s3" if resource == "*" else resource.split(":")[2]
    action, deny = service + ":" + pick(["GetObject", "getobject", "ListBucket"]), layer == "rcp" or chance(0.3)
    statement = {"Effect": "Deny" if deny else "Allow",
                 "NotAction" if chance(0.15) else "Action": [action_pattern(action)] if chance(0.4) else "*",
                 "NotResource" if chance(0.25) else "Resource": [resource_pattern(resource) for _ in range(pick([1, 1, 2]))]}
    if layer in ("resource", "endpoint", "rcp"):
        statement["Principal"] = "*"
    statements = [statement] + ([dict(EVERYTHING, **{"Principal": "*"} if "Principal" in statement else {})]
                                if deny and layer != "rcp" else [])
    policies = {} if layer == "identity" or (layer == "resource" and not deny) else {"identity": [policy_document([EVERYTHING])]}
    made = {"name": "p", "document": policy_document(statements)}
    policies[layer] = [{"target": "r-1", "policies": [made]}] if layer in ("scp", "rcp") else [made]
    return {"request": {"principal": "arn:aws:sts::%s:assumed-role/r/s" % HOME, "action": action, "resource": resource,
                        "resourceAccount": HOME, "context": circumstances()}, "policies": policies}


# ---- whole worlds

def caller():
    account = pick([HOME, HOME, HOME, AWAY])
    sort = random.randrange(12)
    if sort < 3:
        who = {"arn": "arn:aws:iam::%s:user/%s" % (account, pick(["bob", "dev/bob", "alice"]))}
    elif sort < 6:
        who = {"arn": "arn:aws:sts::%s:assumed-role/%s/s" % (account, pick(["r", "r", "AWSServiceRoleForX"]))}
        if chance(0.5):
            who["role"] = "arn:aws:iam::%s:role/%s%s" % (account, pick(["", "ops/", "aws-service-role/x.amazonaws.com/"]),
                                                         who["arn"].split("/")[1])
    elif sort < 9:
        who = {"arn": pick(["arn:aws:iam::%s:role/r", "arn:aws:iam::%s:role/ops/r", "arn:aws:iam::%s:root"]) % account}
    elif sort < 10:
        who = {"arn": "arn:aws:sts::%s:federated-user/f" % account}
        if chance(0.8):
            who["parent"] = "arn:aws:iam::%s:%s" % (account, pick(["user/bob", "user/bob", "root"]))
    elif sort < 11:
        return pick(["lambda.amazonaws.com", "s3.amazonaws.com", "anonymous"])
    else:
        return {"arn": pick(["arn:aws:iam::%s:saml-provider/x" % account, "accounts.google.com"]), "kind": "idp-caller"}
    for member, value in (("tags", {"t": "red"}), ("orgId", "o-own"), ("orgPath", "o-own/r-1/ou-1/"), ("managementAccount", True),
                          ("userId", "AIDAEXAMPLEBOB000001" if ":user/bob" in who["arn"] else "AROAEXAMPLEROLE00001")):
        if chance(0.25):
            who[member] = value
    return who


TARGETS = """s3:GetObject arn:aws:s3:::b/k
s3:PutObject arn:aws:s3:::b/k
s3:GetObject arn:aws-cn:s3:::b/k
s3:DeleteBucketPolicy arn:aws:s3:::b
s3:ListAllMyBuckets *
sqs:SendMessage arn:aws:sqs:us-east-1:A:q
sns:Publish arn:aws:sns:us-east-1:A:t
kms:Decrypt arn:aws:kms:us-east-1:A:key/k1
kms:RetireGrant arn:aws:kms:us-east-1:A:key/k1
kms:UpdateAlias arn:aws:kms:us-east-1:A:alias/aws/s3
kms:ListKeys *
sts:AssumeRole arn:aws:iam::A:role/r
sts:AssumeRole arn:aws:iam::A:role/ops/r
sts:TagSession arn:aws:iam::A:role/r
sts:AssumeRoleWithSAML arn:aws:iam::A:role/r
sts:AssumeRoot arn:aws:iam::A:root
sts:GetCallerIdentity *
sts:GetSessionToken *
iam:GetRole arn:aws:iam::A:role/r
iam:PassRole arn:aws:iam::A:role/r
iam:ListUsers *
iam:DeletePolicy arn:aws:iam::aws:policy/P
iam:PutRolePolicy arn:aws:iam::A:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x_0123456789abcdef
iam:DeleteRole arn:aws:iam::A:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX
ec2:DescribeInstances *
ec2:StopInstances arn:aws:ec2:us-east-1:A:instance/i-1
ec2:DeleteSnapshot arn:aws:ec2:us-east-1:A:snapshot/s
cognito-identity:GetId *
mechanicalturk:Foo *""".split("\n")
CONDITIONS = [json.loads(c) for c in """{"StringEquals":{"aws:PrincipalOrgID":"o-own"}}
{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-own"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}
{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*"}}
{"ArnNotEquals":{"aws:PrincipalArn":["arn:aws:iam::111111111111:role/r","arn:aws:iam::111111111111:user/bob"]}}
{"StringNotEquals":{"aws:PrincipalAccount":["111111111111","anonymous"]}}
{"StringEquals":{"aws:PrincipalType":["User","AssumedRole"]}}
{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}
{"StringNotEquals":{"aws:ResourceAccount":"111111111111"}}
{"StringEquals":{"aws:ResourceOrgID":"${aws:PrincipalOrgID}"}}
{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}
{"Null":{"aws:RequestedRegion":"true"}}
{"Bool":{"aws:ViaAWSService":"true"}}
{"StringEquals":{"aws:CalledViaFirst":"s3.amazonaws.com"}}
{"StringEquals":{"aws:SourceAccount":"111111111111"}}
{"StringEquals":{"aws:username":"bob"}}
{"StringLike":{"aws:userid":["*:s","111*","AIDA*"]}}
{"StringEquals":{"kms:CallerAccount":"111111111111"}}
{"StringEquals":{"aws:ResourceTag/t":"${aws:PrincipalTag/T}"}}
{"StringEquals":{"ec2:ResourceTag/t":"red"}}
{"ForAllValues:StringEquals":{"aws:TagKeys":["y"]}}
{"Null":{"aws:TagKeys":"false"}}
{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-own/r-1/*"}}
{"Bool":{"aws:PrincipalIsAWSService":"true"}}
{"NumericEquals":{"aws:EpochTime":"1704067200"}}
{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}""".split("\n")]
EXTRAS = [("aws:SourceArn", "arn:aws:sns:us-east-1:111111111111:t"), ("aws:ResourceTag/t", "red"), ("aws:RequestTag/x", "1"),
          ("aws:CalledVia", ["athena.amazonaws.com", "s3.amazonaws.com"]), ("aws:MultiFactorAuthPresent", True),
          ("aws:PrincipalOrgID", "o-own"), ("aws:ResourceOrgID", "o-own"), ("aws:RequestedRegion", "eu-west-1"),
          ("aws:PrincipalArn", {"absent": True}), ("aws:ResourceAccount", {"absent": True}), ("aws:TagKeys", {"absent": True})]


def entries(who):
    """Names that policies could give this caller, and others."""
    who = who if isinstance(who, dict) else {"arn": who}
    arn, part = who["arn"], who["arn"].split(":", 5)
    out = [("AWS", n) for n in (arn, who.get("role"), who.get("parent"), who.get("userId")) if n and n.count(":") != 1]
    if len(part) == 6:
        out += [("AWS", part[4]), ("AWS", "arn:aws:iam::%s:root" % part[4]), ("AWS", "arn:aws:iam::%s:role/r" % part[4]),
                ("AWS", "arn:aws:sts::%s:assumed-role/r/s" % part[4]), ("AWS", "arn:aws:iam::%s:role/*" % part[4])]
    out += [("Federated", arn)] * 2 if "kind" in who else [("Service", arn)] * 2 if len(part) < 6 else []
    return out + [("AWS", "*"), ("AWS", AWAY), ("Service", "s3.amazonaws.com"), ("Service", "*"),
                  ("AWS", "arn:aws-cn:iam::%s:root" % HOME)]


def principal(who, several):
    if chance(0.15) and not several:
        return "*"
    out = {}
    for _ in range(pick([1, 1, 2, 4 if several else 3])):
        kind, name = pick(entries(who))
        out.setdefault(kind, []).append(name)
    return out


def statement(layer, who, action, resource):
    deny = chance(0.97 if layer == "rcp" else 0.12)
    out = {"Effect": "Deny" if deny else "Allow"}
    if layer in ("resource", "endpoint"):
        inverted = deny and chance(0.4)
        out["NotPrincipal" if inverted else "Principal"] = principal(who, inverted)
    elif layer == "rcp":
        out["Principal"] = "*"
    out["NotAction" if chance(0.08) else "Action"] = pick(["*", action.split(":")[0] + ":*", action, "foo:*"])
    if layer != "resource" or (chance(0.7) and not action.startswith("sts:")):
        out["NotResource" if chance(0.08) else "Resource"] = pick(["*", "*", resource, "arn:aws:s3:::other/*"])
    if chance(0.35):
        out["Condition"] = copy.deepcopy(pick(CONDITIONS))
    return out


def of_layers():
    who = caller()
    web = isinstance(who, dict) and "kind" in who  # a provider's users come for a role and nothing else
    action, resource = ("sts:AssumeRoleWithSAML arn:aws:iam::A:role/r" if web else pick(TARGETS)).split()
    resource = resource.replace(":A:", ":%s:" % pick([HOME, HOME, AWAY]))

    def made(layer, name):
        found = [statement(layer, who, action, resource) for _ in range(pick([1, 1, 2, 3]))]
        return {"name": name, "document": policy_document(found, "2012-10-17")}
    policies = {}
    for layer, often in (("identity", 0.8), ("boundary", 0.3), ("session", 0.3), ("resource", 0.75), ("endpoint", 0.25)):
        if chance(often):
            policies[layer] = [made(layer, layer)]
    full = {"name": "full", "document": policy_document([EVERYTHING], "2012-10-17")}
    for layer, often in (("scp", 0.3), ("rcp", 0.25)):
        if chance(often):
            policies[layer] = [{"target": "level", "policies": [made(layer, layer)] + [full] * (layer == "scp" and chance(0.75))}
                               for _ in range(pick([1, 2, 3]))]
    request = {"principal": who, "action": action if chance(0.95) else action.upper(), "resource": resource,
               "context": dict({"aws:CurrentTime": NOW}, **dict(e for e in EXTRAS if chance(0.12)))}
    if resource.startswith("arn:aws:s3") or chance(0.1):
        request["resourceAccount"] = pick([HOME, HOME, AWAY])
    if chance(0.1) and resource != "*":
        request["resource"] = [resource, {"arn": resource + "x", "context": dict(e for e in EXTRAS if chance(0.2))}]
    return {"request": request, "policies": policies}


# ---- faults

JUNK = [None, True, Number("5"), "", "x", "*", [], {}, ["x"], [[]], [None], "Allow", "Deny", "allow", "2013-10-17",
        {"AWS": "*"}, {"aws": "*"}, {"AWS": []}, {"AWS": None}, {"NoSuchOp": {}}, {"NoSuchOp": {"k": "v"}}, {"NullIfExists": {}},
        {"StringEquals": "x"}, {"StringEquals": {"k": None}}, {"StringEquals": {"k": [["a"]]}}, {"StringEquals": {"": "x"}},
        {"ForAnyValue::StringEquals": {"k": "x"}}, {"stringequals": {"k": "x"}}, {"Bool": {"k": "maybe"}},
        {"IpAddress": {"k": "nonsense"}}]
NAMES = """Version Id Statement Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition statement
    Extra""".split()


def places(x):
    """Every member and element, as (container, name)."""
    for name in list(x) if isinstance(x, dict) else range(len(x)) if isinstance(x, list) else ():
        yield x, name
        yield from places(x[name])


def of_faults():
    scenario = pick([of_layers, of_conditions])()
    named = [d for v in scenario["policies"].values() for d in v if "document" in d]
    if not named:
        return scenario
    document = pick(named)["document"]
    inside, name = pick(list(places(document)))
    if chance(0.5):
        inside[name] = copy.deepcopy(pick(JUNK))
    elif isinstance(inside, list) or chance(0.3):
        del inside[name]
    else:
        inside[pick(NAMES)] = copy.deepcopy(pick(JUNK))
    return scenario


def scenario():
    return pick([of_conditions, of_conditions, of_resources, of_layers, of_layers, of_faults])()

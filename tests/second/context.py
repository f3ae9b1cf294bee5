# SPDX-License-Identifier: Apache-2.0
"""Who asks, and the context keys that follow from the rest (chapters 4 and 6)."""
import csv
import os
import re

import values
from policy import Fault, scalar
from values import lower


class Tables:
    """Facts of data/catalog/tables that the rules leave to data."""

    def __init__(self, folder):
        def rows(name):
            with open(os.path.join(folder, name + ".tsv"), encoding="utf-8") as f:
                return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
        self.global_services = {r["service"] for r in rows("global-services")}
        self.regions = {r["partition"]: r["global-region"] for r in rows("partitions")}
        self.rcp_services = {r["service"] for r in rows("rcp-services")}
        self.tag_services = {r["service"]: [r["service"]] + (r["also"] or "").split() for r in rows("resource-tag-prefixes")}
        self.without_owner = {lower(r["action"]) for r in rows("no-resource-account")}
        self.scp_exempt = [(lower(r["action"]), r["who"]) for r in rows("scp-exempt")]
        self.stars = {(lower(r["action"]), r["partition"]): r["resource"] for r in rows("star-resources")}
        self.aws_only = {(r["list"], lower(r["name"])) for r in rows("aws-only")}
        self.arities = {lower(r["key"]): r["arity"] for r in rows("key-arity")}
        self.families = {k[:k.index("${")]: a for k, a in self.arities.items() if k.find("${") > 0 and k.endswith("}")}

    def arity(self, key):
        """"one", "many", or None: nobody knows (E507)."""
        key = lower(key)
        if key in self.arities:
            return self.arities[key]
        return next((a for head, a in self.families.items() if key.startswith(head) and len(key) > len(head)), None)


class Caller:
    """E401 to E403"""

    def __init__(self, source):
        source = source if isinstance(source, dict) else {"arn": source}
        self.arn, self.role, self.parent = source["arn"], source.get("role"), source.get("parent")
        self.id, self.tags = source.get("userId"), source.get("tags", {})
        self.org, self.org_path = source.get("orgId"), source.get("orgPath")
        self.management = source.get("managementAccount", False)
        self.account = self.partition = self.session = None
        part = self.arn.split(":", 5)
        if source.get("kind") == "idp-caller":
            self.kind, self.provider_account = "idp", part[4] if len(part) == 6 else None
            self.partition = part[1] if len(part) == 6 else None
        elif len(part) < 6:
            self.kind = "anonymous" if self.arn == "anonymous" else "service"
        else:
            self.partition, self.account = part[1], part[4]
            self.name(part[5])
            if self.kind == "role":
                self.find_role(source)
        self.org = self.org or (self.org_path.split("/")[0] if self.org_path else None)

    def name(self, resource):
        sort = resource.partition("/")[0]
        self.kind = {"root": "root", "user": "user", "role": "role", "assumed-role": "role", "federated-user": "federated"}[sort]
        self.last = resource.split("/")[-1]

    def find_role(self, source):
        resource = self.arn.split(":", 5)[5]
        self.path_known = True
        if resource.startswith("role/"):
            self.role = self.arn
        else:
            role_name, self.session = resource.split("/", 2)[1:]
            self.path_known = self.role is not None
            self.role = self.role or "arn:%s:iam::%s:role/%s" % (self.partition, self.account, role_name)
        self.last = self.role.split("/")[-1]
        linked = ":role/aws-service-role/" in self.role or (not self.path_known and self.last.startswith("AWSServiceRoleFor"))
        if source.get("serviceLinked", linked):
            self.kind = "linked"

    def is_session(self):
        return self.kind in ("role", "linked")

    def user_id(self):
        """E616"""
        if self.kind == "user":
            return self.id
        if self.is_session():
            return "%s:%s" % (self.id, self.session) if self.id and self.session is not None else None
        return {"root": self.account, "federated": "%s:%s" % (self.account, getattr(self, "last", "")),
                "anonymous": "anonymous"}.get(self.kind)


TYPES = {"root": "Account", "user": "User", "role": "AssumedRole", "linked": "AssumedRole", "federated": "FederatedUser",
         "anonymous": "Anonymous"}


class Context:
    def __init__(self, tables, given, caller, action, resource, owner):
        self.tables, self.keys, self.absent = tables, {}, set()
        for key, value in given.items():
            if isinstance(value, dict):
                self.absent.add(lower(key))
                continue
            value = value if isinstance(value, list) else [value]
            self.keys[key] = [scalar(v) for v in value if v is not None]
            if len(self.keys[key]) > 1 and tables.arity(key) == "one":
                raise Fault("many values of " + key)
        self.service = lower(action.split(":")[0])
        self.from_caller(caller)
        self.from_resource(caller, action, resource, owner)
        self.from_others(caller)

    def derive(self, key, *found):
        """E601: what is said wins."""
        if found and None not in found and lower(key) not in self.absent and lower(key) not in map(lower, self.keys):
            self.keys[key] = list(found)

    def first(self, key):
        return next((v for k, v in self.keys.items() if lower(k) == lower(key)), [])

    def find(self, key):
        """E503, E504, E507: (several values?, the values)"""
        spelled = sorted((k for k in self.keys if lower(k) == lower(key)), key=lambda k: (k != key, k.encode()))
        found = self.keys[spelled[0]] if spelled else []
        arity = self.tables.arity(key)
        return arity == "many" or (arity is None and len(found) > 1), found

    def variable(self, key):
        """E554, E555: False: a list."""
        many, found = self.find(key)
        return None if not found else False if many else found[0]

    def from_caller(self, c):
        """E610, E644"""
        self.derive("aws:PrincipalType", TYPES.get(c.kind))
        self.derive("aws:userid", c.user_id())
        if c.kind == "anonymous":
            self.derive("aws:PrincipalAccount", "anonymous")
        if c.account:
            self.derive("aws:PrincipalArn", c.role if c.is_session() else c.arn)
            self.derive("aws:PrincipalAccount", c.account)
            self.derive("kms:CallerAccount", c.account if self.service == "kms" else None)
            self.derive("aws:PrincipalOrgID", c.org)
            self.derive("aws:PrincipalOrgPaths", c.org_path)
            for key, value in c.tags.items() if c.kind != "root" else ():
                self.derive("aws:PrincipalTag/" + key, value)
        if c.account or c.kind == "service":
            self.derive("aws:PrincipalIsAWSService", "true" if c.kind == "service" else "false")
        if c.kind == "service":
            self.derive("aws:PrincipalServiceName", c.arn)
            self.derive("aws:PrincipalServiceNamesList", c.arn)
        if c.kind == "user":
            self.derive("aws:username", c.last)

    def from_resource(self, c, action, resource, owner):
        """E630, E631, E641"""
        if not {lower(action), self.service + ":*"} & self.tables.without_owner:
            self.derive("aws:ResourceAccount", owner)
            if owner == c.account:
                self.derive("aws:ResourceOrgID", c.org)
                self.derive("aws:ResourceOrgPaths", c.org_path)
        for key, value in list(self.keys.items()):
            if lower(key).startswith("aws:resourcetag/"):
                for service, callers in self.tables.tag_services.items():
                    if self.service in callers:
                        self.derive(service + key[3:], *value)
        part = resource.split(":")
        if len(part) > 3 and part[3]:
            self.derive("aws:RequestedRegion", part[3])
        elif self.service in self.tables.global_services:
            self.derive("aws:RequestedRegion", self.tables.regions.get(part[1] if len(part) > 1 else c.partition or "aws"))

    def from_others(self, c):
        """E640"""
        tags = [k[len("aws:RequestTag/"):] for k, v in self.keys.items() if lower(k).startswith("aws:requesttag/") and v]
        self.derive("aws:TagKeys", *tags)
        via = self.first("aws:CalledVia")
        self.derive("aws:ViaAWSService", "true" if via else "false")
        self.derive("aws:CalledViaFirst", *via[:1])
        self.derive("aws:CalledViaLast", *via[-1:])
        source = self.first("aws:SourceArn")
        if c.kind == "service" and source and re.match(r"([^:]*:){4}\d{12}:", source[0], re.A):
            self.derive("aws:SourceAccount", source[0].split(":")[4])
        time = self.first("aws:CurrentTime")
        if time and values.date(time[0]) is not None:
            self.derive("aws:EpochTime", str(values.date(time[0]) // 10 ** 9))

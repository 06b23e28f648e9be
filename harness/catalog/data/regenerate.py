#!/usr/bin/env python3
"""Writes keys.txt and services.txt, managed-policies.txt, or operations.txt, from where the data comes from.

    regenerate.py services PATH/TO/service-authorization.json.gz
    regenerate.py policies PATH/TO/moto/iam/aws_managed_policies.py
    regenerate.py operations FOLDER/WITH/operations.json PATH/TO/service-authorization.json.gz

Python 3, standard library only. The same input gives the same bytes. README.md says where the inputs come from and what
the lines mean.
"""
import ast
import gzip
import json
import re
import sys
from pathlib import Path

import operations

HERE = Path(__file__).resolve().parent

# Global keys that are in a request only where the action or its resource type lists them, whatever their category says.
LISTED_ONLY = {"aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"}

# "Properties of a role session", embedded in its token and so in every later request, that the data lacks or has as keys
# of one service alone: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
ROLE_SESSION = {
    "aws:SignInSessionArn": "ARN",
    "aws:ViaCustomerDomain": "String",
    "codebuild:BuildArn": "ARN",
    "codebuild:ProjectArn": "ARN",
}

# Keys that every provider of OpenID Connect has, with their types, and whether they stay in the session:
# docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif, tab Default.
# The others are in requests for AssumeRoleWithWebIdentity alone.
EVERY_PROVIDER = {
    "${Provider}:amr": ("ArrayOfString", True),
    "${Provider}:aud": ("String", True),
    "${Provider}:email": ("String", False),
    "${Provider}:oaud": ("String", False),
    "${Provider}:sub": ("String", True),
}

# What a federated sign-in leaves in the session for every later request, in any service: "cross-service" keys in
# docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (the keys of identity providers
# that the authorisation data lists for sts:AssumeRole, which is such a later request).
FEDERATED_SESSION = [
    "accounts.google.com:aud",
    "accounts.google.com:sub",
    "cognito-identity.amazonaws.com:amr",
    "cognito-identity.amazonaws.com:aud",
    "cognito-identity.amazonaws.com:sub",
    "graph.facebook.com:app_id",
    "graph.facebook.com:id",
    "saml:namequalifier",
    "saml:sub",
    "saml:sub_type",
    "www.amazon.com:app_id",
    "www.amazon.com:user_id",
]

# Multivalued, says docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html: amr "is
# multivalued", the others are "marked with `[]`" and have "a value that is a list". The reference calls them String.
MULTIVALUED = [
    "cognito-identity.amazonaws.com:amr",
    "saml:commonName",
    "saml:givenName",
    "saml:mail",
    "saml:name",
    "saml:organizationStatus",
    "saml:primaryGroupSID",
    "saml:surname",
    "saml:uid",
    "saml:x500UniqueIdentifier",
]

ACCESS = {
    "Read": "R",
    "Write": "W",
    "List": "L",
    "Tagging, Write": "T",
    "Permissions management, Write": "P",
}


SPELLING = {}


def normalise(key):
    """One form per key. AWS's pages write a placeholder as ${TagKey}, <key> or tag-key: here it is always ${…}. Where
    they differ in letter case (ec2:SourceInstanceARN and …Arn), the first that is seen is taken."""
    key = re.sub(r"(<key>|(?<=/)tag-key)$", "${TagKey}", key)
    return SPELLING.setdefault(key.lower(), key)


def sorted_keys(keys):
    return sorted({normalise(key) for key in keys}, key=str.lower)


def key_lines(data):
    types = {}
    for service in data["services"].values():
        for key, kind in service["conditionKeys"].items():
            types.setdefault(normalise(key), kind)
    every = {}
    for key, entry in data["globalConditionKeys"].items():
        types[normalise(key)] = entry["type"]
        if normalise(key) not in LISTED_ONLY:
            every[normalise(key)] = entry["category"]
    for key, kind in ROLE_SESSION.items():
        assert types.setdefault(normalise(key), kind) == kind, key
        every[normalise(key)] = "session"
    for key, (kind, stays) in EVERY_PROVIDER.items():
        types[key] = kind
        if stays:
            every[key] = "session"
    for key in FEDERATED_SESSION:
        assert key in types, key
        every[key] = "session"
    for key in MULTIVALUED:
        assert types[key] == "String", key
        types[key] = "ArrayOfString"
    for key in sorted_keys(types):
        assert key.isascii() and " " not in key and key.count("${") <= 1, key
        yield " ".join(filter(None, [key, types[key], every.get(key)]))


def section(service):
    """One service: its keys, sets of keys, resource types and actions."""
    actions, types = service["actions"], service["resourceTypes"]
    mentioned = [service["conditionKeys"]]
    mentioned += [entry.get("keys", []) for entry in [*actions.values(), *types.values()]]
    mentioned += [use.get("keys", []) for action in actions.values() for use in action.get("resources", [])]
    keys = sorted_keys(key for group in mentioned for key in group)
    position = {key: index for index, key in enumerate(keys)}
    sets = {(): 0}

    def set_of(entry):
        members = tuple(position[key] for key in sorted_keys(entry.get("keys", [])))
        return sets.setdefault(members, len(sets))

    type_lines, action_lines = [], []
    for name in sorted(types):
        # A few types have two patterns, written "…, …".
        arn = types[name]["arn"].replace(", ", ",")
        assert arn.startswith("arn:") and " " not in arn, arn
        type_lines.append(f"t {set_of(types[name])} {arn} {name}")
    type_position = {name: index for index, name in enumerate(sorted(types))}
    for name in sorted(actions, key=str.lower):
        action = actions[name]
        assert name.isascii() and " " not in name, name
        fields = ["a", name, ACCESS[action["access"]], str(set_of(action))]
        for use in action.get("resources", []):
            pair = set_of(use)
            required = "*" if use.get("required") else ""
            fields.append(f"{type_position[use['type']]}{required}" + (f":{pair}" if pair else ""))
        action_lines.append(" ".join(fields))
    lines = [f"k {key}" for key in keys]
    lines += [" ".join(["s", *map(str, members)]) for members in sets]
    return "".join(f"{line}\n" for line in lines + type_lines + action_lines)


def write_services(path):
    data = json.loads(gzip.decompress(Path(path).read_bytes()))
    services = data["services"]
    of_token = [key for key, (_, stays) in EVERY_PROVIDER.items() if not stays]
    services["sts"]["actions"]["AssumeRoleWithWebIdentity"]["keys"] += of_token
    # First of all, so that the services' own pages decide on spellings.
    keys = "".join(f"{line}\n" for line in key_lines(data))
    sections = {prefix: section(services[prefix]) for prefix in sorted(services)}
    index = []
    for prefix, text in sections.items():
        assert text.isascii(), prefix
        rcp = "rcp" if prefix in data["rcpServices"] else "-"
        index.append(f"{prefix} {len(text)} {rcp} {services[prefix]['name']}")
    actions = sum(len(service["actions"]) for service in services.values())
    (HERE / "keys.txt").write_text(keys)
    (HERE / "services.txt").write_text(
        f"{len(services)} services, {actions} actions\n" + "\n".join(index) + "\n\n" + "".join(sections.values())
    )


def write_policies(path):
    module = ast.parse(Path(path).read_text())
    text = next(node.value.value for node in module.body if isinstance(node, ast.Assign))
    lines = []
    for name, policy in json.loads(text).items():
        document = json.dumps(policy["Document"], separators=(",", ":"), ensure_ascii=False)
        arn = f"arn:aws:iam::aws:policy{policy['Path']}{name}"
        lines.append("\t".join([arn, policy["DefaultVersionId"], policy["CreateDate"], policy["UpdateDate"], document]))
        assert lines[-1].count("\t") == 4 and "\n" not in lines[-1], name
    # The order of the ARNs alone: the catalogue finds a policy by binary search.
    lines.sort(key=lambda line: line.split("\t")[0].encode())
    (HERE / "managed-policies.txt").write_text("".join(f"{line}\n" for line in lines))


def write_operations(folder, path):
    services = json.loads(gzip.decompress(Path(path).read_bytes()))["services"]
    (HERE / "operations.txt").write_text(operations.lines(folder, services))


if __name__ == "__main__":
    commands = {"services": (write_services, 1), "policies": (write_policies, 1), "operations": (write_operations, 2)}
    command, inputs = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if len(sys.argv) != 2 + inputs or not command:
        sys.exit(__doc__)
    command(*sys.argv[2:])

#!/usr/bin/env python3
"""Makes the data of AWS SAM in this folder from the translator's: policy templates and what connectors permit, without prose.

    pip install aws-sam-translator==1.115.0
    python regenerate.py

Same translator, same bytes. Each template, and each pair of types that a connector joins, is a line of its own, so that
a newer translator shows up in a review as the lines that it changes.
"""
import json
from pathlib import Path

import samtranslator

FROM = Path(samtranslator.__file__).parent
HERE = Path(__file__).resolve().parent


def text(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def write(name, lines):
    (HERE / name).write_text("{\n" + ",\n".join(f"{text(key)}:{text(value)}" for key, value in lines) + "\n}\n")


def policy_templates():
    """Name: parameters and statements."""
    source = json.loads((FROM / "policy_templates_data" / "policy_templates.json").read_text())
    for name, template in sorted(source["Templates"].items()):
        yield name, {"Parameters": sorted(template["Parameters"]), "Definition": template["Definition"]}


def connector_profiles():
    """`SOURCE DESTINATION`: what a connector between the two makes; `TYPE`: where its ARN, name and role are found."""
    source = json.loads((FROM / "model" / "connector_profiles" / "profiles.json").read_text())
    for of, destinations in sorted(source["Permissions"].items()):
        for to, profile in sorted(destinations.items()):
            yield f"{of} {to}", profile
    yield from sorted(source["CfnResourceProperties"].items())


write("policy-templates.json", policy_templates())
write("connector-profiles.json", connector_profiles())

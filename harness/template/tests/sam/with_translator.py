"""What AWS's own translator makes of templates: for each file named on standard input, a line of JSON.

{"translated": TEMPLATE} or {"refused": WHY}
"""
import json
import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
logging.disable(logging.CRITICAL)

from samtranslator.model.exceptions import InvalidDocumentException  # noqa: E402
from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.plugins.application.serverless_app_plugin import ServerlessAppPlugin  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402


PINNED = Path(__file__).with_name("requirements.txt").read_text().split()
if f"aws-sam-translator=={version('aws-sam-translator')}" not in PINNED:
    sys.exit(f"aws-sam-translator {version('aws-sam-translator')} is installed, and requirements.txt has {PINNED[0]}")


class Applications(ServerlessAppPlugin):
    """Applications of the repository are known only to AWS."""

    def on_before_transform_template(self, template_dict):
        pass

    def on_before_transform_resource(self, logical_id, resource_type, resource_properties):
        pass

    def on_after_transform_template(self, template):
        pass


def translated(path):
    with open(path, encoding="utf-8") as file:
        template = json.loads(json.dumps(yaml_parse(file)))
    return Translator({}, Parser(), plugins=[Applications()]).translate(template, {})


for line in sys.stdin:
    try:
        answer = {"translated": translated(line.rstrip("\n"))}
    except InvalidDocumentException as error:
        answer = {"refused": "; ".join(cause.message for cause in error.causes)}
    except Exception as error:  # noqa: BLE001: whatever it is, the test tells it
        answer = {"refused": repr(error)}
    print(json.dumps(answer), flush=True)

"""botocore's side of `all/botocore.rs`: it writes requests and reads answers, of the project's own models.

A line of JSON in, a line of JSON out. `write` gives the request that a client of botocore's would send with these members,
`read` the members that it would make of an answer. Members are as `protocol` has them: bytes are Base64, moments RFC 3339.
"""
import base64
import datetime
import functools
import io
import json
import sys
from pathlib import Path

from botocore import awsrequest, model, parsers, serialize

MODELS = Path(__file__).parents[3] / "model" / "data"


@functools.cache
def service_model(service):
    source = json.loads((MODELS / f"{service}.json").read_text(encoding="utf-8"))
    for shape in source["shapes"].values():
        # Samples have every member, those of unions too.
        shape.pop("union", None)
    return model.ServiceModel(source, service)


def to_python(shape, value):
    """Members as botocore takes them."""
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return value
        return {name: to_python(shape.members[name], inner) for name, inner in value.items()}
    if kind == "list":
        return [to_python(shape.member, item) for item in value]
    if kind == "map":
        return {key: to_python(shape.value, inner) for key, inner in value.items()}
    if kind == "blob":
        return base64.b64decode(value)
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


def of_python(shape, value):
    """Members as botocore gives them."""
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return value
        return {name: of_python(shape.members[name], inner) for name, inner in value.items() if name in shape.members}
    if kind == "list":
        return [of_python(shape.member, item) for item in value]
    if kind == "map":
        return {key: of_python(shape.value, inner) for key, inner in value.items()}
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "timestamp":
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    return value


def payload_of(shape):
    """The name of the member that is the body all by itself, if that is bytes."""
    name = shape.serialization.get("payload") if shape else None
    return name if name and shape.members[name].type_name == "blob" else None


def write(ask):
    of = service_model(ask["service"]).operation_model(ask["operation"])
    members = to_python(of.input_shape, ask["members"]) if of.input_shape else {}
    if name := payload_of(of.input_shape):
        members[name] = base64.b64decode(ask["payload"])
    # Clients have checked the members against the model before; here their constraints do not count.
    request = serialize.create_serializer(ask["protocol"], False).serialize_to_request(members, of)
    awsrequest.prepare_request_dict(request, endpoint_url="https://service.example")
    sent = awsrequest.create_request_object(request).prepare()
    body = sent.body or b""
    body = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
    target = sent.url.removeprefix("https://service.example")
    path, _, query = target.partition("?")
    headers = [[name, value.decode() if isinstance(value, bytes) else value] for name, value in sent.headers.items()]
    return {"method": sent.method, "path": path, "query": query, "headers": headers, "body": encoded(body)}


def read(ask):
    of = service_model(ask["service"]).operation_model(ask["operation"])
    shape = of.output_shape
    body = base64.b64decode(ask["body"])
    body = io.BytesIO(body) if of.has_streaming_output else body
    answer = {"status_code": ask["status"], "headers": awsrequest.HeadersDict(ask["headers"]), "body": body}
    members = parsers.create_parser(ask["protocol"]).parse(answer, shape)
    members.pop("ResponseMetadata", None)
    payload = members.pop(payload_of(shape), io.BytesIO()).read()
    return {"members": of_python(shape, members) if shape else members, "payload": encoded(payload)}


def encoded(body):
    return base64.b64encode(body).decode()


def main():
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            answer = json.dumps({"write": write, "read": read}[ask["do"]](ask))
        except Exception as error:  # What botocore refuses is an answer too.
            answer = json.dumps({"error": f"{type(error).__name__}: {error}"})
        print(answer, flush=True)


if __name__ == "__main__":
    main()

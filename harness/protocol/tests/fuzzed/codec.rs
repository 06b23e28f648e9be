//! Any bytes as a request to a service: what is read of it is written anew so that it is read as the same again.
//!
//! An input is a letter for the service and its protocol, and a request as HTTP/1 writes it: `GET /b/k?acl`, headers, an
//! empty line, the body.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::{Model, Operation, Protocol};
use protocol::{
    Answer, Message, Reason, Request, breaches, decode_answer, decode_request, encode_answer, encode_request,
};

macro_rules! service {
    ($name:literal, $protocol:ident) => {
        (
            LazyLock::new(|| {
                Model::read($name, include_str!(concat!("../../../model/data/", $name, ".json"))).unwrap()
            }),
            Protocol::$protocol,
        )
    };
}

/// Services of every protocol, and of what is peculiar in each: lists in forms, maps in query strings, slashes at the end.
pub static SERVICES: [(LazyLock<Model>, Protocol); 14] = [
    service!("s3", RestXml),
    service!("s3control", RestXml),
    service!("iam", Query),
    service!("sns", Query),
    service!("elasticache", Query),
    service!("cloudwatch", Query),
    service!("cloudwatch", RpcV2Cbor),
    service!("cloudwatch", Json),
    service!("ec2", Ec2),
    service!("ecs", Json),
    service!("ssm", Json),
    service!("lambda", RestJson),
    service!("apigateway", RestJson),
    service!("backup", RestJson),
];

pub fn check(input: &[u8]) {
    let Some((&first, text)) = input.split_first() else { return };
    let (model, protocol) = &SERVICES[usize::from(first) % SERVICES.len()];
    let Some(request) = request(text) else { return };
    if let Some(operation) = operation(model, *protocol, &request) {
        canonical(model, *protocol, operation, &request);
        answered(model, *protocol, operation, &request);
    }
}

/// A request from its text.
fn request(text: &[u8]) -> Option<Request> {
    let end = text.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((text, &[][..]), |end| (&text[..end], &text[end + 2..]));
    let mut lines = head.split(|&byte| byte == b'\n');
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (method, target) = first.split_once(' ')?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    for line in lines {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let value = line[colon + 1..].trim_ascii();
        headers.append(HeaderName::from_bytes(&line[..colon]).ok()?, HeaderValue::from_bytes(value).ok()?);
    }
    Some(Request {
        method: Method::from_bytes(method.as_bytes()).ok()?,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: body.to_vec().into(),
    })
}

/// A request as its text.
pub fn text(service: u8, request: &Request) -> Vec<u8> {
    let Request { method, path, query, headers, body } = request;
    let mut text = vec![service];
    text.extend(format!("{method} {path}?{query}").into_bytes());
    for (name, value) in headers {
        text.extend([b"\n", name.as_str().as_bytes(), b":", value.as_bytes()].concat());
    }
    [&text, &b"\n\n"[..], body].concat()
}

/// The operation that a request names in its protocol's way.
pub fn operation<'m>(model: &'m Model, protocol: Protocol, request: &Request) -> Option<&'m Operation> {
    match protocol {
        // Four operations of S3 have replaced others that look the same, and another host tells ListDirectoryBuckets.
        Protocol::RestXml | Protocol::RestJson => {
            let is_here = |one: &Operation| !one.is_deprecated && one.name != "ListDirectoryBuckets";
            protocol::route(model, request, is_here).map(|routed| routed.operation)
        }
        Protocol::Query | Protocol::Ec2 => model.operation(&protocol::Form::of(request).ok()?.action),
        Protocol::Json => model.operation(request.headers.get("x-amz-target")?.to_str().ok()?.split_once('.')?.1),
        Protocol::RpcV2Cbor => model.operation(request.path.rsplit('/').next()?),
    }
}

/// What is read can be written, and is read as the same again; what is written has one form only.
pub fn canonical(model: &Model, protocol: Protocol, operation: &Operation, request: &Request) -> Option<Message> {
    let read = decode_request(model, protocol, operation, request).ok()?;
    let told =
        |what: &dyn std::fmt::Debug| format!("{} {}: {what:?} of {read:?} in {request:?}", model.name, operation.name);
    if let Some(input) = model.input(operation) {
        assert!(breaches(model, input, &read.members).iter().all(|breach| !breach.constraint.is_empty()));
    }
    let written = match encode_request(model, protocol, operation, &read) {
        Ok(written) => written,
        // What not every server would read alike.
        Err(refused) => {
            assert_eq!(refused.reason, Reason::Ambiguous, "{}", told(&refused));
            return None;
        }
    };
    let found = self::operation(model, protocol, &written);
    assert_eq!(found.map(|found| &found.name), Some(&operation.name), "{}", told(&written));
    let again = decode_request(model, protocol, operation, &written);
    assert_eq!(again.as_ref(), Ok(&read), "{}", told(&written));
    assert_eq!(encode_request(model, protocol, operation, &read).as_ref(), Ok(&written), "{}", told(&written));
    Some(read)
}

/// Headers and body of the request as an emulator's answer: what is read of them is read as the same again.
fn answered(model: &Model, protocol: Protocol, operation: &Operation, request: &Request) {
    let status = http::StatusCode::OK;
    let answer = Answer { status, headers: request.headers.clone(), body: request.body.clone() };
    let Ok(read) = decode_answer(model, protocol, operation, &answer) else { return };
    let Ok(written) = encode_answer(model, protocol, operation, &read, "id") else { return };
    assert_eq!(decode_answer(model, protocol, operation, &written), Ok(read), "{}: {answer:?}", operation.name);
}

//! The codec against botocore: what its clients send and what they make of our answers.
//!
//! `.ci/clients/run` runs this with the botocore that it installs. By hand:
//! `BOTOCORE_PYTHON=/some/venv/bin/python cargo test -p tagproof-protocol -- --ignored`

#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "botocore runs beside")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::{Model, Operation, Protocol};
use protocol::{Answer, Message, Request, decode_request, encode_answer, encode_request};
use serde_json::{Value, json};

use crate::round_trip::{AMBIGUOUS_ANSWER, AMBIGUOUS_REQUEST, Exception, differ, each};
use crate::samples;

/// What botocore does not read as it is meant.
const UNREAD: [Exception; 7] = [
    ("kinesis", "SubscribeToShard", "answers with a stream of events, which is not the codec's"),
    ("lambda", "InvokeWithResponseStream", "answers with a stream of events, which is not the codec's"),
    ("logs", "GetLogObject", "answers with a stream of events, which is not the codec's"),
    ("logs", "StartLiveTail", "answers with a stream of events, which is not the codec's"),
    ("s3", "SelectObjectContent", "answers with a stream of events, which is not the codec's"),
    ("s3", "GetBucketLocation", "has its text in the root element, which botocore reads in a handler of its clients"),
    AMBIGUOUS_ANSWER,
];

#[test]
#[ignore = "needs Python with botocore: BOTOCORE_PYTHON"]
fn what_botocore_sends_is_what_a_service_reads() {
    let botocore = Botocore::start();
    each(&[AMBIGUOUS_REQUEST], |model, protocol, operation| {
        let sent = samples::message(model, model.input(operation));
        let request = botocore.write(model, protocol, operation, &sent)?;
        let read = decode_request(model, protocol, operation, &request);
        differ(&sent, &read.map_err(|error| format!("{error} in {request:?}"))?)
    });
}

/// Emulators are made for what botocore sends. What we send says the same in the same places.
#[test]
#[ignore = "needs Python with botocore: BOTOCORE_PYTHON"]
fn what_we_send_is_what_botocore_sends() {
    let botocore = Botocore::start();
    each(&[], |model, protocol, operation| {
        let message = samples::message(model, model.input(operation));
        let theirs = botocore.write(model, protocol, operation, &message)?;
        let ours = encode_request(model, protocol, operation, &message).map_err(|error| error.to_string())?;
        differ(&on_the_wire(protocol, &theirs), &on_the_wire(protocol, &ours))
    });
}

#[test]
#[ignore = "needs Python with botocore: BOTOCORE_PYTHON"]
fn what_a_service_answers_is_what_botocore_reads() {
    let botocore = Botocore::start();
    each(&UNREAD, |model, protocol, operation| {
        let sent = samples::message(model, model.output(operation));
        let answer = encode_answer(model, protocol, operation, &sent, "id").map_err(|error| error.to_string())?;
        let read = botocore.read(model, protocol, operation, &answer)?;
        differ(&sent, &read).map_err(|error| format!("{error}\n  in {answer:?}"))
    });
}

/// A request without the freedom that its protocol leaves: the order of parameters, white space, a document's syntax.
fn on_the_wire(protocol: Protocol, request: &Request) -> Value {
    let form = |text: &str| {
        let mut pairs: Vec<_> = text.split('&').map(|pair| pair.trim_end_matches('=').replace('+', "%20")).collect();
        pairs.sort();
        json!(pairs)
    };
    let is_of_operation = |name: &str| name != "content-type" && name != "content-length" && name != "accept";
    let headers = request.headers.iter().filter(|(name, _)| is_of_operation(name.as_str()));
    let headers: BTreeMap<_, _> =
        headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect();
    let body = match protocol {
        Protocol::Query | Protocol::Ec2 => form(std::str::from_utf8(&request.body).unwrap()),
        Protocol::Json | Protocol::RestJson => {
            serde_json::from_slice(&request.body).unwrap_or_else(|_| json!(STANDARD.encode(&request.body)))
        }
        Protocol::RestXml => match protocol::xml::read(&request.body) {
            Ok(root) => json!(format!("{root:?}")),
            Err(_) => json!(STANDARD.encode(&request.body)),
        },
        // CBOR has several ways to write a number. What both say is read in the tests of requests.
        Protocol::RpcV2Cbor => Value::Null,
    };
    json!({
        "method": request.method.as_str(),
        "path": request.path,
        "query": form(&request.query),
        "headers": headers,
        "body": body,
    })
}

/// A Python process that answers a line with a line.
struct Botocore(Mutex<(Child, BufReader<ChildStdout>)>);

impl Botocore {
    fn start() -> Self {
        let python = std::env::var("BOTOCORE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/with_botocore.py");
        let mut command = Command::new(&python);
        command.arg(script).env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{python}: {error}"));
        let out = BufReader::new(child.stdout.take().unwrap());
        Self(Mutex::new((child, out)))
    }

    fn ask(&self, question: &Value) -> Result<Value, String> {
        let (child, out) = &mut *self.0.lock().unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{question}").unwrap();
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        answer["error"].as_str().map_or(Ok(answer.clone()), |error| Err(format!("botocore: {error}")))
    }

    /// The request that it sends with these members.
    fn write(
        &self,
        model: &Model,
        protocol: Protocol,
        operation: &Operation,
        message: &Message,
    ) -> Result<Request, String> {
        let mut question = question("write", model, protocol, operation);
        question["members"] = Value::Object(message.members.clone());
        question["payload"] = STANDARD.encode(&message.payload).into();
        let sent = self.ask(&question)?;
        let text = |name: &str| sent[name].as_str().unwrap().to_owned();
        let headers = sent["headers"].as_array().unwrap().iter();
        let headers = headers.map(|pair| {
            let name = HeaderName::from_bytes(pair[0].as_str().unwrap().as_bytes()).unwrap();
            (name, HeaderValue::from_bytes(pair[1].as_str().unwrap().as_bytes()).unwrap())
        });
        Ok(Request {
            method: Method::from_bytes(text("method").as_bytes()).unwrap(),
            path: text("path"),
            query: text("query"),
            headers: headers.collect::<HeaderMap>(),
            body: STANDARD.decode(text("body")).unwrap().into(),
        })
    }

    /// The members that it makes of an answer.
    fn read(
        &self,
        model: &Model,
        protocol: Protocol,
        operation: &Operation,
        answer: &Answer,
    ) -> Result<Message, String> {
        let mut question = question("read", model, protocol, operation);
        question["status"] = answer.status.as_u16().into();
        let headers = answer.headers.iter().map(|(name, value)| {
            // Python reads headers as ISO 8859-1.
            json!([name.as_str(), value.as_bytes().iter().map(|byte| char::from(*byte)).collect::<String>()])
        });
        question["headers"] = headers.collect();
        question["body"] = STANDARD.encode(&answer.body).into();
        let mut read = self.ask(&question)?;
        let payload = STANDARD.decode(read["payload"].as_str().unwrap()).unwrap().into();
        let Value::Object(members) = read["members"].take() else { panic!("members: {read}") };
        Ok(Message { members, payload })
    }
}

fn question(what: &str, model: &Model, protocol: Protocol, operation: &Operation) -> Value {
    let protocol = match protocol {
        Protocol::Json => "json",
        Protocol::Query => "query",
        Protocol::Ec2 => "ec2",
        Protocol::RestXml => "rest-xml",
        Protocol::RestJson => "rest-json",
        Protocol::RpcV2Cbor => "smithy-rpc-v2-cbor",
    };
    json!({"do": what, "service": model.name, "protocol": protocol, "operation": operation.name})
}

//! Large requests, each made to be slow. The time must not grow with the square of the length.

#![expect(clippy::disallowed_methods, reason = "slow inputs are told by the clock")]

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::{Model, Protocol};
use protocol::{Request, breaches, decode_request, encode_request, route};

/// A debug build needs a tenth of a second for most, and for each that was once slow minutes.
const LONGEST: Duration = Duration::from_secs(10);
const MANY: usize = 1 << 16;

fn model(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/data").join(name).with_extension("json");
    Model::read(name, &std::fs::read_to_string(path).unwrap()).unwrap()
}

fn request(path: &str, query: String, headers: HeaderMap, body: impl Into<Bytes>) -> Request {
    Request { method: Method::POST, path: path.to_owned(), query, headers, body: body.into() }
}

fn of_body(body: impl Into<Bytes>) -> Request {
    request("/", String::new(), HeaderMap::new(), body)
}

/// Reads a request, holds it to the model, and writes it anew. Whether it was read.
fn check(model: &Model, protocol: Protocol, operation: &str, request: &Request) -> bool {
    let start = Instant::now();
    let operation = model.operation(operation).unwrap();
    let read = decode_request(model, protocol, operation, request);
    if let Ok(message) = &read {
        assert!(breaches(model, model.input(operation).unwrap(), &message.members).len() <= 100);
        // Not every name that is read can be written.
        encode_request(model, protocol, operation, message).ok();
    }
    let (took, begin) = (start.elapsed(), &request.body[..request.body.len().min(60)]);
    assert!(took < LONGEST, "{}: {took:?} for {:?}", operation.name, Bytes::copy_from_slice(begin));
    read.is_ok()
}

#[test]
fn json() {
    let ssm = model("ssm");
    let check = |body: String, is_read: bool| {
        assert_eq!(check(&ssm, Protocol::Json, "StartAutomationExecution", &of_body(body)), is_read);
    };
    let key = "k".repeat(16 * MANY);
    check(format!(r#"{{"Parameters": {{"{key}": [{}"x"]}}}}"#, r#""x","#.repeat(MANY)), true);
    check(format!(r#"{{"Tags": [{}{{}}]}}"#, r#"{"Key":"","Value":" "},"#.repeat(MANY)), true);
    check("[".repeat(4 * MANY), false);
    check(r#"{"Parameters":"#.repeat(MANY / 4), false);
    check(format!("{{{}}}", r#""Mode":1,"#.repeat(MANY / 4)), false);
    let entries: String = (0..MANY / 4).map(|n| format!(r#""{n}":[],"#)).collect();
    check(format!(r#"{{"Parameters": {{{entries}"x": []}}}}"#), true);
    check(format!(r#"{{"MaxErrors": "{}"}}"#, "1".repeat(4 * MANY)), true);
    check(format!(r#"{{"Tags": {}}}"#, "1".repeat(4 * MANY)), false);
    check(format!(r#"{{"{}": 1}}"#, "\\u0001".repeat(MANY / 2)), false);
}

#[test]
fn forms() {
    let iam = model("iam");
    let check = |body: String, is_read: bool| {
        assert_eq!(check(&iam, Protocol::Query, "SimulateCustomPolicy", &of_body(body)), is_read);
    };
    check("&".repeat(4 * MANY), true);
    check("a=1&".repeat(MANY), false);
    check("Action=x&".repeat(MANY), false);
    check(format!("{}=1", "a.".repeat(MANY)), false);
    check(format!("{}=1", ".".repeat(4 * MANY)), false);
    check((0..19_000).map(|n| format!("ActionNames.member.{n}={}&", "x".repeat(100))).collect(), true);
    check((0..19_000).map(|n| format!("ActionNames.member.{}=x&", u32::MAX - n)).collect(), true);
    check((0..100).map(|n| format!("ActionNames.member.{}{n}=x&", "9".repeat(1_000))).collect(), false);
    check(format!("ActionNames.member.1={}", "%41".repeat(MANY)), true);
    check(format!("ActionNames.member.1={}", "%".repeat(4 * MANY)), true);
    check(format!("CallerArn={}", "+".repeat(4 * MANY)), true);
}

#[test]
fn query_strings_paths_and_headers() {
    let s3 = model("s3");
    let rest = |path: &str, query: String, headers: HeaderMap| {
        let start = Instant::now();
        let request = Request { method: Method::GET, ..request(path, query, headers, Bytes::new()) };
        if let Some(routed) = route(&s3, &request, |_| true) {
            check(&s3, Protocol::RestXml, &routed.operation.name, &request);
        }
        assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    };
    rest("/b/k", "&".repeat(4 * MANY), HeaderMap::new());
    rest("/b/k", "a&".repeat(MANY), HeaderMap::new());
    rest("/b/k", "acl&".repeat(MANY), HeaderMap::new());
    rest("/b/k", "x-a&".repeat(MANY), HeaderMap::new());
    rest("/b/k", format!("versionId={}", "%2F".repeat(MANY)), HeaderMap::new());
    rest(&"/".repeat(4 * MANY), String::new(), HeaderMap::new());
    rest(&format!("/b/{}", "%2F".repeat(MANY)), String::new(), HeaderMap::new());
    rest(&format!("/{}", "%2F".repeat(MANY)), String::new(), HeaderMap::new());
    for value in [",", "\"", "\\", "a,", "\"a\","] {
        let value = HeaderValue::from_str(&value.repeat(MANY)).unwrap();
        let name = HeaderName::from_static("x-amz-object-attributes");
        rest("/b/k", "attributes".to_owned(), HeaderMap::from_iter([(name, value)]));
    }
    let metadata = (0..20_000).map(|n| HeaderName::try_from(format!("x-amz-meta-{n}")).unwrap());
    rest("/b/k", String::new(), metadata.map(|name| (name, HeaderValue::from_static("1"))).collect());
}

#[test]
fn xml() {
    let s3 = model("s3");
    let check = |body: String, is_read: bool| {
        let request = request("/b", "delete".to_owned(), HeaderMap::new(), body);
        assert_eq!(check(&s3, Protocol::RestXml, "DeleteObjects", &request), is_read);
    };
    let attributes: String = (0..4 * MANY).map(|n| format!(" a{n}=''")).collect();
    check(format!("<Delete{attributes}/>"), false);
    check(format!("<Delete>{}</Delete>", "<Object><Key>k</Key></Object>".repeat(40_000)), true);
    check(format!("<Delete>{}</Delete>", "<Other/>".repeat(90_000)), false);
    check("<Delete>".repeat(MANY / 2), false);
    check(format!("<Delete><Quiet>{}</Quiet></Delete>", "&amp;".repeat(MANY)), false);
    check(format!("<Delete>{}</Delete>", "<!---->".repeat(MANY)), true);
    check(format!("<Delete>{}</Delete>", "<?a?>".repeat(MANY)), true);
    check(format!("<Delete><Object><Key>{}</Key></Object></Delete>", "<![CDATA[a]]>".repeat(MANY / 2)), true);
    check(format!("<Delete><Object><Key>{}</Key></Object></Delete>", "&#97;".repeat(MANY)), true);
    check(format!("<Delete {}", "<".repeat(4 * MANY)), false);
}

#[test]
fn cbor() {
    let cloudwatch = model("cloudwatch");
    let check = |body: Vec<u8>, is_read: bool| {
        assert_eq!(check(&cloudwatch, Protocol::RpcV2Cbor, "DeleteAlarms", &of_body(body)), is_read);
    };
    // A list in a list in a list; more items, bytes and letters than there are.
    check(vec![0x81; 4 * MANY], false);
    for most in [0x9b, 0xbb, 0x5b, 0x7b] {
        check([[most].as_slice(), &[0x7f; 8]].concat(), false);
    }
    check([b"\xa1\x6aAlarmNames\x9f".as_slice(), &b"\x61a".repeat(MANY), b"\xff"].concat(), true);
    check([b"\xa1\x6aAlarmNames\x81\x7f".as_slice(), &b"\x61a".repeat(MANY), b"\xff"].concat(), true);
}

//! What an emulator receives is what was decided on: for every operation of S3 that the account has, however a request
//! for it is spelled. Nothing is expected of a spelling but that: it is refused and nothing is sent, or what is sent is
//! what the decision was about.

use std::collections::BTreeSet;

use account::RecordedDecision;
use http::{HeaderMap, HeaderName, HeaderValue};
use model::{Operation, S3};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use policy::Verdict;
use protocol::{Message, Request};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::client::{Answer, ClientRequest, World, root, world_before};
use crate::double::{Double, Received, Told, told, upstream};
use crate::spellings::{COPY_SOURCES, KEYS, Spelling, spellings};

/// Operations that the world answers by itself.
const OURS: [&str; 6] = [
    "GetBucketAbac",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPolicyStatus",
    "GetPublicAccessBlock",
    "PutBucketAbac",
];

/// What may be asked of an emulator to decide on something else.
const QUESTIONS: [&str; 8] = [
    "GetBucketLocation",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetObjectTagging",
    "GetPublicAccessBlock",
    "ListMultipartUploads",
];

/// Headers of the connection and of the signature.
const OF_THE_SENDER: [&str; 5] = ["authorization", "content-length", "host", "x-amz-content-sha256", "x-amz-date"];

const OPEN: &str = "<PublicAccessBlockConfiguration><BlockPublicPolicy>false</BlockPublicPolicy>\
    </PublicAccessBlockConfiguration>";

/// The one who has no signature may do everything with the bucket `box`.
const EVERYBODY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*",
    "Resource": ["arn:aws:s3:::box", "arn:aws:s3:::box/*"]}}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_every_operation_and_spelling_what_was_decided_on_is_sent() {
    let tried: JoinSet<_> = here().map(every_spelling).collect();
    let done: BTreeSet<_> = tried.join_all().await.into_iter().flatten().collect();
    let sent = |of_host: bool| here().map(move |operation| (operation.name.as_str(), of_host));
    let is_sent = |(name, of_host): &(&str, bool)| !OURS.contains(name) && (*name, *of_host) != ("ListBuckets", true);
    assert_eq!(
        done,
        sent(false).chain(sent(true)).filter(is_sent).collect(),
        "sent, with the bucket in the host or not"
    );
}

/// What was sent on, and whether the client had the bucket in the host.
async fn every_spelling(operation: &'static Operation) -> Vec<(&'static str, bool)> {
    let mut tried = Tried::new(operation).await;
    let request = tried.request(&members(operation, "key"));
    let mut done = Vec::new();
    for (of_host, spelling) in spellings(&request) {
        done.extend(tried.send(&spelling).await.map(|(sent, _)| (sent.name.as_str(), of_host)));
    }
    if request.headers.contains_key("x-amz-copy-source") {
        for source in COPY_SOURCES {
            tried.send(&Spelling::of(&request).with_header("x-amz-copy-source", source)).await;
        }
    }
    done
}

/// What a client encodes as the models say goes on as it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_member_and_key_goes_on_as_it_was_given() {
    here().map(every_member).collect::<JoinSet<_>>().join_all().await;
}

async fn every_member(operation: &'static Operation) {
    let mut tried = Tried::new(operation).await;
    let is_ours = OURS.contains(&operation.name.as_str());
    for key in KEYS {
        assert_eq!(tried.goes_on(&members(operation, key)).await, !is_ours, "{} of {key:?}", operation.name);
    }
    for (name, value) in more(operation) {
        let mut members = members(operation, "key");
        if members.insert(name.to_owned(), value).is_none() {
            tried.goes_on(&members).await;
        }
    }
}

/// A world before an emulator, to which an operation is sent again and again.
struct Tried {
    operation: &'static Operation,
    double: Double,
    front: World,
}

impl Tried {
    async fn new(operation: &'static Operation) -> Tried {
        let double = Double::start(script).await;
        let front = world_before(Some(upstream(&double.url))).await;
        Tried { operation, double, front }
    }

    fn request(&self, members: &Map<String, Value>) -> Request {
        encoded(self.operation, members)
    }

    /// Whether it is sent on. What is sent must be what the client has encoded.
    async fn goes_on(&mut self, members: &Map<String, Value>) -> bool {
        let request = self.request(members);
        let Some((_, sent)) = self.send(&Spelling::of(&request)).await else { return false };
        let mut members = members.clone();
        ["ExpectedBucketOwner", "ExpectedSourceBucketOwner"].iter().for_each(|name| drop(members.remove(*name)));
        let expected = self.request(&members);
        assert_eq!(line(&sent), line(&expected), "{members:?}");
        assert_eq!(sent.body, expected.body, "{members:?}");
        true
    }

    /// What is sent on, if anything is. All that is sent is held to what was decided.
    async fn send(&mut self, spelling: &Spelling) -> Option<(&'static Operation, Request)> {
        let answer = spelled(&self.front, spelling).await;
        let received = self.double.take();
        let decisions = self.front.hosted.decisions(answer.header("x-amz-request-id"));
        let mut sent: Vec<_> = received.iter().map(|received| read(received, spelling)).collect();
        let did = (answer.header("x-own") == "yes").then(|| sent.pop().expect("the answer is the emulator's"));
        for (operation, _, message) in &sent {
            let bucket = message.members["Bucket"].as_str().unwrap_or_default();
            let is_own = bucket.contains(char::is_uppercase) || ["moto-api", "latest", "health"].contains(&bucket);
            assert!(QUESTIONS.contains(&operation.name.as_str()) && !is_own, "{spelling:?}: {received:?}");
        }
        let (operation, request, message) = did?;
        check(operation, &request, &message, &decisions, spelling);
        let changes_objects = ["DeleteObject", "PutObject", "CopyObject", "UploadPart", "CreateMultipartUpload"];
        let reads = ["Get", "List", "Head"].iter().chain(&changes_objects);
        if !reads.into_iter().any(|start| operation.name.starts_with(start)) {
            self.front = world_before(Some(upstream(&self.double.url))).await;
        }
        Some((operation, request))
    }
}

/// What is sent is about what was decided on, and nothing else was allowed than what it does.
fn check(
    operation: &Operation,
    request: &Request,
    message: &Message,
    decisions: &[RecordedDecision],
    spelling: &Spelling,
) {
    let what = format!("{spelling:?} is sent as {} with {message:?}", line(request));
    let text = |name: &str| message.members.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_decided = |bucket: &str, key: Option<&str>, version: bool| {
        let (resource, path) = match key {
            Some(key) => (format!("arn:aws:s3:::{bucket}/{key}"), format!("/{bucket}/{}", escaped(key))),
            None if bucket.is_empty() => ("*".to_owned(), "/".to_owned()),
            None => (format!("arn:aws:s3:::{bucket}"), format!("/{bucket}")),
        };
        let known = catalog::operation(&format!("s3:{}", operation.name)).expect("an operation of the catalogue");
        let known = if version { known.of_version().unwrap_or(known) } else { known };
        let is_about = |one: &&RecordedDecision| {
            one.decision.verdict == Verdict::Allowed
                && one.request.resource == resource
                && known.actions().iter().any(|action| action.name() == one.request.action)
        };
        assert!(decisions.iter().any(|one| is_about(&one)), "{what}, but decided was {:?}", told_of(decisions));
        path
    };
    let version = !text("VersionId").is_empty();
    let key = message.members.get("Key").and_then(Value::as_str);
    match message.members.get("Delete") {
        Some(delete) => {
            for object in delete["Objects"].as_array().expect("objects") {
                let key = object["Key"].as_str().expect("a key");
                is_decided(text("Bucket"), Some(key), object["VersionId"].is_string());
            }
            assert_eq!(request.path, format!("/{}", text("Bucket")), "{what}");
        }
        // As another reader takes it.
        None => assert_eq!(request.path, is_decided(text("Bucket"), key, version), "{what}"),
    }
    if let Some(source) = message.members.get("CopySource").and_then(Value::as_str) {
        let (path, version) =
            source.split_once("?versionId=").map_or((source, false), |(path, version)| (path, !version.is_empty()));
        let (bucket, encoded) = path.split_once('/').expect("bucket and key");
        let key = percent_decode_str(encoded).decode_utf8().expect("a key");
        is_decided(bucket, Some(&key), version);
        assert_eq!(encoded, escaped(&key), "{what}");
    }
    let denied = decisions.iter().any(|one| one.decision.verdict != Verdict::Allowed);
    assert!(!denied || operation.name == "DeleteObjects", "{what}, but decided was {:?}", told_of(decisions));
}

fn told_of(decisions: &[RecordedDecision]) -> Vec<String> {
    let one =
        |one: &RecordedDecision| format!("{:?} {} {}", one.decision.verdict, one.request.action, one.request.resource);
    decisions.iter().map(one).collect()
}

/// What the emulator was sent. It is an operation, and nothing but that operation.
fn read(received: &Received, spelling: &Spelling) -> (&'static Operation, Request, Message) {
    let mut lines = received.head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap(), first.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    for (name, value) in
        lines.filter_map(|line| line.split_once(": ")).filter(|(name, _)| !OF_THE_SENDER.contains(name))
    {
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let (path, query, body) = (path.to_owned(), query.to_owned(), received.body.clone().into());
    let request = Request { method: method.parse().unwrap(), path, query, headers, body };
    let routed = protocol::route(&S3, &request, is_here);
    let routed = routed.unwrap_or_else(|| panic!("{spelling:?}: no operation is {received:?}"));
    let (operation, message) = (routed.operation, routed.decode(&request));
    let message = message.unwrap_or_else(|malformed| panic!("{spelling:?}: {malformed} in {received:?}"));
    let mut exact = protocol::encode_request(&S3, S3.protocol, operation, &message).expect("a request");
    // The guard gives the sum of a document that it has written, also where S3 asks for none.
    if let Some(sum) = request.headers.get("content-md5") {
        exact.headers.insert("content-md5", sum.clone());
    }
    assert_eq!(request, exact, "{spelling:?}");
    (operation, request, message)
}

async fn spelled(front: &World, spelling: &Spelling) -> Answer {
    let headers = spelling.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let ask =
        ClientRequest { method: &spelling.method, target: &spelling.target, headers, body: spelling.body.as_bytes() };
    // What no client would sign so is sent by somebody who has no signature, and may as much.
    if spelling.can_be_signed() { front.s3(&root(), ask).await } else { front.plain(ask).await }
}

/// The bucket `box`, open to everybody, in which an upload is under way for whatever key is asked about, and no object has
/// tags.
fn script(received: &Received) -> Option<Told> {
    let target = received.head.strip_prefix("GET ")?.split(' ').next()?;
    let list = |key: &str| {
        let (text, id) = (key.replace('&', "&amp;"), upload_of(key));
        format!(
            "<ListMultipartUploadsResult><Upload><Key>{text}</Key><UploadId>{id}</UploadId></Upload>\
             </ListMultipartUploadsResult>"
        )
    };
    let body = match target.split_once('?')?.1 {
        "policy" => EVERYBODY.to_owned(),
        "publicAccessBlock" => OPEN.to_owned(),
        "ownershipControls" => {
            "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>"
                .to_owned()
        }
        query => match query.strip_prefix("uploads&prefix=") {
            Some(prefix) => list(&percent_decode_str(prefix).decode_utf8().ok()?),
            None if query.starts_with("tagging") => "<Tagging><TagSet/></Tagging>".to_owned(),
            None => return None,
        },
    };
    Some(told(200, &body))
}

fn upload_of(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn here() -> impl Iterator<Item = &'static Operation> {
    S3.operations().filter(|operation| is_here(operation))
}

fn is_here(operation: &Operation) -> bool {
    services::operation("s3", &operation.name).is_some()
}

fn encoded(operation: &Operation, members: &Map<String, Value>) -> Request {
    let mut message: Message = members.clone().into();
    if let Some(Value::String(body)) = message.members.remove("Body") {
        message.payload = body.into();
    }
    protocol::encode_request(&S3, S3.protocol, operation, &message).unwrap()
}

/// Members without which an operation cannot be.
fn members(operation: &Operation, key: &str) -> Map<String, Value> {
    let tags = json!({ "TagSet": [{ "Key": "a", "Value": "1" }] });
    let samples = json!({
        "Bucket": "box", "Key": key, "UploadId": upload_of(key), "PartNumber": 1, "CopySource": "box/from",
        "Tagging": tags, "Policy": EVERYBODY, "Delete": { "Objects": [{ "Key": key }] },
        "MultipartUpload": { "Parts": [{ "ETag": "e", "PartNumber": 1 }] }, "ObjectAttributes": ["ETag"],
        "VersioningConfiguration": { "Status": "Enabled" }, "AbacStatus": { "Status": "Enabled" },
        "PublicAccessBlockConfiguration": { "BlockPublicAcls": true },
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": "BucketOwnerEnforced" }] },
    });
    let input = S3.input(operation).expect("an input");
    let mut members = Map::new();
    for (name, member) in &input.members {
        let needs = member.is_required || name == "MultipartUpload";
        if needs && !(operation.name == "CopyObject" && name == "Tagging") {
            members.insert(name.clone(), samples[name].clone());
        }
    }
    match operation.name.as_str() {
        "PutObject" | "UploadPart" => drop(members.insert("Body".to_owned(), json!("content"))),
        "PutBucketAcl" | "PutObjectAcl" => drop(members.insert("ACL".to_owned(), json!("private"))),
        _ => {}
    }
    members
}

/// Members that an operation may have in the query string and in headers.
fn more(operation: &Operation) -> impl Iterator<Item = (&'static str, Value)> {
    let members =
        S3.operation(&operation.name).and_then(|operation| S3.input(operation)).expect("an input").members.iter();
    members.filter_map(|(name, member)| {
        let shape = S3.shape(member.shape);
        let value = match &shape.kind {
            _ if !matches!(member.place, model::MemberLocation::Query | model::MemberLocation::Header) => return None,
            _ if name == "ExpectedBucketOwner" || name == "ExpectedSourceBucketOwner" => json!("123456789012"),
            _ if name == "VersionId" => json!("v-1"),
            // A header is ASCII.
            model::ShapeKind::String if member.place == model::MemberLocation::Query => json!("a=b&c+d/é"),
            model::ShapeKind::String => {
                shape.limits.values.first().map_or_else(|| json!("a=b&c+d/e"), |value| json!(value))
            }
            model::ShapeKind::Integer => json!(1),
            model::ShapeKind::Boolean => json!(true),
            model::ShapeKind::Timestamp(_) => json!("2026-11-30T12:00:00Z"),
            _ => return None,
        };
        Some((name.as_str(), value))
    })
}

fn line(request: &Request) -> String {
    format!("{} {}?{}", request.method, request.path, request.query)
}

/// A key as a path has it: what RFC 3986 calls unreserved stands for itself, and slashes part the segments.
fn escaped(key: &str) -> String {
    const RESERVED: &percent_encoding::AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    utf8_percent_encode(key, RESERVED).to_string()
}

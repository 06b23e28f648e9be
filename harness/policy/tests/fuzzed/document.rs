//! A policy document from any bytes.
//!
//! An input is a letter for the kind of policy, and the text.

use std::sync::{Arc, LazyLock};

use policy::{Context, Document, Kind, NoVocabulary, Policies, Policy, Principal, Quoting, Request};
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use source::{FileId, Finding, Node, Source, Sources, Span, Value};

use crate::ask::{ACCOUNT, judged, request};

/// What a message may have, of which most is text of the user's.
const LONGEST_MESSAGE: usize = 3000;

pub fn check(input: &[u8]) {
    let Some((&first, text)) = input.split_first() else { return };
    let kind = Kind::ALL[usize::from(first) % Kind::ALL.len()];
    let text = String::from_utf8_lossy(text);
    tree(&text);
    let (document, findings) = Document::read_json(&text, kind);
    let (again, same) = Document::read_json(&text, kind);
    assert_eq!((format!("{document:?}"), &findings), (format!("{again:?}"), &same), "{text}");
    assert_eq!(document.is_some(), !findings.iter().any(Finding::is_error), "{findings:?}: {text}");
    told(&text, &findings);
    if let Some(document) = document {
        decided(kind, &document);
    }
}

/// The reader of JSON against another.
fn tree(text: &str) {
    let (node, findings) = source::json::read(FileId(0), text);
    told(text, &findings);
    if let Some(node) = &node {
        within(text, node, Span::new(FileId(0), 0, text.len() as u32));
    }
    if findings.is_empty() {
        serde_json::from_str::<IgnoredAny>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    }
    let Ok(json) = serde_json::from_str::<Json>(text) else { return };
    let is_ours = |finding: &Finding| matches!(finding.code, "DUPLICATE_KEY" | "JSON_TOO_DEEP" | source::json::NUL);
    assert!(findings.iter().all(is_ours), "{findings:?}: {text}");
    if findings.is_empty() {
        assert!(node.is_some_and(|node| same(&node, &json)), "{text}");
    }
}

fn within(text: &str, node: &Node, outer: Span) {
    let inside = |span: Span| outer.start <= span.start && span.end <= outer.end && span.start < span.end;
    assert!(inside(node.span) && slice(text, node.span).is_some(), "{:?} in {outer:?}: {text}", node.span);
    for entry in node.entries() {
        assert!(slice(text, entry.key_span).is_some_and(|key| key.starts_with('"') && key.ends_with('"')), "{text}");
        within(text, &entry.value, node.span);
    }
    node.items().iter().for_each(|item| within(text, item, node.span));
}

fn slice(text: &str, span: Span) -> Option<&str> {
    text.get(span.start as usize..span.end as usize)
}

fn same(node: &Node, json: &Json) -> bool {
    match (&node.value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(one), Json::Bool(other)) => one == other,
        (Value::String(one), Json::String(other)) => one == other,
        (Value::Number(one), Json::Number(other)) => {
            let (one, other) = (one.parse::<f64>().unwrap(), other.as_f64().unwrap());
            // The other reader's last digit is not exact.
            one == other || (one - other).abs() <= one.abs() * 1e-15
        }
        (Value::List(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(node, json)| same(node, json))
        }
        (Value::Map(one), Json::Object(other)) => {
            let entry = |entry: &source::Entry| other.get(&entry.key).is_some_and(|json| same(&entry.value, json));
            one.len() == other.len() && one.iter().all(entry)
        }
        _ => false,
    }
}

/// Each finding has its place in the text, and what it says can be shown.
fn told(text: &str, findings: &[Finding]) {
    let mut sources = Sources::new();
    sources.add(Source::new("p", text));
    for finding in findings {
        assert!(slice(text, finding.span).is_some(), "{finding:?}: {text}");
        assert!(sources.locate(finding.span).starts_with("p:"), "{finding:?}");
        for said in
            [Some(finding.message.as_str()), finding.help.as_deref(), finding.see.as_deref()].into_iter().flatten()
        {
            assert!(!said.is_empty() && said.len() < LONGEST_MESSAGE, "{finding:?}: {text}");
            assert_eq!(source::escaped(said), said);
        }
    }
}

fn decided(kind: Kind, document: &Document) {
    let policy = Arc::new(Policy::new("p", kind, document));
    let policies = attached(kind, policy);
    for request in &*REQUESTS {
        let decision = judged(&policies, request);
        serde_json::to_string(&decision.trace).unwrap();
        let mends = decision.mends(request, &NoVocabulary).into_iter().map(|mend| mend.says).collect();
        let sentences = [decision.reason(request), mends];
        assert!(!sentences[0].is_empty());
        assert!(sentences.iter().all(|said| source::escaped(said) == said.as_str()), "{sentences:?}");
        let _ = decision.denial(request, Quoting::None);
    }
}

fn attached(kind: Kind, policy: Arc<Policy>) -> Policies {
    let mut all = Policies::default();
    match kind {
        Kind::Identity => all.identity.push(policy),
        Kind::Resource | Kind::Trust => all.resource = Some(policy),
        Kind::Boundary => all.boundary = Some(policy),
        Kind::Session => all.session = Some(vec![policy]),
        Kind::ServiceControl => all.service_control.push(vec![policy]),
        Kind::ResourceControl => all.resource_control.push(vec![policy]),
        Kind::Endpoint => all.endpoint = Some(policy),
    }
    all
}

static REQUESTS: LazyLock<[Request; 4]> = LazyLock::new(|| {
    let mut context = Context::new();
    for (key, value) in [
        ("aws:username", "ann"),
        ("aws:PrincipalTag/team", "*"),
        ("aws:SourceIp", "203.0.113.7"),
        ("aws:CurrentTime", "2020-04-01T10:20:30Z"),
        ("aws:SecureTransport", "true"),
        ("aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:t"),
        ("aws:MultiFactorAuthAge", "17.5"),
        ("aws:x", ""),
    ] {
        context.set(key, value);
    }
    context.set_many("aws:TagKeys", ["team", "é"]);
    context.set_many("s3:empty", [""; 0]);
    let role = format!("arn:aws:iam::{ACCOUNT}:role/app");
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/i-1");
    let by = |principal, action: &str, resource: &str| Request {
        principal,
        resource_account: None,
        ..request(action, resource, context.clone())
    };
    [
        request("s3:GetObject", "arn:aws:s3:::b/k", context.clone()),
        by(Principal::RoleSession { role: Some(role.clone()), session }, "s3:PutObject", "arn:aws:s3:us-east-1::b/*"),
        by(Principal::Service { name: "ecs-tasks.amazonaws.com".to_owned() }, "sts:AssumeRole", &role),
        by(Principal::Anonymous, "a:b", "*"),
    ]
});

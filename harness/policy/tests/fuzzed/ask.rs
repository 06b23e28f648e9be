//! Statements asked about requests, through the public door.

use std::sync::Arc;

use policy::{Context, Decision, Document, Kind, NoVocabulary, Policies, Policy, Principal, Request, Verdict};
use policy::{decide, explain};
use serde_json::{Value, json};

pub const ACCOUNT: &str = "111122223333";

pub fn request(action: &str, resource: &str, context: Context) -> Request {
    Request {
        principal: Principal::User { arn: format!("arn:aws:iam::{ACCOUNT}:user/ann") },
        action: action.to_owned(),
        resource: resource.to_owned(),
        resource_account: Some(ACCOUNT.to_owned()),
        context,
    }
}

/// An Allow of an identity policy with these elements, `Effect` aside. `None`: AWS would refuse it.
pub fn allow(version: &str, mut statement: Value) -> Option<Policies> {
    statement["Effect"] = json!("Allow");
    let text = json!({"Version": version, "Statement": statement}).to_string();
    let document = Document::read_json(&text, Kind::Identity).0?;
    let policy = Arc::new(Policy::new("p", Kind::Identity, &document));
    Some(Policies { identity: vec![policy], ..Policies::default() })
}

/// An Allow of everything under one condition.
pub fn under(version: &str, operator: &str, key: &str, value: &str) -> Option<Policies> {
    allow(version, json!({"Action": "*", "Resource": "*", "Condition": {operator: {key: value}}}))
}

/// Decides both ways, and makes sure that they agree.
#[track_caller]
pub fn judged(policies: &Policies, request: &Request) -> Decision {
    let (plain, explained) = (decide(policies, request), explain(policies, request, &NoVocabulary));
    assert_eq!((plain.verdict, plain.by, plain.notes), (explained.verdict, explained.by, explained.notes));
    explained
}

pub fn allows(policies: &Policies, request: &Request) -> bool {
    judged(policies, request).verdict == Verdict::Allowed
}

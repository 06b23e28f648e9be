//! The integration tests of IAMSpy.

use policy::{Document, Kind, Policies, Policy, Principal};
use prove::{Claim, Options, Question, Verdict, prove};
use serde_json::{Value, json};
use std::sync::Arc;

fn policy(kind: Kind, document: &Value) -> Arc<Policy> {
    let (read, findings) = Document::read_json(&document.to_string(), kind);
    Arc::new(Policy::new("p", kind, &read.unwrap_or_else(|| panic!("{document}: {findings:?}"))))
}

fn all(kind: Kind, documents: &Value) -> Vec<Arc<Policy>> {
    documents.as_array().into_iter().flatten().map(|document| policy(kind, document)).collect()
}

fn caller(arn: &str) -> Principal {
    match arn.split_once(":role/") {
        None => Principal::User { arn: arn.to_owned() },
        Some((start, name)) => Principal::RoleSession {
            role: Some(arn.to_owned()),
            session: format!("{}:assumed-role/{name}/session", start.replace(":iam:", ":sts:")),
        },
    }
}

fn question(case: &Value) -> Question {
    let attached = &case["policies"];
    let scope = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": case["action"], "Resource": case["resource"], "Condition": case["when"]}});
    Question {
        policies: Policies {
            identity: all(Kind::Identity, &attached["identity"]),
            boundary: all(Kind::Boundary, &attached["boundary"]).pop(),
            resource: all(Kind::Resource, &attached["resource"]).pop(),
            service_control: attached["scp"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|level| all(Kind::ServiceControl, level))
                .collect(),
            ..Policies::default()
        },
        callers: vec![caller(case["principal"].as_str().unwrap())],
        owner: case["owner"].as_str().unwrap().to_owned(),
        scope: policy(Kind::Identity, &scope),
        within: Vec::new(),
        except: None,
    }
}

/// Whether somebody can do something, in some request.
#[test]
fn the_cases_of_iamspy_come_out_as_published() {
    let mut wrong = Vec::new();
    for line in include_str!("../data/iamspy.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = prove(&question(&case), Claim::Never, &Options::default()).unwrap();
        let can = match &answer {
            Verdict::Found { .. } => json!(true),
            Verdict::Proved { .. } => json!(false),
            Verdict::Undecided { reason } => json!(reason),
        };
        if can != case["expected"] {
            wrong.push(format!("{}: {} can {}: {can}", case["id"], case["principal"], case["action"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! Every mend of a generated denial turns it, and no change to a Deny lets in what the Deny was written against.
//!
//! As many denials as `PROPTEST_CASES` says. How many had a mend is printed:
//! `PROPTEST_CASES=10000 cargo test -p tagproof-policy --test proof mends:: -- --nocapture`

#![expect(clippy::disallowed_methods, reason = "how many cases are tried comes from outside")]

use std::io::Write;

use policy::{Change, Context, ContextValue, Mend, Request, Verdict, Vocabulary, explain};
use serde_json::{Value, json};

use crate::tape::{self, Tape};
use crate::{engine, generate};

const EVERYDAY: u64 = 400;

/// Made up: about every third key is never carried by an action on a resource, but tags of the caller are.
struct Rows;

impl Vocabulary for Rows {
    fn carries(&self, action: &str, _resource: &str, key: &str) -> Option<bool> {
        Some(carries(action, key))
    }

    fn keys(&self, action: &str, _resource: &str) -> Vec<&'static str> {
        let all = ["aws:PrincipalTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}"];
        all.into_iter().filter(|key| carries(action, key)).collect()
    }

    fn twins(&self, _action: &str, _resource: &str, _key: &str) -> Vec<String> {
        Vec::new()
    }
}

fn carries(action: &str, key: &str) -> bool {
    let (action, key) = (action.to_lowercase(), key.to_lowercase());
    let sum: usize = action.bytes().chain(key.bytes()).map(usize::from).sum();
    key.starts_with("aws:principal") || !sum.is_multiple_of(3)
}

#[test]
fn every_mend_turns_the_denial() {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(EVERYDAY);
    let (mut denials, mut mended, mut denies_changed, mut seed) = (0, 0, 0, 0);
    while denials < wanted {
        seed += 1;
        let case = as_sent(denial(&mut tape::fixed(seed)));
        let (policies, request) = (engine::policies(&case), engine::request(&case));
        let decision = explain(&policies, &request, &Rows);
        if decision.verdict == Verdict::Allowed {
            continue;
        }
        denials += 1;
        let mends = decision.mends(&request, &Rows);
        mended += u64::from(!mends.is_empty());
        for mend in &mends {
            let after = decision.after(mend, &request).unwrap();
            assert_eq!(after.verdict, Verdict::Allowed, "{} of {case}", mend.says);
            denies_changed += u64::from(changes_a_deny(mend));
            neighbours_stay_denied(&case, mend, &request);
        }
    }
    writeln!(std::io::stderr(), "{mended} of {denials} denials had a mend; {denies_changed} mends change a Deny")
        .unwrap();
    assert!(mended * 3 > denials, "{mended} of {denials}");
}

/// Half of them with everything allowed and a Deny on tags, as people write them.
fn denial(tape: &mut Tape) -> Value {
    let plain = tape.once_in(2);
    let mut case = generate::request(tape);
    if plain {
        return case;
    }
    let action = if tape.once_in(3) { "*".into() } else { case["action"].clone() };
    let resource = if tape.once_in(3) { case["resource"].clone() } else { "*".into() };
    let mut condition = generate::condition(tape).to_string();
    for key in ["aws:PrincipalTag/team", "s3:max-keys", "aws:SourceIp", "x:Binary"] {
        let tag = tape.pick(&["aws:RequestTag/team", "aws:PrincipalTag/team", "aws:ResourceTag/team", "aws:TagKeys"]);
        condition = condition.replace(key, tag);
    }
    let is_arn = resource.as_str().is_some_and(|text| text == "*" || text.starts_with("arn:"));
    let condition: Value = serde_json::from_str(&condition).unwrap();
    let deny = json!({"Effect": "Deny", "Action": action, "Resource": if is_arn { resource } else { "*".into() }, "Condition": condition});
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let document = json!({"Version": "2012-10-17", "Statement": [deny, allow]});
    case["policies"]["identity"] = json!([document]);
    case
}

/// Without the keys that the action never carries.
fn as_sent(mut case: Value) -> Value {
    let action = case["action"].as_str().unwrap().to_owned();
    let context = case["context"].as_object_mut().unwrap();
    context.retain(|key, _| carries(&action, key));
    case
}

fn changes_a_deny(mend: &Mend) -> bool {
    denies(mend).next().is_some()
}

fn denies(mend: &Mend) -> impl Iterator<Item = Value> {
    let statements = mend.changes.iter().filter_map(|change| match change {
        Change::Statement { statement, .. } => Some(serde_json::from_str::<Value>(&statement.json()).unwrap()),
        _ => None,
    });
    statements.filter(|statement| statement["Effect"] == "Deny")
}

/// The rule that the mends' own documentation states, checked by asking: whatever else is asked for, with whatever values
/// of whatever keys, what was denied explicitly stays so; and where this action on this resource is left out of a Deny, no
/// request for it can carry a key of that Deny.
fn neighbours_stay_denied(case: &Value, mend: &Mend, request: &Request) {
    for deny in denies(mend) {
        let keys = deny["Condition"].as_object().unwrap().values().flat_map(|keys| keys.as_object().unwrap().keys());
        for key in keys {
            assert!(!carries(&request.action, key), "{key} in {} of {case}", mend.says);
        }
    }
    let policies_only: Vec<_> =
        mend.changes.iter().filter(|change| !matches!(change, Change::Keys(_))).cloned().collect();
    if policies_only.is_empty() {
        return;
    }
    let policies_only = Mend { changes: policies_only, ..mend.clone() };
    let policies = engine::policies(case);
    for neighbour in neighbours(request) {
        let before = explain(&policies, &neighbour, &Rows);
        if before.verdict == Verdict::ExplicitlyDenied {
            let after = before.after(&policies_only, &neighbour).unwrap();
            assert_eq!(after.verdict, Verdict::ExplicitlyDenied, "{} of {case}: {neighbour:?}", mend.says);
        }
    }
}

/// Other actions and other resources, with and without tags; and other tags for the same where it can carry them.
fn neighbours(request: &Request) -> Vec<Request> {
    let mut all = Vec::new();
    for action in [&request.action, "s3:GetObject", "s3:PutObject", "sqs:SendMessage", "kms:Decrypt", "ecs:RunTask"] {
        for resource in [&request.resource, "*", "arn:aws:s3:::b/other", "arn:aws:sqs:us-east-1:111122223333:ann"] {
            if action.eq_ignore_ascii_case(&request.action) && resource == request.resource {
                continue;
            }
            for value in [None, Some("ann"), Some("another")] {
                let mut neighbour =
                    Request { action: action.to_owned(), resource: resource.to_owned(), ..request.clone() };
                neighbour.context = tagged(&request.context, action, value);
                all.push(neighbour);
            }
        }
    }
    all
}

fn tagged(context: &Context, action: &str, value: Option<&str>) -> Context {
    let mut tagged = Context::new();
    for (key, value) in context.iter().filter(|(key, _)| carries(action, key)) {
        match value {
            ContextValue::One(value) => tagged.set(key, value),
            ContextValue::Many(values) => tagged.set_many(key, values),
        }
    }
    for key in ["aws:RequestTag/team", "aws:PrincipalTag/team", "aws:ResourceTag/team", "s3:max-keys"] {
        if let (Some(value), true) = (value, carries(action, key)) {
            tagged.set(key, value);
        }
    }
    if value.is_some() && carries(action, "aws:TagKeys") {
        tagged.set_many("aws:TagKeys", ["team"]);
    }
    tagged
}

//! What STS does, written from AWS's documentation.

mod assume;
mod chain;
mod federation;
mod principal_tags;
mod validation;

use std::sync::Arc;

use account::Identity;
use serde_json::{Value, json};
use testkit::{ACCOUNT, Answer, Kit, allow, root_key};

/// A trust policy statement for a principal: `{"AWS": …}`.
fn trusts(actions: &[&str], principal: &str) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Principal": { "AWS": principal } })
}

/// The same with a condition.
fn trusts_if(actions: &[&str], principal: &str, condition: Value) -> Value {
    let mut statement = trusts(actions, principal);
    statement["Condition"] = condition;
    statement
}

fn with_tags(tags: &[(&str, &str)]) -> Vec<Value> {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

fn user_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

/// Assumes a role with more parameters.
fn assume_with(kit: &mut Kit, who: &Arc<Identity>, role: &str, more: Value) -> Answer {
    let mut input = json!({ "RoleArn": role, "RoleSessionName": "sn" });
    for (member, value) in more.as_object().expect("an object") {
        input[member] = value.clone();
    }
    kit.call(who, "sts:AssumeRole", input)
}

fn assume(kit: &mut Kit, who: &Arc<Identity>, role: &str) -> Answer {
    assume_with(kit, who, role, json!({}))
}

/// A session of a role that the account trusts, assumed by a user who may.
fn session(kit: &mut Kit, who: &Arc<Identity>, role: &str, more: Value) -> Arc<Identity> {
    let answer = assume_with(kit, who, role, more).unwrap_or_else(|fault| panic!("{role}: {fault}"));
    kit.identity(&answer)
}

/// `Ok`, or the code and text of the error.
#[track_caller]
fn check_fault(answer: Answer, status: u16, code: &str, message: &str) {
    let fault = answer.expect_err("an error");
    assert_eq!((fault.status, &*fault.code, fault.message.as_str()), (status, code, message));
}

#[track_caller]
fn check_denied(answer: Answer, begins: &str) {
    let fault = answer.expect_err("a denial");
    assert_eq!((fault.status, &*fault.code), (403, "AccessDenied"));
    assert!(fault.message.starts_with(begins), "{}", fault.message);
}

/// May `who` read the queue of principals tagged so? Uses an action that policies can condition on.
fn sees(kit: &mut Kit, who: &Arc<Identity>) -> bool {
    kit.call(who, "sts:GetAccessKeyInfo", json!({ "AccessKeyId": root_key(ACCOUNT) })).is_ok()
}

/// Identity policy statements that let the one who carries the principal tag pass [`sees`].
fn if_principal_tag(key: &str, value: &str) -> Value {
    let mut statement = allow(&["sts:GetAccessKeyInfo"]);
    statement["Condition"] = json!({ "StringEquals": { format!("aws:PrincipalTag/{key}"): value } });
    json!([statement])
}

//! Rows of the undocumented table decided otherwise.

use std::collections::BTreeSet;

use policy::undocumented::{Notes, OTHERWISE, ROWS};
use policy::{Verdict, decide};
use serde_json::Value;

use crate::{engine, generate, tape};

/// The rows whose other choice changes whether the request is allowed: each has to be one that the decision rests on.
fn turning(case: &Value) -> BTreeSet<&'static str> {
    let (policies, mut request) = (engine::policies(case), engine::request(case));
    let decision = decide(&policies, &request);
    let mut turning = BTreeSet::new();
    for (row, _) in OTHERWISE {
        request.context.decide_otherwise(Notes::of(*row));
        let other = decide(&policies, &request);
        if (other.verdict == Verdict::Allowed) != (decision.verdict == Verdict::Allowed) {
            assert!(decision.notes.contains(*row), "{row:?}: {decision:?}, then {other:?}\n{case}");
            turning.insert(ROWS[*row as usize].id);
        }
    }
    turning
}

/// Caller, action and resource; the policies, where `A` allows its holder everything.
const BY_HAND: [[&str; 2]; 11] = [
    ["USER/ann iam:DeleteRole arn:aws:iam::111122223333:role/aws-reserved/sso/x", r#""identity": [A]"#],
    [
        "USER/ann iam:AttachRolePolicy arn:aws:iam::111122223333:role/aws-service-role/x/AWSServiceRoleForX",
        r#""identity": [A]"#,
    ],
    [
        "arn:aws:iam::444455556666:user/bo kinesis:DescribeStream arn:aws:kinesis:us-east-1:111122223333:stream/s",
        r#""identity": [A], "resource": EVERYONE"#,
    ],
    [
        "USER/ann lambda:UpdateFunctionUrlConfig arn:aws:lambda:us-east-1:111122223333:function:f",
        r#""resource": EVERYONE"#,
    ],
    ["USER/ann ses:SendBulkEmail arn:aws:ses:us-east-1:111122223333:identity/example.com", r#""resource": EVERYONE"#],
    [
        "USER/ann s3:GetObject arn:aws:s3:::b/k",
        r#""resource": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3"}}"#,
    ],
    [
        "USER/ann s3:GetObject arn:aws:s3:::b/k",
        r#""identity": [A], "resource": {"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"},
            "Action": "*", "Resource": "*"}}"#,
    ],
    [
        "arn:aws:iam::111122223333:root sqs:SetQueueAttributes arn:aws:sqs:us-east-1:111122223333:q",
        r#""resource": {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
    ],
    [
        "USER/ann s3:GetObject arn:aws:s3:::b/k",
        r#""identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "${aws:PrincipalTag/a}"}}}}]"#,
    ],
    [
        "USER/ann ecs:StopTask arn:aws:ecs:us-east-1:111122223333:task/c/t",
        r#""identity": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:ecs:us*3:task/*"}}]"#,
    ],
    [
        "anonymous backup:DeleteBackupVault arn:aws:backup:us-east-1:111122223333:backup-vault:v",
        r#""resource": EVERYONE"#,
    ],
];

fn by_hand([asked, policies]: &[&str; 2]) -> Value {
    let [principal, action, resource] = asked.split(' ').collect::<Vec<_>>()[..] else { panic!("{asked}") };
    let allow = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let everyone = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let policies = policies.replace("[A]", &format!("[{allow}]")).replace(": EVERYONE", &format!(": {everyone}"));
    let principal = principal.replace("USER", "arn:aws:iam::111122223333:user");
    let text = format!(
        r#"{{"principal": "{principal}", "action": "{action}", "resource": "{resource}", "policies": {{{policies}}},
            "context": {{"aws:SecureTransport": "true", "aws:PrincipalTag/a": "true"}}}}"#
    );
    serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"))
}

/// "It rests on a row" means no less than that another choice may change it.
#[test]
fn what_a_row_turns_rests_on_it() {
    let mut met = BTreeSet::new();
    for seed in 0..2_000 {
        for make in [generate::request, generate::conditional] {
            met.append(&mut turning(&make(&mut tape::fixed(seed))));
        }
    }
    let rare: Vec<Value> = serde_json::from_str(include_str!("../corpus/rare.json")).unwrap();
    rare.iter().for_each(|case| met.append(&mut turning(&case["request"])));
    BY_HAND.iter().for_each(|case| met.append(&mut turning(&by_hand(case))));
    let all: BTreeSet<_> = OTHERWISE.iter().map(|(row, _)| ROWS[*row as usize].id).collect();
    let never: Vec<_> = all.difference(&met).collect();
    assert!(never.is_empty(), "{never:?}");
}

//! The pitfalls of tag conditions that show in a decision. Each has a fragment, what people expect of it, and what AWS
//! does. What is only a matter of which keys a request carries is said by leaving those keys out.

use super::*;

/// Statements, action, context, and the verdict by one identity policy.
#[track_caller]
fn check(statements: &str, action: &str, entries: &str, expected: Verdict) {
    let policies = Policies { identity: vec![policy(Kind::Identity, statements)], ..Policies::default() };
    let mut ask = request(session(), action, "arn:aws:s3:::b/k");
    ask.context = context(entries);
    assert_eq!(judged(&policies, &ask).verdict, expected, "{statements} | {entries}");
}

const OPEN: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

fn allow(condition: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{{condition}}}}}"#)
}

fn deny(condition: &str) -> String {
    format!("{OPEN}, {}", allow(condition).replace("Allow", "Deny"))
}

use Verdict::{Allowed, ExplicitlyDenied, ImplicitlyDenied};

#[test]
fn p01_p14_a_key_the_action_never_carries() {
    let tag = allow(r#""StringEquals": {"aws:RequestTag/Status": "OK"}"#);
    check(&tag, "s3:GetObject", "aws:PrincipalTag/Status=OK", ImplicitlyDenied);
    check(&tag, "iam:PassRole", "iam:PassedToService=ecs-tasks.amazonaws.com", ImplicitlyDenied);
}

#[test]
fn p02_p16_resource_tag_is_the_tag_of_what_is_accessed() {
    let tag = allow(r#""StringEquals": {"aws:ResourceTag/Status": "OK"}"#);
    check(&tag, "s3:GetObject", "", ImplicitlyDenied);
    check(&tag, "s3:GetObject", "aws:ResourceTag/Status=OK; s3:BucketTag/Status=OK", Allowed);
    check(&tag, "ecs:RunTask", "aws:ResourceTag/Status=OK", Allowed);
}

#[test]
fn p03_p04_for_all_values_holds_of_nothing() {
    check(&allow(r#""ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}"#), "s3:GetObject", "", Allowed);
    check(&allow(r#""ForAllValues:StringEquals": {"aws:RequestTag/Status": "OK"}"#), "ecs:RunTask", "", Allowed);
    check(
        &allow(r#""ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}"#),
        "ecs:RunTask",
        "aws:TagKeys=[Status,x]",
        ImplicitlyDenied,
    );
}

#[test]
fn p05_p06_negated_set_operators_in_a_deny() {
    let all = deny(r#""ForAllValues:StringNotEquals": {"aws:TagKeys": ["Status"]}"#);
    check(&all, "ecs:RunTask", "", ExplicitlyDenied);
    check(&all, "ecs:RunTask", "aws:TagKeys=[Status,x]", Allowed);
    let any = deny(r#""ForAnyValue:StringNotEquals": {"aws:TagKeys": ["Status"]}"#);
    check(&any, "ecs:RunTask", "", Allowed);
    check(&any, "ecs:RunTask", "aws:TagKeys=[Status,x]", ExplicitlyDenied);
}

#[test]
fn p07_p08_a_deny_by_request_tag() {
    let not_ok = deny(r#""StringNotEquals": {"aws:RequestTag/Status": "OK"}"#);
    check(&not_ok, "s3:GetObject", "", ExplicitlyDenied);
    check(&not_ok, "ecs:RunTask", "aws:RequestTag/Status=OK", Allowed);
    let bad = deny(r#""StringEquals": {"aws:RequestTag/Status": "BAD"}"#);
    check(&bad, "ecs:RunTask", "", Allowed);
    check(&bad, "ecs:RunTask", "aws:RequestTag/Status=BAD", ExplicitlyDenied);
}

#[test]
fn p09_p10_if_exists() {
    let allowed = allow(r#""StringEqualsIfExists": {"aws:PrincipalTag/Status": "OK"}"#);
    check(&allowed, "s3:GetObject", "", Allowed);
    check(&allowed, "s3:GetObject", "aws:PrincipalTag/Status=NG", ImplicitlyDenied);
    let denied = deny(r#""StringNotEqualsIfExists": {"aws:PrincipalTag/Status": "OK"}"#);
    check(&denied, "s3:GetObject", "", ExplicitlyDenied);
    check(&denied, "s3:GetObject", "aws:PrincipalTag/Status=OK", Allowed);
}

#[test]
fn p11_null_asks_for_the_key_alone() {
    let there = allow(r#""Null": {"aws:RequestTag/Status": "false"}"#);
    check(&there, "ecs:RunTask", "aws:RequestTag/Status=NG; aws:RequestTag/x=y", Allowed);
    check(&there, "ecs:RunTask", "", ImplicitlyDenied);
}

#[test]
fn p12_p13_tagging_is_an_action_of_its_own() {
    let fenced = r#"{"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"},
        {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*", "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask", "aws:RequestTag/Status": "OK"}}}"#;
    check(fenced, "ecs:RunTask", "", Allowed);
    check(fenced, "ecs:TagResource", "ecs:CreateAction=RunTask; aws:RequestTag/Status=OK", Allowed);
    check(fenced, "ecs:TagResource", "aws:RequestTag/Status=OK", ImplicitlyDenied);
    let open = r#"{"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*"}"#;
    check(open, "ecs:TagResource", "aws:RequestTag/Status=OK", Allowed);
}

#[test]
fn p20_p21_p22_arns_of_the_caller_and_of_a_source() {
    let by_session = allow(r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/app/task-1"}"#);
    check(&by_session, "s3:GetObject", "aws:PrincipalArn=arn:aws:iam::111122223333:role/app", ImplicitlyDenied);
    let by_id = allow(r#""StringEquals": {"aws:userid": "AROAEXAMPLE:task-1"}"#);
    check(&by_id, "s3:GetObject", "aws:userid=AROAEXAMPLE:task-1", Allowed);
    let by_source = allow(r#""ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:*"}"#);
    check(&by_source, "s3:GetObject", "", ImplicitlyDenied);
    check(&by_source, "sts:AssumeRole", "aws:SourceArn=arn:aws:ecs:us-east-1:111122223333:*", Allowed);
    let by_cluster = allow(r#""ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/prod"}"#);
    check(&by_cluster, "sts:AssumeRole", "aws:SourceArn=arn:aws:ecs:us-east-1:111122223333:*", ImplicitlyDenied);
}

#[test]
fn p23_object_tags_do_not_guard_writes() {
    let guarded = deny(r#""StringEquals": {"s3:ExistingObjectTag/locked": "yes"}"#);
    check(&guarded, "s3:GetObject", "s3:ExistingObjectTag/locked=yes", ExplicitlyDenied);
    check(&guarded, "s3:DeleteObject", "", Allowed);
}

#[test]
fn p24_keys_ignore_case_and_values_do_not() {
    let lower = allow(r#""StringEquals": {"aws:RequestTag/status": "OK"}"#);
    check(&lower, "ecs:RunTask", "aws:RequestTag/Status=OK", Allowed);
    check(&lower, "ecs:RunTask", "aws:RequestTag/Status=ok", ImplicitlyDenied);
}

#[test]
fn p25_no_version_no_variables() {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/Status": "${aws:PrincipalTag/Status}"}}}}"#;
    let mut ask = request(session(), "s3:GetObject", OBJECT);
    ask.context = context("s3:ExistingObjectTag/Status=OK; aws:PrincipalTag/Status=OK");
    let verdict = |text: &str| {
        judged(&Policies { identity: vec![whole(Kind::Identity, "p", text)], ..Policies::default() }, &ask).verdict
    };
    assert_eq!(verdict(text), ImplicitlyDenied);
    assert_eq!(verdict(&text.replacen('{', r#"{"Version": "2012-10-17", "#, 1)), Allowed);
}

#[test]
fn a_bucket_action_on_objects_never_matches() {
    let objects = r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b/*"}"#;
    let policies = Policies { identity: vec![policy(Kind::Identity, objects)], ..Policies::default() };
    assert_eq!(judged(&policies, &request(session(), "s3:ListBucket", "arn:aws:s3:::b")).verdict, ImplicitlyDenied);
}

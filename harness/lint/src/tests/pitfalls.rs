//! Readings of tag conditions that go wrong, as people write them. The two that no policy shows (tags on a task
//! definition that tasks do not inherit, session tags that do not follow into the next role) are for a run to find.

use policy::Kind::{Identity, Resource, Trust};

use super::{Case, check};

#[test]
fn each_is_found() {
    check(PITFALLS.iter().map(|(_, case)| case));
}

#[rustfmt::skip]
const PITFALLS: &[(&str, Case)] = &[
    ("s3:GetObject by the tag of a task's launch", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}"#,
        &[r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "aws:RequestTag/Status""#])),
    ("s3:GetObject by a tag of the task definition", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"aws:ResourceTag/Status": "OK"}}"#,
        &[r#"S3_RESOURCE_TAG_NEEDS_ABAC | "aws:ResourceTag/Status""#])),
    ("all tag keys of a request that has none", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}}"#,
        &[r#"FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK | "ForAllValues:StringEquals""#, r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "aws:TagKeys""#])),
    ("ForAllValues taken for a stricter check", Case(Identity,
        r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:RequestTag/Status": "OK"}}"#,
        &[r#"FORALLVALUES_WITH_SINGLE_VALUED_KEY | "ForAllValues:StringEquals""#])),
    ("a Deny of bad tags that denies untagged requests", Case(Identity,
        r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"ForAllValues:StringNotEquals": {"aws:TagKeys": ["Status"]}}"#,
        &[r#"FORALLVALUES_DENY_WITHOUT_NULL_CHECK | "ForAllValues:StringNotEquals""#])),
    ("a Deny to force a tag that untagged requests escape", Case(Identity,
        r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["Status"]}}"#,
        &[r#"DENY_MISSES_UNTAGGED | "ForAnyValue:StringNotEquals""#])),
    ("a Deny about launches that denies everything untagged", Case(Identity,
        r#""Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestTag/Status": "OK"}}"#,
        &[r#"DENY_WITHOUT_KEY | "*""#])),
    ("a Deny of one value taken for a demand of the others", Case(Identity,
        r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "BAD"}}"#,
        &[r#"DENY_MISSES_UNTAGGED | "StringEquals""#])),
    ("an Allow with IfExists that lets the untagged in", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:PrincipalTag/Status": "OK"}}"#,
        &[r#"ALLOW_WITHOUT_KEY | "StringEqualsIfExists""#])),
    ("a Deny with IfExists that was to spare the untagged", Case(Identity,
        r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalTag/Status": "OK"}}"#,
        &[r#"IFEXISTS_WITH_NEGATED_OPERATOR | "StringNotEqualsIfExists""#])),
    ("Null taken for a check of the value", Case(Identity,
        r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/Status": "false"}}"#,
        &[r#"ALLOW_ANY_VALUE | "aws:RequestTag/Status": "false""#])),
    ("a tag asked for where only tagged launches come by", Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"},
            {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}}]}"#,
        &[r#"TAG_ON_CREATE_NOT_FORCED | "aws:RequestTag/Status""#])),
    ("a tag forced at launch and free to change later", Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}},
            {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*"}]}"#,
        &[r#"RETAGGING_ALLOWED | "ecs:TagResource""#])),
    ("a role passed by the tag of the launch", Case(Identity,
        r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/r", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}"#,
        &[r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "aws:RequestTag/Status""#])),
    ("a role passed by its own tag", Case(Identity,
        r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/r", "Condition": {"StringEquals": {"aws:ResourceTag/Status": "OK"}}"#,
        &[r#"PASS_ROLE_BY_TAG | "aws:ResourceTag/Status""#])),
    ("a launch by the tag that the task will have", Case(Identity,
        r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Status": "OK"}}"#,
        &[r#"RUN_TASK_BY_RESOURCE_TAG | "aws:ResourceTag/Status""#])),
    ("a role's tag that the caller may replace", Case(Trust,
        r#""Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": ["sts:AssumeRole", "sts:TagSession"]"#,
        &[r#"SESSION_TAGS_UNRESTRICTED | "sts:TagSession""#])),
    ("a task pinned by its session's ARN", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/r/0123456789abcdef"}}"#,
        &[r#"PRINCIPAL_ARN_OF_SESSION | "arn:aws:sts::111122223333:assumed-role/r/0123456789abcdef""#])),
    ("a task pinned by the source of its own call", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:111122223333:task/*"}}"#,
        &[r#"SOURCE_KEY_IN_IDENTITY_POLICY | "aws:SourceArn""#])),
    ("a role for the tasks of one cluster", Case(Trust,
        r#""Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/prod"}}"#,
        &[r#"ECS_SOURCE_ARN_OF_CLUSTER | "arn:aws:ecs:us-east-1:111122223333:cluster/prod""#])),
    ("tagged objects kept from being replaced", Case(Resource,
        r#""Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/Status": "final"}}"#,
        &[r#"EXISTING_OBJECT_TAG_ON_WRITE | "s3:ExistingObjectTag/Status""#])),
    ("two keys that are one", Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}},
            {"Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/status": "true"}}}]}"#,
        &[r#"KEYS_DIFFER_ONLY_IN_CASE | "aws:RequestTag/status""#])),
    ("a variable that is text", Case(Identity,
        r#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/Status": "${aws:PrincipalTag/Status}"}}}]}"#,
        &[r#"MISSING_VERSION | "Statement""#,
          r#"VARIABLE_UNSUPPORTED_IN_VERSION | "${aws:PrincipalTag/Status}""#])),

    // Others of the kind.
    ("a Deny by a bucket's tag", Case(Identity,
        r#""Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}"#,
        &[r#"S3_RESOURCE_TAG_NEEDS_ABAC | "aws:ResourceTag/env""#])),
    ("a listing of objects", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b/*""#,
        &[r#"ACTION_AND_RESOURCE_NEVER_MEET | "s3:ListBucket""#])),
    ("a key that another product has", Case(Identity,
        r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ResourceTag/Status": "OK"}}"#,
        &[r#"INVALID_SERVICE_CONDITION_KEY | "s3:ResourceTag/Status""#])),
    ("a launch by what it propagates", Case(Identity,
        r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"ecs:propagate-tags": "TASK_DEFINITION"}}"#,
        &[r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "ecs:propagate-tags""#])),
];

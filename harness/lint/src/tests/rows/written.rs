//! What is said of rows, word for word, by the tables of
//! docs.aws.amazon.com/service-authorization/latest/reference/list_ec2.html and the forms of
//! docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html.

use policy::Kind::{self, Boundary, Identity, Resource, ServiceControl};

use super::super::{Case, check};
use super::findings;

#[test]
fn messages_name_the_rows() {
    for (statement, message) in [
        (
            r#""Effect": "Allow", "Action": "ec2:CreateSnapshot", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}"#,
            "ec2:CreateSnapshot carries `aws:ResourceTag/team` on volume, but not on snapshot, which every call needs: this statement alone allows no call",
        ),
        (
            r#""Effect": "Deny", "Action": "ec2:CreateSnapshot", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestTag/team": "a"}}"#,
            "ec2:CreateSnapshot carries `aws:RequestTag/team` on snapshot, but not on volume, which every call needs: this statement denies every call",
        ),
        (
            r#""Effect": "Deny", "Action": "ec2:CreateSnapshot", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/team": "true"}, "Bool": {"aws:ViaAWSService": "false"}}"#,
            "ec2:CreateSnapshot carries `aws:RequestTag/team` on snapshot, but not on volume, which every call needs: this statement denies every call that the other conditions fit",
        ),
        (
            r#""Effect": "Allow", "Action": "ec2:CreateSnapsho*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}"#,
            "2 actions of `ec2:CreateSnapsho*` need a resource that never carries `aws:ResourceTag/team`, such as ec2:CreateSnapshot, which needs snapshot: this statement alone allows no call for them",
        ),
        (
            r#""Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*::image/*", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}"#,
            "`ec2:RunInstances` never carries `aws:RequestTag/team` on image, so the statement never allows it",
        ),
        (
            r#""Effect": "Allow", "Action": "ec2:RunInstances", "NotResource": ["arn:aws:ec2:*:*:*/*"], "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}"#,
            "`ec2:RunInstances` never carries `aws:RequestTag/team` on elastic-inference, group and license-configuration, so the statement never allows it",
        ),
    ] {
        let messages: Vec<_> = findings(statement).into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, [message], "{statement}");
    }
}

#[test]
fn splits_are_written_out() {
    let allow = findings(
        r#""Sid": "Snap", "Effect": "Allow", "Action": ["ec2:CreateSnapshot", "ec2:DeleteVolume"], "Resource": "arn:aws-cn:ec2:cn-north-1:111122223333:*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}, "Bool": {"aws:SecureTransport": "true"}}"#,
    );
    assert_eq!(allow.len(), 0, "a snapshot has no account, so the statement is not about it");
    let allow = findings(
        r#""Sid": "Snap", "Effect": "Allow", "Action": ["ec2:CreateSnapshot", "ec2:DeleteVolume"], "Resource": ["arn:aws-cn:ec2:cn-north-1:111122223333:volume/vol-1", "arn:aws-cn:ec2:cn-north-1::*"], "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}, "Bool": {"aws:SecureTransport": "true"}}"#,
    );
    assert_eq!(
        allow[0].see.as_deref(),
        Some("https://docs.aws.amazon.com/service-authorization/latest/reference/list_ec2.html")
    );
    assert_eq!(allow[0].help.as_deref(), Some(ALLOW));
    let deny = findings(
        r#""Effect": "Deny", "Action": "ec2:CreateSnapshot", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/team": "true"}}"#,
    );
    assert_eq!(deny[0].help.as_deref(), Some(DENY));
}

const ALLOW: &str = r#"split the statement:
{
  "Sid": "Snap",
  "Effect": "Allow",
  "Action": "ec2:DeleteVolume",
  "Resource": [
    "arn:aws-cn:ec2:cn-north-1:111122223333:volume/vol-1",
    "arn:aws-cn:ec2:cn-north-1::*"
  ],
  "Condition": {
    "StringEquals": {
      "aws:ResourceTag/team": "a"
    },
    "Bool": {
      "aws:SecureTransport": "true"
    }
  }
},
{
  "Sid": "SnapWithCondition",
  "Effect": "Allow",
  "Action": "ec2:CreateSnapshot",
  "Resource": "arn:aws-cn:ec2:cn-north-1:111122223333:volume/vol-1",
  "Condition": {
    "StringEquals": {
      "aws:ResourceTag/team": "a"
    },
    "Bool": {
      "aws:SecureTransport": "true"
    }
  }
},
{
  "Sid": "SnapWithoutCondition",
  "Effect": "Allow",
  "Action": "ec2:CreateSnapshot",
  "Resource": "arn:aws-cn:ec2:cn-north-1::snapshot/*",
  "Condition": {
    "Bool": {
      "aws:SecureTransport": "true"
    }
  }
}"#;

const DENY: &str = r#"split the statement:
{
  "Effect": "Deny",
  "Action": "ec2:CreateSnapshot",
  "Resource": "arn:aws:ec2:*::snapshot/*",
  "Condition": {
    "Null": {
      "aws:RequestTag/team": "true"
    }
  }
}"#;

/// A policy whose other statements allow the rest is as it should be; so is one that is about one resource.
#[test]
fn what_is_split_is_fine() {
    check(FINE.iter().map(|(_, case)| case));
}

const fn fine(kind: Kind, text: &'static str) -> Case {
    Case(kind, text, &[])
}

#[rustfmt::skip]
const FINE: &[(&str, Case)] = &[
    ("the example of AWS, with the condition on what is made", fine(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:us-east-1::image/*", "arn:aws:ec2:us-east-1:111122223333:subnet/*", "arn:aws:ec2:us-east-1:111122223333:network-interface/*", "arn:aws:ec2:us-east-1:111122223333:security-group/*", "arn:aws:ec2:us-east-1:111122223333:key-pair/*"]},
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:us-east-1:111122223333:volume/*", "arn:aws:ec2:us-east-1:111122223333:instance/*"], "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}},
        {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}}]}"#)),
    ("a condition on every resource that some statement does without", fine(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}},
        {"Effect": "Allow", "Action": "ec2:Run*", "NotResource": ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"]},
        {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}}]}"#)),
    ("a Deny on what is made", fine(ServiceControl,
        r#""Effect": "Deny", "Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"], "Condition": {"Null": {"aws:RequestTag/team": "true"}}"#)),
    ("a Deny that a required key keeps from the other resources", fine(Identity,
        r#""Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"StringNotEquals": {"ec2:InstanceType": "t3.micro"}, "Null": {"ec2:InstanceType": "false"}}"#)),
    ("a condition that holds without the key", fine(Boundary,
        r#""Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"StringEqualsIfExists": {"ec2:InstanceType": "t3.micro"}}"#)),
    ("a bucket policy that leaves it to access points; their page has it", fine(Resource,
        r#""Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": {"StringEquals": {"s3:DataAccessPointAccount": "111122223333"}}"#)),
    ("types that a call names one of", fine(Identity,
        r#""Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}"#)),
    ("a key that the reference may lack elsewhere", fine(Identity,
        r#""Effect": "Allow", "Action": "ram:AssociateResourceSharePermission", "Resource": "*", "Condition": {"ArnEquals": {"ram:PermissionArn": "arn:aws:ram::aws:permission/x"}}"#)),
];

/// The key that only an instance carries is one such as well, and two keys of two resources.
#[test]
fn other_keys_of_ec2_are_looked_at() {
    let codes = |text: &str| -> Vec<_> { findings(text).into_iter().map(|finding| finding.code).collect() };
    for (condition, expected) in [
        (r#""StringEquals": {"ec2:InstanceType": "t3.micro"}"#, vec!["ALLOW_UNMET_ON_REQUIRED_RESOURCE"]),
        (
            r#""StringEquals": {"ec2:InstanceType": "t3.micro", "ec2:ImageType": "machine"}"#,
            vec!["ALLOW_UNMET_ON_REQUIRED_RESOURCE"],
        ),
        (r#""StringEquals": {"ec2:Region": "eu-west-1"}"#, vec![]),
    ] {
        let text = format!(
            r#""Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {{{condition}}}"#
        );
        assert_eq!(codes(&text), expected, "{condition}");
    }
}

/// What cannot be told apart, or would open more than the key of the finding, is left to people.
#[test]
fn no_split_is_made_up() {
    for statement in [
        // A key that no row carries.
        r#""Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "a", "s3:prefix": "b"}}"#,
        // An index and what is below it.
        r#""Effect": "Deny", "Action": "kendra:DeleteExperience", "Resource": "*", "Condition": {"Null": {"aws:ResourceTag/team": "true"}}"#,
        r#""Effect": "Allow", "Action": "ec2:RunInstances", "NotResource": "arn:aws:ec2:*:*:key-pair/*", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}"#,
    ] {
        let found = findings(statement);
        let found = found.iter().find(|finding| finding.code.ends_with("_ON_REQUIRED_RESOURCE")).unwrap();
        assert_eq!(found.edit, None, "{statement}");
        assert_eq!(found.help.as_deref(), Some("name the resources that carry the key in a statement of their own"));
    }
}

/// Each with its own condition, where two keys are of two resources.
#[test]
fn two_keys_of_two_resources_are_two_statements() {
    let found = findings(
        r#""Effect": "Allow", "Action": "ec2:CreateSnapshot", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a", "aws:RequestTag/team": "a"}}"#,
    );
    let mut edits = found.iter().filter_map(|one| one.edit.as_deref());
    let Some(source::Edit::Split { statements, .. }) = edits.next() else { panic!("{found:?}") };
    let said: Vec<_> = statements.iter().map(|one| one.split_whitespace().collect::<String>()).collect();
    let statement = |resource, key| {
        format!(
            r#"{{"Effect":"Allow","Action":"ec2:CreateSnapshot","Resource":"{resource}","Condition":{{"StringEquals":{{"{key}/team":"a"}}}}}}"#
        )
    };
    let expected = [
        statement("arn:aws:ec2:*::snapshot/*", "aws:RequestTag"),
        statement("arn:aws:ec2:*:*:volume/*", "aws:ResourceTag"),
    ];
    assert_eq!(said, expected);
}

/// A split is an edit only where every call meets what it leaves: AWS's example of a launch asks for the tag on instances
/// and volumes, and not on the network interface.
#[test]
fn a_split_that_asks_more_of_a_call_is_no_edit() {
    let launch = "instance, network-interface, secondary-interface, spot-instances-request and volume";
    let tag = r#""StringEquals": {"aws:RequestTag/team": "a"}"#;
    let move_on = "Move to the statement without the condition the types that";
    for (effect, action, condition, help) in [
        (
            "Allow",
            "ec2:RunInstances",
            tag,
            Some(format!(
                "With this split, a call has to tag what it makes of {launch}. {move_on} a call need not tag"
            )),
        ),
        (
            "Deny",
            "ec2:RunInstances",
            r#""Null": {"aws:RequestTag/team": "true"}"#,
            Some(format!(
                "With this split, a call has to tag what it makes of {launch}. Leave out the types that a call need not tag"
            )),
        ),
        // Each launch has one instance type.
        ("Allow", "ec2:RunInstances", r#""StringEquals": {"ec2:InstanceType": "t3.micro"}"#, None),
        // Each snapshot is made of a volume, and is the only thing that is made.
        ("Allow", "ec2:CreateSnapshot", tag, None),
        ("Allow", "ec2:CreateSnapshot", r#""StringEquals": {"aws:ResourceTag/team": "a"}"#, None),
    ] {
        let statement =
            format!(r#""Effect": "{effect}", "Action": "{action}", "Resource": "*", "Condition": {{{condition}}}"#);
        let found = findings(&statement);
        let found = found.iter().find(|finding| finding.code.ends_with("_ON_REQUIRED_RESOURCE")).unwrap();
        assert_eq!(found.edit.is_some(), help.is_none(), "{statement}");
        let said = found.help.as_deref().unwrap().split_once(":\n").unwrap().0;
        let expected = help.map_or("split the statement".to_owned(), |help| format!("split the statement. {help}"));
        assert_eq!(said, expected, "{statement}");
    }
}

//! Each law: what is proved with it and not without, and what must not be proved with it.

use policy::Kind;

use super::*;
use crate::law::LAWS;
use crate::settle::settle_under;
use crate::space::Values;

const OWNER: &str = "111122223333";

/// Somebody of a kind, in the account of the resource.
pub(super) fn caller(kind: &str) -> Principal {
    match kind {
        "user" => Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
        "role" => session(),
        "pathless" => Principal::RoleSession {
            role: None,
            session: "arn:aws:sts::111122223333:assumed-role/ReaderRole/task-1".to_owned(),
        },
        "service" => Principal::Service { name: "sns.amazonaws.com".to_owned() },
        "anonymous" => Principal::Anonymous,
        other => panic!("{other}"),
    }
}

/// `caller action resource`, allowed under conditions by the caller's policy and the resource's.
fn asked(who: &str, conditions: &str) -> Question {
    let [kind, action, resource] = who.split(' ').collect::<Vec<_>>()[..] else { panic!("{who}") };
    let statement = |principal: &str| {
        format!(
            r#"{{"Effect": "Allow", {principal} "Action": "{action}", "Resource": "{resource}",
                "Condition": {{{conditions}}}}}"#
        )
    };
    let scope = format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}"#);
    Question {
        policies: Policies {
            identity: vec![statements(Kind::Identity, &statement(""))],
            resource: Some(statements(Kind::Resource, &statement(r#""Principal": "*","#))),
            ..Policies::default()
        },
        callers: vec![caller(kind)],
        owner: OWNER.to_owned(),
        scope: statements(Kind::Identity, &scope),
        within: Vec::new(),
        except: None,
    }
}

/// What comes of it under some laws.
fn under(question: &Question, is_taken: &dyn Fn(&crate::Law) -> bool) -> Verdict {
    let engine = |request: &Request| question.asked(Claim::Never, request);
    let mut space = Space::of(question.every(), Values::Enough);
    space.callers.clone_from(&question.callers);
    space.owner = Some(question.owner.clone());
    let wanted = question.wanted(&mut space, Claim::Never);
    settle_under(&mut space, wanted, &engine, is_taken).unwrap()
}

/// Law; who asks for what under which conditions, never allowed by the law; what is allowed all the same, if anything.
const CASES: &[(&str, [&str; 2], [&str; 2])] = &[
    (
        "user-name",
        ["user s3:GetObject *", r#""Null": {"aws:username": "true"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:username": "false"}"#],
    ),
    (
        "user-name",
        ["role s3:GetObject *", r#""Null": {"aws:username": "false"}"#],
        ["service s3:GetObject *", r#""Null": {"aws:username": "false"}"#],
    ),
    (
        "principal-arn",
        ["role s3:GetObject *", r#""ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ReaderRole"}"#],
        ["role s3:GetObject *", r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ReaderRole"}"#],
    ),
    // A session's ARN lacks the role's path.
    (
        "principal-arn",
        ["pathless s3:GetObject *", r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a/Other"}"#],
        [
            "pathless s3:GetObject *",
            r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a/ReaderRole"}"#,
        ],
    ),
    (
        "principal-tag",
        ["anonymous s3:GetObject *", r#""Null": {"aws:PrincipalTag/a": "false"}"#],
        ["role s3:GetObject *", r#""Null": {"aws:PrincipalTag/a": "false"}"#],
    ),
    (
        "principal-service-name",
        ["user s3:GetObject *", r#""Null": {"aws:PrincipalServiceName": "false"}"#],
        ["service s3:GetObject *", r#""Null": {"aws:PrincipalServiceName": "false"}"#],
    ),
    (
        "principal-is-aws-service",
        ["user s3:GetObject *", r#""Bool": {"aws:PrincipalIsAWSService": "true"}"#],
        ["service s3:GetObject *", r#""Bool": {"aws:PrincipalIsAWSService": "true"}"#],
    ),
    (
        "principal-is-aws-service",
        ["anonymous s3:GetObject *", r#""Null": {"aws:PrincipalIsAWSService": "false"}"#],
        ["anonymous s3:GetObject *", r#""BoolIfExists": {"aws:PrincipalIsAWSService": "true"}"#],
    ),
    (
        "principal-type-and-id",
        ["anonymous s3:GetObject *", r#""Null": {"aws:PrincipalType": "true"}"#],
        ["service s3:GetObject *", r#""Null": {"aws:PrincipalType": "true"}"#],
    ),
    (
        "principal-account",
        ["user s3:GetObject *", r#""StringNotEquals": {"aws:PrincipalAccount": "111122223333"}"#],
        ["user s3:GetObject *", r#""StringEquals": {"aws:PrincipalAccount": "111122223333"}"#],
    ),
    (
        "source-of-a-service",
        ["role sqs:SendMessage *", r#""Null": {"aws:SourceArn": "false"}"#],
        ["service sqs:SendMessage *", r#""Null": {"aws:SourceArn": "false"}"#],
    ),
    (
        "temporary-credentials",
        ["anonymous s3:GetObject *", r#""Null": {"aws:MultiFactorAuthPresent": "false"}"#],
        // An IAM user has temporary credentials of sts:GetSessionToken.
        ["user s3:GetObject *", r#""Bool": {"aws:MultiFactorAuthPresent": "true"}"#],
    ),
    (
        "address-or-endpoint",
        ["user s3:GetObject *", r#""Null": {"aws:SourceIp": "false", "aws:SourceVpcArn": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:SourceIp": "true", "aws:SourceVpcArn": "false"}"#],
    ),
    // "certain network-specific authorization context is redacted": neither may be there.
    (
        "address-or-endpoint",
        ["user s3:GetObject *", r#""Null": {"aws:SourceIp": "false", "aws:SourceVpce": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:SourceIp": "true", "aws:SourceVpce": "true"}"#],
    ),
    (
        "organization-id-and-paths",
        ["user s3:GetObject *", r#""Null": {"aws:PrincipalOrgID": "true", "aws:PrincipalOrgPaths": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:PrincipalOrgID": "true", "aws:PrincipalOrgPaths": "true"}"#],
    ),
    (
        "organization-id-and-paths",
        ["anonymous s3:GetObject *", r#""Null": {"aws:PrincipalOrgID": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:PrincipalOrgID": "false"}"#],
    ),
    (
        "resource-organization",
        ["user s3:GetObject *", r#""Null": {"aws:ResourceOrgID": "true", "aws:ResourceOrgPaths": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:ResourceOrgID": "false", "aws:PrincipalOrgID": "true"}"#],
    ),
    (
        "tag-keys-of-request-tags",
        [
            "user ecs:RunTask *",
            r#""Null": {"aws:RequestTag/a": "false"}, "ForAnyValue:StringLike": {"aws:TagKeys": "*"},
                "ForAllValues:StringEquals": {"aws:TagKeys": "b"}"#,
        ],
        // What takes tags away passes their keys alone.
        [
            "user ec2:DeleteTags *",
            r#""Null": {"aws:RequestTag/a": "true"}, "ForAnyValue:StringEquals": {"aws:TagKeys": "a"}"#,
        ],
    ),
    // The reference lists both keys for ecs:RunTask: without aws:TagKeys there is no aws:RequestTag.
    (
        "tag-keys-of-request-tags",
        [
            "user ecs:RunTask *",
            r#""Null": {"aws:RequestTag/a": "false"}, "ForAllValues:StringEquals": {"aws:TagKeys": "b"}"#,
        ],
        [
            "user ecs:RunTask *",
            r#""Null": {"aws:RequestTag/a": "true"}, "ForAllValues:StringEquals": {"aws:TagKeys": "b"}"#,
        ],
    ),
    (
        "resource-account",
        [
            "user s3:GetObject *",
            r#""StringNotEqualsIfExists": {"aws:ResourceAccount": "111122223333"},
            "Null": {"aws:ResourceAccount": "false"}"#,
        ],
        ["user s3:GetObject *", r#""StringEquals": {"aws:ResourceAccount": "111122223333"}"#],
    ),
    (
        "resource-account-of-s3",
        ["user s3:GetObject *", r#""StringEquals": {"s3:ResourceAccount": "444455556666"}"#],
        ["user s3:GetObject *", r#""StringEquals": {"s3:ResourceAccount": "111122223333"}"#],
    ),
    (
        "resource-tags-of-ecs",
        ["user ecs:StopTask *", r#""StringEquals": {"aws:ResourceTag/a": "x", "ecs:ResourceTag/a": "y"}"#],
        ["user ecs:StopTask *", r#""StringEquals": {"aws:ResourceTag/a": "x", "ecs:ResourceTag/b": "y"}"#],
    ),
    (
        "resource-tags-of-ecs",
        ["user ecs:StopTask *", r#""Null": {"aws:ResourceTag/a": "true", "ecs:ResourceTag/a": "false"}"#],
        ["user ecs:StopTask *", r#""Null": {"aws:ResourceTag/a": "false", "ecs:ResourceTag/a": "false"}"#],
    ),
    (
        "called-via",
        [
            "user s3:GetObject *",
            r#""ForAllValues:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}, "Null": {"aws:CalledVia": "false"},
                "StringEquals": {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}"#,
        ],
        [
            "user s3:GetObject *",
            r#""ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"},
                "StringEquals": {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}"#,
        ],
    ),
    // "a service that supports aws:CalledVia": there are others.
    (
        "called-via",
        ["user s3:GetObject *", r#""Null": {"aws:CalledVia": "false", "aws:CalledViaLast": "true"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:CalledVia": "true", "aws:CalledViaLast": "false"}"#],
    ),
    (
        "via-aws-service",
        ["user s3:GetObject *", r#""Null": {"aws:CalledViaFirst": "false"}, "Bool": {"aws:ViaAWSService": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:CalledVia": "true"}, "Bool": {"aws:ViaAWSService": "true"}"#],
    ),
    (
        "keys-of-every-request",
        ["user s3:GetObject *", r#""Null": {"aws:SecureTransport": "true"}"#],
        // docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html lists the keys that SES knows.
        ["user ses:SendEmail *", r#""Null": {"aws:RequestedRegion": "true"}"#],
    ),
    (
        "keys-of-every-request",
        ["user s3:GetObject *", r#""StringNotEquals": {"aws:SecureTransport": ["true", "false"]}"#],
        ["user s3:GetObject *", r#""Null": {"aws:referer": "true"}"#],
    ),
    (
        "one-instant",
        [
            "user s3:GetObject *",
            r#""DateGreaterThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
                "DateLessThan": {"aws:EpochTime": "2026-01-01T00:00:00Z"}"#,
        ],
        [
            "user s3:GetObject *",
            r#""DateGreaterThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"},
                "DateLessThan": {"aws:EpochTime": "2026-01-01T00:00:00Z"}"#,
        ],
    ),
    (
        "keys-of-the-reference",
        ["user s3:GetObject *", r#""Null": {"aws:RequestTag/a": "false"}"#],
        ["user s3:GetObject *", r#""Null": {"aws:ResourceTag/a": "false"}"#],
    ),
    ("forms-of-arns", ["user s3:GetObject arn:aws:sqs:*:*:q", ""], ["user s3:GetObject arn:aws:s3:::b/*", ""]),
    (
        "actions-without-resource",
        ["user cloudformation:ListStacks arn:aws:cloudformation:us-east-1:111122223333:stack/*/*", ""],
        ["user cloudformation:ListStacks *", ""],
    ),
    ("names-of-buckets", ["user s3:GetObject arn:aws:s3:::a!b/x", ""], ["user s3:GetObject arn:aws:s3:::a-b/!", ""]),
    (
        "names-of-stacks",
        ["user cloudformation:DescribeStacks arn:aws:cloudformation:us-east-1:111122223333:stack/a!/x", ""],
        ["user cloudformation:DescribeStacks arn:aws:cloudformation:us-east-1:111122223333:stack/a/*", ""],
    ),
    (
        "names-of-task-families",
        ["user ecs:RunTask arn:aws:ecs:us-east-1:111122223333:task-definition/a!:1", ""],
        ["user ecs:RunTask arn:aws:ecs:us-east-1:111122223333:task-definition/a_b:1", ""],
    ),
];

#[test]
fn each_law_proves_what_it_says_and_no_more() {
    let mut wrong = Vec::new();
    for (law, [who, conditions], [other, beyond]) in CASES {
        let question = asked(who, conditions);
        match prove(&question, Claim::Never, &Options::default()).unwrap() {
            Verdict::Proved { laws, .. } if laws.iter().any(|one| one.id == *law) => {}
            answer => wrong.push(format!("{law}: {who} {conditions}: {answer:?}")),
        }
        let without = under(&question, &|one| one.id != *law);
        let beyond_it = prove(&asked(other, beyond), Claim::Never, &Options::default()).unwrap();
        for (who, conditions, answer) in [(who, conditions, without), (other, beyond, beyond_it)] {
            if !matches!(answer, Verdict::Found { .. }) {
                wrong.push(format!("{law}: {who} {conditions} without it: {answer:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// With several values one could be `x` and another `y`.
#[test]
fn whether_a_key_has_several_values_is_a_law() {
    let both = r#""ForAnyValue:StringEquals": {"aws:PrincipalTag/a": "x"}, "ForAnyValue:StringLike": {"aws:PrincipalTag/a": "y"}"#;
    let question = asked("user s3:GetObject *", both);
    let Verdict::Proved { laws, .. } = prove(&question, Claim::Never, &Options::default()).unwrap() else {
        panic!("{both}");
    };
    assert!(laws.iter().any(|law| law.id == "single-or-multivalued"), "{laws:?}");
    let without = under(&question, &|law| law.id != "single-or-multivalued");
    assert!(!matches!(without, Verdict::Proved { .. }), "{without:?}");
}

/// What AWS adds to a service is covered by its wildcards, and not by a list of what there is today.
#[test]
fn that_the_reference_lists_every_action_is_a_law() {
    let (sent, every) = (r#"["sqs:SendMessage"]"#, r#"["sqs:SendMessage*", "sqs:Send?essage"]"#);
    for (denied, expected) in [(sent, true), (every, true), (r#"["sqs:Send*"]"#, false)] {
        let mut question = asked("user sqs:Send* *", "");
        let deny = format!(r#"{{"Effect": "Deny", "Action": {denied}, "Resource": "*"}}"#);
        question.policies.identity.push(statements(Kind::Identity, &deny));
        let Verdict::Proved { laws, .. } = prove(&question, Claim::Never, &Options::default()).unwrap() else {
            panic!("{denied}");
        };
        let is_needed = |law: &&'static crate::Law| law.id == "actions-of-the-reference";
        assert_eq!(laws.iter().any(is_needed), expected, "{denied}: {laws:?}");
        let without = under(&question, &|law| law.id != "actions-of-the-reference");
        assert_eq!(matches!(without, Verdict::Found { .. }), expected, "{denied}: {without:?}");
    }
}

/// Laws of which a test of its own says what they are for.
const APART: [&str; 2] = ["single-or-multivalued", "actions-of-the-reference"];

#[test]
fn each_law_has_a_case() {
    let has_none = |law: &&crate::Law| !APART.contains(&law.id) && CASES.iter().all(|case| case.0 != law.id);
    let lacking: Vec<_> = LAWS.iter().filter(has_none).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

/// What no page says is not proved: who owns what belongs to AWS itself.
#[test]
fn the_account_of_what_belongs_to_aws_is_open() {
    let mut question = asked("user iam:GetPolicy *", r#""StringEquals": {"aws:ResourceAccount": "111122223333"}"#);
    question.owner = "aws".to_owned();
    let answer = prove(&question, Claim::Never, &Options::default()).unwrap();
    assert!(matches!(answer, Verdict::Found { .. }), "{answer:?}");
}

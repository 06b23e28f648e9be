//! What findings say, word for word, and the mends they offer.

use policy::Kind::{Boundary, Identity, ServiceControl, Session};

use super::Case;

#[test]
fn findings_offer_what_was_meant() {
    let statement = |action: &str, condition: &str| {
        let condition = if condition.is_empty() { String::new() } else { format!(r#", "Condition": {{{condition}}}"#) };
        let text = format!(r#""Effect": "Allow", "Action": "{action}", "Resource": "*"{condition}"#);
        Case(Identity, text.leak(), &[]).findings()
    };
    for (action, condition, message, help) in HELP {
        let findings = statement(action, condition);
        let said: Vec<_> =
            findings.iter().map(|one| (one.message.as_str(), one.help.as_deref().unwrap_or_default())).collect();
        assert_eq!(said, [(*message, *help)], "{action} {condition}");
    }
}

#[rustfmt::skip]
const HELP: &[(&str, &str, &str, &str)] = &[
    ("s3:GetObject", r#""StringEquals": {"aws:RequestTag/Status": "OK"}"#,
        "`s3:GetObject` never carries `aws:RequestTag/Status`, so the statement never allows it",
        "of tag keys, s3:GetObject can carry `aws:ResourceTag/${TagKey}`, `s3:AccessPointTag/${TagKey}`, `s3:BucketTag/${TagKey}`, `s3:ExistingObjectTag/${TagKey}`, `aws:PrincipalTag/${TagKey}`"),
    ("sts:GetCallerIdentity", r#""StringEquals": {"s3:prefix": "a"}"#,
        "`sts:GetCallerIdentity` never carries `s3:prefix`, so the statement never allows it",
        "sts:GetCallerIdentity has no keys beyond those of every request"),
    ("ecs:RunTask", r#""StringEquals": {"ecs:propagate-tags": "SERVICE"}"#,
        "`ecs:RunTask` never carries `ecs:propagate-tags`, so the statement never allows it",
        "beyond the keys of every request, ecs:RunTask can carry `aws:RequestTag/${TagKey}`, `aws:ResourceTag/${TagKey}`, `aws:TagKeys`, `ecs:capacity-provider`, `ecs:cluster`, `ecs:enable-ebs-volumes` and 4 more"),
    ("s3:GetObject", r#""StringEquals": {"s3:ResourceTag/Status": "OK"}"#,
        "AWS has no condition key `s3:ResourceTag/Status`, so no request carries it",
        "an object's tags are `s3:ExistingObjectTag/Status`, its bucket's `aws:ResourceTag/Status`"),
    ("s3:PutObject", r#""StringEquals": {"s3:RequestTag/Status": "OK"}"#,
        "AWS has no condition key `s3:RequestTag/Status`, so no request carries it",
        "the tags an object is written with are `s3:RequestObjectTag/Status`"),
    ("ecs:RunTask", r#""StringEquals": {"ecs:RequestTag/Status": "OK"}"#,
        "AWS has no condition key `ecs:RequestTag/Status`, so no request carries it",
        "did you mean `aws:RequestTag/Status`?"),
    ("ecs:RunTask", r#""StringEquals": {"aws:ReqestTag/Status": "OK"}"#,
        "AWS has no condition key `aws:ReqestTag/Status`, so no request carries it",
        "did you mean `aws:RequestTag/Status`?"),
    ("ecs:RunTask", r#""StringEquals": {"ecs:clustr": "a"}"#,
        "AWS has no condition key `ecs:clustr`, so no request carries it",
        "did you mean `ecs:cluster`?"),
    ("s3:HeadObject", "",
        "`s3:HeadObject` is an operation: it is authorised as `s3:GetObject`",
        "write `s3:GetObject`"),
    ("sqs:SendMessageBatch", "",
        "`sqs:SendMessageBatch` is an operation: it is authorised as `sqs:SendMessage`",
        "write `sqs:SendMessage`"),
    ("s3:CopyObject", "",
        "`s3:CopyObject` is an operation: it is authorised as `s3:PutObject` and `s3:GetObject`",
        "write `s3:PutObject` and `s3:GetObject`"),
    ("ecs:RunTasks", "",
        "AWS's service authorisation reference has no action `ecs:RunTasks`",
        "did you mean `ecs:RunTask`?"),
    ("esc:RunTask", "",
        "AWS's service authorisation reference has no service `esc`",
        "did you mean `ecs`?"),
];

#[test]
fn incomplete_arns_say_what_they_come_to() {
    for (kind, meaning) in [
        (Identity, "; IAM reads it as `arn:aws:sqs:*:*:*`"),
        (Boundary, "; IAM reads it as `arn:aws:sqs:*:*:*`"),
        (ServiceControl, "; AWS does not say what it means in a service control policy"),
        (Session, ", and a session policy must write them all"),
    ] {
        let text = r#""Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs""#;
        let said: Vec<_> = Case(kind, text, &[]).findings().into_iter().map(|one| one.message).collect();
        assert_eq!(said, [format!("the ARN `arn:aws:sqs` has fewer than six fields{meaning}")], "{kind}");
    }
}

/// IfExists denies a request without the key, where the operator alone spares it.
#[test]
fn a_deny_by_any_value_says_what_becomes_of_a_request_without_one() {
    for (operator, without) in
        [("ForAnyValue:StringNotEquals", "spares"), ("ForAnyValue:StringNotEqualsIfExists", "denies")]
    {
        let text = format!(
            r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {{"{operator}": {{"aws:TagKeys": ["Status"]}}}}"#
        );
        let findings = Case(Identity, text.leak(), &[]).findings();
        let found = findings.iter().find(|one| one.code == "DENY_FORANYVALUE_NEGATED").unwrap();
        let expected = format!(
            "{operator} denies as soon as one value of `aws:TagKeys` is none of these, whatever the others are, and \
             {without} a request without any"
        );
        assert_eq!(found.message, expected);
    }
}

#[test]
fn a_deny_without_mfa_is_to_be_written_with_if_exists() {
    let text = r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#;
    let findings = Case(Identity, text, &[]).findings();
    let said: Vec<_> =
        findings.iter().map(|one| (one.message.as_str(), one.help.as_deref().unwrap_or_default())).collect();
    let expected = (
        "a request with long-term credentials has no `aws:MultiFactorAuthPresent` and escapes this Deny",
        "write `BoolIfExists`, which also denies requests with access keys",
    );
    assert_eq!(said, [expected]);
}

/// The two inputs of real policies whose text was once untrue, or no sentence.
#[test]
fn a_deny_beside_another_condition_does_not_always_deny() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Sid":"EnforceOrgIdentities","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij","aws:ResourceTag/dp:exclude:identity":"true"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}]}"#;
    let findings = crate::text(source::FileId(0), text, None);
    let found = findings.iter().find(|one| one.code == "DENY_WITHOUT_KEY").map(|one| one.message.as_str());
    let expected = "`s3:*` also stands for actions that never carry `aws:ResourceTag/dp:exclude:identity`, such as \
                    s3:CreateAccessPointForObjectLambda: for them this condition always holds";
    assert_eq!(found, Some(expected));
}

#[test]
fn a_policy_that_is_too_long_is_told_in_a_sentence() {
    let resources: Vec<_> = (0..123).map(|at| format!(r#""arn:aws:s3:::box/{at:04}-{}""#, "x".repeat(70))).collect();
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": [{}]}}]}}"#,
        resources.join(", ")
    );
    let findings = crate::text(source::FileId(0), &text, None);
    let said: Vec<_> = findings.iter().map(|one| (one.message.as_str(), one.help.as_deref())).collect();
    let message = "the policy has 11,779 characters; the limit is 10,240 for all inline policies of a role together, 6,144 \
                   for a managed policy";
    assert_eq!(said, [(message, Some("split it up, or use wildcards"))]);
}

/// Where AWS's pages are silent, a finding names the row of the undocumented table that it rests on.
#[test]
fn a_finding_names_the_undocumented_row_that_it_rests_on() {
    let allow = |action: &str, condition: &str| {
        format!(r#""Effect": "Allow", "Action": "{action}", "Resource": "*", "Condition": {{{condition}}}"#)
    };
    for (text, code, row) in [
        (
            allow("ec2:PurchaseHostReservation", r#""StringEquals": {"aws:RequestTag/a": "b"}"#),
            "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
            "tags-passed-without-a-key",
        ),
        (
            allow("kms:ReplicateKey", r#""ForAnyValue:StringEquals": {"aws:TagKeys": "b"}"#),
            "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
            "tags-passed-without-a-key",
        ),
        (
            allow("ec2:CancelCapacityReservation", r#""StringEquals": {"ec2:ResourceTag/a": "b"}"#),
            "ALLOW_UNMET_ON_REQUIRED_RESOURCE",
            "one-of-two-keys-of-the-same-tags",
        ),
        (
            allow("iam:PassRole", r#""StringEquals": {"iam:ResourceTag/a": "b"}"#),
            "PASS_ROLE_BY_TAG",
            "role-tags-in-pass-role",
        ),
        (
            allow("s3:GetObject", r#""StringNotEquals": {"aws:PrincipalTag/a": []}"#),
            "EMPTY_ARRAY_CONDITION",
            "condition-without-values",
        ),
        (
            allow("s3:GetObject", r#""StringEquals": {"aws:PrincipalTag/a": "${aws:PrincipalServiceNamesList}"}"#),
            "MULTIVALUED_VARIABLE",
            "multivalued-key-as-variable",
        ),
    ] {
        let findings = Case(Identity, text.leak(), &[]).findings();
        let found = findings.iter().find(|one| one.code == code).unwrap_or_else(|| panic!("{findings:?}"));
        let help = found.help.as_deref().unwrap_or_default();
        assert!(help.starts_with("AWS does not say: ") && help.contains(&format!("({row})\n")), "{help}");
    }
}

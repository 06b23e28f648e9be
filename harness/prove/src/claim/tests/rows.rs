//! What AWS leaves open: named by default, and not rested on when it is open.

use policy::Kind;
use policy::undocumented::{Case, Notes, OTHERWISE, ROWS};
use serde_json::Value;

use super::*;
use crate::Undocumented;
use crate::decision::tests::policies;

/// Row; `caller action resource`; the policies; what comes of the claim that the caller never may. `A` allows its holder
/// everything, `C(…)` under such conditions.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "multivalued-key-under-plain-operator",
        "user ecs:RunTask *",
        r#""identity": [C("StringNotEquals": {"aws:TagKeys": "x"}, "Null": {"aws:TagKeys": "false"})]"#,
        "found",
    ),
    (
        "for-any-value-if-exists",
        "user ecs:RunTask *",
        r#""identity": [C("ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "x"}, "Null": {"aws:TagKeys": "true"})]"#,
        "found",
    ),
    (
        "value-of-another-type",
        "user s3:GetObject *",
        r#""identity": [C("ArnNotEquals": {"aws:PrincipalTag/a": "arn:aws:s3:::b"}, "StringEquals": {"aws:PrincipalTag/a": "x"})]"#,
        "proved",
    ),
    (
        "null-and-empty-text",
        "user s3:GetObject *",
        r#""identity": [C("Null": {"aws:PrincipalTag/a": "true"}, "StringEquals": {"aws:PrincipalTag/a": ""})]"#,
        "proved",
    ),
    (
        "multivalued-key-as-variable",
        "user ecs:RunTask *",
        r#""identity": [C("StringEquals": {"aws:PrincipalTag/a": "${aws:TagKeys}"})]"#,
        "proved",
    ),
    (
        "wildcard-in-a-variables-value",
        "user s3:GetObject *",
        r#""identity": [C("StringLike": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}"},
            "StringEquals": {"aws:PrincipalTag/a": "x", "aws:PrincipalTag/b": "*"})]"#,
        "proved",
    ),
    (
        "variable-without-value-in-not-resource",
        "role s3:GetObject arn:aws:s3:::b/k",
        r#""identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
            "NotResource": "arn:aws:s3:::${aws:username}/*"}}]"#,
        "proved",
    ),
    (
        "variable-before-the-fifth-colon",
        "user s3:GetObject arn:aws:s3:::b/k",
        r#""identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
            "Resource": "arn:aws:${aws:PrincipalTag/a}:::b/*"}}]"#,
        "found",
    ),
    (
        "true-and-false-in-other-letters",
        "user s3:GetObject *",
        r#""identity": [C("Bool": {"aws:PrincipalTag/a": "true"}, "StringEquals": {"aws:PrincipalTag/a": "True"})]"#,
        "found",
    ),
    (
        "wildcard-inside-an-arn-segment",
        "user ecs:StopTask arn:aws:ecs:us-east-1:111122223333:task/c/t",
        r#""identity": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:ecs:us*3:task/*"}}]"#,
        "proved",
    ),
    (
        "wildcard-principal-and-boundary",
        "user s3:GetObject *",
        r#""resource": EVERYONE, "boundary": [{"Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}]"#,
        "found",
    ),
    (
        "trust-names-user-and-boundary",
        "user sts:AssumeRole arn:aws:iam::111122223333:role/reader",
        r#""trust": {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"}}},
            "boundary": [{"Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}]"#,
        "proved",
    ),
    (
        "bucket-pattern-for-list-all-my-buckets",
        "user s3:ListAllMyBuckets *",
        r#""identity": [{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}}]"#,
        "found",
    ),
    (
        "not-principal-with-allow",
        "user s3:GetObject *",
        r#""resource": {"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}}"#,
        "proved",
    ),
    (
        "not-principal-lists-a-part",
        "user s3:GetObject *",
        r#""identity": [A], "resource": {"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"},
            "Action": "*", "Resource": "*"}}"#,
        "proved",
    ),
    (
        "canonical-user-of-unknown-account",
        "user s3:GetObject *",
        r#""identity": [A], "resource": {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}}}"#,
        "proved",
    ),
    (
        "action-pattern-without-service",
        "user s3:GetObject *",
        r#""endpoint": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*Object", "Resource": "*"}}, "identity": [A]"#,
        "found",
    ),
    (
        "condition-without-values",
        "user s3:GetObject *",
        r#""identity": [C("StringEquals": {"aws:PrincipalTag/a": []})]"#,
        "proved",
    ),
    (
        "four-digits-as-a-date",
        "user s3:GetObject *",
        r#""identity": [C("DateEquals": {"aws:CurrentTime": "2020"}, "DateLessThan": {"aws:CurrentTime": "1990-01-01"})]"#,
        "found",
    ),
    (
        "role-path-not-known",
        "pathless s3:GetObject *",
        r#""resource": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
            "Principal": {"AWS": "arn:aws:iam::111122223333:role/team/ReaderRole"}}}"#,
        "found",
    ),
    (
        "no-permission-needed-and-endpoint-policy",
        "user sts:GetCallerIdentity *",
        r#""endpoint": {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
        "proved",
    ),
    (
        "within-one-account-and-anonymous",
        "anonymous backup:DeleteBackupVault arn:aws:backup:us-east-1:111122223333:backup-vault:v",
        r#""resource": EVERYONE"#,
        "proved",
    ),
    (
        "change-of-a-reserved-role",
        "user iam:DeleteRole arn:aws:iam::111122223333:role/aws-reserved/sso/x",
        r#""identity": [A]"#,
        "proved",
    ),
    (
        "file-system-without-policy-and-iam",
        "user elasticfilesystem:ClientMount arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1",
        r#""identity": [{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}]"#,
        "proved",
    ),
    (
        "queue-policy-that-denies-root",
        "root sqs:SetQueueAttributes arn:aws:sqs:us-east-1:111122223333:q",
        r#""resource": {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
        "found",
    ),
    (
        "describe-stream-across-accounts",
        "stranger kinesis:DescribeStream arn:aws:kinesis:us-east-1:111122223333:stream/s",
        r#""identity": [A], "resource": EVERYONE"#,
        "proved",
    ),
    (
        "function-policy-and-url-configuration",
        "user lambda:UpdateFunctionUrlConfig arn:aws:lambda:us-east-1:111122223333:function:f",
        r#""resource": EVERYONE"#,
        "proved",
    ),
    (
        "identity-policy-and-bulk-email",
        "user ses:SendBulkEmail arn:aws:ses:us-east-1:111122223333:identity/example.com",
        r#""resource": EVERYONE"#,
        "proved",
    ),
    (
        "incomplete-arn-in-other-policies",
        "user s3:GetObject arn:aws:s3:::b/k",
        r#""resource": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3"}}"#,
        "proved",
    ),
    (
        "incomplete-arn-with-an-earlier-star",
        "user ecs:StopTask arn:aws:ecs:us-east-1:111122223333:task/c/t",
        r#""identity": [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:ecs:*:task/*"}}]"#,
        "proved",
    ),
    (
        "policies-of-a-service-linked-role",
        "user iam:AttachRolePolicy arn:aws:iam::111122223333:role/aws-service-role/x/AWSServiceRoleForX",
        r#""identity": [A]"#,
        "proved",
    ),
];

/// Rows of which no small question depends on nothing else: an empty set cannot be told from a missing key by operators that
/// AWS settles, and a variable under Bool is undecided anyway.
const WITHOUT_CASE: [&str; 2] = ["null-and-empty-set", "variable-under-bool"];

fn asked((_, who, attached, _): &(&str, &str, &str, &str)) -> Question {
    let [kind, action, resource] = who.split(' ').collect::<Vec<_>>()[..] else { panic!("{who}") };
    let caller = match kind {
        "root" => Principal::root(ACCOUNT),
        "stranger" => Principal::User { arn: "arn:aws:iam::444455556666:user/bo".to_owned() },
        kind => laws::caller(kind),
    };
    let allow = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let everyone = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let under =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"#;
    let attached = attached.replace("[A]", &format!("[{allow}]")).replace("EVERYONE", everyone);
    let attached = attached.replace("[C(", &format!("[{under}")).replace(")]", "}}}]");
    let case: Value = serde_json::from_str(&format!(r#"{{"policies": {{{attached}}}}}"#))
        .unwrap_or_else(|fault| panic!("{fault}: {attached}"));
    let scope = format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#);
    Question {
        policies: policies(&case),
        callers: vec![caller],
        owner: ACCOUNT.to_owned(),
        scope: statements(Kind::Identity, &scope),
        within: Vec::new(),
        except: None,
    }
}

#[test]
fn an_answer_names_the_rows_that_it_rests_on_and_is_none_when_they_are_open() {
    let mut wrong = Vec::new();
    for case in CASES {
        let (row, who, _, expected) = case;
        let question = asked(case);
        let answer = prove(&question, Claim::Never, &Options::default()).unwrap();
        let (found, rows) = match &answer {
            Verdict::Proved { rows, .. } => ("proved", *rows),
            Verdict::Found { rows, .. } => ("found", *rows),
            Verdict::Undecided { .. } => ("undecided", Notes::default()),
        };
        if found != *expected || !rows.iter().any(|one| one.id == *row) {
            wrong.push(format!("{row}: {who}: {answer:?}"));
        }
        let open = Options { undocumented: Undocumented::Open, ..Options::default() };
        let answer = prove(&question, Claim::Never, &open).unwrap();
        if !matches!(answer, Verdict::Undecided { .. }) {
            wrong.push(format!("{row} open: {who}: {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The reference lists no aws:RequestTag for kms:ReplicateKey, which has the parameter Tags.
/// docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
#[test]
fn a_key_that_the_reference_leaves_open_is_no_proof() {
    let key = r#"user kms:ReplicateKey arn:aws:kms:us-east-1:111122223333:key/1"#;
    let tagged = r#""resource": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
        "Condition": {"Null": {"aws:RequestTag/a": "false"}}}}"#;
    let question = asked(&("", key, tagged, ""));
    let Verdict::Proved { rows, .. } = prove(&question, Claim::Never, &Options::default()).unwrap() else {
        panic!("{tagged}");
    };
    assert_eq!(rows.cases().collect::<Vec<_>>(), [Case::PassedTagsUnlisted]);
    let open = Options { undocumented: Undocumented::Open, ..Options::default() };
    assert!(!matches!(prove(&question, Claim::Never, &open).unwrap(), Verdict::Proved { .. }));
    let read = asked(&("", "user s3:GetObject *", tagged, ""));
    let Verdict::Proved { rows, .. } = prove(&read, Claim::Never, &open).unwrap() else { panic!("{tagged}") };
    assert!(rows.is_empty());
}

#[test]
fn each_row_that_can_be_decided_otherwise_has_a_case() {
    let ids = OTHERWISE.iter().map(|(row, _)| ROWS[*row as usize].id);
    let lacking: Vec<_> =
        ids.filter(|id| !WITHOUT_CASE.contains(id) && CASES.iter().all(|case| case.0 != *id)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

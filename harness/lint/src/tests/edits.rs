//! Rewrites: what is written, and that the finding is gone afterwards.

use policy::Kind::{self, Identity, Resource, Trust};
use source::FileId;

fn fixed(text: &str, kind: Kind, code: &str) -> String {
    let findings = crate::text(FileId(0), text, Some(kind));
    let edits: Vec<_> = findings.iter().filter(|one| one.code == code).filter_map(|one| one.edit.as_deref()).collect();
    assert!(!edits.is_empty(), "{code} has no rewrite in {text}");
    let (out, made) = source::rewrite(text, edits.iter().copied());
    assert!(made > 0, "{code} rewrites nothing in {text}");
    out
}

/// Each of the policies, in JSON and in YAML, on one line and over several.
#[test]
fn a_finding_is_gone_once_it_is_rewritten() {
    for (kind, code, policy) in POLICIES {
        let template = format!(
            "Resources:\n  P:\n    Type: {}\n    Properties:\n      {}:\n",
            match kind {
                Identity => "AWS::IAM::ManagedPolicy",
                Trust => "AWS::IAM::Role",
                _ => "AWS::S3::BucketPolicy",
            },
            if *kind == Trust { "AssumeRolePolicyDocument" } else { "PolicyDocument" },
        );
        let value: serde_json::Value = serde_json::from_str(policy).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let yaml = format!("{template}{}", yaml(&value, 8));
        let flow = format!("{template}        {policy}\n");
        for text in [(*policy).to_owned(), pretty, yaml, flow] {
            let out = fixed(&text, *kind, code);
            let left = crate::text(FileId(0), &out, Some(*kind));
            assert!(left.iter().all(|one| one.code != *code), "{code} is still there:\n{out}\n{left:#?}");
            let is_syntax = |code: &str| code == "SYNTAX" || code == "JSON_SYNTAX_ERROR" || code == "DUPLICATE_KEY";
            assert!(left.iter().all(|one| !is_syntax(one.code)), "{code} breaks the text:\n{out}");
        }
    }
}

/// A policy in YAML's block style.
fn yaml(value: &serde_json::Value, indent: usize) -> String {
    use serde_json::Value;
    let space = " ".repeat(indent);
    let is_block = |value: &Value| match value {
        Value::Object(entries) => !entries.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| match is_block(value) {
                true => format!("{space}\"{key}\":\n{}", yaml(value, indent + 2)),
                false => format!("{space}\"{key}\": {value}\n"),
            };
            entries.iter().map(entry).collect()
        }
        Value::Array(items) => {
            let item = |value: &Value| match is_block(value) {
                true => format!("{space}- {}", yaml(value, indent + 2).trim_start()),
                false => format!("{space}- {value}\n"),
            };
            items.iter().map(item).collect()
        }
        other => format!("{space}{other}\n"),
    }
}

#[rustfmt::skip]
const POLICIES: &[(Kind, &str, &str)] = &[
    (Identity, "INVALID_ACTION", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessageBatch", "s3:HeadBucket"], "Resource": "*"}]}"#),
    (Identity, "INVALID_ACTION", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:SendMessageBatch"], "Resource": "*"}]}"#),
    (Identity, "MISSING_VERSION", r#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#),
    (Identity, "EMPTY_SID_VALUE", r#"{"Version": "2012-10-17", "Statement": [{"Sid": "", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#),
    (Identity, "EMPTY_OBJECT_CONDITION", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {}}]}"#),
    (Identity, "REDUNDANT_ACTION", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetBucketAcl", "s3:Get*", "s3:GetObject"], "Resource": "*"}]}"#),
    (Identity, "REDUNDANT_RESOURCE", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::b/a"]}]}"#),
    (Identity, "REDUNDANT_STATEMENT", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#),
    (Identity, "INVALID_ARN_SERVICE_CASE", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:S3:::b/*"}]}"#),
    (Identity, "ARN_REGION_NOT_ALLOWED", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam:us-east-1:111122223333:role/r"}]}"#),
    (Identity, "ARN_ACCOUNT_NOT_ALLOWED", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3::111122223333:b/*"}]}"#),
    (Identity, "IFEXISTS_WITH_NEGATED_OPERATOR", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalTag/a": "b"}}}]}"#),
    (Identity, "FORALLVALUES_WITH_SINGLE_VALUED_KEY", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalTag/a": "b"}}}]}"#),
    (Identity, "FORANYVALUE_WITH_SINGLE_VALUED_KEY", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:PrincipalTag/a": "b"}}}]}"#),
    (Identity, "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}}]}"#),
    (Identity, "IMPROVE_IP_RANGE", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7/24"}}}]}"#),
    (Identity, "REDUNDANT_CONDITION_VALUE_NUM", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": ["2700", "3600"]}}}]}"#),
    (Identity, "UNSUPPORTED_SPACE_IN_VARIABLE", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${ aws:username }/*"}]}"#),
    (Identity, "DENY_MISSES_LONG_TERM_CREDENTIALS", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]}"#),
    (Resource, "INVALID_SERVICE_PRINCIPAL_FORMAT", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": {"Service": "CloudTrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "*"}]}"#),
    (Trust, "MISMATCHED_ACTION_FOR_PRINCIPAL", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRole"}]}"#),
    (Trust, "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/r", "arn:aws:sts::111122223333:assumed-role/r/s"]}, "Action": "sts:AssumeRole"}]}"#),
    (Trust, "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"ForAnyValue:StringEquals": {"accounts.google.com:aud": "a"}}}]}"#),
];

#[test]
fn a_text_is_made_one_for_sub_in_a_template_only() {
    let template = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement: [{Effect: Allow, Action: \"s3:GetObject\", Resource: \"arn:aws:s3:::b-${AWS::AccountId}/${aws:username}\"}]\n";
    let out = fixed(template, Identity, "PSEUDO_PARAMETER_WITHOUT_SUB");
    assert!(out.contains("Resource: !Sub \"arn:aws:s3:::b-${AWS::AccountId}/${!aws:username}\""), "{out}");
    assert_eq!(crate::text(FileId(0), &out, None), []);
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-${AWS::AccountId}/*"}}"#;
    let findings = crate::text(FileId(0), policy, Some(Identity));
    assert_eq!(
        findings.iter().map(|one| (one.code, &one.edit)).collect::<Vec<_>>(),
        [("PSEUDO_PARAMETER_WITHOUT_SUB", &None)]
    );
}

#[test]
fn what_a_function_gives_is_not_rewritten() {
    let template = "Parameters: {Action: {Type: String, Default: \"s3:HeadObject\"}}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement: {Effect: Allow, Action: [!Ref Action, !If [A, \"s3:GetObject\", \"s3:Get*\"], \"s3:Get*\"], Resource: \"*\"}\n";
    let findings = crate::text(FileId(0), template, None);
    assert!(findings.iter().any(|one| one.edit.is_some()));
    let edits = findings.iter().filter_map(|one| one.edit.as_deref());
    assert_eq!(source::rewrite(template, edits), (template.to_owned(), 0));
}

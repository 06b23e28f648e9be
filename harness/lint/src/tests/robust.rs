//! Odd, long and broken policies.

use policy::Kind;
use proptest::prelude::*;
use source::{FileId, Findings};

use crate::text;

fn of_size(size: usize) -> String {
    let head =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/"#;
    let tail = r#""}]}"#;
    // White space is not counted.
    format!("{head}{} {tail}\n", "x".repeat(size - head.len() - tail.len()))
}

#[test]
fn a_policy_may_be_as_long_as_its_kind_allows() {
    for (kind, most, code) in [
        (Kind::Identity, 6_144, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"),
        (Kind::Boundary, 6_144, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"),
        (Kind::Trust, 2_048, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"),
        (Kind::Session, 2_048, "POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA"),
        (Kind::ServiceControl, 5_120, "POLICY_SIZE_EXCEEDS_SCP_QUOTA"),
        (Kind::ResourceControl, 5_120, "POLICY_SIZE_EXCEEDS_RCP_QUOTA"),
        (Kind::Resource, 20_480, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
        (Kind::Endpoint, 20_480, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
    ] {
        let is_too_long = |size| text(FileId(0), &of_size(size), Some(kind)).iter().any(|finding| finding.code == code);
        assert!(!is_too_long(most), "{kind}");
        assert!(is_too_long(most + 1), "{kind}");
    }
}

#[test]
fn a_huge_policy_takes_no_time() {
    let statement = r#"{"Effect":"Allow","Action":"*:*a*b*","Resource":"arn:aws:s3:::*a*b*c*","Condition":{"StringEqualz":{"aws:Foo":"x"}}}"#;
    let many = vec![statement; 50_000].join(",");
    let findings = text(FileId(0), &format!(r#"{{"Statement":[{many}]}}"#), None);
    assert!(findings.iter().any(|finding| finding.code == "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"));
    // As long as is looked into.
    let patterns: Vec<_> = (0..10_000).map(|at| format!(r#""*:*{at}*x*""#)).collect();
    let one = format!(
        r#"{{"Statement":{{"Effect":"Allow","Action":[{}],"Resource":"{}"}}}}"#,
        patterns.join(","),
        "arn:aws:s3:::*a".repeat(100)
    );
    assert!(!text(FileId(0), &one, None).is_empty());
}

/// The code of each finding with what stands at its place, each once; a finding whose place is not in the text is a
/// mistake of ours.
#[track_caller]
fn told(policy: &str) -> Vec<String> {
    let findings = text(FileId(0), policy, Some(Kind::Identity));
    assert!(findings.len() <= Findings::MOST + 2, "{} findings", findings.len());
    let mut told = Vec::new();
    for finding in findings {
        let place: String = policy[finding.span.start as usize..finding.span.end as usize].chars().take(20).collect();
        let help = finding.help.unwrap_or_default();
        assert!(finding.message.len() < 1000 && help.len() < 1000, "{}", finding.code);
        told.push(format!("{} | {place}", finding.code));
    }
    told.dedup();
    told
}

#[test]
fn bad_input_is_told_with_its_place() {
    let one = |more: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "*", "Resource": "*"{more}}}}}"#
        )
    };
    let size = r#"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA | "Statement""#;
    for (policy, expected) in [
        (one("")[..38].to_owned(), &["JSON_SYNTAX_ERROR | "][..]),
        (format!("\u{feff}{}", one("")), &["JSON_SYNTAX_ERROR | \u{feff}"]),
        (one(r#", "Effect": "Allow""#), &["DUPLICATE_KEY | \"Effect\""]),
        (one("").replacen('{', r#"{"Id": "\u0000", "#, 1), &[r"JSON_SYNTAX_ERROR | \u0000"]),
        (one("").replacen('{', r#"{"Id": "\ud800", "#, 1), &[r"JSON_SYNTAX_ERROR | \ud800"]),
        (one(r#", "Sid": 01"#), &["JSON_SYNTAX_ERROR | 01"]),
        (one(r#", "Condition": {"Bool": 1}"#), &["DATA_TYPE_MISMATCH | 1"]),
        (one("").replace("\"*\"}", "\"arn\"}"), &["INVALID_ARN_PREFIX | \"arn\""]),
        // What may follow from broken syntax is not said.
        (one(r#", "Effekt": "Deny","#), &["JSON_SYNTAX_ERROR | ,"]),
        (one(r#", "Sid": "\q", "Effekt": "Deny""#), &[r"JSON_SYNTAX_ERROR | \q"]),
        ("[".repeat(10_000_000), &["JSON_SYNTAX_ERROR | ["]),
        ("- ".repeat(1_000_000), &["TOO_DEEP | "]),
        (one(&format!(r#", "Sid": "{}""#, "x".repeat(10_000_000))), &[size]),
        (one(&r#", "a": 1"#.repeat(500_000)), &["DUPLICATE_KEY | \"a\"", "TOO_MANY_FINDINGS | \"a\""]),
        (
            format!(r#"{{"Version": "2012-10-17", "Statement": [{}1]}}"#, "1,".repeat(1_000_000)),
            &[size, "DATA_TYPE_MISMATCH | 1", "TOO_MANY_FINDINGS | 1"],
        ),
    ] {
        let found = told(&policy);
        assert_eq!(found, expected, "{}", policy.chars().take(100).collect::<String>());
    }
}

#[test]
fn nothing_from_outside_can_steer_a_terminal() {
    let odd = r#""\u001b[2J\u202e:x/\u001b[2J""#;
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": {odd}, "Effect": "Allow", "Action": [{odd}, "*\u001b:x"], "Resource": [{odd}, "arn:\u001b[2J"], "Condition": {{"StringEquals": {{{odd}: [{odd}, "${{\u001b}}", "*\u001b"]}}}}}}]}}"#
    );
    let findings = text(FileId(0), &policy, None);
    assert!(findings.len() > 4);
    for finding in findings {
        let said = format!("{}{}", finding.message, finding.help.unwrap_or_default());
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said}");
    }
}

/// JSON whose keys and values are likely to be looked at.
fn any_json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Version",
        "2012-10-17",
        "Statement",
        "Effect",
        "Allow",
        "Deny",
        "Action",
        "NotAction",
        "Resource",
        "*",
        "Principal",
        "AWS",
        "Condition",
        "StringEquals",
        "ForAllValues:StringLike",
        "Null",
        "Bool",
        "aws:TagKeys",
        "aws:RequestTag/ä",
        "aws:SourceArn",
        "s3:*",
        "s3:GetObject",
        "ecs:TagResource",
        "iam:PassRole",
        "sts:TagSession",
        "${aws:x, 'a'}",
        "${",
        "arn:aws:s3:::b/*",
        "arn:aws:ecs:::cluster/é",
        "\u{fffc}",
        "",
    ]);
    let word = word.prop_map(|word| format!("\"{word}\""));
    let leaf = prop_oneof![word.clone(), Just("null".to_owned()), Just("1.5".to_owned()), Just("true".to_owned())];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let entry = (word.clone(), inner.clone()).prop_map(|(key, value)| format!("{key}: {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(entry, 0..6).prop_map(|entries| format!("{{{}}}", entries.join(", "))),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_is_too_odd(kind in prop::sample::select(&Kind::ALL[..]), condition in any_json(), action in any_json(), other in any_json()) {
        let policy = format!(r#"{{"Statement": [{{"Effect": "Allow", "Action": {action}, "Resource": {other}, "Condition": {{"StringLike": {condition}, "Null": {condition}}}}}, {other}]}}"#);
        for finding in text(FileId(0), &policy, Some(kind)) {
            prop_assert!(policy.get(finding.span.start as usize..finding.span.end as usize).is_some());
            prop_assert!(finding.see.is_some_and(|page| page.starts_with("https://docs.aws.amazon.com/")));
        }
    }

    #[test]
    fn no_text_is_too_odd(policy in ".*") {
        let _ = text(FileId(0), &policy, None);
    }

    #[test]
    fn no_template_is_too_odd(properties in any_json()) {
        let text = format!(r#"{{"Resources": {{"A": {{"Type": "AWS::IAM::Role", "Properties": {{"Statement": {{"Effect": {properties}, "Action": {{"Fn::Sub": {properties}}}}}}}}}}}}}"#);
        let _ = crate::text(FileId(0), &text, None);
    }
}

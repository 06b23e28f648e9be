use super::*;

#[track_caller]
fn check(statements: &str, expected: &[(usize, Part)]) {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let (document, findings) = Document::read_json(&text, Kind::Identity);
    let document = document.unwrap_or_else(|| panic!("{text}: {findings:?}"));
    let found = dead(Kind::Identity, &document, &Options::default()).unwrap();
    let found: Vec<_> = found.iter().map(|dead| (dead.statement, dead.part)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn what_another_statement_covers_is_dead() {
    let wide = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
    let narrow = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    let other = r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}"#;
    check(&format!("{wide}, {narrow}, {other}"), &[(1, Part::Statement)]);
    check(other, &[]);
}

/// The service authorization reference lists aws:RequestTag for no read of an object: the condition never holds.
#[test]
fn a_statement_that_never_allows_is_dead() {
    let dead = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestTag/a": "x"}}}"#;
    check(dead, &[(0, Part::Statement)]);
}

#[test]
fn values_and_conditions_that_add_nothing_are_dead() {
    let value = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringLike": {"aws:PrincipalTag/a": ["x*", "xy"]}}}"#;
    check(value, &[(0, Part::Value(0, 1))]);
    let condition = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringLike": {"aws:PrincipalTag/a": "x"}, "Null": {"aws:PrincipalTag/a": "false"}}}"#;
    check(condition, &[(0, Part::Condition(1))]);
}

#[test]
fn a_deny_counts_by_what_it_denies() {
    let deny = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalTag/a": ["x", "x"]}}}"#;
    check(deny, &[(0, Part::Value(0, 0)), (0, Part::Value(0, 1))]);
    let deny = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#;
    check(deny, &[]);
    let never = r#"{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestTag/a": "x"}}}"#;
    check(never, &[(0, Part::Statement)]);
}

/// Both could go, but not together.
#[test]
fn of_two_statements_that_say_the_same_the_first_stays() {
    let one = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;
    let same = r#"{"Effect": "Allow", "Action": ["s3:getobject"], "Resource": ["*", "arn:aws:s3:::b/*"]}"#;
    check(&format!("{one}, {same}"), &[(1, Part::Statement)]);
    check(&format!("{same}, {one}"), &[(1, Part::Statement)]);
    let narrow = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    check(&format!("{narrow}, {one}, {same}"), &[(0, Part::Statement), (2, Part::Statement)]);
}

/// "An explicit deny in any of these policies overrides the allow": one that denies the same is enough.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#[test]
fn a_deny_that_another_covers_is_dead() {
    let wide = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#;
    let narrow = r#"{"Effect": "Deny", "Action": "s3:Put*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#;
    let allow = r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}"#;
    check(&format!("{wide}, {allow}, {narrow}"), &[(2, Part::Statement)]);
    check(&format!("{allow}, {narrow}"), &[]);
}

/// What a Deny takes away, no Allow beside it gives.
#[test]
fn an_allow_of_what_is_denied_is_dead() {
    let allow = r#"{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}"#;
    let deny = r#"{"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"}"#;
    check(&format!("{allow}, {deny}"), &[(0, Part::Statement)]);
}

/// A request for each part that decides; nothing is silently left out.
#[test]
fn every_part_is_looked_at() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/a": ["x", "y"]}}}}"#;
    let (document, _) = Document::read_json(text, Kind::Identity);
    let document = document.unwrap();
    let looked = parts(Kind::Identity, &document, &Options::default()).unwrap();
    let looked: Vec<_> = looked.iter().map(|one| (one.part, matches!(one.verdict, Verdict::Found { .. }))).collect();
    let expected = [Part::Statement, Part::Condition(0), Part::Value(0, 0), Part::Value(0, 1)];
    assert_eq!(looked, expected.map(|part| (part, true)));
    let looked =
        parts(Kind::Identity, &document, &Options { budget: crate::Budget::new(20), ..Options::default() }).unwrap();
    assert!(looked.iter().all(|one| matches!(one.verdict, Verdict::Undecided { .. })), "{looked:?}");
}

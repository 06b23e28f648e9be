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

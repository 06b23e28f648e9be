mod combining;
mod pitfalls;
mod principals;
mod properties;
mod rows;

use crate::testing::*;
use crate::*;

#[test]
fn nothing_allows_nothing() {
    let decision = judged(&Policies::default(), &request(session(), "s3:GetObject", OBJECT));
    assert_eq!(summary(&decision), "implicit identity");
}

/// Whether one identity policy of these statements allows a request.
#[track_caller]
fn check(statements: &str, action: &str, resource: &str, entries: &str, expected: &str) {
    let policies = Policies { identity: vec![policy(Kind::Identity, statements)], ..Policies::default() };
    let mut ask = request(session(), action, resource);
    ask.context = context(entries);
    assert_eq!(summary(&judged(&policies, &ask)), expected, "{statements} {action} {resource} {entries}");
}

#[test]
fn statements_match_by_action_and_resource() {
    let read = r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}"#;
    check(read, "s3:GetObject", "arn:aws:s3:::b/k", "", "allowed identity");
    check(read, "S3:GETOBJECT", "arn:aws:s3:::b/k", "", "allowed identity");
    check(read, "s3:PutObject", "arn:aws:s3:::b/k", "", "implicit identity");
    check(read, "s3:GetObject", "arn:aws:s3:::c/k", "", "implicit identity");
    let but_iam = r#"{"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}"#;
    check(but_iam, "s3:GetObject", OBJECT, "", "allowed identity");
    check(but_iam, "IAM:PassRole", "arn:aws:iam::111122223333:role/app", "", "implicit identity");
    let but_one =
        r#"{"Effect": "Allow", "Action": "s3:*", "NotResource": ["arn:aws:s3:::secret", "arn:aws:s3:::secret/*"]}"#;
    check(but_one, "s3:GetObject", OBJECT, "", "allowed identity");
    check(but_one, "s3:GetObject", "arn:aws:s3:::secret/k", "", "implicit identity");
}

#[test]
fn a_deny_wins_wherever_it_stands() {
    let allow = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let deny = r#"{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    for statements in [format!("{allow}, {deny}"), format!("{deny}, {allow}")] {
        check(&statements, "s3:GetObject", OBJECT, "", "explicit identity");
        check(&statements, "s3:PutObject", OBJECT, "", "allowed identity");
    }
}

#[test]
fn conditions_are_joined_by_and() {
    let both = r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
        "StringEquals": {"aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": "2"}, "Bool": {"aws:SecureTransport": "true"}}}"#;
    let all = "aws:PrincipalTag/a=1; aws:PrincipalTag/b=2; aws:SecureTransport=true";
    check(both, "s3:GetObject", OBJECT, all, "allowed identity");
    for (from, to) in [("a=1", "a=x"), ("b=2", "b=x"), ("=true", "=false")] {
        check(both, "s3:GetObject", OBJECT, &all.replace(from, to), "implicit identity");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
#[test]
fn without_the_2012_version_variables_are_plain_text() {
    let own = "arn:aws:s3:::b/${aws:username}";
    let condition = r#""Condition": {"StringEquals": {"aws:PrincipalTag/x": "${aws:username}"}}"#;
    for (version, resource, tag, expected) in [
        (r#""Version": "2012-10-17", "#, "arn:aws:s3:::b/ann", "ann", "allowed identity"),
        (r#""Version": "2008-10-17", "#, "arn:aws:s3:::b/ann", "ann", "implicit identity"),
        ("", "arn:aws:s3:::b/ann", "ann", "implicit identity"),
        ("", own, "${aws:username}", "allowed identity"),
    ] {
        let statement = format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "{own}", {condition}}}"#);
        let text = format!(r#"{{{version}"Statement": {statement}}}"#);
        let policies = Policies { identity: vec![whole(Kind::Identity, "p", &text)], ..Policies::default() };
        let mut ask = request(user(), "s3:GetObject", resource);
        ask.context = context(&format!("aws:username=ann; aws:PrincipalTag/x={tag}"));
        assert_eq!(summary(&judged(&policies, &ask)), expected, "{version} {resource}");
    }
}

#[test]
fn a_variable_without_value_keeps_a_resource_from_matching() {
    let allow =
        r#"{"Effect": "Allow", "Action": "*", "Resource": ["arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/pub"]}"#;
    check(allow, "s3:GetObject", "arn:aws:s3:::b//x", "", "implicit identity");
    check(allow, "s3:GetObject", "arn:aws:s3:::b/pub", "", "allowed identity");
    check(allow, "s3:GetObject", "arn:aws:s3:::b/ann/x", "aws:username=ann", "allowed identity");
}

#[test]
fn the_trace_has_a_form_of_its_own() {
    let statements = r#"
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/Status": "${aws:x, 'OK'}"}}},
        {"Sid": "Other", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}"#;
    let policies = Policies { identity: vec![policy(Kind::Identity, statements)], ..Policies::default() };
    let mut ask = request(session(), "s3:GetObject", OBJECT);
    ask.context = context("aws:principaltag/status=ok");
    let trace = serde_json::to_value(judged(&policies, &ask).trace.unwrap()).unwrap();
    let condition = &trace["policies"][0]["statements"][0]["conditions"][0];
    assert_eq!(trace["version"], 1);
    assert_eq!((&trace["verdict"], &trace["by"][0]), (&"ImplicitlyDenied".into(), &"identity".into()));
    assert_eq!(trace["policies"][0]["statements"][0]["failed"], "Condition");
    assert_eq!(
        (&condition["operator"], &condition["key"]),
        (&"StringEquals".into(), &"aws:PrincipalTag/Status".into())
    );
    assert_eq!((&condition["values"][0], &condition["resolved"][0]), (&"${aws:x, 'OK'}".into(), &"OK".into()));
    assert_eq!((&condition["context"], &condition["flags"][0]), (&"ok".into(), &"LetterCase".into()));
    assert_eq!(trace["policies"][0]["statements"][1]["failed"], "Action");
    assert_eq!(trace["policies"][0]["statements"][1]["sid"], "Other");
}

/// Though a denial settles the decision, what else was to be said is told.
#[test]
fn the_trace_goes_on_after_a_denial() {
    let deny = r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#;
    let allow = r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::c", "Condition": {"Bool": {"aws:SecureTransport": "true"}, "Null": {"aws:TagKeys": "true"}}}"#;
    let both = format!("{deny}, {allow}, {deny}");
    let policies = Policies {
        identity: vec![policy(Kind::Identity, &both), policy(Kind::Identity, &both)],
        boundary: Some(policy(Kind::Boundary, &both)),
        ..Policies::default()
    };
    let trace = judged(&policies, &request(session(), "s3:GetObject", OBJECT)).trace.unwrap();
    assert_eq!(trace.policies.len(), 3);
    for policy in &trace.policies {
        let statements = &policy.statements;
        assert_eq!(statements.iter().map(|statement| statement.matched).collect::<Vec<_>>(), [true, false, true]);
        let held: Vec<_> = statements[1].conditions.iter().map(|condition| condition.holds).collect();
        assert_eq!(held, [false, true], "conditions of a statement about another resource");
    }
}

#[test]
fn policies_know_the_keys_they_look_at() {
    let on = |resource: &str, condition: &str| {
        let text =
            format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "{resource}", "Condition": {{{condition}}}}}"#);
        Policies { boundary: Some(policy(Kind::Boundary, &text)), ..Policies::default() }
    };
    for (policies, expected) in [
        (on("*", r#""StringEquals": {"S3:ExistingObjectTag/a": "1"}"#), true),
        (on("*", r#""StringEquals": {"aws:PrincipalTag/a": "${ s3:existingObjectTag/a}"}"#), true),
        (on("arn:aws:s3:::b/${s3:ExistingObjectTag/a}", ""), true),
        (on("arn:aws:s3:::b/s3:ExistingObjectTag/a", r#""StringEquals": {"aws:PrincipalTag/a": "1"}"#), false),
        (on("*", r#""StringEquals": {"s3:Existing": "1"}"#), false),
        (Policies::default(), false),
    ] {
        assert_eq!(policies.look_at("s3:ExistingObjectTag/"), expected, "{policies:?}");
    }
}

//! Every row of the undocumented table that shows only in a whole decision; the others have their tests beside the code
//! that uses them.

use super::*;

#[track_caller]
fn note(policies: &Policies, ask: &Request, expected: &str, row: &str) {
    let decision = judged(policies, ask);
    assert_eq!((summary(&decision).as_str(), rows(&decision)), (expected, vec![row]));
}

fn identity(statements: &str) -> Policies {
    Policies { identity: vec![policy(Kind::Identity, statements)], ..Policies::default() }
}

#[test]
fn not_resource_with_an_empty_variable() {
    let ask = request(session(), "s3:GetObject", OBJECT);
    let policies = identity(r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::${aws:username}/*"}"#);
    note(&policies, &ask, "implicit identity", "variable-without-value-in-not-resource");
}

#[test]
fn the_bucket_list_on_the_bucket_pattern() {
    let policies = identity(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}"#);
    note(
        &policies,
        &request(session(), "s3:ListAllMyBuckets", "*"),
        "allowed identity",
        "bucket-pattern-for-list-all-my-buckets",
    );
    let queue = "arn:aws:sqs:us-east-1:111122223333:q";
    for (action, resource) in [("s3:GetAccountPublicAccessBlock", "*"), ("s3:ListAllMyBuckets", queue)] {
        let decision = judged(&policies, &request(session(), action, resource));
        assert_eq!(
            (summary(&decision).as_str(), rows(&decision)),
            ("implicit identity", vec![]),
            "{action} {resource}"
        );
    }
    let other = identity(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"}"#);
    let decision = judged(&other, &request(session(), "s3:ListAllMyBuckets", "*"));
    assert_eq!((summary(&decision).as_str(), rows(&decision)), ("implicit identity", vec![]));
}

#[test]
fn a_star_inside_a_segment() {
    let policies = identity(r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:ecs:us*3:task/*"}"#);
    let task = "arn:aws:ecs:us-east-1:111122223333:task/c/t";
    note(&policies, &request(session(), "ecs:StopTask", task), "implicit identity", "wildcard-inside-an-arn-segment");
}

#[test]
fn everyone_and_a_boundary() {
    let mut policies = identity(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
    policies.resource =
        Some(policy(Kind::Resource, r#"{"Principal": "*", "Effect": "Allow", "Action": "*", "Resource": "*"}"#));
    policies.boundary = Some(policy(Kind::Boundary, r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#));
    note(&policies, &request(user(), "s3:GetObject", OBJECT), "allowed resource", "wildcard-principal-and-boundary");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html settles it
/// for a condition on aws:PrincipalArn, and for no other.
#[test]
fn everyone_by_arn_and_a_boundary() {
    let row = "wildcard-principal-and-boundary";
    for (principal, condition, expected) in [
        (r#""Principal": "*""#, r#"{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}"#, vec![]),
        (r#""Principal": "*""#, r#"{"StringLike": {"AWS:principalArn": "arn:aws:iam::*:role/app"}}"#, vec![]),
        (
            r#""Principal": "*""#,
            r#"{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/x"}}"#,
            vec![row],
        ),
        (r#""Principal": "*""#, r#"{"Null": {"aws:PrincipalArn": "false"}}"#, vec![row]),
        (r#""Principal": "*""#, r#"{"StringEquals": {"aws:PrincipalTag/Status": "OK"}}"#, vec![row]),
        (r#""Principal": "*""#, "{}", vec![row]),
        (
            r#""NotPrincipal": {"AWS": "444455556666"}"#,
            r#"{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}"#,
            vec![row],
        ),
    ] {
        let statement =
            format!(r#"{{{principal}, "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}"#);
        let policies = Policies {
            resource: Some(policy(Kind::Resource, &statement)),
            boundary: Some(policy(Kind::Boundary, r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#)),
            session: Some(vec![policy(Kind::Session, r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#)]),
            ..Policies::default()
        };
        let mut ask = request(session(), "s3:GetObject", OBJECT);
        ask.context = context(&format!("aws:PrincipalArn={ROLE}; aws:PrincipalTag/Status=OK"));
        let decision = judged(&policies, &ask);
        assert_eq!((summary(&decision).as_str(), rows(&decision)), ("allowed resource", expected), "{statement}");
    }
}

#[test]
fn a_user_in_a_trust_policy_and_a_boundary() {
    let trust = format!(r#"{{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"AWS": "{USER}"}}}}"#);
    let policies = Policies {
        resource: Some(policy(Kind::Trust, &trust)),
        boundary: Some(policy(Kind::Boundary, r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#)),
        ..Policies::default()
    };
    let ask = request(user(), "sts:AssumeRole", "arn:aws:iam::111122223333:role/reader");
    note(&policies, &ask, "implicit boundary", "trust-names-user-and-boundary");
}

/// How a resource starts settles more than one row, before it is met.
#[test]
fn a_statement_about_another_resource_rests_on_nothing() {
    let early = identity(r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:${aws:x, 'r'}:*:q"}"#);
    let many = identity(r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::c/${aws:TagKeys}"}"#);
    let but_one =
        r#"{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "arn:aws:s3:::c"}"#;
    let but_one = Policies { resource: Some(policy(Kind::Resource, but_one)), ..Policies::default() };
    for policies in [early, many, but_one] {
        let mut ask = request(session(), "s3:GetObject", OBJECT);
        ask.context = context("aws:TagKeys=[a]");
        let decision = judged(&policies, &ask);
        assert_eq!((summary(&decision).as_str(), rows(&decision)), ("implicit identity", vec![]), "{policies:?}");
    }
}

/// A row is a ground only where it could have turned the decision.
#[test]
fn a_row_that_turned_nothing_is_not_noted() {
    let odd =
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}}}"#;
    let odd_allow =
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "False"}}}"#;
    let open = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let odd_deny = odd.replace("Allow", "Deny");
    let deny = open.replace("Allow", "Deny");
    for (statements, expected, row) in [
        (odd.to_owned(), "implicit identity", true),
        (format!("{odd}, {open}"), "allowed identity", false),
        (format!("{open}, {odd}"), "allowed identity", false),
        (odd_allow.to_owned(), "allowed identity", true),
        (format!("{odd_allow}, {odd_allow}"), "allowed identity", true),
        (format!("{open}, {odd_allow}"), "allowed identity", false),
        (format!("{odd_allow}, {open}"), "allowed identity", false),
        (format!("{open}, {odd_deny}"), "allowed identity", true),
        (format!("{odd_deny}, {open}"), "allowed identity", true),
        (format!("{odd_deny}, {deny}"), "explicit identity", false),
    ] {
        let mut ask = request(session(), "s3:GetObject", OBJECT);
        ask.context = context("aws:TagKeys=[a]");
        let decision = judged(&identity(&statements), &ask);
        assert_eq!(summary(&decision), expected, "{statements}");
        assert_eq!(!decision.notes.is_empty(), row, "{statements}");
    }
}

/// Of the Allows of a resource's policy the most direct counts, and of equals one that rests on nothing.
#[test]
fn the_most_direct_allow_is_the_ground() {
    let odd = r#""Null": {"aws:TagKeys": "False"}"#;
    let allow = |principal: &str, condition: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "*", "Resource": "*", "Condition": {{{condition}}}}}"#
        )
    };
    let (everyone, account) = (r#""*""#, r#"{"AWS": "111122223333"}"#);
    let named = format!(r#"{{"AWS": "{SESSION}"}}"#);
    for (one, other, row) in [
        (allow(everyone, ""), allow(everyone, odd), false),
        (allow(everyone, odd), allow(everyone, odd), true),
        (allow(&named, odd), allow(account, ""), true),
        (allow(&named, odd), allow(everyone, ""), true),
        (allow(&named, ""), allow(everyone, odd), false),
    ] {
        for statements in [format!("{one}, {other}"), format!("{other}, {one}")] {
            let policies = Policies { resource: Some(policy(Kind::Resource, &statements)), ..Policies::default() };
            let mut ask = request(session(), "s3:GetObject", OBJECT);
            ask.context = context("aws:TagKeys=[a]");
            let decision = judged(&policies, &ask);
            assert_eq!(
                (summary(&decision).as_str(), !decision.notes.is_empty()),
                ("allowed resource", row),
                "{statements}"
            );
        }
    }
}

/// What a service lets the caller do by itself: see [`Decision::by_default`].
#[test]
fn by_default_only_what_identity_and_resource_leave_out_does_not_count() {
    let allow = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let mut bounded = identity(r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#);
    bounded.boundary = Some(policy(Kind::Boundary, r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#));
    for (policies, expected, reason) in [
        (Policies::default(), "allowed", "the initiator of a multipart upload may stop it"),
        (identity(allow), "allowed identity", "allowed by identity-based policy"),
        (identity(r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#), "explicit identity", "denied by"),
        (bounded, "implicit identity+boundary", "not allowed by"),
    ] {
        let ask = request(user(), "s3:GetObject", OBJECT);
        let fact = crate::facts::row("s3-initiator-stops-upload").expect("a row");
        let decision = crate::decide(&policies, &ask).by_default(fact);
        let traced = crate::explain(&policies, &ask, &crate::NoVocabulary).by_default(fact);
        assert_eq!(rows(&decision).contains(&"initiator-within-limits"), expected == "implicit identity+boundary");
        assert_eq!(summary(&decision), summary(&traced));
        let trace = traced.trace.as_ref().expect("a trace");
        assert_eq!((trace.verdict, trace.by), (traced.verdict, traced.by));
        assert!(decision.reason(&ask).starts_with(reason), "{}", decision.reason(&ask));
        assert_eq!(summary(&decision).trim(), expected);
    }
}

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

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
#[test]
fn a_canonical_user_who_may_be_the_caller() {
    let canonical = r#"{"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#;
    let ask = |caller| request(caller, "s3:GetObject", OBJECT);
    let anonymous = || Principal::Anonymous;
    let service = || Principal::Service { name: "ecs-tasks.amazonaws.com".to_owned() };
    let row = "canonical-user-of-unknown-account";
    for (effect, element, caller, expected, row) in [
        ("Deny", "Principal", user(), "explicit resource", Some(row)),
        ("Deny", "Principal", session(), "explicit resource", Some(row)),
        ("Deny", "Principal", anonymous(), "implicit resource", None),
        ("Deny", "NotPrincipal", user(), "explicit resource", Some(row)),
        ("Deny", "NotPrincipal", anonymous(), "explicit resource", None),
        ("Deny", "NotPrincipal", service(), "explicit resource", None),
        ("Allow", "Principal", user(), "implicit identity", Some(row)),
        ("Allow", "Principal", anonymous(), "implicit resource", None),
        ("Allow", "NotPrincipal", user(), "implicit identity", Some(row)),
        ("Allow", "NotPrincipal", anonymous(), "allowed resource", None),
    ] {
        let text = format!(r#"{{"Effect": "{effect}", "{element}": {canonical}, "Action": "*", "Resource": "*"}}"#);
        let policies = Policies { resource: Some(policy(Kind::Resource, &text)), ..Policies::default() };
        let decision = judged(&policies, &ask(caller.clone()));
        let wanted: Vec<_> = row.into_iter().collect();
        assert_eq!((summary(&decision).as_str(), rows(&decision)), (expected, wanted), "{effect} {element} {caller:?}");
    }
}

#[test]
fn a_pattern_of_actions_without_a_service() {
    let row = "action-pattern-without-service";
    let start = request(session(), "states:StartExecution", "arn:aws:states:us-east-1:111122223333:stateMachine:m");
    note(&identity(r#"{"Effect": "Allow", "Action": "*Execution", "Resource": "*"}"#), &start, "allowed identity", row);
    let both = r#"{"Effect": "Allow", "Action": ["*Execution", "states:*"], "Resource": "*"}"#;
    let other = r#"{"Effect": "Allow", "Action": "*Execution", "Resource": "arn:aws:s3:::b"}"#;
    let whole = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    for (statement, expected) in [(both, "allowed identity"), (other, "implicit identity"), (whole, "allowed identity")]
    {
        let decision = judged(&identity(statement), &start);
        assert_eq!((summary(&decision).as_str(), rows(&decision)), (expected, vec![]), "{statement}");
    }
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
    let odd = r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:TagKeys": "a"}}}"#;
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
        let fact = &crate::facts::INITIATOR_STOPS_UPLOAD;
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

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: names of roles are unique in an account.
#[test]
fn a_role_whose_path_is_not_known_is_named_by_its_name() {
    let row = "role-path-not-known";
    let by_session = Principal::RoleSession { role: None, session: SESSION.to_owned() };
    for (arn, is_it, noted) in [
        ("arn:aws:iam::111122223333:role/app", true, vec![]),
        ("arn:aws:iam::111122223333:role/team/app", true, vec![row]),
        ("arn:aws:iam::111122223333:role/a/b/app", true, vec![row]),
        (SESSION, true, vec![]),
        ("arn:aws:iam::111122223333:role/team/xapp", false, vec![]),
        ("arn:aws:iam::111122223333:role/app/other", false, vec![]),
        ("arn:aws:iam::444455556666:role/team/app", false, vec![]),
        ("arn:aws-cn:iam::111122223333:role/team/app", false, vec![]),
        ("arn:aws:iam::111122223333:user/app", false, vec![]),
    ] {
        for (effect, named) in [("Allow", "allowed resource"), ("Deny", "explicit resource")] {
            let statement =
                format!(r#"{{"Principal": {{"AWS": "{arn}"}}, "Effect": "{effect}", "Action": "*", "Resource": "*"}}"#);
            let policies = Policies { resource: Some(policy(Kind::Resource, &statement)), ..Policies::default() };
            let decision = judged(&policies, &request(by_session.clone(), "s3:GetObject", OBJECT));
            let expected = if is_it { named } else { "implicit identity" };
            assert_eq!((summary(&decision).as_str(), rows(&decision)), (expected, noted.clone()), "{effect} {arn}");
        }
    }
}

/// NotPrincipal spares a role by the same names.
#[test]
fn a_role_whose_path_is_not_known_is_spared_by_its_name() {
    let by_session = Principal::RoleSession { role: None, session: SESSION.to_owned() };
    for (role, expected, row) in [
        ("arn:aws:iam::111122223333:role/app", "allowed identity", None),
        ("arn:aws:iam::111122223333:role/team/app", "allowed identity", Some("role-path-not-known")),
        ("arn:aws:iam::111122223333:role/team/other", "explicit resource", Some("not-principal-lists-a-part")),
    ] {
        let mut policies = identity(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
        let statement = format!(
            r#"{{"NotPrincipal": {{"AWS": ["{role}", "{SESSION}", "111122223333"]}}, "Effect": "Deny", "Action": "*", "Resource": "*"}}"#
        );
        policies.resource = Some(policy(Kind::Resource, &statement));
        let decision = judged(&policies, &request(by_session.clone(), "s3:GetObject", OBJECT));
        assert_eq!((summary(&decision).as_str(), rows(&decision)), (expected, row.into_iter().collect()), "{role}");
    }
}

/// A condition on aws:PrincipalArn that a path would turn: it is met in a Deny, and not in an Allow, unless the ARN without
/// a path meets it.
#[test]
fn a_condition_on_a_path_that_is_not_known() {
    let row = "role-path-not-known";
    let arn = |name: &str| format!("arn:aws:iam::111122223333:role/{name}");
    // Whether it holds in an Allow, and in a Deny.
    for (name, operator, wanted, in_allow, in_deny, rests) in [
        ("app", "ArnLike", "*", true, true, false),
        ("app", "ArnLike", "*/app", false, true, true),
        ("app", "ArnEquals", "app", true, true, true),
        ("app", "StringEquals", "app", true, true, true),
        ("app", "ArnLike", "ap*", true, true, true),
        ("app", "ArnLike", "team/*", false, true, true),
        ("app", "ArnEquals", "team/app", false, true, true),
        ("app", "StringEquals", "team/app", false, true, true),
        ("app", "StringEquals", "team/*", false, false, false),
        ("app", "StringEqualsIgnoreCase", "TEAM/APP", false, true, true),
        ("app", "ForAnyValue:StringLike", "team/*", false, true, true),
        ("app", "ArnNotLike", "team/*", false, true, true),
        ("app", "ArnNotEquals", "app", false, false, true),
        ("app", "ArnNotLike", "*", false, false, false),
        ("app", "ArnNotLike", "other", true, true, false),
        ("app", "ArnLike", "team/other", false, false, false),
        // What Identity Center makes has a path, and nothing else has that path.
        ("app", "ArnLike", "aws-reserved/sso.amazonaws.com/*", false, false, false),
        (
            "AWSReservedSSO_Admin_1",
            "ArnLike",
            "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
            false,
            true,
            true,
        ),
        ("AWSReservedSSO_Admin_1", "ArnNotLike", "AWSReservedSSO_Admin_*", false, true, true),
        ("AWSReservedSSO_Admin_1", "ArnLike", "*AWSReservedSSO_Admin_1", true, true, false),
        ("app", "Null", "", false, false, false),
    ] {
        for (effect, expected) in [("Allow", in_allow), ("Deny", in_deny)] {
            let value = if operator == "Null" { "true".to_owned() } else { arn(wanted) };
            let condition = format!(r#"{{"{operator}": {{"aws:PrincipalArn": "{value}"}}}}"#);
            let one = format!(r#"{{"Effect": "{effect}", "Action": "*", "Resource": "*", "Condition": {condition}}}"#);
            let open = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
            let policies = identity(&if effect == "Deny" { format!("{open}, {one}") } else { one });
            let session = format!("arn:aws:sts::111122223333:assumed-role/{name}/s");
            let principal = Principal::RoleSession { role: None, session };
            let mut ask = request(principal, "s3:GetObject", OBJECT);
            ask.context.set_role_without_path("aws:PrincipalArn", arn(name));
            let decision = judged(&policies, &ask);
            let outcome = match (effect, expected) {
                ("Allow", true) | ("Deny", false) => "allowed identity",
                ("Allow", false) => "implicit identity",
                _ => "explicit identity",
            };
            let noted = if rests { vec![row] } else { vec![] };
            assert_eq!((summary(&decision).as_str(), rows(&decision)), (outcome, noted), "{effect} {name} {condition}");
        }
    }
}

#[test]
fn a_variable_that_is_a_role_whose_path_is_not_known() {
    let policies = identity(
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"iam:DelegationRequestOwner": "${aws:PrincipalArn}"}}}"#,
    );
    let mut ask = request(session(), "iam:GetDelegationRequest", "*");
    ask.context.set("iam:DelegationRequestOwner", ROLE);
    ask.context.set_role_without_path("aws:PrincipalArn", ROLE);
    note(&policies, &ask, "allowed identity", "role-path-not-known");
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html: "SCPs do not affect any
/// service-linked role." Whether a role is one its path says.
#[test]
fn a_role_that_is_called_like_a_service_linked_one() {
    let mut policies = identity(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
    let scp = |effect: &str| {
        vec![vec![policy(
            Kind::ServiceControl,
            &format!(r#"{{"Effect": "{effect}", "Action": "s3:*", "Resource": "*"}}"#),
        )]]
    };
    let named = |name: &str| Principal::RoleSession {
        role: None,
        session: format!("arn:aws:sts::111122223333:assumed-role/{name}/s"),
    };
    let (linked, row) = ("AWSServiceRoleForECS", "role-path-not-known");
    for (name, effect, action, expected, noted) in [
        (linked, "Deny", "s3:GetObject", "explicit scp", vec![row]),
        (linked, "Allow", "sqs:SendMessage", "implicit scp", vec!["scp-level-without-allow", row]),
        (linked, "Allow", "s3:GetObject", "allowed identity", vec![]),
        ("app", "Deny", "s3:GetObject", "explicit scp", vec![]),
    ] {
        policies.service_control = scp(effect);
        let decision = judged(&policies, &request(named(name), action, "*"));
        assert_eq!((summary(&decision).as_str(), rows(&decision)), (expected, noted), "{name} {effect} {action}");
    }
}

const QUEUE: &str = "arn:aws:sqs:us-east-1:111122223333:q";
const ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

/// The verdicts with a statement of each effect, with Resource and NotResource, in a policy of a kind.
#[track_caller]
fn four(kind: Kind, resource: &str, expected: [&str; 4], row: &str) {
    let elements = [("Allow", "Resource"), ("Deny", "Resource"), ("Allow", "NotResource"), ("Deny", "NotResource")];
    for ((effect, element), expected) in elements.into_iter().zip(expected) {
        let all = if effect == "Deny" { format!("{ALL}, ") } else { String::new() };
        let statements = format!(r#"{all}{{"Effect": "{effect}", "Action": "*", "{element}": "{resource}"}}"#);
        let policies = match kind {
            Kind::ServiceControl => {
                Policies { service_control: vec![vec![policy(kind, &statements)]], ..identity(ALL) }
            }
            _ => identity(&statements),
        };
        let decision = judged(&policies, &request(session(), "sqs:SendMessage", QUEUE));
        // An SCP without an Allow rests on a row of its own.
        let found: Vec<_> = rows(&decision).into_iter().filter(|id| *id != "scp-level-without-allow").collect();
        let wanted = if row.is_empty() { vec![] } else { vec![row] };
        assert_eq!((summary(&decision).as_str(), found), (expected, wanted), "{kind}: {statements}");
    }
}

#[test]
fn an_incomplete_arn_in_other_policies() {
    let denied = ["implicit scp", "explicit scp", "implicit scp", "explicit scp"];
    four(Kind::ServiceControl, "arn:aws:sqs", denied, "incomplete-arn-in-other-policies");
    // What it comes to is the same either way.
    let open = ["allowed identity", "explicit scp", "implicit scp", "allowed identity"];
    four(Kind::ServiceControl, "arn:aws:sqs:*", open, "");
    four(Kind::ServiceControl, "arn:aws:*:*", open, "");
    let elsewhere = ["implicit scp", "allowed identity", "allowed identity", "explicit scp"];
    four(Kind::ServiceControl, "arn:aws:sns", elsewhere, "");
}

#[test]
fn an_incomplete_arn_with_an_earlier_star() {
    let denied = ["implicit identity", "explicit identity", "implicit identity", "explicit identity"];
    for resource in ["arn:aws:*:q", "arn:aws:sqs:*:q", "arn:aws:*:us-east-1"] {
        four(Kind::Identity, resource, denied, "incomplete-arn-with-an-earlier-star");
    }
}

use std::sync::Arc;

use crate::testing::{OBJECT, SESSION, policy, request, session, user};
use crate::{Kind, Policies, Policy, Principal, Quoting, decide};

fn allow(kind: Kind) -> Arc<Policy> {
    policy(kind, &statement(kind, "Allow", "*"))
}

fn deny(kind: Kind) -> Arc<Policy> {
    policy(kind, &statement(kind, "Deny", "s3:*"))
}

fn statement(kind: Kind, effect: &str, action: &str) -> String {
    let principal = match kind {
        Kind::Resource | Kind::ResourceControl | Kind::Endpoint => r#""Principal": "*", "#,
        _ => "",
    };
    format!(r#"{{{principal}"Effect": "{effect}", "Action": "{action}", "Resource": "*"}}"#)
}

fn nothing(kind: Kind) -> Arc<Policy> {
    policy(kind, &statement(kind, "Allow", "none:None"))
}

/// The policies of a caller who may do all, with one kind replaced.
fn with(kind: Kind, one: Arc<Policy>) -> Policies {
    let mut policies = Policies { identity: vec![allow(Kind::Identity)], ..Policies::default() };
    match kind {
        Kind::Identity => policies.identity = vec![one],
        Kind::Resource | Kind::Trust => policies.resource = Some(one),
        Kind::Boundary => policies.boundary = Some(one),
        Kind::Session => policies.session = Some(vec![one]),
        Kind::ServiceControl => policies.service_control = vec![vec![one]],
        Kind::ResourceControl => policies.resource_control = vec![vec![one]],
        Kind::Endpoint => policies.endpoint = Some(one),
    }
    policies
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
#[test]
fn texts_are_those_of_aws() {
    let ask = request(session(), "s3:GetObject", OBJECT);
    let start = format!("User: {SESSION} is not authorized to perform: s3:GetObject on resource: \"{OBJECT}\" ");
    for (kind, implicit, explicit) in [
        (
            Kind::Identity,
            "because no identity-based policy allows",
            "with an explicit deny in an identity-based policy: ARN",
        ),
        (
            Kind::Boundary,
            "because no permissions boundary allows",
            "with an explicit deny in a permissions boundary: ARN",
        ),
        (Kind::Session, "because no session policy allows", "with an explicit deny in a session policy: ARN"),
        (
            Kind::ServiceControl,
            "because no service control policy allows",
            "with an explicit deny in a service control policy: ARN",
        ),
        (Kind::ResourceControl, "", "with an explicit deny in a resource control policy: ARN"),
        (Kind::Endpoint, "because no VPC endpoint policy allows", "with an explicit deny in a VPC endpoint policy"),
        (Kind::Resource, "", "with an explicit deny in a resource-based policy"),
    ] {
        if !implicit.is_empty() {
            let text = decide(&with(kind, nothing(kind)), &ask).denial(&ask, Quoting::Double);
            assert_eq!(text, format!("{start}{implicit} the s3:GetObject action"));
        }
        let denier = Arc::into_inner(deny(kind)).unwrap().with_arn("ARN");
        let text = decide(&with(kind, Arc::new(denier)), &ask).denial(&ask, Quoting::Double);
        assert_eq!(text, format!("{start}{explicit}"));
        let text = decide(&with(kind, deny(kind)), &ask).denial(&ask, Quoting::Double);
        assert_eq!(text, format!("{start}{}", explicit.trim_end_matches(": ARN")), "an inline policy has no ARN");
    }
}

#[test]
fn a_resource_policy_is_named_only_where_it_must_allow() {
    let mut ask = request(user(), "s3:GetObject", OBJECT);
    let policies = Policies { resource: Some(nothing(Kind::Resource)), ..Policies::default() };
    let end = |ask: &crate::Request, policies: &Policies| {
        decide(policies, ask).denial(ask, Quoting::None).split(" because ").nth(1).map(str::to_owned)
    };
    assert_eq!(end(&ask, &policies).as_deref(), Some("no identity-based policy allows the s3:GetObject action"));
    ask.resource_account = Some("999988887777".to_owned());
    assert_eq!(end(&ask, &policies).as_deref(), Some("no resource-based policy allows the s3:GetObject action"));
    ask.principal = Principal::Anonymous;
    let text = decide(&policies, &ask).denial(&ask, Quoting::None);
    assert!(text.starts_with(
        "User: anonymous is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because"
    ));
}

#[test]
fn trust_policies_have_their_own_words() {
    let role = "arn:aws:iam::111122223333:role/reader";
    let ask = request(user(), "sts:AssumeRole", role);
    let trust = |effect| {
        let text =
            format!(r#"{{"Effect": "{effect}", "Action": "sts:AssumeRole", "Principal": {{"AWS": "111122223333"}}}}"#);
        Policies { resource: Some(policy(Kind::Trust, &text)), ..Policies::default() }
    };
    let text = |policies| decide(&policies, &ask).denial(&ask, Quoting::None);
    assert!(text(trust("Deny")).ends_with("reader with an explicit deny in the role trust policy"));
    assert!(text(trust("Allow")).ends_with("reader because no identity-based policy allows the sts:AssumeRole action"));
    let other = policy(
        Kind::Trust,
        r#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x.amazonaws.com"}}"#,
    );
    let policies = Policies { resource: Some(other), identity: vec![allow(Kind::Identity)], ..Policies::default() };
    assert!(text(policies).ends_with("reader because no role trust policy allows the sts:AssumeRole action"));
}

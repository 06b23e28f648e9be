//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and its
//! neighbours: one test for each rule by which policies add up.

use std::sync::Arc;

use super::*;

const ELSEWHERE: &str = "999988887777";

fn principal(kind: Kind) -> &'static str {
    match kind {
        Kind::Resource | Kind::ResourceControl | Kind::Endpoint => r#""Principal": "*", "#,
        _ => "",
    }
}

fn all(kind: Kind) -> Arc<Policy> {
    policy(kind, &format!(r#"{{{}"Effect": "Allow", "Action": "*", "Resource": "*"}}"#, principal(kind)))
}

fn none(kind: Kind) -> Arc<Policy> {
    policy(kind, &format!(r#"{{{}"Effect": "Allow", "Action": "none:None", "Resource": "*"}}"#, principal(kind)))
}

fn deny(kind: Kind) -> Arc<Policy> {
    policy(kind, &format!(r#"{{{}"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#, principal(kind)))
}

fn bucket_for(name: &str) -> Option<Arc<Policy>> {
    let text = format!(r#"{{"Principal": {name}, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#);
    Some(policy(Kind::Resource, &text))
}

fn aws(arn: &str) -> String {
    format!(r#"{{"AWS": "{arn}"}}"#)
}

#[track_caller]
fn expect(policies: &Policies, caller: Principal, owner: &str, expected: &str) -> Decision {
    let mut ask = request(caller, "s3:GetObject", OBJECT);
    ask.resource_account = Some(owner.to_owned());
    let decision = judged(policies, &ask);
    assert_eq!(summary(&decision), expected);
    decision
}

#[test]
fn in_one_account_either_side_is_enough() {
    let identity = Policies { identity: vec![all(Kind::Identity)], ..Policies::default() };
    expect(&identity, session(), ACCOUNT, "allowed identity");
    for (name, caller) in [(ROLE, session()), (SESSION, session()), (USER, user())] {
        let resource = Policies { resource: bucket_for(&aws(name)), ..Policies::default() };
        expect(&resource, caller.clone(), ACCOUNT, "allowed resource");
        let both = Policies { identity: vec![all(Kind::Identity)], ..resource };
        expect(&both, caller, ACCOUNT, "allowed resource+identity");
    }
    let everyone = Policies { resource: bucket_for(r#""*""#), ..Policies::default() };
    expect(&everyone, user(), ACCOUNT, "allowed resource");
}

/// "When you specify an AWS account … you delegate authority to the account."
#[test]
fn naming_the_account_delegates() {
    for name in [ACCOUNT, "arn:aws:iam::111122223333:root"] {
        let delegated = Policies { resource: bucket_for(&aws(name)), ..Policies::default() };
        expect(&delegated, session(), ACCOUNT, "implicit identity");
        let both = Policies { identity: vec![all(Kind::Identity)], ..delegated };
        expect(&both, session(), ACCOUNT, "allowed identity");
    }
}

#[test]
fn across_accounts_both_sides_must_allow() {
    for name in [ACCOUNT, ROLE, SESSION] {
        let mut policies = Policies { resource: bucket_for(&aws(name)), ..Policies::default() };
        expect(&policies, session(), ELSEWHERE, "implicit identity");
        policies.identity.push(all(Kind::Identity));
        expect(&policies, session(), ELSEWHERE, "allowed resource+identity");
        policies.boundary = Some(none(Kind::Boundary));
        expect(&policies, session(), ELSEWHERE, "implicit boundary");
    }
    let one_side = Policies { identity: vec![all(Kind::Identity)], ..Policies::default() };
    expect(&one_side, session(), ELSEWHERE, "implicit resource");
    expect(&Policies::default(), session(), ELSEWHERE, "implicit resource+identity");
}

#[test]
fn boundary_and_session_policies_intersect() {
    let mut policies = Policies { identity: vec![all(Kind::Identity)], ..Policies::default() };
    policies.boundary = Some(none(Kind::Boundary));
    expect(&policies, session(), ACCOUNT, "implicit boundary");
    policies.session = Some(vec![none(Kind::Session)]);
    expect(&policies, session(), ACCOUNT, "implicit boundary+session");
    policies.boundary = Some(all(Kind::Boundary));
    expect(&policies, session(), ACCOUNT, "implicit session");
    policies.session = Some(vec![none(Kind::Session), all(Kind::Session)]);
    expect(&policies, session(), ACCOUNT, "allowed identity");
    policies.session = Some(Vec::new());
    expect(&policies, session(), ACCOUNT, "allowed identity");
    policies.identity.clear();
    expect(&policies, session(), ACCOUNT, "implicit identity");
}

/// How a resource policy names the caller decides what implicit denials elsewhere count for.
#[test]
fn the_name_decides_what_limits() {
    let policies = |name: &str, boundary, session| Policies {
        resource: bucket_for(&aws(name)),
        boundary: Some(if boundary { all(Kind::Boundary) } else { none(Kind::Boundary) }),
        session: Some(vec![if session { all(Kind::Session) } else { none(Kind::Session) }]),
        ..Policies::default()
    };
    expect(&policies(SESSION, false, false), session(), ACCOUNT, "allowed resource");
    expect(&policies(ROLE, true, true), session(), ACCOUNT, "allowed resource");
    expect(&policies(ROLE, false, true), session(), ACCOUNT, "implicit boundary");
    expect(&policies(ROLE, true, false), session(), ACCOUNT, "implicit session");
    expect(&policies(USER, false, true), user(), ACCOUNT, "allowed resource");
    let federated = "arn:aws:sts::111122223333:federated-user/bo";
    let caller = Principal::FederatedUser { arn: federated.to_owned(), user: Some(USER.to_owned()) };
    expect(&policies(federated, false, false), caller.clone(), ACCOUNT, "allowed resource");
    // The user who federated stands behind the session as a role does.
    expect(&policies(USER, true, true), caller.clone(), ACCOUNT, "allowed resource");
    expect(&policies(USER, false, true), caller.clone(), ACCOUNT, "implicit boundary");
    expect(&policies(USER, true, false), caller.clone(), ACCOUNT, "implicit session");
    expect(&policies("*", false, true), session(), ACCOUNT, "allowed resource");
    expect(&policies("*", true, false), caller, ACCOUNT, "implicit session");
}

#[test]
fn an_explicit_deny_anywhere_wins() {
    let open =
        || Policies { identity: vec![all(Kind::Identity)], resource: bucket_for(&aws(SESSION)), ..Policies::default() };
    let cases: [(&str, Policies); 7] = [
        (
            "rcp",
            Policies {
                resource_control: vec![vec![all(Kind::ResourceControl)], vec![deny(Kind::ResourceControl)]],
                ..open()
            },
        ),
        (
            "scp",
            Policies { service_control: vec![vec![all(Kind::ServiceControl), deny(Kind::ServiceControl)]], ..open() },
        ),
        ("endpoint", Policies { endpoint: Some(deny(Kind::Endpoint)), ..open() }),
        ("resource", Policies { resource: Some(deny(Kind::Resource)), ..open() }),
        ("identity", Policies { identity: vec![all(Kind::Identity), deny(Kind::Identity)], ..open() }),
        ("boundary", Policies { boundary: Some(deny(Kind::Boundary)), ..open() }),
        ("session", Policies { session: Some(vec![deny(Kind::Session)]), ..open() }),
    ];
    for (kind, policies) in cases {
        expect(&policies, session(), ACCOUNT, &format!("explicit {kind}"));
    }
}

#[test]
fn every_level_of_an_organisation_must_allow() {
    let scp = |levels: &[bool]| Policies {
        identity: vec![all(Kind::Identity)],
        service_control: levels
            .iter()
            .map(|&open| {
                vec![
                    none(Kind::ServiceControl),
                    if open { all(Kind::ServiceControl) } else { none(Kind::ServiceControl) },
                ]
            })
            .collect(),
        ..Policies::default()
    };
    expect(&scp(&[true, true, true]), session(), ACCOUNT, "allowed identity");
    let decision = expect(&scp(&[true, false, true]), session(), ACCOUNT, "implicit scp");
    assert_eq!(rows(&decision), ["scp-level-without-allow"]);
    expect(&scp(&[false]), Principal::root(ACCOUNT), ACCOUNT, "implicit scp");
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
#[test]
fn resource_control_policies_only_deny() {
    let rcp =
        |levels| Policies { identity: vec![all(Kind::Identity)], resource_control: levels, ..Policies::default() };
    let (all, deny) = (|| all(Kind::ResourceControl), || deny(Kind::ResourceControl));
    let other =
        || policy(Kind::ResourceControl, r#"{"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}"#);
    for levels in [vec![vec![]], vec![vec![], vec![other()]], vec![vec![all()], vec![all(), other()], vec![other()]]] {
        let decision = expect(&rcp(levels), session(), ACCOUNT, "allowed identity");
        assert_eq!(rows(&decision), [""; 0]);
    }
    expect(&rcp(vec![vec![all()], vec![other()], vec![deny()]]), session(), ACCOUNT, "explicit rcp");
    let alone = Policies { resource_control: vec![vec![all()]], ..Policies::default() };
    expect(&alone, session(), ACCOUNT, "implicit identity");
}

#[test]
fn service_linked_roles_stand_outside_the_organisations_policies() {
    let policies = Policies {
        identity: vec![all(Kind::Identity)],
        service_control: vec![vec![deny(Kind::ServiceControl)]],
        resource_control: vec![vec![deny(Kind::ResourceControl)]],
        ..Policies::default()
    };
    let linked = Principal::RoleSession {
        role: Some("arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS".to_owned()),
        session: "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForECS/x".to_owned(),
    };
    expect(&policies, linked, ACCOUNT, "allowed identity");
    expect(&policies, session(), ACCOUNT, "explicit rcp");
}

#[test]
fn an_endpoint_policy_guards_the_way_in() {
    let mut policies =
        Policies { identity: vec![all(Kind::Identity)], endpoint: Some(none(Kind::Endpoint)), ..Policies::default() };
    expect(&policies, session(), ACCOUNT, "implicit endpoint");
    let ours =
        format!(r#"{{"Principal": {{"AWS": "{ACCOUNT}"}}, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#);
    policies.endpoint = Some(policy(Kind::Endpoint, &ours));
    expect(&policies, session(), ACCOUNT, "allowed identity");
}

/// docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
#[test]
fn a_key_policy_must_allow() {
    let key = "arn:aws:kms:us-east-1:111122223333:key/1";
    let for_key = |name: Option<&str>, identity: bool| {
        let resource = name.map(|name| {
            let text = format!(
                r#"{{"Principal": {{"AWS": "{name}"}}, "Effect": "Allow", "Action": "kms:*", "Resource": "*"}}"#
            );
            policy(Kind::Resource, &text)
        });
        let identity = if identity { vec![all(Kind::Identity)] } else { Vec::new() };
        summary(&judged(&Policies { identity, resource, ..Policies::default() }, &request(user(), "kms:Decrypt", key)))
    };
    assert_eq!(for_key(None, true), "implicit resource");
    assert_eq!(for_key(Some("999988887777"), true), "implicit resource");
    assert_eq!(for_key(Some(ACCOUNT), false), "implicit identity");
    assert_eq!(for_key(Some(ACCOUNT), true), "allowed resource+identity");
    assert_eq!(for_key(Some(USER), false), "allowed resource");
}

/// docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html: for CreateAlias "the alias (in an IAM
/// policy)" and "the KMS key (in a key policy)"; ListKeys and CreateKey take an IAM policy and name no key.
#[test]
fn only_keys_have_key_policies() {
    let policies = Policies { identity: vec![all(Kind::Identity)], ..Policies::default() };
    for (action, resource, expected) in [
        ("kms:ListKeys", "*", "allowed identity"),
        ("kms:CreateAlias", "arn:aws:kms:us-east-1:111122223333:alias/a", "allowed identity"),
        ("kms:CreateAlias", "arn:aws:kms:us-east-1:111122223333:key/1", "implicit resource"),
    ] {
        assert_eq!(summary(&judged(&policies, &request(user(), action, resource))), expected, "{action} {resource}");
    }
}

/// "If you do not pass a policy, then the resulting federated user session has no permissions."
/// docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
#[test]
fn a_federated_user_has_what_its_session_policies_allow() {
    let arn = "arn:aws:sts::111122223333:federated-user/bo";
    let caller = || Principal::FederatedUser { arn: arn.to_owned(), user: Some(USER.to_owned()) };
    let with = |session| Policies { identity: vec![all(Kind::Identity)], session, ..Policies::default() };
    expect(&with(None), caller(), ACCOUNT, "implicit session");
    expect(&with(Some(Vec::new())), caller(), ACCOUNT, "implicit session");
    expect(&with(Some(vec![all(Kind::Session)])), caller(), ACCOUNT, "allowed identity");
    let granted = Policies { resource: bucket_for(&aws(arn)), ..Policies::default() };
    expect(&granted, caller(), ACCOUNT, "allowed resource");
}

/// A condition on aws:PrincipalArn is as good as a name only beside "a wildcard(*) in the Principal element".
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
#[test]
fn not_principal_names_nobody_by_condition() {
    let arn = "arn:aws:sts::111122223333:federated-user/bo";
    let bucket = |principal: &str| Policies {
        resource: Some(policy(
            Kind::Resource,
            &format!(
                r#"{{{principal}, "Effect": "Allow", "Action": "*", "Resource": "*",
                     "Condition": {{"ArnEquals": {{"aws:PrincipalArn": "{arn}"}}}}}}"#
            ),
        )),
        ..Policies::default()
    };
    let caller = Principal::FederatedUser { arn: arn.to_owned(), user: None };
    let mut ask = request(caller, "s3:GetObject", OBJECT);
    ask.resource_account = Some(ACCOUNT.to_owned());
    ask.context.set("aws:PrincipalArn", arn);
    assert_eq!(summary(&judged(&bucket(r#""Principal": "*""#), &ask)), "allowed resource");
    let but_user = format!(r#""NotPrincipal": {{"AWS": "{USER}"}}"#);
    assert_eq!(summary(&judged(&bucket(&but_user), &ask)), "implicit session");
}

/// An Allow that the boundary holds back did not decide.
#[test]
fn an_identity_policy_behind_its_boundary_grants_nothing() {
    let policies = Policies {
        identity: vec![all(Kind::Identity)],
        boundary: Some(none(Kind::Boundary)),
        resource: bucket_for(&aws(USER)),
        ..Policies::default()
    };
    expect(&policies, user(), ACCOUNT, "allowed resource");
}

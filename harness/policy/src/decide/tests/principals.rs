//! Who a statement is about, and callers that are not users or role sessions.

use super::*;

fn bucket(principal: &str, effect: &str) -> Policies {
    let statement = format!(r#"{{{principal}, "Effect": "{effect}", "Action": "*", "Resource": "*"}}"#);
    let open = r#"{"Principal": "*", "Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let text = if effect == "Deny" { format!("{open}, {statement}") } else { statement };
    Policies { resource: Some(policy(Kind::Resource, &text)), ..Policies::default() }
}

#[track_caller]
fn expect(policies: &Policies, caller: Principal, expected: &str) -> Decision {
    let mut ask = request(caller, "s3:GetObject", OBJECT);
    ask.resource_account = Some(ACCOUNT.to_owned());
    let decision = judged(policies, &ask);
    assert_eq!(summary(&decision), expected);
    decision
}

fn service() -> Principal {
    Principal::Service { name: "ecs-tasks.amazonaws.com".to_owned() }
}

#[test]
fn the_anonymous_need_a_policy_for_everyone() {
    expect(&Policies::default(), Principal::Anonymous, "implicit resource");
    expect(&bucket(r#""Principal": "*""#, "Allow"), Principal::Anonymous, "allowed resource");
    expect(&bucket(r#""Principal": {"AWS": "*"}"#, "Allow"), Principal::Anonymous, "allowed resource");
    expect(&bucket(r#""Principal": {"AWS": "111122223333"}"#, "Allow"), Principal::Anonymous, "implicit resource");
}

#[test]
fn services_need_to_be_named() {
    let named = bucket(r#""Principal": {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}"#, "Allow");
    expect(&named, service(), "allowed resource");
    expect(&named, session(), "implicit identity");
    expect(&bucket(r#""Principal": {"Service": "ec2.amazonaws.com"}"#, "Allow"), service(), "implicit resource");
    expect(&bucket(r#""Principal": {"Service": "ecs-tasks.amazonaws.com"}"#, "Deny"), service(), "explicit resource");
}

/// Organisations' SCPs are about principals of an account; RCPs are about the resource, no matter who asks.
#[test]
fn services_and_the_anonymous_are_outside_scps_and_inside_rcps() {
    let deny = |kind, principal: &str| {
        policy(kind, &format!(r#"{{{principal}"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#))
    };
    for caller in [service(), Principal::Anonymous] {
        let mut policies = bucket(r#""Principal": "*""#, "Allow");
        policies.service_control = vec![vec![deny(Kind::ServiceControl, "")]];
        expect(&policies, caller.clone(), "allowed resource");
        policies.resource_control = vec![vec![deny(Kind::ResourceControl, r#""Principal": "*", "#)]];
        expect(&policies, caller, "explicit rcp");
    }
}

#[test]
fn the_root_user_may_do_anything_at_home() {
    let root = || Principal::root(ACCOUNT);
    expect(&Policies::default(), root(), "allowed");
    expect(&bucket(r#""Principal": {"AWS": "arn:aws:iam::111122223333:root"}"#, "Deny"), root(), "explicit resource");
    let mut abroad = request(root(), "s3:GetObject", OBJECT);
    abroad.resource_account = Some("999988887777".to_owned());
    assert_eq!(summary(&judged(&Policies::default(), &abroad)), "implicit resource");
    let named = bucket(r#""Principal": {"AWS": "111122223333"}"#, "Allow");
    assert_eq!(summary(&judged(&named, &abroad)), "allowed resource");
}

#[test]
fn a_deny_reaches_whoever_goes_by_the_name() {
    for name in [ROLE, SESSION, ACCOUNT, "*"] {
        expect(&bucket(&format!(r#""Principal": {{"AWS": "{name}"}}"#), "Deny"), session(), "explicit resource");
    }
    for name in [
        "arn:aws:iam::111122223333:role/other",
        "arn:aws:sts::111122223333:assumed-role/app/task-2",
        USER,
        "999988887777",
    ] {
        expect(&bucket(&format!(r#""Principal": {{"AWS": "{name}"}}"#), "Deny"), session(), "allowed resource");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html: its two examples, and what
/// happens when a name is left out.
#[test]
fn not_principal_spares_who_is_listed_by_every_name() {
    let all_but = |names: &[&str]| bucket(&format!(r#""NotPrincipal": {{"AWS": {names:?}}}"#), "Deny");
    expect(&all_but(&[USER, ACCOUNT]), user(), "allowed resource");
    expect(&all_but(&[SESSION, ROLE, "arn:aws:iam::111122223333:root"]), session(), "allowed resource");
    expect(&all_but(&[USER, ACCOUNT]), session(), "explicit resource");
    expect(&all_but(&[USER, ACCOUNT]), Principal::Anonymous, "explicit resource");
    for part in [&[ROLE, ACCOUNT][..], &[SESSION], &[ACCOUNT]] {
        assert_eq!(rows(&expect(&all_but(part), session(), "explicit resource")), ["not-principal-lists-a-part"]);
    }
    expect(&bucket(r#""NotPrincipal": "*""#, "Deny"), session(), "allowed resource");
}

/// "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary policy
/// attached, regardless of the values specified."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
#[test]
fn not_principal_spares_nobody_with_a_boundary() {
    let open = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let mut policies = bucket(&format!(r#""NotPrincipal": {{"AWS": ["{USER}", "{ACCOUNT}"]}}"#), "Deny");
    expect(&policies, user(), "allowed resource");
    policies.boundary = Some(policy(Kind::Boundary, open));
    expect(&policies, user(), "explicit resource");
    let root = Principal::root(ACCOUNT);
    expect(&policies, root, "allowed resource");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
#[test]
fn naming_a_user_denies_the_sessions_it_made() {
    let federated = |user: &str| Principal::FederatedUser {
        arn: "arn:aws:sts::111122223333:federated-user/bo".to_owned(),
        user: Some(user.to_owned()),
    };
    let policies = bucket(&format!(r#""Principal": {{"AWS": "{USER}"}}"#), "Deny");
    expect(&policies, federated(USER), "explicit resource");
    expect(&policies, federated("arn:aws:iam::111122223333:user/other"), "implicit session");
}

#[test]
fn not_principal_with_allow_opens_to_everyone_else() {
    let but_user = bucket(&format!(r#""NotPrincipal": {{"AWS": "{USER}"}}"#), "Allow");
    expect(&but_user, Principal::Anonymous, "allowed resource");
    expect(&but_user, session(), "allowed resource");
    assert_eq!(rows(&expect(&but_user, user(), "implicit identity")), ["not-principal-with-allow"]);
}

const TARGET: &str = "arn:aws:iam::111122223333:role/reader";

#[track_caller]
fn assume(trust: &str, identity: bool, caller: Principal, action: &str, expected: &str) -> Decision {
    let trust = format!(r#"{{"Effect": "Allow", "Action": "{action}", "Principal": {trust}}}"#);
    let own = format!(r#"{{"Effect": "Allow", "Action": "sts:*", "Resource": "{TARGET}"}}"#);
    let identity = if identity { vec![policy(Kind::Identity, &own)] } else { Vec::new() };
    let policies = Policies { identity, resource: Some(policy(Kind::Trust, &trust)), ..Policies::default() };
    let decision = judged(&policies, &request(caller, action, TARGET));
    assert_eq!(summary(&decision), expected, "{trust}");
    decision
}

/// "IAM role trust policies must explicitly allow access for principals", also to the role's own sessions.
#[test]
fn a_trust_policy_must_allow() {
    let account = r#"{"AWS": "111122223333"}"#;
    let ecs = r#"{"Service": "ecs-tasks.amazonaws.com"}"#;
    let of_user = format!(r#"{{"AWS": "{USER}"}}"#);
    let of_role = format!(r#"{{"AWS": "{ROLE}"}}"#);
    assume(ecs, false, service(), "sts:AssumeRole", "allowed trust");
    assume(ecs, true, user(), "sts:AssumeRole", "implicit trust");
    assume(&of_user, false, user(), "sts:AssumeRole", "allowed trust");
    assume(&of_user, true, user(), "sts:AssumeRole", "allowed trust+identity");
    assume(&of_role, false, session(), "sts:AssumeRole", "allowed trust");
    assume(account, false, user(), "sts:AssumeRole", "implicit identity");
    assume(account, true, user(), "sts:AssumeRole", "allowed trust+identity");
    let itself = Principal::RoleSession {
        role: Some(TARGET.to_owned()),
        session: "arn:aws:sts::111122223333:assumed-role/reader/x".to_owned(),
    };
    assume(ecs, true, itself, "sts:AssumeRole", "implicit trust");
}

#[test]
fn identity_providers_are_named_under_federated() {
    let google = Principal::Federated { provider: "accounts.google.com".to_owned() };
    let trust = r#"{"Federated": "accounts.google.com"}"#;
    assume(trust, false, google.clone(), "sts:AssumeRoleWithWebIdentity", "allowed trust");
    assume(r#"{"Federated": "graph.facebook.com"}"#, false, google, "sts:AssumeRoleWithWebIdentity", "implicit trust");
}

#[test]
fn across_accounts_an_assumer_needs_both() {
    let abroad = || Principal::User { arn: "arn:aws:iam::999988887777:user/bob".to_owned() };
    let trust = r#"{"AWS": "999988887777"}"#;
    assume(trust, false, abroad(), "sts:AssumeRole", "implicit identity");
    assume(trust, true, abroad(), "sts:AssumeRole", "allowed trust+identity");
}

#[test]
fn the_root_user_is_its_account() {
    let allow = r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "*", "Resource": "*"}"#;
    let policies = Policies { resource: Some(policy(Kind::Resource, allow)), ..Policies::default() };
    for (account, expected) in [(ACCOUNT, "allowed resource"), ("444455556666", "implicit resource")] {
        let mut ask = request(Principal::root(account), "s3:GetObject", OBJECT);
        ask.resource_account = Some(ACCOUNT.to_owned());
        assert_eq!(summary(&judged(&policies, &ask)), expected, "{account}");
    }
}

#[test]
fn not_principal_leaves_services_and_providers_out() {
    let service = |name: &str| Principal::Service { name: name.to_owned() };
    let provider = |name: &str| Principal::Federated { provider: name.to_owned() };
    for (listed, spared, other) in [
        (r#"{"Service": "a.amazonaws.com"}"#, service("a.amazonaws.com"), service("b.amazonaws.com")),
        (r#"{"Federated": "a"}"#, provider("a"), provider("b")),
    ] {
        let statements = format!(
            r#"{{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
               {{"Effect": "Deny", "NotPrincipal": {listed}, "Action": "*", "Resource": "*"}}"#
        );
        let policies = Policies { resource: Some(policy(Kind::Resource, &statements)), ..Policies::default() };
        expect(&policies, spared, "allowed resource");
        for denied in [other, Principal::Anonymous, session()] {
            expect(&policies, denied, "explicit resource");
        }
    }
}

/// "IAM roles and resource-based policies delegate access across accounts only within a single partition."
/// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
#[test]
fn a_name_is_of_its_partition() {
    let root = |partition: &str| Principal::Root { partition: partition.to_owned(), account: ACCOUNT.to_owned() };
    let user = |partition: &str| Principal::User { arn: format!("arn:{partition}:iam::{ACCOUNT}:user/ann") };
    for (named, partition, is_it) in [
        ("arn:aws:iam::111122223333:root", "aws", true),
        ("arn:aws:iam::111122223333:root", "aws-cn", false),
        ("arn:aws-cn:iam::111122223333:root", "aws-cn", true),
        ("arn:aws-cn:iam::111122223333:root", "aws", false),
        ("arn:aws-us-gov:iam::111122223333:root", "aws-cn", false),
        // An account's id has no partition; it is one of where the policy is.
        ("111122223333", "aws", true),
        ("111122223333", "aws-us-gov", true),
    ] {
        let policies = bucket(&format!(r#""Principal": {{"AWS": "{named}"}}"#), "Deny");
        for caller in [root(partition), user(partition)] {
            expect(&policies, caller, if is_it { "explicit resource" } else { "allowed resource" });
        }
    }
    let arn = |partition| root(partition).arn().map(std::borrow::Cow::into_owned);
    assert_eq!(arn("aws-cn").as_deref(), Some("arn:aws-cn:iam::111122223333:root"));
    assert_eq!(root("aws-cn").principal_arn(), root("aws-cn").arn());
}

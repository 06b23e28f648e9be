use policy::Kind;

mod laws;
mod rows;

use super::*;
use crate::callers;
use crate::law::Tier;
use crate::testing::{cases, policy, statements};
use crate::{Undocumented, generate, tape};

const ACCOUNT: &str = "111122223333";
const ROLE: &str = "arn:aws:iam::111122223333:role/ReaderRole";
const READ: &str = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}"#;

fn session() -> Principal {
    let session = "arn:aws:sts::111122223333:assumed-role/ReaderRole/task-1".to_owned();
    Principal::RoleSession { role: Some(ROLE.to_owned()), session }
}

fn question(identity: &str, condition: &str) -> Question {
    let policies = Policies { identity: vec![statements(Kind::Identity, identity)], ..Policies::default() };
    let except = format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}"#);
    Question {
        policies,
        callers: vec![session()],
        owner: ACCOUNT.to_owned(),
        scope: statements(Kind::Identity, READ),
        within: Vec::new(),
        except: (!condition.is_empty()).then(|| statements(Kind::Identity, &except)),
    }
}

/// The question of the thread: who reads the reports, if the condition is on this key.
fn on(key: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
            "Condition": {{"StringEquals": {{"{key}": "finance"}}}}}}"#
    )
}

/// What becomes of a claim: the tier that a proof needs, or whether a request was found.
#[track_caller]
fn check(question: &Question, claim: Claim, expected: Result<Tier, &str>) {
    let answer = prove(question, claim, &Options::default()).unwrap();
    let found = match &answer {
        Verdict::Proved { laws, .. } => Ok(laws.iter().map(|law| law.tier).max().unwrap_or(Tier::AnyRequest)),
        Verdict::Found { .. } => Err("found"),
        Verdict::Undecided { .. } => Err("undecided"),
    };
    assert_eq!(found, expected, "{claim:?}: {answer:?}");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: aws:PrincipalTag is of the caller. The
/// service authorization reference lists aws:RequestTag for no read of an object.
#[test]
fn the_principals_tag_keeps_the_untagged_out() {
    let unless = r#"{"StringEquals": {"aws:PrincipalTag/Team": "finance"}}"#;
    let (by_principal, by_request) = (on("aws:PrincipalTag/Team"), on("aws:RequestTag/Team"));
    check(&question(&by_principal, unless), Claim::Never, Ok(Tier::AnyRequest));
    check(&question(&by_request, unless), Claim::Never, Ok(Tier::Keys));
    check(&question(READ, unless), Claim::Never, Err("found"));
    check(&question(&by_principal, ""), Claim::Never, Err("found"));
    // The same key keeps everybody else out too.
    check(&question(&by_request, ""), Claim::Never, Ok(Tier::Keys));
}

#[test]
fn what_is_always_allowed_is_allowed_under_every_key() {
    let mut question = question(READ, "");
    check(&question, Claim::Always, Ok(Tier::AnyRequest));
    question.owner = "444455556666".to_owned();
    check(&question, Claim::Always, Err("found"));
    check(&question, Claim::Never, Ok(Tier::AnyRequest));
}

/// docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html: without the key policy nobody uses a key.
#[test]
fn a_key_policy_has_to_allow() {
    let decrypt = r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}"#;
    let mut question = question(decrypt, "");
    question.scope = statements(
        Kind::Identity,
        r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-east-1:111122223333:key/1"}"#,
    );
    check(&question, Claim::Never, Ok(Tier::AnyRequest));
    let delegates = r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}"#;
    question.policies.resource = Some(statements(Kind::Resource, delegates));
    check(&question, Claim::Always, Ok(Tier::AnyRequest));
}

/// 917 values of AWS's managed policies are `aws:ResourceAccount: ${aws:PrincipalAccount}`.
#[test]
fn the_accounts_of_caller_and_resource_are_known() {
    let same = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}}"#;
    let mut question = question(same, r#"{"Null": {"aws:ResourceAccount": "true"}}"#);
    check(&question, Claim::Never, Ok(Tier::Sentences));
    question.policies.identity = vec![statements(Kind::Identity, &same.replace("StringNotEquals", "StringEquals"))];
    check(&question, Claim::Always, Ok(Tier::Sentences));
}

#[test]
fn a_service_control_policy_takes_away() {
    let mut question = question(READ, "");
    let allow = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let deny = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}"#;
    question.policies.service_control = vec![vec![statements(Kind::ServiceControl, &format!("{allow}, {deny}"))]];
    question.except = Some(statements(
        Kind::Identity,
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}"#,
    ));
    // With several regions at once, neither operator would hold.
    check(&question, Claim::Never, Ok(Tier::Sentences));
    question.except = None;
    check(&question, Claim::Never, Err("found"));
    check(&question, Claim::Always, Err("found"));
}

/// No counterexample that the engine contradicts, no proof that an attack breaks.
#[test]
fn claims_of_chance_hold() {
    let everything = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let (mut proved, mut found, mut undecided) = (0, 0, Vec::new());
    let cases = cases() / 4;
    for seed in 0..cases {
        let case = generate::request(&mut tape::fixed(seed));
        let policies = crate::decision::tests::policies(&case);
        let callers = callers::of(policies.all().map(|policy| &**policy));
        let identity = policies.identity.first().map(|_| policy(Kind::Identity, &case["policies"]["identity"][0]));
        let question = Question {
            policies,
            callers,
            owner: ["111122223333", "444455556666"][(seed % 2) as usize].to_owned(),
            scope: identity.filter(|_| seed % 4 < 2).unwrap_or_else(|| statements(Kind::Identity, everything)),
            within: Vec::new(),
            except: None,
        };
        let claim = [Claim::Never, Claim::Always][(seed % 2) as usize];
        let open = Options { undocumented: Undocumented::Open, ..Options::default() };
        if seed % 10 == 0
            && let Err(fault) = prove(&question, claim, &open)
        {
            panic!("seed {seed}, open: {fault}: {:?}\n{case}", fault.request);
        }
        match prove(&question, claim, &Options::default()) {
            Ok(Verdict::Proved { .. }) => proved += 1,
            Ok(Verdict::Found { .. }) => found += 1,
            Ok(Verdict::Undecided { reason }) => undecided.push(format!("{seed}: {reason}")),
            Err(fault) => panic!("seed {seed}: {fault}: {:?}\n{case}", fault.request),
        }
    }
    assert!(proved > cases / 20 && found > cases / 5, "{proved} proved, {found} found");
    assert!(undecided.len() as u64 <= cases / 50, "{}", undecided.join("\n"));
}

//! How policies add up.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html

use serde_json::Value;

use super::Answer;
use super::caller::{Caller, Way};
use super::facts::About;
use super::statement::{RequestCase, allows, denies};
use super::text;

/// The order in which a denial names the kinds.
const ORDER: [&str; 8] = ["rcp", "scp", "endpoint", "trust", "resource", "identity", "boundary", "session"];

/// Decides a case in the form of the simulation.
pub fn decide(case: &Value) -> Answer {
    let mut caller = Caller::of(&case["principal"]);
    caller.has_boundary = !levels(&case["policies"], "boundary", &caller).is_empty();
    let mut context = case["context"].as_object().cloned().unwrap_or_default();
    let mut arns: &[String] = &[];
    if let (None, Some(arn)) = (text::look_up(&context, "aws:PrincipalArn"), caller.arns.first()) {
        context.insert("aws:PrincipalArn".to_owned(), arn.as_str().into());
        arns = &caller.arns;
    }
    let request = RequestCase {
        caller: &caller,
        action: case["action"].as_str().expect("an action"),
        resource: case["resource"].as_str().expect("a resource"),
        context: &context,
        arns,
    };
    let about = About::new(&request, owner(case, caller.account.as_deref()));
    let policies = &case["policies"];
    let asked = |kind: &str| if about.is_open() { kind == "endpoint" } else { !about.is_beyond(kind) };
    for kind in ORDER.into_iter().filter(|kind| asked(kind)) {
        if levels(policies, kind, &caller).into_iter().flatten().any(|document| denies(kind, document, &request)) {
            return answer("ExplicitlyDenied", &[kind]);
        }
    }
    let mut missing: Vec<_> = without_allow(policies, &request).into_iter().filter(|kind| asked(kind)).collect();
    let granted = if about.is_open() { Ok(Vec::new()) } else { grants(case, &about) };
    let granted = match granted {
        Ok(granted) => granted,
        Err(silent) => {
            missing.extend(silent);
            Vec::new()
        }
    };
    if about.is_open() {
        return if missing.is_empty() { answer("Allowed", &[]) } else { answer("ImplicitlyDenied", &missing) };
    }
    if about.is_refused_to_caller() || about.is_refused_outside() {
        // Those that do not allow it either.
        return answer("ImplicitlyDenied", &missing);
    }
    let has_policy = !policies["resource"].is_null() || !policies["trust"].is_null();
    if about.is_given_without_policy()
        && !has_policy
        && missing.iter().all(|kind| ["resource", "identity"].contains(kind))
    {
        return answer("Allowed", if missing.is_empty() { &granted } else { &[] });
    }
    if missing.is_empty() { answer("Allowed", &granted) } else { answer("ImplicitlyDenied", &missing) }
}

fn answer(decision: &'static str, kinds: &[&str]) -> Answer {
    Answer { decision, by: ORDER.into_iter().filter(|kind| kinds.contains(kind)).collect() }
}

/// The policies of a kind with a say about the caller, level by level where there are levels.
fn levels<'a>(policies: &'a Value, kind: &str, caller: &Caller) -> Vec<Vec<&'a Value>> {
    let no_say = match kind {
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html: principals of an account,
        // but for service-linked roles.
        "scp" => caller.account.is_none() || caller.is_service_linked,
        "rcp" => caller.is_service_linked,
        // docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html: none can be attached to the root user.
        "identity" | "boundary" | "session" => caller.account.is_none() || caller.is_root,
        _ => false,
    };
    if no_say || policies[kind].is_null() {
        return Vec::new();
    }
    match (kind, &policies[kind]) {
        ("scp" | "rcp", levels) => super::listed(levels).into_iter().map(super::listed).collect(),
        (_, list) => vec![super::listed(list)],
    }
}

/// The guards at the door: every level of the organisation and the endpoint, where there are any.
fn without_allow(policies: &Value, request: &RequestCase<'_>) -> Vec<&'static str> {
    let mut silent = Vec::new();
    for kind in ["rcp", "scp", "endpoint"] {
        for level in levels(policies, kind, request.caller) {
            // A level that lost its last SCP blocks everything, says orgs_manage_policies_scps_evaluation.html in the
            // Organizations user guide; an endpoint without a policy is no guard.
            // RCPFullAWSAccess is on every level and cannot be detached, says orgs_manage_policies_rcps_evaluation.html.
            let guards = kind == "scp" || (kind == "endpoint" && !level.is_empty());
            if guards && level.iter().all(|document| allows(kind, document, request).is_empty()) {
                silent.push(kind);
            }
        }
    }
    silent
}

/// Who grants the request, or who should have.
fn grants(case: &Value, about: &About<'_>) -> Result<Vec<&'static str>, Vec<&'static str>> {
    let request = about.request;
    let (policies, caller) = (&case["policies"], request.caller);
    let allowed = |kind| {
        levels(policies, kind, caller).into_iter().flatten().any(|document| !allows(kind, document, request).is_empty())
    };
    let attached = |kind| levels(policies, kind, caller).into_iter().flatten().next().is_some();
    let theirs = theirs(policies, about);
    let is_trust = theirs == "trust";
    let counts = !about.is_beyond(theirs) && !about.has_sparing_resource();
    let ways: Vec<Way> = levels(policies, theirs, caller)
        .into_iter()
        .flatten()
        .filter(|_| counts)
        .flat_map(|document| allows(theirs, document, request))
        .collect();

    // What has to allow on the caller's own side, and does not.
    let mut limits = Vec::new();
    if attached("boundary") && !allowed("boundary") {
        limits.push("boundary");
    }
    // docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html: without a session policy, a federated
    // user has no permissions of its own.
    if (attached("session") || caller.is_federated_user) && !allowed("session") {
        limits.push("session");
    }
    let mut own = limits.clone();
    if !allowed("identity") {
        own.push("identity");
    }

    let Some(account) = &caller.account else {
        return if ways.is_empty() { Err(vec![theirs]) } else { Ok(vec![theirs]) };
    };
    if caller.is_root {
        // Nothing that identities have limits the root user.
        own.clear();
    }
    // docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html: with role chaining, both.
    let is_chained_identity =
        is_trust && caller.is_role_session && request.action.to_lowercase() == "sts:setsourceidentity";
    if about.owner.as_ref() != Some(account) || is_chained_identity || about.needs_both() {
        if ways.is_empty() {
            own.push(theirs);
        }
        return if !own.is_empty() {
            Err(own)
        } else if caller.is_root {
            Ok(vec![theirs])
        } else {
            Ok(vec![theirs, "identity"])
        };
    }

    // Roles' trust policies and keys' policies must allow; other resources' policies may.
    let must = is_trust || about.needs_resource();
    if must && ways.is_empty() {
        own.push(theirs);
        return Err(own);
    }
    if caller.is_root {
        return Ok(if ways.is_empty() { Vec::new() } else { vec![theirs] });
    }
    let granted = |way: &Way| match way {
        // A federated user has what is "specifically" granted to its session.
        Way::Everyone if caller.is_federated_user => limits.is_empty(),
        Way::Itself | Way::Everyone => !(is_trust && caller.is_user) || limits.is_empty(),
        Way::SessionIssuer => limits.is_empty(),
        Way::Account => must && own.is_empty(),
    };
    let mut granting = Vec::new();
    if ways.iter().any(granted) {
        granting.push(theirs);
    }
    if own.is_empty() {
        granting.push("identity");
    }
    if !granting.is_empty() {
        return Ok(granting);
    }
    // A policy that would grant but for the limits leaves only these to blame.
    let would_grant = ways.iter().any(|way| *way != Way::Account);
    Err(if would_grant { limits } else { own })
}

/// The policy of the resource: a role has a trust policy.
fn theirs(policies: &Value, about: &About<'_>) -> &'static str {
    let has_none = policies["resource"].is_null() && policies["trust"].is_null();
    if !policies["trust"].is_null() || (has_none && about.needs_trust()) { "trust" } else { "resource" }
}

/// The account whose resource it is. What AWS owns counts as the caller's.
fn owner(case: &Value, caller: Option<&str>) -> Option<String> {
    let resource = case["resource"].as_str().unwrap_or_default();
    let of_arn = resource.splitn(6, ':').collect::<Vec<_>>();
    let of_arn = if of_arn.len() == 6 && of_arn[0] == "arn" && !of_arn[4].is_empty() { Some(of_arn[4]) } else { None };
    let stated = case["resourceAccount"].as_str().or(of_arn).filter(|account| !account.starts_with("aws"));
    stated.or(caller).map(str::to_owned)
}

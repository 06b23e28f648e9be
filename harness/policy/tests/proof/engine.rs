//! Cases handed to the engine.

use std::sync::Arc;

use policy::{Context, Decision, Document, Kind, Policies, Policy, Principal, Request, decide};
use serde_json::Value;

use crate::reference::Answer;

const ARN_KEY: &str = "aws:PrincipalArn";

/// What the engine says to a case.
pub fn answer(case: &Value) -> Answer {
    told(&decide(&policies(case), &request(case)))
}

pub fn told(decision: &Decision) -> Answer {
    let decision_name = match decision.verdict {
        policy::Verdict::Allowed => "Allowed",
        policy::Verdict::ImplicitlyDenied => "ImplicitlyDenied",
        policy::Verdict::ExplicitlyDenied => "ExplicitlyDenied",
    };
    Answer { decision: decision_name, by: decision.by.iter().map(Kind::name).collect() }
}

pub fn request(case: &Value) -> Request {
    let text = |name: &str| case[name].as_str().map(str::to_owned);
    let mut context = Context::new();
    for (key, value) in case["context"].as_object().into_iter().flatten() {
        match value {
            Value::Array(values) => context.set_many(key, values.iter().filter_map(Value::as_str)),
            value => context.set(key, value.as_str().unwrap()),
        }
    }
    let principal = principal(&case["principal"]);
    let is_unsettled = matches!(principal, Principal::RoleSession { role: None, .. });
    if let Some(arn) = principal.principal_arn().filter(|_| is_unsettled && context.get(ARN_KEY).is_none()) {
        context.set_role_without_path(ARN_KEY, arn);
    }
    Request {
        principal,
        action: text("action").unwrap(),
        resource: text("resource").unwrap(),
        resource_account: text("resourceAccount"),
        context,
    }
}

fn principal(written: &Value) -> Principal {
    let part = |name: &str| written[name].as_str().map(str::to_owned);
    if let Some(provider) = part("federated") {
        return Principal::Federated { provider };
    }
    if let (Some(role), Some(session)) = (part("role"), part("session")) {
        return Principal::RoleSession { role: Some(role), session };
    }
    if let (Some(arn), user @ Some(_)) = (part("session"), part("user")) {
        return Principal::FederatedUser { arn, user };
    }
    let text = written.as_str().unwrap().to_owned();
    if text == "anonymous" {
        return Principal::Anonymous;
    }
    let Some(arn) = policy::arn::Arn::parse(&text) else { return Principal::Service { name: text } };
    let account = arn.account.to_owned();
    match arn.resource.split('/').next() {
        Some("root") => Principal::Root { partition: arn.partition.to_owned(), account },
        Some("assumed-role") => Principal::RoleSession { role: None, session: text },
        Some("user") => Principal::User { arn: text },
        Some("federated-user") => Principal::FederatedUser { arn: text, user: None },
        Some("saml-provider") => Principal::Federated { provider: text },
        _ => panic!("{text}"),
    }
}

pub fn policies(case: &Value) -> Policies {
    let attached = &case["policies"];
    let list = |kind: Kind| all(kind, &attached[kind.name()]);
    let levels = |kind: Kind| items(&attached[kind.name()]).iter().map(|level| all(kind, level)).collect();
    let first = |kind: Kind| list(kind).into_iter().next();
    Policies {
        identity: list(Kind::Identity),
        resource: first(Kind::Resource).or_else(|| first(Kind::Trust)),
        boundary: first(Kind::Boundary),
        session: attached.get("session").map(|_| list(Kind::Session)),
        service_control: levels(Kind::ServiceControl),
        resource_control: levels(Kind::ResourceControl),
        endpoint: first(Kind::Endpoint),
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(if value.is_null() { &[] } else { std::slice::from_ref(value) }, Vec::as_slice)
}

fn all(kind: Kind, list: &Value) -> Vec<Arc<Policy>> {
    items(list).iter().map(|document| compiled(kind, document)).collect()
}

pub fn compiled(kind: Kind, document: &Value) -> Arc<Policy> {
    let text = document.to_string();
    let (read, findings) = Document::read_json(&text, kind);
    let read = read.unwrap_or_else(|| panic!("{kind}: {text}: {findings:?}"));
    Arc::new(Policy::new("p", kind, &read))
}

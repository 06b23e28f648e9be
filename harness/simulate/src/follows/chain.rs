//! Keys that tell of the chain of services through which a call came.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia

use policy::{Context, ContextValue, Principal, Request};

use super::Says::{self, Nothing, Probably};

/// Those that follow from the others.
pub(super) const KEYS: [&str; 3] = ["aws:CalledViaFirst", "aws:CalledViaLast", "aws:ViaAWSService"];

/// "They indicate the first and last services that made calls in the chain of requests", of which `aws:CalledVia` is the
/// "ordered list".
pub(super) fn called_via_first(request: &Request) -> Says {
    called_via(&request.context).first().cloned().map_or(Nothing, Probably)
}

pub(super) fn called_via_last(request: &Request) -> Says {
    called_via(&request.context).last().cloned().map_or(Nothing, Probably)
}

/// "Always included": "`true` when a service uses forward access sessions to make a request on behalf of the original IAM
/// principal", as `aws:CalledVia` tells, and "`false` when the principal makes the call directly".
pub(super) fn via_service(request: &Request) -> Says {
    if teller(&request.context).is_some() {
        return Probably("true".to_owned());
    }
    match request.principal {
        Principal::User { .. } | Principal::RoleSession { .. } => Probably("false".to_owned()),
        _ => Nothing,
    }
}

/// What a context tells of the chain of services that a call went through, by the keys that it lacks.
#[must_use]
pub fn of_chain(context: &Context) -> Vec<(&'static str, String)> {
    let services = called_via(context);
    let all = [
        ("aws:CalledViaFirst", services.first().cloned()),
        ("aws:CalledViaLast", services.last().cloned()),
        ("aws:ViaAWSService", teller(context).map(|_| "true".to_owned())),
    ];
    let lacking = all.into_iter().filter(|(key, _)| context.get(key).is_none());
    lacking.filter_map(|(key, value)| Some((key, value?))).collect()
}

/// What one of these keys contradicts. `aws:CalledVia` is "not present when the principal makes the call directly", nor where
/// "the service uses a service role", which are all the cases in which `aws:ViaAWSService` is `false`.
pub(super) fn contradiction(key: &str, context: &Context) -> Option<String> {
    let Some(ContextValue::One(value)) = context.get(key) else { return None };
    let shown = policy::plain(value);
    let of_list = |which: &str, service: Option<&String>| {
        let service = service.filter(|service| *service != value)?;
        let service = policy::plain(service);
        Some(format!("{key} is `{shown}`, but the {which} service of aws:CalledVia is `{service}`"))
    };
    match key {
        "aws:CalledViaFirst" => of_list("first", called_via(context).first()),
        "aws:CalledViaLast" => of_list("last", called_via(context).last()),
        _ if value.eq_ignore_ascii_case("false") => {
            let teller = teller(context)?;
            Some(format!("{key} is `{shown}`, but {teller} says that a service makes the call for the principal"))
        }
        _ => None,
    }
}

/// The key that says that a service makes the call for somebody.
fn teller(context: &Context) -> Option<&'static str> {
    let is_told = |key: &&str| context.get(key).is_some();
    let by_list = (!called_via(context).is_empty()).then_some("aws:CalledVia");
    by_list.or_else(|| ["aws:CalledViaFirst", "aws:CalledViaLast"].into_iter().find(is_told))
}

fn called_via(context: &Context) -> &[String] {
    match context.get("aws:CalledVia") {
        Some(ContextValue::One(service)) => std::slice::from_ref(service),
        Some(ContextValue::Many(services)) => services,
        None => &[],
    }
}

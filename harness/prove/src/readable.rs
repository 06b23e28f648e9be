//! A request that was found, made one that a person would write.
//!
//! Where documents are compared nobody in particular asks. The caller of a request that is found stands for all of its kind, and
//! `aws:PrincipalArn` may be the ARN of another; the resource of an action that has none may be any text. What is shown is one
//! caller whose keys agree, and `*`, as `simulate` takes them.

use policy::arn::{Arn, is_account};
use policy::{ContextValue, Principal, Request};

use crate::Verdict;
use crate::settle::Engine;

#[cfg(test)]
mod tests;

const PRINCIPAL_ARN: &str = "aws:PrincipalArn";
const PRINCIPAL_ACCOUNT: &str = "aws:PrincipalAccount";
const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

/// The same with a caller by the name that its keys have and, if it may be so, of the account that owns the resource. Each change
/// is made only if the engine says the same of the request afterwards.
pub(crate) fn readable(verdict: Verdict, may_own: bool, engine: Engine<'_>) -> Verdict {
    let Verdict::Found { mut request, mut rows } = verdict else { return verdict };
    let steps = [on_star, by_arn, by_account, with_owner].into_iter().chain(may_own.then_some(as_owner as Step));
    for step in steps {
        let Some(changed) = step(&request) else { continue };
        let heard = engine(&changed);
        if heard.is_so {
            (*request, rows) = (changed, heard.rows);
        }
    }
    Verdict::Found { request, rows }
}

type Step = fn(&Request) -> Option<Request>;

fn value<'r>(request: &'r Request, key: &str) -> Option<&'r str> {
    match request.context.get(key) {
        Some(ContextValue::One(value)) => Some(value),
        _ => None,
    }
}

/// What is no ARN is `*`.
fn on_star(request: &Request) -> Option<Request> {
    let is_none = request.resource != "*" && Arn::parse(&request.resource).is_none();
    is_none.then(|| Request { resource: "*".to_owned(), ..request.clone() })
}

/// The caller has the ARN that the request says. What that leaves empty is the caller's own.
fn by_arn(request: &Request) -> Option<Request> {
    let arn = value(request, PRINCIPAL_ARN)?;
    let own = request.principal.principal_arn()?;
    if own == arn {
        return None;
    }
    let (own, given) = (Arn::parse(&own)?, Arn::parse(arn)?);
    let or_own = |given: &str, own: &str| if given.is_empty() { own } else { given }.to_owned();
    let (partition, account) = (or_own(given.partition, own.partition), or_own(given.account, own.account));
    let resource = if given.resource.ends_with('/') { own.resource } else { given.resource };
    let arn = format!("arn:{partition}:{}::{account}:{resource}", own.service);
    let principal = match &request.principal {
        Principal::Root { .. } => Principal::Root { partition, account },
        Principal::User { .. } => Principal::User { arn: arn.clone() },
        Principal::FederatedUser { user: None, .. } => Principal::FederatedUser { arn: arn.clone(), user: None },
        Principal::RoleSession { session, .. } => {
            let (name, session) = (resource.rsplit('/').next()?, session.rsplit('/').next()?);
            let session = format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}");
            Principal::RoleSession { role: Some(arn.clone()), session }
        }
        _ => return None,
    };
    let mut changed = Request { principal, ..request.clone() };
    changed.context.set(PRINCIPAL_ARN, arn);
    Some(changed)
}

/// The caller is of the account that the request says.
fn by_account(request: &Request) -> Option<Request> {
    of_account(request, value(request, PRINCIPAL_ACCOUNT)?)
}

/// The resource is of the account that the request says, where its ARN has none.
fn with_owner(request: &Request) -> Option<Request> {
    let owner = value(request, RESOURCE_ACCOUNT).filter(|owner| is_account(owner))?;
    let is_open = request.resource_account.is_none() && account_of(&request.resource).is_none();
    is_open.then(|| Request { resource_account: Some(owner.to_owned()), ..request.clone() })
}

/// The caller is of the account that owns the resource.
fn as_owner(request: &Request) -> Option<Request> {
    let owner = request.resource_account.as_deref().or_else(|| account_of(&request.resource))?;
    of_account(request, owner)
}

fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account).filter(|account| is_account(account))
}

/// The same asked by somebody of the same name in another account.
fn of_account(request: &Request, account: &str) -> Option<Request> {
    let own = request.principal.account().filter(|own| *own != account && is_account(account))?;
    let moved = |arn: &str| arn.replacen(&format!("::{own}:"), &format!("::{account}:"), 1);
    let principal = match &request.principal {
        Principal::Root { partition, .. } => {
            Principal::Root { partition: partition.clone(), account: account.to_owned() }
        }
        Principal::User { arn } => Principal::User { arn: moved(arn) },
        Principal::FederatedUser { arn, user } => {
            Principal::FederatedUser { arn: moved(arn), user: user.as_deref().map(moved) }
        }
        Principal::RoleSession { role, session } => {
            Principal::RoleSession { role: role.as_deref().map(moved), session: moved(session) }
        }
        _ => return None,
    };
    let mut changed = Request { principal, ..request.clone() };
    if let Some(arn) = value(request, PRINCIPAL_ARN).map(moved) {
        changed.context.set(PRINCIPAL_ARN, arn);
    }
    if value(request, PRINCIPAL_ACCOUNT).is_some() {
        changed.context.set(PRINCIPAL_ACCOUNT, account);
    }
    Some(changed)
}

//! Users and roles that trust policies and bucket policies name.
//!
//! AWS keeps the unique id behind a user or role that such a policy names. A name that is nobody's is refused; a
//! renamed user keeps its place in the policy; of a deleted one the id remains, which no user or role made anew under
//! the name has.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles,
//! repost.aws/knowledge-center/iam-resource-policy-format

use account::{Fault, World};
use policy::arn::Arn;
use serde_json::Value;

use super::super::fault;
use super::statements_mut;

/// Refuses a trust policy that names a user or role of an account in this world that is not there.
pub(crate) fn check(world: &World, text: &str) -> Result<(), Fault> {
    let Ok(mut document) = serde_json::from_str(text) else { return Ok(()) };
    let mut result = Ok(());
    each_name(&mut document, |name| {
        if result.is_ok() && is_nobody(world, name) {
            result = Err(fault::malformed(invalid(name)));
        }
    });
    result
}

/// What AWS prints for a name that is nobody's.
pub(super) fn invalid(name: &str) -> String {
    format!("Invalid principal in policy: \"AWS\":\"{name}\"")
}

fn is_nobody(world: &World, name: &str) -> bool {
    let Some(arn) = Arn::parse(name).filter(|arn| arn.service == "iam") else { return false };
    let Some(account) = world.account(arn.account) else { return false };
    let last = arn.resource.rsplit('/').next().unwrap_or_default();
    let metadata = match arn.resource.split('/').next() {
        Some("user") => account.identities.users.get(last).map(|user| &user.metadata),
        Some("role") => account.identities.roles.get(last).map(|role| &role.metadata),
        _ => return false,
    };
    metadata.is_none_or(|metadata| metadata.arn != name)
}

/// Writes `to` where trust policies and bucket policies, of whichever account, name `from`.
pub(crate) fn rename(world: &mut World, from: &str, to: &str) {
    world.rename_principals(&|text| renamed(text, from, to));
}

/// Puts what `renamed` makes of each trust policy in its place.
pub(crate) fn rename_in_trust(world: &mut World, renamed: &dyn Fn(&str) -> Option<String>) {
    for role in world.accounts_mut().flat_map(|account| account.identities.roles.values_mut()) {
        if let Some(text) = renamed(&role.trust.text)
            && let Ok(trust) = super::kept_trust(&role.metadata.name, text)
        {
            role.trust = trust;
        }
    }
}

/// A policy with `to` in place of `from`; `None` if it does not name that.
fn renamed(text: &str, from: &str, to: &str) -> Option<String> {
    let mut document = serde_json::from_str(text).ok()?;
    let mut changed = false;
    each_name(&mut document, |name| {
        if name == from {
            to.clone_into(name);
            changed = true;
        }
    });
    changed.then(|| document.to_string())
}

/// Goes through what stands under `"Principal": {"AWS": …}`.
fn each_name(document: &mut Value, mut visit: impl FnMut(&mut String)) {
    for statement in statements_mut(document) {
        match statement.get_mut("Principal").and_then(|principal| principal.get_mut("AWS")) {
            Some(Value::String(name)) => visit(name),
            Some(Value::Array(names)) => names.iter_mut().for_each(|name| {
                if let Value::String(name) = name {
                    visit(name);
                }
            }),
            _ => {}
        }
    }
}

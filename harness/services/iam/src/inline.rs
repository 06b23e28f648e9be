//! Inline policies of users, groups and roles.

use account::Fault;
use account::identities::ResourceType;
use serde_json::{Value, json};

use super::call::IamCall;
use super::document::{self, encode, size};
use super::fault;
use super::page::cut;

#[cfg(test)]
mod tests;

/// The most non-whitespace characters of all inline policies of one entity together.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
pub(crate) const fn quota(kind: ResourceType) -> usize {
    match kind {
        ResourceType::User => 2_048,
        ResourceType::Group => 5_120,
        _ => 10_240,
    }
}

/// Put…Policy
pub(crate) fn put(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    let name = op.text("PolicyName");
    let text = op.text("PolicyDocument");
    op.authorize_on(&owner)?;
    op.refuse_protected(&owner)?;
    let kind = op.kind;
    let grants = op.iam_mut()?.grants_mut(kind, &owner).ok_or_else(|| fault::missing(kind, &owner))?;
    let inline = document::inline(format!("{}/{owner}/{name}", kind.word()), policy::Kind::Identity, text)?;
    let others = grants.inline.iter().filter(|(known, _)| **known != name);
    let total = others.map(|(_, other)| size(&other.text)).sum::<usize>() + size(&inline.text);
    if total > quota(kind) {
        let text = format!("Maximum policy size of {} bytes exceeded for {} {owner}", quota(kind), kind.word());
        return Err(fault::limit_exceeded(text));
    }
    grants.inline.insert(name, inline);
    Ok(json!({}))
}

/// Get…Policy
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    let name = op.text("PolicyName");
    op.authorize_on(&owner)?;
    let grants = op.iam()?.grants(op.kind, &owner).ok_or_else(|| fault::missing(op.kind, &owner))?;
    let inline = grants.inline.get(&name).ok_or_else(|| missing(op.kind, &name))?;
    Ok(json!({ op.kind.member(): owner, "PolicyName": name, "PolicyDocument": encode(&inline.text) }))
}

/// List…Policies
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    let page = op.page();
    op.authorize_on(&owner)?;
    let grants = op.iam()?.grants(op.kind, &owner).ok_or_else(|| fault::missing(op.kind, &owner))?;
    let names = grants.inline.keys().map(|name| (name.clone(), json!(name)));
    Ok(cut(&page, names).answer("PolicyNames"))
}

/// Delete…Policy
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    let name = op.text("PolicyName");
    op.authorize_on(&owner)?;
    op.refuse_protected(&owner)?;
    let kind = op.kind;
    op.iam_mut()?
        .grants_mut(kind, &owner)
        .ok_or_else(|| fault::missing(kind, &owner))?
        .inline
        .remove(&name)
        .ok_or_else(|| missing(kind, &name))?;
    Ok(json!({}))
}

fn missing(kind: ResourceType, name: &str) -> Fault {
    fault::no_such(format!("The {} policy with name {name} cannot be found.", kind.word()))
}

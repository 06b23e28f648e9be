//! Managed policies attached to users, groups and roles.

use account::Fault;
use account::identities::ResourceType;
use policy::arn::Arn;
use serde_json::{Value, json};

use super::call::IamCall;
use super::fault;
use super::page::cut;

#[cfg(test)]
mod tests;

/// The most managed policies of one user, group or role.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MOST: usize = 10;

/// Attach…Policy
pub(crate) fn attach(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let (owner, arn) = read(op)?;
    let kind = op.kind;
    let iam = op.iam_mut()?;
    if iam.grants(kind, &owner).is_none() {
        return Err(fault::missing(kind, &owner));
    }
    if !iam.ready(&arn) {
        return Err(fault::not_attachable(&format!("Policy {arn}")));
    }
    let grants = iam.grants_mut(kind, &owner).ok_or_else(|| fault::missing(kind, &owner))?;
    if grants.managed.contains(&arn) {
        return Ok(json!({}));
    }
    if grants.managed.len() >= MOST {
        return Err(fault::quota(&format!("PoliciesPer{}", kind.member().trim_end_matches("Name")), MOST));
    }
    grants.managed.push(arn);
    Ok(json!({}))
}

/// Detach…Policy
pub(crate) fn detach(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let (owner, arn) = read(op)?;
    let kind = op.kind;
    let grants = op.iam_mut()?.grants_mut(kind, &owner).ok_or_else(|| fault::missing(kind, &owner))?;
    let before = grants.managed.len();
    grants.managed.retain(|managed| *managed != arn);
    if grants.managed.len() == before {
        return Err(fault::missing(ResourceType::Policy, &arn));
    }
    Ok(json!({}))
}

/// Owner and policy of a call that may attach or detach.
fn read(op: &mut IamCall<'_, '_, '_>) -> Result<(String, String), Fault> {
    let owner = op.name();
    let arn = op.text("PolicyArn");
    if !is_policy(&arn) {
        return Err(fault::validation(format!("ARN {arn} is not valid.")));
    }
    op.authorize_on(&owner)?;
    op.refuse_protected(&owner)?;
    Ok((owner, arn))
}

/// Whether a text is the ARN of a managed policy, there or not.
pub(crate) fn is_policy(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("policy/"))
}

/// ListAttached…Policies
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    let prefix = op.path("PathPrefix");
    let page = op.page();
    op.authorize_on(&owner)?;
    let iam = op.iam()?;
    let grants = iam.grants(op.kind, &owner).ok_or_else(|| fault::missing(op.kind, &owner))?;
    let mut all: Vec<_> = grants
        .managed
        .iter()
        .filter(|arn| path(arn).starts_with(&prefix))
        .map(|arn| {
            let name = iam.policy_name(arn);
            (arn.clone(), json!({ "PolicyName": name, "PolicyArn": arn }))
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(cut(&page, all).answer("AttachedPolicies"))
}

/// `/service-role/` of `arn:aws:iam::aws:policy/service-role/NAME`.
fn path(arn: &str) -> &str {
    let resource = arn.splitn(6, ':').nth(5).and_then(|resource| resource.strip_prefix("policy")).unwrap_or_default();
    resource.rfind('/').map_or("", |at| &resource[..=at])
}

/// ListEntitiesForPolicy
pub(crate) fn entities(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    let filter = op.optional("EntityFilter");
    let prefix = op.path("PathPrefix");
    let usage = op.optional("PolicyUsageFilter");
    let page = op.page();
    op.authorize_on(&arn)?;
    let iam = op.iam()?;
    if iam.policy_text(&arn).is_none() {
        return Err(fault::not_attachable(&format!("Policy {arn}")));
    }
    let mut all = Vec::new();
    for (kind, metadata, grants) in iam.all_grants().filter(|(_, metadata, _)| metadata.path.starts_with(&prefix)) {
        let permissions = usage.as_deref() != Some("PermissionsBoundary") && grants.managed.contains(&arn);
        let boundary = usage.as_deref() != Some("PermissionsPolicy") && grants.boundary.as_deref() == Some(&arn);
        let (index, word) = match kind {
            ResourceType::Group => (0, "Group"),
            ResourceType::User => (1, "User"),
            _ => (2, "Role"),
        };
        if (permissions || boundary) && filter.as_deref().is_none_or(|filter| filter == word) {
            let item = json!({ format!("{word}Name"): metadata.name, format!("{word}Id"): metadata.id });
            all.push((format!("{index}{}", metadata.name), item));
        }
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(cut(&page, all).share(&["PolicyGroups", "PolicyUsers", "PolicyRoles"]))
}

//! Permissions boundaries of users and roles.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html

use account::Fault;
use account::identities::ResourceType;
use account::identities::{Grants, Identities};
use serde_json::{Value, json};

use super::attach::is_policy;
use super::call::IamCall;
use super::fault;

#[cfg(test)]
mod tests;

/// Put…PermissionsBoundary. Its `iam:PermissionsBoundary` is the boundary to be, not the one that is.
pub(crate) fn put(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    let arn = op.text("PermissionsBoundary");
    op.authorize_on(&owner)?;
    op.refuse_protected(&owner)?;
    let kind = op.kind;
    let iam = op.iam_mut()?;
    if iam.grants(kind, &owner).is_none() {
        return Err(fault::missing(kind, &owner));
    }
    ready(iam, Some(&arn))?;
    iam.grants_mut(kind, &owner).ok_or_else(|| fault::missing(kind, &owner))?.boundary = Some(arn);
    Ok(json!({}))
}

/// Delete…PermissionsBoundary
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let owner = op.name();
    op.authorize_on(&owner)?;
    op.refuse_protected(&owner)?;
    let kind = op.kind;
    let what = if kind == ResourceType::User { "user" } else { "role" };
    match op.iam_mut()?.grants_mut(kind, &owner).ok_or_else(|| fault::missing(kind, &owner))?.boundary.take() {
        Some(_) => Ok(json!({})),
        None => Err(fault::no_such(format!("The {what} with name {owner} has no permissions boundary."))),
    }
}

/// Refuses what cannot be a boundary, and makes ready what can.
pub(crate) fn ready(iam: &mut Identities, arn: Option<&str>) -> Result<(), Fault> {
    let Some(arn) = arn else { return Ok(()) };
    if !is_policy(arn) {
        return Err(fault::invalid_input(format!("ARN {arn} is not valid.")));
    }
    if !iam.ready(arn) {
        return Err(fault::not_attachable(&format!("Scope ARN: {arn}")));
    }
    Ok(())
}

/// As responses show it. The service's model calls the type `PermissionsBoundaryPolicy`, the service `Policy`.
pub(crate) fn view(grants: &Grants) -> Option<Value> {
    let arn = grants.boundary.as_ref()?;
    Some(json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn }))
}

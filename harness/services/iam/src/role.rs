//! Roles.

use account::Fault;
use account::identities::ResourceType;
use account::identities::{Grants, Role, SERVICE_LINKED};
use serde_json::{Map, Value, json};

use super::boundary;
use super::call::{IamCall, stamp};
use super::document::{self, encode};
use super::fault;
use super::managed::object;
use super::page::cut;
use super::{principal, tag, user};

#[cfg(test)]
mod tests;

/// `MaxSessionDuration` in seconds, unless it is given: one hour.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const HOUR: i64 = 3_600;

/// CreateRole
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    let path = op.path("Path");
    let text = op.text("AssumeRolePolicyDocument");
    let description = op.optional("Description");
    let longest = op.number("MaxSessionDuration").unwrap_or(HOUR);
    let bound = op.optional("PermissionsBoundary");
    let tags = tag::passed(op)?;
    op.authorize_making(&path, &name, &tags)?;
    if path.starts_with(SERVICE_LINKED) {
        let text =
            format!("The path {SERVICE_LINKED} is for service-linked roles, which CreateServiceLinkedRole makes.");
        return Err(fault::invalid_input(text));
    }
    op.refuse_taken(ResourceType::Role, &name)?;
    let trust = document::trust(&name, op.world.with_arns(text))?;
    principal::check(op.world, &trust.text)?;
    boundary::ready(op.iam_mut()?, bound.as_deref())?;
    let metadata = op.metadata(path, name.clone(), tags);
    let grants = Grants { boundary: bound, ..Grants::default() };
    let role = Role { metadata, grants, trust, description, max_session_duration: longest };
    let view = made_view(&role);
    op.iam_mut()?.roles.insert(name, role);
    Ok(json!({ "Role": view }))
}

/// GetRole
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    op.authorize_on(&name)?;
    let role = find(op, &name)?;
    let mut view = made_view(role);
    view.insert("MaxSessionDuration".to_owned(), json!(role.max_session_duration));
    // Uses are not recorded here.
    view.insert("RoleLastUsed".to_owned(), json!({}));
    Ok(json!({ "Role": view }))
}

/// ListRoles
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let prefix = op.path("PathPrefix");
    let page = op.page();
    op.authorize_on_all()?;
    let roles = op.iam()?.roles.values().filter(|role| role.metadata.path.starts_with(&prefix));
    let all = roles.map(|role| {
        let mut view = view(role);
        add_description(&mut view, role);
        view.insert("MaxSessionDuration".to_owned(), json!(role.max_session_duration));
        (role.metadata.name.clone(), view.into())
    });
    Ok(cut(&page, all).answer("Roles"))
}

/// UpdateRole
pub(crate) fn update(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    let description = op.optional("Description");
    let longest = op.number("MaxSessionDuration");
    op.authorize_on(&name)?;
    op.refuse_protected(&name)?;
    let role = op.iam_mut()?.roles.get_mut(&name).ok_or_else(|| fault::missing(ResourceType::Role, &name))?;
    if let Some(longest) = longest {
        role.max_session_duration = longest;
    }
    if description.is_some() {
        role.description = description;
    }
    Ok(json!({}))
}

/// UpdateRoleDescription
pub(crate) fn describe(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    let description = op.optional("Description");
    op.authorize_on(&name)?;
    let role = op.iam_mut()?.roles.get_mut(&name).ok_or_else(|| fault::missing(ResourceType::Role, &name))?;
    role.description = description;
    Ok(json!({ "Role": made_view(role) }))
}

/// UpdateAssumeRolePolicy
pub(crate) fn update_trust(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    let text = op.text("PolicyDocument");
    op.authorize_on(&name)?;
    op.refuse_protected(&name)?;
    find(op, &name)?;
    let trust = document::trust(&name, op.world.with_arns(text))?;
    principal::check(op.world, &trust.text)?;
    if let Some(role) = op.iam_mut()?.roles.get_mut(&name) {
        role.trust = trust;
    }
    Ok(json!({}))
}

/// DeleteRole
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    op.authorize_on(&name)?;
    op.refuse_protected(&name)?;
    let role = find(op, &name)?;
    user::refuse_granted(&role.grants)?;
    if op.iam()?.profiles.values().any(|profile| profile.role.as_deref() == Some(&name)) {
        return Err(fault::conflict("Cannot delete entity, must remove roles from instance profile first."));
    }
    if let Some(role) = op.iam_mut()?.roles.remove(&name) {
        principal::rename(op.world, &role.metadata.arn, &role.metadata.id);
    }
    Ok(json!({}))
}

pub(crate) fn find<'a>(op: &'a IamCall<'_, '_, '_>, name: &str) -> Result<&'a Role, Fault> {
    op.iam()?.roles.get(name).ok_or_else(|| fault::missing(ResourceType::Role, name))
}

/// A role as it stands in an instance profile.
pub(crate) fn view(role: &Role) -> Map<String, Value> {
    object(json!({
        "Path": role.metadata.path,
        "RoleName": role.metadata.name,
        "RoleId": role.metadata.id,
        "Arn": role.metadata.arn,
        "CreateDate": stamp(role.metadata.created),
        "AssumeRolePolicyDocument": encode(&role.trust.text),
    }))
}

/// A role as CreateRole shows it.
pub(crate) fn made_view(role: &Role) -> Map<String, Value> {
    let mut view = view(role);
    add_description(&mut view, role);
    if let Some(boundary) = boundary::view(&role.grants) {
        view.insert("PermissionsBoundary".to_owned(), boundary);
    }
    if !role.metadata.tags.is_empty() {
        view.insert("Tags".to_owned(), tag::view(&role.metadata.tags));
    }
    view
}

fn add_description(view: &mut Map<String, Value>, role: &Role) {
    if let Some(description) = &role.description {
        view.insert("Description".to_owned(), json!(description));
    }
}

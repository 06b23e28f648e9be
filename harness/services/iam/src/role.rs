//! Roles.

use account::Fault;
use account::identities::ResourceType;
use account::identities::{Grants, Role, SERVICE_LINKED};
use serde_json::{Map, Value, json};

use super::boundary;
use super::call::{IamCall, stamp};
use super::document::{self, check_principals, encode, rename_principal};
use super::fault;
use super::form::Form;
use super::managed::object;
use super::page::cut;
use super::{tag, user};

#[cfg(test)]
mod tests;

/// Bounds of `MaxSessionDuration` in seconds: one hour to twelve.
const LEAST: i64 = 3_600;
const MOST: i64 = 43_200;

/// CreateRole
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("RoleName", ResourceType::Role.longest());
    let path = form.path("Path");
    let text = form.document("AssumeRolePolicyDocument");
    let description = form.description();
    let longest = form.number("MaxSessionDuration", LEAST, MOST).unwrap_or(LEAST);
    let bound = form.optional_arn("PermissionsBoundary");
    let tags = tag::passed(&mut form);
    form.finish()?;
    let tags = tag::unique(ResourceType::Role, &tags)?;
    let mut check = op.check_making(&path, &name, &tags);
    if let Some(bound) = &bound {
        check = check.key("iam:PermissionsBoundary", bound);
    }
    op.authorize(check)?;
    tag::authorize_making(op, &path, &name, &tags)?;
    if path.starts_with(SERVICE_LINKED) {
        let text =
            format!("The path {SERVICE_LINKED} is for service-linked roles, which CreateServiceLinkedRole makes.");
        return Err(fault::invalid_input(text));
    }
    op.refuse_taken(ResourceType::Role, &name)?;
    let trust = document::trust(&name, text)?;
    check_principals(op.world, &trust.text)?;
    boundary::ready(op.iam_mut()?, bound.as_deref())?;
    let metadata = op.metadata(path, name.clone(), tags);
    let grants = Grants { boundary: bound, ..Grants::default() };
    let role = Role { metadata, grants, trust, description, max_session_duration: longest };
    let view = made_view(&role);
    op.iam_mut()?.roles.insert(name, role);
    Ok(json!({ "Role": view }))
}

/// GetRole
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("RoleName", 128);
    form.finish()?;
    op.authorize_on(&name)?;
    let role = find(op, &name)?;
    let mut view = made_view(role);
    view.insert("MaxSessionDuration".to_owned(), json!(role.max_session_duration));
    // Uses are not recorded here.
    view.insert("RoleLastUsed".to_owned(), json!({}));
    Ok(json!({ "Role": view }))
}

/// ListRoles
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let prefix = form.path_prefix();
    let page = form.page();
    form.finish()?;
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
pub(crate) fn update(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("RoleName", 128);
    let description = form.description();
    let longest = form.number("MaxSessionDuration", LEAST, MOST);
    form.finish()?;
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
pub(crate) fn describe(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("RoleName", 128);
    let description = form.description();
    if description.is_none() {
        form.breach("Description", "Member must not be null");
    }
    form.finish()?;
    op.authorize_on(&name)?;
    let role = op.iam_mut()?.roles.get_mut(&name).ok_or_else(|| fault::missing(ResourceType::Role, &name))?;
    role.description = description;
    Ok(json!({ "Role": made_view(role) }))
}

/// UpdateAssumeRolePolicy
pub(crate) fn update_trust(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("RoleName", 128);
    let text = form.document("PolicyDocument");
    form.finish()?;
    op.authorize_on(&name)?;
    op.refuse_protected(&name)?;
    find(op, &name)?;
    let trust = document::trust(&name, text)?;
    check_principals(op.world, &trust.text)?;
    if let Some(role) = op.iam_mut()?.roles.get_mut(&name) {
        role.trust = trust;
    }
    Ok(json!({}))
}

/// DeleteRole
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("RoleName", 128);
    form.finish()?;
    op.authorize_on(&name)?;
    op.refuse_protected(&name)?;
    let role = find(op, &name)?;
    user::refuse_granted(&role.grants)?;
    if op.iam()?.profiles.values().any(|profile| profile.role.as_deref() == Some(&name)) {
        return Err(fault::conflict("Cannot delete entity, must remove roles from instance profile first."));
    }
    if let Some(role) = op.iam_mut()?.roles.remove(&name) {
        rename_principal(op.world, &role.metadata.arn, &role.metadata.id);
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

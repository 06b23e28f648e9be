//! Instance profiles.

use account::identities::ResourceType;
use account::identities::{Identities, Profile};
use account::{Check, Fault};
use serde_json::{Map, Value, json};

use super::call::{IamCall, stamp};
use super::fault;
use super::managed::object;
use super::page::cut;
use super::{role, tag};

#[cfg(test)]
mod tests;

/// CreateInstanceProfile
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("InstanceProfileName");
    let path = op.path("Path");
    let tags = tag::passed(op)?;
    op.authorize_making(&path, &name, &tags)?;
    op.refuse_taken(op.kind, &name)?;
    let metadata = op.metadata(path, name.clone(), tags);
    let profile = Profile { metadata, role: None };
    let iam = op.iam_mut()?;
    let mut view = view(iam, &profile);
    if !profile.metadata.tags.is_empty() {
        view.insert("Tags".to_owned(), tag::view(&profile.metadata.tags));
    }
    iam.profiles.insert(name, profile);
    Ok(json!({ "InstanceProfile": view }))
}

/// GetInstanceProfile
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("InstanceProfileName");
    op.authorize_on(&name)?;
    let iam = op.iam()?;
    let profile = iam.profiles.get(&name).ok_or_else(|| fault::missing(op.kind, &name))?;
    let mut view = view(iam, profile);
    view.insert("Tags".to_owned(), tag::view(&profile.metadata.tags));
    Ok(json!({ "InstanceProfile": view }))
}

/// ListInstanceProfiles
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let prefix = op.path("PathPrefix");
    let page = op.page();
    op.authorize_on_all()?;
    let iam = op.iam()?;
    let profiles = iam.profiles.values().filter(|profile| profile.metadata.path.starts_with(&prefix));
    let all = profiles.map(|profile| (profile.metadata.name.clone(), view(iam, profile).into()));
    Ok(cut(&page, all).answer("InstanceProfiles"))
}

/// ListInstanceProfilesForRole
pub(crate) fn of_role(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    let page = op.page();
    op.authorize_on(&name)?;
    role::find(op, &name)?;
    let iam = op.iam()?;
    let profiles = iam.profiles.values().filter(|profile| profile.role.as_deref() == Some(&name));
    let all = profiles.map(|profile| (profile.metadata.name.clone(), view(iam, profile).into()));
    Ok(cut(&page, all).answer("InstanceProfiles"))
}

/// DeleteInstanceProfile
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("InstanceProfileName");
    op.authorize_on(&name)?;
    let kind = op.kind;
    let iam = op.iam_mut()?;
    let profile = iam.profiles.get(&name).ok_or_else(|| fault::missing(kind, &name))?;
    if profile.role.is_some() {
        return Err(fault::conflict("Cannot delete entity, must remove roles from instance profile first."));
    }
    iam.profiles.remove(&name);
    Ok(json!({}))
}

/// AddRoleToInstanceProfile. It takes the permission to pass the role as well, for an instance will use it.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
pub(crate) fn add_role(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("InstanceProfileName");
    let role_name = op.text("RoleName");
    op.authorize_on(&name)?;
    let kind = op.kind;
    if !op.iam()?.profiles.contains_key(&name) {
        return Err(fault::missing(kind, &name));
    }
    let role = role::find(op, &role_name)?;
    // "You cannot specify a Region or instance ID in the EC2 instance ARN": which instances will use it is still open.
    let instances = format!("arn:{}:ec2:*:{}:instance/*", op.world.partition(), op.account);
    let check = Check::new("iam:PassRole", &role.metadata.arn)
        .key("iam:PassedToService", "ec2.amazonaws.com")
        .key("iam:AssociatedResourceArn", instances)
        .tagged(&role.metadata.tags);
    op.authorize(check)?;
    let profile = op.iam_mut()?.profiles.get_mut(&name).ok_or_else(|| fault::missing(kind, &name))?;
    if profile.role.is_some() {
        return Err(fault::quota("InstanceSessionsPerInstanceProfile", 1));
    }
    profile.role = Some(role_name);
    Ok(json!({}))
}

/// RemoveRoleFromInstanceProfile
pub(crate) fn remove_role(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("InstanceProfileName");
    let role = op.text("RoleName");
    op.authorize_on(&name)?;
    let kind = op.kind;
    let profile = op.iam_mut()?.profiles.get_mut(&name).ok_or_else(|| fault::missing(kind, &name))?;
    if profile.role.as_deref() != Some(&role) {
        return Err(fault::missing(ResourceType::Role, &role));
    }
    profile.role = None;
    Ok(json!({}))
}

/// An instance profile as lists show it.
pub(crate) fn view(iam: &Identities, profile: &Profile) -> Map<String, Value> {
    let role = profile.role.as_ref().and_then(|role| iam.roles.get(role));
    let roles: Vec<Value> = role.map(|role| role::view(role).into()).into_iter().collect();
    object(json!({
        "Path": profile.metadata.path,
        "InstanceProfileName": profile.metadata.name,
        "InstanceProfileId": profile.metadata.id,
        "Arn": profile.metadata.arn,
        "CreateDate": stamp(profile.metadata.created),
        "Roles": roles,
    }))
}

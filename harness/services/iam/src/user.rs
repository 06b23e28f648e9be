//! Users.

use account::identities::ResourceType;
use account::identities::{Grants, User};
use account::{Check, Fault};
use serde_json::{Map, Value, json};

use super::boundary;
use super::call::{IamCall, stamp};
use super::fault;
use super::managed::object;
use super::page::cut;
use super::principal;
use super::tag;

#[cfg(test)]
mod tests;

/// CreateUser
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("UserName");
    let path = op.path("Path");
    let bound = op.optional("PermissionsBoundary");
    let tags = tag::passed(op)?;
    op.authorize_making(&path, &name, &tags)?;
    op.refuse_taken(ResourceType::User, &name)?;
    boundary::ready(op.iam_mut()?, bound.as_deref())?;
    let metadata = op.metadata(path, name.clone(), tags);
    let user = User {
        metadata,
        grants: Grants { boundary: bound, ..Grants::default() },
        groups: Vec::new(),
        keys: Vec::new(),
    };
    let view = full_view(&user);
    op.iam_mut()?.users.add(user);
    Ok(json!({ "User": view }))
}

/// GetUser; without a name, the caller.
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.optional("UserName");
    let Some(name) = op.user_or_self(name)? else { return root(op) };
    op.authorize_on(&name)?;
    let user = op.iam()?.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
    Ok(json!({ "User": full_view(user) }))
}

/// The root user, who has neither name nor path. When the account was made is not known here: the call's time stands
/// in for it.
fn root(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = root_arn(op);
    op.authorize(Check::new(op.action, &arn))?;
    Ok(json!({ "User": { "UserId": op.account, "Arn": arn, "CreateDate": stamp(op.call.now) } }))
}

fn root_arn(op: &IamCall<'_, '_, '_>) -> String {
    format!("arn:{}:iam::{}:root", op.world.partition(), op.account)
}

/// ListMFADevices; without a name, of the caller. Nobody here has one.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
pub(crate) fn mfa_devices(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    match op.user_or_self(op.optional("UserName"))? {
        Some(name) => {
            op.authorize_on(&name)?;
            op.iam()?.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
        }
        None => op.authorize(Check::new(op.action, root_arn(op)))?,
    }
    Ok(cut(&op.page(), []).answer("MFADevices"))
}

/// ListUsers
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let prefix = op.path("PathPrefix");
    let page = op.page();
    op.authorize_on_all()?;
    let users = op.iam()?.users.values().filter(|user| user.metadata.path.starts_with(&prefix));
    Ok(cut(&page, users.map(|user| (user.metadata.name.clone(), view(user).into()))).answer("Users"))
}

/// UpdateUser. It takes the permission on both the user that is and the user that is to be. Its keys and its sessions,
/// which go by its id, stay its own.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
pub(crate) fn update(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("UserName");
    let path = op.optional("NewPath");
    let new = op.optional("NewUserName");
    op.authorize_on(&name)?;
    let user = op.iam()?.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
    let path = path.unwrap_or_else(|| user.metadata.path.clone());
    let new = new.unwrap_or_else(|| name.clone());
    let (old, arn) =
        (user.metadata.arn.clone(), ResourceType::User.arn(op.world.partition(), &op.account, &path, &new));
    if arn != old {
        let check = Check { resource: arn.clone(), ..op.check_on(&name)? };
        op.authorize(check)?;
    }
    if !new.eq_ignore_ascii_case(&name) {
        op.refuse_taken(ResourceType::User, &new)?;
    }
    let iam = op.iam_mut()?;
    if let Some(mut user) = iam.users.remove(&name) {
        user.metadata.name = new;
        user.metadata.path = path;
        user.metadata.arn.clone_from(&arn);
        iam.users.add(user);
    }
    principal::rename(op.world, &old, &arn);
    Ok(json!({}))
}

/// DeleteUser
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("UserName");
    op.authorize_on(&name)?;
    let iam = op.iam_mut()?;
    let user = iam.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
    if !user.keys.is_empty() {
        return Err(fault::conflict("Cannot delete entity, must delete access keys first."));
    }
    if !user.groups.is_empty() {
        return Err(fault::conflict("Cannot delete entity, must remove users from group first."));
    }
    refuse_granted(&user.grants)?;
    if let Some(user) = iam.users.remove(&name) {
        principal::rename(op.world, &user.metadata.arn, &user.metadata.id);
    }
    Ok(json!({}))
}

/// Policies must go before what they are attached to.
pub(crate) fn refuse_granted(grants: &Grants) -> Result<(), Fault> {
    if !grants.managed.is_empty() {
        return Err(fault::conflict("Cannot delete entity, must detach all policies first."));
    }
    if !grants.inline.is_empty() {
        return Err(fault::conflict("Cannot delete entity, must delete policies first."));
    }
    Ok(())
}

/// A user as lists show it.
pub(crate) fn view(user: &User) -> Map<String, Value> {
    object(json!({
        "Path": user.metadata.path,
        "UserName": user.metadata.name,
        "UserId": user.metadata.id,
        "Arn": user.metadata.arn,
        "CreateDate": stamp(user.metadata.created),
    }))
}

/// A user as CreateUser and GetUser show it.
pub(crate) fn full_view(user: &User) -> Map<String, Value> {
    let mut view = view(user);
    if let Some(boundary) = boundary::view(&user.grants) {
        view.insert("PermissionsBoundary".to_owned(), boundary);
    }
    if !user.metadata.tags.is_empty() {
        view.insert("Tags".to_owned(), tag::view(&user.metadata.tags));
    }
    view
}

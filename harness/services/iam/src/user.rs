//! Users.

use std::sync::Arc;

use account::identities::ResourceType;
use account::identities::{Grants, User};
use account::{Check, Fault, Identity, Session, SessionKind, World};
use serde_json::{Map, Value, json};

use super::boundary;
use super::call::{IamCall, stamp};
use super::document::rename_principal;
use super::fault;
use super::form::Form;
use super::managed::object;
use super::page::cut;
use super::tag;

#[cfg(test)]
mod tests;

/// CreateUser
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("UserName", ResourceType::User.longest());
    let path = form.path("Path");
    let bound = form.optional_arn("PermissionsBoundary");
    let tags = tag::passed(&mut form);
    form.finish()?;
    let tags = tag::unique(ResourceType::User, &tags)?;
    let mut check = op.check_making(&path, &name, &tags);
    if let Some(bound) = &bound {
        check = check.key("iam:PermissionsBoundary", bound);
    }
    op.authorize(check)?;
    tag::authorize_making(op, &path, &name, &tags)?;
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
    op.iam_mut()?.users.insert(name, user);
    Ok(json!({ "User": view }))
}

/// GetUser; without a name, the caller.
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.optional_name("UserName", 128);
    form.finish()?;
    let Some(name) = op.user_or_self(name)? else { return root(op) };
    op.authorize_on(&name)?;
    let user = op.iam()?.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
    Ok(json!({ "User": full_view(user) }))
}

/// The root user, who has neither name nor path. When the account was made is not known here: the call's time stands
/// in for it.
fn root(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = format!("arn:aws:iam::{}:root", op.account);
    op.authorize(Check::new(op.action, &arn))?;
    Ok(json!({ "User": { "UserId": op.account, "Arn": arn, "CreateDate": stamp(op.call.now) } }))
}

/// ListUsers
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let prefix = form.path_prefix();
    let page = form.page();
    form.finish()?;
    op.authorize_on_all()?;
    let users = op.iam()?.users.values().filter(|user| user.metadata.path.starts_with(&prefix));
    Ok(cut(&page, users.map(|user| (user.metadata.name.clone(), view(user).into()))).answer("Users"))
}

/// UpdateUser. It takes the permission on both the user that is and the user that is to be.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
pub(crate) fn update(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("UserName", 128);
    let path = form.optional_path("NewPath");
    let new = form.optional_name("NewUserName", ResourceType::User.longest());
    form.finish()?;
    op.authorize_on(&name)?;
    let user = op.iam()?.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
    let path = path.unwrap_or_else(|| user.metadata.path.clone());
    let new = new.unwrap_or_else(|| name.clone());
    let (old, arn) = (user.metadata.arn.clone(), ResourceType::User.arn(&op.account, &path, &new));
    if arn != old {
        let check = Check { resource: arn.clone(), ..op.check_on(&name)? };
        op.authorize(check)?;
    }
    if !new.eq_ignore_ascii_case(&name) {
        op.refuse_taken(ResourceType::User, &new)?;
    }
    let iam = op.iam_mut()?;
    if let Some(mut user) = iam.users.remove(&name) {
        user.metadata.name.clone_from(&new);
        user.metadata.path = path;
        user.metadata.arn.clone_from(&arn);
        iam.users.insert(new.clone(), user);
    }
    rename_principal(op.world, &old, &arn);
    rename_credentials(op.world, &op.account, &name, &new);
    Ok(json!({}))
}

/// A renamed user's keys and sessions stay theirs.
fn rename_credentials(world: &mut World, account: &str, old: &str, new: &str) {
    for credential in world.credentials_mut().values_mut() {
        let renamed = match &*credential.identity {
            Identity::User { account: known, name } if known == account && name == old => {
                Identity::User { account: account.to_owned(), name: new.to_owned() }
            }
            Identity::Session(session) if session.account == account => match &session.kind {
                SessionKind::User { name } if name == old => {
                    let kind = SessionKind::User { name: new.to_owned() };
                    Identity::Session(Arc::new(Session { kind, ..(**session).clone() }))
                }
                SessionKind::Federated { user: Some(name) } if name == old => {
                    let kind = SessionKind::Federated { user: Some(new.to_owned()) };
                    Identity::Session(Arc::new(Session { kind, ..(**session).clone() }))
                }
                _ => continue,
            },
            _ => continue,
        };
        credential.identity = Arc::new(renamed);
    }
}

/// DeleteUser
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = form.name("UserName", 128);
    form.finish()?;
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
        rename_principal(op.world, &user.metadata.arn, &user.metadata.id);
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

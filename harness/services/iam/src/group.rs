//! Groups and who is in them.

use account::identities::ResourceType;
use account::identities::{Grants, Group, User};
use account::{Check, Fault, Tags};
use serde_json::{Value, json};

use super::call::{IamCall, stamp};
use super::fault;
use super::page::cut;
use super::user;

#[cfg(test)]
mod tests;

/// The most groups a user can be in.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MOST: usize = 10;

/// CreateGroup
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("GroupName");
    let path = op.path("Path");
    op.authorize_making(&path, &name, &Tags::default())?;
    op.refuse_taken(ResourceType::Group, &name)?;
    let metadata = op.metadata(path, name.clone(), Tags::default());
    let group = Group { metadata, grants: Grants::default() };
    let view = view(&group);
    op.iam_mut()?.groups.insert(name, group);
    Ok(json!({ "Group": view }))
}

/// GetGroup: the group and its members.
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("GroupName");
    let page = op.page();
    op.authorize_on(&name)?;
    let iam = op.iam()?;
    let group = iam.groups.get(&name).ok_or_else(|| fault::missing(ResourceType::Group, &name))?;
    let members = iam.users.values().filter(|user| user.groups.contains(&name));
    let mut answer =
        cut(&page, members.map(|member| (member.metadata.name.clone(), user::view(member).into()))).answer("Users");
    answer["Group"] = view(group);
    Ok(answer)
}

/// ListGroups
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let prefix = op.path("PathPrefix");
    let page = op.page();
    op.authorize_on_all()?;
    let groups = op.iam()?.groups.values().filter(|group| group.metadata.path.starts_with(&prefix));
    Ok(cut(&page, groups.map(|group| (group.metadata.name.clone(), view(group)))).answer("Groups"))
}

/// UpdateGroup. It takes the permission on both the group that is and the group that is to be.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html
pub(crate) fn update(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("GroupName");
    let path = op.optional("NewPath");
    let new = op.optional("NewGroupName");
    op.authorize_on(&name)?;
    let group = op.iam()?.groups.get(&name).ok_or_else(|| fault::missing(ResourceType::Group, &name))?;
    let path = path.unwrap_or_else(|| group.metadata.path.clone());
    let new = new.unwrap_or_else(|| name.clone());
    let arn = ResourceType::Group.arn(op.world.partition(), &op.account, &path, &new);
    if arn != group.metadata.arn {
        op.authorize(Check::new(op.action, &arn))?;
    }
    if !new.eq_ignore_ascii_case(&name) {
        op.refuse_taken(ResourceType::Group, &new)?;
    }
    let iam = op.iam_mut()?;
    if let Some(mut group) = iam.groups.remove(&name) {
        group.metadata.name.clone_from(&new);
        group.metadata.path = path;
        group.metadata.arn = arn;
        iam.groups.insert(new.clone(), group);
    }
    for joined in iam.users.values_mut().flat_map(|user| user.groups.iter_mut()).filter(|joined| **joined == name) {
        joined.clone_from(&new);
    }
    Ok(json!({}))
}

/// DeleteGroup
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("GroupName");
    op.authorize_on(&name)?;
    let iam = op.iam_mut()?;
    let group = iam.groups.get(&name).ok_or_else(|| fault::missing(ResourceType::Group, &name))?;
    if iam.users.values().any(|user| user.groups.contains(&name)) {
        return Err(fault::conflict("Cannot delete entity, must remove users from group first."));
    }
    user::refuse_granted(&group.grants)?;
    iam.groups.remove(&name);
    Ok(json!({}))
}

/// AddUserToGroup
pub(crate) fn add(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let (group, user) = member(op)?;
    if user.groups.contains(&group) {
        return Ok(json!({}));
    }
    if user.groups.len() >= MOST {
        return Err(fault::quota("GroupsPerUser", MOST));
    }
    user.groups.push(group);
    Ok(json!({}))
}

/// RemoveUserFromGroup. A user who is not in the group stays out of it.
pub(crate) fn remove(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let (group, user) = member(op)?;
    user.groups.retain(|joined| *joined != group);
    Ok(json!({}))
}

/// Group and user of a call that may change who is in the group. Of a missing user, AWS speaks first.
fn member<'a>(op: &'a mut IamCall<'_, '_, '_>) -> Result<(String, &'a mut User), Fault> {
    let group = op.text("GroupName");
    let user = op.text("UserName");
    op.authorize_on(&group)?;
    let iam = op.iam_mut()?;
    let there = iam.groups.contains_key(&group);
    let user = iam.users.get_mut(&user).ok_or_else(|| fault::missing(ResourceType::User, &user))?;
    if there { Ok((group, user)) } else { Err(fault::missing(ResourceType::Group, &group)) }
}

/// ListGroupsForUser
pub(crate) fn of_user(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("UserName");
    let page = op.page();
    op.authorize_on(&name)?;
    let iam = op.iam()?;
    let user = iam.users.get(&name).ok_or_else(|| fault::missing(ResourceType::User, &name))?;
    let groups = iam.groups.values().filter(|group| user.groups.contains(&group.metadata.name));
    Ok(cut(&page, groups.map(|group| (group.metadata.name.clone(), view(group)))).answer("Groups"))
}

/// A group as all operations show it.
pub(crate) fn view(group: &Group) -> Value {
    json!({
        "Path": group.metadata.path,
        "GroupName": group.metadata.name,
        "GroupId": group.metadata.id,
        "Arn": group.metadata.arn,
        "CreateDate": stamp(group.metadata.created),
    })
}

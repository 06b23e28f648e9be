//! GetAccountAuthorizationDetails: all of an account's identities and policies in one list.

use account::Fault;
use account::identities::{Grants, Group, Identities, Managed, Role, User, Uses};
use serde_json::{Map, Value, json};

use super::call::{IamCall, stamp};
use super::document::encode;
use super::managed::{aws_view, object, own_view, whole_seconds};
use super::page::cut;
use super::{group, instance_profile, role, tag, user};

#[cfg(test)]
mod tests;

const LISTS: &[&str] = &["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];

/// GetAccountAuthorizationDetails. Of AWS's managed policies it tells those that are in use.
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let filter = op.texts("Filter");
    let page = op.page();
    op.authorize_on_all()?;
    let iam = op.iam()?;
    let wanted = |name: &str| filter.is_empty() || filter.iter().any(|wanted| wanted == name);
    let mut all: Vec<(String, Value)> = Vec::new();
    if wanted("User") {
        all.extend(iam.users.values().map(|user| (format!("0{}", user.metadata.name), user_detail(iam, user))));
    }
    if wanted("Group") {
        all.extend(iam.groups.values().map(|group| (format!("1{}", group.metadata.name), group_detail(iam, group))));
    }
    if wanted("Role") {
        all.extend(iam.roles.values().map(|role| (format!("2{}", role.metadata.name), role_detail(iam, role))));
    }
    if wanted("LocalManagedPolicy") {
        all.extend(iam.policies.values().map(|policy| (format!("3{}", policy.metadata.arn), own_detail(iam, policy))));
    }
    if wanted("AWSManagedPolicy") {
        let used =
            iam.aws.keys().filter(|arn| iam.uses(arn) != Uses::default()).filter_map(|arn| catalog::managed::get(arn));
        all.extend(used.map(|policy| (format!("3{}", policy.arn), aws_detail(iam, &policy))));
    }
    Ok(cut(&page, all).share(LISTS))
}

fn user_detail(iam: &Identities, user: &User) -> Value {
    let mut detail = user::full_view(user);
    detail.insert("Tags".to_owned(), tag::view(&user.metadata.tags));
    detail.insert("GroupList".to_owned(), json!(user.groups));
    add_policies(&mut detail, iam, &user.grants, "UserPolicyList");
    detail.into()
}

fn group_detail(iam: &Identities, group: &Group) -> Value {
    let mut detail = object(group::view(group));
    add_policies(&mut detail, iam, &group.grants, "GroupPolicyList");
    detail.into()
}

fn role_detail(iam: &Identities, role: &Role) -> Value {
    let mut detail = role::made_view(role);
    // RoleDetail has no description.
    detail.remove("Description");
    detail.insert("Tags".to_owned(), tag::view(&role.metadata.tags));
    detail.insert("RoleLastUsed".to_owned(), json!({}));
    let profiles = iam.profiles.values().filter(|profile| profile.role.as_deref() == Some(&role.metadata.name));
    let profiles: Vec<Value> = profiles.map(|profile| instance_profile::view(iam, profile).into()).collect();
    detail.insert("InstanceProfileList".to_owned(), profiles.into());
    add_policies(&mut detail, iam, &role.grants, "RolePolicyList");
    detail.into()
}

fn add_policies(detail: &mut Map<String, Value>, iam: &Identities, grants: &Grants, list: &str) {
    let inline = grants.inline.iter();
    let inline: Vec<_> =
        inline.map(|(name, inline)| json!({ "PolicyName": name, "PolicyDocument": encode(&inline.text) })).collect();
    let managed = grants.managed.iter();
    let managed: Vec<_> = managed.map(|arn| json!({ "PolicyName": iam.policy_name(arn), "PolicyArn": arn })).collect();
    detail.insert(list.to_owned(), inline.into());
    detail.insert("AttachedManagedPolicies".to_owned(), managed.into());
}

fn own_detail(iam: &Identities, policy: &Managed) -> Value {
    let mut detail = own_view(iam, policy);
    if let Some(description) = &policy.description {
        detail.insert("Description".to_owned(), json!(description));
    }
    let versions: Vec<_> = policy
        .versions
        .iter()
        .rev()
        .map(|version| {
            json!({
                "Document": encode(&version.text),
                "VersionId": format!("v{}", version.number),
                "IsDefaultVersion": version.number == policy.default,
                "CreateDate": stamp(version.created),
            })
        })
        .collect();
    detail.insert("PolicyVersionList".to_owned(), versions.into());
    detail.into()
}

fn aws_detail(iam: &Identities, policy: &catalog::managed::ManagedPolicy) -> Value {
    let mut detail = aws_view(iam, policy);
    detail.insert(
        "PolicyVersionList".to_owned(),
        json!([{
            "Document": encode(policy.document),
            "VersionId": policy.version,
            "IsDefaultVersion": true,
            "CreateDate": whole_seconds(policy.updated),
        }]),
    );
    detail.into()
}

//! AWS IAM: who there is in an account, and what they may do. docs.aws.amazon.com/IAM/latest/APIReference/
//!
//! What an account holds is [`account::identities`], which decisions read. Here are the operations that change it.

mod attach;
mod boundary;
mod details;
mod document;
mod fault;
mod form;
mod group;
mod held;
mod inline;
mod instance_profile;
mod key;
mod managed;
mod op;
mod page;
mod role;
mod service_linked;
mod simulate;
mod summary;
mod tag;
mod user;
mod version;

#[cfg(test)]
mod tests;

use account::identities::ResourceType::{self, Group, InstanceProfile, Policy, Role, User};
use account::{Call, Check, Fault, Service, World};
use policy::facts::{Fact, Who};
use serde_json::Value;

pub use document::read as read_policy;

use form::Form;
use op::{IamCall, Run};

/// AWS IAM.
#[derive(Debug)]
pub struct Iam;

impl Service for Iam {
    fn name(&self) -> &'static str {
        "iam"
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        let known = |&&(action, ..): &&(&str, ResourceType, Run)| action.strip_prefix("iam:") == Some(operation);
        let Some(&(action, kind, run)) = OPERATIONS.iter().find(known) else {
            return Err(fault::unknown_operation(operation));
        };
        world.unless_refused(call, action, refusal)?;
        let account = call.identity.account().ok_or_else(Fault::unsigned)?.to_owned();
        run(&mut IamCall { world, call, account, action, kind }, Form::new(input))
    }

    fn held(&self, world: &World, _: &Call<'_>, check: Check) -> Check {
        held::held(world, check)
    }

    fn rename_principals(&self, world: &mut World, renamed: &dyn Fn(&str) -> Option<String>) {
        document::rename_principals(world, renamed);
    }
}

/// IAM takes temporary credentials that may not call it for invalid.
fn refusal(fact: &Fact) -> Option<Fault> {
    matches!(fact.who, Who::FederatedUser | Who::SessionTokenWithoutMfa).then(Fault::unsigned)
}

/// Every operation: the action it is authorised as, what it is about, and what answers it. Those about no single thing
/// stand with the kind that they list or ask about.
const OPERATIONS: &[(&str, ResourceType, Run)] = &[
    ("iam:CreateUser", User, user::create),
    ("iam:GetUser", User, user::get),
    ("iam:ListUsers", User, user::list),
    ("iam:UpdateUser", User, user::update),
    ("iam:DeleteUser", User, user::delete),
    ("iam:CreateAccessKey", User, key::create),
    ("iam:ListAccessKeys", User, key::list),
    ("iam:UpdateAccessKey", User, key::update),
    ("iam:DeleteAccessKey", User, key::delete),
    ("iam:GetAccessKeyLastUsed", User, key::last_used),
    ("iam:CreateGroup", Group, group::create),
    ("iam:GetGroup", Group, group::get),
    ("iam:ListGroups", Group, group::list),
    ("iam:UpdateGroup", Group, group::update),
    ("iam:DeleteGroup", Group, group::delete),
    ("iam:AddUserToGroup", Group, group::add),
    ("iam:RemoveUserFromGroup", Group, group::remove),
    ("iam:ListGroupsForUser", User, group::of_user),
    ("iam:CreateRole", Role, role::create),
    ("iam:GetRole", Role, role::get),
    ("iam:ListRoles", Role, role::list),
    ("iam:UpdateRole", Role, role::update),
    ("iam:UpdateRoleDescription", Role, role::describe),
    ("iam:UpdateAssumeRolePolicy", Role, role::update_trust),
    ("iam:DeleteRole", Role, role::delete),
    ("iam:CreateServiceLinkedRole", Role, service_linked::create),
    ("iam:DeleteServiceLinkedRole", Role, service_linked::delete),
    ("iam:GetServiceLinkedRoleDeletionStatus", Role, service_linked::deletion),
    ("iam:PutUserPolicy", User, inline::put),
    ("iam:PutGroupPolicy", Group, inline::put),
    ("iam:PutRolePolicy", Role, inline::put),
    ("iam:GetUserPolicy", User, inline::get),
    ("iam:GetGroupPolicy", Group, inline::get),
    ("iam:GetRolePolicy", Role, inline::get),
    ("iam:ListUserPolicies", User, inline::list),
    ("iam:ListGroupPolicies", Group, inline::list),
    ("iam:ListRolePolicies", Role, inline::list),
    ("iam:DeleteUserPolicy", User, inline::delete),
    ("iam:DeleteGroupPolicy", Group, inline::delete),
    ("iam:DeleteRolePolicy", Role, inline::delete),
    ("iam:AttachUserPolicy", User, attach::attach),
    ("iam:AttachGroupPolicy", Group, attach::attach),
    ("iam:AttachRolePolicy", Role, attach::attach),
    ("iam:DetachUserPolicy", User, attach::detach),
    ("iam:DetachGroupPolicy", Group, attach::detach),
    ("iam:DetachRolePolicy", Role, attach::detach),
    ("iam:ListAttachedUserPolicies", User, attach::list),
    ("iam:ListAttachedGroupPolicies", Group, attach::list),
    ("iam:ListAttachedRolePolicies", Role, attach::list),
    ("iam:ListEntitiesForPolicy", Policy, attach::entities),
    ("iam:PutUserPermissionsBoundary", User, boundary::put),
    ("iam:PutRolePermissionsBoundary", Role, boundary::put),
    ("iam:DeleteUserPermissionsBoundary", User, boundary::delete),
    ("iam:DeleteRolePermissionsBoundary", Role, boundary::delete),
    ("iam:CreatePolicy", Policy, managed::create),
    ("iam:GetPolicy", Policy, managed::get),
    ("iam:ListPolicies", Policy, managed::list),
    ("iam:DeletePolicy", Policy, managed::delete),
    ("iam:CreatePolicyVersion", Policy, version::create),
    ("iam:GetPolicyVersion", Policy, version::get),
    ("iam:ListPolicyVersions", Policy, version::list),
    ("iam:SetDefaultPolicyVersion", Policy, version::set_default),
    ("iam:DeletePolicyVersion", Policy, version::delete),
    ("iam:TagUser", User, tag::tag),
    ("iam:TagRole", Role, tag::tag),
    ("iam:TagPolicy", Policy, tag::tag),
    ("iam:TagInstanceProfile", InstanceProfile, tag::tag),
    ("iam:UntagUser", User, tag::untag),
    ("iam:UntagRole", Role, tag::untag),
    ("iam:UntagPolicy", Policy, tag::untag),
    ("iam:UntagInstanceProfile", InstanceProfile, tag::untag),
    ("iam:ListUserTags", User, tag::list),
    ("iam:ListRoleTags", Role, tag::list),
    ("iam:ListPolicyTags", Policy, tag::list),
    ("iam:ListInstanceProfileTags", InstanceProfile, tag::list),
    ("iam:CreateInstanceProfile", InstanceProfile, instance_profile::create),
    ("iam:GetInstanceProfile", InstanceProfile, instance_profile::get),
    ("iam:ListInstanceProfiles", InstanceProfile, instance_profile::list),
    ("iam:ListInstanceProfilesForRole", Role, instance_profile::of_role),
    ("iam:DeleteInstanceProfile", InstanceProfile, instance_profile::delete),
    ("iam:AddRoleToInstanceProfile", InstanceProfile, instance_profile::add_role),
    ("iam:RemoveRoleFromInstanceProfile", InstanceProfile, instance_profile::remove_role),
    ("iam:GetAccountSummary", User, summary::summary),
    ("iam:ListAccountAliases", User, summary::aliases),
    ("iam:GetAccountAuthorizationDetails", User, details::get),
    ("iam:SimulateCustomPolicy", Policy, simulate::custom),
    ("iam:SimulatePrincipalPolicy", Policy, simulate::principal),
    ("iam:GetContextKeysForCustomPolicy", Policy, simulate::keys_of_custom),
    ("iam:GetContextKeysForPrincipalPolicy", Policy, simulate::keys_of_principal),
];

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&Iam, &::sts::Sts, &::s3::S3];

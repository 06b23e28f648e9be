//! `AWS::IAM::*`
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html

use source::{Finding, Node};

use super::Tag;
use super::fields::{Context, Fields};
use crate::shape::{Text, shown};

/// A policy inside a role, a user or a group.
#[derive(Clone, Debug)]
pub struct InlinePolicy {
    /// `PolicyName`
    pub policy_name: Text,
    /// `PolicyDocument`, worked out.
    pub policy_document: Node,
}

/// `AWS::IAM::Role`
#[derive(Clone, Debug)]
pub struct Role {
    /// `RoleName`, given or made up.
    pub role_name: Text,
    /// `Path`
    pub path: Option<Text>,
    /// `Description`
    pub description: Option<Text>,
    /// `MaxSessionDuration` in seconds.
    pub max_session_duration: Option<i64>,
    /// `AssumeRolePolicyDocument`, the trust policy.
    pub assume_role_policy_document: Node,
    /// `Policies`
    pub policies: Vec<InlinePolicy>,
    /// `ManagedPolicyArns`
    pub managed_policy_arns: Vec<Text>,
    /// `PermissionsBoundary`, an ARN.
    pub permissions_boundary: Option<Text>,
    /// `Tags`
    pub tags: Vec<Tag>,
}

/// `AWS::IAM::ManagedPolicy`
#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    /// `ManagedPolicyName`, given or made up.
    pub managed_policy_name: Text,
    /// `Path`
    pub path: Option<Text>,
    /// `Description`
    pub description: Option<Text>,
    /// `PolicyDocument`
    pub policy_document: Node,
    /// `Roles` it is attached to, by name.
    pub roles: Vec<Text>,
    /// `Users` it is attached to, by name.
    pub users: Vec<Text>,
    /// `Groups` it is attached to, by name.
    pub groups: Vec<Text>,
}

/// `AWS::IAM::Policy`: one inline policy in several places.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The policy.
    pub policy: InlinePolicy,
    /// `Roles` it is put into, by name.
    pub roles: Vec<Text>,
    /// `Users` it is put into, by name.
    pub users: Vec<Text>,
    /// `Groups` it is put into, by name.
    pub groups: Vec<Text>,
}

/// `AWS::IAM::RolePolicy`, `AWS::IAM::UserPolicy`, `AWS::IAM::GroupPolicy`: one inline policy in one place.
#[derive(Clone, Debug)]
pub struct PrincipalPolicy {
    /// `RoleName`, `UserName` or `GroupName`.
    pub principal: Text,
    /// The policy.
    pub policy: InlinePolicy,
}

/// `AWS::IAM::User`
#[derive(Clone, Debug)]
pub struct User {
    /// `UserName`, given or made up.
    pub user_name: Text,
    /// `Path`
    pub path: Option<Text>,
    /// `Groups`, by name.
    pub groups: Vec<Text>,
    /// `Policies`
    pub policies: Vec<InlinePolicy>,
    /// `ManagedPolicyArns`
    pub managed_policy_arns: Vec<Text>,
    /// `PermissionsBoundary`, an ARN.
    pub permissions_boundary: Option<Text>,
    /// `Tags`
    pub tags: Vec<Tag>,
}

/// `AWS::IAM::Group`
#[derive(Clone, Debug)]
pub struct Group {
    /// `GroupName`, given or made up.
    pub group_name: Text,
    /// `Path`
    pub path: Option<Text>,
    /// `Policies`
    pub policies: Vec<InlinePolicy>,
    /// `ManagedPolicyArns`
    pub managed_policy_arns: Vec<Text>,
}

/// `AWS::IAM::UserToGroupAddition`
#[derive(Clone, Debug)]
pub struct UserToGroupAddition {
    /// `GroupName`
    pub group_name: Text,
    /// `Users`, by name.
    pub users: Vec<Text>,
}

/// A managed policy attached by a resource of its own.
#[derive(Clone, Debug)]
pub struct PolicyAttachment {
    /// `PolicyArn`
    pub policy_arn: Text,
    /// `Roles` it is attached to, by name.
    pub roles: Vec<Text>,
    /// `Users` it is attached to, by name.
    pub users: Vec<Text>,
    /// `Groups` it is attached to, by name.
    pub groups: Vec<Text>,
}

/// `AWS::IAM::InstanceProfile`
#[derive(Clone, Debug)]
pub struct InstanceProfile {
    /// `InstanceProfileName`, given or made up.
    pub instance_profile_name: Text,
    /// `Path`
    pub path: Option<Text>,
    /// `Roles`, by name: at most one.
    pub roles: Vec<Text>,
}

pub(super) fn role(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<Role> {
    let role_name = named(context, fields, "RoleName");
    let path = fields.text(context, "Path");
    let description = fields.text(context, "Description");
    // docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    let max_session_duration = fields.integer(context, "MaxSessionDuration", 3600..=43200);
    let assume_role_policy_document = fields.document(context, "AssumeRolePolicyDocument");
    let policies = inline_policies(context, fields);
    let managed_policy_arns = fields.texts(context, "ManagedPolicyArns");
    let permissions_boundary = fields.text(context, "PermissionsBoundary");
    let tags = fields.tags(context);
    fields.finish(context, &[]);
    Some(Role {
        role_name,
        path,
        description,
        max_session_duration,
        assume_role_policy_document: assume_role_policy_document?,
        policies,
        managed_policy_arns,
        permissions_boundary,
        tags,
    })
}

pub(super) fn managed_policy(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<ManagedPolicy> {
    let managed_policy_name = named(context, fields, "ManagedPolicyName");
    let path = fields.text(context, "Path");
    let description = fields.text(context, "Description");
    let policy_document = fields.document(context, "PolicyDocument");
    let [roles, users, groups] = ["Roles", "Users", "Groups"].map(|name| fields.texts(context, name));
    fields.finish(context, &[]);
    Some(ManagedPolicy {
        managed_policy_name,
        path,
        description,
        policy_document: policy_document?,
        roles,
        users,
        groups,
    })
}

pub(super) fn policy(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<Policy> {
    let policy = inline_policy(context, fields);
    let places = ["Roles", "Users", "Groups"];
    let absent =
        places.iter().all(|place| fields.get(place).is_none_or(|node| node.value == source::Value::List(Vec::new())));
    if absent {
        // "you must specify at least one of these properties"
        let logical_id = &context.declared.logical_id;
        let message = format!("`{}` is put into nothing", shown(&logical_id.value));
        let finding = Finding::error("MISSING_PROPERTY", logical_id.span, message);
        context.findings.push(finding.help("give it `Roles`, `Users` or `Groups`"));
    }
    let [roles, users, groups] = places.map(|name| fields.texts(context, name));
    fields.finish(context, &[]);
    Some(Policy { policy: policy?, roles, users, groups })
}

pub(super) fn principal_policy(
    context: &mut Context<'_>,
    fields: &mut Fields<'_>,
    principal: &'static str,
) -> Option<PrincipalPolicy> {
    let principal = fields.need_text(context, principal);
    let policy = inline_policy(context, fields);
    fields.finish(context, &[]);
    Some(PrincipalPolicy { principal: principal?, policy: policy? })
}

pub(super) fn user(context: &mut Context<'_>, fields: &mut Fields<'_>) -> User {
    let user = User {
        user_name: named(context, fields, "UserName"),
        path: fields.text(context, "Path"),
        groups: fields.texts(context, "Groups"),
        policies: inline_policies(context, fields),
        managed_policy_arns: fields.texts(context, "ManagedPolicyArns"),
        permissions_boundary: fields.text(context, "PermissionsBoundary"),
        tags: fields.tags(context),
    };
    fields.finish(context, &["LoginProfile"]);
    user
}

pub(super) fn group(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Group {
    let group = Group {
        group_name: named(context, fields, "GroupName"),
        path: fields.text(context, "Path"),
        policies: inline_policies(context, fields),
        managed_policy_arns: fields.texts(context, "ManagedPolicyArns"),
    };
    fields.finish(context, &[]);
    group
}

pub(super) fn user_to_group_addition(
    context: &mut Context<'_>,
    fields: &mut Fields<'_>,
) -> Option<UserToGroupAddition> {
    let group_name = fields.need_text(context, "GroupName");
    let users = fields.texts(context, "Users");
    fields.finish(context, &[]);
    Some(UserToGroupAddition { group_name: group_name?, users })
}

pub(super) fn policy_attachment(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<PolicyAttachment> {
    let policy_arn = fields.need_text(context, "PolicyArn");
    let [roles, users, groups] = ["Roles", "Users", "Groups"].map(|name| fields.texts(context, name));
    fields.finish(context, &[]);
    Some(PolicyAttachment { policy_arn: policy_arn?, roles, users, groups })
}

pub(super) fn instance_profile(context: &mut Context<'_>, fields: &mut Fields<'_>) -> InstanceProfile {
    let profile = InstanceProfile {
        instance_profile_name: named(context, fields, "InstanceProfileName"),
        path: fields.text(context, "Path"),
        roles: fields.texts(context, "Roles"),
    };
    fields.finish(context, &[]);
    if let Some(second) = profile.roles.get(1) {
        let message = format!("an instance profile holds one role, and `{}` is another", shown(&second.value));
        context.findings.push(Finding::error("WRONG_VALUE", second.span, message));
    }
    profile
}

/// The resource's own name, at the place where it was given.
fn named(context: &mut Context<'_>, fields: &mut Fields<'_>, property: &'static str) -> Text {
    fields.text(context, property).unwrap_or_else(|| context.name.clone())
}

fn inline_policies(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Vec<InlinePolicy> {
    let mut policies = Vec::new();
    for mut part in fields.parts(context, "Policies") {
        policies.extend(inline_policy(context, &mut part));
        part.finish(context, &[]);
    }
    policies
}

fn inline_policy(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<InlinePolicy> {
    let policy_name = fields.need_text(context, "PolicyName");
    let policy_document = fields.document(context, "PolicyDocument");
    Some(InlinePolicy { policy_name: policy_name?, policy_document: policy_document? })
}

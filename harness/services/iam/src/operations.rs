//! What each operation of IAM is. docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html

use account::operation::{MemberKey, OperationRow, Row, adds, always, answer, changes, given, key, reads, row, same};

use super::call::Run;
use super::{
    attach, boundary, details, group, inline, instance_profile, key, managed, role, service_linked, simulate, summary,
    tag, user, version,
};

/// Every operation.
#[rustfmt::skip]
pub(crate) static OPERATIONS: &[Row<Run>] = &[
    row(
        of_user(changes("iam:CreateUser")).checked_as(&[always("iam:CreateUser"), given("Tags", "iam:TagUser")])
            .passes("Tags").keys(BOUNDARY).undone_by("DeleteUser", &[same("UserName")]),
        user::create,
    ),
    row(of_user(reads("iam:GetUser")).in_scenarios(&["UserName"]), user::get),
    row(reads("iam:ListUsers"), user::list),
    row(of_user(reads("iam:ListMFADevices")), user::mfa_devices),
    row(of_user(changes("iam:UpdateUser")), user::update),
    row(of_user(changes("iam:DeleteUser")), user::delete),
    row(
        of_user(adds("iam:CreateAccessKey"))
            .undone_by("DeleteAccessKey", &[same("UserName"), answer("AccessKeyId", "/AccessKey/AccessKeyId")]),
        key::create,
    ),
    row(of_user(reads("iam:ListAccessKeys")), key::list),
    row(of_user(changes("iam:UpdateAccessKey")), key::update),
    row(of_user(changes("iam:DeleteAccessKey")), key::delete),
    row(reads("iam:GetAccessKeyLastUsed").on(&["user"], "AccessKeyId"), key::last_used),
    row(of_group(changes("iam:CreateGroup")).undone_by("DeleteGroup", &[same("GroupName")]), group::create),
    row(of_group(reads("iam:GetGroup")), group::get),
    row(reads("iam:ListGroups"), group::list),
    row(of_group(changes("iam:UpdateGroup")), group::update),
    row(of_group(changes("iam:DeleteGroup")), group::delete),
    row(
        of_group(changes("iam:AddUserToGroup")).names(&["UserName", "GroupName"])
            .undone_by("RemoveUserFromGroup", &[same("UserName"), same("GroupName")]),
        group::add,
    ),
    row(of_group(changes("iam:RemoveUserFromGroup")).names(&["UserName", "GroupName"]), group::remove),
    row(of_user(reads("iam:ListGroupsForUser")), group::of_user),
    row(
        of_role(changes("iam:CreateRole")).checked_as(&[always("iam:CreateRole"), given("Tags", "iam:TagRole")])
            .passes("Tags").keys(BOUNDARY).documents(&["AssumeRolePolicyDocument"])
            .undone_by("DeleteRole", &[same("RoleName")]),
        role::create,
    ),
    row(of_role(reads("iam:GetRole")).in_scenarios(&["RoleName"]), role::get),
    row(reads("iam:ListRoles").in_scenarios(&[]), role::list),
    row(of_role(changes("iam:UpdateRole")), role::update),
    row(of_role(changes("iam:UpdateRoleDescription")), role::describe),
    row(of_role(changes("iam:UpdateAssumeRolePolicy")).documents(&["PolicyDocument"]), role::update_trust),
    row(of_role(changes("iam:DeleteRole")), role::delete),
    row(
        changes("iam:CreateServiceLinkedRole").on(&["role"], "AWSServiceName")
            .keys(&[key("iam:AWSServiceName", "AWSServiceName")]),
        service_linked::create,
    ),
    row(of_role(changes("iam:DeleteServiceLinkedRole")), service_linked::delete),
    row(reads("iam:GetServiceLinkedRoleDeletionStatus").on(&["role"], "DeletionTaskId"), service_linked::deletion),
    row(
        of_user(changes("iam:PutUserPolicy")).documents(&["PolicyDocument"])
            .undone_by("DeleteUserPolicy", &[same("UserName"), same("PolicyName")]),
        inline::put,
    ),
    row(
        of_group(changes("iam:PutGroupPolicy")).documents(&["PolicyDocument"])
            .undone_by("DeleteGroupPolicy", &[same("GroupName"), same("PolicyName")]),
        inline::put,
    ),
    row(
        of_role(changes("iam:PutRolePolicy")).documents(&["PolicyDocument"])
            .undone_by("DeleteRolePolicy", &[same("RoleName"), same("PolicyName")]),
        inline::put,
    ),
    row(of_user(reads("iam:GetUserPolicy")), inline::get),
    row(of_group(reads("iam:GetGroupPolicy")), inline::get),
    row(of_role(reads("iam:GetRolePolicy")), inline::get),
    row(of_user(reads("iam:ListUserPolicies")), inline::list),
    row(of_group(reads("iam:ListGroupPolicies")), inline::list),
    row(of_role(reads("iam:ListRolePolicies")), inline::list),
    row(of_user(changes("iam:DeleteUserPolicy")), inline::delete),
    row(of_group(changes("iam:DeleteGroupPolicy")), inline::delete),
    row(of_role(changes("iam:DeleteRolePolicy")), inline::delete),
    row(
        of_user(changes("iam:AttachUserPolicy")).keys(POLICY).undone_by("DetachUserPolicy", &[same("UserName"), same("PolicyArn")]),
        attach::attach,
    ),
    row(
        of_group(changes("iam:AttachGroupPolicy")).keys(POLICY)
            .undone_by("DetachGroupPolicy", &[same("GroupName"), same("PolicyArn")]),
        attach::attach,
    ),
    row(
        of_role(changes("iam:AttachRolePolicy")).keys(POLICY).undone_by("DetachRolePolicy", &[same("RoleName"), same("PolicyArn")]),
        attach::attach,
    ),
    row(of_user(changes("iam:DetachUserPolicy")).keys(POLICY), attach::detach),
    row(of_group(changes("iam:DetachGroupPolicy")).keys(POLICY), attach::detach),
    row(of_role(changes("iam:DetachRolePolicy")).keys(POLICY), attach::detach),
    row(of_user(reads("iam:ListAttachedUserPolicies")), attach::list),
    row(of_group(reads("iam:ListAttachedGroupPolicies")), attach::list),
    row(of_role(reads("iam:ListAttachedRolePolicies")), attach::list),
    row(of_policy(reads("iam:ListEntitiesForPolicy")), attach::entities),
    row(of_user(changes("iam:PutUserPermissionsBoundary")).keys(BOUNDARY), boundary::put),
    row(of_role(changes("iam:PutRolePermissionsBoundary")).keys(BOUNDARY), boundary::put),
    row(of_user(changes("iam:DeleteUserPermissionsBoundary")), boundary::delete),
    row(of_role(changes("iam:DeleteRolePermissionsBoundary")), boundary::delete),
    row(
        changes("iam:CreatePolicy").checked_as(&[always("iam:CreatePolicy"), given("Tags", "iam:TagPolicy")])
            .on(&["policy"], "PolicyName").passes("Tags").names(&["PolicyName"]).documents(&["PolicyDocument"])
            .undone_by("DeletePolicy", &[answer("PolicyArn", "/Policy/Arn")]),
        managed::create,
    ),
    row(of_policy(reads("iam:GetPolicy")), managed::get),
    row(reads("iam:ListPolicies"), managed::list),
    row(of_policy(changes("iam:DeletePolicy")), managed::delete),
    row(of_policy(changes("iam:CreatePolicyVersion")).documents(&["PolicyDocument"]), version::create),
    row(of_policy(reads("iam:GetPolicyVersion")), version::get),
    row(of_policy(reads("iam:ListPolicyVersions")), version::list),
    row(of_policy(changes("iam:SetDefaultPolicyVersion")), version::set_default),
    row(of_policy(changes("iam:DeletePolicyVersion")), version::delete),
    row(of_user(changes("iam:TagUser")).passes("Tags"), tag::tag),
    row(of_role(changes("iam:TagRole")).passes("Tags").in_scenarios(&["RoleName", "Tags"]), tag::tag),
    row(of_policy(changes("iam:TagPolicy")).passes("Tags"), tag::tag),
    row(of_profile(changes("iam:TagInstanceProfile")).passes("Tags"), tag::tag),
    row(of_user(changes("iam:UntagUser")).takes_keys("TagKeys"), tag::untag),
    row(of_role(changes("iam:UntagRole")).takes_keys("TagKeys").in_scenarios(&["RoleName", "TagKeys"]), tag::untag),
    row(of_policy(changes("iam:UntagPolicy")).takes_keys("TagKeys"), tag::untag),
    row(of_profile(changes("iam:UntagInstanceProfile")).takes_keys("TagKeys"), tag::untag),
    row(of_user(reads("iam:ListUserTags")), tag::list),
    row(of_role(reads("iam:ListRoleTags")), tag::list),
    row(of_policy(reads("iam:ListPolicyTags")), tag::list),
    row(of_profile(reads("iam:ListInstanceProfileTags")), tag::list),
    row(
        of_profile(changes("iam:CreateInstanceProfile"))
            .checked_as(&[always("iam:CreateInstanceProfile"), given("Tags", "iam:TagInstanceProfile")])
            .passes("Tags").undone_by("DeleteInstanceProfile", &[same("InstanceProfileName")]),
        instance_profile::create,
    ),
    row(of_profile(reads("iam:GetInstanceProfile")), instance_profile::get),
    row(reads("iam:ListInstanceProfiles"), instance_profile::list),
    row(of_role(reads("iam:ListInstanceProfilesForRole")), instance_profile::of_role),
    row(of_profile(changes("iam:DeleteInstanceProfile")), instance_profile::delete),
    row(
        of_profile(changes("iam:AddRoleToInstanceProfile"))
            .checked_as(&[always("iam:AddRoleToInstanceProfile"), always("iam:PassRole")])
            .names(&["RoleName", "InstanceProfileName"])
            .undone_by("RemoveRoleFromInstanceProfile", &[same("InstanceProfileName"), same("RoleName")]),
        instance_profile::add_role,
    ),
    row(
        of_profile(changes("iam:RemoveRoleFromInstanceProfile")).names(&["RoleName", "InstanceProfileName"]),
        instance_profile::remove_role,
    ),
    row(reads("iam:GetAccountSummary"), summary::summary),
    row(reads("iam:ListAccountAliases"), summary::aliases),
    row(reads("iam:GetAccountAuthorizationDetails"), details::get),
    row(reads("iam:SimulateCustomPolicy"), simulate::custom),
    row(reads("iam:SimulatePrincipalPolicy").on(&["user", "group", "role"], "PolicySourceArn"), simulate::principal),
    row(reads("iam:GetContextKeysForCustomPolicy"), simulate::keys_of_custom),
    row(
        reads("iam:GetContextKeysForPrincipalPolicy").on(&["user", "group", "role"], "PolicySourceArn"),
        simulate::keys_of_principal,
    ),
];

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_permissionsboundary
const BOUNDARY: &[MemberKey] = &[key("iam:PermissionsBoundary", "PermissionsBoundary")];

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PolicyARN
const POLICY: &[MemberKey] = &[key("iam:PolicyARN", "PolicyArn")];

const fn of_user(operation: OperationRow) -> OperationRow {
    operation.on(&["user"], "UserName").names(&["UserName"])
}

const fn of_group(operation: OperationRow) -> OperationRow {
    operation.on(&["group"], "GroupName").names(&["GroupName"])
}

const fn of_role(operation: OperationRow) -> OperationRow {
    operation.on(&["role"], "RoleName").names(&["RoleName"])
}

const fn of_policy(operation: OperationRow) -> OperationRow {
    operation.on(&["policy"], "PolicyArn")
}

const fn of_profile(operation: OperationRow) -> OperationRow {
    operation.on(&["instance-profile"], "InstanceProfileName").names(&["InstanceProfileName"])
}

//! IAM.

use super::super::{Fact, Rule, Who};
use crate::undocumented::Case;

const SERVICE_LINKED: &[&str] = &["arn:*:iam::*:role/aws-service-role/*"];
const SERVICE_LINKED_SAYS: &str =
    "only the service that a service-linked role belongs to changes its policies or deletes it";

pub(super) const ROWS: &[Fact] = &[
    // A permission, not an operation: iam:PassRole.
    Fact::new(
        "iam-federated-user",
        Rule::Refused,
        Who::FederatedUser,
        &["iam:*"],
        "a session from sts:GetFederationToken cannot call IAM from the CLI or the API, whatever policies say",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html",
    )
    .except(&["iam:PassRole"]),
    Fact::new(
        "iam-temporary-user",
        Rule::Refused,
        Who::SessionTokenWithoutMfa,
        &["iam:*"],
        "credentials from sts:GetSessionToken can call IAM only if they were made with MFA",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
    )
    .except(&["iam:PassRole"]),
    Fact::new(
        "iam-change-password",
        Rule::Refused,
        Who::NoUser,
        &["iam:ChangePassword"],
        "iam:ChangePassword changes the password of the IAM user who calls it, and is refused to other callers",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_ChangePassword.html",
    ),
    Fact::new(
        "iam-pass-role-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["iam:PassRole"],
        "a role can be passed within its own account only, whatever policies say",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    Fact::new(
        "iam-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["iam:*"],
        "IAM works within the caller's own account only: but for trust policies, its resources have no policies",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html",
    )
    .except(&["iam:PassRole"]),
    Fact::new(
        "iam-aws-managed-policy",
        Rule::Refused,
        Who::Customer,
        &[
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
            "iam:TagPolicy",
            "iam:UntagPolicy",
        ],
        "only AWS changes AWS managed policies",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    )
    .on(&["arn:*:iam::aws:policy/*"]),
    // "Only the service that depends on the service-linked role can modify or delete the role on your behalf":
    // UnmodifiableEntity of each of these.
    Fact::new(
        "iam-service-linked-role",
        Rule::Refused,
        Who::Customer,
        &[
            "iam:AddRoleToInstanceProfile",
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:RemoveRoleFromInstanceProfile",
            "iam:UpdateAssumeRolePolicy",
        ],
        SERVICE_LINKED_SAYS,
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html",
    )
    .on(SERVICE_LINKED),
    Fact::new(
        "iam-service-linked-role-policies",
        Rule::Refused,
        Who::Customer,
        &["iam:AttachRolePolicy", "iam:PutRolePolicy"],
        SERVICE_LINKED_SAYS,
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html",
    )
    .on(SERVICE_LINKED)
    .resting_on(Case::ServiceLinkedRolePolicies),
    Fact::new(
        "iam-reserved-role",
        Rule::Refused,
        Who::Customer,
        &[
            "iam:AttachRolePolicy",
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ],
        "only the service that a reserved role belongs to, such as IAM Identity Center, changes it",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/security-iam-awsmanpol.html",
    )
    .on(&["arn:*:iam::*:role/aws-reserved/*"])
    .resting_on(Case::ReservedRole),
];

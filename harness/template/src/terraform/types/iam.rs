//! `aws_iam_*`

use super::Form::{InList, InlinePolicies, Link, Links, Name, OwnLinks, Path, Plain, Policy};
use super::Tags::{Listed, None as Untagged};
use super::Value::{Arn, Attribute, Reference};
use super::{Type, row};

pub(super) const TYPES: &[Type] = &[
    Type {
        values: &[
            ("arn", Attribute("Arn")),
            ("id", Reference),
            ("name", Reference),
            ("unique_id", Attribute("RoleId")),
        ],
        ..row(
            "aws_iam_role",
            "AWS::IAM::Role",
            Listed,
            &[
                ("name", "RoleName", Name),
                ("path", "Path", Path),
                ("description", "Description", Plain),
                ("max_session_duration", "MaxSessionDuration", Plain),
                ("assume_role_policy", "AssumeRolePolicyDocument", Policy),
                ("permissions_boundary", "PermissionsBoundary", Link),
                ("inline_policy", "Policies", InlinePolicies),
                ("managed_policy_arns", "ManagedPolicyArns", OwnLinks),
            ],
        )
    },
    Type {
        values: &[("arn", Reference), ("id", Reference), ("policy_id", Attribute("PolicyId"))],
        ..row(
            "aws_iam_policy",
            "AWS::IAM::ManagedPolicy",
            Listed,
            &[
                ("name", "ManagedPolicyName", Name),
                ("path", "Path", Path),
                ("description", "Description", Plain),
                ("policy", "PolicyDocument", Policy),
            ],
        )
    },
    row(
        "aws_iam_role_policy",
        "AWS::IAM::RolePolicy",
        Untagged,
        &[("name", "PolicyName", Name), ("role", "RoleName", Link), ("policy", "PolicyDocument", Policy)],
    ),
    row(
        "aws_iam_user_policy",
        "AWS::IAM::UserPolicy",
        Untagged,
        &[("name", "PolicyName", Name), ("user", "UserName", Link), ("policy", "PolicyDocument", Policy)],
    ),
    row(
        "aws_iam_group_policy",
        "AWS::IAM::GroupPolicy",
        Untagged,
        &[("name", "PolicyName", Name), ("group", "GroupName", Link), ("policy", "PolicyDocument", Policy)],
    ),
    row(
        "aws_iam_policy_attachment",
        "aws_iam_policy_attachment",
        Untagged,
        &[
            ("policy_arn", "PolicyArn", Link),
            ("roles", "Roles", Links),
            ("users", "Users", Links),
            ("groups", "Groups", Links),
        ],
    ),
    row(
        "aws_iam_role_policy_attachment",
        "aws_iam_role_policy_attachment",
        Untagged,
        &[("policy_arn", "PolicyArn", Link), ("role", "Roles", InList)],
    ),
    row(
        "aws_iam_user_policy_attachment",
        "aws_iam_user_policy_attachment",
        Untagged,
        &[("policy_arn", "PolicyArn", Link), ("user", "Users", InList)],
    ),
    row(
        "aws_iam_group_policy_attachment",
        "aws_iam_group_policy_attachment",
        Untagged,
        &[("policy_arn", "PolicyArn", Link), ("group", "Groups", InList)],
    ),
    Type {
        values: &[("arn", Attribute("Arn")), ("id", Reference), ("name", Reference)],
        ..row(
            "aws_iam_user",
            "AWS::IAM::User",
            Listed,
            &[
                ("name", "UserName", Name),
                ("path", "Path", Path),
                ("permissions_boundary", "PermissionsBoundary", Link),
            ],
        )
    },
    Type {
        values: &[("arn", Attribute("Arn")), ("id", Reference), ("name", Reference)],
        ..row("aws_iam_group", "AWS::IAM::Group", Untagged, &[("name", "GroupName", Name), ("path", "Path", Path)])
    },
    row(
        "aws_iam_group_membership",
        "AWS::IAM::UserToGroupAddition",
        Untagged,
        &[("group", "GroupName", Link), ("users", "Users", Links)],
    ),
    // One user and several groups; CloudFormation has one group and several users.
    row(
        "aws_iam_user_group_membership",
        "aws_iam_user_group_membership",
        Untagged,
        &[("user", "UserName", Link), ("groups", "Groups", Links)],
    ),
    Type {
        values: &[("arn", Attribute("Arn")), ("id", Reference), ("name", Reference)],
        ..row(
            "aws_iam_instance_profile",
            "AWS::IAM::InstanceProfile",
            Listed,
            &[("name", "InstanceProfileName", Name), ("path", "Path", Path), ("role", "Roles", InList)],
        )
    },
    Type {
        values: &[
            ("arn", Arn("arn:{partition}:iam::{account}:oidc-provider/{url}")),
            ("id", Arn("arn:{partition}:iam::{account}:oidc-provider/{url}")),
        ],
        ..row(
            "aws_iam_openid_connect_provider",
            "AWS::IAM::OIDCProvider",
            Listed,
            &[("url", "Url", Plain), ("client_id_list", "ClientIdList", Plain)],
        )
    },
    Type {
        values: &[
            ("arn", Arn("arn:{partition}:iam::{account}:saml-provider/{name}")),
            ("id", Arn("arn:{partition}:iam::{account}:saml-provider/{name}")),
        ],
        ..row("aws_iam_saml_provider", "AWS::IAM::SAMLProvider", Listed, &[("name", "Name", Plain)])
    },
    row(
        "aws_iam_service_linked_role",
        "AWS::IAM::ServiceLinkedRole",
        Untagged,
        &[("aws_service_name", "AWSServiceName", Plain), ("custom_suffix", "CustomSuffix", Plain)],
    ),
];

//! AWS STS.

use super::super::{Fact, Rule, Who};
use crate::Kind;

const COMPARISON: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html";
const SESSION_TOKEN: &str = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html";

pub(super) const ROWS: &[Fact] = &[
    Fact::new(
        "sts-caller-identity",
        Rule::Open,
        Who::Signed,
        &["sts:GetCallerIdentity"],
        "sts:GetCallerIdentity needs no permission, and no policy can deny it",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    ),
    Fact::new(
        "sts-session-token",
        Rule::Open,
        Who::LongTerm,
        &["sts:GetSessionToken"],
        "a user or the root user needs no permission for sts:GetSessionToken, and no policy can deny it",
        SESSION_TOKEN,
    ),
    Fact::new(
        "sts-role-session",
        Rule::Refused,
        Who::RoleSession,
        &["sts:GetFederationToken", "sts:GetSessionToken"],
        "a session of a role cannot call sts:GetFederationToken or sts:GetSessionToken, whatever policies say",
        COMPARISON,
    ),
    // Actions that are no operations of STS are permissions that other services ask for.
    Fact::new(
        "sts-federated-user",
        Rule::Refused,
        Who::FederatedUser,
        &["sts:*"],
        "a session from sts:GetFederationToken cannot call AWS STS but for sts:GetCallerIdentity, whatever policies say",
        COMPARISON,
    )
    .except(&["sts:GetCallerIdentity", "sts:GetServiceBearerToken"]),
    Fact::new(
        "sts-temporary-user",
        Rule::Refused,
        Who::SessionToken,
        &["sts:*"],
        "credentials from sts:GetSessionToken cannot call AWS STS but for sts:AssumeRole and sts:GetCallerIdentity",
        SESSION_TOKEN,
    )
    .except(&[
        "sts:AssumeRole",
        "sts:GetCallerIdentity",
        "sts:GetServiceBearerToken",
        "sts:SetContext",
        "sts:SetSourceIdentity",
        "sts:TagSession",
    ]),
    Fact::new(
        "sts-assume-role-by-root",
        Rule::Refused,
        Who::Root,
        &["sts:AssumeRole"],
        "the root user cannot assume a role, whatever policies say",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    ),
    Fact::new(
        "sts-assume-root-by-root",
        Rule::Refused,
        Who::Root,
        &["sts:AssumeRoot"],
        "the root user cannot call sts:AssumeRoot, whatever policies say",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
    ),
    Fact::new(
        "sts-trust-policy",
        Rule::ResourceMust(Kind::Trust),
        Who::Anyone,
        &[
            "sts:AssumeRole",
            "sts:AssumeRoleWithSAML",
            "sts:AssumeRoleWithWebIdentity",
            "sts:SetContext",
            "sts:SetSourceIdentity",
            "sts:TagSession",
        ],
        "the trust policy of a role must allow its sessions, also within one account",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
    )
    .on(&["arn:*:iam::*:role/*"]),
];

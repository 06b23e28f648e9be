//! AWS Lambda, Amazon ECR, AWS CodeArtifact, VPC Lattice; what SCPs cannot limit; requests without
//! `aws:ResourceAccount`.

use super::super::{Fact, Rule, Who};
use crate::undocumented::Case;

const CODEARTIFACT: &str = "https://docs.aws.amazon.com/codeartifact/latest/ug/repo-policies.html";
const FUNCTIONS: &[&str] = &["arn:*:lambda:*:*:function:*"];

pub(super) const ROWS: &[Fact] = &[
    Fact::new(
        "lambda-function-policy-actions",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["lambda:*"],
        "a function policy does not support this action of AWS Lambda, only identity-based policies do",
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    )
    .except(&[
        "lambda:CreateAlias",
        "lambda:CreateFunctionUrlConfig",
        "lambda:DeleteAlias",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:DeleteProvisionedConcurrencyConfig",
        "lambda:GetAlias",
        "lambda:GetFunction",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:InvokeAsync",
        "lambda:InvokeFunction",
        "lambda:InvokeFunctionUrl",
        "lambda:ListAliases",
        "lambda:ListFunctionEventInvokeConfigs",
        "lambda:ListProvisionedConcurrencyConfigs",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:PutProvisionedConcurrencyConfig",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionEventInvokeConfig",
        "lambda:UpdateFunctionUrlConfig",
    ])
    .on(FUNCTIONS),
    Fact::new(
        "lambda-function-url-configuration",
        Rule::NoResourceGrant,
        Who::Anyone,
        &["lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"],
        "the actions that a function policy supports do not include the configuration of function URLs",
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    )
    .on(FUNCTIONS)
    .resting_on(Case::FunctionUrlConfiguration),
    Fact::new(
        "ecr-authorization-token",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["ecr:GetAuthorizationToken"],
        "no repository policy counts for ecr:GetAuthorizationToken, only identity-based policies do",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    ),
    Fact::new(
        "codeartifact-put-domain-policy",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["codeartifact:PutDomainPermissionsPolicy"],
        "the policy of the domain does not count for replacing it, only identity-based policies do",
        "https://docs.aws.amazon.com/codeartifact/latest/ug/domain-policies.html",
    ),
    Fact::new(
        "codeartifact-put-repository-policy",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["codeartifact:PutRepositoryPermissionsPolicy"],
        "the policy of the repository does not count for replacing it",
        CODEARTIFACT,
    ),
    Fact::new(
        "codeartifact-lists",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["codeartifact:ListDomains", "codeartifact:ListRepositories"],
        "no resource-based policy counts for a list of all domains or repositories",
        CODEARTIFACT,
    ),
    Fact::new(
        "lattice-invoke",
        Rule::BothSides,
        Who::Anyone,
        &["vpc-lattice-svcs:Invoke"],
        "both the auth policy and an identity-based policy must allow vpc-lattice-svcs:Invoke, also within one account",
        "https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html",
    ),
    Fact::new(
        "mechanical-turk-scp",
        Rule::NoServiceControl,
        Who::Anyone,
        &["mechanicalturk:*"],
        "service control policies cannot restrict Amazon Mechanical Turk",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp",
    ),
    // events:PutEvents lacks them only on some buses of other accounts, which the request does not tell.
    Fact::new(
        "no-resource-account",
        Rule::NoResourceAccount,
        Who::Anyone,
        &[
            "auditmanager:UpdateAssessmentFrameworkShare",
            "detective:AcceptInvitation",
            "ds:AcceptSharedDirectory",
            "ebs:*",
            "ec2:AcceptTransitGatewayPeeringAttachment",
            "ec2:AcceptVpcEndpointConnections",
            "ec2:AcceptVpcPeeringConnection",
            "ec2:CreateTransitGatewayPeeringAttachment",
            "ec2:CreateVpcEndpoint",
            "ec2:CreateVpcPeeringConnection",
            "es:AcceptInboundConnection",
            "guardduty:AcceptAdministratorInvitation",
            "macie2:AcceptInvitation",
            "route53:AssociateVPCWithHostedZone",
            "route53:CreateVPCAssociationAuthorization",
            "securityhub:AcceptAdministratorInvitation",
        ],
        "requests for this action have no aws:ResourceAccount, aws:ResourceOrgID or aws:ResourceOrgPaths",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount",
    ),
];

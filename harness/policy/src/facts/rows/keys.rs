//! AWS KMS.

use super::super::{Fact, Rule, Who};
use crate::Kind;

const PERMISSIONS: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html";
const RETIRE: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html";

pub(super) const ROWS: &[Fact] = &[
    Fact::new(
        "kms-key-policy",
        Rule::ResourceMust(Kind::Resource),
        Who::Anyone,
        &["kms:*"],
        "the key policy must allow it or leave it to the account, also within one account and for the root user",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    )
    .except(&["kms:RetireGrant"])
    .on(&["arn:*:kms:*:*:key/*"]),
    Fact::new(
        "kms-across-accounts",
        Rule::Refused,
        Who::Outside,
        &["kms:*"],
        "AWS KMS never lets another account do this, whatever the key policy says",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    )
    .except(&[
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DeriveSharedSecret",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:GenerateMac",
        "kms:GenerateRandom",
        "kms:GetKeyRotationStatus",
        "kms:GetPublicKey",
        "kms:ListGrants",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:RetireGrant",
        "kms:RevokeGrant",
        "kms:Sign",
        "kms:Verify",
        "kms:VerifyMac",
    ]),
    Fact::new(
        "kms-without-key",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &[
            "kms:ConnectCustomKeyStore",
            "kms:CreateCustomKeyStore",
            "kms:CreateKey",
            "kms:DeleteCustomKeyStore",
            "kms:DescribeCustomKeyStores",
            "kms:DisconnectCustomKeyStore",
            "kms:GenerateRandom",
            "kms:ListAliases",
            "kms:ListKeys",
            "kms:ListRetirableGrants",
            "kms:UpdateCustomKeyStore",
        ],
        "no key policy counts for this action of AWS KMS, only identity-based policies do",
        PERMISSIONS,
    ),
    Fact::new(
        "kms-alias",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
        "no key policy counts for the alias, only identity-based policies do; for the key the key policy counts",
        PERMISSIONS,
    )
    .on(&["arn:*:kms:*:*:alias/*"]),
    Fact::new(
        "kms-reserved-alias",
        Rule::Refused,
        Who::Customer,
        &["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
        "aliases that begin with alias/aws/ are reserved for AWS managed keys",
        "https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html",
    )
    .on(&["arn:*:kms:*:*:alias/aws/*"]),
    Fact::new(
        "kms-retire-grant-key-policy",
        Rule::NoResourcePolicy,
        Who::Anyone,
        &["kms:RetireGrant"],
        "a key policy has no effect on kms:RetireGrant: the grant says who may retire it",
        RETIRE,
    ),
    Fact::new(
        "kms-retire-grant-rcp",
        Rule::NoResourceControl,
        Who::Anyone,
        &["kms:RetireGrant"],
        "resource control policies have no effect on kms:RetireGrant",
        RETIRE,
    ),
];

//! `AWS::S3::Bucket` and `AWS::S3::BucketPolicy`
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html

use source::Node;

use super::Tag;
use super::fields::{Context, Fields};
use crate::shape::Text;

/// `AWS::S3::Bucket`
#[derive(Clone, Debug)]
pub struct Bucket {
    /// `BucketName`, given or made up.
    pub bucket_name: Text,
    /// `Tags`
    pub tags: Vec<Tag>,
    /// `AbacStatus`: whether the bucket's tags count in policies.
    pub abac_status: Option<Text>,
    /// `VersioningConfiguration.Status`
    pub versioning: Option<Text>,
    /// `OwnershipControls.Rules[0].ObjectOwnership`
    pub object_ownership: Option<Text>,
    /// `PublicAccessBlockConfiguration`
    pub public_access_block: Option<PublicAccessBlock>,
}

/// `PublicAccessBlockConfiguration`; what is not written is `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// `BlockPublicAcls`
    pub block_public_acls: bool,
    /// `BlockPublicPolicy`
    pub block_public_policy: bool,
    /// `IgnorePublicAcls`
    pub ignore_public_acls: bool,
    /// `RestrictPublicBuckets`
    pub restrict_public_buckets: bool,
}

/// `AWS::S3::BucketPolicy`
#[derive(Clone, Debug)]
pub struct BucketPolicy {
    /// `Bucket`, by name.
    pub bucket: Text,
    /// `PolicyDocument`
    pub policy_document: Node,
}

/// Properties a bucket has that are kept and not applied.
const KEPT: &[&str] = &[
    "AccelerateConfiguration",
    "AccessControl",
    "AnalyticsConfigurations",
    "BucketEncryption",
    "BucketNamePrefix",
    "BucketNamespace",
    "CorsConfiguration",
    "IntelligentTieringConfigurations",
    "InventoryConfigurations",
    "LifecycleConfiguration",
    "LoggingConfiguration",
    "MetadataConfiguration",
    "MetadataTableConfiguration",
    "MetricsConfigurations",
    "NotificationConfiguration",
    "ObjectLockConfiguration",
    "ObjectLockEnabled",
    "ReplicationConfiguration",
    "WebsiteConfiguration",
];

pub(super) fn bucket(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Bucket {
    let bucket = Bucket {
        bucket_name: fields.text(context, "BucketName").unwrap_or_else(|| context.name.clone()),
        tags: fields.tags(context),
        abac_status: fields.choice(context, "AbacStatus", &["Enabled", "Disabled"]),
        versioning: fields.part(context, "VersioningConfiguration").and_then(|mut part| {
            let status = part.choice(context, "Status", &["Enabled", "Suspended"]);
            part.finish(context, &[]);
            status
        }),
        object_ownership: ownership(context, fields),
        public_access_block: public_access_block(context, fields),
    };
    fields.finish(context, KEPT);
    bucket
}

fn ownership(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<Text> {
    let mut controls = fields.part(context, "OwnershipControls")?;
    let mut found = None;
    for mut rule in controls.parts(context, "Rules") {
        let known = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
        let ownership = rule.choice(context, "ObjectOwnership", &known);
        rule.finish(context, &[]);
        found = found.or(ownership);
    }
    controls.finish(context, &[]);
    found
}

fn public_access_block(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<PublicAccessBlock> {
    let mut part = fields.part(context, "PublicAccessBlockConfiguration")?;
    let mut flag = |name| part.boolean(context, name).unwrap_or(false);
    let block = PublicAccessBlock {
        block_public_acls: flag("BlockPublicAcls"),
        block_public_policy: flag("BlockPublicPolicy"),
        ignore_public_acls: flag("IgnorePublicAcls"),
        restrict_public_buckets: flag("RestrictPublicBuckets"),
    };
    part.finish(context, &[]);
    Some(block)
}

pub(super) fn bucket_policy(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<BucketPolicy> {
    let bucket = fields.need_text(context, "Bucket");
    let policy_document = fields.document(context, "PolicyDocument");
    fields.finish(context, &[]);
    Some(BucketPolicy { bucket: bucket?, policy_document: policy_document? })
}

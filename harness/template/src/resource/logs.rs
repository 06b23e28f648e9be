//! `AWS::Logs::LogGroup`
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html

use super::Tag;
use super::fields::{Context, Fields};
use crate::shape::Text;

/// `AWS::Logs::LogGroup`
#[derive(Clone, Debug)]
pub struct LogGroup {
    /// `LogGroupName`, given or made up.
    pub log_group_name: Text,
    /// `RetentionInDays`
    pub retention_in_days: Option<i64>,
    /// `Tags`
    pub tags: Vec<Tag>,
}

/// Properties a log group has that are kept and not applied.
const KEPT: &[&str] = &[
    "BearerTokenAuthenticationEnabled",
    "DataProtectionPolicy",
    "DeletionProtectionEnabled",
    "FieldIndexPolicies",
    "KmsKeyId",
    "LogGroupClass",
    "ResourcePolicyDocument",
];

pub(super) fn log_group(context: &mut Context<'_>, fields: &mut Fields<'_>) -> LogGroup {
    let group = LogGroup {
        log_group_name: fields.text(context, "LogGroupName").unwrap_or_else(|| context.name.clone()),
        retention_in_days: fields.integer(context, "RetentionInDays", 1..=3653),
        tags: fields.tags(context),
    };
    fields.finish(context, KEPT);
    group
}

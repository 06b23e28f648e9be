//! What Terraform's types of resources are in CloudFormation, and where each attribute goes.
//!
//! A type is described at registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/NAME, without `aws_`, and at
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/. What CloudFormation has only as a property of something else
//! keeps its own type (`aws_kms_key_policy`): who made it stays visible, and nothing depends on what only it depends on.

mod iam;
mod listed;
mod others;
mod services;

/// A type of resource.
pub(super) struct Type {
    pub(super) name: &'static str,
    pub(super) cloudformation: &'static str,
    pub(super) tags: Tags,
    pub(super) attributes: &'static [(&'static str, &'static str, Form)],
    /// What other resources name it by: the attribute, and what CloudFormation gives for it.
    pub(super) values: &'static [(&'static str, Value)],
    /// The type that has its policy apart, and the attribute by which that names it.
    pub(super) apart: Option<(&'static str, &'static str)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tags {
    None,
    /// A list of `Key` and `Value`.
    Listed,
    /// A mapping of keys to values.
    Mapped,
    /// A list, made of `tag` blocks with `key` and `value`; those of a provider do not count.
    Blocks,
}

/// How an attribute is written.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// The resource's own name; AWS's provider makes one up where none is given, from `…_prefix`.
    Name,
    /// A text, a number or a Boolean on which no decision rests.
    Plain,
    /// The path that is a part of the ARN.
    Path,
    /// What names another resource: its name, ARN, id or URL.
    Link,
    /// What a statement tests. Known only after apply, it is taken for the ARN or the id that its expression names.
    Tested,
    /// Several links.
    Links,
    /// One link, where CloudFormation has a list of them.
    InList,
    /// A policy that the type cannot be without.
    Policy,
    /// A policy that it may have. Where nobody gives one, the provider fills in what others attach.
    OwnPolicy,
    /// The same, which CloudFormation has as a resource of its own: its type, and the properties for what it is about and for the
    /// document. The property of the row is not used.
    OwnPolicyApart(&'static str, &'static str, &'static str),
    /// `inline_policy` of a role.
    InlinePolicies,
    /// `managed_policy_arns` of a role, which the provider fills in as it does inline policies.
    OwnLinks,
    /// Members of the first item of a list, as a mapping.
    Block(&'static [(&'static str, &'static str, Form)]),
    /// JSON text with the containers of a task definition.
    Containers,
}

/// What CloudFormation gives for an attribute.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// `Ref`
    Reference,
    /// `Fn::GetAtt`
    Attribute(&'static str),
    /// An ARN with `{partition}`, `{region}`, `{account}`, `{ref}`, or an attribute of the resource without `https://`.
    Arn(&'static str),
}

/// All types that are read.
pub(super) fn all() -> impl Iterator<Item = &'static Type> {
    iam::TYPES.iter().chain(services::TYPES).chain(listed::TYPES).chain(others::TYPES)
}

/// The row of a type.
pub(super) fn find(name: &str) -> Option<&'static Type> {
    all().find(|row| row.name == name)
}

/// Whether a type is one that is not modelled, and of which the row has the tags and all that the ARN is made of.
pub(super) fn is_listed(row: &Type) -> bool {
    listed::TYPES.iter().any(|one| one.name == row.name)
}

/// Types whose name or attributes have `polic` in them and that hold no policy of IAM's language.
pub(super) const NO_POLICIES: &[&str] = &[
    "aws_appautoscaling_policy",
    "aws_autoscaling_policy",
    "aws_dlm_lifecycle_policy",
    "aws_ecr_lifecycle_policy",
    "aws_iam_account_password_policy",
    "aws_lb_cookie_stickiness_policy",
    "aws_lb_ssl_negotiation_policy",
    "aws_load_balancer_backend_server_policy",
    "aws_load_balancer_listener_policy",
    "aws_load_balancer_policy",
    "aws_lb_listener",
    "aws_alb_listener",
    "aws_fms_policy",
    "aws_networkfirewall_firewall_policy",
    "aws_route53_traffic_policy",
    "aws_cloudfront_cache_policy",
    "aws_cloudfront_origin_request_policy",
    "aws_cloudfront_response_headers_policy",
    "aws_cloudfront_distribution",
    "aws_cognito_user_pool",
    "aws_cloudwatch_log_account_policy",
    "aws_cloudwatch_log_data_protection_policy",
    "aws_sns_topic_data_protection_policy",
    "aws_sns_topic_subscription",
    "aws_iam_access_key",
];

/// Attributes that hold no policy of IAM's language, whatever their type.
pub(super) const NO_POLICY: &[&str] = &[
    "delivery_policy",
    "filter_policy",
    "redrive_policy",
    "redrive_allow_policy",
    "lifecycle_policy",
    "ssl_policy",
    "security_policy",
    "policy_type",
    "policy_arn",
    "policy_arns",
    "policy_id",
    "policy_name",
    "policy_names",
    "policy_types",
    "arn_policy",
    "policy_bypass_enabled",
    "bypass_policy_lockout_safety_check",
    "block_public_policy",
    "skip_destroy_policy",
    "managed_policy_arn",
    "managed_policy_arns",
    "policy_hash",
];

const fn row(
    name: &'static str,
    cloudformation: &'static str,
    tags: Tags,
    attributes: &'static [(&'static str, &'static str, Form)],
) -> Type {
    Type { name, cloudformation, tags, attributes, values: &[], apart: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_stands_once() {
        let mut names: Vec<_> = all().map(|row| row.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn what_is_apart_is_a_type_that_is_read() {
        for (row, (apart, by)) in all().filter_map(|row| Some((row, row.apart?))) {
            let found = find(apart).unwrap_or_else(|| panic!("{}: {apart}", row.name));
            assert!(found.attributes.iter().any(|(name, ..)| *name == by), "{apart}.{by}");
        }
    }
}

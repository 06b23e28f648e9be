//! Resources that are parts of others in CloudFormation, or that take away what others give.

use std::collections::{BTreeMap, BTreeSet};

use source::{Entry, Finding, Node, Value};

use super::estate::{Found, Instance, has_true};
use super::reader::{AFTER_APPLY, Reader};
use super::tree::{entry, list, map};
use crate::shape::text_node;

/// Types that say something of what another resource is.
pub(super) const PARTS: &[&str] = &[
    "aws_autoscaling_group_tag",
    "aws_dynamodb_tag",
    "aws_ec2_tag",
    "aws_ecs_tag",
    "aws_s3_bucket_abac",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_versioning",
    "aws_transfer_tag",
];

/// Types that are one tag of another resource: the attribute that names it, and what it may be.
pub(super) const TAGS: &[(&str, &str, &[&str])] = &[
    ("aws_autoscaling_group_tag", "autoscaling_group_name", &["aws_autoscaling_group"]),
    ("aws_dynamodb_tag", "resource_arn", &["aws_dynamodb_table"]),
    ("aws_ec2_tag", "resource_id", EC2),
    ("aws_ecs_tag", "resource_arn", &["aws_ecs_cluster", "aws_ecs_task_definition"]),
    ("aws_transfer_tag", "resource_arn", &["aws_transfer_server"]),
];

/// Types whose tags `aws_ec2_tag` may give.
const EC2: &[&str] = &[
    "aws_ebs_volume",
    "aws_instance",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_network_interface",
    "aws_route_table",
    "aws_security_group",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
];

/// What a resource is called by.
const CALLED: [&str; 7] = ["arn", "id", "url", "name", "bucket", "key_id", "domain_name"];

/// What is read of them.
const DECIDING: &[&str] = &[
    "abac_status",
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
    "rule",
    "versioning_configuration",
];

const FLAGS: &[(&str, &str)] = &[
    ("block_public_acls", "BlockPublicAcls"),
    ("block_public_policy", "BlockPublicPolicy"),
    ("ignore_public_acls", "IgnorePublicAcls"),
    ("restrict_public_buckets", "RestrictPublicBuckets"),
];

/// Types that keep what they list and take away everything else: what they hold, by which attribute, and of whom.
const EXCLUSIVE: &[(&str, &str, &str, &str)] = &[
    ("aws_iam_role_policies_exclusive", "policy_names", "role_name", "aws_iam_role_policy"),
    ("aws_iam_user_policies_exclusive", "policy_names", "user_name", "aws_iam_user_policy"),
    ("aws_iam_group_policies_exclusive", "policy_names", "group_name", "aws_iam_group_policy"),
    ("aws_iam_role_policy_attachments_exclusive", "policy_arns", "role_name", "aws_iam_role_policy_attachment"),
    ("aws_iam_user_policy_attachments_exclusive", "policy_arns", "user_name", "aws_iam_user_policy_attachment"),
    ("aws_iam_group_policy_attachments_exclusive", "policy_arns", "group_name", "aws_iam_group_policy_attachment"),
];

impl<'a, 'e> Reader<'a, 'e> {
    /// Whether an attribute of one resource names another.
    pub(super) fn names(&self, from: &Instance<'a>, attribute: &str, named: &Instance<'a>) -> bool {
        match from.get(attribute) {
            Found::Known(value) => value.text().is_some() && CALLED.iter().any(|own| named.text(own) == value.text()),
            Found::Unknown => {
                let target = from.expression(attribute).and_then(|expression| self.estate.target(from, expression));
                target.is_some_and(|target| target.instance.address == named.address)
            }
            Found::Absent => false,
        }
    }

    /// The resources of a type whose attribute names another. Each is looked at once, whatever the number of those others.
    pub(super) fn naming(
        &mut self,
        of_type: &'static str,
        attribute: &'static str,
        named: &Instance<'a>,
    ) -> Vec<&'e Instance<'a>> {
        let estate = self.estate;
        let index = self.naming.entry((of_type, attribute)).or_insert_with(|| {
            let mut index: BTreeMap<String, Vec<&'e Instance<'a>>> = BTreeMap::new();
            for from in estate.managed(of_type) {
                let target = || estate.target(from, from.expression(attribute)?);
                let key = match from.get(attribute) {
                    Found::Known(value) => value.text().map(str::to_owned),
                    Found::Unknown => target().map(|target| target.instance.address.clone()),
                    Found::Absent => None,
                };
                key.into_iter().for_each(|key| index.entry(key).or_default().push(from));
            }
            index
        });
        let own = CALLED.iter().filter_map(|own| named.text(own)).chain([named.address.as_str()]);
        own.collect::<BTreeSet<_>>().into_iter().filter_map(|key| index.get(key)).flatten().copied().collect()
    }

    /// What other resources say of a bucket.
    pub(super) fn of_bucket(&mut self, bucket: &Instance<'a>) -> Vec<Entry> {
        let mut properties = Vec::new();
        for part in self.parts_of(bucket, "aws_s3_bucket_public_access_block") {
            let flag = |(attribute, property): &(&str, &str)| Some(entry(*property, part.known(attribute)?.clone()));
            let flags = FLAGS.iter().filter_map(flag).collect();
            properties.push(entry("PublicAccessBlockConfiguration", map(flags, part.span)));
        }
        for part in self.parts_of(bucket, "aws_s3_bucket_ownership_controls") {
            let ownership = first(part, "rule", "object_ownership");
            properties.extend(ownership.map(|ownership| {
                let rule = map(vec![entry("ObjectOwnership", ownership.clone())], part.span);
                let rules = list(vec![rule], part.span);
                entry("OwnershipControls", map(vec![entry("Rules", rules)], part.span))
            }));
        }
        for part in self.parts_of(bucket, "aws_s3_bucket_versioning") {
            // "Disabled" is for a bucket that never had versions.
            let status =
                first(part, "versioning_configuration", "status").filter(|status| status.text() != Some("Disabled"));
            let configuration = status.map(|status| map(vec![entry("Status", status.clone())], part.span));
            properties.extend(configuration.map(|configuration| entry("VersioningConfiguration", configuration)));
        }
        for part in self.parts_of(bucket, "aws_s3_bucket_abac") {
            let status = first(part, "abac_status", "status");
            properties.extend(status.map(|status| entry("AbacStatus", status.clone())));
        }
        properties
    }

    /// The parts of a type that a bucket has; one that is not all known is said.
    fn parts_of(&mut self, bucket: &Instance<'a>, of_type: &'static str) -> Vec<&'e Instance<'a>> {
        let parts = self.naming(of_type, "bucket", bucket);
        for part in &parts {
            let unknown =
                part.attributes().find(|name| DECIDING.contains(name) && part.unknown(name).is_some_and(has_true));
            if let Some(unknown) = unknown {
                let message = format!("`{}`: its `{unknown}` is known only after apply", part.shown());
                self.say(Finding::error("TERRAFORM_UNREADABLE", part.span, message).help(AFTER_APPLY));
            }
        }
        parts
    }

    /// Parts of what Terraform does not manage.
    pub(super) fn is_part_of_something(&self, part: &Instance<'a>) -> bool {
        let of_tag = TAGS.iter().find(|(name, ..)| *name == part.resource_type);
        let (by, types): (_, &[&str]) = of_tag.map_or(("bucket", &["aws_s3_bucket"]), |(_, by, types)| (by, types));
        if matches!(part.get(by), Found::Unknown) {
            let target = part.expression(by).and_then(|expression| self.estate.target(part, expression));
            return target
                .is_some_and(|target| !target.instance.is_data && types.contains(&target.instance.resource_type));
        }
        types.iter().flat_map(|name| self.estate.managed(name)).any(|whole| self.names(part, by, whole))
    }

    /// A list of all that somebody has, and what gives them something that is not on it: AWS has one or the other, whichever
    /// Terraform does last.
    pub(super) fn check_exclusive(&mut self) {
        let estate = self.estate;
        for (name, listed, whose, gives) in EXCLUSIVE {
            for exclusive in estate.managed(name) {
                let Found::Known(list) = exclusive.get(listed) else { continue };
                let is_listed = |text: &str| list.items().iter().any(|item| item.text() == Some(text));
                let member = whose.trim_end_matches("_name");
                let held = if gives.ends_with("attachment") { "policy_arn" } else { "name" };
                for given in estate.managed(gives) {
                    let is_same = match (exclusive.text(whose), given.text(member)) {
                        (Some(one), Some(other)) => one == other,
                        _ => false,
                    };
                    if is_same && given.text(held).is_some_and(|held| !is_listed(held)) {
                        let message = format!(
                            "`{}` gives what `{}` takes away: its `{listed}` do not have it",
                            given.shown(),
                            exclusive.shown()
                        );
                        let finding = Finding::error("TERRAFORM_CONTRADICTION", exclusive.span, message);
                        self.say(finding.help("AWS has whichever Terraform does last: list it, or take it away"));
                    }
                }
            }
        }
    }

    /// A statement that is about one version or alias of a function.
    pub(super) fn qualified(&self, permission: &Instance<'a>, function: Node) -> Node {
        let Some(qualifier) = permission.text("qualifier") else { return function };
        let span = function.span;
        let parts = list(vec![function, text_node(qualifier, span)], span);
        super::tree::one("Fn::Join", list(vec![text_node(":", span), parts], span))
    }
}

/// A member of the one block of its name.
fn first<'a>(instance: &Instance<'a>, block: &str, member: &str) -> Option<&'a Node> {
    let blocks = instance.known(block)?;
    let first = if let Value::List(items) = &blocks.value { items.first()? } else { blocks };
    first.get(member).filter(|node| node.text().is_some_and(|text| !text.is_empty()))
}

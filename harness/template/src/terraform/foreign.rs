//! Types that are not known here: named, with what in them is a policy.

use source::{Entry, Node, Span};

use super::containers::without_nulls;
use super::draft::shown_value;
use super::estate::{Found, Instance};
use super::reader::Reader;
use super::tags::is_object;
use super::tree::{entry, list, map, one};
use super::types::{NO_POLICIES, NO_POLICY, Tags};
use crate::resource::holds_policy;
use crate::shape::text_node;

/// Types whose resources are written in another language than the provider's.
const OPAQUE: &[&str] = &["aws_cloudformation_stack", "aws_cloudformation_stack_set", "aws_cloudcontrolapi_resource"];

impl<'a> Reader<'a, '_> {
    /// A resource of a type that is not known here: named, with what in it is a policy.
    pub(super) fn foreign(&mut self, instance: &Instance<'a>) -> Entry {
        let span = instance.span;
        let mut properties = Vec::new();
        let is_opaque = OPAQUE.contains(&instance.resource_type) || instance.resource_type.starts_with("awscc_");
        if is_opaque {
            let message = format!("`{}`: what it makes is not read, nor are policies in it", instance.shown());
            self.warn("TERRAFORM_UNREAD", span, message);
        } else if instance.is_aws() && !NO_POLICIES.contains(&instance.resource_type) {
            let named = instance.attributes().filter(|name| name.contains("polic") && !NO_POLICY.contains(name));
            for attribute in named {
                properties.extend(self.foreign_policy(instance, attribute));
            }
        }
        self.say_tags_of_object(instance);
        let arn = instance.text("arn").filter(|arn| arn.starts_with("arn:"));
        let arn = arn.filter(|_| instance.is_aws() && !is_object(instance));
        if arn.is_some() && instance.attributes().any(|name| ["tags", "tags_all"].contains(&name)) {
            let tags = self.tags(instance, Tags::Listed).unwrap_or_else(|| list(Vec::new(), span));
            properties.push(entry("Tags", tags));
        }
        let mut body =
            vec![entry("Type", text_node(instance.resource_type, span)), entry("Properties", map(properties, span))];
        // Requests can name what has an ARN, modelled or not.
        body.extend(arn.map(|arn| entry("Metadata", one("Terraform", told(arn, span)))));
        Entry { key: instance.address.clone(), key_span: span, value: map(body, span) }
    }

    fn foreign_policy(&mut self, instance: &Instance<'a>, attribute: &str) -> Option<Entry> {
        match instance.get(attribute) {
            Found::Known(value) if holds_policy(value) => {
                let value = shown_value(instance, attribute, value);
                Some(entry(attribute, without_nulls(&value)))
            }
            Found::Unknown if !instance.is_not_given(attribute) => {
                let message = format!(
                    "`{}`: its `{attribute}` is known only after apply, and `{}` is not modelled: a policy in it is not read",
                    instance.shown(),
                    instance.resource_type
                );
                self.warn("TERRAFORM_UNREAD", instance.span, message);
                None
            }
            _ => None,
        }
    }
}

fn told(arn: &str, span: Span) -> Node {
    map(vec![entry("Arn", text_node(arn, span)), entry("Listed", text_node("true", span))], span)
}

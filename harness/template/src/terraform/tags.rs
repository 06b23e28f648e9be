//! Tags: a resource's own, and those that its provider gives to all.
//!
//! registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging

use source::{Entry, Finding, Node, Value};

use super::estate::{Found, Instance, has_true};
use super::parts::EC2;
use super::place;
use super::reader::{AFTER_APPLY, Reader};
use super::tree::{entry, list, map};
use super::types::Tags;
use crate::shape::{shown, text_node};

/// What stands for a tag's value that is known only after apply.
const UNKNOWN: &str = "known-after-apply";

impl<'a> Reader<'a, '_> {
    /// The tags of a resource, in the form that its type has them.
    pub(super) fn tags(&mut self, instance: &Instance<'a>, form: Tags) -> Option<Node> {
        let is_sensitive = instance.is_sensitive("tags") || instance.is_sensitive("tags_all");
        self.say_ignored(instance);
        let mut tags = self.all_tags(instance);
        tags.extend(self.tags_apart(instance));
        if tags.is_empty() {
            return None;
        }
        if is_sensitive {
            for tag in &mut tags {
                (tag.key_span, tag.value.span) = (instance.span, instance.span);
            }
        }
        let pair = |tag: Entry| {
            let key = text_node(tag.key, tag.key_span);
            map(vec![entry("Key", key), entry("Value", tag.value)], tag.key_span)
        };
        match form {
            Tags::None => None,
            Tags::Mapped => Some(map(tags, instance.span)),
            Tags::Listed => Some(list(tags.into_iter().map(pair).collect(), instance.span)),
        }
    }

    fn all_tags(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        let is_known = !instance.unknown("tags_all").is_some_and(has_true);
        match instance.get("tags_all") {
            Found::Known(all) if is_known => return known(all),
            Found::Absent if is_known => return self.own(instance),
            _ => {}
        }
        // One unknown value makes all of `tags_all` unknown: the two parts are known better.
        let mut all = self.by_default(instance);
        for tag in self.own(instance) {
            match all.iter_mut().find(|other| other.key == tag.key) {
                Some(other) => *other = tag,
                None => all.push(tag),
            }
        }
        all
    }

    /// `tags`, where a value that is known only after apply has something that stands for it.
    fn own(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        let mut tags = instance.known("tags").map(known).unwrap_or_default();
        match instance.unknown("tags") {
            Some(Node { value: Value::Bool(true), .. }) => self.unreadable_tags(instance, "its `tags` are"),
            Some(unknown) => {
                for tag in unknown.entries().iter().filter(|tag| has_true(&tag.value)) {
                    let key = if instance.is_sensitive("tags") { "…".to_owned() } else { shown(&tag.key) };
                    let what = format!("its tag `{key}` is known only after apply, and `{UNKNOWN}` stands for it");
                    self.made_up(instance, &what);
                    let value = text_node(UNKNOWN, instance.span);
                    tags.retain(|known| known.key != tag.key);
                    tags.push(Entry { key: tag.key.clone(), key_span: instance.span, value });
                }
            }
            None => {}
        }
        tags
    }

    /// `default_tags` of the provider.
    fn by_default(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        let expressions = place::provider(self.estate, instance).and_then(|provider| provider.get("expressions"));
        let Some(block) = expressions.and_then(|expressions| expressions.get("default_tags")) else {
            return Vec::new();
        };
        let tags = block.items().first().and_then(|block| block.get("tags"));
        match tags.map(|tags| (tags, tags.get("constant_value"))) {
            None => Vec::new(),
            Some((_, Some(constant))) => known(constant),
            Some((_, None)) => {
                self.unreadable_tags(instance, "the `default_tags` of its provider are");
                Vec::new()
            }
        }
    }

    /// `ignore_tags` of the provider hide tags that AWS has.
    fn say_ignored(&mut self, instance: &Instance<'a>) {
        let expressions = place::provider(self.estate, instance).and_then(|provider| provider.get("expressions"));
        let Some(ignored) = expressions.and_then(|expressions| expressions.get("ignore_tags")) else { return };
        let blocks = ignored.items().iter().flat_map(|block| ["keys", "key_prefixes"].map(|name| block.get(name)));
        let keys: Vec<String> = blocks
            .flatten()
            .flat_map(|keys| keys.get("constant_value").map(Node::items).unwrap_or_default())
            .filter_map(|key| Some(format!("`{}`", shown(key.text()?))))
            .collect();
        let which = if keys.is_empty() { "some tags".to_owned() } else { format!("the tags {}", keys.join(", ")) };
        let message = format!("`ignore_tags` of a provider leaves out {which}: resources may have them in AWS");
        if !self.findings.iter().any(|finding| finding.message == message) {
            self.warn("TERRAFORM_IGNORED_TAGS", ignored.span, message);
        }
    }

    fn unreadable_tags(&mut self, instance: &Instance<'a>, what: &str) {
        let message = format!("`{}`: {what} known only after apply", instance.shown());
        let finding = Finding::error("TERRAFORM_UNKNOWN_TAGS", instance.span, message);
        self.say(finding.help(AFTER_APPLY));
    }

    /// Tags that resources of their own give: `aws_dynamodb_tag`, `aws_ecs_tag`, `aws_ec2_tag`.
    fn tags_apart(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        let (of_type, by) = match instance.resource_type {
            "aws_dynamodb_table" => ("aws_dynamodb_tag", "resource_arn"),
            "aws_ecs_cluster" | "aws_ecs_task_definition" => ("aws_ecs_tag", "resource_arn"),
            of_ec2 if EC2.contains(&of_ec2) => ("aws_ec2_tag", "resource_id"),
            _ => return Vec::new(),
        };
        let own = self.naming(of_type, by, instance).into_iter();
        let tags = own.filter_map(|tag| Some((tag.text("key")?, tag.known("value")?)));
        tags.map(|(key, value)| entry(key, value.clone())).collect()
    }
}

fn known(tags: &Node) -> Vec<Entry> {
    tags.entries().iter().filter(|tag| tag.value.text().is_some()).cloned().collect()
}

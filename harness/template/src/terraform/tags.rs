//! Tags: a resource's own, and those that its provider gives to all.
//!
//! registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging

use source::{Entry, Finding, Node, Severity, Value};

use super::estate::{Found, Instance, has_true};
use super::parts::TAGS;
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
        let mut tags = if form == Tags::Blocks { self.of_blocks(instance) } else { self.all_tags(instance) };
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
            Tags::Listed | Tags::Blocks => Some(list(tags.into_iter().map(pair).collect(), instance.span)),
        }
    }

    /// `tag` blocks, and the list `tags` of older providers.
    /// registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_group
    fn of_blocks(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        let mut tags = Vec::new();
        for attribute in ["tag", "tags"] {
            if instance.unknown(attribute).is_some_and(has_true) {
                self.unreadable_tags(instance, &format!("its `{attribute}` are"));
            }
            tags.extend(instance.known(attribute).map(Node::items).unwrap_or_default().iter().filter_map(of_block));
        }
        tags
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

    /// Tags that resources of their own give, such as `aws_ec2_tag`.
    fn tags_apart(&mut self, instance: &Instance<'a>) -> Vec<Entry> {
        let Some((of_type, by, _)) = TAGS.iter().find(|(.., of)| of.contains(&instance.resource_type)) else {
            return Vec::new();
        };
        self.naming(of_type, by, instance).into_iter().filter_map(|tag| self.tag_apart(tag)).collect()
    }

    fn tag_apart(&mut self, tag: &Instance<'a>) -> Option<Entry> {
        if let Some(block) = tag.known("tag").filter(|_| !tag.unknown("tag").is_some_and(has_true)) {
            return of_block(block.items().first()?);
        }
        let (Some(key), value) = (tag.text("key"), tag.get("value")) else {
            self.unreadable_tags(tag, "the tag is");
            return None;
        };
        match value {
            Found::Known(value) => Some(entry(key, value.clone())),
            Found::Unknown | Found::Absent => {
                let what = format!("the value is known only after apply, and `{UNKNOWN}` stands for it");
                self.made_up(tag, &what);
                Some(entry(key, text_node(UNKNOWN, tag.span)))
            }
        }
    }

    /// Objects are no resources here: their tags are given by a scenario.
    pub(super) fn say_tags_of_object(&mut self, instance: &Instance<'a>) {
        let is_there = |name: &str| match instance.get(name) {
            Found::Known(tags) => !tags.entries().is_empty(),
            Found::Unknown => !instance.is_not_given(name),
            Found::Absent => false,
        };
        if is_object(instance) && ["tags", "tags_all", "tagging_directive"].into_iter().any(is_there) {
            let message = format!("`{}`: the tags of this object are not read", instance.shown());
            let finding = Finding::new(Severity::Warning, "TERRAFORM_UNREAD", instance.span, message);
            self.say(
                finding.help("give them in a scenario: `given: {buckets: {BUCKET: {objects: {KEY: {tags: {…}}}}}}`"),
            );
        }
    }
}

/// Whether it is an object in a bucket.
pub(super) fn is_object(instance: &Instance<'_>) -> bool {
    OBJECTS.contains(&instance.resource_type)
}

const OBJECTS: &[&str] = &["aws_s3_bucket_object", "aws_s3_object", "aws_s3_object_copy"];

/// A `tag` block.
fn of_block(block: &Node) -> Option<Entry> {
    Some(entry(block.get("key")?.text()?, block.get("value").filter(|value| value.text().is_some())?.clone()))
}

fn known(tags: &Node) -> Vec<Entry> {
    tags.entries().iter().filter(|tag| tag.value.text().is_some()).cloned().collect()
}

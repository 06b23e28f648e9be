//! `container_definitions`: JSON text in the shape of the ECS API, to CloudFormation's.

use source::{Entry, Node, Value};

use super::estate::{Found, Instance};
use super::reader::Reader;
use super::tree::{entry, list, map};
use super::written;
use crate::resource::ecs::container_from_api;
use crate::shape::text_node;

const UNKNOWN: &str = "known-after-apply";

impl<'a> Reader<'a, '_> {
    /// The containers of a task definition.
    pub(super) fn containers(&mut self, instance: &Instance<'a>, attribute: &str) -> Option<Node> {
        let address = instance.shown();
        match instance.get(attribute) {
            Found::Absent => None,
            Found::Unknown => {
                let message = format!(
                    "`{address}`: its `{attribute}` are known only after apply, and one container that does nothing stands for them"
                );
                self.warn("TERRAFORM_MADE_UP", instance.span, message);
                let one = [("Name", UNKNOWN), ("Image", UNKNOWN), ("Memory", "128")];
                let one = one.iter().map(|(key, value)| entry(*key, text_node(*value, instance.span))).collect();
                Some(list(vec![map(one, instance.span)], instance.span))
            }
            Found::Known(node) => {
                let (read, findings) = written::read(node.text().unwrap_or_default(), node.span);
                let wrong = findings.iter().any(source::Finding::is_error);
                let mut read = read.filter(|read| !wrong && matches!(read.value, Value::List(_)));
                if read.is_none() {
                    let message = format!("`{address}`: its `{attribute}` are not a list of containers as JSON");
                    self.say(source::Finding::error("TERRAFORM_UNREADABLE", instance.span, message));
                }
                if let Some(read) = read.as_mut().filter(|_| instance.is_sensitive(attribute)) {
                    written::placed(read, &|_| instance.span);
                }
                Some(container_from_api(&without_nulls(&read?)))
            }
        }
    }
}

/// A tree without what is null: the API takes it for absent.
pub(super) fn without_nulls(node: &Node) -> Node {
    let value = match &node.value {
        Value::List(items) => {
            Value::List(items.iter().filter(|item| item.value != Value::Null).map(without_nulls).collect())
        }
        Value::Map(entries) => {
            let present = entries.iter().filter(|entry| entry.value.value != Value::Null);
            Value::Map(present.map(|entry| Entry { value: without_nulls(&entry.value), ..entry.clone() }).collect())
        }
        other => other.clone(),
    };
    Node::new(value, node.span)
}

//! The resources that the transform reads, and those that it makes.

use source::{Entry, Node, Value};

use super::build::{At, set};

/// What the resources that are made of one have from it.
pub(super) const PASSED_ON: [&str; 3] = ["Condition", "DeletionPolicy", "UpdateReplacePolicy"];

/// What stays with the resource that keeps the name.
const KEPT: [&str; 3] = ["DependsOn", "Metadata", "UpdatePolicy"];

/// What is SAM's own beside a resource's type and properties.
pub(super) const OWN: [&str; 2] = ["Connectors", "IgnoreGlobals"];

/// A resource of the template.
#[derive(Clone, Copy)]
pub(super) struct Resource<'a> {
    pub(super) id: &'a str,
    pub(super) at: At,
    pub(super) node: &'a Node,
}

impl<'a> Resource<'a> {
    pub(super) const fn new(entry: &'a Entry) -> Self {
        Self { id: entry.key.as_str(), at: At(entry.key_span), node: &entry.value }
    }

    pub(super) fn of_type(self) -> &'a str {
        self.node.get("Type").and_then(Node::text).unwrap_or_default()
    }

    pub(super) fn properties(self) -> &'a [Entry] {
        self.node.get("Properties").map(Node::entries).unwrap_or_default()
    }

    /// A property that has a value.
    pub(super) fn get(self, name: &str) -> Option<&'a Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// A property that has a value, with its name.
    pub(super) fn entry(self, name: &str) -> Option<&'a Entry> {
        self.properties().iter().find(|entry| entry.key == name && entry.value.value != Value::Null)
    }

    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Node::text)
    }

    pub(super) fn is_true(self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    pub(super) fn condition(self) -> Option<&'a str> {
        self.node.get("Condition").and_then(Node::text)
    }

    /// The events of a function or a state machine.
    pub(super) fn events(self) -> impl Iterator<Item = Event<'a>> {
        let events = self.get("Events").map(Node::entries).unwrap_or_default();
        events.iter().map(move |entry| Event { of: self, name: &entry.key, at: At(entry.key_span), node: &entry.value })
    }

    /// What its own resource has beside type and properties: SAM drops what it does not know.
    fn attributes(self) -> Vec<Entry> {
        let is_kept = |entry: &&Entry| PASSED_ON.contains(&&*entry.key) || KEPT.contains(&&*entry.key);
        self.node.entries().iter().filter(is_kept).cloned().collect()
    }

    fn passed_on(self) -> Vec<Entry> {
        self.node.entries().iter().filter(|entry| PASSED_ON.contains(&&*entry.key)).cloned().collect()
    }

    /// The resource that keeps this one's name.
    pub(super) fn becomes(self, of_type: &'static str) -> Made {
        Made { attributes: self.attributes(), ..self.makes(self.id, of_type) }
    }

    /// A further resource that is made of it.
    pub(super) fn makes(self, id: impl Into<String>, of_type: &'static str) -> Made {
        Made { id: id.into(), of_type, at: self.at, properties: Vec::new(), attributes: self.passed_on() }
    }
}

/// What starts a function or a state machine.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    pub(super) of: Resource<'a>,
    pub(super) name: &'a str,
    pub(super) at: At,
    pub(super) node: &'a Node,
}

impl<'a> Event<'a> {
    pub(super) fn of_type(self) -> &'a str {
        self.node.get("Type").and_then(Node::text).unwrap_or_default()
    }

    pub(super) fn properties(self) -> &'a [Entry] {
        self.node.get("Properties").map(Node::entries).unwrap_or_default()
    }

    pub(super) fn get(self, name: &str) -> Option<&'a Node> {
        let found = self.properties().iter().find(|entry| entry.key == name);
        found.map(|entry| &entry.value).filter(|value| value.value != Value::Null)
    }

    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Node::text)
    }

    /// The logical id of what is made of it.
    pub(super) fn id(self) -> String {
        format!("{}{}", self.of.id, self.name)
    }

    /// A resource that is made of it.
    pub(super) fn makes(self, id: impl Into<String>, of_type: &'static str) -> Made {
        Made { at: self.at, ..self.of.makes(id, of_type) }
    }

    /// The same with its properties but for some.
    pub(super) fn makes_with(self, id: impl Into<String>, of_type: &'static str, but: &[&str]) -> Made {
        let mut made = self.makes(id, of_type);
        made.properties = kept(self.properties(), but);
        made
    }
}

/// The properties that have a value, but for some.
pub(super) fn kept(properties: &[Entry], but: &[&str]) -> Vec<Entry> {
    let is_kept = |entry: &&Entry| entry.value.value != Value::Null && !but.contains(&&*entry.key);
    properties.iter().filter(is_kept).cloned().collect()
}

/// A resource that the transform leaves.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) of_type: &'static str,
    pub(super) at: At,
    pub(super) properties: Vec<Entry>,
    pub(super) attributes: Vec<Entry>,
}

impl Made {
    /// The same with a property.
    pub(super) fn with(mut self, name: &str, value: Node) -> Self {
        self.set(name, value);
        self
    }

    /// The same with a property, if it has a value.
    pub(super) fn with_some(self, name: &str, value: Option<&Node>) -> Self {
        match value {
            Some(value) => self.with(name, value.clone()),
            None => self,
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Node) {
        let entry = self.at.entry(name, value);
        set(&mut self.properties, entry);
    }

    pub(super) fn set_attribute(&mut self, name: &str, value: Node) {
        let entry = self.at.entry(name, value);
        set(&mut self.attributes, entry);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.properties.iter().find(|entry| entry.key == name).map(|entry| &entry.value)
    }

    pub(super) fn condition(&self) -> Option<&str> {
        self.attributes.iter().find(|entry| entry.key == "Condition").and_then(|entry| entry.value.text())
    }

    pub(super) fn reference(&self) -> Node {
        self.at.reference(&self.id)
    }

    pub(super) fn arn(&self) -> Node {
        self.at.get_att(&self.id, "Arn")
    }

    /// The items of a list among its properties.
    pub(super) fn items(&self, name: &str) -> &[Node] {
        self.get(name).map(Node::items).unwrap_or_default()
    }

    /// Adds to a list among its properties.
    pub(super) fn add(&mut self, name: &str, item: Node) {
        let known = self.properties.iter_mut().find(|entry| entry.key == name);
        match known.map(|entry| &mut entry.value.value) {
            Some(Value::List(items)) => items.push(item),
            _ => {
                let list = self.at.list([item]);
                self.set(name, list);
            }
        }
    }

    /// As the template has it.
    pub(super) fn into_entry(self) -> Entry {
        let at = self.at;
        let mut entries = vec![at.entry("Type", at.text(self.of_type))];
        if !self.properties.is_empty() {
            entries.push(at.entry("Properties", Node::new(Value::Map(self.properties), at.0)));
        }
        entries.extend(self.attributes);
        at.entry(self.id, Node::new(Value::Map(entries), at.0))
    }
}

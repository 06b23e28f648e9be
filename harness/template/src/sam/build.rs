//! Parts of a tree that is made: each has the place of what it is made from.

use std::collections::HashMap;

use source::{Entry, Node, Span, Value};

use crate::shape::text_node;

/// Makes nodes at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub(super) Span);

impl At {
    pub(super) fn text(self, text: impl Into<String>) -> Node {
        text_node(text, self.0)
    }

    pub(super) const fn yes(self) -> Node {
        Node::new(Value::Bool(true), self.0)
    }

    pub(super) fn list(self, items: impl IntoIterator<Item = Node>) -> Node {
        Node::new(Value::List(items.into_iter().collect()), self.0)
    }

    pub(super) fn map<'k>(self, entries: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
        Node::new(Value::Map(entries.into_iter().map(|(key, value)| self.entry(key, value)).collect()), self.0)
    }

    pub(super) fn entry(self, key: impl Into<String>, value: Node) -> Entry {
        Entry { key: key.into(), key_span: self.0, value }
    }

    pub(super) fn reference(self, id: &str) -> Node {
        self.map([("Ref", self.text(id))])
    }

    pub(super) fn get_att(self, id: &str, attribute: &str) -> Node {
        self.map([("Fn::GetAtt", self.list([self.text(id), self.text(attribute)]))])
    }

    pub(super) fn sub(self, text: impl Into<String>) -> Node {
        self.map([("Fn::Sub", self.text(text))])
    }

    /// `Fn::Sub` with values of its own.
    pub(super) fn sub_with<'k>(
        self,
        text: impl Into<String>,
        values: impl IntoIterator<Item = (&'k str, Node)>,
    ) -> Node {
        self.map([("Fn::Sub", self.list([self.text(text), self.map(values)]))])
    }

    pub(super) fn choose(self, condition: &str, then: Node, otherwise: Node) -> Node {
        self.map([("Fn::If", self.list([self.text(condition), then, otherwise]))])
    }

    /// A statement that allows an action on a resource.
    pub(super) fn allow(self, action: Node, resource: Node) -> Node {
        self.map([("Action", action), ("Effect", self.text("Allow")), ("Resource", resource)])
    }

    /// A policy document.
    pub(super) fn document(self, statements: impl IntoIterator<Item = Node>) -> Node {
        self.map([("Version", self.text("2012-10-17")), ("Statement", self.list(statements))])
    }

    /// The trust policy of a role that a service assumes.
    pub(super) fn trust(self, service: &str) -> Node {
        self.document([self.map([
            ("Action", self.list([self.text("sts:AssumeRole")])),
            ("Effect", self.text("Allow")),
            ("Principal", self.map([("Service", self.list([self.text(service)]))])),
        ])])
    }

    /// An inline policy. SAM writes some documents without a version, which makes them 2008-10-17.
    pub(super) fn inline(self, name: impl Into<String>, document: Node) -> Node {
        self.map([("PolicyName", self.text(name)), ("PolicyDocument", document)])
    }

    /// An inline policy without a version, as SAM writes those that it makes up itself.
    pub(super) fn inline_of(self, name: impl Into<String>, statements: impl IntoIterator<Item = Node>) -> Node {
        self.inline(name, self.map([("Statement", self.list(statements))]))
    }

    /// `Tags` as CloudFormation has them, of SAM's mapping. A tag without a value has an empty one.
    pub(super) fn tags(self, mapping: &Node) -> Vec<Node> {
        let tag = |entry: &Entry| {
            let at = Self(entry.key_span);
            let value = if entry.value.value == Value::Null { at.text("") } else { entry.value.clone() };
            at.map([("Key", at.text(&*entry.key)), ("Value", value)])
        };
        mapping.entries().iter().map(tag).collect()
    }

    /// One tag.
    pub(super) fn tag(self, key: &str, value: Node) -> Node {
        self.map([("Key", self.text(key)), ("Value", value)])
    }
}

/// The same tree at one place.
pub(super) fn placed(node: &Node, at: At) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|item| placed(item, at)).collect()),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|entry| at.entry(&*entry.key, placed(&entry.value, at))).collect())
        }
        scalar => scalar.clone(),
    };
    Node::new(value, at.0)
}

/// Sets a value in a list of entries, in its place if it is there.
pub(super) fn set(entries: &mut Vec<Entry>, entry: Entry) {
    match entries.iter_mut().find(|known| known.key == entry.key) {
        Some(known) => *known = entry,
        None => entries.push(entry),
    }
}

/// Entries of which the later one of a name counts, in the place of the first.
#[derive(Default)]
pub(super) struct Merged {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl Merged {
    pub(super) fn set(&mut self, entry: Entry) {
        match self.places.get(&entry.key) {
            Some(&place) => self.entries[place] = entry,
            None => {
                self.places.insert(entry.key.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    pub(super) fn into_node(self, at: At) -> Node {
        Node::new(Value::Map(self.entries), at.0)
    }
}

impl Extend<Entry> for Merged {
    fn extend<I: IntoIterator<Item = Entry>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.set(entry));
    }
}

/// How long a tree is as text, more or less.
pub(super) fn length(node: &Node) -> usize {
    let own = node.text().map_or(1, str::len) + 8;
    let entries = node.entries().iter().map(|entry| entry.key.len() + length(&entry.value));
    own + node.items().iter().map(length).sum::<usize>() + entries.sum::<usize>()
}

//! The values of parameters, as far as the transform looks at them.

use std::collections::BTreeMap;

use source::{Entry, Node, Value};

use super::build::{At, length};
use crate::Inputs;
use crate::references::{Piece, pieces};
use crate::shape::text_node;

/// How many characters a tree may come to.
const LARGEST: usize = 1 << 26;

/// Values by name: those that are given, else the defaults; with the region and the partition.
pub(super) struct Parameters<'a> {
    values: BTreeMap<&'a str, Node>,
    /// How long the longest value is.
    longest: usize,
    mappings: Option<&'a Node>,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(tree: &'a Node, inputs: &'a Inputs) -> Self {
        let declared = tree.get("Parameters").map(Node::entries).unwrap_or_default();
        let default = |entry: &'a Entry| Some((&*entry.key, entry.value.get("Default")?.clone()));
        let mut values: BTreeMap<_, _> = declared.iter().filter_map(default).collect();
        let is_declared = |given: &&Entry| declared.iter().any(|entry| entry.key == given.key);
        values.extend(inputs.parameters.iter().filter(is_declared).map(|given| (&*given.key, given.value.clone())));
        values.insert("AWS::Region", text_node(&*inputs.region, tree.span));
        values.insert("AWS::Partition", text_node(&*inputs.partition, tree.span));
        let longest = values.values().map(length).max().unwrap_or_default();
        Self { values, longest, mappings: tree.get("Mappings") }
    }

    /// The tree with values for parameters, in `Ref` and in `Fn::Sub`; the tree as it is if it would grow too large.
    pub(super) fn resolved(&self, node: &Node) -> Node {
        let largest = (length(node) / "${A}".len()).saturating_mul(self.longest);
        if largest > LARGEST { node.clone() } else { self.with_values(node) }
    }

    fn with_values(&self, node: &Node) -> Node {
        if let [entry] = node.entries() {
            match (&*entry.key, entry.value.text()) {
                ("Ref", Some(name)) => {
                    let value = self.values.get(name).map(|value| Node::new(value.value.clone(), node.span));
                    return value.unwrap_or_else(|| node.clone());
                }
                ("Fn::Sub", Some(text)) => {
                    let text = At(entry.value.span).text(self.in_text(text));
                    return At(node.span).map([("Fn::Sub", text)]);
                }
                _ => {}
            }
        }
        let value = match &node.value {
            Value::List(items) => Value::List(items.iter().map(|item| self.with_values(item)).collect()),
            Value::Map(entries) => Value::Map(
                entries.iter().map(|entry| Entry { value: self.with_values(&entry.value), ..entry.clone() }).collect(),
            ),
            scalar => scalar.clone(),
        };
        Node::new(value, node.span)
    }

    /// The text that a property comes to, if that is known.
    pub(super) fn text(&self, node: &Node) -> Option<String> {
        self.resolved(node).text().map(str::to_owned)
    }

    /// Whether a property is true, by a parameter or by a mapping; `None`: that is not known.
    pub(super) fn truth(&self, node: &Node) -> Option<bool> {
        let resolved = self.resolved(node);
        let found = match resolved.get("Fn::FindInMap").map(Node::items) {
            Some([map, top, second]) => self.mappings?.get(map.text()?)?.get(top.text()?)?.get(second.text()?)?,
            _ => &resolved,
        };
        found.text().map(|text| text.eq_ignore_ascii_case("true"))
    }

    fn in_text(&self, text: &str) -> String {
        let piece = |piece| match piece {
            Piece::Literal(text) => text.to_owned(),
            Piece::Kept(name) => format!("${{!{name}}}"),
            Piece::Name(name) => match self.values.get(name).and_then(Node::text) {
                Some(value) => value.to_owned(),
                None => format!("${{{name}}}"),
            },
        };
        pieces(text).into_iter().map(piece).collect()
    }
}

//! Anchors, aliases and merge keys. AWS's page says that CloudFormation has neither aliases nor merges; PyYAML and
//! cfn-lint read them.

use std::collections::HashMap;

use crate::{Entry, Finding, Node, Severity, Span, Value};

const PAGE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html";
/// The nodes that all aliases of a text may stand for together. Each can stand for many that do so themselves.
const MOST: usize = 100_000;

#[derive(Default)]
pub(super) struct Anchors {
    nodes: HashMap<usize, Node>,
    copied: usize,
}

impl Anchors {
    /// Keeps a node under its anchor, if it has one: anchors are counted from 1.
    pub(super) fn keep(&mut self, anchor: usize, node: Node) -> Node {
        if anchor > 0 {
            self.nodes.insert(anchor, node.clone());
        }
        node
    }

    /// What an alias stands for, and what there is to say about it. No node: the reading ends.
    pub(super) fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> (Option<Node>, Finding) {
        let Some(node) = self.nodes.get(&anchor) else {
            let finding = Finding::error("ALIAS", span, "an alias stands inside what it names");
            return (Some(Node::new(Value::Null, span)), finding.help("write the value itself").see(PAGE));
        };
        let (nodes, height) = measure(node);
        self.copied += nodes;
        if depth + height > super::MAX_DEPTH {
            let message = format!("more than {} levels lie one in another here", super::MAX_DEPTH);
            return (None, Finding::error("TOO_DEEP", span, message));
        }
        if self.copied > MOST {
            let message = format!("the aliases up to here stand for more than {MOST} values");
            return (None, Finding::error("TOO_MANY_ALIASES", span, message).help("write the values out"));
        }
        let message = "an alias stands here; AWS's page says that CloudFormation has none";
        let finding = Finding::new(Severity::Warning, "ALIAS", span, message).help("write the value itself").see(PAGE);
        (Some(node.clone()), finding)
    }
}

/// How many nodes there are, and how many levels.
fn measure(node: &Node) -> (usize, usize) {
    let below = |(count, height): (usize, usize), node: &Node| {
        let (more, below) = measure(node);
        (count + more, height.max(below))
    };
    let (count, height) = match &node.value {
        Value::List(items) => items.iter().fold((0, 0), below),
        Value::Map(entries) => entries.iter().map(|entry| &entry.value).fold((0, 0), below),
        _ => (0, 0),
    };
    (count + 1, height + 1)
}

/// What is said of `<<`.
pub(super) fn merge_finding(span: Span, from: &Node) -> Finding {
    let is_map = |node: &Node| matches!(node.value, Value::Map(_));
    if is_map(from) || !from.items().is_empty() && from.items().iter().all(is_map) {
        let message = "`<<` merges mappings; AWS's page says that CloudFormation does not";
        return Finding::new(Severity::Warning, "MERGE_KEY", span, message)
            .help("write the entries themselves")
            .see(PAGE);
    }
    Finding::error("MERGE_KEY", span, "`<<` names no mappings to merge").help("write the entries themselves").see(PAGE)
}

/// Adds the entries that `<<` brings in: those whose keys are not there yet.
pub(super) fn merge(entries: &mut Vec<Entry>, seen: &mut HashMap<String, usize>, from: &Node) {
    for entry in from.items().iter().chain([from]).flat_map(Node::entries) {
        if !seen.contains_key(&entry.key) {
            seen.insert(entry.key.clone(), entries.len());
            entries.push(entry.clone());
        }
    }
}

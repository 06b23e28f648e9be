//! The policies of a CloudFormation template, as far as they are known before it is deployed.
//!
//! `template::resolve` gives the policies of the resource types that are modelled, of a template that has all its
//! parameters. Here every policy counts, whatever the type; what only a deployment can tell is left open, and nothing is
//! said about it.

mod grant;
mod known;
mod place;

use policy::{Kind, is_policy};
use source::{Entry, Finding, Node, Span, Value};

use crate::embedded::{self, Part};
use crate::glob::UNKNOWN;
use known::{DEEPEST, Known, WithoutIntrinsics};
use place::Place;

/// Whether a tree is a CloudFormation template; a policy has statements instead of resources.
pub(crate) fn is_template(node: &Node) -> bool {
    node.get("Resources").is_some() || node.get("AWSTemplateFormatVersion").is_some()
}

/// Whether a tree that may be anything is a template: its resources have types.
pub(crate) fn has_resources(node: &Node) -> bool {
    let resources = node.get("Resources").map(Node::entries).unwrap_or_default();
    resources.iter().any(|resource| resource.value.get("Type").and_then(Node::text).is_some())
}

/// Everything there is to say about the policies of a template.
#[must_use]
pub fn template(root: &Node) -> Vec<Finding> {
    let (found, said) = find(root, None);
    crate::said_of(&found, said)
}

/// Each policy of a template; one with `Fn::If` in it as it is if all conditions hold, and as it is if none does. With the
/// template's own text, findings in policies that are written as JSON text have their own places.
pub(crate) fn find(root: &Node, text: Option<&str>) -> (Vec<(Kind, Node)>, Vec<Finding>) {
    let (mut found, mut said) = (Vec::new(), Vec::new());
    let known = Known::of(root);
    let (place, loops) = (Place::default(), Vec::new());
    let mut walk = Walk { known: &known, text, place, loops, found: &mut found, said: &mut said };
    // What SAM adds to each resource of a type.
    for section in root.get("Globals").map(Node::entries).unwrap_or_default() {
        walk.place = Place::of(&format!("AWS::Serverless::{}", section.key), &section.value);
        walk.entries(&section.value, "", 0);
    }
    walk.resources(root.get("Resources").map(Node::entries).unwrap_or_default(), 0);
    (found, said)
}

struct Walk<'a> {
    known: &'a Known<'a>,
    text: Option<&'a str>,
    place: Place,
    /// What stands for the names of the loops around, `${Name}` and `&{Name}`.
    loops: Vec<String>,
    found: &'a mut Vec<(Kind, Node)>,
    said: &'a mut Vec<Finding>,
}

impl Walk<'_> {
    fn resources(&mut self, resources: &[Entry], depth: usize) {
        for resource in resources.iter().filter(|_| depth <= DEEPEST) {
            if let Some((name, body)) = repeated(resource) {
                self.within(name, |walk| walk.resources(body.entries(), depth + 1));
                continue;
            }
            let Some(properties) = resource.value.get("Properties") else { continue };
            let resource_type = resource.value.get("Type").and_then(Node::text).unwrap_or_default();
            self.place = Place::of(resource_type, properties);
            self.entries(properties, "", 0);
            self.grant(resource_type, properties);
        }
    }

    /// The statement that a resource is, if it is one; as it is if all conditions hold, and as it is if none does.
    fn grant(&mut self, resource_type: &str, properties: &Node) {
        let resolved = [0, 1].map(|branch| WithoutIntrinsics { known: self.known, branch }.node(properties, 0));
        let [first, second] = resolved.map(|properties| grant::of(resource_type, &properties?));
        let second = second.filter(|second| first.as_ref() != Some(second));
        let policies = first.into_iter().chain(second).map(|one| of_statements(one.span, &one));
        self.found.extend(policies.map(|policy| (Kind::Resource, policy)));
    }

    fn node(&mut self, node: &Node, property: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let written = self.written(node);
        let node = written.as_ref().unwrap_or(node);
        if is_policy(node) || is_document(node, property) {
            return self.policy(node, property);
        }
        node.items().iter().for_each(|item| self.node(item, property, depth + 1));
        self.entries(node, property, depth);
    }

    fn entries(&mut self, node: &Node, property: &str, depth: usize) {
        for entry in node.entries() {
            if self.place.has_statements(property, &entry.key) {
                self.statements(entry.key_span, &entry.value, property, depth + 1);
            } else if let Some((name, body)) = repeated(entry) {
                self.within(name, |walk| walk.node(body, property, depth + 1));
            } else {
                let property = if entry.key.starts_with("Fn::") { property } else { entry.key.as_str() };
                self.node(&entry.value, property, depth + 1);
            }
        }
    }

    fn within(&mut self, name: &str, walk: impl FnOnce(&mut Self)) {
        let before = self.loops.len();
        self.loops.extend([format!("${{{name}}}"), format!("&{{{name}}}")]);
        walk(self);
        self.loops.truncate(before);
    }

    /// Statements that a service or SAM puts into a policy of its own making.
    fn statements(&mut self, key_span: Span, value: &Node, property: &str, depth: usize) {
        let branches = value.get("Fn::If").map(Node::items).unwrap_or_default();
        if branches.is_empty() {
            return self.policy(&of_statements(key_span, value), property);
        }
        for branch in branches.iter().skip(1).filter(|branch| depth <= DEEPEST && branch.get("Ref").is_none()) {
            self.statements(key_span, branch, property, depth + 1);
        }
    }

    fn policy(&mut self, node: &Node, property: &str) {
        let repeated = (!self.loops.is_empty()).then(|| without(&self.loops, node));
        let node = repeated.as_ref().unwrap_or(node);
        let [first, second] = [0, 1].map(|branch| WithoutIntrinsics { known: self.known, branch }.node(node, 0));
        let second = second.filter(|second| first.as_ref() != Some(second));
        let policies = first.into_iter().chain(second);
        self.found.extend(policies.map(|policy| (self.place.kind(property, &policy), policy)));
    }
}

/// The name of a loop, and what it repeats.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
fn repeated(entry: &Entry) -> Option<(&str, &Node)> {
    let [name, _, body] = entry.value.items() else { return None };
    let name = name.text().filter(|name| entry.key.starts_with("Fn::ForEach::") && !name.is_empty())?;
    Some((name, body))
}

/// A tree in whose texts some names stand for what is not known.
fn without(names: &[String], node: &Node) -> Node {
    let text = |text: &String| {
        let unknown = |text: String, name: &String| text.replace(name.as_str(), UNKNOWN.encode_utf8(&mut [0; 4]));
        names.iter().fold(text.clone(), unknown)
    };
    let value = match &node.value {
        Value::String(written) => Value::String(text(written)),
        Value::List(items) => Value::List(items.iter().map(|item| without(names, item)).collect()),
        Value::Map(entries) => {
            let entry = |entry: &Entry| Entry {
                key: text(&entry.key),
                key_span: entry.key_span,
                value: without(names, &entry.value),
            };
            Value::Map(entries.iter().map(entry).collect())
        }
        other => other.clone(),
    };
    Node::new(value, node.span)
}

fn of_statements(key_span: Span, value: &Node) -> Node {
    let entry = |key: &str, value| Entry { key: key.to_owned(), key_span, value };
    let version = Node::new(Value::String("2012-10-17".to_owned()), key_span);
    Node::new(Value::Map(vec![entry("Version", version), entry("Statement", value.clone())]), value.span)
}

impl Walk<'_> {
    /// A policy that is written as JSON text, as it is or for a function to fill in.
    fn written(&mut self, node: &Node) -> Option<Node> {
        let parts = match (&node.value, node.entries()) {
            (Value::String(_), _) => vec![Part::Text(node)],
            (_, [one]) if one.key == "Fn::Sub" => vec![Part::Text(one.value.items().first().unwrap_or(&one.value))],
            (_, [one]) if one.key == "Fn::Join" => {
                let [separator, items] = one.value.items() else { return None };
                let part = |item| {
                    if matches!(item, &Node { value: Value::String(_), .. }) { Part::Text(item) } else { Part::Unknown }
                };
                embedded::joined(separator.text()?, items.items().iter().map(part))
            }
            _ => return None,
        };
        let (policy, said) = embedded::policy(&parts, self.text, node.span)?;
        let is_sub = node.entries().first().is_some_and(|entry| entry.key == "Fn::Sub");
        let names = node.get("Fn::Sub").and_then(|inner| inner.items().get(1)).map(Node::entries).unwrap_or_default();
        // What is wrong with the syntax may be what a function fills in.
        let has_unknown = is_sub || parts.iter().any(|part| matches!(part, Part::Unknown));
        if !has_unknown {
            let broken = crate::reading::broken(&said);
            let is_broken = broken.is_some();
            self.said.extend(broken.unwrap_or(said));
            if is_broken {
                return None;
            }
        }
        let known = WithoutIntrinsics { known: self.known, branch: 0 };
        let policy = policy?;
        Some(if is_sub { known.substituted(&policy, names, 0) } else { policy })
    }
}

/// Whether a property is there for a policy, and has one that lacks its statements.
fn is_document(node: &Node, property: &str) -> bool {
    property.ends_with("PolicyDocument") && node.get("Version").is_some()
}

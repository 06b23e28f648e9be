//! What is known of a template's values before it is deployed.

use std::collections::{HashMap, HashSet};

use source::{Entry, Node, Span, Value};

use crate::glob::UNKNOWN;

/// A guard against nesting without end; readers stop earlier.
pub(super) const DEEPEST: usize = 200;

/// The values that names of a template have in most deployments.
pub(super) struct Known<'a> {
    texts: HashMap<&'a str, &'a str>,
    lists: HashMap<&'a str, &'a str>,
}

impl<'a> Known<'a> {
    /// Of a pseudo parameter, what it is in most places; of a parameter, its default.
    pub(super) fn of(root: &'a Node) -> Self {
        let compared = compared(root);
        let mut known = Self { texts: HashMap::from(PSEUDO), lists: HashMap::new() };
        for parameter in root.get("Parameters").map(Node::entries).unwrap_or_default() {
            let (name, text) = (parameter.key.as_str(), |key| parameter.value.get(key).and_then(Node::text));
            let resource_type = text("Type").unwrap_or_default();
            let Some(default) = text("Default").filter(|_| !resource_type.starts_with(OF_PARAMETER_STORE)) else {
                continue;
            };
            // An empty default stands for "none", and so may one that a condition asks for: the condition leaves out what
            // would use it.
            if default.trim().is_empty() || compared.contains(&(name, default)) {
                continue;
            }
            let is_list = resource_type == "CommaDelimitedList" || resource_type.starts_with("List<");
            if is_list { &mut known.lists } else { &mut known.texts }.insert(name, default);
        }
        known
    }
}

const PSEUDO: [(&str, &str); 4] = [
    ("AWS::AccountId", "123456789012"),
    ("AWS::Partition", "aws"),
    ("AWS::Region", "us-east-1"),
    ("AWS::URLSuffix", "amazonaws.com"),
];

/// The default of a parameter of such a type is the name under which Systems Manager has the value.
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
const OF_PARAMETER_STORE: &str = "AWS::SSM::Parameter::Value<";

/// The parameters that conditions compare with a text, each with that text.
fn compared(root: &Node) -> HashSet<(&str, &str)> {
    let mut found = HashSet::new();
    let mut open: Vec<_> = root.get("Conditions").into_iter().collect();
    while let Some(node) = open.pop() {
        open.extend(node.items());
        for entry in node.entries() {
            open.push(&entry.value);
            if let ("Fn::Equals", [one, other]) = (entry.key.as_str(), entry.value.items()) {
                for (one, other) in [(one, other), (other, one)] {
                    found.extend(one.get("Ref").and_then(Node::text).zip(other.text()));
                }
            }
        }
    }
    found
}

/// A part of a template with its intrinsic functions replaced by what is known of them.
pub(super) struct WithoutIntrinsics<'a> {
    pub(super) known: &'a Known<'a>,
    /// Which branch of `Fn::If` to take.
    pub(super) branch: usize,
}

impl WithoutIntrinsics<'_> {
    /// `None`: the part is left out.
    pub(super) fn node(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let value = match &node.value {
            Value::List(items) => Value::List(items.iter().filter_map(|item| self.node(item, depth + 1)).collect()),
            Value::Map(entries) => match entries.as_slice() {
                [one] if one.key == "Ref" || one.key.starts_with("Fn::") => return self.intrinsic(node, one, depth),
                // What a macro is given to work on may be anything afterwards.
                _ if node.get("Fn::Transform").is_some() => Value::String(unknown()),
                _ => Value::Map(entries.iter().filter_map(|entry| self.entry(entry, depth)).collect()),
            },
            Value::String(text) => Value::String(without_references(text)),
            other => other.clone(),
        };
        Some(Node::new(value, node.span))
    }

    fn entry(&self, entry: &Entry, depth: usize) -> Option<Entry> {
        let value = self.node(&entry.value, depth + 1)?;
        Some(Entry { key: entry.key.clone(), key_span: entry.key_span, value })
    }

    fn intrinsic(&self, node: &Node, entry: &Entry, depth: usize) -> Option<Node> {
        let text = match entry.key.as_str() {
            "Ref" if entry.value.text() == Some("AWS::NoValue") => return None,
            "Ref" => match entry.value.text().map(|name| (self.known.lists.get(name), self.known.texts.get(name))) {
                Some((Some(list), _)) => return Some(listed(list, node.span)),
                Some((_, text)) => text.map(|text| without_references(text)),
                None => None,
            },
            "Fn::If" => return self.node(entry.value.items().get(1 + self.branch)?, depth + 1),
            "Fn::Sub" => self.sub(&entry.value, depth),
            "Fn::Join" => self.join(&entry.value, depth),
            _ => None,
        };
        Some(Node::new(Value::String(text.unwrap_or_else(unknown)), node.span))
    }

    fn sub(&self, node: &Node, depth: usize) -> Option<String> {
        match node.items() {
            [text, names] => self.fill(text.text()?, names.entries(), depth),
            _ => self.fill(node.text()?, &[], depth),
        }
    }

    /// A tree with all its texts filled in as by `Fn::Sub`.
    pub(super) fn substituted(&self, node: &Node, names: &[Entry], depth: usize) -> Node {
        let fill = |text: &str| self.fill(text, names, depth).unwrap_or_else(unknown);
        let value = match &node.value {
            Value::String(text) => Value::String(fill(text)),
            Value::List(items) => Value::List(items.iter().map(|item| self.substituted(item, names, depth)).collect()),
            Value::Map(entries) => {
                let entry = |entry: &Entry| Entry {
                    key: fill(&entry.key),
                    key_span: entry.key_span,
                    value: self.substituted(&entry.value, names, depth),
                };
                Value::Map(entries.iter().map(entry).collect())
            }
            other => other.clone(),
        };
        Node::new(value, node.span)
    }

    fn fill(&self, text: &str, names: &[Entry], depth: usize) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, next) = after.split_once('}')?;
            rest = next;
            // `${!x}` stands for `${x}`.
            if let Some(literal) = name.strip_prefix('!') {
                out.extend(["${", literal, "}"]);
                continue;
            }
            let own = names.iter().find(|entry| entry.key == name).and_then(|entry| self.node(&entry.value, depth + 1));
            let value = own
                .and_then(|node| node.text().map(str::to_owned))
                .or_else(|| self.known.texts.get(name).map(|text| (*text).to_owned()));
            out.push_str(&value.unwrap_or_else(unknown));
        }
        out.push_str(rest);
        Some(without_references(&out))
    }

    fn join(&self, node: &Node, depth: usize) -> Option<String> {
        let [separator, items] = node.items() else { return None };
        let text = |item| self.node(item, depth + 1).map(|node| node.text().map_or_else(unknown, str::to_owned));
        let items = items.items();
        (!items.is_empty())
            .then(|| items.iter().filter_map(text).collect::<Vec<_>>().join(separator.text().unwrap_or_default()))
    }
}

/// The default of a parameter that is a list.
fn listed(default: &str, span: Span) -> Node {
    let item = |text: &str| Node::new(Value::String(text.trim().to_owned()), span);
    Node::new(Value::List(default.split(',').map(item).collect()), span)
}

/// A text in which what CloudFormation looks up elsewhere is unknown: `{{resolve:ssm:/app/role}}`.
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
fn without_references(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{resolve:") {
        let Some((_, next)) = after.split_once("}}") else { break };
        out.push_str(before);
        out.push(UNKNOWN);
        rest = next;
    }
    out + rest
}

fn unknown() -> String {
    UNKNOWN.to_string()
}

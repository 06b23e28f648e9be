//! `Fn::ForEach`.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html

use std::collections::HashSet;

use source::{Entry, Finding, Node, Value};

use super::{Early, FOR_EACH};
use crate::shape::{MAX_NODES, must_be, shown, text_node};

/// What stands for an identifier in a loop's fragment, innermost last.
type Bound<'a> = Vec<(&'a str, String)>;

impl Early<'_> {
    /// A tree with each of its loops written out.
    pub(super) fn loops(&mut self, node: &Node) -> Node {
        self.node(node, &Vec::new())
    }

    fn node(&mut self, node: &Node, bound: &Bound<'_>) -> Node {
        if !self.has_room(node) {
            return Node::new(Value::Null, node.span);
        }
        let value = match &node.value {
            Value::String(text) => Value::String(replaced(text, bound)),
            Value::List(items) => Value::List(items.iter().map(|item| self.node(item, bound)).collect()),
            Value::Map(entries) => match value_of(entries, bound) {
                Some(value) => return text_node(value, node.span),
                None => Value::Map(self.entries(entries, bound)),
            },
            other => other.clone(),
        };
        Node::new(value, node.span)
    }

    fn entries(&mut self, entries: &[Entry], bound: &Bound<'_>) -> Vec<Entry> {
        let mut out: Vec<Entry> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for entry in entries {
            let more = match is_loop(&entry.key) {
                true => self.unrolled(entry, bound),
                false => {
                    let key = replaced(&entry.key, bound);
                    vec![Entry { key, key_span: entry.key_span, value: self.node(&entry.value, bound) }]
                }
            };
            let mut twice = None;
            for one in more {
                // What stands twice without a loop was told when the file was read.
                if known.insert(one.key.clone()) || !is_loop(&entry.key) {
                    out.push(one);
                } else {
                    twice = Some(one);
                }
            }
            if let Some(twice) = twice {
                let message = format!("a loop makes `{}` more than once", shown(&twice.key));
                let finding = Finding::error("DUPLICATE_KEY", twice.key_span, message);
                self.evaluator.report(finding.help("put the loop's identifier into the key: `Name${Identifier}`"));
            }
        }
        out
    }

    /// Counts what is made; `false` once that is more than a template may have.
    fn has_room(&mut self, node: &Node) -> bool {
        if self.made == MAX_NODES {
            let message = format!("the loops make more than {MAX_NODES} values");
            self.evaluator.report(Finding::error("TOO_LARGE", node.span, message));
        }
        self.made += 1;
        self.made <= MAX_NODES && self.evaluator.spend(node.text().map_or(0, str::len), node.span)
    }

    /// `Fn::ForEach::Loop: [Identifier, Collection, {OutputKey: OutputValue}]`
    fn unrolled(&mut self, entry: &Entry, bound: &Bound<'_>) -> Vec<Entry> {
        let name = format!("`{}`", shown(&entry.key));
        let [identifier, collection, fragment] = entry.value.items() else {
            let wanted = "`[Identifier, [values], {key: value}]`";
            self.evaluator.report(must_be(&name, wanted, &entry.value));
            return Vec::new();
        };
        let Some(identifier_text) = identifier.text().filter(|text| !text.is_empty()) else {
            self.evaluator.report(must_be(&format!("the identifier of {name}"), "text", identifier));
            return Vec::new();
        };
        if !matches!(fragment.value, Value::Map(_)) {
            self.evaluator.report(must_be(&format!("what {name} repeats"), "a mapping", fragment));
            return Vec::new();
        }
        let mut all = Vec::new();
        for value in self.collection(collection, bound, &name) {
            let inner: Bound<'_> = bound.iter().cloned().chain([(identifier_text, value)]).collect();
            if !self.has_room(fragment) {
                break;
            }
            all.extend(self.entries(fragment.entries(), &inner));
        }
        all
    }

    /// The values of a loop: "an array in this parameter, or … a Ref to a CommaDelimitedList"; items may be functions.
    fn collection(&mut self, node: &Node, bound: &Bound<'_>, name: &str) -> Vec<String> {
        let what = format!("the collection of {name}");
        let node = self.node(node, bound);
        let Some(value) = self.value(&node, &what) else { return Vec::new() };
        let Some(value) = value.filter(|value| matches!(value.value, Value::List(_))) else {
            self.evaluator.report(must_be(&what, "a list", &node));
            return Vec::new();
        };
        let mut values = Vec::new();
        for item in value.items() {
            match item.text() {
                Some(text) => values.push(text.to_owned()),
                None if item.value == Value::Null => {}
                None => self.evaluator.report(must_be(&format!("an item of {what}"), "text", item)),
            }
        }
        values
    }
}

fn is_loop(key: &str) -> bool {
    key == FOR_EACH || key.strip_prefix(FOR_EACH).is_some_and(|rest| rest.starts_with("::"))
}

/// The value of `{Ref: Identifier}`.
fn value_of(entries: &[Entry], bound: &Bound<'_>) -> Option<String> {
    let [Entry { key, value, .. }] = entries else { return None };
    let name = value.text().filter(|_| key == "Ref")?;
    bound.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
}

/// "All instances of ${Identifier} or &{Identifier} … will be replaced": the second by the letters and digits of the value
/// alone.
fn replaced(text: &str, bound: &Bound<'_>) -> String {
    let mut text = text.to_owned();
    for (name, value) in bound.iter().rev() {
        if text.contains('{') {
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            text = text.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), &plain);
        }
    }
    text
}

//! References to what the transform makes: `Function.Alias`, `Api.Stage`, and resources whose names it changes.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html

use std::collections::BTreeMap;

use source::{Entry, Node, Value};

use super::build::At;
use crate::references::{Piece, pieces};

type Names = BTreeMap<String, String>;

/// The tree with logical ids that exist.
pub(super) fn replaced(
    tree: &Node,
    names: &Names,
    renamed: &Names,
    dependencies: &BTreeMap<String, Vec<String>>,
) -> Node {
    let replace = Replace { names, renamed };
    let mut tree = replace.node(tree);
    if let Value::Map(sections) = &mut tree.value {
        let resources = sections.iter_mut().filter(|section| section.key == "Resources");
        for section in resources {
            let Value::Map(resources) = &mut section.value.value else { continue };
            resources.iter_mut().for_each(|resource| depend(resource, renamed, dependencies));
        }
    }
    tree
}

/// A connector makes several resources, and what depends on it depends on all of them.
fn depend(resource: &mut Entry, renamed: &Names, dependencies: &BTreeMap<String, Vec<String>>) {
    let Value::Map(parts) = &mut resource.value.value else { return };
    for part in parts.iter_mut().filter(|part| part.key == "DependsOn") {
        let ids = match &part.value.value {
            Value::List(items) => items.clone(),
            _ => vec![part.value.clone()],
        };
        let is_changed =
            |node: &Node| node.text().is_some_and(|id| renamed.contains_key(id) || dependencies.contains_key(id));
        if !ids.iter().any(is_changed) {
            continue;
        }
        let ids = ids.iter().flat_map(|node| {
            let at = At(node.span);
            match node.text().map(|id| (renamed.get(id), dependencies.get(id))) {
                Some((Some(id), _)) => vec![at.text(id)],
                Some((_, Some(all))) => all.iter().map(|id| at.text(id)).collect(),
                _ => vec![node.clone()],
            }
        });
        part.value = At(part.value.span).list(ids);
    }
}

struct Replace<'a> {
    names: &'a Names,
    renamed: &'a Names,
}

impl Replace<'_> {
    fn node(&self, node: &Node) -> Node {
        if let [entry] = node.entries() {
            let at = At(entry.value.span);
            let argument = match (&*entry.key, &entry.value.value) {
                ("Ref", Value::String(name)) => self.reference(name).map(|id| at.text(id)),
                ("Fn::GetAtt", Value::String(path)) => self.path(path).map(|path| at.text(path)),
                ("Fn::GetAtt", Value::List(parts)) => self.parts(parts).map(|parts| at.list(parts)),
                ("Fn::Sub", Value::String(text)) => Some(at.text(self.sub(text, None))),
                ("Fn::Sub", Value::List(parts)) => self.sub_with(parts).map(|parts| at.list(parts)),
                _ => None,
            };
            if let Some(value) = argument {
                return Node::new(Value::Map(vec![Entry { value, ..entry.clone() }]), node.span);
            }
        }
        let value = match &node.value {
            Value::List(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            Value::Map(entries) => {
                let entry = |entry: &Entry| Entry { value: self.node(&entry.value), ..entry.clone() };
                Value::Map(entries.iter().map(entry).collect())
            }
            scalar => scalar.clone(),
        };
        Node::new(value, node.span)
    }

    fn reference(&self, name: &str) -> Option<&str> {
        self.names.get(name).or_else(|| self.renamed.get(name)).map(String::as_str)
    }

    /// `Function.Alias.Arn` or `Layer.Arn`
    fn path(&self, path: &str) -> Option<String> {
        let mut dots = path.match_indices('.').map(|(at, _)| at);
        let (first, second) = (dots.next()?, dots.next());
        if let Some((name, rest)) = second.map(|second| path.split_at(second))
            && let Some(id) = self.names.get(name)
        {
            return Some(format!("{id}{rest}"));
        }
        let (name, rest) = path.split_at(first);
        self.renamed.get(name).map(|id| format!("{id}{rest}"))
    }

    fn parts(&self, parts: &[Node]) -> Option<Vec<Node>> {
        let [first, rest @ ..] = parts else { return None };
        let at = At(first.span);
        if let Some(id) = self.reference(first.text()?) {
            return Some([at.text(id)].into_iter().chain(rest.iter().cloned()).collect());
        }
        let [attribute] = rest else { return None };
        let path = self.path(&format!("{}.{}", first.text()?, attribute.text()?))?;
        let (id, attribute) = path.split_once('.')?;
        Some(vec![at.text(id), At(rest[0].span).text(attribute)])
    }

    fn sub_with(&self, parts: &[Node]) -> Option<Vec<Node>> {
        let [first, values @ ..] = parts else { return None };
        let text = self.sub(first.text()?, values.first());
        Some([At(first.span).text(text)].into_iter().chain(values.iter().map(|values| self.node(values))).collect())
    }

    fn sub(&self, text: &str, values: Option<&Node>) -> String {
        let piece = |piece| match piece {
            Piece::Literal(text) => text.to_owned(),
            Piece::Kept(name) => format!("${{!{name}}}"),
            Piece::Name(name) if values.is_some_and(|values| values.get(name).is_some()) => format!("${{{name}}}"),
            Piece::Name(name) => {
                let replaced = self.reference(name).map(str::to_owned).or_else(|| self.path(name));
                format!("${{{}}}", replaced.unwrap_or_else(|| name.to_owned()))
            }
        };
        pieces(text).into_iter().map(piece).collect()
    }
}

//! Files that stand beside a template, and which ones it names.

use std::collections::HashMap;

use source::{FileId, Node, Span};

use crate::template::FN_TRANSFORM;

/// The trees of files that a template and what it includes name.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// By the file that names them, and the path that stands there.
    named: HashMap<(FileId, String), Node>,
    /// Templates of nested stacks by logical id, by URL, or by the name that tools upload them under.
    given: HashMap<String, Node>,
}

/// A file that a template names by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The path, from the folder of the file that names it.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

impl Files {
    /// Adds a file under the path by which another names it.
    pub fn add(&mut self, by: FileId, path: &str, tree: Node) {
        self.named.insert((by, path.to_owned()), tree);
    }

    /// Adds the template of a nested stack by its logical id (`Outer.Inner`), its URL, or the last part of that without its
    /// ending, as tools name what they upload.
    pub fn give(&mut self, name: &str, tree: Node) {
        self.given.insert(name.to_owned(), tree);
    }

    /// All trees that there are, in no order.
    pub fn trees(&self) -> impl Iterator<Item = &Node> {
        self.named.values().chain(self.given.values())
    }

    pub(crate) fn named(&self, by: FileId, path: &str) -> Option<&Node> {
        self.named.get(&(by, path.to_owned()))
    }

    pub(crate) fn given(&self, name: &str) -> Option<&Node> {
        self.given.get(name)
    }

    /// The file at a URL: given by the whole of it, or by the name that a tool has uploaded it under.
    pub(crate) fn at(&self, url: &str) -> Option<&Node> {
        let last = url.rsplit('/').next().unwrap_or_default();
        let stem = last.split_once('.').map_or(last, |(stem, _)| stem);
        self.given(url).or_else(|| self.given(stem))
    }
}

/// The files that a tree names by their paths: what it includes, and templates of nested stacks. `aws cloudformation package`
/// takes the same for files to upload; the CDK notes them beside the resource.
/// docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
#[must_use]
pub fn wanted(tree: &Node) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for call in tree.get("Transform").into_iter().flat_map(|node| node.items().iter().chain([node])) {
        wanted.extend(location(call));
    }
    for resource in tree.get("Resources").map(Node::entries).unwrap_or_default() {
        if resource.value.get("Type").and_then(Node::text) != Some("AWS::CloudFormation::Stack") {
            continue;
        }
        let url = resource.value.get("Properties").and_then(|properties| properties.get("TemplateURL"));
        let asset = resource.value.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
        wanted.extend(asset.or(url).and_then(path));
    }
    // What includes something lies anywhere; without recursion, since a tree may be of any depth.
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        wanted.extend(node.get(FN_TRANSFORM).and_then(location));
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    wanted
}

/// The path in `{Name: AWS::Include, Parameters: {Location: …}}`.
fn location(call: &Node) -> Option<Wanted> {
    included(call).and_then(path)
}

/// What `AWS::Include` is given as its location, if a call is one of it.
pub(crate) fn included(call: &Node) -> Option<&Node> {
    let is_include = call.get("Name").and_then(Node::text) == Some("AWS::Include");
    call.get("Parameters").filter(|_| is_include)?.get("Location")
}

/// A path that starts at the folder of the file that names it.
fn path(node: &Node) -> Option<Wanted> {
    let text = node.text().filter(|text| is_relative(text))?;
    Some(Wanted { path: text.to_owned(), span: node.span })
}

/// Whether a text is a path from here: no URL, and nothing that starts at the root.
pub(crate) fn is_relative(text: &str) -> bool {
    !text.is_empty() && !text.contains("://") && !text.starts_with(['/', '\\', '~']) && !text.contains(['\0', '\n'])
}

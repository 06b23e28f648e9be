//! A policy document as it was written.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

mod condition;
mod principal;
mod rules;
mod statement;
mod write;

#[cfg(test)]
mod tests;

use source::{FileId, Finding, Findings, Node, Span, Value};

use crate::Kind;
pub(crate) use principal::{Name, Principals};

const GRAMMAR: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";

/// A policy document, read and found free of errors.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) version: Option<Text>,
    pub(crate) statements: Vec<Statement>,
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl From<&str> for Text {
    /// A text that stands nowhere yet.
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), span: Span::new(FileId(0), 0, 0) }
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) sid: Option<Text>,
    pub(crate) effect: Effect,
    /// Principal or NotPrincipal.
    pub(crate) principals: Option<Principals>,
    /// Action or NotAction.
    pub(crate) actions: Items,
    /// Resource or NotResource.
    pub(crate) resources: Option<Items>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) span: Span,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// A list, or the list of what is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Items {
    pub(crate) not: bool,
    pub(crate) texts: Vec<Text>,
}

/// One key under one operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) operator: crate::operator::Operator,
    pub(crate) key: Text,
    pub(crate) values: Vec<Text>,
}

impl Document {
    /// Reads a tree, and says everything there is to say about it. `None` if there is an error among that: AWS refuses
    /// such a document, and deciding by a part of it could drop a Deny.
    #[must_use]
    pub fn read(node: &Node, kind: Kind) -> (Option<Self>, Vec<Finding>) {
        let mut reader = Reader { kind, findings: Findings::default() };
        let document = reader.document(node);
        let has_errors = reader.findings.has_error();
        (document.filter(|_| !has_errors), reader.findings.into_vec())
    }

    /// Reads JSON text, in the same way.
    #[must_use]
    pub fn read_json(text: &str, kind: Kind) -> (Option<Self>, Vec<Finding>) {
        let (node, said) = source::json::read(FileId(0), text);
        let Some(node) = node else { return (None, said) };
        let unreadable = said.iter().any(Finding::is_error);
        let (document, more) = Self::read(&node, kind);
        let mut findings = Findings::default();
        findings.extend(said.into_iter().chain(more));
        (document.filter(|_| !unreadable), findings.into_vec())
    }

    /// The `Version` element; without one, a document counts as of 2008-10-17.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_ref().map(|version| version.text.as_str())
    }

    /// How many statements it has.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.statements.len()
    }
}

struct Reader {
    kind: Kind,
    findings: Findings,
}

impl Reader {
    fn document(&mut self, node: &Node) -> Option<Document> {
        if !matches!(node.value, Value::Map(_)) {
            self.wants(node, "a policy", "a mapping");
            return None;
        }
        self.known(node, "a policy", &["Version", "Id", "Statement"]);
        let version = node.get("Version").and_then(|node| self.version(node));
        if let Some(id) = node.get("Id") {
            self.text(id, "Id");
        }
        let Some(statement) = node.get("Statement") else {
            self.error("MISSING_STATEMENT", node.span, "a policy without Statement");
            return None;
        };
        // "Statement": a list of statements, or one without the list.
        let nodes = match &statement.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(statement),
        };
        if nodes.is_empty() {
            self.error("MISSING_STATEMENT", statement.span, "Statement is empty");
        }
        let statements: Vec<_> = nodes.iter().filter_map(|node| self.statement(node)).collect();
        self.unique_sids(&statements);
        Some(Document { version, statements })
    }

    fn version(&mut self, node: &Node) -> Option<Text> {
        let version = self.text(node, "Version")?;
        if !matches!(version.text.as_str(), "2012-10-17" | "2008-10-17") {
            let message = format!("`{}` is not a version of the policy language", shown(&version.text));
            let finding = Finding::error("INVALID_VERSION", node.span, message);
            self.findings.push(finding.help("use `2012-10-17`").see(GRAMMAR));
        }
        Some(version)
    }

    /// Text, or a number or Boolean taken as text.
    fn text(&mut self, node: &Node, what: &str) -> Option<Text> {
        match node.text() {
            Some(text) => Some(Text { text: text.to_owned(), span: node.span }),
            None => {
                self.wants(node, what, "text");
                None
            }
        }
    }

    /// A list of texts, or one without the list.
    fn texts(&mut self, node: &Node, what: &str) -> Vec<Text> {
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| self.text(item, what)).collect(),
            _ => self.text(node, what).into_iter().collect(),
        }
    }

    /// Reports what a mapping has besides the names it may have. Element names are case-sensitive.
    fn known(&mut self, node: &Node, what: &str, names: &[&str]) {
        for entry in node.entries() {
            if !names.contains(&entry.key.as_str()) {
                let message = format!("`{}` is not an element of {what}", shown(&entry.key));
                let finding = Finding::error("UNKNOWN_ELEMENT", entry.key_span, message);
                let finding = self.near(finding, &entry.key, names.iter().copied());
                self.findings.push(finding.see(GRAMMAR));
            }
        }
    }

    /// Adds the nearest name, unless so much is wrong already that looking for names would take long.
    fn near<'a>(&self, finding: Finding, written: &str, names: impl IntoIterator<Item = &'a str>) -> Finding {
        if self.findings.are_many() { finding } else { finding.suggest(written, names) }
    }

    fn wants(&mut self, node: &Node, what: &str, wanted: &str) {
        self.error("WRONG_TYPE", node.span, format!("{what} is {}, and should be {wanted}", node.kind()));
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.findings.push(Finding::error(code, span, message).see(GRAMMAR));
    }
}

/// User's text in a message: control characters escaped, and not too long.
fn shown(text: &str) -> String {
    crate::words::plain(text)
}

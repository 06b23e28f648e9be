//! A policy document as it was written.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

mod condition;
mod less;
mod page;
mod principal;
mod problem;
mod rules;
mod statement;
mod write;

#[cfg(test)]
mod tests;

use source::{FileId, Finding, Findings, Node, Span, Value};

use crate::Kind;
use crate::pattern::Variables;
use crate::wildcard;
use principal::TYPES;
pub use principal::{Name, Principals};
pub use problem::{Element, Holder, Problem};

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

/// As policies have it.
impl std::fmt::Display for Effect {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        })
    }
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
        let (document, problems) = Self::problems(node, kind);
        let mut findings = Findings::default();
        for (span, problem) in problems {
            let with_near_names = !findings.are_many();
            findings.push(problem.finding(span, kind, with_near_names));
        }
        (document, findings.into_vec())
    }

    /// The same by type, with the places: for those who have words of their own. Of very many problems these are the
    /// first, one more than [`Findings`] keeps.
    #[must_use]
    pub fn problems(node: &Node, kind: Kind) -> (Option<Self>, Vec<(Span, Problem)>) {
        let mut reader = Reader { kind, variables: Variables::Literal, problems: Vec::new(), has_errors: false };
        let document = reader.document(node);
        (document.filter(|_| !reader.has_errors), reader.problems)
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

    /// The same where it is known whose the canonical user ids in it are: of which account, or, `None`, of nobody who
    /// makes requests.
    #[must_use]
    pub fn with_canonical_users(mut self, account_of: impl Fn(&str) -> Option<String>) -> Self {
        let principals = self.statements.iter_mut().filter_map(|statement| statement.principals.as_mut());
        for name in principals.flat_map(|principals| &mut principals.names) {
            if let Name::Canonical(id) = name {
                *name = account_of(id).map_or(Name::Id, |id| Name::Account { partition: None, id });
            }
        }
        self
    }

    /// The `Version` element; without one, a document counts as of 2008-10-17.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_ref().map(|version| version.text.as_str())
    }

    /// Whom its statements with this effect are about; of a policy that belongs to whom it is about, nobody is named.
    pub fn principals(&self, effect: Effect) -> impl Iterator<Item = &Principals> {
        let own = self.statements.iter().filter(move |statement| statement.effect == effect);
        own.filter_map(|statement| statement.principals.as_ref())
    }

    /// Whether some statement with this effect is about the action, whatever its resources and conditions are.
    #[must_use]
    pub fn mentions(&self, effect: Effect, action: &str) -> bool {
        let matches = |statement: &Statement| {
            let mut texts = statement.actions.texts.iter();
            texts.any(|text| wildcard::matches_action(&text.text, action)) != statement.actions.not
        };
        self.statements.iter().any(|statement| statement.effect == effect && matches(statement))
    }

    /// How many statements it has.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.statements.len()
    }
}

struct Reader {
    kind: Kind,
    variables: Variables,
    problems: Vec<(Span, Problem)>,
    has_errors: bool,
}

impl Reader {
    fn document(&mut self, node: &Node) -> Option<Document> {
        if !matches!(node.value, Value::Map(_)) {
            self.wants(node, "a policy", "a mapping");
            return None;
        }
        self.known(node, Holder::Policy);
        let version = node.get("Version").and_then(|node| self.version(node));
        self.variables = Variables::of(version.as_ref().map(|version| version.text.as_str()));
        if let Some(id) = node.get("Id") {
            self.text(id, "Id");
        }
        let Some(statement) = node.get("Statement") else {
            self.say(node.span, Problem::MissingStatement);
            return None;
        };
        // "Statement": a list of statements, or one without the list.
        let nodes = match &statement.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(statement),
        };
        if nodes.is_empty() {
            self.say(statement.span, Problem::EmptyStatement);
        }
        let statements: Vec<_> = nodes.iter().filter_map(|node| self.statement(node)).collect();
        self.unique_sids(&statements);
        Some(Document { version, statements })
    }

    fn version(&mut self, node: &Node) -> Option<Text> {
        let version = self.text(node, "Version")?;
        if !matches!(version.text.as_str(), "2012-10-17" | "2008-10-17") {
            self.say(node.span, Problem::InvalidVersion(version.text.clone()));
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

    /// Reports what a mapping has besides the elements it may have.
    fn known(&mut self, node: &Node, holder: Holder) {
        for entry in node.entries() {
            if !holder.elements().contains(&entry.key.as_str()) {
                self.say(entry.key_span, Problem::UnknownElement(holder, entry.key.clone()));
            }
        }
    }

    fn wants(&mut self, node: &Node, what: &str, wanted: &'static str) {
        self.say(node.span, Problem::WrongType { what: what.to_owned(), found: node.kind(), wanted });
    }

    /// A text of megabytes can be wrong in a million places. The first error is kept in any case.
    fn say(&mut self, span: Span, problem: Problem) {
        let is_first_error = problem.is_error() && !self.has_errors;
        self.has_errors |= problem.is_error();
        if self.problems.len() <= Findings::MOST || is_first_error {
            self.problems.push((span, problem));
        }
    }
}

//! Policies made ready for deciding.

mod index;
mod whom;
mod written;

use crate::action::Actions;
use crate::arn_pattern::{Item, PatternContext};
use crate::condition::Condition;
use crate::document::{self, Effect};
use crate::operator::Test;
use crate::pattern::Variables;
use crate::{Document, Kind};
use index::Index;
pub(crate) use index::{ActionHash, hash};
pub(crate) use whom::{Grant, Whom};

/// A policy, compiled once and decided on many times.
#[derive(Debug)]
pub struct Policy {
    name: String,
    arn: Option<String>,
    kind: Kind,
    statements: Box<[Statement]>,
    index: Index,
    /// What its Version makes of `${…}`.
    variables: Variables,
}

/// A statement made ready.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) sid: Option<Box<str>>,
    pub(crate) effect: Effect,
    pub(crate) whom: Whom,
    pub(crate) actions: Actions,
    /// `None`: it is about what the policy is attached to.
    pub(crate) resources: Option<Resources>,
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) span: source::Span,
}

/// Resource or NotResource.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) not: bool,
    pub(crate) patterns: Box<[Item]>,
    /// As written.
    pub(crate) texts: Box<[Box<str>]>,
}

impl Policy {
    /// Compiles a document. `name` is the policy's ARN, or a label such as `role/NAME/POLICY` for an inline policy.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind, document: &Document) -> Self {
        let variables = Variables::of(document.version());
        let statements: Box<[_]> =
            document.statements.iter().map(|statement| Statement::new(statement, kind, variables)).collect();
        let index = Index::new(&statements);
        Self { name: name.into(), arn: None, kind, statements, index, variables }
    }

    /// A policy without statements: of what has to allow and does not.
    #[must_use]
    pub fn silent(name: impl Into<String>, kind: Kind) -> Self {
        Self::new(name, kind, &Document { version: None, statements: Vec::new() })
    }

    /// The same with the ARN that an explicit denial prints.
    #[must_use]
    pub fn with_arn(self, arn: impl Into<String>) -> Self {
        Self { arn: Some(arn.into()), ..self }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its ARN, if it has one.
    #[must_use]
    pub fn arn(&self) -> Option<&str> {
        self.arn.as_deref()
    }

    /// What it is attached to.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it looks at a condition key that begins so, letter case aside: in a condition or as a variable.
    #[must_use]
    pub fn looks_at(&self, key: &str) -> bool {
        self.keys().any(|name| name.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key)))
    }

    /// The condition keys that it looks at, as they are written: in a condition or as a variable. One may come several times.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(Statement::keys)
    }

    pub(crate) const fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The statements that may be about an action, with their positions.
    pub(crate) fn candidates(&self, hash: ActionHash) -> impl Iterator<Item = (usize, &Statement)> {
        self.index.candidates(hash).filter_map(|at| Some((at, self.statements.get(at)?)))
    }
}

impl Resources {
    /// Whether a resource is worth a closer look. To NotResource every one is: there a variable without value counts
    /// wherever it stands.
    pub(crate) fn may_cover(&self, resource: &str) -> bool {
        self.not || self.patterns.iter().any(|pattern| pattern.may_match(resource))
    }
}

impl Statement {
    /// "Permissions boundaries and session policies do not limit permissions granted using the aws:PrincipalArn condition key
    /// with a wildcard(*) in the Principal element": everyone, narrowed down so, counts as named.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    pub(crate) fn is_direct_by_arn(&self) -> bool {
        matches!(self.whom, Whom::Named(_)) && self.asks_for_arn()
    }

    /// Whether a condition wants the caller's ARN to be a certain one.
    fn asks_for_arn(&self) -> bool {
        self.conditions.iter().any(|condition| {
            let base = condition.operator.base;
            &*condition.name.lower == "aws:principalarn" && !base.negated && base.test != Test::Null
        })
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        let texts = self.resources.iter().flat_map(|resources| &resources.texts);
        let texts = texts.chain(self.conditions.iter().flat_map(|condition| &condition.texts));
        let variables = texts.flat_map(|text| text.split("${").skip(1));
        let variables = variables.filter_map(|rest| rest.split(['}', ',']).next()).map(str::trim);
        self.conditions.iter().map(|condition| &*condition.key).chain(variables)
    }

    fn new(statement: &document::Statement, kind: Kind, variables: Variables) -> Self {
        let texts = |texts: &[document::Text]| texts.iter().map(|text| text.text.as_str().into()).collect();
        let condition = |written: &document::Condition| {
            let span = written.values.iter().fold(written.key.span, |span, value| span.to(value.span));
            Condition::new(written.operator, &written.key.text, texts(&written.values), span, variables)
        };
        let resources = statement.resources.as_ref().map(|items| {
            let place = PatternContext { kind, effect: statement.effect, not: items.not };
            let patterns = items.texts.iter().map(|text| Item::parse(&text.text, variables, place)).collect();
            Resources { not: items.not, patterns, texts: texts(&items.texts) }
        });
        Self {
            sid: statement.sid.as_ref().map(|sid| sid.text.as_str().into()),
            effect: statement.effect,
            whom: Whom::new(statement.principals.as_ref()),
            actions: Actions::new(statement.actions.not, texts(&statement.actions.texts)),
            resources,
            conditions: statement.conditions.iter().map(condition).collect(),
            span: statement.span,
        }
    }
}

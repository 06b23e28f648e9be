//! How a decision came about.

mod element;
mod recording;

use std::sync::Arc;

use serde::{Serialize, Serializer};
use source::Span;

use crate::compile::Policy;
pub use crate::document::Effect;
use crate::undocumented::Notes;
use crate::{ContextValue, Kind, Kinds, Policies, Verdict};
pub use element::ElementTrace;
pub(crate) use recording::Recording;

/// The version of this form; it changes when a reader of the old form would go wrong.
pub const VERSION: u32 = 1;

/// How a decision came about: every policy asked, every statement, every condition of the statements about the action.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// The version of this form.
    pub version: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// The kinds that decided.
    pub by: Kinds,
    /// The id of the fact of the service that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<&'static str>,
    /// The ids of the undocumented rows it rests on.
    pub notes: Notes,
    /// Whether caller and resource belong to the same account; a caller of no account is in none.
    pub same_account: bool,
    /// The policies in the order in which they were asked.
    pub policies: Vec<PolicyTrace>,
    /// Every policy with a say: what a mend is tried on.
    #[serde(skip)]
    pub(crate) asked: Policies,
}

/// What one policy said.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyTrace {
    /// Its name.
    pub name: String,
    /// Its ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// What it is attached to.
    pub kind: Kind,
    /// For SCPs and RCPs, the level: 0 is the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    /// What it came to.
    pub word: Word,
    /// Its statements, in the order written.
    pub statements: Vec<StatementTrace>,
    #[serde(skip)]
    pub(crate) policy: Arc<Policy>,
}

impl PolicyTrace {
    /// The policy as it was written, but for spellings that mean the same. None: JSON cannot say what was read of it.
    #[must_use]
    pub fn document(&self) -> Option<serde_json::Value> {
        let document = self.policy.document();
        let can_be_written = document.statements.iter().all(crate::document::Statement::can_be_written);
        can_be_written.then(|| serde_json::to_value(document).ok()).flatten()
    }
}

/// What a policy came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Word {
    /// A statement allows, none denies.
    Allows,
    /// A statement denies.
    Denies,
    /// No statement matched.
    Silent,
}

/// What one statement said.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementTrace {
    /// Its Sid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Its place in the document, from 1.
    pub index: usize,
    /// `Allow` or `Deny`.
    pub effect: Effect,
    /// Where it stands.
    #[serde(serialize_with = "span")]
    pub span: Span,
    /// Whether it matched, all in all.
    pub matched: bool,
    /// The first element that did not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<Element>,
    /// What its other elements said: Principal if it has one, Action, Resource if it has one. Empty if it is about other
    /// actions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<ElementTrace>,
    /// Its conditions; empty if it is about other actions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ConditionTrace>,
    /// The ids of the undocumented rows used here.
    #[serde(skip_serializing_if = "is_empty")]
    pub notes: Notes,
    /// Whether it names the caller, and whether it covers the resource.
    #[serde(skip)]
    pub(crate) covers: (bool, bool),
}

/// An element of a statement, `Not…` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Element {
    /// It is about others.
    Principal,
    /// It is about other actions.
    Action,
    /// It is about other resources.
    Resource,
    /// A condition does not hold.
    Condition,
}

/// As policies have it.
impl std::fmt::Display for Element {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Principal => "Principal",
            Self::Action => "Action",
            Self::Resource => "Resource",
            Self::Condition => "Condition",
        })
    }
}

/// What one condition said.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConditionTrace {
    /// The operator in AWS's spelling.
    pub operator: String,
    /// The key as written.
    pub key: String,
    /// Where key and values stand.
    #[serde(serialize_with = "span")]
    pub span: Span,
    /// The policy's values as written.
    pub values: Vec<String>,
    /// What they came to in this request; `null` where a variable had no value.
    pub resolved: Vec<Option<String>>,
    /// The request's value, of a long one the start; nothing if it has no such key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextValue>,
    /// Whether it holds.
    pub holds: bool,
    /// What about it may surprise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Where the request never carries the key, and a request for the same action on another type of resource can: the type
    /// of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never_on: Option<&'static str>,
    /// Where the request never carries the key: keys that it can carry and that could be meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// The ids of the undocumented rows used here.
    #[serde(skip_serializing_if = "is_empty")]
    pub notes: Notes,
}

impl ConditionTrace {
    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// What about a condition may surprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Flag {
    /// It holds only because the key is missing, or its value is a null set.
    MatchedBecauseMissing,
    /// It fails because the key is missing, or its value is a null set.
    FailedBecauseMissing,
    /// Requests for this action on this resource never carry the key.
    NeverCarried,
    /// A multivalued key has several values, or none, and is compared without ForAllValues or ForAnyValue.
    MultivaluedUnderPlainOperator,
    /// ForAllValues or ForAnyValue over a key with a single value.
    SingleValuedUnderSetOperator,
    /// A value cannot be read as what the operator compares.
    Unreadable,
    /// A variable has no value in this request.
    VariableWithoutValue,
    /// `${…}` is literal text, for the document's Version is not 2012-10-17.
    LiteralVariable,
    /// A wildcard under an operator that takes it for literal text.
    LiteralWildcard,
    /// The caller's role has a path that is not known, and some path would turn it.
    PathNotKnown,
    /// The request's value differs from a wanted one only in letter case.
    LetterCase,
}

impl Flag {
    /// A short name that stays when the words change.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MatchedBecauseMissing => "holds-because-absent",
            Self::FailedBecauseMissing => "fails-because-absent",
            Self::NeverCarried => "never-carried",
            Self::MultivaluedUnderPlainOperator => "multivalued-under-plain-operator",
            Self::SingleValuedUnderSetOperator => "single-valued-under-set-operator",
            Self::Unreadable => "unreadable",
            Self::VariableWithoutValue => "variable-without-value",
            Self::LiteralVariable => "literal-variable",
            Self::LiteralWildcard => "literal-wildcard",
            Self::PathNotKnown => "path-not-known",
            Self::LetterCase => "letter-case",
        }
    }

    /// In words, as they stand beside a condition.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::MatchedBecauseMissing => "holds only because the key is missing",
            Self::FailedBecauseMissing => "fails because the key is missing",
            Self::NeverCarried => "requests for this action on this resource never carry the key",
            Self::MultivaluedUnderPlainOperator => "several values need ForAllValues or ForAnyValue",
            Self::SingleValuedUnderSetOperator => "a single value under a set operator",
            Self::Unreadable => "a value cannot be read as what the operator compares",
            Self::VariableWithoutValue => "a variable has no value in this request",
            Self::LiteralVariable => "`${…}` is literal text without Version 2012-10-17",
            Self::LiteralWildcard => "a wildcard is literal text under this operator",
            Self::PathNotKnown => "the path of the role is not known",
            Self::LetterCase => "differs in letter case only",
        }
    }
}

fn span<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map([("file", span.file.0), ("start", span.start), ("end", span.end)])
}

const fn is_empty(notes: &Notes) -> bool {
    notes.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::testing::{request, user, whole};
    use crate::{Kind, NoVocabulary, Policies, explain};

    #[test]
    fn a_policy_is_shown_as_it_was_written() {
        let says = |kind: Kind, text: &str| {
            let policies = Policies { identity: vec![whole(kind, "p", text)], ..Policies::default() };
            let decision = explain(&policies, &request(user(), "s3:GetObject", "arn:aws:s3:::b/k"), &NoVocabulary);
            decision.trace.unwrap().policies[0].document().map(|document| document.to_string())
        };
        let text = r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
        assert_eq!(says(Kind::Identity, text).as_deref(), Some(text));
        let twice = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"Bool": {"a:b": "true"}, "bool": {"a:b": "false"}}}}"#;
        assert_eq!(says(Kind::Identity, twice), None, "one key twice under one operator");
    }
}

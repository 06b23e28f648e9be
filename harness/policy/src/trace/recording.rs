//! The recorder that keeps everything.

use std::sync::Arc;

use super::element::elements;
use super::{ConditionTrace, Element, Flag, PolicyTrace, StatementTrace, Trace, VERSION, Word};
use crate::compile::{Grant, Policy, Statement};
use crate::condition::{Condition, Outcome};
use crate::document::Effect;
use crate::evaluate::{PreparedRequest, Recorder, Steps};
use crate::operator::Test;
use crate::undocumented::Notes;
use crate::words::start;
use crate::{ContextValue, Decision, Policies, Request, Vocabulary};

/// Alternatives to a key that is never carried; more would not help.
const MOST_ALTERNATIVES: usize = 4;

/// What a trace shows of a key with several values, in bytes: more than the keys of fifty tags.
const MOST_OF_A_LIST: usize = 8 << 10;

/// Writes a [`Trace`].
pub(crate) struct Recording<'v> {
    vocabulary: &'v dyn Vocabulary,
    policies: Vec<PolicyTrace>,
    /// Of the statement under way.
    conditions: Vec<ConditionTrace>,
}

impl<'v> Recording<'v> {
    pub(crate) fn new(vocabulary: &'v dyn Vocabulary) -> Self {
        Self { vocabulary, policies: Vec::new(), conditions: Vec::new() }
    }

    /// What the policy that was asked last has said; nothing if none was.
    pub(crate) fn last(mut self, policy: &Arc<Policy>) -> PolicyTrace {
        self.policies.pop().unwrap_or_else(|| silent(policy, None))
    }

    pub(crate) fn finish(self, decision: &Decision, request: &Request, policies: &Policies) -> Trace {
        let account = request.principal.account();
        Trace {
            version: VERSION,
            verdict: decision.verdict,
            by: decision.by,
            fact: decision.fact.map(|fact| fact.id),
            notes: decision.notes,
            same_account: account.is_some() && account == request.owner(),
            policies: self.policies,
            asked: policies.clone(),
        }
    }
}

impl Recorder for Recording<'_> {
    const RECORDS: bool = true;

    fn policy(&mut self, policy: &Arc<Policy>, level: Option<usize>) {
        self.policies.push(silent(policy, level));
    }

    fn condition(&mut self, condition: &Condition, outcome: Outcome, prepared: &PreparedRequest<'_>, notes: Notes) {
        let context = &prepared.request.context;
        let value = context.entry(&condition.name).map(|entry| shown(&entry.value));
        let resolved = condition.resolved(context);
        let never = outcome.missing
            && value.is_none()
            && self.vocabulary.carries(&prepared.request.action, &prepared.request.resource, &condition.key)
                == Some(false);
        let mut flags = flags(condition, outcome, value.as_ref(), &resolved);
        if never {
            flags.push(Flag::NeverCarried);
        }
        self.conditions.push(ConditionTrace {
            operator: condition.operator.to_string(),
            key: condition.key.to_string(),
            span: condition.span,
            values: condition.texts.iter().map(ToString::to_string).collect(),
            resolved,
            context: value,
            holds: outcome.holds,
            flags,
            never_on: if never { self.lacking_type(prepared.request, &condition.key) } else { None },
            alternatives: if never { self.alternatives(prepared.request, &condition.key) } else { Vec::new() },
            notes,
        });
    }

    fn statement(&mut self, at: usize, steps: Steps, prepared: &PreparedRequest<'_>) {
        let conditions = std::mem::take(&mut self.conditions);
        let Some(policy) = self.policies.last_mut() else { return };
        let Some(statement) = policy.statements.get_mut(at) else { return };
        statement.elements =
            policy.policy.statements().get(at).map(|one| elements(one, prepared, steps)).unwrap_or_default();
        statement.conditions = conditions;
        statement.matched = steps.matched();
        statement.notes = steps.notes;
        statement.covers = (steps.grant != Grant::None, steps.resource);
        statement.failed = match steps {
            Steps { grant: Grant::None, .. } => Some(Element::Principal),
            Steps { resource: false, .. } => Some(Element::Resource),
            Steps { conditions: false, .. } => Some(Element::Condition),
            _ => None,
        };
        if statement.matched {
            policy.word = match (policy.word, statement.effect) {
                (Word::Denies, _) | (_, Effect::Deny) => Word::Denies,
                _ => Word::Allows,
            };
        }
    }
}

impl Recording<'_> {
    fn lacking_type(&self, request: &Request, key: &str) -> Option<&'static str> {
        self.vocabulary.lacking_type(&request.action, &request.resource, key)
    }

    /// Keys of the same form that the request can carry: for a tag key, other tag keys, with the same tag.
    fn alternatives(&self, request: &Request, key: &str) -> Vec<String> {
        let Some((_, tag)) = key.split_once('/') else { return Vec::new() };
        let keys = self.vocabulary.keys(&request.action, &request.resource).into_iter();
        let tags = keys.filter_map(|key| key.split_once('/').map(|(prefix, _)| format!("{prefix}/{tag}")));
        let mut tags: Vec<_> = tags.filter(|other| !other.eq_ignore_ascii_case(key)).collect();
        tags.sort();
        tags.dedup();
        tags.truncate(MOST_ALTERNATIVES);
        tags
    }
}

/// What a trace shows of a value: it stands at every condition on its key.
fn shown(value: &ContextValue) -> ContextValue {
    match value {
        ContextValue::One(value) => ContextValue::One(start(value).into_owned()),
        ContextValue::Many(values) => {
            let mut left = MOST_OF_A_LIST;
            let fits = |value: &&String| {
                let fits = value.len() < left;
                left = left.saturating_sub(1 + value.len());
                fits
            };
            let mut shown: Vec<_> = values.iter().take_while(fits).cloned().collect();
            if shown.len() < values.len() {
                shown.push("…".to_owned());
            }
            ContextValue::Many(shown)
        }
    }
}

/// A policy of which, until told otherwise, each statement is about other actions.
fn silent(policy: &Arc<Policy>, level: Option<usize>) -> PolicyTrace {
    PolicyTrace {
        name: policy.name().to_owned(),
        arn: policy.arn().map(str::to_owned),
        kind: policy.kind(),
        level,
        word: Word::Silent,
        statements: policy.statements().iter().enumerate().map(|(at, statement)| untouched(at, statement)).collect(),
        policy: Arc::clone(policy),
    }
}

fn untouched(at: usize, statement: &Statement) -> StatementTrace {
    StatementTrace {
        sid: statement.sid.as_deref().filter(|sid| !sid.is_empty()).map(str::to_owned),
        index: at + 1,
        effect: statement.effect,
        span: statement.span,
        matched: false,
        failed: Some(Element::Action),
        elements: Vec::new(),
        conditions: Vec::new(),
        notes: Notes::default(),
        covers: (false, false),
    }
}

/// One letter after the other, so that a long value is not gone through for every text that differs at once.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn flags(
    condition: &Condition,
    outcome: Outcome,
    value: Option<&ContextValue>,
    resolved: &[Option<String>],
) -> Vec<Flag> {
    let operator = condition.operator;
    let missing = outcome.missing && operator.base.test != Test::Null;
    let takes_wildcards = matches!(operator.base.test, Test::Like | Test::Arn);
    let has_wildcard = condition.texts.iter().any(|text| text.contains('*') && !text.contains("${"));
    let differs_in_case = match value {
        Some(ContextValue::One(value)) if !outcome.holds && !operator.base.negated => {
            resolved.iter().flatten().any(|wanted| wanted != value && lower(wanted).eq(lower(value)))
        }
        _ => false,
    };
    [
        (Flag::MatchedBecauseMissing, missing && outcome.holds),
        (Flag::FailedBecauseMissing, missing && !outcome.holds),
        (Flag::MultivaluedUnderPlainOperator, outcome.multivalued),
        (Flag::SingleValuedUnderSetOperator, operator.set.is_some() && matches!(value, Some(ContextValue::One(_)))),
        (Flag::Unreadable, outcome.unreadable),
        (Flag::VariableWithoutValue, outcome.unresolved),
        (Flag::LiteralVariable, condition.has_literal_variable()),
        (Flag::LiteralWildcard, has_wildcard && !takes_wildcards && operator.base.test != Test::Null),
        (Flag::PathNotKnown, outcome.open),
        (Flag::LetterCase, differs_in_case),
    ]
    .into_iter()
    .filter(|&(_, set)| set)
    .map(|(flag, _)| flag)
    .collect()
}

//! One key of a Condition element: an operator, a key, the policy's values.

mod path;
mod want;

#[cfg(test)]
mod tests;

use source::Span;

use crate::context::{Entry, KeyName};
use crate::operator::{Operator, Set, Test};
use crate::pattern::Variables;
use crate::undocumented::{Case, Notes};
use crate::{Context, ContextValue, value};
use want::Answer;
pub(crate) use want::Want;

/// A condition made ready for deciding.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) operator: Operator,
    /// As written.
    pub(crate) key: Box<str>,
    /// As the context is asked.
    pub(crate) name: KeyName,
    /// As written.
    pub(crate) texts: Box<[Box<str>]>,
    pub(crate) span: Span,
    wants: Box<[Want]>,
    pub(crate) variables: Variables,
}

/// Whether a condition holds, and what about it may surprise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) holds: bool,
    /// The key is missing, or its value is a null set.
    pub(crate) missing: bool,
    /// Several values, or none, without a set operator.
    pub(crate) multivalued: bool,
    /// Something cannot be read as what the operator compares.
    pub(crate) unreadable: bool,
    /// A variable has no value.
    pub(crate) unresolved: bool,
    /// Some path of the caller's role, which is not known, would turn it.
    pub(crate) open: bool,
}

impl Condition {
    pub(crate) fn new(operator: Operator, key: &str, texts: Box<[Box<str>]>, span: Span, variables: Variables) -> Self {
        let wants = texts.iter().map(|text| Want::new(operator.base.test, text, variables)).collect();
        Self { operator, key: key.into(), name: KeyName::new(key), texts, span, wants, variables }
    }

    pub(crate) fn evaluate(&self, context: &Context, notes: &mut Notes) -> Outcome {
        let entry = context.asked(&self.name, notes);
        if self.operator.base.test == Test::Null {
            return self.is_null(entry, context, notes);
        }
        let Some(entry) = entry else { return self.without_key(context, notes) };
        if let (true, ContextValue::One(arn)) = (entry.without_path, &entry.value) {
            return self.compare_paths(arn, context, notes);
        }
        match (self.operator.set, &entry.value) {
            (None, ContextValue::One(value)) => self.compare(value, context, notes),
            (None, ContextValue::Many(values)) => self.compare_several(values, context, notes),
            (Some(set), ContextValue::One(value)) => self.compare_set(set, std::slice::from_ref(value), context, notes),
            (Some(set), ContextValue::Many(values)) => self.compare_set(set, values, context, notes),
        }
    }

    pub(crate) fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Whether a value matches, a negation left out; second, whether something cannot be read.
    pub(crate) fn compare_plainly(&self, value: &str, context: &Context) -> (bool, bool) {
        let outcome = self.compare(value, context, &mut Notes::default());
        if outcome.unreadable && !outcome.holds {
            return (false, true);
        }
        (outcome.holds != self.operator.base.negated, false)
    }

    /// What each of the policy's values comes to in this request, for display.
    pub(crate) fn resolved(&self, context: &Context) -> Vec<Option<String>> {
        self.texts.iter().map(|text| want::resolved(self.operator.base.test, text, self.variables, context)).collect()
    }

    /// Whether `${…}` stands in a document whose Version takes it for plain text.
    pub(crate) fn has_literal_variable(&self) -> bool {
        self.variables == Variables::Literal && self.texts.iter().any(|text| text.contains("${"))
    }

    /// "If the key that you specify in a policy condition is not present in the request context, the values do not
    /// match and the condition is false. If the policy condition requires that the key is not matched, such as
    /// StringNotLike or ArnNotLike, and the right key is not present, the condition is true."
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    fn without_key(&self, context: &Context, notes: &mut Notes) -> Outcome {
        let holds = match self.operator.set {
            Some(Set::Any) if self.operator.if_exists => context.settles(Case::ForAnyIfExists, notes),
            _ if self.operator.if_exists => true,
            Some(set) => of_null_set(set),
            None => self.operator.base.negated,
        };
        Outcome { holds, missing: true, ..Outcome::default() }
    }

    /// A multivalued key without a set operator: one value is compared as it is, several do not match. A rule with one
    /// source meets StringEquals events:source, one with two does not, even if the policy lists both.
    /// docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
    fn compare_several(&self, values: &[String], context: &Context, notes: &mut Notes) -> Outcome {
        let is_open = self.operator.base.negated || (values.is_empty() && self.operator.if_exists);
        let is_settled = !is_open || context.settles(Case::MultivaluedPlain, notes);
        let outcome = match values {
            [value] => self.compare(value, context, notes),
            _ => Outcome { multivalued: true, ..Outcome::default() },
        };
        Outcome { holds: outcome.holds == is_settled, ..outcome }
    }

    /// `Null` "true": "the key doesn't exist — it is null"; "false": "the key exists and its value is not null".
    fn is_null(&self, entry: Option<&Entry>, context: &Context, notes: &mut Notes) -> Outcome {
        let missing = match entry.map(|entry| &entry.value) {
            None => true,
            Some(ContextValue::One(value)) => value.is_empty() && !context.settles(Case::NullEmptyText, notes),
            Some(ContextValue::Many(values)) => values.is_empty() && context.settles(Case::NullEmptySet, notes),
        };
        let (mut holds, mut unreadable) = (false, false);
        for text in &self.texts {
            match value::truth(text, context.otherwise(), notes) {
                Some(wanted) => holds |= wanted == missing,
                None => unreadable = true,
            }
        }
        if unreadable && !holds {
            notes.add(Case::OtherType);
        }
        Outcome { holds, missing, unreadable, ..Outcome::default() }
    }

    /// ForAllValues: "true if there are no keys in the request, or if the key values resolve to a null data set, such
    /// as an empty string"; ForAnyValue: false then.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    fn compare_set(&self, set: Set, values: &[String], context: &Context, notes: &mut Notes) -> Outcome {
        if values.iter().all(String::is_empty) {
            return Outcome { holds: of_null_set(set), missing: true, ..Outcome::default() };
        }
        let mut total = Outcome { holds: set == Set::All, ..Outcome::default() };
        for value in values {
            let one = self.compare(value, context, notes);
            total.unreadable |= one.unreadable;
            total.unresolved |= one.unresolved;
            if one.holds != (set == Set::All) {
                total.holds = one.holds;
                break;
            }
        }
        total
    }

    /// One value of the request: several values of the policy are joined by OR, under a negated operator by NOR.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
    fn compare(&self, value: &str, context: &Context, notes: &mut Notes) -> Outcome {
        let mut outcome = Outcome::default();
        let mut matched = false;
        for want in &self.wants {
            match want.compare(value, self.operator.base.test, context, notes) {
                Answer::Yes => matched = true,
                Answer::No => {}
                // "Missing value: the condition does not match; a negated operator matches."
                Answer::Unresolved => outcome.unresolved = true,
                Answer::Unreadable => outcome.unreadable = true,
            }
            if matched {
                break;
            }
        }
        if outcome.unreadable && !matched {
            outcome.holds = !context.settles(Case::OtherType, notes) && self.operator.base.negated;
            return outcome;
        }
        let is_settled = !self.wants.is_empty() || context.settles(Case::NoValues, notes);
        outcome.holds = (matched != self.operator.base.negated) == is_settled;
        outcome
    }
}

const fn of_null_set(set: Set) -> bool {
    matches!(set, Set::All)
}

//! Conditions.

use std::net::IpAddr;

use source::Span;

use super::Part;
use crate::Context;
use crate::condition::Condition;
use crate::operator::Operator;
use crate::undocumented::Notes;
use crate::value::{Instant, Range};

/// One key under one operator.
#[derive(Clone, Copy)]
pub struct ConditionView<'a>(pub(super) &'a Condition);

/// What one value of the policy stands for.
#[derive(Clone, Debug)]
pub enum WantView {
    /// Texts, letter by letter.
    Text(Vec<Part>),
    /// Texts, letter case aside.
    TextIgnoringCase(Vec<Part>),
    /// ARNs, part by part: the texts of at least five colons among these.
    Arn(Vec<Part>),
    /// What only its variables can make an ARN.
    LateArn(Vec<Part>),
    /// `true` or `false` in any letters, if the value is one of them.
    Bool(Vec<Part>),
    /// What cannot be said as texts: numbers, dates, addresses. [`ConditionView::compare`] says which values match.
    Typed,
    /// Nothing: the value cannot be read as what the operator compares.
    Unreadable,
}

/// What a condition's values make of one value of a request, a negation left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether one of them matches.
    pub matches: bool,
    /// Whether something cannot be read: then a negated operator does not hold either.
    pub is_unreadable: bool,
}

impl<'a> ConditionView<'a> {
    /// The operator.
    #[must_use]
    pub fn operator(self) -> Operator {
        self.0.operator
    }

    /// The key as written.
    #[must_use]
    pub fn key(self) -> &'a str {
        &self.0.key
    }

    /// The key in lower case, as a context is asked for it.
    #[must_use]
    pub fn lower_key(self) -> &'a str {
        &self.0.name.lower
    }

    /// The policy's values, as written.
    pub fn texts(self) -> impl Iterator<Item = &'a str> {
        self.0.texts.iter().map(|text| &**text)
    }

    /// What they stand for.
    pub fn wants(self) -> impl Iterator<Item = WantView> {
        self.0.wants().iter().map(|want| want.view(self.0.operator.base.test))
    }

    /// Of Null: whether some value asks for a missing key, and whether some asks for a present one.
    #[must_use]
    pub fn null_asks_for(self) -> [bool; 2] {
        let truth = |text: &str| crate::value::truth(text, Notes::default(), &mut Notes::default());
        [true, false].map(|wanted| self.texts().any(|text| truth(text) == Some(wanted)))
    }

    /// What the policy's values make of one value, where none of them has a variable.
    #[must_use]
    pub fn compare(self, value: &str) -> Comparison {
        let (matches, is_unreadable) = self.0.compare_plainly(value, &Context::new());
        Comparison { matches, is_unreadable }
    }

    /// Of a Date operator: the points in time that are written, in nanoseconds since 1970.
    pub fn instants(self) -> impl Iterator<Item = i128> {
        self.texts().filter_map(Instant::parse).map(Instant::nanoseconds)
    }

    /// Of an address operator: the first and the last address of each range.
    pub fn ranges(self) -> impl Iterator<Item = [IpAddr; 2]> {
        self.texts().filter_map(Range::parse).map(|range| range.ends())
    }

    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        self.0.span
    }
}

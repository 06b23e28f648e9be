//! One value of a policy's condition, read once as what its operator compares.

use std::net::IpAddr;

use crate::Context;
use crate::arn_pattern::ArnPattern;
use crate::operator::Test;
use crate::pattern::{Pattern, Syntax, Variables, Wildcards};
use crate::undocumented::{Case, Notes};
use crate::value::{self, Decimal, Instant, Range};
use crate::view::{Part, WantView, letters};

/// What is wanted of the request's value.
#[derive(Debug)]
pub(crate) enum Want {
    Text(Pattern),
    Arn(ArnPattern),
    Number(Box<str>),
    Date {
        at: Instant,
        bare_year: bool,
    },
    Bool(Pattern),
    Bytes(Box<str>),
    Range(Range),
    /// Asked of the key, not of its value.
    Null,
    Unreadable,
}

/// What one comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Unresolved,
    Unreadable,
}

impl From<Option<bool>> for Answer {
    fn from(matched: Option<bool>) -> Self {
        match matched {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unresolved,
        }
    }
}

impl Want {
    /// Variables are replaced under the String, ARN and Bool operators, wildcards count under Like and the ARN ones.
    pub(super) fn new(test: Test, text: &str, variables: Variables) -> Self {
        let read = match test {
            Test::Equal | Test::EqualIgnoringCase | Test::Like => Some(Self::Text(pattern(test, text, variables))),
            Test::Bool => Some(Self::Bool(pattern(test, text, variables))),
            Test::Arn => Some(Self::Arn(ArnPattern::parse(text, variables))),
            Test::Number(_) => Decimal::parse(text).map(|_| Self::Number(text.into())),
            Test::Date(_) => Instant::parse(text).map(|at| Self::Date { at, bare_year: value::is_bare_year(text) }),
            Test::Binary => value::bytes(text).map(|body| Self::Bytes(body.into())),
            Test::Address => Range::parse(text).map(Self::Range),
            Test::Null => Some(Self::Null),
        };
        read.unwrap_or(Self::Unreadable)
    }

    /// What it stands for.
    pub(crate) fn view(&self, test: Test) -> WantView {
        match (self, test) {
            (Self::Text(pattern), Test::EqualIgnoringCase) => WantView::TextIgnoringCase(pattern.parts()),
            (Self::Text(pattern), _) => WantView::Text(pattern.parts()),
            (Self::Arn(pattern), _) => pattern.view(),
            (Self::Bool(pattern), _) => WantView::Bool(pattern.parts()),
            // Strict base64 writes the same bytes in one way only.
            (Self::Bytes(body), _) => WantView::Text(letters(body).chain(padding(body)).collect()),
            (Self::Number(_) | Self::Date { .. } | Self::Range(_), _) => WantView::Typed,
            (Self::Null | Self::Unreadable, _) => WantView::Unreadable,
        }
    }

    pub(super) fn compare(&self, value: &str, test: Test, context: &Context, notes: &mut Notes) -> Answer {
        let readable = match (self, test) {
            (Self::Text(pattern), Test::EqualIgnoringCase) => {
                return pattern.equals_ignoring_case(value, context, notes).into();
            }
            (Self::Text(pattern), _) => return pattern.matches(value, context, notes).into(),
            (Self::Arn(pattern), _) if pattern.compares(value, context) => {
                return pattern.matches(value, context, notes).into();
            }
            (Self::Bool(pattern), _) => return compare_bool(pattern, value, context, notes),
            (Self::Number(wanted), Test::Number(compare)) => Decimal::parse(value)
                .zip(Decimal::parse(wanted))
                .map(|(value, wanted)| compare.holds(value.compare(wanted))),
            (Self::Date { at, bare_year }, Test::Date(compare)) => Instant::parse(value).map(|found| {
                let is_open = *bare_year || value::is_bare_year(value);
                if is_open && !context.settles(Case::YearOrSeconds, notes) {
                    let year = |at: Instant, is_bare| if is_bare { at.of_year() } else { at };
                    return compare.holds(year(found, value::is_bare_year(value)).cmp(&year(*at, *bare_year)));
                }
                compare.holds(found.cmp(at))
            }),
            (Self::Bytes(wanted), _) => value::bytes(value).map(|body| body == &**wanted),
            (Self::Range(range), _) => value.parse::<IpAddr>().ok().map(|address| range.contains(address)),
            _ => None,
        };
        readable.map_or(Answer::Unreadable, |matched| Some(matched).into())
    }
}

/// What fills base64 text up to a multiple of four letters.
fn padding(body: &str) -> impl Iterator<Item = Part> {
    std::iter::repeat_n(Part::Letter('='), body.len().next_multiple_of(4) - body.len())
}

fn compare_bool(pattern: &Pattern, found: &str, context: &Context, notes: &mut Notes) -> Answer {
    if pattern.has_variables() && !context.settles(Case::BoolVariable, notes) {
        return Answer::Unreadable;
    }
    let Some(found) = value::truth(found, context.otherwise(), notes) else { return Answer::Unreadable };
    let mut is = |truth| match pattern.matches(value::word(truth), context, notes) {
        Some(false) if pattern.equals_ignoring_case(value::word(truth), context, notes) == Some(true) => {
            Some(context.settles(Case::TruthLetters, notes))
        }
        matched => matched,
    };
    match is(found) {
        Some(false) if is(!found) == Some(false) => Answer::Unreadable,
        matched => matched.into(),
    }
}

/// What a value comes to in a request, for display.
pub(super) fn resolved(test: Test, text: &str, variables: Variables, context: &Context) -> Option<String> {
    match test {
        _ if !text.contains("${") => Some(text.to_owned()),
        Test::Equal | Test::EqualIgnoringCase | Test::Like | Test::Bool | Test::Arn => {
            pattern(test, text, variables).resolved(context)
        }
        _ => Some(text.to_owned()),
    }
}

fn pattern(test: Test, text: &str, variables: Variables) -> Pattern {
    let wildcards = if matches!(test, Test::Like | Test::Arn) { Wildcards::Count } else { Wildcards::Literal };
    Pattern::parse(text, Syntax::new(wildcards, variables))
}

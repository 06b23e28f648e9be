//! Items of Resource and NotResource, and what those with fewer than six fields come to.

use super::{ResourcePattern, split};
use crate::document::Effect;
use crate::pattern::{Syntax, Token, Variables, Wildcards, tokens};
use crate::undocumented::{Case, Notes};
use crate::view::{Part, SecondView};
use crate::{Context, Kind};

/// One item of Resource or NotResource.
#[derive(Debug)]
pub(crate) struct Item {
    pattern: ResourcePattern,
    second: Option<Box<Second>>,
}

/// Another reading, where AWS's pages leave two.
#[derive(Debug)]
struct Second {
    pattern: ResourcePattern,
    /// Whether one of the two is enough, as the safer verdict wants it; if not, both have to match.
    one_is_enough: bool,
    case: Case,
}

/// An item part by part.
pub(crate) struct ItemForms {
    pub(crate) written: Vec<Part>,
    pub(crate) loose: Option<Vec<Part>>,
    pub(crate) second: Option<SecondView>,
}

/// Where an item stands.
#[derive(Clone, Copy)]
pub(crate) struct PatternContext {
    pub(crate) kind: Kind,
    pub(crate) effect: Effect,
    pub(crate) not: bool,
}

impl Item {
    /// "When you specify an incomplete ARN (one with fewer than the standard six fields) in an identity-based policy, AWS
    /// automatically completes the ARN by adding wildcard characters (*) to all missing fields." A permissions boundary
    /// is a managed policy, which is identity-based. Of other policies see the row.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    /// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    pub(crate) fn parse(text: &str, variables: Variables, place: PatternContext) -> Self {
        let written = ResourcePattern::parse(text, variables);
        let Some(incomplete) = Incomplete::find(text, variables).filter(|found| !found.has_last_star) else {
            return Self { pattern: written, second: None };
        };
        let completed = ResourcePattern::parse(&(text.to_owned() + &":*".repeat(incomplete.missing)), variables);
        let case = match place.kind {
            Kind::Identity | Kind::Boundary if !incomplete.may_be_whole => {
                return Self { pattern: completed, second: None };
            }
            Kind::Identity | Kind::Boundary => Case::OpenIncompleteArn,
            _ => Case::IncompleteArnElsewhere,
        };
        let one_is_enough = (place.effect == Effect::Deny) != place.not;
        Self { pattern: written, second: Some(Box::new(Second { pattern: completed, one_is_enough, case })) }
    }

    /// Part by part.
    pub(crate) fn forms(&self) -> ItemForms {
        let second = self.second.as_ref().map(|second| SecondView {
            parts: second.pattern.parts(),
            loose: second.pattern.loose_parts(),
            one_is_enough: second.one_is_enough,
            case: second.case,
        });
        ItemForms { written: self.pattern.parts(), loose: self.pattern.loose_parts(), second }
    }

    /// What it comes to, for display; `None` if a variable has no value.
    pub(crate) fn resolved(&self, context: &Context) -> Option<String> {
        self.pattern.resolved(context)
    }

    /// Whether `text` could be such a resource, whatever the variables' values.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        self.pattern.may_match(text) || self.second.as_ref().is_some_and(|second| second.pattern.may_match(text))
    }

    /// Whether `text` is such a resource; `None` if a variable has no value.
    pub(crate) fn matches(&self, text: &str, context: &Context, notes: &mut Notes) -> Option<bool> {
        let first = self.pattern.matches(text, context, notes)?;
        let Some(second) = &self.second else { return Some(first) };
        let other = second.pattern.matches(text, context, notes)?;
        if first == other {
            return Some(first);
        }
        Some(second.one_is_enough == context.settles(second.case, notes))
    }
}

/// Whether an ARN has fewer fields than six. A variable is part of one field.
pub(crate) fn is_incomplete(text: &str, variables: Variables) -> bool {
    Incomplete::find(text, variables).is_some()
}

struct Incomplete {
    missing: usize,
    /// Whether a `*` at the end of an earlier field, or a variable, could stand for the missing fields.
    may_be_whole: bool,
    /// Whether the last field ends in a `*`, and it alone may stand for more: then the ARN is as good as completed.
    has_last_star: bool,
}

impl Incomplete {
    fn find(text: &str, variables: Variables) -> Option<Self> {
        if !text.starts_with("arn:") {
            return None;
        }
        let fields = split(&tokens(text, Syntax::new(Wildcards::Count, variables)));
        let missing = 6_usize.checked_sub(fields.len()).filter(|missing| *missing > 0)?;
        let (last, earlier) = fields.split_last()?;
        let ends_in_star = |field: &Vec<Token>| field.last() == Some(&Token::Any);
        let mut all = fields.iter().flatten();
        let may_be_whole = earlier.iter().any(ends_in_star) || all.any(|token| matches!(token, Token::Variable(_)));
        Some(Self { missing, may_be_whole, has_last_star: ends_in_star(last) && !may_be_whole })
    }
}

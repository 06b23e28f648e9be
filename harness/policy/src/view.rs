//! A compiled policy as those read it who reason about every request at once.
//!
//! Deciding asks a policy about one request. A proof needs to know which requests a policy is about: every pattern as the
//! language of the texts it stands for, every condition as what it compares. What is shown here is what deciding uses;
//! there is no second parser. Nothing can be changed through it.

mod condition;
mod part;

pub use condition::{Comparison, ConditionView, WantView};
pub(crate) use part::letters;
pub use part::{Part, Reach, VariableView};

use source::Span;

use crate::Principal;
use crate::arn_pattern::ItemForms;
use crate::compile::{Grant, Policy, Resources, Statement, Whom};
use crate::document::{Effect, Name};
use crate::undocumented::{Case, Notes};

impl Policy {
    /// Its statements, in order.
    pub fn view(&self) -> impl Iterator<Item = StatementView<'_>> {
        self.statements().iter().map(StatementView)
    }
}

/// A statement.
#[derive(Clone, Copy)]
pub struct StatementView<'a>(&'a Statement);

impl<'a> StatementView<'a> {
    /// Its Sid.
    #[must_use]
    pub fn sid(self) -> Option<&'a str> {
        self.0.sid.as_deref()
    }

    /// What it does.
    #[must_use]
    pub fn effect(self) -> Effect {
        self.0.effect
    }

    /// Where it stands in its text.
    #[must_use]
    pub fn span(self) -> Span {
        self.0.span
    }

    /// Whom its Principal or NotPrincipal lists; nobody where it stands in a policy of the caller's own.
    #[must_use]
    pub fn names(self) -> &'a [Name] {
        match &self.0.whom {
            Whom::Holder => &[],
            Whom::Named(names) | Whom::AllBut(names) => names,
        }
    }

    /// Whether it is about a caller: as a Deny, for a caller with or without a permissions boundary, or as an Allow; with some
    /// rows of [`crate::undocumented::ROWS`] decided otherwise. Second, the rows that this rests on.
    #[must_use]
    pub fn is_about(self, caller: &Principal, has_boundary: bool, otherwise: Notes) -> (GrantView, Notes) {
        let mut notes = Notes::default();
        let grant = self.0.names(caller, has_boundary, otherwise, &mut notes);
        (GrantView::of(grant), notes)
    }

    /// Whether it covers what its Action lists, or all but what its NotAction lists.
    #[must_use]
    pub fn leaves_actions_out(self) -> bool {
        self.0.actions.not
    }

    /// The patterns of its Action or NotAction, in lower case.
    pub fn actions(self) -> impl Iterator<Item = &'a str> {
        self.0.actions.patterns.iter().map(|pattern| &*pattern.text)
    }

    /// Its Resource or NotResource. None: it is about what the policy is attached to, unless that is a KMS key.
    #[must_use]
    pub fn resources(self) -> Option<ResourcesView<'a>> {
        self.0.resources.as_ref().map(ResourcesView)
    }

    /// Its conditions, in order; all of them have to hold.
    pub fn conditions(self) -> impl Iterator<Item = ConditionView<'a>> {
        self.0.conditions.iter().map(ConditionView)
    }
}

/// How directly an Allow names the caller: what limits it further depends on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantView {
    /// It does not.
    None,
    /// By account.
    Delegated,
    /// By the role or user behind the session.
    SessionIssuer,
    /// As one of everybody.
    Everyone,
    /// By user or session, or in the caller's own policy.
    Direct,
}

impl GrantView {
    const fn of(grant: Grant) -> Self {
        match grant {
            Grant::None => Self::None,
            Grant::Delegated => Self::Delegated,
            Grant::SessionIssuer => Self::SessionIssuer,
            Grant::Everyone => Self::Everyone,
            Grant::Direct => Self::Direct,
        }
    }
}

/// Resource or NotResource.
#[derive(Clone, Copy)]
pub struct ResourcesView<'a>(&'a Resources);

impl<'a> ResourcesView<'a> {
    /// Whether it is NotResource: then no item may match, and no variable in them may lack a value.
    #[must_use]
    pub fn leaves_out(self) -> bool {
        self.0.not
    }

    /// The items.
    pub fn items(self) -> impl Iterator<Item = ItemView> {
        self.0.patterns.iter().map(|item| {
            let ItemForms { written, loose, second } = item.forms();
            ItemView { written, loose, second }
        })
    }

    /// Whether an item is `arn:aws:s3:::*`, which also covers s3:ListAllMyBuckets on `*`: see
    /// [`Case::BucketsOnStar`](crate::undocumented::Case::BucketsOnStar).
    #[must_use]
    pub fn lists_every_bucket(self) -> bool {
        !self.0.not && self.0.texts.iter().any(|text| crate::evaluate::is_every_bucket(text))
    }
}

/// One item of Resource or NotResource.
#[derive(Clone, Debug)]
pub struct ItemView {
    /// As it is written.
    pub written: Vec<Part>,
    /// As it would be if no wildcard stopped at a colon, where one does: see [`Case::InnerStar`].
    pub loose: Option<Vec<Part>>,
    /// Another reading, where AWS's pages leave two.
    pub second: Option<SecondView>,
}

/// The second reading of an item.
#[derive(Clone, Debug)]
pub struct SecondView {
    /// What it reads.
    pub parts: Vec<Part>,
    /// As of the first reading.
    pub loose: Option<Vec<Part>>,
    /// Whether one of the two is enough to match; if not, both have to.
    pub one_is_enough: bool,
    /// The row that the difference rests on.
    pub case: Case,
}

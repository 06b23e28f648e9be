//! Actions that the reference does not list: AWS may have them, today or later.

use crate::budget::{Budget, OutOfSteps};
use crate::formula::Literal;
use crate::lang::{Language, literal};
use crate::rows::{Rows, action_pattern};
use crate::search::{self, Bound};
use crate::space::{Fact, Space};

/// So many names that are listed are passed over.
const MOST_LISTED: usize = 20;

/// An action that some lists cover and others do not, and the reference does not list.
pub(super) enum Unlisted {
    Name(String),
    /// There is none.
    None,
    /// None was found.
    NotSettled,
}

impl Unlisted {
    pub(super) const fn may_be(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// Whether there may be one: there is none if a list that has to cover it has whole names only. Quick.
pub(super) fn may_be(space: &Space<'_>, literals: &[Literal]) -> bool {
    !lists(space, literals).any(|(patterns, inside)| inside && !patterns.iter().any(|one| one.contains(['*', '?'])))
}

/// The lists of actions in some literals.
fn lists<'s>(space: &'s Space<'_>, literals: &[Literal]) -> impl Iterator<Item = (&'s [Box<str>], bool)> {
    literals.iter().filter_map(|one| match space.fact_of(one.atom) {
        Fact::Action(list) => Some((&*space.actions[list.0 as usize], one.is_so)),
        _ => None,
    })
}

pub(super) fn name(
    space: &Space<'_>,
    rows: &Rows,
    literals: &[Literal],
    budget: &mut Budget,
) -> Result<Unlisted, OutOfSteps> {
    if !may_be(space, literals) {
        return Ok(Unlisted::None);
    }
    let mut languages = vec![(Language::new(&[action_pattern("?*:?*")]), true)];
    for (patterns, inside) in lists(space, literals) {
        let patterns: Vec<_> = patterns.iter().map(|pattern| action_pattern(pattern)).collect();
        languages.push((Language::new(&patterns), inside));
    }
    for _ in 0..MOST_LISTED {
        let bounds: Vec<_> = languages.iter().map(|(language, inside)| Bound { language, inside: *inside }).collect();
        match search::text(&bounds, budget)? {
            None => return Ok(Unlisted::None),
            Some(name) if !rows.is_listed(&name) => return Ok(Unlisted::Name(name)),
            Some(name) => languages.push((Language::new(&[literal(&name)]), false)),
        }
    }
    Ok(Unlisted::NotSettled)
}

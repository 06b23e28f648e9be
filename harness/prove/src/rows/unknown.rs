//! Actions that the catalogue does not have and that policies ask for all the same: of services newer than it, or misspelt.
//!
//! A pattern that covers nothing known still grants what AWS may have. So there is an action for each way in which such a
//! pattern can go together with the others.

use super::Catalogue;
use crate::budget::{Budget, OutOfSteps};
use crate::lang::{Class, Language, Pattern, Step};
use crate::search::{self, Bound};

/// More patterns that can cover the same unknown actions are not told apart.
const MOST_RELATED: usize = 8;

/// The names; second, whether there may be others that the patterns tell from these.
pub(super) fn names(
    lists: &[Vec<Box<str>>],
    known: &Catalogue,
    budget: &mut Budget,
) -> Result<(Vec<String>, bool), OutOfSteps> {
    let mut patterns: Vec<&str> = lists.iter().flatten().map(|pattern| &**pattern).collect();
    patterns.sort_unstable();
    patterns.dedup();
    let (mut names, mut is_limited) = (Vec::new(), false);
    for &pattern in patterns.iter().filter(|pattern| known.covers_nothing(pattern)) {
        if !is_wild(pattern) {
            names.push(pattern.to_owned());
            continue;
        }
        let others: Vec<&str> =
            patterns.iter().copied().filter(|other| *other != pattern && is_related(other, pattern)).collect();
        is_limited |= others.len() > MOST_RELATED;
        for some in 0..1_u32 << others.len().min(MOST_RELATED) {
            names.extend(name(pattern, &others, some, budget)?);
        }
    }
    names.sort_unstable();
    names.dedup();
    Ok((names, is_limited))
}

/// A name that a pattern covers, and, of the others, those whose bit is set.
fn name(pattern: &str, others: &[&str], some: u32, budget: &mut Budget) -> Result<Option<String>, OutOfSteps> {
    let language = |pattern: &str| Language::new(&[action_pattern(pattern)]);
    let (own, named) = (language(pattern), language("?*:?*"));
    let others: Vec<_> = others.iter().take(MOST_RELATED).map(|other| language(other)).collect();
    let of_others = others.iter().zip(0..).map(|(language, at)| Bound { language, inside: some >> at & 1 == 1 });
    let bounds: Vec<_> =
        [&own, &named].map(|language| Bound { language, inside: true }).into_iter().chain(of_others).collect();
    search::text(&bounds, budget)
}

/// Whether two patterns can cover the same unknown action. A whole name is an action of its own.
fn is_related(other: &str, pattern: &str) -> bool {
    let service =
        |pattern: &str| pattern.split_once(':').map(|(service, _)| service.to_owned()).filter(|name| !is_wild(name));
    let is_same = match (service(other), service(pattern)) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    };
    is_wild(other) && is_same
}

fn is_wild(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// A pattern of actions, whose wildcards stand for colons as well.
pub(crate) fn action_pattern(pattern: &str) -> Pattern {
    let step = |letter| match letter {
        '*' => Step::star(Class::any()),
        '?' => Step::one(Class::any()),
        letter => Step::one(Class::one(letter)),
    };
    pattern.chars().map(step).collect()
}

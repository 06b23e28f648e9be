//! One text within bounds.

use rustc_hash::FxHashMap;

use crate::budget::{Budget, OutOfSteps};
use crate::lang::{Language, literal, not_empty};
use crate::search::{self, Bound};
use crate::space::{Family, LanguageId, Space, TestId};

/// What has been found, by the languages.
pub(crate) type Known = FxHashMap<Vec<(LanguageId, bool)>, Option<String>>;

/// What one text has to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) languages: Vec<(LanguageId, bool)>,
    /// A test, and what it says: whether it matches, or whether it cannot be read.
    pub(crate) tests: Vec<(TestId, bool, bool)>,
    /// Texts that are taken.
    pub(crate) but: Vec<String>,
}

impl Wanted {
    /// Whether a text compares as it has to.
    pub(crate) fn is_met_in_tests(&self, space: &Space<'_>, text: &str) -> bool {
        self.tests.iter().all(|&(id, is_match, is_so)| {
            let compared = space.tests[id.0 as usize].compare(text);
            is_so == if is_match { compared.matches } else { compared.is_unreadable }
        })
    }
}

/// A text, or whether there surely is none.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Text(String),
    Nothing { is_exact: bool },
}

pub(crate) fn find(
    space: &Space<'_>,
    known: &mut Known,
    wanted: &Wanted,
    budget: &mut Budget,
) -> Result<Found, OutOfSteps> {
    if !wanted.tests.is_empty() {
        return among_points(space, known, wanted, budget);
    }
    let mut languages = wanted.languages.clone();
    languages.sort_unstable();
    languages.dedup();
    if let (true, Some(found)) = (wanted.but.is_empty(), known.get(&languages)) {
        return Ok(found.clone().map_or(Found::Nothing { is_exact: true }, Found::Text));
    }
    let taken: Vec<_> = wanted.but.iter().map(|text| Language::new(&[literal(text)])).collect();
    let mut bounds: Vec<_> = languages
        .iter()
        .map(|&(id, inside)| Bound { language: super::language(space, id), inside })
        .chain(taken.iter().map(|language| Bound { language, inside: false }))
        .collect();
    // An empty value is nothing to show, if there is another.
    let some_text = Language::new(&[not_empty()]);
    bounds.push(Bound { language: &some_text, inside: true });
    let mut found = search::text(&bounds, budget)?;
    if found.is_none() {
        bounds.pop();
        found = search::text(&bounds, budget)?;
    }
    if wanted.but.is_empty() {
        known.insert(languages, found.clone());
    }
    Ok(found.map_or(Found::Nothing { is_exact: true }, Found::Text))
}

/// Numbers, dates and addresses: the points of all tests stand for all values, as long as all are of one family.
fn among_points(
    space: &Space<'_>,
    known: &mut Known,
    wanted: &Wanted,
    budget: &mut Budget,
) -> Result<Found, OutOfSteps> {
    let tests = || wanted.tests.iter().map(|&(id, ..)| &space.tests[id.0 as usize]);
    let meets = |point: &str| {
        let languages = wanted.languages.iter().all(|&(id, inside)| super::language(space, id).has(point) == inside);
        languages && !wanted.but.iter().any(|text| text == point) && wanted.is_met_in_tests(space, point)
    };
    // A value that can be read is a better one to show.
    let mut points: Vec<String> = tests().flat_map(|test| test.points()).collect();
    points.sort_by_key(|point| tests().any(|test| !test.reads(point)));
    budget.take(points.len() as u64)?;
    if let Some(point) = points.iter().find(|point| meets(point)) {
        return Ok(Found::Text(point.clone()));
    }
    // The texts that no test can read are all alike: one in the languages may do where none of the points is.
    let without_tests = Wanted { tests: Vec::new(), ..wanted.clone() };
    let by_languages = find(space, known, &without_tests, budget)?;
    match by_languages {
        Found::Text(text) if meets(&text) => return Ok(Found::Text(text)),
        Found::Nothing { is_exact } => return Ok(Found::Nothing { is_exact }),
        Found::Text(_) => {}
    }
    let mut families = tests().map(|test| test.family);
    let first = families.next();
    let is_one_family = families.all(|family| Some(family) == first);
    let is_plain = wanted.languages.iter().all(|&(id, _)| space.patterns[id.0 as usize] == [Vec::new()]);
    let is_coarse = first != Some(Family::Number) || tests().all(|test| test.is_coarse());
    Ok(Found::Nothing { is_exact: is_one_family && is_plain && is_coarse && wanted.but.is_empty() })
}

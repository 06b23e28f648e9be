//! Whether there is a request of which some facts are so: one with its texts, or why there is none.

mod binding;
mod text;

use rustc_hash::FxHashMap;

use crate::budget::{Budget, OutOfSteps};
use crate::formula::Literal;
use crate::lang::Language;
use crate::rows::{self, RowSet, Rows};
use crate::space::{Fact, KeyId, LanguageId, Space, Text, TextId};

/// What is known of the texts of a request that has the facts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Witness {
    pub(crate) texts: FxHashMap<TextId, String>,
    pub(crate) row: Option<usize>,
}

/// What facts come to.
pub(crate) enum Outcome {
    Witness(Witness),
    /// These are never so together; or, not exactly, no request was found of which they are.
    Conflict {
        literals: Vec<Literal>,
        is_exact: bool,
    },
}

/// What a search among the forms of resources comes to.
enum Formed {
    Witness(Witness),
    /// None of them goes with the facts; or, not exactly, none was found.
    Nothing {
        is_exact: bool,
    },
}

/// Which laws count: those that are not formulas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counting {
    /// An action carries only the keys that the reference lists.
    pub(crate) keys: Option<Literal>,
    /// ARNs have the reference's forms.
    pub(crate) forms: Option<Literal>,
    /// What is said of the characters of names, by the number of the law.
    pub(crate) names: Vec<(u32, Literal)>,
}

/// Remembers what it has found.
pub(crate) struct Theory {
    pub(crate) rows: Rows,
    by_form: FxHashMap<(usize, usize), LanguageId>,
    texts: text::Known,
}

impl Theory {
    pub(crate) fn new(rows: Rows) -> Self {
        Self { rows, by_form: FxHashMap::default(), texts: text::Known::default() }
    }

    /// Whether all of the literals can be so.
    pub(crate) fn check(
        &mut self,
        space: &mut Space<'_>,
        literals: &[Literal],
        counting: &Counting,
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfSteps> {
        let about_actions: Vec<Literal> =
            literals.iter().copied().filter(|one| matches!(space.fact_of(one.atom), Fact::Action(_))).collect();
        if self.candidates(space, &about_actions).is_none() {
            let literals = smallest(about_actions, |some| Ok(!self.has_candidate(space, some)))?;
            return Ok(Outcome::Conflict { literals, is_exact: true });
        }
        if let Some(conflict) = binding::check(space, &mut self.texts, literals, None, budget)?.err() {
            return Ok(conflict);
        }
        self.with_row(space, literals, about_actions, counting, budget)
    }

    /// Chooses the row, and the texts with it.
    fn with_row(
        &mut self,
        space: &mut Space<'_>,
        literals: &[Literal],
        about_actions: Vec<Literal>,
        counting: &Counting,
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfSteps> {
        let carried: Vec<Literal> =
            literals.iter().copied().filter(|one| one.is_so && self.is_limited_key(space, *one)).collect();
        let mut of_keys = about_actions.clone();
        if counting.keys.is_some() {
            of_keys.extend(&carried);
        }
        let Some(candidates) = self.candidates(space, &of_keys) else {
            let mut literals = smallest(of_keys, |some| Ok(!self.has_candidate(space, some)))?;
            literals.extend(counting.keys);
            return Ok(Outcome::Conflict { literals, is_exact: true });
        };
        let Some(law) = counting.forms else {
            let witness = match binding::check(space, &mut self.texts, literals, None, budget)? {
                Ok(texts) => Witness { texts, row: rows::members(&candidates).next() },
                Err(conflict) => return Ok(conflict),
            };
            return Ok(Outcome::Witness(witness));
        };
        let is_exact = match self.with_form(space, literals, &candidates, counting, budget)? {
            Formed::Witness(witness) => return Ok(Outcome::Witness(witness)),
            Formed::Nothing { is_exact } => is_exact,
        };
        let mut literals: Vec<Literal> = literals
            .iter()
            .copied()
            .filter(|one| of_keys.contains(one) || binding::bears_on_resource(space, *one, literals))
            .collect();
        // Single literals can be left out only where that is quick to see.
        if is_exact && rows::members(&candidates).take(200).count() < 200 {
            let counted = counting.keys.is_some();
            literals = smallest(literals, |some| {
                let bounds: Vec<_> = some
                    .iter()
                    .copied()
                    .filter(|one| match space.fact_of(one.atom) {
                        Fact::Action(_) => true,
                        Fact::Present(_) => counted,
                        _ => false,
                    })
                    .collect();
                let Some(candidates) = self.candidates(space, &bounds) else { return Ok(true) };
                let formed = self.with_form(space, some, &candidates, counting, budget)?;
                Ok(matches!(formed, Formed::Nothing { is_exact: true }))
            })?;
        }
        literals.extend(counting.keys);
        literals.push(law);
        let bounds: Vec<_> = literals.iter().copied().filter(|one| of_keys.contains(one)).collect();
        let candidates = self.candidates(space, &bounds).unwrap_or_else(|| self.rows.all());
        let named: Vec<u32> = rows::members(&candidates).flat_map(|row| rows::namings(self.rows.row(row))).collect();
        literals.extend(counting.names.iter().filter(|(law, _)| named.contains(law)).map(|(_, literal)| *literal));
        Ok(Outcome::Conflict { literals, is_exact })
    }

    /// Texts in which the resource has the form of a row.
    fn with_form(
        &mut self,
        space: &mut Space<'_>,
        literals: &[Literal],
        candidates: &RowSet,
        counting: &Counting,
        budget: &mut Budget,
    ) -> Result<Formed, OutOfSteps> {
        let mut is_exact = true;
        let mut tried: Vec<LanguageId> = Vec::new();
        for row in rows::members(candidates) {
            let form = self.form(space, row, counting);
            if tried.contains(&form) {
                continue;
            }
            tried.push(form);
            match binding::check(space, &mut self.texts, literals, Some(form), budget)? {
                Ok(texts) => {
                    let plainer = self.plain_form(space, row, counting);
                    let plainer = binding::check(space, &mut self.texts, literals, plainer, budget)?;
                    return Ok(Formed::Witness(Witness { texts: plainer.unwrap_or(texts), row: Some(row) }));
                }
                Err(Outcome::Conflict { is_exact: true, .. }) => {}
                Err(_) => is_exact = false,
            }
        }
        Ok(Formed::Nothing { is_exact })
    }

    fn form(&mut self, space: &mut Space<'_>, row: usize, counting: &Counting) -> LanguageId {
        let counts = |law: u32| counting.names.iter().any(|(number, _)| *number == law);
        let key = (row, counting.names.len());
        *self.by_form.entry(key).or_insert_with(|| space.language(rows::forms(self.rows.row(row), &counts)))
    }

    fn plain_form(&mut self, space: &mut Space<'_>, row: usize, counting: &Counting) -> Option<LanguageId> {
        let counts = |law: u32| counting.names.iter().any(|(number, _)| *number == law);
        let account = space.owner.clone().unwrap_or_else(|| "123456789012".to_owned());
        let patterns = rows::plain_forms(self.rows.row(row), &counts, &account);
        (!patterns.is_empty()).then(|| space.language(patterns))
    }

    /// The rows that meet the bounds; `None`: there is none.
    fn candidates(&mut self, space: &Space<'_>, literals: &[Literal]) -> Option<RowSet> {
        let mut set = self.of_actions(space, literals);
        for (key, known) in known_keys(space, literals) {
            self.rows.keep_carrying(&mut set, key, known);
        }
        set.iter().any(|&word| word != 0).then_some(set)
    }

    /// Whether there is one: the first that is found will do.
    fn has_candidate(&mut self, space: &Space<'_>, literals: &[Literal]) -> bool {
        let set = self.of_actions(space, literals);
        let keys: Vec<_> = known_keys(space, literals).collect();
        rows::members(&set).any(|row| keys.iter().all(|&(_, known)| self.rows.may_carry(row, known)))
    }

    fn of_actions(&mut self, space: &Space<'_>, literals: &[Literal]) -> RowSet {
        let mut set = self.rows.all();
        for one in literals {
            if let Fact::Action(list) = space.fact_of(one.atom) {
                rows::keep(&mut set, self.rows.of_list(list, &space.actions[list.0 as usize]), one.is_so);
            }
        }
        set
    }

    /// That a key is there which not every request has.
    fn is_limited_key(&self, space: &Space<'_>, literal: Literal) -> bool {
        match space.fact_of(literal.atom) {
            Fact::Present(key) => space.keys[key.0 as usize].known.is_some_and(|known| !known.is_of_every_request()),
            _ => false,
        }
    }
}

/// The keys of which some literals are, as far as the catalogue has them.
fn known_keys(space: &Space<'_>, literals: &[Literal]) -> impl Iterator<Item = (KeyId, catalog::Key)> {
    literals.iter().filter_map(|one| match space.fact_of(one.atom) {
        Fact::Present(key) => Some((key, space.keys[key.0 as usize].known?)),
        _ => None,
    })
}

/// A part of the literals that is impossible, of which nothing can be left out.
pub(crate) fn smallest(
    mut literals: Vec<Literal>,
    mut is_impossible: impl FnMut(&[Literal]) -> Result<bool, OutOfSteps>,
) -> Result<Vec<Literal>, OutOfSteps> {
    let mut at = 0;
    while at < literals.len() {
        let mut fewer = literals.clone();
        fewer.remove(at);
        if is_impossible(&fewer)? {
            literals = fewer;
        } else {
            at += 1;
        }
    }
    Ok(literals)
}

/// The language with a number.
pub(crate) fn language<'s>(space: &'s Space<'_>, id: LanguageId) -> &'s Language {
    &space.languages[id.0 as usize]
}

/// The value of a key, as a text.
pub(crate) fn source(space: &mut Space<'_>, key: KeyId) -> TextId {
    space.text(Text::Value(key))
}

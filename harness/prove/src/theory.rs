//! Whether there is a request of which some facts are so: one with its texts, or why there is none.

mod binding;
mod text;
mod unlisted;

use policy::undocumented::Case;
use rustc_hash::FxHashMap;

use crate::budget::{Budget, OutOfSteps};
use crate::formula::Literal;
use crate::lang::Language;
use crate::rows::{self, RowSet, Rows};
use crate::space::{Fact, KeyId, LanguageId, Space, Text, TextId};

use unlisted::Unlisted;

/// What is known of the texts of a request that has the facts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Witness {
    pub(crate) texts: FxHashMap<TextId, String>,
    pub(crate) row: Option<usize>,
    /// An action that the catalogue does not have.
    pub(crate) unlisted: Option<String>,
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
    /// The action is one that the reference lists.
    pub(crate) actions: Option<Literal>,
    /// Rows of what AWS leaves open that are decided as they have it.
    pub(crate) rows: Vec<(Case, Literal)>,
    /// What more is said of forms, by the number of the law.
    pub(crate) of_forms: Vec<(u32, Literal)>,
}

impl Counting {
    fn settles(&self, case: Case) -> bool {
        self.rows.iter().any(|(own, _)| *own == case)
    }
}

/// Remembers what it has found.
pub(crate) struct Theory {
    pub(crate) rows: Rows,
    by_form: FxHashMap<(usize, Vec<u32>), LanguageId>,
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
        // Without the law about actions, one that is not listed will do; if none can be, all that is said of it is why.
        let is_open = counting.actions.is_none() && unlisted::may_be(space, &about_actions);
        if is_open {
            match unlisted::name(space, &self.rows, &about_actions, budget)? {
                Unlisted::Name(name) => return self.with_unlisted(space, literals, name, budget),
                Unlisted::NotSettled => return Ok(Outcome::Conflict { literals: about_actions, is_exact: false }),
                Unlisted::None => {}
            }
        }
        if self.candidates(space, &about_actions, counting).is_none() {
            if is_open {
                return Ok(Outcome::Conflict { literals: about_actions, is_exact: true });
            }
            let mut literals = smallest(about_actions, |some| Ok(!self.has_candidate(space, some, counting)))?;
            if let Some(law) = counting.actions
                && unlisted::name(space, &self.rows, &literals, budget)?.may_be()
            {
                literals.push(law);
            }
            return Ok(Outcome::Conflict { literals, is_exact: true });
        }
        if let Some(conflict) = binding::check(space, &mut self.texts, literals, None, budget)?.err() {
            return Ok(conflict);
        }
        self.with_row(space, literals, about_actions, counting, budget)
    }

    /// What a conflict of keys rests on besides: that the reference lists the actions, and what it leaves open of the keys.
    fn of_rows(&self, space: &Space<'_>, literals: &mut Vec<Literal>, about_actions: &[Literal], counting: &Counting) {
        let keys: Vec<catalog::Key> = literals.iter().filter_map(|one| known_key(space, *one)).collect();
        let is_about = |case: Case| keys.iter().any(|key| key.unsettled().any(|other| other == case));
        literals.extend(counting.rows.iter().filter(|(case, _)| is_about(*case)).map(|(_, literal)| *literal));
        match counting.actions {
            Some(law) if unlisted::may_be(space, literals) => literals.push(law),
            Some(_) => {}
            None => literals.extend(about_actions),
        }
    }

    /// An action that the reference does not list carries any key, and is about any resource.
    fn with_unlisted(
        &mut self,
        space: &mut Space<'_>,
        literals: &[Literal],
        name: String,
        budget: &mut Budget,
    ) -> Result<Outcome, OutOfSteps> {
        Ok(match binding::check(space, &mut self.texts, literals, None, budget)? {
            Ok(texts) => Outcome::Witness(Witness { texts, row: None, unlisted: Some(name) }),
            Err(conflict) => conflict,
        })
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
        let carried: Vec<Literal> = literals
            .iter()
            .copied()
            .filter(|one| one.is_so && known_key(space, *one).is_some_and(|known| !known.is_of_every_request()))
            .collect();
        let mut of_keys = about_actions.clone();
        if counting.keys.is_some() {
            of_keys.extend(&carried);
        }
        let Some(candidates) = self.candidates(space, &of_keys, counting) else {
            let mut literals = smallest(of_keys, |some| Ok(!self.has_candidate(space, some, counting)))?;
            literals.extend(counting.keys);
            self.of_rows(space, &mut literals, &about_actions, counting);
            return Ok(Outcome::Conflict { literals, is_exact: true });
        };
        let Some(law) = counting.forms else {
            let witness = match binding::check(space, &mut self.texts, literals, None, budget)? {
                Ok(texts) => Witness { texts, row: rows::members(&candidates).next(), unlisted: None },
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
                let Some(candidates) = self.candidates(space, &bounds, counting) else { return Ok(true) };
                let formed = self.with_form(space, some, &candidates, counting, budget)?;
                Ok(matches!(formed, Formed::Nothing { is_exact: true }))
            })?;
        }
        literals.extend(counting.keys);
        self.of_rows(space, &mut literals, &about_actions, counting);
        literals.push(law);
        let bounds: Vec<_> = literals.iter().copied().filter(|one| of_keys.contains(one)).collect();
        let candidates = self.candidates(space, &bounds, counting).unwrap_or_else(|| self.rows.all());
        let said: Vec<u32> = rows::members(&candidates).flat_map(|row| rows::of_forms(self.rows.row(row))).collect();
        literals.extend(counting.of_forms.iter().filter(|(law, _)| said.contains(law)).map(|(_, literal)| *literal));
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
                    return Ok(Formed::Witness(Witness {
                        texts: plainer.unwrap_or(texts),
                        row: Some(row),
                        unlisted: None,
                    }));
                }
                Err(Outcome::Conflict { is_exact: true, .. }) => {}
                Err(_) => is_exact = false,
            }
        }
        Ok(Formed::Nothing { is_exact })
    }

    fn form(&mut self, space: &mut Space<'_>, row: usize, counting: &Counting) -> LanguageId {
        let counts = |law: u32| counting.of_forms.iter().any(|(number, _)| *number == law);
        let key = (row, counting.of_forms.iter().map(|(law, _)| law).copied().collect());
        *self.by_form.entry(key).or_insert_with(|| space.language(rows::forms(self.rows.row(row), &counts)))
    }

    fn plain_form(&mut self, space: &mut Space<'_>, row: usize, counting: &Counting) -> Option<LanguageId> {
        let counts = |law: u32| counting.of_forms.iter().any(|(number, _)| *number == law);
        let account = space.owner.clone().unwrap_or_else(|| "123456789012".to_owned());
        let patterns = rows::plain_forms(self.rows.row(row), &counts, &account);
        (!patterns.is_empty()).then(|| space.language(patterns))
    }

    /// The rows that meet the bounds; `None`: there is none.
    fn candidates(&mut self, space: &Space<'_>, literals: &[Literal], counting: &Counting) -> Option<RowSet> {
        let mut set = self.of_actions(space, literals);
        for (key, known) in known_keys(space, literals) {
            self.rows.keep_carrying(&mut set, key, known, &|case| !counting.settles(case));
        }
        set.iter().any(|&word| word != 0).then_some(set)
    }

    /// Whether there is one: the first that is found will do.
    fn has_candidate(&mut self, space: &Space<'_>, literals: &[Literal], counting: &Counting) -> bool {
        let set = self.of_actions(space, literals);
        let keys: Vec<_> = known_keys(space, literals).collect();
        rows::members(&set)
            .any(|row| keys.iter().all(|&(_, known)| self.rows.may_carry(row, known, &|case| !counting.settles(case))))
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
}

/// The key that is there, if the catalogue knows it.
fn known_key(space: &Space<'_>, literal: Literal) -> Option<catalog::Key> {
    match space.fact_of(literal.atom) {
        Fact::Present(key) => space.keys[key.0 as usize].known,
        _ => None,
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

//! All texts of a request together, with what binds some to others: variables.
//!
//! A variable that is the whole of a value makes two texts one. One inside a pattern makes a text of pieces, some of which are
//! other texts; all are found in one search. That is exact as long as each text is made of pieces once at most, and is a
//! piece once at most. Past that, texts are chosen one after the other; what is not found so is not said to be impossible.

mod group;

use rustc_hash::FxHashMap;

use super::text::{self, Found, Known, Wanted};
use super::{Outcome, smallest, source};
use crate::budget::{Budget, OutOfSteps};
use crate::concrete;
use crate::formula::Literal;
use crate::lang::{Language, literal, may_be_empty};
use crate::search::{self, Bound};
use crate::space::{Binding, BindingId, Fact, LanguageId, Piece, Space, Text, TextId};
use group::Groups;

/// So many texts are tried in turn where some must differ.
const MOST_TRIES: usize = 40;

pub(crate) type Texts = FxHashMap<TextId, String>;

/// Texts that have all the properties; the resource also has a form, if one is given.
pub(crate) fn check(
    space: &mut Space<'_>,
    known: &mut Known,
    literals: &[Literal],
    form: Option<LanguageId>,
    budget: &mut Budget,
) -> Result<Result<Texts, Outcome>, OutOfSteps> {
    let mut attempt = Attempt::new(space, literals, form);
    match attempt.find(space, known, budget)? {
        Ok(texts) => Ok(Ok(texts)),
        Err(Failure { mut literals, is_exact }) => {
            if form.is_none() && is_exact && literals.len() > 1 {
                literals = smallest(literals, |some| {
                    let mut attempt = Attempt::new(space, some, None);
                    Ok(matches!(attempt.find(space, known, budget)?, Err(Failure { is_exact: true, .. })))
                })?;
            }
            Ok(Err(Outcome::Conflict { literals, is_exact }))
        }
    }
}

/// Whether a literal has to do with the resource's text.
pub(crate) fn bears_on_resource(space: &mut Space<'_>, one: Literal, literals: &[Literal]) -> bool {
    let resource = space.text(Text::Resource);
    let mut groups = Groups::new(space, literals, true);
    let Some(text) = text_of(space.fact_of(one.atom)) else { return false };
    groups.are_joined(text, resource)
}

/// The text that a fact is about.
fn text_of(fact: Fact) -> Option<TextId> {
    match fact {
        Fact::In(text, _) | Fact::Matches(text, _) | Fact::Unreadable(text, _) | Fact::Bound(text, _) => Some(text),
        _ => None,
    }
}

struct Failure {
    literals: Vec<Literal>,
    is_exact: bool,
}

struct Attempt<'l> {
    literals: &'l [Literal],
    groups: Groups,
    /// What the texts of each group have to be.
    wanted: FxHashMap<TextId, Wanted>,
    /// Texts that are made of pieces.
    made: Vec<(TextId, BindingId)>,
    /// What must not match.
    barred: Vec<(TextId, BindingId, Literal)>,
}

impl<'l> Attempt<'l> {
    fn new(space: &mut Space<'_>, literals: &'l [Literal], form: Option<LanguageId>) -> Self {
        let mut groups = Groups::new(space, literals, false);
        let mut wanted: FxHashMap<TextId, Wanted> = FxHashMap::default();
        let (mut made, mut barred) = (Vec::new(), Vec::new());
        if let Some(form) = form {
            let resource = groups.of(space.text(Text::Resource));
            wanted.entry(resource).or_default().languages.push((form, true));
        }
        for one in literals {
            let fact = space.fact_of(one.atom);
            let Some(text) = text_of(fact) else { continue };
            let group = groups.of(text);
            if let Fact::Bound(_, binding) = fact {
                let keys: Vec<_> = variables(&space.bindings[binding.0 as usize]).collect();
                for key in keys {
                    let source = groups.of(source(space, key));
                    wanted.entry(source).or_default();
                }
            }
            let of_group = wanted.entry(group).or_default();
            match fact {
                Fact::In(_, language) => of_group.languages.push((language, one.is_so)),
                Fact::Matches(_, test) => of_group.tests.push((test, true, one.is_so)),
                Fact::Unreadable(_, test) => of_group.tests.push((test, false, one.is_so)),
                Fact::Bound(_, binding) if one.is_so && !group::joins(space, binding) => made.push((text, binding)),
                Fact::Bound(_, binding) if !one.is_so => barred.push((text, binding, *one)),
                _ => {}
            }
        }
        made.sort_unstable();
        made.dedup();
        Self { literals, groups, wanted, made, barred }
    }

    fn find(
        &mut self,
        space: &mut Space<'_>,
        known: &mut Known,
        budget: &mut Budget,
    ) -> Result<Result<Texts, Failure>, OutOfSteps> {
        let mut has_excluded = false;
        for _ in 0..MOST_TRIES {
            let texts = match self.choose(space, known, budget)? {
                Ok(texts) => texts,
                Err(Failure { literals, is_exact }) => {
                    return Ok(Err(Failure { literals, is_exact: is_exact && !has_excluded }));
                }
            };
            let Some((broken, is_made)) = self.broken(space, &texts) else { return Ok(Ok(texts)) };
            if is_made {
                return Ok(Err(self.not_found()));
            }
            let (text, binding, _) = self.barred[broken];
            if let Some(failure) = self.differ(space, known, text, binding, &texts, budget)? {
                return Ok(Err(failure));
            }
            has_excluded = true;
        }
        Ok(Err(self.not_found()))
    }

    fn not_found(&self) -> Failure {
        let literals = self.literals.to_vec();
        Failure { literals, is_exact: false }
    }

    /// A text for each group.
    fn choose(
        &mut self,
        space: &mut Space<'_>,
        known: &mut Known,
        budget: &mut Budget,
    ) -> Result<Result<Texts, Failure>, OutOfSteps> {
        let mut chosen = Texts::default();
        let is_simple = self.is_simple(space);
        for at in 0..self.made.len() {
            let (text, id) = self.made[at];
            let binding = space.bindings[id.0 as usize].clone();
            match self.make(space, text, &binding, &chosen, budget)? {
                Some(found) => chosen.extend(found),
                // By itself each is exact, whatever the others are.
                None if chosen.is_empty() || is_simple => return Ok(Err(self.failure_of_made(space, text, &binding))),
                None => return Ok(Err(self.not_found())),
            }
        }
        let mut groups: Vec<_> = self.wanted.keys().copied().collect();
        groups.sort_unstable();
        for group in groups {
            if chosen.contains_key(&group) {
                continue;
            }
            match text::find(space, known, &self.wanted[&group], budget)? {
                Found::Text(text) => drop(chosen.insert(group, text)),
                Found::Nothing { is_exact } => {
                    let literals = self.of_groups(space, &[group]);
                    return Ok(Err(Failure { literals, is_exact }));
                }
            }
        }
        // What is made of pieces was found by its languages alone.
        let is_tested = |(group, wanted): (&TextId, &Wanted)| {
            chosen.get(group).is_none_or(|text| wanted.is_met_in_tests(space, text))
        };
        if !self.wanted.iter().all(is_tested) {
            return Ok(Err(self.not_found()));
        }
        let mut texts = Texts::default();
        for text in self.groups.texts() {
            if let Some(value) = chosen.get(&self.groups.of(text)) {
                texts.insert(text, value.clone());
            }
        }
        Ok(Ok(texts))
    }

    /// Whether no text is made twice, and none is a piece twice or both.
    fn is_simple(&mut self, space: &mut Space<'_>) -> bool {
        let mut used = Vec::new();
        for at in 0..self.made.len() {
            let (text, id) = self.made[at];
            let binding = space.bindings[id.0 as usize].clone();
            used.push(self.groups.of(text));
            for key in variables(&binding) {
                let source = source(space, key);
                used.push(self.groups.of(source));
            }
            if binding.ignores_case {
                return false;
            }
        }
        let many = used.len();
        used.sort_unstable();
        used.dedup();
        used.len() == many
            && used.iter().all(|group| self.wanted.get(group).is_none_or(|wanted| wanted.tests.is_empty()))
    }

    /// The text and its pieces, in one search. Pieces that are chosen already stay.
    fn make(
        &mut self,
        space: &mut Space<'_>,
        text: TextId,
        binding: &Binding,
        chosen: &Texts,
        budget: &mut Budget,
    ) -> Result<Option<Texts>, OutOfSteps> {
        let whole_group = self.groups.of(text);
        let mut owned: Vec<Vec<(Language, bool)>> = Vec::new();
        let mut shared: Vec<Vec<(LanguageId, bool)>> = Vec::new();
        let mut groups: Vec<Option<TextId>> = Vec::new();
        for piece in &binding.pieces {
            let (mut own, mut of_space, mut group) = (Vec::new(), Vec::new(), None);
            match piece {
                Piece::Fixed(pattern) => own.push((Language::new(std::slice::from_ref(pattern)), true)),
                Piece::Variable(key, reach) => {
                    let source = source(space, *key);
                    let of_source = self.groups.of(source);
                    group = Some(of_source);
                    own.push((
                        Language::new(&[vec![crate::lang::Step::star(crate::lang::Class::within(*reach))]]),
                        true,
                    ));
                    if let Some(value) = chosen.get(&of_source) {
                        own.push((Language::new(&[literal(value)]), true));
                    } else if let Some(wanted) = self.wanted.get(&of_source) {
                        of_space.extend(&wanted.languages);
                        own.extend(wanted.but.iter().map(|text| (Language::new(&[literal(text)]), false)));
                    }
                }
            }
            owned.push(own);
            shared.push(of_space);
            groups.push(group);
        }
        let mut whole_own = Vec::new();
        let mut whole = Vec::new();
        if let Some(wanted) = self.wanted.get(&whole_group) {
            whole_own.extend(wanted.but.iter().map(|text| (Language::new(&[literal(text)]), false)));
            whole.extend(bounds(space, &wanted.languages));
        }
        if let Some(value) = chosen.get(&whole_group) {
            whole_own.push((Language::new(&[literal(value)]), true));
        }
        whole.extend(own_bounds(&whole_own));
        let pieces: Vec<Vec<Bound<'_>>> =
            owned.iter().zip(&shared).map(|(own, ids)| own_bounds(own).chain(bounds(space, ids)).collect()).collect();
        let pieces: Vec<&[Bound<'_>]> = pieces.iter().map(Vec::as_slice).collect();
        let Some(found) = search::texts(&whole, &pieces, budget)? else { return Ok(None) };
        let mut texts = Texts::default();
        texts.insert(whole_group, found.concat());
        texts.extend(groups.into_iter().zip(found).filter_map(|(group, text)| Some((group?, text))));
        Ok(Some(texts))
    }

    fn failure_of_made(&mut self, space: &mut Space<'_>, text: TextId, binding: &Binding) -> Failure {
        let mut groups = vec![self.groups.of(text)];
        for key in variables(binding) {
            let source = source(space, key);
            groups.push(self.groups.of(source));
        }
        Failure { literals: self.of_groups(space, &groups), is_exact: !binding.ignores_case }
    }

    /// The first binding that the texts do not meet, and whether it is one that they have to.
    fn broken(&self, space: &Space<'_>, texts: &Texts) -> Option<(usize, bool)> {
        let is_met = |text: TextId, id: BindingId| {
            let value = |key| {
                let source = space.texts.iter().position(|&text| text == Text::Value(key))?;
                texts.get(&TextId(source as u32)).map(String::as_str)
            };
            let pattern = concrete::pattern(&space.bindings[id.0 as usize], &value);
            let text = texts.get(&text);
            text.zip(pattern).is_some_and(|(text, pattern)| Language::new(&[pattern]).has(text))
        };
        let made = self.made.iter().position(|&(text, id)| !is_met(text, id)).map(|at| (at, true));
        made.or_else(|| self.barred.iter().position(|&(text, id, _)| is_met(text, id)).map(|at| (at, false)))
    }

    /// Takes a text out that must not match. A failure: each text involved is the only one that there can be.
    fn differ(
        &mut self,
        space: &mut Space<'_>,
        known: &mut Known,
        text: TextId,
        binding: BindingId,
        texts: &Texts,
        budget: &mut Budget,
    ) -> Result<Option<Failure>, OutOfSteps> {
        let binding = space.bindings[binding.0 as usize].clone();
        let mut involved = vec![text];
        for key in variables(&binding) {
            involved.push(source(space, key));
        }
        let mut groups: Vec<_> = involved.iter().map(|&text| self.groups.of(text)).collect();
        let is_itself = is_around_one(&binding) && groups.windows(2).all(|two| two[0] == two[1]);
        let mut exact = true;
        groups.dedup();
        for &group in groups.iter().filter(|_| !is_itself) {
            let Some(value) = texts.get(&group).cloned() else { continue };
            self.wanted.entry(group).or_default().but.push(value);
            match self.choose(space, known, budget)? {
                Ok(_) => return Ok(None),
                Err(failure) => exact &= failure.is_exact || self.has_other_reason(space, known, group, budget)?,
            }
            if let Some(wanted) = self.wanted.get_mut(&group) {
                wanted.but.pop();
            }
        }
        let has_taken = self.wanted.values().any(|wanted| !wanted.but.is_empty());
        if has_taken || !exact {
            return Ok(Some(self.not_found()));
        }
        // What else is bound can be what leaves no choice.
        let literals = if self.made.is_empty() { self.of_groups(space, &groups) } else { self.literals.to_vec() };
        let own: Vec<_> = self.barred.iter().filter(|barred| barred.0 == text).map(|barred| barred.2).collect();
        let literals = literals.into_iter().chain(own).collect();
        Ok(Some(Failure { literals, is_exact: true }))
    }

    fn has_other_reason(
        &mut self,
        space: &mut Space<'_>,
        known: &mut Known,
        group: TextId,
        budget: &mut Budget,
    ) -> Result<bool, OutOfSteps> {
        let Some(wanted) = self.wanted.get(&group).filter(|wanted| wanted.tests.is_empty()) else { return Ok(false) };
        Ok(matches!(text::find(space, known, wanted, budget)?, Found::Nothing { is_exact: true }))
    }

    /// The literals about the texts of some groups, with what joins these.
    fn of_groups(&mut self, space: &Space<'_>, groups: &[TextId]) -> Vec<Literal> {
        let mut literals = Vec::new();
        for one in self.literals {
            let fact = space.fact_of(one.atom);
            let Some(text) = text_of(fact) else { continue };
            let is_barred = matches!(fact, Fact::Bound(..)) && !one.is_so;
            if !is_barred && groups.contains(&self.groups.of(text)) {
                literals.push(*one);
            }
        }
        literals
    }
}

/// Whether each text matches the pattern with that text in the place of the variable: all else may be left out.
fn is_around_one(binding: &Binding) -> bool {
    let takes_nothing = |piece: &Piece| match piece {
        Piece::Fixed(pattern) => may_be_empty(pattern),
        Piece::Variable(_, reach) => *reach == policy::view::Reach::Anything,
    };
    variables(binding).count() == 1 && binding.pieces.iter().all(takes_nothing)
}

fn bounds<'s>(space: &'s Space<'_>, ids: &[(LanguageId, bool)]) -> impl Iterator<Item = Bound<'s>> {
    ids.iter().map(|&(id, inside)| Bound { language: super::language(space, id), inside })
}

fn own_bounds(own: &[(Language, bool)]) -> impl Iterator<Item = Bound<'_>> {
    own.iter().map(|(language, inside)| Bound { language, inside: *inside })
}

fn variables(binding: &Binding) -> impl Iterator<Item = crate::space::KeyId> + '_ {
    binding.pieces.iter().filter_map(|piece| match piece {
        Piece::Variable(key, _) => Some(*key),
        Piece::Fixed(_) => None,
    })
}

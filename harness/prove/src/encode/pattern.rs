//! Patterns as formulas: whether a text matches one, with the values of the request's keys in the places of variables.

use policy::undocumented::Case;
use policy::view::{Part, Reach, VariableView};

use crate::formula::Formula;
use crate::lang::{Class, Pattern, Step, literal};
use crate::space::{Binding, Fact, KeyId, Piece, Shape, Space, TextId};

/// More different variables in one text are not taken apart.
const MOST_VARIABLES: usize = 4;

/// Patterns one of which a text has to match.
pub(crate) struct Matching {
    text: TextId,
    plain: Vec<Pattern>,
    with_variables: Vec<Formula>,
}

impl Matching {
    pub(crate) const fn new(text: TextId) -> Self {
        Self { text, plain: Vec::new(), with_variables: Vec::new() }
    }

    pub(crate) fn add(&mut self, space: &mut Space<'_>, parts: &[Part]) {
        self.add_folded(space, parts, false);
    }

    /// The same, letter case aside.
    pub(crate) fn add_ignoring_case(&mut self, space: &mut Space<'_>, parts: &[Part]) {
        self.add_folded(space, parts, true);
    }

    fn add_folded(&mut self, space: &mut Space<'_>, parts: &[Part], ignores_case: bool) {
        let variables = variables(parts);
        if variables.is_empty() {
            match plain(parts, ignores_case) {
                Some(pattern) => self.plain.push(pattern),
                None => self.with_variables.push(odd_letters(space)),
            }
        } else {
            let formula = of_variables(space, self.text, parts, &variables, ignores_case);
            self.with_variables.push(formula);
        }
    }

    pub(crate) fn finish(self, space: &mut Space<'_>) -> Formula {
        let plain = space.is_in(self.text, self.plain);
        space.formulas.any(self.with_variables.into_iter().chain([plain]))
    }
}

/// The variables of a pattern, each key once.
fn variables(parts: &[Part]) -> Vec<&VariableView> {
    let mut variables: Vec<&VariableView> = Vec::new();
    for part in parts {
        if let Part::Variable(variable) = part
            && variables.iter().all(|other| other.key != variable.key)
        {
            variables.push(variable);
        }
    }
    variables
}

/// That some variable of a pattern has no value and no default.
pub(crate) fn lacks_value(space: &mut Space<'_>, parts: &[Part]) -> Formula {
    let mut lacking = Vec::new();
    for part in parts {
        let Part::Variable(variable) = part else { continue };
        let key = space.key(&variable.key);
        let [present, single] = has_value(space, key);
        let without = if variable.default.is_some() { present } else { space.formulas.constant(true) };
        let not_single = space.formulas.not(single);
        let lacks = space.formulas.all([without, not_single]);
        let several = space.formulas.all([present, not_single]);
        let lacks = space.left_open(Case::MultivaluedVariable, several, lacks);
        lacking.push(space.shaped(&[key], lacks));
    }
    space.formulas.any(lacking)
}

/// That a key is there, and that it is there with a single value.
pub(crate) fn has_value(space: &mut Space<'_>, key: KeyId) -> [Formula; 2] {
    let present = space.fact(Fact::Present(key));
    let single = match space.keys[key.0 as usize].shape {
        Shape::One => present,
        Shape::Many => space.formulas.constant(false),
        Shape::Either => {
            let several = space.fact(Fact::Several(key));
            let one = space.formulas.not(several);
            space.formulas.all([present, one])
        }
    };
    [present, single]
}

/// Each variable has a value in the request, or is missing and has a default: every combination of that.
fn of_variables(
    space: &mut Space<'_>,
    text: TextId,
    parts: &[Part],
    variables: &[&VariableView],
    ignores_case: bool,
) -> Formula {
    if variables.len() > MOST_VARIABLES {
        return space.opaque(format!("one text has more than {MOST_VARIABLES} variables"));
    }
    let keys: Vec<_> = variables.iter().map(|variable| space.key(&variable.key)).collect();
    let mut cases = Vec::new();
    for valued in 0..1_u32 << keys.len() {
        let has_value_of =
            |key: &str| variables.iter().zip(0..).any(|(one, at)| *one.key == *key && valued >> at & 1 == 1);
        let Some(pieces) = pieces(space, parts, &has_value_of, ignores_case) else { continue };
        let mut needed: Vec<_> = Vec::new();
        for (at, &key) in keys.iter().enumerate() {
            let [present, single] = has_value(space, key);
            needed.push(if valued >> at & 1 == 1 { single } else { space.formulas.not(present) });
        }
        needed.push(matched(space, text, pieces, ignores_case));
        cases.push(space.formulas.all(needed));
    }
    let matches = space.formulas.any(cases);
    left_open(space, variables, &keys, matches)
}

/// What variables of several values, and values with wildcards in them, leave open.
fn left_open(space: &mut Space<'_>, variables: &[&VariableView], keys: &[KeyId], matches: Formula) -> Formula {
    let (mut several, mut wild) = (Vec::new(), Vec::new());
    for (variable, &key) in variables.iter().zip(keys) {
        let [present, single] = has_value(space, key);
        let not_single = space.formulas.not(single);
        several.push(space.formulas.all([present, not_single]));
        if variable.among_wildcards {
            let text = space.text(crate::space::Text::Value(key));
            let any = || Step::star(Class::any());
            let has_wildcard = space.is_in(text, vec![vec![any(), Step::one(Class::among(['*', '?'])), any()]]);
            wild.push(space.formulas.all([single, has_wildcard]));
        }
    }
    let (several, wild) = (space.formulas.any(several), space.formulas.any(wild));
    let matches = space.left_open(Case::MultivaluedVariable, several, matches);
    let matches = space.left_open(Case::VariableWildcard, wild, matches);
    space.shaped(keys, matches)
}

fn matched(space: &mut Space<'_>, text: TextId, pieces: Vec<Piece>, ignores_case: bool) -> Formula {
    match &*pieces {
        [] => space.is_in(text, vec![Vec::new()]),
        [Piece::Fixed(pattern)] => space.is_in(text, vec![pattern.clone()]),
        _ => space.bound(text, Binding { pieces, ignores_case }),
    }
}

/// A pattern with the defaults of those variables in their places that have no value; `None` if one has no default, or
/// its default cannot stand there.
fn pieces(
    space: &mut Space<'_>,
    parts: &[Part],
    has_value: &dyn Fn(&str) -> bool,
    ignores_case: bool,
) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut fixed: Vec<Part> = Vec::new();
    for part in parts {
        let Part::Variable(variable) = part else {
            fixed.push(part.clone());
            continue;
        };
        if has_value(&variable.key) {
            end_fixed(&mut pieces, &mut fixed, ignores_case)?;
            pieces.push(Piece::Variable(space.key(&variable.key), variable.reach));
            continue;
        }
        let default = variable.default.as_deref()?;
        let is_barred = match variable.reach {
            Reach::Anything => false,
            Reach::NoColon => default.contains(':'),
            Reach::NoSlash => default.contains('/'),
        };
        if is_barred {
            return None;
        }
        fixed.extend(default.chars().map(Part::Letter));
    }
    end_fixed(&mut pieces, &mut fixed, ignores_case)?;
    Some(pieces)
}

fn end_fixed(pieces: &mut Vec<Piece>, fixed: &mut Vec<Part>, ignores_case: bool) -> Option<()> {
    if !fixed.is_empty() {
        pieces.push(Piece::Fixed(plain(&std::mem::take(fixed), ignores_case)?));
    }
    Some(())
}

/// A pattern without variables; `None` if letter case does not count and a letter has no single lower case.
pub(crate) fn plain(parts: &[Part], ignores_case: bool) -> Option<Pattern> {
    let step = |part: &Part| match part {
        Part::Letter(letter) if ignores_case => folded(*letter),
        part => Step::of(part),
    };
    parts.iter().map(step).collect()
}

/// The same for a text.
pub(crate) fn folded_literal(text: &str) -> Option<Pattern> {
    text.chars().map(folded).collect()
}

/// The characters that are the same in lower case. Where lower case takes two letters, as that of `İ`, or a letter can be the
/// second of two, it is not said.
fn folded(letter: char) -> Option<Step> {
    let mut lower = letter.to_lowercase();
    let (Some(lower), None) = (lower.next(), lower.next()) else { return None };
    if lower == '\u{307}' {
        return None;
    }
    let has_same = |other: &char| other.to_lowercase().eq([lower]);
    let upper = lower.to_uppercase().chain([lower]);
    // Letters apart from the alphabets that come to the same in lower case.
    let apart = ['\u{212a}', '\u{212b}', '\u{2126}', '\u{1e9e}', '\u{3f4}'];
    let others = if lower.is_ascii() { Vec::new() } else { same_in_lower_case(lower) };
    Some(Step::one(Class::among(upper.chain(apart).chain(others).filter(has_same))))
}

fn same_in_lower_case(lower: char) -> Vec<char> {
    (char::MIN..=char::MAX).filter(|letter| letter.to_lowercase().eq([lower])).collect()
}

fn odd_letters(space: &mut Space<'_>) -> Formula {
    space.opaque("letter case is ignored in a text with a letter that has two in lower case".to_owned())
}

/// The texts that are equal to one, with the letters of a policy in its places.
pub(crate) fn value(text: &str, ignores_case: bool) -> Option<Pattern> {
    if ignores_case { folded_literal(text) } else { Some(literal(text)) }
}

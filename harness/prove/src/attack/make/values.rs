//! What a text of a request may be, made of what the policies compare it with.

use std::hash::{Hash, Hasher};

use policy::Context;
use rustc_hash::FxHasher;

use crate::lang::{Pattern, Step};
use crate::space::{Fact, KeyId, Piece, Space, Text};

/// What wildcards stand for.
const FILLERS: [&str; 8] = ["", "x", "a", "x/y", "x:y", "other", "*", "123456789012"];

/// What one text may be made of.
#[derive(Default)]
pub(super) struct Values<'s> {
    /// Texts of each pattern, points of each comparison, and what stands for anything else.
    texts: Vec<String>,
    bindings: Vec<&'s [Piece]>,
}

/// So many texts are made of patterns together, or else of each.
const MOST_TEXTS: usize = 200;
const LEAST_OF_EACH: usize = 2;

/// A pattern: text, and steps that may take other text.
pub(super) type Outline<'s> = Vec<(String, Option<&'s Step>)>;

pub(super) fn outline(pattern: &Pattern) -> Outline<'_> {
    let mut outline = Outline::new();
    let mut text = String::new();
    for step in pattern {
        match step.only_letter() {
            Some(letter) => text.push(letter),
            None => outline.push((std::mem::take(&mut text), Some(step))),
        }
    }
    outline.push((text, None));
    outline
}

impl<'s> Values<'s> {
    /// What some facts ask of the texts that are meant.
    pub(super) fn of(space: &'s Space<'_>, facts: &[Fact], dice: &mut Dice, is_meant: impl Fn(Text) -> bool) -> Self {
        let (mut patterns, mut texts, mut bindings) = (Vec::new(), Vec::new(), Vec::new());
        for fact in facts {
            let (Fact::In(text, _) | Fact::Matches(text, _) | Fact::Bound(text, _)) = fact else { continue };
            if !is_meant(space.texts[text.0 as usize]) {
                continue;
            }
            match fact {
                Fact::In(_, language) => patterns.extend(&space.patterns[language.0 as usize]),
                Fact::Matches(_, test) => texts.extend(space.tests[test.0 as usize].points()),
                Fact::Bound(_, binding) => bindings.push(&*space.bindings[binding.0 as usize].pieces),
                _ => {}
            }
        }
        let of_each = (MOST_TEXTS / patterns.len().max(1)).clamp(LEAST_OF_EACH, 2 * FILLERS.len());
        for pattern in patterns {
            let outline = outline(pattern);
            let many = if outline.len() == 1 { 1 } else { of_each };
            texts.extend((0..many).map(|_| dice.fill(&outline)));
        }
        texts.push(FILLERS[dice.below(FILLERS.len())].to_owned());
        Self { texts, bindings }
    }

    /// Writes one of them; a variable stands for what the context has.
    pub(super) fn one(&self, dice: &mut Dice, space: &Space<'_>, context: &Context, to: &mut String) {
        let is_bound = !self.bindings.is_empty() && dice.once_in(2);
        if is_bound {
            let pieces = self.bindings[dice.below(self.bindings.len())];
            *to = pieces.iter().map(|piece| made(piece, dice, space, context)).collect();
        } else {
            to.clone_from(&self.texts[dice.below(self.texts.len())]);
        }
    }
}

fn made(piece: &Piece, dice: &mut Dice, space: &Space<'_>, context: &Context) -> String {
    match piece {
        Piece::Fixed(pattern) => dice.fill(&outline(pattern)),
        Piece::Variable(key, _) => of_context(*key, space, context),
    }
}

fn of_context(key: KeyId, space: &Space<'_>, context: &Context) -> String {
    match context.get(&space.keys[key.0 as usize].name) {
        Some(policy::ContextValue::One(value)) => value.clone(),
        _ => "x".to_owned(),
    }
}

/// Chance that is the same each time for the same policies.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(space: &Space<'_>) -> Self {
        let mut hasher = FxHasher::default();
        (&space.patterns, &space.actions, space.formulas.len()).hash(&mut hasher);
        Self(hasher.finish() | 1)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % end.max(1)
    }

    pub(super) fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// A text of a pattern.
    pub(super) fn fill(&mut self, outline: &Outline<'_>) -> String {
        let mut text = String::new();
        for (before, step) in outline {
            text.push_str(before);
            if let Some(step) = step {
                let filler = FILLERS[self.below(FILLERS.len())];
                let choice = self.below(1 << 16);
                step.sample(filler, choice, &mut text);
            }
        }
        text
    }
}

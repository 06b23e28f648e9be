//! A tape of choices.
//!
//! Cases are made by plain functions that read their choices from a tape of numbers. A property draws tapes, so that
//! what fails is made smaller by making its tape smaller; an exhausted tape reads zero, the plainest choice.

use std::fmt;

use proptest::prelude::*;
use serde_json::Value;

/// As long as most cases need.
const LENGTH: usize = 300;

pub struct Tape {
    choices: Vec<u16>,
    at: usize,
}

impl Tape {
    pub fn new(choices: Vec<u16>) -> Self {
        Self { choices, at: 0 }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(choice) * end / (usize::from(u16::MAX) + 1)
    }

    /// True once in so many; never on an exhausted tape.
    pub fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    pub fn text(&mut self, list: &[&str]) -> String {
        self.pick(list).to_owned()
    }

    /// Between `least` and `most` of what `make` makes.
    pub fn some<T>(&mut self, least: usize, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| make(self)).collect()
    }
}

/// What `make` makes of tapes; it shrinks with its tape, and is shown as JSON.
pub fn cases(make: fn(&mut Tape) -> Value) -> impl Strategy<Value = Case> {
    prop::collection::vec(any::<u16>(), LENGTH).prop_map(move |choices| Case(make(&mut Tape::new(choices))))
}

/// Something generated, on one line.
#[derive(Clone)]
pub struct Case(pub Value);

impl fmt::Debug for Case {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

/// A tape that is the same each time.
pub fn fixed(seed: u64) -> Tape {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let choices = (0..LENGTH).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u16
    });
    Tape::new(choices.collect())
}

//! Patterns part by part.

use crate::pattern::{Pattern, Piece};

/// One part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// This character.
    Letter(char),
    /// `?`: one character.
    One(Reach),
    /// `*`: any number of them.
    Any(Reach),
    /// What a condition key holds.
    Variable(VariableView),
}

/// Which characters a wildcard or a variable may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All.
    Anything,
    /// All but the colon.
    NoColon,
    /// All but the slash.
    NoSlash,
}

/// `${key}` or `${key, 'default'}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VariableView {
    /// The key, in lower case.
    pub key: Box<str>,
    /// Its default.
    pub default: Option<Box<str>>,
    /// Which characters its value may have for the pattern to match.
    pub reach: Reach,
    /// Whether it stands where `*` and `?` are wildcards: see
    /// [`Case::VariableWildcard`](crate::undocumented::Case::VariableWildcard).
    pub among_wildcards: bool,
}

/// Letters.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = Part> + '_ {
    text.chars().map(Part::Letter)
}

impl Part {
    /// The same with narrower wildcards.
    pub(crate) fn within(self, reach: Reach) -> Self {
        match self {
            Self::Letter(letter) => Self::Letter(letter),
            Self::One(_) => Self::One(reach),
            Self::Any(_) => Self::Any(reach),
            Self::Variable(variable) => Self::Variable(VariableView { reach, ..variable }),
        }
    }
}

impl Pattern {
    /// Part by part; wildcards reach everything.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        for (at, run) in self.runs.iter().enumerate() {
            parts.extend((at > 0).then_some(Part::Any(Reach::Anything)));
            for piece in run {
                match piece {
                    Piece::Text(text) => parts.extend(letters(text)),
                    Piece::One => parts.push(Part::One(Reach::Anything)),
                    Piece::Variable(variable) => parts.push(Part::Variable(VariableView {
                        key: variable.key.lower.clone(),
                        default: variable.default.clone(),
                        reach: Reach::Anything,
                        among_wildcards: variable.among_wildcards,
                    })),
                }
            }
        }
        parts
    }
}

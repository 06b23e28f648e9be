//! Texts that are the same, as a variable stands for the whole of a value.

use rustc_hash::FxHashMap;

use crate::formula::Literal;
use crate::space::{BindingId, Fact, Piece, Space, TextId};
use crate::theory::source;

/// Texts in groups, each named by its first.
pub(super) struct Groups {
    before: FxHashMap<TextId, TextId>,
}

/// Whether a pattern is a variable and nothing else.
pub(super) fn joins(space: &Space<'_>, binding: BindingId) -> bool {
    let binding = &space.bindings[binding.0 as usize];
    matches!(&*binding.pieces, [Piece::Variable(_, policy::view::Reach::Anything)]) && !binding.ignores_case
}

impl Groups {
    /// By what joins two texts; with `loosely`, by what has to do with both.
    pub(super) fn new(space: &mut Space<'_>, literals: &[Literal], loosely: bool) -> Self {
        let mut groups = Self { before: FxHashMap::default() };
        for literal in literals {
            match space.fact_of(literal.atom) {
                Fact::Bound(text, binding) => {
                    groups.of(text);
                    let keys: Vec<_> = super::variables(&space.bindings[binding.0 as usize]).collect();
                    for key in keys {
                        let source = source(space, key);
                        groups.of(source);
                        if loosely || literal.is_so && joins(space, binding) {
                            groups.join(text, source);
                        }
                    }
                }
                Fact::In(text, _) | Fact::Matches(text, _) | Fact::Unreadable(text, _) => drop(groups.of(text)),
                _ => {}
            }
        }
        groups
    }

    pub(super) fn of(&mut self, text: TextId) -> TextId {
        let mut at = text;
        while let Some(&before) = self.before.get(&at).filter(|before| **before != at) {
            at = before;
        }
        self.before.insert(text, at);
        at
    }

    pub(super) fn are_joined(&mut self, one: TextId, other: TextId) -> bool {
        self.of(one) == self.of(other)
    }

    pub(super) fn texts(&self) -> Vec<TextId> {
        self.before.keys().copied().collect()
    }

    fn join(&mut self, one: TextId, other: TextId) {
        let (one, other) = (self.of(one), self.of(other));
        self.before.insert(one.max(other), one.min(other));
    }
}

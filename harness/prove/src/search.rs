//! The shortest text that is in some languages and not in others.
//!
//! A breadth-first search of their product, made while it goes: from each state only the letters go on that make a
//! difference there, and one that stands for all others.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::budget::{Budget, OutOfSteps};
use crate::lang::Language;

#[cfg(test)]
mod lemmas;
#[cfg(test)]
mod tests;

/// A language that a text has to be in, or must not be in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    pub(crate) language: &'a Language,
    pub(crate) inside: bool,
}

/// Letters that stand for all others, the plainest first.
const PLAIN: &str = "xyabcdefghijklmnopqrstuvw0123456789zABCDEFGHIJKLMNOPQRSTUVWXYZ-_.@=+,~!#%&;()";

/// The shortest text that is in bounds.
pub(crate) fn text(bounds: &[Bound<'_>], budget: &mut Budget) -> Result<Option<String>, OutOfSteps> {
    Ok(texts(bounds, &[&[]], budget)?.and_then(|mut pieces| pieces.pop()))
}

/// The shortest text that is in bounds and made of pieces, each within bounds of its own: the pieces.
pub(crate) fn texts(
    whole: &[Bound<'_>],
    pieces: &[&[Bound<'_>]],
    budget: &mut Budget,
) -> Result<Option<Vec<String>>, OutOfSteps> {
    let found = search(whole, pieces, budget)?;
    #[cfg(test)]
    lemmas::note(whole, pieces, found.as_deref());
    Ok(found)
}

fn search(
    whole: &[Bound<'_>],
    pieces: &[&[Bound<'_>]],
    budget: &mut Budget,
) -> Result<Option<Vec<String>>, OutOfSteps> {
    let Some(first) = pieces.first() else { return Ok(None) };
    let mut search = Search { whole, pieces, nodes: Vec::new(), seen: FxHashMap::default(), queue: VecDeque::new() };
    let mut start = vec![0];
    whole.iter().chain(*first).for_each(|bound| start.extend_from_slice(bound.language.start()));
    search.reach(start.into(), None, None);
    while let Some(at) = search.queue.pop_front() {
        budget.take(1 + whole.len() as u64)?;
        if search.is_found(at) {
            return Ok(Some(search.spell(at)));
        }
        search.go_on(at);
    }
    Ok(None)
}

struct Node {
    /// The piece, then what has been read of each language of the whole and of the piece.
    state: Box<[u64]>,
    before: Option<u32>,
    /// `None`: the piece before ended here.
    letter: Option<char>,
}

struct Search<'a> {
    whole: &'a [Bound<'a>],
    pieces: &'a [&'a [Bound<'a>]],
    nodes: Vec<Node>,
    seen: FxHashMap<Box<[u64]>, ()>,
    queue: VecDeque<u32>,
}

impl<'a> Search<'a> {
    fn piece(&self, at: u32) -> usize {
        self.nodes[at as usize].state[0] as usize
    }

    fn reach(&mut self, state: Box<[u64]>, before: Option<u32>, letter: Option<char>) {
        if self.seen.insert(state.clone(), ()).is_none() {
            self.queue.push_back(self.nodes.len() as u32);
            self.nodes.push(Node { state, before, letter });
        }
    }

    fn is_found(&self, at: u32) -> bool {
        let is_last = self.piece(at) + 1 == self.pieces.len();
        is_last && in_bounds(self.bounds(at), &self.nodes[at as usize].state)
    }

    fn bounds(&self, at: u32) -> impl Iterator<Item = &'a Bound<'a>> + Clone + use<'a> {
        self.whole.iter().chain(self.pieces[self.piece(at)])
    }

    fn go_on(&mut self, at: u32) {
        let state = self.nodes[at as usize].state.clone();
        self.end_piece(at, &state);
        let mut letters: Vec<char> = Vec::new();
        let mut from = 1;
        for bound in self.bounds(at) {
            let to = from + bound.language.size();
            letters.extend(bound.language.telling(&state[from..to]));
            from = to;
        }
        letters.sort_unstable();
        letters.dedup();
        letters.extend(another(&letters));
        for letter in letters {
            if let Some(next) = read(self.bounds(at), &state, letter) {
                self.reach(next, Some(at), Some(letter));
            }
        }
    }

    /// Begins the next piece, if this one may end here.
    fn end_piece(&mut self, at: u32, state: &[u64]) {
        let piece = self.piece(at);
        let Some(next) = self.pieces.get(piece + 1) else { return };
        let of_whole: usize = self.whole.iter().map(|bound| bound.language.size()).sum();
        let (kept, of_piece) = state.split_at(1 + of_whole);
        let with_head: Vec<u64> = std::iter::once(0).chain(of_piece.iter().copied()).collect();
        if in_bounds(self.pieces[piece].iter(), &with_head) {
            let mut begun = kept.to_vec();
            begun[0] = piece as u64 + 1;
            next.iter().for_each(|bound| begun.extend_from_slice(bound.language.start()));
            self.reach(begun.into(), Some(at), None);
        }
    }

    fn spell(&self, end: u32) -> Vec<String> {
        let mut pieces = vec![String::new(); self.piece(end) + 1];
        let mut at = Some(end);
        while let Some(node) = at.map(|at| &self.nodes[at as usize]) {
            if let Some(letter) = node.letter {
                pieces[node.state[0] as usize].push(letter);
            }
            at = node.before;
        }
        pieces.into_iter().map(|piece| piece.chars().rev().collect()).collect()
    }
}

fn in_bounds<'a>(bounds: impl Iterator<Item = &'a Bound<'a>>, state: &[u64]) -> bool {
    let mut from = 1;
    for bound in bounds {
        let to = from + bound.language.size();
        if bound.language.accepts(&state[from..to]) != bound.inside {
            return false;
        }
        from = to;
    }
    true
}

/// What has been read with one more letter; `None` if no text that goes on so is in bounds.
fn read<'a>(bounds: impl Iterator<Item = &'a Bound<'a>>, state: &[u64], letter: char) -> Option<Box<[u64]>> {
    let mut next: Box<[u64]> = vec![0; state.len()].into();
    next[0] = state[0];
    let mut from = 1;
    for bound in bounds {
        let to = from + bound.language.size();
        bound.language.read(&state[from..to], letter, &mut next[from..to]);
        if bound.inside && next[from..to].iter().all(|&word| word == 0) {
            return None;
        }
        from = to;
    }
    Some(next)
}

/// A letter that is none of these.
fn another(letters: &[char]) -> Option<char> {
    PLAIN.chars().chain('\u{a1}'..).find(|letter| letters.binary_search(letter).is_err())
}

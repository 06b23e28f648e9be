//! The shortest text that is in some languages and not in others.
//!
//! A breadth-first search of their product, made while it goes: from each state only the letters go on that make a
//! difference there, and one that stands for all others.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};

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
    let mut search = Search::new(whole, pieces);
    let starts = whole.iter().chain(*first).flat_map(|bound| bound.language.start());
    let start: Vec<u64> = std::iter::once(&0).chain(starts).copied().collect();
    search.reach(&start, None, None);
    let mut at = 0;
    // Nodes stand in the order in which they were reached.
    while at < search.nodes.len() {
        budget.take(1 + whole.len() as u64)?;
        if search.is_found(at) {
            return Ok(Some(search.spell(at)));
        }
        search.go_on(at);
        at += 1;
    }
    Ok(None)
}

struct Node {
    /// Where its state stands: the piece, then what has been read of each language of the whole and of the piece.
    state: Range<usize>,
    before: Option<usize>,
    /// `None`: the piece before ended here.
    letter: Option<char>,
    /// The latest node before whose state has the same hash.
    alike: Option<usize>,
}

struct Search<'a> {
    whole: &'a [Bound<'a>],
    pieces: &'a [&'a [Bound<'a>]],
    nodes: Vec<Node>,
    /// Those of all nodes, one after the other.
    states: Vec<u64>,
    /// The latest node by the hash of its state.
    known: FxHashMap<u64, usize>,
    letters: Vec<char>,
}

impl<'a> Search<'a> {
    fn new(whole: &'a [Bound<'a>], pieces: &'a [&'a [Bound<'a>]]) -> Self {
        Self { whole, pieces, nodes: Vec::new(), states: Vec::new(), known: FxHashMap::default(), letters: Vec::new() }
    }

    fn state(&self, at: usize) -> &[u64] {
        &self.states[self.nodes[at].state.clone()]
    }

    fn piece(&self, at: usize) -> usize {
        self.state(at)[0] as usize
    }

    fn reach(&mut self, state: &[u64], before: Option<usize>, letter: Option<char>) {
        let mut hasher = FxHasher::default();
        state.hash(&mut hasher);
        let hash = hasher.finish();
        let latest = self.known.get(&hash).copied();
        let mut alike = std::iter::successors(latest, |&at| self.nodes[at].alike);
        if alike.any(|at| self.state(at) == state) {
            return;
        }
        let start = self.states.len();
        self.states.extend_from_slice(state);
        self.known.insert(hash, self.nodes.len());
        self.nodes.push(Node { state: start..self.states.len(), before, letter, alike: latest });
    }

    fn is_found(&self, at: usize) -> bool {
        let is_last = self.piece(at) + 1 == self.pieces.len();
        is_last && in_bounds(self.bounds(at), self.state(at))
    }

    fn bounds(&self, at: usize) -> impl Iterator<Item = &'a Bound<'a>> + Clone + use<'a> {
        self.whole.iter().chain(self.pieces[self.piece(at)])
    }

    fn go_on(&mut self, at: usize) {
        let state = self.state(at).to_vec();
        self.end_piece(at, &state);
        let mut letters = std::mem::take(&mut self.letters);
        letters.clear();
        let mut from = 1;
        for bound in self.bounds(at) {
            let to = from + bound.language.size();
            letters.extend(bound.language.telling(&state[from..to]));
            from = to;
        }
        letters.sort_unstable();
        letters.dedup();
        letters.extend(another(&letters));
        let mut next = vec![0; state.len()];
        for &letter in &letters {
            if read(self.bounds(at), &state, letter, &mut next) {
                self.reach(&next, Some(at), Some(letter));
            }
        }
        self.letters = letters;
    }

    /// Begins the next piece, if this one may end here.
    fn end_piece(&mut self, at: usize, state: &[u64]) {
        let piece = self.piece(at);
        let Some(next) = self.pieces.get(piece + 1) else { return };
        let of_whole: usize = self.whole.iter().map(|bound| bound.language.size()).sum();
        let (kept, of_piece) = state.split_at(1 + of_whole);
        let with_head: Vec<u64> = std::iter::once(0).chain(of_piece.iter().copied()).collect();
        if in_bounds(self.pieces[piece].iter(), &with_head) {
            let mut begun = kept.to_vec();
            begun[0] = piece as u64 + 1;
            next.iter().for_each(|bound| begun.extend_from_slice(bound.language.start()));
            self.reach(&begun, Some(at), None);
        }
    }

    fn spell(&self, end: usize) -> Vec<String> {
        let mut pieces = vec![String::new(); self.piece(end) + 1];
        let mut next = Some(end);
        while let Some(at) = next {
            let node = &self.nodes[at];
            if let Some(letter) = node.letter {
                pieces[self.piece(at)].push(letter);
            }
            next = node.before;
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

/// What has been read with one more letter; whether a text that goes on so may be in bounds.
fn read<'a>(bounds: impl Iterator<Item = &'a Bound<'a>>, state: &[u64], letter: char, next: &mut [u64]) -> bool {
    next[0] = state[0];
    let mut from = 1;
    for bound in bounds {
        let to = from + bound.language.size();
        let read = &mut next[from..to];
        read.fill(0);
        bound.language.read(&state[from..to], letter, read);
        if bound.inside && read.iter().all(|&word| word == 0) {
            return false;
        }
        from = to;
    }
    true
}

/// A letter that is none of these.
fn another(letters: &[char]) -> Option<char> {
    PLAIN.chars().chain('\u{a1}'..).find(|letter| letters.binary_search(letter).is_err())
}

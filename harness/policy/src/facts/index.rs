//! The facts about an action, without going through the table.

use std::sync::LazyLock;

use super::{Fact, Rule, rows};
use crate::compile::{ActionHash, hash};
use crate::wildcard::matches_action;

/// One name or pattern of a fact, by its hash.
struct Entry {
    hash: u64,
    text: &'static str,
    fact: &'static Fact,
    /// Whether it takes the action out of the fact again.
    excepts: bool,
}

struct Index {
    /// By the whole action.
    actions: Table,
    /// Patterns, by their service.
    services: Table,
}

/// Entries in the order of their hashes, and where those begin that share the first bits: most have none.
struct Table {
    entries: Box<[Entry]>,
    starts: Box<[u16]>,
}

/// First bits of a hash: a thousand lists for some four hundred names.
const BITS: u32 = 10;

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

/// The facts about an action, in the order of the table for each of exact names and patterns.
pub(super) fn about(action: &str, hash: ActionHash) -> impl Iterator<Item = &'static Fact> {
    let exact = INDEX.actions.under(hash.action).filter(|entry| entry.text.eq_ignore_ascii_case(action));
    let excepted = exact.clone().filter(|entry| entry.excepts);
    let wide = INDEX.services.under(hash.service).filter(|entry| matches_action(entry.text, action));
    let wide = wide.filter(move |entry| !excepted.clone().any(|other| std::ptr::eq(other.fact, entry.fact)));
    exact.filter(|entry| !entry.excepts).chain(wide).map(|entry| entry.fact)
}

impl Index {
    fn new() -> Self {
        let (mut actions, mut services) = (Vec::new(), Vec::new());
        // Any action: found by the resource's owner.
        for fact in rows().filter(|fact| fact.rule != Rule::OfAws) {
            let names = fact.actions.iter().map(|text| (text, false));
            for (&text, excepts) in names.chain(fact.except.iter().map(|text| (text, true))) {
                match text.split_once('*') {
                    None => actions.push(Entry { hash: hash(text).action, text, fact, excepts }),
                    Some(_) => services.push(Entry { hash: hash(text).service, text, fact, excepts }),
                }
            }
        }
        Self { actions: Table::new(actions), services: Table::new(services) }
    }
}

impl Table {
    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|entry| entry.hash);
        let before = |first: u64| entries.partition_point(|entry| first_bits(entry.hash) < first as usize) as u16;
        Self { starts: (0..=1 << BITS).map(before).collect(), entries: entries.into() }
    }

    fn under(&self, hash: u64) -> impl Iterator<Item = &Entry> + Clone {
        let first = first_bits(hash);
        let (from, to) = (self.starts[first] as usize, self.starts[first + 1] as usize);
        self.entries[from..to].iter().filter(move |entry| entry.hash == hash)
    }
}

const fn first_bits(hash: u64) -> usize {
    (hash >> (u64::BITS - BITS)) as usize
}

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
    actions: Box<[Entry]>,
    /// Patterns, by their service.
    services: Box<[Entry]>,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

/// The facts about an action, in the order of the table for each of exact names and patterns.
pub(super) fn about(action: &str, hash: ActionHash) -> impl Iterator<Item = &'static Fact> {
    let exact = under(&INDEX.actions, hash.action).iter().filter(|entry| entry.text.eq_ignore_ascii_case(action));
    let excepted = exact.clone().filter(|entry| entry.excepts);
    let wide = under(&INDEX.services, hash.service).iter().filter(|entry| matches_action(entry.text, action));
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
        for list in [&mut actions, &mut services] {
            list.sort_by_key(|entry| entry.hash);
        }
        Self { actions: actions.into(), services: services.into() }
    }
}

fn under(list: &[Entry], hash: u64) -> &[Entry] {
    let from = &list[list.partition_point(|entry| entry.hash < hash)..];
    &from[..from.iter().take_while(|entry| entry.hash == hash).count()]
}

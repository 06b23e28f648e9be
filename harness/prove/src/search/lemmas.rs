//! What was found of texts, and what was said to be impossible, by a second library: proofs rest on nothing else.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use aws_smt_strings::regular_expressions::{ReManager, RegLan};
use aws_smt_strings::smt_strings::SmtString;
use policy::{Document, Kind, Policy};
use serde_json::Value;

use super::Bound;
use crate::lang::Pattern;
use crate::lang::tests::expression;
use crate::testing::{cases, policy};
use crate::{Options, generate, new_access, tape};

/// More steps than these in one lemma take the second library long.
const MOST_STEPS: usize = 600;

type Bounds = Vec<(Vec<Pattern>, bool)>;

/// What a text had to be, in pieces, and the pieces that were found.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Lemma {
    whole: Bounds,
    pieces: Vec<Bounds>,
    found: Option<Vec<String>>,
}

thread_local! {
    static HEARD: RefCell<Option<HashSet<Lemma>>> = const { RefCell::new(None) };
}

/// Keeps a lemma, if this thread listens.
pub(super) fn note(whole: &[Bound<'_>], pieces: &[&[Bound<'_>]], found: Option<&[String]>) {
    HEARD.with_borrow_mut(|heard| {
        let Some(heard) = heard else { return };
        let bounds = |bounds: &[Bound<'_>]| -> Bounds {
            bounds.iter().map(|bound| (bound.language.patterns.clone(), bound.inside)).collect()
        };
        let (whole, pieces) = (bounds(whole), pieces.iter().map(|piece| bounds(piece)).collect());
        heard.insert(Lemma { whole, pieces, found: found.map(<[String]>::to_vec) });
    });
}

impl Lemma {
    fn steps(&self) -> usize {
        let all = std::iter::once(&self.whole).chain(&self.pieces).flatten();
        all.flat_map(|(patterns, _)| patterns).map(Vec::len).sum()
    }

    fn is_true(&self) -> bool {
        let mut of = ReManager::new();
        let pieces: Vec<_> = self.pieces.iter().map(|bounds| within(bounds, &mut of)).collect();
        let (made, whole) = (of.concat_list(pieces.clone()), within(&self.whole, &mut of));
        let all = of.inter(made, whole);
        match &self.found {
            None => of.is_empty_re(all),
            Some(texts) => {
                let has = |of: &mut ReManager, text: &str, language| of.str_in_re(&SmtString::from(text), language);
                texts.len() == pieces.len()
                    && texts.iter().zip(pieces).all(|(text, piece)| has(&mut of, text, piece))
                    && has(&mut of, &texts.concat(), all)
            }
        }
    }
}

fn within(bounds: &Bounds, of: &mut ReManager) -> RegLan {
    let any = of.all_chars();
    let mut language = of.star(any);
    for (patterns, inside) in bounds {
        let union: Vec<_> = patterns.iter().map(|pattern| expression(pattern, of)).collect();
        let union = of.union_list(union);
        language = if *inside { of.inter(language, union) } else { of.diff(language, union) };
    }
    language
}

#[test]
fn a_second_library_agrees_on_every_lemma() {
    HEARD.set(Some(HashSet::new()));
    for seed in 0..cases() / 60 {
        let kind = [Kind::Identity, Kind::Resource, Kind::Endpoint][(seed % 3) as usize];
        let mut tape = tape::fixed(seed + 70_000);
        let [old, new] = [(); 2].map(|()| vec![policy(kind, &generate::document(&mut tape, kind.name()))]);
        drop(new_access(&old, &new, &Options::default()));
    }
    for line in include_str!("../../tests/data/custom-policy-checks.jsonl").lines().step_by(20) {
        let case: Value = serde_json::from_str(line).unwrap();
        let Some(kind) = Kind::ALL.into_iter().find(|kind| case["kind"] == kind.name()) else { continue };
        let read = |side: &str| Document::read_json(&case[side].to_string(), kind).0;
        let (Some(old), Some(new)) = (read("old"), read("new")) else { continue };
        let [old, new] = [old, new].map(|document| vec![Arc::new(Policy::new("p", kind, &document))]);
        drop(new_access(&old, &new, &Options::default()));
    }
    let lemmas = HEARD.take().unwrap_or_default();
    let (mut checked, mut empty) = (0, 0);
    for lemma in lemmas.iter().filter(|lemma| lemma.steps() <= MOST_STEPS) {
        assert!(lemma.is_true(), "{lemma:?}");
        checked += 1;
        empty += usize::from(lemma.found.is_none());
    }
    assert!(checked > 50 && empty > 10 && checked * 10 > lemmas.len() * 8, "{checked} {empty} {}", lemmas.len());
}

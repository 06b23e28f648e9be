//! What a request can be: laws, each with AWS's sentence.
//!
//! A law that is missing costs a counterexample that AWS never sends; a wrong one costs a false proof. So only what AWS says is
//! a law. A proof names those that it needs, and is looked for with the weakest first.

use serde::Serialize;

use crate::formula::Formula;
use crate::space::{Fact, KeyId, Shape, Space};

mod sentence;
mod table;

pub use table::LAWS;
pub(crate) use table::{ACTIONS, BUCKETS, FAMILIES, FORMS, KEYS, NO_RESOURCE, OF_FORMS, SHAPES, STACKS};

/// One law.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Law {
    /// A stable name.
    pub id: &'static str,
    /// How much is assumed.
    pub tier: Tier,
    /// What it says of requests.
    pub says: &'static str,
    /// AWS's sentence.
    pub quote: &'static str,
    /// Where AWS says so.
    pub page: &'static str,
}

/// How much a law assumes, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Nothing: any request at all.
    AnyRequest,
    /// What AWS's pages say of single keys.
    Sentences,
    /// An action carries only the keys that the service authorization reference lists for it.
    Keys,
    /// ARNs have the forms of the reference.
    Forms,
    /// Names in ARNs have the characters that AWS allows.
    Names,
}

impl Tier {
    /// All of them, the weakest first.
    pub const ALL: [Self; 5] = [Self::AnyRequest, Self::Sentences, Self::Keys, Self::Forms, Self::Names];
}

pub(crate) fn numbers(is_taken: impl Fn(&Law) -> bool) -> Vec<u32> {
    (0..).zip(LAWS).filter(|(_, law)| is_taken(law)).map(|(number, _)| number).collect()
}

pub(crate) fn named(numbers: &[u32]) -> Vec<&'static Law> {
    numbers.iter().filter_map(|&number| LAWS.get(number as usize)).collect()
}

/// The laws that are formulas, by number. One that no key of the policies is about is left out.
pub(crate) fn formulas(space: &mut Space<'_>) -> Vec<(u32, Formula)> {
    let all = sentence::formulas(space);
    let truth = space.formulas.constant(true);
    all.into_iter().filter(|(_, formula)| *formula != truth).collect()
}

/// That each of them holds if it counts.
pub(crate) fn where_counting(space: &mut Space<'_>, laws: &[(u32, Formula)]) -> Formula {
    let mut parts = Vec::new();
    for &(law, formula) in laws {
        let counts = space.fact(Fact::Law(law));
        let does_not = space.formulas.not(counts);
        parts.push(space.formulas.any([does_not, formula]));
    }
    space.formulas.all(parts)
}

/// What is so of every request, however it is written: one caller asks; values of a key stand one after the other.
pub(crate) fn axioms(space: &mut Space<'_>) -> Formula {
    let mut axioms = Vec::new();
    let callers: Vec<Formula> = (0..space.callers.len() as u32).map(|at| space.fact(Fact::Caller(at))).collect();
    for (at, &one) in callers.iter().enumerate() {
        let not_one = space.formulas.not(one);
        for &other in &callers[..at] {
            let not_other = space.formulas.not(other);
            axioms.push(space.formulas.any([not_one, not_other]));
        }
    }
    axioms.push(space.formulas.any(callers));
    for at in 0..space.keys.len() {
        let key = KeyId(at as u32);
        if space.keys[at].shape == Shape::One {
            continue;
        }
        for slot in 1..space.values_of(key).0 {
            let (here, before) = (space.fact(Fact::Slot(key, slot)), space.fact(Fact::Slot(key, slot - 1)));
            let not_here = space.formulas.not(here);
            axioms.push(space.formulas.any([not_here, before]));
        }
    }
    space.formulas.all(axioms)
}

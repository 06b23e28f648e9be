//! What one set of documents allows and another does not.
//!
//! Documents are compared by what their statements say, as AWS's CheckNoNewAccess does: without other policies, and without
//! what single services add. To be named by account is to be named.
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html

use std::sync::Arc;

use policy::undocumented::Notes;
use policy::view::GrantView;
use policy::{Policy, Request, decide_alone};
use serde::Serialize;
use serde_json::{Value, json};

use crate::budget::{Budget, OutOfSteps};
use crate::encode::Statements;
use crate::formula::Formula;
use crate::line::line;
use crate::readable::readable;
use crate::settle::{Heard, Settler, Sought, ended, settled};
use crate::space::{Space, Values};
use crate::{Disagreement, Options, Verdict};

#[cfg(test)]
mod tests;

/// What became of what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Relation {
    /// Both allow the same.
    Same,
    /// The new documents allow less.
    Narrower,
    /// They allow more.
    Wider,
    /// Each allows something that the other does not.
    Incomparable,
    /// It was not settled.
    Undecided,
}

/// Two sets of documents, compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Whether the new ones allow something that the old ones do not.
    pub gained: Verdict,
    /// Whether the old ones allow something that the new ones do not.
    pub lost: Verdict,
}

impl Comparison {
    /// Both directions in one word.
    #[must_use]
    pub const fn relation(&self) -> Relation {
        match (&self.gained, &self.lost) {
            (Verdict::Undecided { .. }, _) | (_, Verdict::Undecided { .. }) => Relation::Undecided,
            (Verdict::Proved { .. }, Verdict::Proved { .. }) => Relation::Same,
            (Verdict::Proved { .. }, Verdict::Found { .. }) => Relation::Narrower,
            (Verdict::Found { .. }, Verdict::Proved { .. }) => Relation::Wider,
            (Verdict::Found { .. }, Verdict::Found { .. }) => Relation::Incomparable,
        }
    }
}

impl Comparison {
    /// As `compare --batch` answers: the result, a request for each direction in which there is one, the laws that proofs need,
    /// the undocumented rows that the answer rests on, and why it is undecided, if it is.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut json = json!({"result": self.relation()});
        let mut laws: Vec<&str> = Vec::new();
        let mut resting_on = Notes::default();
        for (direction, verdict) in [("request", &self.gained), ("lost", &self.lost)] {
            match verdict {
                Verdict::Found { request, rows } => {
                    json[direction] = line(request);
                    resting_on.merge(*rows);
                }
                Verdict::Proved { laws: of_one, rows } => {
                    laws.extend(of_one.iter().map(|law| law.id));
                    resting_on.merge(*rows);
                }
                Verdict::Undecided { reason } => json["reason"] = json!(reason),
            }
        }
        laws.sort_unstable();
        laws.dedup();
        json["laws"] = json!(laws);
        json["undocumented"] = json!(resting_on);
        json
    }
}

/// Compares what documents of one kind allow together. Each direction may take as many steps as the budget has.
///
/// # Errors
///
/// If the engine contradicts a request that was found, or a proof.
pub fn compare(old: &[Arc<Policy>], new: &[Arc<Policy>], options: &Options) -> Result<Comparison, Disagreement> {
    let mut pair = Pair::new(old, new);
    let gained = pair.gained(Direction::Gained, options)?;
    let lost = pair.gained(Direction::Lost, options)?;
    Ok(Comparison { gained, lost })
}

/// Whether the new documents allow something that the old ones do not.
///
/// # Errors
///
/// As [`compare`].
pub fn new_access(old: &[Arc<Policy>], new: &[Arc<Policy>], options: &Options) -> Result<Verdict, Disagreement> {
    Pair::new(old, new).gained(Direction::Gained, options)
}

/// Which of two documents has to allow more.
#[derive(Clone, Copy)]
enum Direction {
    Gained,
    Lost,
}

/// Two sets of documents, the old ones first, with what both directions have in common.
struct Pair<'a> {
    documents: [&'a [Arc<Policy>]; 2],
    /// Read with a few values of each multivalued key.
    few: Option<Read<'a>>,
    /// Read with all values that can count.
    enough: Option<Read<'a>>,
}

/// Documents as formulas.
struct Read<'a> {
    space: Space<'a>,
    allowed: [Formula; 2],
    settler: Settler,
}

impl<'a> Pair<'a> {
    fn new(old: &'a [Arc<Policy>], new: &'a [Arc<Policy>]) -> Self {
        Self { documents: [old, new], few: None, enough: None }
    }

    /// Whether one side allows what the other does not.
    fn gained(&mut self, direction: Direction, options: &Options) -> Result<Verdict, Disagreement> {
        let [old, new] = self.documents;
        let (less, more, at) = match direction {
            Direction::Gained => (old, new, 1),
            Direction::Lost => (new, old, 0),
        };
        let engine = |request: &Request| is_gained(less, more, request);
        let undocumented = options.undocumented;
        let mut budget = options.budget.clone();
        let verdict = settled(|values| {
            let Ok(Read { space, allowed, settler }) = self.read(values, &mut budget) else {
                return Ok(ended(&budget));
            };
            let not_before = space.formulas.not(allowed[1 - at]);
            let formula = space.formulas.all([allowed[at], not_before]);
            let sought = Sought { formula, engine: &engine, undocumented, about: &[] };
            settler.settle(space, &sought, &mut budget)
        })?;
        Ok(readable(verdict, true, &engine))
    }

    fn read(&mut self, values: Values, budget: &mut Budget) -> Result<&mut Read<'a>, OutOfSteps> {
        let [old, new] = self.documents;
        let read = match values {
            Values::Few => &mut self.few,
            Values::Enough => &mut self.enough,
        };
        match read {
            Some(read) => Ok(read),
            None => Ok(read.insert(Read::new(old, new, values, budget)?)),
        }
    }
}

impl<'a> Read<'a> {
    fn new(
        old: &'a [Arc<Policy>],
        new: &'a [Arc<Policy>],
        values: Values,
        budget: &mut Budget,
    ) -> Result<Self, OutOfSteps> {
        let mut space = Space::of(old.iter().chain(new).map(|policy| &**policy), values);
        let allowed = [old, new].map(|policies| allowed(&mut space, policies));
        let settler = Settler::new(&mut space, budget)?;
        Ok(Self { space, allowed, settler })
    }
}

pub(crate) fn allowed<'a>(space: &mut Space<'a>, policies: &'a [Arc<Policy>]) -> Formula {
    let said: Vec<_> = policies.iter().map(|policy| Statements::new(space, policy).said(space)).collect();
    let denied = space.formulas.any(said.iter().map(|said| said.denies));
    let allowed = space.formulas.any(said.iter().map(|said| said.allows(GrantView::Delegated)));
    let not_denied = space.formulas.not(denied);
    space.formulas.all([allowed, not_denied])
}

/// Whether the new documents allow a request that the old ones do not, by the engine.
fn is_gained(old: &[Arc<Policy>], new: &[Arc<Policy>], request: &Request) -> Heard {
    let after = allow(new, request);
    if !after.is_so {
        return after;
    }
    let before = allow(old, request);
    let mut rows = before.rows;
    rows.merge(after.rows);
    Heard { is_so: !before.is_so, rows }
}

pub(crate) fn allow(policies: &[Arc<Policy>], request: &Request) -> Heard {
    let mut heard = Heard { is_so: false, rows: Notes::default() };
    for policy in policies {
        let decision = decide_alone(policy, request);
        match decision.verdict {
            policy::Verdict::ExplicitlyDenied => return Heard { is_so: false, rows: decision.notes },
            policy::Verdict::Allowed => heard.is_so = true,
            policy::Verdict::ImplicitlyDenied => {}
        }
        heard.rows.merge(decision.notes);
    }
    heard
}

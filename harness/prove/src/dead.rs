//! What in a policy never decides: statements, conditions and values without which it says the same.

mod formulas;
mod less;

use std::sync::Arc;

use policy::undocumented::Notes;
use policy::{Document, Effect, Kind, Policy, Request, decide_alone};

use crate::budget::{Budget, OutOfSteps};
use crate::compare::allow;
use crate::settle::{Heard, Sought, ended, settled};
use crate::space::Values;
use crate::{Disagreement, Laws, Options, Undocumented, Verdict};
use formulas::Formulas;
use less::{Lesser, lesser};

#[cfg(test)]
mod tests;

/// A part of a document without which it says the same of every request.
#[derive(Clone, Debug)]
pub struct Dead {
    /// The statement, by its position.
    pub statement: usize,
    /// What of it never decides.
    pub part: Part,
    /// Of a whole statement: whether no request meets it. Else others say what it says.
    pub is_never_met: bool,
    /// The laws that this rests on.
    pub laws: Laws,
    /// What it takes for settled where AWS's documentation settles nothing.
    pub rows: Notes,
}

/// What of a statement never decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Statement,
    /// A condition, by its position among the statement's.
    Condition(usize),
    /// A value of a condition, by their positions.
    Value(usize, usize),
}

/// A part of a document that was looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The statement, by its position.
    pub statement: usize,
    /// Which part of it.
    pub part: Part,
    /// Whether the document says the same without it: proved, or a request of which it does not, or undecided.
    pub verdict: Verdict,
    /// Of a whole statement that never decides: whether no request meets it.
    pub is_never_met: bool,
}

/// Finds what in a document never decides.
///
/// Without all statements that are found the document says the same. Conditions and values are looked at one by one. What is
/// not settled is left out.
///
/// A statement that denies is looked at beside the others that deny, and under an Allow of everything: it can take away
/// what other policies give.
///
/// # Errors
///
/// If the engine contradicts a proof, or a request that was found.
pub fn dead(kind: Kind, document: &Document, options: &Options) -> Result<Vec<Dead>, Disagreement> {
    Ok(parts(kind, document, options)?.into_iter().filter_map(Dead::of).collect())
}

impl Dead {
    /// A part that was looked at, if it never decides.
    #[must_use]
    pub fn of(looked: Looked) -> Option<Self> {
        let Looked { statement, part, verdict, is_never_met } = looked;
        match verdict {
            Verdict::Proved { laws, rows } => Some(Self { statement, part, is_never_met, laws, rows }),
            Verdict::Found { .. } | Verdict::Undecided { .. } => None,
        }
    }
}

/// Looks at every part of a document as [`dead`] does, and says what came of it, in the order of the document. Of a statement
/// that never decides, its conditions and values are left out.
///
/// # Errors
///
/// As [`dead`].
pub fn parts(kind: Kind, document: &Document, options: &Options) -> Result<Vec<Looked>, Disagreement> {
    let mut budget = options.budget.clone();
    let whole = Policy::new("p", kind, document);
    let lesser = lesser(kind, document, &whole, &mut budget);
    let undocumented = options.undocumented;
    let (whole, lesser) = (&whole, &*lesser);
    let mut search = Search { kind, document, whole, lesser, few: None, enough: None, budget, undocumented };
    let mut alive = vec![true; document.statements()];
    let mut all = Vec::new();
    // Of two statements that say the same the first stays.
    for statement in (0..document.statements()).rev() {
        let asked = search.asked(statement, &alive);
        let verdict = search.verdict(&asked, Part::Statement)?;
        let is_dead = matches!(verdict, Verdict::Proved { .. });
        let is_never_met = is_dead && search.is_never_met(statement)?;
        all.push(Looked { statement, part: Part::Statement, verdict, is_never_met });
        for &Lesser { part, .. } in lesser.iter().filter(|less| !is_dead && less.statement == statement) {
            let verdict = search.verdict(&asked, part)?;
            all.push(Looked { statement, part, verdict, is_never_met: false });
        }
        alive[statement] = !is_dead;
    }
    all.sort_by_key(|looked| (looked.statement, looked.part));
    Ok(all)
}

/// So much of what is left of the budget one question may take.
const SHARE: u64 = 10;

struct Search<'a> {
    kind: Kind,
    document: &'a Document,
    whole: &'a Policy,
    lesser: &'a [Lesser],
    few: Option<Formulas<'a>>,
    enough: Option<Formulas<'a>>,
    budget: Budget,
    undocumented: Undocumented,
}

/// A statement, and what else there is.
struct Asked<'l> {
    statement: usize,
    effect: Effect,
    /// The statements beside it that have not been found to be dead.
    alive: &'l [bool],
    /// The statement, and the others.
    only: Arc<Policy>,
    others: Arc<Policy>,
}

impl<'a> Search<'a> {
    fn asked<'l>(&self, statement: usize, alive: &'l [bool]) -> Asked<'l> {
        let compiled =
            |is_meant: &dyn Fn(usize) -> bool| Arc::new(Policy::new("p", self.kind, &self.document.only(is_meant)));
        let effect = self.whole.view().nth(statement).map_or(Effect::Allow, |statement| statement.effect());
        let only = compiled(&|at| at == statement);
        let others = compiled(&|at| at != statement && alive[at]);
        Asked { statement, effect, alive, only, others }
    }

    /// Whether a statement never decides even without all others.
    fn is_never_met(&mut self, statement: usize) -> Result<bool, Disagreement> {
        let alone = vec![false; self.document.statements()];
        let asked = self.asked(statement, &alone);
        Ok(matches!(self.verdict(&asked, Part::Statement)?, Verdict::Proved { .. }))
    }

    fn verdict(&mut self, asked: &Asked<'_>, part: Part) -> Result<Verdict, Disagreement> {
        let less = self.lesser.iter().find(|less| less.statement == asked.statement && less.part == part);
        let with = [Arc::clone(&asked.others), Arc::clone(&asked.only)];
        let without: Vec<_> =
            [Some(&asked.others), less.map(|less| &less.policy)].into_iter().flatten().cloned().collect();
        let engine = |request: &Request| {
            let [with, without] = [&with[..], &without].map(|policies| says(asked.effect, policies, request));
            let mut rows = with.rows;
            rows.merge(without.rows);
            Heard { is_so: with.is_so != without.is_so, rows }
        };
        let mut budget = self.budget.share(SHARE);
        let verdict = settled(|values| {
            let formulas = match values {
                Values::Few => &mut self.few,
                Values::Enough => &mut self.enough,
            };
            let formulas = match formulas {
                Some(formulas) => formulas,
                None => match Formulas::new(self.whole, self.lesser, values, &mut budget) {
                    Ok(made) => formulas.insert(made),
                    Err(OutOfSteps) => return Ok(ended(&budget)),
                },
            };
            let (formula, about) = formulas.differ(asked.statement, part, asked.alive);
            let sought = Sought { formula, engine: &engine, undocumented: self.undocumented, about: &about };
            formulas.settler.settle(&mut formulas.space, &sought, &mut budget)
        });
        self.budget.put_back(&budget);
        verdict
    }
}

/// Whether policies allow, or deny, a request.
fn says(effect: Effect, policies: &[Arc<Policy>], request: &Request) -> Heard {
    if effect == Effect::Allow {
        return allow(policies, request);
    }
    let mut heard = Heard { is_so: false, rows: Notes::default() };
    for decision in policies.iter().map(|policy| decide_alone(policy, request)) {
        heard.is_so |= decision.verdict == policy::Verdict::ExplicitlyDenied;
        heard.rows.merge(decision.notes);
    }
    heard
}

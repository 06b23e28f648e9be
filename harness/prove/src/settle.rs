//! One question from formula to answer: asked under the laws, confirmed by the engine, attacked.

use policy::Request;
use policy::undocumented::{Case, Notes, ROWS, settings};

use crate::attack;
use crate::budget::{Budget, OutOfSteps};
use crate::formula::{Atom, Formula, Literal};
use crate::law::{self, Law};
use crate::request;
use crate::rows::Rows;
use crate::solve::{Answer, Question};
use crate::space::{Fact, Space, Values};
use crate::theory::{Counting, Theory};
use crate::{Disagreement, Undocumented, Verdict};

/// What the engine says of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// Whether it is one of those that are looked for.
    pub(crate) is_so: bool,
    /// What that takes for settled where AWS's documentation settles nothing.
    pub(crate) rows: Notes,
}

/// Asks the engine.
pub(crate) type Engine<'e> = &'e dyn Fn(&Request) -> Heard;

/// So many requests that rest on something opaque are tried in turn.
const MOST_OPAQUE: usize = 20;
/// More rows are not decided in every combination.
const MOST_ROWS: usize = 6;

/// Asks with a few values of each multivalued key, and with all that could count only if that does not settle it.
pub(crate) fn settled(mut ask: impl FnMut(Values) -> Result<Verdict, Disagreement>) -> Result<Verdict, Disagreement> {
    match ask(Values::Few)? {
        Verdict::Undecided { .. } => ask(Values::Enough),
        settled => Ok(settled),
    }
}

/// What is taken for settled: laws, by number, and rows of what AWS leaves open.
#[derive(Clone, Debug)]
struct Assumed {
    laws: Vec<u32>,
    rows: Vec<Case>,
}

impl Assumed {
    /// All of the laws, and some rows.
    fn all_laws(rows: Vec<Case>) -> Self {
        Self { laws: law::numbers(|_| true), rows }
    }
}

/// Looks for a request of which `wanted` holds.
pub(crate) fn settle(
    space: &mut Space<'_>,
    wanted: Formula,
    engine: Engine<'_>,
    undocumented: Undocumented,
    budget: &mut Budget,
) -> Result<Verdict, Disagreement> {
    let Ok((rows, is_limited)) = Rows::of(&space.actions, budget) else { return Ok(ended(budget)) };
    space.is_limited |= is_limited;
    let laws = law::formulas(space);
    let counting = law::where_counting(space, &laws);
    let axioms = law::axioms(space);
    let always = space.formulas.all([counting, axioms]);
    let root = space.formulas.all([wanted, always]);
    let rows_here = match undocumented {
        Undocumented::AsDecided => space.rows(),
        Undocumented::Open => Vec::new(),
    };
    let mut question = Question::new(space, root, Theory::new(&rows));
    let mut asked = Asked { space: &mut *space, rows: &rows, question: &mut question, engine };
    let verdict = asked.under(&Assumed::all_laws(rows_here), MOST_OPAQUE, budget)?;
    if let Verdict::Proved { laws: needed, rows: resting } = verdict {
        let (needed, resting) = asked.fewest(needed, resting, budget)?;
        attack::attack(space, &rows, engine, &needed, resting, &laws)?;
        return Ok(Verdict::Proved { laws: needed, rows: resting });
    }
    let is_clear = matches!(&verdict, Verdict::Found { rows, .. } if rows.is_empty());
    if is_clear || undocumented == Undocumented::AsDecided && matches!(verdict, Verdict::Undecided { .. }) {
        return Ok(verdict);
    }
    // Another request may rest on nothing that AWS leaves open.
    let clear = without_open(space, wanted);
    let root = space.formulas.all([clear, always]);
    let mut question = Question::new(space, root, Theory::new(&rows));
    let mut asked = Asked { space: &mut *space, rows: &rows, question: &mut question, engine };
    match asked.under(&Assumed::all_laws(Vec::new()), 1, budget)? {
        Verdict::Found { request, rows } if rows.is_empty() || is_so_however(engine, &request) => {
            Ok(Verdict::Found { request, rows: Notes::default() })
        }
        _ if undocumented == Undocumented::AsDecided => Ok(verdict),
        _ => Ok(depends(verdict, engine)),
    }
}

/// What holds if nothing that AWS leaves open comes up.
fn without_open(space: &mut Space<'_>, wanted: Formula) -> Formula {
    let facts = std::mem::take(&mut space.facts);
    let is_open = |atom: Atom| matches!(facts[atom.0 as usize], Fact::Free(_) | Fact::AsDecided(_));
    let clear = space.formulas.whatever(wanted, &is_open);
    space.facts = facts;
    clear
}

/// Whether a request is one, however AWS decides what it leaves open.
fn is_so_however(engine: Engine<'_>, request: &Request) -> bool {
    let mut rows = Notes::default();
    loop {
        let before = rows;
        if rows.iter().count() > MOST_ROWS {
            return false;
        }
        for otherwise in settings(before) {
            let mut request = request.clone();
            request.context.decide_otherwise(otherwise);
            let heard = engine(&request);
            if !heard.is_so {
                return false;
            }
            rows.merge(heard.rows);
        }
        if rows == before {
            return true;
        }
    }
}

/// What was found, if it is so however AWS decides; else what it depends on.
fn depends(verdict: Verdict, engine: Engine<'_>) -> Verdict {
    match verdict {
        Verdict::Found { request, .. } if is_so_however(engine, &request) => {
            Verdict::Found { request, rows: Notes::default() }
        }
        Verdict::Found { rows, .. } => {
            let rows: Vec<_> = rows.iter().map(|row| row.id).collect();
            Verdict::Undecided { reason: format!("it depends on what AWS does not say: {}", rows.join(", ")) }
        }
        other => other,
    }
}

/// What comes of a question under some laws alone.
#[cfg(test)]
pub(crate) fn settle_under(
    space: &mut Space<'_>,
    wanted: Formula,
    engine: Engine<'_>,
    is_taken: &dyn Fn(&Law) -> bool,
) -> Result<Verdict, Disagreement> {
    let (rows, _) =
        Rows::of(&space.actions, &mut Budget::default()).unwrap_or_else(|_| panic!("it takes too many steps"));
    let laws = law::formulas(space);
    let (counting, axioms) = (law::where_counting(space, &laws), law::axioms(space));
    let root = space.formulas.all([wanted, counting, axioms]);
    let mut question = Question::new(space, root, Theory::new(&rows));
    let mut asked = Asked { space, rows: &rows, question: &mut question, engine };
    let assumed = Assumed { laws: law::numbers(is_taken), rows: asked.space.rows() };
    asked.under(&assumed, MOST_OPAQUE, &mut Budget::default())
}

fn ended(budget: &Budget) -> Verdict {
    Verdict::Undecided { reason: budget.why_it_ended().to_owned() }
}

struct Asked<'q, 'a, 't> {
    space: &'q mut Space<'a>,
    rows: &'q Rows,
    question: &'q mut Question<'t>,
    engine: Engine<'q>,
}

impl Asked<'_, '_, '_> {
    /// The laws and rows that a proof needs: as few rows as are enough, and then the weakest tier.
    fn fewest(&mut self, mut laws: Laws, mut rows: Notes, budget: &mut Budget) -> Result<(Laws, Notes), Disagreement> {
        for row in rows.cases() {
            let others = rows.without(Notes::of(row)).cases().collect();
            if rows.contains(row)
                && let Verdict::Proved { laws: needed, rows: fewer } =
                    self.under(&Assumed::all_laws(others), 1, budget)?
            {
                (laws, rows) = (needed, fewer);
            }
        }
        for tier in law::Tier::ALL {
            let assumed = Assumed { laws: law::numbers(|law| law.tier <= tier), rows: rows.cases().collect() };
            if let Verdict::Proved { laws: needed, rows } = self.under(&assumed, 1, budget)? {
                return Ok((needed, rows));
            }
        }
        Ok((laws, rows))
    }

    /// What comes of it, with so many tries at what is opaque.
    fn under(&mut self, assumed: &Assumed, tries: usize, budget: &mut Budget) -> Result<Verdict, Disagreement> {
        self.answer(assumed, tries, budget).unwrap_or_else(|OutOfSteps| Ok(ended(budget)))
    }

    fn answer(
        &mut self,
        assumed: &Assumed,
        tries: usize,
        budget: &mut Budget,
    ) -> Result<Result<Verdict, Disagreement>, OutOfSteps> {
        let mut reason = None;
        for attempt in 1..=tries {
            let counting = |of: &dyn Fn(u32) -> Option<Literal>| Counting {
                keys: of(law::KEYS),
                forms: of(law::FORMS),
                names: law::NAMES.iter().filter_map(|&law| Some((law, of(law)?))).collect(),
            };
            let (literals, witness) =
                match self.question.ask(self.space, &assumed.laws, &assumed.rows, counting, budget)? {
                    Answer::Found { literals, witness } => (literals, witness),
                    Answer::Nothing { laws, rows } => {
                        return Ok(Ok(match reason {
                            None if !self.space.is_limited => Verdict::Proved { laws: law::named(&laws), rows },
                            None => Verdict::Undecided {
                                reason: "a key, or actions that AWS does not list, are compared in too many ways"
                                    .to_owned(),
                            },
                            Some(reason) => Verdict::Undecided { reason },
                        }));
                    }
                    Answer::Undecided { why } => return Ok(Ok(Verdict::Undecided { reason: reason.unwrap_or(why) })),
                };
            let (request, _) = request::build(self.space, self.rows, &literals, &witness);
            let heard = (self.engine)(&request);
            if heard.is_so {
                return Ok(Ok(Verdict::Found { request: Box::new(request), rows: heard.rows }));
            }
            match self.unsure(&literals, assumed) {
                Some(why) => reason = Some(why),
                None => return Ok(Err(Disagreement { request: Box::new(request) })),
            }
            if attempt < tries {
                self.question.leave_out(&literals);
            }
        }
        Ok(Ok(Verdict::Undecided { reason: reason.unwrap_or_default() }))
    }

    /// Why what was found need not be so.
    fn unsure(&self, literals: &[Literal], assumed: &Assumed) -> Option<String> {
        literals.iter().find_map(|one| match self.space.fact_of(one.atom) {
            Fact::Opaque(number) => Some(self.space.why_opaque(number).to_owned()),
            Fact::Free(number) => match self.space.settled_by(number) {
                Fact::AsDecided(case) if !assumed.rows.contains(&case) => {
                    Some(format!("it depends on what AWS does not say: {}", ROWS[case as usize].id))
                }
                Fact::Law(law) if !assumed.laws.contains(&law) => Some("a law does not count".to_owned()),
                _ => None,
            },
            _ => None,
        })
    }
}

/// The laws that a proof rests on.
pub type Laws = Vec<&'static Law>;

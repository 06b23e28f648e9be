//! One question from formula to answer: asked under the laws, confirmed by the engine, attacked.

use policy::Request;
use policy::undocumented::Notes;

use crate::attack;
use crate::budget::{Budget, OutOfSteps};
use crate::formula::Formula;
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

/// Asks with a few values of each multivalued key, and with all that could count only if that does not settle it.
pub(crate) fn settled(mut ask: impl FnMut(Values) -> Result<Verdict, Disagreement>) -> Result<Verdict, Disagreement> {
    match ask(Values::Few)? {
        Verdict::Undecided { .. } => ask(Values::Enough),
        settled => Ok(settled),
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
    let verdict = as_decided(space, wanted, engine, budget)?;
    Ok(match (undocumented, &verdict) {
        (Undocumented::Open, Verdict::Found { rows, .. }) if !rows.is_empty() => {
            Verdict::Undecided { reason: format!("it depends on what AWS does not say: {rows:?}") }
        }
        (Undocumented::Open, Verdict::Proved { .. }) => {
            Verdict::Undecided { reason: "whether the proof holds however AWS decides is not looked at yet".to_owned() }
        }
        _ => verdict,
    })
}

fn as_decided(
    space: &mut Space<'_>,
    wanted: Formula,
    engine: Engine<'_>,
    budget: &mut Budget,
) -> Result<Verdict, Disagreement> {
    let Ok((rows, is_limited)) = Rows::of(&space.actions, budget) else { return Ok(ended(budget)) };
    space.is_limited |= is_limited;
    let laws = law::formulas(space);
    let counting = law::where_counting(space, &laws);
    let axioms = law::axioms(space);
    let root = space.formulas.all([wanted, counting, axioms]);
    let theory = Theory::new(&rows);
    let mut question = Question::new(space, root, theory);
    let all: Vec<u32> = law::numbers(|_| true);
    let mut asked = Asked { space: &mut *space, rows: &rows, question: &mut question, engine };
    match asked.under(&all, budget)? {
        Verdict::Proved { .. } => {}
        other => return Ok(other),
    }
    // The weakest tier that is enough.
    for tier in law::Tier::ALL {
        let some = law::numbers(|law| law.tier <= tier);
        if let Verdict::Proved { laws: needed, rows: open } = asked.under(&some, budget)? {
            attack::attack(space, &rows, engine, &needed, &laws)?;
            return Ok(Verdict::Proved { laws: needed, rows: open });
        }
    }
    Ok(Verdict::Undecided { reason: "the proof could not be made again".to_owned() })
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
    asked.under(&law::numbers(is_taken), &mut Budget::default())
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
    fn under(&mut self, laws: &[u32], budget: &mut Budget) -> Result<Verdict, Disagreement> {
        self.answer(laws, budget).unwrap_or_else(|OutOfSteps| Ok(ended(budget)))
    }

    fn answer(&mut self, laws: &[u32], budget: &mut Budget) -> Result<Result<Verdict, Disagreement>, OutOfSteps> {
        let mut reason = None;
        for _ in 0..MOST_OPAQUE {
            let counting = |of: &dyn Fn(u32) -> Option<crate::formula::Literal>| Counting {
                keys: of(law::KEYS),
                forms: of(law::FORMS),
                names: law::NAMES.iter().filter_map(|&law| Some((law, of(law)?))).collect(),
            };
            let (literals, witness) = match self.question.ask(self.space, laws, counting, budget)? {
                Answer::Found { literals, witness } => (literals, witness),
                Answer::Nothing { laws } => {
                    return Ok(Ok(match reason {
                        None if !self.space.is_limited => {
                            Verdict::Proved { laws: law::named(&laws), rows: Notes::default() }
                        }
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
            let opaque = literals.iter().find_map(|one| match self.space.fact_of(one.atom) {
                Fact::Opaque(number) => Some(number),
                _ => None,
            });
            match opaque {
                Some(number) => reason = Some(self.space.why_opaque(number).to_owned()),
                None => return Ok(Err(Disagreement { request: Box::new(request) })),
            }
            self.question.leave_out(&literals);
        }
        Ok(Ok(Verdict::Undecided { reason: reason.unwrap_or_default() }))
    }
}

/// The laws that a proof rests on.
pub type Laws = Vec<&'static Law>;

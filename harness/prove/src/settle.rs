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
    /// What that takes for settled where AWS's documentation settles nothing; not said of others.
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

/// What is looked for.
pub(crate) struct Sought<'q> {
    /// What holds of the request.
    pub(crate) formula: Formula,
    /// Whether it does, as the engine has it.
    pub(crate) engine: Engine<'q>,
    pub(crate) undocumented: Undocumented,
    /// What a proof is attacked with: requests that differ in what these formulas are about. Nothing: in all that the
    /// policies write.
    pub(crate) about: &'q [Formula],
}

/// Looks for a request of which `wanted` holds.
pub(crate) fn settle(
    space: &mut Space<'_>,
    wanted: Formula,
    engine: Engine<'_>,
    undocumented: Undocumented,
    budget: &mut Budget,
) -> Result<Verdict, Disagreement> {
    let Ok(mut settler) = Settler::new(space, budget) else { return Ok(ended(budget)) };
    settler.settle(space, &Sought { formula: wanted, engine, undocumented, about: &[] }, budget)
}

/// What questions in one space have in common. All of their formulas have to be made before.
pub(crate) struct Settler {
    theory: Theory,
    /// The laws that are formulas.
    laws: Vec<(u32, Formula)>,
    /// What every request meets: axioms, and the laws that count.
    always: Formula,
}

impl Settler {
    pub(crate) fn new(space: &mut Space<'_>, budget: &mut Budget) -> Result<Self, OutOfSteps> {
        let (rows, is_limited) = Rows::of(&space.actions, budget)?;
        space.is_limited |= is_limited;
        let laws = law::formulas(space);
        let (counting, axioms) = (law::where_counting(space, &laws), law::axioms(space));
        let always = space.formulas.all([counting, axioms]);
        // What the reference leaves open of keys.
        let known: Vec<_> = space.keys.iter().filter_map(|key| key.known).collect();
        for case in known.into_iter().flat_map(catalog::Key::unsettled) {
            space.atom(Fact::AsDecided(case));
        }
        Ok(Self { theory: Theory::new(rows), laws, always })
    }

    /// The actions, on their resources.
    pub(crate) fn rows(&mut self) -> &mut Rows {
        &mut self.theory.rows
    }

    /// Looks for a request.
    pub(crate) fn settle(
        &mut self,
        space: &mut Space<'_>,
        sought: &Sought<'_>,
        budget: &mut Budget,
    ) -> Result<Verdict, Disagreement> {
        let rows_here = match sought.undocumented {
            Undocumented::AsDecided => space.rows(),
            Undocumented::Open => Vec::new(),
        };
        let mut asked = self.ask(space, sought.formula, sought.engine);
        let verdict = asked.under(&Assumed::all_laws(rows_here), MOST_OPAQUE, budget)?;
        if let Verdict::Proved { laws: needed, rows: resting } = verdict {
            let (needed, resting) = asked.fewest(needed, resting, budget)?;
            attack::attack(space, &mut self.theory.rows, sought, &needed, resting, &self.laws)?;
            return Ok(Verdict::Proved { laws: needed, rows: resting });
        }
        self.clear(space, sought, verdict, budget)
    }

    /// Another request may rest on nothing that AWS leaves open.
    fn clear(
        &mut self,
        space: &mut Space<'_>,
        sought: &Sought<'_>,
        verdict: Verdict,
        budget: &mut Budget,
    ) -> Result<Verdict, Disagreement> {
        let &Sought { formula, engine, undocumented, .. } = sought;
        let is_clear = matches!(&verdict, Verdict::Found { rows, .. } if rows.is_empty());
        if is_clear || undocumented == Undocumented::AsDecided && matches!(verdict, Verdict::Undecided { .. }) {
            return Ok(verdict);
        }
        let clear = without_open(space, formula);
        let mut asked = self.ask(space, clear, engine);
        match asked.under(&Assumed::all_laws(Vec::new()), 1, budget)? {
            Verdict::Found { request, rows } if rows.is_empty() || is_so_however(engine, &request) => {
                Ok(Verdict::Found { request, rows: Notes::default() })
            }
            _ if undocumented == Undocumented::AsDecided => Ok(verdict),
            _ => Ok(depends(verdict, engine)),
        }
    }

    fn ask<'q, 'a>(&'q mut self, space: &'q mut Space<'a>, formula: Formula, engine: Engine<'q>) -> Asked<'q, 'a> {
        let root = space.formulas.all([formula, self.always]);
        let question = Question::new(space, root, &mut self.theory);
        Asked { space, question, engine }
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
    let mut settler = Settler::new(space, &mut Budget::default()).unwrap_or_else(|_| panic!("it takes too many steps"));
    let mut asked = settler.ask(space, wanted, engine);
    let assumed = Assumed { laws: law::numbers(is_taken), rows: asked.space.rows() };
    asked.under(&assumed, MOST_OPAQUE, &mut Budget::default())
}

pub(crate) fn ended(budget: &Budget) -> Verdict {
    Verdict::Undecided { reason: budget.why_it_ended().to_owned() }
}

struct Asked<'q, 'a> {
    space: &'q mut Space<'a>,
    question: Question<'q>,
    engine: Engine<'q>,
}

impl Asked<'_, '_> {
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
        // What is proved under some laws is proved under more: the weakest tier that is enough is found downwards.
        while let Some(highest) = laws.iter().map(|law| law.tier).max() {
            let assumed = Assumed { laws: law::numbers(|law| law.tier < highest), rows: rows.cases().collect() };
            match self.under(&assumed, 1, budget)? {
                Verdict::Proved { laws: needed, rows: fewer } => (laws, rows) = (needed, fewer),
                Verdict::Found { .. } | Verdict::Undecided { .. } => break,
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
                actions: of(law::ACTIONS),
                rows: Vec::new(),
                of_forms: law::OF_FORMS.iter().filter_map(|&law| Some((law, of(law)?))).collect(),
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
            let (request, _) = request::build(self.space, self.question.rows(), &literals, &witness);
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

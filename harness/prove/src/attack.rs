//! Every proof is attacked before it is shown: thousands of lawful requests made of what the policies write, each put to the
//! engine.

mod make;

use policy::undocumented::Notes;

use crate::Disagreement;
use crate::formula::Formula;
use crate::law;
use crate::rows::Rows;
use crate::settle::{Engine, Laws};
use crate::space::Space;
use make::Maker;

/// So many requests are tried.
const REQUESTS: usize = 2_000;

/// Whether no request is found of which the engine says what was proved never to be so.
pub(crate) fn attack(
    space: &Space<'_>,
    rows: &Rows,
    engine: Engine<'_>,
    needed: &Laws,
    resting: Notes,
    laws: &[(u32, Formula)],
) -> Result<(), Disagreement> {
    let mut maker = Maker::new(space, rows, needed);
    let counting: Vec<Formula> = laws
        .iter()
        .filter(|(law, _)| law::named(&[*law]).iter().any(|law| needed.contains(law)))
        .map(|law| law.1)
        .collect();
    for _ in 0..REQUESTS {
        let Some((mut request, caller)) = maker.request() else { continue };
        // What the proof does not rest on may be decided in either way.
        request.context.decide_otherwise(maker.otherwise().without(resting));
        let is_lawful = |formula: &Formula| {
            space.formulas.holds(*formula, &mut |atom| space.is_so(space.fact_of(atom), &request, caller))
        };
        if engine(&request).is_so && counting.iter().all(is_lawful) {
            return Err(Disagreement { request: Box::new(request) });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) fn requests(space: &Space<'_>, many: usize) -> Vec<(policy::Request, usize)> {
    let laws = Laws::new();
    let (rows, _) =
        Rows::of(&space.actions, &mut crate::Budget::default()).unwrap_or_else(|_| panic!("it takes too many steps"));
    let mut maker = Maker::new(space, &rows, &laws);
    (0..many).filter_map(|_| maker.request()).collect()
}

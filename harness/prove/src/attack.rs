//! Every proof is attacked before it is shown: thousands of lawful requests made of what the policies write, each put to the
//! engine.

mod make;

use policy::undocumented::Notes;

use crate::Disagreement;
use crate::formula::Formula;
use crate::law;
use crate::rows::Rows;
use crate::settle::{Laws, Sought};
use crate::space::Space;
use make::Maker;

/// So many requests are tried.
const REQUESTS: usize = 2_000;

/// Whether no request is found of which the engine says what was proved never to be so.
pub(crate) fn attack(
    space: &Space<'_>,
    rows: &mut Rows,
    sought: &Sought<'_>,
    needed: &Laws,
    resting: Notes,
    laws: &[(u32, Formula)],
) -> Result<(), Disagreement> {
    let counting: Vec<Formula> = laws
        .iter()
        .filter(|(law, _)| law::named(&[*law]).iter().any(|law| needed.contains(law)))
        .map(|law| law.1)
        .collect();
    let about: Vec<Formula> = match sought.about {
        [] => Vec::new(),
        about => about.iter().chain(&counting).copied().collect(),
    };
    let mut maker = Maker::new(space, rows, needed, resting, &about);
    for _ in 0..REQUESTS {
        let Some((request, caller)) = maker.next() else { continue };
        let is_lawful = |formula: &Formula| {
            space.formulas.holds(*formula, &mut |atom| space.is_so(space.fact_of(atom), request, caller))
        };
        if (sought.engine)(request).is_so && counting.iter().all(is_lawful) {
            return Err(Disagreement { request: Box::new(request.clone()) });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) fn requests(space: &Space<'_>, many: usize) -> Vec<(policy::Request, usize)> {
    let laws = law::named(&[law::SHAPES]);
    let mut every = Notes::default();
    policy::undocumented::OTHERWISE.iter().for_each(|(case, _)| every.add(*case));
    let (mut rows, _) =
        Rows::of(&space.actions, &mut crate::Budget::default()).unwrap_or_else(|_| panic!("it takes too many steps"));
    let mut maker = Maker::new(space, &mut rows, &laws, every, &[]);
    (0..many).filter_map(|_| maker.next().map(|(request, caller)| (request.clone(), caller))).collect()
}

//! What was predicted, as expectations that say so.

use matrix::{Cell, Outcome, Results};

use crate::scenario::{Axis, Scenario};
use crate::yaml::scalar;

/// The word of an expectation that an outcome meets; None: no expectation has it.
pub(crate) fn word(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Allowed => Some("allow"),
        Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied => Some("deny"),
        Outcome::NotStarted { .. } | Outcome::NotAdmitted { .. } => Some("cannot-start"),
        Outcome::Error { status: 404, .. } => Some("not-found"),
        _ => None,
    }
}

/// A row or column that is kept: its index, what comes out in it, and what comes out the same.
type Row = (usize, Vec<Option<(&'static str, bool)>>, Vec<usize>);

/// Cells by caller and request that have the same outcome for the same reason.
type Group<'r> = ((&'static str, &'r str), Vec<(usize, usize)>);

/// The cells of a matrix of which some rows and columns are kept.
pub(crate) struct Kept<'r> {
    pub(crate) results: &'r Results,
    pub(crate) options: Vec<usize>,
    pub(crate) callers: Vec<usize>,
    pub(crate) requests: Vec<usize>,
}

impl<'r> Kept<'r> {
    /// All of them.
    pub(crate) fn all(results: &'r Results) -> Self {
        let (options, callers) = ((0..results.options.len()).collect(), (0..results.callers.len()).collect());
        Self { results, options, callers, requests: (0..results.requests.len()).collect() }
    }

    /// Leaves out what comes out as something before it: callers, then requests, then options. What stays has a note of it.
    pub(crate) fn fold(mut self, scenario: &mut Scenario) -> Self {
        let marks = |kept: &Self, axis: Axis, at: usize| -> Vec<Option<(&'static str, bool)>> {
            let [options, callers, requests] = match axis {
                Axis::Option => [vec![at], kept.callers.clone(), kept.requests.clone()],
                Axis::Caller => [kept.options.clone(), vec![at], kept.requests.clone()],
                Axis::Request => [kept.options.clone(), kept.callers.clone(), vec![at]],
            };
            let places = options.iter().flat_map(|&o| callers.iter().map(move |&c| (o, c)));
            let cells = places.flat_map(|(o, c)| requests.iter().map(move |&r| (o, c, r)));
            cells.map(|(o, c, r)| kept.cell(o, c, r).and_then(mark)).collect()
        };
        for axis in [Axis::Caller, Axis::Request, Axis::Option] {
            let own = match axis {
                Axis::Option => self.options.clone(),
                Axis::Caller => self.callers.clone(),
                Axis::Request => self.requests.clone(),
            };
            let mut stay: Vec<Row> = Vec::new();
            for at in own {
                let row = marks(&self, axis, at);
                // An option of one statement is compared with what is deployed, and with others of that statement.
                let is_alike = |known: usize| {
                    axis != Axis::Option || known == 0 || scenario.options[known].of == scenario.options[at].of
                };
                match stay.iter_mut().find(|(known, marks, _)| *marks == row && is_alike(*known)) {
                    Some((.., alike)) => alike.push(at),
                    None => stay.push((at, row, Vec::new())),
                }
            }
            for (at, _, alike) in &stay {
                let says: Vec<String> = alike.iter().map(|&one| scenario.axis(axis)[one].says.clone()).collect();
                if !says.is_empty() {
                    scenario.axis_mut(axis)[*at].notes.push(format!("The same in every cell: {}.", says.join("; ")));
                }
            }
            let stay = stay.into_iter().map(|(at, ..)| at).collect();
            match axis {
                Axis::Option => self.options = stay,
                Axis::Caller => self.callers = stay,
                Axis::Request => self.requests = stay,
            }
        }
        for (axis, kept) in
            [(Axis::Option, &self.options), (Axis::Caller, &self.callers), (Axis::Request, &self.requests)]
        {
            let mut at = 0;
            scenario.axis_mut(axis).retain(|_| {
                at += 1;
                kept.contains(&(at - 1))
            });
        }
        self
    }

    fn cell(&self, option: usize, caller: usize, request: usize) -> Option<&'r Cell> {
        self.results.cell(option, caller, request)
    }

    /// The section `expect`: each option's cells by outcome and reason, each group marked as a prediction.
    pub(crate) fn expectations(&self) -> String {
        let mut out = String::new();
        for &option in &self.options {
            let mut groups: Vec<Group<'_>> = Vec::new();
            for (&caller, &request) in self.callers.iter().flat_map(|c| self.requests.iter().map(move |r| (c, r))) {
                let Some(cell) = self.cell(option, caller, request) else { continue };
                let Some(word) = word(&cell.outcome) else { continue };
                let key = (word, cell.reason.as_str());
                match groups.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, cells)) => cells.push((caller, request)),
                    None => groups.push((key, vec![(caller, request)])),
                }
            }
            out.push_str(&format!("  {}:\n", scalar(&self.results.options[option].name)));
            for ((word, _), cells) in groups {
                out.push_str(&format!("    - {word}: {}\n      predicted: true\n", self.selection(&cells)));
            }
        }
        out
    }

    /// Cells as `expect` selects them: `all`, or requests by callers.
    fn selection(&self, cells: &[(usize, usize)]) -> String {
        let Self { results, callers, requests, .. } = self;
        if cells.len() == callers.len() * requests.len() {
            return "all".to_owned();
        }
        let of = |caller: usize| cells.iter().filter(|(c, _)| *c == caller).map(|(_, r)| *r).collect::<Vec<_>>();
        let words = |own: &[usize]| match own.len() == requests.len() {
            true => "all".to_owned(),
            false => {
                format!("[{}]", own.iter().map(|&r| scalar(&results.requests[r].name)).collect::<Vec<_>>().join(", "))
            }
        };
        let first = callers.first().map(|&caller| of(caller)).unwrap_or_default();
        if !first.is_empty() && callers.iter().all(|&caller| of(caller) == first) {
            return format!("{{all: {}}}", words(&first));
        }
        let own = callers.iter().map(|&caller| (caller, of(caller))).filter(|(_, own)| !own.is_empty());
        let own = own.map(|(caller, own)| format!("{}: {}", scalar(&results.callers[caller].name), words(&own)));
        format!("{{{}}}", own.collect::<Vec<_>>().join(", "))
    }
}

/// An outcome as a matrix marks it.
fn mark(cell: &Cell) -> Option<(&'static str, bool)> {
    word(&cell.outcome).map(|word| (word, cell.outcome == Outcome::ExplicitlyDenied))
}

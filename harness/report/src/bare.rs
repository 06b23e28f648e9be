//! What a bare run says of its emulator: the canaries, counts, and every cell that is not as on AWS.

use indexmap::IndexMap;
use matrix::{Bare, Canary, Cell, Expected, Fidelity, Outcome, Results};

use crate::mark::mark;
use crate::page::Page;
use crate::reasons::{self, fold, hang, places};

/// What the canaries say, and what was asked.
pub(crate) fn canaries(bare: &Bare) -> Vec<String> {
    let answer = |canary: &Canary| {
        let ok = if canary.ok() { "as on AWS" } else { "not as on AWS" };
        let expected = canary.expected.word();
        format!("{}: {} where AWS would {expected}, {ok}", canary.what, reasons::outcome(&canary.outcome))
    };
    let verdict = format!("{} {}", bare.backend, bare.verdict());
    std::iter::once(verdict).chain(bare.canaries.iter().map(answer)).collect()
}

/// How many cells are of each class: `fail-open 120, match 400`.
#[must_use]
pub fn counts(results: &Results) -> String {
    let some = Fidelity::ALL.into_iter().map(|class| (class, results.count(class))).filter(|(_, count)| *count > 0);
    some.map(|(class, count)| format!("{} {count}", class.word())).collect::<Vec<_>>().join(", ")
}

/// Every class but `match` with its cells, the worst first: what came out, where AWS's documentation says otherwise.
pub(crate) fn differences(results: &Results, page: Page) -> Vec<(&'static str, Vec<String>)> {
    let different = Fidelity::ALL.into_iter().filter(|class| *class != Fidelity::Match);
    different.map(|class| (heading(class), of_class(results, page, class))).collect()
}

const fn heading(class: Fidelity) -> &'static str {
    match class {
        Fidelity::FailOpen => "Fail-open: let through where AWS refuses",
        Fidelity::FailClosed => "Fail-closed: refused where AWS lets through",
        Fidelity::Error => "Errors",
        Fidelity::Unsupported => "Unsupported",
        Fidelity::Match => "As on AWS",
    }
}

fn of_class(results: &Results, page: Page, class: Fidelity) -> Vec<String> {
    let mut groups: IndexMap<_, Vec<&Cell>> = IndexMap::new();
    for cell in results.cells.iter().filter(|cell| cell.fidelity() == class) {
        // Why AWS would refuse says nothing of why an emulator cannot.
        let expectation = (class != Fidelity::Unsupported).then_some(&cell.expectation);
        let documented = expectation.map(|one| Documented {
            expected: one.expected,
            because: one.because.as_deref(),
            see: one.see.as_deref(),
        });
        let answer = Answer { mark: mark(&cell.outcome), outcome: answer(cell, class), documented };
        groups.entry(answer).or_default().push(cell);
    }
    groups.into_iter().flat_map(|(answer, cells)| group(results, page, &answer, &cells)).collect()
}

/// What came out; of a refusal the emulator's own words.
fn answer(cell: &Cell, class: Fidelity) -> String {
    match (&cell.outcome, class) {
        (Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied, Fidelity::FailClosed) => cell.reason.clone(),
        (outcome, _) => reasons::outcome(outcome),
    }
}

/// What came out in some cells, and what AWS does there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Answer<'a> {
    mark: &'static str,
    outcome: String,
    documented: Option<Documented<'a>>,
}

/// What AWS does by its documentation, with the reason and the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Documented<'a> {
    expected: Expected,
    because: Option<&'a str>,
    see: Option<&'a str>,
}

fn group(results: &Results, page: Page, answer: &Answer<'_>, cells: &[&Cell]) -> Vec<String> {
    let Answer { mark, outcome, documented } = answer;
    let mut lines: Vec<String> =
        places(results, cells).iter().flat_map(|place| hang(page, &format!("{mark} "), place)).collect();
    let aws = documented.map(|Documented { expected, because, .. }| {
        let because = because.map(|because| format!(", because {because}")).unwrap_or_default();
        format!(" where {} is expected{because}", expected.word())
    });
    lines.extend(
        fold(page, &format!("{outcome}{}", aws.unwrap_or_default())).into_iter().map(|line| format!("    {line}")),
    );
    lines.extend(documented.and_then(|documented| documented.see).map(|see| format!("    {see}")));
    lines
}

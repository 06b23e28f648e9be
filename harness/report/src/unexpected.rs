//! The cells that are not as expected, or not as their snapshot has them, with what a reviewer needs to judge each.

use indexmap::IndexMap;
use matrix::{Cell, Prepared, Results};
use policy::trace::{PolicyTrace, StatementTrace};
use source::escaped;

use crate::explanation::{MENDS, condition};
use crate::layout::laid_out;
use crate::reasons::{self, hang_at};
use crate::{Page, Pinned, claims, mark};

/// How many cells there are and each of them: where the scenario expects what, what came, what the snapshot has, the
/// statements that decided with their places and conditions, and the command that tells the rest. Cells with all of
/// this in common stand together. Then each claim that is not as expected. `None` if there are none. Beside the snapshot
/// stands the command that writes it anew.
#[must_use]
pub fn unexpected(
    prepared: &Prepared,
    results: &Results,
    pinned: Option<(&Pinned, &str)>,
    page: Page,
) -> Option<String> {
    let parts = [cells(prepared, results, pinned, page), claims::unexpected_claims(prepared, &results.claims, page)];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn cells(prepared: &Prepared, results: &Results, pinned: Option<(&Pinned, &str)>, page: Page) -> Option<String> {
    let (pinned, update) = pinned.unzip();
    let differs = |cell: &Cell| pinned.is_some_and(|pinned| pinned.mark(results, cell) != Some(mark(&cell.outcome)));
    let run = || results.cells.iter().filter(|cell| cell.outcome.why_not_run().is_none());
    let unmet = run().filter(|cell| !cell.ok).count();
    let changed = run().filter(|cell| differs(cell)).count();
    if unmet + changed == 0 {
        return None;
    }
    let mut groups: IndexMap<Vec<String>, Vec<&Cell>> = IndexMap::new();
    for cell in run().filter(|cell| !cell.ok || differs(cell)) {
        let had = pinned.map(|pinned| had(pinned, results, cell));
        groups.entry(facts(prepared, page, cell, had)).or_default().push(cell);
    }
    let mut lines = vec![counts(results, unmet, changed)];
    if let Some(update) = update.filter(|_| unmet == 0 && results.ok()) {
        lines.push(format!("help: if that is meant, take it over with `{update}`"));
    }
    for (facts, cells) in groups {
        lines.push(String::new());
        lines.extend(cells.iter().map(|cell| names(results, cell).join(" / ")));
        lines.extend(facts.into_iter().map(|line| format!("  {line}")));
        lines.extend(cells.first().map(|cell| format!("  Explain   {}", command(prepared, results, cell))));
    }
    let text: String = lines.iter().map(|line| format!("{}\n", matrix::normal(&escaped(line.trim_end())))).collect();
    Some(laid_out(&text, page))
}

fn counts(results: &Results, unmet: usize, changed: usize) -> String {
    let (scenario, all) = (&results.scenario, results.cells.len());
    let is = |count| if count == 1 { "is" } else { "are" };
    let differ = if changed == 1 { "differs" } else { "differ" };
    match (unmet, changed) {
        (0, _) => format!("{scenario}: {changed} of {all} cells {differ} from the snapshot; all are as expected"),
        (_, 0) => format!("{scenario}: {unmet} of {all} cells {} not as expected", is(unmet)),
        _ => format!(
            "{scenario}: {unmet} of {all} cells {} not as expected; {changed} {differ} from the snapshot",
            is(unmet)
        ),
    }
}

fn names<'a>(results: &'a Results, cell: &Cell) -> [&'a str; 3] {
    [&results.options[cell.option].name, &results.callers[cell.caller].name, &results.requests[cell.request].name]
        .map(String::as_str)
}

/// What the snapshot has: `· implicit-deny`.
fn had(pinned: &Pinned, results: &Results, cell: &Cell) -> String {
    let Some(mark) = pinned.mark(results, cell) else { return "has no such cell".to_owned() };
    format!("{mark} {}", pinned.code(mark).unwrap_or_default())
}

/// What cells may have in common.
fn facts(prepared: &Prepared, page: Page, cell: &Cell, had: Option<String>) -> Vec<String> {
    let expectation = &cell.expectation;
    let because = expectation.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
    // Lines of a terminal are broken with all others, once.
    let columns = if page.is_wide() { page.text() } else { usize::MAX };
    let mut lines = hang_at(columns, "Expected  ", &format!("{}{because}", expectation.expected.word()));
    lines.extend(expectation.see.iter().map(|see| format!("          {see}")));
    lines.push(format!("          {}", prepared.sources.locate(expectation.span)));
    lines.extend(hang_at(columns, "Came      ", &reasons::outcome(&cell.outcome)));
    lines.extend(had.map(|had| format!("Snapshot  {had}")));
    lines.extend(hang_at(columns, "Reason    ", &cell.reason));
    let recorded = cell.recorded.as_ref();
    let deciding = recorded.map(|recorded| recorded.decision.deciding()).unwrap_or_default();
    lines.extend(deciding.into_iter().flat_map(|(policy, one)| statement(prepared, cell.option, policy, one)));
    // A cell that is as expected needs no other decision; what to paste is for somebody who asks about one cell.
    if !cell.ok && !cell.mends.is_empty() {
        lines.push(MENDS.to_owned());
        lines.extend(cell.mends.iter().map(|mend| format!("  - {}", mend.says)));
    }
    lines
}

/// A statement, where it is written, and what each of its conditions saw.
fn statement(prepared: &Prepared, option: usize, policy: &PolicyTrace, one: &StatementTrace) -> Vec<String> {
    let place = prepared.written(option, policy, one).map(|span| format!(", {}", prepared.sources.locate(span)));
    let sid = one.sid.as_ref().map(|sid| format!(" {sid}")).unwrap_or_default();
    let head =
        format!("Decided   {} {} {}{sid}{}", policy.kind.words(), policy.name, one.index, place.unwrap_or_default());
    std::iter::once(head)
        .chain(one.conditions.iter().map(|one| format!("          {}", condition(one).trim_start())))
        .collect()
}

fn command(prepared: &Prepared, results: &Results, cell: &Cell) -> String {
    let folder = prepared.folder.display().to_string();
    let words = std::iter::once(&*folder).chain(names(results, cell)).map(quoted);
    format!("tagproof explain {}", words.collect::<Vec<_>>().join(" "))
}

/// A word of a shell's command line.
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@=+,".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

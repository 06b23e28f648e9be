//! The matrix as a table: options as rows, callers × requests as columns, one mark per cell.

use scenario::{Cell, Named, Results};

use crate::bare;
use crate::label::{caller_label, request_label};
use crate::mark::{legend, shown};
use crate::printable::printable;
use crate::reasons;

/// The whole matrix as text: the [`table`], the options, why each denial and each surprising allow came about, and what
/// was expected; of a bare run the canaries, and each cell that is not as on AWS. The same results always give the same
/// text.
#[must_use]
pub fn matrix(results: &Results) -> String {
    let mut out = Text::default();
    out.line(&results.title);
    if let Some(source) = &results.source {
        out.line(source);
    }
    if let Some(bare) = &results.bare {
        out.section("Canaries", bare::canaries(bare));
    }
    out.0.push_str(&table(results));
    match results.bare {
        Some(_) => {
            out.section("Fidelity", [bare::counts(results)]);
            bare::differences(results).into_iter().for_each(|(head, lines)| out.section(head, lines));
            out.section("Options", options(results));
        }
        None => {
            out.section("Unexpected", unexpected(results));
            out.section("Options", options(results));
            out.section("Why (→ the smallest change that would turn it)", reasons::lines(results));
            out.section("Tasks (what their containers printed)", reasons::tasks(results));
            out.section("Expected, by AWS's documentation", reasons::expectations(results));
        }
    }
    out.section("Otherwise than on AWS", results.notes.iter().flat_map(|note| reasons::hang("", note)));
    out.section("Not applied", results.not_applied.iter().map(|left| format!("{}: {}", left.what, left.why)));
    out.0
}

/// Callers, requests, the table itself and its legend.
#[must_use]
pub fn table(results: &Results) -> String {
    let mut out = Text::default();
    out.section("Callers", named(&results.callers, caller_label));
    out.section("Requests", named(&results.requests, request_label));
    out.section("Matrix", rows(results));
    out.section("Marks", legend(results));
    out.0
}

fn named(all: &[Named], label: impl Fn(usize) -> String) -> Vec<String> {
    let labels: Vec<String> = (0..all.len()).map(label).collect();
    let label_width = widest(labels.iter().map(String::as_str));
    let name_width = widest(all.iter().map(|one| one.name.as_str()));
    let line = |(label, one): (&String, &Named)| {
        format!("{label:label_width$}  {:name_width$}  {}", one.name, one.what).trim_end().to_owned()
    };
    labels.iter().zip(all).map(line).collect()
}

/// A line of callers, a line of requests, a line for each option.
fn rows(results: &Results) -> Vec<String> {
    let requests: Vec<String> = (0..results.requests.len()).map(request_label).collect();
    let cell_width = widest(requests.iter().map(String::as_str)) + 1;
    let group_width = (requests.len() * cell_width).max(2);
    let name_width = widest(results.options.iter().map(|option| option.name.as_str()));
    let row = |name: &str, group: &dyn Fn(usize) -> String| {
        let groups = (0..results.callers.len()).map(|caller| format!("  {:group_width$}", group(caller)));
        format!("{name:name_width$}{}", groups.collect::<String>()).trim_end().to_owned()
    };
    let columns: String = requests.iter().map(|label| format!("{label:cell_width$}")).collect();
    let mut lines = vec![row("", &caller_label), row("", &|_| columns.clone())];
    for (option, row_of) in results.options.iter().enumerate() {
        lines.push(row(&row_of.name, &|caller| {
            let cells = (0..requests.len()).filter_map(|request| results.cell(option, caller, request));
            cells.map(|cell| format!("{:cell_width$}", shown(results, cell))).collect()
        }));
    }
    lines
}

/// A cell that nobody has run is neither this nor that.
fn is_unexpected(cell: &Cell) -> bool {
    !cell.ok && cell.outcome.why_not_run().is_none()
}

fn unexpected(results: &Results) -> Vec<String> {
    let unmet = results.cells.iter().filter(|cell| is_unexpected(cell));
    let line = |cell: &Cell| {
        let expectation = &cell.expectation;
        let because = expectation.because.as_ref().map(|because| format!(", because {because}")).unwrap_or_default();
        let see = expectation.see.as_ref().map(|see| format!(" ({see})")).unwrap_or_default();
        format!(
            "* {} / {} / {}: {} where {} is expected{because}{see}",
            results.options[cell.option].name,
            results.callers[cell.caller].name,
            results.requests[cell.request].name,
            reasons::outcome(&cell.outcome),
            expectation.expected.word(),
        )
    };
    unmet.map(line).collect()
}

fn options(results: &Results) -> Vec<String> {
    let mut lines = Vec::new();
    for option in &results.options {
        lines.push(option.name.clone());
        lines.extend(option.condition.iter().map(|condition| format!("    {condition}")));
        lines.extend(option.changes.iter().map(|change| format!("    {change}")));
    }
    lines
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

/// Lines and headed sections.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str(&printable(line));
        self.0.push('\n');
    }

    /// A section, if it has lines.
    fn section(&mut self, head: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_none() {
            return;
        }
        self.0.push('\n');
        self.line(head);
        for line in lines {
            self.line(format!("  {line}").trim_end());
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;

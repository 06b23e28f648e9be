//! The matrix as a table: options as rows, callers × requests as columns, one mark per cell.

use matrix::{AxisEntry, Results};
use source::escaped;

use crate::bare;
use crate::label::{caller_label, request_label};
use crate::mark::{legend, shown};
use crate::page::Page;
use crate::reasons;

/// What a scenario found out: its title, the [`table`] and the options; of a bare run the canaries, and each cell that is
/// not as on AWS. The same results always give the same text.
#[must_use]
pub fn matrix(results: &Results, page: Page) -> String {
    let mut out = Text::new(page);
    out.line(&results.title, Page::bold);
    if let Some(source) = &results.source {
        out.line(source, plain);
    }
    if let Some(bare) = &results.bare {
        out.section("Canaries", bare::canaries(bare), plain);
    }
    out.text.push_str(&table(results, page));
    if results.bare.is_none() {
        out.section("Names", generated_names(results), plain);
    }
    if results.bare.is_some() {
        out.section("Fidelity", [bare::counts(results)], plain);
        bare::differences(results, page).into_iter().for_each(|(head, lines)| out.section(head, lines, Page::lead));
    }
    out.section("Options", options(results), plain);
    out.text
}

/// Why each denial and each surprising allow came about, what became of tasks, what AWS's documentation says, where a
/// backend differs from AWS, and what is not applied.
#[must_use]
pub fn details(results: &Results, page: Page) -> String {
    let mut out = Text::new(page);
    if results.bare.is_none() {
        out.section("Why", reasons::lines(results, page), Page::lead);
        out.section("Tasks (what their containers printed)", reasons::tasks(results, page), plain);
        let cites_aws = results.cells.iter().any(|cell| cell.expectation.see.is_some());
        let head = if cites_aws { "Expected, by AWS's documentation" } else { "Expected" };
        out.section(head, reasons::expectations(results, page), plain);
    }
    let notes = results.notes.iter().flat_map(|note| reasons::hang(page, "", note));
    out.section("Differences from AWS", notes, plain);
    let left = results.not_applied.iter().map(|left| format!("{}: {}", left.what, left.why));
    out.section("Not applied", left.flat_map(|left| reasons::hang(page, "", &left)), plain);
    out.text
}

/// The names that the template does not give: `Data is scenario-data-abc123`.
fn generated_names(results: &Results) -> Vec<String> {
    results.generated_names.iter().map(|one| format!("{} is {}", one.logical_id, one.name)).collect()
}

/// Of a bare run, each cell that is not as on AWS.
#[must_use]
pub fn differences(results: &Results, page: Page) -> String {
    let mut out = Text::new(page);
    out.line(&results.title, Page::bold);
    bare::differences(results, page).into_iter().for_each(|(head, lines)| out.section(head, lines, Page::lead));
    out.text
}

/// Callers, requests, the table itself and its legend.
#[must_use]
pub fn table(results: &Results, page: Page) -> String {
    let mut out = Text::new(page);
    out.section("Callers", named(page, &results.callers, caller_label), plain);
    out.section("Requests", named(page, &results.requests, request_label), plain);
    let from = INDENT + name_width(results);
    out.section("Matrix", rows(results, page), |page, line| {
        let at = line.char_indices().nth(from).map_or(line.len(), |(at, _)| at);
        format!("{}{}", &line[..at], page.marks(&line[at..]))
    });
    out.section("Marks", legend(results), Page::lead);
    out.text
}

fn named(page: Page, all: &[AxisEntry], label: impl Fn(usize) -> String) -> Vec<String> {
    let labels: Vec<String> = (0..all.len()).map(label).collect();
    let label_width = widest(labels.iter().map(String::as_str));
    let name_width = widest(all.iter().map(|one| one.name.as_str()));
    let lines = |(label, one): (&String, &AxisEntry)| {
        let head = format!("{label:label_width$}  {:name_width$}  ", one.name);
        let room = page.line().saturating_sub(INDENT + head.chars().count()).max(NARROWEST);
        reasons::hang_at(room, &head, &one.what)
    };
    labels.iter().zip(all).flat_map(lines).collect()
}

/// By how much the lines of a section are indented.
const INDENT: usize = 2;
/// What stands beside a name has as much room at least.
const NARROWEST: usize = 24;

fn name_width(results: &Results) -> usize {
    widest(results.options.iter().map(|option| option.name.as_str()))
}

/// A line of callers, a line of requests, a line for each option; the same again for callers that have no room beside the
/// others.
fn rows(results: &Results, page: Page) -> Vec<String> {
    let requests: Vec<String> = (0..results.requests.len()).map(request_label).collect();
    let cell_width = widest(requests.iter().map(String::as_str)) + 1;
    let group_width = (requests.len() * cell_width).max(2);
    let name_width = name_width(results);
    let columns: String = requests.iter().map(|label| format!("{label:cell_width$}")).collect();
    let room = page.line().saturating_sub(INDENT + name_width) / (group_width + 2);
    let callers: Vec<usize> = (0..results.callers.len()).collect();
    let mut lines = Vec::new();
    for callers in callers.chunks(room.max(1)) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let row = |name: &str, group: &dyn Fn(usize) -> String| {
            let groups = callers.iter().map(|&caller| format!("  {:group_width$}", group(caller)));
            format!("{name:name_width$}{}", groups.collect::<String>()).trim_end().to_owned()
        };
        lines.extend([row("", &caller_label), row("", &|_| columns.clone())]);
        for (option, row_of) in results.options.iter().enumerate() {
            lines.push(row(&row_of.name, &|caller| {
                let cells = (0..requests.len()).filter_map(|request| results.cell(option, caller, request));
                cells.map(|cell| format!("{:cell_width$}", shown(results, cell))).collect()
            }));
        }
    }
    lines
}

fn options(results: &Results) -> Vec<String> {
    let mut lines = Vec::new();
    if !results.changes.is_empty() {
        lines.push("every option".to_owned());
        lines.extend(results.changes.iter().map(|change| format!("    {change}")));
    }
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
struct Text {
    page: Page,
    text: String,
}

fn plain(_: Page, line: &str) -> String {
    line.to_owned()
}

impl Text {
    const fn new(page: Page) -> Self {
        Self { page, text: String::new() }
    }

    /// A line. Colours come last: what a line has of its own cannot steer a terminal.
    fn line(&mut self, line: &str, paint: impl Fn(Page, &str) -> String) {
        self.text.push_str(&paint(self.page, &escaped(line)));
        self.text.push('\n');
    }

    /// A section, if it has lines.
    fn section(
        &mut self,
        head: &str,
        lines: impl IntoIterator<Item = String>,
        paint: impl Fn(Page, &str) -> String + Copy,
    ) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_none() {
            return;
        }
        self.text.push('\n');
        self.line(head, Page::bold);
        for line in lines {
            self.line(format!("{:INDENT$}{line}", "").trim_end(), paint);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;

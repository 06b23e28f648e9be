//! A scenario's decisions as they are pinned.

use indexmap::IndexMap;
use matrix::{Cell, Results};
use serde_json::json;
use source::{escaped, escaped_lines};

use crate::label::{caller_label, request_label};
use crate::mark::{self, mark};
use crate::{Page, codes, details, matrix, reasons};

/// The first line of a snapshot's text. The number changes with the form, so that an old file is told as such.
pub(crate) const FORM: &str = "tagproof snapshot 2";

/// A scenario's decisions on a backend, with what stands beside them in the file.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The file's name without `.snap`: `ecs-task-tag@embedded`.
    pub name: String,
    /// The scenario's title, for the reviewer of a change.
    pub title: String,
    /// The marks, and for each mark the reason by code. No sentence of tagproof's is in it, so that rewording one changes
    /// no snapshot. Of a bare run it is the whole report: an observation that nothing is compared with.
    pub text: String,
}

/// The snapshot of a scenario's results on a backend.
#[must_use]
pub fn snapshot(results: &Results, backend: &str) -> Snapshot {
    let name = format!("{}@{backend}", results.scenario);
    let text = match results.bare {
        Some(_) => matrix(results, Page::FILE) + &details(results, Page::FILE),
        None => text(results),
    };
    Snapshot { name, title: results.title.clone(), text }
}

impl Snapshot {
    /// The snapshot's file, in insta's form. `source` is the scenario's file, as a path from where the snapshots' folder is.
    #[must_use]
    pub fn file(&self, source: &str) -> String {
        let (source, title) = (json!(source), json!(self.title));
        let head = format!("---\nsource: {source}\ndescription: {title}\n---\n");
        format!("{}{}\n", escaped_lines(&head), self.text.trim_end())
    }
}

fn text(results: &Results) -> String {
    let mut lines = vec![FORM.to_owned(), results.title.clone()];
    lines.extend(results.source.clone());
    let names = |all: &[matrix::AxisEntry], label: fn(usize) -> String| {
        all.iter().enumerate().map(|(at, one)| format!("{}  {}", label(at), one.name)).collect::<Vec<_>>()
    };
    let left = results.not_applied.iter().map(|left| left.what.clone()).collect();
    for (head, section) in [
        ("Callers", names(&results.callers, caller_label)),
        ("Requests", names(&results.requests, request_label)),
        ("Matrix", grid(results)),
        ("Marks", mark::codes(results)),
        ("Conditions", conditions(results)),
        ("Reasons", grouped(results, |cell| codes::reason(cell).map(|reason| (mark(&cell.outcome), reason)))),
        ("Tasks", grouped(results, |cell| cell.task.as_ref().map(|task| ("", codes::task(task))))),
        ("Not applied", left),
    ] {
        if !section.is_empty() {
            lines.extend([String::new(), head.to_owned()]);
            lines.extend(section.into_iter().map(|line| format!("  {line}")));
        }
    }
    lines.iter().map(|line| format!("{}\n", escaped(line.trim_end()))).collect()
}

/// A line of callers, a line of requests, and a line of marks for each option.
fn grid(results: &Results) -> Vec<String> {
    let widest = results.options.iter().map(|option| option.name.chars().count()).max().unwrap_or(0);
    let cell = request_label(results.requests.len().saturating_sub(1)).len();
    let group = (results.requests.len() * (cell + 1)).saturating_sub(1).max(caller_label(results.callers.len()).len());
    let row = |name: &str, group_of: &dyn Fn(usize) -> String| {
        let groups = (0..results.callers.len()).map(|caller| format!("   {:group$}", group_of(caller)));
        format!("{name:widest$}{}", groups.collect::<String>())
    };
    let spread = |cells: Vec<String>| {
        cells.iter().map(|text| format!("{text:cell$}")).collect::<Vec<_>>().join(" ").trim_end().to_owned()
    };
    let labels = spread((0..results.requests.len()).map(request_label).collect());
    let mut lines = vec![row("", &caller_label), row("", &|_| labels.clone())];
    for (at, option) in results.options.iter().enumerate() {
        let cells = |caller| (0..results.requests.len()).filter_map(move |request| results.cell(at, caller, request));
        lines.push(row(&option.name, &|caller| {
            spread(cells(caller).map(|cell| mark(&cell.outcome).to_owned()).collect())
        }));
    }
    lines
}

/// The conditions that the options put under test, in the user's own words.
fn conditions(results: &Results) -> Vec<String> {
    let with = results.options.iter().filter_map(|option| Some((&option.name, option.condition.as_ref()?)));
    with.flat_map(|(name, condition)| [name.clone(), format!("    {condition}")]).collect()
}

/// Cells with the same lines together, in the order in which the matrix first has them.
fn grouped(results: &Results, lines: impl Fn(&Cell) -> Option<(&'static str, Vec<String>)>) -> Vec<String> {
    let mut groups: IndexMap<_, Vec<&Cell>> = IndexMap::new();
    for cell in &results.cells {
        if let Some(group) = lines(cell) {
            groups.entry(group).or_default().push(cell);
        }
    }
    let mut out = Vec::new();
    for ((mark, lines), cells) in groups {
        let lead = if mark.is_empty() { String::new() } else { format!("{mark} ") };
        out.extend(reasons::places(results, &cells).iter().flat_map(|place| reasons::hang(Page::FILE, &lead, place)));
        out.extend(lines.into_iter().map(|line| format!("    {line}")));
    }
    out
}

#[cfg(test)]
mod tests;

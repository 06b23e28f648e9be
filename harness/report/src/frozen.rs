//! The text of a snapshot, as it was pinned before reports learnt of terminals.

use indexmap::IndexMap;
use scenario::{Cell, Results};

use crate::mark::mark;
use crate::page::Page;
use crate::printable::printable;
use crate::{reasons, table};

const OLD: &str = "let through, and there is no such object (404)";

pub(crate) fn text(results: &Results) -> String {
    let mut out = Text::default();
    out.line(&results.title);
    if let Some(source) = &results.source {
        out.line(source);
    }
    let table = table(results, Page::FILE);
    let old =
        |line: &str| if line.starts_with("  ?  allowed, and") { format!("  ?  {OLD}\n") } else { format!("{line}\n") };
    out.0.extend(table.lines().map(old));
    out.section("Options", options(results));
    out.section("Why (→ the smallest change that would turn it)", lines(results));
    out.section("Tasks (what their containers printed)", reasons::tasks(results, Page::FILE));
    out.section("Expected, by AWS's documentation", reasons::expectations(results, Page::FILE));
    out.section("Otherwise than on AWS", results.notes.iter().flat_map(|note| reasons::hang(Page::FILE, "", note)));
    out.section("Not applied", results.not_applied.iter().map(|left| format!("{}: {}", left.what, left.why)));
    out.0
}

fn lines(results: &Results) -> Vec<String> {
    let mut groups: IndexMap<_, Vec<&Cell>> = IndexMap::new();
    for cell in results.cells.iter().filter(|cell| reasons::needs_reason(cell)) {
        let notes = cell.filed.as_ref().map(|filed| filed.decision.notes).unwrap_or_default();
        groups.entry((mark(&cell.outcome), cell.reason.as_str(), notes)).or_default().push(cell);
    }
    let mut lines = Vec::new();
    for (group, cells) in groups {
        lines.extend(reasons::shown(results, Page::FILE, group, &cells));
        let mend = cells.iter().find_map(|cell| cell.mend.as_ref());
        let mend = mend.map(|mend| reasons::fold(Page::FILE, mend)).unwrap_or_default();
        lines.extend(mend.into_iter().map(|line| format!("    → {line}")));
    }
    lines
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

//! What `lint` says last.

use source::{FileId, Severity};

use super::Found;
use crate::output;

/// What was looked at, and how much there is to say about it.
#[derive(Default)]
pub(super) struct Summary {
    files: usize,
    statements: usize,
    /// Errors, security warnings, warnings, suggestions.
    counts: [usize; 4],
    /// Findings that comments leave out.
    suppressed: usize,
    /// Statements, conditions and values of which `--deep` settles nothing.
    pub(super) unsettled: usize,
    /// Findings that were fixed.
    pub(super) fixed: usize,
    /// Files of folders that are neither policies nor templates.
    pub(super) skipped: Vec<String>,
}

impl Summary {
    pub(super) fn add(&mut self, found: &Found) {
        self.files += (0..).take_while(|file| found.sources.get(FileId(*file)).is_some()).count();
        self.statements += found.statements;
        self.suppressed += found.suppressed;
        for finding in &found.findings {
            self.counts[match finding.severity {
                Severity::Error => 0,
                Severity::SecurityWarning => 1,
                Severity::Warning => 2,
                Severity::Suggestion => 3,
            }] += 1;
        }
    }

    /// Whether there is nothing worse than suggestions.
    pub(super) fn is_fine(&self) -> bool {
        self.counts[..3].iter().all(|count| *count == 0)
    }

    pub(super) fn print(&self) {
        const MOST: usize = 10;
        if !self.skipped.is_empty() {
            let shown = self.skipped.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = match self.skipped.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            output::note(&format!("Skipped, neither policy nor template: {shown}{more}"));
        }
        if self.files > 0 {
            output::note(&self.line());
        }
    }

    fn line(&self) -> String {
        let names = ["error", "security warning", "warning", "suggestion"];
        let found = self.counts.into_iter().zip(names).filter(|(count, _)| *count > 0);
        let mut parts: Vec<_> = found.map(|(count, name)| counted(count, name)).collect();
        if parts.is_empty() {
            parts.push(if self.fixed > 0 { "no findings left" } else { "no findings" }.to_owned());
        }
        let others = [
            (self.fixed, "fixed"),
            (self.suppressed, "left out by comments"),
            (self.unsettled, "not settled by --deep"),
            (self.skipped.len(), "skipped"),
        ];
        let others =
            others.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("; {count} {name}"));
        format!(
            "{}, {}: {}{}",
            counted(self.files, "file"),
            counted(self.statements, "statement"),
            parts.join(", "),
            others.collect::<String>()
        )
    }
}

fn counted(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

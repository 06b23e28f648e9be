//! Findings on their way out.

use std::collections::HashSet;

use policy::undocumented::{Case, ROWS};
use source::{Edit, Finding, Findings, Severity, Span};

use crate::code::Code;
use crate::glob::UNKNOWN;

/// Collects findings.
#[derive(Debug, Default)]
pub(crate) struct Sink(Findings);

impl Sink {
    /// Adds one. Nothing is said about text that is not known.
    pub(crate) fn add(&mut self, code: &Code, span: Span, message: impl Into<String>) -> Added<'_> {
        let message = message.into();
        if message.contains(UNKNOWN) {
            return Added(None);
        }
        Added(self.0.push(Finding::new(code.severity, code.name, span, message).see(code.page)))
    }

    /// Passes one on as it is.
    pub(crate) fn pass(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Whether so much is said already that looking for near names would take long.
    pub(crate) fn is_full(&self) -> bool {
        self.0.are_many()
    }

    /// All of them, each once, in the order of the text.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut all = self.0.into_vec();
        let mut seen = HashSet::new();
        all.retain(|finding| seen.insert((finding.span, finding.code, finding.message.clone())));
        all.sort_by_key(|finding| (finding.span.file, finding.span.start, finding.severity));
        all
    }
}

/// The finding just added.
pub(crate) struct Added<'a>(Option<&'a mut Finding>);

impl Added<'_> {
    /// Says what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(finding) = &mut self.0 {
            let help = help.into();
            if !help.is_empty() && !help.contains(UNKNOWN) {
                finding.help = Some(help);
            }
        }
        self
    }

    /// Makes it a suggestion: what it rests on may be incomplete.
    pub(crate) fn suggests_only(mut self) -> Self {
        if let Some(finding) = &mut self.0 {
            finding.severity = Severity::Suggestion;
        }
        self
    }

    /// Says that AWS's documentation leaves open what the finding rests on, and what is taken for true here.
    pub(crate) fn rests_on(mut self, case: Option<Case>) -> Self {
        let row = case.and_then(|case| ROWS.get(case as usize));
        if let Some((finding, row)) = self.0.as_mut().zip(row) {
            finding.help = Some(match finding.help.take() {
                Some(help) => format!("{row}\n{help}"),
                None => row.to_string(),
            });
        }
        self
    }

    /// Names a page that says more than the code's own.
    pub(crate) fn see(mut self, page: impl Into<Box<str>>) -> Self {
        if let Some(finding) = &mut self.0 {
            finding.see = Some(page.into());
        }
        self
    }

    /// Proposes the rewrite that is right, if there is one.
    pub(crate) fn edit(self, edit: Option<Edit>) {
        if let Some(finding) = self.0 {
            finding.edit = edit.map(Box::new);
        }
    }
}

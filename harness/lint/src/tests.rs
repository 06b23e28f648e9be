//! Policies, and what there is to say about them.

mod analyzer;
mod cases;
mod edits;
mod fine;
mod forms;
mod help;
mod managed;
mod pitfalls;
mod robust;
mod rows;
mod shape;
mod suppression;
mod tag_on_create;
mod template;

use policy::Kind;
use source::{FileId, Finding};

/// A policy, or the elements of its only statement, and what is said about it: `CODE | underlined text`, in the order
/// of the text.
struct Case(Kind, &'static str, &'static [&'static str]);

impl Case {
    fn text(&self) -> String {
        match self.1.starts_with(['{', '[']) {
            true => self.1.to_owned(),
            false => format!(r#"{{"Version": "2012-10-17", "Statement": [{{{}}}]}}"#, self.1),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        crate::text(FileId(0), &self.text(), Some(self.0))
    }

    /// What is not as it should be.
    fn fault(&self) -> Option<String> {
        let (text, said) = (self.text(), told(&self.text(), &self.findings()));
        (said != self.2).then(|| format!("{text}\n  said:     {said:#?}\n  expected: {:#?}\n", self.2))
    }
}

/// Fails with all that is not as it should be.
fn check<'a>(cases: impl IntoIterator<Item = &'a Case>) {
    let faults: Vec<_> = cases.into_iter().filter_map(Case::fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Findings as a case has them.
fn told(text: &str, findings: &[Finding]) -> Vec<String> {
    let part = |finding: &Finding| {
        let part = &text[finding.span.start as usize..finding.span.end as usize];
        part.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    findings.iter().map(|finding| format!("{} | {}", finding.code, part(finding))).collect()
}

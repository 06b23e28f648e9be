//! The sections of READMEs that are made: of a scenario's from what it gives, of a folder's from its scenarios.

use matrix::{Prepared, Results};
use report::Page;

/// The README with its sections made anew; `None` if it has none of them.
///
/// A section begins on the line after a comment such as `<!-- matrix: … -->` and ends before `<!-- end of matrix -->`. There are
/// `policies`, what each option writes; `matrix`; and `reasons`, why its cells came out so.
#[must_use]
pub fn with_sections(readme: &str, prepared: &Prepared, results: &Results) -> Option<String> {
    let text = |text: &str| format!("```text\n{}\n```", text.trim());
    let sections = [
        ("policies", report::policies(prepared)),
        ("matrix", text(&report::table(results, Page::FILE))),
        ("reasons", text(&report::reasons(results))),
    ];
    with(readme, &sections)
}

/// The README of a folder of scenarios with the sections of its index made anew, `by key`, `by operator` and `by service`;
/// `None` if it has none of them.
#[must_use]
pub fn with_index(readme: &str, all: &[Prepared]) -> Option<String> {
    with(readme, &report::index(all))
}

fn with(readme: &str, sections: &[(&str, String)]) -> Option<String> {
    sections.iter().fold(None, |whole: Option<String>, (name, body)| {
        with_section(whole.as_deref().unwrap_or(readme), name, body).or(whole)
    })
}

fn with_section(text: &str, name: &str, body: &str) -> Option<String> {
    let start = text.find(&format!("<!-- {name}:"))?;
    let start = start + text[start..].find('\n')? + 1;
    let end = start + text[start..].find(&format!("<!-- end of {name} -->"))?;
    Some(format!("{}\n{body}\n\n{}", &text[..start], &text[end..]))
}

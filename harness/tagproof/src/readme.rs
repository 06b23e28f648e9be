//! The sections of a scenario's README that are made from what the scenario gives.

use report::Page;
use scenario::{Prepared, Results};

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
    let made = |whole: Option<String>, (name, body): &(&str, String)| {
        with_section(whole.as_deref().unwrap_or(readme), name, body).or(whole)
    };
    sections.iter().fold(None, made)
}

/// A text with one section made anew; `None` if it has no such section.
#[must_use]
pub fn with_section(text: &str, name: &str, body: &str) -> Option<String> {
    let start = text.find(&format!("<!-- {name}:"))?;
    let start = start + text[start..].find('\n')? + 1;
    let end = start + text[start..].find(&format!("<!-- end of {name} -->"))?;
    Some(format!("{}\n{body}\n\n{}", &text[..start], &text[end..]))
}

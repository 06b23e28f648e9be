//! The matrix section of a scenario's README.

use scenario::Results;

const START: &str = "<!-- matrix:";
const END: &str = "<!-- end of matrix -->";

/// The README with its matrix section made anew; `None` if it has no such section.
///
/// The section begins on the line after a comment `<!-- matrix: … -->` and ends before `<!-- end of matrix -->`.
#[must_use]
pub fn with_matrix(readme: &str, results: &Results) -> Option<String> {
    let start = readme.find(START)?;
    let start = start + readme[start..].find('\n')? + 1;
    let end = start + readme[start..].find(END)?;
    let table = report::table(results, report::Page::FILE);
    Some(format!("{}\n```text\n{}\n```\n\n{}", &readme[..start], table.trim(), &readme[end..]))
}

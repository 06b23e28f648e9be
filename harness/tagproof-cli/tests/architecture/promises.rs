//! What docs/security.md promises, and the tests that it names for it.

use std::fs;
use std::path::Path;

/// A row of a table and its last cell.
struct Row<'a> {
    text: &'a str,
    tests: Vec<(&'a str, &'a str)>,
}

/// Promises without a test of theirs, or with one that is not there.
pub(crate) fn broken(docs: &Path) -> Vec<String> {
    let page = fs::read_to_string(docs.join("security.md")).expect("the page is there");
    let rows = rows(&page);
    assert!(rows.len() >= 10, "there are {} promises", rows.len());
    rows.iter().flat_map(|row| row.broken(docs)).collect()
}

/// The rows of all tables, without the two of each that head it.
fn rows(page: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut in_table = 0;
    for line in page.lines() {
        in_table = if line.starts_with('|') { in_table + 1 } else { 0 };
        if in_table > 2 {
            let cell = line.trim_end_matches([' ', '|']).rsplit('|').next().unwrap_or_default();
            rows.push(Row { text: line, tests: cell.split(", ").filter_map(link).collect() });
        }
    }
    rows
}

/// The name of a test and its file, of ``[`name`](file)``.
fn link(text: &str) -> Option<(&str, &str)> {
    text.trim().strip_prefix("[`")?.strip_suffix(')')?.split_once("`](")
}

impl Row<'_> {
    fn broken(&self, docs: &Path) -> Vec<String> {
        if self.tests.is_empty() {
            return vec![format!("no test is named for: {}", self.text)];
        }
        let missing = |(name, file): &&(&str, &str)| {
            let code = fs::read_to_string(docs.join(file)).unwrap_or_default();
            !is_test(&code, name)
        };
        self.tests.iter().filter(missing).map(|(name, file)| format!("{file} has no test {name}")).collect()
    }
}

/// Whether there is a test of this name: a function with `#[test]`, `#[tokio::test…]` or `#[rstest]` above it.
fn is_test(code: &str, name: &str) -> bool {
    let Some(at) = code.find(&format!("fn {name}(")) else { return false };
    let above = code[..at].rsplit("\n\n").next().unwrap_or_default();
    ["#[test]", "#[tokio::test", "#[rstest]"].iter().any(|mark| above.contains(mark))
}

#[test]
fn a_row_names_its_tests() {
    let page = "| a | b |\n|---|---|\n| c | [`d`](e.rs), [`f`](g.rs) |\n| h | i |\n\n| j |\n";
    let rows = rows(page);
    assert_eq!(
        rows.iter().map(|row| row.tests.clone()).collect::<Vec<_>>(),
        [vec![("d", "e.rs"), ("f", "g.rs")], vec![]]
    );
    assert!(is_test("#[test]\nfn a() {}", "a") && is_test("#[tokio::test]\nasync fn a() {}", "a"));
    assert!(!is_test("#[test]\nfn a() {}\n\nfn b() {}", "b") && !is_test("#[test]\nfn ab() {}", "b"));
}

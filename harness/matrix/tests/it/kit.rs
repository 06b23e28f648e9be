//! What the tests of whole scenarios share.

use std::path::Path;

use matrix::{LoadError, Prepared, Results};

/// A scenario of `tests/data`.
pub(crate) fn loaded(name: &str) -> Prepared {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../matrix/tests/data").join(name);
    matrix::load(&path).unwrap_or_else(|error| panic!("{}", said(&error).join("\n")))
}

/// The same with a part of its file replaced.
pub(crate) fn changed(name: &str, old: &str, new: &str) -> Prepared {
    load_changed(name, old, new).unwrap_or_else(|error| panic!("{}", said(&error).join("\n")))
}

/// The same, which may have errors.
pub(crate) fn load_changed(name: &str, old: &str, new: &str) -> Result<Prepared, LoadError> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../matrix/tests/data").join(name);
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(from.join("scenario.yaml")).unwrap();
    assert_eq!(text.matches(old).count(), 1, "`{old}` must stand there once");
    std::fs::write(folder.path().join("scenario.yaml"), text.replace(old, new)).unwrap();
    std::fs::copy(from.join("template.yaml"), folder.path().join("template.yaml")).unwrap();
    matrix::load(folder.path())
}

/// Every finding as `file:line:column CODE message (help)`, the file without its folder.
pub(crate) fn said(error: &LoadError) -> Vec<String> {
    match error {
        LoadError::Unread(_) => vec![error.to_string()],
        LoadError::Faulty { sources, findings } => findings
            .iter()
            .map(|finding| {
                let place = sources.locate(finding.span);
                let place = place.rsplit('/').next().unwrap_or_default().to_owned();
                let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                format!("{place} {} {}{help}", finding.code, finding.message)
            })
            .collect(),
    }
}

/// The cells that are not as expected, each in one line.
pub(crate) fn disagreements(results: &Results) -> Vec<String> {
    let wrong = results.cells.iter().filter(|cell| !cell.ok);
    wrong
        .map(|cell| {
            let option = &results.options[cell.option].name;
            let (caller, request) = (&results.callers[cell.caller].name, &results.requests[cell.request].name);
            let expected = cell.expectation.expected.word();
            format!("{option}/{caller}/{request}: expected {expected}, got {:?}: {}", cell.outcome, cell.reason)
        })
        .collect()
}

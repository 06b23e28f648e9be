//! Scenarios that stand in a test's own text.

use matrix::{LoadError, Prepared};

/// A scenario and its template, as they are written.
pub(crate) fn written(scenario: &str, template: &str) -> Result<Prepared, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scenario.yaml"), scenario).unwrap();
    std::fs::write(folder.path().join("template.yaml"), template).unwrap();
    matrix::load(folder.path())
}

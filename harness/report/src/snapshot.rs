//! A matrix as it is pinned.

use scenario::Results;
use serde_json::json;

use crate::matrix;

/// A scenario's matrix on a backend, with what stands beside it in the file.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The file's name without `.snap`: `ecs-task-tag@embedded`.
    pub name: String,
    /// The scenario's title, for whoever reviews a change.
    pub title: String,
    /// The matrix. It names the scenario's source and the AWS page of each expectation.
    pub text: String,
}

/// The snapshot of a scenario's results on a backend.
#[must_use]
pub fn snapshot(results: &Results, backend: &str) -> Snapshot {
    let name = format!("{}@{backend}", results.scenario);
    Snapshot { name, title: results.title.clone(), text: matrix(results) }
}

impl Snapshot {
    /// The snapshot's file, in insta's form.
    #[must_use]
    pub fn file(&self) -> String {
        format!("---\ndescription: {}\n---\n{}\n", json!(self.title), self.text.trim_end())
    }
}

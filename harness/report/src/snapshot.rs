//! A matrix as it is pinned.

use scenario::Results;
use serde_json::json;

use crate::{Page, details, frozen, matrix};

/// The first line of a snapshot's text in its next form.
pub(crate) const FORM: &str = "tagproof snapshot 2";

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
    let text = match results.bare {
        Some(_) => matrix(results, Page::FILE) + &details(results, Page::FILE),
        None => frozen::text(results),
    };
    Snapshot { name, title: results.title.clone(), text }
}

impl Snapshot {
    /// The snapshot's file, in insta's form.
    #[must_use]
    pub fn file(&self) -> String {
        format!("---\ndescription: {}\n---\n{}\n", json!(self.title), self.text.trim_end())
    }
}

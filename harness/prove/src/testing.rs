//! What the tests build their cases with.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use serde_json::Value;

#[track_caller]
pub(crate) fn policy(kind: Kind, document: &Value) -> Arc<Policy> {
    let text = document.to_string();
    let (read, findings) = Document::read_json(&text, kind);
    let read = read.unwrap_or_else(|| panic!("{text}: {findings:?}"));
    Arc::new(Policy::new("p", kind, &read))
}

/// A policy of some statements: `{…}, {…}`, in the 2012 version.
#[track_caller]
pub(crate) fn statements(kind: Kind, statements: &str) -> Arc<Policy> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    policy(kind, &serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{text}: {fault}")))
}

/// How many cases of chance are tried: as many as `PROPTEST_CASES` says, else enough for everyday.
#[expect(clippy::disallowed_methods, reason = "how many cases are tried comes from outside")]
pub(crate) fn cases() -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000)
}

//! What the fuzz targets in `fuzz/` look for, on the inputs that they kept. The targets include the same files.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]
#![expect(unreachable_pub, reason = "a test has no outside")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod ask;
mod document;
mod kept;
mod variables;
mod wildcard;

#[test]
fn documents() {
    kept::replay("document", document::check);
}

#[test]
fn wildcards() {
    kept::replay("wildcard", wildcard::check);
}

#[test]
fn variables() {
    kept::replay("variables", variables::check);
}

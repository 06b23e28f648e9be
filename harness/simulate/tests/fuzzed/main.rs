//! What the fuzz targets `lines` and `claims` in `fuzz/` look for, on the inputs that they kept. The targets include the same files.

#![expect(unreachable_pub, reason = "a test has no outside")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod calls;
mod claims;
#[path = "../../../policy/tests/fuzzed/kept.rs"]
mod kept;
mod lines;

#[test]
fn lines() {
    kept::replay("lines", lines::check);
}

#[test]
fn claims() {
    kept::replay("claims", claims::check);
}

/// The same of lines about calls, which chance alone does not write.
#[test]
fn calls() {
    lines::check(&calls::some(9));
}

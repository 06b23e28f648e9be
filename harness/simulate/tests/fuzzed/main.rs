//! What the fuzz target `lines` in `fuzz/` looks for, on the inputs that it kept. The target includes the same file.

#![expect(unreachable_pub, reason = "a test has no outside")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod calls;
#[path = "../../../policy/tests/fuzzed/kept.rs"]
mod kept;
mod lines;

#[test]
fn lines() {
    kept::replay("lines", lines::check);
}

/// The same of lines about calls, which chance alone does not write.
#[test]
fn calls() {
    lines::check(&calls::some(9));
}

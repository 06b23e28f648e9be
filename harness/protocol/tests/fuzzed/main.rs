//! What the fuzz target `codec` in `fuzz/` looks for, on the inputs that it kept, and on requests that are nearly right. The
//! target includes the same file.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]
#![expect(unreachable_pub, reason = "a test has no outside")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod codec;
#[path = "../../../policy/tests/fuzzed/kept.rs"]
mod kept;
mod nearly;

#[test]
fn codec() {
    kept::replay("codec", codec::check);
}

//! The engine held against a second evaluator, against laws, against a corpus, and against another crate.
//!
//! Cases are JSON in the shape of the simulation format. `PROPTEST_CASES` sets on how many of them engine and reference
//! have to agree; a million take minutes with `--release`:
//! `PROPTEST_CASES=1000000 cargo test --release -p tagproof-policy --test proof agreement::`

#![expect(unreachable_pub, reason = "a test has no outside")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod agreement;
mod corpus;
mod coverage;
mod engine;
mod generate;
mod laws;
mod mends;
mod otherwise;
mod peer;
mod reference;
mod tape;

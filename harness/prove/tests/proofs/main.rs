//! Proofs and counterexamples held against published verdicts and against the engine.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod iamspy;
mod managed;
mod published;

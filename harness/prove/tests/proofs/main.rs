//! Proofs and counterexamples held against published verdicts and against the engine.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod managed;
mod published;

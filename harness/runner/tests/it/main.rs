//! Whole scenarios: run.
#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's helpers for production code")]

mod aws;
mod bare;
mod commands;
// The scenarios are those of `matrix`.
#[path = "../../../matrix/tests/it/kit.rs"]
mod kit;
mod run;
mod stand;

//! Whole scenarios: read, predicted and run.
#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's helpers for production code")]

mod aws;
mod bare;
mod broker;
mod commands;
mod faults;
mod kit;
mod predict;
mod run;
mod stand;

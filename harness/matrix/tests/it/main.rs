//! Whole scenarios: read and predicted.
#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's helpers for production code")]

mod actions;
mod as_deployed;
mod broker;
mod claims;
mod deployed;
mod faults;
mod kit;
mod predict;
mod terraform;
mod written;

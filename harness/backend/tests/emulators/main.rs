//! Real emulators, in containers and as processes, and what is left of them however their runner ends.
//!
//! `.ci/backends` runs these: it builds stand-ins for images that cannot be pulled. Virtual environments are kept in
//! Cargo's folder for tests, so that only the first run installs them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "of a test that fails, what was said until then")]

mod failures;
mod killed;
mod lifecycle;
mod machine;

//! Start, watch and stop what serves the calls.
//!
//! The embedded account needs nothing of this: it is `wire::Server` in the same process. What is here are emulators
//! that run by themselves; today that is [`Moto`], in a container.

mod moto;

pub use moto::{Moto, StartError};

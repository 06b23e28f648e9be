//! The signals that ask a program to end. A program listens for them ([`Interrupts`]), and what would outlive it is removed
//! before one ends it ([`before_ending`]).

mod ending;
mod interrupts;

pub use ending::{before_ending, is_ending, set_grace};
pub use interrupts::Interrupts;

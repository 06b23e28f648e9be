//! What is decided about calls and questions, with every service there.
#[cfg(test)]
mod context;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod questions;

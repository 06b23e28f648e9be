//! Outcomes made readable: the matrix as text, the same as JSON, one cell or one answer explained, findings with their places.
//!
//! Everything here reads finished values, [`scenario::Results`] and [`policy::Decision`] above all, and decides
//! nothing. What is printed for people and what stands in a snapshot is the same text.

mod bare;
mod call;
mod decided;
mod diff;
mod explanation;
mod fidelities;
mod findings;
mod json;
mod label;
mod mark;
mod matrix;
mod printable;
mod reasons;
mod snapshot;

pub use bare::counts;
pub use call::call;
pub use decided::decided;
pub use diff::diff;
pub use explanation::{answer, explanation};
pub use fidelities::{Fidelities, Observed};
pub use findings::findings;
pub use json::{VERSION, cell_json, json};
pub use mark::mark;
pub use matrix::{matrix, table};
pub use snapshot::{Snapshot, snapshot};

//! Outcomes made readable: the matrix as text, the same as JSON, one cell or one answer explained, findings with their places.
//!
//! Everything here reads finished values, [`scenario::Results`] and [`policy::Decision`] above all, and decides
//! nothing. What is printed for people is in sentences; what stands in a snapshot is marks and codes.

mod bare;
mod call;
mod codes;
mod diff;
mod explanation;
mod fidelities;
mod findings;
mod json;
mod label;
mod mark;
mod matrix;
mod pinned;
mod printable;
mod reasons;
mod snapshot;
mod unexpected;

pub use bare::counts;
pub use call::call;
pub use diff::diff;
pub use explanation::{answer, explanation};
pub use fidelities::{Fidelities, Observed};
pub use findings::findings;
pub use json::{VERSION, cell_json, json};
pub use mark::mark;
pub use matrix::{matrix, table};
pub use pinned::Pinned;
pub use snapshot::{Snapshot, snapshot};
pub use unexpected::unexpected;

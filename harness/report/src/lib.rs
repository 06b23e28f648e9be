//! Outcomes made readable: the matrix as text, the same as JSON, one cell or one answer explained, findings with their places.
//!
//! Everything here reads finished values, [`matrix::Results`] and [`policy::Decision`] above all, and decides
//! nothing. What is printed for people is in sentences, laid out for a [`Page`]: so many columns, with colours or without.
//! What stands in a snapshot is marks and codes.

mod bare;
mod call;
mod card;
mod claims;
mod codes;
mod decided;
mod diff;
mod explanation;
mod fidelities;
mod findings;
mod index;
mod json;
mod label;
mod layout;
mod mark;
mod page;
mod pinned;
mod policies;
mod reasons;
mod snapshot;
mod summary;
mod table;
mod unexpected;
mod who_can;

pub mod proof;
pub mod quiz;

pub use bare::counts;
pub use call::{RecordedDecision, call};
pub use card::{Beside, Card, Used, cards, page_of_key};
pub use claims::{claim_json, claims, claims_total, unexpected_claims, verdict, verdict_json};
pub use decided::decided;
pub use diff::diff;
pub use explanation::{answer, explanation};
pub use fidelities::{Fidelities, Observed, ObservedRun};
pub use findings::findings;
pub use index::index;
pub use json::{VERSION, cell_json, json};
pub use label::{caller_at, caller_label, request_at, request_label};
pub use layout::{error, laid_out};
pub use mark::mark;
pub use page::Page;
pub use pinned::Pinned;
pub use policies::policies;
pub use reasons::reasons;
pub use snapshot::{Snapshot, snapshot};
pub use summary::{line, total, unconfirmed};
pub use table::{details, differences, matrix, table};
pub use unexpected::{quoted, unexpected};
pub use who_can::who_can;

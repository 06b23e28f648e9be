//! What a user wrote, and where.
//!
//! Templates, scenarios and policies all arrive as text. This crate holds that text ([`Source`]), places in it
//! ([`Span`]), the tree a YAML or JSON reader makes of it ([`Node`]), and what there is to say about it
//! ([`Finding`]). The readers themselves are [`yaml`] and [`json`]. Nothing here does I/O.

mod edit;
mod escape;
mod finding;
mod findings;
mod node;
mod span;
mod text;

pub mod json;
pub mod yaml;

pub use edit::{Edit, rewrite};
pub use escape::{escaped, escaped_lines};
pub use finding::{Finding, Severity, suggest};
pub use findings::Findings;
pub use node::{Entry, Node, Value};
pub use span::{FileId, Span};
pub use text::{Position, Source, Sources, utf8};

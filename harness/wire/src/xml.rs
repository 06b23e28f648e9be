//! XML as AWS's REST-XML and query protocols have it: a writer for answers, a reader for request bodies.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Element, Malformed, read};
pub use write::Writer;

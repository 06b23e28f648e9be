//! XML: small documents into a tree and back.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Element, NotXml, read};
pub use write::Writer;

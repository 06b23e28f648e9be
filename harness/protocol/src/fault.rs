//! What cannot be decoded.

use std::fmt;

/// A message that does not fit its operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong.
    pub reason: Reason,
    /// Where: `tags[0].key`, `?versionId`, `x-amz-acl`; empty for the message as a whole.
    pub place: String,
    /// The same in words.
    pub message: String,
    /// The text that was given, of a parameter or a header.
    pub given: Option<String>,
}

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not JSON, XML, CBOR or a form.
    Syntax,
    /// A value is of another type than the model says.
    Type,
    /// It says something that the operation does not have.
    Unexplained,
    /// It says the same thing twice.
    Duplicate,
    /// The path lacks a label, or a member that the path needs is missing.
    Path,
}

impl Malformed {
    pub(crate) fn new(reason: Reason, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason, place: place.into(), message: message.into(), given: None }
    }

    pub(crate) fn syntax(message: impl Into<String>) -> Self {
        Self::new(Reason::Syntax, "", message)
    }

    pub(crate) fn not_a(what: &str, place: &str) -> Self {
        Self::new(Reason::Type, place, format!("`{place}` is not {what}"))
    }

    pub(crate) fn given(mut self, text: &str) -> Self {
        self.given = Some(text.to_owned());
        self
    }

    pub(crate) fn unexplained(place: &str) -> Self {
        Self::new(Reason::Unexplained, place, format!("the operation has no `{place}`"))
    }

    pub(crate) fn duplicate(place: &str) -> Self {
        Self::new(Reason::Duplicate, place, format!("`{place}` is given more than once"))
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Malformed {}

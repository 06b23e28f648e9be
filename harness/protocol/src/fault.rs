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
    /// Some server would read what is written otherwise than it is meant.
    Ambiguous,
}

impl Malformed {
    pub(crate) fn new(reason: Reason, place: impl fmt::Display, message: impl Into<String>) -> Self {
        Self { reason, place: place.to_string(), message: message.into(), given: None }
    }

    pub(crate) fn syntax(message: impl Into<String>) -> Self {
        Self::new(Reason::Syntax, "", message)
    }

    pub(crate) fn not_a(what: &str, place: impl fmt::Display) -> Self {
        let message = format!("`{place}` is not {what}");
        Self::new(Reason::Type, place, message)
    }

    pub(crate) fn given(mut self, text: &str) -> Self {
        self.given = Some(text.to_owned());
        self
    }

    pub(crate) fn unexplained(place: impl fmt::Display) -> Self {
        let message = format!("the operation has no `{place}`");
        Self::new(Reason::Unexplained, place, message)
    }

    pub(crate) fn ambiguous(place: impl fmt::Display) -> Self {
        let message = format!("`{place}` cannot be sent: not every server would read it as it is meant");
        Self::new(Reason::Ambiguous, place, message)
    }

    pub(crate) fn duplicate(place: impl fmt::Display) -> Self {
        let message = format!("`{place}` is given more than once");
        Self::new(Reason::Duplicate, place, message)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Malformed {}

//! Why an option could not be brought to its requests, as it is told to people.

use crate::flow::Broken;
use crate::prepared::Prepared;

/// A call that an option needs was refused, or came to nothing.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("option `{option}` of scenario `{scenario}` cannot be set up: {call}: {reason}")]
pub struct SetUpError {
    /// The scenario's name.
    pub scenario: String,
    /// The option's name.
    pub option: String,
    /// What was tried: `iam:CreateRole of `name``.
    pub call: String,
    /// What came back.
    pub reason: String,
}

impl SetUpError {
    /// Of an option, by index.
    #[must_use]
    pub fn new(prepared: &Prepared, option: usize, Broken { call, error }: Broken) -> Self {
        let option = prepared.options().nth(option).unwrap_or_default().to_owned();
        Self { scenario: prepared.name.clone(), option, call, reason: error.told() }
    }
}

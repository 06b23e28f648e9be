//! Why a run or a prediction could not be made.

use crate::flow::Broken;
use crate::prepare::Prepared;

/// Why a run could not be made.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("option `{option}` of scenario `{scenario}` cannot be set up: {call}: {reason}")]
pub struct RunError {
    /// The scenario's name.
    pub scenario: String,
    /// The option's name.
    pub option: String,
    /// What was tried: `iam:CreateRole of `name``.
    pub call: String,
    /// What came back.
    pub reason: String,
}

impl RunError {
    pub(crate) fn new(prepared: &Prepared, option: usize, Broken { call, reason }: Broken) -> Self {
        let option = prepared.scenario.options.get(option).map(|option| option.name.clone()).unwrap_or_default();
        Self { scenario: prepared.name.clone(), option, call, reason }
    }
}

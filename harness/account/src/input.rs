//! An operation's input, held to the API model of its service.

use protocol::Breach;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::fault::Fault;

/// What an input breaks of what the service's API model says. One that breaks nothing has what is required, and everything
/// in it is of its type.
#[must_use]
pub fn breaches(service: &str, operation: &str, input: &Value) -> Vec<Breach> {
    let model = model::of(service);
    let structure = model.and_then(|model| Some((model, model.input(model.operation(operation)?)?)));
    let Some((model, structure)) = structure else { return Vec::new() };
    let nothing = Map::new();
    protocol::breaches(model, structure, input.as_object().unwrap_or(&nothing))
}

/// AWS's sentence for all that is wrong with an input: `2 validation errors detected: …; …`.
#[must_use]
pub fn detected(breaches: &[Breach], sentence: fn(&Breach) -> String) -> String {
    let errors = if breaches.len() == 1 { "error" } else { "errors" };
    let sentences: Vec<_> = breaches.iter().map(sentence).collect();
    format!("{} validation {errors} detected: {}", breaches.len(), sentences.join("; "))
}

/// The typed input of an operation. `code` is the code of the 400 that the service answers to one it cannot read.
///
/// # Errors
/// The input says more than the type can hold.
pub fn read<T: DeserializeOwned>(input: Value, code: &'static str) -> Result<T, Fault> {
    serde_json::from_value(input).map_err(|error| Fault::new(400, code, error.to_string()))
}

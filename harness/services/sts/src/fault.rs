//! STS's errors, in its own words.

use account::input::detected;
use account::{Breach, Fault};

/// What the model does not let through.
pub(super) fn breaches(breaches: &[Breach]) -> Fault {
    validation(detected(breaches, Breach::with_value))
}

pub(super) fn validation(message: impl Into<String>) -> Fault {
    Fault::new(400, "ValidationError", message)
}

pub(super) fn invalid_parameter(message: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidParameterValue", message)
}

pub(super) fn access_denied(message: impl Into<String>) -> Fault {
    Fault::new(403, "AccessDenied", message)
}

/// STS's words to a session that calls what only long-term credentials may.
pub(super) fn session_credentials(operation: &str) -> Fault {
    access_denied(format!("Cannot call {operation} with session credentials"))
}

/// An operation that STS does not have, or that is not emulated.
pub(super) fn unknown_operation(operation: &str) -> Fault {
    Fault::new(400, "InvalidAction", format!("Could not find operation {operation} for sts"))
}

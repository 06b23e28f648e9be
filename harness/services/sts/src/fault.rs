//! STS's errors, in its own words.

use account::Fault;

/// Whether a text is of `\w` and the punctuation of `more`.
pub(super) fn is_of_word_or(text: &str, more: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || more.contains(c))
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

/// A role that is not there is refused like one that does not trust the caller: the answer tells nobody which roles
/// exist.
pub(super) fn no_such_role(caller: &str, role: &str) -> Fault {
    access_denied(format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}"))
}

/// An operation that STS does not have, or that is not emulated.
pub(super) fn unknown_operation(operation: &str) -> Fault {
    Fault::new(400, "InvalidAction", format!("Could not find operation {operation} for sts"))
}

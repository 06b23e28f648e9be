//! STS's errors, in its own words.

use std::fmt::Display;

use account::Fault;

/// Collects what is wrong with the parameters: AWS reports all of it in one `ValidationError`.
#[derive(Default)]
pub(super) struct Constraints {
    complaints: Vec<String>,
    /// Members that are not there, of whose values nothing more needs to be said.
    missing: Vec<&'static str>,
}

impl Constraints {
    /// `value` at `member` must hold `holds`, else `constraint` is reported: `Member must have length …`.
    pub(super) fn check(&mut self, holds: bool, value: impl Display, member: &str, constraint: impl Display) {
        if !holds && !self.missing.contains(&member) {
            self.complaints.push(format!("Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"));
        }
    }

    /// A text whose length has bounds, in characters.
    pub(super) fn length(&mut self, text: &str, member: &str, least: usize, most: usize) {
        let length = text.chars().count();
        let at = |word, bound| format!("Member must have length {word} than or equal to {bound}");
        self.check(length >= least, text, member, at("greater", least));
        self.check(length <= most, text, member, at("less", most));
    }

    /// A text of `\w` and the punctuation of `more`.
    pub(super) fn pattern(&mut self, text: &str, member: &str, more: &str, shown: &str) {
        let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || more.contains(c));
        self.check(fits, text, member, format_args!("Member must satisfy regular expression pattern: {shown}"));
    }

    /// A number with bounds.
    pub(super) fn range(&mut self, number: Option<i64>, member: &str, least: i64, most: i64) {
        let Some(number) = number else { return };
        let at = |word, bound| format!("Member must have value {word} than or equal to {bound}");
        self.check(number >= least, number, member, at("greater", least));
        self.check(number <= most, number, member, at("less", most));
    }

    /// A member that must be there: gives it, or the empty text and a complaint.
    pub(super) fn required(&mut self, text: Option<String>, member: &'static str) -> String {
        if text.is_none() {
            let complaint = format!("Value null at '{member}' failed to satisfy constraint: Member must not be null");
            self.complaints.push(complaint);
            self.missing.push(member);
        }
        text.unwrap_or_default()
    }

    /// Everything at once, or nothing to complain of.
    pub(super) fn finish(self) -> Result<(), Fault> {
        let number = self.complaints.len();
        let errors = if number == 1 { "error" } else { "errors" };
        match number {
            0 => Ok(()),
            _ => Err(validation(format!("{number} validation {errors} detected: {}", self.complaints.join("; ")))),
        }
    }
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

//! IAM's errors, in IAM's words.
//!
//! Codes and statuses are those of the service's model; the texts are those that AWS prints.

use account::identities::ResourceType;
use account::input::detected;
use account::{Breach, BreachKind, Fault};

/// A name that is not there.
pub(crate) fn missing(kind: ResourceType, name: &str) -> Fault {
    no_such(match kind {
        ResourceType::User | ResourceType::Group | ResourceType::Role => {
            format!("The {} with name {name} cannot be found.", kind.word())
        }
        ResourceType::Policy => format!("Policy {name} was not found."),
        ResourceType::InstanceProfile => format!("Instance Profile {name} cannot be found."),
    })
}

/// A name that is taken.
pub(crate) fn taken(kind: ResourceType, name: &str) -> Fault {
    let text = match kind {
        ResourceType::User => format!("User with name {name} already exists."),
        ResourceType::Group => format!("Group with name {name} already exists."),
        ResourceType::Role => format!("Role with name {name} already exists."),
        ResourceType::Policy => format!("A policy called {name} already exists. Duplicate names are not allowed."),
        ResourceType::InstanceProfile => format!("Instance Profile {name} already exists."),
    };
    Fault::new(409, "EntityAlreadyExists", text)
}

pub(crate) fn no_such(text: impl Into<String>) -> Fault {
    Fault::new(404, "NoSuchEntity", text)
}

/// A managed policy that cannot be attached, or a version that is not there.
pub(crate) fn not_attachable(what: &str) -> Fault {
    no_such(format!("{what} does not exist or is not attachable."))
}

/// Something that still hangs on what is to be deleted.
pub(crate) fn conflict(text: impl Into<String>) -> Fault {
    Fault::new(409, "DeleteConflict", text)
}

/// A quota: `Cannot exceed quota for AccessKeysPerUser: 2`.
pub(crate) fn quota(name: &str, limit: usize) -> Fault {
    limit_exceeded(format!("Cannot exceed quota for {name}: {limit}"))
}

pub(crate) fn limit_exceeded(text: impl Into<String>) -> Fault {
    Fault::new(409, "LimitExceeded", text)
}

pub(crate) fn invalid_input(text: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidInput", text)
}

/// What the model does not let through. IAM's sentences keep the values to themselves.
pub(crate) fn breaches(breaches: &[Breach]) -> Fault {
    validation(detected(breaches, Breach::to_string))
}

/// A list that must not be empty.
pub(crate) fn null(member: &str) -> Fault {
    let place = member.chars().take(1).map(|first| first.to_ascii_lowercase()).chain(member.chars().skip(1)).collect();
    let (value, constraint) = ("null".to_owned(), "Member must not be null".to_owned());
    breaches(&[Breach { place, value, constraint, kind: BreachKind::Missing }])
}

pub(crate) fn validation(text: impl Into<String>) -> Fault {
    Fault::new(400, "ValidationError", text)
}

pub(crate) fn malformed(text: impl Into<String>) -> Fault {
    Fault::new(400, "MalformedPolicyDocument", text)
}

/// A service-linked role, which only its service changes.
pub(crate) fn protected(role: &str) -> Fault {
    let text =
        format!("Cannot perform the operation on the protected role '{role}' - this role is only modifiable by AWS");
    Fault::new(400, "UnmodifiableEntity", text)
}

/// An operation that IAM does not have, or that is not emulated.
pub(crate) fn unknown_operation(operation: &str) -> Fault {
    Fault::new(400, "InvalidAction", format!("Could not find operation {operation} for iam"))
}

//! The policies of users, groups and roles.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy::Policy;

/// What users, groups and roles have in common: policies.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Inline policies by name.
    pub inline: BTreeMap<String, Inline>,
    /// ARNs of attached managed policies, in the order of attachment.
    pub managed: Vec<String>,
    /// The ARN of the managed policy that is the permissions boundary.
    pub boundary: Option<String>,
}

/// An inline policy.
#[derive(Clone, Debug)]
pub struct Inline {
    /// The document, as written.
    pub text: String,
    /// The same, compiled.
    pub policy: Arc<Policy>,
}

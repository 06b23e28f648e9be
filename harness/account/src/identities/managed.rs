//! Managed policies: the account's own, with their versions, and AWS's that are in use.

use std::sync::Arc;

use jiff::Timestamp;
use policy::{Document, Policy};

use super::metadata::Metadata;

/// A customer managed policy.
#[derive(Clone, Debug)]
pub struct Managed {
    /// What it is called. Its name to the API is the ARN.
    pub metadata: Metadata,
    /// `Description`
    pub description: Option<String>,
    /// At most five, oldest first.
    pub versions: Vec<Version>,
    /// The number of the default version.
    pub default: u32,
    /// The number of the version that was made last; numbers are not used again.
    pub last: u32,
    /// When the default version was last chosen, or a version made.
    pub updated: Timestamp,
    /// The default version, compiled.
    pub compiled: Compiled,
}

/// A version of a customer managed policy.
#[derive(Clone, Debug)]
pub struct Version {
    /// `v3` is 3.
    pub number: u32,
    /// The document, as written.
    pub text: String,
    /// When it was made.
    pub created: Timestamp,
}

/// A policy for either of its uses.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// To grant with.
    pub identity: Arc<Policy>,
    /// As a permissions boundary.
    pub boundary: Arc<Policy>,
}

/// An AWS managed policy that is in use.
#[derive(Clone, Debug)]
pub struct Aws {
    /// Its name, without path.
    pub name: &'static str,
    /// Its one version, compiled.
    pub compiled: Compiled,
}

impl Compiled {
    /// A managed policy's document, already found sound.
    #[must_use]
    pub fn new(arn: &str, document: &Document) -> Self {
        let make = |kind| Arc::new(Policy::new(arn, kind, document).with_arn(arn));
        Self { identity: make(policy::Kind::Identity), boundary: make(policy::Kind::Boundary) }
    }
}

impl Managed {
    /// The default version's document.
    #[must_use]
    pub fn text(&self) -> &str {
        self.version(self.default).map_or("", |version| &version.text)
    }

    /// The version with this number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }
}

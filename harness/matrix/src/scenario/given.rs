//! What is given beside the template: state that it does not create.

use indexmap::IndexMap;
use serde_json::Value;
use source::Span;

use super::{Name, Tags};

/// State that the template does not create.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// In the account under test.
    pub(crate) home: Holdings,
    /// In other accounts, by account id.
    pub(crate) accounts: IndexMap<String, Holdings>,
    /// Other resources, by ARN.
    pub(crate) resources: IndexMap<String, Resource>,
    /// The organisation above them.
    pub(crate) organization: Option<Organization>,
    /// VPC endpoints by service: `s3`.
    pub(crate) endpoints: IndexMap<String, Endpoint>,
    /// Templates of nested stacks, as paths from the scenario's folder: by logical id, or by URL.
    pub(crate) templates: IndexMap<String, Name>,
    /// Whether there are errors in it, so that not all of it is here.
    pub(crate) is_faulty: bool,
}

/// What one account holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    /// Buckets by name.
    pub(crate) buckets: IndexMap<String, Bucket>,
    /// Users by name.
    pub(crate) users: IndexMap<String, Principal>,
    /// Roles by name.
    pub(crate) roles: IndexMap<String, Principal>,
    /// Groups by name.
    pub(crate) groups: IndexMap<String, Principal>,
}

/// A bucket and what is in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    /// Its objects by key.
    pub(crate) objects: IndexMap<String, Object>,
    /// Its tags.
    pub(crate) tags: Tags,
    /// Whether its tags count in authorisation.
    pub(crate) abac: bool,
    /// Its bucket policy.
    pub(crate) policy: Option<Value>,
    /// Where its name stands.
    pub(crate) span: Span,
}

/// An object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object {
    /// What is in it.
    pub(crate) body: String,
    /// Its tags.
    pub(crate) tags: Tags,
}

/// A resource that only decisions are about.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// Its tags.
    pub(crate) tags: Tags,
    /// Its own policy.
    pub(crate) policy: Option<Value>,
    /// Where its ARN stands.
    pub(crate) span: Span,
}

/// A user, role or group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Principal {
    /// Inline policies by name.
    pub(crate) policies: IndexMap<String, Value>,
    /// Attached managed policies: ARNs or logical ids.
    pub(crate) managed_policies: Vec<Name>,
    /// The managed policy that is the permissions boundary: an ARN or a logical id.
    pub(crate) boundary: Option<Name>,
    /// Its tags.
    pub(crate) tags: Tags,
    /// A user's groups.
    pub(crate) groups: Vec<Name>,
    /// A role's trust policy.
    pub(crate) trust: Option<Value>,
    /// Whether the template makes it, so that this is only what it has besides.
    pub(crate) is_made: bool,
    /// Where it stands.
    pub(crate) span: Span,
}

/// An organisation.
#[derive(Clone, Debug)]
pub(crate) struct Organization {
    /// `o-…`
    pub(crate) id: String,
    /// The management account.
    pub(crate) management: Option<String>,
    /// The policies over each member account.
    pub(crate) members: IndexMap<String, Levels>,
}

/// The policies over an account: one list per level, root first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    /// SCPs.
    pub(crate) service_control: Vec<Vec<Control>>,
    /// RCPs.
    pub(crate) resource_control: Vec<Vec<Control>>,
    /// The ids of the root and the units above it: `r-ab12/ou-ab12-11111111`.
    pub(crate) path: Option<String>,
}

/// An organisation's policy.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    /// Its name.
    pub(crate) name: String,
    /// Its document.
    pub(crate) document: Value,
}

/// A VPC endpoint that all callers but root users come through.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// `vpce-…`
    pub(crate) id: String,
    /// `vpc-…`
    pub(crate) vpc: String,
    /// Its policy; AWS's default allows everything.
    pub(crate) policy: Value,
}

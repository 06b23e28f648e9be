//! What is attached where.

use std::sync::Arc;

use crate::Policy;

/// Every policy with a say in a request. Nothing means that no such policy is attached.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// Inline and managed policies of the user and its groups, or of the role.
    pub identity: Vec<Arc<Policy>>,
    /// The policy of the resource: a bucket policy, a key policy, a role's trust policy ([`crate::Kind::Trust`]).
    pub resource: Option<Arc<Policy>>,
    /// The permissions boundary of the user or role.
    pub boundary: Option<Arc<Policy>>,
    /// The session policies. `None`: the session was made without any.
    pub session: Option<Vec<Arc<Policy>>>,
    /// Service control policies of the caller's account, one list for each level, root first. A level with an empty list
    /// allows nothing.
    pub service_control: Vec<Vec<Arc<Policy>>>,
    /// Resource control policies of the resource's account, likewise. RCPFullAWSAccess, which cannot be detached, counts
    /// on every level, and need not be listed.
    pub resource_control: Vec<Vec<Arc<Policy>>>,
    /// The policy of the VPC endpoint that the request came through.
    pub endpoint: Option<Arc<Policy>>,
}

impl Policies {
    /// Whether any of them looks at a condition key that begins so, letter case aside: in a condition or as a variable.
    #[must_use]
    pub fn look_at(&self, key: &str) -> bool {
        self.all().any(|policy| policy.looks_at(key))
    }

    /// Every policy.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Policy>> + Clone {
        let lists = self.identity.iter().chain(self.session.iter().flatten());
        let levels = self.service_control.iter().chain(&self.resource_control).flatten();
        let single = self.resource.iter().chain(&self.boundary).chain(&self.endpoint);
        lists.chain(levels).chain(single)
    }
}

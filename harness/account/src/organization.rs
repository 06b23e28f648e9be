//! What stands above and around an account: the organisation's policies and the network's endpoints.

use std::collections::HashMap;
use std::sync::Arc;

use policy::Policy;

/// An AWS Organizations organisation, as far as it authorises.
#[derive(Clone, Debug, Default)]
pub struct Organization {
    /// `aws:PrincipalOrgID`, `aws:ResourceOrgID`: `o-…`.
    pub id: String,
    /// The management account, which SCPs and RCPs do not touch.
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    pub management: Option<String>,
    /// The policies over each member account.
    pub members: HashMap<String, Levels>,
}

/// The policies over one account: a list for each level, root first, the account's own last.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// Service control policies.
    pub service_control: Vec<Vec<Arc<Policy>>>,
    /// Resource control policies.
    pub resource_control: Vec<Vec<Arc<Policy>>>,
    /// Where in the organisation the account stands, by ids: `r-ab12/ou-ab12-11111111`. `None`: right under the root.
    pub path: Option<String>,
}

/// The root's id, where no path names it.
const ROOT: &str = "r-root";

/// A VPC endpoint. Where a world has one for a service, every caller but an account's root user comes through it.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `aws:SourceVpce`.
    pub id: String,
    /// `aws:SourceVpc`.
    pub vpc: String,
    /// Whose it and its VPC are: `aws:VpceAccount`.
    pub account: String,
    /// Its policy.
    pub policy: Arc<Policy>,
}

impl Organization {
    /// The policies over `account`; `None` for the management account and for strangers.
    #[must_use]
    pub fn over(&self, account: &str) -> Option<&Levels> {
        if self.management.as_deref() == Some(account) {
            return None;
        }
        self.members.get(account)
    }

    /// Where `account` stands, as `aws:PrincipalOrgPaths` and its siblings have it: `o-…/r-…/ou-…/`; `None` for
    /// strangers.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path
    #[must_use]
    pub fn path(&self, account: &str) -> Option<String> {
        let given = self.members.get(account).and_then(|levels| levels.path.as_deref());
        self.has(account).then(|| format!("{}/{}/", self.id, given.unwrap_or(ROOT).trim_matches('/')))
    }

    /// Whether `account` belongs to it.
    #[must_use]
    pub fn has(&self, account: &str) -> bool {
        self.management.as_deref() == Some(account) || self.members.contains_key(account)
    }
}

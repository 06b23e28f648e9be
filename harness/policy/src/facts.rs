//! What AWS documents about single services and actions, where it changes a decision.
//!
//! One table, [`rows`]. Each row names its actions, what it does to a decision and for whom, and AWS's page. A decision
//! that a row made carries it ([`crate::Decision::fact`]). Rules that hold for every service are not here but in
//! [`crate::decide`].

mod bearing;
mod index;
mod resource_control;
mod rows;
mod who;

use crate::Kind;
use crate::undocumented::Case;

pub(crate) use bearing::Bearing;
pub use resource_control::has_resource_control;
pub use rows::{INITIATOR_LISTS_PARTS, INITIATOR_STOPS_UPLOAD, rows};
pub use who::Who;

/// One fact of a service.
#[derive(Debug, PartialEq, Eq)]
pub struct Fact {
    /// A stable name.
    pub id: &'static str,
    /// What it does to a decision.
    pub rule: Rule,
    /// For whom.
    pub who: Who,
    /// The actions: names, or `service:*`.
    pub actions: &'static [&'static str],
    /// Actions that the patterns among them cover, and the fact does not.
    pub except: &'static [&'static str],
    /// The ARNs of the resources, compared part by part; every resource if there is none.
    pub resources: &'static [&'static str],
    /// A sentence for reasons.
    pub says: &'static str,
    /// Where AWS says so.
    pub page: &'static str,
    /// What about it AWS leaves open.
    pub case: Option<Case>,
}

/// What a fact does to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The request needs no permission, and no policy but that of a VPC endpoint is asked.
    Open,
    /// The request is refused, unless a statement denies it anyway.
    Refused,
    /// The resource's policy does not count: it neither allows nor denies.
    NoResourcePolicy,
    /// The resource's policy allows nothing; it may deny.
    NoResourceGrant,
    /// Resource control policies do not count.
    NoResourceControl,
    /// Service control policies do not count.
    NoServiceControl,
    /// Within one account too, both sides must allow.
    BothSides,
    /// Within one account too, the resource's policy of this kind must allow, or leave it to the account.
    ResourceMust(Kind),
    /// The service allows it as long as the resource has no policy.
    Unattached,
    /// The service allows it where it knows something of the caller that is not in the request. What builds the
    /// request says so: [`crate::Decision::by_default`].
    Told,
    /// The resource belongs to AWS, and counts as one of the caller's own account.
    OfAws,
    /// The request has no `aws:ResourceAccount`, `aws:ResourceOrgID` or `aws:ResourceOrgPaths`.
    NoResourceAccount,
}

/// Whether requests for an action carry `aws:ResourceAccount`, `aws:ResourceOrgID` and `aws:ResourceOrgPaths`.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
///
/// ```
/// assert!(policy::facts::carries_resource_account("s3:GetObject"));
/// assert!(!policy::facts::carries_resource_account("ebs:PutSnapshotBlock"));
/// ```
#[must_use]
pub fn carries_resource_account(action: &str) -> bool {
    let mut about = index::about(action, crate::compile::hash(action));
    !about.any(|fact| fact.rule == Rule::NoResourceAccount)
}

/// Whether what stands in the place of an ARN's account says that the resource is AWS's own: `aws`, `aws-managed` in Network
/// Firewall, `aws-marketplace` in Image Builder.
/// docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ComponentConfiguration.html has `aws(?:-[a-z-]+)?`.
///
/// ```
/// assert!(policy::facts::is_of_aws("aws-managed"));
/// assert!(!policy::facts::is_of_aws("111122223333"));
/// ```
#[must_use]
pub fn is_of_aws(account: &str) -> bool {
    let is_kind = |kind: &str| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    account.strip_prefix("aws").is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_kind))
}

/// How the table is written.
impl Fact {
    const fn new(
        id: &'static str,
        rule: Rule,
        who: Who,
        actions: &'static [&'static str],
        says: &'static str,
        page: &'static str,
    ) -> Self {
        Self { id, rule, who, actions, except: &[], resources: &[], says, page, case: None }
    }

    const fn except(self, except: &'static [&'static str]) -> Self {
        Self { except, ..self }
    }

    const fn on(self, resources: &'static [&'static str]) -> Self {
        Self { resources, ..self }
    }

    const fn resting_on(self, case: Case) -> Self {
        Self { case: Some(case), ..self }
    }
}

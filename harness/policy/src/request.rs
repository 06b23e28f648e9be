//! What is asked.

use crate::arn::Arn;
use crate::facts;
use crate::{Context, Principal};

/// One thing a principal asks for: the unit of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// The action it is authorised as: `s3:GetObject`.
    pub action: String,
    /// The ARN of what it is done to, or `*` for an action without resource types.
    pub resource: String,
    /// The account that owns the resource. `None`: the account in its ARN, else the principal's.
    pub resource_account: Option<String>,
    /// The condition keys.
    pub context: Context,
}

impl Request {
    /// The account whose resource policies and RCPs count.
    pub(crate) fn owner(&self) -> Option<&str> {
        self.owned().0
    }

    /// The same, and whether the resource is AWS's: its ARN has `aws` or the like where the account stands. Such a
    /// resource counts as one of the caller's account.
    pub(crate) fn owned(&self) -> (Option<&str>, bool) {
        let of_arn = || Arn::parse(&self.resource).map(|arn| arn.account).filter(|account| !account.is_empty());
        match self.resource_account.as_deref().or_else(of_arn) {
            Some(account) if facts::is_of_aws(account) => (self.principal.account(), true),
            stated => (stated.or_else(|| self.principal.account()), false),
        }
    }
}

//! Where most resources are: in an account and a region.

use policy::arn::Arn;
use policy::partition;

use crate::call::Call;
use crate::fault::Fault;

/// An account, and a region in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountRegion {
    /// The account's 12 digits.
    pub account: String,
    /// `us-east-1`
    pub region: String,
}

impl AccountRegion {
    /// Where a call acts: the caller's account, and the region it was signed for.
    ///
    /// # Errors
    /// The caller is in no account.
    pub fn of(call: &Call<'_>) -> Result<Self, Fault> {
        let account = call.identity.account().ok_or_else(Fault::unsigned)?.to_owned();
        Ok(Self { account, region: call.surroundings.region.clone() })
    }

    /// Where the resource of an ARN is.
    #[must_use]
    pub fn named_by(arn: Arn<'_>) -> Self {
        Self { account: arn.account.to_owned(), region: arn.region.to_owned() }
    }

    /// The partition that it is in.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        partition::of_region(&self.region).name
    }

    /// The ARN of a service's resource here.
    #[must_use]
    pub fn arn_of(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", self.partition(), self.region, self.account)
    }
}

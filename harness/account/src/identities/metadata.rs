//! What every resource of IAM is known by.

use jiff::Timestamp;
use policy::arn::Arn;

use crate::tags::Tags;

/// What everything with a name has.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The friendly name.
    pub name: String,
    /// `/`, or `/division/team/`.
    pub path: String,
    /// The unique id: `AIDA…`, `AROA…`.
    pub id: String,
    /// The ARN, path included.
    pub arn: String,
    /// `CreateDate`
    pub created: Timestamp,
    /// Its tags.
    pub tags: Tags,
}

impl Metadata {
    /// The account that it is in: the one of its ARN.
    #[must_use]
    pub fn account(&self) -> &str {
        Arn::parse(&self.arn).map_or("", |arn| arn.account)
    }
}

//! The table.

mod data;
mod iam;
mod keys;
mod messages;
mod open;
mod others;
mod storage;
mod sts;

use super::{Fact, Rule, Who};

pub use storage::{INITIATOR_LISTS_PARTS, INITIATOR_STOPS_UPLOAD};

/// Every fact, by service.
pub fn rows() -> impl Iterator<Item = &'static Fact> {
    let single = [&INITIATOR_STOPS_UPLOAD, &INITIATOR_LISTS_PARTS, &OF_AWS];
    let all = [sts::ROWS, iam::ROWS, storage::ROWS, keys::ROWS, messages::ROWS, data::ROWS, others::ROWS, open::ROWS];
    all.into_iter().flatten().chain(single)
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html: AWS managed policies have "the
/// string `aws`" in the place of the account; the public hub of SageMaker AI, the managed permissions of AWS RAM and the
/// transforms of CloudFormation likewise. [`super::is_of_aws`] has the other forms.
pub(super) static OF_AWS: Fact = Fact::new(
    "owned-by-aws",
    Rule::OfAws,
    Who::Signed,
    &["*"],
    "the resource belongs to AWS, and counts as one of the caller's own account",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
)
.on(&["arn:*:*:*:aws:*", "arn:*:*:*:aws-*:*"]);

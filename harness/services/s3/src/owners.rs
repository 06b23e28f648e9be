//! Accounts by their canonical user ids.

use account::World;
use policy::Document;

use super::bucket::canonical;

/// The accounts that canonical user ids stand for.
pub(super) struct Owners(Vec<String>);

impl Owners {
    pub(super) fn of(world: &World) -> Self {
        Self(world.accounts().map(|account| account.id.clone()).collect())
    }

    /// A bucket policy with accounts in place of their canonical user ids: "both of these IDs identify the same account".
    /// An id that is of no account here stands for nobody.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
    pub(super) fn known(&self, document: Document) -> Document {
        document.with_canonical_users(|id| self.0.iter().find(|account| canonical(account) == id).cloned())
    }
}

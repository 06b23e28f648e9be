//! What a request makes of a bucket, once it is done where the bucket is kept.

use account::World;

use super::bucket::{self, Bucket, Buckets};

/// A bucket as it is to be, or that there is to be none.
#[derive(Debug)]
pub struct Change {
    name: String,
    bucket: Option<Box<Bucket>>,
    is_made: bool,
}

impl Change {
    /// A bucket as it is.
    pub(super) fn to_what_is(world: &World, name: &str) -> Self {
        Self { name: name.to_owned(), bucket: bucket::known(world, name).cloned().map(Box::new), is_made: false }
    }

    /// A bucket as it is, in the place of this one: it is made if there was none.
    pub(super) fn since(world: &World, before: &Self) -> Self {
        let is_made = before.bucket.as_ref().is_none_or(|before| before.gone);
        Self { is_made, ..Self::to_what_is(world, &before.name) }
    }

    /// Makes the bucket what it is to be. Uploads that were begun meanwhile stay known, and of one that is made and was
    /// taken in meanwhile all that is configured on it where it is kept.
    pub(super) fn make(self, world: &mut World) {
        let Ok(Buckets { by_name, .. }) = world.state_mut() else { return };
        let there = by_name.remove(&self.name);
        let bucket = match (there.filter(|there| !there.gone), self.bucket) {
            (Some(there), Some(_)) if self.is_made => there,
            (Some(there), Some(bucket)) => Bucket { initiators: there.initiators, ..*bucket },
            (None, Some(bucket)) => *bucket,
            (_, None) => return,
        };
        by_name.insert(self.name, bucket);
    }
}

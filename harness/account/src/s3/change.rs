//! What a request makes of a bucket, once it is done where the bucket is kept.

use super::bucket::Bucket;
use crate::World;

/// A bucket as it is to be, or that there is to be none.
#[derive(Debug)]
pub struct Change {
    name: String,
    bucket: Option<Box<Bucket>>,
    is_made: bool,
}

impl World {
    /// Makes a bucket what it is to be. Uploads that were begun meanwhile stay known, and of one that is made and was taken
    /// in meanwhile all that is configured on it where it is kept.
    pub fn s3_change(&mut self, Change { name, bucket, is_made }: Change) {
        let there = self.buckets.remove(&name);
        let bucket = match (there.filter(|there| !there.gone), bucket) {
            (Some(there), Some(_)) if is_made => there,
            (Some(there), Some(bucket)) => Bucket { initiators: there.initiators, ..*bucket },
            (None, Some(bucket)) => *bucket,
            (_, None) => return,
        };
        self.buckets.insert(name, bucket);
    }

    /// Says whether a bucket was there when it was asked for by its own name.
    pub fn s3_found(&mut self, name: &str, is_there: bool) {
        if let Some(bucket) = self.buckets.get_mut(name) {
            bucket.gone = !is_there;
        }
    }

    /// A bucket as it is, in the place of this one: it is made if there was none.
    pub(super) fn s3_change_from(&self, before: &Change) -> Change {
        let is_made = before.bucket.as_ref().is_none_or(|before| before.gone);
        Change { is_made, ..self.as_is(&before.name) }
    }

    /// A bucket as it is.
    #[must_use]
    pub fn as_is(&self, name: &str) -> Change {
        Change { name: name.to_owned(), bucket: self.buckets.get(name).cloned().map(Box::new), is_made: false }
    }
}

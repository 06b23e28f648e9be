//! What a request makes of a bucket, once it is done where the bucket is kept.

use account::World;

use super::bucket::{self, Bucket, Buckets};

/// What becomes so here once a request is done.
#[derive(Debug)]
pub enum Change {
    /// A bucket is to be so, or there is to be none.
    Bucket {
        /// Its name.
        name: String,
        /// What is to be.
        bucket: Option<Box<Bucket>>,
        /// Whether there was none.
        is_made: bool,
    },
    /// An upload is over.
    UploadEnded {
        /// Its bucket.
        bucket: String,
        /// Its id.
        id: String,
    },
}

impl Change {
    /// A bucket as it is.
    pub(super) fn to_what_is(world: &World, name: &str) -> Self {
        let bucket = bucket::known(world, name).cloned().map(Box::new);
        Self::Bucket { name: name.to_owned(), bucket, is_made: false }
    }

    /// A bucket as it is, in the place of what was: it is made if there was none.
    pub(super) fn since(world: &World, name: &str, was_there: bool) -> Self {
        let bucket = bucket::known(world, name).cloned().map(Box::new);
        Self::Bucket { name: name.to_owned(), bucket, is_made: !was_there }
    }

    /// Makes it so. Uploads that were begun meanwhile stay known, and of a bucket that is made and was taken in meanwhile
    /// all that is configured on it where it is kept.
    pub(super) fn make(self, world: &mut World) {
        let Ok(Buckets { by_name, .. }) = world.state_mut() else { return };
        let (name, bucket, is_made) = match self {
            Self::Bucket { name, bucket, is_made } => (name, bucket, is_made),
            Self::UploadEnded { bucket, id } => {
                return drop(by_name.get_mut(&bucket).and_then(|bucket| bucket.initiators.remove(&id)));
            }
        };
        let there = by_name.remove(&name);
        let bucket = match (there.filter(|there| !there.gone), bucket) {
            (Some(there), Some(_)) if is_made => there,
            (Some(there), Some(bucket)) => Bucket { initiators: there.initiators, ..*bucket },
            (None, Some(bucket)) => *bucket,
            (_, None) => return,
        };
        by_name.insert(name, bucket);
    }
}

//! What a world may not know of buckets whose objects are elsewhere.

use account::Tags;

/// What a decision depends on and the world does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Whether there is such a bucket, and what is configured on it: see [`crate::ProxiedObjects::s3_adopt`].
    Bucket(String),
    /// Whether a bucket that is known is still there: see [`crate::ProxiedObjects::s3_found`].
    Still(String),
    /// A bucket's tags, as they are now: see [`crate::ProxiedObjects::s3_set_bucket_tags`].
    BucketTags(String),
    /// The tags of an object, and whether there is one: see [`ProxiedObject`].
    Object(ObjectName),
    /// Whether an upload is under way that was not begun through here: see [`crate::ProxiedObjects::s3_upload_found`].
    Upload {
        /// The bucket.
        bucket: String,
        /// The key that it is for.
        key: String,
        /// Its id.
        id: String,
    },
}

/// An object, or one version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// The version; `None` for the latest.
    pub version: Option<String>,
}

/// What was found out about an object.
#[derive(Clone, Debug)]
pub struct ProxiedObject {
    /// Which one.
    pub name: ObjectName,
    /// Its tags; `None`: it is not there.
    pub tags: Option<Tags>,
}

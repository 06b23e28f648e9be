//! Objects and their versions.

use account::{Ids, Tags, ids};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// An object's content and what is kept beside it.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) body: Bytes,
    /// In its quotes.
    pub(super) etag: String,
    pub(super) tags: Tags,
    pub(super) meta: Map<String, Value>,
    pub(super) checksums: Checksums,
    /// `None` for STANDARD.
    pub(super) storage_class: Option<String>,
    pub(super) encryption: Encryption,
    /// How many of its bytes nobody has sent: they were copied from an object that may be gone.
    pub(super) copied: usize,
    /// The sizes of the parts it was uploaded in; none if it came in one piece.
    pub(super) parts: Vec<usize>,
}

/// How an object is encrypted. Nothing is: it is what was asked for.
#[derive(Clone, Debug)]
pub(super) struct Encryption {
    pub(super) algorithm: String,
    pub(super) kms_key: Option<String>,
}

/// One version of an object.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// `None` for the version named `null`.
    pub(super) id: Option<String>,
    pub(super) modified: Timestamp,
    /// `None` for a delete marker.
    pub(super) object: Option<Object>,
}

/// The versions of one key, oldest first. There is at least one wherever this stands in a bucket.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions(Vec<Version>);

/// The checksums of a content, by the members that bring them.
#[derive(Clone, Debug, Default)]
pub(super) struct Checksums(pub(super) Map<String, Value>);

impl Checksums {
    /// `FULL_OBJECT` or `COMPOSITE`.
    pub(super) fn kind(&self) -> Option<&str> {
        self.0.get("ChecksumType").and_then(Value::as_str)
    }

    /// Checksums that came with a whole content are of the whole object.
    pub(super) fn of_whole(mut self) -> Self {
        if !self.algorithms().is_empty() && self.kind().is_none() {
            self.0.insert("ChecksumType".to_owned(), "FULL_OBJECT".into());
        }
        self
    }

    /// The algorithms that have one, as lists name them.
    pub(super) fn algorithms(&self) -> Vec<&str> {
        let names = self.0.keys().filter_map(|name| name.strip_prefix("Checksum"));
        names.filter(|name| *name != "Type").collect()
    }
}

/// Whether a bucket keeps the versions of its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Versioning {
    Never,
    Enabled,
    Suspended,
}

/// What an object is about to become, before its content is there.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) tags: Tags,
    pub(super) meta: Map<String, Value>,
    pub(super) storage_class: Option<String>,
    pub(super) encryption: Encryption,
}

impl Draft {
    pub(super) fn finish(self, body: Bytes, etag: String, checksums: Checksums, parts: Vec<usize>) -> Object {
        let Self { tags, meta, storage_class, encryption } = self;
        Object { body, etag, tags, meta, checksums, storage_class, encryption, copied: 0, parts }
    }
}

impl Object {
    pub(super) fn storage_class(&self) -> &str {
        self.storage_class.as_deref().unwrap_or("STANDARD")
    }
}

impl Version {
    /// The name that requests and answers use.
    pub(super) fn name(&self) -> &str {
        self.id.as_deref().unwrap_or("null")
    }
}

impl Versions {
    pub(super) fn current(&self) -> Option<&Version> {
        self.0.last()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Version> {
        self.0.iter().find(|version| version.name() == name)
    }

    pub(super) fn get_mut(&mut self, name: Option<&str>) -> Option<&mut Version> {
        match name {
            None => self.0.last_mut(),
            Some(name) => self.0.iter_mut().find(|version| version.name() == name),
        }
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Version> {
        self.0.iter().rev()
    }

    /// Adds a version as it is, the newest.
    pub(super) fn add(&mut self, version: Version) {
        self.0.push(version);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Version> {
        let at = self.0.iter().position(|version| version.name() == name)?;
        Some(self.0.remove(at))
    }

    /// Adds the newest version, or a delete marker; gives it back as it stands. Without versioning on it takes the
    /// place of the version named `null`.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
    pub(super) fn push(
        &mut self,
        object: Option<Object>,
        versioning: Versioning,
        now: Timestamp,
        ids: &mut dyn Ids,
    ) -> &Version {
        let id = match versioning {
            Versioning::Enabled => Some(ids::hex32(ids)),
            Versioning::Never | Versioning::Suspended => {
                self.0.retain(|version| version.id.is_some());
                None
            }
        };
        self.0.push(Version { id, modified: whole_second(now), object });
        &self.0[self.0.len() - 1]
    }
}

/// S3 keeps times to the second.
pub(super) fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Whether a version id could be one of ours; anything else is an invalid argument rather than a missing version.
pub(super) fn is_version_id(id: &str) -> bool {
    id == "null" || id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

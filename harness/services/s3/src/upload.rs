//! Uploads in parts, as a bucket holds them.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::digest;
use super::fault;
use super::object::{Checksums, Draft};

/// An upload that is under way.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) key: String,
    pub(super) initiated: Timestamp,
    /// Who began it, as lists name them.
    pub(super) initiator: Value,
    pub(super) draft: Draft,
    pub(super) parts: BTreeMap<u32, UploadedPart>,
}

/// A part that is there.
#[derive(Clone, Debug)]
pub(super) struct UploadedPart {
    pub(super) body: Bytes,
    /// It shares its bytes with the object that it was copied from.
    pub(super) is_copy: bool,
    pub(super) md5: [u8; 16],
    pub(super) modified: Timestamp,
    pub(super) checksums: Checksums,
}

impl Upload {
    /// When it was last added to.
    pub(super) fn touched(&self) -> Timestamp {
        self.parts.values().map(|part| part.modified).fold(self.initiated, Timestamp::max)
    }

    pub(super) fn storage_class(&self) -> &str {
        self.draft.storage_class.as_deref().unwrap_or("STANDARD")
    }
}

impl UploadedPart {
    /// How many of its bytes nobody has sent.
    pub(super) fn copied(&self) -> usize {
        if self.is_copy { self.body.len() } else { 0 }
    }

    /// In its quotes.
    pub(super) fn etag(&self) -> String {
        format!("\"{}\"", digest::hex_of(&self.md5))
    }

    /// What is told of it.
    pub(super) fn told(&self) -> Value {
        let mut told = self.checksums.0.clone();
        told.insert("ETag".to_owned(), self.etag().into());
        Value::Object(told)
    }

    /// The same in a list.
    pub(super) fn listed(&self, part_number: u32) -> Value {
        let mut listed = self.told();
        listed["PartNumber"] = part_number.into();
        listed["LastModified"] = fault::iso(self.modified).into();
        listed["Size"] = self.body.len().into();
        listed
    }
}

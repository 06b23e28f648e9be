//! What a caller asks of S3: one struct for each operation, in AWS's own operation and member names.
//!
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html describes the members.
//! Which header, query parameter or element carries a member is the wire's business.
#![expect(missing_docs, reason = "the members are AWS's own and described on the page of their operation")]

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::fault;
pub use super::shapes::*;
use account::{Fault, input};

/// Lists the buckets of the caller's account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListBuckets {
    #[serde(deserialize_with = "input::number")]
    pub max_buckets: Option<i64>,
    pub continuation_token: Option<String>,
    pub prefix: Option<String>,
    pub bucket_region: Option<String>,
}

/// Writes the struct of each operation on a bucket, each with `Bucket` and `ExpectedBucketOwner`, and the enum of all.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(rename_all = "PascalCase", default)]
            pub struct $name {
                pub bucket: String,
                pub expected_bucket_owner: Option<String>,
                $($(#[$of_field])* pub $field: $type,)*
            }
        )*

        /// One request to S3.
        #[derive(Clone, Debug)]
        pub enum Request {
            ListBuckets(ListBuckets),
            $($name($name),)*
        }

        impl Request {
            /// The operation's name, as AWS spells it.
            #[must_use]
            pub const fn operation(&self) -> &'static str {
                match self {
                    Self::ListBuckets(_) => "ListBuckets",
                    $(Self::$name(_) => stringify!($name),)*
                }
            }

            /// The bucket it is about.
            #[must_use]
            pub fn bucket(&self) -> Option<&str> {
                match self {
                    Self::ListBuckets(_) => None,
                    $(Self::$name(request) => Some(&request.bucket),)*
                }
            }

            /// The account that the caller expects to own the bucket.
            pub(super) fn expected_bucket_owner(&self) -> Option<&str> {
                match self {
                    Self::ListBuckets(_) => None,
                    $(Self::$name(request) => request.expected_bucket_owner.as_deref(),)*
                }
            }

            fn read(operation: &str, input: Value) -> Option<serde_json::Result<Self>> {
                match operation {
                    "ListBuckets" => Some(serde_json::from_value(input).map(Self::ListBuckets)),
                    $(stringify!($name) => Some(serde_json::from_value(input).map(Self::$name)),)*
                    _ => None,
                }
            }
        }
    };
}

operations! {
    /// Makes a bucket.
    CreateBucket {
        #[serde(rename = "ACL")]
        acl: Option<String>,
        create_bucket_configuration: CreateBucketConfiguration,
        object_ownership: Option<String>,
    }
    /// Whether there is such a bucket and the caller may list it.
    HeadBucket {}
    /// Takes an empty bucket away.
    DeleteBucket {}
    /// The bucket's region.
    GetBucketLocation {}
    /// Lists objects, first version.
    ListObjects {
        delimiter: Option<String>,
        encoding_type: Option<String>,
        marker: Option<String>,
        #[serde(deserialize_with = "input::number")]
        max_keys: Option<i64>,
        prefix: Option<String>,
    }
    /// Lists objects, second version.
    ListObjectsV2 {
        delimiter: Option<String>,
        encoding_type: Option<String>,
        #[serde(deserialize_with = "input::number")]
        max_keys: Option<i64>,
        prefix: Option<String>,
        continuation_token: Option<String>,
        #[serde(deserialize_with = "input::boolean")]
        fetch_owner: Option<bool>,
        start_after: Option<String>,
    }
    /// Lists every version of the objects.
    ListObjectVersions {
        delimiter: Option<String>,
        encoding_type: Option<String>,
        key_marker: Option<String>,
        #[serde(deserialize_with = "input::number")]
        max_keys: Option<i64>,
        prefix: Option<String>,
        version_id_marker: Option<String>,
    }
    /// Reads an object.
    GetObject {
        key: String,
        version_id: Option<String>,
        range: Option<String>,
        #[serde(deserialize_with = "input::number")]
        part_number: Option<i64>,
        checksum_mode: Option<String>,
        #[serde(flatten)]
        preconditions: Preconditions,
        #[serde(flatten)]
        overrides: ResponseOverrides,
    }
    /// Reads what is told of an object; authorised like GetObject.
    HeadObject {
        key: String,
        version_id: Option<String>,
        range: Option<String>,
        #[serde(deserialize_with = "input::number")]
        part_number: Option<i64>,
        checksum_mode: Option<String>,
        #[serde(flatten)]
        preconditions: Preconditions,
        #[serde(flatten)]
        overrides: ResponseOverrides,
    }
    /// Reads single attributes of an object.
    GetObjectAttributes {
        key: String,
        version_id: Option<String>,
        object_attributes: Vec<String>,
    }
    /// Writes an object.
    PutObject {
        key: String,
        #[serde(skip)]
        body: Bytes,
        #[serde(rename = "ContentMD5")]
        content_md5: Option<String>,
        if_match: Option<String>,
        if_none_match: Option<String>,
        #[serde(flatten)]
        storing: Storing,
        #[serde(flatten)]
        checksums: Checksums,
    }
    /// Writes an object with another's content.
    CopyObject {
        key: String,
        /// `bucket/key`, percent-encoded, perhaps with `?versionId=…`.
        copy_source: String,
        expected_source_bucket_owner: Option<String>,
        metadata_directive: Option<String>,
        tagging_directive: Option<String>,
        if_match: Option<String>,
        if_none_match: Option<String>,
        #[serde(flatten)]
        source_preconditions: CopySourcePreconditions,
        #[serde(flatten)]
        storing: Storing,
    }
    /// Deletes an object, or one version of it.
    DeleteObject {
        key: String,
        version_id: Option<String>,
        if_match: Option<String>,
    }
    /// Deletes up to a thousand objects.
    DeleteObjects {
        delete: Delete,
    }
    /// Begins an upload in parts.
    CreateMultipartUpload {
        key: String,
        checksum_algorithm: Option<String>,
        checksum_type: Option<String>,
        #[serde(flatten)]
        storing: Storing,
    }
    /// Writes one part.
    UploadPart {
        key: String,
        upload_id: String,
        #[serde(deserialize_with = "input::number")]
        part_number: Option<i64>,
        #[serde(skip)]
        body: Bytes,
        #[serde(rename = "ContentMD5")]
        content_md5: Option<String>,
        #[serde(flatten)]
        checksums: Checksums,
    }
    /// Writes one part with an object's content.
    UploadPartCopy {
        key: String,
        upload_id: String,
        #[serde(deserialize_with = "input::number")]
        part_number: Option<i64>,
        copy_source: String,
        copy_source_range: Option<String>,
        expected_source_bucket_owner: Option<String>,
        #[serde(flatten)]
        source_preconditions: CopySourcePreconditions,
    }
    /// Makes the object of its parts.
    CompleteMultipartUpload {
        key: String,
        upload_id: String,
        multipart_upload: CompletedMultipartUpload,
        if_match: Option<String>,
        if_none_match: Option<String>,
        #[serde(flatten)]
        checksums: Checksums,
    }
    /// Gives an upload up.
    AbortMultipartUpload {
        key: String,
        upload_id: String,
    }
    /// Lists the parts of an upload.
    ListParts {
        key: String,
        upload_id: String,
        #[serde(deserialize_with = "input::number")]
        max_parts: Option<i64>,
        #[serde(deserialize_with = "input::number")]
        part_number_marker: Option<i64>,
    }
    /// Lists the uploads that are under way.
    ListMultipartUploads {
        delimiter: Option<String>,
        encoding_type: Option<String>,
        key_marker: Option<String>,
        #[serde(deserialize_with = "input::number")]
        max_uploads: Option<i64>,
        prefix: Option<String>,
        upload_id_marker: Option<String>,
    }
    /// Reads an object's tags.
    GetObjectTagging {
        key: String,
        version_id: Option<String>,
    }
    /// Replaces an object's tags.
    PutObjectTagging {
        key: String,
        version_id: Option<String>,
        tagging: Tagging,
    }
    /// Takes all of an object's tags away.
    DeleteObjectTagging {
        key: String,
        version_id: Option<String>,
    }
    /// Reads the bucket's tags.
    GetBucketTagging {}
    /// Replaces the bucket's tags; not with attribute-based access control on.
    PutBucketTagging {
        tagging: Tagging,
    }
    /// Takes the bucket's tags away; not with attribute-based access control on.
    DeleteBucketTagging {}
    /// Reads the bucket policy.
    GetBucketPolicy {}
    /// Replaces the bucket policy.
    PutBucketPolicy {
        policy: String,
    }
    /// Takes the bucket policy away.
    DeleteBucketPolicy {}
    /// Whether the bucket policy is public.
    GetBucketPolicyStatus {}
    /// Whether versions are kept.
    GetBucketVersioning {}
    /// Says whether versions are kept.
    PutBucketVersioning {
        versioning_configuration: Status,
    }
    /// Reads the bucket's Block Public Access settings.
    GetPublicAccessBlock {}
    /// Replaces the bucket's Block Public Access settings.
    PutPublicAccessBlock {
        public_access_block_configuration: PublicAccessBlockConfiguration,
    }
    /// Takes the bucket's Block Public Access settings away: all four are off then.
    DeletePublicAccessBlock {}
    /// Who owns the bucket's objects.
    GetBucketOwnershipControls {}
    /// Says who owns the bucket's objects.
    PutBucketOwnershipControls {
        ownership_controls: OwnershipControls,
    }
    /// Takes that away.
    DeleteBucketOwnershipControls {}
    /// Whether the bucket's tags count in policies.
    GetBucketAbac {}
    /// Says whether the bucket's tags count in policies.
    PutBucketAbac {
        abac_status: Status,
    }
    /// The bucket's access control list.
    GetBucketAcl {}
    /// Replaces it, where lists are not disabled.
    PutBucketAcl {
        #[serde(rename = "ACL")]
        acl: Option<String>,
    }
    /// An object's access control list.
    GetObjectAcl {
        key: String,
        version_id: Option<String>,
    }
    /// Replaces it, where lists are not disabled.
    PutObjectAcl {
        key: String,
        version_id: Option<String>,
        #[serde(rename = "ACL")]
        acl: Option<String>,
    }
}

impl Request {
    /// The key and the id of the upload that it is about.
    #[must_use]
    pub fn upload(&self) -> Option<(&str, &str)> {
        match self {
            Self::UploadPart(r) => Some((&r.key, &r.upload_id)),
            Self::UploadPartCopy(r) => Some((&r.key, &r.upload_id)),
            Self::CompleteMultipartUpload(r) => Some((&r.key, &r.upload_id)),
            Self::AbortMultipartUpload(r) => Some((&r.key, &r.upload_id)),
            Self::ListParts(r) => Some((&r.key, &r.upload_id)),
            _ => None,
        }
    }

    /// What it copies, as the header names it.
    pub(super) fn copy_source(&self) -> Option<&str> {
        match self {
            Self::CopyObject(r) => Some(&r.copy_source),
            Self::UploadPartCopy(r) => Some(&r.copy_source),
            _ => None,
        }
    }

    /// Reads an operation's input in AWS's member names; `body` is the content of an object or a part.
    ///
    /// # Errors
    /// `NotImplemented` for an operation that is not emulated, `InvalidRequest` for members that cannot be read.
    pub fn from_input(operation: &str, input: Value, body: Bytes) -> Result<Self, Fault> {
        let input = if input.is_null() { Value::Object(serde_json::Map::new()) } else { input };
        let mut request = Self::read(operation, input)
            .ok_or_else(|| fault::unknown_operation(operation))?
            .map_err(|error| fault::invalid_request(format!("{operation}: {error}")))?;
        match &mut request {
            Self::PutObject(put) => put.body = body,
            Self::UploadPart(put) => put.body = body,
            _ => {}
        }
        Ok(request)
    }
}

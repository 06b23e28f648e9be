//! What S3 answers: one struct for each operation that answers anything, in AWS's own member names.
//!
//! Each serialises to AWS's JSON member names, absent members left out and times as RFC 3339 text; bodies are left out.
//! Which of them become headers and which elements is the wire's business.
#![expect(missing_docs, reason = "the members are AWS's own and described on the page of their operation")]

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::request::{Checksums, Meta, Tag};

/// One answer of S3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// Nothing but success: 204 for what deletes, for PutBucketPolicy and for PutBucketTagging, else 200.
    Empty {},
    ListBuckets(ListBuckets),
    CreateBucket(CreateBucket),
    HeadBucket(HeadBucket),
    GetBucketLocation(GetBucketLocation),
    ListObjects(ListObjects),
    ListObjectsV2(ListObjectsV2),
    ListObjectVersions(ListObjectVersions),
    GetObject(GetObject),
    HeadObject(HeadObject),
    GetObjectAttributes(GetObjectAttributes),
    PutObject(PutObject),
    CopyObject(CopyObject),
    DeleteObject(DeleteObject),
    DeleteObjects(DeleteObjects),
    CreateMultipartUpload(CreateMultipartUpload),
    UploadPart(UploadPart),
    UploadPartCopy(UploadPartCopy),
    CompleteMultipartUpload(CompleteMultipartUpload),
    ListParts(ListParts),
    ListMultipartUploads(ListMultipartUploads),
    GetObjectTagging(GetObjectTagging),
    /// PutObjectTagging and DeleteObjectTagging.
    ObjectTagged(ObjectTagged),
    GetBucketTagging(GetBucketTagging),
    GetBucketPolicy(GetBucketPolicy),
    GetBucketPolicyStatus(GetBucketPolicyStatus),
    GetBucketVersioning(GetBucketVersioning),
    GetPublicAccessBlock(GetPublicAccessBlock),
    GetBucketOwnershipControls(GetBucketOwnershipControls),
    GetBucketAbac(GetBucketAbac),
    /// GetBucketAcl and GetObjectAcl.
    Acl(Acl),
}

/// Writes structs that serialise in AWS's member names, leaving out what is absent.
macro_rules! members {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
            #[serde(rename_all = "PascalCase")]
            pub struct $name { $($(#[$of_field])* pub $field: $type,)* }
        )*
    };
}

members! {
    /// An account as S3 names owners.
    Owner {
        /// The canonical user id: 64 hexadecimal digits.
        #[serde(rename = "ID")]
        id: String,
    }
    /// Who began an upload.
    Initiator {
        #[serde(rename = "ID")]
        id: String,
        display_name: String,
    }
    /// A bucket in a list.
    BucketEntry {
        name: String,
        #[serde(serialize_with = "time")]
        creation_date: Timestamp,
        bucket_region: String,
        bucket_arn: String,
    }
    ListBuckets {
        buckets: Vec<BucketEntry>,
        owner: Owner,
        #[serde(skip_serializing_if = "Option::is_none")]
        continuation_token: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        prefix: Option<String>,
    }
    CreateBucket {
        location: String,
        bucket_arn: String,
    }
    HeadBucket {
        bucket_arn: String,
        bucket_region: String,
    }
    GetBucketLocation {
        /// `None` in us-east-1.
        location_constraint: Option<String>,
    }
    /// An object in a list.
    ObjectEntry {
        key: String,
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        checksum_algorithm: Vec<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        checksum_type: Option<String>,
        size: u64,
        storage_class: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        owner: Option<Owner>,
    }
    /// What a delimiter rolled up.
    CommonPrefix {
        prefix: String,
    }
    ListObjects {
        is_truncated: bool,
        marker: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_marker: Option<String>,
        contents: Vec<ObjectEntry>,
        name: String,
        prefix: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        delimiter: Option<String>,
        max_keys: usize,
        common_prefixes: Vec<CommonPrefix>,
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding_type: Option<String>,
    }
    ListObjectsV2 {
        is_truncated: bool,
        contents: Vec<ObjectEntry>,
        name: String,
        prefix: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        delimiter: Option<String>,
        max_keys: usize,
        common_prefixes: Vec<CommonPrefix>,
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding_type: Option<String>,
        key_count: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        continuation_token: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_continuation_token: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        start_after: Option<String>,
    }
    /// A version of an object in a list.
    ObjectVersion {
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        checksum_algorithm: Vec<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        checksum_type: Option<String>,
        size: u64,
        storage_class: String,
        key: String,
        version_id: String,
        is_latest: bool,
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
        owner: Owner,
    }
    /// A delete marker in a list.
    DeleteMarkerEntry {
        owner: Owner,
        key: String,
        version_id: String,
        is_latest: bool,
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
    }
    ListObjectVersions {
        is_truncated: bool,
        key_marker: String,
        version_id_marker: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_key_marker: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_version_id_marker: Option<String>,
        versions: Vec<ObjectVersion>,
        delete_markers: Vec<DeleteMarkerEntry>,
        name: String,
        prefix: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        delimiter: Option<String>,
        max_keys: usize,
        common_prefixes: Vec<CommonPrefix>,
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding_type: Option<String>,
    }
    HeadObject {
        accept_ranges: &'static str,
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
        /// Of the part that is sent, where a range was asked for.
        content_length: u64,
        /// There when a range was asked for and is given: the answer's status is 206 then.
        #[serde(skip_serializing_if = "Option::is_none")]
        content_range: Option<String>,
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
        #[serde(rename = "SSEKMSKeyId", skip_serializing_if = "Option::is_none")]
        sse_kms_key_id: Option<String>,
        /// `None` for STANDARD.
        #[serde(skip_serializing_if = "Option::is_none")]
        storage_class: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        parts_count: Option<usize>,
        #[serde(skip_serializing_if = "Option::is_none")]
        tag_count: Option<usize>,
        #[serde(flatten)]
        meta: Meta,
        #[serde(flatten)]
        checksums: Checksums,
    }
    GetObject {
        #[serde(flatten)]
        head: HeadObject,
        #[serde(skip)]
        body: Bytes,
    }
    GetObjectAttributes {
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        /// Without the quotes that it has elsewhere.
        #[serde(rename = "ETag", skip_serializing_if = "Option::is_none")]
        etag: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        checksum: Option<Checksums>,
        #[serde(skip_serializing_if = "Option::is_none")]
        object_parts: Option<ObjectParts>,
        #[serde(skip_serializing_if = "Option::is_none")]
        storage_class: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        object_size: Option<u64>,
    }
    /// How many parts an object was uploaded in.
    ObjectParts {
        total_parts_count: usize,
    }
    PutObject {
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
        #[serde(rename = "SSEKMSKeyId", skip_serializing_if = "Option::is_none")]
        sse_kms_key_id: Option<String>,
        #[serde(flatten)]
        checksums: Checksums,
    }
    CopyObject {
        copy_object_result: CopyResult,
        #[serde(skip_serializing_if = "Option::is_none")]
        copy_source_version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
    }
    /// `CopyObjectResult` and `CopyPartResult`.
    CopyResult {
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
        #[serde(flatten)]
        checksums: Checksums,
    }
    DeleteObject {
        #[serde(skip_serializing_if = "Option::is_none")]
        delete_marker: Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
    }
    DeleteObjects {
        deleted: Vec<DeletedObject>,
        errors: Vec<DeleteError>,
    }
    /// What a batch delete did to one object.
    DeletedObject {
        key: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delete_marker: Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delete_marker_version_id: Option<String>,
    }
    /// Why a batch delete left one object.
    DeleteError {
        key: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        code: String,
        message: String,
    }
    CreateMultipartUpload {
        bucket: String,
        key: String,
        upload_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        checksum_algorithm: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        checksum_type: Option<String>,
    }
    UploadPart {
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
        #[serde(flatten)]
        checksums: Checksums,
    }
    UploadPartCopy {
        copy_part_result: CopyResult,
        #[serde(skip_serializing_if = "Option::is_none")]
        copy_source_version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
    }
    CompleteMultipartUpload {
        location: String,
        bucket: String,
        key: String,
        #[serde(rename = "ETag")]
        etag: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        server_side_encryption: Option<String>,
        #[serde(flatten)]
        checksums: Checksums,
    }
    /// A part in a list.
    Part {
        part_number: u32,
        #[serde(serialize_with = "time")]
        last_modified: Timestamp,
        #[serde(rename = "ETag")]
        etag: String,
        size: u64,
        #[serde(flatten)]
        checksums: Checksums,
    }
    ListParts {
        bucket: String,
        key: String,
        upload_id: String,
        part_number_marker: u32,
        /// 0 where nothing is listed.
        next_part_number_marker: u32,
        max_parts: usize,
        is_truncated: bool,
        parts: Vec<Part>,
        initiator: Initiator,
        owner: Owner,
        storage_class: String,
    }
    /// An upload in a list.
    MultipartUpload {
        upload_id: String,
        key: String,
        #[serde(serialize_with = "time")]
        initiated: Timestamp,
        storage_class: String,
        owner: Owner,
        initiator: Initiator,
    }
    ListMultipartUploads {
        bucket: String,
        key_marker: String,
        upload_id_marker: String,
        /// Of the last upload that is listed, whether or not there are more.
        next_key_marker: String,
        next_upload_id_marker: String,
        prefix: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        delimiter: Option<String>,
        max_uploads: usize,
        is_truncated: bool,
        uploads: Vec<MultipartUpload>,
        common_prefixes: Vec<CommonPrefix>,
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding_type: Option<String>,
    }
    GetObjectTagging {
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
        tag_set: Vec<Tag>,
    }
    ObjectTagged {
        #[serde(skip_serializing_if = "Option::is_none")]
        version_id: Option<String>,
    }
    GetBucketTagging {
        tag_set: Vec<Tag>,
    }
    GetBucketPolicy {
        /// The policy's text as it was put: the whole body of the answer, JSON.
        policy: String,
    }
    GetBucketPolicyStatus {
        policy_status: PolicyStatus,
    }
    /// Whether a bucket policy is public.
    PolicyStatus {
        is_public: bool,
    }
    GetBucketVersioning {
        /// `None` while versioning has never been on.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<&'static str>,
    }
    GetPublicAccessBlock {
        public_access_block_configuration: PublicAccessBlock,
    }
    /// The four settings of Block Public Access.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    PublicAccessBlock {
        block_public_acls: bool,
        ignore_public_acls: bool,
        block_public_policy: bool,
        restrict_public_buckets: bool,
    }
    GetBucketOwnershipControls {
        ownership_controls: OwnershipControls,
    }
    /// Who owns a bucket's objects.
    OwnershipControls {
        rules: Vec<OwnershipRule>,
    }
    /// The one rule of [`OwnershipControls`].
    OwnershipRule {
        object_ownership: String,
    }
    GetBucketAbac {
        abac_status: AbacStatus,
    }
    /// `Enabled` or `Disabled`.
    AbacStatus {
        status: &'static str,
    }
    /// An access control list with its one entry: the owner, in full control.
    Acl {
        owner: Owner,
        grants: Vec<Grant>,
    }
    /// An entry of an access control list.
    Grant {
        grantee: Grantee,
        permission: &'static str,
    }
    /// Who has a permission.
    Grantee {
        /// `CanonicalUser`
        r#type: &'static str,
        #[serde(rename = "ID")]
        id: String,
    }
}

fn time<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&at.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
}

//! What each operation of S3 is.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html

use account::operation::{OperationRow, Row, adds, always, changes, depends, find, given, reads, row, same, without};
use account::{Call, Fault, World};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::access::{decide_bucket, decide_object};
use super::reply::Reply;
use super::request::{Decide, Functions, Request};
use super::{
    abac, acl, buckets, constraint, copy, delete, fault, list, multipart, part, policy, public_access, read, tagging,
    versioning, write,
};

impl Request {
    /// Reads an operation's input in AWS's member names; `body` is the content of an object or a part.
    ///
    /// # Errors
    /// `NotImplemented` for an operation that is not emulated, S3's own error for a member that is missing or of another
    /// type than its API model says.
    pub fn from_input(operation: &str, input: Value, body: Bytes) -> Result<Self, Fault> {
        let row = find(OPERATIONS, operation).ok_or_else(|| fault::unknown_operation(operation))?;
        let input = if input.is_null() { Value::Object(Map::new()) } else { input };
        let invalid = constraint::check(row.operation.operation(), &input)?;
        Self::of(row, input, body, invalid)
    }
}

/// The action on the latest version of an object, and the one on a version that is named. Whether a caller is told that the
/// object is missing is asked of s3:ListBucket.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
macro_rules! of_version {
    ($latest:literal, $named:literal) => {
        &[without("VersionId", $latest), given("VersionId", $named), depends("s3:ListBucket")]
    };
}

/// Every operation.
#[rustfmt::skip]
pub(super) static OPERATIONS: &[Row<Functions>] = &[
    row(
        reads("s3:ListBuckets").checked_as(&[always("s3:ListAllMyBuckets")]).in_scenarios(&[]),
        decided(buckets::decide_list, buckets::list),
    ),
    row(
        on_bucket(changes("s3:CreateBucket"))
            .checked_as(&[
                always("s3:CreateBucket"), depends("s3:PutBucketAcl"),
                given("ObjectOwnership", "s3:PutBucketOwnershipControls"), depends("s3:TagResource"),
            ]).passes("Tags").undone_by("DeleteBucket", &[same("Bucket")]),
        of_bucket(buckets::create),
    ),
    row(
        on_bucket(reads("s3:HeadBucket")).checked_as(&[always("s3:ListBucket")]).in_scenarios(&["Bucket"]),
        decided(decide_bucket, buckets::head),
    ),
    row(on_bucket(changes("s3:DeleteBucket")), of_bucket(buckets::delete)),
    row(on_bucket(reads("s3:GetBucketLocation")), decided(decide_bucket, buckets::location)),
    row(on_bucket(reads("s3:GetBucketRequestPayment")), decided(decide_bucket, buckets::request_payment)),
    row(
        on_bucket(reads("s3:ListObjects")).checked_as(&[always("s3:ListBucket")]),
        decided(list::decide, list::objects),
    ),
    row(
        on_bucket(reads("s3:ListObjectsV2")).checked_as(&[always("s3:ListBucket")])
            .in_scenarios(&["Bucket", "Prefix", "Delimiter", "MaxKeys"]),
        decided(list::decide, list::objects_v2),
    ),
    row(
        on_bucket(reads("s3:ListObjectVersions")).checked_as(&[always("s3:ListBucketVersions")]),
        decided(list::decide, list::versions),
    ),
    row(
        on_object(reads("s3:GetObject")).checked_as(of_version!("s3:GetObject", "s3:GetObjectVersion"))
            .in_scenarios(&["Bucket", "Key", "VersionId", "Range"]),
        decided(read::decide, read::get),
    ),
    row(
        on_object(reads("s3:HeadObject")).checked_as(of_version!("s3:GetObject", "s3:GetObjectVersion"))
            .in_scenarios(&["Bucket", "Key", "VersionId", "Range"]),
        decided(read::decide, read::head),
    ),
    row(
        on_object(reads("s3:GetObjectAttributes"))
            .checked_as(&[
                without("VersionId", "s3:GetObject"), given("VersionId", "s3:GetObjectVersion"),
                without("VersionId", "s3:GetObjectAttributes"), given("VersionId", "s3:GetObjectVersionAttributes"),
                depends("s3:ListBucket"),
            ]),
        decided(decide_object, read::attributes),
    ),
    row(
        on_object(changes("s3:PutObject"))
            .checked_as(&[
                always("s3:PutObject"), depends("s3:PutObjectTagging"), given("ACL", "s3:PutObjectAcl"),
                given("IfMatch", "s3:GetObject"),
            ]).passes("Tagging").in_scenarios(&["Bucket", "Key", "Body", "Tagging"]),
        decided(write::decide, write::put),
    ),
    row(
        on_object(changes("s3:CopyObject"))
            .checked_as(&[
                always("s3:PutObject"), depends("s3:GetObject"), depends("s3:GetObjectVersion"),
                depends("s3:GetObjectTagging"), depends("s3:GetObjectVersionTagging"), depends("s3:PutObjectTagging"),
                given("ACL", "s3:PutObjectAcl"), given("IfMatch", "s3:GetObject"), depends("s3:ListBucket"),
            ]).passes("Tagging").in_scenarios(&["Bucket", "Key", "CopySource"]),
        decided(copy::decide, copy::copy),
    ),
    row(
        on_object(changes("s3:DeleteObject"))
            .checked_as(&[
                without("VersionId", "s3:DeleteObject"), depends("s3:DeleteObjectVersion"), depends("s3:GetObject"),
            ]).in_scenarios(&["Bucket", "Key", "VersionId"]),
        decided(delete::decide_one, delete::one),
    ),
    row(
        on_object(changes("s3:DeleteObjects"))
            .checked_as(&[depends("s3:DeleteObject"), depends("s3:DeleteObjectVersion"), depends("s3:GetObject")]),
        decided(delete::decide_many, delete::many),
    ),
    row(
        on_object(adds("s3:CreateMultipartUpload"))
            .checked_as(&[
                always("s3:PutObject"), depends("s3:PutObjectTagging"), given("ACL", "s3:PutObjectAcl"),
            ]).passes("Tagging"),
        decided(multipart::decide_create, multipart::create),
    ),
    row(
        on_object(changes("s3:UploadPart")).checked_as(&[always("s3:PutObject")]),
        decided(part::decide, part::put),
    ),
    row(
        on_object(changes("s3:UploadPartCopy"))
            .checked_as(&[
                always("s3:PutObject"), depends("s3:GetObject"), depends("s3:GetObjectVersion"), depends("s3:ListBucket"),
            ]),
        decided(part::decide_copy, part::copy),
    ),
    row(
        on_object(changes("s3:CompleteMultipartUpload"))
            .checked_as(&[always("s3:PutObject"), given("IfMatch", "s3:GetObject")]),
        decided(multipart::decide_complete, multipart::complete),
    ),
    row(on_object(changes("s3:AbortMultipartUpload")), decided(multipart::decide_abort, multipart::abort)),
    row(
        on_object(reads("s3:ListParts")).checked_as(&[always("s3:ListMultipartUploadParts")]),
        decided(multipart::decide_list_parts, multipart::list_parts),
    ),
    row(
        on_bucket(reads("s3:ListMultipartUploads")).checked_as(&[always("s3:ListBucketMultipartUploads")]),
        decided(list::decide, list::uploads),
    ),
    row(
        on_object(reads("s3:GetObjectTagging"))
            .checked_as(of_version!("s3:GetObjectTagging", "s3:GetObjectVersionTagging"))
            .in_scenarios(&["Bucket", "Key", "VersionId"]),
        decided(decide_object, tagging::get_object),
    ),
    row(
        on_object(changes("s3:PutObjectTagging"))
            .checked_as(of_version!("s3:PutObjectTagging", "s3:PutObjectVersionTagging"))
            .passes("Tagging").in_scenarios(&["Bucket", "Key", "VersionId", "Tagging"]),
        decided(tagging::decide_put_object, tagging::put_object),
    ),
    row(
        on_object(changes("s3:DeleteObjectTagging"))
            .checked_as(of_version!("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging")).in_scenarios(&["Bucket", "Key", "VersionId"]),
        decided(decide_object, tagging::delete_object),
    ),
    row(on_bucket(reads("s3:GetBucketTagging")).in_scenarios(&["Bucket"]), decided(decide_bucket, tagging::get_bucket)),
    row(on_bucket(changes("s3:PutBucketTagging")).passes("Tagging"), of_bucket(tagging::put_bucket)),
    row(
        on_bucket(changes("s3:DeleteBucketTagging")).checked_as(&[always("s3:PutBucketTagging")]),
        of_bucket(tagging::delete_bucket),
    ),
    row(on_bucket(reads("s3:GetBucketPolicy")).answered_here(), of_bucket(policy::get)),
    row(on_bucket(changes("s3:PutBucketPolicy")).documents(&["Policy"]), of_bucket(policy::put)),
    row(on_bucket(changes("s3:DeleteBucketPolicy")), of_bucket(policy::delete)),
    row(on_bucket(reads("s3:GetBucketPolicyStatus")).answered_here(), of_bucket(policy::status)),
    row(on_bucket(reads("s3:GetBucketVersioning")), decided(decide_bucket, versioning::get)),
    row(on_bucket(changes("s3:PutBucketVersioning")), of_bucket(versioning::put)),
    row(
        on_bucket(reads("s3:GetPublicAccessBlock")).checked_as(&[always("s3:GetBucketPublicAccessBlock")]).answered_here(),
        of_bucket(public_access::get),
    ),
    row(
        on_bucket(changes("s3:PutPublicAccessBlock")).checked_as(&[always("s3:PutBucketPublicAccessBlock")]),
        of_bucket(public_access::put),
    ),
    row(
        on_bucket(changes("s3:DeletePublicAccessBlock")).checked_as(&[always("s3:PutBucketPublicAccessBlock")]),
        of_bucket(public_access::delete),
    ),
    row(on_bucket(reads("s3:GetBucketOwnershipControls")).answered_here(), of_bucket(acl::get_ownership)),
    row(on_bucket(changes("s3:PutBucketOwnershipControls")), of_bucket(acl::put_ownership)),
    row(
        on_bucket(changes("s3:DeleteBucketOwnershipControls")).checked_as(&[always("s3:PutBucketOwnershipControls")]),
        of_bucket(acl::delete_ownership),
    ),
    row(on_bucket(reads("s3:GetBucketAbac")).answered_here(), of_bucket(abac::get)),
    row(on_bucket(changes("s3:PutBucketAbac")).answered_here(), of_bucket(abac::put)),
    row(on_bucket(reads("s3:GetBucketAcl")), decided(decide_bucket, acl::get_bucket)),
    row(on_bucket(changes("s3:PutBucketAcl")), of_bucket(acl::put_bucket)),
    row(
        on_object(reads("s3:GetObjectAcl"))
            .checked_as(of_version!("s3:GetObjectAcl", "s3:GetObjectVersionAcl")),
        decided(decide_object, acl::get_object),
    ),
    row(
        on_object(changes("s3:PutObjectAcl"))
            .checked_as(of_version!("s3:PutObjectAcl", "s3:PutObjectVersionAcl")),
        decided(acl::decide_put_object, acl::put_object),
    ),
];
const fn on_bucket(operation: OperationRow) -> OperationRow {
    operation.on(&["bucket"], "Bucket").names(&["Bucket"])
}

const fn on_object(operation: OperationRow) -> OperationRow {
    operation.on(&["object"], "Key").names(&["Bucket"])
}

/// What an operation on a bucket is carried out by. It is about the bucket itself, of which the world has everything.
const fn of_bucket(here: fn(&mut World, &mut Call<'_>, &Request) -> Result<Reply, Fault>) -> Functions {
    Functions { here, elsewhere: None }
}

/// What any other operation is carried out by, and what decides on it where the objects are elsewhere.
const fn decided(
    elsewhere: Decide,
    here: fn(&mut World, &mut Call<'_>, &Request) -> Result<Reply, Fault>,
) -> Functions {
    Functions { here, elsewhere: Some(elsewhere) }
}

//! Which of S3's operations a request is: method, place and what the query string or a header says.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html

use Level::{Bucket, Object, Service};
use When::{Header, Query};

use super::address::Level;

/// What must be there besides method and place.
enum When {
    /// A parameter in the query string.
    Query(&'static str),
    /// A header.
    Header(&'static str),
}

type Row = (Level, &'static str, &'static [When], &'static str);

/// Every operation of S3, those that are not emulated included: a request for `?lifecycle` is not one for the list of
/// objects. The first row that fits counts.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    (Service, "GET", &[], "ListBuckets"),
    (Bucket, "GET", &[Query("analytics"), Query("id")], "GetBucketAnalyticsConfiguration"),
    (Bucket, "GET", &[Query("intelligent-tiering"), Query("id")], "GetBucketIntelligentTieringConfiguration"),
    (Bucket, "GET", &[Query("inventory"), Query("id")], "GetBucketInventoryConfiguration"),
    (Bucket, "GET", &[Query("metrics"), Query("id")], "GetBucketMetricsConfiguration"),
    (Bucket, "GET", &[Query("session")], "CreateSession"),
    (Bucket, "GET", &[Query("abac")], "GetBucketAbac"),
    (Bucket, "GET", &[Query("accelerate")], "GetBucketAccelerateConfiguration"),
    (Bucket, "GET", &[Query("acl")], "GetBucketAcl"),
    (Bucket, "GET", &[Query("cors")], "GetBucketCors"),
    (Bucket, "GET", &[Query("encryption")], "GetBucketEncryption"),
    (Bucket, "GET", &[Query("lifecycle")], "GetBucketLifecycleConfiguration"),
    (Bucket, "GET", &[Query("location")], "GetBucketLocation"),
    (Bucket, "GET", &[Query("logging")], "GetBucketLogging"),
    (Bucket, "GET", &[Query("metadataConfiguration")], "GetBucketMetadataConfiguration"),
    (Bucket, "GET", &[Query("metadataTable")], "GetBucketMetadataTableConfiguration"),
    (Bucket, "GET", &[Query("notification")], "GetBucketNotificationConfiguration"),
    (Bucket, "GET", &[Query("ownershipControls")], "GetBucketOwnershipControls"),
    (Bucket, "GET", &[Query("policy")], "GetBucketPolicy"),
    (Bucket, "GET", &[Query("policyStatus")], "GetBucketPolicyStatus"),
    (Bucket, "GET", &[Query("replication")], "GetBucketReplication"),
    (Bucket, "GET", &[Query("requestPayment")], "GetBucketRequestPayment"),
    (Bucket, "GET", &[Query("tagging")], "GetBucketTagging"),
    (Bucket, "GET", &[Query("versioning")], "GetBucketVersioning"),
    (Bucket, "GET", &[Query("website")], "GetBucketWebsite"),
    (Bucket, "GET", &[Query("object-lock")], "GetObjectLockConfiguration"),
    (Bucket, "GET", &[Query("publicAccessBlock")], "GetPublicAccessBlock"),
    (Bucket, "GET", &[Query("analytics")], "ListBucketAnalyticsConfigurations"),
    (Bucket, "GET", &[Query("intelligent-tiering")], "ListBucketIntelligentTieringConfigurations"),
    (Bucket, "GET", &[Query("inventory")], "ListBucketInventoryConfigurations"),
    (Bucket, "GET", &[Query("metrics")], "ListBucketMetricsConfigurations"),
    (Bucket, "GET", &[Query("uploads")], "ListMultipartUploads"),
    (Bucket, "GET", &[Query("versions")], "ListObjectVersions"),
    (Bucket, "GET", &[Query("list-type")], "ListObjectsV2"),
    (Bucket, "GET", &[], "ListObjects"),
    (Bucket, "HEAD", &[], "HeadBucket"),
    (Bucket, "PUT", &[Query("abac")], "PutBucketAbac"),
    (Bucket, "PUT", &[Query("accelerate")], "PutBucketAccelerateConfiguration"),
    (Bucket, "PUT", &[Query("acl")], "PutBucketAcl"),
    (Bucket, "PUT", &[Query("analytics")], "PutBucketAnalyticsConfiguration"),
    (Bucket, "PUT", &[Query("cors")], "PutBucketCors"),
    (Bucket, "PUT", &[Query("encryption")], "PutBucketEncryption"),
    (Bucket, "PUT", &[Query("intelligent-tiering")], "PutBucketIntelligentTieringConfiguration"),
    (Bucket, "PUT", &[Query("inventory")], "PutBucketInventoryConfiguration"),
    (Bucket, "PUT", &[Query("lifecycle")], "PutBucketLifecycleConfiguration"),
    (Bucket, "PUT", &[Query("logging")], "PutBucketLogging"),
    (Bucket, "PUT", &[Query("metrics")], "PutBucketMetricsConfiguration"),
    (Bucket, "PUT", &[Query("notification")], "PutBucketNotificationConfiguration"),
    (Bucket, "PUT", &[Query("ownershipControls")], "PutBucketOwnershipControls"),
    (Bucket, "PUT", &[Query("policy")], "PutBucketPolicy"),
    (Bucket, "PUT", &[Query("replication")], "PutBucketReplication"),
    (Bucket, "PUT", &[Query("requestPayment")], "PutBucketRequestPayment"),
    (Bucket, "PUT", &[Query("tagging")], "PutBucketTagging"),
    (Bucket, "PUT", &[Query("versioning")], "PutBucketVersioning"),
    (Bucket, "PUT", &[Query("website")], "PutBucketWebsite"),
    (Bucket, "PUT", &[Query("object-lock")], "PutObjectLockConfiguration"),
    (Bucket, "PUT", &[Query("publicAccessBlock")], "PutPublicAccessBlock"),
    (Bucket, "PUT", &[Query("metadataInventoryTable")], "UpdateBucketMetadataInventoryTableConfiguration"),
    (Bucket, "PUT", &[Query("metadataJournalTable")], "UpdateBucketMetadataJournalTableConfiguration"),
    (Bucket, "PUT", &[], "CreateBucket"),
    (Bucket, "POST", &[Query("metadataConfiguration")], "CreateBucketMetadataConfiguration"),
    (Bucket, "POST", &[Query("metadataTable")], "CreateBucketMetadataTableConfiguration"),
    (Bucket, "POST", &[Query("delete")], "DeleteObjects"),
    (Bucket, "POST", &[], "PostObject"),
    (Bucket, "DELETE", &[Query("analytics")], "DeleteBucketAnalyticsConfiguration"),
    (Bucket, "DELETE", &[Query("cors")], "DeleteBucketCors"),
    (Bucket, "DELETE", &[Query("encryption")], "DeleteBucketEncryption"),
    (Bucket, "DELETE", &[Query("intelligent-tiering")], "DeleteBucketIntelligentTieringConfiguration"),
    (Bucket, "DELETE", &[Query("inventory")], "DeleteBucketInventoryConfiguration"),
    (Bucket, "DELETE", &[Query("lifecycle")], "DeleteBucketLifecycle"),
    (Bucket, "DELETE", &[Query("metadataConfiguration")], "DeleteBucketMetadataConfiguration"),
    (Bucket, "DELETE", &[Query("metadataTable")], "DeleteBucketMetadataTableConfiguration"),
    (Bucket, "DELETE", &[Query("metrics")], "DeleteBucketMetricsConfiguration"),
    (Bucket, "DELETE", &[Query("ownershipControls")], "DeleteBucketOwnershipControls"),
    (Bucket, "DELETE", &[Query("policy")], "DeleteBucketPolicy"),
    (Bucket, "DELETE", &[Query("replication")], "DeleteBucketReplication"),
    (Bucket, "DELETE", &[Query("tagging")], "DeleteBucketTagging"),
    (Bucket, "DELETE", &[Query("website")], "DeleteBucketWebsite"),
    (Bucket, "DELETE", &[Query("publicAccessBlock")], "DeletePublicAccessBlock"),
    (Bucket, "DELETE", &[], "DeleteBucket"),
    (Object, "GET", &[Query("acl")], "GetObjectAcl"),
    (Object, "GET", &[Query("attributes")], "GetObjectAttributes"),
    (Object, "GET", &[Query("legal-hold")], "GetObjectLegalHold"),
    (Object, "GET", &[Query("retention")], "GetObjectRetention"),
    (Object, "GET", &[Query("tagging")], "GetObjectTagging"),
    (Object, "GET", &[Query("torrent")], "GetObjectTorrent"),
    (Object, "GET", &[Query("uploadId")], "ListParts"),
    (Object, "GET", &[], "GetObject"),
    (Object, "HEAD", &[], "HeadObject"),
    (Object, "PUT", &[Query("partNumber"), Query("uploadId"), Header("x-amz-copy-source")], "UploadPartCopy"),
    (Object, "PUT", &[Query("partNumber"), Query("uploadId")], "UploadPart"),
    (Object, "PUT", &[Header("x-amz-copy-source")], "CopyObject"),
    (Object, "PUT", &[Query("acl")], "PutObjectAcl"),
    (Object, "PUT", &[Query("legal-hold")], "PutObjectLegalHold"),
    (Object, "PUT", &[Query("retention")], "PutObjectRetention"),
    (Object, "PUT", &[Query("tagging")], "PutObjectTagging"),
    (Object, "PUT", &[Query("renameObject")], "RenameObject"),
    (Object, "PUT", &[Query("encryption")], "UpdateObjectEncryption"),
    (Object, "PUT", &[], "PutObject"),
    (Object, "POST", &[Query("uploadId")], "CompleteMultipartUpload"),
    (Object, "POST", &[Query("uploads")], "CreateMultipartUpload"),
    (Object, "POST", &[Query("restore")], "RestoreObject"),
    (Object, "POST", &[Query("select")], "SelectObjectContent"),
    (Object, "DELETE", &[Query("uploadId")], "AbortMultipartUpload"),
    (Object, "DELETE", &[Query("tagging")], "DeleteObjectTagging"),
    (Object, "DELETE", &[], "DeleteObject"),
];

/// Parameters that tell operations apart and are also plain members of others.
const MEMBERS_TOO: [&str; 2] = ["id", "partNumber"];

/// Which operation a request is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Operation(&'static str),
    /// S3 has none of this method there.
    None,
    /// It names two subresources, and AWS does not say which of them counts.
    Conflict(&'static str, &'static str),
}

/// The operation, by its name.
///
/// A row without a condition is not for a request that names a subresource: `DELETE /bucket/key?acl` deletes nothing.
pub(super) fn find(level: Level, method: &str, query: &[&str], has_header: impl Fn(&str) -> bool) -> Found {
    let holds = |when: &When| match when {
        Query(name) => query.contains(name),
        Header(name) => has_header(name),
    };
    let is_plain = |row: &Row| !row.2.iter().any(|when| matches!(when, Query(_)));
    let names_subresource = query.iter().any(|name| subresource(name).is_some());
    let found = ROWS
        .iter()
        .filter(|row| row.0 == level && row.1 == method && row.2.iter().all(holds))
        .find(|row| !(is_plain(row) && names_subresource));
    let Some(row) = found else { return Found::None };
    let own = row.2.iter().filter_map(|when| match when {
        Query(name) => subresource(name),
        Header(_) => None,
    });
    let other = query.iter().filter_map(|name| subresource(name)).find(|other| !own.clone().any(|name| name == *other));
    match (own.clone().next(), other) {
        (Some(own), Some(other)) => Found::Conflict(own, other),
        _ => Found::Operation(row.3),
    }
}

/// Whether some operation is told apart by this parameter.
pub(super) fn is_known_query(name: &str) -> bool {
    told_apart_by(name).is_some()
}

/// Whether this operation is told apart by this parameter.
pub(super) fn is_told_apart_by(operation: &str, name: &str) -> bool {
    let names = |when: &When| matches!(when, Query(known) if *known == name);
    ROWS.iter().any(|row| row.3 == operation && row.2.iter().any(names))
}

/// A parameter by which operations are told apart, and which is nothing else.
fn subresource(name: &str) -> Option<&'static str> {
    told_apart_by(name).filter(|name| !MEMBERS_TOO.contains(name))
}

fn told_apart_by(name: &str) -> Option<&'static str> {
    let known = ROWS.iter().flat_map(|row| row.2).filter_map(|when| match when {
        Query(known) => Some(*known),
        Header(_) => None,
    });
    known.into_iter().find(|known| *known == name)
}

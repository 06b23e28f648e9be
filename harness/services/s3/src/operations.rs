//! What each operation of S3 is.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html

use account::operation::{Operation, adds, always, changes, depends, given, reads, same, without};

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
pub(super) static OPERATIONS: &[Operation] = &[
    reads("s3:ListBuckets").checked_as(&[always("s3:ListAllMyBuckets")]).in_scenarios(&[]),
    on_bucket(changes("s3:CreateBucket"))
        .checked_as(&[
            always("s3:CreateBucket"), given("ACL", "s3:PutBucketAcl"),
            given("ObjectOwnership", "s3:PutBucketOwnershipControls"), given("Tags", "s3:TagResource"),
        ]).passes("Tags").undone_by("DeleteBucket", &[same("Bucket")]),
    on_bucket(reads("s3:HeadBucket")).checked_as(&[always("s3:ListBucket")]).in_scenarios(&["Bucket"]),
    on_bucket(changes("s3:DeleteBucket")),
    on_bucket(reads("s3:GetBucketLocation")),
    on_bucket(reads("s3:ListObjects")).checked_as(&[always("s3:ListBucket")]),
    on_bucket(reads("s3:ListObjectsV2")).checked_as(&[always("s3:ListBucket")])
        .in_scenarios(&["Bucket", "Prefix", "Delimiter", "MaxKeys"]),
    on_bucket(reads("s3:ListObjectVersions")).checked_as(&[always("s3:ListBucketVersions")]),
    on_object(reads("s3:GetObject")).checked_as(of_version!("s3:GetObject", "s3:GetObjectVersion"))
        .in_scenarios(&["Bucket", "Key", "VersionId", "Range"]),
    on_object(reads("s3:HeadObject")).checked_as(of_version!("s3:GetObject", "s3:GetObjectVersion"))
        .in_scenarios(&["Bucket", "Key", "VersionId", "Range"]),
    on_object(reads("s3:GetObjectAttributes"))
        .checked_as(&[
            without("VersionId", "s3:GetObject"), given("VersionId", "s3:GetObjectVersion"),
            without("VersionId", "s3:GetObjectAttributes"), given("VersionId", "s3:GetObjectVersionAttributes"),
            depends("s3:ListBucket"),
        ]),
    on_object(changes("s3:PutObject"))
        .checked_as(&[
            always("s3:PutObject"), given("Tagging", "s3:PutObjectTagging"), given("ACL", "s3:PutObjectAcl"),
            given("IfMatch", "s3:GetObject"),
        ]).passes("Tagging").in_scenarios(&["Bucket", "Key", "Body", "Tagging"]),
    on_object(changes("s3:CopyObject"))
        .checked_as(&[
            always("s3:PutObject"), depends("s3:GetObject"), depends("s3:GetObjectVersion"),
            depends("s3:GetObjectTagging"), depends("s3:GetObjectVersionTagging"), depends("s3:PutObjectTagging"),
            given("ACL", "s3:PutObjectAcl"), given("IfMatch", "s3:GetObject"), depends("s3:ListBucket"),
        ]).passes("Tagging").in_scenarios(&["Bucket", "Key", "CopySource"]),
    on_object(changes("s3:DeleteObject"))
        .checked_as(&[
            without("VersionId", "s3:DeleteObject"), given("VersionId", "s3:DeleteObjectVersion"),
            given("IfMatch", "s3:GetObject"),
        ]).in_scenarios(&["Bucket", "Key", "VersionId"]),
    on_object(changes("s3:DeleteObjects"))
        .checked_as(&[depends("s3:DeleteObject"), depends("s3:DeleteObjectVersion"), depends("s3:GetObject")]),
    on_object(adds("s3:CreateMultipartUpload"))
        .checked_as(&[
            always("s3:PutObject"), given("Tagging", "s3:PutObjectTagging"), given("ACL", "s3:PutObjectAcl"),
        ]).passes("Tagging"),
    on_object(changes("s3:UploadPart")).checked_as(&[always("s3:PutObject")]),
    on_object(changes("s3:UploadPartCopy"))
        .checked_as(&[
            always("s3:PutObject"), depends("s3:GetObject"), depends("s3:GetObjectVersion"), depends("s3:ListBucket"),
        ]),
    on_object(changes("s3:CompleteMultipartUpload"))
        .checked_as(&[always("s3:PutObject"), given("IfMatch", "s3:GetObject")]),
    on_object(changes("s3:AbortMultipartUpload")),
    on_object(reads("s3:ListParts")).checked_as(&[always("s3:ListMultipartUploadParts")]),
    on_bucket(reads("s3:ListMultipartUploads")).checked_as(&[always("s3:ListBucketMultipartUploads")]),
    on_object(reads("s3:GetObjectTagging"))
        .checked_as(of_version!("s3:GetObjectTagging", "s3:GetObjectVersionTagging"))
        .in_scenarios(&["Bucket", "Key", "VersionId"]),
    on_object(changes("s3:PutObjectTagging"))
        .checked_as(of_version!("s3:PutObjectTagging", "s3:PutObjectVersionTagging"))
        .passes("Tagging").in_scenarios(&["Bucket", "Key", "VersionId", "Tagging"]),
    on_object(changes("s3:DeleteObjectTagging"))
        .checked_as(of_version!("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging")).in_scenarios(&["Bucket", "Key", "VersionId"]),
    on_bucket(reads("s3:GetBucketTagging")).in_scenarios(&["Bucket"]),
    on_bucket(changes("s3:PutBucketTagging")).passes("Tagging"),
    on_bucket(changes("s3:DeleteBucketTagging")).checked_as(&[always("s3:PutBucketTagging")]),
    on_bucket(reads("s3:GetBucketPolicy")),
    on_bucket(changes("s3:PutBucketPolicy")).documents(&["Policy"]),
    on_bucket(changes("s3:DeleteBucketPolicy")),
    on_bucket(reads("s3:GetBucketPolicyStatus")),
    on_bucket(reads("s3:GetBucketVersioning")),
    on_bucket(changes("s3:PutBucketVersioning")),
    on_bucket(reads("s3:GetPublicAccessBlock")).checked_as(&[always("s3:GetBucketPublicAccessBlock")]),
    on_bucket(changes("s3:PutPublicAccessBlock")).checked_as(&[always("s3:PutBucketPublicAccessBlock")]),
    on_bucket(changes("s3:DeletePublicAccessBlock")).checked_as(&[always("s3:PutBucketPublicAccessBlock")]),
    on_bucket(reads("s3:GetBucketOwnershipControls")),
    on_bucket(changes("s3:PutBucketOwnershipControls")),
    on_bucket(changes("s3:DeleteBucketOwnershipControls")).checked_as(&[always("s3:PutBucketOwnershipControls")]),
    on_bucket(reads("s3:GetBucketAbac")),
    on_bucket(changes("s3:PutBucketAbac")),
    on_bucket(reads("s3:GetBucketAcl")),
    on_bucket(changes("s3:PutBucketAcl")),
    on_object(reads("s3:GetObjectAcl"))
        .checked_as(of_version!("s3:GetObjectAcl", "s3:GetObjectVersionAcl")),
    on_object(changes("s3:PutObjectAcl"))
        .checked_as(of_version!("s3:PutObjectAcl", "s3:PutObjectVersionAcl")),
];

const fn on_bucket(operation: Operation) -> Operation {
    operation.on(&["bucket"], "Bucket").names(&["Bucket"])
}

const fn on_object(operation: Operation) -> Operation {
    operation.on(&["object"], "Key").names(&["Bucket"])
}

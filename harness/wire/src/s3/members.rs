//! Which header or query parameter carries which member. A name means the same member wherever it is used, so two
//! tables serve all operations; what an operation does not have, it does not look at.

/// Request headers, in lower case and in order.
#[rustfmt::skip]
const REQUEST: [(&str, &str); 40] = [
    ("cache-control", "CacheControl"),
    ("content-disposition", "ContentDisposition"),
    ("content-encoding", "ContentEncoding"),
    ("content-language", "ContentLanguage"),
    ("content-md5", "ContentMD5"),
    ("content-type", "ContentType"),
    ("expires", "Expires"),
    ("if-match", "IfMatch"),
    ("if-modified-since", "IfModifiedSince"),
    ("if-none-match", "IfNoneMatch"),
    ("if-unmodified-since", "IfUnmodifiedSince"),
    ("range", "Range"),
    ("x-amz-acl", "ACL"),
    ("x-amz-checksum-algorithm", "ChecksumAlgorithm"),
    ("x-amz-checksum-crc32", "ChecksumCRC32"),
    ("x-amz-checksum-crc32c", "ChecksumCRC32C"),
    ("x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"),
    ("x-amz-checksum-mode", "ChecksumMode"),
    ("x-amz-checksum-sha1", "ChecksumSHA1"),
    ("x-amz-checksum-sha256", "ChecksumSHA256"),
    ("x-amz-checksum-type", "ChecksumType"),
    ("x-amz-copy-source", "CopySource"),
    ("x-amz-copy-source-if-match", "CopySourceIfMatch"),
    ("x-amz-copy-source-if-modified-since", "CopySourceIfModifiedSince"),
    ("x-amz-copy-source-if-none-match", "CopySourceIfNoneMatch"),
    ("x-amz-copy-source-if-unmodified-since", "CopySourceIfUnmodifiedSince"),
    ("x-amz-copy-source-range", "CopySourceRange"),
    ("x-amz-expected-bucket-owner", "ExpectedBucketOwner"),
    ("x-amz-max-parts", "MaxParts"),
    ("x-amz-metadata-directive", "MetadataDirective"),
    ("x-amz-object-attributes", "ObjectAttributes"),
    ("x-amz-object-ownership", "ObjectOwnership"),
    ("x-amz-part-number-marker", "PartNumberMarker"),
    ("x-amz-server-side-encryption", "ServerSideEncryption"),
    ("x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"),
    ("x-amz-source-expected-bucket-owner", "ExpectedSourceBucketOwner"),
    ("x-amz-storage-class", "StorageClass"),
    ("x-amz-tagging", "Tagging"),
    ("x-amz-tagging-directive", "TaggingDirective"),
    ("x-amz-website-redirect-location", "WebsiteRedirectLocation"),
];

const LISTS: &[&str] = &["ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads"];
const READS: &[&str] = &["GetObject", "HeadObject"];
const CONFIGURATIONS: &[&str] = &[
    "ListBuckets",
    "ListObjectsV2",
    "ListBucketAnalyticsConfigurations",
    "ListBucketIntelligentTieringConfigurations",
    "ListBucketInventoryConfigurations",
    "ListBucketMetricsConfigurations",
];
const VERSIONS: &[&str] = &[
    "DeleteObject",
    "DeleteObjectTagging",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectLegalHold",
    "GetObjectRetention",
    "GetObjectTagging",
    "HeadObject",
    "PutObjectAcl",
    "PutObjectLegalHold",
    "PutObjectRetention",
    "PutObjectTagging",
    "RestoreObject",
    "UpdateObjectEncryption",
];
const IDENTIFIED: &[&str] = &[
    "DeleteBucketAnalyticsConfiguration",
    "DeleteBucketIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration",
    "DeleteBucketMetricsConfiguration",
    "PutBucketAnalyticsConfiguration",
    "PutBucketIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration",
    "PutBucketMetricsConfiguration",
];

/// Parameters of the query string, and the operations that have them beside those that tell operations apart.
#[rustfmt::skip]
const QUERY: [(&str, &str, &[&str]); 27] = [
    ("bucket-region", "BucketRegion", &["ListBuckets"]),
    ("continuation-token", "ContinuationToken", CONFIGURATIONS),
    ("delimiter", "Delimiter", LISTS),
    ("encoding-type", "EncodingType", LISTS),
    ("fetch-owner", "FetchOwner", &["ListObjectsV2"]),
    ("id", "Id", IDENTIFIED),
    ("key-marker", "KeyMarker", &["ListMultipartUploads", "ListObjectVersions"]),
    ("marker", "Marker", &["ListObjects"]),
    ("max-buckets", "MaxBuckets", &["ListBuckets"]),
    ("max-keys", "MaxKeys", &["ListObjects", "ListObjectsV2", "ListObjectVersions"]),
    ("max-parts", "MaxParts", &["ListParts"]),
    ("max-uploads", "MaxUploads", &["ListMultipartUploads"]),
    ("part-number-marker", "PartNumberMarker", &["ListParts"]),
    ("partNumber", "PartNumber", READS),
    ("prefix", "Prefix", &["ListBuckets", "ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads"]),
    ("response-cache-control", "ResponseCacheControl", READS),
    ("response-content-disposition", "ResponseContentDisposition", READS),
    ("response-content-encoding", "ResponseContentEncoding", READS),
    ("response-content-language", "ResponseContentLanguage", READS),
    ("response-content-type", "ResponseContentType", READS),
    ("response-expires", "ResponseExpires", READS),
    ("select-type", "SelectType", &["SelectObjectContent"]),
    ("start-after", "StartAfter", &["ListObjectsV2"]),
    ("upload-id-marker", "UploadIdMarker", &["ListMultipartUploads"]),
    ("uploadId", "UploadId", &[]),
    ("version-id-marker", "VersionIdMarker", &["ListObjectVersions"]),
    ("versionId", "VersionId", VERSIONS),
];

/// Headers whose value is a list, so that some clients send one line for each item.
const LISTED: [&str; 4] = ["cache-control", "content-encoding", "content-language", "x-amz-object-attributes"];

/// Headers of S3 that say something of a body or of its sender, and carry no member.
const OF_THE_BODY: [&str; 5] =
    ["x-amz-content-sha256", "x-amz-date", "x-amz-decoded-content-length", "x-amz-security-token", "host"];

/// Headers of answers, by member.
#[rustfmt::skip]
const ANSWER: [(&str, &str); 35] = [
    ("AcceptRanges", "accept-ranges"),
    ("BucketArn", "x-amz-bucket-arn"),
    ("BucketRegion", "x-amz-bucket-region"),
    ("CacheControl", "cache-control"),
    ("ChecksumAlgorithm", "x-amz-checksum-algorithm"),
    ("ChecksumCRC32", "x-amz-checksum-crc32"),
    ("ChecksumCRC32C", "x-amz-checksum-crc32c"),
    ("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme"),
    ("ChecksumSHA1", "x-amz-checksum-sha1"),
    ("ChecksumSHA256", "x-amz-checksum-sha256"),
    ("ChecksumType", "x-amz-checksum-type"),
    ("ContentDisposition", "content-disposition"),
    ("ContentEncoding", "content-encoding"),
    ("ContentLanguage", "content-language"),
    ("ContentLength", "content-length"),
    ("ContentRange", "content-range"),
    ("ContentType", "content-type"),
    ("CopySourceVersionId", "x-amz-copy-source-version-id"),
    ("DeleteMarker", "x-amz-delete-marker"),
    ("ETag", "etag"),
    ("Expires", "expires"),
    ("LastModified", "last-modified"),
    ("Location", "location"),
    ("PartsCount", "x-amz-mp-parts-count"),
    ("SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"),
    ("ServerSideEncryption", "x-amz-server-side-encryption"),
    ("StorageClass", "x-amz-storage-class"),
    ("TagCount", "x-amz-tagging-count"),
    ("VersionId", "x-amz-version-id"),
    ("WebsiteRedirectLocation", "x-amz-website-redirect-location"),
    // Of errors.
    ("@Allow", "allow"),
    ("@DeleteMarker", "x-amz-delete-marker"),
    ("@ETag", "etag"),
    ("@LastModified", "last-modified"),
    ("@VersionId", "x-amz-version-id"),
];

/// Headers for features that are not here. Ignoring one would store an object otherwise than it was asked for.
#[rustfmt::skip]
const UNSUPPORTED: [&str; 10] = [
    "x-amz-bucket-namespace",
    "x-amz-bucket-object-lock-enabled",
    "x-amz-copy-source-server-side-encryption-customer-",
    "x-amz-grant-",
    "x-amz-if-match-",
    "x-amz-object-lock-",
    "x-amz-rename-source",
    "x-amz-server-side-encryption-context",
    "x-amz-server-side-encryption-customer-",
    "x-amz-write-offset-bytes",
];

/// The member that a request header carries.
pub(super) fn of_header(name: &str) -> Option<&'static str> {
    REQUEST.binary_search_by(|row| row.0.cmp(name)).ok().and_then(|at| REQUEST.get(at)).map(|row| row.1)
}

/// The member that a query parameter carries.
pub(super) fn of_query(name: &str) -> Option<&'static str> {
    QUERY.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// Whether an operation has a parameter beside those that tell it apart.
pub(super) fn has_parameter(operation: &str, name: &str) -> bool {
    QUERY.iter().any(|row| row.0 == name && row.2.contains(&operation))
}

/// Whether a header can be given once only: of two, nobody says which counts.
pub(super) fn is_single(name: &str) -> bool {
    (of_header(name).is_some() && !LISTED.contains(&name)) || OF_THE_BODY.contains(&name)
}

/// The header that carries a member of an answer.
pub(crate) fn header(member: &str) -> Option<&'static str> {
    ANSWER.iter().find(|row| row.0 == member).map(|row| row.1)
}

/// Whether a header asks for a feature that is not here.
pub(super) fn is_unsupported(name: &str) -> bool {
    UNSUPPORTED.iter().any(|known| name.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_is_found() {
        assert!(REQUEST.is_sorted());
        for (header, member) in REQUEST {
            assert_eq!(of_header(header), Some(member));
        }
        assert_eq!(of_header("x-amz-date"), None);
    }
}

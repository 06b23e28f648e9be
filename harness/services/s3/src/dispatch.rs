//! From a request to its operation.

use account::{Call, Fault, World};

use super::bucket::{self, Bucket};
use super::reply::Reply;
use super::request::Request;
use super::{
    abac, acl, buckets, copy, delete, fault, list, multipart, policy, public_access, read, tagging, versioning, write,
};

pub(super) fn dispatch(world: &mut World, call: &mut Call<'_>, request: Request) -> Result<Reply, Fault> {
    check_expectation(world, &request)?;
    match request {
        Request::ListBuckets(request) => buckets::list(world, call, &request),
        Request::CreateBucket(request) => buckets::create(world, call, &request),
        Request::HeadBucket(request) => buckets::head(world, call, &request),
        Request::DeleteBucket(request) => buckets::delete(world, call, &request),
        Request::GetBucketLocation(request) => buckets::location(world, call, &request),
        Request::ListObjects(request) => list::objects(world, call, &request),
        Request::ListObjectsV2(request) => list::objects_v2(world, call, &request),
        Request::ListObjectVersions(request) => list::versions(world, call, &request),
        Request::GetObject(request) => read::get(world, call, &request),
        Request::HeadObject(request) => read::head(world, call, &request),
        Request::GetObjectAttributes(request) => read::attributes(world, call, &request),
        Request::PutObject(request) => write::put(world, call, request),
        Request::CopyObject(request) => copy::copy(world, call, request),
        Request::DeleteObject(request) => delete::one(world, call, &request),
        Request::DeleteObjects(request) => delete::many(world, call, &request),
        Request::CreateMultipartUpload(request) => multipart::create(world, call, request),
        Request::UploadPart(request) => multipart::upload_part(world, call, request),
        Request::UploadPartCopy(request) => multipart::upload_part_copy(world, call, &request),
        Request::CompleteMultipartUpload(request) => multipart::complete(world, call, request),
        Request::AbortMultipartUpload(request) => multipart::abort(world, call, &request),
        Request::ListParts(request) => multipart::list_parts(world, call, &request),
        Request::ListMultipartUploads(request) => list::uploads(world, call, &request),
        Request::GetObjectTagging(request) => tagging::get_object(world, call, &request),
        Request::PutObjectTagging(request) => tagging::put_object(world, call, &request),
        Request::DeleteObjectTagging(request) => tagging::delete_object(world, call, &request),
        Request::GetBucketTagging(request) => tagging::get_bucket(world, call, &request),
        Request::PutBucketTagging(request) => tagging::put_bucket(world, call, &request),
        Request::DeleteBucketTagging(request) => tagging::delete_bucket(world, call, &request),
        Request::GetBucketPolicy(request) => policy::get(world, call, &request),
        Request::PutBucketPolicy(request) => policy::put(world, call, request),
        Request::DeleteBucketPolicy(request) => policy::delete(world, call, &request),
        Request::GetBucketPolicyStatus(request) => policy::status(world, call, &request),
        Request::GetBucketVersioning(request) => versioning::get(world, call, &request),
        Request::PutBucketVersioning(request) => versioning::put(world, call, &request),
        Request::GetPublicAccessBlock(request) => public_access::get(world, call, &request),
        Request::PutPublicAccessBlock(request) => public_access::put(world, call, &request),
        Request::DeletePublicAccessBlock(request) => public_access::delete(world, call, &request),
        Request::GetBucketOwnershipControls(request) => acl::get_ownership(world, call, &request),
        Request::PutBucketOwnershipControls(request) => acl::put_ownership(world, call, &request),
        Request::DeleteBucketOwnershipControls(request) => acl::delete_ownership(world, call, &request),
        Request::GetBucketAbac(request) => abac::get(world, call, &request),
        Request::PutBucketAbac(request) => abac::put(world, call, &request),
        Request::GetBucketAcl(request) => acl::get_bucket(world, call, &request),
        Request::PutBucketAcl(request) => acl::put_bucket(world, call, &request),
        Request::GetObjectAcl(request) => acl::get_object(world, call, &request),
        Request::PutObjectAcl(request) => acl::put_object(world, call, &request),
    }
}

/// A request may say whose bucket it expects.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
pub(super) fn check_expectation(world: &World, request: &Request) -> Result<(), Fault> {
    let Some(expected) = request.expected_bucket_owner() else { return Ok(()) };
    let bucket = request.bucket().and_then(|name| bucket::known(world, name));
    bucket.map_or(Ok(()), |bucket| check_owner(bucket, Some(expected)))
}

pub(super) fn check_owner(bucket: &Bucket, expected: Option<&str>) -> Result<(), Fault> {
    let Some(expected) = expected else { return Ok(()) };
    if expected.len() != 12 || !expected.bytes().all(|byte| byte.is_ascii_digit()) {
        let message =
            format!("The value of the expected bucket owner parameter must be an AWS Account ID... [{expected}]");
        return Err(Fault::new(400, "InvalidBucketOwnerAWSAccountID", message));
    }
    if expected == bucket.owner { Ok(()) } else { Err(fault::access_denied()) }
}

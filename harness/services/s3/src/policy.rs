//! Bucket policies.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html

use std::sync::Arc;

use ::policy::{Document, Kind, Policy};
use account::{Call, Fault, World};
use serde_json::Value;

use super::access;
use super::bucket::{self, Bucket, BucketPolicy, Buckets};
use super::owners::Owners;
use super::reply::{self, PolicyStatus, Reply};
use super::{fault, public_access, request, statement};

/// docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html: "limited to 20 KB in size".
const LARGEST: usize = 20 * 1024;

pub(super) fn get(world: &World, call: &mut Call<'_>, request: &request::GetBucketPolicy) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    authorize(world, call, bucket, "s3:GetBucketPolicy", "GET")?;
    let policy = bucket.policy.as_ref().ok_or_else(|| none(bucket))?;
    Ok(Reply::GetBucketPolicy(reply::GetBucketPolicy { policy: policy.text.clone() }))
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: request::PutBucketPolicy) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    authorize(world, call, bucket, "s3:PutBucketPolicy", "PUT")?;
    let policy = read(world, bucket, request.policy)?;
    if policy.public && public_access::effective(world, bucket).block_public_policy {
        return Err(blocked(call, bucket));
    }
    bucket::named_mut(world, &request.bucket)?.policy = Some(policy);
    Ok(Reply::Empty {})
}

pub(super) fn delete(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::DeleteBucketPolicy,
) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    authorize(world, call, bucket, "s3:DeleteBucketPolicy", "DELETE")?;
    bucket::named_mut(world, &request.bucket)?.policy = None;
    Ok(Reply::Empty {})
}

pub(super) fn status(
    world: &World,
    call: &mut Call<'_>,
    request: &request::GetBucketPolicyStatus,
) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:GetBucketPolicyStatus"))?;
    let policy = bucket.policy.as_ref().ok_or_else(|| none(bucket))?;
    let policy_status = PolicyStatus { is_public: policy.public };
    Ok(Reply::GetBucketPolicyStatus(reply::GetBucketPolicyStatus { policy_status }))
}

/// S3 tells a caller of another account, whose policies would allow it, that the account is the reason.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
fn authorize(
    world: &World,
    call: &mut Call<'_>,
    bucket: &Bucket,
    action: &'static str,
    method: &str,
) -> Result<(), Fault> {
    let fault = world.authorize(call, access::on_bucket(world, call, bucket, action)).err();
    let decision = call.decisions.last().map(|recorded| &recorded.decision);
    let is_stranger = decision.is_some_and(|decision| decision.fact.is_some() && decision.by.is_empty());
    match fault {
        Some(_) if is_stranger => Err(fault::method_not_allowed(method, "BUCKETPOLICY")),
        fault => fault.map_or(Ok(()), Err),
    }
}

/// Reads a policy as S3 does: with its own error texts, and only about this bucket.
fn read(world: &World, bucket: &Bucket, text: String) -> Result<BucketPolicy, Fault> {
    if text.len() > LARGEST {
        return Err(malformed("Policy exceeds the maximum allowed document size."));
    }
    if !text.starts_with('{') {
        return Err(malformed("Policies must be valid JSON and the first byte must be '{'"));
    }
    let tree: Value = serde_json::from_str(&text).map_err(|_| malformed("This policy contains invalid Json"))?;
    if let Some(message) = statement::complaint(world, bucket, &tree) {
        return Err(malformed(message));
    }
    compile(&Owners::of(world), bucket, text, &tree)
}

/// Puts what `renamed` makes of a bucket's policy in its place.
pub(crate) fn rename_principals(world: &mut World, renamed: &dyn Fn(&str) -> Option<String>) {
    let owners = Owners::of(world);
    let Ok(buckets) = world.state_mut::<Buckets>() else { return };
    for bucket in buckets.by_name.values_mut() {
        if let Some(text) = bucket.policy.as_ref().and_then(|policy| renamed(&policy.text))
            && let Ok(policy) = adopt(&owners, bucket, text)
        {
            bucket.policy = Some(policy);
        }
    }
}

/// Takes a policy that stands already, whoever its principals are.
pub(super) fn adopt(owners: &Owners, bucket: &Bucket, text: String) -> Result<BucketPolicy, Fault> {
    let tree = serde_json::from_str(&text).map_err(|_| malformed("This policy contains invalid Json"))?;
    compile(owners, bucket, text, &tree)
}

fn compile(owners: &Owners, bucket: &Bucket, text: String, tree: &Value) -> Result<BucketPolicy, Fault> {
    let (document, findings) = Document::read_json(&text, Kind::Resource);
    let Some(document) = document else {
        let first = findings.iter().find(|finding| finding.is_error());
        return Err(malformed(first.map_or("This policy contains invalid Json", worded)));
    };
    let compiled = Arc::new(Policy::new(bucket.arn(), Kind::Resource, &owners.known(document)));
    Ok(BucketPolicy { public: public_access::is_public(tree), text, compiled })
}

/// S3's text for what is wrong with a policy.
fn worded(finding: &source::Finding) -> &str {
    match finding.code {
        "INVALID_PRINCIPAL" => "Invalid principal in policy",
        "INVALID_ACTION" => "Policy has invalid action",
        "INVALID_RESOURCE" => "Policy has invalid resource",
        "INVALID_CONDITION_KEY" => "Policy has an invalid condition key",
        "INVALID_VERSION" => "The policy must contain a valid version string",
        _ => &finding.message,
    }
}

fn malformed(message: impl Into<String>) -> Fault {
    Fault::new(400, "MalformedPolicy", message)
}

fn none(bucket: &Bucket) -> Fault {
    Fault::new(404, "NoSuchBucketPolicy", "The bucket policy does not exist").with("BucketName", &bucket.name)
}

fn blocked(call: &Call<'_>, bucket: &Bucket) -> Fault {
    let caller = call.decisions.last().and_then(|recorded| recorded.request.principal.arn()).unwrap_or_default();
    let message = format!(
        "User: {caller} is not authorized to perform: s3:PutBucketPolicy on resource: \"{}\" because public policies \
         are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
        bucket.arn()
    );
    Fault::new(403, "AccessDenied", message)
}

//! Bucket policies.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html

use std::sync::Arc;

use ::policy::{Document, Kind, Policy};
use account::{Call, Fault, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::bucket::{self, Bucket, BucketPolicy, Buckets};
use super::owners::Owners;
use super::reply::Reply;
use super::request::Request;
use super::{fault, public_access, statement};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutBucketPolicy {
    policy: String,
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html: "limited to 20 KB in size".
const LARGEST: usize = 20 * 1024;

pub(super) fn get(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = authorize(world, call, request)?;
    let policy = bucket.policy.as_ref().ok_or_else(|| none(bucket))?;
    Ok(json!({ "Policy": policy.text }).into())
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let text = text(request)?;
    let bucket = authorize(world, call, request)?;
    let policy = read(world, bucket, text)?;
    if policy.public && access::effective(world, bucket).block_public_policy == Some(true) {
        return Err(blocked(call, bucket));
    }
    bucket::named_mut(world, request.bucket())?.policy = Some(policy);
    Ok(Reply::default())
}

/// The policy that a request puts.
pub(super) fn text(request: &Request) -> Result<String, Fault> {
    request.read::<PutBucketPolicy>().map(|put| put.policy)
}

pub(super) fn delete(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    authorize(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.policy = None;
    Ok(Reply::default())
}

pub(super) fn status(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    let policy = bucket.policy.as_ref().ok_or_else(|| none(bucket))?;
    Ok(json!({ "PolicyStatus": { "IsPublic": policy.public } }).into())
}

/// S3 tells a caller of another account, whose policies would allow it, that the account is the reason.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
fn authorize<'w>(world: &'w World, call: &mut Call<'_>, request: &Request) -> Result<&'w Bucket, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    let Err(denied) = access::allow_bucket(world, call, request) else { return Ok(bucket) };
    let decision = call.decisions.last().map(|recorded| &recorded.decision);
    let is_stranger = decision.is_some_and(|decision| decision.fact.is_some() && decision.by.is_empty());
    Err(if is_stranger { fault::method_not_allowed(request.method(), "BUCKETPOLICY") } else { denied })
}

/// Reads a policy as S3 does: with its own error texts, and only about this bucket.
fn read(world: &World, bucket: &Bucket, text: String) -> Result<BucketPolicy, Fault> {
    if text.len() > LARGEST {
        return Err(malformed("Policy exceeds the maximum allowed document size."));
    }
    let text = world.with_arns(text);
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

/// Takes a policy that stands already, no matter who its principals are.
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

//! S3 calls that a stack and a scenario's `given` have in common.

use std::collections::HashSet;

use serde_json::{Value, json};
use template::Stack;
use template::resource::Properties;

use super::Environment;
use super::iam::input;
use crate::call::{ApiCall, tag_list};
use crate::scenario::{Object, Tags};

/// The names of the buckets that the stack makes.
pub(super) fn buckets_of(stack: &Stack) -> HashSet<&str> {
    let buckets = stack.resources.iter().filter(|resource| matches!(resource.properties, Properties::Bucket(_)));
    buckets.map(|resource| resource.physical_id.as_str()).collect()
}

/// Makes a bucket. us-east-1 is the one region that is not named.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
pub(super) fn create(environment: &Environment, bucket: &str, ownership: Option<&str>) -> ApiCall {
    let elsewhere = environment.region != "us-east-1";
    let configuration = elsewhere.then(|| json!({"LocationConstraint": environment.region}));
    let members = [
        ("Bucket", Some(json!(bucket))),
        ("CreateBucketConfiguration", configuration),
        ("ObjectOwnership", ownership.map(Value::from)),
    ];
    ApiCall::new("s3", "CreateBucket", input(members))
}

/// Turns ABAC on. docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
pub(super) fn enable_abac(bucket: &str) -> ApiCall {
    ApiCall::new("s3", "PutBucketAbac", json!({"Bucket": bucket, "AbacStatus": {"Status": "Enabled"}}))
}

/// Tags a bucket. With ABAC on, PutBucketTagging is refused and S3 Control takes its place.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
pub(super) fn tag(environment: &Environment, account: &str, bucket: &str, tags: &Tags, abac: bool) -> ApiCall {
    if abac {
        let arn = format!("arn:{}:s3:::{bucket}", environment.partition);
        let input = json!({"AccountId": account, "ResourceArn": arn, "Tags": tag_list(tags)});
        return ApiCall::new("s3control", "TagResource", input);
    }
    ApiCall::new("s3", "PutBucketTagging", json!({"Bucket": bucket, "Tagging": {"TagSet": tag_list(tags)}}))
}

/// Puts a bucket policy.
pub(super) fn put_policy(bucket: &str, document: &Value) -> ApiCall {
    ApiCall::new("s3", "PutBucketPolicy", json!({"Bucket": bucket, "Policy": document.to_string()}))
}

/// Puts an object with its tags.
pub(super) fn put_object(bucket: &str, key: &str, object: &Object) -> ApiCall {
    let tagging = (!object.tags.is_empty()).then(|| Value::String(query(&object.tags)));
    let members = [("Bucket", Some(json!(bucket))), ("Key", Some(json!(key))), ("Tagging", tagging)];
    ApiCall::new("s3", "PutObject", input(members)).body(object.body.clone())
}

/// Tags as `x-amz-tagging` takes them: a query string.
fn query(tags: &Tags) -> String {
    let pairs: Vec<_> = tags.iter().map(|(key, value)| format!("{}={}", percent(key), percent(value))).collect();
    pairs.join("&")
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

//! Attribute-based access control: whether a bucket's tags count in policies.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html

use account::{Call, Fault, World};
use serde::Deserialize;
use serde_json::json;

use super::access;
use super::bucket;
use super::fault;
use super::reply::Reply;
use super::request::Request;

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutBucketAbac {
    abac_status: AbacStatus,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct AbacStatus {
    status: Option<String>,
}

pub(super) fn get(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    let status = if bucket.abac { "Enabled" } else { "Disabled" };
    Ok(json!({ "AbacStatus": { "Status": status } }).into())
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let PutBucketAbac { abac_status } = request.read()?;
    access::allow_bucket(world, call, request)?;
    let abac = match abac_status.status.as_deref() {
        Some("Enabled") => true,
        Some("Disabled") => false,
        _ => return Err(fault::malformed_xml()),
    };
    bucket::named_mut(world, request.bucket())?.abac = abac;
    Ok(Reply::default())
}

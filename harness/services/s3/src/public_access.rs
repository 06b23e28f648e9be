//! Block Public Access, and what makes a bucket policy public.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html

use account::{Call, Fault, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::bucket::{self, PublicAccessBlock};
use super::fault;
use super::reply::Reply;
use super::request::Request;

#[cfg(test)]
mod tests;

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutPublicAccessBlock {
    public_access_block_configuration: PublicAccessBlock,
}

pub(super) fn get(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    let settings = bucket.public_access.ok_or_else(|| none().with("BucketName", &bucket.name))?;
    Ok(json!({ "PublicAccessBlockConfiguration": settings }).into())
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let given = request.read::<PutPublicAccessBlock>()?;
    access::allow_bucket(world, call, request)?;
    let settings = given.public_access_block_configuration.as_put()?;
    bucket::named_mut(world, request.bucket())?.public_access = Some(settings);
    Ok(Reply::default())
}

/// The settings that a request puts.
pub(super) fn read(request: &Request) -> Result<PublicAccessBlock, Fault> {
    request.read::<PutPublicAccessBlock>()?.public_access_block_configuration.as_put()
}

/// Deleting is authorised as putting.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
pub(super) fn delete(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    access::allow_bucket(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.public_access = None;
    Ok(Reply::default())
}

pub(super) fn none() -> Fault {
    let message = "The public access block configuration was not found";
    Fault::new(404, "NoSuchPublicAccessBlockConfiguration", message)
}

impl PublicAccessBlock {
    /// All four as a request puts them.
    pub(super) fn as_put(self) -> Result<Self, Fault> {
        if self == Self::default() {
            return Err(fault::invalid_request("Must specify at least one configuration."));
        }
        let given = |setting: Option<bool>| Some(setting == Some(true));
        Ok(Self {
            block_public_acls: given(self.block_public_acls),
            ignore_public_acls: given(self.ignore_public_acls),
            block_public_policy: given(self.block_public_policy),
            restrict_public_buckets: given(self.restrict_public_buckets),
        })
    }
}

/// Whether a bucket policy is public: whether one of its statements allows something to others than fixed principals
/// without a condition that fixes where the request comes from. One public statement makes the whole policy public.
pub(super) fn is_public(policy: &Value) -> bool {
    many(&policy["Statement"])
        .filter(|statement| statement["Effect"] == "Allow")
        .any(|statement| !names_fixed_principals(statement) && !is_fixed_by_condition(&statement["Condition"]))
}

fn names_fixed_principals(statement: &Value) -> bool {
    let Value::Object(kinds) = &statement["Principal"] else { return false };
    let fixed = |value: &Value| value.as_str().is_some_and(is_fixed);
    // A federated principal is anybody with an account there.
    !kinds.is_empty() && kinds.iter().all(|(kind, names)| kind != "Federated" && many(names).all(fixed))
}

/// The keys that make a policy non-public when they are compared with fixed values.
const FIXING: [&str; 13] = [
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "aws:userid",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
];

fn is_fixed_by_condition(condition: &Value) -> bool {
    let Value::Object(operators) = condition else { return false };
    operators.iter().any(|(operator, keys)| {
        let operator = operator.to_ascii_lowercase();
        let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
        let Value::Object(keys) = keys else { return false };
        keys.iter().any(|(key, values)| fixes(operator, &key.to_ascii_lowercase(), values))
    })
}

/// Only an operator that needs the key to be there and equal fixes anything: not a negated one, not one with IfExists,
/// not ForAllValues.
fn fixes(operator: &str, key: &str, values: &Value) -> bool {
    let mut texts = many(values).map(|value| value.as_str().unwrap_or_default()).peekable();
    if texts.peek().is_none() {
        return false;
    }
    match operator {
        "ipaddress" => key == "aws:sourceip" && texts.all(is_narrow),
        "stringequals" | "stringequalsignorecase" | "stringlike" | "arnequals" | "arnlike" => {
            FIXING.contains(&key)
                && texts.all(|text| if key == "s3:dataaccesspointarn" { names_account(text) } else { is_fixed(text) })
        }
        _ => false,
    }
}

/// Without a wildcard or a policy variable.
fn is_fixed(text: &str) -> bool {
    !text.is_empty() && !text.contains(['*', '?']) && !text.contains("${")
}

/// An access point's ARN may have a wildcard for its name as long as the account is fixed.
fn names_account(arn: &str) -> bool {
    arn.split(':').nth(4).is_some_and(is_fixed)
}

/// Not broader than /8 for IPv4 and /32 for IPv6.
fn is_narrow(cidr: &str) -> bool {
    let (address, length) = cidr.split_once('/').map_or((cidr, None), |(address, length)| (address, Some(length)));
    let (widest, full) = match address.parse() {
        Ok(std::net::IpAddr::V4(_)) => (8, 32),
        Ok(std::net::IpAddr::V6(_)) => (32, 128),
        Err(_) => return false,
    };
    let length = length.map_or(Ok(full), str::parse);
    length.is_ok_and(|length: u8| (widest..=full).contains(&length))
}

/// A list's members, or the one value that stands where a list may.
pub(super) fn many(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(values) => values.iter(),
        Value::Null => [].iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

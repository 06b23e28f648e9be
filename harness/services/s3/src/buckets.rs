//! Making, finding and deleting buckets.

use account::{Call, Check, Fault, Page, Tags, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::bucket::{self, Bucket, Buckets, Ownership, bucket_arn, canonical};
use super::object::Versioning;
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::tags::{self, Tag};
use super::{fault, page};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ListBuckets {
    max_buckets: Option<usize>,
    continuation_token: Option<String>,
    prefix: Option<String>,
    bucket_region: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CreateBucket {
    #[serde(rename = "ACL")]
    acl: Option<String>,
    create_bucket_configuration: CreateBucketConfiguration,
    object_ownership: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CreateBucketConfiguration {
    location_constraint: Option<String>,
    tags: Vec<Tag>,
}

pub(super) fn decide_list(world: &World, call: &mut Call<'_>, _: &Request) -> Result<Remaining, Fault> {
    world.authorize(call, Check::new("s3:ListAllMyBuckets", "*")).map(|()| Remaining::All(None))
}

pub(super) fn list(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let given: ListBuckets = request.read()?;
    decide_list(world, call, request)?;
    let account = call.identity.account().ok_or_else(fault::access_denied)?;
    let prefix = given.prefix.as_deref().unwrap_or_default();
    let after = given.continuation_token.as_deref().map(page::read_token).transpose()?;
    let in_region = |bucket: &Bucket| given.bucket_region.as_ref().is_none_or(|region| *region == bucket.region);
    let is_wanted = |bucket: &&Bucket| bucket.owner == account && bucket.name.starts_with(prefix) && in_region(bucket);
    let mine = world.state::<Buckets>()?.by_name.values().filter(is_wanted);
    let part = Page { token: after, size: given.max_buckets.unwrap_or(10_000) }
        .by_key(mine.map(|bucket| (bucket.name.clone(), bucket)));
    Ok(json!({
        "Buckets": part.items.into_iter().map(|(_, bucket)| entry(bucket)).collect::<Value>(),
        "Owner": { "ID": canonical(account) },
        "ContinuationToken": part.next.as_deref().map(page::token_after),
        "Prefix": given.prefix,
    })
    .into())
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
pub(super) fn create(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let given: CreateBucket = request.read()?;
    let (name, configuration) = (request.bucket(), &given.create_bucket_configuration);
    authorize_creation(world, call, name, &given)?;
    let owner = call.identity.account().ok_or_else(fault::access_denied)?.to_owned();
    if !is_bucket_name(name) {
        return Err(fault::invalid_bucket_name(name));
    }
    let region = region(configuration.location_constraint.as_deref(), &call.surroundings.region)?;
    let ownership = given.object_ownership.as_deref().map_or(Some(Ownership::BucketOwnerEnforced), Ownership::named);
    let tags = tags::read(&configuration.tags, &tags::OF_BUCKET)?;
    match given.acl.as_deref() {
        None | Some("private") => {}
        // The lists that new buckets have off, with Block Public Access on.
        Some(_) => {
            let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
            return Err(Fault::new(400, "InvalidBucketAclWithObjectOwnership", message));
        }
    }
    let location = if region == "us-east-1" { format!("/{name}") } else { format!("http://{name}.s3.amazonaws.com/") };
    let made = json!({ "Location": location, "BucketArn": bucket_arn(&region, name) }).into();
    if let Some(there) = bucket::known(world, name).filter(|there| !there.gone) {
        return there_already(there, &owner, &region, &tags).map(|()| made);
    }
    let mut bucket = Bucket::new(name, &owner, &region, call.now);
    bucket.tags = tags;
    bucket.ownership = ownership;
    world.state_mut::<Buckets>()?.by_name.insert(name.to_owned(), bucket);
    Ok(made)
}

/// Some headers need a right of their own, as tags on creation need s3:TagResource.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
fn authorize_creation(world: &World, call: &mut Call<'_>, name: &str, given: &CreateBucket) -> Result<(), Fault> {
    let (arn, passed) =
        (bucket_arn(&call.surroundings.region, name), tags::passed(&given.create_bucket_configuration.tags));
    let mut check = Check::new("s3:CreateBucket", arn.clone()).passing(&passed);
    let keys = [
        ("s3:x-amz-acl", &given.acl),
        ("s3:x-amz-object-ownership", &given.object_ownership),
        ("s3:locationconstraint", &given.create_bucket_configuration.location_constraint),
    ];
    for (key, value) in keys {
        if let Some(value) = value {
            check = check.key(key, value);
        }
    }
    world.authorize(call, check)?;
    // "If you set the ACL to private, or if you don't specify any ACLs, only the s3:CreateBucket permission is required."
    if let Some(acl) = given.acl.as_deref().filter(|acl| *acl != "private") {
        world.authorize(call, Check::new("s3:PutBucketAcl", arn.clone()).key("s3:x-amz-acl", acl))?;
    }
    if given.object_ownership.is_some() {
        world.authorize(call, Check::new("s3:PutBucketOwnershipControls", arn.clone()))?;
    }
    if passed.is_empty() {
        return Ok(());
    }
    world.authorize(call, Check::new("s3:TagResource", arn).passing(&passed))
}

/// Making a bucket again that one has is a success in us-east-1, as long as it passes no tags; elsewhere it is an error.
fn there_already(there: &Bucket, owner: &str, region: &str, tags: &Tags) -> Result<(), Fault> {
    if there.owner != owner {
        let message = "The requested bucket name is not available. The bucket namespace is shared by all users of \
                       the system. Please select a different name and try again.";
        return Err(Fault::new(409, "BucketAlreadyExists", message).with("BucketName", &there.name));
    }
    if there.region == "us-east-1" && region == "us-east-1" && tags.is_empty() {
        return Ok(());
    }
    let message = "Your previous request to create the named bucket succeeded and you already own it.";
    Err(Fault::new(409, "BucketAlreadyOwnedByYou", message).with("BucketName", &there.name))
}

/// HeadBucket is authorised as ListBucket.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
pub(super) fn head(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    Ok(json!({ "BucketArn": bucket.arn(), "BucketRegion": bucket.region }).into())
}

pub(super) fn location(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let region = &access::allow_bucket(world, call, request)?.region;
    Ok(json!({ "LocationConstraint": (region != "us-east-1").then_some(region) }).into())
}

/// No bucket here has Requester Pays on.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
pub(super) fn request_payment(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    access::allow_bucket(world, call, request)?;
    Ok(json!({ "Payer": "BucketOwner" }).into())
}

pub(super) fn delete(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    if !bucket.objects.is_empty() {
        let message = if bucket.versioning == Versioning::Never {
            "The bucket you tried to delete is not empty"
        } else {
            "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
        };
        return Err(Fault::new(409, "BucketNotEmpty", message).with("BucketName", &bucket.name));
    }
    world.state_mut::<Buckets>()?.by_name.remove(request.bucket());
    Ok(Reply::default())
}

fn entry(bucket: &Bucket) -> Value {
    json!({
        "Name": bucket.name,
        "CreationDate": fault::iso(bucket.created),
        "BucketRegion": bucket.region,
        "BucketArn": bucket.arn(),
    })
}

/// The region that a bucket comes to stand in: the one that was asked, which must be named, unless it is us-east-1,
/// whose endpoint makes buckets anywhere.
fn region(constraint: Option<&str>, asked: &str) -> Result<String, Fault> {
    let incompatible = |which: &str| {
        let message = format!(
            "The {which} location constraint is incompatible for the region specific endpoint this request was sent to."
        );
        Err(Fault::new(400, "IllegalLocationConstraintException", message))
    };
    match constraint.filter(|constraint| !constraint.is_empty()) {
        None if asked == "us-east-1" => Ok(asked.to_owned()),
        None => incompatible("unspecified"),
        Some("EU") if ["us-east-1", "eu-west-1"].contains(&asked) => Ok("eu-west-1".to_owned()),
        Some(constraint) if !is_region(constraint) || constraint == "us-east-1" => {
            Err(fault::invalid_location(constraint))
        }
        Some(constraint) if constraint == asked || asked == "us-east-1" => Ok(constraint.to_owned()),
        Some(constraint) => incompatible(constraint),
    }
}

/// Whether it looks like `ap-northeast-1` or `us-gov-west-1`.
fn is_region(name: &str) -> bool {
    let parts: Vec<_> = name.split('-').collect();
    let [words @ .., number] = &parts[..] else { return false };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.len() >= 2 && words.iter().all(is_word) && number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
pub(super) fn is_bucket_name(name: &str) -> bool {
    const PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
    const SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let is_end = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| is_end(byte) || matches!(byte, b'-' | b'.'))
        && bytes.first().is_some_and(is_end)
        && bytes.last().is_some_and(is_end)
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_the_rules() {
        let good = ["abc", "esolang-worker", "a.b-c.9", "1bucket", &"a".repeat(63)];
        for name in good {
            assert!(is_bucket_name(name), "{name}");
        }
        let bad = [
            "ab",
            "",
            "Abc",
            "a_b",
            "-abc",
            "abc-",
            ".abc",
            "abc.",
            "a..b",
            "192.168.5.4",
            "xn--abc",
            "sthree-abc",
            "amzn-s3-demo-bucket",
            "abc-s3alias",
            "abc--ol-s3",
            "abc.mrap",
            "abc--x-s3",
            "äbc",
            &"a".repeat(64),
        ];
        for name in bad {
            assert!(!is_bucket_name(name), "{name}");
        }
    }

    #[test]
    fn a_bucket_stands_where_the_request_says() {
        let place = |constraint, asked| region(constraint, asked).map_err(|fault| fault.code.into_owned());
        let cases = [
            (None, "us-east-1", Ok("us-east-1")),
            (None, "ap-northeast-1", Err("IllegalLocationConstraintException")),
            (Some("ap-northeast-1"), "ap-northeast-1", Ok("ap-northeast-1")),
            (Some("ap-northeast-1"), "us-east-1", Ok("ap-northeast-1")),
            (Some("eu-west-2"), "ap-northeast-1", Err("IllegalLocationConstraintException")),
            (Some("us-east-1"), "us-east-1", Err("InvalidLocationConstraint")),
            (Some("moon"), "us-east-1", Err("InvalidLocationConstraint")),
            (Some("EU"), "us-east-1", Ok("eu-west-1")),
        ];
        for (constraint, asked, expected) in cases {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(place(constraint, asked), expected, "{constraint:?} at {asked}");
        }
    }
}

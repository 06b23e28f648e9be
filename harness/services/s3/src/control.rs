//! S3 Control: the tags of buckets, and an account's Block Public Access settings.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html

use account::operation::{Row, always, changes, find, reads, row};
use account::{Call, Check, Fault, TagProblem, Tags, World, input};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::bucket::{self, Bucket, Buckets, PublicAccessBlock};
use super::public_access;
use super::tags::{self, Tag};
use super::{constraint, fault};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    account_id: String,
    resource_arn: String,
    tags: Vec<Tag>,
    tag_keys: Vec<String>,
    public_access_block_configuration: PublicAccessBlock,
}

pub(super) type Run = fn(&mut World, &mut Call<'_>, &Input) -> Result<Value, Fault>;

/// Every operation.
#[rustfmt::skip]
pub(super) static OPERATIONS: &[Row<Run>] = &[
    row(
        changes("s3control:TagResource").checked_as(&[always("s3:TagResource")]).on(&["bucket"], "ResourceArn")
            .passes("Tags"),
        tag,
    ),
    row(
        changes("s3control:UntagResource").checked_as(&[always("s3:UntagResource")]).on(&["bucket"], "ResourceArn")
            .takes_keys("TagKeys"),
        untag,
    ),
    row(
        reads("s3control:ListTagsForResource").checked_as(&[always("s3:ListTagsForResource")])
            .on(&["bucket"], "ResourceArn"),
        list,
    ),
    row(
        reads("s3control:GetPublicAccessBlock").checked_as(&[always("s3:GetAccountPublicAccessBlock")]),
        get_public_access,
    ),
    row(
        changes("s3control:PutPublicAccessBlock").checked_as(&[always("s3:PutAccountPublicAccessBlock")]),
        put_public_access,
    ),
    row(
        changes("s3control:DeletePublicAccessBlock").checked_as(&[always("s3:PutAccountPublicAccessBlock")]),
        delete_public_access,
    ),
];

/// Makes one call.
pub(crate) fn dispatch(world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
    let row = find(OPERATIONS, operation).ok_or_else(|| fault::unknown_operation(operation))?;
    constraint::check_control(operation, &input)?;
    let input: Input = input::read(input, "InvalidRequest")?;
    (row.run)(world, call, &input)
}

/// Adds tags to a bucket's, whether or not it has attribute-based access control on.
fn tag(world: &mut World, call: &mut Call<'_>, input: &Input) -> Result<Value, Fault> {
    let bucket = bucket(world, input)?;
    let passed = tags::passed(&input.tags);
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:TagResource").passing(&passed))?;
    tags::read(&input.tags, &tags::OF_RESOURCE)?;
    let mut all = bucket.tags.clone();
    passed.iter().for_each(|(key, value)| all.set(key, value));
    if all.len() > tags::OF_RESOURCE.most {
        return Err((tags::OF_RESOURCE.words)(TagProblem::TooMany, "", ""));
    }
    set(world, input, all)
}

fn untag(world: &mut World, call: &mut Call<'_>, input: &Input) -> Result<Value, Fault> {
    let bucket = bucket(world, input)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:UntagResource").untagging(&input.tag_keys))?;
    let mut tags = bucket.tags.clone();
    tags.retain(|key| !input.tag_keys.iter().any(|gone| gone == key));
    set(world, input, tags)
}

fn list(world: &mut World, call: &mut Call<'_>, input: &Input) -> Result<Value, Fault> {
    let bucket = bucket(world, input)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:ListTagsForResource"))?;
    Ok(json!({ "Tags": tags::list(&bucket.tags) }))
}

fn get_public_access(world: &mut World, call: &mut Call<'_>, input: &Input) -> Result<Value, Fault> {
    on_account(world, call, input, "s3:GetAccountPublicAccessBlock")?;
    let settings = world.state::<Buckets>()?.public_access.get(&input.account_id);
    let settings = settings.ok_or_else(|| public_access::none().with("AccountId", &input.account_id))?;
    Ok(json!({ "PublicAccessBlockConfiguration": settings }))
}

fn put_public_access(world: &mut World, call: &mut Call<'_>, input: &Input) -> Result<Value, Fault> {
    on_account(world, call, input, "s3:PutAccountPublicAccessBlock")?;
    let settings = input.public_access_block_configuration.as_put()?;
    world.state_mut::<Buckets>()?.public_access.insert(input.account_id.clone(), settings);
    Ok(json!({}))
}

/// Deleting is authorised as putting.
fn delete_public_access(world: &mut World, call: &mut Call<'_>, input: &Input) -> Result<Value, Fault> {
    on_account(world, call, input, "s3:PutAccountPublicAccessBlock")?;
    world.state_mut::<Buckets>()?.public_access.remove(&input.account_id);
    Ok(json!({}))
}

fn on_account(world: &World, call: &mut Call<'_>, input: &Input, action: &'static str) -> Result<(), Fault> {
    if call.identity.account() != Some(&input.account_id) {
        return Err(fault::access_denied());
    }
    world.authorize(call, Check::new(action, "*"))
}

fn bucket<'w>(world: &'w World, input: &Input) -> Result<&'w Bucket, Fault> {
    let missing = || Fault::new(404, "NoSuchResource", "The specified resource doesn't exist.");
    let bucket = bucket::known(world, name(input)?).ok_or_else(missing)?;
    if bucket.owner == input.account_id { Ok(bucket) } else { Err(fault::access_denied()) }
}

/// Only the tags of general purpose buckets are here.
fn name(input: &Input) -> Result<&str, Fault> {
    let name = bucket::path_of(&input.resource_arn).filter(|name| !name.contains('/'));
    name.ok_or_else(|| fault::invalid_request(format!("`{}` is not the ARN of a bucket", input.resource_arn)))
}

fn set(world: &mut World, input: &Input, tags: Tags) -> Result<Value, Fault> {
    bucket::named_mut(world, name(input)?)?.tags = tags;
    Ok(json!({}))
}

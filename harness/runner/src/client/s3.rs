//! S3 calls through aws-sdk-s3.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    AbacStatus, BucketAbacStatus, BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    ObjectOwnership, PublicAccessBlockConfiguration, Tag, Tagging, VersioningConfiguration,
};
use matrix::call::{ApiCall, CallError};

use serde_json::json;

use super::input::Input;
use super::reply::{Reply, done, reply};
use super::{Unsent, build};

pub(super) async fn send(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    match call.operation {
        name if name.contains("Bucket") => bucket(client, call).await,
        name if name.ends_with("Tagging") => tagging(client, call).await,
        "PutPublicAccessBlock" => bucket(client, call).await,
        _ => object(client, call).await,
    }
}

async fn bucket(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let name = input.text("Bucket");
    Ok(match call.operation {
        "CreateBucket" => {
            let configuration = input.part("CreateBucketConfiguration").map(configuration).transpose()?;
            let ownership = input.text("ObjectOwnership").map(|name| ObjectOwnership::from(name.as_str()));
            let create = client.create_bucket().set_bucket(name).set_object_ownership(ownership);
            done(create.set_create_bucket_configuration(configuration).send().await)
        }
        "DeleteBucket" => done(client.delete_bucket().set_bucket(name).send().await),
        "DeleteBucketPolicy" => done(client.delete_bucket_policy().set_bucket(name).send().await),
        "HeadBucket" => done(client.head_bucket().set_bucket(name).send().await),
        "ListBuckets" => done(client.list_buckets().send().await),
        "GetBucketTagging" => done(client.get_bucket_tagging().set_bucket(name).send().await),
        "PutBucketTagging" => {
            let tagging = input.part("Tagging").map(tag_set).transpose()?;
            done(client.put_bucket_tagging().set_bucket(name).set_tagging(tagging).send().await)
        }
        "PutBucketPolicy" => {
            done(client.put_bucket_policy().set_bucket(name).set_policy(input.text("Policy")).send().await)
        }
        "PutBucketAbac" => {
            let status = input.part("AbacStatus").and_then(|status| status.text("Status"));
            let status = status.map(|status| BucketAbacStatus::from(status.as_str()));
            let abac = AbacStatus::builder().set_status(status).build();
            done(client.put_bucket_abac().set_bucket(name).abac_status(abac).send().await)
        }
        "PutBucketVersioning" => {
            let status = input.part("VersioningConfiguration").and_then(|status| status.text("Status"));
            let status = status.map(|status| BucketVersioningStatus::from(status.as_str()));
            let versioning = VersioningConfiguration::builder().set_status(status).build();
            done(client.put_bucket_versioning().set_bucket(name).versioning_configuration(versioning).send().await)
        }
        "PutPublicAccessBlock" => {
            let block = input.part("PublicAccessBlockConfiguration").map(public_access_block);
            let put = client.put_public_access_block().set_bucket(name);
            done(put.set_public_access_block_configuration(block).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn object(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let [bucket, key, version] = ["Bucket", "Key", "VersionId"].map(|name| input.text(name));
    Ok(match call.operation {
        "HeadObject" => {
            let head = client.head_object().set_bucket(bucket).set_key(key).set_version_id(version);
            done(head.set_range(input.text("Range")).send().await)
        }
        "GetObject" => {
            let get = client.get_object().set_bucket(bucket).set_key(key).set_version_id(version);
            let mut sent = get.set_range(input.text("Range")).send().await;
            if let Ok(output) = &mut sent {
                let body = std::mem::take(&mut output.body).collect().await;
                body.map_err(|error| CallError::no_answer(error.to_string()))?;
            }
            done(sent)
        }
        "ListObjectsV2" => reply(
            client
                .list_objects_v2()
                .set_bucket(bucket)
                .set_prefix(input.text("Prefix"))
                .set_delimiter(input.text("Delimiter"))
                .set_max_keys(input.number("MaxKeys"))
                .send()
                .await,
            |out| out.contents.unwrap_or_default().iter().map(|one| json!({"Key": one.key})).collect(),
        ),
        "ListObjectVersions" => reply(client.list_object_versions().set_bucket(bucket).send().await, |out| {
            let version = |key: &Option<String>, id: &Option<String>| json!({"Key": key, "VersionId": id});
            let (versions, markers) = (out.versions.unwrap_or_default(), out.delete_markers.unwrap_or_default());
            let markers = markers.iter().map(|one| version(&one.key, &one.version_id));
            versions.iter().map(|one| version(&one.key, &one.version_id)).chain(markers).collect()
        }),
        "PutObject" => {
            let put = client.put_object().set_bucket(bucket).set_key(key).set_tagging(input.text("Tagging"));
            done(put.body(ByteStream::from(call.body.clone())).send().await)
        }
        "CopyObject" => {
            let copy = client.copy_object().set_bucket(bucket).set_key(key);
            done(copy.set_copy_source(input.text("CopySource")).send().await)
        }
        "DeleteObject" => {
            done(client.delete_object().set_bucket(bucket).set_key(key).set_version_id(version).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn tagging(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let [bucket, key, version] = ["Bucket", "Key", "VersionId"].map(|name| input.text(name));
    Ok(match call.operation {
        "GetObjectTagging" => {
            done(client.get_object_tagging().set_bucket(bucket).set_key(key).set_version_id(version).send().await)
        }
        "PutObjectTagging" => {
            let tagging = input.part("Tagging").map(tag_set).transpose()?;
            let put = client.put_object_tagging().set_bucket(bucket).set_key(key).set_version_id(version);
            done(put.set_tagging(tagging).send().await)
        }
        "DeleteObjectTagging" => {
            done(client.delete_object_tagging().set_bucket(bucket).set_key(key).set_version_id(version).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

fn configuration(input: Input<'_>) -> Result<CreateBucketConfiguration, CallError> {
    let region = input.text("LocationConstraint").map(|region| BucketLocationConstraint::from(region.as_str()));
    let tags = input.parts("Tags").map(tag).collect::<Result<Vec<_>, _>>()?;
    let tags = (!tags.is_empty()).then_some(tags);
    Ok(CreateBucketConfiguration::builder().set_location_constraint(region).set_tags(tags).build())
}

fn public_access_block(input: Input<'_>) -> PublicAccessBlockConfiguration {
    PublicAccessBlockConfiguration::builder()
        .set_block_public_acls(input.flag("BlockPublicAcls"))
        .set_ignore_public_acls(input.flag("IgnorePublicAcls"))
        .set_block_public_policy(input.flag("BlockPublicPolicy"))
        .set_restrict_public_buckets(input.flag("RestrictPublicBuckets"))
        .build()
}

fn tag_set(input: Input<'_>) -> Result<Tagging, CallError> {
    let tags = input.parts("TagSet").map(tag).collect::<Result<Vec<_>, _>>()?;
    build(Tagging::builder().set_tag_set(Some(tags)).build())
}

fn tag(input: Input<'_>) -> Result<Tag, CallError> {
    build(Tag::builder().set_key(input.text("Key")).set_value(input.text("Value")).build())
}

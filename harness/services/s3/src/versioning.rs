//! Whether a bucket keeps versions.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html

use account::{Call, Fault, World};
use serde::Deserialize;
use serde_json::json;

use super::access;
use super::bucket;
use super::fault;
use super::object::Versioning;
use super::reply::Reply;
use super::request::Request;

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutBucketVersioning {
    versioning_configuration: VersioningConfiguration,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct VersioningConfiguration {
    status: Option<String>,
}

pub(super) fn get(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let status = match access::allow_bucket(world, call, request)?.versioning {
        Versioning::Never => None,
        Versioning::Enabled => Some("Enabled"),
        Versioning::Suspended => Some("Suspended"),
    };
    Ok(json!({ "Status": status }).into())
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let given = request.read::<PutBucketVersioning>()?;
    access::allow_bucket(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.versioning = given.versioning()?;
    Ok(Reply::default())
}

/// What a request says.
pub(super) fn read(request: &Request) -> Result<Versioning, Fault> {
    request.read::<PutBucketVersioning>()?.versioning()
}

impl PutBucketVersioning {
    fn versioning(&self) -> Result<Versioning, Fault> {
        match self.versioning_configuration.status.as_deref() {
            Some("Enabled") => Ok(Versioning::Enabled),
            Some("Suspended") => Ok(Versioning::Suspended),
            Some(_) => Err(fault::malformed_xml()),
            None => {
                let message = "The Versioning element must be specified";
                Err(Fault::new(400, "IllegalVersioningConfigurationException", message))
            }
        }
    }
}

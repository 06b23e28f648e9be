//! Names that S3 can have given: to buckets, objects and versions. A name that breaks the rules may be something else to
//! the one who is asked for it.

use account::Fault;

use super::buckets::is_bucket_name;
use super::fault;
use super::request::Request;
use super::write::key_fits;

/// "opaque strings that are no more than 1,024 bytes long"
/// docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
const LONGEST_VERSION: usize = 1024;

/// Refuses a request that names what there cannot be. CreateBucket says so itself, once it is authorised.
pub(super) fn check(request: &Request) -> Result<(), Fault> {
    if request.names_bucket() && !request.makes_bucket() {
        bucket(request.bucket())?;
    }
    let objects = request.objects();
    objects.iter().try_for_each(|named| object(&named.key, named.version_id.as_deref()))?;
    match request.source()? {
        Some(source) => bucket(&source.bucket).and_then(|()| object(&source.key, source.version.as_deref())),
        None => Ok(()),
    }
}

/// Refuses a name that no bucket has.
///
/// # Errors
/// `InvalidBucketName`. docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
pub fn bucket(name: &str) -> Result<(), Fault> {
    if is_bucket_name(name) { Ok(()) } else { Err(fault::invalid_bucket_name(name)) }
}

fn object(key: &str, version: Option<&str>) -> Result<(), Fault> {
    key_fits(key)?;
    match version.filter(|version| !is_version(version)) {
        Some(version) => Err(fault::invalid_version(version)),
        None => Ok(()),
    }
}

/// "Unicode, UTF-8 encoded, URL-ready": of what stands for itself in a URL. RFC 3986, 2.3
fn is_version(version: &str) -> bool {
    let stands_for_itself = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (1..=LONGEST_VERSION).contains(&version.len()) && version.bytes().all(stands_for_itself)
}

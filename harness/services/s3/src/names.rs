//! Names that S3 can have given: to buckets, objects and versions. A name that breaks the rules may be something else to
//! whoever is asked for it.

use account::Fault;

use super::buckets::is_bucket_name;
use super::copy::Source;
use super::fault;
use super::request::Request;
use super::write::key_fits;

/// "opaque strings that are no more than 1,024 bytes long"
/// docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
const LONGEST_VERSION: usize = 1024;

impl Request {
    /// The buckets that it names: its own, and that of a copy's source.
    pub fn buckets(&self) -> impl Iterator<Item = String> {
        self.bucket().map(str::to_owned).into_iter().chain(self.source().map(|source| source.bucket))
    }

    /// The source of a copy, spelled so that it can be read in one way only.
    #[must_use]
    pub fn exact_copy_source(&self) -> Option<String> {
        self.source().map(|source| source.encoded())
    }

    /// The source of a copy, taken apart.
    pub(super) fn source(&self) -> Option<Source> {
        self.copy_source().and_then(|source| Source::read(source).ok())
    }
}

/// Refuses a request that names what there cannot be. CreateBucket says so itself, once it is authorised.
pub(super) fn check(request: &Request) -> Result<(), Fault> {
    if !matches!(request, Request::CreateBucket(_)) {
        request.bucket().map_or(Ok(()), bucket)?;
    }
    objects(request).into_iter().try_for_each(|(key, version)| object(key, version))?;
    match request.copy_source().map(Source::read).transpose()? {
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

/// The keys that a request names, each with its version; those of a copy's source are not among them.
pub(super) fn objects(request: &Request) -> Vec<(&str, Option<&str>)> {
    fn one<'r>(key: &'r str, version: &'r Option<String>) -> Vec<(&'r str, Option<&'r str>)> {
        vec![(key, version.as_deref())]
    }
    match request {
        Request::GetObject(r) => one(&r.key, &r.version_id),
        Request::HeadObject(r) => one(&r.key, &r.version_id),
        Request::GetObjectAttributes(r) => one(&r.key, &r.version_id),
        Request::GetObjectTagging(r) => one(&r.key, &r.version_id),
        Request::PutObjectTagging(r) => one(&r.key, &r.version_id),
        Request::DeleteObjectTagging(r) => one(&r.key, &r.version_id),
        Request::GetObjectAcl(r) => one(&r.key, &r.version_id),
        Request::PutObjectAcl(r) => one(&r.key, &r.version_id),
        Request::DeleteObject(r) => one(&r.key, &r.version_id),
        Request::PutObject(r) => one(&r.key, &None),
        Request::CopyObject(r) => one(&r.key, &None),
        Request::CreateMultipartUpload(r) => one(&r.key, &None),
        Request::DeleteObjects(r) => {
            r.delete.objects.iter().map(|object| (object.key.as_str(), object.version_id.as_deref())).collect()
        }
        request => request.upload().map(|(key, _)| (key, None)).into_iter().collect(),
    }
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

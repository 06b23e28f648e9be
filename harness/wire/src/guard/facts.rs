//! Finding out in the emulator what a decision depends on.
//!
//! That something is not there is believed only if the emulator says so in S3's own words: a status alone comes from
//! whoever stands at the other end. Anything else is no answer, and the request is refused with what was said.

use account::Fault;
use account::Tags;
use account::s3::{Known, ObjectName, Request, Unknown};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use jiff::Timestamp;
use percent_encoding::{percent_encode, utf8_percent_encode};

use super::Guard;
use crate::s3;
use crate::signature::{PATH, UNRESERVED};
use crate::upstream::S3_UNSIGNED;
use crate::xml::{self, Element, Writer};

/// What is configured on a bucket, as the query string asks for it; the request that would configure it so; and S3's code
/// for that nothing is.
const CONFIGURED: [(&str, &str, &str); 4] = [
    ("policy", "PutBucketPolicy", "NoSuchBucketPolicy"),
    ("versioning", "PutBucketVersioning", ""),
    ("publicAccessBlock", "PutPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    ("ownershipControls", "PutBucketOwnershipControls", "OwnershipControlsNotFoundError"),
];

/// Whoever asks for the tags of a delete marker is told 405; for those of a version whose id is none, 400.
/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const NO_OBJECT: [Absence; 4] =
    [(404, "NoSuchKey"), (404, "NoSuchVersion"), (404, "NoSuchBucket"), (405, "MethodNotAllowed")];
const NO_VERSION: Absence = (400, "InvalidArgument");

/// A status and a code that say that something is not there.
type Absence = (u16, &'static str);

impl Guard<'_> {
    /// Everything that the world wants to know before it decides.
    pub(super) async fn find_out(&self, request: &Request) -> Result<Vec<Known>, Fault> {
        let (mut asked, mut known) = (Vec::new(), Vec::new());
        loop {
            let mut unknown = self.call(|world, call| world.s3_unknowns(call, request))?;
            // A bucket that is not there stays unknown.
            unknown.retain(|one| !asked.contains(one));
            if unknown.is_empty() {
                return Ok(known);
            }
            for one in unknown {
                match &one {
                    Unknown::Bucket(name) => self.know_bucket(name).await?,
                    Unknown::Still(name) => {
                        let is_there = self.location(name).await?.is_some();
                        self.hosted.with(|world| world.s3_found(name, is_there));
                    }
                    Unknown::BucketTags(name) => self.read_bucket_tags(name).await?,
                    Unknown::Object(name) => {
                        known.push(Known { name: name.clone(), tags: self.object_tags(name).await? });
                    }
                    Unknown::Upload { bucket, key, id } => self.know_upload(bucket, key, id).await?,
                }
                asked.push(one);
            }
        }
    }

    /// Takes a bucket into the world, if it is not there and the emulator has it.
    pub(super) async fn know_bucket(&self, name: &str) -> Result<(), Fault> {
        if self.hosted.with(|world| world.s3_bucket_tags(name).is_some()) {
            return Ok(());
        }
        let Some(region) = self.location(name).await? else { return Ok(()) };
        let mut configured = Vec::new();
        for (what, operation, none) in CONFIGURED {
            let target = format!("/{}?{what}", encoded(name));
            let answer = self.get(&target).await?;
            if answer.status().is_success() {
                configured.extend(s3::configured(operation, name, answer.into_body())?);
            } else if answer.status() == StatusCode::NOT_IMPLEMENTED {
                self.hosted.log(&format!(
                    "the backend cannot say which {what} the bucket `{name}` has: it is taken to have none"
                ));
            } else if !says(&answer, &[(404, none)]) {
                return Err(self.unexpected(&target, &answer));
            }
        }
        self.hosted.with(|world| world.s3_adopt(name, &region, Timestamp::now(), configured))
    }

    /// The region of a bucket; `None` if there is no bucket.
    async fn location(&self, name: &str) -> Result<Option<String>, Fault> {
        let target = format!("/{}?location", encoded(name));
        let Some(location) = self.read(&target, "LocationConstraint", &[(404, "NoSuchBucket")]).await? else {
            return Ok(None);
        };
        Ok(Some(match location.text.trim() {
            "" => "us-east-1".to_owned(),
            "EU" => "eu-west-1".to_owned(),
            region => region.to_owned(),
        }))
    }

    pub(super) async fn read_bucket_tags(&self, name: &str) -> Result<(), Fault> {
        let target = format!("/{}?tagging", encoded(name));
        let answer = self.get(&target).await?;
        // Who may know that is everybody.
        if says(&answer, &[(404, "NoSuchBucket")]) {
            let fault = Fault::new(404, "NoSuchBucket", "The specified bucket does not exist");
            return Err(fault.with("BucketName", name));
        }
        let tags = if says(&answer, &[(404, "NoSuchTagSet")]) { Tags::default() } else { self.tags(&target, &answer)? };
        self.hosted.with(|world| world.s3_set_bucket_tags(name, tags));
        Ok(())
    }

    /// Gives the emulator the tags that the world has for a bucket.
    pub(super) async fn write_bucket_tags(&self, name: &str) -> Result<(), Fault> {
        let tags = self.hosted.with(|world| world.s3_bucket_tags(name).cloned()).unwrap_or_default();
        let target = format!("/{}?tagging", encoded(name));
        let (method, document) = match tags.is_empty() {
            true => (Method::DELETE, Bytes::new()),
            false => (Method::PUT, document(&tags).into()),
        };
        let mut headers = HeaderMap::new();
        if !document.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
            if let Ok(md5) = HeaderValue::from_str(&s3::md5(&document)) {
                headers.insert(HeaderName::from_static("content-md5"), md5);
            }
        }
        let answer = self.backend.ask((method, &target), headers, document, &S3_UNSIGNED).await?;
        if answer.status().is_success() { Ok(()) } else { Err(self.unexpected(&target, &answer)) }
    }

    /// An object's tags; `None` if there is no object.
    async fn object_tags(&self, ObjectName { bucket, key, version }: &ObjectName) -> Result<Option<Tags>, Fault> {
        let mut target = format!("/{}/{}?tagging", encoded(bucket), encoded(key));
        if let Some(version) = version {
            target = format!("{target}&versionId={}", utf8_percent_encode(version, UNRESERVED));
        }
        let answer = self.get(&target).await?;
        if says(&answer, &NO_OBJECT) || version.is_some() && says(&answer, &[NO_VERSION]) {
            return Ok(None);
        }
        self.tags(&target, &answer).map(Some)
    }

    /// Takes an upload into the world, if it is under way for this very key. An emulator may find it by its id alone.
    async fn know_upload(&self, bucket: &str, key: &str, id: &str) -> Result<(), Fault> {
        let target = format!("/{}?uploads&prefix={}", encoded(bucket), utf8_percent_encode(key, UNRESERVED));
        let Some(list) = self.read(&target, "ListMultipartUploadsResult", &[(404, "NoSuchBucket")]).await? else {
            return Ok(());
        };
        let is_it = |upload: &Element| upload.text_of("Key") == Some(key) && upload.text_of("UploadId") == Some(id);
        if list.all("Upload").any(is_it) {
            self.hosted.with(|world| world.s3_upload_found(bucket, key, id));
        } else if list.text_of("IsTruncated") == Some("true") {
            return Err(self.backend.fault(&format!(
                "has more uploads under way for keys that begin with `{key}` than it lists at once, so that this one \
                 cannot be looked for"
            )));
        }
        Ok(())
    }

    /// A document with this root; `None` if the emulator says that there is none.
    async fn read(&self, target: &str, root: &str, absent: &[Absence]) -> Result<Option<Element>, Fault> {
        let answer = self.get(target).await?;
        if says(&answer, absent) {
            return Ok(None);
        }
        let document = xml::read(answer.body()).ok().filter(|read| answer.status().is_success() && read.name == root);
        document.map(Some).ok_or_else(|| self.unexpected(target, &answer))
    }

    /// The tags that an answer tells. Without a set of tags, or with one that cannot be read, it tells none.
    fn tags(&self, target: &str, answer: &Response<Bytes>) -> Result<Tags, Fault> {
        let told = || -> Option<Tags> {
            let root =
                xml::read(answer.body()).ok().filter(|root| answer.status().is_success() && root.name == "Tagging")?;
            let tag = |tag: &Element| Some((tag.text_of("Key")?.to_owned(), tag.text_of("Value")?.to_owned()));
            root.child("TagSet")?.all("Tag").map(tag).collect()
        };
        told().ok_or_else(|| self.unexpected(target, answer))
    }

    async fn get(&self, target: &str) -> Result<Response<Bytes>, Fault> {
        self.backend.ask((Method::GET, target), HeaderMap::new(), Bytes::new(), &S3_UNSIGNED).await
    }

    pub(super) fn unexpected(&self, target: &str, answer: &Response<Bytes>) -> Fault {
        let status = answer.status();
        if status.is_server_error() {
            self.backend.failed(&self.id.id, status, answer.body());
        }
        let text: String = String::from_utf8_lossy(answer.body()).trim().chars().take(500).collect();
        self.backend
            .fault(&format!("was asked for `{target}` to decide on this request, and answered {status}: {text}"))
    }
}

/// Whether an answer is one of these errors, by its status and its code.
fn says(answer: &Response<Bytes>, absent: &[Absence]) -> bool {
    let status = answer.status().as_u16();
    if !absent.iter().any(|(known, _)| *known == status) {
        return false;
    }
    let code = xml::read(answer.body()).ok().and_then(|root| root.text_of("Code").map(str::to_owned));
    code.is_some_and(|code| absent.contains(&(status, code.as_str())))
}

fn document(tags: &Tags) -> String {
    let mut xml = Writer::declared();
    xml.root("Tagging", s3::NAMESPACE, |xml| {
        xml.element("TagSet", |xml| {
            for (key, value) in tags.iter() {
                xml.element("Tag", |xml| {
                    xml.text("Key", key);
                    xml.text("Value", value);
                });
            }
        });
    });
    xml.finish()
}

fn encoded(path: &str) -> impl std::fmt::Display {
    percent_encode(path.as_bytes(), PATH)
}

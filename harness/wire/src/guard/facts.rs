//! Finding out in the emulator what a decision depends on.

use ::s3::Elsewhere as _;
use ::s3::{Known, ObjectName, Request, Unknown};
use account::Fault;
use account::Tags;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use jiff::Timestamp;
use percent_encoding::{percent_encode, utf8_percent_encode};

use super::Guard;
use crate::s3;
use crate::signature::{PATH, UNRESERVED};
use crate::upstream::S3_UNSIGNED;
use protocol::xml::{self, Writer};

/// What is configured on a bucket, as the query string asks for it, and the request that would configure it so.
const CONFIGURED: [(&str, &str); 4] = [
    ("policy", "PutBucketPolicy"),
    ("versioning", "PutBucketVersioning"),
    ("publicAccessBlock", "PutPublicAccessBlock"),
    ("ownershipControls", "PutBucketOwnershipControls"),
];

impl Guard<'_> {
    /// Everything that the world wants to know before it decides.
    pub(super) async fn find_out(&self, request: &Request) -> Result<Vec<Known>, Fault> {
        let (mut asked, mut known) = (Vec::new(), Vec::new());
        loop {
            let mut unknown = self.call(|world, call| world.s3_unknowns(call, request));
            // A bucket that is not there stays unknown.
            unknown.retain(|one| !asked.contains(one));
            if unknown.is_empty() {
                return Ok(known);
            }
            for one in unknown {
                match &one {
                    Unknown::Bucket(name) => self.know_bucket(name).await?,
                    Unknown::BucketTags(name) => self.read_bucket_tags(name).await?,
                    Unknown::Object(name) => {
                        known.push(Known { name: name.clone(), tags: self.object_tags(name).await? });
                    }
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
        let location = self.read(name, "location").await?;
        if !location.status().is_success() {
            return Ok(());
        }
        let mut configured = Vec::new();
        for (what, operation) in CONFIGURED {
            let answer = self.read(name, what).await?;
            if answer.status().is_success() {
                configured.extend(s3::configured(operation, name, answer.into_body())?);
            }
        }
        let region = xml::read(location.body()).map(|root| root.text).unwrap_or_default();
        let region = match region.trim() {
            "" => "us-east-1",
            "EU" => "eu-west-1",
            region => region,
        };
        self.hosted.with(|world| world.s3_adopt(name, region, Timestamp::now(), configured))
    }

    pub(super) async fn read_bucket_tags(&self, name: &str) -> Result<(), Fault> {
        let answer = self.read(name, "tagging").await?;
        let tags = if answer.status().is_success() { tags(answer.body())? } else { Tags::default() };
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
        match answer.status() {
            status if status.is_success() => tags(answer.body()).map(Some),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_REQUEST => Ok(None),
            _ => Err(self.unexpected(&target, &answer)),
        }
    }

    /// What the emulator says of a bucket; not to have it, or not to know of such a thing, is an answer.
    async fn read(&self, bucket: &str, what: &str) -> Result<Response<Bytes>, Fault> {
        let target = format!("/{}?{what}", encoded(bucket));
        let answer = self.get(&target).await?;
        let failed = answer.status().is_server_error() && answer.status() != StatusCode::NOT_IMPLEMENTED;
        if failed || answer.status() == StatusCode::FORBIDDEN {
            return Err(self.unexpected(&target, &answer));
        }
        Ok(answer)
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

fn tags(document: &[u8]) -> Result<Tags, Fault> {
    let root = xml::read(document).map_err(|_| s3::not_xml())?;
    let tags = root.child("TagSet").into_iter().flat_map(|set| set.all("Tag"));
    Ok(tags.map(|tag| (tag.text_of("Key").unwrap_or_default(), tag.text_of("Value").unwrap_or_default())).collect())
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

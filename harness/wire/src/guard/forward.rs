//! A request as it goes on: under the emulator's own name for its place, without the client's signature.

use account::Fault;
use account::s3::request::ObjectIdentifier;
use account::s3::{Left, Request};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName};
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::{Either, Full};
use hyper::body::Incoming;

use super::{Content, Guard};
use crate::host;
use crate::s3;
use crate::shape::Answered;
use crate::upstream::{Progress, S3_UNSIGNED, Signature};
use crate::xml::Writer;

/// Headers that say something about the object or of it. All others are between the client and us.
const TRAVEL: [&str; 9] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
    "range",
    "user-agent",
];

/// Those of S3 that do not: signature and framing, and whose the bucket is, which was checked and is not the emulator's
/// to know.
const STAY: [&str; 8] = [
    "x-amz-account-id",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner",
    "x-amz-security-token",
    "x-amz-source-expected-bucket-owner",
    "x-amz-trailer",
];

impl Guard<'_> {
    /// Has a request done that was allowed.
    pub(super) async fn act(&self, request: &Request, left: Left, content: Content) -> Result<Answered, Fault> {
        match left {
            Left::Nothing(reply) => Ok(Answered::Shaped(s3::answer(request.operation(), *reply))),
            Left::All(change) => {
                let sent = self.send(self.headers(&content), content).await?;
                if let Some(change) = change.filter(|_| sent.status().is_success()) {
                    self.hosted.with(|world| world.s3_change(change));
                }
                self.relay(request, sent).await
            }
            Left::Deletes { allowed, refused } if allowed.is_empty() => Ok(Answered::Shaped(s3::refused(refused))),
            Left::Deletes { allowed, refused } => {
                let quiet = matches!(request, Request::DeleteObjects(all) if all.delete.quiet == Some(true));
                let document = Bytes::from(document(&allowed, quiet));
                let mut headers = self.headers(&content);
                for name in
                    headers.keys().filter(|name| name.as_str().contains("checksum")).cloned().collect::<Vec<_>>()
                {
                    headers.remove(name);
                }
                if let Ok(md5) = HeaderValue::from_str(&s3::md5(&document)) {
                    headers.insert(HeaderName::from_static("content-md5"), md5);
                }
                let response = self.send(headers, Content::Whole(document, Default::default())).await?;
                self.relay_with_errors(response, refused).await
            }
        }
    }

    async fn send(&self, mut headers: HeaderMap, content: Content) -> Result<Response<Incoming>, Fault> {
        let target = self.target();
        let request = (self.parts.method.clone(), target.as_str());
        match content {
            Content::Whole(body, _) => {
                if !body.is_empty() || !self.parts.method.is_safe() {
                    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
                }
                let body = Either::Left(Full::new(body));
                self.backend.send(request, headers, body, &S3_UNSIGNED, &Progress::default()).await
            }
            Content::Coming(upload) => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(upload.length()));
                let progress = upload.progress();
                let framed = upload.trailer().is_some();
                let payload = if framed { "STREAMING-UNSIGNED-PAYLOAD-TRAILER" } else { S3_UNSIGNED.payload };
                let signature = Signature { payload, ..S3_UNSIGNED };
                self.backend.send(request, headers, Either::Right(*upload), &signature, &progress).await
            }
        }
    }

    /// The bucket stands in the path, whatever the client called the host; the parts of a presigned URL are left out.
    fn target(&self) -> String {
        let path = self.parts.uri.path();
        let mut target = match host::bucket(&host::of(self.parts)) {
            Some(bucket) => format!("/{bucket}{path}"),
            None => path.to_owned(),
        };
        let query = self.parts.uri.query().unwrap_or_default();
        let kept = query.split('&').filter(|pair| !pair.is_empty() && !is_of_signature(pair));
        for (at, pair) in kept.enumerate() {
            target.push(if at == 0 { '?' } else { '&' });
            target.push_str(pair);
        }
        target
    }

    fn headers(&self, content: &Content) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.parts.headers {
            if travels(name.as_str()) {
                headers.append(name.clone(), value.clone());
            }
        }
        let coding = headers.remove(CONTENT_ENCODING).and_then(|value| s3::unframed(value.to_str().ok()?));
        let mut set = |name: &'static str, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        if let Some((name, sum)) = content.checksum() {
            set(name, sum);
        }
        let framing = content.trailer();
        if let (Some(algorithm), Content::Coming(upload)) = (framing, content) {
            set("x-amz-trailer", algorithm.header());
            set("x-amz-decoded-content-length", &upload.payload().to_string());
        }
        match (coding, framing) {
            (Some(coding), Some(_)) => set("content-encoding", &format!("aws-chunked,{coding}")),
            (None, Some(_)) => set("content-encoding", "aws-chunked"),
            (Some(coding), None) => set("content-encoding", &coding),
            (None, None) => {}
        }
        headers
    }
}

fn travels(name: &str) -> bool {
    let of_s3 = name.starts_with("x-amz-") && !STAY.contains(&name);
    of_s3 || name.starts_with("if-") || TRAVEL.contains(&name)
}

/// A parameter of a presigned URL, of either version. What else begins like those of S3 is a header in another place.
fn is_of_signature(pair: &str) -> bool {
    const NAMES: [&str; 8] = [
        "x-amz-algorithm",
        "x-amz-content-sha256",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
    ];
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || matches!(name, "AWSAccessKeyId" | "Expires" | "Signature")
}

fn document(objects: &[ObjectIdentifier], quiet: bool) -> String {
    let mut xml = Writer::declared();
    xml.root("Delete", s3::NAMESPACE, |xml| {
        for object in objects {
            xml.element("Object", |xml| {
                xml.text("Key", &object.key);
                for (name, text) in [("VersionId", &object.version_id), ("ETag", &object.etag)] {
                    if let Some(text) = text {
                        xml.text(name, text);
                    }
                }
            });
        }
        if quiet {
            xml.text("Quiet", "true");
        }
    });
    xml.finish()
}

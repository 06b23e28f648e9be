//! Finding out in the emulator what a decision depends on.
//!
//! That something is not there is believed only if the emulator says so in S3's own words: a status alone may
//! come from any program at the other end. Anything else is no answer, and the request is refused with what was said.

use ::s3::ProxiedObjects as _;
use ::s3::{ObjectName, ProxiedObject, Request, Unknown};
use account::Fault;
use account::Tags;
use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use protocol::xml;
use serde_json::{Map, Value, json};

use super::Guard;
use crate::s3;
use crate::upstream::S3_UNSIGNED;

/// What is configured on a bucket: `Get…` reads it and `Put…` configures it; and S3's code for that nothing is.
const CONFIGURED: [(&str, &str); 4] = [
    ("BucketPolicy", "NoSuchBucketPolicy"),
    ("BucketVersioning", ""),
    ("PublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    ("BucketOwnershipControls", "OwnershipControlsNotFoundError"),
];

const NO_BUCKET: Absence = (404, "NoSuchBucket");
/// The one who asks for the tags of a delete marker is told 405; for those of a version whose id is none, 400.
/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const NO_OBJECT: [Absence; 4] = [(404, "NoSuchKey"), (404, "NoSuchVersion"), NO_BUCKET, (405, "MethodNotAllowed")];
const NO_VERSION: Absence = (400, "InvalidArgument");

/// A status and a code that say that something is not there.
type Absence = (u16, &'static str);

/// What was asked, and what the emulator answered.
struct Answer {
    /// The path and query of the question.
    target: String,
    response: Response<Bytes>,
    /// What it tells; `None` if it is an error, or no answer to this question.
    members: Option<Map<String, Value>>,
}

impl Guard<'_> {
    /// Everything that the world wants to know before it decides.
    pub(super) async fn find_out(&self, request: &Request) -> Result<Vec<ProxiedObject>, Fault> {
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
                        known.push(ProxiedObject { name: name.clone(), tags: self.object_tags(name).await? });
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
        for (what, none) in CONFIGURED {
            let answer = self.ask_s3(&format!("Get{what}"), json!({ "Bucket": name })).await?;
            if answer.response.status() == StatusCode::NOT_IMPLEMENTED {
                let (_, asked) = answer.target.split_once('?').unwrap_or_default();
                self.hosted.log(&format!(
                    "the backend cannot say which {asked} the bucket `{name}` has: it is taken to have none"
                ));
            } else if !answer.says(&[(404, none)]) {
                configured.extend(s3::configured(&format!("Put{what}"), name, self.members(answer)?)?);
            }
        }
        self.hosted.with(|world| world.s3_adopt(name, &region, Timestamp::now(), configured))
    }

    /// The region of a bucket; `None` if there is no bucket.
    async fn location(&self, name: &str) -> Result<Option<String>, Fault> {
        let answer = self.ask_s3("GetBucketLocation", json!({ "Bucket": name })).await?;
        if answer.says(&[NO_BUCKET]) {
            return Ok(None);
        }
        let members = self.members(answer)?;
        let region = members.get("LocationConstraint").and_then(Value::as_str).unwrap_or_default().trim();
        Ok(Some(match region {
            "" => "us-east-1".to_owned(),
            "EU" => "eu-west-1".to_owned(),
            region => region.to_owned(),
        }))
    }

    pub(super) async fn read_bucket_tags(&self, name: &str) -> Result<(), Fault> {
        let answer = self.ask_s3("GetBucketTagging", json!({ "Bucket": name })).await?;
        // Who may know that is everybody.
        if answer.says(&[NO_BUCKET]) {
            let fault = Fault::new(404, "NoSuchBucket", "The specified bucket does not exist");
            return Err(fault.with("BucketName", name));
        }
        let tags = if answer.says(&[(404, "NoSuchTagSet")]) { Tags::default() } else { self.tags(answer)? };
        self.hosted.with(|world| world.s3_set_bucket_tags(name, tags));
        Ok(())
    }

    /// Gives the emulator the tags that the world has for a bucket.
    pub(super) async fn write_bucket_tags(&self, name: &str) -> Result<(), Fault> {
        let tags = self.hosted.with(|world| world.s3_bucket_tags(name).cloned()).unwrap_or_default();
        let set: Vec<_> = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        let answer = match set.is_empty() {
            true => self.ask_s3("DeleteBucketTagging", json!({ "Bucket": name })).await?,
            false => self.ask_s3("PutBucketTagging", json!({ "Bucket": name, "Tagging": { "TagSet": set } })).await?,
        };
        match answer.response.status().is_success() {
            true => Ok(()),
            false => Err(self.unexpected(&answer.target, &answer.response)),
        }
    }

    /// An object's tags; `None` if there is no object.
    async fn object_tags(&self, ObjectName { bucket, key, version }: &ObjectName) -> Result<Option<Tags>, Fault> {
        let members = json!({ "Bucket": bucket, "Key": key, "VersionId": version });
        let answer = self.ask_s3("GetObjectTagging", members).await?;
        if answer.says(&NO_OBJECT) || version.is_some() && answer.says(&[NO_VERSION]) {
            return Ok(None);
        }
        self.tags(answer).map(Some)
    }

    /// Takes an upload into the world, if it is under way for this very key. An emulator may find it by its id alone.
    async fn know_upload(&self, bucket: &str, key: &str, id: &str) -> Result<(), Fault> {
        let answer = self.ask_s3("ListMultipartUploads", json!({ "Bucket": bucket, "Prefix": key })).await?;
        if answer.says(&[NO_BUCKET]) {
            return Ok(());
        }
        let list = Value::Object(self.members(answer)?);
        let mut uploads = list["Uploads"].as_array().into_iter().flatten();
        if uploads.any(|upload| upload["Key"] == key && upload["UploadId"] == id) {
            self.hosted.with(|world| world.s3_upload_found(bucket, key, id));
        } else if list["IsTruncated"] == true {
            return Err(self.backend.fault(&format!(
                "has more uploads under way for keys that begin with `{key}` than it lists at once, so that this one \
                 cannot be looked for"
            )));
        }
        Ok(())
    }

    /// Asks for an operation of S3.
    async fn ask_s3(&self, operation: &str, members: Value) -> Result<Answer, Fault> {
        let (Some(operation), Value::Object(members)) = (model::S3.operation(operation), members) else {
            return Err(self.backend.fault(&format!("cannot be asked for {operation}")));
        };
        let (request, target) = self.encoded(operation, members.into())?;
        let asked = (request.method, target.as_str());
        let response = self.backend.ask(asked, request.headers, request.body, &S3_UNSIGNED).await?;
        let members = s3::told(operation, &response);
        Ok(Answer { target, response, members })
    }

    /// What an answer tells.
    fn members(&self, answer: Answer) -> Result<Map<String, Value>, Fault> {
        answer.members.ok_or_else(|| self.unexpected(&answer.target, &answer.response))
    }

    /// The tags that an answer tells. Without a set of tags, or with one that cannot be read, it tells none.
    fn tags(&self, answer: Answer) -> Result<Tags, Fault> {
        let tag = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
        let told = || answer.members.as_ref()?.get("TagSet")?.as_array()?.iter().map(tag).collect::<Option<Tags>>();
        told().ok_or_else(|| self.unexpected(&answer.target, &answer.response))
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

impl Answer {
    /// Whether it is one of these errors, by its status and its code.
    fn says(&self, absent: &[Absence]) -> bool {
        let status = self.response.status().as_u16();
        if !absent.iter().any(|(known, _)| *known == status) {
            return false;
        }
        let code = xml::read(self.response.body()).ok().and_then(|root| root.text_of("Code").map(str::to_owned));
        code.is_some_and(|code| absent.contains(&(status, code.as_str())))
    }
}

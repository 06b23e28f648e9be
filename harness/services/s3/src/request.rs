//! One request to S3, whichever its operation.

use account::operation::{CheckedAction, Effect, Row, depends};
use account::{Call, Fault, World};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fault;
use super::remaining::Remaining;
use super::reply::Reply;
use super::tags::Tag;
use super::target::{Source, Target};

/// One request to S3: its operation, and the members of its input.
#[derive(Debug)]
pub struct Request {
    pub(super) row: &'static Row<Functions>,
    /// The content of an object or a part.
    pub(super) body: Bytes,
    input: Value,
    named: Named,
    /// What is said of a value that its member cannot have, once the request is authorised.
    invalid: Option<Fault>,
}

/// What carries an operation out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Functions {
    /// Decides and does.
    pub(super) here: fn(&mut World, &mut Call<'_>, &Request) -> Result<Reply, Fault>,
    /// Decides, where the objects are elsewhere. `None`: it is about a bucket, which is here all the same.
    pub(super) elsewhere: Option<Decide>,
}

/// Decides on a request, and tells what is left to do.
pub(super) type Decide = fn(&World, &mut Call<'_>, &Request) -> Result<Remaining, Fault>;

/// What a request is about, in the members that are called the same in every operation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Named {
    bucket: Option<String>,
    key: Option<String>,
    version_id: Option<String>,
    copy_source: Option<String>,
    upload_id: Option<String>,
    if_match: Option<String>,
    delete: Delete,
    expected_bucket_owner: Option<String>,
    expected_source_bucket_owner: Option<String>,
}

/// The objects of a batch delete.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Delete {
    objects: Vec<ObjectIdentifier>,
    quiet: Option<bool>,
}

/// An object that a request names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ObjectIdentifier {
    pub(super) key: String,
    pub(super) version_id: Option<String>,
    /// The entity tag that it must have.
    #[serde(rename = "ETag")]
    pub(super) etag: Option<String>,
}

impl Request {
    /// A request for an operation. `invalid`: what S3 says to a value in it, once it is authorised.
    pub(super) fn of(
        row: &'static Row<Functions>,
        input: Value,
        body: Bytes,
        invalid: Option<Fault>,
    ) -> Result<Self, Fault> {
        let named = read(row, &input)?;
        Ok(Self { row, body, input, named, invalid })
    }

    /// Refuses a value that its member cannot have by S3's API model.
    pub(super) fn check_values(&self) -> Result<(), Fault> {
        self.invalid.clone().map_or(Ok(()), Err)
    }

    /// The operation's name, as AWS spells it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.row.operation.operation()
    }

    /// A member of its input; null if it is not given.
    #[must_use]
    pub fn member(&self, name: &str) -> &Value {
        &self.input[name]
    }

    /// Takes its input and its content out, to be sent on: the source of a copy is spelled so that it can be read in one way
    /// only. What the request is about, it goes on telling.
    #[must_use]
    pub fn take_message(&mut self) -> (Map<String, Value>, Bytes) {
        let Value::Object(mut members) = std::mem::take(&mut self.input) else { return Default::default() };
        if let Ok(Some(source)) = self.source() {
            members.insert("CopySource".to_owned(), source.encoded().into());
        }
        (members, std::mem::take(&mut self.body))
    }

    /// The buckets that it names: its own, and that of a copy's source.
    pub fn buckets(&self) -> impl Iterator<Item = String> {
        let source = self.source().ok().flatten().map(|source| source.bucket);
        self.named.bucket.clone().into_iter().chain(source)
    }

    /// Its bucket; empty where it names none.
    #[must_use]
    pub fn bucket(&self) -> &str {
        self.named.bucket.as_deref().unwrap_or_default()
    }

    pub(super) fn names_bucket(&self) -> bool {
        self.named.bucket.is_some()
    }

    /// Whether it is about a bucket that need not be there.
    pub(super) fn makes_bucket(&self) -> bool {
        self.operation() == "CreateBucket"
    }

    /// Its key; empty where it names none.
    #[must_use]
    pub fn key(&self) -> &str {
        self.named.key.as_deref().unwrap_or_default()
    }

    /// The version that it names.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.named.version_id.as_deref()
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target { bucket: self.bucket(), key: self.key(), version: self.version() }
    }

    /// The objects that it names; that of a copy's source is not among them.
    pub(super) fn objects(&self) -> Vec<ObjectIdentifier> {
        let Named { key, version_id, if_match, delete, .. } = &self.named;
        let own =
            key.clone().map(|key| ObjectIdentifier { key, version_id: version_id.clone(), etag: if_match.clone() });
        own.into_iter().chain(delete.objects.iter().cloned()).collect()
    }

    /// Whether the answer to a batch delete leaves out what was deleted.
    pub(super) fn is_quiet(&self) -> bool {
        self.named.delete.quiet == Some(true)
    }

    /// The id of the upload that it is about, and the key which that is for.
    pub(super) fn upload_id(&self) -> Option<&str> {
        self.named.upload_id.as_deref()
    }

    /// The source of a copy, taken apart; `None`: it copies nothing.
    pub(super) fn source(&self) -> Result<Option<Source>, Fault> {
        self.named.copy_source.as_deref().map(Source::read).transpose()
    }

    /// The account that the caller expects to own the bucket.
    pub(super) fn expected_owner(&self) -> Option<&str> {
        self.named.expected_bucket_owner.as_deref()
    }

    /// The account that the caller expects to own the bucket of a copy's source.
    pub(super) fn expected_source_owner(&self) -> Option<&str> {
        self.named.expected_source_bucket_owner.as_deref()
    }

    /// The members that this operation has of its own.
    pub(super) fn read<'r, T: Deserialize<'r>>(&'r self) -> Result<T, Fault> {
        read(self.row, &self.input)
    }

    /// Those of these members that are given, each of which is text.
    pub(super) fn texts(&self, names: &[&str]) -> Result<Map<String, Value>, Fault> {
        let given = names.iter().map(|name| (*name, self.member(name))).filter(|(_, value)| !value.is_null());
        given
            .map(|(name, value)| match value {
                Value::String(_) => Ok((name.to_owned(), value.clone())),
                _ => Err(fault::invalid_request(format!("{}: {name} is no text", self.operation()))),
            })
            .collect()
    }

    /// The tags that a `Tagging` document passes, as they are written.
    pub(super) fn tagging(&self) -> Result<Vec<Tag>, Fault> {
        self.read().map(|Tagged { tagging }| tagging.tag_set)
    }

    /// The action that its row names first.
    pub(super) fn action(&self) -> &'static str {
        self.row.operation.action()
    }

    /// Whether it changes what the world has of a bucket. Such requests are decided on and done one after another, or one
    /// would take back what another does.
    #[must_use]
    pub fn configures(&self) -> bool {
        self.row.run.elsewhere.is_none() && self.row.operation.effect == Effect::Changes
    }

    /// Whether it is about an object that must be there: its row says that who may list the bucket is told if it is not.
    pub fn needs_object(&self) -> bool {
        let reveals = |asked: CheckedAction| asked == depends("s3:ListBucket");
        self.named.copy_source.is_none() && self.row.operation.checks().into_iter().any(reveals)
    }

    /// The actions that its row names for a request with its members.
    pub(super) fn actions(&self) -> impl Iterator<Item = &'static str> {
        self.input.as_object().into_iter().flat_map(|input| self.row.operation.asked(input))
    }

    /// Its method, which its operation's name begins with.
    pub(super) fn method(&self) -> &'static str {
        let method = ["Head", "Put", "Delete"].iter().zip(["HEAD", "PUT", "DELETE"]);
        method.into_iter().find(|(start, _)| self.operation().starts_with(*start)).map_or("GET", |(_, method)| method)
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tagged {
    tagging: Tagging,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Tagging {
    tag_set: Vec<Tag>,
}

fn read<'r, T: Deserialize<'r>>(row: &Row<Functions>, input: &'r Value) -> Result<T, Fault> {
    let unreadable = |error| fault::invalid_request(format!("{}: {error}", row.operation.operation()));
    T::deserialize(input).map_err(unreadable)
}

//! What S3 takes for tags.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html

use account::{Check, Fault, Reserved, TagProblem, TagRules, Tags};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault;

/// A tag as S3's documents write it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}

/// "Cannot provide multiple Tags with the same key" comes before all else; keys that differ in letter case alone are different
/// keys.
pub(super) const OF_OBJECT: TagRules = TagRules {
    most: 10,
    reserved: Reserved::Keys,
    ignores_case: false,
    characters: |c| c.is_alphanumeric() || c.is_whitespace() || "+-=._:/@".contains(c),
    passes: &[
        &[TagProblem::Duplicate],
        &[TagProblem::Reserved, TagProblem::Key, TagProblem::Value],
        &[TagProblem::TooMany],
    ],
    words: |problem, key, value| match problem {
        TagProblem::Duplicate => invalid("Cannot provide multiple Tags with the same key", key),
        TagProblem::Reserved => invalid("Your TagKey cannot be prefixed with aws:", key),
        TagProblem::TooMany => Fault::new(400, "BadRequest", "Object tags cannot be greater than 10"),
        TagProblem::Value => invalid("The TagValue you have provided is invalid", key).with("TagValue", value),
        _ => invalid("The TagKey you have provided is invalid", key),
    },
};

/// Of PutBucketTagging and CreateBucket.
pub(super) const OF_BUCKET: TagRules = TagRules {
    most: 50,
    words: |problem, key, value| match problem {
        TagProblem::Reserved => invalid("System tags cannot be added/updated by requester", key),
        TagProblem::TooMany => Fault::new(400, "BadRequest", "Bucket tag count cannot be greater than 50"),
        other => (OF_OBJECT.words)(other, key, value),
    },
    ..OF_OBJECT
};

/// Of TagResource. docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#S3TaggingErrorCodeList
pub(super) const OF_RESOURCE: TagRules = TagRules {
    most: 50,
    passes: &[&[TagProblem::Reserved, TagProblem::Duplicate, TagProblem::Key, TagProblem::Value]],
    words: |problem, _, _| {
        let message = match problem {
            TagProblem::TooMany => return Fault::new(400, "TooManyTags", "You can have up to 50 tags per resource."),
            TagProblem::Reserved => {
                "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove \
                 \"aws:\" from your tag keys and try again."
            }
            TagProblem::Duplicate => {
                "There are duplicate tag keys in your request. Remove the duplicate tag keys and try again."
            }
            _ => {
                "This request contains a tag key or value that isn't valid. Valid characters include the following: \
                 [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 \
                 characters."
            }
        };
        Fault::new(400, "InvalidTag", message)
    },
    ..OF_OBJECT
};

/// In the form of a query string. What S3 takes beyond that is for [`OF_OBJECT`] to say, once the request is authorised.
const OF_QUERY: TagRules =
    TagRules { passes: &[&[TagProblem::Duplicate, TagProblem::Key, TagProblem::Value]], ..OF_OBJECT };

fn invalid(message: &str, key: &str) -> Fault {
    Fault::new(400, "InvalidTag", message).with("TagKey", key)
}

/// Reads a set of tags.
pub(super) fn read(list: &[Tag], rules: &TagRules) -> Result<Tags, Fault> {
    rules.read(list.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())))
}

/// Reads tags in the form of a query string: `Status=OK&team=a%2Bb`.
pub(super) fn read_query(query: Option<&str>) -> Result<Tags, Fault> {
    let Some(query) = query else { return Ok(Tags::default()) };
    let refused = || {
        let message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters \
                       without tag name duplicates.";
        fault::invalid_argument("x-amz-tagging", query, message)
    };
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decode(key)?, decode(value)?))
    };
    let pairs: Option<Vec<_>> = query.split('&').filter(|text| !text.is_empty()).map(pair).collect();
    let pairs = pairs.ok_or_else(refused)?;
    OF_QUERY.read(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))).map_err(|_| refused())
}

/// Tags as answers list them.
pub(super) fn list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

/// A set of tags as it was passed, be it one that S3 takes or not.
pub(super) fn passed(list: &[Tag]) -> Tags {
    list.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect()
}

/// The check with the object tags that the request passes: `s3:RequestObjectTag/…` and `s3:RequestObjectTagKeys`.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
pub(super) fn requested(check: Check, tags: &Tags) -> Check {
    if tags.is_empty() {
        return check;
    }
    let mut check =
        tags.iter().fold(check, |check, (key, value)| check.key(format!("s3:RequestObjectTag/{key}"), value));
    check.keys.set_many("s3:RequestObjectTagKeys", tags.keys());
    check
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

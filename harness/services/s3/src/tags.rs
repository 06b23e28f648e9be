//! What S3 takes for tags.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html

use account::{Check, Fault, Tags};
use percent_encoding::percent_decode_str;

use super::fault;
use super::request::Tag;

/// An object has at most 10 tags, a bucket at most 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Object,
    Bucket,
}

/// Reads a set of tags.
pub(super) fn read(list: &[Tag], of: Of) -> Result<Tags, Fault> {
    let mut tags = Tags::default();
    for Tag { key, value } in list {
        // Keys that differ in letter case alone are different keys.
        if tags.get(key).is_some() {
            let message = "Cannot provide multiple Tags with the same key";
            return Err(Fault::new(400, "InvalidTag", message).with("TagKey", key));
        }
        tags.set(key, value);
    }
    accept(&tags, of)?;
    Ok(tags)
}

/// Reads tags in the form of a query string: `Status=OK&team=a%2Bb`. Whether S3 takes each of them is for [`accept`] to
/// say, once the request is authorised.
pub(super) fn read_query(query: Option<&str>) -> Result<Tags, Fault> {
    let Some(query) = query else { return Ok(Tags::default()) };
    let refused = || {
        let message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters \
                       without tag name duplicates.";
        fault::invalid_argument("x-amz-tagging", query, message)
    };
    let mut tags = Tags::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (decode(key).ok_or_else(refused)?, decode(value).ok_or_else(refused)?);
        if tags.get(&key).is_some() || key.is_empty() || !is_valid(&key, 128) || !is_valid(&value, 256) {
            return Err(refused());
        }
        tags.set(key, value);
    }
    Ok(tags)
}

/// Refuses tags that S3 does not take.
pub(super) fn accept(tags: &Tags, of: Of) -> Result<(), Fault> {
    tags.iter().try_for_each(|(key, value)| check(key, value, of))?;
    limit(tags, of)
}

pub(super) fn list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.to_owned(), value: value.to_owned() }).collect()
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

fn check(key: &str, value: &str, of: Of) -> Result<(), Fault> {
    let refuse = |message: &str| Err(Fault::new(400, "InvalidTag", message).with("TagKey", key));
    if key.starts_with("aws:") {
        return refuse(match of {
            Of::Object => "Your TagKey cannot be prefixed with aws:",
            Of::Bucket => "System tags cannot be added/updated by requester",
        });
    }
    if key.is_empty() || !is_valid(key, 128) {
        return refuse("The TagKey you have provided is invalid");
    }
    if !is_valid(value, 256) {
        return Err(Fault::new(400, "InvalidTag", "The TagValue you have provided is invalid")
            .with("TagKey", key)
            .with("TagValue", value));
    }
    Ok(())
}

fn limit(tags: &Tags, of: Of) -> Result<(), Fault> {
    let (most, message) = match of {
        Of::Object => (10, "Object tags cannot be greater than 10"),
        Of::Bucket => (50, "Bucket tag count cannot be greater than 50"),
    };
    if tags.len() > most { Err(Fault::new(400, "BadRequest", message)) } else { Ok(()) }
}

/// Letters, digits and spaces of any script, and `+ - = . _ : / @`.
pub(super) fn is_valid(text: &str, most: usize) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || c.is_whitespace() || "+-=._:/@".contains(c);
    text.chars().count() <= most && text.chars().all(allowed)
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

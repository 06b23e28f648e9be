//! S3's own errors for inputs that break constraints of its API model.
//!
//! What is missing or of another type is refused at once, as a document that cannot be read is. A value that is none of
//! those that its member can have is told of once the request is authorised.
//! docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

use ::policy::partition;
use account::{Breach, BreachKind, Fault, TagProblem, input};
use model::{MemberLocation, S3};
use serde_json::Value;

use super::{fault, tags};

/// What S3 says to a value of a header or a parameter, by the input's member. To any other it tells the constraint in the
/// words of AWS's model.
const SENTENCES: &[(&str, &str)] = &[
    ("EncodingType", "Invalid Encoding Method specified in Request"),
    ("MaxBuckets", "Argument max-buckets must be an integer between 1 and 10000"),
    ("MetadataDirective", "Unknown metadata directive."),
    ("TaggingDirective", "Unknown tagging directive."),
];

/// Refuses an input of S3 that lacks something or has something of another type. Gives the error for the first value that
/// its member cannot have.
pub(super) fn check(operation: &str, input: &Value) -> Result<Option<Fault>, Fault> {
    let mut breaches = input::breaches("s3", operation, input);
    breaches.retain(|breach| !is_of_other_partition(breach));
    let of_form = breaches.iter().find(|breach| breach.kind != BreachKind::Value);
    let error = |breach| error(operation, input, breach);
    of_form.map_or_else(|| Ok(breaches.first().map(error)), |breach| Err(error(breach)))
}

/// The model lists the regions of three partitions; those of the others are in no model that AWS publishes.
fn is_of_other_partition(breach: &Breach) -> bool {
    let is_constraint = breach.kind == BreachKind::Value && breach.place.ends_with(".locationConstraint");
    let partition = partition::of_region(breach.value.trim_matches('\'')).name;
    is_constraint && !["aws", "aws-cn", "aws-us-gov"].contains(&partition)
}

fn error(operation: &str, input: &Value, breach: &Breach) -> Fault {
    let structure = S3.operation(operation).and_then(|operation| S3.input(operation));
    let (top, below) = breach.place.split_once('.').unwrap_or((&breach.place, ""));
    let is_it = |name: &&String| name.eq_ignore_ascii_case(top);
    let member = structure.and_then(|structure| structure.members.iter().find(|(name, _)| is_it(name)));
    let Some((name, member)) = member else { return fault::invalid_request(breach.to_string()) };
    let given = text(&input[name]);
    match name.as_str() {
        "Bucket" => fault::invalid_bucket_name(&given),
        "ServerSideEncryption" => fault::invalid_encryption(&given),
        "StorageClass" => fault::invalid_storage_class(&given),
        "ObjectOwnership" => fault::invalid_ownership(&given),
        _ if member.place == MemberLocation::Body => in_document(below, breach),
        _ => {
            let known = SENTENCES.iter().find(|(known, _)| known == name);
            let sentence = known.map_or(breach.constraint.as_str(), |(_, sentence)| sentence);
            fault::invalid_argument(member.wire_name.as_deref().unwrap_or(name), given, sentence)
        }
    }
}

/// Refuses an input of S3 Control that breaks a constraint, whichever it is.
pub(super) fn check_control(operation: &str, input: &Value) -> Result<(), Fault> {
    let breaches = input::breaches("s3control", operation, input);
    breaches.iter().find(|breach| !is_of_bucket_arn(breach)).map_or(Ok(()), |breach| Err(of_control(breach)))
}

/// The model's pattern lets no ARN of a general purpose bucket through. Which ARNs these are is told where they are tagged:
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html
fn is_of_bucket_arn(breach: &Breach) -> bool {
    breach.place == "resourceArn" && breach.kind == BreachKind::Value
}

/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#S3TaggingErrorCodeList
fn of_control(breach: &Breach) -> Fault {
    match (breach.place.as_str(), breach.kind) {
        ("tags" | "publicAccessBlockConfiguration", BreachKind::Missing) => fault::missing_body(),
        ("tags", BreachKind::Value) => (tags::OF_RESOURCE.words)(TagProblem::TooMany, "", ""),
        (place, BreachKind::Value) if place == "tagKeys" || is_of_tag(place) => {
            (tags::OF_RESOURCE.words)(TagProblem::Key, "", "")
        }
        ("accountId" | "resourceArn" | "tagKeys", _) => fault::invalid_request(breach.to_string()),
        _ => fault::malformed_xml(),
    }
}

/// Of a document that is there S3 says that it does not fit its schema, but for a few values.
fn in_document(below: &str, breach: &Breach) -> Fault {
    let shown = breach.value.trim_matches('\'');
    match (breach.kind, below) {
        (BreachKind::Missing, "") => fault::missing_body(),
        (BreachKind::Value, "locationConstraint") => fault::invalid_location(shown),
        (BreachKind::Value, _) if is_of_tag(below) => (tags::OF_OBJECT.words)(TagProblem::Key, shown, ""),
        _ => fault::malformed_xml(),
    }
}

/// `tagSet.1.member.key`
fn is_of_tag(place: &str) -> bool {
    ["tagSet.", "tags."].iter().any(|list| place.starts_with(list))
}

/// A value of a header or a parameter, as it was written.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

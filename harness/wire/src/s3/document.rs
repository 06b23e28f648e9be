//! The XML documents that requests bring, to members.

use account::Fault;
use serde_json::{Map, Value};

use crate::xml::{Element, Malformed, read as read_xml};

/// How an element becomes a member.
enum Kind {
    Text,
    Structure(Shape),
    /// Elements of this name, one beside the other, are one list.
    Flat(&'static Kind),
    /// A list in an element of its own: the name of its items.
    Wrapped(&'static str, &'static Kind),
}

/// Element, member, kind. Elements that are not named here are not looked at.
type Shape = &'static [(&'static str, &'static str, Kind)];

/// Operation, root element, member, what is in it, and whether there must be a document.
type Row = (&'static str, &'static str, &'static str, Shape, bool);

const TAG: Kind = Kind::Structure(&[("Key", "Key", Kind::Text), ("Value", "Value", Kind::Text)]);
const TAGGING: Shape = &[("TagSet", "TagSet", Kind::Wrapped("Tag", &TAG))];
const STATUS: Shape = &[("Status", "Status", Kind::Text)];
const OBJECT: Kind = Kind::Structure(&[
    ("Key", "Key", Kind::Text),
    ("VersionId", "VersionId", Kind::Text),
    ("ETag", "ETag", Kind::Text),
]);
const PART: Kind = Kind::Structure(&[
    ("PartNumber", "PartNumber", Kind::Text),
    ("ETag", "ETag", Kind::Text),
    ("ChecksumCRC32", "ChecksumCRC32", Kind::Text),
    ("ChecksumCRC32C", "ChecksumCRC32C", Kind::Text),
    ("ChecksumCRC64NVME", "ChecksumCRC64NVME", Kind::Text),
    ("ChecksumSHA1", "ChecksumSHA1", Kind::Text),
    ("ChecksumSHA256", "ChecksumSHA256", Kind::Text),
]);
const PUBLIC_ACCESS: Shape = &[
    ("BlockPublicAcls", "BlockPublicAcls", Kind::Text),
    ("IgnorePublicAcls", "IgnorePublicAcls", Kind::Text),
    ("BlockPublicPolicy", "BlockPublicPolicy", Kind::Text),
    ("RestrictPublicBuckets", "RestrictPublicBuckets", Kind::Text),
];
const OWNERSHIP: Kind = Kind::Structure(&[("ObjectOwnership", "ObjectOwnership", Kind::Text)]);

const ROWS: &[Row] = &[
    (
        "CreateBucket",
        "CreateBucketConfiguration",
        "CreateBucketConfiguration",
        &[("LocationConstraint", "LocationConstraint", Kind::Text), ("Tags", "Tags", Kind::Wrapped("Tag", &TAG))],
        false,
    ),
    (
        "DeleteObjects",
        "Delete",
        "Delete",
        &[("Object", "Objects", Kind::Flat(&OBJECT)), ("Quiet", "Quiet", Kind::Text)],
        true,
    ),
    (
        "CompleteMultipartUpload",
        "CompleteMultipartUpload",
        "MultipartUpload",
        &[("Part", "Parts", Kind::Flat(&PART))],
        true,
    ),
    ("PutObjectTagging", "Tagging", "Tagging", TAGGING, true),
    ("PutBucketTagging", "Tagging", "Tagging", TAGGING, true),
    ("PutBucketVersioning", "VersioningConfiguration", "VersioningConfiguration", STATUS, true),
    ("PutBucketAbac", "AbacStatus", "AbacStatus", STATUS, true),
    ("PutPublicAccessBlock", "PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration", PUBLIC_ACCESS, true),
    (
        "PutBucketOwnershipControls",
        "OwnershipControls",
        "OwnershipControls",
        &[("Rule", "Rules", Kind::Flat(&OWNERSHIP))],
        true,
    ),
    // S3 Control's own; its member is the whole request.
    ("TagResource", "TagResourceRequest", "", &[("Tags", "Tags", Kind::Wrapped("Tag", &TAG))], true),
];

/// The member that the operation's document is, if the operation has one and the request brings it.
pub(super) fn read(operation: &str, body: &[u8]) -> Result<Option<(&'static str, Value)>, Fault> {
    read_under(operation, body, |name, root| name == root)
}

/// The same of a document that answers such a request: emulators have names of their own for what is around it.
pub(super) fn read_answer(operation: &str, body: &[u8]) -> Result<Option<(&'static str, Value)>, Fault> {
    read_under(operation, body, |_, _| true)
}

fn read_under(
    operation: &str,
    body: &[u8],
    is_root: impl Fn(&str, &str) -> bool,
) -> Result<Option<(&'static str, Value)>, Fault> {
    let Some((_, root, member, shape, required)) = ROWS.iter().find(|row| row.0 == operation) else { return Ok(None) };
    if body.trim_ascii().is_empty() {
        return match required {
            true => Err(Fault::new(400, "MissingRequestBodyError", "Request Body is empty")),
            false => Ok(None),
        };
    }
    let element = read_xml(body).map_err(Malformed::answer)?;
    if !is_root(&element.name, root) {
        return Err(Malformed.answer().into());
    }
    Ok(Some((member, structure(&element, shape))))
}

fn structure(element: &Element, shape: Shape) -> Value {
    let members =
        shape.iter().filter_map(|(name, member, kind)| Some(((*member).to_owned(), member_of(element, name, kind)?)));
    Value::Object(members.collect::<Map<String, Value>>())
}

fn member_of(element: &Element, name: &str, kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Flat(item) => Some(element.all(name).map(|child| value(child, item)).collect()),
        kind => element.child(name).map(|child| value(child, kind)),
    }
}

fn value(element: &Element, kind: &Kind) -> Value {
    match kind {
        Kind::Text => Value::String(element.text.clone()),
        Kind::Structure(shape) => structure(element, shape),
        Kind::Wrapped(name, item) => element.all(name).map(|child| value(child, item)).collect(),
        Kind::Flat(item) => Value::Array(vec![value(element, item)]),
    }
}

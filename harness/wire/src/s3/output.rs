//! From a reply to status, headers and body.

use ::s3::Reply;
use ::s3::reply::{DeleteError, DeleteObjects};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{NAMESPACE, members};
use crate::shape::{Shaped, XML};
use crate::xml::Writer;

/// Where the members of an operation's reply go.
enum Form {
    /// Into a document with this root; those named go into headers.
    Document(&'static str, &'static [&'static str]),
    /// One member is the document, under this root; all others go into headers.
    Member(&'static str, &'static str),
}

/// The operations whose replies have documents. All members of the others go into headers.
const FORMS: &[(&str, Form)] = &[
    ("ListBuckets", Form::Document("ListAllMyBucketsResult", &[])),
    ("ListObjects", Form::Document("ListBucketResult", &[])),
    ("ListObjectsV2", Form::Document("ListBucketResult", &[])),
    ("ListObjectVersions", Form::Document("ListVersionsResult", &[])),
    ("ListParts", Form::Document("ListPartsResult", &[])),
    ("ListMultipartUploads", Form::Document("ListMultipartUploadsResult", &[])),
    ("DeleteObjects", Form::Document("DeleteResult", &[])),
    ("GetObjectAttributes", Form::Document("GetObjectAttributesResponse", &["LastModified", "VersionId"])),
    (
        "CreateMultipartUpload",
        Form::Document("InitiateMultipartUploadResult", &["ServerSideEncryption", "ChecksumAlgorithm", "ChecksumType"]),
    ),
    (
        "CompleteMultipartUpload",
        Form::Document("CompleteMultipartUploadResult", &["VersionId", "ServerSideEncryption", "SSEKMSKeyId"]),
    ),
    ("CopyObject", Form::Member("CopyObjectResult", "CopyObjectResult")),
    ("UploadPartCopy", Form::Member("CopyPartResult", "CopyPartResult")),
    ("GetObjectTagging", Form::Document("Tagging", &["VersionId"])),
    ("GetBucketTagging", Form::Document("Tagging", &[])),
    ("GetBucketPolicyStatus", Form::Member("PolicyStatus", "PolicyStatus")),
    ("GetBucketVersioning", Form::Document("VersioningConfiguration", &[])),
    ("GetPublicAccessBlock", Form::Member("PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration")),
    ("GetBucketOwnershipControls", Form::Member("OwnershipControls", "OwnershipControls")),
    ("GetBucketAbac", Form::Member("AbacStatus", "AbacStatus")),
    ("GetBucketAcl", Form::Document("AccessControlPolicy", &[])),
    ("GetObjectAcl", Form::Document("AccessControlPolicy", &[])),
];

/// The answer to an operation.
pub(crate) fn answer(operation: &str, reply: Reply) -> Shaped {
    let (status, body) = match &reply {
        Reply::GetObject(object) => (ranged(object.head.content_range.is_some()), object.body.clone()),
        Reply::HeadObject(head) => (ranged(head.content_range.is_some()), Bytes::new()),
        Reply::GetBucketPolicy(answer) => (StatusCode::OK, Bytes::from(answer.policy.clone())),
        Reply::GetBucketLocation(answer) => (StatusCode::OK, location(answer.location_constraint.as_deref()).into()),
        _ => (status(operation), Bytes::new()),
    };
    let mut shaped = Shaped { status, headers: HeaderMap::with_capacity(16), body };
    let members = match serde_json::to_value(&reply) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    match &reply {
        Reply::GetBucketPolicy(_) => content_type(&mut shaped, "application/json"),
        Reply::GetBucketLocation(_) => content_type(&mut shaped, XML),
        Reply::GetObject(_) => {
            // Comes from the body itself.
            headers(&mut shaped.headers, members.into_iter().filter(|(name, _)| name != "ContentLength"));
        }
        _ => spread(&mut shaped, operation, members),
    }
    shaped
}

/// The answer to a batch delete of which nothing was done.
pub(crate) fn refused(errors: Vec<DeleteError>) -> Shaped {
    answer("DeleteObjects", Reply::DeleteObjects(DeleteObjects { deleted: Vec::new(), errors }))
}

/// What deletes has nothing to tell, and neither has PutBucketPolicy.
fn status(operation: &str) -> StatusCode {
    let silent = operation.starts_with("Delete") || matches!(operation, "AbortMultipartUpload" | "PutBucketPolicy");
    if silent && operation != "DeleteObjects" { StatusCode::NO_CONTENT } else { StatusCode::OK }
}

fn ranged(is_part: bool) -> StatusCode {
    if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK }
}

fn content_type(shaped: &mut Shaped, text: &'static str) {
    shaped.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(text));
}

fn spread(shaped: &mut Shaped, operation: &str, mut members: Map<String, Value>) {
    let Some((_, form)) = FORMS.iter().find(|(name, _)| *name == operation) else {
        return headers(&mut shaped.headers, members);
    };
    let (root, document) = match form {
        Form::Document(root, beside) => {
            let (outside, inside): (Map<_, _>, Map<_, _>) =
                members.into_iter().partition(|(name, _)| beside.contains(&name.as_str()));
            members = outside;
            (root, Value::Object(inside))
        }
        Form::Member(member, root) => (root, members.remove(*member).unwrap_or_default()),
    };
    headers(&mut shaped.headers, members);
    content_type(shaped, XML);
    shaped.body = self::document(root, NAMESPACE, &document).into();
}

/// Writes a structure as a document.
pub(super) fn document(root: &str, namespace: &str, value: &Value) -> String {
    let mut xml = Writer::declared();
    xml.root(root, namespace, |xml| structure(xml, value));
    xml.finish()
}

/// us-east-1 has no name here. docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
fn location(region: Option<&str>) -> String {
    let mut xml = Writer::declared();
    match region {
        Some(region) => xml.root("LocationConstraint", NAMESPACE, |xml| xml.content(region)),
        None => xml.root("LocationConstraint", NAMESPACE, |_| {}),
    }
    xml.finish()
}

fn structure(xml: &mut Writer, value: &Value) {
    for (name, value) in value.as_object().into_iter().flatten() {
        member(xml, name, value);
    }
}

/// Lists are mostly elements one beside the other, under another name than the member's: member, element around all of
/// them (if there is one), element around each.
const LISTS: [(&str, Option<&str>, &str); 14] = [
    ("Buckets", Some("Buckets"), "Bucket"),
    ("ChecksumAlgorithm", None, "ChecksumAlgorithm"),
    ("CommonPrefixes", None, "CommonPrefixes"),
    ("Contents", None, "Contents"),
    ("DeleteMarkers", None, "DeleteMarker"),
    ("Deleted", None, "Deleted"),
    ("Errors", None, "Error"),
    ("Grants", Some("AccessControlList"), "Grant"),
    ("Parts", None, "Part"),
    ("Rules", None, "Rule"),
    ("TagSet", Some("TagSet"), "Tag"),
    ("Tags", Some("Tags"), "Tag"),
    ("Uploads", None, "Upload"),
    ("Versions", None, "Version"),
];

fn member(xml: &mut Writer, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => list(xml, name, items),
        Value::Object(_) if name == "Grantee" => {
            let kind = [("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("xsi:type", "CanonicalUser")];
            xml.tagged(name, &kind, |xml| structure(xml, value));
        }
        Value::Object(_) => xml.element(name, |xml| structure(xml, value)),
        Value::String(text) => xml.text(element(name), text),
        plain => xml.text(element(name), &plain.to_string()),
    }
}

fn element(member: &str) -> &str {
    // docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
    if member == "TotalPartsCount" { "PartsCount" } else { member }
}

fn list(xml: &mut Writer, name: &str, items: &[Value]) {
    let (around, each) = LISTS.iter().find(|row| row.0 == name).map_or((None, name), |row| (row.1, row.2));
    let each_of_them = |xml: &mut Writer| {
        for item in items {
            member(xml, each, item);
        }
    };
    match around {
        Some(around) => xml.element(around, each_of_them),
        None => each_of_them(xml),
    }
}

/// Members as headers. One without a header of its own, or with a text that no header can hold, is left out.
fn headers(headers: &mut HeaderMap, members: impl IntoIterator<Item = (String, Value)>) {
    for (name, value) in members {
        match (name.as_str(), value) {
            ("Metadata", Value::Object(metadata)) => {
                for (key, value) in metadata {
                    insert(headers, &format!("x-amz-meta-{key}"), value.as_str().unwrap_or_default());
                }
            }
            ("LastModified", Value::String(at)) => insert(headers, "last-modified", &http_date(&at)),
            (member, Value::String(text)) => set(headers, member, &text),
            (_, Value::Null) => {}
            (member, plain) => set(headers, member, &plain.to_string()),
        }
    }
}

fn set(headers: &mut HeaderMap, member: &str, text: &str) {
    if let Some(name) = members::header(member) {
        insert(headers, name, text);
    }
}

/// Sets a header. Text beyond ASCII goes as RFC 2047 has it.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
fn insert(headers: &mut HeaderMap, name: &str, text: &str) {
    let value = match text.is_ascii() {
        true => HeaderValue::from_str(text),
        false => HeaderValue::from_str(&encoded_word(text)),
    };
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
        headers.insert(name, value);
    }
}

fn encoded_word(text: &str) -> String {
    use base64::Engine;
    format!("=?UTF-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(text))
}

/// `2026-11-24T08:00:00.000Z` → `Tue, 24 Nov 2026 08:00:00 GMT`
pub(crate) fn http_date(iso: &str) -> String {
    iso.parse::<Timestamp>().map_or_else(|_| iso.to_owned(), |at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

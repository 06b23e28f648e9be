//! S3 Control: the tags of buckets, and an account's Block Public Access settings.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html

use account::Fault;
use http::StatusCode;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::address::invalid_uri;
use super::{document, input, output, query};
use crate::host;
use crate::route::CONTROL_PATH;
use crate::shape::{CONTROL_NAMESPACE, Shaped, XML};

/// Method, path below the version, operation.
const ROWS: [(&str, &str, &str); 6] = [
    ("POST", "tags/", "TagResource"),
    ("DELETE", "tags/", "UntagResource"),
    ("GET", "tags/", "ListTagsForResource"),
    ("GET", "configuration/publicAccessBlock", "GetPublicAccessBlock"),
    ("PUT", "configuration/publicAccessBlock", "PutPublicAccessBlock"),
    ("DELETE", "configuration/publicAccessBlock", "DeletePublicAccessBlock"),
];

/// A request whose operation is known; its body is still to come.
pub(crate) struct Control {
    pub(crate) operation: &'static str,
    members: Map<String, Value>,
}

impl Control {
    /// Which operation it is, and its members outside the body.
    pub(crate) fn read(parts: &Parts) -> Result<Control, Fault> {
        let path = parts.uri.path().strip_prefix(CONTROL_PATH).unwrap_or_default();
        let fits = |known: &str| if known.ends_with('/') { path.starts_with(known) } else { path == known };
        let row = ROWS.iter().find(|(method, known, _)| parts.method.as_str() == *method && fits(known));
        let Some((_, known, operation)) = row else {
            return Err(super::not_implemented(format!("{} {}", parts.method, parts.uri.path())));
        };
        let arn = path.strip_prefix(known).unwrap_or_default();
        let arn = percent_decode_str(arn).decode_utf8().map_err(|_| invalid_uri(arn))?.into_owned();
        let query = query(parts.uri.query().unwrap_or_default())?;
        let is_key = |name: &str| name == "tagKeys" && *operation == "UntagResource";
        if let Some((name, _)) = query.iter().find(|(name, _)| !is_key(name) && !input::is_ignored(name, false)) {
            return Err(super::not_implemented(format!("{operation} ?{name}")));
        }
        let keys: Vec<&str> = query.iter().filter(|(name, _)| is_key(name)).map(|(_, value)| value.as_ref()).collect();
        let members = json!({ "AccountId": account(parts), "ResourceArn": arn, "TagKeys": keys });
        let Value::Object(members) = members else { return Err(super::not_implemented((*operation).to_owned())) };
        Ok(Control { operation, members })
    }

    /// All members of the operation.
    pub(crate) fn input(mut self, body: &[u8]) -> Result<Value, Fault> {
        match document::read(self.operation, body)? {
            Some(("", Value::Object(members))) => self.members.extend(members),
            Some((member, value)) => drop(self.members.insert(member.to_owned(), value)),
            None => {}
        }
        Ok(Value::Object(self.members))
    }
}

fn account(parts: &Parts) -> String {
    let header = parts.headers.get("x-amz-account-id").and_then(|value| value.to_str().ok());
    header.map(str::to_owned).or_else(|| host::account(&host::of(parts)).map(str::to_owned)).unwrap_or_default()
}

/// The answer to an operation.
pub(crate) fn answer(operation: &str, output: &Value) -> Shaped {
    let (root, value) = match operation {
        "ListTagsForResource" => ("ListTagsForResourceResult", output),
        "GetPublicAccessBlock" => ("PublicAccessBlockConfiguration", &output["PublicAccessBlockConfiguration"]),
        "TagResource" | "UntagResource" => return Shaped::empty(StatusCode::NO_CONTENT),
        _ => return Shaped::empty(StatusCode::OK),
    };
    Shaped::new(StatusCode::OK, XML, output::document(root, CONTROL_NAMESPACE, value))
}

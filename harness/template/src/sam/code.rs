//! Logical ids that end in a hash of what stands behind them, as SAM makes them for versions and layers.

use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};
use source::{Node, Value};

use super::build::At;

/// How many digits of the hash are in a logical id.
const DIGITS: usize = 10;

/// The id with the hash of a text, if there is one.
pub(super) fn with_hash(prefix: &str, text: &str) -> String {
    if text.is_empty() { prefix.to_owned() } else { format!("{prefix}{}", hash(text)) }
}

/// The first digits of the SHA-1 of a text.
fn hash(text: &str) -> String {
    let digest = Sha1::digest(text.as_bytes());
    let mut digits = String::new();
    for byte in digest.iter().take(DIGITS / 2) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The hash's first digits, of a hash that the template gives.
pub(super) fn with_given(prefix: &str, hash: &str) -> String {
    format!("{prefix}{}", hash.chars().take(DIGITS).collect::<String>())
}

/// A suffix of letters and digits stays; any other becomes a hash.
pub(super) fn suffixed(prefix: &str, suffix: &str) -> String {
    if suffix.chars().all(char::is_alphanumeric) { format!("{prefix}{suffix}") } else { with_hash(prefix, suffix) }
}

/// The text of a tree that SAM hashes: JSON with sorted keys, without blanks, in ASCII; of a text the text itself.
pub(super) fn text(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        _ => {
            let mut out = String::new();
            write(node, &mut out);
            out
        }
    }
}

fn write(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number),
        Value::String(text) => quote(text, out),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|one, other| one.key.cmp(&other.key));
            out.push('{');
            for (at, entry) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                quote(&entry.key, out);
                out.push(':');
                write(&entry.value, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// Where code lies, as CloudFormation has it: of `s3://bucket/key?versionId=1`, or of SAM's mapping.
pub(super) fn location(node: &Node) -> Node {
    let at = At(node.span);
    let parts = ["Bucket", "Key", "Version"].into_iter().zip(["S3Bucket", "S3Key", "S3ObjectVersion"]);
    if node.get("Bucket").is_some() {
        return at.map(parts.filter_map(|(sam, name)| Some((name, node.get(sam)?.clone()))));
    }
    let Some((bucket, rest)) = node.text().and_then(|text| text.strip_prefix("s3://")?.split_once('/')) else {
        // A folder that is packaged when the template is deployed.
        return at.map([("S3Key", node.clone())]);
    };
    let (key, version) = match rest.split_once('?') {
        Some((key, query)) => (key, query.split('&').find_map(|pair| pair.strip_prefix("versionId="))),
        None => (rest, None),
    };
    let values = [Some(bucket), Some(key.trim_start_matches('/')), version];
    at.map(parts.zip(values).filter_map(|((_, name), value)| Some((name, at.text(value?)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Node {
        source::json::read(source::FileId(0), text).0.expect("a tree")
    }

    #[test]
    fn what_is_hashed_is_what_python_writes() {
        let tree = read(r#"{"b": [1, 1.50, true, null], "a": {"z": "ü\n\"", "é": "😀"}}"#);
        assert_eq!(text(&tree), r#"{"a":{"z":"\u00fc\n\"","\u00e9":"\ud83d\ude00"},"b":[1,1.50,true,null]}"#);
    }

    #[test]
    fn ids_end_in_the_start_of_a_hash() {
        // echo -n abc | sha1sum
        assert_eq!(with_hash("X", "abc"), "Xa9993e3647");
        assert_eq!(suffixed("X", "Prod"), "XProd");
        assert_eq!(suffixed("X", ""), "X");
    }

    #[test]
    fn code_lies_in_a_bucket() {
        let location = |written: &str| text(&location(&read(written)));
        assert_eq!(location(r#""s3://b/k/l?versionId=3""#), r#"{"S3Bucket":"b","S3Key":"k/l","S3ObjectVersion":"3"}"#);
        assert_eq!(location(r#"{"Bucket": "b", "Key": "k"}"#), r#"{"S3Bucket":"b","S3Key":"k"}"#);
    }
}

//! Values as YAML in one line, as people write them: `{task: Definition, tags: {Status: OK}}`.

use serde_json::Value;
use source::{FileId, Value as Tree};

/// A value in one line.
pub(crate) fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| format!("{}: {}", scalar(key), flow(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A text: plain where YAML reads it as the same text, else in quotes.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes. JSON's escapes are YAML's too.
pub(crate) fn quoted(text: &str) -> String {
    source::escaped(&Value::from(text).to_string()).into_owned()
}

fn is_plain(text: &str) -> bool {
    let is_usual = |c: char| c.is_ascii_alphanumeric() || "-_./:@+= ".contains(c);
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    if !starts || !text.chars().all(is_usual) || text.contains(": ") || text.ends_with([':', ' ']) {
        return false;
    }
    // Numbers, dates, `yes` and `null` are no texts to every reader of YAML.
    let is_word = |word: &str| text.eq_ignore_ascii_case(word);
    let is_other = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].into_iter().any(is_word);
    let is_number =
        text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(|c: char| c.is_ascii_alphabetic() || c == '/');
    let read = source::yaml::read(FileId(0), &format!("{{k: {text}}}")).0;
    let is_text =
        read.is_some_and(|node| node.get("k").is_some_and(|node| node.value == Tree::String(text.to_owned())));
    !is_other && !is_number && is_text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_written_as_people_write_it() {
        let value = json!({"call": "s3:GetObject", "key": "0123456789/code", "tags": {"Status": "OK", "n": "1"}, "all": [true, 3]});
        let written = "{call: s3:GetObject, key: 0123456789/code, tags: {Status: OK, \"n\": \"1\"}, all: [true, 3]}";
        assert_eq!(flow(&value), written);
    }

    #[test]
    fn every_text_is_read_as_itself() {
        for text in [
            "",
            "a",
            "yes",
            "NO",
            "1",
            "2026-11-30",
            "1e3",
            "0x1f",
            "a: b",
            "a:",
            "- a",
            "#a",
            "a #b",
            "${aws:PrincipalTag/team}",
            "*",
            "é",
            "\u{202e}",
            "a\nb",
            "'",
            "\"",
            "{a}",
            "[",
            "!Ref a",
            "&a",
            "~",
            "null",
            "a, b",
            "arn:aws:s3:::b/*",
        ] {
            let (node, said) = source::yaml::read(FileId(0), &format!("{{k: {}}}", scalar(text)));
            assert_eq!(said, [], "{text}");
            assert_eq!(node.unwrap().get("k").unwrap().value, Tree::String(text.to_owned()), "{text}");
        }
    }
}

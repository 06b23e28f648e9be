//! JSON that stands as text in JSON: policies and container definitions.

use source::{FileId, Finding, Node, Span, Value};

/// The tree of a text; each part has the place where it stands in the file, if that can be told, else that of the text.
pub(super) fn read(text: &str, span: Span) -> (Option<Node>, Vec<Finding>) {
    let (node, findings) = source::json::read(FileId::default(), text);
    let places = places(text, span);
    let place = |inner: Span| match &places {
        Some(places) => {
            let at = |byte: u32| places.get(byte as usize).copied().unwrap_or(span.end);
            Span::new(span.file, at(inner.start), at(inner.end))
        }
        None => span,
    };
    let node = node.map(|mut node| {
        placed(&mut node, &place);
        node
    });
    let moved = |mut finding: Finding| {
        finding.span = place(finding.span);
        // An edit is of the text, and would have to be escaped in the file.
        finding.edit = None;
        finding
    };
    (node, findings.into_iter().map(moved).collect())
}

/// Gives every part of a tree a place.
pub(super) fn placed(node: &mut Node, place: &impl Fn(Span) -> Span) {
    node.span = place(node.span);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| placed(item, place)),
        Value::Map(entries) => {
            for entry in entries {
                entry.key_span = place(entry.key_span);
                placed(&mut entry.value, place);
            }
        }
        _ => {}
    }
}

/// Where each byte of a text starts in the file, with one more for its end. The tree does not have the escapes; but a program
/// escapes all of a text in one way, and the length of what it wrote tells which.
fn places(text: &str, span: Span) -> Option<Vec<u32>> {
    [true, false].into_iter().find_map(|is_html| {
        let mut places = Vec::with_capacity(text.len() + 1);
        let mut at = span.start.checked_add(1)?;
        for c in text.chars() {
            places.extend(std::iter::repeat_n(at, c.len_utf8()));
            at = at.checked_add(written_length(c, is_html))?;
        }
        places.push(at);
        (at.checked_add(1)? == span.end).then_some(places)
    })
}

/// How many bytes a character has in JSON as Go writes it, which escapes what would be markup in HTML.
/// pkg.go.dev/encoding/json#Marshal
const fn written_length(c: char, is_html: bool) -> u32 {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if is_html => 6,
        '\0'..='\u{1f}' => 6,
        _ => c.len_utf8() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn underlined(json: &str) -> Vec<String> {
        let (node, _) = source::json::read(FileId(3), json);
        let node = node.expect("JSON");
        let (inner, findings) = read(node.text().expect("text"), node.span);
        assert_eq!(findings, []);
        let inner = inner.expect("JSON in JSON");
        let shown = |node: &Node| json[node.span.start as usize..node.span.end as usize].to_owned();
        let entries = inner.entries().iter();
        entries.flat_map(|entry| [shown(&Node::new(Value::Null, entry.key_span)), shown(&entry.value)]).collect()
    }

    #[test]
    fn parts_have_their_own_places() {
        assert_eq!(underlined(r#""{\"a\":\n \"ü\",\"b\":[1]}""#), [r#"\"a\""#, r#"\"ü\""#, r#"\"b\""#, "[1]"]);
        // As Terraform writes it.
        assert_eq!(underlined(r#""{\"a\":\"\u003cx\u003e\"}""#), [r#"\"a\""#, r#"\"\u003cx\u003e\""#]);
        assert_eq!(underlined(r#""{\"a\":\"<x>\"}""#), [r#"\"a\""#, r#"\"<x>\""#]);
    }

    #[test]
    fn parts_of_a_text_that_is_escaped_otherwise_have_the_place_of_all() {
        let json = r#""{\u0022a\u0022:1}""#;
        assert_eq!(underlined(json), [json, json]);
    }
}

//! Rewrites of single places of a text.

use std::ops::Range;

use crate::{Span, Value};

/// A rewrite that a finding proposes. It names what it expects to find, so that it is never written over anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A scalar, or the key of a mapping, gets other text.
    Rewrite {
        /// Where it stands.
        span: Span,
        /// Its text now.
        old: String,
        /// Its text then.
        new: String,
    },
    /// A member of a list or a mapping goes, with the comma or the dash beside it.
    Remove {
        /// The member: of a mapping, key and value.
        span: Span,
        /// The member that stays beside it.
        neighbour: Span,
    },
    /// An entry is put before another one.
    Insert {
        /// The key of that other one.
        before: Span,
        /// The new entry's key.
        key: String,
        /// The new entry's value, a text.
        value: String,
    },
    /// A scalar of a template becomes a text for `Fn::Sub`.
    Substitute {
        /// Where it stands.
        span: Span,
        /// Its text now.
        old: String,
        /// The text for `Fn::Sub`.
        new: String,
    },
    /// A statement of a policy in JSON becomes several.
    Split {
        /// The statement.
        span: Span,
        /// The new ones, each an object in JSON.
        statements: Vec<String>,
    },
}

impl Edit {
    /// The edit as a range of bytes of the text and what comes in their place. `None`: the text is written in a way in
    /// which the edit cannot be sure of itself (escapes, comments between members, a value that a function gives).
    #[must_use]
    pub fn change(&self, text: &str) -> Option<(Range<usize>, String)> {
        match self {
            Self::Rewrite { span, old, new } => {
                let quote = Quote::of(text.get(range(*span))?, old)?;
                Some((range(*span), quote.write(new)?))
            }
            Self::Remove { span, neighbour } => remove(text, *span, *neighbour),
            Self::Insert { before, key, value } => insert(text, *before, key, value),
            Self::Substitute { span, old, new } => {
                let quote = Quote::of(text.get(range(*span))?, old)?;
                let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
                let text = if quote == Quote::Plain { Quote::Double } else { quote }.write(new)?;
                Some((range(*span), if is_json { format!("{{\"Fn::Sub\": {text}}}") } else { format!("!Sub {text}") }))
            }
            Self::Split { span, statements } => split(text, *span, statements),
        }
    }

    /// The place that it is about.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Rewrite { span, .. }
            | Self::Remove { span, .. }
            | Self::Substitute { span, .. }
            | Self::Split { span, .. } => *span,
            Self::Insert { before, .. } => *before,
        }
    }
}

/// A text with edits made. Of edits that overlap the first counts, and a member that goes takes those inside it along.
/// The second value is how many were made.
#[must_use]
pub fn rewrite<'a>(text: &str, edits: impl IntoIterator<Item = &'a Edit>) -> (String, usize) {
    let mut changes: Vec<_> = edits.into_iter().filter_map(|edit| edit.change(text)).collect();
    changes.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    changes.dedup();
    let (mut out, mut end, mut made) = (String::with_capacity(text.len()), 0, 0);
    for (range, new) in changes {
        if range.start < end {
            continue;
        }
        out.push_str(text.get(end..range.start).unwrap_or_default());
        out.push_str(&new);
        end = range.end;
        made += 1;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    (out, made)
}

const fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
    Plain,
}

impl Quote {
    /// How a text is quoted; `None` if it is not there as it is.
    fn of(written: &str, text: &str) -> Option<Self> {
        let inside = |quote| written.strip_prefix(quote)?.strip_suffix(quote);
        match (inside('"'), inside('\'')) {
            (Some(inner), _) if inner == text => Some(Self::Double),
            (_, Some(inner)) if inner == text => Some(Self::Single),
            _ => (written == text).then_some(Self::Plain),
        }
    }

    /// Only text that means the same under each quote, and inside another text's quotes.
    fn write(self, text: &str) -> Option<String> {
        let is_odd = |c: char| matches!(c, '"' | '\'' | '\\') || c.is_control() || !c.is_ascii();
        if text.contains(is_odd) {
            return None;
        }
        Some(match self {
            Self::Single => format!("'{text}'"),
            Self::Plain if is_plain(text) => text.to_owned(),
            Self::Plain | Self::Double => format!("\"{text}\""),
        })
    }
}

/// Whether YAML takes it for the same text without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'.' | b'/' | b'-');
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(':')
        && text.bytes().all(fits)
        && matches!(crate::yaml::plain_value(text), Value::String(_))
}

fn remove(text: &str, span: Span, neighbour: Span) -> Option<(Range<usize>, String)> {
    let (member, beside) = (range(span), range(neighbour));
    let (between, gone) = match member.start < beside.start {
        true => (member.end..beside.start, member.start..beside.start),
        false => (beside.end..member.start, beside.end..member.end),
    };
    let between = text.get(between)?.trim();
    text.get(gone.clone())?;
    matches!(between, "" | "," | "-").then_some((gone, String::new()))
}

fn insert(text: &str, before: Span, key: &str, value: &str) -> Option<(Range<usize>, String)> {
    let at = before.start as usize;
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let lead = text.get(start..at)?;
    // A policy in JSON can stand in a text whose quotes are the same.
    let in_text = text.get(at..)?.starts_with("\\\"");
    let quote = if in_text { "\\\"" } else { "\"" };
    let quoted = in_text || text.get(at..)?.starts_with('"');
    let indent = lead.chars().all(|c| c == ' ' || c == '\t');
    let before = text.get(..at)?.trim_end();
    let in_braces = before.ends_with(['{', ',']);
    let entry = match quoted || in_braces {
        true => format!("{quote}{key}{quote}: {quote}{value}{quote}"),
        false => format!("{key}: \"{value}\""),
    };
    let after = match (in_braces, indent) {
        (true, true) => format!(",\n{lead}"),
        (true, false) => ", ".to_owned(),
        // A block of YAML: on a line of its own, under a dash or not.
        (false, true) => format!("\n{lead}"),
        (false, false) if lead.trim() == "-" => format!("\n{}", " ".repeat(lead.len())),
        (false, false) => return None,
    };
    Some((at..at, entry + &after))
}

fn split(text: &str, span: Span, statements: &[String]) -> Option<(Range<usize>, String)> {
    let range = range(span);
    // JSON within a text of JSON has other quotes, and is no object by itself.
    let (old, findings) = crate::json::read(span.file, text.get(range.clone())?);
    if !findings.is_empty() || !matches!(old?.value, Value::Map(_)) {
        return None;
    }
    let before = text.get(..range.start)?;
    let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
    let lead = &line[..line.len() - line.trim_start().len()];
    let new = statements.join(",\n").replace('\n', &format!("\n{lead}"));
    let is_member = before.trim_end().ends_with(['[', ',']);
    Some((range, if is_member || statements.len() == 1 { new } else { format!("[{new}]") }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    fn span(text: &str, part: &str) -> Span {
        let at = text.find(part).expect("a part of the text") as u32;
        Span::new(FileId(0), at, at + part.len() as u32)
    }

    #[test]
    fn a_scalar_keeps_its_quotes() {
        for (text, part, old, new, expected) in [
            (r#"{"a": "b"}"#, r#""b""#, "b", "c", Some(r#"{"a": "c"}"#)),
            ("a: 'b'", "'b'", "b", "c", Some("a: 'c'")),
            ("a: b", "b", "b", "s3:c", Some("a: s3:c")),
            ("a: b", "b", "b", "true", Some(r#"a: "true""#)),
            ("a: b", "b", "b", "*", Some(r#"a: "*""#)),
            // What is not there as it is, and what would have to be escaped.
            (r#"{"a": "\u0062"}"#, r#""\u0062""#, "b", "c", None),
            ("a: !Ref b", "!Ref b", "b", "c", None),
            ("a: b", "b", "b", "it's", None),
        ] {
            let edit = Edit::Rewrite { span: span(text, part), old: old.into(), new: new.into() };
            let (out, made) = rewrite(text, [&edit]);
            assert_eq!((out.as_str(), made), (expected.unwrap_or(text), usize::from(expected.is_some())), "{text}");
        }
    }

    #[test]
    fn a_member_goes_with_its_comma_or_dash() {
        for (text, member, neighbour, expected) in [
            (r#"["a", "b"]"#, r#""a""#, r#""b""#, r#"["b"]"#),
            (r#"["a", "b"]"#, r#""b""#, r#""a""#, r#"["a"]"#),
            ("- a\n- b\n", "a", "b", "- b\n"),
            ("- a\n- b\n", "b", "a", "- a\n"),
            ("x:\n  a: 1\n  b: 2\n", "b: 2", "a: 1", "x:\n  a: 1\n"),
            // A comment may be about either.
            ("- a # why\n- b\n", "b", "a", "- a # why\n- b\n"),
        ] {
            let edit = Edit::Remove { span: span(text, member), neighbour: span(text, neighbour) };
            assert_eq!(rewrite(text, [&edit]).0, expected, "{text}");
        }
    }

    #[test]
    fn an_entry_is_written_as_its_neighbours_are() {
        for (text, key, expected) in [
            (r#"{"S": 1}"#, r#""S""#, r#"{"V": "x", "S": 1}"#),
            ("{\n  \"S\": 1\n}", "\"S\"", "{\n  \"V\": \"x\",\n  \"S\": 1\n}"),
            ("a:\n  S: 1\n", "S", "a:\n  V: \"x\"\n  S: 1\n"),
            ("- S: 1\n", "S", "- V: \"x\"\n  S: 1\n"),
            ("a: {S: 1}\n", "S", "a: {\"V\": \"x\", S: 1}\n"),
            (r#"a: "{\"S\": 1}""#, r#"\"S\""#, r#"a: "{\"V\": \"x\", \"S\": 1}""#),
        ] {
            let edit = Edit::Insert { before: span(text, key), key: "V".into(), value: "x".into() };
            assert_eq!(rewrite(text, [&edit]).0, expected, "{text}");
        }
    }

    #[test]
    fn a_text_is_made_one_for_sub() {
        for (text, part, expected) in [
            (r#"{"a": "${AWS::Region}"}"#, r#""${AWS::Region}""#, r#"{"a": {"Fn::Sub": "${AWS::Region}"}}"#),
            ("a: ${AWS::Region}", "${AWS::Region}", "a: !Sub \"${AWS::Region}\""),
            ("a: '${AWS::Region}'", "'${AWS::Region}'", "a: !Sub '${AWS::Region}'"),
        ] {
            let edit =
                Edit::Substitute { span: span(text, part), old: "${AWS::Region}".into(), new: "${AWS::Region}".into() };
            assert_eq!(rewrite(text, [&edit]).0, expected, "{text}");
        }
    }

    #[test]
    fn a_statement_becomes_several() {
        let statements = vec!["{\n  \"a\": 1\n}".to_owned(), "{}".to_owned()];
        for (text, part, expected) in [
            ("{\"S\": [\n  {\"x\": 1}\n]}", "{\"x\": 1}", "{\"S\": [\n  {\n    \"a\": 1\n  },\n  {}\n]}"),
            ("{\"S\": [{}, {\"x\": 1}]}", "{\"x\": 1}", "{\"S\": [{}, {\n  \"a\": 1\n},\n{}]}"),
            ("{\"S\": {\"x\": 1}}", "{\"x\": 1}", "{\"S\": [{\n  \"a\": 1\n},\n{}]}"),
            // A block of YAML, and a policy within a text.
            ("S:\n- x: 1\n", "x: 1", "S:\n- x: 1\n"),
            (r#"{"S": "[{\"x\": 1}]"}"#, r#"{\"x\": 1}"#, r#"{"S": "[{\"x\": 1}]"}"#),
        ] {
            let edit = Edit::Split { span: span(text, part), statements: statements.clone() };
            assert_eq!(rewrite(text, [&edit]).0, expected, "{text}");
        }
    }

    #[test]
    fn of_edits_that_overlap_the_first_counts() {
        let text = r#"["a", "b", "c"]"#;
        let remove = |member, neighbour| Edit::Remove { span: span(text, member), neighbour: span(text, neighbour) };
        let inside = Edit::Rewrite { span: span(text, r#""b""#), old: "b".into(), new: "x".into() };
        assert_eq!(rewrite(text, [&inside, &remove(r#""b""#, r#""a""#), &inside]), (r#"["a", "c"]"#.to_owned(), 1));
        assert_eq!(rewrite(text, [&remove(r#""b""#, r#""a""#), &remove(r#""c""#, r#""b""#)]).0, r#"["a"]"#);
    }
}

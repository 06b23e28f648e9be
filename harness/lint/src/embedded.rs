//! Policies that are written as JSON text inside another text.
//!
//! The text that a string stands for is read as JSON, and each part of it gets the place where it stands in the file:
//! in the lines of a block of YAML, behind the escapes of JSON, in the percent signs of a URL.

use source::{Entry, FileId, Finding, Node, Span, Value};

use crate::glob::UNKNOWN;

/// A part of a text that a function puts together.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// A string as it stands there.
    Text(&'a Node),
    /// What stands between two others.
    Between(&'a str),
    /// What is not known before deployment.
    Unknown,
}

/// The parts of a joined text with what stands between them.
pub(crate) fn joined<'a>(separator: &'a str, parts: impl Iterator<Item = Part<'a>>) -> Vec<Part<'a>> {
    let with = |(at, part)| [(at > 0).then_some(Part::Between(separator)), Some(part)];
    parts.enumerate().flat_map(with).flatten().collect()
}

/// The policy that some parts are together, as far as it can be read, and what is wrong with its syntax. `None`: they are
/// no policy. `text` is the file's own text; without it every place is that of the whole.
pub(crate) fn policy(parts: &[Part<'_>], text: Option<&str>, whole: Span) -> Option<(Option<Node>, Vec<Finding>)> {
    let begins = |text: &str| text.trim_start().starts_with(['{', '%']);
    let first = parts.iter().find_map(|part| if let Part::Text(node) = part { node.text() } else { None });
    if !first.is_some_and(begins) {
        return None;
    }
    let mut inner = Inner { whole, text: String::new(), places: Vec::new() };
    parts.iter().for_each(|part| inner.add(part, text));
    // Texts without either word are not read at all.
    if !inner.text.trim_start().starts_with('{') || !inner.text.contains("Statement") {
        return None;
    }
    let (node, findings) = source::json::read(FileId(0), &inner.text);
    let is_policy = node.as_ref().is_none_or(policy::is_policy);
    is_policy.then(|| {
        let said = findings.into_iter().map(|mut finding| {
            finding.span = inner.place(finding.span);
            finding
        });
        let mut sink = crate::sink::Sink::default();
        said.for_each(|finding| crate::reading::syntax(finding, true, &mut sink));
        (node.map(|node| inner.node(&node)), sink.finish())
    })
}

struct Inner {
    whole: Span,
    text: String,
    /// For each byte of the text where it stands in the file.
    places: Vec<(u32, u32)>,
}

impl Inner {
    fn add(&mut self, part: &Part<'_>, file: Option<&str>) {
        match part {
            Part::Text(node) => {
                let written = node.text().unwrap_or_default();
                let decoded = percent_decoded(written);
                let new = decoded.as_deref().unwrap_or(written);
                let raw = file.and_then(|text| text.get(node.span.start as usize..node.span.end as usize));
                match raw.and_then(|raw| align(raw, new)) {
                    Some(found) => {
                        self.places
                            .extend(found.iter().map(|(from, to)| (node.span.start + from, node.span.start + to)));
                    }
                    None => self.fill(new, node.span),
                }
                self.text.push_str(new);
            }
            Part::Between(text) => {
                self.fill(text, self.whole);
                self.text.push_str(text);
            }
            Part::Unknown => {
                self.fill(UNKNOWN.encode_utf8(&mut [0; 4]), self.whole);
                self.text.push(UNKNOWN);
            }
        }
    }

    fn fill(&mut self, text: &str, span: Span) {
        self.places.extend(text.bytes().map(|_| (span.start, span.end)));
    }

    fn place(&self, span: Span) -> Span {
        let first = self.places.get(span.start as usize).or(self.places.last());
        let last = self.places.get((span.end as usize).saturating_sub(1)).or(self.places.last());
        match (first, last) {
            (Some((start, _)), Some((_, end))) if start <= end => Span::new(self.whole.file, *start, *end),
            _ => self.whole,
        }
    }

    fn node(&self, node: &Node) -> Node {
        let value = match &node.value {
            Value::List(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            Value::Map(entries) => {
                let entry = |entry: &Entry| Entry {
                    key: entry.key.clone(),
                    key_span: self.place(entry.key_span),
                    value: self.node(&entry.value),
                };
                Value::Map(entries.iter().map(entry).collect())
            }
            other => other.clone(),
        };
        Node::new(value, self.place(node.span))
    }
}

/// For each byte of a text where it stands in what was written for it. `None`: that cannot be made out.
fn align(raw: &str, text: &str) -> Option<Vec<(u32, u32)>> {
    let mut places = Vec::with_capacity(text.len());
    let mut at = match raw.as_bytes().first()? {
        b'"' | b'\'' => 1,
        // The head of a block of YAML.
        b'|' | b'>' => raw.find('\n')?,
        _ => 0,
    };
    for c in text.chars() {
        let (start, length) = loop {
            let rest = raw.get(at..)?;
            // The place of a block ends with its last line.
            if rest.is_empty() && c == '\n' {
                break (at, 0);
            }
            if rest.starts_with("''") && c == '\'' {
                break (at, 2);
            }
            if rest.starts_with(c) && !(c == '\\' && escaped(rest).is_some_and(|(other, _)| other == c)) {
                break (at, c.len_utf8());
            }
            match escaped(rest) {
                Some((other, length)) if other == c => break (at, length),
                _ => {}
            }
            // A line that YAML folds, or the indentation of a block.
            let blank = rest.chars().next().filter(|c| c.is_whitespace())?;
            if c == ' ' && blank == '\n' {
                break (at, 1);
            }
            at += blank.len_utf8();
        };
        at = start + length;
        let place = (u32::try_from(start).ok()?, u32::try_from(at).ok()?);
        places.extend(std::iter::repeat_n(place, c.len_utf8()));
    }
    Some(places)
}

/// What an escape stands for, and how long it is: `\n`, `\u0041`, `%7B`.
fn escaped(rest: &str) -> Option<(char, usize)> {
    let hex = |from: usize, to: usize| u32::from_str_radix(rest.get(from..to)?, 16).ok().and_then(char::from_u32);
    let mut chars = rest.chars();
    match (chars.next()?, chars.next()?) {
        ('%', _) => Some((hex(1, 3)?, 3)),
        ('+', _) => Some((' ', 1)),
        ('\\', 'n') => Some(('\n', 2)),
        ('\\', 't') => Some(('\t', 2)),
        ('\\', 'r') => Some(('\r', 2)),
        ('\\', 'u') => Some((hex(2, 6)?, 6)),
        ('\\', other @ ('"' | '\\' | '/')) => Some((other, 2)),
        _ => None,
    }
}

/// A policy as IAM's API gives it, encoded as in a URL.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html: "URL-encoded compliant with RFC 3986"
fn percent_decoded(text: &str) -> Option<String> {
    let is_encoded = text.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%7B"));
    if !is_encoded {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    // Characters beyond ASCII have several percent signs each, and no place of their own.
    String::from_utf8(bytes).ok()
}

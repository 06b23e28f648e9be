//! Indentation that YAML 1.2 asks for and PyYAML, and cfn-lint with it, does not: inside brackets and quotes.
//!
//! Such lines are read as if they were indented. Every place is that of the text as it stands.

use saphyr_parser::ScanError;

use super::Read;
use crate::{Entry, FileId, Finding, Node, Severity, Span, Value};

/// Deeper than any block that the reader reads.
const INDENT: usize = 4 * super::MAX_DEPTH;
/// What the reading may cost: the bytes read again.
const MOST_BYTES: usize = 16 << 20;

/// Whether the parser stopped because a line inside brackets or quotes is not indented.
pub(super) fn is_about_it(error: &ScanError) -> bool {
    matches!(
        error.info(),
        "invalid indentation" | "invalid indentation in quoted scalar" | "invalid indentation in flow construct"
    )
}

/// The text read with lines indented, from the offset on at which the strict reading stopped. `None`: it does not help.
pub(super) fn read(file: FileId, text: &str, stopped_at: usize) -> Option<(Option<Node>, Vec<Finding>)> {
    let mut indented: Vec<usize> = Vec::new();
    let mut at = stopped_at;
    let mut cost = 0;
    loop {
        let before = indented.len();
        indented.extend(lines(text, at));
        indented.sort_unstable();
        indented.dedup();
        let shifted = shift(text, &indented);
        cost += shifted.len();
        if indented.len() == before || cost > MOST_BYTES {
            return None;
        }
        let Read { node, findings, stopped_at } = super::read_strictly(file, &shifted);
        let Some(stopped) = stopped_at else {
            let back = Back { indented: &indented };
            let mut findings: Vec<_> = findings.into_iter().map(|finding| back.finding(finding)).collect();
            findings.extend(warnings(file, text, &indented));
            return node.map(|node| (Some(back.node(node)), findings));
        };
        at = back_to(&indented, stopped);
    }
}

/// The starts of the lines to indent: of a quoted text all but its first, inside brackets the one at hand.
fn lines(text: &str, at: usize) -> Vec<usize> {
    let rest = text.get(at..).unwrap_or_default();
    if !rest.starts_with(['"', '\'']) || text[..at].trim_end_matches(' ').ends_with('\n') {
        return vec![text[..at].rfind('\n').map_or(0, |end| end + 1)];
    }
    let end = at + quoted(rest);
    text[at..end].match_indices('\n').map(|(line, _)| at + line + 1).collect()
}

/// How long the quoted text is that a text begins with.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if bytes[0] == b'"' => at += 1,
            b'\'' if bytes[0] == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            _ if byte == bytes[0] => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn shift(text: &str, indented: &[usize]) -> String {
    let mut out = String::with_capacity(text.len() + indented.len() * INDENT);
    let mut from = 0;
    for &line in indented {
        out.push_str(&text[from..line]);
        out.extend(std::iter::repeat_n(' ', INDENT));
        from = line;
    }
    out.push_str(&text[from..]);
    out
}

/// An offset of the shifted text in the text as it stands.
fn back_to(indented: &[usize], offset: usize) -> usize {
    let mut shift = 0;
    for &line in indented {
        let start = line + shift;
        if offset < start {
            break;
        }
        if offset < start + INDENT {
            return line;
        }
        shift += INDENT;
    }
    offset - shift
}

struct Back<'a> {
    indented: &'a [usize],
}

impl Back<'_> {
    fn span(&self, span: Span) -> Span {
        let back = |offset: u32| u32::try_from(back_to(self.indented, offset as usize)).unwrap_or(offset);
        Span::new(span.file, back(span.start), back(span.end))
    }

    fn finding(&self, mut finding: Finding) -> Finding {
        finding.span = self.span(finding.span);
        finding
    }

    fn node(&self, node: Node) -> Node {
        let span = self.span(node.span);
        let value = match node.value {
            Value::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            Value::Map(entries) => {
                let entry = |entry: Entry| Entry {
                    key: entry.key,
                    key_span: self.span(entry.key_span),
                    value: self.node(entry.value),
                };
                Value::Map(entries.into_iter().map(entry).collect())
            }
            other => other,
        };
        Node::new(value, span)
    }
}

/// One for each run of lines.
fn warnings(file: FileId, text: &str, indented: &[usize]) -> Vec<Finding> {
    let follows = |line: usize| text[..line.saturating_sub(1)].rfind('\n').map_or(0, |end| end + 1);
    let first = |at: &usize| !indented.contains(&follows(indented[*at]));
    let warning = |at: usize| {
        let line = indented[at];
        let blank = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
        let length = text[line + blank..].chars().next().map_or(0, char::len_utf8);
        let place = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let span = Span::new(file, place(line + blank), place(line + blank + length));
        let message = "YAML 1.2 wants this line indented deeper than the key it belongs to; PyYAML and cfn-lint do not";
        Finding::new(Severity::Warning, "NOT_INDENTED", span, message).help("indent it")
    };
    (0..indented.len()).filter(first).map(warning).collect()
}

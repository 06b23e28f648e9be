//! What PyYAML reads, and cfn-lint with it, though YAML 1.2 forbids it: lines inside brackets and quotes that are not
//! indented, or that begin with a tab; comments without a space before them.
//!
//! Such a text is read as if the spaces were there. Every place is that of the text as it stands.

use saphyr_parser::ScanError;

use super::Read;
use crate::{Entry, FileId, Finding, Node, Severity, Span, Value};

/// Deeper than any block that the reader reads.
const INDENT: usize = 4 * super::MAX_DEPTH;
/// What the reading may cost: the bytes read again.
const MOST_BYTES: usize = 16 << 20;

/// Where the parser stopped for a lack of spaces.
#[derive(Clone, Copy)]
pub(super) struct Stopped {
    pub(super) at: usize,
    pub(super) lack: Lack,
}

/// What lacks spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lack {
    /// A line inside brackets.
    Line,
    /// The lines of a quoted text.
    Quoted,
    /// A line of a quoted text that begins with a tab.
    Tab,
    /// A comment.
    Comment,
}

/// What lacks spaces, if that is why the parser stopped.
pub(super) fn lack(error: &ScanError) -> Option<Lack> {
    Some(match error.info() {
        "invalid indentation" | "invalid indentation in flow construct" => Lack::Line,
        "invalid indentation in quoted scalar" => Lack::Quoted,
        "tab cannot be used as indentation" => Lack::Tab,
        "comments must be separated from other tokens by whitespace" => Lack::Comment,
        _ => return None,
    })
}

/// A place that spaces are missing at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    at: usize,
    lack: Lack,
}

impl Gap {
    const fn width(self) -> usize {
        match self.lack {
            Lack::Comment => 1,
            Lack::Line | Lack::Quoted | Lack::Tab => INDENT,
        }
    }
}

/// The text read with spaces put where the strict reading stopped. `None`: it does not help.
pub(super) fn read(file: FileId, text: &str, mut stopped: Stopped) -> Option<(Option<Node>, Vec<Finding>)> {
    let mut gaps: Vec<Gap> = Vec::new();
    let mut cost = 0;
    loop {
        let before = gaps.len();
        gaps.extend(missing(text, stopped));
        gaps.sort_unstable();
        gaps.dedup_by_key(|gap| gap.at);
        let shifted = shift(text, &gaps);
        cost += shifted.len();
        if gaps.len() == before || cost > MOST_BYTES {
            return None;
        }
        let Read { node, findings, stopped: next } = super::read_strictly(file, &shifted);
        let Some(next) = next else {
            let back = Back(&gaps);
            let mut findings: Vec<_> = findings.into_iter().map(|finding| back.finding(finding)).collect();
            findings.extend(warnings(file, text, &gaps));
            return node.map(|node| (Some(back.node(node)), findings));
        };
        stopped = Stopped { at: back_to(&gaps, next.at), ..next };
    }
}

/// Where spaces are missing: before a comment; in a quoted text in all lines but its first; else in the line at hand.
fn missing(text: &str, Stopped { at, lack }: Stopped) -> Vec<Gap> {
    let rest = text.get(at..).unwrap_or_default();
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let begins_line = text[line..at].bytes().all(|byte| byte == b' ');
    let gap = |at| Gap { at, lack };
    if lack == Lack::Comment {
        return vec![gap(at)];
    }
    if rest.starts_with(['"', '\'']) && (lack == Lack::Quoted || !begins_line) {
        let end = at + quoted(rest);
        return text[at..end].match_indices('\n').map(|(line, _)| gap(at + line + 1)).collect();
    }
    vec![gap(line)]
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

fn shift(text: &str, gaps: &[Gap]) -> String {
    let mut out = String::with_capacity(text.len() + gaps.iter().map(|gap| gap.width()).sum::<usize>());
    let mut from = 0;
    for gap in gaps {
        out.push_str(&text[from..gap.at]);
        out.extend(std::iter::repeat_n(' ', gap.width()));
        from = gap.at;
    }
    out.push_str(&text[from..]);
    out
}

/// An offset of the shifted text in the text as it stands.
fn back_to(gaps: &[Gap], offset: usize) -> usize {
    let mut shift = 0;
    for gap in gaps {
        let start = gap.at + shift;
        if offset < start {
            break;
        }
        if offset < start + gap.width() {
            return gap.at;
        }
        shift += gap.width();
    }
    offset - shift
}

struct Back<'a>(&'a [Gap]);

impl Back<'_> {
    fn span(&self, span: Span) -> Span {
        let back = |offset: u32| u32::try_from(back_to(self.0, offset as usize)).unwrap_or(offset);
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

/// One for each run of lines, and for each comment.
fn warnings(file: FileId, text: &str, gaps: &[Gap]) -> Vec<Finding> {
    let line_before = |line: usize| text[..line.saturating_sub(1)].rfind('\n').map_or(0, |end| end + 1);
    let goes_on =
        |gap: &Gap| gap.lack != Lack::Comment && gaps.binary_search_by_key(&line_before(gap.at), |one| one.at).is_ok();
    gaps.iter().filter(|gap| !goes_on(gap)).map(|gap| warning(file, text, *gap)).collect()
}

fn warning(file: FileId, text: &str, gap: Gap) -> Finding {
    let blank = text[gap.at..].len() - text[gap.at..].trim_start_matches([' ', '\t']).len();
    let length = text[gap.at + blank..].chars().next().map_or(0, char::len_utf8);
    let place = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let span = Span::new(file, place(gap.at + blank), place(gap.at + blank + length));
    let (code, message, help) = match gap.lack {
        Lack::Comment => (
            "NO_SPACE_BEFORE_COMMENT",
            "YAML 1.2 wants a space before this comment; PyYAML and cfn-lint do not",
            "put a space before the `#`",
        ),
        Lack::Tab => (
            "NOT_INDENTED",
            "YAML 1.2 wants this line indented with spaces; PyYAML and cfn-lint also take a tab",
            "indent it with spaces",
        ),
        Lack::Line | Lack::Quoted => (
            "NOT_INDENTED",
            "YAML 1.2 wants this line indented deeper than the key it belongs to; PyYAML and cfn-lint do not",
            "indent it",
        ),
    };
    Finding::new(Severity::Warning, code, span, message).help(help)
}

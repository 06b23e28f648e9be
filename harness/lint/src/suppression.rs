//! Findings that a comment in the file leaves out, with the reason: `# tagproof: ignore CODE because REASON`.
//!
//! A comment behind something is about its own line, one that stands by itself about the next line with something on it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use source::{FileId, Finding, Findings, Node, Source, Sources, Span, Value};

use crate::code::{self, Code};
use crate::selection;

const MARK: &str = "tagproof:";
const HELP: &str = "write `# tagproof: ignore CODE because REASON`";

/// What is left of findings, and how many were left out.
#[derive(Debug)]
pub struct Suppressed {
    /// Those that no comment leaves out, and what is wrong with the comments.
    pub findings: Vec<Finding>,
    /// How many there were besides.
    pub count: usize,
}

/// Leaves out what comments in texts of YAML say. JSON has no comments.
#[must_use]
pub fn suppress(sources: &Sources, findings: Vec<Finding>) -> Suppressed {
    let mut said = Findings::default();
    let mut ignored: HashMap<(FileId, u32, &str), (Span, bool)> = HashMap::new();
    for (file, source) in (0..).map(FileId).map_while(|file| Some((file, sources.get(file)?))) {
        for comment in comments(file, source) {
            for (code, span) in comment.codes(&mut said) {
                match ignored.entry((file, comment.about, code)) {
                    Entry::Vacant(place) => drop(place.insert((span, false))),
                    Entry::Occupied(_) => {
                        said.push(unused(span, format!("another comment leaves `{code}` out already")));
                    }
                }
            }
        }
    }
    let before = findings.len();
    let mut is_left = |finding: &Finding| {
        let file = finding.span.file;
        let line = sources.get(file).map_or(0, |source| source.place(finding.span.start).line);
        let ignore = ignored.get_mut(&(file, line, finding.code));
        ignore.map(|(_, is_used)| *is_used = true).is_none()
    };
    let mut left: Vec<_> = findings.into_iter().filter(|finding| is_left(finding)).collect();
    let count = before - left.len();
    for ((_, line, code), (span, _)) in ignored.iter().filter(|(_, (_, is_used))| !is_used) {
        said.push(unused(*span, format!("line {line} has no finding `{code}`")));
    }
    left.extend(said.into_vec());
    left.sort_by_key(|finding| (finding.span.file, finding.span.start, finding.severity));
    Suppressed { findings: left, count }
}

fn unused(span: Span, message: String) -> Finding {
    finding(&code::UNUSED_SUPPRESSION, span, message).help("remove it")
}

fn finding(code: &'static Code, span: Span, message: impl Into<String>) -> Finding {
    Finding::new(code.severity, code.name, span, message)
}

/// A comment to tagproof.
struct Comment<'t> {
    /// From its `#` to the end of the line.
    span: Span,
    /// What follows the mark, and where that begins.
    text: &'t str,
    start: usize,
    /// The line that it is about.
    about: u32,
}

impl<'t> Comment<'t> {
    /// The codes that it names, each with its place. Without a reason they do not count.
    fn codes(&self, said: &mut Findings) -> Vec<(&'t str, Span)> {
        let mut invalid = |span, message: &str| {
            said.push(finding(&code::INVALID_SUPPRESSION, span, message).help(HELP));
            Vec::new()
        };
        let Some(list) =
            self.text.trim_start().strip_prefix("ignore").filter(|rest| !rest.starts_with(char::is_alphanumeric))
        else {
            return invalid(self.span, "a comment to tagproof begins with `ignore`");
        };
        let (list, reason) = list.split_once("because").unwrap_or((list, ""));
        let mut at = self.start + self.text.find("ignore").unwrap_or_default() + "ignore".len();
        let is_between = |c: char| c == ',' || c.is_whitespace();
        let mut codes = Vec::new();
        for piece in list.split_inclusive(is_between) {
            let code = piece.trim_end_matches(is_between);
            codes.extend((!code.is_empty()).then(|| (code, place(self.span.file, at, at + code.len()))));
            at += piece.len();
        }
        if codes.is_empty() {
            return invalid(self.span, "this comment names no finding to leave out");
        }
        if reason.trim().is_empty() {
            return invalid(self.span, "this comment gives no reason, so it leaves nothing out");
        }
        codes.retain(|(code, span)| match selection::Selection::code(code) {
            Ok(_) => true,
            Err(message) => {
                said.push(finding(&code::INVALID_SUPPRESSION, *span, message));
                false
            }
        });
        codes
    }
}

/// The comments to tagproof in a text of YAML that can be read.
fn comments(file: FileId, source: &Source) -> Vec<Comment<'_>> {
    let text = source.text();
    if !text.contains(MARK) || crate::is_json(text) {
        return Vec::new();
    }
    let Some(tree) = crate::read(file, text).0 else { return Vec::new() };
    let mut scalars = Vec::new();
    collect(&tree, &mut scalars);
    scalars.sort_unstable();
    let is_inside = |at: usize| {
        let before = scalars.partition_point(|(start, _)| *start as usize <= at);
        before > 0 && scalars.get(before - 1).is_some_and(|(_, end)| at < *end as usize)
    };
    let mut lines: Vec<_> = (1..).zip(starts(text)).collect();
    // From the end, so that each line knows the next one with something on it.
    lines.reverse();
    let (mut next, mut found) = (0, Vec::new());
    for (number, (start, line)) in lines {
        let is_bare = line.trim_start().starts_with('#');
        if let Some((at, text)) = mark(line).filter(|(at, _)| !is_inside(start + at)) {
            found.push(Comment {
                span: place(file, start + at, start + line.len()),
                text,
                start: start + line.len() - text.len(),
                about: if is_bare { next } else { number },
            });
        }
        if !is_bare && !line.trim().is_empty() {
            next = number;
        }
    }
    found.reverse();
    found
}

/// Where a line's comment to tagproof begins, and what follows its mark.
fn mark(line: &str) -> Option<(usize, &str)> {
    line.match_indices('#').find_map(|(at, _)| {
        let is_comment = line[..at].chars().next_back().is_none_or(char::is_whitespace);
        let text = line[at + 1..].trim_start().strip_prefix(MARK).filter(|_| is_comment)?;
        Some((at, text))
    })
}

/// Each line with its place.
fn starts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

/// The places of keys and scalars, in which a `#` is no comment.
fn collect(node: &Node, scalars: &mut Vec<(u32, u32)>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(item, scalars)),
        Value::Map(entries) => {
            for entry in entries {
                scalars.push((entry.key_span.start, entry.key_span.end));
                collect(&entry.value, scalars);
            }
        }
        _ => scalars.push((node.span.start, node.span.end)),
    }
}

fn place(file: FileId, start: usize, end: usize) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(file, at(start), at(end))
}

//! Texts in YAML or JSON, CloudFormation's short tags included, to trees.
//!
//! What was written stays as it was written: `2010-09-09`, `012345678901`, `on` and `yes` are text. Only `true` and
//! `false` are Booleans, only what JSON calls a number is a number, and a number keeps its digits.
//! A short tag becomes its long form: `!GetAtt A.Arn` reads as `{"Fn::GetAtt": ["A", "Arn"]}`.

mod anchor;
mod error;
mod place;
mod pyyaml;
mod tag;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use crate::json;
use crate::{Entry, FileId, Finding, Findings, Node, Span, Value, escaped};
use place::Places;

/// Bounds: a text from anywhere must not exhaust the stack or the memory.
const MAX_BYTES: usize = 64 << 20;
const MAX_DEPTH: usize = json::MAX_DEPTH;

/// Reads a text; gives what could be read and everything there is to say.
///
/// A text that is not YAML at all gives no tree. A text of several documents gives the first. An empty text gives
/// [`Value::Null`].
#[must_use]
pub fn read(file: FileId, text: &str) -> (Option<Node>, Vec<Finding>) {
    if let Some(finding) = refuse(file, text) {
        return (None, vec![finding]);
    }
    match text.trim_start_matches('\u{feff}').trim_start().strip_prefix(['{', '[']) {
        Some(rest) => read_brackets(file, text, rest),
        None => read_yaml(file, text),
    }
}

/// A text that begins with a bracket: JSON if it is JSON, since YAML forbids some of that (surrogate pairs, tabs, keys
/// over 1,024 characters); else YAML. If it is neither, the reason is told for what it was meant to be.
fn read_brackets(file: FileId, text: &str, rest: &str) -> (Option<Node>, Vec<Finding>) {
    let (json, said) = json::read(file, text);
    if json.is_some() && said.iter().all(|finding| !matches!(finding.code, "JSON_SYNTAX" | json::NUL)) {
        return (json, said);
    }
    let (yaml, findings) = read_yaml(file, text);
    let meant_as_json = rest.trim_start().starts_with(['"', '{', '[']);
    if yaml.is_none() && meant_as_json { (json, said) } else { (yaml, findings) }
}

/// As YAML 1.2 has it, and where that fails for a lack of spaces alone, as PyYAML and cfn-lint read it.
fn read_yaml(file: FileId, text: &str) -> (Option<Node>, Vec<Finding>) {
    let first = read_strictly(file, text);
    match first.stopped {
        Some(stopped) => pyyaml::read(file, text, stopped).unwrap_or((first.node, first.findings)),
        None => (first.node, first.findings),
    }
}

/// A text read as YAML 1.2 has it.
struct Read {
    node: Option<Node>,
    findings: Vec<Finding>,
    /// Where the reading stopped, if only spaces are missing there.
    stopped: Option<pyyaml::Stopped>,
}

fn read_strictly(file: FileId, text: &str) -> Read {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        places: Places::new(file, text),
        findings: Findings::default(),
        anchors: anchor::Anchors::default(),
        stopped: None,
    };
    let node = reader.document().ok();
    Read { node, findings: reader.findings.into_vec(), stopped: reader.stopped }
}

/// What no reader should even begin with.
fn refuse(file: FileId, text: &str) -> Option<Finding> {
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes, and {MAX_BYTES} are the most that is read", text.len());
        return Some(Finding::error("TEXT_TOO_LARGE", Span::new(file, 0, 0), message));
    }
    let at = text.find('\0')? as u32;
    Some(
        Finding::error("UNPRINTABLE_CHARACTER", Span::new(file, at, at + 1), "NUL character in the text")
            .help("save the file as UTF-8 text"),
    )
}

/// The rest of the text cannot be read; the finding is recorded.
struct Stop;

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    places: Places<'t>,
    findings: Findings,
    anchors: anchor::Anchors,
    stopped: Option<pyyaml::Stopped>,
}

type Next<'t> = (Event<'t>, saphyr_parser::Span);

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Node, Stop> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if root.is_some() => {
                    let span = self.places.span(span);
                    self.report(
                        Finding::error("SEVERAL_DOCUMENTS", span, "a second document starts here")
                            .help("keep one document in a file: take this `---` and what follows it out"),
                    );
                    break;
                }
                Event::DocumentStart(_) => {
                    let next = self.next()?;
                    root = Some(self.node(next, 0)?);
                }
                _ => return Err(Stop),
            }
        }
        Ok(root.unwrap_or_else(|| Node::new(Value::Null, self.places.at(0, 0))))
    }

    fn next(&mut self) -> Result<Next<'t>, Stop> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(scan)) => {
                let at = self.places.byte(scan.marker().index());
                self.stopped = pyyaml::lack(&scan).map(|lack| pyyaml::Stopped { at, lack });
                let finding = error::finding(&scan, &self.places);
                self.report(finding);
                Err(Stop)
            }
            None => Err(Stop),
        }
    }

    fn node(&mut self, (event, span): Next<'t>, depth: usize) -> Result<Node, Stop> {
        if depth > MAX_DEPTH {
            let span = self.places.span(span);
            let message = format!("nested more than {MAX_DEPTH} deep");
            self.report(Finding::error("TOO_DEEP", span, message));
            return Err(Stop);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, tag.as_deref(), span);
                Ok(self.anchors.keep(anchor, node))
            }
            Event::SequenceStart(anchor, tag) => {
                let (tag_span, start) = self.places.content(span, tag.is_some());
                let (items, end) = self.items(start, depth)?;
                let inner = Node::new(Value::List(items), start.to(end));
                let node = self.tagged(inner, tag.as_deref(), tag_span);
                Ok(self.anchors.keep(anchor, node))
            }
            Event::MappingStart(anchor, tag) => {
                let (tag_span, start) = self.places.content(span, tag.is_some());
                let (entries, end) = self.entries(start, depth)?;
                let inner = Node::new(Value::Map(entries), start.to(end));
                let node = self.tagged(inner, tag.as_deref(), tag_span);
                Ok(self.anchors.keep(anchor, node))
            }
            Event::Alias(anchor) => {
                let span = self.places.span(span);
                let (node, finding) = self.anchors.alias(anchor, span, depth);
                self.report(finding);
                node.ok_or(Stop)
            }
            _ => Err(Stop),
        }
    }

    /// The items up to the end of the sequence, and where that end is.
    fn items(&mut self, start: Span, depth: usize) -> Result<(Vec<Node>, Span), Stop> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let next = self.next()?;
            if let Event::SequenceEnd = next.0 {
                let last = items.last().map_or(start, |item| item.span);
                return Ok((items, self.places.end(next.1, last)));
            }
            items.push(self.node(next, depth + 1)?);
        }
    }

    /// The entries up to the end of the mapping, and where that end is.
    fn entries(&mut self, start: Span, depth: usize) -> Result<(Vec<Entry>, Span), Stop> {
        let mut entries = Vec::new();
        // Where each key stands.
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut merged = Vec::new();
        let mut last = start;
        loop {
            let next = self.next()?;
            if let Event::MappingEnd = next.0 {
                // Own entries count before those that are merged, wherever `<<` stands.
                merged.iter().for_each(|from| anchor::merge(&mut entries, &mut seen, from));
                return Ok((entries, self.places.end(next.1, last)));
            }
            let key = self.key(next, depth)?;
            let next = self.next()?;
            let value = self.node(next, depth + 1)?;
            last = value.span;
            let Some((key, key_span)) = key else { continue };
            if key == "<<" && self.places.text(key_span) == "<<" {
                self.report(anchor::merge_finding(key_span, &value));
                merged.push(value);
                continue;
            }
            let message = format!("duplicate key `{}`", shown(&key));
            let entry = Entry { key, key_span, value };
            match seen.get(&entry.key) {
                None => {
                    seen.insert(entry.key.clone(), entries.len());
                    entries.push(entry);
                }
                Some(&known) => {
                    // Who goes on in spite of this takes the last one, as most readers do.
                    entries[known] = entry;
                    self.report(Finding::error("DUPLICATE_KEY", key_span, message).help("keep one of the two"));
                }
            }
        }
    }

    /// A key as it was written; `None` if it is none that can be used, which is recorded.
    fn key(&mut self, (event, span): Next<'t>, depth: usize) -> Result<Option<(String, Span)>, Stop> {
        let place = self.places.span(span);
        let refused = match event {
            Event::Scalar(text, style, _, tag)
                if tag.as_deref().is_none_or(tag::is_text) && (style != ScalarStyle::Plain || !text.is_empty()) =>
            {
                return Ok(Some((text.into_owned(), self.places.scalar(span, style))));
            }
            other => {
                self.node((other, span), depth + 1)?;
                Finding::error("KEY_NOT_TEXT", place, "a key must be text").help("quote it")
            }
        };
        self.report(refused);
        Ok(None)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: saphyr_parser::Span) -> Node {
        let (tag_span, _) = self.places.content(span, tag.is_some());
        let inner = Node::new(plain(text, style), self.places.scalar(span, style));
        self.tagged(inner, tag, tag_span)
    }

    fn tagged(&mut self, inner: Node, tag: Option<&Tag>, span: Span) -> Node {
        let Some(tag) = tag else { return inner };
        let (node, finding) = tag::apply(tag, inner, span, &self.places);
        if let Some(finding) = finding {
            self.report(finding);
        }
        node
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// What YAML takes a text without quotes for.
pub(crate) fn plain_value(text: &str) -> Value {
    plain(text, ScalarStyle::Plain)
}

/// A scalar's value, before its tag has a say.
fn plain(text: &str, style: ScalarStyle) -> Value {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Null,
        (ScalarStyle::Plain, "true") => Value::Bool(true),
        (ScalarStyle::Plain, "false") => Value::Bool(false),
        (ScalarStyle::Plain, text) if is_number(text) => Value::Number(text.to_owned()),
        (_, text) => Value::String(text.to_owned()),
    }
}

/// Whether JSON would call it a number: no leading zeros, no leading plus.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

/// A user's text for a message: what is hidden is spelt out, and what is long is cut.
fn shown(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", escaped(&text[..end])),
        None => escaped(text).into_owned(),
    }
}

//! The parser's places, counted in characters, turned into spans of bytes.

use saphyr_parser::ScalarStyle;

use crate::{FileId, Span};

/// Every how many characters a byte offset is kept.
const STEP: usize = 64;

pub(super) struct Places<'t> {
    file: FileId,
    text: &'t str,
    /// Byte offset of every [`STEP`]th character; empty where bytes and characters are the same.
    steps: Vec<u32>,
}

impl<'t> Places<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let steps = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(at, _)| at as u32).collect()
        };
        Self { file, text, steps }
    }

    /// The span of a range of bytes, kept inside the text.
    pub(super) fn at(&self, start: usize, end: usize) -> Span {
        let end = end.min(self.text.len());
        Span::new(self.file, start.min(end) as u32, end as u32)
    }

    /// The text of a span.
    pub(super) fn text(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// How many bytes the character at an offset has; 0 at the end.
    pub(super) fn first_character(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    }

    /// The byte offset of a character.
    pub(super) fn byte(&self, character: usize) -> usize {
        if self.steps.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&start) = self.steps.get(character / STEP) else { return self.text.len() };
        let rest = &self.text[start as usize..];
        rest.char_indices().nth(character % STEP).map_or(self.text.len(), |(at, _)| start as usize + at)
    }

    pub(super) fn span(&self, span: saphyr_parser::Span) -> Span {
        self.at(self.byte(span.start.index()), self.byte(span.end.index()))
    }

    /// Where a node's tag stands, and where the node itself begins: its properties and comments skipped.
    pub(super) fn content(&self, span: saphyr_parser::Span, tagged: bool) -> (Span, Span) {
        let whole = self.span(span);
        let text = self.text(whole);
        let (tag, start) = properties(text);
        let start = whole.start as usize + start;
        let tag_span = match tag {
            Some((from, to)) if tagged => self.at(whole.start as usize + from, whole.start as usize + to),
            _ => whole,
        };
        (tag_span, self.at(start, whole.end as usize))
    }

    /// The span of a scalar without its tag, and without what the parser read past its end.
    pub(super) fn scalar(&self, span: saphyr_parser::Span, style: ScalarStyle) -> Span {
        let whole = self.span(span);
        let text = self.text(whole);
        let (start, length) = match style {
            ScalarStyle::Plain => plain(text),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let (_, start) = properties(text);
                (start, quoted(&text[start..]))
            }
            // A block's span begins with its content, or with its tag.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = if text.starts_with(['!', '&']) { properties(text).1 } else { 0 };
                (start, text[start..].trim_end().len())
            }
        };
        let start = whole.start as usize + start;
        self.at(start, start + length)
    }

    /// Where a collection ends: at its bracket, or with its last part.
    pub(super) fn end(&self, span: saphyr_parser::Span, last: Span) -> Span {
        let span = self.span(span);
        if span.start == span.end { last } else { span }
    }
}

/// A plain scalar has no quotes to go by: the parser's span is right, but for properties before it and for a value
/// that is missing, whose span is that of the next token.
fn plain(text: &str) -> (usize, usize) {
    if text.starts_with(['!', '&']) {
        let start = properties(text).1;
        return (start, text.len() - start);
    }
    if text.starts_with([',', '}', ']', ':']) && text.len() == 1 {
        return (0, 0);
    }
    (0, text.len())
}

/// Where the tag stands (if there is one), and the offset of the first byte after tag, anchor, comments and blanks.
fn properties(text: &str) -> (Option<(usize, usize)>, usize) {
    let mut at = 0;
    let mut tag = None;
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        at += blank;
        let rest = &text[at..];
        let word = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
        match rest.bytes().next() {
            Some(b'#') => at += rest.find('\n').unwrap_or(rest.len()),
            Some(b'&') => at += word,
            Some(b'!') if tag.is_none() => {
                // In `[!Ref, x]` the tag ends with the comma.
                let word = rest[..word].find([',', ']', '}', '[', '{']).unwrap_or(word);
                tag = Some((at, at + word));
                at += word;
            }
            _ => return (tag, at),
        }
    }
}

/// The length of the quoted scalar that a text begins with, its quotes included.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let Some(&quote) = bytes.first() else { return 0 };
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            _ if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

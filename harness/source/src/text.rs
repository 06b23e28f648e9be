//! The texts themselves, and byte offsets turned into lines and columns.

use std::ops::Range;

use crate::{FileId, Span};

/// One text with the name it is shown under (a path as the user gave it, or `<policy>` for one that came in a call).
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Byte offset at which each line starts.
    lines: Vec<u32>,
    /// How many characters stand before each block of bytes; empty where bytes and characters are the same.
    blocks: Vec<u32>,
}

/// Bytes of a block: so many at most are gone through for the place of something in a line of megabytes.
const BLOCK: usize = 1024;

/// A line and a column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Source {
    /// Takes a text over.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let starts = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self { name: name.into(), blocks: blocks(&text), text, lines }
    }

    /// The name shown in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the lines that a range of bytes is on, without the end of the last line.
    #[must_use]
    pub fn lines(&self, range: &Range<usize>) -> Range<usize> {
        let next = |offset: usize| self.lines.partition_point(|&start| start as usize <= offset);
        let end = self.lines.get(next(range.end)).map_or(self.text.len(), |&start| start as usize - 1);
        self.lines[next(range.start) - 1] as usize..end
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn place(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|&start| start as usize <= offset);
        let start = self.lines[line - 1] as usize;
        let column = self.characters(offset) - self.characters(start) + 1;
        Position { line: line as u32, column: column as u32 }
    }

    /// How many characters stand before a byte offset; before one past the end, all.
    #[must_use]
    pub fn characters(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        match self.blocks.get(offset / BLOCK) {
            Some(before) => *before as usize + starts(&self.text.as_bytes()[offset / BLOCK * BLOCK..offset]),
            None => offset,
        }
    }
}

fn blocks(text: &str) -> Vec<u32> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut before = 0;
    // One more than there are, for the end of a text that fills its last one.
    let blocks = text.as_bytes().chunks(BLOCK).map(starts).chain([0]);
    blocks
        .map(|more| {
            before += more;
            (before - more) as u32
        })
        .collect()
}

/// How many characters start in some bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// The text of a file: in UTF-8, or in UTF-16 if a byte order mark tells. The mark stays.
///
/// # Errors
/// It is in neither: where that is, and what to do.
///
/// ```
/// assert_eq!(source::utf8(b"\xff\xfea\0".to_vec()).unwrap(), "\u{feff}a");
/// assert_eq!(source::utf8(b"a\nb\xff".to_vec()).unwrap_err(), "it is not UTF-8 at line 2, column 2; save it as UTF-8");
/// ```
pub fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    let (units, odd) = bytes.as_chunks::<2>();
    let utf16 = match units.first() {
        Some([0xff, 0xfe]) => Some(decoded(units, u16::from_le_bytes)),
        Some([0xfe, 0xff]) => Some(decoded(units, u16::from_be_bytes)),
        _ => None,
    };
    if let Some(text) = utf16 {
        let text = text.filter(|_| odd.is_empty());
        return text.ok_or_else(|| "it starts as UTF-16 and is not; save it as UTF-8".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let before = Source::new("", String::from_utf8_lossy(&error.as_bytes()[..end]));
        let place = before.place(end as u32);
        format!("it is not UTF-8 at line {}, column {}; save it as UTF-8", place.line, place.column)
    })
}

fn decoded(units: &[[u8; 2]], unit: fn([u8; 2]) -> u16) -> Option<String> {
    char::decode_utf16(units.iter().map(|bytes| unit(*bytes))).collect::<Result<_, _>>().ok()
}

/// All texts of one run, so that a [`Span`] alone says where something stands.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// No texts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and names it from now on.
    pub fn add(&mut self, source: Source) -> FileId {
        self.0.push(source);
        FileId(self.0.len() as u32 - 1)
    }

    /// The text behind an id; `None` for an id of another collection.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.0.get(file.0 as usize)
    }

    /// `name:line:column` of where a span starts.
    #[must_use]
    pub fn locate(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(source) => {
                let Position { line, column } = source.place(span.start);
                format!("{}:{line}:{column}", source.name())
            }
            None => "<unknown>".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let source = Source::new("t", "a\näö x\n");
        let at = |offset| {
            let place = source.place(offset);
            (place.line, place.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (2, 1));
        assert_eq!(at(6), (2, 3));
        assert_eq!(at(3), (2, 1), "inside a character is that character");
        assert_eq!(at(999), (3, 1), "past the end is the end");
    }

    #[test]
    fn the_lines_of_a_range_are_whole_and_end_before_their_end() {
        let source = Source::new("t", "a\nbc\n\nd");
        for (range, expected) in [
            (0..0, "a"),
            (0..1, "a"),
            (1..2, "a\nbc"),
            (3..3, "bc"),
            (3..5, "bc\n"),
            (5..5, ""),
            (4..7, "bc\n\nd"),
            (7..7, "d"),
        ] {
            assert_eq!(&source.text()[source.lines(&range)], expected, "{range:?}");
        }
    }

    #[test]
    fn characters_are_counted_the_same_in_every_block() {
        for text in ["é".repeat(BLOCK), "aö\n€".repeat(3 * BLOCK), "a".repeat(2 * BLOCK), String::new()] {
            let source = Source::new("t", text.as_str());
            for (count, (at, _)) in text.char_indices().chain([(text.len(), ' ')]).enumerate() {
                assert_eq!(source.characters(at), count, "{at}");
            }
            assert_eq!(source.characters(usize::MAX), text.chars().count());
        }
    }
}

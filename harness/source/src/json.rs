//! JSON, strictly as RFC 8259 has it, with the place of everything.
//!
//! Small and our own: AWS refuses what is not strict JSON, every node needs its place, and a number must stay the text
//! it was written as. Whatever does not hide the structure (a bad escape, a key given twice, a trailing comma) is
//! said and read on from; the first thing that does hide it ends the reading.

mod string;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::{Entry, FileId, Finding, Findings, Node, Span, Value, escaped};

/// Lists and mappings may stand this deep inside each other.
pub const MAX_DEPTH: usize = 64;
/// The code of an escaped NUL: other readers take one.
pub const NUL: &str = "JSON_NUL";
/// Characters of the user's in a message.
const LONGEST_SHOWN: usize = 200;

/// Reads a text; gives what could be read and everything there is to say. `None` if the structure cannot be made out.
#[must_use]
pub fn read(file: FileId, text: &str) -> (Option<Node>, Vec<Finding>) {
    let mut reader = Reader { file, text, bytes: text.as_bytes(), at: 0, findings: Findings::default() };
    let node = reader.document();
    if let Err(finding) = node {
        reader.findings.push(finding);
        return (None, reader.findings.into_vec());
    }
    (node.ok(), reader.findings.into_vec())
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    findings: Findings,
}

/// An `Err` is what ended the reading.
type Read<T> = Result<T, Finding>;

impl Reader<'_> {
    fn document(&mut self) -> Read<Node> {
        if u32::try_from(self.text.len()).is_err() {
            return Err(Finding::error("JSON_TOO_LARGE", self.span(0, 0), "the text is larger than 4 GiB"));
        }
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
            self.say("JSON_SYNTAX", 0, "the text starts with a byte order mark", "save it as UTF-8 without one");
        }
        let node = self.value(0)?;
        self.space();
        if self.at < self.bytes.len() {
            let end = self.text.trim_end_matches([' ', '\t', '\n', '\r']).len();
            let finding =
                Finding::error("JSON_SYNTAX", self.span(self.at, end), "text after the end of the JSON value");
            return Err(finding.help("one text holds one value; is a bracket closed too early?"));
        }
        Ok(node)
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        self.space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(_) => self.word()?,
            None => return Err(self.ended("a JSON value")),
        };
        Ok(Node::new(value, self.span(start, self.at)))
    }

    fn map(&mut self, depth: usize) -> Read<Value> {
        self.deepen(depth)?;
        let mut entries = Vec::new();
        while self.more(b'}', entries.is_empty())? {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = self.span(start, self.at);
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("`:`"));
            }
            self.at += 1;
            entries.push(Entry { key, key_span, value: self.value(depth + 1)? });
        }
        self.duplicates(&entries);
        Ok(Value::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Read<Value> {
        self.deepen(depth)?;
        let mut items = Vec::new();
        while self.more(b']', items.is_empty())? {
            items.push(self.value(depth + 1)?);
        }
        Ok(Value::List(items))
    }

    /// Steps over an opening bracket, if one more level may be opened.
    fn deepen(&mut self, depth: usize) -> Read<()> {
        if depth >= MAX_DEPTH {
            let message = format!("lists and mappings are nested more than {MAX_DEPTH} deep");
            return Err(Finding::error("JSON_TOO_DEEP", self.span(self.at, self.at + 1), message));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether another member follows; steps over the comma before it, or over the closing bracket.
    fn more(&mut self, close: u8, first: bool) -> Read<bool> {
        self.space();
        let comma = self.at;
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                return Ok(false);
            }
            Some(b',') if !first => {
                self.at += 1;
                self.space();
            }
            Some(_) if first => return Ok(true),
            Some(_) => return Err(self.unexpected(&format!("`,` or `{}`", char::from(close)))),
            None => return Err(self.ended(&format!("`{}`", char::from(close)))),
        }
        if self.peek() == Some(close) {
            self.findings.push(
                Finding::error("JSON_SYNTAX", self.span(comma, comma + 1), "trailing comma").help("remove the comma"),
            );
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    fn number(&mut self) -> Read<String> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if is_number(text) {
            return Ok(text.to_owned());
        }
        let message = format!("`{}` is not a number in JSON", shown(text));
        let finding = Finding::error("JSON_SYNTAX", self.span(start, self.at), message);
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        Err(if digits { finding.help("put it in quotes to keep its leading zero") } else { finding })
    }

    fn word(&mut self) -> Read<Value> {
        let start = self.at;
        let length =
            self.text[start..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.text.len() - start);
        let word = &self.text[start..start + length];
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => return Err(self.unexpected("a JSON value")),
        };
        self.at += length;
        Ok(value)
    }

    fn duplicates(&mut self, entries: &[Entry]) {
        let mut seen = HashSet::with_capacity(entries.len());
        for entry in entries {
            if !seen.insert(entry.key.as_str()) {
                let message = format!("duplicate key `{}`", shown(&entry.key));
                self.findings.push(Finding::error("DUPLICATE_KEY", entry.key_span, message).help("keep one of them"));
            }
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32, end as u32)
    }

    /// Notes something from `start` up to here that does not end the reading.
    fn say(&mut self, code: &'static str, start: usize, message: impl Into<String>, help: &str) {
        let finding = Finding::error(code, self.span(start, self.at), message).help(help);
        self.findings.push(finding);
    }

    fn ended(&self, wanted: &str) -> Finding {
        let message = format!("expected {wanted}, but the text ends");
        Finding::error("JSON_SYNTAX", self.span(self.bytes.len(), self.bytes.len()), message)
    }

    fn unexpected(&self, wanted: &str) -> Finding {
        let rest = &self.text[self.at..];
        let Some(found) = rest.chars().next() else { return self.ended(wanted) };
        let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()).max(found.len_utf8());
        let word: String = rest[..length].chars().take(40).collect();
        let message = format!("expected {wanted}, found `{}`", shown(&word));
        let finding = Finding::error("JSON_SYNTAX", self.span(self.at, self.at + word.len()), message);
        match (word.as_str(), found) {
            ("True" | "False" | "None" | "NULL" | "TRUE" | "FALSE", _) => {
                finding.help("JSON has `true`, `false` and `null`")
            }
            (_, '\'') => finding.help("JSON has double quotes only"),
            (_, '/' | '#') => finding.help("JSON has no comments"),
            (_, c) if c.is_alphabetic() => finding.help("put text in double quotes"),
            _ => finding,
        }
    }
}

/// Text of the user's in a message: what is hidden is spelt out, and what is long is cut.
fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", escaped(&text[..end])),
        None => escaped(text).into_owned(),
    }
}

/// `-? (0 | 1-9 …) (. digits)? (e ±? digits)?`
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(before, after)| (before, Some(after)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(before, after)| (before, Some(after)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

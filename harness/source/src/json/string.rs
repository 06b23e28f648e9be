//! JSON strings: escapes, surrogates, control characters.

use super::{NUL, Read, Reader};

impl Reader<'_> {
    /// Reads a string, the cursor on its opening quote.
    pub(super) fn string(&mut self) -> Read<String> {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            text.push_str(&self.text[start..self.at]);
            let here = self.at;
            match self.peek() {
                None => {
                    let mut finding = self.ended("a closing `\"`");
                    finding.span = self.span(open, self.bytes.len());
                    return Err(finding);
                }
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(control) => {
                    self.at += 1;
                    let message = format!("unescaped control character (U+{control:04X}) in a string");
                    self.say("JSON_SYNTAX", here, message, "write it as an escape such as `\\n`");
                    text.push(char::from(control));
                }
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.text[self.at..].chars().next() else { return Err(self.ended("the rest of an escape")) };
        self.at += letter.len_utf8();
        Ok(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode(start),
            _ => {
                let message =
                    format!("`\\{}` is not an escape in JSON", crate::escaped(letter.encode_utf8(&mut [0; 4])));
                self.say("JSON_SYNTAX", start, message, "a backslash itself is written `\\\\`");
                letter
            }
        })
    }

    /// What stands after `\u`, and after the `\u` of a second surrogate.
    fn unicode(&mut self, start: usize) -> char {
        let Some(unit) = self.hex() else {
            self.say("JSON_SYNTAX", start, "`\\u` without four hexadecimal digits", "write it as in `\\u00e9`");
            return char::REPLACEMENT_CHARACTER;
        };
        match unit {
            0 => self.say(NUL, start, "NUL character in a string", "remove it"),
            0xd800..=0xdfff => return self.surrogate(unit, start),
            _ => {}
        }
        char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn surrogate(&mut self, high: u32, start: usize) -> char {
        let after = self.at;
        if high < 0xdc00 && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            match self.hex() {
                Some(low @ 0xdc00..=0xdfff) => {
                    let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                }
                _ => self.at = after,
            }
        }
        self.say("JSON_SYNTAX", start, "half a surrogate pair", "write both halves, or the character itself");
        char::REPLACEMENT_CHARACTER
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let unit = digits.iter().fold(0, |unit, &digit| unit * 16 + char::from(digit).to_digit(16).unwrap_or(0));
        self.at += 4;
        Some(unit)
    }
}

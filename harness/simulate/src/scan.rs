//! A line of JSON, read once from front to end without a tree.
//!
//! It knows what JSON looks like well enough to find its way; `None` is a line that is not JSON, and
//! [`source::json`] says what is wrong with it.

use std::borrow::Cow;

/// The text and how much of it has been read.
pub(crate) struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Whether there are control characters anywhere, which strings may not have. Most texts have none, and to look at
    /// all of it at once is quicker than at one string after the other.
    has_control: bool,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let has_control = text.bytes().fold(false, |found, byte| found | (byte < b' '));
        Self { text, at: 0, has_control }
    }

    /// Bytes from the start.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(crate) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// An object; `member` is called at each value, and reads it. It also gets the place of the key.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>, usize) -> Option<()>,
    ) -> Option<()> {
        self.several(b'{', b'}', |scan| {
            let at = scan.at;
            let key = scan.string()?;
            scan.space();
            scan.expect(b':')?;
            scan.space();
            member(scan, key, at)
        })
    }

    /// A list; `item` is called at each item, and reads it.
    pub(crate) fn list(&mut self, item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.several(b'[', b']', item)
    }

    /// A string, its escapes resolved.
    pub(crate) fn string(&mut self) -> Option<Cow<'a, str>> {
        let (raw, is_plain) = self.raw_string()?;
        if is_plain {
            return Some(Cow::Borrowed(&raw[1..raw.len() - 1]));
        }
        let text: String = serde_json::from_str(raw).ok()?;
        // What our reader refuses as well.
        (!text.contains('\0')).then_some(Cow::Owned(text))
    }

    /// A value of any kind, unread. Brackets and quotes are paired; its reader sees to the rest.
    pub(crate) fn raw(&mut self) -> Option<&'a str> {
        let start = self.at;
        match self.peek()? {
            b'"' => return self.raw_string().map(|(raw, _)| raw),
            b'{' | b'[' => self.brackets()?,
            _ => {
                let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
                let rest = &self.text.as_bytes()[start..];
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
            }
        }
        (self.at > start).then(|| &self.text[start..self.at])
    }

    /// That nothing but space is left.
    pub(crate) fn end(&mut self) -> Option<()> {
        self.space();
        (self.at == self.text.len()).then_some(())
    }

    pub(crate) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn several(&mut self, open: u8, close: u8, mut one: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.space();
        self.expect(open)?;
        self.space();
        if self.expect(close).is_some() {
            return Some(());
        }
        loop {
            self.space();
            one(self)?;
            self.space();
            if self.expect(close).is_some() {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// A string with its quotes, unread, and whether it has no escapes.
    fn raw_string(&mut self) -> Option<(&'a str, bool)> {
        let start = self.at;
        self.expect(b'"')?;
        let mut is_plain = true;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let length = quote_or_backslash(rest)?;
            if self.has_control && rest[..length].iter().any(|&byte| byte < b' ') {
                return None;
            }
            self.at += length + 1;
            if rest[length] == b'"' {
                return Some((&self.text[start..self.at], is_plain));
            }
            self.at += 1;
            is_plain = false;
        }
    }

    fn brackets(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.raw_string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// Where the first of them is. Most strings are short, and for those this is quicker than what is made for long texts.
fn quote_or_backslash(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// The eighth bit of each byte that is zero. A borrow can set it in later bytes as well, so that only the first counts.
    const fn zeros(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & (0x80 * ONES)
    }
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ (b'"' as u64 * ONES)) | zeros(word ^ (b'\\' as u64 * ONES));
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\'))?;
    Some(words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_quote_or_backslash_is_found_wherever_it_is() {
        for length in 0..40 {
            for at in 0..length {
                for (one, after) in [(b'"', b'\\'), (b'\\', b'"'), (b'"', b'#'), (b'\\', b']')] {
                    let mut text = vec![b'!'; length];
                    text[at..].fill(after);
                    text[at] = one;
                    assert_eq!(quote_or_backslash(&text), Some(at), "{text:?}");
                }
            }
            assert_eq!(quote_or_backslash(&vec![0xa2; length]), None);
        }
    }

    #[test]
    fn strings_are_read_with_their_escapes() {
        for (written, expected) in [
            (r#""""#, Some("")),
            (r#""a b""#, Some("a b")),
            (r#""\"\\\/\u00e9\ud83d\ude00é""#, Some("\"\\/é😀é")),
            (r#""a"#, None),
            (r#""a\"#, None),
            (r#""a\é""#, None),
            (r#""\ud800""#, None),
            (r#""\u0000""#, None),
            ("\"\t\"", None),
            ("a", None),
        ] {
            assert_eq!(Scan::new(written).string().as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn values_end_where_they_end() {
        for (written, expected) in [
            ("12, 3", Some("12")),
            ("true}", Some("true")),
            (r#"{"a}": [{"b\"]": []}]}, x"#, Some(r#"{"a}": [{"b\"]": []}]}"#)),
            (r#""a","b""#, Some(r#""a""#)),
            (r#"{"a": [}"#, None),
            (r#"{"a"#, None),
            (",", None),
            ("", None),
        ] {
            assert_eq!(Scan::new(written).raw(), expected, "{written}");
        }
    }
}

//! Text from outside, made safe to show.

use std::borrow::Cow;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// A text in which nothing is hidden, for one line: control characters, line breaks, marks that turn or hide what stands
/// around them, and spaces that are not the usual one are written as JSON escapes them. All else stays as it is, so that
/// JSON stays the same value.
///
/// ```
/// assert_eq!(source::escaped("ok\n\u{1b}[31m\u{202e}ko ü"), r"ok\n\u001b[31m\u202eko ü");
/// ```
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    but(text, |_, _| false)
}

/// The same for a text of several lines: line breaks and tabs stay.
#[must_use]
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    but(text, |c, after| matches!(c, '\n' | '\t') || c == '\r' && after.starts_with('\n'))
}

/// `stays` is asked of what is hidden, with the text behind it.
fn but(text: &str, stays: impl Fn(char, &str) -> bool) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut done = 0;
    for (at, c) in text.char_indices().filter(|&(_, c)| is_hidden(c)) {
        let after = at + c.len_utf8();
        if !stays(c, &text[after..]) {
            shown.push_str(&text[done..at]);
            escape(c, &mut shown);
            done = after;
        }
    }
    if done == 0 { Cow::Borrowed(text) } else { Cow::Owned(shown + &text[done..]) }
}

/// Unicode's own properties, www.unicode.org/reports/tr44/: what is no character to be seen at its place. Signs that no version
/// of Unicode has yet are seen as such.
fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let is_of = matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::SpaceSeparator
    );
    is_of || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// RFC 8259, section 7: a character beyond 16 bits has two escapes.
fn escape(c: char, shown: &mut String) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| shown.push_str(&format!("\\u{unit:04x}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_spelt_out() {
        for (text, shown) in [
            ("a ✓ b · ü é e\u{301} 日本 ∅", "a ✓ b · ü é e\u{301} 日本 ∅"),
            ("\u{0}\u{7}\u{1b}\u{7f}", r"\u0000\u0007\u001b\u007f"),
            ("\u{80}\u{9b}31m\u{9f}\u{85}", r"\u0080\u009b31m\u009f\u0085"),
            ("a\r\n\tb", r"a\r\n\tb"),
            ("\u{202a}\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}", r"\u202a\u202e\u2066\u2069\u200e\u200f\u061c"),
            ("\u{200b}\u{200d}\u{2060}\u{feff}\u{ad}", r"\u200b\u200d\u2060\ufeff\u00ad"),
            ("\u{34f}\u{115f}\u{3164}\u{180b}\u{fe0f}\u{ffa0}", r"\u034f\u115f\u3164\u180b\ufe0f\uffa0"),
            ("\u{2028}\u{2029}\u{a0}\u{2003}\u{3000}", r"\u2028\u2029\u00a0\u2003\u3000"),
            ("\u{e0041}\u{e0101}", r"\udb40\udc41\udb40\udd01"),
        ] {
            assert_eq!(escaped(text), shown, "{text:?}");
        }
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(escaped_lines("a\r\n\tb\u{b}\rc\n"), "a\r\n\tb\\u000b\\rc\n");
        assert!(matches!(escaped_lines("a\n\tb ✓"), Cow::Borrowed(_)));
    }
}

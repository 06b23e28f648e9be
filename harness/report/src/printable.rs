//! Text from outside, made harmless for a terminal.

use std::borrow::Cow;

/// The text with control characters spelt out: `\u{1b}`. A tag value or a file must not steer the reader's terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let spell = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(spell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_spelt_out() {
        assert_eq!(printable("a ✓ b"), "a ✓ b");
        assert_eq!(printable("a\u{1b}[31m\r\nb"), r"a\u{1b}[31m\r\nb");
    }
}

//! Other people's text in our sentences.

use std::borrow::Cow;

/// Longer text is cut; a message is not the place for it.
const LONGEST: usize = 200;
/// What a trace shows of one text, in bytes: an ARN has no more. It may stand there very often.
pub(crate) const LONGEST_SHOWN: usize = 2 << 10;

/// Text that came from outside, safe to show in a sentence: what is hidden in it is spelt out, and what is long is cut.
#[must_use]
pub fn plain(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", source::escaped(&text[..end])),
        None => source::escaped(text).into_owned(),
    }
}

/// The same in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(&text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The start of a text that is longer than a trace shows.
pub(crate) fn start(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_SHOWN {
        return Cow::Borrowed(text);
    }
    let end = (0..=LONGEST_SHOWN).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mislead_is_escaped() {
        assert_eq!(plain("ok\n\u{1b}[31m\u{202e}ko ü"), r"ok\n\u001b[31m\u202eko ü");
        assert_eq!(quoted(r#"a "b" \"#), r#""a \"b\" \\""#);
        assert_eq!(plain(&"x".repeat(300)).chars().count(), LONGEST + 1);
    }
}

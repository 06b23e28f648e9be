//! Other people's text in our sentences.

use std::borrow::Cow;

/// Longer text is cut; a message is not the place for it.
const LONGEST: usize = 200;
/// What a trace shows of one text, in bytes: an ARN has no more. It may stand there very often.
pub(crate) const LONGEST_SHOWN: usize = 2 << 10;

/// Text that came from outside, safe to show: control characters, and those that turn or hide what stands around them,
/// are escaped.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == LONGEST {
            shown.push('…');
            break;
        }
        if is_hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
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

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mislead_is_escaped() {
        assert_eq!(plain("ok\n\u{1b}[31m\u{202e}ko ü"), "ok\\u{a}\\u{1b}[31m\\u{202e}ko ü");
        assert_eq!(quoted(r#"a "b" \"#), r#""a \"b\" \\""#);
        assert_eq!(plain(&"x".repeat(300)).chars().count(), LONGEST + 1);
    }
}

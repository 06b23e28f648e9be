//! How wide a text may be, and whether it is coloured.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use source::{escaped, escaped_lines};

use crate::mark;

/// What a text is laid out for. Its printer knows the terminal; nothing here asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    text: usize,
    line: usize,
    colour: bool,
}

/// What a colour begins with, before numbers and `m`.
const STYLE: &str = "\u{1b}[";
/// Folded text is indented by six columns at most.
const INDENT: usize = 6;
/// What a terminal is taken to have at least: narrower columns of words help nobody.
const NARROWEST: usize = 40;

impl Page {
    /// A file or a pipe: reasons are folded at a fixed width; tables and all other lines are as long as they are.
    pub const FILE: Self = Self { text: 110, line: usize::MAX, colour: false };

    /// A terminal of so many columns.
    #[must_use]
    pub const fn new(columns: usize) -> Self {
        let columns = if columns < NARROWEST { NARROWEST } else { columns };
        Self { text: columns - INDENT, line: columns, colour: false }
    }

    /// The same with colours, or without.
    #[must_use]
    pub const fn coloured(self, colour: bool) -> Self {
        Self { colour, ..self }
    }

    /// A text for this page, with nothing hidden in it: of what is not to be seen, line breaks, tabs and the page's own colours
    /// are left.
    #[must_use]
    pub fn shown(self, text: &str) -> Cow<'_, str> {
        if !self.colour || !text.contains(STYLE) {
            return escaped_lines(text);
        }
        let mut parts = text.split(STYLE);
        let mut shown = escaped_lines(parts.next().unwrap_or_default()).into_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').filter(|&end| part[end..].starts_with('m'));
            let (style, rest) = part.split_at(end.map_or(0, |end| end + 1));
            shown.push_str(&if style.is_empty() { escaped(STYLE) } else { STYLE.into() });
            shown.push_str(style);
            shown.push_str(&escaped_lines(rest));
        }
        Cow::Owned(shown)
    }

    /// The columns of folded text without its indentation.
    pub(crate) const fn text(self) -> usize {
        self.text
    }

    /// The columns of a line.
    pub(crate) const fn line(self) -> usize {
        self.line
    }

    /// Whether lines may be as long as they are.
    pub(crate) const fn is_wide(self) -> bool {
        self.line == usize::MAX
    }

    /// Whether there are colours.
    pub(crate) const fn colour(self) -> bool {
        self.colour
    }

    /// A heading, or the first word of a line.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// What went well.
    pub(crate) fn good(self, text: &str) -> String {
        self.paint(colour(AnsiColor::Green), text)
    }

    /// What did not.
    pub(crate) fn bad(self, text: &str) -> String {
        self.paint(colour(AnsiColor::Red).bold(), text)
    }

    /// Marks in their colours; all other characters as they are.
    pub(crate) fn marks(self, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let painted = |c: char| match mark::colour(c) {
            Some(style) => self.paint(style, c.encode_utf8(&mut [0; 4])),
            None => c.to_string(),
        };
        text.chars().map(painted).collect()
    }

    /// The mark that a line begins with in its colour.
    pub(crate) fn lead(self, line: &str) -> String {
        let indent = line.len() - line.trim_start().len();
        let (lead, rest) = line.split_at(line[indent..].find(' ').map_or(indent, |end| indent + end));
        match lead.trim_start().chars().count() {
            1 => format!("{}{rest}", self.marks(lead)),
            _ => line.to_owned(),
        }
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

pub(crate) const fn colour(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(colour)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_is_hidden_a_page_has_its_colours_alone() {
        let text = "\u{1b}[1m\u{1b}[31mred\u{1b}[0m\n\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}\u{9b}31m\u{1b}[";
        let hidden = r"\u001b[2J\u001b]0;title\u0007\u202e\u009b31m\u001b[";
        let coloured = Page::FILE.coloured(true);
        assert_eq!(coloured.shown(text), format!("\u{1b}[1m\u{1b}[31mred\u{1b}[0m\n{hidden}"));
        assert_eq!(Page::FILE.shown(text), format!(r"\u001b[1m\u001b[31mred\u001b[0m{}", "\n") + hidden);
        assert_eq!(coloured.bold("a"), coloured.shown(&coloured.bold("a")));
    }
}

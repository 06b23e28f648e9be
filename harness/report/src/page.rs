//! How wide a text may be, and whether it is coloured.

use anstyle::{AnsiColor, Style};

use crate::mark;

/// What a text is laid out for. Whoever prints it knows the terminal; nothing here asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    text: usize,
    line: usize,
    colour: bool,
}

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

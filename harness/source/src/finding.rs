//! What there is to say about a text.

use crate::{Edit, Span};

/// How bad a finding is. Only [`Severity::Error`] stops a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot be used.
    Error,
    /// It can be used and grants more than it seems to.
    SecurityWarning,
    /// It can be used and surely does not do what it seems to.
    Warning,
    /// It could be better.
    Suggestion,
}

/// One thing to say, with its place and the mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name, in the form IAM Access Analyzer uses: `UNKNOWN_OPERATOR`.
    pub code: &'static str,
    /// What is wrong: one line, lower-case, user's text in backticks, no full stop.
    pub message: String,
    /// The place.
    pub span: Span,
    /// The name of what it is about, as the text has it, where others have to name it again: a parameter, an export.
    pub about: Option<Box<str>>,
    /// What to do about it, if there is something to say.
    pub help: Option<String>,
    /// The page that says so.
    pub see: Option<Box<str>>,
    /// The rewrite, if there is one that is surely right.
    pub edit: Option<Box<Edit>>,
}

/// How many names are few enough to be listed.
const FEW: usize = 12;

impl Finding {
    /// An error at a place.
    #[must_use]
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A finding at a place.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), span, about: None, help: None, see: None, edit: None }
    }

    /// The same with the name of what it is about.
    #[must_use]
    pub fn about(mut self, name: impl Into<Box<str>>) -> Self {
        self.about = Some(name.into());
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with `did you mean …?`, if a known name is near `written`.
    #[must_use]
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match suggest(written, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The same; if no name is near, with all that there are, unless they are many.
    #[must_use]
    pub fn suggest_among<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        match (suggest(written, known.iter().copied()), &known[..]) {
            (Some(name), _) => self.help(format!("did you mean `{name}`?")),
            (None, [only]) => self.help(format!("there is `{only}`")),
            (None, [first, ..]) if known.len() <= FEW => {
                let more: String = known[1..].iter().map(|name| format!(", `{name}`")).collect();
                self.help(format!("there are `{first}`{more}"))
            }
            _ => self,
        }
    }

    /// The same with the page that says so.
    #[must_use]
    pub fn see(mut self, page: impl Into<Box<str>>) -> Self {
        self.see = Some(page.into());
        self
    }

    /// Whether it stops a run.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// How many letters of one text are not in the other, of whichever has more: they are at least as far apart, and this is known at
/// once.
fn letters_apart(lower: &str, name: &str) -> usize {
    let mut counts = [0_i32; 128];
    lower.chars().for_each(|c| counts[c as usize % 128] += 1);
    name.chars().for_each(|c| counts[c.to_ascii_lowercase() as usize % 128] -= 1);
    let more = |sign: i32| counts.iter().map(|count| (count * sign).max(0) as usize).sum::<usize>();
    more(1).max(more(-1))
}

/// The known name nearest to what was written, if one is near enough to be meant.
///
/// ```
/// assert_eq!(source::suggest("StringEqauls", ["StringLike", "StringEquals"]), Some("StringEquals"));
/// assert_eq!(source::suggest("Quux", ["StringLike", "StringEquals"]), None);
/// ```
#[must_use]
pub fn suggest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // No name is that long, and the comparison takes time and memory in proportion to the length.
    if written.len() > 128 {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    let length = lower.chars().count();
    known
        .into_iter()
        // Two texts are at least as far apart as their lengths; without this, long ones would take long.
        .filter(|name| length.abs_diff(name.chars().count()) <= 1 + length.min(name.chars().count()) / 4)
        .filter(|name| letters_apart(&lower, name) <= 1 + length.min(name.chars().count()) / 4)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_ascii_lowercase()), name))
        .filter(|&(distance, name)| distance <= 1 + name.chars().count().min(lower.chars().count()) / 4)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

//! What is wrong with a question.

use source::Finding;

/// Faults told of a question; a line of a megabyte can have a hundred thousand.
pub(crate) const MOST_FAULTS: usize = 100;

/// As many faults as are told, with a word on the rest.
pub(crate) fn bounded(mut faults: Vec<Fault>) -> Vec<Fault> {
    if faults.len() > MOST_FAULTS + 1 {
        faults.truncate(MOST_FAULTS);
        faults.push(Fault::more());
    }
    faults
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What, in one line.
    pub message: String,
    /// Where: bytes from the start of the line.
    pub at: Option<usize>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Fault {
    /// One without a place in a text.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None, help: None }
    }

    pub(crate) fn more() -> Self {
        Self::new("there is more wrong with the line than this")
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(crate) fn at(self, at: usize) -> Self {
        Self { at: Some(at), ..self }
    }

    /// A finding about a text that stands `offset` bytes into the line.
    pub(crate) fn found(finding: Finding, offset: usize) -> Self {
        let at = Some(offset + finding.span.start as usize);
        Self { message: finding.message, at, help: finding.help }
    }

    /// The same with `did you mean …?`, or with what there is.
    pub(crate) fn suggest(self, written: &str, known: &[&str]) -> Self {
        match source::suggest(written, known.iter().copied()) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self.help(format!("there are {}", known.join(", "))),
        }
    }
}

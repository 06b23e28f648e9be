//! What there is to know beside a decision.

/// Something to know beside a decision, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// What it is about.
    pub about: NoteAbout,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteAbout {
    /// The question, or a policy that was given with it.
    Question,
    /// A policy of the template from which the question is asked: most of its names have nothing to do with the question.
    Template,
}

impl From<String> for Note {
    fn from(text: String) -> Self {
        Self { text, about: NoteAbout::Question }
    }
}

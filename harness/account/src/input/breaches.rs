//! What is wrong with the members of an input, gathered.

use std::fmt::Display;

use crate::fault::Fault;

/// What is wrong with the members of an input, as the service's model has it: AWS tells all of it in one `ValidationError`.
#[derive(Debug, Default)]
pub struct Breaches {
    sentences: Vec<String>,
    /// Members about which something has been said.
    members: Vec<String>,
    shows_values: bool,
}

impl Breaches {
    /// Whose sentences show the value that breaks a constraint, as STS's do.
    #[must_use]
    pub fn showing_values() -> Self {
        Self { shows_values: true, ..Self::default() }
    }

    /// `value` at `member` must hold `holds`, else `constraint` is told: `Member must have length …`. Of a member that is
    /// missing nothing more is told.
    pub fn check(&mut self, holds: bool, value: impl Display, member: &str, constraint: impl Display) {
        if holds || self.members.iter().any(|known| known == member) {
            return;
        }
        let value = if self.shows_values { format!(" '{value}'") } else { String::new() };
        self.sentences.push(format!("Value{value} at '{member}' failed to satisfy constraint: {constraint}"));
    }

    /// Something about a member, with no value to show.
    pub fn add(&mut self, member: &str, constraint: impl Display) {
        self.sentences.push(format!("Value at '{member}' failed to satisfy constraint: {constraint}"));
        self.members.push(member.to_owned());
    }

    /// Something about the whole input.
    pub fn add_sentence(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    /// Whether something was told of a member.
    #[must_use]
    pub fn has(&self, member: &str) -> bool {
        self.members.iter().any(|known| known == member)
    }

    /// A text whose length has bounds, in characters.
    pub fn length(&mut self, text: &str, member: &str, least: usize, most: usize) {
        let length = text.chars().count();
        let at = |word, bound| format!("Member must have length {word} than or equal to {bound}");
        self.check(length >= least, text, member, at("greater", least));
        self.check(length <= most, text, member, at("less", most));
    }

    /// A text that has to fit a pattern; whether it does is told by `fits`.
    pub fn pattern(&mut self, text: &str, member: &str, pattern: &str, fits: bool) {
        self.check(fits, text, member, format_args!("Member must satisfy regular expression pattern: {pattern}"));
    }

    /// A number with bounds.
    pub fn range(&mut self, number: Option<i64>, member: &str, least: i64, most: i64) {
        let Some(number) = number else { return };
        let at = |word, bound| format!("Member must have value {word} than or equal to {bound}");
        self.check(number >= least, number, member, at("greater", least));
        self.check(number <= most, number, member, at("less", most));
    }

    /// A member that must be there: gives it, or the empty text and a breach.
    pub fn required(&mut self, text: Option<String>, member: &str) -> String {
        if text.is_none() {
            let value = if self.shows_values { " null" } else { "" };
            let sentence = format!("Value{value} at '{member}' failed to satisfy constraint: Member must not be null");
            self.sentences.push(sentence);
            self.members.push(member.to_owned());
        }
        text.unwrap_or_default()
    }

    /// Ends the reading: what was read counts only if nothing was told.
    ///
    /// # Errors
    /// `ValidationError`, with everything at once.
    pub fn finish(self) -> Result<(), Fault> {
        let number = self.sentences.len();
        let errors = if number == 1 { "error" } else { "errors" };
        match number {
            0 => Ok(()),
            _ => {
                let message = format!("{number} validation {errors} detected: {}", self.sentences.join("; "));
                Err(Fault::new(400, "ValidationError", message))
            }
        }
    }
}

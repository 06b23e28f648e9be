//! Answers, a line each.

use std::io::{BufRead, IsTerminal, Read, stdin};

use crate::output;

/// Where answers come from: a terminal, or a pipe.
pub(super) struct Answers {
    is_terminal: bool,
}

/// No answer is longer.
const LONGEST: u64 = 4096;

impl Answers {
    pub(super) fn of_stdin() -> Self {
        Self { is_terminal: stdin().is_terminal() }
    }

    /// Asks until there is an answer. None: no answer comes, or `q`.
    pub(super) fn ask<T>(&mut self, question: &str, read: impl Fn(&str) -> Option<T>) -> anyhow::Result<Option<T>> {
        loop {
            output::data(&format!("\n{question} "))?;
            let Some(line) = self.line()? else { return Ok(None) };
            if matches!(line.as_str(), "q" | "Q" | "quit") {
                return Ok(None);
            }
            match read(&line) {
                Some(answer) => return Ok(Some(answer)),
                None => output::data("That is no answer.\n")?,
            }
        }
    }

    /// The next line; None at the end. What a pipe says is shown, as a terminal shows what is typed.
    fn line(&mut self) -> anyhow::Result<Option<String>> {
        let mut bytes = Vec::new();
        stdin().lock().take(LONGEST).read_until(b'\n', &mut bytes)?;
        let line = String::from_utf8_lossy(&bytes).trim().to_owned();
        let is_end = bytes.is_empty();
        if !self.is_terminal || is_end {
            output::data(&format!("{}\n", policy::plain(&line)))?;
        }
        Ok((!is_end).then_some(line))
    }
}

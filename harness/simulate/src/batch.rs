//! A stream of questions, answered in order on every core.

use std::io::{self, Read, Write};
use std::ops::AddAssign;

use serde_json::Value;

use crate::answer::write_error;
use crate::fault::bounded;
use crate::line::LineContent;
use crate::stream::{LONGEST_LINE, Shares, stream};
use crate::{Details, Fault, Simulator, line};

/// What a worker gets at a time: thousands of questions.
const CHUNK: usize = 256 << 10;

/// How a stream is answered.
pub struct Settings<'a> {
    /// Whether answers have their traces.
    pub trace: bool,
    /// What is known of an account.
    pub details: Option<&'a Details>,
    /// How many answer side by side.
    pub workers: usize,
}

/// What became of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines, without blank ones.
    pub lines: u64,
    /// Those of them that could not be answered.
    pub bad: u64,
}

impl AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.bad += other.bad;
    }
}

/// Answers each line of `input` with a line of `output`, in order. Blank lines have no answer.
///
/// # Errors
/// The input cannot be read, or the output cannot be written.
pub fn batch(input: impl Read, output: impl Write + Send, settings: &Settings<'_>) -> io::Result<Summary> {
    let shares = Shares { workers: settings.workers, chunk: CHUNK };
    stream(input, output, shares, || {
        let mut simulator = Simulator::new(settings.details);
        move |line: &[u8], number: u64, out: &mut Vec<u8>| {
            let was_answered = simulator.answer(line, number, settings.trace, out);
            Summary { lines: 1, bad: u64::from(!was_answered) }
        }
    })
}

/// Answers a line by what `answer` says of its text, which also gets whether all of the line is readable: the line's id as
/// JSON, and the answer or what is wrong. Whether it could be answered.
pub fn answer_line<'l>(
    line: &'l [u8],
    number: u64,
    out: &mut Vec<u8>,
    answer: impl FnOnce(&'l str, Result<(), Vec<Fault>>) -> (&'l str, Result<Value, Vec<Fault>>),
) -> bool {
    let text = readable(line);
    let is_readable = unreadable(line, text).map_or(Ok(()), |fault| Err(vec![fault]));
    let (id, answered) = answer(text, is_readable);
    let start = out.len();
    match &answered {
        Ok(json) => out.extend_from_slice(format!("{{\"id\":{id},{}\n", &json.to_string()[1..]).as_bytes()),
        Err(faults) => write_error(id, number, text, &bounded(faults.clone()), out),
    }
    show(out, start);
    answered.is_ok()
}

/// Escapes what is hidden in an answer: its texts are those of the question.
pub(crate) fn show(out: &mut Vec<u8>, start: usize) {
    if out[start..].is_ascii() && !out[start..].contains(&0x7f) {
        return;
    }
    let shown = String::from_utf8_lossy(&out[start..]).into_owned();
    out.truncate(start);
    out.extend_from_slice(source::escaped_lines(&shown).as_bytes());
}

/// As much of a line as is UTF-8.
pub(crate) fn readable(line: &[u8]) -> &str {
    match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// That a line is too long, or more than what of it is readable.
pub(crate) fn unreadable(line: &[u8], readable: &str) -> Option<Fault> {
    match () {
        () if line.len() > LONGEST_LINE => Some(Fault::new(format!("the line has more than {LONGEST_LINE} bytes"))),
        () if readable.len() < line.len() => Some(Fault::new("the line is not UTF-8").at(readable.len())),
        () => None,
    }
}

impl Simulator<'_> {
    /// Answers a line of JSON, without its end, with a line of JSON; `number` is its place, for what is wrong with it.
    /// Whether it could be answered.
    pub fn answer(&mut self, line: &[u8], number: u64, traced: bool, out: &mut Vec<u8>) -> bool {
        let text = readable(line);
        let start = out.len();
        let line::Read { id, content } = line::read(text, &mut self.cache);
        let content = unreadable(line, text).map_or(content, |fault| Err(vec![fault]));
        let written = match content {
            Ok(LineContent::Question(question, places)) => {
                self.ask_at(question, &places, traced).map(|answer| answer.write(id, out))
            }
            Ok(LineContent::Call(call, places)) => {
                self.call_at(&call, &places, traced).map(|answer| answer.write(id, traced, out))
            }
            Err(faults) => Err(faults),
        };
        if let Err(faults) = &written {
            write_error(id, number, text, faults, out);
        }
        show(out, start);
        written.is_ok()
    }
}

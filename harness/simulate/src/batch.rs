//! A stream of questions, answered in order on every core.
//!
//! The reader cuts the input into chunks of whole lines and deals them out to the workers in turn; the writer collects
//! the answers in the same turn. Every channel has a bound, so that no more than a few chunks are held at once, however
//! long the stream.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use memchr::{memchr, memrchr};

use crate::answer::write_error;
use crate::line::LineContent;
use crate::{Details, Fault, Simulator, line};

/// No line may be longer.
pub const LONGEST_LINE: usize = 1 << 20;
/// What is read at once, if so much is there.
const CHUNK: usize = 256 << 10;
/// Chunks that wait for a worker, and for the writer.
const WAITING: usize = 2;

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

/// Answers each line of `input` with a line of `output`, in order. Blank lines have no answer.
///
/// # Errors
/// The input cannot be read, or the output cannot be written.
pub fn batch(input: impl Read, output: impl Write + Send, settings: &Settings<'_>) -> io::Result<Summary> {
    thread::scope(|scope| {
        let (spare, spares) = channel();
        let (mut to_workers, mut from_workers) = (Vec::new(), Vec::new());
        for _ in 0..settings.workers.max(1) {
            let (to_worker, chunks) = sync_channel(WAITING);
            let (to_writer, answers) = sync_channel(WAITING);
            to_workers.push(to_worker);
            from_workers.push(answers);
            let spare = spare.clone();
            scope.spawn(move || work(settings, &chunks, &to_writer, &spare));
        }
        let writer = scope.spawn(|| write(output, from_workers));
        let read = deal(input, &spares, &to_workers);
        // The workers end with their input, and the writer with theirs.
        drop(to_workers);
        let written = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and_then(|summary| read.map(|()| summary))
    })
}

/// Whole lines, the last perhaps without its end.
struct Chunk {
    /// The number of the first, from 1.
    first: u64,
    /// A buffer that comes back to be used again. To fill it with zeros each time took longer than to read into it.
    buffer: Vec<u8>,
    /// How much of the buffer is the lines.
    length: usize,
}

/// The answers to a chunk.
struct Answers {
    text: Vec<u8>,
    summary: Summary,
}

/// Reads until the input ends, or until nobody takes what is read any more.
fn deal(mut input: impl Read, spares: &Receiver<Vec<u8>>, workers: &[SyncSender<Chunk>]) -> io::Result<()> {
    let mut turns = workers.iter().cycle();
    let mut first = 1;
    let mut rest = Vec::new();
    // Of a line that is too long the start stands for the whole.
    let mut skipping = false;
    loop {
        let mut buffer = spares.try_recv().unwrap_or_default();
        let had = rest.len();
        if buffer.len() < had + CHUNK {
            buffer.resize(had + CHUNK, 0);
        }
        buffer[..had].copy_from_slice(&rest);
        let read = read_once(&mut input, &mut buffer[had..had + CHUNK])?;
        let mut filled = had + read;
        if skipping {
            let end = memchr(b'\n', &buffer[had..filled]);
            skipping = end.is_none() && read > 0;
            let skipped = end.unwrap_or(read);
            buffer.copy_within(had + skipped..filled, had);
            filled -= skipped;
        }
        let length = match memrchr(b'\n', &buffer[had..filled]) {
            Some(end) => had + end + 1,
            None if read == 0 => filled,
            None => 0,
        };
        rest.clear();
        rest.extend_from_slice(&buffer[length..filled]);
        if rest.len() > LONGEST_LINE {
            rest.truncate(LONGEST_LINE + 1);
            skipping = true;
        }
        if length > 0 {
            let lines = memchr::memchr_iter(b'\n', &buffer[..length]).count() as u64;
            let Some(worker) = turns.next() else { return Ok(()) };
            if worker.send(Chunk { first, buffer, length }).is_err() {
                return Ok(());
            }
            first += lines;
        }
        if read == 0 {
            return Ok(());
        }
    }
}

fn read_once(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Answers chunks until there are no more, or nobody wants the answers.
fn work(settings: &Settings<'_>, chunks: &Receiver<Chunk>, writer: &SyncSender<Answers>, spare: &Sender<Vec<u8>>) {
    let mut simulator = Simulator::new(settings.details);
    for chunk in chunks {
        let mut answers = Answers { text: Vec::with_capacity(chunk.length / 4), summary: Summary::default() };
        for (number, line) in (chunk.first..).zip(lines(&chunk.buffer[..chunk.length])) {
            answers.summary.lines += 1;
            if line.trim_ascii().is_empty() {
                answers.summary.lines -= 1;
            } else if !simulator.answer(line, number, settings.trace, &mut answers.text) {
                answers.summary.bad += 1;
            }
        }
        // The reader may have ended already.
        let _ = spare.send(chunk.buffer);
        if writer.send(answers).is_err() {
            return;
        }
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', rest);
        let (line, after) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + 1..]));
        rest = after;
        Some(line)
    })
}

/// Takes the answers in the order in which the chunks were dealt out.
fn write(mut output: impl Write, workers: Vec<Receiver<Answers>>) -> io::Result<Summary> {
    let mut total = Summary::default();
    for worker in workers.iter().cycle() {
        let Ok(answers) = worker.recv() else { break };
        output.write_all(&answers.text)?;
        // A program that sends a line and waits for its answer must get it.
        output.flush()?;
        total.lines += answers.summary.lines;
        total.bad += answers.summary.bad;
    }
    Ok(total)
}

/// Escapes what is hidden in an answer: its texts are those of the question.
fn show(out: &mut Vec<u8>, start: usize) {
    if out[start..].is_ascii() && !out[start..].contains(&0x7f) {
        return;
    }
    let shown = String::from_utf8_lossy(&out[start..]).into_owned();
    out.truncate(start);
    out.extend_from_slice(source::escaped_lines(&shown).as_bytes());
}

impl Simulator<'_> {
    /// Answers a line of JSON, without its end, with a line of JSON; `number` is its place, for what is wrong with it.
    /// Whether it could be answered.
    pub fn answer(&mut self, line: &[u8], number: u64, traced: bool, out: &mut Vec<u8>) -> bool {
        let text = match std::str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default(),
        };
        let start = out.len();
        let line::Read { id, content } = line::read(text, &mut self.cache);
        let content = match content {
            _ if line.len() > LONGEST_LINE => {
                Err(vec![Fault::new(format!("the line has more than {LONGEST_LINE} bytes"))])
            }
            _ if text.len() < line.len() => Err(vec![Fault::new("the line is not UTF-8").at(text.len())]),
            content => content,
        };
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

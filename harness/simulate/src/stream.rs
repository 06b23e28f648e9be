//! A stream of lines, answered in order on every core.
//!
//! The reader cuts the input into chunks of whole lines and deals them out to the workers in turn; the writer collects
//! the answers in the same turn. Every channel has a bound, so that no more than a few chunks are held at once, however
//! long the stream.

use std::io::{self, Read, Write};
use std::ops::AddAssign;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use memchr::{memchr, memrchr};

/// No line may be longer. Of one that is, so many bytes and one more are given to be answered.
pub const LONGEST_LINE: usize = 1 << 20;
/// Chunks that wait for a worker, and for the writer.
const WAITING: usize = 2;

/// How a stream is shared out.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    /// How many answer side by side.
    pub workers: usize,
    /// Bytes of what one gets at a time, if so much is there: few where a line takes long.
    pub chunk: usize,
}

/// Answers each line of `input` with a line of `output`, in order. Blank lines have no answer.
///
/// Each worker makes what answers for it: that gets a line without its end, the line's number from 1, and where to write the
/// answer with its end. What it says of each is added up.
///
/// # Errors
/// The input cannot be read, or the output cannot be written.
pub fn stream<S, A>(
    input: impl Read,
    output: impl Write + Send,
    shares: Shares,
    answers: impl Fn() -> A + Sync,
) -> io::Result<S>
where
    S: Default + AddAssign + Send,
    A: FnMut(&[u8], u64, &mut Vec<u8>) -> S,
{
    thread::scope(|scope| {
        let (spare, spares) = channel();
        let (mut to_workers, mut from_workers) = (Vec::new(), Vec::new());
        for _ in 0..shares.workers.max(1) {
            let (to_worker, chunks) = sync_channel(WAITING);
            let (to_writer, answered) = sync_channel(WAITING);
            to_workers.push(to_worker);
            from_workers.push(answered);
            let (spare, answers) = (spare.clone(), &answers);
            scope.spawn(move || work(answers(), &chunks, &to_writer, &spare));
        }
        let writer = scope.spawn(|| write(output, from_workers));
        let read = deal(input, shares.chunk.max(1), &spares, &to_workers);
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
struct Answers<S> {
    text: Vec<u8>,
    summary: S,
}

/// Reads until the input ends, or until nobody takes what is read any more.
fn deal(
    mut input: impl Read,
    chunk: usize,
    spares: &Receiver<Vec<u8>>,
    workers: &[SyncSender<Chunk>],
) -> io::Result<()> {
    let mut turns = workers.iter().cycle();
    let mut first = 1;
    let mut rest = Vec::new();
    // Of a line that is too long the start stands for the whole.
    let mut skipping = false;
    loop {
        let mut buffer = spares.try_recv().unwrap_or_default();
        let had = rest.len();
        if buffer.len() < had + chunk {
            buffer.resize(had + chunk, 0);
        }
        buffer[..had].copy_from_slice(&rest);
        let read = read_once(&mut input, &mut buffer[had..had + chunk])?;
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
fn work<S: Default + AddAssign>(
    mut answer: impl FnMut(&[u8], u64, &mut Vec<u8>) -> S,
    chunks: &Receiver<Chunk>,
    writer: &SyncSender<Answers<S>>,
    spare: &Sender<Vec<u8>>,
) {
    for chunk in chunks {
        let mut answers = Answers { text: Vec::with_capacity(chunk.length / 4), summary: S::default() };
        for (number, line) in (chunk.first..).zip(lines(&chunk.buffer[..chunk.length])) {
            if !line.trim_ascii().is_empty() {
                answers.summary += answer(line, number, &mut answers.text);
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
fn write<S: Default + AddAssign>(mut output: impl Write, workers: Vec<Receiver<Answers<S>>>) -> io::Result<S> {
    let mut total = S::default();
    for worker in workers.iter().cycle() {
        let Ok(answers) = worker.recv() else { break };
        output.write_all(&answers.text)?;
        // A program that sends a line and waits for its answer must get it.
        output.flush()?;
        total += answers.summary;
    }
    Ok(total)
}

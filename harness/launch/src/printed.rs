//! What a container prints, as it comes: kept within bounds, and on its way to the log.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::output::Output;

/// How long a line may wait for others before it is on its way. (Docker's `awslogs` driver takes five seconds.)
const EVERY: Duration = Duration::from_secs(1);
/// A line is broken after so many bytes, as Docker's `awslogs` driver does, after the most that an event may have.
const LINE_BYTES: usize = 262_118;
/// How much of what comes between two times is logged.
const BATCH_BYTES: usize = 256 * 1024;
const BATCH_LINES: usize = 2_000;
/// How much of a container's output is logged at all.
const LOG_BYTES: usize = 16 * 1024 * 1024;

/// Lines of a container on their way to its log, each with its time in milliseconds since 1970.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) container: String,
    pub(crate) lines: Vec<(i64, String)>,
}

/// Where a container's output comes from, piece by piece; nothing of it is lost when the wait for one is given up.
pub(crate) trait Source {
    /// The next piece; `None` at the end.
    async fn next(&mut self, buffer: &mut Vec<u8>) -> Option<()>;
}

/// What a container has printed so far.
pub(crate) struct Printed {
    container: String,
    output: Output,
    log: mpsc::Sender<Batch>,
    begun: Vec<u8>,
    lines: Vec<(i64, String)>,
    bytes: usize,
    logged: usize,
    left_out: bool,
    /// The rest of a line of which the beginning was left out.
    skips: bool,
    due: Option<Instant>,
}

impl Printed {
    pub(crate) fn new(container: String, log: mpsc::Sender<Batch>) -> Self {
        Self {
            container,
            output: Output::default(),
            log,
            begun: Vec::new(),
            lines: Vec::new(),
            bytes: 0,
            logged: 0,
            left_out: false,
            skips: false,
            due: None,
        }
    }

    /// Takes in everything up to the end.
    pub(crate) async fn follow(&mut self, source: &mut impl Source) {
        let mut buffer = Vec::new();
        loop {
            let due = self.due;
            tokio::select! {
                piece = source.next(&mut buffer) => match piece {
                    Some(()) => self.take(&buffer),
                    None => return,
                },
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.send().await,
            }
        }
    }

    /// The end: what is left goes to the log.
    pub(crate) async fn finish(mut self) -> Output {
        self.end_line();
        self.send().await;
        self.output
    }

    fn take(&mut self, bytes: &[u8]) {
        self.output.keep(bytes);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            // Of a flood not every line is looked at.
            if self.is_full() {
                self.left_out = true;
                self.begun.clear();
                self.skips = !bytes.ends_with(b"\n");
                return;
            }
            let (text, ends) = piece.strip_suffix(b"\n").map_or((piece, false), |text| (text, true));
            if self.skips {
                self.skips = !ends;
                continue;
            }
            self.go_on(text);
            if ends {
                self.end_line();
            }
        }
    }

    fn go_on(&mut self, text: &[u8]) {
        for part in text.chunks(LINE_BYTES) {
            if self.begun.len() + part.len() > LINE_BYTES {
                self.end_line();
            }
            self.begun.extend_from_slice(part);
        }
    }

    fn is_full(&self) -> bool {
        self.lines.len() >= BATCH_LINES || self.bytes >= BATCH_BYTES || self.logged >= LOG_BYTES
    }

    /// An empty line is no event.
    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(self.begun.strip_suffix(b"\r").unwrap_or(&self.begun)).into_owned();
        self.begun.clear();
        if line.is_empty() {
            return;
        }
        self.due.get_or_insert_with(|| Instant::now() + EVERY);
        self.bytes += line.len();
        self.logged += line.len();
        self.lines.push((now(), line));
    }

    async fn send(&mut self) {
        self.due = None;
        self.bytes = 0;
        let mut lines = std::mem::take(&mut self.lines);
        if std::mem::take(&mut self.left_out) && !lines.is_empty() {
            lines.push((now(), "[tagproof: lines are left out here]".to_owned()));
        }
        if !lines.is_empty() {
            let batch = Batch { container: self.container.clone(), lines };
            // Nobody listens any more: the task is gone.
            let _gone = self.log.send(batch).await;
        }
    }
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pieces(std::vec::IntoIter<Vec<u8>>);

    impl Source for Pieces {
        async fn next(&mut self, buffer: &mut Vec<u8>) -> Option<()> {
            buffer.clear();
            buffer.extend(self.0.next()?);
            Some(())
        }
    }

    /// The lines that are logged, and what is kept.
    async fn logged(pieces: Vec<Vec<u8>>) -> (Vec<String>, String) {
        let (log, mut batches) = mpsc::channel(16);
        let mut printed = Printed::new("c".to_owned(), log);
        printed.follow(&mut Pieces(pieces.into_iter())).await;
        let output = printed.finish().await.text();
        let mut lines = Vec::new();
        while let Some(batch) = batches.recv().await {
            assert_eq!(batch.container, "c");
            lines.extend(batch.lines.into_iter().map(|(_, line)| line));
        }
        (lines, output)
    }

    #[tokio::test]
    async fn lines_are_put_together_whatever_pieces_they_come_in() {
        let pieces = ["a", "b\nc", "\n\n", "\nd\r\n", "e"].map(|piece| piece.as_bytes().to_vec());
        let (lines, output) = logged(pieces.to_vec()).await;
        assert_eq!(lines, ["ab", "c", "d", "e"]);
        assert_eq!(output, "ab\nc\n\n\nd\r\ne");
    }

    #[tokio::test]
    async fn a_flood_is_bounded_and_said() {
        let (lines, _) = logged(vec![b"x\n".repeat(100_000); 20]).await;
        assert!(lines.len() <= 10 * (BATCH_LINES + 1), "{}", lines.len());
        assert_eq!(lines.last().unwrap(), "[tagproof: lines are left out here]");
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_broken() {
        let (lines, _) = logged(vec![vec![b'x'; LINE_BYTES - 1], b"yz".to_vec()]).await;
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [LINE_BYTES - 1, 2]);
    }

    #[tokio::test]
    async fn a_line_is_on_its_way_while_the_container_runs() {
        struct Once(bool);
        impl Source for Once {
            async fn next(&mut self, buffer: &mut Vec<u8>) -> Option<()> {
                if std::mem::replace(&mut self.0, true) {
                    std::future::pending::<()>().await;
                }
                buffer.extend(b"here\n");
                Some(())
            }
        }
        let (log, mut batches) = mpsc::channel(16);
        let mut printed = Printed::new("c".to_owned(), log);
        let mut source = Once(false);
        tokio::select! {
            () = printed.follow(&mut source) => panic!("it has no end"),
            batch = batches.recv() => assert_eq!(batch.unwrap().lines[0].1, "here"),
        }
    }
}

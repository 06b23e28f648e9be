//! The last lines of a log.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::watch;
use tokio::time::timeout;

const LINES: usize = 2000;
/// A line is cut after so many bytes: an emulator may print a whole object.
const LINE_BYTES: usize = 4096;
/// How long what was printed before an end may be on its way.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The last lines of a log, filled as they come.
#[derive(Clone, Default)]
pub(crate) struct Tail {
    lines: Arc<Mutex<Lines>>,
    whole: watch::Sender<bool>,
}

#[derive(Default)]
struct Lines {
    whole: VecDeque<String>,
    begun: Vec<u8>,
}

impl Tail {
    /// Reads to the end.
    pub(crate) async fn follow(self, mut output: impl AsyncRead + Unpin) {
        let mut bytes = vec![0; 8192];
        while let Ok(count @ 1..) = output.read(&mut bytes).await {
            self.push(bytes.get(..count).unwrap_or_default());
        }
        self.whole.send_replace(true);
    }

    /// Waits until everything is read that a program printed before it ended. A child of its own may go on printing.
    pub(crate) async fn whole(&self) {
        let mut told = self.whole.subscribe();
        let _late = timeout(LAST_WORDS, told.wait_for(|whole| *whole)).await;
    }

    /// Takes what comes next.
    pub(crate) fn push(&self, bytes: &[u8]) {
        let mut lines = self.lines();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LINE_BYTES.saturating_sub(lines.begun.len());
            let text = piece.strip_suffix(b"\n").unwrap_or(piece);
            lines.begun.extend(text.iter().take(room));
            if piece.ends_with(b"\n") {
                lines.end();
            }
        }
    }

    /// The last lines, oldest first, `count` at most.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let lines = self.lines();
        let begun = (!lines.begun.is_empty()).then(|| shown(&lines.begun));
        let all = lines.whole.len() + usize::from(begun.is_some());
        lines.whole.iter().cloned().chain(begun).skip(all.saturating_sub(count)).collect()
    }

    /// Everything that is still there.
    pub(crate) fn all(&self) -> Vec<String> {
        self.last(usize::MAX)
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn end(&mut self) {
        if self.whole.len() == LINES {
            self.whole.pop_front();
        }
        let line = shown(&self.begun);
        self.whole.push_back(line);
        self.begun.clear();
    }
}

/// With nothing hidden in it: a log goes to terminals.
fn shown(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    source::escaped_lines(&String::from_utf8_lossy(line)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_together_whatever_pieces_they_come_in() {
        let tail = Tail::default();
        for piece in ["a", "b\nc", "\n", "\nd\r\n", "e"] {
            tail.push(piece.as_bytes());
        }
        assert_eq!(tail.all(), ["ab", "c", "", "d", "e"]);
        assert_eq!(tail.last(2), ["d", "e"]);
        assert_eq!(tail.last(0), Vec::<String>::new());
    }

    #[test]
    fn neither_many_lines_nor_long_ones_take_much() {
        let tail = Tail::default();
        tail.push(&vec![b'x'; 1_000_000]);
        tail.push(b"\n");
        assert_eq!(tail.all().iter().map(String::len).collect::<Vec<_>>(), [LINE_BYTES]);
        for number in 0..3 * LINES {
            tail.push(format!("{number}\n").as_bytes());
        }
        assert_eq!(tail.all().len(), LINES);
        assert_eq!(tail.last(1), [(3 * LINES - 1).to_string()]);
    }

    #[tokio::test]
    async fn it_is_whole_once_everything_is_read() {
        let tail = Tail::default();
        let (reader, mut writer) = tokio::io::duplex(4);
        let printing = async {
            tokio::io::AsyncWriteExt::write_all(&mut writer, b"last words\n").await.unwrap();
            drop(writer);
        };
        let reading = async {
            tail.whole().await;
            assert_eq!(tail.all(), ["last words"]);
        };
        tokio::join!(reading, tail.clone().follow(reader), printing);
    }

    #[test]
    fn terminals_are_spared() {
        let tail = Tail::default();
        tail.push(b"\x1b[31mred\x07\n\xff\ta\n");
        assert_eq!(tail.all(), ["\\u001b[31mred\\u0007", "\u{fffd}\ta"]);
        // Marks that turn text around, that hide in it, and the controls of C1.
        tail.push("\u{202e}ko\u{200b} \u{9b}31m\rlate\n".as_bytes());
        assert_eq!(tail.last(1), ["\\u202eko\\u200b \\u009b31m\\rlate"]);
    }
}

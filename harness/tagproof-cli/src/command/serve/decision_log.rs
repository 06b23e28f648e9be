//! Tells of decisions on stderr while an account is served, and never makes a request wait for that.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use matrix::RecordedDecision;
use policy::Verdict;
use wire::Decided;

use crate::output;

/// How many lines are written in a second. More would only flood the terminal.
const IN_A_SECOND: u32 = 20;
/// How many wait to be written.
const WAITING: usize = 256;
/// How long the last lines may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What is told, and where.
pub(super) struct DecisionLog {
    lines: SyncSender<Line>,
    pace: Arc<Mutex<Pace>>,
    all: bool,
}

enum Line {
    /// A decision, and how many before it were left out.
    Decision(Box<RecordedDecision>, u64),
    /// Nothing comes after it.
    Last(u64, Sender<()>),
}

/// Counts lines by the second.
struct Pace {
    since: Instant,
    written: u32,
    left_out: u64,
}

impl DecisionLog {
    /// `all`: not only denials.
    pub(super) fn new(all: bool) -> Self {
        let (lines, waiting) = sync_channel(WAITING);
        // A thread of its own: the reader of stderr may be slow.
        std::thread::spawn(move || write(&waiting));
        let pace = Pace { since: Instant::now(), written: 0, left_out: 0 };
        Self { lines, pace: Arc::new(Mutex::new(pace)), all }
    }

    /// Hears each decision.
    pub(super) fn listener(&self) -> Decided {
        let (lines, pace, all) = (self.lines.clone(), self.pace.clone(), self.all);
        Box::new(move |recorded| {
            if !all && recorded.decision.verdict == Verdict::Allowed {
                return;
            }
            let Some(left_out) = held(&pace).next(Instant::now()) else { return };
            if lines.try_send(Line::Decision(Box::new(recorded.clone()), left_out)).is_err() {
                held(&pace).left_out += left_out + 1;
            }
        })
    }

    /// Writes what waits.
    pub(super) fn end(&self) {
        let (ended, end) = channel();
        let left_out = std::mem::take(&mut held(&self.pace).left_out);
        if self.lines.try_send(Line::Last(left_out, ended)).is_ok() {
            let _late = end.recv_timeout(LAST_WORDS);
        }
    }
}

fn write(waiting: &Receiver<Line>) {
    let note_left_out = |left_out: u64| {
        if left_out > 0 {
            output::note(&format!("… {left_out} more: at most {IN_A_SECOND} are shown in a second"));
        }
    };
    for line in waiting {
        match line {
            Line::Decision(recorded, left_out) => {
                note_left_out(left_out);
                output::note(&report::decided(&recorded));
            }
            Line::Last(left_out, ended) => {
                note_left_out(left_out);
                let _gone = ended.send(());
                return;
            }
        }
    }
}

impl Pace {
    /// Whether one more line may be written, and how many were left out before it.
    fn next(&mut self, now: Instant) -> Option<u64> {
        if now.duration_since(self.since) >= Duration::from_secs(1) {
            (self.since, self.written) = (now, 0);
        }
        if self.written == IN_A_SECOND {
            self.left_out += 1;
            return None;
        }
        self.written += 1;
        Some(std::mem::take(&mut self.left_out))
    }
}

fn held(pace: &Mutex<Pace>) -> MutexGuard<'_, Pace> {
    pace.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_those_left_out_are_counted() {
        let since = Instant::now();
        let mut pace = Pace { since, written: 0, left_out: 0 };
        let written = (0..100).filter(|_| pace.next(since).is_some()).count();
        assert_eq!(written, 20);
        assert_eq!(pace.next(since + Duration::from_secs(1)), Some(80));
        assert_eq!(pace.next(since + Duration::from_secs(1)), Some(0));
    }
}

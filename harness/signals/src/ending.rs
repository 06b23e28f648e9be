//! A process that ends by a signal does not get to drop anything. What must not outlive it is removed here.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::interrupts::Interrupts;

/// How many seconds a program may take that handles the signal itself.
static GRACE: AtomicU64 = AtomicU64::new(3);

static ENDS: AtomicBool = AtomicBool::new(false);

/// Whether a signal is ending this process: what is made now would stay.
#[must_use]
pub fn is_ending() -> bool {
    ENDS.load(Ordering::SeqCst)
}

/// A program that handles signals itself, and may need more than three seconds to end then, says so with this: else it
/// would be ended in the midst of what it has promised to do.
pub fn set_grace(grace: Duration) {
    GRACE.store(grace.as_secs(), Ordering::SeqCst);
}

/// From now on SIGINT, SIGTERM and SIGHUP end this process only after `clean_up`. A program that handles them itself has
/// three seconds to end, or [what it needs](set_grace); a second signal cuts them short. The first call counts.
pub fn before_ending<F: Future<Output = ()>>(clean_up: impl FnOnce() -> F + Send + 'static) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (listening, wait) = std::sync::mpsc::channel();
        // A thread and a runtime of its own: the other may be busy, or gone.
        std::thread::spawn(move || {
            if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                runtime.block_on(end(listening, clean_up));
            }
        });
        let _listening = wait.recv();
    });
}

async fn end<F: Future<Output = ()>>(listening: std::sync::mpsc::Sender<()>, clean_up: impl FnOnce() -> F) {
    let Ok(mut interrupts) = Interrupts::listen() else { return };
    let _told = listening.send(());
    let number = interrupts.next().await;
    let grace = Duration::from_secs(GRACE.load(Ordering::SeqCst));
    let _second = timeout(grace, interrupts.next()).await;
    ENDS.store(true, Ordering::SeqCst);
    clean_up().await;
    // As shells have it for a process that ended by a signal.
    std::process::exit(128 + i32::from(number));
}

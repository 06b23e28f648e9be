//! What a signal leaves behind. A process that ends by one does not get to drop anything, and its containers go on.
//!
//! testcontainers has a watchdog for that. This is here instead because a program that stops its containers itself when it
//! is interrupted, as `tagproof run` does, makes the watchdog's own removal fail, which panics its thread and leaves every
//! later signal without effect; because it waits ten seconds for a container that lets SIGTERM pass; and because it does
//! not know SIGHUP, by which a terminal ends what was started in it.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use testcontainers::bollard::Docker;
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

use crate::client;
use crate::interrupts::Interrupts;
use crate::owner::Owner;

/// How many seconds a program may take that handles the signal itself.
static GRACE: AtomicU64 = AtomicU64::new(3);

/// How long after the last look something may have been made that was under way.
const LATE: Duration = Duration::from_secs(1);

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

/// From now on SIGINT, SIGTERM and SIGHUP end this process only after its containers and networks are gone. A program
/// that handles them itself has three seconds to end, or [what it needs](set_grace); a second signal cuts them short.
pub fn arm() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (armed, wait) = std::sync::mpsc::channel();
        // A thread and a runtime of its own: the other may be busy, or gone.
        std::thread::spawn(move || {
            if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                runtime.block_on(guard(armed));
            }
        });
        let _armed = wait.recv();
    });
}

async fn guard(armed: std::sync::mpsc::Sender<()>) {
    let Ok(mut interrupts) = Interrupts::listen() else { return };
    let _heard = armed.send(());
    let number = interrupts.next().await;
    let grace = Duration::from_secs(GRACE.load(Ordering::SeqCst));
    let _second = timeout(grace, interrupts.next()).await;
    ENDS.store(true, Ordering::SeqCst);
    if let Ok(docker) = client::connect().await {
        clear(&docker).await;
        // What was being made meanwhile.
        sleep(LATE).await;
        clear(&docker).await;
    }
    // As shells have it for a process that ended by a signal.
    std::process::exit(128 + i32::from(number));
}

/// Removes what this process has made.
async fn clear(docker: &Docker) {
    let this = Owner::this();
    let containers = client::containers(docker, Some(&this)).await;
    let ids = containers.into_iter().filter_map(|container| container.id);
    join_all(ids.map(async |id| client::remove(docker, &id).await)).await;
    let networks = client::our_networks(docker, Some(&this)).await;
    let ids = networks.into_iter().filter_map(|network| network.id);
    join_all(ids.map(async |id| client::remove_network(docker, &id).await)).await;
}

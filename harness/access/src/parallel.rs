//! The same for many, on several cores, in order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// So many are taken at once.
const CHUNK: usize = 16;

/// What comes of each, in order. It is the same on any number of cores.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], workers: usize, of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let chunks: Vec<&[T]> = items.chunks(CHUNK).collect();
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(at) else { return done };
            done.push((at, chunk.iter().map(&of).collect::<Vec<R>>()));
        }
    };
    let mut done = thread::scope(|scope| {
        let workers: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for worker in workers {
            done.extend(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, chunk)| chunk).collect()
}

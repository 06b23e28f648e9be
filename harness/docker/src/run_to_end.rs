//! Work to be done when something is dropped.

use tokio::runtime::Builder;

/// Runs something to its end in a runtime of its own. The caller's may have ended, or must not be blocked.
pub fn run_to_end<T>(task: impl Future<Output = T> + Send + 'static) {
    let finishing = std::thread::spawn(move || {
        if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
            let _outcome = runtime.block_on(task);
        }
    });
    let _ended = finishing.join();
}

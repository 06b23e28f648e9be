//! What is had once for all, and tried again later where it could not be had.

use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

/// How long it is believed that something cannot be had: of many who ask at once, one finds out. Somebody who has mended what
/// was wrong waits no longer.
const BELIEVED: Duration = Duration::from_secs(10);

/// What is known of something.
pub(super) struct Cached<T> {
    pub(super) there: Option<T>,
    /// Why it could not be had, and when.
    failed: Option<(String, Instant)>,
}

/// Gives what is kept, or makes it. Others who want it wait meanwhile.
pub(super) async fn get<T: Clone>(
    kept: &Turn<Cached<T>>,
    making: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let mut kept = kept.lock().await;
    match kept.known() {
        Some(known) => known,
        None => {
            let made = making.await;
            kept.keep(made)
        }
    }
}

impl<T: Clone> Cached<T> {
    /// What there is to say without trying.
    pub(super) fn known(&self) -> Option<Result<T, String>> {
        let failed = self.failed.as_ref().filter(|(_, at)| at.elapsed() < BELIEVED);
        let there = self.there.clone().map(Ok);
        there.or_else(|| failed.map(|(why, _)| Err(why.clone())))
    }

    /// Takes in what came of trying.
    pub(super) fn keep(&mut self, made: Result<T, String>) -> Result<T, String> {
        self.there = made.clone().ok();
        self.failed = made.clone().err().map(|why| (why, Instant::now()));
        made
    }
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { there: None, failed: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failure_is_believed_for_a_while_and_success_for_good() {
        let kept = Turn::new(Cached::default());
        let failed = || Err("no".to_owned());
        assert_eq!(get(&kept, async { failed() }).await, failed());
        assert_eq!(get(&kept, async { Ok(1) }).await, failed());
        // As if it had been long ago.
        kept.lock().await.failed = Some(("no".to_owned(), Instant::now().checked_sub(BELIEVED).unwrap()));
        for later in [Ok(2), Ok(3), failed()] {
            assert_eq!(get(&kept, async { later }).await, Ok(2));
        }
    }
}

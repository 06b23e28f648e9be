//! A backend that serves: watched and stopped.

use std::path::PathBuf;

use account::AccessKey;
use wire::Server;

use crate::container::Container;
use crate::error::{BackendError, Failure};
use crate::health;
use crate::process::Process;

/// How many lines of its log are kept if it fails.
pub(crate) const KEPT_LINES: usize = 2000;

/// A backend that serves. Dropping it stops what was started for it.
pub struct Running {
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The key of its root user.
    pub root: AccessKey,
    /// Its version; what an endpoint calls itself, or `unknown`.
    pub version: String,
    /// What messages call it: `moto 5.2.5 (container)`.
    pub label: String,
    pub(crate) keys_are_accounts: bool,
    pub(crate) health: &'static str,
    pub(crate) cache: PathBuf,
    pub(crate) serving: Serving,
}

/// What answers.
pub(crate) enum Serving {
    Embedded(Server),
    Container(Box<Container>),
    Process(Box<Process>),
    /// Somebody else started it, and will stop it.
    Elsewhere,
}

impl Running {
    /// The key of an account's root user. Some emulators serve the account whose 12 digits are the key's id.
    #[must_use]
    pub fn root_of(&self, account: &str) -> AccessKey {
        let id = if self.keys_are_accounts { account } else { &self.root.id };
        AccessKey { id: id.to_owned(), secret: self.root.secret.clone() }
    }

    /// Whether it still serves; if not, why: it has ended, its Docker is gone, or it takes no calls any more. To be asked
    /// when a call has come to nothing.
    ///
    /// # Errors
    /// It does not serve.
    pub async fn check(&self) -> Result<(), BackendError> {
        let answers = match self.serving {
            Serving::Elsewhere => health::is_there(&self.url, health::PATIENCE).await.map(|_| ()),
            // Asked more than once: what dies loses its connections a moment before anybody hears of its end, and that it
            // has ended says more than that it does not answer.
            _ => health::until_up(&self.url, self.health, health::PATIENCE, async || self.serving.ended().await).await,
        };
        match answers {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.error(failure).await),
        }
    }

    /// The last lines that it printed, oldest first; none for what was not started here.
    pub async fn last_log_lines(&self, count: usize) -> Vec<String> {
        match &self.serving {
            Serving::Container(container) => container.last_log_lines(count).await,
            Serving::Process(process) => process.log().last(count),
            Serving::Embedded(_) | Serving::Elsewhere => Vec::new(),
        }
    }

    /// Stops what was started for it, and removes what that left.
    ///
    /// # Errors
    /// Docker could not remove the container; the next start tries again.
    pub async fn stop(self) -> Result<(), BackendError> {
        match self.serving {
            Serving::Container(container) => {
                return container.stop().await.map_err(|failure| BackendError::new(self.label, failure));
            }
            Serving::Process(process) => process.stop().await,
            Serving::Embedded(server) => server.stop().await,
            Serving::Elsewhere => {}
        }
        Ok(())
    }

    /// An error with the log beside it.
    pub(crate) async fn error(&self, failure: Failure) -> BackendError {
        let lines = self.last_log_lines(KEPT_LINES).await;
        BackendError::new(self.label.as_str(), failure).with_log(lines, &self.cache)
    }
}

impl Serving {
    /// How it ended, if it has.
    pub(crate) async fn ended(&self) -> Option<Failure> {
        match self {
            Self::Container(container) => container.ended().await,
            Self::Process(process) => process.ended().await,
            Self::Embedded(_) | Self::Elsewhere => None,
        }
    }
}

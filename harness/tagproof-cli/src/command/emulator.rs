//! The emulator that a command line names, started if it has to be.

use account::AccessKey;
use backend::{Backend, Enforcement, Options, Running};
use wire::Upstream;

use crate::output;

/// What requests are signed for, here and on an emulator. Any will do: accounts and emulators answer for all.
pub(super) const REGION: &str = "us-east-1";

/// Starts it, or sees that it is there.
///
/// `key`: the root user's at a URL. Those that are started here have their own.
pub(super) async fn start(
    backend: &Backend,
    key: &AccessKey,
    account: &str,
    enforcement: Enforcement,
) -> anyhow::Result<Running> {
    let mut options = Options { account: account.to_owned(), enforcement, ..Options::from_environment() };
    if let Backend::Endpoint { .. } = backend {
        options.root = key.clone();
    }
    Ok(backend::start(backend, &options, &|line| output::note(line)).await?)
}

/// What an account needs to know of it to stand in front of it.
pub(super) async fn upstream(running: &Running, account: &str) -> anyhow::Result<Upstream> {
    let found = Upstream::find(running.url.clone(), running.root_of(account), REGION.to_owned()).await;
    found.map_err(|fault| anyhow::anyhow!("{}: {}", running.label, fault.message))
}

//! The options of `tagproof serve`.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use account::AccessKey;
use backend::Backend;
use clap::{Args, ValueEnum};

use super::{BackendKey, access_key, account_id, image};

/// What runs the containers of tasks of an account that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Attending {
    /// Processes of this machine
    Process,
    /// Their images, in Docker; missing images are pulled
    Docker,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The port to listen on; 0 lets the system choose [default: 4566, or 0 with a COMMAND]
    #[arg(long, env = "TAGPROOF_PORT")]
    pub(crate) port: Option<u16>,
    /// The address to listen on; anyone who can reach it can use the account
    #[arg(long, value_name = "ADDRESS", env = "TAGPROOF_LISTEN", default_value = "127.0.0.1")]
    pub(crate) listen: IpAddr,
    /// The root user's access key [default: test:test, or with --launcher a random one]
    #[arg(long, value_name = "ID:SECRET", env = "TAGPROOF_ROOT_KEY", hide_env_values = true, value_parser = access_key)]
    pub(crate) root_key: Option<AccessKey>,
    /// The account's 12 digits
    #[arg(long, value_name = "ID", env = "TAGPROOF_ACCOUNT", default_value = "123456789012", value_parser = account_id)]
    pub(crate) account: String,
    /// Print a line for every decision, not only for denials
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Start with the users, roles, buckets and tasks of this scenario: its folder or file
    #[arg(long, conflicts_with_all = ["account", "backend", "launcher"])]
    pub(crate) scenario: Option<PathBuf>,
    /// The option of the scenario to set up
    #[arg(long, requires = "scenario")]
    pub(crate) option: Option<String>,
    /// Set the variables so that AWS clients act as this caller of the scenario, not as the root user
    #[arg(long, requires = "scenario")]
    pub(crate) caller: Option<String>,
    /// Where objects are kept and tasks run, if the account allows it: embedded; moto, localstack or ministack, which are
    /// started; or the URL of a running emulator
    #[arg(long, value_name = "BACKEND", env = "TAGPROOF_BACKEND", default_value = "embedded", value_parser = backend)]
    pub(crate) backend: Backend,
    #[command(flatten)]
    pub(crate) key: BackendKey,
    /// Lifetime of task credentials in seconds, to see clients renew them [default: 6 hours]
    #[arg(long, value_name = "SECONDS", env = "TAGPROOF_TASK_SESSION", value_parser = clap::value_parser!(u32).range(1..=43_200))]
    pub(crate) task_session: Option<u32>,
    /// How to run the containers of tasks. Without it none runs, because anyone who can reach the account could start
    /// programs here: a task counts as running until it is stopped
    #[arg(long)]
    pub(crate) launcher: Option<Attending>,
    /// The program to run for an image, as its entry point (empty if the command names it); with --launcher docker another
    /// image
    #[arg(long, value_name = "IMAGE=OTHER", value_parser = image, requires = "launcher")]
    pub(crate) image: Vec<(String, String)>,
    /// A command to run with the variables set; `serve` ends with it, and with its exit code
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

impl Serve {
    /// Several commands can be served at the same time; who has none needs a port that can be known before.
    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or(if self.command.is_empty() { 4566 } else { 0 })
    }
}

fn backend(text: &str) -> Result<Backend, String> {
    if text == Backend::Aws.name() {
        let why = "`serve` cannot stand in front of AWS: it would have to decide for AWS";
        return Err(format!(
            "{why}. Accepted: embedded, moto, localstack, ministack, or a URL. `tagproof run --backend aws` tests on AWS"
        ));
    }
    let these = [Backend::Embedded, Backend::Moto, Backend::Localstack, Backend::Ministack];
    Backend::among(&these, text).map_err(|error| error.to_string())
}

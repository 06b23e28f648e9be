//! What every command that proves something takes.

use std::time::Duration;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Proving {
    /// Take no side where AWS's documentation leaves open how AWS decides: an answer that would depend on it is undecided
    #[arg(long)]
    pub(crate) strict: bool,
    /// Give up after so many seconds: what is not settled by then is undecided, and the exit code is 2
    ///
    /// With --batch, `compare` and `prove` give each line so many seconds, and `who-can` all of them together.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected a number of seconds".to_owned())
}

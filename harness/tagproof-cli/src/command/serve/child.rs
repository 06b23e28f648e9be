//! The command that an account is served for.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use anyhow::Context;
use rustix::process::{Pid, Signal, getpgrp, kill_process, kill_process_group};
use rustix::termios::tcgetpgrp;
use tokio::process::Command;
use tokio::time::{Instant, sleep_until};

use super::variables::{Variables, is_of_aws};
use crate::command::interrupt::{Interrupt, SIGINT};
use crate::exit::Exit;

/// How long a command may take to end once it is told to.
const LAST_ORDERS: Duration = Duration::from_secs(10);
/// What AWS clients read instead of the user's own files.
const NOTHING: &str = "/dev/null";

/// Runs a command with these variables to its end. Signals are passed on; what does not end then is killed.
pub(super) async fn run(command: &[OsString], variables: &Variables, stop: &mut Interrupt) -> anyhow::Result<Exit> {
    let (program, arguments) = command.split_first().context("there is no command")?;
    let mut process = Command::new(program);
    process.args(arguments).kill_on_drop(true);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_aws(name)) {
        process.env_remove(name);
    }
    process.env("AWS_CONFIG_FILE", NOTHING).env("AWS_SHARED_CREDENTIALS_FILE", NOTHING).envs(variables.set());
    // A terminal sends Ctrl-C to the group in its foreground, and only that may read from it: the command stays in it.
    // Without a terminal the command has a group of its own, so that all it has started can be ended with it.
    let has_group = !in_foreground();
    if has_group {
        process.process_group(0);
    }
    let cannot_run = || format!("cannot run `{}`", program.display());
    let mut child = process.spawn().with_context(cannot_run)?;
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let send = |signal| {
        // What has ended cannot be sent anything.
        let _gone = match id {
            Some(id) if has_group => kill_process_group(id, signal),
            Some(id) => kill_process(id, signal),
            None => Ok(()),
        };
    };
    let mut deadline: Option<Instant> = None;
    let status = loop {
        let late = async {
            match deadline {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            status = child.wait() => break status.context("cannot wait for the command")?,
            number = stop.next() => {
                let is_sent_already = number == SIGINT && !has_group;
                if let Some(signal) = Signal::from_named_raw(number.into()).filter(|_| !is_sent_already) {
                    send(signal);
                    deadline.get_or_insert_with(|| Instant::now() + LAST_ORDERS);
                }
            }
            () = late => {
                send(Signal::KILL);
                deadline = None;
            }
        }
    };
    if has_group {
        send(Signal::KILL);
    }
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    Ok(Exit::Command(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)))
}

/// Whether this process is in the foreground of a terminal.
fn in_foreground() -> bool {
    File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp()))
}

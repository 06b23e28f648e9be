//! The command line of tagproof. Data goes to stdout, everything else to stderr.

mod args;
mod command;
mod exit;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| refused(&error));
    output::set_color(arguments.color);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let ended = runtime.block_on(async {
        match arguments.command {
            Command::Run(run) => command::run::run(&run).await,
            Command::Fidelity(fidelity) => command::fidelity::fidelity(&fidelity).await,
            Command::Predict(predict) => command::predict::predict(&predict),
            Command::Explain(explain) => command::explain::explain(&explain),
            Command::Check(check) => command::check::check(&check),
            Command::Init(init) => command::init::init(&init),
            Command::Review(review) => command::review::review(&review),
            Command::Key(key) => command::key::key(&key),
            Command::Learn(learn) => command::learn::learn(&learn),
            Command::Lint(lint) => command::lint::lint(&lint),
            Command::Compare(compare) => command::compare::compare(&compare),
            Command::Prove(prove) => command::prove::prove(&prove),
            Command::Simulate(simulate) => command::simulate::simulate(&simulate),
            Command::WhoCan(who_can) => command::who_can::who_can(&who_can),
            Command::WhatCan(what_can) => command::who_can::what_can(&what_can),
            Command::Serve(serve) => command::serve::serve(*serve).await,
            Command::Clean(clean) => command::clean::clean(&clean).await,
            Command::Completions { shell } => command::completions::completions(shell),
        }
    });
    // A request that is still under way must not hold the program up.
    runtime.shutdown_background();
    ended.map_or_else(|error| failed(&error), ExitCode::from)
}

/// Help, or what is wrong with the arguments. Those may hold anything, since a shell puts the names of files there.
fn refused(error: &clap::Error) -> ! {
    let text = error.render().to_string();
    let shown = source::escaped_lines(&text);
    if shown == text {
        error.exit();
    }
    output::note(shown.trim_end());
    std::process::exit(error.exit_code());
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // The reader of our output has closed it: nobody is left to tell.
    if error.chain().any(is_broken_pipe) {
        return Exit::NotRun.into();
    }
    output::error(&format!("{error:#}"));
    Exit::NotRun.into()
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

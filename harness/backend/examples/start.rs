//! Starts a backend, prints its URL, and keeps it until standard input ends or a signal comes:
//! `cargo run -p tagproof-backend --example start -- moto [any|container|process] [CACHE]`. At each line of standard input
//! it is looked at whether it still serves.
//!
//! It handles no signal itself, as a `cargo test` does not: what is left behind then is the library's business.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people and for tests")]

use std::process::ExitCode;

use backend::{Backend, Options};

#[tokio::main]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = arguments.into_iter();
    let backend: Backend = arguments.next().ok_or("name a backend")?.parse()?;
    let way = arguments.next().unwrap_or_else(|| "any".to_owned()).parse()?;
    let options = match arguments.next() {
        Some(cache) => Options::with_cache(cache.into()),
        None => Options::from_environment(),
    };
    let running = backend::start(&backend, &Options { way, ..options }, &|line| eprintln!("{line}")).await?;
    println!("{} {}", running.url, running.label);
    let (lines, mut asked) = tokio::sync::mpsc::unbounded_channel();
    tokio::task::spawn_blocking(move || std::io::stdin().lines().try_for_each(|line| lines.send(line)));
    while asked.recv().await.is_some() {
        running.check().await?;
        println!("it serves");
    }
    Ok(running.stop().await?)
}

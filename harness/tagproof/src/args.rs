//! The command line.

mod serve;
mod simulate;

use std::path::PathBuf;

use account::AccessKey;
use backend::Backend;
use clap::{Args, Parser, Subcommand, ValueEnum};
use policy::Kind;

pub(crate) use serve::{Attending, Serve};
pub(crate) use simulate::Simulate;

/// What each exit code means.
const EXIT_CODES: &str = "\
Exit codes:
  0        as expected; or, where nothing is expected, done
  1        a cell is not as expected, `lint` finds more than suggestions,
           or the decision is not that of `simulate --expect`
  2        it could not be done
  128 + n  ended by signal n; `serve`, once it serves, ends with 0, and
           `serve -- COMMAND` with the command's own exit code";

/// Shows what IAM tag conditions really do.
///
/// Applies a CloudFormation template to an emulated AWS account, tries every option × caller × request with real AWS
/// clients, and says for each denial why. Needs no AWS account.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run scenarios with the AWS SDKs and print each matrix with its reasons
    Run(Run),
    /// Test what emulators decide themselves, and write down where they differ from AWS
    ///
    /// Runs every scenario on each emulator without tagproof's engine, and compares each cell with AWS's documentation.
    Fidelity(Fidelity),
    /// Say what `run` would find, without starting anything
    Predict(Predict),
    /// Show one cell statement by statement: what the request carried and what each condition made of it
    Explain(Explain),
    /// Say what is wrong with policies by themselves: in JSON files, CloudFormation templates and scenarios
    Lint(Lint),
    /// Ask the policy engine one question, or millions as JSON Lines
    Simulate(Box<Simulate>),
    /// Serve the emulated account as a local AWS endpoint, for any AWS client
    ///
    /// Prints the variables that AWS clients need, for a shell to `source`, and serves until Ctrl-C. With a command after
    /// `--`, runs that command with these variables set and ends with it.
    Serve(Box<Serve>),
    /// Delete what interrupted runs have left in an AWS account
    ///
    /// Finds what `run --backend aws` has made by name and tag, shows it and deletes it. Also deletes resources of any run
    /// still in progress. Uses the credentials and the region that the AWS CLI and SDKs find.
    Clean(Clean),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) scenarios: Scenarios,
    #[command(flatten)]
    pub(crate) on: On,
    /// Print results as JSON, one scenario a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write each matrix that was run whole to the snapshots' folder and, without --backend, into its scenario's README
    #[arg(long)]
    pub(crate) update_snapshots: bool,
    /// The folder that holds the snapshots
    #[arg(long, value_name = "FOLDER", default_value = "snapshots")]
    pub(crate) snapshots: PathBuf,
    /// How the containers of tasks are run; if left out, each as a process where its program is there, or in Docker
    /// where its image is there, or not at all
    #[arg(long)]
    pub(crate) launcher: Option<Launching>,
    /// What stands for an image: a program, as its entry point (empty where the command names it); with --launcher docker
    /// another image
    #[arg(long, value_name = "IMAGE=OTHER", value_parser = image)]
    pub(crate) image: Vec<(String, String)>,
}

/// What runs the containers of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Launching {
    /// Nothing: tasks make the scenario's API calls alone
    Sdk,
    /// Processes of this machine
    Process,
    /// Their images, in Docker; what is not there is pulled
    Docker,
}

/// What serves the calls.
#[derive(Debug, Args)]
pub(crate) struct On {
    /// What serves the calls: embedded; moto, localstack or ministack, which are started; the URL of an emulator; or aws, a
    /// real account
    #[arg(long, value_name = "BACKEND", env = "TAGPROOF_BACKEND", default_value = "embedded")]
    pub(crate) backend: Backend,
    #[command(flatten)]
    pub(crate) key: BackendKey,
    /// Let the emulator decide by itself, and hold it against AWS's documentation; AWS always does
    #[arg(long)]
    pub(crate) bare: bool,
    /// With --backend aws: the account that buckets, users, roles and policies may be made in, and are deleted from again.
    /// It must be the one of the credentials that the environment, a profile or the machine gives
    #[arg(long, value_name = "ACCOUNT_ID", value_parser = account_id)]
    pub(crate) i_own_this_account: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BackendKey {
    /// The access key of the emulator's root user, where --backend is a URL
    #[arg(long, value_name = "ID:SECRET", env = "TAGPROOF_BACKEND_KEY", default_value = "test:test", hide_env_values = true, value_parser = access_key)]
    pub(crate) backend_key: AccessKey,
}

#[derive(Debug, Args)]
pub(crate) struct Fidelity {
    #[command(flatten)]
    pub(crate) scenarios: Scenarios,
    /// An emulator: moto, localstack, ministack, or a URL; repeat for several
    #[arg(long, value_name = "BACKEND", default_values = ["moto", "localstack", "ministack"])]
    pub(crate) backend: Vec<Backend>,
    #[command(flatten)]
    pub(crate) key: BackendKey,
    /// The folder to write fidelity.md and fidelity.json to
    #[arg(long, value_name = "FOLDER", default_value = "docs")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Clean {
    /// The account to clean; must match your AWS credentials
    #[arg(long, value_name = "ACCOUNT_ID", value_parser = account_id)]
    pub(crate) i_own_this_account: String,
}

#[derive(Debug, Args)]
pub(crate) struct Predict {
    #[command(flatten)]
    pub(crate) scenarios: Scenarios,
    /// Print results as JSON, one scenario a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scenarios {
    /// Scenario folders or files; a folder without a scenario.yaml stands for the scenarios in it
    #[arg(value_name = "SCENARIO", default_value = "scenarios")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The scenario's folder or file
    pub(crate) scenario: PathBuf,
    /// The option's name
    pub(crate) option: String,
    /// The caller's name
    pub(crate) caller: String,
    /// The request's name
    pub(crate) request: String,
    /// Print the whole cell with its trace as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
  0  nothing worse than suggestions is left
  1  an error or a warning is left
  2  something could not be read

In YAML a comment leaves a finding out: # tagproof: ignore CODE because REASON
It stands on the finding's line or on the line before. docs/lint.md lists all codes.")]
pub(crate) struct Lint {
    /// Policies (JSON), templates (YAML or JSON), what the AWS CLI prints of policies, folders of these, scenarios (a
    /// folder, its scenario.yaml, or its name in scenarios/); `-` for standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What the policies are attached to: identity, resource, trust, boundary, session, scp, rcp or endpoint; if left
    /// out, it is guessed. In a template it is known
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<Kind>,
    /// Report only findings of these codes; commas between them, or repeat --select
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = lint::Selection::code)]
    pub(crate) select: Vec<String>,
    /// Report no findings of these codes, selected or not
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = lint::Selection::code)]
    pub(crate) ignore: Vec<String>,
    /// Exit with 0 whatever is found; what cannot be read still exits with 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Print findings as JSON in the shape of IAM Access Analyzer's ValidatePolicy, one a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the rewrites that findings propose into the files, show each change as a diff, and report what is left. With
    /// standard input the result goes to stdout, and everything else to stderr
    #[arg(long)]
    pub(crate) fix: bool,
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    Kind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| format!("the kinds are {}", names()))
}

fn image(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((image, other)) if !image.is_empty() => Ok((image.to_owned(), other.to_owned())),
        _ => Err("expected IMAGE=PROGRAM".to_owned()),
    }
}

fn access_key(text: &str) -> Result<AccessKey, String> {
    match text.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
            Ok(AccessKey { id: id.to_owned(), secret: secret.to_owned() })
        }
        _ => Err("expected ID:SECRET".to_owned()),
    }
}

fn account_id(text: &str) -> Result<String, String> {
    match text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err("an account id has 12 digits".to_owned()),
    }
}

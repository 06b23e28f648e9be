//! The command line.

mod compare;
mod given_policies;
mod init;
mod key;
mod learn;
mod prove;
mod proving;
mod serve;
mod simulate;
mod who_can;

use std::path::PathBuf;

use account::AccessKey;
use backend::Backend;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use policy::Kind;

pub(crate) use compare::Compare;
pub(crate) use given_policies::GivenPolicies;
pub(crate) use init::{Check, Deployed, Init, Review};
pub(crate) use key::Key;
pub(crate) use learn::Learn;
pub(crate) use prove::Prove;
pub(crate) use proving::Proving;
pub(crate) use serve::{Attending, Serve};
pub(crate) use simulate::Simulate;
pub(crate) use who_can::{Inventoried, WhatCan, WhoCan};

/// What each exit code means.
const EXIT_CODES: &str = "\
Exit codes:
  0        everything is as expected, or the command has done its work
  1        a cell or a claim is not as expected, `lint` finds more than
           suggestions,
           `check` finds a condition that denies everybody or never matters,
           `compare` finds new access,
           or `simulate` does not get the decision that --expect names
  2        the command could not do its work, or an answer is undecided
  128 + n  signal n ended the command; `serve` ends with 0 once it serves, and
           `serve -- COMMAND` with the command's own exit code";

/// Where scenarios are looked for if none is named.
pub(crate) const SCENARIOS: &str = "scenarios";

/// Shows what IAM tag conditions really do.
///
/// Applies a CloudFormation template to an emulated AWS account, tries each combination of option, caller and request
/// with the AWS SDKs, and gives the reason for each denial. You need no AWS account.
#[derive(Debug, Parser)]
#[command(name = "tagproof", version, about, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// When to use colours; `auto` uses them on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run scenarios with the AWS SDKs and compare each cell with its expectation
    ///
    /// Prints one line for each scenario, then each cell that is not as expected, and a total. With more than 30 scenarios
    /// those that are as expected have no line, unless you give -v. With one scenario it prints the matrix.
    Run(Run),
    /// Run scenarios on emulators without tagproof's engine and report where they differ from AWS
    Fidelity(Fidelity),
    /// Print what `run` would find, from the policy engine alone: no client, no server
    Predict(Predict),
    /// Explain one cell: what the request carried, and what each statement and condition made of it
    ///
    /// OPTION, CALLER and REQUEST may come in any order, by name or by the letters and numbers of the matrix.
    Explain(Explain),
    /// Tell what there is to know of a condition key or an action: where requests carry the key, and what goes wrong with it
    Key(Key),
    /// Guess what a policy allows, and be told why: the scenarios as questions, by symptom
    Learn(Learn),
    /// Say what a template's conditions on tags really do, without a scenario
    ///
    /// Tries the template's roles and users with tags that match, with others and with none, and says who reaches what, which
    /// conditions deny everybody and which never matter. Lints the policies too.
    Check(Check),
    /// Write a scenario for a template: what its conditions on tags do, and what other forms would do
    ///
    /// The scenario runs as it is. Its expectations are what the policy engine predicts, marked `predicted` until you confirm
    /// them with `review`.
    Init(Init),
    /// Confirm the predictions that `init` has written, one by one, each with its reason
    Review(Review),
    /// Say what is wrong with policies by themselves: in JSON files, CloudFormation templates and scenarios
    Lint(Lint),
    /// Prove that a policy grants no new access, or show a request that it newly allows
    ///
    /// Every request is considered, not only those that somebody thought of. The answer is a proof, a request that the policy
    /// engine confirms, or `undecided` with the reason.
    Compare(Box<Compare>),
    /// Prove a claim for every request, or show the request that breaks it: the claims of scenarios, or one by flags
    ///
    /// A claim says that no request of some kind is allowed, or that every one is. It holds, with what the proof assumes of
    /// requests, or it fails, with a request that the policy engine confirms. A scenario's claim is settled for each option.
    Prove(Box<Prove>),
    /// Ask the policy engine one question, or millions as JSON Lines
    Simulate(Box<Simulate>),
    /// Say who can do something, and under which conditions: each with a request that the engine allows
    ///
    /// Asks about each user and role of a template, of account details or of a folder of iam-collect, and about everybody else
    /// whom the resource's policy names. Session tags come with who may hand them out. Policies that are attached and not in what
    /// is read leave an answer undecided.
    WhoCan(WhoCan),
    /// Say what a user or role can do, statement by statement, and how much of it other policies let through
    WhatCan(WhatCan),
    /// Serve the emulated account as a local AWS endpoint, for any AWS client
    ///
    /// Prints the variables that AWS clients need, for a shell to `source`, and serves until Ctrl-C. With a command after
    /// `--`, runs that command with these variables set and ends with it.
    Serve(Box<Serve>),
    /// Delete what interrupted runs have left in an AWS account
    ///
    /// Finds what `run --backend aws` has made by its names and tags, lists it and deletes it. Also deletes resources of any
    /// run still in progress. Credentials and region come from where the AWS CLI and SDKs look for them.
    Clean(Clean),
    /// Print a completion script for a shell
    Completions {
        /// Shell to write the script for
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) scenarios: Scenarios,
    #[command(flatten)]
    pub(crate) on: BackendArguments,
    #[command(flatten)]
    pub(crate) print: Print,
    /// Write the snapshot of each scenario that was run completely and is as expected and, without --backend, update policies,
    /// matrix and reasons in its README
    #[arg(long)]
    pub(crate) update_snapshots: bool,
    /// Compare with the snapshots and print only what differs: for pipelines without Rust
    #[arg(long, conflicts_with_all = ["update_snapshots", "json"])]
    pub(crate) check: bool,
    /// Folder of the snapshots
    #[arg(long, value_name = "FOLDER", default_value = "snapshots")]
    pub(crate) snapshots: PathBuf,
    /// How to run the containers of tasks [default: as a process if the image's program is installed, else in Docker if the
    /// image is there, else not at all]
    #[arg(long)]
    pub(crate) launcher: Option<Launching>,
    /// Program to run in place of an image (leave it empty if the container's command names the program); with --launcher
    /// docker, another image
    #[arg(long, value_name = "IMAGE=OTHER", value_parser = image)]
    pub(crate) image: Vec<(String, String)>,
}

/// What a run or a prediction prints.
#[derive(Debug, Args)]
pub(crate) struct Print {
    /// Print results as JSON, one line for each scenario
    #[arg(long)]
    pub(crate) json: bool,
    /// Print each matrix with the reasons for its cells
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) verbose: bool,
    /// Print only the cells that are not as expected, and the total
    #[arg(short, long, conflicts_with_all = ["json", "verbose"])]
    pub(crate) quiet: bool,
}

/// What runs the containers of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Launching {
    /// Run no container; the tasks only make the scenario's API calls
    Sdk,
    /// As processes on this machine
    Process,
    /// Their images in Docker; missing images are pulled
    Docker,
}

/// What serves the calls.
#[derive(Debug, Args)]
pub(crate) struct BackendArguments {
    /// Where to send the calls: embedded; moto, localstack or ministack, which tagproof starts; the URL of an emulator; or
    /// aws, a real account
    #[arg(long, value_name = "BACKEND", env = "TAGPROOF_BACKEND", default_value = "embedded")]
    pub(crate) backend: Backend,
    #[command(flatten)]
    pub(crate) key: BackendKey,
    /// Bypass tagproof's engine: test the emulator's own decisions
    #[arg(long)]
    pub(crate) bare: bool,
    /// Account in which to create (and delete) test resources with --backend aws; must match your AWS credentials
    #[arg(long, value_name = "ACCOUNT_ID", value_parser = account_id)]
    pub(crate) i_own_this_account: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BackendKey {
    /// Access key of the emulator's root user, if --backend is a URL
    #[arg(long, value_name = "ID:SECRET", env = "TAGPROOF_BACKEND_KEY", default_value = "test:test", hide_env_values = true, value_parser = access_key)]
    pub(crate) backend_key: AccessKey,
}

#[derive(Debug, Args)]
pub(crate) struct Fidelity {
    #[command(flatten)]
    pub(crate) scenarios: Scenarios,
    /// Emulator to test: moto, localstack, ministack or a URL; repeat it for several
    #[arg(long, value_name = "BACKEND", default_values = ["moto", "localstack", "ministack"])]
    pub(crate) backend: Vec<Backend>,
    #[command(flatten)]
    pub(crate) key: BackendKey,
    /// Folder to write fidelity.md and fidelity.json to
    #[arg(long, value_name = "FOLDER", default_value = "docs")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Clean {
    /// Account to clean; must match your AWS credentials
    #[arg(long, value_name = "ACCOUNT_ID", value_parser = account_id)]
    pub(crate) i_own_this_account: String,
}

#[derive(Debug, Args)]
pub(crate) struct Predict {
    #[command(flatten)]
    pub(crate) scenarios: Scenarios,
    #[command(flatten)]
    pub(crate) print: Print,
}

#[derive(Debug, Args)]
pub(crate) struct Scenarios {
    /// Scenario to read: its name under `scenarios`, its folder, its file, or a folder of scenarios
    #[arg(value_name = "SCENARIO", default_value = SCENARIOS)]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(override_usage = "tagproof explain [OPTIONS] <SCENARIO> <OPTION> <CALLER> <REQUEST>")]
pub(crate) struct Explain {
    /// Scenario: its name under `scenarios`, its folder or its file
    pub(crate) scenario: PathBuf,
    // Where one is left out, the message tells what the scenario has.
    /// Name of the option
    pub(crate) option: Option<String>,
    /// Name of the caller, or its letter in the matrix
    pub(crate) caller: Option<String>,
    /// Name of the request, or its number in the matrix
    pub(crate) request: Option<String>,
    /// Print the whole cell with its trace as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
  0  nothing worse than suggestions is left
  1  an error or a warning is left
  2  something could not be read, or --timeout left something unsettled

In YAML a comment leaves a finding out: # tagproof: ignore CODE because REASON
It stands on the finding's line or on the line before. docs/lint.md lists all codes.

A finding of --deep holds for every request that AWS's documentation allows; it names the laws that it needs, such as
which condition keys a request carries. docs/proofs.md lists the laws. One that rests on the forms of ARNs which the
reference lists is a suggestion: the reference may lack a form. What is not settled is counted in the summary.

Examples:
  tagproof lint .                  every policy, template and scenario in this folder
  tagproof lint --deep policy.json
  tagproof lint --deep --select STATEMENT_NEVER_DECIDES template.yaml")]
#[command(group = ArgGroup::new("of-deep").args(["strict", "timeout"]).multiple(true).requires("deep"))]
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
    /// Also prove which statements, conditions and values never decide: without them the policy says the same of every
    /// request. Each policy is looked at by itself
    #[arg(long)]
    pub(crate) deep: bool,
    #[command(flatten)]
    pub(crate) proving: Proving,
    /// Exit with 0 whatever is found; what cannot be read still exits with 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Print the findings only, without the summary on stderr
    #[arg(short, long)]
    pub(crate) quiet: bool,
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
        false => Err("expected an account id: 12 digits".to_owned()),
    }
}

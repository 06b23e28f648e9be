//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use account::AccessKey;
use clap::{Args, Parser, Subcommand};
use policy::Kind;

/// Shows what IAM tag conditions really do.
///
/// Applies a CloudFormation template to an emulated AWS account, tries every option × caller × request with real AWS
/// clients, and says for each denial why. Needs no AWS account.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run scenarios with the AWS SDKs and print each matrix with its reasons
    Run(Run),
    /// Say what `run` would find, without starting anything
    Predict(Predict),
    /// Show one cell statement by statement: what the request carried and what each condition made of it
    Explain(Explain),
    /// Say what is wrong with policies by themselves: in JSON files, CloudFormation templates and scenarios
    Lint(Lint),
    /// Serve the emulated account as a local AWS endpoint, for any AWS client
    Serve(Serve),
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
    /// Print results as JSON, one scenario a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write each matrix to snapshots/ and to its README's matrix section
    #[arg(long)]
    pub(crate) update_snapshots: bool,
    /// The folder that holds the snapshots
    #[arg(long, value_name = "FOLDER", default_value = "snapshots")]
    pub(crate) snapshots: PathBuf,
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
pub(crate) struct Lint {
    /// Policies (JSON), templates (YAML or JSON), scenario folders or files
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// What the policies are attached to: identity, resource, trust, boundary, session, scp, rcp or endpoint; else it is
    /// guessed. In a template it is known
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<Kind>,
    /// Print findings as JSON in the shape of IAM Access Analyzer's ValidatePolicy, one a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The port; 0 lets the system choose
    #[arg(long, env = "TAGPROOF_PORT", default_value_t = 4566)]
    pub(crate) port: u16,
    /// The address; whoever can reach it can use the account
    #[arg(long, value_name = "ADDRESS", env = "TAGPROOF_LISTEN", default_value = "127.0.0.1")]
    pub(crate) listen: IpAddr,
    /// The root user's access key
    #[arg(long, value_name = "ID:SECRET", env = "TAGPROOF_ROOT_KEY", default_value = "test:test", hide_env_values = true, value_parser = access_key)]
    pub(crate) root_key: AccessKey,
    /// The account's 12 digits
    #[arg(long, value_name = "ID", env = "TAGPROOF_ACCOUNT", default_value = "123456789012", value_parser = account_id)]
    pub(crate) account: String,
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    Kind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| format!("the kinds are {}", names()))
}

fn access_key(text: &str) -> Result<AccessKey, String> {
    match text.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
            Ok(AccessKey { id: id.to_owned(), secret: secret.to_owned() })
        }
        _ => Err("an access key is its id and its secret with a colon between them".to_owned()),
    }
}

fn account_id(text: &str) -> Result<String, String> {
    match text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err("an account id has 12 digits".to_owned()),
    }
}

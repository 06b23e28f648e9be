//! The arguments of `tagproof init`, `check` and `review`.

use std::path::PathBuf;

use clap::Args;

/// How a scenario comes about.
const EXAMPLES: &str = "\
Examples:
  tagproof init template.yaml
  tagproof run scenarios/template
  tagproof review scenarios/template";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Init {
    /// CloudFormation template, in YAML or JSON
    #[arg(value_name = "PATH")]
    pub(crate) template: PathBuf,
    /// Folder to write the scenario to [default: a folder in `scenarios`, called after the template]
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
  0  nothing to look at
  1  a condition denies everybody or never matters, or `lint` would end with 1
  2  the template cannot be checked")]
pub(crate) struct Check {
    /// CloudFormation template, in YAML or JSON
    #[arg(value_name = "PATH")]
    pub(crate) template: PathBuf,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    /// Scenario: its name under `scenarios`, its folder or its file
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
}

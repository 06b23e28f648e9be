//! The arguments of `tagproof init`, `check` and `review`.

use std::path::PathBuf;

use clap::Args;

use super::simulate::parameter;

/// How a scenario comes about.
const EXAMPLES: &str = "\
Examples:
  tagproof init template.yaml
  tagproof init cdk.out --stack Reports
  tagproof run scenarios/template
  tagproof review scenarios/template";

/// What somebody points at.
#[derive(Debug, Args)]
pub(crate) struct Deployed {
    /// CloudFormation or SAM template, a folder that `cdk synth` has written, or what `terraform show -json` prints of a plan or
    /// a state
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// Stack of a folder of the CDK's, if it has several
    #[arg(long, value_name = "NAME")]
    pub(crate) stack: Option<String>,
    /// A parameter of the template, such as Stage=prod; also AWS::AccountId, AWS::Region and AWS::StackName
    ///
    /// Parameters without a value and without a default get a value that is made up.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub(crate) parameter: Vec<(String, String)>,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) deployed: Deployed,
    /// Folder to write the scenario to [default: a folder in `scenarios`, called after the template]
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
  0  nothing to look at
  1  a condition denies everybody or never matters, or `lint` would end with 1
  2  the template cannot be read

Examples:
  tagproof check template.yaml
  tagproof check cdk.out --stack Reports
  terraform show -json plan.out > plan.json && tagproof check plan.json")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) deployed: Deployed,
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

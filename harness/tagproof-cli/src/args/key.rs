//! The arguments of `tagproof key`.

use std::path::PathBuf;

use clap::Args;

/// What is asked most.
const EXAMPLES: &str = "\
Examples:
  tagproof key aws:RequestTag
  tagproof key aws:ResourceTag/team --service ec2
  tagproof key ec2:RunInstances
  tagproof key aws:RequestTag --policy policy.json";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Key {
    /// A condition key, with or without a tag behind the slash, or an action; letter case does not count
    pub(crate) name: String,
    /// List the actions of this service that carry the key, with their rows
    #[arg(long, value_name = "PREFIX")]
    pub(crate) service: Option<String>,
    /// Say which statements of a policy or template use the key, and on which rows a request can carry it; `-` for standard
    /// input; repeat it for several files
    #[arg(long, value_name = "FILE", visible_alias = "template")]
    pub(crate) policy: Vec<PathBuf>,
    /// Leave nothing out, however long it gets
    #[arg(long)]
    pub(crate) all: bool,
    /// Print everything as JSON, one line for each card
    #[arg(long)]
    pub(crate) json: bool,
}

//! The arguments of `tagproof learn`.

use clap::Args;

/// How it goes.
const EXAMPLES: &str = "\
Examples:
  tagproof learn
  tagproof learn ForAllValues
  tagproof learn run-instances-row-without-request-tag

Answer a for allowed and d for denied; q quits.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Learn {
    /// Scenario to be asked about: its name under `scenarios`, or its folder; or a symptom: its number in the list, or words
    /// of it. Without it, the symptoms are listed
    #[arg(value_name = "SYMPTOM|SCENARIO")]
    pub(crate) what: Vec<String>,
}

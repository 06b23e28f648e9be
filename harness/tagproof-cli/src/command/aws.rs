//! Scenarios in a real AWS account.

use anyhow::Context;
use matrix::{Fidelity, Prepared, Results};
use runner::{Aws, Emulator, On, PlannedResource, Stop, Watch};

use super::scenario_backend::each;
use crate::output;

/// Runs scenarios in the account that the user has named, after showing what is made there.
pub(super) async fn run(
    own: Option<&str>,
    scenarios: &[Prepared],
    watch: Watch,
    stop: &Stop,
) -> anyhow::Result<Vec<Results>> {
    let own = own.context(
        "`--backend aws` creates and deletes buckets, users, roles and policies in your account: pass \
         --i-own-this-account ACCOUNT_ID to confirm",
    )?;
    let aws = Aws::find(None, own).await?;
    output::note(&format!(
        "as {} in account {}, {}: each option makes some of these and deletes them again",
        aws.caller, aws.account, aws.region
    ));
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).context("the operating system gives no random numbers")?;
    let emulator = Emulator::aws(aws, chance);
    for PlannedResource { kind, name } in emulator.would_make(scenarios)? {
        output::note(&format!("  {kind:16}  {name}"));
    }
    each(scenarios, On::Bare(&emulator), watch, stop).await
}

/// Whether every cell that could be asked for is as AWS documents it.
pub(super) fn is_documented(results: &Results) -> bool {
    results.cells.iter().all(|cell| matches!(cell.fidelity(), Fidelity::Match | Fidelity::Unsupported))
}

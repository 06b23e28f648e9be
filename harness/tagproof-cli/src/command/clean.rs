//! `tagproof clean`.

use runner::Aws;

use crate::args::Clean;
use crate::exit::Exit;
use crate::output;

pub(crate) async fn clean(arguments: &Clean) -> anyhow::Result<Exit> {
    let aws = Aws::find(None, &arguments.i_own_this_account).await?;
    let found = runner::leftovers(&aws).await.map_err(anyhow::Error::msg)?;
    let place = format!("account {}, {}", aws.account, aws.region);
    if found.is_empty() {
        output::note(&format!("nothing to delete in {place}: no run has left anything there"));
        return Ok(Exit::AsExpected);
    }
    output::note(&format!("deleting what runs have left in {place}:"));
    found.iter().for_each(|leftover| output::note(&format!("  {leftover}")));
    let mut failed = Vec::new();
    for leftover in &found {
        match runner::delete(&aws, leftover).await {
            Ok(()) => output::data(&format!("{leftover}\n"))?,
            Err(told) => failed.push(told),
        }
    }
    anyhow::ensure!(failed.is_empty(), "could not be deleted: {}", failed.join("; "));
    Ok(Exit::AsExpected)
}

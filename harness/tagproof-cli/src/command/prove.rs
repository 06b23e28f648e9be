//! `tagproof prove`.

mod condition;
mod question;

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use matrix::{Claimed, Prepared};
use prove::Options;
use simulate::Proved;

use super::{proving, scenarios, text};
use crate::args::{Prove, Proving, SCENARIOS};
use crate::exit::Exit;
use crate::output;

pub(crate) fn prove(arguments: &Prove) -> anyhow::Result<Exit> {
    if let Some(path) = &arguments.batch {
        return batch(path, &arguments.proving);
    }
    let options = proving::options(&arguments.proving);
    match arguments.never || arguments.always {
        true => question::question(arguments, &options),
        false => of_scenarios(arguments, &options),
    }
}

fn of_scenarios(arguments: &Prove, options: &Options) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        arguments.action.is_empty() && arguments.resource.is_empty(),
        "the claim does not say what it claims\nhelp: add `--never` or `--always`"
    );
    let paths = if arguments.scenarios.is_empty() { &[PathBuf::from(SCENARIOS)] } else { &arguments.scenarios[..] };
    let Some(prepared) = scenarios::load(paths)? else { return Ok(Exit::NotRun) };
    let settled = |prepared: &Prepared| matrix::claims(prepared, options);
    let claims: Vec<Vec<Claimed>> = prepared.iter().map(settled).collect::<Result<_, _>>()?;
    let all: Vec<&Claimed> = claims.iter().flatten().collect();
    anyhow::ensure!(
        !all.is_empty(),
        "there are no claims\nhelp: write them under `claims` in scenario.yaml, or give one by flags; docs/proofs.md has the forms"
    );
    for (prepared, claims) in prepared.iter().zip(&claims).filter(|(_, claims)| !claims.is_empty()) {
        output::data(&told(prepared, claims, arguments))?;
    }
    let total = report::claims_total(&all);
    if arguments.json {
        output::note(&total)
    } else {
        output::data(&format!("{total}\n"))?
    }
    Ok(exit(&all))
}

/// The claims of one scenario.
fn told(prepared: &Prepared, claims: &[Claimed], arguments: &Prove) -> String {
    if arguments.json {
        let line = |claimed| {
            let mut json = report::claim_json(claimed);
            json["scenario"] = prepared.name.as_str().into();
            format!("{json}\n")
        };
        return claims.iter().map(line).collect();
    }
    let page = output::page();
    match arguments.quiet {
        true => report::unexpected_claims(prepared, claims, page).map(|text| text + "\n").unwrap_or_default(),
        false => report::claims(prepared, claims, page) + "\n",
    }
}

fn batch(path: &Path, given: &Proving) -> anyhow::Result<Exit> {
    let options = || proving::options(given);
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let became = simulate::prove_lines(text::lines(path)?, io::stdout(), workers, &options)?;
    proving::note_lines(became.lines, became.bad, became.undecided);
    Ok(match became {
        Proved { bad: 1.., .. } => Exit::NotRun,
        Proved { failed: 1.., .. } => Exit::Unexpected,
        Proved { undecided: 1.., .. } => Exit::NotRun,
        _ => Exit::AsExpected,
    })
}

/// What was found counts before what was not settled.
fn exit(all: &[&Claimed]) -> Exit {
    match () {
        () if all.iter().any(|one| one.holds().is_some() && !one.ok()) => Exit::Unexpected,
        () if all.iter().any(|one| one.holds().is_none()) => Exit::NotRun,
        () => Exit::AsExpected,
    }
}

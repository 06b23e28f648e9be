//! `tagproof predict`.

use scenario::Results;

use crate::args::Predict;
use crate::exit::Exit;

use super::{run, scenarios};

pub(crate) fn predict(arguments: &Predict) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let all: Vec<Results> = prepared.iter().map(scenario::predict).collect::<Result<_, _>>()?;
    run::show(&all, tagproof::EMBEDDED, arguments.json)?;
    Ok(if all.iter().all(Results::ok) { Exit::AsExpected } else { Exit::Unexpected })
}

//! `tagproof predict`.

use matrix::Results;

use crate::args::Predict;
use crate::exit::Exit;

use super::scenarios;
use super::show::show;

pub(crate) fn predict(arguments: &Predict) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let all: Vec<Results> = prepared.iter().map(matrix::predict).collect::<Result<_, _>>()?;
    show(&prepared, &all, tagproof::EMBEDDED, &arguments.print)?;
    Ok(if all.iter().all(Results::ok) { Exit::AsExpected } else { Exit::Unexpected })
}

//! `tagproof predict`.

use matrix::Results;

use crate::args::Predict;
use crate::exit::Exit;

use super::scenarios;
use super::show::show;

pub(crate) fn predict(arguments: &Predict) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let mut all: Vec<Results> = prepared.iter().map(matrix::predict).collect::<Result<_, _>>()?;
    for (prepared, results) in prepared.iter().zip(&mut all) {
        results.claims = matrix::claims(prepared, &prove::Options::default())?;
    }
    show(&prepared, &all, tagproof::EMBEDDED, &arguments.print)?;
    Ok(if all.iter().all(Results::ok) { Exit::AsExpected } else { Exit::Unexpected })
}

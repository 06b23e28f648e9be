//! `tagproof explain`.

use crate::args::Explain;
use crate::exit::Exit;
use crate::output;

use super::{cell, scenarios};

pub(crate) fn explain(arguments: &Explain) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load_one(&arguments.scenario)? else { return Ok(Exit::NotRun) };
    let results = matrix::predict(&prepared)?;
    let words = [&arguments.option, &arguments.caller, &arguments.request];
    let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
    let cell = cell::find(&results, &words)?;
    output::data(&match arguments.json {
        true => format!("{}\n", report::cell_json(&results, cell)),
        false => report::laid_out(&report::explanation(&prepared, &results, cell), output::page()),
    })?;
    // A prediction runs no container: that is no disagreement.
    let as_expected = cell.ok || cell.outcome.why_not_run().is_some();
    Ok(if as_expected { Exit::AsExpected } else { Exit::Unexpected })
}

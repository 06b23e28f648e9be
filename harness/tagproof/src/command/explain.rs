//! `tagproof explain`.

use scenario::Results;

use crate::args::Explain;
use crate::exit::Exit;
use crate::output;

use super::scenarios;

pub(crate) fn explain(arguments: &Explain) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load_one(&arguments.scenario)? else { return Ok(Exit::NotRun) };
    let results = scenario::predict(&prepared)?;
    let option = find("option", &arguments.option, results.options.iter().map(|option| option.name.as_str()))?;
    let caller = find("caller", &arguments.caller, results.callers.iter().map(|caller| caller.name.as_str()))?;
    let request = find("request", &arguments.request, results.requests.iter().map(|one| one.name.as_str()))?;
    let cell = cell(&results, option, caller, request)?;
    output::data(&match arguments.json {
        true => format!("{}\n", report::cell_json(&results, cell)),
        false => report::explanation(&results, cell),
    })?;
    // A prediction runs no container: that is no disagreement.
    let as_expected = cell.ok || cell.outcome.why_not_run().is_some();
    Ok(if as_expected { Exit::AsExpected } else { Exit::Unexpected })
}

fn cell(results: &Results, option: usize, caller: usize, request: usize) -> anyhow::Result<&scenario::Cell> {
    results.cell(option, caller, request).ok_or_else(|| anyhow::anyhow!("the scenario has no such cell"))
}

pub(super) fn find<'a>(
    what: &str,
    wanted: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> anyhow::Result<usize> {
    known.clone().position(|name| name == wanted).ok_or_else(|| {
        let near = source::suggest(wanted, known.clone()).map(|name| format!("; did you mean `{name}`?"));
        let all = || format!("; there are {}", known.collect::<Vec<_>>().join(", "));
        anyhow::anyhow!("there is no {what} `{wanted}`{}", near.unwrap_or_else(all))
    })
}

//! What a run or a prediction has found out, printed.

use backend::Backend;
use matrix::{Prepared, Results};

use super::aws;
use crate::args::Print;
use crate::output;

/// How many scenarios have a line each. Of more, so that the end of a run is one screen, only those that have something to say.
const LINES: usize = 30;

/// One line for each scenario, or the whole matrix of one; each cell that is not as expected; and the total as the last line.
/// With --json a line of JSON for each scenario, and the rest to stderr.
pub(super) fn show(prepared: &[Prepared], all: &[Results], backend: &str, how: &Print) -> anyhow::Result<()> {
    if how.json {
        for results in all {
            output::data(&format!("{}\n", report::json(results, backend)))?;
        }
        lines(all, how).iter().for_each(|line| output::note(line));
        output::note(&report::total(all));
        report::unconfirmed(all).iter().for_each(|line| output::note(line));
        return Ok(());
    }
    let page = output::page();
    let mut parts = Vec::new();
    let with_matrix = how.verbose || (all.len() == 1 && !how.quiet);
    if with_matrix {
        for results in all {
            let reasons = if how.verbose { report::details(results, page) } else { String::new() };
            parts.push(report::matrix(results, page) + &reasons);
        }
    }
    if !how.quiet && (all.len() > 1 || all.iter().any(says_more)) {
        parts.push(lines(all, how).iter().map(|line| format!("{line}\n")).collect());
    }
    for (prepared, results) in prepared.iter().zip(all) {
        match results.bare {
            // What an emulator does is an observation; and a matrix shows them.
            Some(_) if with_matrix || backend != Backend::Aws.name() || aws::is_documented(results) => {}
            Some(_) => parts.push(report::differences(results, page)),
            None => parts.extend(report::unexpected(prepared, results, None, page)),
        }
    }
    parts.push(format!("{}\n", report::total(all)));
    if let (Some(line), Some(last)) = (report::unconfirmed(all), parts.last_mut()) {
        last.push_str(&format!("{line}\n"));
    }
    parts.retain(|part| !part.is_empty());
    output::data(&parts.join("\n"))?;
    Ok(())
}

fn lines(all: &[Results], how: &Print) -> Vec<String> {
    let is_told = |results: &&Results| all.len() <= LINES || how.verbose || is_news(results);
    let told: Vec<&Results> = all.iter().filter(is_told).collect();
    let width = told.iter().map(|results| results.scenario.chars().count()).max().unwrap_or(0);
    told.iter().map(|results| report::line(results, width)).collect()
}

/// Whether a scenario's own line says what the total does not.
fn is_news(results: &Results) -> bool {
    !results.ok() || results.bare.is_some() || results.not_run().is_some()
}

/// Whether a scenario's own line says what neither its matrix nor the total does.
fn says_more(results: &Results) -> bool {
    results.bare.is_some() || results.timings.emulator.is_some() || results.not_run().is_some()
}

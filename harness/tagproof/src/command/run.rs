//! `tagproof run`.

use std::path::Path;

use anyhow::Context;
use scenario::{Prepared, Results};

use crate::args::Run;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::{output, write};

use super::scenarios;

pub(crate) async fn run(arguments: &Run) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let progress = Progress::new(&prepared);
    let finished = tokio::select! {
        finished = tagproof::run(&prepared, progress.watch()) => Some(finished),
        interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| None)?,
    };
    progress.end();
    let Some(finished) = finished else {
        output::note("interrupted: nothing was written");
        return Ok(Exit::Interrupted);
    };
    let all = finished?;
    show(&all, arguments.json)?;
    if arguments.update_snapshots {
        update(&prepared, &all, &arguments.snapshots)?;
    }
    Ok(if all.iter().all(Results::ok) { Exit::AsExpected } else { Exit::Unexpected })
}

/// Each scenario's matrix, or its results as one line of JSON.
pub(super) fn show(all: &[Results], json: bool) -> anyhow::Result<()> {
    for (at, results) in all.iter().enumerate() {
        let text = match json {
            true => format!("{}\n", report::json(results, tagproof::EMBEDDED)),
            false => format!("{}{}", if at == 0 { "" } else { "\n\n" }, report::matrix(results)),
        };
        output::data(&text)?;
    }
    for results in all {
        let unexpected = results.cells.iter().filter(|cell| !cell.ok).count();
        let outcome = match unexpected {
            0 => "all as expected".to_owned(),
            some => format!("{some} not as expected"),
        };
        let cells = results.cells.len();
        output::note(&format!(
            "{}: {cells} cells, {outcome}, {:.2} s",
            results.scenario,
            results.timings.total.as_secs_f64()
        ));
    }
    Ok(())
}

/// Writes the snapshots, and the matrix into the READMEs that have a place for it. Each file whole or not at all.
fn update(prepared: &[Prepared], all: &[Results], folder: &Path) -> anyhow::Result<()> {
    for (prepared, results) in prepared.iter().zip(all) {
        let snapshot = report::snapshot(results, tagproof::EMBEDDED);
        write::whole(&folder.join(format!("{}.snap", snapshot.name)), &snapshot.file())?;
        let readme = prepared.folder.join("README.md");
        if !readme.is_file() {
            continue;
        }
        let text = std::fs::read_to_string(&readme).with_context(|| format!("cannot read {}", readme.display()))?;
        if let Some(current) = tagproof::with_matrix(&text, results).filter(|current| *current != text) {
            write::whole(&readme, &current)?;
        }
    }
    Ok(())
}

//! `tagproof run`.

use std::path::Path;

use anyhow::Context;
use backend::Backend;
use scenario::{Images, Prepared, Results};

use crate::args::{Launching, Run};
use crate::exit::Exit;
use crate::progress::Progress;
use crate::{output, write};

use super::on::{Decides, On};
use super::scenarios;

pub(crate) async fn run(arguments: &Run) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let launcher = match arguments.launcher {
        Some(Launching::Sdk) => None,
        Some(Launching::Process) | None => Some(tagproof::launcher(images(&arguments.image))?),
    };
    let progress = Progress::new(&prepared);
    let crate::args::On { backend, key, bare } = &arguments.on;
    let on = On { backend, key: &key.backend_key, decides: if *bare { Decides::Emulator } else { Decides::Tagproof } };
    let finished = tokio::select! {
        finished = on.run(&prepared, launcher.as_ref(), progress.watch()) => Some(finished),
        interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| None)?,
    };
    progress.end();
    let Some(finished) = finished else {
        output::note("interrupted: nothing was written");
        if let Backend::Endpoint { url } = backend {
            output::note(&format!("what the run has made at {url} may still be there"));
        }
        return Ok(Exit::Interrupted);
    };
    let (all, backend) = (finished?, on.name());
    show(&all, &backend, arguments.json)?;
    if arguments.launcher == Some(Launching::Process) && all.iter().any(|results| results.not_run().is_some()) {
        output::note("not everything could be run as --launcher process asks for");
        return Ok(Exit::NotRun);
    }
    if arguments.update_snapshots {
        update(&prepared, &all, &backend, &arguments.snapshots)?;
    }
    // What an emulator does is an observation: there is nothing that it has to be.
    let as_expected = |results: &Results| results.bare.is_some() || results.ok();
    Ok(if all.iter().all(as_expected) { Exit::AsExpected } else { Exit::Unexpected })
}

fn images(given: &[(String, String)]) -> Images {
    let mut images = Images::default();
    given.iter().for_each(|(image, program)| images.map(image, program));
    images
}

/// Each scenario's matrix, or its results as one line of JSON.
pub(super) fn show(all: &[Results], backend: &str, json: bool) -> anyhow::Result<()> {
    for (at, results) in all.iter().enumerate() {
        let text = match json {
            true => format!("{}\n", report::json(results, backend)),
            false => format!("{}{}", if at == 0 { "" } else { "\n\n" }, report::matrix(results)),
        };
        output::data(&text)?;
    }
    for results in all {
        if let Some(line) = tagproof::left_out(results) {
            output::note(&line);
        }
        let not_run = results.not_run().map_or(0, |(cells, _)| cells);
        let unexpected = results.cells.iter().filter(|cell| !cell.ok).count() - not_run;
        let outcome = match (&results.bare, unexpected) {
            (Some(bare), _) => format!("{}; {} {}", report::counts(results), bare.backend, bare.verdict()),
            (None, 0) if not_run > 0 => "all others as expected".to_owned(),
            (None, 0) => "all as expected".to_owned(),
            (None, some) => format!("{some} not as expected"),
        };
        let cells = results.cells.len();
        let took = results.timings.total.as_secs_f64();
        let emulator = match results.timings.emulator {
            Some(own) => format!(", {:.2} s of it the emulator's", own.as_secs_f64()),
            None => String::new(),
        };
        output::note(&format!("{}: {cells} cells, {outcome}, {took:.2} s{emulator}", results.scenario));
    }
    Ok(())
}

/// Writes the snapshots, and the embedded account's matrix into the READMEs that have a place for it. Each file whole or not at all.
fn update(prepared: &[Prepared], all: &[Results], backend: &str, folder: &Path) -> anyhow::Result<()> {
    for (prepared, results) in prepared.iter().zip(all) {
        if results.not_run().is_some() {
            output::note(&format!("{}: its snapshot was not written, since not all of it was run", results.scenario));
            continue;
        }
        let snapshot = report::snapshot(results, backend);
        write::whole(&folder.join(format!("{}.snap", snapshot.name)), &snapshot.file())?;
        let readme = prepared.folder.join("README.md");
        if backend != tagproof::EMBEDDED || !readme.is_file() {
            continue;
        }
        let text = std::fs::read_to_string(&readme).with_context(|| format!("cannot read {}", readme.display()))?;
        if let Some(current) = tagproof::with_matrix(&text, results).filter(|current| *current != text) {
            write::whole(&readme, &current)?;
        }
    }
    Ok(())
}

//! `tagproof run`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use backend::Backend;
use matrix::{Prepared, Results};
use runner::{Images, Launcher, Stop};
use tagproof::{Snapshots, write};

use crate::args::{Launching, Run};
use crate::exit::Exit;
use crate::output;
use crate::progress::Progress;

use super::interrupt::{Ended, Interrupt};
use super::scenario_backend::{Decides, ScenarioBackend};
use super::show::show;
use super::{aws, scenarios, text};

pub(crate) async fn run(arguments: &Run) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let crate::args::BackendArguments { backend, key, bare, i_own_this_account: own } = &arguments.on;
    let is_aws = *backend == Backend::Aws;
    anyhow::ensure!(is_aws || own.is_none(), "--i-own-this-account is for --backend aws");
    refuse_launcher(arguments)?;
    anyhow::ensure!(
        !(arguments.check && (*bare || is_aws)),
        "--check is for runs that tagproof decides: what others decide is an observation, and version control shows changes"
    );
    let launcher = launcher(arguments);
    let progress = Progress::new(&prepared);
    let on = ScenarioBackend {
        backend,
        key: &key.backend_key,
        decides: if *bare { Decides::Emulator } else { Decides::Tagproof },
    };
    let stop = Stop::default();
    let leaves = is_aws || matches!(backend, Backend::Endpoint { .. });
    let work = async {
        match is_aws {
            true => aws::run(own.as_deref(), &prepared, progress.watch(), &stop).await,
            false => on.run(&prepared, launcher.as_ref(), progress.watch(), &stop).await,
        }
    };
    let finished = Interrupt::listen()?.during(Box::pin(work), leaves.then_some(&stop)).await;
    progress.end();
    if let Some(launcher) = &launcher {
        launcher.clear().await;
    }
    let mut all = match finished {
        Ended::Finished(all) => all?,
        Ended::Interrupted { signal, left } => {
            output::note("interrupted: nothing was written");
            left.iter().for_each(|line| output::note(line));
            if is_aws && !left.is_empty() {
                output::note("`tagproof clean` deletes it");
            }
            return Ok(Exit::Interrupted(signal));
        }
    };
    // What others decide proves nothing of the engine's decisions.
    for (prepared, results) in prepared.iter().zip(&mut all).filter(|(_, results)| results.bare.is_none()) {
        results.claims = matrix::claims(prepared, &prove::Options::default())?;
    }
    let backend = if is_aws { backend.name().to_owned() } else { on.name() };
    let mut as_pinned = true;
    if arguments.check {
        as_pinned = check(&prepared, &all, &backend, arguments)?;
    } else {
        show(&prepared, &all, &backend, &arguments.print)?;
    }
    let insists = match arguments.launcher {
        Some(Launching::Process) => Some("process"),
        Some(Launching::Docker) => Some("docker"),
        Some(Launching::Sdk) | None => None,
    };
    if let Some(way) = insists.filter(|_| all.iter().any(|results| results.not_run().is_some())) {
        output::note(&format!("not everything could be run as --launcher {way} asks for"));
        return Ok(Exit::NotRun);
    }
    if arguments.update_snapshots {
        update(&prepared, &all, &backend, &arguments.snapshots)?;
    } else if !arguments.check && !arguments.print.quiet {
        note_unpinned(&prepared, &all, &backend, &arguments.snapshots)?;
    }
    let as_expected = |results: &Results| match results.bare {
        Some(_) if is_aws => aws::is_documented(results),
        // What an emulator does is an observation: there is nothing that it has to be.
        Some(_) => true,
        None => results.ok(),
    };
    Ok(if as_pinned && all.iter().all(as_expected) { Exit::AsExpected } else { Exit::Unexpected })
}

/// Where others decide no container is run.
fn refuse_launcher(arguments: &Run) -> anyhow::Result<()> {
    const WHY: &str = "--launcher and --image are for runs that tagproof decides";
    if arguments.launcher.is_none() && arguments.image.is_empty() {
        return Ok(());
    }
    let on = &arguments.on;
    anyhow::ensure!(on.backend != Backend::Aws, "{WHY}: no container is run in a real account");
    anyhow::ensure!(!on.bare, "{WHY}: leave them out, or --bare");
    Ok(())
}

fn launcher(arguments: &Run) -> Option<Arc<Launcher>> {
    let images = images(&arguments.image);
    let made = match arguments.launcher {
        Some(Launching::Sdk) => return None,
        Some(Launching::Process) => Launcher::process(images, Arc::new(output::note)),
        Some(Launching::Docker) => Launcher::docker(images, Arc::new(output::note)),
        None => Launcher::either(images, Arc::new(output::note)),
    };
    Some(Arc::new(made))
}

pub(super) fn images(given: &[(String, String)]) -> Images {
    let mut images = Images::default();
    given.iter().for_each(|(image, other)| images.map(image, other));
    images
}

/// Holds results against their snapshots, and prints every difference and the total.
fn check(prepared: &[Prepared], all: &[Results], backend: &str, arguments: &Run) -> anyhow::Result<bool> {
    let mut parts = Vec::new();
    let mut unlike = 0;
    for (prepared, results) in prepared.iter().zip(all) {
        let compared = Snapshots(&arguments.snapshots).compare(prepared, results, backend)?;
        unlike += usize::from(results.not_run().is_none() && !compared.is_same());
        match (tagproof::left_out(results), compared.difference(prepared, results, output::page())) {
            (Some(line), _) if results.ok() => output::note(&format!("{line}; its snapshot was not compared")),
            (_, Some(difference)) => parts.push(difference),
            (_, None) if arguments.print.quiet => {}
            (_, None) => {
                output::note(&format!("{}: {} cells, all as in the snapshot", results.scenario, results.cells.len()))
            }
        }
    }
    let is_fine = parts.is_empty();
    let snapshots = match unlike {
        0 => "no snapshot differs".to_owned(),
        1 => "1 snapshot differs or is missing".to_owned(),
        some => format!("{some} snapshots differ or are missing"),
    };
    parts.push(report::laid_out(&format!("{}; {snapshots}", report::total(all)), output::page()));
    output::data(&parts.join("\n"))?;
    Ok(is_fine)
}

/// Tells once which scenarios have no snapshot, and how to write it.
fn note_unpinned(prepared: &[Prepared], all: &[Results], backend: &str, folder: &Path) -> anyhow::Result<()> {
    let mut without = Vec::new();
    for (prepared, results) in prepared.iter().zip(all) {
        if results.bare.is_none() && results.ok() && results.not_run().is_none() {
            let compared = Snapshots(folder).compare(prepared, results, backend)?;
            without.extend(compared.pinned.is_none().then_some(prepared));
        }
    }
    if !without.is_empty() {
        let names: Vec<_> = without.iter().map(|prepared| prepared.name.as_str()).collect();
        let update = Snapshots(folder).update(&without, backend);
        output::note(&format!("no snapshot yet: {}; write it with `{update}`", names.join(", ")));
    }
    Ok(())
}

/// Writes the snapshots, of the embedded account the sections that READMEs have a place for, and the index of a whole folder.
/// Each file whole or not at all, and none of a scenario that is not as expected.
fn update(prepared: &[Prepared], all: &[Results], backend: &str, folder: &Path) -> anyhow::Result<()> {
    for (prepared, results) in prepared.iter().zip(all) {
        let why = match results.not_run() {
            Some((_, why)) => format!("not all of it was run: {why}"),
            None if results.bare.is_none() && !results.ok() => {
                let file = matrix::lexical(&prepared.folder.join("scenario.yaml"));
                format!("not everything is as expected; mend the policy, or the expectation in {}", file.display())
            }
            None => String::new(),
        };
        if !why.is_empty() {
            output::note(&format!("{}: its snapshot was not written, since {why}", results.scenario));
            continue;
        }
        let compared = Snapshots(folder).compare(prepared, results, backend)?;
        if compared.accept()? {
            output::note(&format!("wrote {}", compared.path.display()));
        }
        if backend == tagproof::EMBEDDED {
            rewrite(&prepared.folder.join("README.md"), |text| tagproof::with_sections(text, prepared, results))?;
        }
    }
    if let Some(folder) = whole_folder(prepared) {
        rewrite(&folder.join("README.md"), |text| tagproof::with_index(text, prepared))?;
    }
    Ok(())
}

/// The folder that the scenarios are in, if they are all that it has: then its index can be made.
fn whole_folder(prepared: &[Prepared]) -> Option<PathBuf> {
    let folder = prepared.first()?.folder.parent()?.to_owned();
    let all = tagproof::scenario_files(&folder).ok()?;
    let is_run = |file: &PathBuf| prepared.iter().any(|one| Some(&*one.folder) == file.parent());
    all.iter().all(is_run).then_some(folder)
}

/// Writes a README anew, if it is there and something in it is made here that has changed.
fn rewrite(readme: &Path, make: impl Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    if !readme.is_file() {
        return Ok(());
    }
    let text = text::of_file(readme, text::LARGEST)?;
    if let Some(current) = make(&text).filter(|current| *current != text) {
        write::whole(readme, &current)?;
        output::note(&format!("wrote {}", readme.display()));
    }
    Ok(())
}

//! `tagproof fidelity`.

use anyhow::Context;
use backend::{Backend, Options};
use matrix::{Prepared, Results};
use report::{Fidelities, Observed, ObservedRun};
use runner::Stop;
use tagproof::write;

use super::interrupt::SIGINT;
use super::scenario_backend::{Decides, ScenarioBackend};
use super::scenarios;
use crate::args::Fidelity;
use crate::exit::Exit;
use crate::output;
use crate::progress::Progress;

pub(crate) async fn fidelity(arguments: &Fidelity) -> anyhow::Result<Exit> {
    let Some(prepared) = scenarios::load(&arguments.scenarios.paths)? else { return Ok(Exit::NotRun) };
    let found = tokio::select! {
        found = Box::pin(observe(arguments, &prepared)) => found?,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            output::note("interrupted: nothing was written");
            return Ok(Exit::Interrupted(SIGINT));
        }
    };
    for (backend, why) in &found.unreachable {
        output::note(&format!("{backend} could not be reached: {why}"));
    }
    anyhow::ensure!(!found.observed.is_empty(), "no emulator could be reached; nothing was written");
    let json = serde_json::to_string_pretty(&found.json()).context("results are JSON")?;
    write::whole(&arguments.out.join("fidelity.md"), &found.markdown())?;
    write::whole(&arguments.out.join("fidelity.json"), &format!("{json}\n"))?;
    output::data(&found.markdown())?;
    Ok(Exit::AsExpected)
}

/// Every scenario on one emulator after the other.
async fn observe(arguments: &Fidelity, prepared: &[Prepared]) -> anyhow::Result<Fidelities> {
    let predicted: Vec<Results> = prepared.iter().map(matrix::predict).collect::<Result<_, _>>()?;
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut found = Fidelities { date, observed: Vec::new(), unreachable: Vec::new() };
    for backend in &arguments.backend {
        anyhow::ensure!(
            !matches!(backend, Backend::Embedded | Backend::Aws),
            "`fidelity` compares emulators with AWS, and {backend} is not an emulator: use moto, localstack, ministack or a \
             URL"
        );
        let on = ScenarioBackend { backend, decides: Decides::Emulator, key: &arguments.key.backend_key };
        let progress = Progress::new(prepared);
        let ran = Box::pin(on.run(prepared, None, progress.watch(), &Stop::default())).await;
        progress.end();
        match ran {
            Ok(results) => {
                let label = results.first().and_then(|results| results.bare.as_ref()).map(|bare| bare.backend.clone());
                let runs = results.into_iter().zip(predicted.clone());
                let runs = runs.map(|(results, predicted)| ObservedRun { results, predicted }).collect();
                let (label, note) = (label.unwrap_or_else(|| backend.to_string()), note(backend));
                found.observed.push(Observed { backend: label, note, runs });
            }
            Err(error) => found.unreachable.push((backend.to_string(), format!("{error:#}"))),
        }
    }
    Ok(found)
}

/// What there is to know of how an emulator was started.
fn note(backend: &Backend) -> Option<&'static str> {
    let without_token = *backend == Backend::Localstack && Options::from_environment().localstack_token.is_none();
    without_token.then_some("was run without LOCALSTACK_AUTH_TOKEN, and without one it enforces no policies")
}

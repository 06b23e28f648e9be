//! The scenario and the option whose world is served.

use account::AccessKey;
use anyhow::Context;
use matrix::Prepared;
use runner::Standing;
use wire::{Hosting, Server};

use crate::args::Serve;
use crate::command::scenarios;

pub(super) struct ServedOption {
    prepared: Prepared,
    option: usize,
}

impl ServedOption {
    /// As the command line names it; `None`: the scenario has errors, and all have been shown.
    pub(super) fn load(serve: &Serve) -> anyhow::Result<Option<Option<Self>>> {
        let Some(path) = &serve.scenario else { return Ok(Some(None)) };
        let Some(prepared) = scenarios::load_one(path)? else { return Ok(None) };
        let name = serve.option.as_deref().with_context(|| {
            let all: Vec<_> = prepared.options().collect();
            let (scenario, one) = (report::quoted(&path.display().to_string()), report::quoted(all[0]));
            let help = format!("help: name one, such as `tagproof serve --scenario {scenario} --option {one}`");
            format!("--option is missing: which option of the scenario is set up\noptions: {}\n{help}", all.join(", "))
        })?;
        let option = find("option", name, prepared.options())?;
        if let Some(caller) = &serve.caller {
            find("caller", caller, prepared.callers())?;
        }
        Ok(Some(Some(Self { prepared, option })))
    }

    /// Sets it up.
    pub(super) async fn stand(&self, server: &Server, root: AccessKey, hosting: Hosting) -> anyhow::Result<Standing> {
        Ok(runner::stand(&self.prepared, self.option, server, root, hosting).await?)
    }
}

/// The place of a name among those that there are.
fn find<'a>(what: &str, wanted: &str, known: impl Iterator<Item = &'a str> + Clone) -> anyhow::Result<usize> {
    known.clone().position(|name| name == wanted).ok_or_else(|| {
        let near = source::suggest(wanted, known.clone()).map(|name| format!("; did you mean `{name}`?"));
        let all = || format!("; there are {}", known.collect::<Vec<_>>().join(", "));
        anyhow::anyhow!("there is no {what} `{wanted}`{}", near.unwrap_or_else(all))
    })
}

//! The scenario and the option whose world is served.

use account::AccessKey;
use anyhow::Context;
use scenario::{Prepared, Standing};
use wire::{Hosting, Server};

use crate::args::Serve;
use crate::command::explain::find;
use crate::command::scenarios;

pub(super) struct Scene {
    prepared: Prepared,
    option: usize,
}

impl Scene {
    /// As the command line names it; `None`: the scenario has errors, and all have been shown.
    pub(super) fn load(serve: &Serve) -> anyhow::Result<Option<Option<Self>>> {
        let Some(path) = &serve.scenario else { return Ok(Some(None)) };
        let Some(prepared) = scenarios::load_one(path)? else { return Ok(None) };
        let name = serve.option.as_deref().context("name an option of the scenario with --option")?;
        let option = find("option", name, prepared.options())?;
        if let Some(caller) = &serve.caller {
            find("caller", caller, prepared.callers())?;
        }
        Ok(Some(Some(Self { prepared, option })))
    }

    /// Sets it up.
    pub(super) async fn stand(&self, server: &Server, root: AccessKey, hosting: Hosting) -> anyhow::Result<Standing> {
        Ok(scenario::stand(&self.prepared, self.option, server, (root, hosting)).await?)
    }
}

//! `tagproof completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::exit::Exit;
use crate::output;

pub(crate) fn completions(shell: Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "tagproof", &mut script);
    output::data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::AsExpected)
}

//! `tagproof compare`.

mod check;
mod documents;
mod git;
mod inventory;
mod operand;
mod owners;
mod shown;

use std::io;
use std::num::NonZero;
use std::path::Path;

use prove::Options;

use crate::args::Compare;
use crate::exit::Exit;
use crate::output;

use super::proving;
use documents::Documents;
use operand::Operand;

pub(crate) fn compare(arguments: &Compare) -> anyhow::Result<Exit> {
    let options = proving::options(&arguments.proving);
    if let Some(path) = &arguments.batch {
        return batch(path, &options);
    }
    if arguments.not_granted || arguments.not_public {
        return check::check(arguments, &options);
    }
    let mut ended = Exit::AsExpected;
    for [old, new] in operand::pairs(arguments)? {
        let compared = pair(arguments, &old, &new, &options)?;
        ended = worse(ended, compared);
    }
    Ok(ended)
}

fn pair(arguments: &Compare, old: &Operand, new: &Operand, options: &Options) -> anyhow::Result<Exit> {
    if [old, new].iter().any(|side| side.has_owners()) {
        return owners::compare(arguments, [old, new], options);
    }
    let Some([before, after]) = Documents::read([old, new], arguments.kind)? else { return Ok(Exit::NotRun) };
    let comparison = prove::compare(&before.policies, &after.policies, options)?;
    let sides = shown::Sides { old: &before, new: &after, comparison: &comparison };
    output::data(&if arguments.json { sides.json() } else { report::laid_out(&sides.text(), output::page()) })?;
    Ok(shown::exit(comparison.relation()))
}

fn batch(path: &Path, options: &Options) -> anyhow::Result<Exit> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let became = match path.to_str() {
        Some("-") => simulate::compare_lines(io::stdin().lock(), io::stdout(), workers, options)?,
        _ => simulate::compare_lines(matrix::read::open(path, path)?, io::stdout(), workers, options)?,
    };
    for (count, what) in [(became.bad, "could not be answered"), (became.undecided, "are undecided")] {
        if count > 0 {
            output::note(&format!("{count} of {} lines {what}", became.lines));
        }
    }
    Ok(match (became.bad + became.undecided, became.wider) {
        (0, 0) => Exit::AsExpected,
        (0, _) => Exit::Unexpected,
        _ => Exit::NotRun,
    })
}

/// What could not be done counts for more than what was found.
fn worse(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::AsExpected, _) | (_, Exit::NotRun) => other,
        _ => one,
    }
}

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

use prove::{Options, Relation};
use simulate::Compared;

use crate::args::{Compare, Proving};
use crate::exit::Exit;
use crate::output;

use super::{proving, text};
use documents::Documents;
use operand::Operand;

pub(crate) fn compare(arguments: &Compare) -> anyhow::Result<Exit> {
    if let Some(path) = &arguments.batch {
        return batch(path, &arguments.proving);
    }
    let options = proving::options(&arguments.proving);
    if arguments.not_granted || arguments.not_public {
        return check::check(arguments, &options);
    }
    let mut relations = Vec::new();
    let mut is_readable = true;
    for pair in operand::pairs(arguments)? {
        match compared(arguments, pair.each_ref(), &options)? {
            Some(found) => relations.extend(found),
            None => is_readable = false,
        }
    }
    Ok(if is_readable { exit(&relations) } else { Exit::NotRun })
}

/// What comes of two operands; `None`: one of them cannot be read.
fn compared(arguments: &Compare, sides: [&Operand; 2], options: &Options) -> anyhow::Result<Option<Vec<Relation>>> {
    if sides.iter().any(|side| side.has_owners()) {
        return owners::compared(arguments, sides, options);
    }
    let Some([before, after]) = Documents::read(sides, arguments.kind) else { return Ok(None) };
    let comparison = prove::compare(&before.policies, &after.policies, options)?;
    let sides = shown::Sides { old: &before, new: &after, comparison: &comparison };
    output::data(&if arguments.json { sides.json() } else { report::laid_out(&sides.text(), output::page()) })?;
    Ok(Some(vec![comparison.relation()]))
}

/// A request that was found counts before what was not settled.
fn exit(relations: &[Relation]) -> Exit {
    match () {
        () if relations.iter().any(|one| matches!(one, Relation::Wider | Relation::Incomparable)) => Exit::Unexpected,
        () if relations.contains(&Relation::Undecided) => Exit::NotRun,
        () => Exit::AsExpected,
    }
}

fn batch(path: &Path, given: &Proving) -> anyhow::Result<Exit> {
    let options = || proving::options(given);
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let became = simulate::compare_lines(text::lines(path)?, io::stdout(), workers, &options)?;
    proving::note_lines(became.lines, became.bad, became.undecided);
    Ok(match became {
        Compared { bad: 1.., .. } => Exit::NotRun,
        Compared { wider: 1.., .. } => Exit::Unexpected,
        Compared { undecided: 1.., .. } => Exit::NotRun,
        _ => Exit::AsExpected,
    })
}

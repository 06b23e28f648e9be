//! Inventories compared: a line for each owner, and the requests that are newly allowed.

use access::{Became, Change, Changes, changes};
use policy::Kind;
use prove::{Options, Relation, Verdict};
use report::proof;
use serde_json::{Value, json};

use super::inventory;
use super::operand::Operand;
use super::shown::indented;
use crate::args::Compare;
use crate::output;

/// Compares what two operands have, owner by owner; `None`: one of them cannot be read.
pub(super) fn compared(
    arguments: &Compare,
    [old, new]: [&Operand; 2],
    options: &Options,
) -> anyhow::Result<Option<Vec<Relation>>> {
    let [before, after] = [inventory::read(old, &arguments.parameter)?, inventory::read(new, &arguments.parameter)?];
    let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
    let found = changes(&before, &after, options)?;
    output::data(&match arguments.json {
        true => json(&found),
        false => report::laid_out(&text(&found, &old.name, &new.name), output::page()),
    })?;
    Ok(Some(found.changes.iter().map(|one| one.comparison.relation()).collect()))
}

fn text(found: &Changes, old: &str, new: &str) -> String {
    let mut lines: Vec<String> = found.changes.iter().map(line).collect();
    lines.push(match found.changes.len() {
        0 => format!("same: {new} has the policies of {old} ({} compared)", found.unchanged),
        _ => format!("{:<14}{}", "unchanged", found.unchanged),
    });
    for change in &found.changes {
        if let Verdict::Found { request, rows } = &change.comparison.gained {
            lines.extend([String::new(), format!("A request that {} newly allows:", named(change))]);
            lines.extend(indented(proof::difference(request, *rows, &change.new, &change.old)));
        }
        if let (Verdict::Undecided { reason }, _) | (_, Verdict::Undecided { reason }) =
            (&change.comparison.gained, &change.comparison.lost)
        {
            lines.extend([String::new(), format!("Undecided for {}: {reason}", named(change))]);
        }
    }
    lines.join("\n") + "\n"
}

/// `wider      Reader, identity-based policies`
fn line(change: &Change) -> String {
    let relation = match change.comparison.relation() {
        Relation::Same => "same",
        Relation::Narrower => "narrower",
        Relation::Wider => "wider",
        Relation::Incomparable => "incomparable",
        Relation::Undecided => "undecided",
    };
    let became = match change.became {
        Became::Added => ", added",
        Became::Removed => ", removed",
        Became::Changed => "",
    };
    format!("{relation:<14}{}{became}", named(change))
}

fn named(change: &Change) -> String {
    let level = change.level.map(|level| format!(" of level {level}")).unwrap_or_default();
    format!("{} ({}{level})", change.owner, change.kind.words())
}

/// With the fields of Access Analyzer's checks over all, and each owner's comparison as `--batch` gives it.
fn json(found: &Changes) -> String {
    let is_wider = |one: &&Change| !matches!(one.comparison.gained, Verdict::Proved { .. });
    let wider = found.changes.iter().filter(is_wider).count();
    let owner = |change: &Change| -> Value {
        let mut owner = json!({"owner": change.owner, "kind": Kind::name(change.kind)});
        if let Some(level) = change.level {
            owner["level"] = json!(level);
        }
        owner["became"] = json!(change.became);
        owner["comparison"] = change.comparison.json();
        owner
    };
    let json = json!({
        "result": if wider == 0 { "PASS" } else { "FAIL" },
        "message": match wider {
            0 => "The new policies allow no new access.".to_owned(),
            1 => "The new policies of 1 owner may allow new access.".to_owned(),
            _ => format!("The new policies of {wider} owners may allow new access."),
        },
        "owners": found.changes.iter().map(owner).collect::<Vec<_>>(),
        "unchanged": found.unchanged,
    });
    format!("{json}\n")
}

//! `tagproof who-can` and `tagproof what-can`.

mod batch;

use std::fmt::Write as _;
use std::num::NonZero;

use access::{Access, Answer, Extent, Fault, Index, Permission, Unanswered};
use serde_json::{Value, json};

use super::inventory::inventory;
use super::proving;
use crate::args::{WhatCan, WhoCan};
use crate::exit::Exit;
use crate::output;

pub(crate) fn who_can(arguments: &WhoCan) -> anyhow::Result<Exit> {
    let Some(inventory) = inventory(&arguments.of)? else { return Ok(Exit::NotRun) };
    let index = Index::new(&inventory);
    let options = proving::options(&arguments.proving);
    if let Some(path) = &arguments.batch {
        return batch::batch(path, &index, &options);
    }
    let question = access::WhoCan {
        action: arguments.action.clone().unwrap_or_default(),
        resource: arguments.resource.clone().unwrap_or_default(),
        account: arguments.resource_account.clone(),
    };
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let answers = match index.who_can(&question, &options, workers) {
        Ok(answers) => answers,
        Err(why) => return not_answered(why),
    };
    let text = match arguments.json {
        true => answers.iter().map(|answer| format!("{}\n", answer.json())).collect(),
        false => report::laid_out(&report::who_can(&answers, arguments.requests), output::page()),
    };
    output::data(&text)?;
    Ok(if answers.iter().any(is_open) { Exit::NotRun } else { Exit::AsExpected })
}

/// Whether something of an answer was not settled.
fn is_open(answer: &Answer) -> bool {
    match &answer.access {
        Access::Undecided { .. } => true,
        Access::Can { more, .. } => *more,
        Access::Never => false,
    }
}

pub(crate) fn what_can(arguments: &WhatCan) -> anyhow::Result<Exit> {
    let Some(inventory) = inventory(&arguments.of)? else { return Ok(Exit::NotRun) };
    let options = proving::options(&arguments.proving);
    let permissions = match Index::new(&inventory).what_can(&arguments.principal, &options) {
        Ok(permissions) => permissions,
        Err(why) => return not_answered(why),
    };
    let text = match arguments.json {
        true => permissions.iter().map(|one| format!("{}\n", permission_json(one))).collect(),
        false => report::laid_out(&permissions.iter().map(permission).collect::<String>(), output::page()),
    };
    output::data(&text)?;
    let is_open = permissions.iter().any(|one| matches!(one.extent, Extent::Undecided { .. }));
    Ok(if is_open { Exit::NotRun } else { Exit::AsExpected })
}

fn not_answered(why: Unanswered) -> anyhow::Result<Exit> {
    match why {
        Unanswered::Disagreement(disagreement) => Err(disagreement.into()),
        Unanswered::Faults(faults) => {
            for Fault { message, help, .. } in faults {
                let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
                output::error(&format!("{message}{help}"));
            }
            Ok(Exit::NotRun)
        }
    }
}

fn permission(one: &Permission) -> String {
    let mut text = format!("{}\n", one.by);
    let list = |all: &[String]| all.iter().map(|one| policy::plain(one)).collect::<Vec<_>>().join(", ");
    let label = if one.not_actions { "All but" } else { "Actions" };
    let _ = writeln!(text, "{label:<10}{}", list(&one.actions));
    let label = if one.resources.not { "Not on" } else { "On" };
    let _ = writeln!(text, "{label:<10}{}", list(&one.resources.resources));
    for condition in &one.when {
        let _ = writeln!(text, "If        {condition}");
    }
    let _ = match &one.extent {
        Extent::All { .. } => writeln!(text, "Allowed   all of it"),
        Extent::Some { denied, .. } => {
            writeln!(text, "Allowed   some of it\nDenied    {}", prove::line(denied))
        }
        Extent::Nothing => writeln!(text, "Allowed   none of it"),
        Extent::Undecided { reason } => writeln!(text, "Undecided {reason}"),
    };
    text.push('\n');
    text
}

fn permission_json(one: &Permission) -> Value {
    let mut json = json!({
        "by": {"policy": one.by.policy, "kind": one.by.kind, "statementIndex": one.by.statement - 1},
        if one.not_actions { "NotAction" } else { "Action" }: one.actions,
        if one.resources.not { "NotResource" } else { "Resource" }: one.resources.resources,
        "allowed": one.extent.name(),
    });
    if let Some(sid) = &one.by.sid {
        json["by"]["statementId"] = json!(sid);
    }
    let conditions = one.when.iter();
    json["when"] =
        conditions.map(|one| json!({"operator": one.operator, "key": one.key, "values": one.values})).collect();
    match &one.extent {
        Extent::All { request } => json["request"] = prove::line(request),
        Extent::Some { request, denied } => {
            json["request"] = prove::line(request);
            json["denied"] = prove::line(denied);
        }
        Extent::Undecided { reason } => json["reason"] = json!(reason),
        Extent::Nothing => {}
    }
    json
}

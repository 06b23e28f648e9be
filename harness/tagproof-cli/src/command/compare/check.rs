//! `compare --not-granted` and `compare --not-public`.

use std::sync::Arc;

use policy::{Kind, Policy};
use prove::{Options, Verdict};
use report::proof;
use serde_json::json;

use super::documents::Documents;
use super::operand::Operand;
use super::shown::{checked, command, indented};
use crate::args::Compare;
use crate::exit::Exit;
use crate::output;

pub(super) fn check(arguments: &Compare, options: &Options) -> anyhow::Result<Exit> {
    let [path] = arguments.paths.as_slice() else {
        anyhow::bail!("name one policy to check");
    };
    let access = arguments.not_granted.then(|| access(arguments)).transpose()?;
    let of = Operand::read(path)?;
    let Some([documents]) = Documents::read([&of], arguments.kind) else { return Ok(Exit::NotRun) };
    anyhow::ensure!(
        !arguments.not_public || matches!(documents.kind, Kind::Resource | Kind::Trust),
        "{} is {} {}: --not-public is about the policy of a resource, or a trust policy",
        of.name,
        documents.kind.article(),
        documents.kind.words()
    );
    let verdict = match &access {
        Some(access) => prove::granted(&documents.policies, access, options)?,
        None => prove::public(&documents.policies, options)?,
    };
    let what = if arguments.not_granted { "the access" } else { "public access" };
    output::data(&match arguments.json {
        true => json(&verdict, what, &documents),
        false => report::laid_out(&text(&verdict, what, &documents), output::page()),
    })?;
    Ok(match verdict {
        Verdict::Proved { .. } => Exit::AsExpected,
        Verdict::Found { .. } => Exit::Unexpected,
        Verdict::Undecided { .. } => Exit::NotRun,
    })
}

/// What must not be granted, as a policy.
fn access(arguments: &Compare) -> anyhow::Result<Arc<Policy>> {
    anyhow::ensure!(
        !arguments.action.is_empty() || !arguments.resource.is_empty(),
        "--not-granted needs --action or --resource: what must not be granted"
    );
    let access = tagproof::access(&arguments.action, &arguments.resource);
    access.map_err(|why| anyhow::anyhow!("--action and --resource are written as in a policy: {why}"))
}

fn text(verdict: &Verdict, what: &str, by: &Documents<'_>) -> String {
    let name = &by.of.name;
    let mut lines = Vec::new();
    match verdict {
        Verdict::Proved { laws, rows } => {
            lines.push(format!("not granted: {name} does not grant {what}"));
            lines.extend(indented(proof::proved(laws, *rows)));
        }
        Verdict::Found { request, rows } => {
            lines.push(format!("granted: {name} grants {what}"));
            lines.extend([String::new(), "A request that it allows:".to_owned()]);
            let said = proof::said(&by.policies, request);
            lines.extend(indented(proof::request(request, &said)));
            lines.extend(indented(proof::alone(&said)));
            lines.extend(indented(proof::rows(*rows)));
            lines.extend(command(by, request).map(|command| format!("  Explain   {command}")));
        }
        Verdict::Undecided { reason } => lines.push(format!("undecided: whether {name} grants {what}: {reason}")),
    }
    lines.join("\n") + "\n"
}

/// With the fields of CheckAccessNotGranted and CheckNoPublicAccess.
/// docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html
fn json(verdict: &Verdict, what: &str, by: &Documents<'_>) -> String {
    let message = match verdict {
        Verdict::Proved { .. } => format!("The policy does not grant {what}."),
        Verdict::Found { .. } => format!("The policy grants {what}."),
        Verdict::Undecided { reason } => format!("It is undecided: {reason}."),
    };
    let mut json = checked(verdict, message, by, "Access");
    match verdict {
        Verdict::Proved { laws, rows } => {
            json["laws"] = proof::law_ids(laws);
            json["undocumented"] = json!(rows);
        }
        Verdict::Found { request, rows } => {
            json["request"] = prove::line(request);
            json["undocumented"] = json!(rows);
        }
        Verdict::Undecided { reason } => json["reason"] = json!(reason),
    }
    format!("{json}\n")
}

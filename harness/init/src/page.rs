//! What a reviewer wants to know of a template: for people, and as JSON.

use serde_json::{Value, json as object};

use crate::draft::Found;
use crate::judge::{Judged, Reach};

/// So many callers are named for one request.
const MOST_CALLERS: usize = 6;

/// What each condition on tags does, who reaches what, and what could not be tried.
#[must_use]
pub fn page(found: &Found) -> String {
    let mut lines = Vec::new();
    if found.judged.is_empty() {
        lines.extend(["No statement has a condition on tags.".to_owned(), String::new()]);
    }
    found.judged.iter().for_each(|one| lines.extend(statement(found, one)));
    if !found.reaches.is_empty() {
        lines.push("Who reaches what".to_owned());
        found.reaches.iter().for_each(|one| lines.extend(reach(one)));
        lines.push(String::new());
    }
    let more = (found.more > 0).then(|| format!("{} more statements: the matrix would be too large", found.more));
    lines.extend(found.untried.iter().flat_map(|why| [format!("Nothing could be tried: {why}"), String::new()]));
    list(&mut lines, "Not tried", found.left_out.iter().cloned().chain(more));
    list(&mut lines, "Made-up values of parameters and imports", found.made_up.iter().cloned());
    lines.iter().map(|line| format!("{}\n", source::escaped(line))).collect()
}

/// The same as a value.
#[must_use]
pub fn json(found: &Found) -> Value {
    let statement = |one: &Judged| {
        let instead =
            one.instead.iter().map(|form| object!({"condition": form.says, "allowed": form.allowed, "of": form.of}));
        object!({
            "statement": one.statement,
            "place": found.template.sources.locate(one.span),
            "effect": if one.denies { "Deny" } else { "Allow" },
            "actions": one.actions,
            "condition": one.condition,
            "verdict": one.finding(),
            "finding": one.verdict.is_finding(),
            "reason": one.verdict.reason(),
            "instead": instead.collect::<Vec<_>>(),
        })
    };
    let reach = |one: &Reach| object!({"request": one.request, "allowed": one.allowed, "denied": one.denied});
    object!({
        "statements": found.judged.iter().map(statement).collect::<Vec<_>>(),
        "reaches": found.reaches.iter().map(reach).collect::<Vec<_>>(),
        "untried": found.untried,
        "not_tried": found.left_out,
        "more_statements": found.more,
        "made_up_values": found.made_up,
    })
}

fn statement(found: &Found, one: &Judged) -> Vec<String> {
    let effect = if one.denies { "denies" } else { "allows" };
    let condition = if one.condition.is_empty() {
        "by a variable that holds a tag".to_owned()
    } else {
        format!("if {}", one.condition)
    };
    let mut lines = vec![
        format!("{}  ({})", one.statement, found.template.sources.locate(one.span)),
        format!("  {effect} {} {condition}", one.actions.join(", ")),
        format!("  Verdict   {}", one.finding()),
    ];
    lines.extend(one.verdict.reason().map(|reason| format!("  Reason    {reason}")));
    if !one.instead.is_empty() {
        lines.push("  Other forms, and how many of the requests tried they allow".to_owned());
        let width = one.instead.iter().map(|form| form.of.to_string().len()).max().unwrap_or(1);
        let form = |form: &crate::judge::Instead| format!("    {:>width$} of {}  {}", form.allowed, form.of, form.says);
        lines.extend(one.instead.iter().map(form));
    }
    lines.push(String::new());
    lines
}

fn reach(one: &Reach) -> Vec<String> {
    let mut lines = vec![format!("  {}", one.request)];
    for (word, callers) in [("allowed", &one.allowed), ("denied", &one.denied)] {
        if callers.is_empty() {
            continue;
        }
        let (named, left) = callers.split_at(callers.len().min(MOST_CALLERS));
        let more = if left.is_empty() { String::new() } else { format!("; {} more", left.len()) };
        lines.push(format!("    {word:<8}{}{more}", named.join("; ")));
    }
    lines
}

fn list(lines: &mut Vec<String>, heading: &str, items: impl Iterator<Item = String>) {
    let before = lines.len();
    lines.extend(items.map(|item| format!("  - {item}")));
    if lines.len() > before {
        lines.insert(before, heading.to_owned());
        lines.push(String::new());
    }
}

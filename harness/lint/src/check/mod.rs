//! The checks, one module for each theme.

mod actions;
mod alternatives;
mod elements;
mod keys;
mod letters;
mod meet;
mod missing;
mod operators;
mod pass_role;
mod rows;
pub(crate) mod size;
mod special;
mod split;
mod tagging;
mod unknown_key;
mod unmet;
mod variables;

use source::{Node, Span};

use crate::glob::UNKNOWN;
use crate::sink::Sink;
use crate::written::Written;
use rows::Reach;

/// Runs every check that looks into statements.
pub(crate) fn all(policy: &Written<'_>, sink: &mut Sink) {
    elements::check(policy, sink);
    letters::check(policy, sink);
    tagging::check(policy, sink);
    let reaches: Vec<_> = policy.statements.iter().map(Reach::of).collect();
    unmet::check(policy, &reaches, sink);
    for (statement, reach) in policy.statements.iter().zip(&reaches) {
        actions::check(statement, sink);
        meet::check(statement, sink);
        missing::check(policy, statement, reach, sink);
        pass_role::check(policy.kind, statement, sink);
        variables::check(policy, statement, sink);
        keys::check(statement, reach, sink);
        for condition in &statement.conditions {
            unknown_key::check(condition, sink);
            operators::check(condition, sink);
            special::check(policy.kind, statement, condition, sink);
        }
    }
}

/// Where something is said of a policy as a whole: at its statements, without showing all of them.
fn head(policy: &Node) -> Span {
    let statement = policy.entries().iter().find(|entry| entry.key == "Statement");
    statement.map_or(policy.span, |entry| entry.key_span)
}

/// A few names in backticks, and how many more there are.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 6;
    let names: Vec<_> = names.into_iter().collect();
    let shown: Vec<_> =
        names.iter().take(MOST).map(|name| format!("`{}`", policy::plain(name).replace(UNKNOWN, "…"))).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

//! The checks, one module for each theme.

mod actions;
mod alternatives;
mod arns;
mod deny;
mod elements;
mod keys;
mod letters;
mod meet;
mod missing;
mod not_action;
mod operators;
mod pass_role;
mod principals;
mod rcp;
mod redundant;
mod rows;
mod sensitive;
pub(crate) mod size;
mod slr;
mod special;
mod split;
mod tag_on_create;
mod tagging;
mod trust;
mod unknown_key;
mod unmet;
mod values;
mod variables;

use policy::Kind;
use source::{Node, Span};

use crate::glob::UNKNOWN;
use crate::sink::Sink;
use crate::written::Written;
pub(crate) use rows::{Reach, carries};
pub use unknown_key::meant as meant_key;

/// Runs every check that looks into statements.
pub(crate) fn all(policy: &Written<'_>, sink: &mut Sink) {
    arns::check(policy, sink);
    elements::check(policy, sink);
    letters::check(policy, sink);
    redundant::check(policy, sink);
    tagging::check(policy, sink);
    let reaches: Vec<_> = policy.statements.iter().map(Reach::of).collect();
    unmet::check(policy, &reaches, sink);
    tag_on_create::check(policy, &reaches, sink);
    for (statement, reach) in policy.statements.iter().zip(&reaches) {
        actions::check(statement, sink);
        deny::check(statement, sink);
        meet::check(policy.kind, statement, sink);
        missing::check(policy, statement, reach, sink);
        not_action::check(policy.kind, statement, sink);
        pass_role::check(policy.kind, statement, sink);
        principals::check(policy.kind, statement, sink);
        slr::check(policy.kind, statement, sink);
        values::check(statement, sink);
        if policy.kind == Kind::ResourceControl {
            rcp::check(statement, sink);
        }
        variables::check(policy, statement, sink);
        keys::check(statement, reach, sink);
        for condition in &statement.conditions {
            unknown_key::check(policy.kind, condition, sink);
            operators::check(statement, condition, sink);
            sensitive::check(policy.kind, statement, condition, sink);
            special::check(policy.kind, statement, condition, sink);
        }
    }
}

/// Runs those that say which names AWS does not have.
pub(crate) fn names(policy: &Written<'_>, sink: &mut Sink) {
    for statement in &policy.statements {
        actions::check(statement, sink);
        statement.conditions.iter().for_each(|condition| unknown_key::check(policy.kind, condition, sink));
    }
}

/// Where something is said of a policy as a whole: at its statements, without showing all of them.
fn head(policy: &Node) -> Span {
    let statement = policy.entries().iter().find(|entry| entry.key == "Statement");
    statement.map_or(policy.span, |entry| entry.key_span)
}

/// Keys and variables of a service's own policies, which the service authorisation reference does not have: of IoT
/// policies, and of the session policies of Transfer Family's users.
/// docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html,
/// docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html
fn is_of_a_service(kind: Kind, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let of_iot =
        name == "iot:clientid" || name.starts_with("iot:connection.thing.") || name.starts_with("iot:certificate.");
    let of_transfer = ["homebucket", "homedirectory", "homefolder", "username"];
    of_iot || (kind == Kind::Session && name.strip_prefix("transfer:").is_some_and(|rest| of_transfer.contains(&rest)))
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

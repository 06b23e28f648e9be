//! What a proof came to: a request that was found, what the policies say of it, and what a proof rests on.
//!
//! Lines begin with a label of ten columns, as those of [`answer`](crate::answer). [`laid_out`](crate::laid_out) fits them to a page.

mod command;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use policy::trace::{ConditionTrace, Effect, Element, PolicyTrace, StatementTrace};
use policy::undocumented::Notes;
use policy::{Decision, Policy, Principal, Request, Verdict, explain_alone};
use prove::Law;
use serde_json::{Value, json};
use source::escaped;

use crate::explanation::{compared, shown, undocumented};

pub use command::{command, to_paste};

/// Keys and statements that are named; a list of a hundred helps nobody.
const MOST: usize = 8;

/// Who asks for what, with which condition keys; and which keys are absent that statements about it ask for.
#[must_use]
pub fn request(request: &Request, said: &[PolicyTrace]) -> Vec<String> {
    let mut lines = vec![
        format!("Caller    {}", caller(&request.principal)),
        format!("Action    {}", request.action),
        format!("Resource  {}", request.resource),
    ];
    lines.extend(request.resource_account.iter().map(|owner| format!("Owner     account {owner}")));
    let mut keys: Vec<_> = request.context.iter().collect();
    keys.sort_by_key(|(key, _)| key.to_lowercase());
    let with = keys.into_iter().map(|(key, value)| format!("{key} = {}", shown(value)));
    lines.extend(labelled("With", with));
    lines.extend(labelled("Without", absent(said).into_iter().map(str::to_owned)));
    escaped_all(lines)
}

/// What documents by themselves say of a request: which statement allows or denies it, or why none does.
#[must_use]
pub fn alone(said: &[PolicyTrace]) -> Vec<String> {
    let denying = deciding(said, Effect::Deny);
    let allowing = deciding(said, Effect::Allow);
    escaped_all(match (denying.is_empty(), allowing.is_empty()) {
        (false, _) => labelled("Denied", denying),
        (true, false) => labelled("Allowed", allowing),
        (true, true) => refused(said),
    })
}

/// A request that some documents allow by themselves and others do not: who asks for what, and what each side says of it.
#[must_use]
pub fn difference(asked: &Request, resting_on: Notes, by: &[Arc<Policy>], not_by: &[Arc<Policy>]) -> Vec<String> {
    let [allowing, refusing] = [by, not_by].map(|side| said(side, asked));
    let both: Vec<_> = allowing.iter().chain(&refusing).cloned().collect();
    let mut lines = request(asked, &both);
    lines.extend(alone(&allowing));
    lines.extend(alone(&refusing));
    lines.extend(rows(resting_on));
    lines
}

/// What each of some documents says of a request by itself.
#[must_use]
pub fn said(documents: &[Arc<Policy>], request: &Request) -> Vec<PolicyTrace> {
    documents.iter().map(|policy| explain_alone(policy, request, &catalog::Catalog)).collect()
}

/// What all policies together say of a request: which statements allow it, or why it is denied; with the fact of the service
/// and the undocumented rows that this rests on.
#[must_use]
pub fn decided(request: &Request, decision: &Decision) -> Vec<String> {
    let said = decision.trace.as_ref().map(|trace| trace.policies.as_slice()).unwrap_or_default();
    let mut lines = match decision.verdict {
        Verdict::Allowed => {
            let counting: Vec<_> = said.iter().filter(|policy| decision.by.contains(policy.kind)).cloned().collect();
            labelled("Allowed", deciding(&counting, Effect::Allow))
        }
        Verdict::ExplicitlyDenied | Verdict::ImplicitlyDenied => {
            vec![format!("Denied    {}", decision.reason(request))]
        }
    };
    lines.extend(decision.fact.map(|fact| format!("Fact      {}: {}", fact.id, fact.page)));
    lines.extend(rows(decision.notes));
    escaped_all(lines)
}

/// What a proof rests on: a line for each law and each undocumented row, or that it holds for any request.
#[must_use]
pub fn proved(laws: &[&Law], resting_on: Notes) -> Vec<String> {
    let mut lines: Vec<String> = laws.iter().map(|law| format!("Assumes   {} ({})", law.says, law.id)).collect();
    if laws.is_empty() {
        lines.push("Holds     for any request".to_owned());
    }
    lines.extend(rows(resting_on));
    lines
}

/// The undocumented rows that an answer rests on, a line each.
#[must_use]
pub fn rows(resting_on: Notes) -> Vec<String> {
    resting_on.iter().map(|row| format!("Note      {}", undocumented(row))).collect()
}

/// The statements that allow or deny a request, for programs: policy, index from 0, Sid and effect.
#[must_use]
pub fn statements(said: &[PolicyTrace]) -> Value {
    let one = |(policy, statement): (&PolicyTrace, &StatementTrace)| {
        let mut one = json!({
            "policy": policy.name,
            "statementIndex": statement.index - 1,
            "effect": statement.effect,
        });
        if let Some(sid) = &statement.sid {
            one["statementId"] = json!(sid);
        }
        one
    };
    matched(said).map(one).collect()
}

/// Laws for programs: their ids.
#[must_use]
pub fn law_ids(laws: &[&Law]) -> Value {
    laws.iter().map(|law| law.id).collect()
}

fn caller(principal: &Principal) -> String {
    match principal {
        Principal::Anonymous => "anybody, in a request without signature".to_owned(),
        Principal::Service { name } => format!("the service {name}"),
        Principal::Federated { provider } => format!("somebody whom the identity provider {provider} vouches for"),
        Principal::Root { account, .. } => format!("the root user of account {account}"),
        Principal::User { arn } => format!("the user {arn}"),
        Principal::FederatedUser { arn, user: None } => format!("the federated user {arn}"),
        Principal::FederatedUser { arn, user: Some(user) } => format!("the federated user {arn} of {user}"),
        Principal::RoleSession { session, .. } => {
            let name = session.rsplit('/').next().unwrap_or_default();
            let role = principal.principal_arn().unwrap_or_default();
            format!("the role {role}, in a session `{name}`")
        }
    }
}

/// Keys that conditions of statements about the request ask for, and that it does not have.
fn absent(said: &[PolicyTrace]) -> Vec<&str> {
    let statements = said.iter().flat_map(|policy| &policy.statements);
    let about = statements.filter(|one| matches!(one.failed, None | Some(Element::Condition)));
    let conditions = about.flat_map(|statement| &statement.conditions);
    let mut keys: Vec<&str> = conditions.filter(|one| one.context.is_none()).map(|one| one.key.as_str()).collect();
    keys.sort_by_key(|key| key.to_lowercase());
    keys.dedup_by_key(|key| key.to_lowercase());
    keys
}

fn matched(said: &[PolicyTrace]) -> impl Iterator<Item = (&PolicyTrace, &StatementTrace)> {
    let all = said.iter().flat_map(|policy| policy.statements.iter().map(move |one| (policy, one)));
    all.filter(|(_, statement)| statement.matched)
}

fn deciding(said: &[PolicyTrace], effect: Effect) -> Vec<String> {
    let found = matched(said).filter(|(_, statement)| statement.effect == effect);
    found.map(|(policy, statement)| format!("by {}", named(policy, statement))).collect()
}

/// `new.json, statement 2 (ReadAll)`
fn named(policy: &PolicyTrace, statement: &StatementTrace) -> String {
    let sid = statement.sid.as_ref().map(|sid| format!(" ({sid})")).unwrap_or_default();
    format!("{}, statement {}{sid}", policy.name, statement.index)
}

/// That no statement allows it; and of those that would but for a condition, the conditions.
fn refused(said: &[PolicyTrace]) -> Vec<String> {
    let mut names: Vec<&str> = said.iter().map(|policy| policy.name.as_str()).collect();
    names.dedup();
    let mut lines = vec![match names.as_slice() {
        [] => "Refused   there is no policy".to_owned(),
        [name] => format!("Refused   no statement of {name} allows it"),
        _ => "Refused   no statement allows it".to_owned(),
    }];
    let all = said.iter().flat_map(|policy| policy.statements.iter().map(move |one| (policy, one)));
    let near = all.filter(|(_, one)| one.effect == Effect::Allow && one.failed == Some(Element::Condition));
    for (policy, statement) in near.take(MOST) {
        let failed: Vec<_> = statement.conditions.iter().filter(|one| !one.holds).map(condition).collect();
        lines.push(format!("          {}: {}", named(policy, statement), failed.join("; ")));
    }
    lines
}

fn condition(condition: &ConditionTrace) -> String {
    format!("{} {}: {}", condition.operator, condition.key, compared(condition, " "))
}

/// A label and what belongs to it, an item a line.
fn labelled(label: &str, items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut items = items.into_iter();
    let mut lines: Vec<String> = items
        .by_ref()
        .take(MOST)
        .enumerate()
        .map(|(at, item)| {
            let label = if at == 0 { label } else { "" };
            format!("{label:<10}{item}")
        })
        .collect();
    match items.count() {
        0 => {}
        more => lines.push(format!("          and {more} more")),
    }
    lines
}

fn escaped_all(lines: Vec<String>) -> Vec<String> {
    lines.iter().map(|line| escaped(line).into_owned()).collect()
}

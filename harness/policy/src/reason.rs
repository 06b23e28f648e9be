//! A decision in plain sentences, from its trace.

mod code;
pub(crate) mod condition;

#[cfg(test)]
mod tests;

use crate::arn::Arn;
use crate::document::Effect;
use crate::facts::{Fact, Rule};
use crate::trace::{ConditionTrace, Element, Flag, PolicyTrace, StatementTrace, Trace, Word};
use crate::words::plain;
use crate::{Decision, Kind, Request, Verdict};

/// Statements told of in one sentence; more would hide the nearest.
const MOST_STATEMENTS: usize = 2;

impl Decision {
    /// Who decided and why, in one or two plain sentences. Without a trace, only who.
    #[must_use]
    pub fn reason(&self, request: &Request) -> String {
        let Some(trace) = &self.trace else { return self.short() };
        match self.verdict {
            Verdict::Allowed => allowed(self, trace),
            Verdict::ExplicitlyDenied => denied(self, trace, request),
            Verdict::ImplicitlyDenied => {
                let kinds = self.by.iter().filter(|&kind| !self.is_fact(kind));
                let said = self.fact.filter(|fact| !is_plain(fact, trace)).map(|fact| fact.says.to_owned());
                let parts = said.into_iter().chain(kinds.map(|kind| not_allowed(kind, trace, request)));
                parts.collect::<Vec<_>>().join("; and ")
            }
        }
    }

    /// Whether the fact alone says why policies of this kind do not allow the request: they cannot.
    fn is_fact(&self, kind: Kind) -> bool {
        let cannot = |fact: &Fact| matches!(fact.rule, Rule::Refused | Rule::NoResourcePolicy | Rule::NoResourceGrant);
        matches!(kind, Kind::Resource | Kind::Trust) && self.fact.is_some_and(cannot)
    }

    fn short(&self) -> String {
        let kinds: Vec<_> = self.by.iter().map(Kind::words).collect();
        match self.verdict {
            Verdict::Allowed if kinds.is_empty() => self.fact.map_or(ROOT, |fact| fact.says).to_owned(),
            Verdict::ImplicitlyDenied if let Some(fact) = self.fact => fact.says.to_owned(),
            Verdict::Allowed => format!("allowed by {}", kinds.join(" and ")),
            Verdict::ImplicitlyDenied => format!("not allowed by {}", kinds.join(" and ")),
            Verdict::ExplicitlyDenied => format!("denied by {}", kinds.join(" and ")),
        }
    }
}

/// Whether a fact adds nothing to what is said of the policies: that a trust policy must allow is plain where there is one.
fn is_plain(fact: &Fact, trace: &Trace) -> bool {
    let has_trust = || trace.policies.iter().any(|policy| policy.kind == Kind::Trust);
    matches!(fact.rule, Rule::ResourceMust(Kind::Trust)) && has_trust()
}

const ROOT: &str = "the root user may do anything in its own account that no organisation policy forbids";

fn allowed(decision: &Decision, trace: &Trace) -> String {
    let grants: Vec<_> = decision.by.iter().filter_map(|kind| grant(kind, trace)).collect();
    let said = decision.fact.map(|fact| fact.says);
    match grants.is_empty() {
        true => said.unwrap_or(ROOT).to_owned(),
        false => {
            let said = said.map(|said| format!("; {said}")).unwrap_or_default();
            format!("allowed by {}{said}", grants.join(" and by "))
        }
    }
}

/// The statement of a kind that allows; of several, one whose conditions are no empty talk.
fn granting(kind: Kind, trace: &Trace) -> Option<(&PolicyTrace, &StatementTrace)> {
    let all = matching(kind, trace, Effect::Allow);
    all.into_iter().min_by_key(|(_, statement)| vacuous(statement).count())
}

/// The statement of a kind that allows, with what about its conditions is empty talk.
fn grant(kind: Kind, trace: &Trace) -> Option<String> {
    let (policy, statement) = granting(kind, trace)?;
    let vacuous: Vec<_> = vacuous(statement).map(condition::name).collect();
    let because = match vacuous.as_slice() {
        [] => String::new(),
        [one] => format!("; its condition {one} holds only because the key is missing"),
        many => format!("; its conditions {} hold only because the keys are missing", condition::list(many, " and ")),
    };
    Some(format!("{} of {}{because}", label(policy, statement), named(policy)))
}

pub(crate) fn vacuous(statement: &StatementTrace) -> impl Iterator<Item = &ConditionTrace> {
    statement.conditions.iter().filter(|condition| condition.has(Flag::MatchedBecauseMissing))
}

fn denied(decision: &Decision, trace: &Trace, request: &Request) -> String {
    let kind = decision.by.iter().next();
    let Some((policy, statement)) = kind.and_then(|kind| matching(kind, trace, Effect::Deny).into_iter().next()) else {
        return decision.short();
    };
    let conditions: Vec<_> = statement.conditions.iter().map(|one| condition::holds(one, &request.action)).collect();
    let why =
        if conditions.is_empty() { String::new() } else { format!(": {}", condition::list(&conditions, "; and ")) };
    format!("denied by {} of {}{why}", label(policy, statement), named(policy))
}

/// Why a kind that had to allow did not.
fn not_allowed(kind: Kind, trace: &Trace, request: &Request) -> String {
    let action = plain(&request.action);
    let policies: Vec<_> = silent(kind, trace).collect();
    if is_undelegated(kind, trace, request, &policies) {
        return no_delegation(policies.first().copied(), &action);
    }
    let lead = match (kind, policies.as_slice()) {
        (Kind::Identity, []) => {
            return format!("no statement allows {action}: the caller has no identity-based policy");
        }
        (Kind::ServiceControl | Kind::ResourceControl, []) => {
            return format!("one level of the organisation has no {} to allow {action}", kind.words());
        }
        (_, []) => return format!("there is no {} to allow {action}", kind.words()),
        (Kind::Identity, _) => format!("no statement allows {action}"),
        (Kind::Resource, _) if !trace.same_account => {
            format!("the resource-based policy does not allow {action}, which a caller from outside its account needs")
        }
        (Kind::ServiceControl | Kind::ResourceControl, [policy, ..]) => {
            format!("no {} {} allows {action}", kind.words(), level(policy))
        }
        (_, [policy]) => format!("{} does not allow {action}", named(policy)),
        (_, _) => format!("no {} allows {action}", kind.words()),
    };
    let (mut near, more) = near_misses(&policies, request);
    if near.is_empty() {
        return format!("{lead}: none of {} is about {action}", owner(kind));
    }
    if more > 0 {
        near.push(format!("{more} more {} not match either", if more == 1 { "does" } else { "do" }));
    }
    format!("{lead}: {}", near.join("; "))
}

/// Whether a KMS key's policy does not even let identity-based policies count.
fn is_undelegated(kind: Kind, trace: &Trace, request: &Request, policies: &[&PolicyTrace]) -> bool {
    kind == Kind::Resource && trace.same_account && is_kms_key(request) && !policies.iter().any(|one| names_caller(one))
}

/// "Without this permission, IAM policies that allow access to the key are ineffective."
/// docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
fn no_delegation(key_policy: Option<&PolicyTrace>, action: &str) -> String {
    let lead = match key_policy {
        Some(policy) => format!("the key policy `{}` does not allow {action} to the account", plain(&policy.name)),
        None => "no key policy is given".to_owned(),
    };
    format!("{lead}: identity-based policies do not count for a KMS key until its key policy lets the account use them")
}

/// Whether an Allow about the action names the caller, directly or by account.
fn names_caller(policy: &PolicyTrace) -> bool {
    policy.statements.iter().any(|one| one.effect == Effect::Allow && one.covers.0)
}

/// Whether it is about a KMS key, whose key policy has to allow in the key's own account as well.
pub(crate) fn is_kms_key(request: &Request) -> bool {
    Arn::parse(&request.resource).is_some_and(|arn| arn.service == "kms" && arn.resource.starts_with("key/"))
}

const fn owner(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "the caller's statements",
        _ => "its statements",
    }
}

pub(crate) fn level(policy: &PolicyTrace) -> String {
    match policy.level {
        Some(0) => "at the root".to_owned(),
        Some(level) => format!("at level {level} below the root"),
        None => "there".to_owned(),
    }
}

/// The policies of a kind that say nothing. Of an organisation's levels, those of the first where none allows; a level
/// without policies has none.
pub(crate) fn silent(kind: Kind, trace: &Trace) -> impl Iterator<Item = &PolicyTrace> {
    let of_kind = move |policy: &&PolicyTrace| policy.kind == kind;
    let all = trace.policies.iter().filter(of_kind);
    let allows = |level| trace.policies.iter().any(|p| p.kind == kind && p.level == level && p.word == Word::Allows);
    let first = all.clone().map(|policy| policy.level).find(|&level| !allows(level));
    all.filter(move |policy| Some(policy.level) == first)
}

/// What the nearest statements lack, in words; and how many more there are.
fn near_misses(policies: &[&PolicyTrace], request: &Request) -> (Vec<String>, usize) {
    let (nearest, more) = nearest(policies);
    (nearest.into_iter().map(|(policy, statement)| miss(policy, statement, request)).collect(), more)
}

/// Allow statements about the action that do not match, those that lack least first; and how many more there are.
fn nearest<'t>(policies: &[&'t PolicyTrace]) -> (Vec<(&'t PolicyTrace, &'t StatementTrace)>, usize) {
    let mut missed = Vec::new();
    for &policy in policies {
        for statement in &policy.statements {
            if statement.effect == Effect::Allow && !statement.matched && statement.failed != Some(Element::Action) {
                missed.push((policy, statement));
            }
        }
    }
    missed.sort_by_key(|(_, statement)| lacks(statement));
    let more = missed.len().saturating_sub(MOST_STATEMENTS);
    missed.truncate(MOST_STATEMENTS);
    (missed, more)
}

pub(crate) fn lacks(statement: &StatementTrace) -> usize {
    let (principal, resource) = statement.covers;
    let conditions = statement.conditions.iter().filter(|condition| !condition.holds).count();
    usize::from(!principal) * 200 + usize::from(!resource) * 100 + conditions
}

fn miss(policy: &PolicyTrace, statement: &StatementTrace, request: &Request) -> String {
    let (principal, resource) = statement.covers;
    let mut parts = Vec::new();
    if !principal {
        parts.push("is about other principals".to_owned());
    }
    if !resource {
        let covered =
            resources(statement).map(|resources| format!("covers {resources}, not {}", plain(&request.resource)));
        parts.push(covered.unwrap_or_else(|| "has no Resource, and so is about no KMS key".to_owned()));
    }
    let failing = statement.conditions.iter().filter(|condition| !condition.holds);
    let needs: Vec<_> = failing.map(|failed| format!("needs {}", condition::fails(failed, &request.action))).collect();
    let needed = condition::list(&needs, "; and ");
    let said = match (parts.is_empty(), needs.is_empty()) {
        (true, _) => needed,
        (false, true) => parts.join(" and "),
        (false, false) => format!("{}; and it {needed}", parts.join(" and ")),
    };
    format!("{} {said}", label(policy, statement))
}

/// `None`: the statement does not say.
fn resources(statement: &StatementTrace) -> Option<String> {
    let found = statement.elements.iter().find(|one| matches!(one.element, "Resource" | "NotResource"));
    let resources = found?;
    let texts: Vec<_> = resources.shown().take(3).collect();
    let more = if resources.values.len() > texts.len() { " …" } else { "" };
    let all_but = if resources.element == "NotResource" { "all but " } else { "" };
    Some(format!("{all_but}{}{more}", texts.join(", ")))
}

/// The statements of a kind that match, in the order asked.
pub(crate) fn matching(kind: Kind, trace: &Trace, effect: Effect) -> Vec<(&PolicyTrace, &StatementTrace)> {
    let policies = trace.policies.iter().filter(|policy| policy.kind == kind);
    let all = policies.flat_map(|policy| policy.statements.iter().map(move |statement| (policy, statement)));
    all.filter(|(_, statement)| statement.matched && statement.effect == effect).collect()
}

/// `` statement `AllowRead/1` ``: the last part of the policy's name, and the Sid or the place.
pub(crate) fn label(policy: &PolicyTrace, statement: &StatementTrace) -> String {
    format!("statement `{}`", place(policy, statement))
}

fn place(policy: &PolicyTrace, statement: &StatementTrace) -> String {
    let name = policy.name.rsplit('/').next().unwrap_or(&policy.name);
    let place = statement.sid.clone().unwrap_or_else(|| statement.index.to_string());
    format!("{}/{}", plain(name), plain(&place))
}

/// `` the permissions boundary `arn:…` ``
pub(crate) fn named(policy: &PolicyTrace) -> String {
    format!("the {} `{}`", policy.kind.words(), plain(&policy.name))
}

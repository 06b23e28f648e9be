//! A decision's reason by codes, for what keeps it: they come from types, and no reworded sentence changes them.

use super::{granting, is_undelegated, matching, nearest, place, silent};
use crate::document::Effect;
use crate::trace::{ConditionTrace, Flag, PolicyTrace, StatementTrace, Trace};
use crate::words::plain;
use crate::{Decision, Kind, Request, Verdict};

impl Decision {
    /// Who decided and why, by codes: a line for each kind of policy that decided, and below it, indented, the statements
    /// with what they lack, or what their conditions saw.
    ///
    /// ```text
    /// s3:GetObject  no-allow identity
    ///   Read/1  StringEquals aws:RequestTag/Status absent never-carried
    /// ```
    ///
    /// The action comes first. `allow`, `deny` and `no-allow` are followed by [`Kind::name`]; `no-policy` and
    /// `no-statement` say that there is nothing near. A fact and undocumented rows stand by their ids.
    #[must_use]
    pub fn codes(&self, request: &Request) -> Vec<String> {
        let action = plain(&request.action);
        let mut lines = Vec::new();
        for kind in self.by.iter() {
            let (head, below) = match &self.trace {
                Some(trace) => self.kind(kind, trace, request),
                None => (self.word(), Vec::new()),
            };
            lines.push(format!("{action}  {head} {}", kind.name()));
            lines.extend(below.into_iter().map(|line| format!("  {line}")));
        }
        if lines.is_empty() {
            lines.push(format!("{action}  {}", self.word()));
        }
        lines.extend(self.fact.map(|fact| format!("fact: {}", fact.id)));
        let rows: Vec<_> = self.notes.iter().map(|row| row.id).collect();
        lines.extend((!rows.is_empty()).then(|| format!("rows: {}", rows.join(", "))));
        lines
    }

    const fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Allowed => "allow",
            Verdict::ImplicitlyDenied => "no-allow",
            Verdict::ExplicitlyDenied => "deny",
        }
    }

    /// The statements that decided: of each kind that did, the one that allows or denies; where it had to allow and did not,
    /// those of its Allow statements that lack least.
    #[must_use]
    pub fn deciding(&self) -> Vec<(&PolicyTrace, &StatementTrace)> {
        let Some(trace) = &self.trace else { return Vec::new() };
        self.by.iter().flat_map(|kind| self.of_kind(kind, trace)).collect()
    }

    fn of_kind<'t>(&self, kind: Kind, trace: &'t Trace) -> Vec<(&'t PolicyTrace, &'t StatementTrace)> {
        match self.verdict {
            Verdict::Allowed => granting(kind, trace).into_iter().collect(),
            Verdict::ExplicitlyDenied => matching(kind, trace, Effect::Deny).into_iter().take(1).collect(),
            Verdict::ImplicitlyDenied => nearest(&silent(kind, trace).collect::<Vec<_>>()).0,
        }
    }

    fn kind(&self, kind: Kind, trace: &Trace, request: &Request) -> (&'static str, Vec<String>) {
        let statements = self.of_kind(kind, trace).into_iter();
        if self.verdict != Verdict::ImplicitlyDenied {
            let all = |statement: &StatementTrace| statement.conditions.iter().map(condition).collect();
            return (
                self.word(),
                statements.map(|(policy, statement)| line(policy, statement, all(statement))).collect(),
            );
        }
        let policies: Vec<_> = silent(kind, trace).collect();
        if is_undelegated(kind, trace, request, &policies) {
            return ("no-delegation", Vec::new());
        }
        if policies.is_empty() {
            return ("no-policy", Vec::new());
        }
        let mut lines: Vec<_> = statements.map(|(policy, statement)| miss(policy, statement)).collect();
        if lines.is_empty() {
            return ("no-statement", lines);
        }
        let more = nearest(&policies).1;
        lines.extend((more > 0).then(|| format!("+{more}")));
        (self.word(), lines)
    }
}

fn miss(policy: &PolicyTrace, statement: &StatementTrace) -> String {
    let (principal, resource) = statement.covers;
    let elements = [(principal, "principal"), (resource, "resource")];
    let elements = elements.into_iter().filter(|(covered, _)| !covered).map(|(_, element)| element.to_owned());
    let failing = statement.conditions.iter().filter(|condition| !condition.holds).map(condition);
    line(policy, statement, elements.chain(failing).collect())
}

fn line(policy: &PolicyTrace, statement: &StatementTrace, parts: Vec<String>) -> String {
    let level = policy.level.map(|level| format!(" level {level}")).unwrap_or_default();
    let parts = if parts.is_empty() { String::new() } else { format!("  {}", parts.join(", ")) };
    format!("{}{level}{parts}", place(policy, statement))
}

/// Operator, key, what the request had, and what is odd about it. Values are the request's, and change with ids.
fn condition(condition: &ConditionTrace) -> String {
    let had = match &condition.context {
        None => "absent",
        Some(_) if condition.has(Flag::FailedBecauseMissing) || condition.has(Flag::MatchedBecauseMissing) => "empty",
        Some(_) if condition.holds => "holds",
        Some(_) => "other-value",
    };
    let is_said = |flag: &&Flag| matches!(flag, Flag::MatchedBecauseMissing | Flag::FailedBecauseMissing);
    let flags = condition.flags.iter().filter(|flag| !is_said(flag)).map(|flag| format!(" {}", flag.code()));
    format!("{} {} {had}{}", condition.operator, plain(&condition.key), flags.collect::<String>())
}
